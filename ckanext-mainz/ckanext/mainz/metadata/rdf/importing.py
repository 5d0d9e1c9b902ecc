"""Records of a document of RDF taken into the portal, each for itself: one that is refused stops no other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit
from sqlalchemy import select

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.indexing import LINKS
from ckanext.mainz.metadata.rdf.entries import Record
from ckanext.mainz.metadata.rdf.problems import Problem
from ckanext.mainz.metadata.rdf.reading import ReadRecord, ReadResult
from ckanext.mainz.metadata.rdf.settings import rdf_settings

SERIES = "dataset_series"
#: What harvesters take data without a known licence for.
CLOSED = "other-closed"
NO_LICENSE = N_("No licence of the list is named. The record is taken in with “{value}”; choose the right one.")
NO_ADDRESS = N_("The file “{value}” has no address and is left out.")
#: States of the data governance in which a record can be handed in.
NOT_HANDED_IN = ("entwurf", "zurueckgezogen")


class Outcome(StrEnum):
    """What happened to a record, or would happen."""

    CREATED = "created"
    CHANGED = "changed"
    PROPOSED = "proposed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Imported:
    """One record: what became of it, under which name, and why it was refused, by field.

    `problems` are all values that were mended, replaced or left out on the way. A record that was saved and has errors
    nevertheless was not handed in because of them.
    """

    read: ReadRecord
    outcome: Outcome
    name: str = ""
    errors: Mapping[str, Any] | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Wishes:
    """How to take records in: for which organisation (id or name), handed in for release or left as drafts, really or
    only to see. `check`: answers of the release check that hold for all of them."""

    organisation: str
    submit: bool = False
    check: Mapping[str, str] = field(default_factory=dict)
    apply: bool = False


def take_in(found: ReadResult, wishes: Wishes) -> Iterator[Imported]:
    """Takes each record in and says what became of it; without `apply` every change is undone at once.

    A record is known again by its identifier within the organisation, so that a second import changes it and makes no
    second one. New records are drafts; what would change a released one is proposed. Raises `toolkit.ObjectNotFound` if
    there is no such organisation.
    """
    organisation = toolkit.get_action("organization_show")(_context(), {"id": wishes.organisation})["id"]
    ids: dict[str, str] = {}
    for one in found.all:
        yield _one(one, organisation, wishes, ids)


def _one(one: ReadRecord, organisation: str, wishes: Wishes, ids: dict[str, str]) -> Imported:
    if not one.usable:
        errors = {problem.field: [problem.text()] for problem in one.problems if problem.field == "title"}
        return Imported(one, Outcome.REFUSED, errors=errors)
    package, problems = prepared(one, organisation, ids)
    existing = known(package, organisation)
    try:
        saved = _save(package, existing, wishes.apply)
    except toolkit.ValidationError as error:
        model.Session.rollback()
        return Imported(one, Outcome.REFUSED, errors=error.error_dict, problems=problems)
    ids[one.uri] = saved["id"]
    errors = _hand_in(saved, wishes.check) if wishes.submit and wishes.apply else None
    return Imported(one, _outcome(existing, saved), saved["name"], errors, problems)


def _outcome(existing: model.Package | None, saved: Record) -> Outcome:
    if existing is None:
        return Outcome.CREATED
    return Outcome.PROPOSED if "mainz_proposal" in saved else Outcome.CHANGED


def _hand_in(saved: Record, check: Mapping[str, str]) -> Mapping[str, Any] | None:
    """Hands a draft in for release; why that was refused, by field, if it was."""
    if saved["lifecycle"] not in NOT_HANDED_IN:
        return None
    try:
        toolkit.get_action("mainz_record_submit")(_context(), {"id": saved["id"], "check": dict(check)})
    except toolkit.ValidationError as error:
        model.Session.rollback()
        return error.error_dict
    return None


def _save(package: Record, existing: model.Package | None, apply: bool) -> Record:
    action = "package_update" if existing else "package_create"
    data = {**package, "id": existing.id, "name": existing.name} if existing else package
    saved = toolkit.get_action(action)(_context(defer_commit=not apply), data)
    if not apply:
        model.Session.rollback()
    return saved


def _context(**more: Any) -> Any:
    user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return {"ignore_auth": True, "user": user, **more}


def prepared(one: ReadRecord, organisation: str, ids: Mapping[str, str]) -> tuple[Record, tuple[Problem, ...]]:
    """The package to save, with its organisation, its identifier (K25: as it came) and links to what came with it; and
    what was mended, replaced or left out for that.
    """
    package: Record = {**one.package, "owner_org": organisation}
    problems = list(one.problems)
    if one.uri and not package.get("identifier"):
        package["identifier"] = one.uri
    for name in LINKS:
        if name in package:
            package[name] = [ids.get(link, link) for link in package[name]]
    if "resources" in package:
        package["resources"] = list(_reachable(package, problems))
    if package["type"] != SERIES and not package.get("license_id"):
        package["license_id"] = _usual_license(package, problems)
    return package, tuple(problems)


def _reachable(package: Record, problems: list[Problem]) -> Iterator[Record]:
    """The files that have an address. A file of ours keeps its id, as its record does."""
    for number, resource in enumerate(package["resources"]):
        if not resource.get("url"):
            problems.append(Problem("url", NO_ADDRESS, resource.get("name", ""), number))
            continue
        yield {name: value for name, value in resource.items() if name != "id" or package.get("id")}


def _usual_license(package: Record, problems: list[Problem]) -> str:
    """The licence that most distributions have, as DCAT knows none of a dataset; closed where there is none."""
    uris = Counter(one["license"] for one in package.get("resources", ()) if one.get("license"))
    term = vocabulary.find("licenses", uris.most_common(1)[0][0]) if uris else None
    if term is None:
        problems.append(Problem("license_id", NO_LICENSE, CLOSED))
    return term.code if term else CLOSED


def known(package: Record, organisation: str) -> model.Package | None:
    """The record that a package describes: ours by its id, else one of the organisation with its identifier."""
    identifier = package.get("identifier", "")
    own = package.get("id") or _own_id(identifier)
    if own and (found := model.Package.get(own)) and found.owner_org == organisation:
        return found
    same = (
        select(model.Package)
        .where(model.Package.owner_org == organisation, model.Package.state != model.State.DELETED)
        .where(model.Package.extras["identifier"].astext == identifier)
    )
    return model.Session.scalars(same).first() if identifier else None


def _own_id(identifier: str) -> str:
    base = f"{rdf_settings().base_uri}/dataset/"
    return identifier.removeprefix(base) if identifier.startswith(base) else ""
