"""Lists of files with what is told of each: CSV, workbook or JSON, with columns in German or English."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from ckanext.mainz import tabular
from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.harvest.duva import known, web
from ckanext.mainz.harvest.duva.items import Item

NO_LIST = N_("The list “{name}” cannot be read: {why}")
NO_FILES = N_("The list “{name}” has no column with names of files. Call it “Datei” or “File”.")
NO_ROWS = N_("The list “{name}” names no files.")
NO_JSON = N_("it is no JSON list")


@dataclass(frozen=True)
class Row:
    """What a list says of a file, as it is written there; empty where it says nothing."""

    file: str = ""
    title: str = ""
    description: str = ""
    topic: str = ""
    period: str = ""
    area: str = ""
    license: str = ""
    source: str = ""
    attribution: str = ""
    level: str = ""
    identifier: str = ""
    frequency: str = ""
    keywords: str = ""
    modified: str = ""
    page: str = ""


NAMES = frozenset(one.name for one in fields(Row))


@dataclass(frozen=True)
class FileList:
    """A list: its rows, and which of `NAMES` it has a column for."""

    rows: tuple[Row, ...]
    columns: frozenset[str]


def is_list(item: Item) -> bool:
    """Whether a file is a list, by its name."""
    stem, _dot, ending = item.name.casefold().rpartition(".")
    return known.letters(stem) in known.words("lists", "names") and ending in known.table("lists")["endings"]


def read(path: Path, name: str) -> FileList:
    """The list in a file. Raises `ReadableError` for what is none; then nothing can be told of the source."""
    entries = list(_of_json(path, name) if name.casefold().endswith(".json") else _of_table(path, name))
    columns = frozenset(column for entry in entries for column in entry)
    if "file" not in columns:
        raise ReadableError(NO_FILES if entries else NO_ROWS, name=name)
    rows = tuple(one for entry in entries for one in _rows(entry))
    return FileList(rows, columns)


def _rows(entry: Mapping[str, str]) -> Iterator[Row]:
    """An entry as rows: one for each file that it names."""
    whole = Row(**{**entry, "file": ""})
    for file in known.each(entry.get("file", ""), commas=False):
        yield replace(whole, file=file)


def _of_json(path: Path, name: str) -> Iterator[dict[str, str]]:
    try:
        found = json.loads(path.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ReadableError(NO_LIST, name=name, why=NO_JSON) from error
    for entry in web.entries_in(found):
        cells = entry.items() if isinstance(entry, dict) else [("file", entry)]
        yield _entry((str(column), _text(value)) for column, value in cells)


def _of_table(path: Path, name: str) -> Iterator[dict[str, str]]:
    try:
        table = tabular.read(path)
        columns = [one.name for one in table.columns]
        for cells in table.rows():
            yield _entry(zip(columns, cells, strict=False))
    except tabular.NotATable as error:
        raise ReadableError(NO_LIST, name=name, why=error.message) from error


def _entry(cells: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The cells by what they mean; of two columns with one meaning, the first that says something."""
    found: dict[str, str] = {}
    for column, value in cells:
        meaning = known.by_name("lists").get(known.letters(column))
        if meaning:
            found[meaning] = found.get(meaning) or _said(value)
    return found


def _said(value: str) -> str:
    return value.strip() if known.said(value) else ""


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(_text(one) for one in value)
    if isinstance(value, Mapping):
        return _text(value.get("name") or value.get("title") or "")
    return "" if value is None else str(value)


def listed(rows: Sequence[Row]) -> list[str]:
    """The files that rows name, each once."""
    return list(dict.fromkeys(one.file for one in rows))
