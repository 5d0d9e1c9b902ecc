"""What kind of file it is, told by its first bytes: text, a workbook, or something that is refused."""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path

from .model import Guess, NotATable, because

HEAD = 4096
"""Bytes that tell the kind."""

ARCHIVE_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    KeyError,
    ValueError,
)
"""What ``zipfile`` raises for damaged archives."""

_JSON_LIMIT = 64 * 1024 * 1024


class FileKind(StrEnum):
    """The kinds that can be read."""

    TEXT = "text"
    XLSX = "xlsx"
    ODS = "ods"
    XLSB = "xlsb"
    XLS = "xls"


_SIGNATURES: tuple[tuple[bytes, str, dict[str, str]], ...] = (
    (b"%PDF-", "pdf", {}),
    (b"\x89PNG\r\n\x1a\n", "image", {"format": "PNG"}),
    (b"\xff\xd8\xff", "image", {"format": "JPEG"}),
    (b"GIF87a", "image", {"format": "GIF"}),
    (b"GIF89a", "image", {"format": "GIF"}),
    (b"II*\x00", "image", {"format": "TIFF"}),
    (b"MM\x00*", "image", {"format": "TIFF"}),
    (b"\x1f\x8b", "archive", {"format": "gzip"}),
    (b"BZh", "archive", {"format": "bzip2"}),
    (b"\xfd7zXZ\x00", "archive", {"format": "xz"}),
    (b"7z\xbc\xaf\x27\x1c", "archive", {"format": "7z"}),
    (b"Rar!\x1a\x07", "archive", {"format": "rar"}),
    (b"{\\rtf", "rtf", {}),
    (b"PAR1", "document", {"format": "Parquet file"}),
    (b"SQLite format 3\x00", "document", {"format": "SQLite database"}),
    (b"%!PS", "document", {"format": "PostScript file"}),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNICODE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")
_PARTS: tuple[tuple[str, FileKind], ...] = (("xl/workbook.xml", FileKind.XLSX), ("xl/workbook.bin", FileKind.XLSB))
_ODS_TYPES = (
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet-template",
)


def kind_of(path: Path) -> Guess[FileKind]:
    """Tell the kind of the file.

    Raises:
        NotATable: for what is no table.
        OSError: if the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise NotATable("empty")
    _refuse_signature(head)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _archive_kind(path)
    if head.startswith(_OLE):
        return _ole_kind(path)
    _refuse_binary(head)
    _refuse_markup(head)
    _refuse_json(path, head)
    return because(FileKind.TEXT, 1.0, "kind_text")


def _refuse_signature(head: bytes) -> None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise NotATable("image", format="WebP")
    for signature, code, parameters in _SIGNATURES:
        if head.startswith(signature):
            raise NotATable(code, **parameters)


def _archive_kind(path: Path) -> Guess[FileKind]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mime = archive.read("mimetype")[:100].decode("ascii", "replace").strip() if "mimetype" in names else ""
    except ARCHIVE_ERRORS as error:
        raise NotATable("broken_workbook", detail=str(error)) from error
    for part, kind in _PARTS:
        if part in names:
            return because(kind, 1.0, "kind_workbook", part=part)
    if mime in _ODS_TYPES and "content.xml" in names:
        return because(FileKind.ODS, 1.0, "kind_workbook", part="content.xml")
    raise NotATable("zip_no_workbook")


def _ole_kind(path: Path) -> Guess[FileKind]:
    """Streams of an OLE file are named in UTF-16; the names lie in its directory, so a plain search finds them."""
    size = path.stat().st_size
    with path.open("rb") as file:
        data = file.read(min(size, 64 * 1024 * 1024))
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise NotATable("encrypted")
    if any(f"{name}\0".encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return because(FileKind.XLS, 1.0, "kind_ole")
    raise NotATable("document", format="Microsoft Office document")


def _refuse_binary(head: bytes) -> None:
    if head.startswith(_UNICODE_MARKS) or looks_like_utf16(head):
        return
    controls = len(re.findall(rb"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]", head))
    if b"\x00" in head or controls > max(2, len(head) // 200):
        raise NotATable("binary")


def looks_like_utf16(head: bytes) -> str | None:
    """The byte order of UTF-16 text that has no mark, told by the zero bytes of ASCII signs; None if it is not."""
    pairs = len(head) // 2
    if pairs < 4:
        return None
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > pairs * 0.5 and even < pairs * 0.05:
        return "utf-16-le"
    if even > pairs * 0.5 and odd < pairs * 0.05:
        return "utf-16-be"
    return None


def _plain_start(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").lstrip()
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()


def _refuse_markup(head: bytes) -> None:
    start = _plain_start(head).lower()
    if not start.startswith("<"):
        return
    if re.match(
        r"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype html|html|head|body|table|div|script|meta|p\b)", start, re.S
    ):
        login = re.search(r"type\s*=\s*[\"']?password|\blog-?in\b|anmeld", start)
        raise NotATable("login_page" if login else "html")
    if re.match(r"<(\?xml|!doctype|[a-z_][\w:.-]*(\s[^<>]*)?>)", start):
        raise NotATable("xml")


def _refuse_json(path: Path, head: bytes) -> None:
    start = _plain_start(head)
    if not re.match(r"[\[{]\s*([\"{\[\]}\d-]|true|false|null)", start):
        return
    first_line = start.splitlines()[0]
    if (
        _is_json(first_line)
        or path.stat().st_size > _JSON_LIMIT
        or _is_json(path.read_bytes().decode("utf-8-sig", "replace"))
    ):
        raise NotATable("json")
    if start.startswith("{") and re.match(r'\{\s*"[^"]*"\s*:', start):
        raise NotATable("json")


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False
