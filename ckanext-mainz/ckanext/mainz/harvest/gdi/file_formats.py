"""The format of a file, from its address and from what the record calls it.

Formats without a code of their own become the nearest one, and their standard goes into ``conforms_to``: CityGML is
GML, CityJSON and 3D Tiles are JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.gdi.iso_shapes import Format as Named
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.tables import by_code, plain, says_nothing, table
from ckanext.mainz.metadata import formats
from ckanext.mainz.metadata.formats import Format

PACKINGS = frozenset({"ZIP", "GZIP", "TAR_GZ", "TAR", "RAR", "7Z"})
LEVEL = re.compile(r"\bLoD\s*-?\s*([0-4](?:\.\d)?)", re.IGNORECASE)
UNKNOWN = N_("The format “{value}” is not in the list and is left out.")


@dataclass(frozen=True)
class FileFormat:
    """The fields of a file's format. `label` is how people call it (``CityGML LoD2``)."""

    format: str = ""
    mimetype: str = ""
    conforms_to: tuple[str, ...] = ()
    label: str = ""


def of_file(url: str, named: Iterable[Named], texts: str, notes: Notes) -> FileFormat:
    """The format of the file at an address.

    `named` are all formats of the record, which may be those of several files: its only one counts, or the only one
    that goes with the ending. `texts` is what is said about the file, where a level of detail may stand.
    """
    known = [(one, found) for one in named if (found := find(f"{one.name} {one.version}", notes, one.name))]
    by_ending = _of_parts(url) or formats.of_address(url)
    chosen, name = _chosen(by_ending, known)
    if chosen is None:
        return FileFormat()
    level = LEVEL.search(f"{name} {texts}")
    label = name or chosen.name
    if level and not LEVEL.search(label):
        label = f"{label} LoD{level[1]}"
    standards = (chosen.standard,) if chosen.standard else ()
    return FileFormat(chosen.name, chosen.term.media_type, standards, label)


def find(text: str, notes: Notes, name: str = "") -> Format | None:
    """The format that a name means, with its version or without it; None, with a note, for one that is not known."""
    candidates = [name or text, text]
    if all(says_nothing(one) for one in candidates):
        return None
    for one in candidates:
        if found := formats.find(str(by_code("formats").get(plain(one), one))):
            return found
    if found := _of_parts(text):
        return found
    notes.left_out("format", UNKNOWN, name or text)
    return None


def _of_parts(text: str) -> Format | None:
    lower = text.casefold()
    name = next((one["name"] for one in table("codes")["format_parts"] if one["part"] in lower), "")
    return formats.find(name) if name else None


def _chosen(by_ending: Format | None, known: list[tuple[Named, Format]]) -> tuple[Format | None, str]:
    """The format of an address and the name that the record has for it."""
    if by_ending is None or by_ending.term.code in PACKINGS:
        if len(known) == 1:
            return known[0][1], known[0][0].name
        return by_ending, ""
    same = [(one, found) for one, found in known if found.term == by_ending.term]
    if len(same) == 1:
        return (same[0][1] if same[0][1].standard else by_ending), same[0][0].name
    return by_ending, ""
