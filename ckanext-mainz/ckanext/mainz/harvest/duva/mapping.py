"""A record of DUVA as a package. Pure: all that it needs has been read before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.duva import areas, describing, known, ladder, names, periods, resources
from ckanext.mainz.harvest.duva.model import File, Record
from ckanext.mainz.harvest.duva.settings import DuvaSettings
from ckanext.mainz.harvest.gdi.prose import one_line, shortened
from ckanext.mainz.harvest.kinds import Candidate
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.harvest.spool import Spool
from ckanext.mainz.metadata import dates, vocabulary
from ckanext.mainz.metadata.names import slug

Package = dict[str, Any]
UNKNOWN_THEME = N_("The topic “{value}” belongs to no theme that is known. Choose one here, or add it to the table.")
NO_PERIOD = N_("“{value}” is no period and is left out.")
NO_PLACE = N_("“{value}” is no place that is known; it stands as a name only.")
NO_DATE = N_("“{value}” is no date and is left out.")
NO_FREQUENCY = N_("“{value}” is no frequency that is known and is left out.")
SEVERAL_TITLES = N_("The files of the dataset have several titles; the first one was taken: {used}.")
KEYWORD_SIGNS = frozenset(" .-_")
LONGEST_KEYWORD = 100


def candidate(record: Record, settings: DuvaSettings, spool: Spool) -> Candidate:
    """The record for a run. It is refused where it has faults: a dataset with a part of its files would be another."""
    if record.faults:
        title = _title(record, settings)[0] if record.files else record.identifier
        return Candidate(record.guid, title, record.keys, refused=record.faults[0], reasons=record.faults[1:])
    package, reasons = _package(record, settings)
    licence = ladder.licence((one.row.license for one in record.files), settings.default_license)
    package |= {"license_id": licence.term.code} if licence.term else {}
    package["resources"] = resources.of_files(record, package["title"], settings, spool)
    return Candidate(
        guid=record.guid,
        title=package["title"],
        keys=record.keys,
        likeness=_hash(sorted(one.stored.sha256 for one in record.files)),
        fingerprint=_hash(package),
        package=package,
        reasons=(*reasons, *licence.reasons, *resources.reasons(record)),
        license_missing=licence.term is None,
    )


def _package(record: Record, settings: DuvaSettings) -> tuple[Package, list[Reason]]:
    title, told = _title(record, settings)
    level = ladder.level((one.row.level for one in record.files), settings.level, has_column=record.has_levels)
    notes, of_notes = describing.notes(record, title)
    fields: list[tuple[str, Any, list[Reason]]] = [
        ("notes", notes, of_notes),
        ("theme", *_themes(record, settings)),
        ("temporal_coverage", *_periods(record)),
        ("spatial_coverage", *_areas(record, settings)),
        ("frequency", *_frequency(record)),
        ("modified", *_modified(record)),
        ("visibility", level.level, list(level.reasons)),
    ]
    places = [row["uri"] for row in fields[3][1] if "uri" in row]
    package = {
        "type": "dataset",
        "title": title,
        "identifier": record.identifier,
        **{name: value for name, value, _told in fields},
        "tags": [{"name": one} for one in _keywords(record, title)],
        "political_geocoding_level_uri": areas.level(places),
        "provenance": "\n\n".join(_each(record, "source")),
        "url": next(iter(_each(record, "page")), ""),
        **_of_source(settings),
    }
    return _filled(package), [*told, *(one for _name, _value, many in fields for one in many)]


def _of_source(settings: DuvaSettings) -> Package:
    """What the office has decided for all records of the source."""
    language = vocabulary.match("languages", settings.language) if settings.language else None
    return {
        "owner_org": settings.organisation,
        "contact": [dict(settings.contact)] if settings.contact else [],
        "publisher": [dict(settings.publisher)] if settings.publisher else [],
        "contributor_id": settings.contributor_id,
        "language": [language.uri] if language else [],
    }


# --- words -----------------------------------------------------------------------------------------------------------


def _title(record: Record, settings: DuvaSettings) -> tuple[str, list[Reason]]:
    """The title in the list, else one made of the name of the file; of several that differ in years, without these."""
    given = _each(record, "title") or _once(names.title(one.name, settings.name_prefix) for one in record.files)
    found = _once(shortened(one_line(one)) for one in given) or [record.identifier]
    if len(found) == 1:
        return found[0], []
    plain = _once(names.without_years_in_title(one) for one in found)
    if len(plain) == 1 and plain[0]:
        return plain[0], []
    return found[0], [Reason("titles", SEVERAL_TITLES, {"used": found[0]})]


def _keywords(record: Record, title: str) -> list[str]:
    """Keywords and topics that are words: no slugs, as exports write them, and nothing that keywords cannot hold."""
    said = [*_parts(record, "keywords"), *_parts(record, "topic")]
    words = (one for one in said if not _is_slug(one, title))
    first: dict[str, str] = {}
    for word in words:
        plain = " ".join("".join(one if one.isalnum() or one in KEYWORD_SIGNS else " " for one in word).split())
        if 2 <= len(plain) <= LONGEST_KEYWORD:
            first.setdefault(plain.casefold(), plain)
    return sorted(first.values())


def _is_slug(word: str, title: str) -> bool:
    return slug(word) == slug(title) or (word == slug(word) and word.count("-") + word.count("_") > 2)


def _themes(record: Record, settings: DuvaSettings) -> tuple[list[str], list[Reason]]:
    found: set[str] = set()
    reasons: list[Reason] = []
    for text in _each(record, "topic"):
        whole = _theme(text)
        for part in [text] if whole else known.each(text):
            code = whole or _theme(part)
            if code:
                found.add(code)
            else:
                reasons.append(Reason("theme", UNKNOWN_THEME, {"value": part}))
    found = found or set(filter(None, map(_theme, settings.themes)))
    return [one.uri for one in vocabulary.terms("themes") if one.uri in found], reasons


def _theme(text: str) -> str:
    """The URI of the theme that a topic belongs to; empty where nobody knows."""
    code = known.by_name("themes").get(known.letters(text), text)
    term = vocabulary.match("themes", text) or vocabulary.match("themes", code)
    return term.uri if term else ""


# --- when and where --------------------------------------------------------------------------------------------------


def _periods(record: Record) -> tuple[list[dict[str, str]], list[Reason]]:
    """One row around the periods of all files. What the list says of a file goes before what its content says."""
    reasons = [Reason("period", NO_PERIOD, {"value": one}) for one in _each(record, "period") if not periods.read(one)]
    found = [period for one in record.files if (period := _period(one))]
    whole = periods.around(found)
    return [whole.as_row()] if whole else [], reasons


def _period(file: File) -> periods.Period | None:
    first, last = names.years(names.stem_of(file.name))
    of_name = periods.Period(first, last, goes_on=not last) if first else None
    return (periods.read(file.row.period) if file.row.period else None) or file.look.period or of_name


def _areas(record: Record, settings: DuvaSettings) -> tuple[list[dict[str, str]], list[Reason]]:
    uris: list[str] = []
    unknown: list[str] = []
    for file in record.files:
        known_places, others = areas.of_text(file.row.area, settings.place)
        uris += known_places if file.row.area else file.look.places
        unknown += others
    if not uris and not unknown and (term := vocabulary.match(areas.PLACES, settings.default_place)):
        uris = [term.uri]
    rows = [{"uri": one} for one in areas.narrowed(uris, settings.place)]
    names_only = _once(unknown)
    reasons = [Reason("place", NO_PLACE, {"value": one}) for one in names_only]
    return [*rows, *({"text": shortened(one)} for one in names_only)], reasons


def _frequency(record: Record) -> tuple[str, list[Reason]]:
    for text in _each(record, "frequency"):
        term = vocabulary.match("frequencies", text)
        return (term.uri, []) if term else ("", [Reason("frequency", NO_FREQUENCY, {"value": text})])
    return "", []


def _modified(record: Record) -> tuple[str, list[Reason]]:
    """The latest day that the list tells; never that of a file, which a copy changes."""
    said = _each(record, "modified")
    found = [dates.moment(one) for one in said if dates.is_moment(one)]
    reasons = [Reason("modified", NO_DATE, {"value": one}) for one in said if not dates.is_moment(one)]
    return max(found, default=""), reasons


# --- small things ----------------------------------------------------------------------------------------------------


def _each(record: Record, name: str) -> list[str]:
    """What the rows of a record say in a column, each once."""
    return _once(getattr(one.row, name) for one in record.files)


def _parts(record: Record, name: str) -> list[str]:
    return [part for text in _each(record, name) for part in known.each(text)]


def _once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(one for text in texts if (one := text.strip())))


def _filled(fields: Mapping[str, Any]) -> Package:
    return {name: value for name, value in fields.items() if value not in ("", [], {}, None)}


def _hash(said: Any) -> str:
    """Bytes of files are in it by their checksum; names of lists come in an order that does not move."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
