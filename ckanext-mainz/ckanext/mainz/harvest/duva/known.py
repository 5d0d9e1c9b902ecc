"""The tables of the folder ``tables``: how offices call columns, levels, themes and the like. Read once."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

LETTERS = re.compile(r"[^0-9a-z]+")
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
SPLIT = re.compile(r"\s*[;|\n]\s*")
WORD = re.compile(r"[0-9a-zäöüß.]+")


@cache
def table(name: str) -> Any:
    """A file of ``tables`` by its name. Raises `FileNotFoundError` for an unknown one."""
    found = files("ckanext.mainz.harvest.duva") / "tables" / f"{name}.yaml"
    return yaml.safe_load(found.read_text(encoding="utf-8"))


def letters(text: str) -> str:
    """A name as it is compared: letters and digits only, small, umlauts in two letters."""
    return LETTERS.sub("", text.casefold().translate(UMLAUTS))


@cache
def by_name(name: str) -> dict[str, str]:
    """A table of names by what they mean, turned round: name as it is compared → meaning."""
    found = table(name)
    meanings = found["columns"] if name == "lists" else found
    return {letters(one): meaning for meaning, names in meanings.items() for one in (meaning, *names)}


@cache
def words(name: str, *path: str) -> frozenset[str]:
    """A list of words in a table, as they are compared."""
    found = table(name)
    for part in path:
        found = found[part]
    return frozenset(letters(str(one)) for one in found)


def words_of(name: str) -> frozenset[str]:
    """The words of the name of a column, as they are compared."""
    return frozenset(letters(one) for one in WORD.findall(name.casefold().replace("_", " ")))


def said(text: str) -> str:
    """A cell of a list on one line; empty where it says nothing."""
    plain = " ".join(text.split())
    return "" if plain.casefold() in _nothing() else plain


@cache
def _nothing() -> frozenset[str]:
    return frozenset(str(one).casefold() for one in table("lists")["nothing"])


def each(text: str, *, commas: bool = True) -> list[str]:
    """The parts of a cell that holds several values, each once: exports give topics and years twice."""
    plain = SPLIT.sub("\n", text)
    parts = (part for line in plain.split("\n") for part in (line.split(",") if commas else [line]))
    return list(dict.fromkeys(found for part in parts if (found := said(part))))
