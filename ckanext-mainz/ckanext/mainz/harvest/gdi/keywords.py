"""What the data are about: tags and themes, and what keywords say about openness and INSPIRE."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.iso_shapes import Anchored, Keywords
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.tables import (
    InspireTheme,
    inspire_themes,
    letters,
    plain,
    says_nothing,
    table,
    texts,
)
from ckanext.mainz.metadata import vocabulary

SEPARATORS = re.compile(r"[,;|\n]")
#: What CKAN's tags may hold; see `ckanext.mainz.metadata.validators`.
ILLEGAL = re.compile(r"[^\w .-]+")
LENGTHS = range(2, 101)
MOST = 100
BAD_KEYWORD = N_("The keyword “{value}” is too long or too short for a tag and is left out.")
TOO_MANY = N_("The record has more than 100 keywords; the others are left out.")
UNKNOWN_TOPIC = N_("“{value}” is no topic category of ISO 19115 and is left out.")
UNKNOWN_THEME = N_("“{value}” is no theme of INSPIRE and becomes a keyword only.")


def is_open_data(record: IsoRecord) -> bool:
    """Whether the record has the keyword ``opendata`` of GDI-DE."""
    return _has(record, "open_data")


def is_inspire(record: IsoRecord) -> bool:
    """Whether the record is reported to INSPIRE."""
    return _has(record, "inspire")


def _has(record: IsoRecord, name: str) -> bool:
    return any(plain(word) in texts(name) for block in record.keywords for one in block.words for word in split(one))


def tags(record: IsoRecord, notes: Notes) -> list[dict[str, str]]:
    """CKAN's tags: keywords of people and German labels of INSPIRE themes, without keywords for programs."""
    found: dict[str, str] = {}
    for word in _words(record):
        clean = " ".join(ILLEGAL.sub(" ", word).split())
        if len(clean) not in LENGTHS:
            notes.left_out("tags", BAD_KEYWORD, word)
        else:
            found.setdefault(clean.casefold(), clean)
    if len(found) > MOST:
        notes.left_out("tags", TOO_MANY)
    return [{"name": word} for word in [*found.values()][:MOST]]


def themes(record: IsoRecord, notes: Notes) -> list[str]:
    """URIs of the EU data themes: of INSPIRE themes, topic categories, and keywords that are codes of themes."""
    inspire = inspire_of(record, notes)
    codes = [code for theme in inspire for code in theme.themes]
    for topic in record.topics:
        codes += _of_topic(topic, inspire, notes)
    codes += [word for word in _free_words(record) if word in _theme_codes()]
    chosen = set(codes)
    return [term.uri for term in vocabulary.terms("themes") if term.code in chosen]


def inspire_of(record: IsoRecord, notes: Notes | None = None) -> list[InspireTheme]:
    """The INSPIRE themes of a record, known by address or by label in German or English."""
    found: dict[str, InspireTheme] = {}
    for word in (word for block in record.keywords if is_inspire_block(block) for word in block.words):
        theme = inspire_theme(word)
        if theme:
            found.setdefault(theme.code, theme)
        elif notes and not _is_hidden(word.text):
            notes.left_out("theme", UNKNOWN_THEME, word.text or word.href)
    return [*found.values()]


def inspire_theme(word: Anchored) -> InspireTheme | None:
    """The theme that a keyword means."""
    return _inspire_names().get(letters(word.href)) or _inspire_names().get(letters(word.text))


def is_inspire_block(block: Keywords) -> bool:
    """Whether a block has its keywords from the list of INSPIRE themes, whatever its version is called."""
    known = table("texts")["inspire_thesaurus"]
    return letters(block.thesaurus.text).startswith(tuple(known["titles"])) or block.thesaurus.href.startswith(
        known["address"]
    )


def is_hidden_thesaurus(block: Keywords) -> bool:
    """Whether the keywords of a block are for programs."""
    title = letters(block.thesaurus.text)
    return bool(title) and any(letters(one) in title for one in table("texts")["hidden_thesauri"])


def split(word: Anchored) -> Iterator[str]:
    """The keywords in one element: some programs write a list with commas."""
    for part in SEPARATORS.split(word.text):
        tidy = " ".join(part.split())
        if tidy:
            yield tidy


def _words(record: IsoRecord) -> Iterator[str]:
    for block in record.keywords:
        if is_hidden_thesaurus(block):
            continue
        for one in block.words:
            theme = inspire_theme(one) if is_inspire_block(block) else None
            yield from [theme.de] if theme else (word for word in split(one) if not _is_hidden(word))


def _free_words(record: IsoRecord) -> Iterator[str]:
    for block in record.keywords:
        if not block.thesaurus.text:
            yield from (word for one in block.words for word in split(one))


def _is_hidden(word: str) -> bool:
    known = texts("open_data") | texts("inspire") | texts("hidden_keywords")
    return says_nothing(word) or plain(word) in known or word in _theme_codes()


@cache
def _theme_codes() -> frozenset[str]:
    return frozenset(term.code for term in vocabulary.terms("themes"))


@cache
def _inspire_names() -> dict[str, InspireTheme]:
    names = {letters(name): one for one in inspire_themes() for name in (one.uri, one.de, one.en, *one.alt)}
    return names | {letters(one.uri.replace("http:", "https:")): one for one in inspire_themes()}


def _of_topic(text: str, inspire: Iterable[InspireTheme], notes: Notes) -> list[str]:
    """The themes of a topic category; blanks and the wrong case make no difference."""
    known = {letters(name): entry for name, entry in table("topic_categories").items()}
    entry = known.get(letters(text))
    if entry is None:
        if not says_nothing(text):
            notes.left_out("theme", UNKNOWN_TOPIC, text)
        return []
    more = [code for theme in inspire for code in entry.get("with", {}).get(theme.code, ())]
    return [*entry["themes"], *more]
