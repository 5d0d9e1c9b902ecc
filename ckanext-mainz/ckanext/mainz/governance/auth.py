"""Who may do what: small permissions, put together. Sysadmins are asked like everybody: they operate the portal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.governance import files, people, proposals, record, writing
from ckanext.mainz.governance.people import Person
from ckanext.mainz.governance.record import Standing

_ = toolkit._
Answer = dict[str, Any]


def get_auth_functions() -> dict[str, Any]:
    return {
        "mainz_record_submit": _about_record(edits),
        "mainz_record_promote": _about_record(edits),
        "mainz_record_release": _about_record(may_decide),
        "mainz_record_return": _about_record(may_decide),
        "mainz_record_withdraw": _about_record(may_decide),
        "mainz_record_archive": _about_record(may_decide),
        "mainz_record_visibility_set": _about_record(edits_or_decides),
        "mainz_record_readers_show": _about_record(reads_closely),
        "mainz_record_history": mainz_record_history,
        "mainz_record_override": mainz_record_override,
        "mainz_proposal_list": _about_record(reads_closely),
        "mainz_proposal_show": _about_record(reads_closely),
        "mainz_proposal_accept": _about_record(may_decide),
        "mainz_proposal_return": _about_record(may_decide),
        "mainz_records_release": office_only,
        "resource_show": resource_show,
        **{name: _of_proposed_file() for name in ("resource_update", "resource_patch", "resource_delete")},
    }


def edits(person: Person, standing: Standing) -> bool:
    """Redaktion, Datenverantwortliche and the service account of the record's organisation."""
    return person.edits(standing.owner) and (not person.service or standing.owner == person.service)


def may_decide(person: Person, standing: Standing) -> bool:
    """Datenverantwortliche of the record's organisation and the Geschäftsstelle; at what level, the transition says."""
    return person.office or person.leads(standing.owner)


def edits_or_decides(person: Person, standing: Standing) -> bool:
    return edits(person, standing) or may_decide(person, standing)


def reads_closely(person: Person, standing: Standing) -> bool:
    """Those who work on a record or decide about it, and the operator."""
    return edits_or_decides(person, standing) or person.sysadmin


def _about_record(permission: Callable[[Person, Standing], bool]) -> Any:
    @toolkit.auth_sysadmins_check
    def function(context: Any, data: Mapping[str, Any]) -> Answer:
        package = writing.stored(data.get("id"))
        if package is None:
            return {"success": False, "msg": nothing_there()}
        allowed = permission(people.acting(context), record.of(package))
        return {"success": True} if allowed else {"success": False, "msg": not_yours()}

    return function


@toolkit.auth_sysadmins_check
def office_only(context: Any, _data: Mapping[str, Any]) -> Answer:
    """The Geschäftsstelle alone."""
    if people.acting(context).office:
        return {"success": True}
    return {"success": False, "msg": _("Only the Geschäftsstelle may do this.")}


@toolkit.auth_allow_anonymous_access
def mainz_record_history(context: Any, data: Mapping[str, Any]) -> Answer:
    """Whoever reads a record reads what was released of it."""
    toolkit.check_access("package_show", context, {"id": data.get("id")})
    return {"success": True}


@toolkit.auth_sysadmins_check
def mainz_record_override(context: Any, _data: Mapping[str, Any]) -> Answer:
    """The operator's way out of an emergency; it only ever takes readers away."""
    if people.acting(context).sysadmin:
        return {"success": True}
    return {"success": False, "msg": _("Only the operator of the portal may do this.")}


@toolkit.chained_auth_function
@toolkit.auth_allow_anonymous_access
def resource_show(original: Any, context: Any, data: Any) -> Any:
    """A file can be stricter than its record: files, DataStore and views all ask this function."""
    answer = original(context, data)
    if answer.get("success") and not files.may_read(context, str(data.get("id") or "")):
        return {"success": False, "msg": nothing_there()}
    return answer


def _of_proposed_file() -> Any:
    """A file that exists only in a proposal is changed by those who change its record."""

    @toolkit.chained_auth_function
    def function(original: Any, context: Any, data: Any) -> Any:
        id = data.get("id")
        if isinstance(id, str) and model.Resource.get(id) is None and "resource" not in context:
            package_id = proposals.record_of_proposed_file(id)
            if package_id:
                toolkit.check_access("package_update", context, {"id": package_id})
                return {"success": True}
        return original(context, data)

    return function


def nothing_there() -> str:
    """The same for what does not exist and for what somebody may not know of."""
    return _("There is no record with this id, or it is not for you.")


def not_yours() -> str:
    return _(
        "Your role does not allow this for this record. Ask Datenverantwortliche of its organisation, or the office."
    )
