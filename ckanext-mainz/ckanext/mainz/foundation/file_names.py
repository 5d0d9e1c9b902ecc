"""Names under which uploaded files are kept and downloaded."""

from __future__ import annotations

import re

LONGEST = 100
LONGEST_EXTENSION = 12
FALLBACK = "datei"
LONGEST_STEM = LONGEST - LONGEST_EXTENSION - 1
GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "ae", "Ö": "oe", "Ü": "ue"})
#: Names that Windows keeps for devices, with whatever extension.
RESERVED = re.compile(r"(con|prn|aux|nul|clock\$|(com|lpt)\d)(\.|\Z)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """A file name that every system takes: ASCII, lower case, no folders, at most 100 characters.

    ``../../Übersicht 2025.CSV`` becomes ``uebersicht-2025.csv``. Never empty; the extension survives shortening.
    """
    base = _plain(re.split(r"[/\\]", name)[-1].translate(GERMAN).lower())
    stem, _dot, ending = base.rpartition(".") if "." in base else (base, "", "")
    stem = _free_of_reserved(stem.strip("-._") or FALLBACK)[:LONGEST_STEM].rstrip("-._")
    ending = ending[:LONGEST_EXTENSION].rstrip("-_")
    return f"{stem}.{ending}" if ending else stem


def extension(name: str) -> str:
    """The extension without dot in lower case, empty if there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def shown_name(name: str) -> str:
    """A name for messages: what the person chose, on one line and short."""
    return " ".join("".join(char if char.isprintable() else " " for char in name).split())[:LONGEST]


def _plain(text: str) -> str:
    hyphened = re.sub(r"-+", "-", re.sub(r"[^a-z0-9._-]", "-", text))
    return re.sub(r"[-_]*\.[-._]*", ".", hyphened).rstrip("-._")


def _free_of_reserved(stem: str) -> str:
    return f"{FALLBACK}-{stem}" if RESERVED.match(stem) else stem
