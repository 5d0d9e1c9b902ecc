"""How the fields of a record read on its page: labels and values from the scheming schema. Pure.

A field that is added to the schema appears by itself; a field with ``display_snippet: null`` does not, nor does an
empty one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from ckanext.mainz.metadata import geometry, vocabulary
from ckanext.mainz.metadata.values import parsed
from ckanext.mainz.portal import wording

Field = Mapping[str, Any]
Line = tuple["Value", ...]
WEB = ("http", "https", "ftp")


@dataclass(frozen=True)
class Value:
    """A text with the address it links to, or nothing."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class Row:
    """A label and the values that stand beside it; each is a line of one or more parts."""

    label: str
    values: tuple[Line, ...]


def rows(record: Mapping[str, Any], fields: Iterable[Field], language: str, without: Iterable[str]) -> list[Row]:
    """Rows of the filled fields in the order of the schema, without those that the page shows elsewhere."""
    hidden = frozenset(without)
    candidates = (
        Row(in_language(field["label"], language), values(field, record.get(field["field_name"]), language))
        for field in fields
        if field["field_name"] not in hidden and is_shown(field)
    )
    return [row for row in candidates if row.values]


def is_shown(field: Field) -> bool:
    """Whether the schema lets readers see a field."""
    return "label" in field and field.get("display_snippet", "") is not None


def in_language(text: str | Mapping[str, str], language: str) -> str:
    """A text of the schema in a language, else in English, else in whichever it has."""
    if isinstance(text, str):
        return text
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def values(field: Field, stored: Any, language: str) -> tuple[Line, ...]:
    """What to show of a stored value: lists, repeating rows and single values alike."""
    if "repeating_subfields" in field:
        found = (one_row(field, item, language) for item in as_list(stored))
    else:
        found = ((one_value(field, item, language),) for item in as_list(stored))
    return tuple(line for line in found if any(part.text for part in line))


def as_list(stored: Any) -> list[Any]:
    """The items of a value that may be a list, the JSON text of one, a single value or nothing."""
    found = parsed(stored)
    if isinstance(found, list):
        return [item for item in found if item not in (None, "")]
    return [] if found in (None, "") else [found]


def one_value(field: Field, item: Any, language: str) -> Value:
    """A single value with the label of its term or choice, as a link where it is an address."""
    text = str(item)
    label = chosen_label(field, text, language)
    return Value(label or wording.written_day(text, language), "" if label else address(text))


def chosen_label(field: Field, text: str, language: str) -> str:
    """The label of a term of the field's vocabulary or of one of its choices; empty where it has neither."""
    if "vocabulary" in field:
        term = vocabulary.find(field["vocabulary"], text)
        return term.label(language) if term else ""
    for choice in field.get("choices", ()):
        if choice["value"] == text:
            return in_language(choice.get("label", text), language)
    return ""


def address(text: str) -> str:
    """Where a text leads: itself where it is a web address, ``mailto:`` for mail, else nothing."""
    scheme = urlsplit(text).scheme if "://" in text[:10] else ""
    if scheme in WEB:
        return text
    return f"mailto:{text}" if is_mail(text) else ""


def is_mail(text: str) -> bool:
    name, at, host = text.partition("@")
    return bool(name and at) and "." in host and not any(sign.isspace() for sign in text)


def one_row(field: Field, item: Any, language: str) -> Line:
    """A repeating row in one line: a period as ``von bis``, otherwise its parts side by side."""
    if not isinstance(item, Mapping):
        return (Value(str(item)),)
    parts: Mapping[str, Line] = {
        sub["field_name"]: line
        for sub in field["repeating_subfields"]
        for line in values(sub, item.get(sub["field_name"]), language)
    }
    if parts.keys() & {"bbox", "geom", "centroid"}:
        parts = area(parts)
    if parts and parts.keys() <= {"start", "end"}:
        return (Value(period({name: line[0].text for name, line in parts.items()}, language)),)
    return tuple(part for line in parts.values() for part in line)


def area(parts: Mapping[str, Line]) -> Mapping[str, Line]:
    """What an area is called, once; of one without a name its box in degrees, else its geometry as it is stored."""
    called = {name: parts[name] for name in ("uri", "text") if name in parts}
    if called:
        texts = {line[0].text: name for name, line in reversed(called.items())}
        return {name: line for name, line in called.items() if name in texts.values()}
    if "bbox" in parts:
        return {"bbox": (Value(box(parts["bbox"][0].text)),)}
    return parts


def box(text: str) -> str:
    """West, south, east and north in degrees; what is no box as it is."""
    try:
        return "{:.5g}°–{:.5g}°, {:.5g}°–{:.5g}°".format(*sides(*geometry.corners(text)))
    except geometry.GeometryError:
        return text


def sides(west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
    """Longitudes, then latitudes."""
    return west, east, south, north


def period(ends: Mapping[str, str], language: str) -> str:
    """A period with one or both of its ends."""
    start, end = ends.get("start", ""), ends.get("end", "")
    german = language == "de"
    if start and end:
        return f"{start} bis {end}" if german else f"{start} to {end}"
    if start:
        return f"ab {start}" if german else f"from {start}"
    return f"bis {end}" if german else f"until {end}"
