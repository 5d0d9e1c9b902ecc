"""Errors that people read: an English sentence with gaps, translated where it is shown.

The foundation's pure modules do not know whose request they serve, so they cannot translate. They raise a
`ReadableError`; whoever shows it calls ``error.translated(gettext)``. ``str(error)`` is the English sentence, for logs.
"""

from __future__ import annotations

from collections.abc import Callable


class Message(str):
    """A sentence, or part of one, that the translation files know."""

    __slots__ = ()


def N_(text: str) -> Message:
    """Marks `text` for the extraction of messages without translating it yet (a keyword of Babel's by default)."""
    return Message(text)


class ReadableError(Exception):
    """Says what is wrong, where, and what to do.

    `template` is the English sentence with named gaps, `values` fills them; values that are a `Message` are translated.
    """

    def __init__(self, template: Message, **values: object) -> None:
        super().__init__(template, values)
        self.template = template
        self.values = values

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The sentence in the language of `gettext`."""
        values = {name: gettext(value) if isinstance(value, Message) else value for name, value in self.values.items()}
        return gettext(self.template).format(**values)

    def __str__(self) -> str:
        return self.translated(str)
