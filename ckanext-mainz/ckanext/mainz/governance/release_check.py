"""The release check at its two places: before a hand-in, and before a change of what is released is accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.governance import differences, proposals
from ckanext.mainz.governance.check import gate, questions, stored
from ckanext.mainz.governance.check.findings import Findings
from ckanext.mainz.governance.check.gate import Given

Dict = dict[str, Any]


def answers(record: Mapping[str, Any], data: Mapping[str, Any], level: str) -> Dict:
    """The answers of a hand-in (``data["check"]``), as they are kept. Raises `toolkit.ValidationError` at ``check``."""
    return gate.answers(record, data, level)


def is_asked(proposal: proposals.Proposal) -> bool:
    """Whether a proposal that waits has to be checked when it is accepted: for another level, or for what it changes.

    A dataset of the inventory brought its answers with its hand-in.
    """
    waits = proposal.state == proposals.OPEN and proposal.kind != proposals.PROMOTE
    return waits and (bool(proposal.level) or asks(proposal.changes))


def asks(changes: differences.Changes) -> bool:
    """Whether a change of what is released has to be checked: other bytes, or other people who read what is there."""
    return "license_id" in changes.fields or any(_asks_of_file(one) for one in changes.files)


def _asks_of_file(change: differences.FileChange) -> bool:
    """Whether a file has other bytes, or what it has may be read otherwise: by more people, or as a table."""
    return change.new_bytes or not {"visibility", "format", "license"}.isdisjoint(change.fields)


def known_answers(found: Findings, before: Given) -> Dict:
    """What was answered before to what is found now, by the key of the finding: the same finding has another key in the
    next delivery of its file."""
    lasting = {one.key: before.lasting[one.lasting_key] for one in found.items if one.lasting_key in before.lasting}
    return {**lasting, **{one.key: before.findings[one.key] for one in found.items if one.key in before.findings}}


def of_change(record: Mapping[str, Any], kept: Any, data: Mapping[str, Any], level: str) -> Dict:
    """The answers that hold for a record once a change is accepted: those of its release, and new ones to new findings.

    `record` is as it would become, `kept` what was answered before. Raises `toolkit.ValidationError` at ``check`` for a
    finding that nobody has answered, and where the answers do not allow the level.
    """
    found = stored.look(record)
    gate.require_complete(record, found)
    before = Given.of(kept)
    sent = data.get("check")
    now = Given.by_codes(sent if isinstance(sent, Mapping) else {})
    findings = {**known_answers(found, before), **now.findings}
    given = gate.completed(record, found, Given({**before.answers, **now.answers}, findings))
    if not before.answers and not now.answers:  # taken over, or an example of ours: the questions were never put
        given = Given({}, given.findings, given.lasting)
    problems = {
        code: text for code, text in gate.problems_of(found, given).items() if given.answers or gate.is_key(code)
    }
    if problems:
        raise toolkit.ValidationError({"check": [gate.named(found, *one) for one in problems.items()]})
    judgement = (
        gate.judge(found, given, level)
        if given.answers
        else questions.judge_findings(found.items, given.findings, level)
    )
    if not judgement.allowed:
        raise toolkit.ValidationError({"check": [gate.told(judgement)]})
    return given.as_json()
