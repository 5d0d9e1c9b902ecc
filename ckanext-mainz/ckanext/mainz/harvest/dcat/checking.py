"""What is at an address: for whoever enters a source and wants to know whether it is the right one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.dcat import fetching, identifiers, mapping, paging, parts
from ckanext.mainz.harvest.dcat.finishing import Portal
from ckanext.mainz.harvest.dcat.reasons import reason_of
from ckanext.mainz.harvest.dcat.settings import DcatSettings
from ckanext.mainz.harvest.dcat.statements import Statements, as_bytes
from ckanext.mainz.harvest.dcat.walking import EMPTY
from ckanext.mainz.harvest.kinds import Candidate
from ckanext.mainz.harvest.report import Reason

#: Where catalogues lie below the address of a portal: DUVA in its versions, ckanext-dcat, and others.
PLACES = (
    *("catalog.ttl", "catalog.rdf", "catalog.jsonld", "catalog.xml", "dcat/catalog"),
    *("duva2dcat/catalog.ttl", "duva2dcat/dcat/catalog", "dcat-ap/catalog.jsonld", "dcat-ap/catalog.rdf"),
)
INSTEAD = N_("At {url} is no catalogue, but one is at {found}.")


@dataclass(frozen=True)
class Check:
    """What is at an address.

    `address`: where the catalogue is, `form`: its form of RDF (or ``CKAN``), empty where nothing was found, `count`:
    how many records the first answer has, `total`: how many there are, if it says so, `sample`: its first record as it
    would be here, `config`: options that would fit, `problems`: what was wrong.
    """

    address: str
    form: str = ""
    count: int = 0
    total: int | None = None
    sample: Candidate | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Reason, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether it gave a record that can be harvested."""
        return self.sample is not None


def check(session: Session, url: str, base_uri: str = "") -> Check:
    """Looks at one document at the address, and where it is none, at the usual places below it. Raises nothing."""
    first = _tried(url, lambda: look(session, url, base_uri))
    if first.form:
        return first
    for place in PLACES:
        other = urljoin(url if url.endswith("/") else f"{url}/", place)
        found = _tried(other, lambda at=other: look(session, at, base_uri))
        if found.sample:
            told = Reason("elsewhere", INSTEAD, {"url": url, "found": other})
            return Check(**{**vars(found), "problems": (*first.problems, told, *found.problems)})
    return first


def _tried(url: str, ask: Callable[[], Check]) -> Check:
    try:
        return ask()
    except ReadableError as error:
        return Check(url, problems=(reason_of("unreadable", error),))


def look(session: Session, url: str, base_uri: str = "") -> Check:
    """What the document at an address has. Raises `ReadableError`."""
    with fetching.fetched(session, url) as document, Statements() as statements:
        statements.load(document)
        records = list(parts.records(statements))
        step = paging.step(statements, document.url)
        sample = _sample(statements, records, Portal(DcatSettings(), identifiers.host_of(url), base_uri))
        notes = tuple(reason_of("mended", one) for one in document.notes)
        empty = () if records else (Reason("empty", EMPTY, {"url": url}),)
        return Check(url, document.form, len(records), step.total, sample, {}, (*notes, *empty))


def _sample(statements: Statements, records: list[tuple[str, str]], portal: Portal) -> Candidate | None:
    """The first record that would be taken, else the first one with the reason why it would not."""
    first: Candidate | None = None
    for subject, kind in records[:10]:
        own = parts.OWN if subject.startswith("_:") else subject
        found = mapping.candidate(as_bytes(parts.part(statements, subject, kind)), own, kind, portal)
        if found.package is not None:
            return found
        first = first or found
    return first
