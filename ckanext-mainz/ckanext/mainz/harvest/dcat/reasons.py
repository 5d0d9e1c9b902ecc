"""Reasons for reports, made of errors and of the problems that the reader of RDF has found."""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.harvest.report import Reason
from ckanext.mainz.metadata.rdf import Problem

LONGEST = 300
MOST = 30


def reason_of(code: str, error: ReadableError) -> Reason:
    """An error as a reason: its sentence with its gaps."""
    values = {name: one if isinstance(one, int) else shortened(str(one)) for name, one in error.values.items()}
    return Reason(code, error.template, values)


def reasons_of(problems: Iterable[Problem]) -> tuple[Reason, ...]:
    """Problems as reasons, each once and without number of row or file; not endless."""
    found: dict[tuple[str, str, str], Reason] = {}
    for one in problems:
        values = {"value": shortened(one.value), "used": shortened(one.used)}
        found.setdefault((one.field, one.message, one.value), Reason(one.field, one.message, values))
    return tuple(found.values())[:MOST]


def shortened(text: str) -> str:
    """A value for a sentence."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
