"""Small forms as data, for the templates that draw the portal's fields (``mainz/forms/fields``)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Option:
    """One choice of a field; `note` says what it means in a sentence."""

    value: str
    label: str
    chosen: bool = False
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Choices under one heading; these forms have none."""

    options: tuple[Option, ...]
    title: str = ""


@dataclass(frozen=True)
class Field:
    """A field of a form. `kind` names the template that draws it; `errors` are the messages at it."""

    name: str
    kind: str
    label: str
    value: str = ""
    help: str = ""
    required: bool = False
    errors: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""

    @property
    def id(self) -> str:
        """Where links to the field lead."""
        return f"field-{self.name}"

    @property
    def described_by(self) -> str:
        """Ids of what describes the field to a screen reader."""
        parts = {"error": self.errors, "help": self.help}
        return " ".join(f"{self.id}-{part}" for part, there in parts.items() if there)

    @property
    def groups(self) -> tuple[Group, ...]:
        """All choices, under no heading."""
        return (Group(self.options),)


@dataclass(frozen=True)
class Problem:
    """One message of the summary at the top."""

    label: str
    message: str
    target: str


@dataclass(frozen=True)
class Form:
    """Fields with what was typed and what is wrong about it; `elsewhere` are messages at no field of this form."""

    fields: tuple[Field, ...]
    elsewhere: tuple[str, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """All messages, each with the field that it is about."""
        at_fields = [Problem(one.label, message, one.id) for one in self.fields for message in one.errors]
        return [*at_fields, *(Problem("", message, "") for message in self.elsewhere)]

    def __getitem__(self, name: str) -> Field:
        """A field by its name."""
        return next(one for one in self.fields if one.name == name)


def form(*fields: Field, typed: Mapping[str, Any], errors: Mapping[str, Any] | None = None) -> Form:
    """The fields with what was typed into them and the messages at them."""
    wrong = {name: messages(found) for name, found in (errors or {}).items()}
    filled = tuple(_filled(one, str(typed.get(one.name, "")), wrong.get(one.name, ())) for one in fields)
    names = {one.name for one in fields}
    return Form(filled, tuple(message for name, found in wrong.items() if name not in names for message in found))


def _filled(one: Field, value: str, errors: tuple[str, ...]) -> Field:
    chosen = tuple(Option(each.value, each.label, each.value == value, each.note) for each in one.options)
    return Field(one.name, one.kind, one.label, value, one.help, one.required, errors, chosen, one.attributes, one.hint)


def messages(found: Any) -> tuple[str, ...]:
    """All sentences in what CKAN has at one key of its errors."""
    if isinstance(found, Mapping):
        return tuple(message for one in found.values() for message in messages(one))
    if isinstance(found, Iterable) and not isinstance(found, str):
        return tuple(message for one in found for message in messages(one))
    return (str(found),)
