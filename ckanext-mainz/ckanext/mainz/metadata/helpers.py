"""Template helpers of the metadata room."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from ckanext.mainz.metadata import vocabulary


def get_helpers() -> dict[str, Any]:
    return {"mainz_vocabulary_choices": vocabulary_choices, "mainz_term_label": term_label}


def vocabulary_choices(field: dict[str, Any], chosen: Collection[str] = ()) -> list[dict[str, Any]]:
    """Choices of a scheming field that names its vocabulary by the key ``vocabulary``.

    What is offered, and of the rest what is `chosen` already, so that saving a form loses nothing. Returns
    ``[{"value": uri, "label": {"de": …, "en": …}, "group": {…}, "note": {…}}]``, the shape that scheming translates by
    itself; ``group`` and ``note`` have empty texts where the vocabulary has none.
    """
    return [_choice(term) for term in vocabulary.terms(field["vocabulary"]) if term.offered or term.uri in chosen]


def _choice(term: vocabulary.Term) -> dict[str, Any]:
    return {
        "value": term.uri,
        "label": {"de": term.de, "en": term.en},
        "group": {"de": term.group_de, "en": term.group_en},
        "note": {"de": term.note_de, "en": term.note_en},
    }


def term_label(name: str, uri: str, language: str) -> str:
    """The label of a term for readers; the URI itself where the vocabulary does not know it."""
    term = vocabulary.find(name, uri)
    return term.label(language) if term else uri
