"""The addresses of the pages of governance. What is written goes by POST and ends with a way to the page of it."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit
from flask import Blueprint, Response, redirect, request

from ckanext.mainz.foundation import entered
from ckanext.mainz.governance import actions, auth, proposals
from ckanext.mainz.governance.pages import (
    check_place,
    entrance,
    hand_in,
    helpers,
    proposal_page,
    record_page,
    waiting,
    words,
)
from ckanext.mainz.governance.pages.record_page import Tried

_ = toolkit._
UNPROCESSABLE = 422

pages = Blueprint("mainz_governance", __name__, url_prefix="/governance")
pages.before_request(entered.login_first)
entered.comes_back(
    "mainz_governance",
    pages={
        "decide_many": "decide",
        **dict.fromkeys(("release", "send_back", "withdraw", "archive", "visibility", "promote"), "record"),
        **dict.fromkeys(("accept", "return_proposal"), "proposal"),
    },
    untyped=("decide_many", "promote"),
)
pages.register_error_handler(toolkit.ObjectNotFound, entrance.nothing_there)
pages.register_error_handler(toolkit.NotAuthorized, entrance.not_allowed)


def get_blueprints() -> list[Blueprint]:
    return [pages]


def get_helpers() -> dict[str, Any]:
    return helpers.get_helpers()


# --- what waits ------------------------------------------------------------------------------------------------------


@pages.route("/decide")
def decide() -> Any:
    """What waits for the decision of the person at the page."""
    return _decide_page()


@pages.route("/decide", methods=["POST"])
def decide_many() -> Any:
    """Releases all records that were ticked, each by itself, and tells what became of each."""
    ids, reason = request.form.getlist("id"), request.form.get("reason", "")
    asked = {id: request.form.get(f"asked-{id}", "") for id in ids}
    try:
        done = entrance.call("mainz_records_release", {"ids": ids, "asked": asked, "reason": reason})
    except toolkit.ValidationError as error:
        told = _("Tick one to {most} records.").format(most=actions.MOST_AT_ONCE)
        return _decide_page(problem=told if "ids" in error.error_dict else " ".join(_all(error.error_dict))), 422
    number = len(done["released"])
    if number:
        toolkit.h.flash_success(
            toolkit.ungettext("{number} record is released.", "{number} records are released.", number).format(
                number=number
            )
        )
    if not done["refused"]:
        return redirect(toolkit.h.url_for("mainz_governance.decide"))
    refused = [(_title(one["id"]), _all(one["errors"])) for one in done["refused"]]
    return _decide_page(refused=refused)


def _title(id: str) -> str:
    """What a record is called for whoever decides; its id where they do not read it."""
    try:
        return str(entrance.call("package_show", {"id": id})["title"])
    except (toolkit.ObjectNotFound, toolkit.NotAuthorized):
        return id


def _decide_page(problem: str = "", refused: Any = ()) -> str:
    person = entrance.person()
    return toolkit.render(
        "mainz/governance/decide.html",
        {
            "records": waiting.records(person),
            "proposals": waiting.proposals(person),
            "decides": waiting.decides_anywhere(person),
            "in_bulk": person.office,
            "most": actions.MOST_AT_ONCE,
            "problem": problem,
            "refused": refused,
            "words": words,
        },
    )


# --- a record --------------------------------------------------------------------------------------------------------


@pages.route("/record/<id>")
def record(id: str) -> Any:
    """Where a record stands and what can be done with it."""
    return _record_page(id, _kept())


def _record_page(id: str, tried: Tried) -> str:
    standing = record_page.about("mainz_record_readers_show", id)
    return toolkit.render("mainz/governance/record.html", record_page.page(standing, tried))


@pages.route("/record/<id>/submit", methods=["GET", "POST"])
def submit(id: str) -> Any:
    """Hands a draft in."""
    standing = record_page.about("mainz_record_submit", id)
    if request.method == "GET":
        return toolkit.render("mainz/governance/submit.html", hand_in.begun(standing))
    variables, done = hand_in.answer(standing)
    if not done:
        return toolkit.render("mainz/governance/submit.html", variables), UNPROCESSABLE
    return _back(id, _("The record is handed in and waits for the decision."))


@pages.route("/record/<id>/release", methods=["POST"])
def release(id: str) -> Any:
    """Releases a record that was handed in, or archived."""
    return _do(id, _("The record is released."))


@pages.route("/record/<id>/return", methods=["POST"])
def send_back(id: str) -> Any:
    """Returns a record that was handed in."""
    return _do(id, _("The record is returned."))


@pages.route("/record/<id>/withdraw", methods=["POST"])
def withdraw(id: str) -> Any:
    """Takes a released record back."""
    return _do(id, _("The record is withdrawn. Nobody but its organisation sees it."))


@pages.route("/record/<id>/archive", methods=["POST"])
def archive(id: str) -> Any:
    """Ends the care for a record."""
    return _do(id, _("The record is archived."))


@pages.route("/record/<id>/visibility", methods=["POST"])
def visibility(id: str) -> Any:
    """Changes the level of a released record, at once or by a proposal."""
    return _do(id, _("The level is changed."))


@pages.route("/record/<id>/promote", methods=["POST"])
def promote(id: str) -> Any:
    """Begins a dataset of an entry of the inventory, and leads to its form."""
    standing = record_page.about("mainz_record_promote", id)
    entrance.call("mainz_record_promote", {"id": standing.id})
    toolkit.h.flash_success(_("Describe the dataset now. The entry stays as it is until the release."))
    return redirect(toolkit.h.url_for(f"{standing.type}.edit", id=standing.name))


def _do(id: str, done: str) -> Any:
    """Does what was asked for and says so; comes back with what was typed where it was refused."""
    action, typed = _decision(str(request.endpoint).rpartition(".")[2], request.form)
    try:
        answer = entrance.call(action, {"id": id, **typed})
    except toolkit.ValidationError as error:
        return _record_page(id, Tried(action, typed, _errors(error, typed))), UNPROCESSABLE
    waits = isinstance(answer, dict) and "mainz_proposal" in answer
    return _back(id, _("The higher level is proposed and waits for the decision.") if waits else done)


def _back(id: str, sentence: str) -> Any:
    toolkit.h.flash_success(sentence)
    return redirect(toolkit.h.url_for("mainz_governance.record", id=id))


# --- a proposal ------------------------------------------------------------------------------------------------------


@pages.route("/proposal/<id>")
def proposal(id: str) -> Any:
    """What a proposal changes."""
    return toolkit.render("mainz/governance/proposal.html", proposal_page.page(id, _kept()))


@pages.route("/proposal/<id>/accept", methods=["POST"])
def accept(id: str) -> Any:
    """Puts a proposal onto the released record."""
    return _decide_proposal(id, _("The proposal is accepted and holds from now on."))


@pages.route("/proposal/<id>/return", methods=["POST"])
def return_proposal(id: str) -> Any:
    """Sends a proposal back."""
    return _decide_proposal(id, _("The proposal is returned. The record stays as it is."))


def _decide_proposal(id: str, done: str) -> Any:
    action, typed = _decision(str(request.endpoint).rpartition(".")[2], request.form)
    try:
        entrance.call(action, {"id": id, **typed, **check_place.read(request.form)})
    except toolkit.ValidationError as error:
        tried = Tried(action, typed, _errors(error, typed))
        return toolkit.render("mainz/governance/proposal.html", proposal_page.page(id, tried)), UNPROCESSABLE
    found = proposals.find(id)
    if found is None:
        raise toolkit.ObjectNotFound(auth.nothing_there())
    return _back(found.package_id, done)


@pages.route("/proposal/<id>/file/<resource_id>")
def proposed_file(id: str, resource_id: str) -> Response:
    """The bytes of a proposed file, for those who decide."""
    return proposal_page.file(id, resource_id)


# --- what was typed --------------------------------------------------------------------------------------------------

DECISIONS = {
    "release": "mainz_record_release",
    "send_back": "mainz_record_return",
    "withdraw": "mainz_record_withdraw",
    "archive": "mainz_record_archive",
    "visibility": "mainz_record_visibility_set",
    "accept": "mainz_proposal_accept",
    "return_proposal": "mainz_proposal_return",
}
"""View that takes a decision → the action that makes it."""


def _decision(view: str, form: Any) -> tuple[str, dict[str, Any]]:
    """The action of a decision, and what its form says."""
    typed = _texts(form, "reason", "note")
    if view == "release":
        typed |= {**_texts(form, "asked"), "standing": "standing" in form}
    elif view == "withdraw":
        typed |= _texts(form, "successor")
    elif view == "visibility":
        typed |= hand_in.typed_of(form)
    elif view == "accept":
        typed |= _texts(form, "seen")
    return DECISIONS[view], typed


def _kept() -> Tried:
    """A decision that could not be looked at, as it was typed."""
    kept = entered.restored()
    return Tried(*_decision(kept.view, kept.fields)) if kept and kept.view in DECISIONS else Tried()


def _texts(form: Any, *names: str) -> dict[str, Any]:
    return {name: form.get(name, "").replace("\r\n", "\n").strip() for name in names}


def _errors(error: toolkit.ValidationError, typed: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """What is wrong by field. The codes of reasons are for programs; people are told to choose."""
    found = {name: words.sentences(told) for name, told in error.error_dict.items()}
    return {**found, "reason": (_("Choose a reason."),)} if "reason" in found and not typed.get("reason") else found


def _all(errors: Any) -> tuple[str, ...]:
    return words.sentences(errors)
