"""The release check as a form: questions and findings with their answers, as ``check_form.html`` draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.governance.check import gate, questions, stored, words
from ckanext.mainz.governance.check.findings import FileFinding, Findings
from ckanext.mainz.governance.check.gate import Given
from ckanext.mainz.governance.check.questions import ALLOW, BLOCK, Answer, Question

_ = toolkit._
PREFIX = "check-"


@dataclass(frozen=True)
class Choice:
    """An answer that can be chosen; `effect` says in a few words what follows from it, empty where it allows all."""

    code: str
    label: str
    chosen: bool
    effect: str


@dataclass(frozen=True)
class Asked:
    """A question, or a finding that wants an answer. `said` is the portal's own answer, which nobody chooses."""

    name: str
    legend: str
    help: str
    source: str
    choices: tuple[Choice, ...]
    errors: tuple[str, ...] = ()
    said: str = ""

    @property
    def id(self) -> str:
        """Id of the group of radio buttons, to which the summary of the page leads."""
        return f"field-{self.name}"

    @property
    def described_by(self) -> str:
        """Ids of what a screen reader reads with the legend."""
        parts = [f"{self.id}-help" if self.help else "", f"{self.id}-error" if self.errors else ""]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Check:
    """The form. `waiting` are files still to be looked at, `unread` sentences about files that a person looks at.

    `verdict` says, once everything is answered, why the level that is asked for is not possible; empty where it is.
    """

    questions: tuple[Asked, ...]
    findings: tuple[Asked, ...]
    waiting: tuple[str, ...]
    unread: tuple[str, ...]
    verdict: str = ""

    @property
    def problems(self) -> tuple[tuple[str, str, str], ...]:
        """Errors for the summary of the page: anchor, label, message."""
        every = (*self.questions, *self.findings)
        found = [(one.id, one.legend, message) for one in every for message in one.errors]
        return (*found, *([("release-check", _("Release check"), self.verdict)] if self.verdict else []))


def form(record: Mapping[str, Any], given: Given, level: str = "") -> Check:
    """The form of a record with answers that are kept or were sent.

    With a level (of somebody who has just sent it) it says what is missing and what does not go with the level. Looks
    at small files that nobody has looked at; for the others ask `background.ask`.
    """
    found = stored.look(record)
    whole = gate.completed(record, found, given)
    problems = gate.problems_of(found, whole) if level else {}
    language = gate.language_of_request()
    verdict = gate.told(gate.judge(found, whole, level)) if level and not problems and found.complete else ""
    return Check(
        tuple(_question(one, whole, problems, language) for one in questions.all_questions()),
        tuple(_finding(one, whole, problems, language) for one in found.items),
        _waiting(found),
        tuple(words.unread(one, _) for one in found.unread),
        verdict,
    )


def read_form(form: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """The answers that a form sends: to questions by code, to findings by key."""
    sent = {name.removeprefix(PREFIX): str(form[name]) for name in form if name.startswith(PREFIX) and form[name]}
    given = Given.by_codes(sent)
    return dict(given.answers), dict(given.findings)


def _waiting(found: Findings) -> tuple[str, ...]:
    return tuple(_(words.WAITING).format(file=name) for name in found.waiting)


def _question(one: Question, given: Given, problems: Mapping[str, str], language: str) -> Asked:
    chosen = given.answers.get(one.code, "")
    said = one.answer(chosen) if one.of_the_record else None
    return Asked(
        name=PREFIX + one.code,
        legend=one.label(language),
        help=one.help(language),
        source=one.source,
        choices=() if one.of_the_record else _choices(one.answers, chosen, language),
        errors=(problems[one.code],) if one.code in problems else (),
        said=said.label(language) if said else "",
    )


def _finding(one: FileFinding, given: Given, problems: Mapping[str, str], language: str) -> Asked:
    return Asked(
        name=PREFIX + one.key,
        legend=words.question(one, _),
        help=words.where(one, _),
        source="",
        choices=_choices(questions.answers_to(one.finding.kind), given.findings.get(one.key, ""), language),
        errors=(problems[one.key],) if one.key in problems else (),
    )


def _choices(answers: tuple[Answer, ...], chosen: Any, language: str) -> tuple[Choice, ...]:
    return tuple(Choice(one.code, one.label(language), one.code == chosen, _effect(one)) for one in answers)


def _effect(answer: Answer) -> str:
    if answer.effect == ALLOW:
        return ""
    if answer.effect == BLOCK:
        return _("no release")
    return _("at most “{level}”").format(level=gate.level_name(answer.level))
