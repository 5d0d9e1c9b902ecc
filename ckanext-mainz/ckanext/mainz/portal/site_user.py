"""CKAN's actions, called by the portal itself: for what no person asked for."""

from __future__ import annotations

from typing import Any, cast

from ckan.plugins import toolkit
from ckan.types import Context


def name() -> str:
    """The name of CKAN's site user, who is made if this is the first call ever."""
    return toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]


def act(action: str, data: dict[str, Any], **context: Any) -> Any:
    """Calls an action as the site user, who may do everything; `context` is added to CKAN's context."""
    own = cast(Context, {"ignore_auth": True, "user": name(), **context})
    return toolkit.get_action(action)(own, data)
