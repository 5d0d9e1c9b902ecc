"""Which encoding a text file has.

The rules, in this order: byte order mark; strict UTF-8 over the *whole* file (one pass, in pieces); UTF-8 with a few
foreign bytes; and for what is left, the one-byte encoding in which the bytes beyond ASCII, seen with their
neighbours, make sense as German text. The pass also counts line ends and lines, which later steps need.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .kinds import HEAD, looks_like_utf16
from .model import Guess, NotATable, because, given

CHUNK = 1024 * 1024
"""Bytes read at once; also the longest line that is accepted."""

_MAX_CONTEXTS = 100_000
_UNDEFINED = (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d")
"""Bytes without a meaning in Windows-1252."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CANDIDATES = ("cp1252", "iso8859-15", "mac-roman", "cp850")
_NAMES = {"cp1252": "Windows-1252", "iso8859-15": "Latin-9", "mac-roman": "Mac Roman", "cp850": "DOS (850)"}
_CONTEXT = re.compile(rb"(?:(?<=(.))|\A)([\x80-\xff])(?=(.?))", re.DOTALL)
_SAME_IN_LATIN = frozenset(range(0xA0, 0x100)) - {0xA4, 0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE}
_GERMAN = frozenset("äöüÄÖÜß")
_FOREIGN = frozenset("éèêëáàâãåçñóòôõøíìîïúùûýæœšžÉÈÀÁÅÇÑÓÔØÍÎÚÆŒŠŽ")
_OPENING = frozenset("„“‚‘«»§€©®°²³µ·•–—…†½¼¾±×¹ªº¿¡£¥")


@dataclass(frozen=True)
class LineEnds:
    """How often each line end occurs."""

    crlf: int
    lf: int
    cr: int

    @property
    def total(self) -> int:
        """All line ends."""
        return self.crlf + self.lf + self.cr


@dataclass(frozen=True)
class ByteScan:
    """What one pass over the bytes tells."""

    size: int
    encoding: Guess[str]
    line_ends: LineEnds
    has_double_quote: bool
    ends_with_newline: bool
    undecodable: int = 0
    first_undecodable_line: int | None = None

    @property
    def lines(self) -> int:
        """Number of physical lines."""
        return self.line_ends.total + (0 if self.ends_with_newline else 1)


@dataclass
class _Counts:
    """What is counted while the pieces go by."""

    size: int = 0
    lf: int = 0
    cr: int = 0
    crlf: int = 0
    quotes: bool = False
    last: bytes = b""
    first_bad: int | None = None
    bad_line: int | None = None
    valid: int = 0
    invalid: int = 0
    undefined: int = 0
    contexts: Counter[tuple[bytes, bytes, bytes]] = field(default_factory=Counter)

    @property
    def decided(self) -> bool:
        """So many bytes are not UTF-8 that it cannot be UTF-8 any more, and there are contexts enough."""
        return self.invalid > _MAX_CONTEXTS and self.valid * 9 < self.invalid


def scan(path: Path, fixed: str | None) -> ByteScan:
    """Read the file once and tell its encoding, or take ``fixed``.

    Raises:
        NotATable: ``line_too_long``, ``blank``.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    marked = _marked(head)
    wide = (fixed or (marked.value if marked else "")).lower().replace("_", "-")
    if wide.startswith("utf-16") or wide.startswith("utf-32"):
        return _scan_wide(path, wide, given(fixed) if fixed else marked)
    counts = _count(path)
    return _result(counts, fixed, marked)


def _marked(head: bytes) -> Guess[str] | None:
    for mark, name in _MARKS:
        if head.startswith(mark):
            label = "UTF-8" if name == "utf-8-sig" else "UTF-16"
            return because(name, 1.0, "bom", encoding=label)
    order = looks_like_utf16(head)
    return because(order, 0.9, "utf16_nul") if order else None


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _count(path: Path) -> _Counts:
    counts = _Counts()
    strict = codecs.getincrementaldecoder("utf-8")("strict")
    for chunk in _chunks(path):
        _count_lines(counts, chunk)
        _count_utf8(counts, strict, chunk)
        counts.size += len(chunk)
        counts.last = chunk[-1:]
    _finish_utf8(counts, strict)
    return counts


def _count_lines(counts: _Counts, chunk: bytes) -> None:
    breaks_before = counts.lf + counts.cr
    crlf = chunk.count(b"\r\n") + (1 if counts.last == b"\r" and chunk[:1] == b"\n" else 0)
    counts.crlf += crlf
    counts.lf += chunk.count(b"\n")
    counts.cr += chunk.count(b"\r")
    counts.undefined += sum(chunk.count(sign) for sign in _UNDEFINED)
    counts.quotes = counts.quotes or b'"' in chunk
    if len(chunk) == CHUNK and counts.lf + counts.cr == breaks_before:
        raise NotATable("line_too_long", limit=CHUNK)


def _count_utf8(counts: _Counts, strict: codecs.IncrementalDecoder, chunk: bytes) -> None:
    """Strictly as long as it holds; from the first bad byte on, count what is valid and what is not."""
    if counts.first_bad is None:
        if chunk.isascii() and not strict.getstate()[0]:
            return
        try:
            counts.valid += _beyond_ascii(strict.decode(chunk))
        except UnicodeDecodeError as error:
            held = len(error.object) - len(chunk)
            counts.first_bad = counts.size - held + error.start
            counts.bad_line = _line_of(counts, chunk, max(0, error.start - held))
    if counts.first_bad is not None and not counts.decided:
        _count_mixed(counts, chunk)


def _line_of(counts: _Counts, chunk: bytes, offset: int) -> int:
    """Lines of the chunk are counted already, so those behind the offset are taken off again."""
    rest = chunk[offset:]
    return counts.lf + counts.cr - counts.crlf - _breaks(rest) + 1


def _breaks(data: bytes) -> int:
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _count_mixed(counts: _Counts, chunk: bytes) -> None:
    text = chunk.decode("utf-8", "surrogateescape")
    invalid = len(re.findall("[\udc80-\udcff]", text))
    counts.invalid += invalid
    counts.valid += _beyond_ascii(text) - invalid
    counts.contexts.update((m[1] or b"", m[2], m[3]) for m in _CONTEXT.finditer(chunk))


def _finish_utf8(counts: _Counts, strict: codecs.IncrementalDecoder) -> None:
    """A sequence that is cut off at the end of the file is a bad byte, too."""
    if counts.first_bad is not None:
        return
    try:
        strict.decode(b"", final=True)
    except UnicodeDecodeError as error:
        counts.first_bad = counts.size - len(error.object)
        counts.bad_line = counts.lf + counts.cr - counts.crlf + 1
        counts.invalid += len(error.object)
        counts.contexts[(b"", error.object[:1], b"")] += 1


def _beyond_ascii(text: str) -> int:
    return 0 if text.isascii() else len(re.findall(r"[^\x00-\x7f]", text))


def _result(counts: _Counts, fixed: str | None, marked: Guess[str] | None) -> ByteScan:
    encoding = given(fixed) if fixed else _choose(counts, marked)
    undecodable = _undecodable(counts, encoding.value)
    return ByteScan(
        size=counts.size,
        encoding=encoding,
        line_ends=LineEnds(counts.crlf, counts.lf - counts.crlf, counts.cr - counts.crlf),
        has_double_quote=counts.quotes,
        ends_with_newline=counts.last in (b"\n", b"\r"),
        undecodable=undecodable,
        first_undecodable_line=counts.bad_line if undecodable else None,
    )


def _choose(counts: _Counts, marked: Guess[str] | None) -> Guess[str]:
    if marked is not None:
        return marked
    if counts.first_bad is None:
        return because("utf-8", 1.0, "utf8", size=counts.size) if counts.valid else because("utf-8", 1.0, "ascii")
    if counts.valid > 9 * counts.invalid:
        return because("utf-8", 0.8, "utf8_mixed", valid=counts.valid, invalid=counts.invalid)
    return _one_byte(counts)


def _one_byte(counts: _Counts) -> Guess[str]:
    total = sum(counts.contexts.values())
    scores = {name: sum(_points(name, *seen) * n for seen, n in counts.contexts.items()) for name in _CANDIDATES}
    ranked = sorted(_CANDIDATES, key=lambda name: -scores[name])
    best, other = ranked[0], ranked[1]
    if scores[other] == scores[best] and {best, other} == {"cp1252", "iso8859-15"}:
        other = ranked[2]
        if all(seen[1][0] in _SAME_IN_LATIN for seen in counts.contexts):
            return because("cp1252", 0.95, "bytes_same", offset=counts.first_bad, count=total)
    margin = (scores[best] - scores[other]) / max(1, 2 * total)
    confidence = round(min(0.95, 0.5 + max(0.0, margin) / 2), 2)
    return because(
        best,
        confidence,
        "bytes_score",
        offset=counts.first_bad,
        encoding=_NAMES[best],
        count=total,
        score=scores[best],
        other=_NAMES[other],
        other_score=scores[other],
    )


def _points(encoding: str, before: bytes, sign: bytes, after: bytes) -> int:
    """How well a sign fits between its neighbours; a byte without a meaning weighs most."""
    char = sign.decode(encoding, "replace")
    if char == "\ufffd" or "\x80" <= char <= "\x9f":
        return -10
    left, right = before.decode(encoding, "replace"), after.decode(encoding, "replace")
    if char.isalpha():
        return _letter_points(char, left, right)
    if char not in _OPENING:
        return -1 if char in "\u00a0´’”¦¨¸¬¯" else -3
    return -3 if left.isalpha() and right.isalpha() and char not in "·–’" else 1


def _letter_points(char: str, left: str, right: str) -> int:
    inside_lower = left.islower() and left.isalpha()
    if char.isupper() and inside_lower:
        return -2
    if char in _GERMAN:
        fits = 2 if left.isalpha() or right.isalpha() else 1
        return fits + (char.isupper() and right.islower() and not left.isalpha())
    if char in _FOREIGN:
        return 1 if left.isalpha() or right.isalpha() else 0
    return -1


def _undecodable(counts: _Counts, encoding: str) -> int:
    """Bytes that the encoding gives no meaning; known for UTF-8 and, from their contexts, for the others."""
    if encoding.lower().replace("_", "-") in ("utf-8", "utf-8-sig", "utf8"):
        return counts.invalid
    if counts.first_bad is None or not _is_one_byte(encoding):
        return 0
    if encoding == "cp1252":
        return counts.undefined
    bad = {bytes([code]) for code in range(128, 256) if not _has_meaning(bytes([code]), encoding)}
    return sum(count for (_, sign, _), count in counts.contexts.items() if sign in bad)


def _is_one_byte(encoding: str) -> bool:
    return len("ä".encode(encoding, "replace")) == 1


def _has_meaning(sign: bytes, encoding: str) -> bool:
    try:
        return not "\x80" <= sign.decode(encoding) <= "\x9f"
    except UnicodeDecodeError:
        return False


def _scan_wide(path: Path, name: str, guess: Guess[str] | None) -> ByteScan:
    """UTF-16: line ends are counted in the decoded text."""
    decoder = codecs.getincrementaldecoder(name)("replace")
    counts = _Counts()
    bad = 0
    for chunk in _chunks(path):
        text = decoder.decode(chunk)
        bad += text.count("\ufffd")
        _count_lines(counts, text.encode("utf-8"))
        counts.last = text[-1:].encode("utf-8") or counts.last
        counts.size += len(chunk)
    scanned = _result(counts, None, guess)
    return ByteScan(
        scanned.size, scanned.encoding, scanned.line_ends, scanned.has_double_quote, scanned.ends_with_newline, bad
    )


def _keep(error: UnicodeError) -> tuple[str, int]:
    """Read foreign bytes as Windows-1252, or keep them as the control signs of Latin-1: nothing is lost."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    signs = []
    for code in wrong:
        try:
            signs.append(bytes([code]).decode("cp1252"))
        except UnicodeDecodeError:
            signs.append(chr(code))
    return "".join(signs), error.end


ERRORS = "mainz-keep"
"""Name of the error handler under which files are opened."""

codecs.register_error(ERRORS, _keep)
