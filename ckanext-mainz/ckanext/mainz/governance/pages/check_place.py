"""The release check on the pages: its form at the hand-in, findings at a change, answers for those who decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.governance import levels, logbook, proposals, telling
from ckanext.mainz.governance.check import background, forms, stored, words
from ckanext.mainz.governance.check.forms import Check
from ckanext.mainz.governance.check.gate import Given
from ckanext.mainz.governance.pages import entrance
from ckanext.mainz.governance.proposals import Proposal
from ckanext.mainz.governance.record import Standing

Dict = dict[str, Any]
#: Under this key the actions say what is wrong with the answers.
ERRORS = "check"


@dataclass(frozen=True)
class Answered:
    """A question of the check and what was answered; `effect` is not ``allow`` where the answer restricts."""

    question: str
    answer: str
    effect: str
    why: str


def read(form: Mapping[str, Any]) -> Dict:
    """The answers that a form sent, as a parameter of the actions."""
    answers, findings = forms.read_form(form)
    return {ERRORS: {**answers, **findings}}


def of_hand_in(standing: Standing, form: Mapping[str, Any], level: str) -> Check:
    """The form of the check with what was typed into it, else as it was answered; with a level that was sent it says
    what is missing for it."""
    begun = proposals.begun_promotion(standing.id) if standing.state == levels.INVENTAR else None
    record = telling.as_wanted(standing, begun)
    background.ask(record)
    given = _sent(form) if form else Given.of(logbook.row(standing.id)["check"])
    return forms.form(record, given, level)


def of_change(standing: Standing, proposal: Proposal, form: Mapping[str, Any]) -> Check | None:
    """What was found in the files as they would become and has no answer yet; None where there is nothing to say."""
    if not any(one.new_bytes for one in proposal.changes.files):
        return None
    record = telling.as_wanted(standing, proposal)
    background.ask(record)
    before, now = Given.of(logbook.row(standing.id)["check"]), _sent(form)
    answered = {one.key for one in stored.look(record).items if one.lasting_key in before.lasting} | set(
        before.findings
    )
    check = forms.form(record, Given(before.answers, {**before.findings, **now.findings}, before.lasting))
    asked = tuple(one for one in check.findings if one.name.removeprefix(forms.PREFIX) not in answered)
    found = replace(check, questions=(), findings=asked, unread=())
    return found if found.findings or found.waiting else None


def unread(standing: Standing) -> list[str]:
    """Files of a record that the scan could not look into, in sentences: whoever decides looks at them."""
    found = stored.findings_of(proposals.released(standing.id))
    return [words.unread(one, toolkit._) for one in found.unread]


def _sent(form: Mapping[str, Any]) -> Given:
    return Given.by_codes(read(form)[ERRORS])


def answers(standing: Standing) -> list[Answered]:
    """What was answered at the hand-in, for those who decide."""
    found = []
    for one in entrance.call("mainz_release_check_show", {"id": standing.id}):
        chosen = next((each for each in one["answers"] if each["code"] == one["answer"]), None)
        if chosen is not None:
            found.append(Answered(one["question"], chosen["label"], chosen["effect"], chosen.get("why") or ""))
    return found
