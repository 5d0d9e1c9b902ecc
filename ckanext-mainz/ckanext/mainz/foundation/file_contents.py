"""What the first bytes of a file say about it, against what its name says.

Refused is what can harm the person who opens it (programs, web pages in disguise) or what nobody can open (a text with
the name of a spreadsheet). What is merely misnamed, such as an Excel file called ``.csv``, gets its right name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

import magic

from ckanext.mainz.foundation.file_names import extension

#: Bytes that are looked at; libmagic knows an XLSX file from 2 kB on.
SAMPLE = 8192

PROGRAM_EXTENSIONS = frozenset(
    {
        *("apk", "appx", "bat", "bin", "cmd", "com", "cpl", "deb", "dll", "dmg", "exe", "hta", "jar", "jse", "lnk"),
        *("msi", "msp", "pif", "ps1", "reg", "rpm", "scr", "so", "vb", "vbe", "vbs", "wsf", "wsh"),
    }
)
PROGRAM_CONTENTS = frozenset(
    {
        "application/java-archive",
        "application/vnd.android.package-archive",
        "application/vnd.debian.binary-package",
        "application/vnd.microsoft.portable-executable",
        "application/x-dosexec",
        "application/x-executable",
        "application/x-mach-binary",
        "application/x-ms-shortcut",
        "application/x-msi",
        "application/x-pie-executable",
        "application/x-rpm",
        "application/x-sharedlib",
    }
)
#: A page begins like one; a table may well hold HTML in its cells, which libmagic takes for a page.
HTML_START = re.compile(
    rb"(\xef\xbb\xbf)?(\s|<\?xml[^>]*>|<!--.*?-->)*<(!doctype html|html|head|body|script)\b", re.I | re.S
)
HTML_EXTENSIONS = frozenset({"html", "htm", "xhtml", "mht"})

TEXT_EXTENSIONS = frozenset({"csv", "tsv", "txt", "json", "geojson", "xml", "kml", "gml", "rdf", "ttl", "md"})
#: Extensions whose content begins in a way of its own, with the content types that libmagic may give for it.
ZIPPED = frozenset({"application/zip", "application/octet-stream"})
BINARY_EXTENSIONS = {
    "xlsx": ZIPPED | {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    "docx": ZIPPED | {"application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    "ods": ZIPPED | {"application/vnd.oasis.opendocument.spreadsheet"},
    "odt": ZIPPED | {"application/vnd.oasis.opendocument.text"},
    "zip": None,
    "pdf": frozenset({"application/pdf"}),
    "png": frozenset({"image/png"}),
    "jpg": frozenset({"image/jpeg"}),
    "jpeg": frozenset({"image/jpeg"}),
}
#: Content that has one right extension, whatever text extension the file carries.
RIGHT_EXTENSION = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.ms-excel": "xls",
    "application/pdf": "pdf",
    "application/zip": "zip",
    "application/gzip": "gz",
    "image/png": "png",
    "image/jpeg": "jpg",
}
#: Formats that exclude each other, by the extension that proves them.
PROVEN_FORMATS = {
    "csv": ("CSV", "TSV", "TXT"),
    "tsv": ("TSV", "CSV", "TXT"),
    "xlsx": ("XLSX",),
    "xls": ("XLS",),
    "ods": ("ODS",),
    "pdf": ("PDF",),
    "docx": ("DOCX",),
    "odt": ("ODT",),
    "png": ("PNG",),
    "jpg": ("JPEG", "JPG"),
    "jpeg": ("JPEG", "JPG"),
    "geojson": ("GEOJSON", "JSON"),
}


class Problem(Enum):
    """Why a file is not taken."""

    PROGRAM = "program"
    WEB_PAGE = "web page"
    NOT_WHAT_IT_SAYS = "not what it says"


@dataclass(frozen=True)
class Examined:
    """What was found: a problem, or the extension that fits the content."""

    content_type: str
    extension: str
    problem: Problem | None = None


def examine(sample: bytes, name: str) -> Examined:
    """Compares the first bytes of a file (`SAMPLE` of them) with its name."""
    said = extension(name)
    content = magic.from_buffer(sample, mime=True)
    if said in PROGRAM_EXTENSIONS or content in PROGRAM_CONTENTS:
        return Examined(content, said, Problem.PROGRAM)
    if HTML_START.match(sample) and said not in HTML_EXTENSIONS:
        return Examined(content, said, Problem.WEB_PAGE)
    if said in BINARY_EXTENSIONS and not _fits(content, sample, said):
        return Examined(content, said, Problem.NOT_WHAT_IT_SAYS)
    return Examined(content, _right_extension(content, said))


def fitting_format(chosen: str, file_extension: str) -> str:
    """The format to keep: the chosen one, unless the file proves another; then that one.

    ``("PDF", "csv")`` gives ``CSV``; ``("SHP", "zip")`` gives ``SHP``, since a zip file may hold anything.
    """
    proven = PROVEN_FORMATS.get(file_extension)
    exclusive = {name for names in PROVEN_FORMATS.values() for name in names}
    if proven is None or chosen.upper() not in exclusive or chosen.upper() in proven:
        return chosen
    return proven[0]


def _fits(content: str, sample: bytes, said: str) -> bool:
    expected = BINARY_EXTENSIONS[said]
    if expected is None:
        return sample.startswith(b"PK")
    return content in expected and (expected.isdisjoint(ZIPPED) or sample.startswith(b"PK"))


def _right_extension(content: str, said: str) -> str:
    return RIGHT_EXTENSION.get(content, said) if said in TEXT_EXTENSIONS or not said else said
