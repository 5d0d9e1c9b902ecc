"""How a difference between two states of a record reads: labels and values of the schema, texts with what was changed
in them marked. Made of what `ckanext.mainz.governance.telling.changes` gives."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.portal import wording
from ckanext.mainz.portal.presentation import Line, Value, in_language, values

_ = toolkit._
#: Details of the bytes that say nothing beside the name and size of the file.
UNTOLD = frozenset({"url_type", "mimetype", "hash_algorithm", "compress_format", "extras"})
WORD = re.compile(r"\s+|[^\s]+")
MOST_WORDS = 4000  # comparing is quadratic in the worst case
SAME, OUT, IN = "", "del", "ins"


@dataclass(frozen=True)
class Piece:
    """A part of a text: taken out (``del``), put in (``ins``), or the same."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A field before and after. `pieces` is the whole text with its changes, where both are texts."""

    label: str
    old: tuple[Line, ...]
    new: tuple[Line, ...]
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class FileChange:
    """A file that comes, goes or is changed (`kind`: ``added``, ``removed``, ``changed``)."""

    id: str
    name: str
    kind: str
    new_bytes: bool
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Difference:
    """All that differs. `reordered`: the files stand in another order."""

    fields: tuple[Change, ...]
    files: tuple[FileChange, ...]
    reordered: bool

    def __bool__(self) -> bool:
        return bool(self.fields or self.files or self.reordered)


def difference(type: str, found: Mapping[str, Any], language: str) -> Difference:
    """The difference between two states of a record of a type, in a language."""
    schema = toolkit.h.scheming_get_dataset_schema(type)
    return Difference(
        fields=tuple(changes(schema["dataset_fields"], found["fields"], language)),
        files=tuple(file_change(schema.get("resource_fields", ()), one, language) for one in found["files"]),
        reordered=bool(found["order"]),
    )


def file_change(schema: Iterable[Mapping[str, Any]], found: Mapping[str, Any], language: str) -> FileChange:
    told = tuple(changes(schema, found["fields"], language))
    return FileChange(found["id"], found["name"], found["kind"], bool(found["new_bytes"]), told)


def changes(schema: Iterable[Mapping[str, Any]], found: Iterable[Mapping[str, Any]], language: str) -> Iterator[Change]:
    """Fields that differ, in the order of the schema; what the schema does not know comes last."""
    fields = {one["field_name"]: one for one in schema}
    order = {name: number for number, name in enumerate(fields)}
    for one in sorted(found, key=lambda each: order.get(each["field"], len(order))):
        if one["field"] not in UNTOLD:
            yield change(fields.get(one["field"]), one, language)


def change(field: Mapping[str, Any] | None, found: Mapping[str, Any], language: str) -> Change:
    """One field before and after."""
    name, old, new = found["field"], found["old"], found["new"]
    label = _("File") if name == "url" and not is_address(old, new) else label_of(name, field, language)
    if name == "size":
        return Change(label, one_line(wording.size(old, language)), one_line(wording.size(new, language)))
    if isinstance(old, str) and isinstance(new, str) and " " in f"{old}{new}":
        return Change(label, one_line(old), one_line(new), tuple(pieces(old, new)))
    return Change(label, shown(field, old, language), shown(field, new, language))


def is_address(*values: Any) -> bool:
    """Whether one of the values is the address of a link; an uploaded file has its name there."""
    return any("://" in str(one or "") for one in values)


def label_of(name: str, field: Mapping[str, Any] | None, language: str) -> str:
    """What the schema calls a field; of those that it keeps elsewhere our own words."""
    own = {"tags": _("Keywords"), "groups": _("Groups"), "shared_with": _("Third parties"), "size": _("Size")}
    if name in own:
        return own[name]
    return in_language(field["label"], language) if field and "label" in field else name


def shown(field: Mapping[str, Any] | None, value: Any, language: str) -> tuple[Line, ...]:
    """A value as pages show it, without links: what is proposed may lead anywhere."""
    found = values(field or {}, value, language)
    return tuple(tuple(Value(part.text) for part in line if part.text) for line in found)


def one_line(text: str) -> tuple[Line, ...]:
    return ((Value(text),),) if text else ()


def pieces(old: str, new: str) -> Iterator[Piece]:
    """A text with what was taken out and put in, word by word."""
    before, after = WORD.findall(old), WORD.findall(new)
    if max(len(before), len(after)) > MOST_WORDS:
        return
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(before[a:b]))
            continue
        if b > a:
            yield Piece(OUT, "".join(before[a:b]))
        if d > c:
            yield Piece(IN, "".join(after[c:d]))
