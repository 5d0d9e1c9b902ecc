"""Imprint, privacy and accessibility: Markdown files that the office writes, with defaults of the portal's.

A file is named ``<page>.<language>.md``; its first line is the title (``# Impressum``). What is still to be filled in
stands between ``⟦`` and ``⟧``. A new line in the file is a new line on the page, as an address needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ckanext.mainz.config import PAGES

from ckanext.mainz.portal import config

NAMES = ("impressum", "datenschutz", "barrierefreiheit")
LANGUAGES = ("de", "en")
LINE_END = re.compile(r"(?<=\S)\n(?=\S)")
GAP = re.compile(r"⟦\s*([^⟦⟧]+?)\s*⟧")


@dataclass(frozen=True)
class OfficePage:
    """A page of the office. `file` is the name of its file, `gaps` what is still to be filled in."""

    title: str
    text: str
    file: str
    gaps: tuple[str, ...]


def page(name: str, language: str) -> OfficePage:
    """A page in a language. Raises `FileNotFoundError` for a page that neither the office nor the portal has."""
    path = page_file(name, language)
    first, _newline, rest = path.read_text(encoding="utf-8").lstrip("\ufeff\n ").partition("\n")
    gaps = tuple(dict.fromkeys(GAP.findall(first + rest)))
    return OfficePage(first.lstrip("# ").strip(), LINE_END.sub("  \n", rest.strip()), path.name, gaps)


def page_file(name: str, language: str) -> Path:
    """The office's file of a page, else the portal's own."""
    own = config.pages_folder()
    candidates = [own / f"{name}.{language}.md"] if own else []
    return next((path for path in candidates if path.is_file()), PAGES / f"{name}.{language}.md")


def unfinished() -> Iterator[tuple[str, str]]:
    """Each gap of each page, as file name and what is to be filled in, for the operator's checks."""
    for name in NAMES:
        for language in LANGUAGES:
            found = page(name, language)
            yield from ((found.file, gap) for gap in found.gaps)
