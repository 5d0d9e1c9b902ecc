"""What somebody follows: CKAN gives it as the database has it, with files, links and members that they may not read."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.governance.closing import reading

Dict = dict[str, Any]
SHOWN_BY = {"dataset": "package_show", "organization": "organization_show", "group": "group_show"}


def get_actions() -> Dict:
    return {
        "dataset_followee_list": dataset_followee_list,
        "organization_followee_list": organization_followee_list,
        "group_followee_list": group_followee_list,
        "followee_list": followee_list,
    }


def _shown(context: Any, kind: str, found: Dict) -> Dict | None:
    """One thing as its own action shows it to whoever asks; None where it is gone, or not theirs to read any more."""
    own: Any = {name: context[name] for name in ("user", "auth_user_obj") if name in context}
    try:
        return toolkit.get_action(SHOWN_BY[kind])(own, {"id": found["id"], "include_users": False})
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return None


@toolkit.chained_action
def dataset_followee_list(original: Any, context: Any, data: Dict) -> Any:
    """Records that somebody follows, as whoever asks reads them."""
    return _each(original, context, data, "dataset")


@toolkit.chained_action
def organization_followee_list(original: Any, context: Any, data: Dict) -> Any:
    """Organisations that somebody follows, without their people."""
    return _each(original, context, data, "organization")


@toolkit.chained_action
def group_followee_list(original: Any, context: Any, data: Dict) -> Any:
    """Groups that somebody follows, without their people."""
    return _each(original, context, data, "group")


def _each(original: Any, context: Any, data: Dict, kind: str) -> Any:
    found = original(context, data)
    if reading.is_portal(context):
        return found
    return [shown for one in found if (shown := _shown(context, kind, one)) is not None]


@toolkit.chained_action
def followee_list(original: Any, context: Any, data: Dict) -> Any:
    """All that somebody follows. CKAN looks for it with the rights of the portal."""
    if reading.is_portal(context):
        return original(context, data)
    told = []
    for one in original({**context}, data):
        shown = _shown(context, one["type"], one["dict"]) if one["type"] in SHOWN_BY else one["dict"]
        if shown is not None:
            told.append({**one, "dict": shown})
    return told
