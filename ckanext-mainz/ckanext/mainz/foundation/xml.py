"""The one parser for XML from outside: no entities, no document type, no network, nothing endless.

Every document type declaration is refused before the parser sees it, because all known bombs and leaks of XML
(entities that multiply, external files, parameter entities, default attributes) need one, and no format that we read
does. XInclude is not performed: the parser leaves its elements as they are. Depth is limited by libxml2 (256) and by
`XmlLimits`; single texts to ten million characters by libxml2.

    record = parse(response.body, source=response.url)
    for record in iterparse(file, "{http://www.isotc211.org/2005/gmd}MD_Metadata", source=url): …

`refuse_doctype` gives the same protection to other parsers, such as rdflib's for RDF/XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]  # lxml has no type information

from ckanext.mainz.foundation.errors import N_, Message, ReadableError

if TYPE_CHECKING:
    Element: TypeAlias = Any
else:
    Element = etree._Element

BLOCK = 64 * 1024
LONGEST_PROLOG = 64 * 1024
PARSER_DEPTH = 256
_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "dtd_validation": False,
    "attribute_defaults": False,
    "no_network": True,
    "huge_tree": False,
    "recover": False,
    "remove_comments": True,
    "remove_pis": True,
}
# In these the bytes below 128 mean ASCII, so the prolog can be read without decoding it.
_ASCII_LIKE = re.compile(r"utf-?8|us-ascii|ascii|iso[-_]?8859-?\d{1,2}|latin-?\d|(?:windows-|cp)125\d", re.I)
_UTF16 = re.compile(r"utf-?16(?:le|be)?|ucs-2", re.I)
_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be", b"<\x00": "utf-16-le", b"\x00<": "utf-16-be"}
_UTF8_MARK = b"\xef\xbb\xbf"
_DECLARATION = re.compile(r"<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']{1,40})[\"']")
_BLANK = re.compile(r"\s*")
_NO_CONTENT = re.compile(r"\s*(<!--|<\?)")
_ELEMENT = re.compile(r"<[^!?]")
_HTML = re.compile(r"<(?:!doctype\s+html|html)[\s>]", re.I)


@dataclass(frozen=True)
class XmlLimits:
    """`max_bytes` of a document, `max_depth` of elements in each other, and `max_nodes`: elements and attributes that
    are held at the same time (in `iterparse`: between two of the elements that are asked for), up to 240 bytes each.
    """

    max_bytes: int = 100 * 1024 * 1024
    max_depth: int = 200
    max_nodes: int = 2_000_000


DEFAULT_LIMITS = XmlLimits()


class XmlError(ReadableError):
    """A document that cannot be used. `line` counts from 1 and is 0 where it is not known."""

    def __init__(self, source: str, template: Message, line: int = 0, **values: object) -> None:
        self.source = source
        self.line = line
        super().__init__(template, source=source or "?", line=line, **values)


class MalformedXml(XmlError):
    """The document breaks the rules of XML; `reason` is the parser's own sentence, in English."""


class RefusedXml(XmlError):
    """The document is too large, too deep or has a document type declaration."""


class HtmlInstead(RefusedXml):
    """The document is an HTML page, as login and maintenance pages are."""


def parse(data: bytes, *, source: str = "", limits: XmlLimits = DEFAULT_LIMITS) -> Element:
    """The root element of `data`, without comments and processing instructions.

    `source` says in errors where the document came from. Raises `MalformedXml`, `RefusedXml`.
    """
    _refuse_size(len(data), source, limits)
    _refuse_nodes(_count_nodes(data), source, limits)
    refuse_doctype(data, source=source)
    try:
        root = etree.fromstring(data, etree.XMLParser(**_OPTIONS))
    except etree.XMLSyntaxError as error:
        raise _malformed(error, source) from error
    _refuse_tree(root, source, limits)
    return root


def iterparse(
    stream: BinaryIO, tag: str | Iterable[str], *, source: str = "", limits: XmlLimits = DEFAULT_LIMITS
) -> Iterator[Element]:
    """Every element called `tag` (``{namespace}name``, or several of them), complete, as `stream` is read.

    An element, and everything before it, is emptied when the next one is asked for: take out of it what is needed, and
    copy it to keep it. Raises `MalformedXml`, `RefusedXml`, also after some elements: those were not the whole then.
    """
    parser = etree.XMLPullParser(events=("end",), tag=tag if isinstance(tag, str) else list(tag), **_OPTIONS)
    try:
        nodes = 0
        for block in _document_blocks(stream, source, limits):
            nodes += _count_nodes(block)
            _refuse_nodes(nodes, source, limits)
            parser.feed(block)
            for element in _released(parser, source, limits):
                yield element
                nodes = 0
        parser.close()
        yield from _released(parser, source, limits)
    except etree.XMLSyntaxError as error:
        raise _malformed(error, source) from error


def refuse_doctype(data: bytes, *, source: str = "") -> None:
    """Raises `RefusedXml` if the document that begins with `data` has a document type declaration or is a web page.

    `data` must hold everything before the first element. An encoding in which that cannot be seen is refused as well,
    and what begins like no XML at all is a `MalformedXml`.
    """
    prolog = _readable_prolog(data[:LONGEST_PROLOG], source)
    start = _behind_comments(prolog)
    if _HTML.match(prolog, start):
        raise HtmlInstead(
            source,
            N_("{source} is an HTML page, not XML; perhaps a login or maintenance page. Open it in a browser."),
        )
    if prolog.startswith("<!DOCTYPE", start):
        raise _doctype(source)
    if len(data) > LONGEST_PROLOG and not _ELEMENT.match(prolog, start):
        raise RefusedXml(source, N_("{source} has no element within its first {limit} bytes."), limit=LONGEST_PROLOG)


def _doctype(source: str) -> RefusedXml:
    return RefusedXml(
        source,
        N_("{source} has a document type declaration (<!DOCTYPE …>), which is not accepted. Have it removed there."),
    )


def _readable_prolog(data: bytes, source: str) -> str:
    """`data` as text that is right as far as ASCII goes; the encoding is found as in XML 1.0, appendix F.

    What does not begin with ``<`` could be an encoding that only the parser understands, such as EBCDIC.
    """
    if b"\0\0" in data[:4]:
        raise _encoding_refused("UTF-32", source)
    text, accepted = _decoded_prolog(data)
    if not text.lstrip().startswith("<"):
        raise MalformedXml(source, N_("{source} is not XML: it does not begin with “<”."), line=1)
    declared = _DECLARATION.match(text)
    if declared and not accepted.fullmatch(declared[1].strip()):
        raise _encoding_refused(declared[1], source)
    return text


def _decoded_prolog(data: bytes) -> tuple[str, re.Pattern[str]]:
    if encoding := _UTF16_MARKS.get(data[:2]):
        return data.decode(encoding, "replace").lstrip("\ufeff"), _UTF16
    return data.removeprefix(_UTF8_MARK).decode("latin-1"), _ASCII_LIKE


def _encoding_refused(encoding: str, source: str) -> RefusedXml:
    return RefusedXml(
        source,
        N_("{source} states the encoding {encoding}, which is not accepted. Have it delivered in UTF-8."),
        encoding=encoding,
    )


def _behind_comments(prolog: str) -> int:
    """Where the first thing begins that is neither blank nor a comment nor a processing instruction."""
    position = 0
    while skipped := _NO_CONTENT.match(prolog, position):
        closing = "-->" if skipped[1] == "<!--" else "?>"
        end = prolog.find(closing, skipped.end())
        if end < 0:
            break
        position = end + len(closing)
    return _BLANK.match(prolog, position).end()  # type: ignore[union-attr]  # matches everywhere


def _document_blocks(stream: BinaryIO, source: str, limits: XmlLimits) -> Iterator[bytes]:
    """The document in blocks, after its prolog has been judged."""
    start = _filled(stream, LONGEST_PROLOG + 1)
    refuse_doctype(start, source=source)
    size = 0
    while start:
        size += len(start)
        _refuse_size(size, source, limits)
        yield start
        start = stream.read(BLOCK)


def _filled(stream: BinaryIO, size: int) -> bytes:
    """`size` bytes of a stream that may give less at a time, fewer only at its end."""
    data = b""
    while len(data) < size and (block := stream.read(size - len(data))):
        data += block
    return data


def _released(parser: Any, source: str, limits: XmlLimits) -> Iterator[Element]:
    """The elements that are complete; each is emptied, with what stands before it, when its turn is over."""
    for _event, element in parser.read_events():
        _refuse_tree(element, source, limits)
        yield element
        _forget(element)


def _forget(element: Element) -> None:
    element.clear(keep_tail=True)
    for ancestor in (element, *element.iterancestors()):
        parent = ancestor.getparent()
        while parent is not None and parent[0] is not ancestor:
            del parent[0]


def _count_nodes(data: bytes) -> int:
    """More than there are elements and attributes: every one has such a sign, in all encodings that are accepted."""
    return data.count(b"<") + data.count(b"=")


def _refuse_size(size: int, source: str, limits: XmlLimits) -> None:
    if size > limits.max_bytes:
        raise RefusedXml(source, N_("{source} has more than {limit} bytes of XML."), limit=limits.max_bytes)


def _refuse_nodes(nodes: int, source: str, limits: XmlLimits) -> None:
    if nodes > limits.max_nodes:
        raise RefusedXml(source, N_("{source} has more than {limit} elements and attributes."), limit=limits.max_nodes)


def _refuse_tree(root: Element, source: str, limits: XmlLimits) -> None:
    """What only the parser can know: how deep it goes, and, should ever a declaration have slipped through, that."""
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype(source)
    above = sum(1 for _ in root.iterancestors())
    allowed = limits.max_depth - above
    if allowed < 1 or (limits.max_depth < PARSER_DEPTH and root.xpath("boolean(." + "/*" * allowed + ")")):
        raise _too_deep(source, limits.max_depth, root.sourceline or 0)


def _too_deep(source: str, limit: int, line: int) -> RefusedXml:
    return RefusedXml(
        source,
        N_("{source}, line {line}: elements are nested more than {limit} deep, which no metadata format does."),
        line=line,
        limit=limit,
    )


def _malformed(error: Any, source: str) -> XmlError:
    line = error.lineno or 0
    if error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        return RefusedXml(
            source, N_("{source}, line {line} breaks a limit: {reason}."), line=line, reason=_reason(error)
        )
    return MalformedXml(
        source, N_("{source}, line {line} is not well-formed XML: {reason}."), line=line, reason=_reason(error)
    )


def _reason(error: Any) -> str:
    """The parser's sentence without its own position; an empty document has none."""
    return str(error.msg or "the document is empty").partition(", line ")[0].rstrip(".")
