"""A form as data: its sections and fields, with values, help and errors, in the reader's language.

Made from a schema of ckanext-scheming; ``form_snippet`` says of what kind a field is, ``form_section`` where a section
begins. Templates only draw what stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.metadata import geometry, vocabulary
from ckanext.mainz.portal.forms.options import Group, Option, groups, options

_ = toolkit._
KINDS = {
    "large_text.html": "line",
    "text.html": "line",
    "slug.html": "address",
    "markdown.html": "text",
    "multiple_text.html": "list",
    "select.html": "choice",
    "license.html": "choice",
    "organization.html": "choice",
    "multiple_checkbox.html": "choices",
    "upload.html": "file",
    "repeating": "rows",
}
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
NO_ROWS: Mapping[str, int] = {}

Schema = Mapping[str, Any]
Errors = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """A field of a form. `kind` names the template that draws it; `value` is its text; `rows` are those of a
    repeating field, `row_label` the name of one of them; `hint` says why there is something in it already."""

    name: str
    id: str
    kind: str
    label: str
    help: str = ""
    required: bool = False
    value: str = ""
    errors: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    repeats: bool = False
    row_label: str = ""
    hint: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def described_by(self) -> str:
        """Ids of what describes the field to a screen reader: its errors, its help, and why something is in it."""
        parts = {"error": self.errors, "help": self.help, "hint": self.hint}
        return " ".join(f"{self.id}-{part}" for part, there in parts.items() if there)

    @property
    def groups(self) -> list[Group]:
        """The choices by their headings."""
        return groups(self.options)

    @property
    def filled(self) -> bool:
        """Whether the field holds something."""
        chosen = any(option.chosen and option.value for option in self.options)
        return bool(self.value) or chosen or any(one.filled for row in self.rows for one in row.fields)

    @property
    def wrong(self) -> bool:
        """Whether there is a message at the field or in its rows."""
        return bool(self.errors) or any(one.wrong for row in self.rows for one in row.fields)

    @property
    def target(self) -> str:
        """The id that a link to this field leads to: where one begins to type."""
        if self.kind == "choices":
            return f"{self.id}-0"
        if self.kind == "rows":
            return self.rows[0].fields[0].id
        return self.id


@dataclass(frozen=True)
class Row:
    """One row of a repeating field."""

    number: int
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Section:
    """Fields under one heading. Those of the further details (`more`) are folded as long as they hold nothing."""

    title: str
    fields: tuple[Field, ...]
    more: bool = False
    asked: bool = False

    @property
    def opened(self) -> bool:
        """Whether a folded section must be seen: for a mistake, a value, or since a row was asked for in it."""
        return self.asked or any(one.filled or one.wrong for one in self.fields)

    @property
    def contents(self) -> str:
        """What one finds in the section."""
        return ", ".join(one.label for one in self.fields)


@dataclass(frozen=True)
class Problem:
    """One message of the summary at the top: what is wrong where, and the id of the field; empty if there is none."""

    label: str
    message: str
    target: str


def sections(
    schema_fields: Iterable[Schema],
    values: Mapping[str, Any],
    errors: Errors,
    language: str,
    wanted: Mapping[str, int] = NO_ROWS,
) -> list[Section]:
    """The sections of a form. `wanted` is the number of rows that a repeating field shall show at least."""
    found: list[tuple[Schema, list[Field]]] = []
    for one in schema_fields:
        if one.get("form_snippet", "text.html") is None:
            continue
        if not found or "form_section" in one:
            found.append((one, []))
        found[-1][1].append(make_field(one, values, errors, language, wanted))
    return [make_section(first, fields, language, wanted) for first, fields in found]


def make_section(first: Schema, fields: list[Field], language: str, wanted: Mapping[str, int]) -> Section:
    """A section from the schema of its first field, which names it."""
    return Section(
        title=text(first.get("form_section"), language),
        fields=tuple(fields),
        more=bool(first.get("form_more")),
        asked=any(one.name in wanted for one in fields),
    )


def with_hints(form: Iterable[Section], hints: Mapping[str, str]) -> list[Section]:
    """The sections with notes at the fields that hold something before anybody typed."""
    return [
        replace(section, fields=tuple(replace(one, hint=hints.get(one.name, "")) for one in section.fields))
        for section in form
    ]


def make_field(
    schema: Schema, values: Mapping[str, Any], errors: Errors, language: str, wanted: Mapping[str, int] = NO_ROWS
) -> Field:
    """One field with its value and errors."""
    name = schema["field_name"]
    kind = KINDS["repeating" if "repeating_subfields" in schema else schema.get("form_snippet", "text.html")]
    value = values.get(name)
    offered = options(schema, value, language, kind == "choice") if kind in ("choice", "choices") else ()
    return Field(
        name=name,
        id=f"field-{name}",
        kind=kind,
        label=text(schema.get("label"), language),
        help=text(schema.get("help_text"), language),
        required=bool(schema.get("required")),
        value=shown(value, schema, language) if kind not in ("choices", "rows") else "",
        errors=messages(errors.get(name)) if kind != "rows" else of_all_rows(errors.get(name)),
        options=tuple(offered),
        rows=tuple(rows(schema, value, errors.get(name), language, wanted.get(name, 0))) if kind == "rows" else (),
        repeats=kind == "rows" and not schema.get("repeating_once"),
        row_label=text(schema.get("repeating_label") or schema.get("label"), language),
        attributes=attributes(schema),
    )


def attributes(schema: Schema) -> dict[str, str]:
    """What the schema says of the input itself: its type, autocomplete, the list of suggestions, what aids it has."""
    given = {name: str(value) for name, value in (schema.get("form_attrs") or {}).items() if name != "data-module"}
    validators = str(schema.get("validators"))
    aids = {"data-day": _("Choose from a calendar")} if "mainz_day" in validators else {}
    aids |= {"data-box": ""} if "mainz_box" in validators else {}
    return {**given, **aids, **({"list": schema["suggestions"]} if "suggestions" in schema else {})}


def rows(schema: Schema, value: Any, errors: Any, language: str, wanted: int) -> Iterator[Row]:
    """The rows of a repeating field and, if it takes more, one empty one, so that it works without JavaScript."""
    filled = [row for row in value or [] if isinstance(row, dict)]
    empty = max(0 if filled and schema.get("repeating_once") else 1, wanted - len(filled))
    found = errors if isinstance(errors, list) else []
    last = len(filled) + empty - 1
    for number, row in enumerate([*filled, *[{}] * empty]):
        wrong = found[number] if number < len(found) and isinstance(found[number], dict) else {}
        fields = [subfield(schema, sub, number, as_typed(row), wrong, language) for sub in shown_subfields(schema)]
        if wanted and number == last:
            fields[0] = replace(fields[0], attributes={**fields[0].attributes, "autofocus": "autofocus"})
        yield Row(number, tuple(fields))


def shown_subfields(schema: Schema) -> list[Schema]:
    """The parts of a row that the form asks for."""
    return [one for one in schema["repeating_subfields"] if one.get("form_snippet", "text.html") is not None]


def as_typed(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row as people enter it: an area that is a place of the list is that choice, not its name and box."""
    plain = row.get("bbox") and not row.get("geom")
    place = vocabulary.match("places", str(row.get("text") or "")) if plain else None
    if place is None or box_in_numbers(str(row["bbox"])) != ",".join(map(str, place.bbox)):
        return row
    return {**row, "uri": place.uri, "text": "", "bbox": ""}


def subfield(
    parent: Schema, schema: Schema, number: int, row: Mapping[str, Any], errors: Errors, language: str
) -> Field:
    made = make_field(schema, row, errors, language)
    name = f"{parent['field_name']}-{number}-{schema['field_name']}"
    return replace(made, name=name, id=f"field-{name}", help="" if number else made.help)


def messages(found: Any) -> tuple[str, ...]:
    """Messages of a field as CKAN gives them: a text, a list of texts, or, for parts of it, objects of these."""
    if isinstance(found, str):
        return (found,)
    if isinstance(found, Mapping):
        return tuple(dict.fromkeys(message for part in found.values() for message in messages(part)))
    return tuple(dict.fromkeys(message for part in found or () for message in messages(part)))


def of_all_rows(found: Any) -> tuple[str, ...]:
    """Messages for a repeating field as a whole."""
    return tuple(message for message in found or () if isinstance(message, str))


def problems(form: Iterable[Section], errors: Errors, known: Iterable[Field] = ()) -> list[Problem]:
    """The summary of all errors in the order of the form; what belongs to no field comes last."""
    fields = [one for section in form for one in flat(section.fields)] + list(known)
    named = {one.name.partition("-")[0] for one in fields}
    found = [Problem(one.label, message, one.target) for one in fields for message in one.errors]
    other = [(name, message) for name, value in errors.items() if name not in named for message in messages(value)]
    return found + [Problem("", message, "") for name, message in other if not name.startswith("__")]


def flat(fields: Iterable[Field]) -> Iterator[Field]:
    """Fields with those of their rows."""
    for one in fields:
        yield one
        for row in one.rows:
            yield from row.fields


def shown(value: Any, schema: Schema, language: str) -> str:
    """A value as people type it: days as 31.12.2025 in German, boxes in four numbers."""
    written = "\n".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    if "mainz_box" in str(schema.get("validators")):
        return box_in_numbers(written)
    day = ISO_DAY.match(written) if "mainz_day" in str(schema.get("validators")) and language == "de" else None
    return "{2}.{1}.{0}".format(*day.groups()) if day else written


def box_in_numbers(written: str) -> str:
    """A box as ``west,south,east,north``; what is no box as it was typed."""
    try:
        return ",".join(f"{number:.10g}" for number in geometry.corners(written)) if written.strip() else ""
    except geometry.GeometryError:
        return written


def text(words: Any, language: str) -> str:
    """A text of the schema in a language; the schema gives it once or as ``{de: …, en: …}``."""
    if isinstance(words, Mapping):
        return str(words.get(language) or words.get("en") or "")
    return str(words or "")
