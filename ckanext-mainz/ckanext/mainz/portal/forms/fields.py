"""A form as data: its sections and fields, with values, help and errors, in the reader's language.

Made from a schema of ckanext-scheming; ``form_snippet`` says of what kind a field is, ``form_section`` where a section
begins. Templates only draw what stands here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.metadata.rows import asked

_ = toolkit._
KINDS = {
    "large_text.html": "line",
    "text.html": "line",
    "slug.html": "address",
    "markdown.html": "text",
    "multiple_text.html": "text",
    "select.html": "choice",
    "license.html": "choice",
    "organization.html": "choice",
    "multiple_checkbox.html": "choices",
    "upload.html": "file",
    "repeating": "rows",
}
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z", re.ASCII)
MOST_EMPTY_ROWS = 1

Schema = Mapping[str, Any]
Errors = Mapping[str, Any]


@dataclass(frozen=True)
class Option:
    """One choice of a field."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Field:
    """A field of a form. `kind` names the template that draws it; `value` is its text; `rows` are those of a
    repeating field."""

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
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def described_by(self) -> str:
        """Ids of what describes the field to a screen reader: its errors, then its help."""
        parts = [f"{self.id}-error"] if self.errors else []
        return " ".join([*parts, f"{self.id}-help"] if self.help else parts)

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
    """Fields under one heading."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Problem:
    """One message of the summary at the top: what is wrong where, and the id of the field; empty if there is none."""

    label: str
    message: str
    target: str


def sections(
    schema_fields: Iterable[Schema], values: Mapping[str, Any], errors: Errors, language: str
) -> list[Section]:
    """The sections of a form."""
    found: list[tuple[str, list[Field]]] = []
    for one in asked(schema_fields):
        if not found or "form_section" in one:
            found.append((text(one.get("form_section"), language), []))
        found[-1][1].append(make_field(one, values, errors, language))
    return [Section(title, tuple(fields)) for title, fields in found]


def make_field(schema: Schema, values: Mapping[str, Any], errors: Errors, language: str) -> Field:
    """One field with its value and errors."""
    name = schema["field_name"]
    kind = KINDS["repeating" if "repeating_subfields" in schema else schema.get("form_snippet", "text.html")]
    value = values.get(name)
    return Field(
        name=name,
        id=f"field-{name}",
        kind=kind,
        label=text(schema.get("label"), language),
        help=text(schema.get("help_text"), language),
        required=bool(schema.get("required")),
        value=shown(value, schema, language) if kind not in ("choices", "rows") else "",
        errors=messages(errors.get(name)) if kind != "rows" else of_all_rows(errors.get(name)),
        options=tuple(options(schema, value, language)) if kind in ("choice", "choices") else (),
        rows=tuple(rows(schema, value, errors.get(name), language)) if kind == "rows" else (),
        repeats=kind == "rows" and not schema.get("repeating_once"),
        attributes=attributes(schema),
    )


def attributes(schema: Schema) -> dict[str, str]:
    """What the schema says of the input itself: its type, autocomplete, and the list of suggestions."""
    given = {name: str(value) for name, value in (schema.get("form_attrs") or {}).items() if name != "data-module"}
    return {**given, "list": schema["suggestions"]} if "suggestions" in schema else given


def rows(schema: Schema, value: Any, errors: Any, language: str) -> Iterator[Row]:
    """The rows of a repeating field and, if it takes more, one empty one, so that it works without JavaScript."""
    filled = [row for row in value or [] if isinstance(row, dict)]
    empty = 0 if filled and schema.get("repeating_once") else MOST_EMPTY_ROWS
    found = errors if isinstance(errors, list) else []
    for number, row in enumerate([*filled, *[{}] * empty]):
        wrong = found[number] if number < len(found) and isinstance(found[number], dict) else {}
        yield Row(
            number,
            tuple(
                subfield(schema, sub, number, row, wrong, language)
                for sub in schema["repeating_subfields"]
                if sub.get("form_snippet", "text.html") is not None
            ),
        )


def subfield(
    parent: Schema, schema: Schema, number: int, row: Mapping[str, Any], errors: Errors, language: str
) -> Field:
    made = make_field(schema, row, errors, language)
    name = f"{parent['field_name']}-{number}-{schema['field_name']}"
    return Field(**{**made.__dict__, "name": name, "id": f"field-{name}"})


def options(schema: Schema, value: Any, language: str) -> Iterator[Option]:
    """The choices of a field; a field with one value begins with an empty one, which says what it means."""
    chosen = {str(item) for item in value} if isinstance(value, list | tuple) else {str(value or "")}
    found = list(choices(schema, chosen, language))
    if KINDS[schema["form_snippet"]] == "choice" and not (schema.get("required") and len(found) == 1):
        yield Option("", _("Please choose") if schema.get("required") else _("Not specified"), chosen == {""})
    for choice, label in found:
        yield Option(choice, label, choice in chosen)


def choices(schema: Schema, chosen: set[str], language: str) -> Iterator[tuple[str, str]]:
    """Values and labels that a field offers."""
    if schema["form_snippet"] == "organization.html":
        yield from organizations(chosen)
    elif schema["form_snippet"] == "license.html":
        yield from licenses(chosen)
    else:
        for choice in toolkit.h.mainz_vocabulary_choices(schema, chosen):
            yield str(choice["value"]), text(choice["label"], language)


def organizations(chosen: set[str]) -> list[tuple[str, str]]:
    """Organisations for which this person may enter datasets, and the one that is chosen already."""
    offered = toolkit.h.organizations_available("create_dataset")
    found = {str(one["id"]): str(one.get("display_name") or one["name"]) for one in offered}
    for identifier in chosen - found.keys() - {""}:
        stored = model.Group.get(identifier)
        if stored is not None:
            found.setdefault(stored.id, stored.display_name)
    return sorted(found.items(), key=lambda item: item[1].casefold())


def licenses(chosen: set[str]) -> Iterator[tuple[str, str]]:
    """Licences that are in force, and the chosen one even if it is not."""
    for license in model.Package.get_license_register().values():
        if license.status == "active" or license.id in chosen:
            yield license.id, license.title


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
    """A value as people type it: days as 31.12.2025 in German."""
    written = "\n".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    day = ISO_DAY.match(written) if "mainz_day" in str(schema.get("validators")) and language == "de" else None
    return "{2}.{1}.{0}".format(*day.groups()) if day else written


def text(words: Any, language: str) -> str:
    """A text of the schema in a language; the schema gives it once or as ``{de: …, en: …}``."""
    if isinstance(words, Mapping):
        return str(words.get(language) or words.get("en") or "")
    return str(words or "")
