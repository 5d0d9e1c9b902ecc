"""The tables of ``schemas/gdi``: code lists of ISO 19115 and INSPIRE, placeholders, what addresses tell. Read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from ckanext.mainz.schemas import FOLDER


@dataclass(frozen=True)
class InspireTheme:
    """A spatial data theme: its labels, the codes of the EU data themes that it belongs to, and the category of
    high-value datasets to look at when a record has it."""

    uri: str
    code: str
    de: str
    en: str
    alt: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    may_be: str = ""


@cache
def table(name: str) -> Any:
    """A file of ``schemas/gdi`` by its name. Raises `FileNotFoundError` for an unknown one."""
    return yaml.safe_load((FOLDER / "gdi" / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def texts(name: str) -> frozenset[str]:
    """A list of ``texts.yaml`` as it is compared."""
    return frozenset(plain(one) for one in table("texts")[name])


@cache
def by_code(name: str) -> dict[str, Any]:
    """A mapping of ``codes.yaml`` by its names in small letters."""
    return {str(key).casefold(): value for key, value in table("codes")[name].items()}


@cache
def inspire_themes() -> tuple[InspireTheme, ...]:
    """The 34 themes in the order of their codes."""
    lists = ("alt", "themes")
    return tuple(
        InspireTheme(**{**one, **{key: tuple(one[key]) for key in lists if key in one}})
        for one in table("inspire_themes")
    )


def plain(text: str) -> str:
    """A text as it is compared: small letters, single blanks, no full stop at its end."""
    return " ".join(text.casefold().split()).strip(" .")


def letters(text: str) -> str:
    """The letters and digits of a text, small: catalogues differ in dashes, slashes and commas."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def says_nothing(text: str) -> bool:
    """Whether a text is empty or a placeholder."""
    return not plain(text) or plain(text) in texts("placeholders")
