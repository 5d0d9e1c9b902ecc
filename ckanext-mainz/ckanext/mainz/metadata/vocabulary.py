"""Vocabularies as data: ``schemas/vocabularies/<name>.yaml`` read once.

A file is a list of terms: ``uri``, ``de``, ``en``, and optionally what else `Term` has. A term is known by its URI, its
code, either label or another name; the URI is what records store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import yaml
from ckanext.mainz.schemas import VOCABULARIES

SCHEME = re.compile(r"https?://(www\.)?")
LISTS = ("alt", "bbox", "centroid")


@dataclass(frozen=True)
class Term:
    """One entry of a code list with its labels.

    `alt` are other names by which it is known, `parent` the URI of the term above it, `note_de` and `note_en` say in a
    sentence what it means. Terms that are not `offered` are taken from the API and from harvests, but no form shows
    them. The other fields belong to one vocabulary each:

    - licences: `open` (free use), `attribution` (whoever uses the data names the source), `url` (the licence text)
    - file types: `media_type`, `machine_readable` and `non_proprietary` as data.europa.eu sees them, and `standards`:
      names of formats without a code of their own (``CityGML``) with the address of their standard
    - sample records: `theme` (URI of the data theme), `group_de` and `group_en` (the topic that they stand under)
    - places: `bbox` (west, south, east, north) and `centroid` (longitude, latitude) in degrees, `level` (the code in
      ``geocoding_levels``)
    - checksum algorithms: `digits` (hexadecimal digits of a value; 0 where it may have any number)
    - frequencies: `days` (how many pass at most until the next update; 0 where nobody can say)
    """

    uri: str
    de: str
    en: str
    code: str = ""
    alt: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    offered: bool = True
    parent: str = ""
    note_de: str = ""
    note_en: str = ""
    open: bool = False
    attribution: bool = False
    url: str = ""
    media_type: str = ""
    machine_readable: bool = False
    non_proprietary: bool = False
    standards: Mapping[str, str] = field(default_factory=dict, hash=False)
    theme: str = ""
    group_de: str = ""
    group_en: str = ""
    bbox: tuple[float, ...] = ()
    centroid: tuple[float, ...] = ()
    level: str = ""
    digits: int = 0
    days: int = 0

    def label(self, language: str) -> str:
        """The label in a language (``de`` or ``en``); English where another is asked for."""
        return self.de if language.startswith("de") else self.en

    def note(self, language: str) -> str:
        """What the term means, in a sentence; empty where the vocabulary does not say."""
        return self.note_de if language.startswith("de") else self.note_en

    def group(self, language: str) -> str:
        """The heading that the term stands under in a list; empty where there is none."""
        return self.group_de if language.startswith("de") else self.group_en

    def is_valid(self, day: date) -> bool:
        """Whether the term is in force on a day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


def names() -> list[str]:
    """The names of all vocabularies."""
    return sorted(path.stem for path in VOCABULARIES.glob("*.yaml"))


def preload() -> None:
    """Reads all vocabularies: whoever asks first for a record's RDF need not wait half a second for it."""
    for name in names():
        _by_name(name)
        _by_uri(name)


@cache
def terms(name: str) -> tuple[Term, ...]:
    """All terms of a vocabulary in the order of its file. Raises `FileNotFoundError` for an unknown name."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = yaml.load((VOCABULARIES / f"{name}.yaml").read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return tuple(_term(entry) for entry in entries)


def _term(entry: Mapping[str, Any]) -> Term:
    return Term(**{**entry, **{key: tuple(entry[key]) for key in LISTS if key in entry}})


def find(name: str, uri: str) -> Term | None:
    """The term of a vocabulary with this URI, or None."""
    return _by_uri(name).get(uri)


def match(name: str, text: str) -> Term | None:
    """The term that a text means: its URI (``http`` or ``https``), code, label in either language or another name.

    Case, blanks, and in addresses ``www.`` and a slash at the end make no difference. None where nothing fits.
    """
    return find(name, text) or _by_name(name).get(normalised(text))


def offered(name: str) -> tuple[Term, ...]:
    """The terms that a form shows, in the order of the file."""
    return tuple(term for term in terms(name) if term.offered)


def normalised(text: str) -> str:
    """A name as it is compared."""
    plain = " ".join(text.split()).casefold()
    return SCHEME.sub("", plain).rstrip("/") if SCHEME.match(plain) else plain


@cache
def _by_uri(name: str) -> dict[str, Term]:
    return {term.uri: term for term in terms(name)}


@cache
def _by_name(name: str) -> dict[str, Term]:
    """Terms by all their names. What two terms claim belongs to the one that has it as the stronger kind of name."""
    found: dict[str, Term] = {}
    for kind in (_strongest, _labels, _others):
        for term in terms(name):
            for one in kind(term):
                found.setdefault(normalised(one), term)
    found.pop("", None)
    return found


def _strongest(term: Term) -> Iterator[str]:
    yield from (term.uri, term.code)


def _labels(term: Term) -> Iterator[str]:
    yield from (term.de, term.en)


def _others(term: Term) -> Iterator[str]:
    yield from (*term.alt, *term.standards, term.url)
