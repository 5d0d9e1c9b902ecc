"""The decision log: one row for each decision, only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Decision:
    """What somebody decided.

    `action`: ``submit``, ``release``, ``return``, ``withdraw``, …; `actor` is the opaque id of the user, `role` the role
    in which they acted (``editor``, ``admin``, ``office``, ``service``, ``sysadmin``, ``deputy``, ``portal``);
    `record_id` and `organization_id` are empty where it is about neither; `before` and `after` say what changed
    (``{"lifecycle": …, "visibility": …}``); `reason` is a code of the vocabulary ``reasons``.
    """

    action: str
    actor: str
    role: str
    record_id: str = ""
    organization_id: str = ""
    subject: str = ""
    """The user that it is about, by id, where it is about one."""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    note: str = ""


def write(decision: Decision) -> None:
    """Adds a row in the present transaction of ``model.Session``; it stays or goes with what was decided."""
    # replaced with the log itself
