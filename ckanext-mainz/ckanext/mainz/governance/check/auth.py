"""Who sees the release check of a record."""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.governance import people

_ = toolkit._


def get_auth_functions() -> dict[str, Any]:
    return {"mainz_release_check_show": mainz_release_check_show}


@toolkit.auth_allow_anonymous_access
def mainz_release_check_show(context: Any, data: dict[str, Any] | None = None) -> dict[str, Any]:
    """The questions are no secret. Answers and findings are for those who enter the record and those who decide.

    Who may not see them does not learn either whether there is such a record.
    """
    id = (data or {}).get("id")
    if not id:
        return {"success": True}
    package = model.Package.get(id) if isinstance(id, str) else None
    person = people.acting(context)
    if package is not None and (person.office or person.edits(package.owner_org or "")):
        return {"success": True}
    return {"success": False, "msg": _("There is no such record, or you may not see its release check.")}
