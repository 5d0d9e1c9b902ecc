"""The release check on the pages: its form at the hand-in, findings at a change, answers for those who decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.governance import levels, logbook, proposals, release_check, telling
from ckanext.mainz.governance.check import background, forms, questions, stored, words
from ckanext.mainz.governance.check.findings import Findings
from ckanext.mainz.governance.check.forms import Asked, Check
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


def of_change(standing: Standing, proposal: Proposal, form: Mapping[str, Any], tried: bool = False) -> Check | None:
    """What has to be answered before a proposal is accepted, with the answers of the release; None where nothing has.

    For another level that is everything; else what nobody has answered yet, and answers that do not allow what is
    proposed. `tried`: somebody has tried to accept it with this form, so that it says what is wrong with it.
    """
    if not release_check.is_asked(proposal):
        return None
    record, level = telling.as_wanted(standing, proposal), proposal.level or standing.level
    background.ask(record)
    found = stored.look(record)
    kept, now = Given.of(logbook.row(standing.id)["check"]), _sent(form)
    before = Given(kept.answers, release_check.known_answers(found, kept))
    given = Given({**before.answers, **now.answers}, {**before.findings, **now.findings})
    check = forms.form(record, given, level if tried else "")
    whole, left = bool(proposal.level), frozenset(_left(found, before, level))

    def asked(each: tuple[Asked, ...]) -> tuple[Asked, ...]:
        return tuple(one for one in each if whole or one.name.removeprefix(forms.PREFIX) in left)

    # Without answers (taken over, or an example of ours) the action puts no questions either.
    with_questions = bool(before.answers)
    shown = replace(
        check,
        questions=asked(check.questions) if with_questions else (),
        findings=asked(check.findings),
    )
    return shown if shown.questions or shown.findings or shown.waiting or shown.unread else None


def _left(found: Findings, before: Given, level: str) -> Iterator[str]:
    """Codes of questions and keys of findings that have no answer, or one that does not allow the level."""
    for one in questions.all_questions():
        answer = one.answer(before.answers.get(one.code))
        if not one.of_the_record and (answer is None or answer.forbids(level)):
            yield one.code
    for one in found.items:
        possible = {answer.code: answer for answer in questions.answers_to(one.finding.kind)}
        answer = possible.get(before.findings.get(one.key, ""))
        if answer is None or answer.forbids(levels.strictest(level, one.visibility or level)):
            yield one.key


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
