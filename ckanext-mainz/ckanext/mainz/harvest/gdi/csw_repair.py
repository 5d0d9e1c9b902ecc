"""Mends documents that are no XML for a reason that allows one reading only.

Two faults are common in catalogues that pass foreign records on: control characters, which XML 1.0 (2.2) has no way to
write, and single records in Latin-1 or Windows-1252 within a document that says UTF-8. Everything else stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ckanext.mainz.foundation.errors import N_, ReadableError

UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")
_CONTROLS = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[0-8bcef]|1[0-9a-f]));", re.I
)
_OTHER_ENCODING = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.I)
_TEXT = re.compile(rb"[^<>]+")
#: What German metadata hold beside ASCII. A lone byte that would mean anything else is no clear case: Ã and Â, say, are
#: what is left of a character in UTF-8 that was cut in two.
_LIKELY = frozenset("ÄÖÜäöüßéèêëàáâçñóôíîúûåøæ§°²³µ½¼¾±×·«»´®©€–—„“”‘’‚…•")


@dataclass(frozen=True)
class Repaired:
    """`notes` say what was mended; without any, `data` are as they were."""

    data: bytes
    notes: tuple[ReadableError, ...] = ()


def repaired(data: bytes) -> Repaired:
    """`data` without control characters and in UTF-8 throughout, as far as there is no doubt about it."""
    if data.startswith(UTF16_MARKS) or _OTHER_ENCODING.match(data.removeprefix(b"\xef\xbb\xbf")[:200]):
        return Repaired(data)
    without, controls = _CONTROLS.subn(b"", data)
    in_utf8, texts = _in_utf8(without)
    notes = []
    if controls:
        notes.append(
            ReadableError(N_("{count} control characters, which XML does not allow, were left out."), count=controls)
        )
    if texts:
        notes.append(ReadableError(N_("{count} texts were not in UTF-8 and were read as Windows-1252."), count=texts))
    return Repaired(in_utf8, tuple(notes))


def _in_utf8(data: bytes) -> tuple[bytes, int]:
    """Each text between two tags is judged alone, since records of several origins stand side by side."""
    if _is_utf8(data):
        return data, 0
    mended = 0

    def mend(match: re.Match[bytes]) -> bytes:
        nonlocal mended
        text = match[0]
        if _is_utf8(text) or (read := _as_windows_1252(text)) is None:
            return text
        mended += 1
        return read.encode()

    return _TEXT.sub(mend, data), mended


def _as_windows_1252(text: bytes) -> str | None:
    """`text`, if nothing in it could be UTF-8 and all of it is likely in Windows-1252; else None."""
    try:
        read = text.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return read if all(sign in _LIKELY for sign in read if sign > "\x7f") else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
