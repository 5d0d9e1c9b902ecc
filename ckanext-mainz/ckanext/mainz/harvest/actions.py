"""Actions of the room: the office releases a source, once, and takes that back; everybody may ask what came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from sqlalchemy.dialects.postgresql import insert

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import decisions, levels, people
from ckanext.mainz.governance.check import gate, questions
from ckanext.mainz.governance.check.questions import AnswersError
from ckanext.mainz.harvest import sources, telling
from ckanext.mainz.harvest.tables import release as table
from ckanext.mainz.metadata import vocabulary

_ = toolkit._
Dict = dict[str, Any]
NO_SOURCE = N_("There is no harvest source “{id}”.")
NO_LEVEL = N_("“{value}” is no level. Possible are: {levels}.")
NO_LICENCES = N_("Name the licences with which its records are released, as a list of ids.")
UNKNOWN_LICENCE = N_("There is no licence “{id}”.")


def get_actions() -> Dict:
    return {
        "mainz_harvest_source_release": mainz_harvest_source_release,
        "mainz_harvest_source_release_end": mainz_harvest_source_release_end,
        "mainz_harvest_source_list": mainz_harvest_source_list,
    }


def get_auth_functions() -> Dict:
    return {
        "mainz_harvest_source_release": office_only,
        "mainz_harvest_source_release_end": office_only,
        "mainz_harvest_source_list": everybody,
    }


@toolkit.auth_sysadmins_check
def office_only(context: Any, _data: Mapping[str, Any]) -> Dict:
    """The Geschäftsstelle alone; the operator releases nothing."""
    if people.acting(context).office:
        return {"success": True}
    return {"success": False, "msg": _("Only the Geschäftsstelle may do this.")}


@toolkit.auth_allow_anonymous_access
def everybody(_context: Any, _data: Mapping[str, Any]) -> Dict:
    return {"success": True}


def mainz_harvest_source_release(context: Any, data: Dict) -> Dict:
    """Releases a source: what it delivers from now on is released at once, at this level, with one of these licences,
    as long as the release check finds nothing else.

    :param id: id or name of the source
    :param level: a level (default: ``oeffentlich``)
    :param licenses: ids of licences
    :param check: answers of the release check by the codes of its questions
    """
    toolkit.check_access("mainz_harvest_source_release", context, data)
    source, person = _source(data), people.acting(context)
    level, licenses = _level(data), _licenses(data)
    check = _check(data.get("check"), licenses, level)
    row = {"source_id": source.id, "level": level, "check": {"answers": check}, "licenses": licenses,
           "released_by": person.id, "released": datetime.now(UTC)}  # fmt: skip
    statement = insert(table).values(row)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["source_id"], set_=row))
    _note(person, source, "source_release", {"visibility": level, "licenses": licenses})
    model.Session.commit()
    return {"source_id": source.id, "level": level, "licenses": licenses}


def mainz_harvest_source_release_end(context: Any, data: Dict) -> Dict:
    """Ends the release of a source: what it delivers from now on waits again. What is released stays."""
    toolkit.check_access("mainz_harvest_source_release_end", context, data)
    source, person = _source(data), people.acting(context)
    model.Session.execute(sa.delete(table).where(table.c.source_id == source.id))
    _note(person, source, "source_release_end", {})
    model.Session.commit()
    return {"source_id": source.id}


@toolkit.side_effect_free
def mainz_harvest_source_list(context: Any, data: Dict) -> list[Dict]:
    """All sources with what their last run brought, in words and numbers."""
    toolkit.check_access("mainz_harvest_source_list", context, data)
    return [
        {
            "id": one.id,
            "title": one.title,
            "kind": one.kind,
            "state": one.state,
            "read": one.read.isoformat() if one.read else None,
            "figures": dict(one.figures),
            "why": dict(one.why),
        }
        for one in telling.every()
    ]


def _source(data: Mapping[str, Any]) -> Any:
    found = sources.find(str(data.get("id") or ""))
    if found is None:
        raise toolkit.ObjectNotFound(_(NO_SOURCE).format(id=data.get("id")))
    return found


def _level(data: Mapping[str, Any]) -> str:
    level = str(data.get("level") or levels.OEFFENTLICH)
    if level not in levels.LEVELS:
        raise toolkit.ValidationError({"level": [_(NO_LEVEL).format(value=level, levels=", ".join(levels.LEVELS))]})
    return level


def _licenses(data: Mapping[str, Any]) -> list[str]:
    given = data.get("licenses")
    if not isinstance(given, list) or not given:
        raise toolkit.ValidationError({"licenses": [_(NO_LICENCES)]})
    known = {term.code for term in vocabulary.terms("licenses")}
    unknown = [_(UNKNOWN_LICENCE).format(id=one) for one in given if one not in known]
    if unknown:
        raise toolkit.ValidationError({"licenses": unknown})
    return sorted({str(one) for one in given})


def _check(given: Any, licenses: list[str], level: str) -> dict[str, str]:
    """The answers, which must allow the level with each of the licences."""
    answers = {str(code): str(answer) for code, answer in (given or {}).items()} if isinstance(given, Mapping) else {}
    for one in licenses:
        try:
            judgement = questions.judge({**answers, **questions.of_the_record({"license_id": one})}, level)
        except AnswersError as error:
            told = [f"{code}: {_(message).format(**values)}" for code, (message, values) in error.problems.items()]
            raise toolkit.ValidationError({"check": told}) from error
        if not judgement.allowed:
            raise toolkit.ValidationError({"check": [gate.told(judgement)]})
    return answers


def _note(person: people.Person, source: Any, action: str, after: Mapping[str, Any]) -> None:
    package = model.Session.get(model.Package, source.id)
    decisions.write(
        decisions.Decision(
            action=action,
            actor=person.id,
            role="office",
            organization_id=str((package.owner_org if package is not None else "") or ""),
            after={"source": str(source.title or source.id), **after},
        )
    )
