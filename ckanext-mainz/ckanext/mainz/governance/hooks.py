"""What this room does when CKAN reads, writes or indexes a record."""

from __future__ import annotations

from typing import Any

import ckan.model as model

from ckanext.mainz.governance import files, levels, links, logbook, people, proposals, record, rehearsal, writing
from ckanext.mainz.governance.check import background

Dict = dict[str, Any]


class GovernanceHooks:
    """Methods of `IPackageController` for the room's plugin."""

    def after_dataset_create(self, context: Any, data: Dict) -> None:
        _written(context, str(data["id"]), created=True)
        background.saved(str(data["id"]))

    def after_dataset_update(self, context: Any, data: Dict) -> None:
        _written(context, str(data["id"]), created=False)
        background.saved(str(data["id"]))

    def after_dataset_show(self, context: Any, pkg_dict: Dict) -> None:
        files.shown(context, pkg_dict)
        links.shown(context, [pkg_dict])

    def before_dataset_index(self, pkg_dict: Dict) -> Dict:
        return files.without_stricter(pkg_dict)

    def before_dataset_search(self, search_params: Dict) -> Dict:
        """Archived records are found by those who ask for them (``extras_lifecycle:archiviert``).

        Scores are not told: they say in how many records a word stands, and those are not only the reader's.

        Facets hold only what is found. With ``facet.mincount=0`` engines list every value of a field, also those of
        records that nobody but their own organisation reads.
        """
        if search_params.get("fl"):
            search_params["fl"] = _fields(search_params["fl"])
        search_params["facet.mincount"] = max(1, int(search_params.get("facet.mincount") or 1))
        asked = f"{search_params.get('q') or ''} {search_params.get('fq') or ''} {search_params.get('fq_list') or ''}"
        if "lifecycle" not in asked:
            search_params["fq_list"] = [*(search_params.get("fq_list") or ()), "-extras_lifecycle:archiviert"]
        return search_params


def _fields(asked: Any) -> list[str]:
    """The fields that are asked for: without scores, and by their own names, by which what is in them is known."""
    parts = [asked] if isinstance(asked, str) else asked
    names = [one.rpartition(":")[2] for part in parts for one in str(part).replace(",", " ").split()]
    return [one for one in names if one != "score"] or ["id"]


def _written(context: Any, package_id: str, *, created: bool) -> None:
    """Notes what was written, in the same transaction; a rehearsal notes nothing."""
    package = model.Session.get(model.Package, package_id)
    if package is None or package.type not in record.TYPES or rehearsal.running():
        return
    logbook.begin(package_id)
    grant = writing.grant()
    if grant is not None:
        if grant.saved is not None:
            grant.saved(package_id)
        return
    person, standing = people.acting(context), record.of(package)
    logbook.contributed(package_id, person.id)
    if created:
        logbook.note(person, standing, "create")
    elif standing.state == levels.FREIGEGEBEN:
        logbook.note(person, standing, "change")
        role = person.role_at(standing.owner)
        logbook.released(package_id, person, role, standing.level, proposals.content_of(package_id))
