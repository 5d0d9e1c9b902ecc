"""Fields of a record of CKAN, wherever a portal keeps them: as fields of a schema, or as extras of many names.

The names are those of stock CKAN, of ckanext-dcat (extras and its schema), of ckanext-dcatde and GovData, and ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ckanext.mainz.metadata.rdf.entries import several

Row = dict[str, Any]
#: Subfields of agents and contacts, and how flat extras call them behind their prefix.
PARTS = {"name": "name", "email": "email", "url": "url", "uri": "uri", "type": "type", "telephone": "telephone",
         "identifier": "identifier"}  # fmt: skip
LANGUAGES = ("de", "de_DE", "en")


@dataclass(frozen=True)
class Values:
    """The values of a record or of one of its files."""

    record: Mapping[str, Any]

    @cached_property
    def extras(self) -> dict[str, Any]:
        """The extras by name, which some portals give as an object, and some as a list of pairs."""
        given = self.record.get("extras") or ()
        if isinstance(given, Mapping):
            return dict(given)
        pairs = (one for one in given if isinstance(one, Mapping)) if isinstance(given, list) else ()
        return {str(one.get("key")): one.get("value") for one in pairs}

    def get(self, *names: str) -> Any:
        """The first of these fields or extras that holds something; empty text where none does."""
        for name in names:
            for source in (self.record, self.extras):
                if (value := source.get(name)) not in (None, "", [], {}):
                    return value
        return ""

    def text(self, *names: str) -> str:
        """The first of these as a text, in German where there are several languages."""
        return in_german(self.get(*names))

    def texts(self, *names: str) -> list[str]:
        """All values of the first of these that holds some; a list, JSON text of one, or one value."""
        found = [in_german(one) for one in several(self.get(*names))]
        return [one for one in found if one]

    def rows(self, name: str, *prefixes: str) -> list[Row]:
        """The rows of a repeating field, else one row of flat extras that begin with one of the prefixes."""
        rows = [dict(one) for one in several(self.record.get(name)) if isinstance(one, Mapping)]
        return rows or next(iter(self._flat(prefixes)), [])

    def _flat(self, prefixes: tuple[str, ...]) -> Iterator[list[Row]]:
        for prefix in prefixes:
            row = {part: self.text(f"{prefix}_{behind}") for part, behind in PARTS.items()}
            if found := {part: text for part, text in row.items() if text}:
                yield [found]


def in_german(value: Any) -> str:
    """A value as a text; of one in several languages that in German, else in English, else the first."""
    if isinstance(value, Mapping):
        chosen = [value.get(one) for one in LANGUAGES] + list(value.values())
        return next((one.strip() for one in chosen if isinstance(one, str) and one.strip()), "")
    if isinstance(value, bool | list | tuple) or value is None:
        return ""
    return str(value).strip()
