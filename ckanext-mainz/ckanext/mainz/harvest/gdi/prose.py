"""Texts of records as plain text: without HTML, escaped signs and control characters, with their line breaks."""

from __future__ import annotations

import html
import re

from ckanext.mainz.metadata.texts import CONTROL

BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
#: Elements of HTML; other words in angle brackets, such as <Jahr>, are gaps that somebody has to fill.
NAMES = (
    r"a|abbr|b|big|blockquote|br|center|code|dd|div|dl|dt|em|font|h[1-6]|hr|i|img|li|ol|p|pre|script|small|span|strong"
    r"|style|sub|sup|table|tbody|td|th|thead|tr|u|ul"
)
TAG = re.compile(rf"</?(?:{NAMES})(?=[\s/>])[^<>]{{0,2000}}>|<!--.{{0,2000}}?-->", re.DOTALL | re.IGNORECASE)
#: Line breaks that a program wrote as two characters, and paths of Windows, in which they are none.
LITERAL = re.compile(r"(?:\\r)?\\n")
WINDOWS_PATH = re.compile(r"\b[A-Za-z]:\\|\\\\\w")
BLANKS = re.compile(r"[^\S\n]+")
LINES = re.compile(r"\n{3,}")
LONGEST, LONGEST_LINE = 50_000, 200


def prose(text: str) -> str:
    """A text of several lines. Escaped signs are read once, so that what was escaped on purpose stays."""
    given = text if WINDOWS_PATH.search(text) else LITERAL.sub("\n", text)
    plain = TAG.sub(" ", BREAK.sub("\n", given))
    plain = html.unescape(plain)
    if "</" in plain or "<br" in plain:
        plain = TAG.sub(" ", BREAK.sub("\n", plain))
    lines = (BLANKS.sub(" ", CONTROL.sub(" ", line)).strip() for line in plain.replace("\r", "\n").split("\n"))
    return LINES.sub("\n\n", "\n".join(lines)).strip()[:LONGEST]


def paragraphs(*texts: str, between: str = "\n\n") -> str:
    """Several texts as one, each once, as long as a field may be."""
    return between.join(dict.fromkeys(one for one in texts if one))[:LONGEST].rstrip()


def one_line(text: str) -> str:
    """A text on one line."""
    return " ".join(prose(text).split())


def token(text: str) -> str:
    """An identifier as it came, without control characters and blanks around it."""
    return " ".join(CONTROL.sub(" ", text).split())


def shortened(line: str) -> str:
    """A line of at most 200 characters, cut between words."""
    if len(line) <= LONGEST_LINE:
        return line
    head = line[: LONGEST_LINE - 1]
    return (head.rpartition(" ")[0] or head).rstrip(" ,;.-–") + "…"
