"""What CKAN and its extensions would show or change past the rules of this room, closed.

`lists` and `following` close what reads the database without asking who reads; `absent` and `pages` make what is
forbidden look like what does not exist; `writes` closes the side doors to what is released; `harvesting` keeps sources
and their objects to those who run them.
"""

from __future__ import annotations

from typing import Any

from ckanext.mainz.governance.closing import absent, following, harvesting, lists, pages, writes

PARTS = (lists, following, writes, harvesting)


def get_actions() -> dict[str, Any]:
    return _of_all("get_actions")


def get_auth_functions() -> dict[str, Any]:
    return _of_all("get_auth_functions")


def get_blueprints() -> list[Any]:
    return pages.get_blueprints()


def _of_all(door: str) -> dict[str, Any]:
    return {name: one for part in PARTS if hasattr(part, door) for name, one in getattr(part, door)().items()}


def closed(actions: dict[str, Any]) -> dict[str, Any]:
    """The actions of the room, with those added that must not tell what is forbidden from what is absent."""
    return {**actions, **absent.closed(actions)}
