"""German words of a text, the same way when a document is written and when it is searched.

`Analyzer` is a chain of small steps, each a method or function of its own::

    text → chunks → parts → lower case → fold (ä = ae = a, ß = ss) → base form

A *chunk* is what stands between spaces, such as ``GTFS-RT`` or ``2025/2026``; its *parts* are its runs of letters and
digits. A chunk of several parts is found by its parts and written as one word (``E-Bike`` = ``ebike``).

What depends on words rather than rules is data: a `Lexicon`, read from the folder ``german``. Compounds and synonyms
are empty there; giving them entries needs no change here.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib import metadata, resources
from itertools import chain

import snowballstemmer

LONGEST_WORD = 255
"""Characters of a word; what is longer is cut into pieces, so that nothing of it is lost."""
REMEMBERED = 100_000
"""Words whose analysis is kept; some 30 MB."""
LARGEST_JOINT = 4
"""Parts of a chunk that is also indexed as one word; longer ones are sentences, not words."""

_CHUNK = re.compile(r"\w+(?:[-‐‑–_./'’&+:@]+\w+)*")
_PART = re.compile(r"[^\W_]+")
_INNER_CAPITAL = re.compile(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])")
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "æ": "a", "ø": "o", "œ": "o", "ł": "l"})
# "ue" is an umlaut but after a vowel or q: Mauer, neue, Quelle.
_DIGRAPH = re.compile(r"(?<![aeiouyqäöü])ue|ae|oe")


@dataclass(frozen=True)
class Lexicon:
    """What is known about single words. All words are in lower case and folded.

    `irregular` gives a word's base form where the rules fail; an entry that starts with ``*`` holds for every word of
    that ending. `protected` words are left as they are. `compounds` gives a word's parts, `synonyms` other words for
    it. `stop_words` do not count in a query of several words.
    """

    irregular: Mapping[str, str] = field(default_factory=dict)
    protected: frozenset[str] = frozenset()
    stop_words: frozenset[str] = frozenset()
    compounds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def endings(self) -> list[tuple[str, str]]:
        """Irregular endings and what stands for them."""
        return [(word[1:], base[1:]) for word, base in self.irregular.items() if word.startswith("*")]


@dataclass(frozen=True)
class Token:
    """A word to be indexed at a position; several may stand at one position."""

    text: str
    position: int


@dataclass(frozen=True)
class Written:
    """What is indexed of a chunk: words with the number of their part, how many parts there are, forms as written."""

    words: tuple[tuple[str, int], ...]
    length: int
    forms: tuple[str, ...]


@dataclass(frozen=True)
class QueryWord:
    """A chunk of a query, found where every part is, each by any of its `alternatives`, or where `joint` is.

    `forms` are the parts as they were written, folded but not reduced to a base form.
    """

    alternatives: tuple[tuple[str, ...], ...]
    forms: tuple[str, ...]
    joint: str | None = None


class Analyzer:
    """Makes words of text with one lexicon. Has no state but caches; may be used by any number of threads."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._stem = snowballstemmer.stemmer("german").stemWord
        self.base = lru_cache(maxsize=REMEMBERED)(self._base)
        self.written = lru_cache(maxsize=REMEMBERED)(self._written)

    def tokens(self, text: str, start: int = 0) -> Iterator[Token]:
        """What is indexed of a text: positions count parts, from `start` on."""
        position = start
        for chunk in chunks(text):
            written = self.written(chunk)
            for word, offset in written.words:
                yield Token(word, position + offset)
            position += written.length

    def forms(self, text: str) -> set[str]:
        """Words of a text as they are written, folded: what prefixes and wildcards are compared with."""
        return {form for chunk in chunks(text) for form in self.written(chunk).forms}

    def _written(self, chunk: str) -> Written:
        parts = _pieces(chunk)
        forms = tuple(map(fold, parts))
        words = [(word, offset) for offset, part in enumerate(parts) for word in self._indexed(part)]
        if joint := _joint(parts):
            words.append((self.base(joint), len(parts) - 1))
        whole = (fold(chunk)[:LONGEST_WORD],) if len(parts) > 1 else ()
        return Written(tuple(words), len(parts), forms + whole)

    def _indexed(self, part: str) -> Iterable[str]:
        word = fold(part)
        inner = _INNER_CAPITAL.split(part)
        smaller = inner if len(inner) > 1 else self.lexicon.compounds.get(word, ())
        return dict.fromkeys(self.base(each) for each in chain([word], map(fold, smaller)))

    def query(self, text: str) -> list[QueryWord]:
        """The words that a query asks for."""
        return [self._query_word(chunk) for chunk in chunks(text)]

    def _query_word(self, chunk: str) -> QueryWord:
        parts = _pieces(chunk)
        forms = tuple(map(fold, parts))
        if len(forms) == 1 and (smaller := self._smaller(chunk)):
            return QueryWord(tuple((self.base(each),) for each in smaller), forms, self.base(forms[0]))
        joint = _joint(parts)
        return QueryWord(tuple(map(self._alternatives, forms)), forms, self.base(joint) if joint else None)

    def _smaller(self, part: str) -> list[str]:
        """Words within a word, if it is written as one of several: ``OpenData``."""
        inner = _INNER_CAPITAL.split(part)
        return [fold(each) for each in inner] if len(inner) > 1 else []

    def _alternatives(self, form: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(self.base, (form, *self.lexicon.synonyms.get(form, ())))))

    def is_stop_word(self, text: str) -> bool:
        """Whether a query of several words may do without this one."""
        return fold(text) in self.lexicon.stop_words

    def _base(self, form: str) -> str:
        """Base form of a folded word: by the lexicon, else by the rules of German inflection."""
        if form in self.lexicon.protected:
            return form
        if base := self.lexicon.irregular.get(form):
            return base
        for ending, base in self.lexicon.endings:
            if form.endswith(ending):
                return form.removesuffix(ending) + base
        return self._stem(form)


def chunks(text: str) -> list[str]:
    """What stands between spaces and punctuation, in the composed form of Unicode."""
    return _CHUNK.findall(unicodedata.normalize("NFKC", text))


def fold(text: str) -> str:
    """Lower case without umlauts and accents: ``Straße`` and ``STRASSE``, ``Bäume`` and ``Baeume`` become the same."""
    lower = unicodedata.normalize("NFKC", text).lower()
    if lower.isascii():
        return _DIGRAPH.sub(_first_letter, lower)
    plain = _DIGRAPH.sub(_first_letter, lower).translate(_UMLAUTS)
    return "".join(each for each in unicodedata.normalize("NFD", plain) if not unicodedata.combining(each))


def _first_letter(match: re.Match[str]) -> str:
    return match[0][0]


def _pieces(chunk: str) -> list[str]:
    parts = _PART.findall(chunk)
    if all(len(part) <= LONGEST_WORD for part in parts):
        return parts
    return [part[start : start + LONGEST_WORD] for part in parts for start in range(0, len(part), LONGEST_WORD)]


def _joint(parts: list[str]) -> str | None:
    """The parts written as one word, where that is a word that somebody may write."""
    joint = "".join(parts)
    is_word = 1 < len(parts) <= LARGEST_JOINT and len(joint) <= LONGEST_WORD and not joint.isdigit()
    return fold(joint) if is_word else None


def _lines(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        if words := line.partition("#")[0].split():
            yield words


def read_lexicon(texts: Mapping[str, str]) -> Lexicon:
    """A lexicon from the texts of its files, by name: one entry a line, ``#`` starts a comment.

    The first word of a line is the entry, the others are what the lexicon says about it.
    """
    tables = {name: [[fold(word) for word in line] for line in _lines(text)] for name, text in texts.items()}
    return Lexicon(
        irregular={line[0]: line[1] for line in tables.get("irregular", ())},
        protected=frozenset(chain.from_iterable(tables.get("protected", ()))),
        stop_words=frozenset(chain.from_iterable(tables.get("stop_words", ()))),
        compounds={line[0]: tuple(line[1:]) for line in tables.get("compounds", ())},
        synonyms={line[0]: tuple(line[1:]) for line in tables.get("synonyms", ())},
    )


LEXICON_FILES = ("irregular", "protected", "stop_words", "compounds", "synonyms")


@lru_cache(maxsize=1)
def _german_texts() -> dict[str, str]:
    folder = resources.files("ckanext.mainz.search") / "german"
    return {name: (folder / f"{name}.txt").read_text(encoding="utf-8") for name in LEXICON_FILES}


@lru_cache(maxsize=1)
def german() -> Analyzer:
    """The analyzer with the lexicon of this package."""
    return Analyzer(read_lexicon(_german_texts()))


@lru_cache(maxsize=1)
def version() -> str:
    """Short mark of everything that decides which words are indexed; another mark means that the index is outdated."""
    written = {name: text for name, text in _german_texts().items() if name not in ("stop_words", "synonyms")}
    material = repr((metadata.version("snowballstemmer"), sorted(written.items())))
    return hashlib.sha256(material.encode()).hexdigest()[:8]
