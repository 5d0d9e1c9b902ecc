"""What a catalogue answers: a page of records, or an error in one of the many ways in which catalogues say it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # lxml has no type information

from ckanext.mainz.foundation.errors import N_, Message, ReadableError
from ckanext.mainz.foundation.http import Response
from ckanext.mainz.foundation.http.answers import begins_like_html
from ckanext.mainz.foundation.xml import Element, HtmlInstead, MalformedXml, XmlError, XmlLimits, parse
from ckanext.mainz.harvest.gdi.csw_repair import repaired
from ckanext.mainz.harvest.gdi.csw_requests import GMD

RECORD = f"{{{GMD}}}MD_Metadata"
LIMITS = XmlLimits()
LONGEST_TEXT = 300
_HEAD = 4096
_IDENTIFIER = ".//*[local-name()='fileIdentifier' or local-name()='identifier']"


class CswError(ReadableError):
    """An answer that is no page of records. `url` is the address that gave it."""

    def __init__(self, url: str, template: Message, **values: object) -> None:
        self.url = url
        super().__init__(template, url=url, **values)


class HtmlPage(CswError):
    """A page for people, such as a login or maintenance page."""


class OtherDocument(CswError):
    """XML, but of another kind: the address leads to another service."""


class Refusal(CswError):
    """An exception report of the catalogue (OGC 05-008, 8), whatever its HTTP status is."""

    def __init__(self, url: str, code: str, locator: str, text: str) -> None:
        self.code = code
        self.locator = locator
        super().__init__(url, N_("The catalogue {url} refuses: {text} ({code})"), text=text, code=code or "?")

    @property
    def is_about_the_end(self) -> bool:
        """Whether it says that there is no such position. GeoNetwork does, where others send an empty page."""
        return self.locator.lower() == "startposition"


class UnreadablePage(CswError):
    """A page of records that is not well-formed or breaks a limit; `error` says where."""

    def __init__(self, url: str, error: XmlError) -> None:
        self.error = error
        super().__init__(url, error.template, **{name: value for name, value in error.values.items() if name != "url"})


@dataclass(frozen=True)
class CswRecord:
    """One ``gmd:MD_Metadata`` in exclusive canonical XML (UTF-8), so that it does not depend on the page around it.

    `identifier` is its fileIdentifier without blanks around it, empty if it has none. `position` is where it stood in
    the catalogue, from 1; it may stand elsewhere tomorrow.
    """

    identifier: str
    position: int
    xml: bytes

    @property
    def name(self) -> str:
        """What it is told apart by: the identifier, or else the content."""
        return self.identifier or f"#{self.digest.hex()}"

    @property
    def digest(self) -> bytes:
        return hashlib.blake2b(self.xml, digest_size=12).digest()


@dataclass(frozen=True)
class Foreign:
    """Something that stands where a record should; `tag` is its name."""

    identifier: str
    position: int
    tag: str


@dataclass(frozen=True)
class Found:
    """A page. `size` is the number of its elements as counted here; `matched` is what the catalogue says about all."""

    matched: int | None
    size: int
    records: tuple[CswRecord, ...] = ()
    foreign: tuple[Foreign, ...] = ()
    notes: tuple[ReadableError, ...] = ()


def read_page(response: Response, position: int) -> Found:
    """The records of a GetRecords answer that was asked for from `position` on.

    Raises `Refusal`, `HtmlPage`, `OtherDocument`, `UnreadablePage`, `XmlError`, and `BadResponse` for a status that is
    no success without an explanation that could be read.
    """
    root, notes = _document(response)
    if _local(root) != "GetRecordsResponse":
        raise other_document(response.url, root)
    response.checked()
    return replace(_found(root, position), notes=notes)


def read_capabilities(response: Response) -> Element:
    """The root of a capabilities document. Raises as `read_page` does."""
    root, _notes = _document(response)
    if _local(root) != "Capabilities":
        raise other_document(response.url, root)
    response.checked()
    return root


def other_document(url: str, root: Element) -> OtherDocument:
    return OtherDocument(
        url,
        N_("{url} answers with {tag}, which is not what a CSW 2.0.2 catalogue sends. Check the address."),
        tag=_local(root)[:LONGEST_TEXT],
    )


def shortened(text: str) -> str:
    """One line that fits into a message."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else line[:LONGEST_TEXT] + "…"


def _document(response: Response) -> tuple[Element, tuple[ReadableError, ...]]:
    """The root of what came, unless that is an exception report or no XML at all."""
    try:
        root, notes = _parsed(response)
    except XmlError as error:
        raise _named(response, error) from error
    if _local(root) in ("ExceptionReport", "ServiceExceptionReport"):
        raise _refusal(response.url, root)
    return root, notes


def _parsed(response: Response) -> tuple[Element, tuple[ReadableError, ...]]:
    """Mended if, and only if, that makes it readable."""
    try:
        return parse(response.body, source=response.url, limits=LIMITS), ()
    except MalformedXml:
        mended = repaired(response.body)
        if not mended.notes:
            raise
        return parse(mended.data, source=response.url, limits=LIMITS), mended.notes


def _named(response: Response, error: XmlError) -> ReadableError:
    """What it means that a body cannot be parsed."""
    response.checked()
    if isinstance(error, HtmlInstead) or begins_like_html(response.body):
        return HtmlPage(
            response.url,
            N_(
                "{url} sends an HTML page instead of records, perhaps a login or maintenance page. Open it in a "
                "browser."
            ),
        )
    if b"GetRecordsResponse" in response.body[:_HEAD].replace(b"\0", b""):
        return UnreadablePage(response.url, error)
    return error


def _refusal(url: str, root: Element) -> Refusal:
    first = next(_descendants(root, "Exception", "ServiceException"), root)
    text = shortened(" ".join(root.itertext()))
    code, locator = (first.get(name) or "" for name in ("exceptionCode", "locator"))
    return Refusal(url, shortened(code or first.get("code") or ""), locator, text or code or "?")


def _found(root: Element, position: int) -> Found:
    results = next(_descendants(root, "SearchResults"), root)
    elements = [element for element in results if isinstance(element.tag, str) and element.tag is not None]
    if results is root:
        elements = [element for element in elements if _local(element) != "SearchStatus"]
    records: list[CswRecord] = []
    foreign: list[Foreign] = []
    for number, element in enumerate(elements, start=position):
        inside = _records_in(element)
        records.extend(_record(one, number) for one in inside)
        if not inside:
            foreign.append(Foreign(_identifier(element), number, _local(element)[:LONGEST_TEXT]))
    return Found(_number(results.get("numberOfRecordsMatched")), len(elements), tuple(records), tuple(foreign))


def _records_in(element: Element) -> list[Element]:
    """The element itself, or what it wraps: some catalogues put an envelope around each record."""
    return [element] if element.tag == RECORD else list(element.iterchildren(RECORD))


def _record(element: Element, position: int) -> CswRecord:
    first = element.find(f"{{{GMD}}}fileIdentifier")
    identifier = "" if first is None else _text(first)
    return CswRecord(identifier, position, _canonical(element))


def _canonical(element: Element) -> bytes:
    try:
        return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)
    except etree.C14NError:  # refused for namespaces that are relative addresses, which XML as such allows
        return etree.tostring(element, encoding="UTF-8", xml_declaration=False, with_tail=False)


def _identifier(element: Element) -> str:
    return next((text for found in element.xpath(_IDENTIFIER) if (text := _text(found))), "")


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()


def _number(text: str | None) -> int | None:
    try:
        number = int(text or "")
    except ValueError:
        return None
    return number if number >= 0 else None


def _descendants(root: Element, *names: str) -> Iterator[Element]:
    return (element for element in root.iter("{*}*") if _local(element) in names)


def _local(element: Element) -> str:
    return etree.QName(element).localname
