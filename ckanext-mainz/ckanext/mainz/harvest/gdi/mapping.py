"""Records of ISO 19139 as packages of the portal, in the names of docs/developers/metadata.md. Nothing here raises.

A dataset becomes a package with its files and services as resources; a service that belongs to no dataset here becomes
a package of its own. What cannot be taken over is among the problems; a record that is not imported says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.harvest.gdi import (
    codes,
    common,
    contacts,
    extents,
    identifiers,
    keywords,
    licences,
    resources,
    services,
    times,
)
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.licences import Licence
from ckanext.mainz.harvest.gdi.mapped import Mapped, Package, Reason, Skip
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.prose import one_line, prose
from ckanext.mainz.harvest.gdi.services import FoundService, Layer
from ckanext.mainz.harvest.gdi.settings import GdiSettings, Openness
from ckanext.mainz.metadata import iris

DATASET, SERVICE = "dataset", "data_service"
MOST = 100
NO_IDENTIFIER = N_("The record has no identifier, so it could not be recognised next time.")
NO_TITLE = N_("The record has no title.")
NO_SUBJECT = N_("There is no metadata record in what the catalogue gave.")
OTHER_LEVEL = N_("The record describes a thing of the kind “{value}”, which is not imported.")
NOT_OPEN = N_("The record has neither the keyword “opendata” nor an open licence.")
NO_KEYWORD = N_("The record does not have the keyword “opendata”.")
NO_OPEN_LICENCE = N_("The record has no open licence.")
CLOSED = N_("The licence “{value}” does not allow everybody to use the data.")
NO_ENDPOINT = N_("The service has no address that works for the public.")
WITHOUT_KEYWORD = N_("The record is taken because of its open licence; the keyword “opendata” is missing.")
LICENCE_MISSING = N_("No licence can be used. The record waits until somebody gives it one.")
OF_SERVICE = N_("The record names no licence; that of its services is used: {used}.")
NO_DATA = N_("The record leads to no file and no service.")
TOO_MANY = N_("The service names more than 100 datasets; the others are left out.")


def map_dataset(record: IsoRecord, coupled: Sequence[IsoRecord], settings: GdiSettings, today: date) -> Mapped:
    """The package of a dataset. `coupled` are the records of its services, in any order; `today` is the day of the run,
    by which computed dates are known."""
    notes = Notes([*record.problems])
    found = resources.found_services(record, coupled, notes)
    licence = _licence(record, found, settings, notes)
    skip = _skip(record, DATASET, licence, settings, notes)
    if skip:
        return _skipped(record, skip, notes)
    package, organisation = _package(record, DATASET, licence, settings, today, notes)
    package |= _of_dataset(record, settings, today, notes)
    files = resources.of_files(record, package["title"], licence, notes)
    package["resources"] = [*files, *resources.of_services(record, package["title"], found, licence, notes)]
    if not package["resources"]:
        notes.hint("resources", NO_DATA, "")
    layers = {one.url: one.layers for one in found if one.layers}
    return _mapped(record, package, organisation, licence, settings, notes, layers)


def map_service(record: IsoRecord, settings: GdiSettings, today: date) -> Mapped:
    """The package of a service that belongs to no dataset here."""
    notes = Notes([*record.problems])
    licence = licences.licence(record, settings, notes)
    skip = _skip(record, SERVICE, licence, settings, notes)
    found = None if skip else services.of_record(record, notes)
    if skip or found is None:
        return _skipped(record, skip or Skip(Reason.NO_ENDPOINT, NO_ENDPOINT), notes)
    package, organisation = _package(record, SERVICE, licence, settings, today, notes)
    package |= _of_service(record, found, licence, notes)
    return _mapped(record, package, organisation, licence, settings, notes, {found.url: found.layers})


# --- whether ---------------------------------------------------------------------------------------------------------


def _skip(record: IsoRecord, kind: str, licence: Licence, settings: GdiSettings, notes: Notes) -> Skip | None:
    """Why a record is not imported; None if it is."""
    level = codes.level(record)
    if record == IsoRecord(problems=record.problems):
        return Skip(Reason.NO_RECORD, NO_SUBJECT)
    if level is None or level["type"] != kind:
        return Skip(Reason.OTHER_LEVEL, OTHER_LEVEL, SERVICE if record.is_service else record.level or DATASET)
    if not identifiers.guid(record):
        return Skip(Reason.NO_IDENTIFIER, NO_IDENTIFIER)
    if not common.title(record, Notes()):
        return Skip(Reason.NO_TITLE, NO_TITLE)
    return _closed(record, licence, settings, notes)


def _closed(record: IsoRecord, licence: Licence, settings: GdiSettings, notes: Notes) -> Skip | None:
    """Why a record is no open data, by the rule of the settings. Where its keyword and its licence differ, a note says
    by which of them it was taken."""
    marked = keywords.is_open_data(record)
    allowed, message = _rule(settings.openness, marked, licence.is_open)
    if not allowed:
        return Skip(Reason.NOT_OPEN, message)
    if licence.term and not licence.is_open and not settings.take_closed:
        return Skip(Reason.CLOSED_LICENCE, CLOSED, licence.term.de)
    if licence.is_open and not marked:
        notes.hint("tags", WITHOUT_KEYWORD, "")
    return None


def _rule(openness: Openness, marked: bool, is_open: bool) -> tuple[bool, Message]:
    return {
        Openness.ALL: (True, NOT_OPEN),
        Openness.KEYWORD: (marked, NO_KEYWORD),
        Openness.LICENCE: (is_open, NO_OPEN_LICENCE),
        Openness.EITHER: (marked or is_open, NOT_OPEN),
    }[openness]


def _licence(record: IsoRecord, found: list[FoundService], settings: GdiSettings, notes: Notes) -> Licence:
    """The licence of a dataset: its own; that of its services where they agree and it has no files of its own."""
    own = licences.licence(record, settings, notes)
    others = {one.licence.term.uri: one.licence for one in found if one.licence.term}
    if own.term or len(others) != 1 or licences.is_contradictory(notes) or resources.files(record):
        return own
    only = next(iter(others.values()))
    notes.mended("license_id", OF_SERVICE, "", only.term.de if only.term else "")
    return only


# --- what ------------------------------------------------------------------------------------------------------------


def _package(
    record: IsoRecord, kind: str, licence: Licence, settings: GdiSettings, today: date, notes: Notes
) -> tuple[Package, str]:
    """What datasets and services have in common, and the organisation that the record belongs to."""
    organisation, publisher = contacts.organisation(record, settings, notes)
    package: Package = {
        "type": kind,
        **common.fields(record, settings, today, notes),
        **common.pages(record, settings, notes),
        **common.of_licence(licence),
        **common.filled({"publisher": [row for row in publisher if row.get("name")]}),
    }
    return package, organisation


def _of_dataset(record: IsoRecord, settings: GdiSettings, today: date, notes: Notes) -> dict[str, Any]:
    places = extents.rows(record.extents, settings, notes)
    return common.filled(
        {
            **contacts.agents(record, settings, notes),
            "alternate_identifier": identifiers.alternate(record),
            "frequency": codes.frequency(record, notes),
            "temporal_coverage": times.periods(record, today, notes),
            "spatial_coverage": places,
            "political_geocoding_level_uri": extents.levels(places, settings),
            "spatial_resolution_in_meters": codes.resolution(record, notes),
            "language": codes.languages(record, settings, notes),
            "conforms_to": codes.conforms_to(record, notes),
            "dcat_type": codes.kinds(record),
            "provenance": prose(record.lineage),
            "contributor_id": common.term("contributors", settings.contributor_id) or settings.contributor_id,
            "in_series": [one.series for one in settings.series if one.part.casefold() in record.title.casefold()],
        }
    )


def _of_service(record: IsoRecord, found: FoundService, licence: Licence, notes: Notes) -> dict[str, Any]:
    return common.filled(
        {
            "endpoint_url": found.endpoint,
            "endpoint_description": found.url,
            "service_format": [uri] if (uri := common.term("file_types", found.format)) else [],
            "license_attribution_text": licence.attribution,
            "serves_dataset": _serves(record, notes),
        }
    )


def _serves(record: IsoRecord, notes: Notes) -> list[str]:
    """Addresses of datasets elsewhere that a service gives out: identifiers, not pages with metadata."""
    given = record.service.operates_on if record.service else ()
    names = [one.uuidref if "://" in one.uuidref else one.href for one in given]
    found = [*dict.fromkeys(iris.iri(one) for one in names if "://" in one and "?" not in one and iris.is_iri(one))]
    if len(found) > MOST:
        notes.left_out("serves_dataset", TOO_MANY)
    return found[:MOST]


def _mapped(
    record: IsoRecord,
    package: Package,
    organisation: str,
    licence: Licence,
    settings: GdiSettings,
    notes: Notes,
    layers: dict[str, tuple[Layer, ...]],
) -> Mapped:
    if licence.term is None:
        notes.left_out("license_id", LICENCE_MISSING)
    return Mapped(
        guid=identifiers.guid(record),
        keys=_keys(record),
        title=one_line(record.title),
        package=package,
        organisation=organisation,
        problems=tuple(notes.problems),
        license_missing=licence.term is None,
        parent=record.parent_identifier,
        metadata_date=times.metadata_date(record),
        preview=common.preview(record),
        layers=layers,
        inspire=keywords.is_inspire(record),
        redistribute=settings.redistribute,
    )


def _skipped(record: IsoRecord, skip: Skip, notes: Notes) -> Mapped:
    title = one_line(record.title)
    return Mapped(identifiers.guid(record), _keys(record), title, problems=tuple(notes.problems), skip=skip)


def _keys(record: IsoRecord) -> tuple[str, ...]:
    """All identifiers as they are compared, the record's own first."""
    own = identifiers.key(identifiers.guid(record))
    found = (own, *identifiers.keys(record), *identifiers.uuid_keys(record))
    return tuple(dict.fromkeys(filter(None, found)))
