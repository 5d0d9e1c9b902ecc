"""Who may read the decision log."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.governance import people

_ = toolkit._


def get_auth_functions() -> dict[str, Any]:
    return {"mainz_decision_list": mainz_decision_list}


def mainz_decision_list(context: Any, data: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - CKAN's signature
    """The Geschäftsstelle and administrators read everything, Datenverantwortliche what concerns theirs (`scope`)."""
    person = people.acting(context)
    if person.office or person.sysadmin or (person.led and not person.service):
        return {"success": True}
    return {
        "success": False,
        "msg": _("Only the Geschäftsstelle and the Datenverantwortliche of an organisation read the decision log."),
    }


def scope(person: people.Person) -> frozenset[str] | None:
    """The organisations whose decisions a reader of the log sees; None where they see all."""
    return None if person.office or person.sysadmin else person.led
