"""Single codes and their terms: frequency, languages, kind of data, resolution, standards."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.settings import GdiSettings
from ckanext.mainz.harvest.gdi.tables import by_code, says_nothing, table
from ckanext.mainz.metadata import iris, quantities, vocabulary

#: ``EPSG:25832``, ``urn:ogc:def:crs:EPSG::25832`` and addresses that end so, with a name behind them or not.
EPSG = re.compile(r"EPSG(?:/[\d.]*/|:[\d.]*:|:|\s+|/)(\d{4,6})\b", re.IGNORECASE)
UNKNOWN_FREQUENCY = N_("“{value}” is no update frequency of ISO 19115 and is left out.")
UNKNOWN_LANGUAGE = N_("The language “{value}” is not in the list and is left out.")
NO_RESOLUTION = N_("The resolution “{value}” is no number of metres and is left out.")
NO_ADDRESS = N_("The standard “{value}” has no known address and is left out.")


def frequency(record: IsoRecord, notes: Notes) -> str:
    """The URI of the update frequency; empty without one."""
    if not record.frequency:
        return ""
    known = by_code("frequencies").get(record.frequency.casefold(), record.frequency)
    term = vocabulary.match("frequencies", known)
    if term is None:
        notes.left_out("frequency", UNKNOWN_FREQUENCY, record.frequency)
    return term.uri if term else ""


def languages(record: IsoRecord, settings: GdiSettings, notes: Notes) -> list[str]:
    """URIs of the languages of the data, else of the metadata, else the one of the settings."""
    found = set()
    for code in record.languages or filter(None, [record.language]):
        term = vocabulary.match("languages", code.rpartition("/")[2]) or vocabulary.match("languages", code)
        if term:
            found.add(term.uri)
        else:
            notes.left_out("language", UNKNOWN_LANGUAGE, code)
    default = vocabulary.match("languages", settings.language) if settings.language else None
    found |= {default.uri} if default and not found else set()
    return [term.uri for term in vocabulary.terms("languages") if term.uri in found]


def level(record: IsoRecord) -> dict[str, object] | None:
    """The entry of a record's level in ``codes.yaml``; None for what is not imported. No level is that of a dataset."""
    if record.is_service:
        return by_code("levels")["service"]
    return by_code("levels").get(record.level.casefold() or "dataset")


def kinds(record: IsoRecord) -> list[str]:
    """``dcat_type``: what kind of data they are."""
    found = (level(record) or {}).get("dcat_type", ())
    names = [str(one) for one in found] if isinstance(found, Iterable) else []
    terms = {name: vocabulary.match("dataset_types", name) for name in names}
    return [term.uri if term else name for name, term in terms.items()]


def resolution(record: IsoRecord, notes: Notes) -> str:
    """The finest ground distance in metres; zero says nothing."""
    found = []
    for text in record.distances:
        if text in ("", "0"):
            continue
        try:
            found.append(quantities.decimal(text))
        except quantities.QuantityError:
            notes.left_out("spatial_resolution_in_meters", NO_RESOLUTION, text)
    return min(found, key=float, default="")


def conforms_to(record: IsoRecord, notes: Notes) -> list[str]:
    """Addresses of coordinate systems, and of specifications that the data are said to conform to."""
    systems = [_system(one.href, one.text) for one in record.reference_systems]
    specifications = [
        _specification(one.specification.href, one.specification.text, notes)
        for one in record.conformance
        if one.passed
    ]
    return [*dict.fromkeys(one for one in (*systems, *specifications) if one)]


def _system(*names: str) -> str:
    codes = (match[1] for name in names if (match := EPSG.search(name)))
    return next((table("codes")["crs"] + code for code in codes), "")


def _specification(href: str, title: str, notes: Notes) -> str:
    known = table("codes")["specifications"]
    for text in (title, href):
        address = next((one["address"] for one in known if one["part"] in text), "")
        if address:
            return address
    if says_nothing(title) and says_nothing(href):
        return ""
    for text in (href, title):
        if text.strip() and iris.is_iri(text):
            return iris.iri(text)
    notes.left_out("conforms_to", NO_ADDRESS, title or href)
    return ""
