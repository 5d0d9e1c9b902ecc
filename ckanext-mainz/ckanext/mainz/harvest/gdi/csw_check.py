"""What is at an address: for whoever enters a source and wants to know whether it is the right one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.foundation.xml import Element
from ckanext.mainz.harvest.gdi.csw_answers import CswRecord, Found, read_capabilities, shortened
from ckanext.mainz.harvest.gdi.csw_dialogue import FAILURES, Dialogue
from ckanext.mainz.harvest.gdi.csw_requests import CswSource, Form, Query, capabilities_address

HITS = Query(position=1, size=1, hits=True)
ONE = Query(position=1, size=1)
_Got = TypeVar("_Got")


@dataclass(frozen=True)
class Capabilities:
    """What a catalogue says about itself; `max_page` is None if it says none, `advertised` is its address for POST."""

    title: str
    operations: tuple[str, ...]
    output_schemas: tuple[str, ...]
    max_page: int | None
    advertised: str


@dataclass(frozen=True)
class Check:
    """What is at an address. `address` is where requests go in the end, `form` how they have to be written.

    What could not be found out is None, and `problems` say why.
    """

    address: str
    form: Form
    capabilities: Capabilities | None
    matched: int | None
    sample: CswRecord | None
    requests: int
    problems: tuple[ReadableError, ...]

    @property
    def is_usable(self) -> bool:
        """Whether it gave a record that can be harvested."""
        return self.sample is not None


def check(session: Session, url: str) -> Check:
    """Asks the catalogue at `url` for its capabilities, the number of its records and one of them. Raises nothing."""
    return _Checking(Dialogue(session, CswSource(url))).result()


class _Checking:
    def __init__(self, dialogue: Dialogue) -> None:
        self._dialogue = dialogue
        self._problems: list[ReadableError] = []

    def result(self) -> Check:
        capabilities = self._tried(self._capabilities)
        notes = self._tried(self._dialogue.agree)
        found = self._tried(lambda: self._dialogue.ask(ONE)) if notes is not None else None
        hits = self._tried(lambda: self._dialogue.ask(HITS)) if found else None
        self._problems.extend(notes or ())
        self._look_at_address(capabilities)
        return Check(
            address=self._dialogue.address,
            form=self._dialogue.form,
            capabilities=capabilities,
            matched=_matched(hits, found),
            sample=found.records[0] if found and found.records else None,
            requests=self._dialogue.requests,
            problems=tuple(self._problems),
        )

    def _tried(self, ask: Callable[[], _Got]) -> _Got | None:
        try:
            return ask()
        except FAILURES as error:
            self._problems.append(error)
            return None

    def _capabilities(self) -> Capabilities:
        response = self._dialogue.get(capabilities_address(self._dialogue.address))
        return read_from(read_capabilities(response))

    def _look_at_address(self, capabilities: Capabilities | None) -> None:
        """That another address is advertised is common behind a proxy, and nothing to follow."""
        if not capabilities or not capabilities.advertised:
            return
        if _place(capabilities.advertised) != _place(self._dialogue.address):
            self._problems.append(
                ReadableError(
                    N_("The catalogue says that its address is {advertised}. The address that was entered is used."),
                    advertised=capabilities.advertised,
                )
            )


def read_from(root: Element) -> Capabilities:
    """What the root of a capabilities document tells, whatever version of OWS Common it is written in."""
    return Capabilities(
        title=shortened(_first(root, "//*[local-name()='ServiceIdentification']/*[local-name()='Title']//text()")),
        operations=_texts(root, "//*[local-name()='Operation']/@name"),
        output_schemas=_texts(root, _parameter("outputschema")),
        max_page=_number(_first(root, _constraint("maxrecorddefault"))),
        advertised=_first(root, f"{_GET_RECORDS}//*[local-name()='Post']/@*[local-name()='href']"),
    )


_GET_RECORDS = "//*[local-name()='Operation'][@name='GetRecords']"
_LOWER = "translate(@name, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"


def _parameter(name: str) -> str:
    return f"{_GET_RECORDS}/*[local-name()='Parameter'][{_LOWER}='{name}']//*[local-name()='Value']/text()"


def _constraint(name: str) -> str:
    value = "*[local-name()='Value' or local-name()='DefaultValue']"
    return f"//*[local-name()='Constraint'][{_LOWER}='{name}']//{value}/text()"


def _texts(root: Element, path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(shortened(str(text)) for text in root.xpath(path) if str(text).strip()))


def _first(root: Element, path: str) -> str:
    return next(iter(_texts(root, path)), "")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() else None


def _matched(*pages: Found | None) -> int | None:
    return next((page.matched for page in pages if page and page.matched is not None), None)


def _place(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", address
    return parts.scheme, parts.netloc
