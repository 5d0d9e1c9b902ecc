"""Under which licence the data are, as the record says it, and whom to name.

The order of evidence: the id in a JSON text of the constraints (convention of GDI-DE), its address, an Anchor, an
address in a text, a text ``Lizenz: <id> – …``, and the licence that the settings give for the source. A licence is
never guessed: one that the list does not know, or two that differ, are none, and the record waits for somebody.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.iso_shapes import Anchored
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.prose import one_line, paragraphs, prose, shortened
from ckanext.mainz.harvest.gdi.settings import GdiSettings
from ckanext.mainz.harvest.gdi.tables import by_code, letters, plain, says_nothing, table
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.vocabulary import Term

FIELD = "license_id"
DECODER = json.JSONDecoder(strict=False)
STRAIGHT = str.maketrans("„“”", '"""')
LAST_COMMA = re.compile(r",\s*}")
ADDRESS = re.compile(r"https?://[^\s\"'<>„“”]+", re.ASCII)
NAMED = re.compile(r"\bLizenz:\s*(\S+?)\s+[-–—]\s", re.IGNORECASE)
SOURCE = re.compile(r"Quellenvermerk:\s*(.+?)\s*\Z", re.IGNORECASE | re.DOTALL)
DEED = re.compile(r"(?:deed|legalcode)(?:\.[a-z]{2})?\Z|[.,;)\]]+\Z")
MOST_JSON = 10_000
UNKNOWN = N_("The licence “{value}” is not in the list. Have it corrected in the catalogue, or give the licence here.")
SEVERAL = N_("The record names several licences ({value}). Decide which one holds.")
BY_DEFAULT = N_("The record names no licence; “{used}” holds for everything from this source.")
NO_SOURCE = N_("The licence asks to name the source, and the record does not say how.")


@dataclass(frozen=True)
class Licence:
    """A licence of the list, None where there is none, and how to name the source, which may be empty."""

    term: Term | None = None
    attribution: str = ""

    @property
    def is_open(self) -> bool:
        """Whether everybody may use the data for any purpose."""
        return self.term is not None and self.term.open


def named(record: IsoRecord, notes: Notes) -> Licence:
    """The licence that a record names; `notes` says what was wrong with it. Whom to name may be said without one."""
    given = [*_texts(record)]
    chosen, attribution = _chosen(given, notes), _attribution(given)
    if chosen and chosen.attribution and not attribution:
        notes.left_out("license_attribution_text", NO_SOURCE)
    return Licence(chosen, attribution)


def licence(record: IsoRecord, settings: GdiSettings, notes: Notes) -> Licence:
    """The licence that a record names, else the one that the settings give for a record that names none."""
    found = named(record, notes)
    default = vocabulary.match("licenses", settings.default_license) if settings.default_license else None
    if found.term or default is None or is_contradictory(notes):
        return found
    notes.mended(FIELD, BY_DEFAULT, "", default.de)
    return Licence(default, found.attribution)


def is_contradictory(notes: Notes) -> bool:
    """Whether the record contradicts itself: then no default holds."""
    return any(one.message == SEVERAL for one in notes.problems)


def find(text: str) -> Term | None:
    """The licence that an id, an address or a name means, in any of the spellings of catalogues."""
    tidy = " ".join(text.split())
    name = DEED.sub("", tidy)
    known = by_code("licenses").get(name.casefold(), name)
    return vocabulary.match("licenses", known) or vocabulary.match("licenses", tidy)


def rights(record: IsoRecord) -> str:
    """Terms of use in words: what else the constraints say, without the licence and what says nothing."""
    found = [one for text in _texts(record) if (one := _rest(text.text)) and not _is_licence_again(text.text)]
    return paragraphs(*found, between="\n")


def access_right(record: IsoRecord) -> str:
    """The URI of the access right that an Anchor of INSPIRE's LimitationsOnPublicAccess means; empty without one."""
    codes = table("codes")["access"]
    for href in (one.href for constraint in record.constraints for one in constraint.others if one.href):
        last = href.rstrip("/").rpartition("/")[2]
        code = next((right for start, right in codes.items() if last.casefold().startswith(start.casefold())), "")
        if "LimitationsOnPublicAccess".casefold() in href.casefold() and code:
            term = vocabulary.match("access_rights", code)
            return term.uri if term else ""
    return ""


def _texts(record: IsoRecord) -> Iterator[Anchored]:
    """The constraints that can hold terms of use; those of security cannot."""
    for one in record.constraints:
        if not one.security:
            yield from (*one.others, *one.limitations)


# --- evidence --------------------------------------------------------------------------------------------------------


def _chosen(given: list[Anchored], notes: Notes) -> Term | None:
    """The licence of the strongest kind of evidence that names one. Ids that are unknown do not end the search, because
    the address beside them may be known."""
    unknown: list[str] = []
    for kind in EVIDENCE:
        names = [*dict.fromkeys(name for text in given for name in kind(text) if not says_nothing(name))]
        terms = {term.uri: term for name in names if (term := find(name))}
        if len(terms) > 1:
            notes.left_out(FIELD, SEVERAL, ", ".join(term.de for term in terms.values()))
            return None
        if terms:
            return next(iter(terms.values()))
        unknown += names if kind in SAYS_LICENCE else []
    for name in unknown:
        notes.left_out(FIELD, UNKNOWN, name)
    return None


def _ids(text: Anchored) -> Iterator[str]:
    yield from _of_json(text.text, "id")


def _urls(text: Anchored) -> Iterator[str]:
    yield from _of_json(text.text, "url")


def _anchors(text: Anchored) -> Iterator[str]:
    if text.href and find(text.href):
        yield text.href


def _addresses(text: Anchored) -> Iterator[str]:
    """Addresses in words; not those in JSON, which have been read, and only those of licences."""
    yield from (one for one in ADDRESS.findall(_outside(text.text)) if find(one))


def _names(text: Anchored) -> Iterator[str]:
    yield from NAMED.findall(_outside(text.text))


EVIDENCE: tuple[Callable[[Anchored], Iterator[str]], ...] = (_ids, _urls, _anchors, _addresses, _names)
SAYS_LICENCE = (_ids, _names)


def _of_json(text: str, key: str) -> Iterator[str]:
    value = _json(text)[0].get(key)
    if isinstance(value, str) and value.strip():
        yield value.strip()


@lru_cache(maxsize=256)
def _json(text: str) -> tuple[Mapping[str, Any], str]:
    """The object in a text, and the text around it. Prose may stand there, and some programs escape or decorate it."""
    if "{" not in text or len(text) > MOST_JSON:
        return {}, text.strip()
    for reading in (text, html.unescape(text), LAST_COMMA.sub("}", text.translate(STRAIGHT))):
        begin = reading.find("{")
        try:
            found, end = DECODER.raw_decode(reading, begin)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found, f"{reading[:begin]} {reading[end:]}".strip()
    return {}, text.strip()


def _outside(text: str) -> str:
    """A text without the JSON in it."""
    return _json(text)[1]


# --- words -----------------------------------------------------------------------------------------------------------


def _attribution(given: Iterable[Anchored]) -> str:
    """Whom to name, as the JSON says it, else the text of Mapbender; never its mark that nobody has said it."""
    texts = [one.text for one in given]
    notes = [*(note for text in texts for note in _of_json(text, "quelle"))]
    notes += [found[1] for text in texts if (found := SOURCE.search(_outside(text)))]
    usable = (one_line(note) for note in notes if not _is_no_note(note))
    return next((shortened(note) for note in usable if note), "")


def _is_no_note(note: str) -> bool:
    return says_nothing(note) or plain(note).startswith(table("texts")["no_source_note"])


def _rest(text: str) -> str:
    """What a constraint says beside its JSON; empty for what is no terms of use."""
    rest = _outside(text)
    compared = letters(rest)
    empty = any(compared.startswith(letters(one)) for one in table("texts")["no_rights"])
    return "" if says_nothing(rest) or empty or find(rest) else prose(rest)


def _is_licence_again(text: str) -> bool:
    """Whether a text is Mapbender's sentence of the licence, which the JSON beside it repeats."""
    return bool(NAMED.match(text.strip()))
