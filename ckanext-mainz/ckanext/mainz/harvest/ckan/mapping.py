"""A record of CKAN's API as the portal would have it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.ckan.resources import LICENSE, files
from ckanext.mainz.harvest.ckan.values import Row, Values, in_german
from ckanext.mainz.harvest.dcat import finishing, licences
from ckanext.mainz.harvest.dcat.finishing import Draft, Portal
from ckanext.mainz.harvest.dcat.identifiers import scoped
from ckanext.mainz.harvest.dcat.licences import Said
from ckanext.mainz.harvest.dcat.periods import period
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.kinds import Candidate
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.rdf.effective import clean

#: Kinds of records, and what they are here. Others, such as showcases and harvest sources, are no data.
TYPES = {
    **{"": "dataset", "dataset": "dataset", "datensatz": "dataset", "dokument": "dataset", "document": "dataset"},
    **{"dataset_series": "dataset_series", "data_service": "data_service"},
}
TEXTS = {
    "title": ("title_translated", "title"),
    "notes": ("notes_translated", "notes"),
    "url": ("url",),
    "issued": ("issued",),
    "modified": ("modified",),
    "frequency": ("frequency", "accrual_periodicity", "accrualPeriodicity"),
    "access_rights": ("access_rights", "accessRights"),
    "availability": ("availability", "plannedAvailability", "planned_availability"),
    "provenance": ("provenance",),
    "version": ("version", "dcat_version"),
    "version_notes": ("version_notes", "versionNotes"),
    "identifier": ("identifier", "metadata_original_id"),
    "spatial_resolution_in_meters": ("spatial_resolution_in_meters",),
    "temporal_resolution": ("temporal_resolution",),
    "sample_record": ("sample_record",),
    "endpoint_url": ("endpoint_url",),
    "endpoint_description": ("endpoint_description",),
    "license_attribution_text": ("license_attribution_text", "licenseAttributionByText"),
}
LISTS = {
    "language": ("language",),
    "documentation": ("documentation",),
    "conforms_to": ("conforms_to", "conformsTo"),
    "dcat_type": ("dcat_type",),
    "alternate_identifier": ("alternate_identifier", "alternateIdentifier"),
    "related_resource": ("related_resource",),
    "references": ("references",),
    "is_referenced_by": ("is_referenced_by",),
    "hvd_category": ("hvd_category",),
    "legal_basis": ("legal_basis",),
    "applicable_legislation": ("applicable_legislation",),
    "political_geocoding_level_uri": ("political_geocoding_level_uri", "politicalGeocodingLevelURI"),
    "service_format": ("service_format",),
}
AGENTS = {
    "creator": ("creator",),
    "contributor": ("contributor",),
    "originator": ("originator",),
    "custodian": ("custodian",),
    "contact": ("contact",),
}
#: Names of groups in the older schema of German portals (OGD 1.1), and the data themes that they mean.
GROUPS = {
    **{"bevoelkerung": ["SOCI"], "bildung_wissenschaft": ["EDUC", "TECH"], "geo": ["REGI"], "gesetze_justiz": ["JUST"]},
    **{"gesundheit": ["HEAL"], "infrastruktur_bauen_wohnen": ["REGI"], "kultur_freizeit_sport_tourismus": ["EDUC"]},
    **{"politik_wahlen": ["GOVE"], "soziales": ["SOCI"], "transport_verkehr": ["TRAN"], "umwelt_klima": ["ENVI"]},
    **{"verbraucher": ["AGRI", "HEAL"], "verwaltung": ["GOVE"], "wirtschaft_arbeit": ["ECON"]},
}
DATES = {"erstellt": "issued", "veroeffentlicht": "issued", "aktualisiert": "modified"}
NO_DATA = N_("It is a record of the kind “{value}”, which holds no data.")
NO_RECORD = N_("The record is none of CKAN.")


def candidate(raw: bytes, portal: Portal, base: str) -> Candidate:
    """The record in a JSON text, of the portal at `base`."""
    record = json.loads(raw)
    values = Values(record)
    guid = scoped(values.text("id", "name"), portal.host)
    type_ = values.text("type").casefold()
    if type_ not in TYPES:
        title = values.text("title")
        return Candidate(guid, title, refused=Reason("other_level", NO_DATA, {"value": type_}), skipped=True)
    return finishing.candidate(_draft(values, TYPES[type_], guid, portal, base), portal)


def _draft(values: Values, type_: str, guid: str, portal: Portal, base: str) -> Draft:
    notes = Notes()
    resources = [*files(values.record, base)] if type_ == "dataset" else []
    package = _fields(values, type_, [row for _id, row, _values in resources])
    said = [_license(of, LICENSE, portal, notes) for _id, _row, of in resources]
    for row, one in zip(package.get("resources", ()), said, strict=True):
        row["license"] = one.term.uri if one.term else ""
    record = _license(values, LICENSE[1:], portal, notes)
    made = clean(package, "")
    notes.problems.extend(one for one in made.problems if one.field != "title")
    cleaned = dict(made.record)
    if type_ == "dataset":
        pairs = zip(cleaned["resources"], resources, strict=True)
        cleaned["resources"] = [{**row, "source_key": id or row.get("url", "")} for row, (id, _row, _of) in pairs]
    series = type_ == finishing.SERIES
    default = licences.default_for(type_, portal.settings)
    return Draft(
        package=cleaned,
        notes=notes,
        decision=licences.Decision() if series else licences.decide(record, said, default, notes),
        uri=values.text("uri") or f"{base}/dataset/{values.text('id', 'name')}",
        guid=guid,
        identifiers=[*_identifiers(values)],
        aliases=tuple(scoped(one, portal.host) for one in (values.text("name"),) if one),
    )


def _identifiers(values: Values) -> Iterator[str]:
    """All that names the record, its own identifier first."""
    names = (("identifier",), ("guid",), ("metadata_original_id",), ("source_record_id",), ("id",))
    found = (values.text(*one) for one in names)
    yield from dict.fromkeys(one for one in found if one)


def _license(values: Values, names: tuple[str, ...], portal: Portal, notes: Notes) -> Said:
    """The licence by its id, else its address, else its title: the first of them that the list knows."""
    given = [text for name in names if (text := values.text(name))]
    known = next((text for text in given if licences.find(text, portal.settings)), "")
    return licences.said([known] if known else given[:1], portal.settings, notes)


# --- fields -----------------------------------------------------------------------------------------------------------


def _fields(values: Values, type_: str, resources: list[Row]) -> Row:
    """The package, not yet clean."""
    found: Row = {"type": type_, **{name: values.text(*names) for name, names in TEXTS.items()}}
    found |= {name: values.texts(*names) for name, names in LISTS.items()}
    found |= {name: values.rows(name, *prefixes) for name, prefixes in AGENTS.items()}
    found["publisher"] = _publisher(values)
    found["contact"] = found["contact"] or _maintainer(values)
    found["contributor_id"] = next(iter(_contributors(values)), "")
    found["tags"] = [{"name": in_german(one.get("name"))} for one in _objects(values, "tags")]
    found["theme"] = _themes(values)
    found["spatial_coverage"] = values.rows("spatial_coverage") or [*_places(values)]
    found["temporal_coverage"] = values.rows("temporal_coverage") or _periods(values)
    found |= {name: date for name, date in _dates(values).items() if not found[name]}
    if type_ == "dataset":
        _attribute(found.pop("license_attribution_text"), resources)
        found["resources"] = resources
    return {name: value for name, value in found.items() if value not in ("", []) or name == "resources"}


def _attribute(text: str, resources: list[Row]) -> None:
    """Whom to name: older schemas say it of the record, and it holds for its files."""
    for one in resources if text else ():
        one.setdefault("license_attribution_text", text)


def _objects(values: Values, name: str) -> list[Mapping[str, Any]]:
    found = values.record.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _publisher(values: Values) -> list[Row]:
    """Who publishes, else the organisation that the record belongs to at its portal."""
    if rows := values.rows("publisher", "publisher"):
        return rows[:1]
    organisation = values.record.get("organization")
    name = Values(organisation).text("title", "name") if isinstance(organisation, Mapping) else ""
    return [{"name": name}] if name else []


def _maintainer(values: Values) -> list[Row]:
    """The mailbox of who maintains the record, else of its author; who is no office goes later on."""
    for name in ("maintainer", "author"):
        if mail := values.text(f"{name}_email"):
            return [{"name": values.text(name), "email": mail}]
    return []


def _contributors(values: Values) -> Iterator[str]:
    for one in values.texts("contributor_id", "contributorID"):
        if vocabulary.match("contributors", one):
            yield one


def _themes(values: Values) -> list[str]:
    """Themes by the field, else by the groups that are one."""
    if given := values.texts("theme"):
        return given
    names = [name for group in _objects(values, "groups") for name in _themes_of(Values(group))]
    return [*dict.fromkeys(names)]


def _themes_of(group: Values) -> list[str]:
    for name in (group.text("name"), group.text("title"), group.text("display_name")):
        if name and (term := vocabulary.match("themes", name)):
            return [term.uri]
    codes = GROUPS.get(group.text("name").replace("-", "_").casefold(), [])
    return [term.uri for code in codes if (term := vocabulary.match("themes", code))]


def _places(values: Values) -> Iterator[Row]:
    for uri in values.texts("politicalGeocodingURI", "spatial_uri"):
        yield {"uri": uri}
    row = {"geom": values.get("spatial"), "text": values.text("geocodingText", "geocodingDescription", "spatial_text")}
    if not isinstance(row["geom"], str | Mapping) or str(row["geom"]).lstrip()[:1] not in ("{", "P", "M"):
        row["geom"] = ""
    if found := {name: one for name, one in row.items() if one}:
        yield found


def _periods(values: Values) -> list[Row]:
    start = values.text("temporal_start", "temporal_coverage_from")
    end = values.text("temporal_end", "temporal_coverage_to")
    row = {name: one for name, one in (("start", start), ("end", end)) if one} or period(values.text("temporal"))
    return [row] if row else []


def _dates(values: Values) -> Row:
    """The dates of the older schema: rows of a role and a date."""
    rows = values.rows("dates") or Values({"dates": values.extras.get("dates")}).rows("dates")
    return {DATES[role]: in_german(one.get("date")) for one in rows if (role := str(one.get("role"))) in DATES}
