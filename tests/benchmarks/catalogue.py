"""Datasets for benchmarks: as many as wanted, always the same ones, of the size and language of a German city's.

A dataset has five resources, eight tags, an organisation and some 120 words of German text; a few title words are
common, many are rare, as in a real catalogue. It holds only fields of CKAN's own schema.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

DEPARTMENTS = (
    "Hauptamt", "Amt für Stadtforschung", "Finanzverwaltung", "Ordnungsamt", "Verkehrsüberwachungsamt", "Bürgeramt",
    "Feuerwehr", "Schulamt", "Kultur und Bibliotheken", "Stadtarchiv", "Soziale Leistungen", "Jugend und Familie",
    "Bauamt", "Stadtplanungsamt", "Grün- und Umweltamt", "Wirtschaft und Liegenschaften", "Gebäudewirtschaft",
    "Entsorgungsbetrieb", "Stadtwerke", "Verkehrsbetriebe",
)  # fmt: skip
DISTRICTS = (
    "Altstadt", "Bretzenheim", "Drais", "Ebersheim", "Finthen", "Gonsenheim", "Hartenberg-Münchfeld", "Hechtsheim",
    "Laubenheim", "Lerchenberg", "Marienborn", "Mombach", "Neustadt", "Oberstadt", "Weisenau",
)  # fmt: skip
SUBJECTS = (
    "Haushaltsplan", "Straßenbäume", "Spielplätze", "Einwohnerzahlen", "Kindertagesstätten", "Schulen", "Radwege",
    "Verkehrszählung", "Unfallstatistik", "Luftmesswerte", "Lärmkartierung", "Hochwassergefahr", "Bebauungspläne",
    "Bodenrichtwerte", "Baugenehmigungen", "Denkmalliste", "Trinkwasserbrunnen", "Abfallbehälter", "Wertstoffhöfe",
    "Haltestellen", "Fahrpläne", "Parkhäuser", "Ladesäulen", "Wahlergebnisse", "Gewerbeanmeldungen", "Arbeitslosigkeit",
    "Wohnungsbestand", "Mietspiegel", "Museumsbesuche", "Bibliotheksausleihen", "Sportstätten", "Schwimmbäder",
    "Friedhöfe", "Grünflächen", "Naturschutzgebiete", "Kleingärten", "Hundesteuer", "Straßenverzeichnis",
    "Hausnummern", "Stadtbezirke", "Solarpotenzial", "Fernwärmenetz", "Stromverbrauch", "Ratsbeschlüsse",
    "Fördermittel", "Beteiligungsbericht", "Stellenplan", "Feuerwehreinsätze", "Notunterkünfte", "Sozialleistungen",
)  # fmt: skip
FORMS = ("Übersicht", "Standorte", "Jahreswerte", "Monatswerte", "Verzeichnis", "Karte", "Zeitreihe", "Bestand")
TAGS = (
    "verwaltung", "statistik", "umwelt", "klima", "verkehr", "mobilität", "bildung", "familie", "kultur", "freizeit",
    "bauen", "wohnen", "wirtschaft", "arbeit", "finanzen", "soziales", "gesundheit", "sicherheit", "geodaten",
    "energie", "tourismus", "sport", "wahlen", "bevölkerung", "stadtplanung", "wasser", "abfall", "digitalisierung",
    "haushalt", "infrastruktur",
)  # fmt: skip
SENTENCES = (
    "Der Datensatz wird einmal im Jahr aus dem Fachverfahren der Stelle erzeugt und vor der Freigabe geprüft.",
    "Die Angaben beziehen sich auf das Stadtgebiet in seinen heutigen Grenzen; frühere Gebietsstände sind umgerechnet.",
    "Werte unter drei Fällen sind aus Gründen des Datenschutzes nicht ausgewiesen und erscheinen als leere Zelle.",
    "Die Koordinaten liegen im Bezugssystem ETRS89 mit UTM-Abbildung in der Zone 32 vor und sind auf Meter gerundet.",
    "Änderungen gegenüber der vorherigen Ausgabe sind in der Spalte Bemerkung vermerkt.",
    "Für die Richtigkeit einzelner Angaben, die von Dritten gemeldet wurden, kann keine Gewähr übernommen werden.",
    "Nähere Auskunft gibt die [Fachstelle](https://www.example.org/fachstelle), die auch Rückmeldungen entgegennimmt.",
    "Die Erhebung folgt den Vorgaben des statistischen Landesamts, sodass Vergleiche mit anderen Städten möglich sind.",
    "Fehlende Zeiträume entstehen, wenn Messgeräte gewartet wurden oder eine Baustelle die Zählung verhindert hat.",
    "Die Spalten sind in der beigefügten Beschreibung mit Einheit, Wertebereich und Herkunft erläutert.",
)  # fmt: skip
FORMATS = ("CSV", "XLSX", "JSON", "GeoJSON", "PDF", "WMS", "XML", "ZIP")
THEMES = ("GOVE", "SOCI", "ENVI", "TRAN", "REGI", "EDUC", "ECON", "HEAL", "ENER")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "QUARTERLY", "ANNUAL", "IRREG")
PREFIX = "datensatz"
#: Levels of a mixed catalogue, of which six in ten datasets are public.
LEVELS = ("intern", "verwaltung", "konzern", "partner", *(("oeffentlich",) * 6))
RESOURCES = 5
TAGS_EACH = 8
SENTENCES_EACH = 6


def organizations() -> Iterator[dict[str, Any]]:
    """The publishers, as ``organization_create`` takes them."""
    for number, title in enumerate(DEPARTMENTS):
        yield {"name": organization_name(number), "title": title}


def organization_name(number: int) -> str:
    """Name of the publisher of dataset ``number``."""
    return f"amt-{number % len(DEPARTMENTS):02}"


def level(number: int) -> str:
    """The level of dataset ``number`` in a mixed catalogue."""
    return random.Random(f"level {number}").choice(LEVELS)


def memberships() -> list[str]:
    """Names of the publishers whose records the reader of a mixed catalogue reads as a member: three of four."""
    return [organization_name(number) for number in range(len(DEPARTMENTS)) if number % 4]


def is_for_reader(number: int) -> bool:
    """Whether that reader sees dataset ``number`` on either side: it is public, or of an organisation of theirs."""
    return level(number) == "oeffentlich" or organization_name(number) in memberships()


def dataset(number: int, prefix: str = PREFIX) -> dict[str, Any]:
    """Dataset ``number``, as ``package_create`` takes it; equal numbers give equal datasets."""
    dice = random.Random(number)
    subject, district, year = dice.choice(SUBJECTS), dice.choice(DISTRICTS), dice.randint(1998, 2025)
    return {
        "name": f"{prefix}-{number:05}",
        "title": f"{subject} {district} {year}: {dice.choice(FORMS)}",
        "notes": "\n\n".join([f"{subject} im Stadtteil {district}.", *dice.sample(SENTENCES, SENTENCES_EACH)]),
        "owner_org": organization_name(number),
        "license_id": "cc-by",
        "author": dice.choice(DEPARTMENTS),
        "maintainer": "Geschäftsstelle",
        "maintainer_email": "daten@example.org",
        "tags": [{"name": tag} for tag in dice.sample(TAGS, TAGS_EACH)],
        "resources": [resource(dice, subject, year + index) for index in range(RESOURCES)],
    }


def facts(number: int) -> dict[str, str]:
    """What is known of dataset ``number`` beyond CKAN's own fields."""
    dice = random.Random(f"facts {number}")
    year = dice.randint(1998, 2024)
    return {
        "theme": dice.choice(THEMES),
        "frequency": dice.choice(FREQUENCIES),
        "contact_name": dice.choice(DEPARTMENTS),
        "contact_email": "daten@example.org",
        "start": f"{year}-01-01",
        "end": f"{year + 1}-12-31",
    }


def resource(dice: random.Random, subject: str, year: int) -> dict[str, str]:
    """One linked file of a dataset."""
    file_format = dice.choice(FORMATS)
    return {
        "name": f"{subject} {year} als {file_format}",
        "description": dice.choice(SENTENCES),
        "format": file_format,
        "url": f"https://daten.example.org/{subject.lower()}/{year}/{dice.randrange(10**6)}.{file_format.lower()}",
    }


def search_words(number: int) -> str:
    """What person ``number`` types: mostly one subject, often with a district, seldom nothing."""
    dice = random.Random(f"query {number}")
    words = [dice.choice(SUBJECTS)]
    if dice.random() < 0.5:
        words.append(dice.choice(DISTRICTS))
    return "" if dice.random() < 0.1 else " ".join(words)
