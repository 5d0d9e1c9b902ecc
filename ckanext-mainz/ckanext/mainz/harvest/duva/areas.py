"""Where: rows of ``spatial_coverage`` from a Raumbezug, and the places that a column of a table names. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache

from ckanext.mainz.harvest.duva import known
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.vocabulary import Term

PLACES = "places"
CODE = re.compile(r"^(?:[A-Za-zÄÖÜ]{1,4}\.?\s?)?\d{1,8}[a-z]?\s*[-:–]?\s+")
FEWEST = 2


def place(text: str) -> Term | None:
    """The place that a text names, also with a code before it (``01 Altstadt``) or a slash for a hyphen."""
    plain = CODE.sub("", " ".join(text.split()))
    return vocabulary.match(PLACES, plain) or vocabulary.match(PLACES, plain.replace("/", "-").replace(" - ", "-"))


def is_division(text: str) -> bool:
    """Whether a Raumbezug says how the city is divided, and not where."""
    return known.letters(text) in known.words("places", "divisions")


def of_text(text: str, city: str) -> tuple[list[str], list[str]]:
    """URIs of the places that a Raumbezug names, and its parts that nobody knows."""
    found: list[str] = []
    unknown: list[str] = []
    for part in known.each(text):
        term = vocabulary.match(PLACES, city) if is_division(part) else place(part)
        if term:
            found.append(term.uri)
        else:
            unknown.append(part)
    return narrowed(found, city), unknown


def of_column(name: str, values: Collection[str], city: str) -> list[str]:
    """URIs of the places in a column of Stadtteile: the city itself where all of them stand there; nothing for a column
    of other things, in which a value may happen to be called like one."""
    terms = [term for one in values if (term := place(one)) and term.uri in _parts(city)]
    enough = len(terms) >= FEWEST or (len(values) == 1 and is_division(name))
    if not terms or not enough or len(terms) * 2 < len(values):
        return []
    return narrowed((one.uri for one in terms), city)


def narrowed(uris: Iterable[str], city: str) -> list[str]:
    """Each place once in the order of the list; the city instead of all its parts, and no parts beside it."""
    chosen, whole, parts = set(uris), vocabulary.match(PLACES, city), _parts(city)
    if whole and (whole.uri in chosen or (parts and parts <= chosen)):
        chosen = (chosen - parts) | {whole.uri}
    return [one.uri for one in vocabulary.terms(PLACES) if one.uri in chosen]


def level(uris: Iterable[str]) -> list[str]:
    """The level of administration of the first place that has one."""
    codes = (term.level for uri in uris if (term := vocabulary.find(PLACES, uri)) and term.level)
    term = vocabulary.match("geocoding_levels", next(codes, "")) if uris else None
    return [term.uri] if term else []


@cache
def _parts(city: str) -> frozenset[str]:
    """URIs of the parts of a city."""
    whole = vocabulary.match(PLACES, city)
    return frozenset(one.uri for one in vocabulary.terms(PLACES) if whole and one.parent == whole.uri)
