"""Puts the example catalogue into the portal and takes it out again, through CKAN's actions.

Organisations, datasets and entries of the inventory only: accounts are never created. The mark of an example is
described in `records`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.lib import files
from ckan.lib.uploader import get_max_resource_size, get_resource_uploader
from ckan.model.system_info import delete_system_info, get_system_info, set_system_info
from sqlalchemy.dialects.postgresql import JSONB

from ckanext.mainz.foundation.files import PortalResourceUpload
from ckanext.mainz.governance import levels
from ckanext.mainz.governance.inventory import entries, offices, reading
from ckanext.mainz.portal import site_user
from ckanext.mainz.portal.examples.catalogue import Catalogue, Dataset, catalogue
from ckanext.mainz.portal.examples.records import (
    MARK_FIELD,
    MARK_KEYWORD,
    dataset_record,
    entry_fields,
    entry_given,
    entry_id,
    example_id,
    organization_record,
)
from ckanext.mainz.portal.publishing import create_public, publish
from ckanext.mainz.portal.site_user import act
from ckanext.mainz.search import outbox

RUNNING = "ckanext.mainz.examples.loading"
"""Key in CKAN's system info, there while a load runs or after one was cut short."""

AT_ONCE = timedelta(seconds=30)
"""An example whose last change is further from its creation was changed by somebody, not by the load."""

Progress = Callable[[str, int, int], object]
"""Told what is done, how many of how many."""

Names = tuple[str, ...]
Reasons = tuple[tuple[str, str], ...]
"""Names of what was left alone, each with the reason."""


@dataclass(frozen=True)
class Summary:
    """What was created or removed, by name; `kept` has what was left alone, with the reason."""

    datasets: Names = ()
    organizations: Names = ()
    kept: Reasons = ()
    entries: Names = ()
    """Entries of the inventory."""


@dataclass(frozen=True)
class Status:
    """Which examples are in the portal, by name.

    `changed` were changed after they were loaded; `interrupted` says that a load was cut short.
    """

    known: int
    public: Names
    not_public: Names
    changed: Names
    organizations: Names
    interrupted: bool
    entries: Names


# --- load ----------------------------------------------------------------------------------------------------------


def load(progress: Progress, examples: Catalogue | None = None) -> Summary:
    """Creates and publishes what is missing of `examples` (ours, if none are given).

    A load that was cut short is completed by the next one. Otherwise what is there stays as it is, also where an editor
    changed, withdrew or deleted it, and a name that belongs to somebody else's dataset is left to them.
    Raises ExampleError if the catalogue contradicts itself, and CKAN's errors if the portal refuses a record.
    """
    examples = examples or catalogue()
    resumed = bool(get_system_info(RUNNING))
    set_system_info(RUNNING, "true")
    with outbox.deferred():
        organizations = _load_organizations(examples)
        datasets, kept = _load_datasets(examples, resumed, progress)
        entered = _load_entries(examples)
    delete_system_info(RUNNING)
    return Summary(datasets, organizations, kept, entered)


def _load_organizations(examples: Catalogue) -> tuple[str, ...]:
    present = set(model.Session.scalars(sa.select(model.Group.name)))
    missing = [organization for organization in examples.organizations if organization.name not in present]
    for organization in missing:
        act("organization_create", organization_record(organization), return_id_only=True)
    return tuple(organization.name for organization in missing)


def _load_datasets(examples: Catalogue, resumed: bool, progress: Progress) -> tuple[Names, Reasons]:
    present = {package.id: package for package in _packages()}
    taken = {package.name for package in present.values()}
    loaded: list[str] = []
    kept: list[tuple[str, str]] = []
    for number, dataset in enumerate(examples.datasets, start=1):
        package = present.get(example_id(dataset.name))
        if package is None and dataset.name in taken:
            kept.append((dataset.name, "another dataset has this name"))
        elif package is None:
            _create(dataset, examples)
            loaded.append(dataset.name)
        elif resumed and package.waits_for_publication:
            publish(package.id)
            loaded.append(dataset.name)
        progress("Loading the example catalogue", number, len(examples.datasets))
    return tuple(loaded), tuple(kept)


def _load_entries(examples: Catalogue) -> Names:
    """What is missing of the inventory. A name that belongs to somebody else's record is left to them."""
    packages = _packages()
    there = {package.id for package in packages} | {package.name for package in packages}
    missing = [entry for entry in examples.entries if entry_id(entry) not in there and entry.name not in there]
    if not missing:
        return ()
    directory, own = offices.read(), {"user": site_user.name()}
    for entry in missing:
        entries.add(own, reading.parsed(entry_given(entry), directory), **entry_fields(entry))
    return tuple(entry.name for entry in missing)


def _create(dataset: Dataset, examples: Catalogue) -> None:
    """The files first, then the record, so that no record ever points to bytes that are not there."""
    record = dataset_record(dataset, examples.organization(dataset.owner))
    for resource in record["resources"]:
        if "upload" in resource:
            _store(resource)
    create_public(record)


def _store(resource: dict[str, Any]) -> None:
    """Writes a resource's upload as CKAN's `package_update` does; `package_create` takes none.

    The way through a creation and an update writes every record twice, which takes half as long again.
    """
    upload = get_resource_uploader(resource)
    upload.upload(resource["id"], get_max_resource_size())


# --- remove --------------------------------------------------------------------------------------------------------


def remove() -> Summary:
    """Removes every dataset and entry that bears the mark, with files and tables, then the example organisations.

    The mark decides: an example that was edited or renamed goes as well, and so does a copy that still has it; whoever
    wants to keep one clears the field `is_example`. An organisation stays if it has other datasets, members or
    sub-organisations that stay; the summary names it with the reason.
    """
    examples = [package for package in _packages() if package.is_example]
    with outbox.deferred():
        for package in examples:
            _purge(package.id)
        removed, kept = _remove_organizations()
    _remove_unused_keywords()
    delete_system_info(RUNNING)
    datasets, entered = _by_kind(examples)
    return Summary(datasets, removed, kept, entered)


def _by_kind(packages: Iterable[_Package]) -> tuple[Names, Names]:
    """Names of datasets, and of what was loaded as an entry of the inventory, whatever became of it."""
    loaded = {entry_id(entry) for entry in catalogue().entries}
    every = list(packages)
    return (
        tuple(package.name for package in every if package.id not in loaded),
        tuple(package.name for package in every if package.id in loaded),
    )


def _purge(package_id: str) -> None:
    resources = list(model.Session.scalars(sa.select(model.Resource).filter_by(package_id=package_id)))
    uploads = [(resource.id, resource.as_dict()) for resource in resources if resource.url_type == "upload"]
    for resource in resources:
        if (resource.extras or {}).get("datastore_active"):
            act("datastore_delete", {"resource_id": resource.id, "force": True})
    act("dataset_purge", {"id": package_id})
    for resource_id, resource in uploads:
        _remove_file(resource_id, resource)


def _remove_file(resource_id: str, resource: dict[str, Any]) -> None:
    """Removes the bytes that the resource points to; those of earlier deliveries are left to the storages' clean-up."""
    upload = PortalResourceUpload(resource)
    if upload.storage is None:
        return
    with suppress(files.exc.MissingFileError):
        upload.storage.remove(files.FileData(upload.get_path(resource_id)))


def _remove_organizations() -> tuple[Names, Reasons]:
    removed: list[str] = []
    kept: list[tuple[str, str]] = []
    for organization in reversed(_example_organizations()):
        if reason := _use_of(organization):
            kept.append((organization.name, reason))
        else:
            removed.append(organization.name)
            act("organization_purge", {"id": organization.id})
    return tuple(removed), tuple(kept)


def _use_of(organization: model.Group) -> str:
    """Why an organisation must stay; empty if nobody uses it."""
    if model.Session.scalar(sa.select(model.Package.id).filter_by(owner_org=organization.id).limit(1)):
        return "it has datasets that are not examples"
    if _members(organization):
        return "it has members"
    if organization.get_children_groups(type="organization"):
        return "it has a sub-organisation that stays"
    return ""


def _members(organization: model.Group) -> list[model.Member]:
    """People, without the site user, who became a member by creating the organisation."""
    creator = model.User.get(site_user.name())
    members = sa.select(model.Member).filter_by(group_id=organization.id, table_name="user", state="active")
    return [member for member in model.Session.scalars(members) if creator is None or member.table_id != creator.id]


def _remove_unused_keywords() -> None:
    used = sa.select(model.PackageTag.tag_id)
    unused = sa.select(model.Tag.name).where(model.Tag.vocabulary_id.is_(None), model.Tag.id.not_in(used))
    ours = {keyword for dataset in catalogue().datasets for keyword in dataset.keywords} | {MARK_KEYWORD}
    for name in ours.intersection(model.Session.scalars(unused)):
        act("tag_delete", {"id": name})


# --- status --------------------------------------------------------------------------------------------------------


def status() -> Status:
    """What of the examples is in the portal now."""
    examples = [package for package in _packages() if package.is_example]
    datasets, entered = _by_kind(examples)
    public = {package.name for package in examples if package.is_public}
    return Status(
        known=len(catalogue().datasets),
        public=tuple(name for name in datasets if name in public),
        not_public=tuple(name for name in datasets if name not in public),
        entries=entered,
        changed=tuple(package.name for package in examples if package.was_changed),
        organizations=tuple(organization.name for organization in _example_organizations()),
        interrupted=bool(get_system_info(RUNNING)),
    )


# --- what the database knows ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Package:
    """A dataset of the portal, example or not, as far as it matters here."""

    id: str
    name: str
    state: str
    private: bool
    created: datetime
    modified: datetime
    lifecycle: str | None
    is_example: bool

    @property
    def is_public(self) -> bool:
        return self.state == "active" and not self.private

    @property
    def waits_for_publication(self) -> bool:
        return self.is_example and self.state == "active" and self.lifecycle == levels.ENTWURF

    @property
    def was_changed(self) -> bool:
        return self.modified - self.created > AT_ONCE


def _packages() -> list[_Package]:
    """All datasets, the deleted ones too. Asked of the database: the index may lag behind."""
    table = model.Package
    columns = (table.id, table.name, table.state, table.private, table.metadata_created, table.metadata_modified)
    lifecycle = sa.cast(model.package_table.c.extras, JSONB)["lifecycle"].astext
    rows = model.Session.execute(sa.select(*columns, lifecycle, _is_marked(model.package_table)))
    return [_Package(*row) for row in rows]


def _example_organizations() -> list[model.Group]:
    """Parents before children, as they were created."""
    marked = sa.select(model.Group).where(model.Group.is_organization, _is_marked(model.group_table))
    return list(model.Session.scalars(marked.order_by(model.Group.created)))


def _is_marked(table: sa.Table) -> sa.ColumnElement[bool]:
    mark = sa.cast(table.c.extras, JSONB)[MARK_FIELD].astext
    return sa.func.coalesce(sa.func.lower(mark) == "true", sa.false())
