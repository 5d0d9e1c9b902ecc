"""Descriptions as plain text.

Editors write Markdown. Of what harvesters get, GovData shows a few HTML elements and leaves everything else as it
stands, so asterisks and brackets would reach readers; plain text reads well everywhere.
"""

from __future__ import annotations

import re

SIGNS = re.compile(r"[*_`\[#>~<]")
RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^[ ]{0,3}(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"!\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)"), r"\1"),
    (re.compile(r"\[([^\[\]]+)\]\(\s*<?([^()\s<>]+)>?(?:\s+\"[^\"]*\")?\s*\)"), r"\1 (\2)"),
    (re.compile(r"<((?:https?|mailto):[^<>\s]+)>"), r"\1"),
    (re.compile(r"^[ ]{0,3}#{1,6}[ \t]+", re.MULTILINE), ""),
    (re.compile(r"(?<=[ \t])#{1,6}$", re.MULTILINE), ""),
    (re.compile(r"^[ ]{0,3}>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"^([ \t]*)[*+](?=[ \t]\S)", re.MULTILINE), r"\1-"),
    (re.compile(r"(\*{1,3})(?=[^\s*])([^*\n]*[^\s*])\1"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])([^_\n]*[^\s_])\1(?!\w)"), r"\2"),
    (re.compile(r"~~(?=\S)([^~\n]*\S)~~"), r"\1"),
    (re.compile(r"`+([^`\n]+)`+"), r"\1"),
    (re.compile(r"<br\s*/?>|</(?:p|li|ul|ol|div|h[1-6])>", re.IGNORECASE), "\n"),
    (re.compile(r"</?(?:p|ul|ol|div|h[1-6]|a|b|i|u|em|strong|span|code|img|table|tr|td|th)(?:\s[^<>]*)?/?>", re.I), ""),
    (re.compile(r"<li(?:\s[^<>]*)?>", re.IGNORECASE), "- "),
)
#: None of these looks at a character twice, as a text may have 50,000 of them.
LINE_ENDS = re.compile(r"(?<![ \t])[ \t]+$", re.MULTILINE)
BLANK_LINES = re.compile(r"\n\s*\n")
MOST_PASSES = 10


def plain(text: str) -> str:
    """The text without the signs of Markdown and HTML; links keep their address in brackets. Plain text stays as it is.

    What looks like markup only after other markup was taken away is taken away as well, so that doing it twice changes
    nothing.
    """
    if not SIGNS.search(text):
        return text
    for _pass in range(MOST_PASSES):
        before, text = text, _once(text)
        if text == before:
            return text
    return SIGNS.sub("", text)


def _once(text: str) -> str:
    for pattern, used in RULES:
        text = pattern.sub(used, text)
    return BLANK_LINES.sub("\n\n", LINE_ENDS.sub("", text)).strip()
