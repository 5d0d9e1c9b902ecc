"""The examples as CKAN's actions take them, with the mark that tells them from real data.

The mark is fourfold: the field `is_example` (for programs; `remove` goes by it), the keyword `Beispieldaten` (by which
people find all of them), a sentence at the end of the description, and `beispiel-` at the head of each file's name,
because files are passed on without their page.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from werkzeug.datastructures import FileStorage

from ckanext.mainz.governance.roles import pilot
from ckanext.mainz.portal.examples.catalogue import Dataset, Organization, Period, Resource, file_content, uri_of
from ckanext.mainz.portal.examples.data_inventory import ExampleEntry

MARK_FIELD = "is_example"
MARK_KEYWORD = "Beispieldaten"
MARK_SENTENCE = "Dies ist ein Beispiel: Alle Angaben sind frei erfunden."
FILE_PREFIX = "beispiel-"
IN_INVENTORY = "inventar"
IDS = uuid5(NAMESPACE_URL, "https://www.mainz.de/open-data/examples")


def example_id(name: str) -> str:
    """The id of an example: the same in every portal, so that a dataset is known again after it was renamed."""
    return str(uuid5(IDS, name))


def organization_record(organization: Organization) -> dict[str, Any]:
    """What `organization_create` takes."""
    return {**pilot.record(vars(organization)), "contact_email": organization.mailbox, MARK_FIELD: "true"}


def dataset_record(dataset: Dataset, owner: Organization) -> dict[str, Any]:
    """What `package_create` takes; private, with an `upload` in each resource that has a file."""
    return {
        "id": example_id(dataset.name),
        "type": "dataset",
        "name": dataset.name,
        "title": dataset.title,
        "notes": f"{dataset.notes}\n\n{MARK_SENTENCE}",
        "tags": [{"name": keyword} for keyword in (*dataset.keywords, MARK_KEYWORD)],
        "owner_org": dataset.owner,
        "license_id": dataset.licence,
        "theme": [uri_of("themes", code) for code in dataset.themes],
        "frequency": uri_of("frequencies", dataset.frequency),
        "contact": [{"name": owner.title, "email": owner.mailbox}],
        "temporal_coverage": [_coverage(dataset.period)],
        "spatial_coverage": [{"uri": uri_of("places", "mainz")}],
        "sample_record": uri_of("sample_records", dataset.sample) if dataset.sample else "",
        "hvd_category": [uri_of("hvd_categories", code) for code in dataset.hvd],
        "legal_basis": [uri_of("legal_bases", "HVD")] if dataset.hvd else [],
        MARK_FIELD: "true",
        "private": True,
        "resources": [_resource_record(resource, dataset, owner) for resource in dataset.resources],
    }


def entry_given(entry: ExampleEntry) -> dict[str, Any]:
    """What the inventory takes."""
    return {
        "title": entry.title,
        "description": f"{entry.description}\n\n{MARK_SENTENCE}",
        "organization": entry.owner,
        **{name: getattr(entry, name) for name in ("system", "place", "keeper", "reason", "review", "note", "key")},
        "visibility": entry.level,
        "theme": list(entry.themes),
        "shares": [vars(one) for one in entry.shares],
    }


def entry_fields(entry: ExampleEntry) -> dict[str, Any]:
    """What the record of an entry has beside that: the same address everywhere, and the mark."""
    return {"id": entry_id(entry), "name": entry.name, MARK_FIELD: "true", "tags": [{"name": MARK_KEYWORD}]}


def entry_id(entry: ExampleEntry) -> str:
    return example_id(f"{IN_INVENTORY}/{entry.name}")


def _coverage(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat() if period.end else ""}


def _resource_record(resource: Resource, dataset: Dataset, owner: Organization) -> dict[str, Any]:
    record = {
        "id": example_id(f"{dataset.name}/{resource.file or resource.url}"),
        "name": resource.title,
        "description": resource.description,
        "format": resource.format,
    }
    if not resource.file:
        return {**record, "url": resource.url}
    content = file_content(dataset, resource, owner.title)
    upload = FileStorage(io.BytesIO(content), filename=FILE_PREFIX + resource.file, content_type=resource.mime_type)
    checksum = {"hash": hashlib.sha256(content).hexdigest(), "hash_algorithm": uri_of("checksum_algorithms", "sha256")}
    return {**record, **checksum, "mimetype": resource.mime_type, "size": len(content), "upload": upload}
