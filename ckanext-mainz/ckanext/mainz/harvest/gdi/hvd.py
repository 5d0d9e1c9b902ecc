"""Whether the data are a high-value dataset (regulation (EU) 2023/138): only where the record says so itself.

Evidence is the address of a category, or its label under the thesaurus of the categories. Mapbender makes an Anchor of
every category of its own under that thesaurus (``mbc7``), so a keyword with another address counts for nothing. The
theme of INSPIRE says nothing either: it gives a hint for the editor if the data are reported to INSPIRE.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.gdi import keywords
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.iso_shapes import Anchored, Keywords
from ckanext.mainz.harvest.gdi.notes import Notes
from ckanext.mainz.harvest.gdi.tables import letters, table
from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.vocabulary import Term

NAME = "hvd_categories"
CATEGORY = re.compile(r"https?://data\.europa\.eu/bna/c_[0-9a-f]{8}\Z")
LAW = "HVD"
NO_CATEGORY = N_("“{value}” is no category of high-value datasets and is left out.")
MAY_BE = N_(
    "INSPIRE has the data under “{value}”. Check whether they are a high-value dataset of the category “{used}”."
)


def fields(record: IsoRecord, notes: Notes) -> dict[str, list[str]]:
    """``hvd_category`` and ``legal_basis``, both or none."""
    chosen = {term.uri for block in record.keywords for term in _of_block(block, notes)}
    law = vocabulary.match("legal_bases", LAW)
    if not chosen or law is None:
        _hint(record, notes)
        return {}
    return {
        "hvd_category": [term.uri for term in vocabulary.terms(NAME) if term.uri in chosen],
        "legal_basis": [law.uri],
    }


def _of_block(block: Keywords, notes: Notes) -> Iterator[Term]:
    under = is_hvd_block(block)
    for word in block.words:
        term = _category(word, under)
        if term:
            yield term
        elif under:
            notes.left_out("hvd_category", NO_CATEGORY, word.href or word.text)


def _category(word: Anchored, under: bool) -> Term | None:
    if word.href:
        return vocabulary.match(NAME, word.href) if CATEGORY.match(word.href.strip()) else None
    return vocabulary.match(NAME, word.text) if under else None


def is_hvd_block(block: Keywords) -> bool:
    """Whether a block has its keywords from the list of categories, whatever the case of its title."""
    known = table("texts")["hvd_thesaurus"]
    return letters(block.thesaurus.text).startswith(tuple(known["titles"])) or block.thesaurus.href == known["address"]


def _hint(record: IsoRecord, notes: Notes) -> None:
    if not keywords.is_inspire(record):
        return
    for theme in keywords.inspire_of(record):
        term = vocabulary.match(NAME, theme.may_be) if theme.may_be else None
        if term:
            notes.hint("hvd_category", MAY_BE, theme.de, term.de)
