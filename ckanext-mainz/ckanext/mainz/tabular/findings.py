"""Collects what is odd: one finding for each code and column, with a count and the first lines."""

from __future__ import annotations

from collections.abc import Iterable

from .model import Finding

MAX_LINES = 20


class Findings:
    """Grows while a file is looked at."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str | None, str], tuple[int, list[int], dict[str, object]]] = {}

    def add(
        self, code: str, lines: Iterable[int] = (), *, column: str | None = None, count: int = 1, **parameters: object
    ) -> None:
        """Tell a finding; told again it is counted. Parameters are those of the first time."""
        key = (code, column, str(parameters.get("marker", parameters.get("name", ""))))
        old_count, old_lines, old_parameters = self._found.get(key, (0, [], parameters))
        kept = sorted({*old_lines, *lines})[:MAX_LINES]
        self._found[key] = (old_count + count, kept, old_parameters)

    def at(self, code: str, line: int) -> None:
        """Tell one line; what the lexer reports to."""
        key = (code, None, "")
        count, lines, parameters = self._found.setdefault(key, (0, [], {}))
        if len(lines) < MAX_LINES:
            lines.append(line)
        self._found[key] = (count + 1, lines, parameters)

    def result(self) -> tuple[Finding, ...]:
        """All findings in the order of their first line."""
        made = [
            Finding(code, lines[0] if lines else None, column, {"count": count, **parameters}, count, tuple(lines))
            for (code, column, _), (count, lines, parameters) in self._found.items()
        ]
        return tuple(sorted(made, key=lambda finding: (finding.line or 0, finding.code)))
