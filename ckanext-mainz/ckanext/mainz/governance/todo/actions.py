"""What programs ask of the to-do list."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.governance import people
from ckanext.mainz.governance.todo import tasks

_ = toolkit._
Dict = dict[str, Any]


def get_actions() -> dict[str, Any]:
    return {"mainz_todo_list": mainz_todo_list}


def get_auth_functions() -> dict[str, Any]:
    return {"mainz_todo_list": _logged_in}


def _logged_in(context: Any, _data: Dict) -> Dict:
    """Everybody has a list of their own."""
    return {"success": bool(people.acting(context).id), "msg": _("Log in to see what there is to do for you.")}


@toolkit.side_effect_free
def mainz_todo_list(context: Any, data: Dict) -> list[Dict]:
    """What whoever asks has to do: ``[{"kind", "heading", "record_id", "name", "title", "organization", "since",
    "words", "proposal"}]``, most urgent kinds first."""
    toolkit.check_access("mainz_todo_list", context, data)
    return [
        {
            "kind": one.kind,
            "heading": one.heading,
            "record_id": one.record_id,
            "name": one.name,
            "title": one.title,
            "organization": one.organization,
            "since": one.since.isoformat() if one.since else None,
            "words": one.words,
            "proposal": one.proposal or None,
        }
        for one in tasks.of(people.acting(context))
    ]
