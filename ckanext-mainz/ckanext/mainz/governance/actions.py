"""The actions of governance beside CKAN's own. Each asks `check_access` first, then validates, then acts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import (
    auth,
    history,
    levels,
    logbook,
    people,
    proposals,
    readers,
    record,
    release_check,
    telling,
    transitions,
    writing,
)
from ckanext.mainz.governance.proposals import Proposal
from ckanext.mainz.governance.record import Standing
from ckanext.mainz.metadata import vocabulary

_ = toolkit._
Dict = dict[str, Any]
LONGEST_NOTE = 2000
MOST_AT_ONCE = 100

NO_REASON = N_("Give a reason: one of {codes}.")
NO_LEVEL = N_("Say for which level: one of {levels}.")
NOT_SEEN = N_("It is not said when this record was handed in, as you have seen it. Look at it again, then decide.")
LONG_NOTE = N_("The note has {length} characters; {most} are possible.")


def get_actions() -> dict[str, Any]:
    return {
        "mainz_record_submit": mainz_record_submit,
        "mainz_record_release": mainz_record_release,
        "mainz_record_return": mainz_record_return,
        "mainz_record_withdraw": mainz_record_withdraw,
        "mainz_record_archive": mainz_record_archive,
        "mainz_record_visibility_set": mainz_record_visibility_set,
        "mainz_record_promote": mainz_record_promote,
        "mainz_record_override": mainz_record_override,
        "mainz_records_release": mainz_records_release,
        "mainz_record_readers_show": mainz_record_readers_show,
        "mainz_record_history": mainz_record_history,
        "mainz_proposal_list": mainz_proposal_list,
        "mainz_proposal_show": mainz_proposal_show,
        "mainz_proposal_accept": mainz_proposal_accept,
        "mainz_proposal_return": mainz_proposal_return,
    }


# --- what every action needs -----------------------------------------------------------------------------------------


def about(context: Any, action: str, id: Any) -> Standing:
    """The record that an action is about. Raises `toolkit.ObjectNotFound` for what is not there or not readable, alike,
    and `toolkit.NotAuthorized` where whoever acts reads it but may not do this."""
    package = writing.stored(id)
    standing = record.of(package) if package is not None else None
    if standing is None or not readers.reads(people.acting(context), standing):
        raise toolkit.ObjectNotFound(auth.nothing_there())
    toolkit.check_access(action, context, {"id": standing.id})
    return standing


def _proposal(context: Any, action: str, id: Any) -> tuple[Proposal, Standing]:
    found = proposals.find(id) if isinstance(id, str) and "\x00" not in id else None
    if found is None:
        raise toolkit.ObjectNotFound(auth.nothing_there())
    return found, about(context, action, found.package_id)


def _reason(data: Mapping[str, Any], required: bool = False) -> str:
    given = str(data.get("reason") or "")
    term = vocabulary.match("reasons", given) if given else None
    if (required and not given) or (given and term is None):
        codes = ", ".join(one.uri for one in vocabulary.terms("reasons"))
        writing.refuse({"reason": [_(NO_REASON).format(codes=codes)]})
    return term.uri if term else ""


def _words(data: Mapping[str, Any]) -> str:
    given = data.get("note")
    text = given.strip() if isinstance(given, str) else ""
    if len(text) > LONGEST_NOTE:
        writing.refuse({"note": [_(LONG_NOTE).format(length=len(text), most=LONGEST_NOTE)]})
    return text.replace("\x00", "")


def _level(data: Mapping[str, Any], default: str) -> str:
    given = data.get("visibility") or default
    if given not in levels.LEVELS:
        writing.refuse({"visibility": [_(NO_LEVEL).format(levels=", ".join(levels.LEVELS))]})
    return str(given)


def _shared_with(data: Mapping[str, Any], default: frozenset[str]) -> frozenset[str]:
    """Names of third parties. Raises `toolkit.ValidationError` for what is none."""
    given = data.get("shared_with")
    if given is None:
        return default
    wanted, wrong = writing.third_parties(given, default)
    writing.refuse({"shared_with": wrong} if wrong else {})
    return wanted


def _shown(context: Any, id: str) -> Dict:
    kept = {name: context[name] for name in ("user", "auth_user_obj", "ignore_auth") if name in context}
    return toolkit.get_action("package_show")({**kept, "use_cache": False}, {"id": id})  # pyright: ignore


# --- the life of a record --------------------------------------------------------------------------------------------


def mainz_record_submit(context: Any, data: Dict) -> Dict:
    """Hands a draft, or the dataset made of an inventory entry, in for release.

    `id`; `visibility`: the level asked for (that of the record, if left out); `check`: answers of the release check
    (question code → answer code); `shared_with`: names of third parties. Gives the record.
    """
    standing = about(context, "mainz_record_submit", data.get("id"))
    level, shared_with = _level(data, standing.level), _shared_with(data, standing.shared_with)
    begun = proposals.begun_promotion(standing.id) if standing.state == levels.INVENTAR else None
    modified = proposals.modified(standing.id)
    try:
        checked = release_check.answers(telling.as_wanted(standing, begun), data, level)
    except toolkit.ValidationError as error:
        # Everything that has to be mended is said at once, not the fields only after the check is answered.
        others = {} if begun is not None else transitions.in_the_way(standing.id, level, shared_with)
        raise toolkit.ValidationError({**others, **error.error_dict}) from error
    person = people.acting(context)
    if begun is not None:
        transitions.submit_promotion(person, standing.id, begun, level, checked, shared_with, modified)
    else:
        transitions.submit(person, standing.id, level, checked, shared_with, modified)
    return _shown(context, standing.id)


def mainz_record_release(context: Any, data: Dict) -> Dict:
    """Releases a record that was handed in, or that was archived. `standing`: later deliveries of its kind too.

    `asked`: when it was handed in, as whoever decides has seen it; refused if it was handed in anew since.
    """
    standing = about(context, "mainz_record_release", data.get("id"))
    reason, words, seen = _reason(data), _words(data), str(data.get("asked") or "")
    also_later = toolkit.asbool(data.get("standing") or False)
    transitions.release(people.acting(context), standing.id, reason, words, also_later, seen)
    return _shown(context, standing.id)


def mainz_record_return(context: Any, data: Dict) -> Dict:
    """Returns a record that was handed in; `reason` is needed."""
    standing = about(context, "mainz_record_return", data.get("id"))
    transitions.send_back(people.acting(context), standing.id, _reason(data, required=True), _words(data))
    return _shown(context, standing.id)


def mainz_record_withdraw(context: Any, data: Dict) -> Dict:
    """Takes a released record back; `reason` is needed. `successor`: the name of a public record to go to instead."""
    standing = about(context, "mainz_record_withdraw", data.get("id"))
    successor = _successor(data.get("successor"))
    reason = _reason(data, required=True)
    transitions.withdraw(people.acting(context), standing.id, reason, _words(data), successor)
    return _shown(context, standing.id)


def _successor(given: Any) -> str:
    """The name of a public record. Anything else is refused: a tombstone is read by everybody."""
    if not given:
        return ""
    package = writing.stored(given)
    if package is None or package.private or package.state != model.State.ACTIVE:
        writing.refuse({"successor": [_("The record to go to instead must be public. Give its name.")]})
    return package.name if package is not None else ""


def mainz_record_archive(context: Any, data: Dict) -> Dict:
    """Ends the care for a released record."""
    standing = about(context, "mainz_record_archive", data.get("id"))
    transitions.archive(people.acting(context), standing.id, _reason(data), _words(data))
    return _shown(context, standing.id)


def mainz_record_visibility_set(context: Any, data: Dict) -> Dict:
    """Changes the level of a released record: a lower one at once, a higher one by a proposal (`mainz_proposal`)."""
    standing = about(context, "mainz_record_visibility_set", data.get("id"))
    level = _level(data, standing.level)
    shared_with = _shared_with(data, standing.shared_with) if "shared_with" in data else None
    made = transitions.set_level(people.acting(context), standing.id, level, shared_with, _reason(data), _words(data))
    shown = _shown(context, standing.id)
    return {**shown, "mainz_proposal": made.brief} if made else shown


def mainz_record_promote(context: Any, data: Dict) -> Dict:
    """Begins a dataset of an inventory entry. The record stays as it is; `mainz_proposal` is filled by its writers."""
    standing = about(context, "mainz_record_promote", data.get("id"))
    made = transitions.promote(people.acting(context), standing.id)
    return {**_shown(context, standing.id), "mainz_proposal": made.brief}


def mainz_record_override(context: Any, data: Dict) -> Dict:
    """The operator takes a released record back in an emergency; `reason` and `note` are needed, and logged."""
    package = writing.stored(data.get("id"))
    toolkit.check_access("mainz_record_override", context, {"id": data.get("id")})
    if package is None:
        raise toolkit.ObjectNotFound(auth.nothing_there())
    reason, words = _reason(data, required=True), _words(data)
    if not words:
        writing.refuse({"note": [_("Say in words what happened: this is read by the Geschäftsstelle.")]})
    transitions.override(people.acting(context), package.id, reason, words)
    return _shown({**context, "ignore_auth": True}, package.id)


def mainz_records_release(context: Any, data: Dict) -> Dict:
    """Releases up to 100 records, each by itself. Gives ``{"released": [ids], "refused": [{"id", "errors"}]}``.

    `ids`; `asked`: id → when it was handed in, as whoever decides has seen it; with it, a record that is not in it or
    was handed in anew since is refused.
    """
    toolkit.check_access("mainz_records_release", context, {})
    ids = data.get("ids")
    if not isinstance(ids, list) or not ids or len(ids) > MOST_AT_ONCE:
        writing.refuse({"ids": [_("Give a list of one to {most} ids.").format(most=MOST_AT_ONCE)]})
    asked = data.get("asked")
    if asked is not None and not isinstance(asked, dict):
        writing.refuse({"asked": [_("Give a dictionary: id of a record → when it was handed in.")]})
    done: list[str] = []
    refused: list[Dict] = []
    for id in ids or ():
        try:
            mainz_record_release({**context}, {**data, "id": id, "asked": _seen(asked, id)})
            done.append(id)
        except toolkit.ValidationError as error:
            refused.append({"id": id, "errors": error.error_dict})
        except (toolkit.NotAuthorized, toolkit.ObjectNotFound) as error:
            model.Session.rollback()
            refused.append({"id": id, "errors": {"id": [str(error)]}})
    return {"released": done, "refused": refused}


def _seen(asked: Mapping[str, Any] | None, id: str) -> Any:
    """When a record of several was handed in, as it was seen."""
    if asked is None:
        return None
    if not asked.get(id):
        writing.refuse({"asked": [_(NOT_SEEN)]})
    return asked[id]


# --- proposals -------------------------------------------------------------------------------------------------------


def mainz_proposal_list(context: Any, data: Dict) -> list[Dict]:
    """Proposals for a record (`id`), or all that whoever acts may decide. `state`: ``offen`` or ``all``."""
    states = () if data.get("state") == "all" else (str(data.get("state") or proposals.OPEN),)
    if data.get("id"):
        standing = about(context, "mainz_proposal_list", data["id"])
        return [telling.proposal(one, standing) for one in proposals.of_record(standing.id, *states)]
    person = people.acting(context)
    if not person.id:
        raise toolkit.NotAuthorized(_("Log in to see what there is to decide."))
    return [telling.proposal(one, standing) for one, standing in telling.decidable(person)]


def mainz_proposal_show(context: Any, data: Dict) -> Dict:
    """A proposal (`id`) with the difference by field and by file, and what stands in its way."""
    found, standing = _proposal(context, "mainz_proposal_show", data.get("id"))
    return telling.proposal(found, standing, whole=True)


def mainz_proposal_accept(context: Any, data: Dict) -> Dict:
    """Puts a proposal (`id`) onto the released record. ``conflicts`` in the error say what was changed since.

    `check`: answers to what the release check has found in new files. `seen`: where a level is proposed, or a
    dataset was made of an entry, the record's `metadata_modified` as whoever decides has looked at it.
    """
    found, standing = _proposal(context, "mainz_proposal_accept", data.get("id"))
    check = _check_of_change(found, standing, data)
    seen = str(data.get("seen") or "")
    transitions.accept(context, found, _reason(data), _words(data), check, seen)
    return _shown(context, standing.id)


def _check_of_change(found: Proposal, standing: Standing, data: Mapping[str, Any]) -> Dict | None:
    """The answers that hold afterwards; None where no file and no level changes, or they came with the hand-in."""
    if not release_check.is_asked(found):
        return None
    kept = logbook.row(standing.id)["check"]
    return release_check.of_change(telling.as_wanted(standing, found), kept, data, found.level or standing.level)


def mainz_proposal_return(context: Any, data: Dict) -> Dict:
    """Sends a proposal (`id`) back; `reason` is needed. The released record stays as it is."""
    found, standing = _proposal(context, "mainz_proposal_return", data.get("id"))
    transitions.return_proposal(context, found, _reason(data, required=True), _words(data))
    return telling.proposal(proposals.find(found.id) or found, standing)


# --- what people see -------------------------------------------------------------------------------------------------


def mainz_record_readers_show(context: Any, data: Dict) -> Dict:
    """Who reads a record (`id`), or would at a level (`visibility`): ``{"level", "sentence", "readers"}``."""
    standing = about(context, "mainz_record_readers_show", data.get("id"))
    return telling.readers_of(standing, _level(data, "") if data.get("visibility") else "")


@toolkit.side_effect_free
def mainz_record_history(context: Any, data: Dict) -> list[Dict]:
    """What was released of a record (`id`) and when, with the difference to the state before, as the reader may see."""
    package = writing.stored(data.get("id"))
    standing = record.of(package) if package is not None else None
    person = people.acting(context)
    if standing is None or not readers.reads(person, standing):
        raise toolkit.ObjectNotFound(auth.nothing_there())
    toolkit.check_access("mainz_record_history", context, {"id": standing.id})
    return history.of(person, standing)


for _read_only in (mainz_proposal_list, mainz_proposal_show, mainz_record_readers_show):
    toolkit.side_effect_free(_read_only)
