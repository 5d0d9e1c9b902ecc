"""Invented records of a catalogue: made when they are asked for, so that 20,000 cost nothing. They count from 0."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

KEYWORDS = ("opendata", "Verkehr", "Bebauungsplan")
ORGANISATIONS = ("Landeshauptstadt Mainz", "Landesamt für Umwelt")
TYPES = ("dataset", "dataset", "service")

RECORD = """<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco">\
<gmd:fileIdentifier><gco:CharacterString>{identifier}</gco:CharacterString></gmd:fileIdentifier>\
<gmd:hierarchyLevel><gmd:MD_ScopeCode codeList="" codeListValue="{type}"/></gmd:hierarchyLevel>\
<gmd:contact><gmd:CI_ResponsibleParty><gmd:organisationName><gco:CharacterString>{organisation}</gco:CharacterString>\
</gmd:organisationName></gmd:CI_ResponsibleParty></gmd:contact><gmd:dateStamp><gco:Date>2026-01-02</gco:Date>\
</gmd:dateStamp><gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation><gmd:title>\
<gco:CharacterString>{title}</gco:CharacterString></gmd:title></gmd:CI_Citation></gmd:citation><gmd:abstract>\
<gco:CharacterString>{abstract}</gco:CharacterString></gmd:abstract><gmd:descriptiveKeywords><gmd:MD_Keywords>\
{keywords}</gmd:MD_Keywords></gmd:descriptiveKeywords></gmd:MD_DataIdentification></gmd:identificationInfo>\
</gmd:MD_Metadata>"""
KEYWORD = "<gmd:keyword><gco:CharacterString>{}</gco:CharacterString></gmd:keyword>"
BRIEF = """<csw:BriefRecord xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier>{}</dc:identifier>\
</csw:BriefRecord>"""


def identifier(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def record(number: int, *, title: str = "Straßenbäume", keywords: Iterable[str] | None = None, name: str = "") -> bytes:
    """A synthetic ``gmd:MD_Metadata``; what it is about depends on its number only."""
    words = [KEYWORDS[number % len(KEYWORDS)]] if keywords is None else keywords
    return RECORD.format(
        identifier=name or identifier(number),
        type=TYPES[number % len(TYPES)],
        organisation=ORGANISATIONS[number % len(ORGANISATIONS)],
        title=f"{title} {number}",
        abstract="Lage, Höhe und Baumart. " * 8,
        keywords="".join(map(KEYWORD.format, words)),
    ).encode()


def big_record(number: int, megabytes: int) -> bytes:
    """A record of so many megabytes, as a catalogue makes it that writes the whole law into the keywords."""
    word = "Bebauungsplan mit allen seinen Festsetzungen, Zeile für Zeile"
    return record(number, keywords=itertools.repeat(word, megabytes * 1_000_000 // len(KEYWORD.format(word).encode())))


def matches(number: int, name: str, word: str) -> bool:
    """Whether a record has that word where the property `name` looks."""
    kind, word = name.rpartition(":")[2].lower(), word.strip("*").lower()
    if kind in ("subject",):
        return word in KEYWORDS[number % len(KEYWORDS)].lower()
    if kind in ("organisationname", "publisher"):
        return word in ORGANISATIONS[number % len(ORGANISATIONS)].lower()
    return kind == "boundingbox" or word in TYPES[number % len(TYPES)]
