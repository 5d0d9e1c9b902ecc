"""Which services give out which datasets, by ``operatesOn``.

The join is made here and not by the catalogue: pycsw does not index it. Only keys are held, so that the records of a
whole catalogue fit into memory:

    coupling = couple([dataset_of(record) for …], [service_of(record) for …])
    for guid in coupling.services_of("…"): …
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ckanext.mainz.harvest.gdi import identifiers
from ckanext.mainz.harvest.gdi.iso import IsoRecord


@dataclass(frozen=True, slots=True)
class DatasetKeys:
    """A dataset by the keys under which services may name it; `uuids` are the UUIDs in its identifiers."""

    guid: str
    keys: tuple[str, ...]
    uuids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceKeys:
    """A service by what it says that it gives out: for each dataset the keys that may name it."""

    guid: str
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Coupling:
    """`services`: guids of services by that of their dataset, in order; `uncoupled`: services of no dataset here."""

    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    uncoupled: tuple[str, ...] = ()

    def services_of(self, guid: str) -> tuple[str, ...]:
        """The guids of the services of a dataset."""
        return self.services.get(guid, ())


def dataset_of(record: IsoRecord) -> DatasetKeys:
    """The keys of a dataset."""
    return DatasetKeys(identifiers.guid(record), identifiers.keys(record), identifiers.uuid_keys(record))


def service_of(record: IsoRecord) -> ServiceKeys:
    """The keys of a service."""
    return ServiceKeys(
        identifiers.guid(record), tuple(dict.fromkeys(filter(None, map(str.strip, identifiers.targets(record)))))
    )


def couple(datasets: Iterable[DatasetKeys], services: Iterable[ServiceKeys]) -> Coupling:
    """Joins services with datasets. A UUID alone joins only where it is that of one dataset and nothing else fits."""
    strong: dict[str, set[str]] = {}
    weak: dict[str, set[str]] = {}
    for one in datasets:
        _enter(strong, one.keys, one.guid)
        _enter(weak, one.uuids, one.guid)
    found: dict[str, list[str]] = {}
    uncoupled = []
    for service in services:
        guids = {guid for target in service.targets for guid in _meant(target, strong, weak)}
        for guid in guids:
            found.setdefault(guid, []).append(service.guid)
        if not guids:
            uncoupled.append(service.guid)
    return Coupling({guid: tuple(sorted(set(those))) for guid, those in found.items()}, tuple(uncoupled))


def _enter(index: dict[str, set[str]], keys: Iterable[str], guid: str) -> None:
    for key in keys:
        index.setdefault(key, set()).add(guid)


def _meant(target: str, strong: Mapping[str, set[str]], weak: Mapping[str, set[str]]) -> Iterator[str]:
    if exact := strong.get(identifiers.key(target)):
        yield from exact
        return
    only = weak.get(identifiers.uuid_key(target), set())
    if len(only) == 1:
        yield from only
