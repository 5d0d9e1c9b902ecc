"""The source type ``mainz_csw``: a CSW of a geodata infrastructure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.foundation.xml import parse
from ckanext.mainz.harvest import options
from ckanext.mainz.harvest.gdi import codes, coupling, csw, fingerprint, iso, mapping
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.mapped import Mapped, Skip
from ckanext.mainz.harvest.gdi.settings import GdiSettings, Openness, SeriesRule
from ckanext.mainz.harvest.kinds import Beat, Candidate, Reading
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.harvest.spool import Spool
from ckanext.mainz.metadata.rdf.problems import Problem

NAME = "mainz_csw"
TOLD = N_("{message}")
SERVICES_HELD = 256
TYPES = ("dataset", "series", "service", "nonGeographicDataset")
OPTIONS: Mapping[str, options.Option] = {
    **options.COMMON,
    "page_size": options.number(1, 500),
    "max_records": options.number(1, 1_000_000),
    "filter_organisations": options.TEXTS,
    "filter_types": options.TEXTS,
    "filter_keywords": options.TEXTS,
    "organisation": options.TEXT,
    "organisations": options.TABLE,
    "openness": options.choice(Openness),
    "take_closed": options.FLAG,
    "default_license": options.TEXT,
    "contributor_id": options.TEXT,
    "record_url": options.TEXT,
    "function_mails": options.TEXTS,
    "series": options.TABLE,
}
#: Options that `GdiSettings` has under the same name.
PLAIN = ("organisation", "organisations", "take_closed", "default_license", "contributor_id", "record_url",
         "redistribute")  # fmt: skip


@dataclass(frozen=True)
class CswKind:
    """Reads a catalogue page by page and joins services with their datasets."""

    name: str = NAME

    def problems(self, url: str, config: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:  # noqa: ARG002
        """See `kinds.Kind.problems`."""
        return options.problems(config, OPTIONS)

    def read(self, session: Session, url: str, config: Mapping[str, Any], spool: Spool, beat: Beat) -> CswRead:
        """See `kinds.Kind.read`."""
        reading = csw.list_records(session, catalogue_of(url, config))
        datasets: list[_Dataset] = []
        services: list[_Service] = []
        for page in reading:
            for record in page.records:
                _sort(record.xml, spool.add(record.xml), datasets, services)
            beat(len(spool), 0)
        return CswRead(spool, settings_of(config), reading.completeness, datasets, services, date.today())


def catalogue_of(url: str, config: Mapping[str, Any]) -> csw.CswSource:
    """The catalogue that a configuration means, and what is asked of it."""
    filters = csw.CswFilter(
        *(tuple(config.get(f"filter_{name}", ())) for name in ("organisations", "types", "keywords"))
    )
    given = {name: config[name] for name in ("page_size", "max_records") if name in config}
    return csw.CswSource(url, filters=filters, **given)


def settings_of(config: Mapping[str, Any]) -> GdiSettings:
    """The settings of the mapping that a configuration means."""
    return GdiSettings(
        **{"organisation": "", **{name: config[name] for name in PLAIN if name in config}},
        openness=Openness(config.get("openness", Openness.EITHER)),
        function_mails=frozenset(config.get("function_mails", ())),
        series=tuple(SeriesRule(part, series) for part, series in config.get("series", {}).items()),
    )


@dataclass(frozen=True, slots=True)
class _Dataset:
    number: int
    keys: coupling.DatasetKeys


@dataclass(frozen=True, slots=True)
class _Service:
    number: int
    keys: coupling.ServiceKeys


def _sort(xml: bytes, number: int, datasets: list[_Dataset], services: list[_Service]) -> None:
    """Notes the keys of a record; all else stays on disk."""
    record = _parsed(xml)
    level = codes.level(record)
    if level is not None and level["type"] == mapping.SERVICE:
        services.append(_Service(number, coupling.service_of(record)))
    else:
        datasets.append(_Dataset(number, coupling.dataset_of(record)))


def _parsed(xml: bytes) -> IsoRecord:
    try:
        return iso.read(parse(xml, source="CSW"))
    except ReadableError:  # a record that no parser takes is told as one that says nothing
        return IsoRecord()


class CswRead:
    """A catalogue that was read. Its records are datasets, and the services that belong to none of them."""

    def __init__(
        self,
        spool: Spool,
        settings: GdiSettings,
        completeness: csw.Completeness,
        datasets: Sequence[_Dataset],
        services: Sequence[_Service],
        today: date,
    ) -> None:
        self._spool, self._settings, self._today = spool, settings, today
        self.reading = _reading(completeness)
        self._guids = {one.number: one.keys.guid for one in datasets}
        self._services = {one.keys.guid: one.number for one in services}
        self._coupling = coupling.couple((one.keys for one in datasets), (one.keys for one in services))
        free = (self._services[guid] for guid in dict.fromkeys(self._coupling.uncoupled))
        self.numbers = (*self._guids, *sorted(free))
        self._service = lru_cache(maxsize=SERVICES_HELD)(lambda number: _parsed(spool.get(number)))

    def candidate(self, number: int) -> Candidate:
        """See `kinds.Read.candidate`."""
        mapped = self._mapped(number)
        package = {**mapped.package, "resources": _with_keys(mapped.package["resources"])} \
            if mapped.package.get("resources") else mapped.package  # fmt: skip
        if mapped.organisation and package:
            package = {**package, "owner_org": mapped.organisation}
        return Candidate(
            guid=mapped.guid or f"record-{number}",
            title=mapped.title,
            keys=mapped.keys,
            likeness=fingerprint.likeness(mapped),
            fingerprint=fingerprint.fingerprint(mapped),
            package=package or None,
            refused=_skipped(mapped.skip) if mapped.skip else None,
            skipped=mapped.skip is not None,
            reasons=tuple(_problem(one) for one in mapped.problems),
            license_missing=mapped.license_missing,
        )

    def raw(self, number: int) -> bytes:
        """See `kinds.Read.raw`."""
        return self._spool.get(number)

    def _mapped(self, number: int) -> Mapped:
        record = _parsed(self._spool.get(number))
        if number not in self._guids:
            return mapping.map_service(record, self._settings, self._today)
        guids = self._coupling.services_of(self._guids[number])
        coupled = [self._service(self._services[guid]) for guid in guids]
        return mapping.map_dataset(record, coupled, self._settings, self._today)


def _skipped(skip: Skip) -> Reason:
    return Reason(str(skip.reason), skip.message, {"value": skip.value})


def _problem(problem: Problem) -> Reason:
    return Reason(f"field:{problem.field}", problem.message, {"value": problem.value, "used": problem.used})


def _with_keys(resources: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Files with the key by which a run knows them again: their address, and which of several with it."""
    seen: dict[str, int] = {}
    keyed = []
    for one in resources:
        url = str(one.get("url") or one.get("access_url") or "")
        seen[url] = seen.get(url, 0) + 1
        keyed.append({**one, "source_key": url if seen[url] == 1 else f"{url} #{seen[url]}"})
    return keyed


def _reading(found: csw.Completeness) -> Reading:
    why = next(iter(found.reasons), None)
    told = tuple(Reason("source", TOLD, {"message": str(one)}) for one in found.problems)
    return Reading(
        complete=found.complete,
        why=Reason("incomplete", TOLD, {"message": str(why)}) if why else None,
        unreadable=frozenset(one.identifier for one in found.unreadable if one.identifier),
        problems=told,
    )
