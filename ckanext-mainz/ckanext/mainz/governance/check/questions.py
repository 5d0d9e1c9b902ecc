"""The questions of the release check as data (``schemas/release_check.yaml``), and what their answers allow. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from ckanext.mainz.schemas import FOLDER

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.governance import levels
from ckanext.mainz.governance.check import findings
from ckanext.mainz.governance.check.findings import FileFinding
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.values import text

FILE = FOLDER / "release_check.yaml"
ALLOW, LIMIT, BLOCK = "allow", "limit", "block"
LICENSE = "lizenz"
OPEN, NOT_OPEN, MISSING = "offen", "nicht_offen", "fehlt"

UNANSWERED = N_("Please answer this question.")
UNKNOWN_ANSWER = N_("“{given}” is no answer to this question. Possible are: {codes}.")
UNKNOWN_QUESTION = N_("There is no question “{code}”. The questions are: {codes}.")
UNANSWERED_FINDING = N_("Please say what this is.")
UNKNOWN_FINDING = N_("This finding is not there (any more). Look at the list of findings again.")


@dataclass(frozen=True)
class Answer:
    """An answer and what follows from it: `level` is the most open one that remains where it limits."""

    code: str
    de: str
    en: str
    effect: str
    level: str = ""
    reason: str = ""
    why_de: str = ""
    why_en: str = ""
    kinds: tuple[str, ...] = ()
    """Of findings: of which kinds it says something."""

    def label(self, language: str) -> str:
        """What people choose."""
        return self.de if language.startswith("de") else self.en

    def why(self, language: str) -> str:
        """Why it limits or blocks, in a sentence; empty where it does neither."""
        return self.why_de if language.startswith("de") else self.why_en

    def forbids(self, level: str) -> bool:
        """Whether a release at a level is not possible with this answer."""
        return self.effect == BLOCK or (self.effect == LIMIT and levels.is_stricter(self.level, level))


@dataclass(frozen=True)
class Question:
    """A question with its help and the paragraphs it comes from."""

    code: str
    de: str
    en: str
    help_de: str
    help_en: str
    source: str
    answers: tuple[Answer, ...]
    of_the_record: bool = False

    def label(self, language: str) -> str:
        """The question itself."""
        return self.de if language.startswith("de") else self.en

    def help(self, language: str) -> str:
        """What is meant, and examples."""
        return self.help_de if language.startswith("de") else self.help_en

    def answer(self, code: Any) -> Answer | None:
        """The answer with a code, None where there is none."""
        return next((one for one in self.answers if one.code == code), None)


@dataclass(frozen=True)
class Objection:
    """An answer that does not allow the level asked for: to a question, or to a finding in a file."""

    about: str
    answer: Answer


@dataclass(frozen=True)
class Judgement:
    """What the answers allow. `level` was asked for; `most` is the most open level left, empty where none is."""

    level: str
    most: str
    objections: tuple[Objection, ...]

    @property
    def allowed(self) -> bool:
        """Whether the level that was asked for is possible."""
        return not self.objections

    @property
    def blocked(self) -> bool:
        """Whether no level is possible."""
        return not self.most

    @property
    def reasons(self) -> tuple[str, ...]:
        """Codes of the vocabulary ``reasons``, each once."""
        return tuple(dict.fromkeys(one.answer.reason for one in self.objections))

    def sentences(self, language: str) -> tuple[str, ...]:
        """Why the level is not possible, each sentence once."""
        return tuple(dict.fromkeys(one.answer.why(language) for one in self.objections))


class AnswersError(ValueError):
    """Questions or findings without an answer, or with one that does not exist.

    `problems` has a sentence by the code of its question or the key of its finding, `values` what fills its gaps.
    """

    def __init__(self, problems: Mapping[str, tuple[Message, Mapping[str, str]]]) -> None:
        super().__init__(
            ", ".join(f"{code}: {message.format(**values)}" for code, (message, values) in problems.items())
        )
        self.problems = problems


@cache
def all_questions() -> tuple[Question, ...]:
    """All questions in the order of the form."""
    return tuple(
        Question(**{**_in_words(one), "answers": tuple(Answer(**answer) for answer in one["answers"])})
        for one in _content()["questions"]
    )


@cache
def finding_answers() -> tuple[Answer, ...]:
    """All answers to findings."""
    personal = tuple(kind for kind in findings.KINDS if kind != findings.SMALL_CELLS)
    return tuple(
        Answer(**{**one, "kinds": tuple(one.get("kinds") or personal)}) for one in _content()["finding_answers"]
    )


def answers_to(kind: str) -> tuple[Answer, ...]:
    """The answers that findings of a kind can have."""
    return tuple(one for one in finding_answers() if kind in one.kinds)


@cache
def _content() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def _in_words(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in entry.items()}


def questions(language: str) -> list[dict[str, Any]]:
    """The questions as the API gives them.

    ``[{code, question, help, source, of_the_record, answers: [{code, label, effect, level, reason}]}]``; `level` is the
    most open level with an answer that limits, `reason` a code of the vocabulary ``reasons``.
    """
    return [
        {
            "code": one.code,
            "question": one.label(language),
            "help": one.help(language),
            "source": one.source,
            "of_the_record": one.of_the_record,
            "answers": [as_json(answer, language) for answer in one.answers],
        }
        for one in all_questions()
    ]


def as_json(answer: Answer, language: str) -> dict[str, Any]:
    """An answer as the API gives it."""
    found = {"code": answer.code, "label": answer.label(language), "effect": answer.effect}
    more = {"level": answer.level, "reason": answer.reason, "why": answer.why(language)}
    return {**found, **{name: value for name, value in more.items() if value}}


def of_the_record(record: Mapping[str, Any], default_license: str = "") -> dict[str, str]:
    """The answers that a record gives itself: its licence, and those of files that have one of their own.

    `default_license` is that of its organisation. A series holds no data, so it needs no licence.
    """
    own = text(record.get("license_id")) or default_license
    used = [text(one.get("license")) or own for one in record.get("resources") or ()] or [own]
    if not any(used) and record.get("type") == "dataset_series":
        return {LICENSE: OPEN}
    if not all(used):
        return {LICENSE: MISSING}
    terms = [vocabulary.match("licenses", one) for one in used]
    return {LICENSE: OPEN if all(term is not None and term.open for term in terms) else NOT_OPEN}


def judge(answers: Mapping[str, Any], level: str) -> Judgement:
    """What the answers to all questions (question code → answer code) allow of a level that is asked for.

    Raises `AnswersError` for questions without an answer and for codes that do not exist, `ValueError` for what is no
    level.
    """
    problems = _problems(answers)
    if problems:
        raise AnswersError(problems)
    given = [(one.code, answer) for one in all_questions() if (answer := one.answer(answers[one.code]))]
    return judgement(given, level)


def judgement(given: Iterable[tuple[str, Answer]], level: str) -> Judgement:
    """What answers, each with the code or key of what it answers, allow of a level. Raises `ValueError` for none."""
    listed = list(given)
    levels.rank(level)
    objections = tuple(Objection(about, answer) for about, answer in listed if answer.forbids(level))
    if any(answer.effect == BLOCK for _about, answer in listed):
        return Judgement(level, "", objections)
    limits = [answer.level for _about, answer in listed if answer.effect == LIMIT]
    return Judgement(level, levels.strictest(levels.OEFFENTLICH, *limits), objections)


def judge_findings(found: Sequence[FileFinding], answers: Mapping[str, Any], level: str) -> Judgement:
    """What the answers to findings (`FileFinding.key` → answer code) allow.

    A file that fewer people read than its record is judged by its own level. Raises `AnswersError` for findings without
    an answer, for codes that do not exist or belong to another kind, and for keys of no finding.
    """
    problems: dict[str, tuple[Message, Mapping[str, str]]] = {}
    objections: list[Objection] = []
    most = [levels.OEFFENTLICH]
    for one in found:
        possible = {answer.code: answer for answer in answers_to(one.finding.kind)}
        answer = possible.get(str(answers.get(one.key) or ""))
        if answer is None:
            problems[one.key] = _problem(answers.get(one.key), possible, UNANSWERED_FINDING)
        elif answer.forbids(levels.strictest(level, one.visibility or level)):
            objections.append(Objection(one.key, answer))
            most.append(answer.level)
    keys = {one.key for one in found}
    problems |= {str(key): (UNKNOWN_FINDING, {}) for key in answers if key not in keys}
    if problems:
        raise AnswersError(problems)
    return Judgement(level, levels.strictest(*most) if all(most) else "", tuple(objections))


def _problems(answers: Mapping[str, Any]) -> dict[str, tuple[Message, Mapping[str, str]]]:
    problems: dict[str, tuple[Message, Mapping[str, str]]] = {}
    for one in all_questions():
        if one.answer(answers.get(one.code)) is None:
            problems[one.code] = _problem(answers.get(one.code), [each.code for each in one.answers], UNANSWERED)
    known = [one.code for one in all_questions()]
    unknown = {"codes": ", ".join(known)}
    return problems | {
        str(code): (UNKNOWN_QUESTION, {**unknown, "code": str(code)[:80]}) for code in answers if code not in known
    }


def _problem(given: Any, possible: Iterable[str], unanswered: Message) -> tuple[Message, Mapping[str, str]]:
    if given in (None, ""):
        return unanswered, {}
    return UNKNOWN_ANSWER, {"given": str(given)[:80], "codes": ", ".join(possible)}
