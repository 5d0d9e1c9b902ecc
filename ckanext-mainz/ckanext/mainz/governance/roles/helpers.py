"""Template helpers about people and roles."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.governance.roles import invitations


def get_helpers() -> dict[str, Any]:
    return {"mainz_invitation_end": invitation_end}


def invitation_end() -> str:
    """The last day of an invitation that is sent now, as 31.12.2026."""
    return invitations.end_of_new().astimezone(toolkit.h.get_display_timezone()).strftime("%d.%m.%Y")
