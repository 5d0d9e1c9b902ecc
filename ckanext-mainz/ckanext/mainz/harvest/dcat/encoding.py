"""A document as UTF-8, which all parsers of RDF want, whatever it came in.

Mended is what allows one reading only: an encoding that the document states, UTF-16 with its mark, and texts in
Windows-1252 (with Latin-1 in it) where nothing in them could be UTF-8. All else is refused: a guess would spoil names.
"""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.harvest.gdi.csw_repair import repaired
from ckanext.mainz.metadata.rdf import RdfError

BLOCK = 1024 * 1024
MOST_MENDED = 50 * BLOCK
MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
DECLARED = re.compile(rb"(\s*<\?xml\s[^>]*?encoding\s*=\s*[\"'])([\w.:-]{1,40})([\"'])")
UTF8 = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
#: Who says Latin-1 means this one (WHATWG's Encoding, 4.2).
WESTERN = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1", "windows-1252", "cp1252"})
READ_AS = N_("The catalogue came in {encoding} and was read as that.")
NOT_UTF8 = N_(
    "{source} is not in UTF-8, and in no other encoding that could be told for certain. Have it delivered in UTF-8."
)
NOT_AS_SAID = N_("{source} says that it is in {encoding}, and is not. Have it delivered in UTF-8.")


def as_utf8(file: BinaryIO, source: str = "") -> tuple[BinaryIO, list[ReadableError]]:
    """The document in UTF-8, at its start, and what was mended. Raises `RdfError`."""
    file.seek(0)
    start = file.read(4096)
    stated = MARKS.get(start[:2]) or _declared(start)
    if stated is None and start[:1] and b"\x00" in start[:2]:
        raise RdfError(source, NOT_UTF8)
    if _is_utf8(file) and stated not in MARKS.values():
        return (file if stated is None else _with_own_declaration(file)), []
    if stated:
        return _recoded(file, stated, source), [ReadableError(READ_AS, encoding=stated)]
    return _mended(file, source)


def _declared(start: bytes) -> str | None:
    """The encoding that an XML document states, unless that is UTF-8."""
    found = DECLARED.match(start.removeprefix(codecs.BOM_UTF8))
    name = found[2].decode("ascii").lower() if found else ""
    return name if name and name not in UTF8 else None


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in _blocks(file):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _recoded(file: BinaryIO, stated: str, source: str) -> BinaryIO:
    try:
        decoder = codecs.getincrementaldecoder("cp1252" if stated in WESTERN else stated)()
        with_own = tempfile.TemporaryFile(prefix="mainz-harvest-")  # noqa: SIM115 - closed with the document
        for block in _blocks(file):
            with_own.write(decoder.decode(block).encode("utf-8"))
        with_own.write(decoder.decode(b"", final=True).encode("utf-8"))
    except (LookupError, UnicodeError) as error:
        raise RdfError(source, NOT_AS_SAID, encoding=stated) from error
    return _with_own_declaration(with_own)


def _with_own_declaration(file: BinaryIO) -> BinaryIO:
    """The document with its declaration made true: another encoding of the same length is overwritten by blanks."""
    file.seek(0)
    start = file.read(4096)
    mark = codecs.BOM_UTF8 if start.startswith(codecs.BOM_UTF8) else b""
    found = DECLARED.match(start, len(mark))
    if found and found[2].lower() not in (b"utf-8", b"utf8"):
        begin, end = found.span(0)
        file.seek(begin)
        file.write(b'<?xml version="1.0"'.ljust(end - begin))
    file.seek(0)
    return file


def _mended(file: BinaryIO, source: str) -> tuple[BinaryIO, list[ReadableError]]:
    data = file.read(MOST_MENDED + 1)
    mended = repaired(data) if len(data) <= MOST_MENDED else None
    try:
        text = mended.data.decode("utf-8") if mended else ""
    except UnicodeDecodeError as error:
        raise RdfError(source, NOT_UTF8) from error
    if not mended:
        raise RdfError(source, NOT_UTF8)
    made = tempfile.TemporaryFile(prefix="mainz-harvest-")  # noqa: SIM115 - closed with the document
    made.write(text.encode("utf-8"))
    made.seek(0)
    return made, list(mended.notes)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(BLOCK):
        yield block
