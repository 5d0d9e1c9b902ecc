"""CKAN's permission labels by the rule of `readers`. CKAN takes them from the first plugin that has any: this one."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.lib.plugins import DefaultPermissionLabels

from ckanext.mainz.governance import people, readers, record


class GovernedLabels(DefaultPermissionLabels):
    """Methods of `IPermissionLabels`."""

    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        if dataset_obj.type not in record.TYPES:
            return [readers.OFFICE]  # sources of the harvester and the like: for those who run the portal
        return readers.labels_of_record(record.of(dataset_obj))

    def get_user_dataset_labels(self, user_obj: Any) -> list[str]:
        person = people.person(user_obj if getattr(user_obj, "id", None) else None)
        members = [f"member-{one}" for one in sorted(person.capacities)]
        return [*readers.labels_of_person(person), *([f"creator-{person.id}"] if person.id else []), *members]
