"""The words of Solr's query syntax, as its standard query parser cuts them (QueryParser.jj of Solr 9)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from ckanext.mainz.search.query.errors import ValueRefused
from ckanext.mainz.search.query.model import Wild


class Sort(Enum):
    """Kinds of token."""

    AND = auto()
    OR = auto()
    NOT = auto()
    PLUS = auto()
    MINUS = auto()
    OPEN = auto()
    CLOSE = auto()
    FILTER = auto()
    COLON = auto()
    BOOST = auto()
    CONSTANT = auto()
    TILDE = auto()
    QUOTED = auto()
    TERM = auto()
    PATTERN = auto()
    RANGE = auto()
    END = auto()


@dataclass(frozen=True)
class Token:
    """A token and where it starts; `text` is as written, without quotation marks and signs."""

    sort: Sort
    text: str
    at: int


_BLANK = " \t\n\r\u3000"
_ESCAPED = r"\\(?s:.)"
_START = rf'(?:{_ESCAPED}|[^{_BLANK}+\-!():^\[\]"{{}}~\\/])'
_CHAR = rf'(?:{_ESCAPED}|[^{_BLANK}!():^\[\]"{{}}~\\])'
_NUMBER = r"\d+(?:\.\d+)?"
_BOUND = rf'"(?:\\"|[^"])+"|[^{_BLANK}\]}}]+'
_TOKEN = re.compile(
    rf"""
      (?P<blank>[{_BLANK}]+)
    | (?P<filter>filter\()
    | (?P<alone>[+\-!])[{_BLANK}]
    | (?P<sign>[+\-!():])
    | (?P<boost>\^=?(?P<factor>{_NUMBER}))
    | ~(?P<tilde>(?:{_NUMBER})?)
    | "(?P<quoted>(?:{_ESCAPED}|[^"\\])*)"
    | (?P<local>\{{!)
    | (?P<range>[\[{{][{_BLANK}]*(?:{_BOUND})[{_BLANK}]+TO[{_BLANK}]+(?:{_BOUND})[{_BLANK}]*[\]}}])
    | (?P<regex>/(?:\\/|[^*/])*/)
    | (?P<bare>{_START}{_CHAR}*)
    """,
    re.VERBOSE | re.ASCII,
)
_RANGE = re.compile(rf"([\[{{])[{_BLANK}]*({_BOUND})[{_BLANK}]+TO[{_BLANK}]+({_BOUND})[{_BLANK}]*([\]}}])")
_SIGNS = {
    "+": Sort.PLUS,
    "-": Sort.MINUS,
    "!": Sort.NOT,
    "(": Sort.OPEN,
    ")": Sort.CLOSE,
    ":": Sort.COLON,
}
_OPERATORS = {"AND": Sort.AND, "&&": Sort.AND, "OR": Sort.OR, "||": Sort.OR, "NOT": Sort.NOT}
_PIECE = re.compile(rf"(?P<escaped>{_ESCAPED})|(?P<wild>[*?])|(?P<plain>[^*?\\]+)")
_UNICODE = re.compile(r"[0-9a-fA-F]{4}")


def tokens(text: str) -> list[Token]:
    """The tokens of a query, with END as the last. Raises `ValueRefused`."""
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueRefused(
                f"the query cannot be read at character {position + 1}: {text[position : position + 20]!r}"
            )
        if token := _token(match):
            found.append(token)
        position = match.end()
    return [*found, Token(Sort.END, "", len(text))]


def _token(match: re.Match[str]) -> Token | None:
    kind, at = match.lastgroup or "tilde", match.start()
    text = match[kind]
    match kind:
        case "blank":
            return None
        case "local":
            raise ValueRefused("local parameters {!…} are not supported")
        case "regex":
            raise ValueRefused(f"regular expressions are not supported: {text}")
        case "sign":
            return Token(_SIGNS[text], text, at)
        case "boost":
            return Token(Sort.CONSTANT if text.startswith("^=") else Sort.BOOST, match["factor"], at)
        case "bare":
            return Token(_bare(text), text, at)
    return Token({"alone": Sort.TERM}.get(kind) or Sort[kind.upper()], text, at)


def _bare(text: str) -> Sort:
    if operator := _OPERATORS.get(text):
        return operator
    return Sort.PATTERN if any(isinstance(piece, Wild) for piece in pattern(text)) else Sort.TERM


def pattern(text: str) -> tuple[str | Wild, ...]:
    """Literal text and gaps of a term, escapes resolved. Raises `ValueRefused`."""
    pieces: list[str | Wild] = []
    position = 0
    while position < len(text):
        piece, position = _piece(text, position)
        last = pieces[-1] if pieces else None
        if isinstance(piece, str) and isinstance(last, str):
            pieces[-1] = last + piece
        else:
            pieces.append(piece)
    return tuple(pieces)


def _piece(text: str, position: int) -> tuple[str | Wild, int]:
    match = _PIECE.match(text, position)
    if match is None:
        raise ValueRefused(f"{text!r} ends in a backslash that escapes nothing")
    if match["wild"]:
        return Wild(match["wild"]), match.end()
    if match["plain"]:
        return match["plain"], match.end()
    return _escaped(text, match)


def _escaped(text: str, match: re.Match[str]) -> tuple[str, int]:
    letter = match["escaped"][1]
    code = _UNICODE.match(text, match.end())
    if letter != "u":
        return letter, match.end()
    if code is None:
        raise ValueRefused(f"{text!r} has an escape \\u without four hexadecimal digits")
    return chr(int(code[0], 16)), code.end()


def plain(text: str) -> str:
    """Text without its escapes, where gaps have no meaning. Raises `ValueRefused`."""
    return "".join(piece.value if isinstance(piece, Wild) else piece for piece in pattern(text))


def bounds(text: str) -> tuple[str | None, str | None, bool, bool]:
    """Lower and upper bound of a range (None is open), and whether each is included."""
    match = _RANGE.fullmatch(text)
    if match is None:
        raise ValueRefused(f"{text!r} is not a range such as [a TO b]")
    return _bound(match[2]), _bound(match[3]), match[1] == "[", match[4] == "]"


def _bound(text: str) -> str | None:
    if text == "*":
        return None
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    return plain(text[1:-1] if quoted else text)
