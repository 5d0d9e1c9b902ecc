"""Template helpers of the metadata room."""

from __future__ import annotations

from typing import Any

from ckanext.mainz.metadata import vocabulary


def get_helpers() -> dict[str, Any]:
    return {"mainz_vocabulary_choices": vocabulary_choices, "mainz_term_label": term_label}


def vocabulary_choices(field: dict[str, Any]) -> list[dict[str, Any]]:
    """Choices of a scheming field that names its vocabulary by the key ``vocabulary``.

    Returns ``[{"value": uri, "label": {"de": …, "en": …}}]``, the shape that scheming translates by itself.
    """
    return [
        {"value": term.uri, "label": {"de": term.de, "en": term.en}} for term in vocabulary.terms(field["vocabulary"])
    ]


def term_label(name: str, uri: str, language: str) -> str:
    """The label of a term for readers; the URI itself where the vocabulary does not know it."""
    term = vocabulary.find(name, uri)
    return term.label(language) if term else uri
