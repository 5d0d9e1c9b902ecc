"""Vocabularies as data: ``schemas/vocabularies/<name>.yaml`` read once.

A file is a list of terms: ``uri``, ``de``, ``en``, and optionally ``code`` (short form), ``alt`` (other names),
``valid_from`` and ``valid_to`` (ISO dates).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import yaml
from ckanext.mainz.schemas import VOCABULARIES


@dataclass(frozen=True)
class Term:
    """One entry of a code list with its labels."""

    uri: str
    de: str
    en: str
    code: str = ""
    alt: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    def label(self, language: str) -> str:
        """The label in a language (``de`` or ``en``); English where another is asked for."""
        return self.de if language.startswith("de") else self.en


@cache
def terms(name: str) -> tuple[Term, ...]:
    """All terms of a vocabulary in the order of its file. Raises `FileNotFoundError` for an unknown name."""
    entries = yaml.safe_load((VOCABULARIES / f"{name}.yaml").read_text(encoding="utf-8"))
    return tuple(Term(**{**entry, "alt": tuple(entry.get("alt", ()))}) for entry in entries)


@cache
def _by_uri(name: str) -> dict[str, Term]:
    return {term.uri: term for term in terms(name)}


def find(name: str, uri: str) -> Term | None:
    """The term of a vocabulary with this URI, or None."""
    return _by_uri(name).get(uri)
