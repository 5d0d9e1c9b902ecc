"""What could not be said in RDF as it stands, and what was mended: for the editor of a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ckanext.mainz.foundation.errors import Message

LONGEST = 120


@dataclass(frozen=True)
class Problem:
    """A value that is left out or was mended.

    `field` is the field of the record, with row and subfield where it has them (``contact.0.email``); `resource` counts
    the distributions from 0 and is None for the record itself. `message` may have the gaps ``{value}`` and ``{used}``.
    """

    field: str
    message: Message
    value: str
    resource: int | None = None
    repaired: bool = False
    used: str = ""

    def text(self, gettext: Callable[[str], str] = str) -> str:
        """The sentence in the language of `gettext`."""
        return gettext(self.message).format(value=_cut(self.value), used=_cut(self.used))


class Unusable(ValueError):
    """A value that has no place in RDF. Carries a `Message` that may have the gap ``{value}``."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
