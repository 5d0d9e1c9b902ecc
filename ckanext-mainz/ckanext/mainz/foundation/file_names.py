"""Names under which uploaded files are kept and downloaded."""

from __future__ import annotations

import re

LONGEST = 100
LONGEST_EXTENSION = 12
FALLBACK = "datei"
LONGEST_STEM = LONGEST - LONGEST_EXTENSION - len(FALLBACK) - 2
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue"})
#: Names that Windows keeps for devices, with whatever extension.
RESERVED = re.compile(r"(con|prn|aux|nul|clock\$|(com|lpt)\d)(\.|\Z)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """A file name that every system takes: ASCII, lower case, no folders, at most 100 characters.

    ``../../Übersicht 2025.CSV`` becomes ``uebersicht-2025.csv``. Never empty; the extension survives shortening.
    """
    base = re.split(r"[/\\]", name)[-1].translate(GERMAN).lower()
    stem, _dot, ending = base.rpartition(".") if "." in base else (base, "", "")
    ending = _plain(ending)[:LONGEST_EXTENSION]
    stem = _plain(stem)[:LONGEST_STEM].rstrip("-.") or FALLBACK
    return _free_of_reserved(f"{stem}.{ending}" if ending else stem)


def extension(name: str) -> str:
    """The extension without dot in lower case, empty if there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def shown_name(name: str) -> str:
    """A name for messages: what the person chose, on one line and short."""
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())[:LONGEST]


def _plain(text: str) -> str:
    return re.sub(r"-+", "-", re.sub(r"[^a-z0-9._-]", "-", text)).strip("-._")


def _free_of_reserved(name: str) -> str:
    return f"{FALLBACK}-{name}" if RESERVED.match(name) else name
