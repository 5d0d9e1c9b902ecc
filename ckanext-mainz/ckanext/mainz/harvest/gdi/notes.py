"""How the modules of this room report: each answers with what it found and what it had to leave out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ckanext.mainz.foundation.errors import Message
from ckanext.mainz.metadata.rdf.problems import Problem


@dataclass
class Notes:
    """The problems of one record, in the order in which they were met; each once."""

    problems: list[Problem] = field(default_factory=list)

    def left_out(self, name: str, message: Message, value: str = "") -> None:
        """A value of a field that does not become part of the record."""
        self._add(Problem(name, message, value))

    def mended(self, name: str, message: Message, value: str, used: Any = "") -> None:
        """A value that was replaced by another."""
        self._add(Problem(name, message, value, repaired=True, used=str(used)))

    def hint(self, name: str, message: Message, value: str, used: str = "") -> None:
        """Something to look at; nothing was left out or replaced."""
        self._add(Problem(name, message, value, used=used))

    def _add(self, problem: Problem) -> None:
        if problem not in self.problems:
            self.problems.append(problem)
