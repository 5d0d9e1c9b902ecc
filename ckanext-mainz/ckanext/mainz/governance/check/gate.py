"""The release check of a whole record: answers, what the record says itself, and findings in its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ckan.plugins import toolkit
from flask import has_request_context

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels
from ckanext.mainz.governance.check import background, questions, stored, words
from ckanext.mainz.governance.check.findings import Findings
from ckanext.mainz.governance.check.questions import AnswersError, Judgement
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.catalogue.records import organisations
from ckanext.mainz.metadata.values import text

_ = toolkit._
Record = Mapping[str, Any]
Dict = dict[str, Any]

NO_ANSWERS = N_("The answers of the release check are expected as codes of answers by codes of questions.")
AT_MOST = N_("The level “{level}” is not possible; at most “{most}” is: {why}")
AT_NONE = N_("The record cannot be released at any level: {why}")
NAMED = N_("“{question}”: {problem}")
LANGUAGE = "de"


@dataclass(frozen=True)
class Given:
    """The answers of a hand-in: to questions by their code, to findings by their key.

    `lasting` has the answers to findings by `FileFinding.lasting_key`, which is the same in the next delivery.
    """

    answers: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, str] = field(default_factory=dict)
    lasting: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> Dict:
        """For ``mainz_record.check`` and ``mainz_proposal.check``."""
        return {"answers": dict(self.answers), "findings": dict(self.findings), "lasting": dict(self.lasting)}

    @classmethod
    def of(cls, kept: Any) -> Given:
        """From there; nothing was answered where nothing is kept."""
        found = kept if isinstance(kept, Mapping) else {}
        return cls(*(dict(found.get(name) or {}) for name in ("answers", "findings", "lasting")))

    @classmethod
    def by_codes(cls, check: Mapping[str, Any]) -> Given:
        """From what a client sends: codes of questions and keys of findings in one mapping."""
        codes = {one.code for one in questions.all_questions()}
        answers = {code: answer for code, answer in check.items() if code in codes or not is_key(code)}
        return cls(answers, {code: answer for code, answer in check.items() if code not in answers})


def is_key(code: Any) -> bool:
    """Whether a code is the key of a finding."""
    return isinstance(code, str) and len(code) == 24 and all(sign in "0123456789abcdef" for sign in code)


def answers(record: Record, data: Mapping[str, Any], level: str) -> Dict:
    """The gate in front of a hand-in: looks at files, checks ``data["check"]``, gives what is kept with the record.

    Raises `toolkit.ValidationError` at ``check`` for questions and findings without an answer, for answers that do not
    allow the level, and as long as a large file is still being looked at, which the worker is then asked for.
    """
    sent = data.get("check") or {}
    if not isinstance(sent, Mapping):
        raise toolkit.ValidationError({"check": [_(NO_ANSWERS)]})
    found = stored.look(record)
    require_complete(record, found)
    given = completed(record, found, Given.by_codes(sent))
    problems = problems_of(found, given)
    if problems:
        raise toolkit.ValidationError({"check": [named(found, *one) for one in problems.items()]})
    judgement = judge(found, given, level)
    if not judgement.allowed:
        raise toolkit.ValidationError({"check": [told(judgement)]})
    return given.as_json()


def require_complete(record: Record, found: Findings) -> None:
    """Raises `toolkit.ValidationError` at ``check`` as long as a file has not been looked at, or cannot be opened."""
    gone = [words.unread(one, _) for one in found.unread if one.reason == stored.MISSING]
    if found.complete and not gone:
        return
    background.ask(record)
    raise toolkit.ValidationError({"check": [*(_(words.WAITING).format(file=name) for name in found.waiting), *gone]})


def completed(record: Record, found: Findings, given: Given) -> Given:
    """Answers with those that the record gives itself, which win, and with keys that last."""
    lasting = {one.lasting_key: given.findings[one.key] for one in found.items if one.key in given.findings}
    return Given(
        {**given.answers, **questions.of_the_record(record, _default_license(record))}, given.findings, lasting
    )


def problems_of(found: Findings, given: Given) -> dict[str, str]:
    """What is wrong with answers, in sentences by the code of the question or the key of the finding."""
    problems: dict[str, str] = {}
    for ask in (
        lambda: questions.judge(given.answers, levels.INTERN),
        lambda: questions.judge_findings(found.items, given.findings, levels.INTERN),
    ):
        try:
            ask()
        except AnswersError as error:
            problems |= {code: _(message).format(**values) for code, (message, values) in error.problems.items()}
    return problems


def judge(found: Findings, given: Given, level: str) -> Judgement:
    """What all answers together allow. Raises `questions.AnswersError` for what `problems_of` tells."""
    by_questions = questions.judge(given.answers, level)
    by_findings = questions.judge_findings(found.items, given.findings, level)
    parts = (by_questions, by_findings)
    most = "" if any(one.blocked for one in parts) else levels.strictest(*(one.most for one in parts))
    return Judgement(level, most, (*by_questions.objections, *by_findings.objections))


def is_unchanged(record: Record, given: Given, level: str) -> bool:
    """Whether the check of an earlier delivery holds for this one: no finding is new, and all answers still allow it.

    For standing releases; looks at each file that nobody has looked at, however large. `given` are the answers of the
    release.
    """
    stored.scan_record(record)
    found = stored.findings_of(record)
    if found.new_since(given.lasting) or any(one.reason == stored.MISSING for one in found.unread):
        return False
    again = {one.key: given.lasting[one.lasting_key] for one in found.items}
    now = completed(record, found, Given(given.answers, again))
    return not problems_of(found, now) and judge(found, now, level).allowed


def told(judgement: Judgement, language: str = "") -> str:
    """Why a level is not possible, in one paragraph; empty where it is."""
    if judgement.allowed:
        return ""
    why = " ".join(judgement.sentences(language or language_of_request()))
    if judgement.blocked:
        return _(AT_NONE).format(why=why)
    return _(AT_MOST).format(level=level_name(judgement.level), most=level_name(judgement.most), why=why)


def level_name(level: str) -> str:
    """What people call a level."""
    term = vocabulary.find("levels", level)
    return term.label(language_of_request()) if term else level


def language_of_request() -> str:
    """The language in which somebody asks; German where nobody does, as in a command."""
    return str(toolkit.h.lang() or LANGUAGE) if has_request_context() else LANGUAGE


def named(found: Findings, code: str, problem: str) -> str:
    """A problem with what it is about: the summary of a form stands far from its questions."""
    question = next((one for one in questions.all_questions() if one.code == code), None)
    finding = next((one for one in found.items if one.key == code), None)
    if question is None and finding is None:
        return problem
    about = question.label(language_of_request()) if question else words.question(finding, _) if finding else ""
    return _(NAMED).format(question=about, problem=problem)


def _default_license(record: Record) -> str:
    owner = record.get("owner_org")
    return text(organisations([owner]).get(owner, {}).get("default_license")) if owner else ""
