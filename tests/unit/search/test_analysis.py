"""German words: the steps, the lexicon, and which words of a list become the same."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.search.words import FAMILIES, KNOWN_MERGES

from ckanext.mainz.search.analysis import Analyzer, Lexicon, chunks, fold, german, read_lexicon, version


def bases(text: str, analyzer: Analyzer | None = None) -> list[str]:
    """Base forms of a text, without positions."""
    return [token.text for token in (analyzer or german()).tokens(text)]


FOLDED = {
    "Bäume": "baume",
    "Baeume": "baume",
    "BÄUME": "baume",
    "Straße": "strasse",
    "STRASSE": "strasse",
    "STRAẞE": "strasse",
    "Größe": "grosse",
    "Groesse": "grosse",
    "Müll": "mull",
    "Muell": "mull",
    "Quelle": "quelle",
    "neue": "neue",
    "Mauer": "mauer",
    "treue": "treue",
    "aktuelle": "aktulle",
    "Café": "cafe",
    "naïve": "naive",
    "Ærø": "aro",
    "ﬁn": "fin",
    "２０２４": "2024",
    "Ba\u0308ume": "baume",
}


@pytest.mark.parametrize(("word", "folded"), FOLDED.items())
def test_folding(word: str, folded: str) -> None:
    assert fold(word) == folded


CHUNKS = {
    "GTFS-RT 2025/2026": ["GTFS-RT", "2025/2026"],
    "3D-Stadtmodell (LoD2)": ["3D-Stadtmodell", "LoD2"],
    "»Bäume«, Parks & Gärten!": ["Bäume", "Parks", "Gärten"],
    "info@mainz.de": ["info@mainz.de"],
    "PM2,5": ["PM2", "5"],
    "a - b": ["a", "b"],
    "Kinder- und Jugendhilfe": ["Kinder", "und", "Jugendhilfe"],
    "--": [],
    "": [],
}


@pytest.mark.parametrize(("text", "expected"), CHUNKS.items())
def test_chunks(text: str, expected: list[str]) -> None:
    assert chunks(text) == expected


def test_positions_count_parts() -> None:
    tokens = [(token.text, token.position) for token in german().tokens("Der GTFS-RT Verkehr", 10)]
    assert tokens == [("der", 10), ("gtfs", 11), ("rt", 12), ("gtfsrt", 12), ("verkehr", 13)]


def test_words_within_a_word_stand_at_its_position() -> None:
    tokens = [(token.text, token.position) for token in german().tokens("freie KiTa hier")]
    assert tokens == [("frei", 0), ("kita", 1), ("ki", 1), ("ta", 1), ("hier", 2)]


def test_years_are_not_written_as_one_word() -> None:
    assert bases("2025/2026") == ["2025", "2026"]


def test_a_very_long_word_is_cut_and_lost_in_no_part() -> None:
    assert [len(base) for base in bases("x" * 600)] == [255, 255, 90]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
def test_forms_of_a_word_have_one_base(family: tuple[str, ...]) -> None:
    assert len({german().base(fold(form)) for form in family}) == 1


def test_different_words_keep_different_bases() -> None:
    """Of all pairs of families in the list, only those that are known become the same."""
    by_base = defaultdict(set)
    for family in FAMILIES:
        by_base[german().base(fold(family[0]))].add(family[0])
    merged = {frozenset(pair) for words in by_base.values() for pair in combinations(sorted(words), 2)}
    assert merged == {frozenset(pair) for pair in KNOWN_MERGES}


def test_every_entry_of_the_lexicon_gives_a_base_form() -> None:
    analyzer = german()
    for word, base in analyzer.lexicon.irregular.items():
        form = base.removeprefix("*")
        assert analyzer.base(form) == form, f"{word}: {base} is not a base form itself"


@given(st.text())
def test_any_text_has_tokens_in_order(text: str) -> None:
    tokens = list(german().tokens(text))
    assert [token.position for token in tokens] == sorted(token.position for token in tokens)
    assert all(0 < len(token.text) <= 1100 for token in tokens)


@given(st.text())
def test_folding_twice_is_folding_once_for_what_is_indexed(text: str) -> None:
    analyzer = german()
    for form in analyzer.forms(text):
        assert analyzer.base(form) == analyzer.base(form)


@given(st.text())
def test_a_text_is_found_by_itself(text: str) -> None:
    """Every word of a query has all its parts, or the whole, among the tokens of the same text."""
    written = {token.text for token in german().tokens(text)}
    for word in german().query(text):
        parts_are_there = all(set(part) & written for part in word.alternatives)
        assert parts_are_there or word.joint in written


def test_a_lexicon_is_read_from_lines() -> None:
    lexicon = read_lexicon(
        {
            "irregular": "# comment\nKitas Kita\n*museen *museum # another\n\n",
            "stop_words": "der die\ndas",
            "compounds": "baumkataster baum kataster",
            "synonyms": "müll abfall kehricht",
        }
    )
    assert lexicon.irregular == {"kitas": "kita", "*museen": "*museum"}
    assert lexicon.stop_words == {"der", "die", "das"}
    assert lexicon.compounds == {"baumkataster": ("baum", "kataster")}
    assert lexicon.synonyms == {"mull": ("abfall", "kehricht")}


def test_compounds_are_indexed_with_their_parts() -> None:
    analyzer = Analyzer(Lexicon(compounds={"baumkataster": ("baum", "kataster")}))
    assert bases("Baumkataster", analyzer) == ["baumkatast", "baum", "katast"]


def test_synonyms_are_alternatives_of_a_query() -> None:
    analyzer = Analyzer(Lexicon(synonyms={"mull": ("abfall",)}))
    assert analyzer.query("Müll")[0].alternatives == (("mull", "abfall"),)
    assert bases("Müll", analyzer) == ["mull"]


def test_protected_words_are_left_alone() -> None:
    assert Analyzer(Lexicon(protected=frozenset({"worms"}))).base("worms") == "worms"
    assert Analyzer(Lexicon()).base("worms") == "worm"


def test_stop_words_are_known_in_any_spelling() -> None:
    assert german().is_stop_word("Für")
    assert german().is_stop_word("fuer")
    assert not german().is_stop_word("Feuer")


def test_the_version_is_short_and_stays() -> None:
    assert version() == version()
    assert len(version()) == 8
