"""What a run did, or would do, record by record. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ckanext.mainz.foundation.errors import Message

Dict = dict[str, Any]
MOST_ENTRIES = 5000
"""Records that a stored report names; counted are all."""


class Outcome(StrEnum):
    """What became of a record. `WAITING`: it was created or changed and waits for a decision; `SKIPPED`: the rules of
    the source leave it out; `FAILED`: it cannot be taken as it is."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    MISSING = "missing"
    ARCHIVED = "archived"
    SKIPPED = "skipped"
    FAILED = "failed"


#: Of these the report counts but names no records: there may be thousands, and nothing is to be said of them.
SILENT = frozenset({Outcome.UNCHANGED})


@dataclass(frozen=True)
class Reason:
    """Why, as a code for programs and a sentence with gaps for people."""

    code: str
    message: Message
    values: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> Dict:
        """The form in which it is stored."""
        return {"code": self.code, "message": str(self.message), "values": dict(self.values)}

    def sentence(self, gettext: Callable[[str], str] = str) -> str:
        """The sentence in a language."""
        return gettext(self.message).format(**self.values)


@dataclass(frozen=True)
class Entry:
    """One record in a report. `waits`: what was written waits for a decision."""

    guid: str
    title: str
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    package_id: str = ""
    waits: bool = False

    def as_json(self) -> Dict:
        """The form in which it is stored."""
        reasons = [one.as_json() for one in self.reasons]
        found: Dict = {"guid": self.guid, "title": self.title, "outcome": str(self.outcome), "reasons": reasons}
        return {**found, "package_id": self.package_id, "waits": self.waits}


@dataclass
class Report:
    """A run while it goes on. `problems` are about the source as a whole; `stopped` is why it waits for a person."""

    gathered: int = 0
    complete: bool = False
    stopped: Reason | None = None
    failed: Reason | None = None
    problems: list[Reason] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    counts: Counter[Outcome] = field(default_factory=Counter)

    def add(self, entry: Entry) -> None:
        """Counts a record, and names it if something is to be said of it."""
        self.counts[entry.outcome] += 1
        if entry.outcome not in SILENT or entry.reasons:
            self.entries.append(entry)

    def count(self, outcome: Outcome, number: int) -> None:
        """Counts records that are not named."""
        self.counts[outcome] += number

    @property
    def state(self) -> str:
        """``failed``, ``stopped`` or ``finished``."""
        return "failed" if self.failed else "stopped" if self.stopped else "finished"

    def figures(self) -> dict[str, int]:
        """How many records had each outcome; ``gathered`` is what the source listed."""
        return {"gathered": self.gathered, **{str(one): self.counts[one] for one in Outcome}}

    def as_json(self) -> Dict:
        """The form in which it is stored; the records that say most come first."""
        return {
            **self.figures(),
            "complete": self.complete,
            "stopped": self.stopped.as_json() if self.stopped else None,
            "failed_because": self.failed.as_json() if self.failed else None,
            "problems": [one.as_json() for one in self.problems],
            "entries": [one.as_json() for one in self._by_weight()],
            "left_out": max(0, len(self.entries) - MOST_ENTRIES),
        }

    def _by_weight(self) -> Iterator[Entry]:
        weight = {Outcome.FAILED: 0, Outcome.ARCHIVED: 1, Outcome.MISSING: 2, Outcome.CREATED: 3, Outcome.CHANGED: 3}
        yield from sorted(self.entries, key=lambda one: weight.get(one.outcome, 4))[:MOST_ENTRIES]
