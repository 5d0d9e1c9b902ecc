"""What the scan has found, and how a finding is known again when it has been answered. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

NAME, BIRTHDAY, EMAIL, PHONE, ACCOUNT = "name", "birthday", "email", "phone", "account"
TAX_ID, INSURANCE, PERSON_ID, PLATE, ADDRESS = "tax_id", "social_insurance", "person_id", "plate", "address"
FREE_TEXT, COORDINATES, SMALL_CELLS = "free_text", "coordinates", "small_cells"
KINDS = (
    *(NAME, BIRTHDAY, EMAIL, PHONE, ACCOUNT, TAX_ID, INSURANCE, PERSON_ID, PLATE, ADDRESS),
    *(FREE_TEXT, COORDINATES, SMALL_CELLS),
)


@dataclass(frozen=True)
class Finding:
    """A column that seems to tell of single people.

    `rows` are the first few physical lines (or rows of the sheet), counted from 1 as in the file; `count` says how many
    cells were seen in all, of a large table in the rows that were looked at; `samples` are masked, so that no finding
    repeats what it warns of; `confidence` is between 0 and 1.
    """

    kind: str
    column: str
    rows: tuple[int, ...]
    count: int
    samples: tuple[str, ...]
    confidence: float
    sheet: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it is and what: the same in each delivery of the same table."""
        return self.sheet, self.column, self.kind

    def as_json(self) -> dict[str, Any]:
        """For the database."""
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Finding:
        """From the database."""
        return cls(**{**kept, "rows": tuple(kept["rows"]), "samples": tuple(kept["samples"])})


@dataclass(frozen=True)
class FileFinding:
    """A finding in a file of a record. `visibility` is the level of the file, empty where it has its record's."""

    resource_id: str
    file_key: str
    file: str
    visibility: str
    finding: Finding

    @property
    def key(self) -> str:
        """By which its answer is kept: the same as long as the bytes are, another one for another delivery."""
        return _digest(self.resource_id, self.file_key, *self.finding.place)

    @property
    def lasting_key(self) -> str:
        """The same in each delivery of this file: by it a standing release tells whether a finding is new."""
        return _digest(self.resource_id, *self.finding.place)


@dataclass(frozen=True)
class Unread:
    """A file that the scan could not read. `reason`: ``no_table``, ``format`` (nothing it can read) or ``missing``."""

    resource_id: str
    file: str
    reason: str


@dataclass(frozen=True)
class Findings:
    """What is known of the files of a record.

    `waiting` are names of files that the worker is still to look at; as long as there are any, nobody can say that
    there are no more findings. `unread` are files that a person has to look at.
    """

    items: tuple[FileFinding, ...] = ()
    waiting: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether every file has been looked at."""
        return not self.waiting

    def new_since(self, before: Iterable[str]) -> tuple[FileFinding, ...]:
        """Those whose `lasting_key` is not among those of an earlier delivery."""
        known = frozenset(before)
        return tuple(one for one in self.items if one.lasting_key not in known)


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]
