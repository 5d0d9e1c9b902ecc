"""Which files make up one record: those with one Kennung, else those of one name with different endings. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.harvest.duva import known, names
from ckanext.mainz.harvest.duva.items import Item, Place
from ckanext.mainz.harvest.duva.lists import Row
from ckanext.mainz.harvest.duva.settings import DuvaSettings


@dataclass(frozen=True)
class Entry:
    """A file with what the list says of it. `refused`: why the source cannot have such a file."""

    item: Item
    row: Row
    refused: ReadableError | None = None


@dataclass(frozen=True)
class Group:
    """Files of one record. `identifier`: the Kennung, else their common name; `keys`: by which it may be known too."""

    identifier: str
    entries: tuple[Entry, ...]
    by_kennung: bool = False
    keys: tuple[str, ...] = ()


def entries(rows: Sequence[Row], found: Sequence[Item], place: Place) -> list[Entry]:
    """The files that a list names, whether they are there or not."""
    by_name = {_compared(one.name): one for one in found}
    by_key: dict[str, list[Item]] = defaultdict(list)
    for one in found:
        by_key[names.key(one.name)].append(one)
    return [_entry(row, by_name, by_key, place) for row in rows]


def _entry(row: Row, by_name: dict[str, Item], by_key: dict[str, list[Item]], place: Place) -> Entry:
    alike = by_key.get(names.key(f"{row.file}.")) or []
    item = by_name.get(_compared(row.file)) or (alike[0] if len(alike) == 1 else None)
    if item:
        return Entry(item, row)
    try:
        return Entry(place.item(row.file), row)
    except ReadableError as error:
        return Entry(Item(row.file, ""), row, error)


def _compared(name: str) -> str:
    """A name as lists and folders may differ in it: case, form of umlauts, slashes; with its ending."""
    plain = name.replace("\\", "/").removeprefix("./")
    return f"{names.key(plain)}.{Item(plain, '').ending}"


def groups(given: Iterable[Entry], settings: DuvaSettings, base: str) -> list[Group]:
    """The records, in the order of their identifiers."""
    together: dict[tuple[bool, str], list[Entry]] = defaultdict(list)
    for one in given:
        kennung = known.said(one.row.identifier)
        together[(bool(kennung), kennung or names.key(one.item.name))].append(one)
    order = sorted(together, key=lambda one: one[1])
    yearless = Counter(_yearless([entry.item.name for entry in together[key]]) or key[1].casefold() for key in order)
    return [_group(key, together[key], yearless, settings, base) for key in order]


def _group(
    key: tuple[bool, str], given: list[Entry], yearless: Counter[str], settings: DuvaSettings, base: str
) -> Group:
    by_kennung, identifier = key
    unique = {one.item.name: one for one in reversed(given)}  # of two rows for one file, the first holds
    found = tuple(unique[name] for name in sorted(unique))
    plain = _yearless([one.item.name for one in found])
    keys = [names.key(one.item.name) for one in found] if by_kennung else [identifier]
    keys += [plain] if plain and yearless[plain] == 1 else []
    own = tuple(dict.fromkeys(settings.guid(one, base) for one in keys))
    return Group(identifier, found, by_kennung, own)


def _yearless(files: list[str]) -> str:
    """The name without years that all these files share; empty where there is none."""
    found = {names.without_years(names.key(one)) for one in files}
    return found.pop() if len(found) == 1 else ""
