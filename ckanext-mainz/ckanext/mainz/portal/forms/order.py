"""The order of a dataset's files, changed by buttons instead of by dragging."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.foundation import outcome
from ckanext.mainz.portal.forms import access


def move(dataset: Mapping[str, Any], up: str, down: str) -> None:
    """Moves the file with the id `up` before, the one with the id `down` behind its neighbour; unknown ids stay."""
    ids = [one["id"] for one in dataset["resources"]]
    moved = swapped(ids, up, -1) if up else swapped(ids, down, 1)
    if moved != ids:
        answer = toolkit.get_action("package_resource_reorder")(access.context(), {"id": dataset["id"], "order": moved})
        outcome.tell(answer, "")


def swapped(ids: list[str], id: str, step: int) -> list[str]:
    """A list in which one entry has changed places with its neighbour, if it has one there."""
    if id not in ids or not 0 <= ids.index(id) + step < len(ids):
        return ids
    here = ids.index(id)
    there = here + step
    return [*ids[: min(here, there)], ids[max(here, there)], ids[min(here, there)], *ids[max(here, there) + 1 :]]
