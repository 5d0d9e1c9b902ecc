"""The rules of DCAT-AP.de that a public record must keep, field by field. Pure.

They look at the effective record: what an editor left empty is already filled in as the RDF will say it. A finding
names the field, so that a form can show it there, and says what to do.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.metadata.dates import is_before, is_moment
from ckanext.mainz.metadata.iris import is_iri
from ckanext.mainz.metadata.values import is_empty, items, rows, short, text

Record = Mapping[str, Any]
Schema = Mapping[str, Any]

MISSING = N_("Please fill in this field; without it the record cannot be public.")
NOT_A_TERM = N_("“{value}” is not in the list of this field. Choose an entry of it.")
NOT_AN_ADDRESS = N_("“{value}” is not a complete web address. It must begin with https:// or http://.")
NOT_A_DATE = N_("“{value}” is not a date. Write it as 31.12.2025 or 2025-12-31.")
NO_PERIOD = N_("State the beginning or the end of the period.")
REVERSED = N_("The period ends before it begins.")
NO_NAME = N_("State a name.")
NO_WAY = N_("State an e-mail address or the address of a contact form.")
BAD_KEYWORD = N_("The keyword “{value}” cannot be passed on: it needs 2 to 100 characters and no comma.")
NO_ATTRIBUTION = N_("This licence asks to name the source. State how, or choose one that does not.")
NO_LICENSE = N_("Choose a licence of the list; without it the file is not open data.")
NO_LEGAL_BASIS = N_("A high-value dataset names the regulation (EU) 2023/138 as its legal basis. Add it.")
NO_HVD_CATEGORY = N_("The legal basis says that this is a high-value dataset. Choose its category.")
CLOSED_HVD = N_("A high-value dataset needs an open licence, such as CC BY 4.0 or the Datenlizenz Deutschland 2.0.")


@dataclass(frozen=True)
class Finding:
    """A broken rule. `resource_id` is empty where the dataset itself is meant; `position` counts its resources."""

    field: str
    message: Message
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    resource_id: str = ""
    position: int = -1

    def text(self, gettext: Callable[[str], str] = str) -> str:
        """The sentence in a language."""
        return gettext(self.message).format(**self.values)


@dataclass(frozen=True)
class Terms:
    """What the rules ask the vocabularies.

    `known(vocabulary, value)`: is it a term? `license_uri(value)`: the URI of a licence given by id or URI, empty if it
    is not in the list. `attribution(uri)`: does this licence ask to name the source?
    """

    known: Callable[[str, str], bool]
    license_uri: Callable[[str], str]
    attribution: Callable[[str], bool]


@cache
def rules() -> dict[str, Any]:
    """The lists of ``rules.yaml``."""
    return yaml.safe_load((files(__package__ or "") / "rules.yaml").read_text(encoding="utf-8"))


def findings(record: Record, schema: Schema, terms: Terms) -> list[Finding]:
    """All broken rules of an effective record; `schema` is its scheming schema."""
    return [*_of_dataset(record, schema, terms), *_of_resources(record, schema, terms)]


def _of_dataset(record: Record, schema: Schema, terms: Terms) -> Iterator[Finding]:
    yield from _mandatory(record)
    yield from _vocabularies(record, schema["dataset_fields"], terms)
    yield from _addresses(record, rules()["addresses"]["dataset"])
    yield from _days(record)
    yield from _periods(record)
    yield from _agents(record)
    yield from _contacts(record)
    yield from _keywords(record)
    yield from _license(record, terms)
    yield from _hvd(record, terms)


def _of_resources(record: Record, schema: Schema, terms: Terms) -> Iterator[Finding]:
    for position, resource in enumerate(items(record.get("resources"))):
        for found in _of_resource(resource, record, schema, terms):
            yield Finding(found.field, found.message, found.values, str(resource.get("id") or ""), position)


def _of_resource(resource: Record, record: Record, schema: Schema, terms: Terms) -> Iterator[Finding]:
    if not text(resource.get("url")) and not text(resource.get("access_url")):
        yield Finding("url", MISSING)
    yield from _vocabularies(resource, schema.get("resource_fields", ()), terms)
    yield from _addresses(resource, rules()["addresses"]["resource"])
    yield from _days(resource)
    yield from _license_of_resource(resource, record, terms)


# --- single rules --------------------------------------------------------------------------------------------------


def _mandatory(record: Record) -> Iterator[Finding]:
    for name in rules()["mandatory"].get(record.get("type") or "dataset", ()):
        if is_empty(record.get(name)):
            yield Finding("owner_org" if name == "publisher" else name, MISSING)


def _vocabularies(record: Record, fields: Iterable[Mapping[str, Any]], terms: Terms) -> Iterator[Finding]:
    """Each value of a field with a closed vocabulary is a term of it, in repeating rows as well."""
    for one in fields:
        name = one["field_name"]
        if "repeating_subfields" in one:
            for row in rows(record.get(name)):
                for found in _vocabularies(row, one["repeating_subfields"], terms):
                    yield Finding(name, found.message, found.values)
        elif one.get("vocabulary") in rules()["closed"]:
            for value in items(record.get(name)):
                if not terms.known(one["vocabulary"], str(value)):
                    yield Finding(name, NOT_A_TERM, {"value": short(value)})


def _addresses(record: Record, names: Iterable[str]) -> Iterator[Finding]:
    for name in names:
        for value in items(record.get(name)):
            if not is_iri(str(value)):
                yield Finding(name, NOT_AN_ADDRESS, {"value": short(value)})


def _days(record: Record) -> Iterator[Finding]:
    for name in rules()["days"]:
        value = text(record.get(name))
        if value and not is_moment(value):
            yield Finding(name, NOT_A_DATE, {"value": short(value)})


def _periods(record: Record) -> Iterator[Finding]:
    for name in rules()["periods"]:
        for row in rows(record.get(name)):
            yield from (Finding(name, found.message, found.values) for found in _period(row))


def _period(row: Record) -> Iterator[Finding]:
    start, end = text(row.get("start")), text(row.get("end"))
    wrong = [value for value in (start, end) if value and not is_moment(value)]
    if not start and not end:
        yield Finding("start", NO_PERIOD)
    for value in wrong:
        yield Finding("start", NOT_A_DATE, {"value": short(value)})
    if not wrong and start and end and is_before(end, start):
        yield Finding("end", REVERSED)


def _agents(record: Record) -> Iterator[Finding]:
    for name in rules()["agents"]:
        if any(not text(row.get("name")) for row in rows(record.get(name))):
            yield Finding(name, NO_NAME)


def _contacts(record: Record) -> Iterator[Finding]:
    for row in rows(record.get("contact")):
        if not any(text(row.get(way)) for way in rules()["contact_ways"]):
            yield Finding("contact", NO_WAY)


def _keywords(record: Record) -> Iterator[Finding]:
    lengths = range(rules()["keyword"]["shortest"], rules()["keyword"]["longest"] + 1)
    for tag in rows(record.get("tags")):
        word = text(tag.get("name"))
        if len(word) not in lengths or "," in word:
            yield Finding("tag_string", BAD_KEYWORD, {"value": short(word)})


def _license(record: Record, terms: Terms) -> Iterator[Finding]:
    given = text(record.get("license_id"))
    if given and not terms.license_uri(given):
        yield Finding("license_id", NO_LICENSE)
    uri = terms.license_uri(given)
    if record.get("type") == "data_service" and _lacks_attribution(uri, record, terms):
        yield Finding("license_attribution_text", NO_ATTRIBUTION)


def _license_of_resource(resource: Record, record: Record, terms: Terms) -> Iterator[Finding]:
    own = text(resource.get("license"))
    uri = terms.license_uri(own or text(record.get("license_id")))
    if own and not uri:
        yield Finding("license", NO_LICENSE)
    if _lacks_attribution(uri, resource, terms):
        yield Finding("license_attribution_text", NO_ATTRIBUTION)


def _lacks_attribution(uri: str, holder: Record, terms: Terms) -> bool:
    return bool(uri) and terms.attribution(uri) and not text(holder.get("license_attribution_text"))


def _hvd(record: Record, terms: Terms) -> Iterator[Finding]:
    """DCAT-AP HVD 3.0: category and legal basis together, an open licence, services with contact and documentation."""
    hvd = rules()["hvd"]
    laws = {*map(str, items(record.get("legal_basis"))), *map(str, items(record.get("applicable_legislation")))}
    has_category, has_law = bool(items(record.get("hvd_category"))), hvd["regulation"] in laws
    if has_category and not has_law:
        yield Finding("legal_basis", NO_LEGAL_BASIS)
    if has_law and not has_category:
        yield Finding("hvd_category", NO_HVD_CATEGORY)
    if not has_category:
        return
    if terms.license_uri(text(record.get("license_id"))) not in (*hvd["licenses"], ""):
        yield Finding("license_id", CLOSED_HVD)
    if record.get("type") == "data_service":
        yield from (Finding(name, MISSING) for name in hvd["service"] if not items(record.get(name)))
