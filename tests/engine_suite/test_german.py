"""German words: inflection, umlauts in both spellings, names and abbreviations."""

from __future__ import annotations

import pytest
from tests.engine_suite.engines import Engine, dataset

pytestmark = pytest.mark.german

SAME = [
    ("Bäume", "Baum"),
    ("Baum", "Bäume"),
    ("Baeume", "Bäume"),
    ("baeume", "Baum"),
    ("Bäumen", "Baum"),
    ("strasse", "Straße"),
    ("Straßen", "Strasse"),
    ("STRASSE", "Straßen"),
    ("Häuser", "Haus"),
    ("Haus", "Haeuser"),
    ("Gärten", "Garten"),
    ("Kindergarten", "Kindergärten"),
    ("Kita", "Kitas"),
    ("KiTa", "Kita"),
    ("kita", "KiTas"),
    ("Fahrrad", "Fahrräder"),
    ("Einwohnerinnen", "Einwohner"),
    ("Schule", "Schulen"),
    ("Schüler", "Schülerinnen"),
    ("Spielplatz", "Spielplätze"),
    ("Spielplaetze", "Spielplatz"),
    ("Stadtteil", "Stadtteile"),
    ("Ortsbezirke", "Ortsbezirk"),
    ("Ämter", "Amt"),
    ("Aemter", "Ämter"),
    ("Wahl", "Wahlen"),
    ("Museum", "Museen"),
    ("Stadtmuseen", "Stadtmuseum"),
    ("Thema", "Themen"),
    ("Bevölkerung", "bevoelkerung"),
    ("öffentliche", "öffentlich"),
    ("oeffentlichen", "öffentlicher"),
    ("neu", "neue"),
    ("neuen", "neu"),
    ("Quelle", "Quellen"),
    ("aktuelle", "aktuell"),
    ("aktuellen", "aktuelle"),
    ("Steuer", "Steuern"),
    ("Flüsse", "Fluss"),
    ("Maß", "Mass"),
    ("Größe", "Groesse"),
    ("Verkehrszählung", "Verkehrszählungen"),
    ("Haushalt", "Haushalte"),
    ("Haushaltsplan", "Haushaltspläne"),
    ("Café", "Cafes"),
    ("Bürger", "Bürgerinnen"),
    ("E-Bike", "Ebike"),
    ("ebike", "E-Bikes"),
    ("GTFS-RT", "gtfs rt"),
    ("gtfsrt", "GTFS-RT"),
    ("OpenData", "Open Data"),
    ("Open-Data", "OpenData"),
    ("U-Bahn", "UBahn"),
    ("3D-Stadtmodell", "3D Stadtmodell"),
    ("Rheinland-Pfalz", "Rheinland Pfalz"),
]


@pytest.mark.parametrize(("typed", "written"), SAME)
def test_a_word_finds_its_other_forms(engine: Engine, typed: str, written: str) -> None:
    engine.add(dataset("a", title=written), dataset("b", title="anderes"))
    assert engine.found(typed, defType="dismax", qf="title", mm="100%") == {"a"}
    assert engine.found(f"title:({typed})") == {"a"}


DIFFERENT = [
    ("neu", "neun"),
    ("Bürger", "Burg"),
    ("Schüler", "Schule"),
    ("Wähler", "Wahl"),
    ("Quelle", "Qualle"),
    ("Messer", "Messe"),
    ("Bauer", "Bau"),
    ("Status", "Statue"),
    ("Mainz", "Main"),
    ("Steuer", "Steg"),
    ("Wasser", "Wassen"),
    ("Leiter", "Leite"),
    ("3D", "3"),
    ("2025", "2026"),
    ("CO2", "CO"),
    ("Alter", "alt"),
    ("GTFS-RT", "GTFS"),
    ("Land", "Landau"),
]


@pytest.mark.parametrize(("typed", "written"), DIFFERENT)
def test_different_words_stay_different(engine: Engine, typed: str, written: str) -> None:
    engine.add(dataset("a", title=written))
    assert engine.found(f"title:({typed})") == set()


PATTERNS = {
    "the beginning of a compound": ("title:Bevölkerungs*", "a"),
    "in the other spelling": ("title:bevoelkerungs*", "a"),
    "the end of a compound": ("title:*entwicklung", "a"),
    "the word as it is written": ("title:Bevölkerungsentwicklung*", "a"),
    "an inflected word": ("title:Straßen*", "b"),
    "an inflected word with ss": ("title:strassen*", "b"),
    "a letter left open": ("title:Stra?en", ""),
    "a similar word": ("title:Bevölkerungsentwiklung~1", "a"),
    "a similar inflected word": ("title:Strasen~1", "b"),
    "a hyphenated word": (r"title:gtfs\-*", "c"),
}


@pytest.mark.parametrize(("query", "expected"), PATTERNS.values(), ids=PATTERNS)
def test_patterns_hold_for_words_as_they_are_written(engine: Engine, query: str, expected: str) -> None:
    engine.add(
        dataset("a", title="Bevölkerungsentwicklung"), dataset("b", title="Straßen"), dataset("c", title="GTFS-RT")
    )
    assert engine.found(query) == set(expected)


PHRASES = {
    "inflected": ('"städtische Gärten"', "a"),
    "over a hyphen": ('"GTFS-RT Daten"', "b"),
    "a hyphen as a blank": ('"GTFS RT Daten"', "b"),
    "a word in mixed case": ('"Kita Plätze"', "c"),
    "a year of two years": ('"2025/2026"', "d"),
    "one year of two": ('"2026"', "d"),
}


@pytest.mark.parametrize(("query", "expected"), PHRASES.values(), ids=PHRASES)
def test_phrases(engine: Engine, query: str, expected: str) -> None:
    engine.add(
        dataset("a", title="Der städtische Garten"),
        dataset("b", title="GTFS-RT-Daten der Verkehrsbetriebe"),
        dataset("c", title="Freie KiTa Plätze"),
        dataset("d", title="Haushalt 2025/2026"),
    )
    assert engine.found(query) == set(expected)


def test_stop_words_do_not_count(engine: Engine) -> None:
    engine.add(dataset("a", title="Anzahl Einwohner"), dataset("b", title="Karte der Bäume in der Stadt"))
    typed = {"defType": "dismax", "qf": "title text", "mm": "2<-1 5<80%"}
    assert engine.found("Anzahl der Einwohner in", **typed) == {"a"}


def test_stop_words_alone_are_looked_for(engine: Engine) -> None:
    engine.add(dataset("a", title="Sein oder Nichtsein"), dataset("b", title="Haushalt"))
    assert engine.found("oder", defType="dismax", qf="title", mm="100%") == {"a"}


def test_stop_words_count_within_a_phrase(engine: Engine) -> None:
    engine.add(dataset("a", title="Stadt am Rhein"), dataset("b", title="Stadt Rhein"))
    assert engine.found('title:"Stadt am Rhein"') == {"a"}


def test_completion_knows_both_spellings(engine: Engine) -> None:
    engine.add(dataset("x", id="a", title="Bäume im Park"))
    assert engine.found('title_ngram:"bäu"') == engine.found('title_ngram:"baeu"') == {"a"}


def test_completion_takes_more_than_ten_letters(engine: Engine) -> None:
    engine.add(dataset("x", id="a", title="Verkehrszählungen"))
    assert engine.found('title_ngram:"verkehrszählung"') == {"a"}


def test_letters_with_separate_marks_are_the_same(engine: Engine) -> None:
    engine.add(dataset("a", title="Ba\u0308ume"))
    assert engine.found("title:Bäume") == {"a"}
