"""Links between records of the portal: they store the id of ours, or the address of somebody else's.

An id is found from a name, an id, or the address of a page here; the record must exist, be of the right kind, and be
visible to whoever links to it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.metadata import checks, lists
from ckanext.mainz.metadata.texts import is_storable

_ = toolkit._
Key = tuple[Any, ...]
Data = dict[Any, Any]
NAME = re.compile(r"[^\s/]{1,100}\Z")
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def get_validators() -> dict[str, Any]:
    return {"mainz_records": records}


def records(*types: str) -> Callable[[Key, Data, Data, Any], None]:
    """A list of links to records of the types; in a schema ``mainz_records(dataset_series)``."""

    def check(key: Key, data: Data, errors: Data, context: Any) -> None:
        own = _stored(context, key[-1])
        lists.checked(key, data, errors, lambda text: text if text in own else target(text, types, context))

    return check


def target(text: str, types: tuple[str, ...], context: Any) -> str:
    """The id of a record, or an address. Raises `toolkit.Invalid` where there is no such record."""
    ours = own_name(text)
    if ours is None:
        return checks.iri(text)
    package = model.Package.get(ours) if is_storable(ours) else None
    if package is None or package.state == "deleted" or not _visible(package, context):
        raise toolkit.Invalid(
            _("There is no record “{name}” in this portal. Give its address or its name.").format(
                name=checks.short(text)
            )
        )
    if package.type not in types:
        raise toolkit.Invalid(
            _("“{title}” is a record of another kind and cannot stand here.").format(
                title=checks.short(package.title or package.name)
            )
        )
    return package.id


def own_name(text: str) -> str | None:
    """The id or name in a text that means a record of ours; None for an address elsewhere."""
    site = str(toolkit.config["ckan.site_url"]).rstrip("/")
    page = re.match(rf"{re.escape(site)}(?:/[a-z]{{2}})?/(?:dataset|dataset_series|data_service)/([^/?#]+)/?\Z", text)
    if page:
        return unquote(page[1])
    return text if NAME.match(text) and not ABSOLUTE.match(text) else None


def _visible(package: model.Package, context: Any) -> bool:
    mine: Any = {"user": context.get("user", ""), "ignore_auth": context.get("ignore_auth", False), "model": model}
    try:
        toolkit.check_access("package_show", mine, {"id": package.id})
    except toolkit.NotAuthorized:
        return False
    return True


def _stored(context: Any, name: str) -> frozenset[str]:
    """What the record that is being changed links to already: that stays possible whoever saves it."""
    package = context.get("package")
    kept = (package.extras or {}).get(name) if package is not None else None
    return frozenset(json.loads(kept)) if isinstance(kept, str) and kept.startswith("[") else frozenset()
