"""How a new state of a record at its source is joined with what editors have changed here, field by field. Pure.

A run remembers what the source said last (`Memory.mapped`) and how that stood here right after it was written
(`Memory.stored`, as digests: what is stored is written otherwise than what was sent). So it can tell what the source
has changed since, and what editors have.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Any

Dict = dict[str, Any]

#: Fields that belong to the record here, whatever a source says.
OURS = frozenset({"id", "name", "owner_org", "private", "visibility", "lifecycle", "shared_with", "state", "resources"})
OURS_OF_FILES = frozenset({"id", "package_id", "position", "state"})


class Rule(StrEnum):
    """What holds for a field that both sides have changed: `LOCAL` keeps what editors wrote, `SOURCE` takes what the
    source says, also over editors; `UNION` keeps the entries that editors added to a list and follows the source in the
    others."""

    LOCAL = "local"
    SOURCE = "source"
    UNION = "union"


@dataclass(frozen=True)
class Memory:
    """What was remembered of the last writing: the source's fields as they were mapped, digests of what stood here, and
    for each file, by the source's key of it, its id here and the same two."""

    mapped: Mapping[str, Any] = field(default_factory=dict)
    stored: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, Memory]] = field(default_factory=dict)


@dataclass(frozen=True)
class Merged:
    """The record to write. `kept`: fields in which editors stay ahead of the source; those of files are written
    ``<key of the file>: <field>``."""

    package: Dict
    kept: tuple[str, ...] = ()


def digest(value: Any) -> str:
    """A short name for a value as JSON; empty values of any kind have the same."""
    if value in (None, "", [], {}):
        return ""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def digests(record: Mapping[str, Any], ours: frozenset[str] = OURS) -> dict[str, str]:
    """Digests of the fields of a record that hold something, but for those that are `ours` alone."""
    return {name: found for name, value in record.items() if name not in ours and (found := digest(value))}


def merge(
    here: Mapping[str, Any],
    source: Mapping[str, Any],
    memory: Memory,
    rules: Mapping[str, Rule],
    key: str = "source_key",
) -> Merged:
    """The record `here` (as ``package_show`` gives it) with what the `source` says now.

    `rules` by field; `Rule.LOCAL` for all others. Files of the source have their key in the field `key`, which is not
    stored; files that editors added stay, after those of the source.
    """
    fields, kept = _fields(here, source, memory, rules, OURS)
    files, of_files = _files(here.get("resources") or (), source.get("resources") or (), memory, rules, key)
    ours = {name: here[name] for name in OURS & here.keys()}
    return Merged({**fields, **ours, "resources": files}, (*kept, *of_files))


def _fields(
    here: Mapping[str, Any],
    source: Mapping[str, Any],
    memory: Memory,
    rules: Mapping[str, Rule],
    ours: frozenset[str],
) -> tuple[Dict, list[str]]:
    result: Dict = {}
    kept: list[str] = []
    for name in sorted({*here, *source} - ours):
        value, ahead = _field(name, here, source, memory, rules.get(name, Rule.LOCAL))
        if value is not None:
            result[name] = value
        if ahead:
            kept.append(name)
    return result, kept


def _field(
    name: str, here: Mapping[str, Any], source: Mapping[str, Any], memory: Memory, rule: Rule
) -> tuple[Any, bool]:
    """The value of one field, and whether editors stay ahead of the source in it."""
    own, theirs, before = here.get(name), source.get(name), memory.mapped.get(name)
    edited = digest(own) != memory.stored.get(name, "")
    if rule is Rule.SOURCE and (name in source or name in memory.mapped):
        return theirs, False
    if rule is Rule.UNION and edited:
        return _union(own, theirs, before), False
    if edited:
        return own, digest(theirs) != digest(before)
    return (theirs, False) if name in source or name in memory.mapped else (own, False)


def _union(own: Any, theirs: Any, before: Any) -> list[Any]:
    """The source's entries, then those of editors that the source never had."""
    now, then = list(theirs or ()), {digest(one) for one in before or ()}
    known = {digest(one) for one in now} | then
    return [*now, *(one for one in own or () if digest(one) not in known)]


def _files(
    here: Sequence[Mapping[str, Any]],
    source: Sequence[Mapping[str, Any]],
    memory: Memory,
    rules: Mapping[str, Rule],
    key: str,
) -> tuple[list[Dict], list[str]]:
    by_id = {str(one.get("id")): one for one in here}
    result: list[Dict] = []
    kept: list[str] = []
    for one in source:
        id, remembered = memory.files.get(str(one[key]), ("", Memory()))
        said = {name: value for name, value in one.items() if name != key}
        if id not in by_id:
            result.append(said)
            continue
        fields, ahead = _fields(by_id[id], said, remembered, rules, OURS_OF_FILES)
        result.append({**fields, "id": id})
        kept += [f"{one[key]}: {name}" for name in ahead]
    brought = {id for id, _memory in memory.files.values()}
    return [*result, *(dict(one) for one in here if str(one.get("id")) not in brought)], kept
