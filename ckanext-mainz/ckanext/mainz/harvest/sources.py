"""Harvest sources as ckanext-harvest keeps them, and the kinds that can read them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestSource

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels
from ckanext.mainz.harvest.ckan.kind import CkanKind
from ckanext.mainz.harvest.dcat.kind import DcatKind
from ckanext.mainz.harvest.duva.kind import DuvaKind, modes
from ckanext.mainz.harvest.gdi.kind import CswKind
from ckanext.mainz.harvest.kinds import Kind
from ckanext.mainz.harvest.merging import Rule
from ckanext.mainz.harvest.runs import Source
from ckanext.mainz.harvest.safety import Limits
from ckanext.mainz.metadata.rdf.settings import rdf_settings

_ = toolkit._
DCAT = "dcat"
"""Mode of a source of DUVA that gives out a DCAT catalogue."""
MANUAL = "MANUAL"
OF_OTHERS = frozenset({"mainz_dcat", "mainz_ckan"})
"""Kinds of sources whose records others are responsible for: unless the source says so, they are not given on."""
NO_JSON = N_("The configuration is not JSON: {why}")
NO_OBJECT = N_('The configuration must be an object: {{"option": value, …}}.')
#: Fields in which the source always wins, and lists that are joined with what editors added.
RULES: Mapping[str, Rule] = {"tags": Rule.UNION, "modified": Rule.SOURCE, "source_record_id": Rule.SOURCE}


def kinds() -> Mapping[str, Kind]:
    """All kinds of sources by their source type."""
    base = rdf_settings().base_uri
    dcat = DcatKind(base)
    every: tuple[Kind, ...] = (CswKind(), dcat, CkanKind(base), DuvaKind(modes={**modes(), DCAT: dcat}))
    return {one.name: one for one in every}


def find(name: str) -> HarvestSource | None:
    """A source by its id, or by the name of its package."""
    found = model.Session.get(HarvestSource, name)
    if found is not None:
        return found
    package = model.Package.get(name)
    return model.Session.get(HarvestSource, package.id) if package is not None else None


def due() -> list[HarvestSource]:
    """Sources that are to be run each night, in their order (option ``order``, then title)."""
    table: Any = HarvestSource.__table__  # the class has a method `active`
    asked = sa.select(HarvestSource).where(
        table.c.active, HarvestSource.frequency != MANUAL, HarvestSource.type.in_(kinds())
    )
    return sorted(model.Session.scalars(asked), key=lambda one: (options_of(one).get("order", 0), one.title or ""))


def options_of(source: HarvestSource) -> dict[str, Any]:
    """The options of a source. Raises `toolkit.ValidationError` where they are no JSON object."""
    return _parsed(str(source.config or ""))


def _parsed(config: str) -> dict[str, Any]:
    try:
        found = json.loads(config) if config.strip() else {}
    except json.JSONDecodeError as error:
        raise toolkit.ValidationError({"config": [_(NO_JSON).format(why=error)]}) from error
    if not isinstance(found, dict):
        raise toolkit.ValidationError({"config": [_(NO_OBJECT).format()]})
    return found


def checked(kind: Kind, url: str, config: str) -> dict[str, Any]:
    """The options in a configuration. Raises `toolkit.ValidationError` naming each that cannot be used."""
    found = _parsed(config)
    problems = kind.problems(url, found)
    if problems:
        raise toolkit.ValidationError({"config": list(_sentences(problems))})
    return found


def _sentences(problems: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{name}: {one}" for name, some in problems.items() for one in some]


def ready(source: HarvestSource) -> tuple[Source, Kind]:
    """A source as it can be run, and its kind. Raises `toolkit.ValidationError` where its options cannot be used, and
    `LookupError` for a type that is not ours."""
    kind = kinds()[str(source.type)]
    config = checked(kind, str(source.url), str(source.config or ""))
    config.setdefault("redistribute", source.type not in OF_OTHERS)
    rules = {**RULES, **dict.fromkeys(config.get("source_wins", ()), Rule.SOURCE)}
    usual = Limits()
    limits = Limits(
        share=float(config.get("missing_share", usual.share)),
        at_least=int(config.get("missing_at_least", usual.at_least)),
        runs=int(config.get("missing_runs", usual.runs)),
    )
    level = str(config.get("level", levels.OEFFENTLICH))
    owner = _owner(source)
    minutes = int(config.get("minutes", 120))
    return Source(str(source.id), str(source.url), owner, level, config, rules, limits, minutes), kind


def _owner(source: HarvestSource) -> str:
    package = model.Session.get(model.Package, source.id)
    return str((package.owner_org if package is not None else "") or source.publisher_id or "")
