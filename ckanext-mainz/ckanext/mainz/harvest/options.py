"""Options of a source, as they stand in its configuration (JSON), read into typed values with a sentence for each
mistake. Every kind has a table of its options; what is in no table is a mistake too, since a typing error would else
be ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.governance import levels

_ = toolkit._
Problems = dict[str, list[str]]
Check = Callable[[Any], bool]

UNKNOWN = N_("There is no option of this name. Possible are: {names}.")
NO_TEXT = N_("A text is expected.")
NO_TEXTS = N_("A list of texts is expected.")
NO_FLAG = N_("true or false is expected.")
NO_NUMBER = N_("A whole number from {least} to {most} is expected.")
NO_TABLE = N_("A table is expected: texts by texts.")
NO_CHOICE = N_("One of these is expected: {choices}.")
NO_SHARE = N_("A number from 0 to 1 is expected.")


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)


def is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def is_table(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, str) for pair in value.items() for one in pair)


def is_share(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


class Option:
    """One option: whether a value can be used, and what is said where it cannot."""

    def __init__(self, check: Check, message: Message, **values: Any) -> None:
        self.check, self._message, self._values = check, message, values

    def sentence(self) -> str:
        """What is expected, in the language of the request."""
        return _(self._message).format(**self._values)


TEXT, TEXTS = Option(is_text, NO_TEXT), Option(is_texts, NO_TEXTS)
FLAG, TABLE, SHARE = Option(is_flag, NO_FLAG), Option(is_table, NO_TABLE), Option(is_share, NO_SHARE)


def number(least: int, most: int) -> Option:
    """A whole number within limits."""

    def check(value: Any) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return Option(check, NO_NUMBER, least=least, most=most)


def choice(choices: Iterable[str]) -> Option:
    """One of several texts."""
    known = [str(one) for one in choices]
    return Option(lambda value: value in known, NO_CHOICE, choices=", ".join(known))


def problems(config: Mapping[str, Any], options: Mapping[str, Option]) -> Problems:
    """What is wrong with a configuration, by option."""
    found: Problems = {}
    for name, value in config.items():
        option = options.get(name)
        if option is None:
            found[name] = [_(UNKNOWN).format(names=", ".join(sorted(options)))]
        elif not option.check(value):
            found[name] = [option.sentence()]
    return found


#: What every kind of source knows: see `runs.Source`.
COMMON: Mapping[str, Option] = {
    "missing_share": SHARE,
    "missing_at_least": number(0, 100_000),
    "missing_runs": number(1, 100),
    "source_wins": TEXTS,
    "minutes": number(1, 24 * 60),
    "redistribute": FLAG,
    "level": choice(levels.LEVELS),
    "order": number(0, 1000),
}
