"""What rooms hand to the runtime by entry point, without the runtime importing them."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Protocol


class Progress(Protocol):
    """How a long step tells where it is: what it does, and how far it is of how much (0 of 0: no count)."""

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None: ...


#: name → callable(progress): makes derived data (the search index) right. Called before the portal takes requests and
#: at every start of the worker, so it must be fast when all is well.
PREPARE = "ckanext.mainz.prepare"
#: name → callable(progress): called once, on a data folder that was empty, unless `--empty` is given; repeated if it
#: was cut short.
FIRST_START = "ckanext.mainz.first_start"
#: name → callable(): what `ckanext.mainz.schedule` names; the worker runs it as a background job.
JOBS = "ckanext.mainz.jobs"
#: name → callable(): runs in a process of its own, inside CKAN, until that is ended; it may be killed at any moment.
PROCESSES = "ckanext.mainz.processes"
#: name → callable(role) -> SQL: what a superuser runs in CKAN's database after its migrations, for a portal that
#: connects as `role`; in order of names, and repeated at every preparation.
SUPERUSER = "ckanext.mainz.superuser"
#: name → callable(app) -> app: WSGI middleware around CKAN, in order of names; the first is the innermost.
WSGI = "ckanext.mainz.wsgi"


def hooks(group: str) -> list[EntryPoint]:
    """The entry points of a group in order of their names."""
    return sorted(entry_points(group=group), key=lambda entry: entry.name)


def call_all(group: str, progress: Progress) -> None:
    """Call every callable(progress) of a group."""
    for entry in hooks(group):
        entry.load()(progress)


def named(group: str, name: str) -> Callable[[], Any]:
    """The callable of that name in a group. Raises LookupError if no room offers it."""
    for entry in hooks(group):
        if entry.name == name:
            return entry.load()
    raise LookupError(f"There is no {name!r} in the entry points {group}.")
