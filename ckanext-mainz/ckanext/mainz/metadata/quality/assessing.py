"""A record of CKAN with its score, the rules that it breaks and what its links answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ckan import logic
from ckan.plugins import toolkit
from ckan.types import Context
from pyoxigraph import NamedNode, Triple

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.catalogue.records import organisations
from ckanext.mainz.metadata.dictionary import structures
from ckanext.mainz.metadata.quality import links, mqa
from ckanext.mainz.metadata.quality.findings import Finding, Terms, findings
from ckanext.mainz.metadata.rdf.effective import Effective, effective
from ckanext.mainz.metadata.rdf.problems import Problem
from ckanext.mainz.metadata.rdf.settings import rdf_settings
from ckanext.mainz.metadata.rdf.writing import describe
from ckanext.mainz.metadata.values import items, text

Record = Mapping[str, Any]
#: Kinds of records that go out as RDF; of these only datasets have a score.
TYPES = frozenset({"dataset", "dataset_series", "data_service"})
#: Fields that must be typed: what the RDF puts in their place, so that it stays legal, says nothing.
NO_STAND_IN = frozenset({"title", "notes", "license_id"})
#: Fields to which the RDF adds what follows from others.
FROM_RDF = frozenset({"legal_basis", "applicable_legislation"})
ADDRESSES = ("dcat:accessURL", "dcat:downloadURL")


@dataclass(frozen=True)
class Assessment:
    """What was found of a record.

    `foreign` are its addresses that are not ours, `links` has what is known of them; `problems` are values that RDF
    leaves out or mends. Only `findings` keep a record from being public.
    """

    record: Record
    score: mqa.Score
    findings: tuple[Finding, ...]
    links: Mapping[str, links.Answer]
    foreign: frozenset[str]
    problems: tuple[Problem, ...]


def stored(package_id: str) -> dict[str, Any]:
    """A record as the database has it now, in the present transaction. Raises `toolkit.ObjectNotFound`."""
    _by_ckan, record = logic.package_show_default_and_custom_schemas(Context(ignore_auth=True), package_id)
    return record


def assess(record: Record) -> Assessment:
    """The assessment of a record as ``package_show`` gives it."""
    rendered = _render(record)
    broken = tuple(findings(rendered.filled, _schema(record), TERMS))
    foreign = frozenset(_foreign(rendered))
    answers = links.known(foreign)
    surroundings = mqa.Surroundings(_known, _flag, partial(_reach, answers), compliant=not broken)
    score = mqa.score(rendered.triples, rendered.iri, surroundings)
    return Assessment(record, score, broken, answers, foreign, rendered.problems)


def addresses(record: Record) -> Iterable[str]:
    """The addresses of a record that are not ours."""
    return _foreign(_render(record))


def has_tables(record: Record) -> bool:
    """Whether a record has uploaded files that may be tables."""
    return any(structures.is_table(resource) for resource in record.get("resources") or ())


def given_out(record: Record) -> dict[str, Any]:
    """The record as its RDF says it: what its editor left empty is filled in, what RDF cannot say is left out."""
    return _joined(record, _effective(record).record)


@dataclass(frozen=True)
class _Rendered:
    """A record as it leaves the house. `filled` has what its editor gave, else what is filled in."""

    iri: str
    filled: dict[str, Any]
    triples: Sequence[Triple]
    problems: tuple[Problem, ...]


def _render(record: Record) -> _Rendered:
    found = _effective(record)
    described = describe(found.record, rdf_settings())
    return _Rendered(described.uri, _filled(record, found.record), described.triples, found.problems)


def _effective(record: Record) -> Effective:
    """Links to other records count as if those were public: whether they are is not a matter of this one's quality."""
    return effective(record, _organisation(record), rdf_settings(), is_public=lambda _id: True)


def _organisation(record: Record) -> Record | None:
    owner = record.get("owner_org")
    return organisations([owner]).get(owner) if owner else None


def _filled(record: Record, effective: Record) -> dict[str, Any]:
    """For the rules: what was typed is judged as it was typed, and stand-ins of the RDF are no excuse."""
    given = {name: value for name, value in record.items() if items(value) and name not in FROM_RDF}
    resources = zip(items(record.get("resources")), items(effective.get("resources")), strict=True)
    return {
        **{name: value for name, value in effective.items() if name not in NO_STAND_IN},
        **given,
        "license_id": text(record.get("license_id")) or _default_license(record),
        "resources": [_filled_resource(one, other) for one, other in resources],
    }


def _filled_resource(resource: Record, effective: Record) -> dict[str, Any]:
    given = {name: value for name, value in resource.items() if items(value)}
    stand_ins = {"url", "access_url", "license"}
    return {**{name: value for name, value in effective.items() if name not in stand_ins}, **given}


def _default_license(record: Record) -> str:
    return text((_organisation(record) or {}).get("default_license"))


def _joined(record: Record, effective: Record) -> dict[str, Any]:
    pairs = zip(items(record.get("resources")), items(effective.get("resources")), strict=True)
    return {**record, **effective, "resources": [{**one, **other} for one, other in pairs]}


def _schema(record: Record) -> Mapping[str, Any]:
    return toolkit.h.scheming_get_dataset_schema(record.get("type") or "dataset") or {"dataset_fields": []}


def _foreign(rendered: _Rendered) -> Iterator[str]:
    graph = mqa.Graph(rendered.triples)
    for distribution in graph.values(NamedNode(rendered.iri), "dcat:distribution"):
        for name in ADDRESSES:
            yield from (node.value for node in graph.values(distribution, name) if not _is_ours(node.value))


def _is_ours(url: str) -> bool:
    return url.startswith(toolkit.config["ckan.site_url"].rstrip("/") + "/")


def _reach(answers: Mapping[str, links.Answer], url: str) -> mqa.State:
    if _is_ours(url):
        return mqa.State.MET
    return answers[url].state if url in answers else mqa.State.UNKNOWN


def _known(name: str, value: str) -> bool:
    """Whether a value is a term; formats are stored under their label, everything else under its URI."""
    term = vocabulary.match(name, value) if name == "file_types" else vocabulary.find(name, value)
    return term is not None


def _flag(uri: str, name: str) -> bool:
    term = vocabulary.find("file_types", uri)
    return bool(term and {"machine_readable": term.machine_readable, "non_proprietary": term.non_proprietary}[name])


def _license_uri(value: str) -> str:
    term = vocabulary.match("licenses", value) if value else None
    return term.uri if term else ""


def _asks_for_attribution(uri: str) -> bool:
    term = vocabulary.find("licenses", uri)
    return bool(term and term.attribution)


TERMS = Terms(_known, _license_uri, _asks_for_attribution)
