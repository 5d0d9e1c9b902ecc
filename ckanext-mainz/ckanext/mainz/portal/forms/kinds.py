"""The kinds of records that have a form: datasets, series of datasets, services."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.mainz.foundation.errors import N_, Message


@dataclass(frozen=True)
class Kind:
    """A type of packages and what its form says. Only datasets have files, and so a second step."""

    type: str
    add: Message
    edit: Message
    delete: Message
    intro: Message
    saved: Message
    has_files: bool = False


DATASET = Kind(
    "dataset",
    N_("Add dataset"),
    N_("Edit dataset"),
    N_("Delete dataset"),
    N_(
        "Only title, description, publisher and licence are required. You can stop at any time after this step: "
        "the draft waits for you under “My datasets”."
    ),
    N_("Your changes are saved."),
    has_files=True,
)
SERIES = Kind(
    "dataset_series",
    N_("Add series"),
    N_("Edit series"),
    N_("Delete series"),
    N_(
        "A series joins datasets of one kind, such as the budget of each year. Only title, description and publisher "
        "are required. Afterwards, name the series in the form of each of its datasets."
    ),
    N_("The series is saved."),
)
SERVICE = Kind(
    "data_service",
    N_("Add service"),
    N_("Edit service"),
    N_("Delete service"),
    N_(
        "A service is an address from which programs get data, such as a WFS. Only title, description, address, "
        "publisher and licence are required."
    ),
    N_("The service is saved."),
)
KINDS = {kind.type: kind for kind in (DATASET, SERIES, SERVICE)}
