"""What a single cell looks like: a number and by which signs, a date and in which order, a sign for a missing value …

A shape says only what the cell itself tells. ``1.234`` has the shape "may be grouped thousands, may be a decimal";
which of both it is, the column decides.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from .model import TypedCell

PADDING = " \t\u00a0\u202f\u2007\u3000\ufeff\u200b"


class Kind(StrEnum):
    """Kinds of cells."""

    EMPTY = "empty"
    MARKER = "marker"
    INTEGER = "integer"
    CODE = "code"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    PERIOD = "period"
    BOOLEAN = "boolean"
    TOTAL = "total"
    TEXT = "text"


class Shape(NamedTuple):
    """``detail`` depends on the kind.

    INTEGER: ``year``, ``small`` (below 1000), ``date`` (8 digits that are one) or ``large``; CODE: ``zero``, ``long``;
    DATE and DATETIME: the pattern for ``strptime``; PERIOD: its form; MARKER: ``missing`` or ``suppressed``;
    BOOLEAN: its family of words; NUMBER: the signs, ``,`` or ``.`` for a decimal mark, ``?,`` or ``?.`` for one that
    may also group thousands, ``.+`` for grouping and ``.+,`` for both.
    """

    kind: Kind
    detail: str = ""
    unit: str = ""


EMPTY = Shape(Kind.EMPTY)
TEXT = Shape(Kind.TEXT)
TOTAL = Shape(Kind.TOTAL)

MISSING_MARKERS: tuple[str, ...] = (
    *("-", "–", "—", "--", "---", "…", "...", "?", "#", "n/a", "N/A", "NA", "n.a.", "n. a."),
    *("n.v.", "NULL", "null", "NaN", "nan", "None"),
    *("#NV", "#N/A", "#WERT!", "#VALUE!", "#DIV/0!", "#REF!", "#BEZUG!", "#NAME?", "#ZAHL!", "#NUM!"),
    *("k.A.", "k. A.", "k.A", "kA", "keine Angabe", "keine Angaben", "o.A.", "o. A.", "ohne Angabe"),
    *("unbekannt", "Unbekannt"),
    *("fehlt", "&nbsp;", "-/-", "./.", "(null)", "<NA>"),
)  # fmt: skip
SUPPRESSED_MARKERS: tuple[str, ...] = (
    *(".", "..", "x", "X", "/", "//", "•", "·", "●", "&bullet;", "&bull;"),
    *("&middot;", "*", "**", "***", "( )", "()", "[ ]"),
    *("geheim", "Geheim", "anonymisiert", "gesperrt", "G", "unterdrückt", "(D)", "xx", "xxx", "XXX"),
)  # fmt: skip
"""The signs of official statistics in Germany (``.`` secret, ``/`` not certain enough, ``x`` not meaningful) and what
DUVA writes for small values: HTML entities are not resolved in its CSV."""

FORMULA_ERRORS = frozenset(marker for marker in MISSING_MARKERS if marker.startswith("#") and len(marker) > 2)

_SMALL = re.compile(r"(<|≤|unter |weniger als |bis unter )\s?\d{1,2}")
_SMALL_STARTS = tuple("<≤uwb")
_BOOLEANS = {
    **dict.fromkeys(("ja", "nein"), "ja"),
    **dict.fromkeys(("j", "n"), "j"),
    **dict.fromkeys(("true", "false"), "true"),
    **dict.fromkeys(("wahr", "falsch"), "wahr"),
    **dict.fromkeys(("yes", "no"), "yes"),
}
TRUE_WORDS = frozenset(("ja", "j", "true", "wahr", "yes"))

_TOTAL = re.compile(
    r"((\d{1,8}|[A-Z]{1,4})\s+)?(.{0,60}\s)?(gesamt|insgesamt|zusammen|total)(\s*\(.*\))?"
    r"|(gesamt|insgesamt|zwischen|gesamt)?summe\b.{0,60}|gesamtergebnis|gesamtstadt|total",
    re.IGNORECASE,
)
_UNIT = (
    r"€|EUR|Euro|TEUR|T€|Mio\. ?€|Mio\. EUR|%|‰|\$|USD|£|GBP|CHF|°C|°|km²|km2|km|m²|m2|qm|m³|m3|mm|cm|m|ha|kg|t|g|l"
    r"|kWh|MWh|GWh|kWp|kW|MW"
)
_NUMBER = re.compile(
    r"(?P<first>[€$£]|EUR|CHF)?\s?(?P<sign>[-+−–]?)\s?(?P<second>[€$£])?\s?"
    r"(?P<body>[.,]?\d(?:[\d.,'’ \u00a0\u202f]*\d)?(?:,-)?)(?P<exponent>[eE][-+]?\d{1,3})?"
    rf"(?P<trailing>-)?(?:[ \u00a0\u202f]?(?P<unit>{_UNIT}))?"
)
_GROUPED = re.compile(r"(\d{1,3})([.,'’ \u00a0\u202f])\d{3}(?:(\2)\d{3})*(?:([.,])(\d+))?")
_DECIMAL = re.compile(r"(\d*)([.,])(\d+)")

_DATES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\d{4}-\d\d?-\d\d?"), "%Y-%m-%d"),
    (re.compile(r"\d\d?\.\d\d?\.\d{4}"), "%d.%m.%Y"),
    (re.compile(r"\d\d?\.\d\d?\.\d{2}"), "%d.%m.%y"),
    (re.compile(r"\d{4}/\d\d?/\d\d?"), "%Y/%m/%d"),
    (re.compile(r"\d\d?/\d\d?/\d{4}"), "%d/%m/%Y"),
    (re.compile(r"\d\d?-\d\d?-\d{4}"), "%d-%m-%Y"),
    (re.compile(r"\d{4}\.\d\d?\.\d\d?"), "%Y.%m.%d"),
)
_TIME = re.compile(r"(\d\d?:\d\d(:\d\d)?)([.,]\d+)?( ?Uhr)?(Z|[+-]\d\d:?\d\d)?")
_MONTHS = (
    *("januar", "februar", "märz", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "dezember"),
)  # fmt: skip
_SHORT_MONTHS = "jan|feb|mrz|apr|jun|jul|aug|sep|okt|nov|dez"
_MONTH_NUMBER = (
    {name: n for n, name in enumerate(_MONTHS, 1)} | {name[:3]: n for n, name in enumerate(_MONTHS, 1)} | {"jänner": 1}
)
_WORD_DATE = re.compile(r"(\d\d?)\. ?([A-Za-zä]{3,9})\.? (\d{4})")
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_PERIODS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"{_YEAR}/(\d\d|{_YEAR})"), "year_pair"),
    (re.compile(rf"{_YEAR} ?[-–] ?{_YEAR}"), "year_range"),
    (re.compile(rf"{_YEAR} ?ff?\.?"), "year_open"),
    (re.compile(rf"[1-4]\. ?(Quartal|Q|Vierteljahr|Vj\.?|Quart\.?)([ /]{_YEAR})?", re.I), "quarter"),
    (re.compile(rf"{_YEAR}[-/ .]?Q[1-4]|Q[1-4][-/ .]?({_YEAR})?|{_YEAR}[-/ ][1-4]\. ?Quartal", re.I), "quarter"),
    (re.compile(rf"[12]\. ?(Halbjahr|Hj\.?)( {_YEAR})?|{_YEAR}[-/ ]?H[12]", re.I), "half_year"),
    (re.compile(rf"{_YEAR}-(0[1-9]|1[0-2])|(0?[1-9]|1[0-2])[./]{_YEAR}"), "month"),
    (re.compile(rf"({'|'.join(_MONTHS)}|{_SHORT_MONTHS})\.?( ?'?\d\d| {_YEAR})?", re.I), "month"),
    (re.compile(rf"{_YEAR}-?(KW|W) ?\d\d?|(KW|\d\d?\. ?KW) ?\d{{0,2}}([ /]{_YEAR})?", re.I), "week"),
    (re.compile(rf"(Schuljahr|Wintersemester|Sommersemester|WS|SS) {_YEAR}(/\d\d(\d\d)?)?", re.I), "school_year"),
    (re.compile(r"\d\d?\.\d\d?\.\d{4} ?[-–] ?\d\d?\.\d\d?\.\d{4}"), "date_range"),
)  # fmt: skip
OPEN_CLASS = re.compile(
    r"((unter|bis|bis unter|über|ab|mehr als|weniger als|<|>|<=|>=|≤|≥)\s?\d[\d.,]*"
    r"|\d[\d.,]*\s?(\+|ff\.?|u\.? ?[aäm].*|und .*|bis .*|-\s?\d.*|–\s?\d.*|oder .*))(\s\w.*)?",
    re.IGNORECASE,
)
_LONG = 18


def shape_of(cell: str) -> Shape:
    """The shape of a trimmed cell, with the built-in markers."""
    if not cell:
        return EMPTY
    return _typed(cell) if isinstance(cell, TypedCell) else _shape_of_text(cell)


@lru_cache(maxsize=50_000)
def _shape_of_text(cell: str) -> Shape:
    if cell in _MARKER_SHAPES:
        return _MARKER_SHAPES[cell]
    if len(cell) > 80:
        return TEXT
    if cell[0].isalpha() and not any(char.isdigit() for char in cell):
        return _words(cell)
    return _digits(cell) or _words(cell)


_MARKER_SHAPES = {
    **{marker: Shape(Kind.MARKER, "missing") for marker in MISSING_MARKERS},
    **{marker: Shape(Kind.MARKER, "suppressed") for marker in SUPPRESSED_MARKERS},
}


def _typed(cell: TypedCell) -> Shape:
    value = cell.value
    if isinstance(value, bool):
        return Shape(Kind.BOOLEAN, "true")
    if isinstance(value, int):
        return Shape(Kind.INTEGER, _size(str(abs(value))), cell.unit)
    if isinstance(value, Decimal):
        return Shape(Kind.NUMBER, ".", cell.unit)
    if isinstance(value, dt.datetime):
        return Shape(Kind.DATETIME, "%Y-%m-%d %H")
    if isinstance(value, dt.date):
        return Shape(Kind.DATE, "%Y-%m-%d")
    return TEXT


def _words(cell: str) -> Shape:
    lower = cell.lower()
    if lower in _BOOLEANS:
        return Shape(Kind.BOOLEAN, _BOOLEANS[lower])
    if is_total(cell):
        return TOTAL
    if is_small(cell):
        return Shape(Kind.MARKER, "suppressed")
    form = period_form(cell)
    return Shape(Kind.PERIOD, form) if form else TEXT


def is_total(cell: str) -> bool:
    """Whether the cell names a total or subtotal."""
    return len(cell) <= 80 and _TOTAL.fullmatch(cell) is not None


def is_small(cell: str) -> bool:
    """Whether the cell says that a number is small, such as ``<5``."""
    return cell[:1] in _SMALL_STARTS and len(cell) <= 20 and _SMALL.fullmatch(cell) is not None


def period_form(cell: str) -> str | None:
    """The form of a period such as ``1990/91``, ``1. Quartal`` or ``2006ff``."""
    for pattern, form in _PERIODS:
        if pattern.fullmatch(cell):
            return form
    return None


def _digits(cell: str) -> Shape | None:
    if cell.isdigit() and cell.isascii():
        return _digit_string(cell)
    pattern = date_pattern(cell)
    if pattern:
        return Shape(Kind.DATETIME if "%H" in pattern else Kind.DATE, pattern)
    form = period_form(cell)
    if form:
        return Shape(Kind.PERIOD, form)
    match = _NUMBER.fullmatch(cell)
    return _number_shape(match) if match else None


def _digit_string(cell: str) -> Shape:
    if cell[0] == "0" and len(cell) > 1:
        return Shape(Kind.CODE, "zero")
    if len(cell) > _LONG:
        return Shape(Kind.CODE, "long")
    return Shape(Kind.INTEGER, _size(cell))


def _size(digits: str) -> str:
    if len(digits) < 4:
        return "small"
    if len(digits) == 4 and "1800" <= digits <= "2100":
        return "year"
    if len(digits) == 8 and "19000101" <= digits <= "21001231" and _valid(digits, "%Y%m%d"):
        return "date"
    return "large"


def date_pattern(cell: str) -> str | None:
    """The ``strptime`` pattern of a date or date and time that exists in the calendar.

    Times are parsed by ``to_datetime``; their pattern ends with ``%H``. A written month has the pattern ``%d. %B %Y``.
    """
    day, gap, time = cell.partition("T" if "T" in cell else " ")
    if gap and _TIME.fullmatch(time.strip()):
        pattern = _day_pattern(day)
        return f"{pattern} %H" if pattern and to_datetime(cell, f"{pattern} %H") else None
    return _day_pattern(cell)


def _day_pattern(cell: str) -> str | None:
    for form, pattern in _DATES:
        if form.fullmatch(cell):
            if _valid(cell, pattern):
                return pattern
            return "%m/%d/%Y" if pattern == "%d/%m/%Y" and _valid(cell, "%m/%d/%Y") else None
    match = _WORD_DATE.fullmatch(cell)
    return "%d. %B %Y" if match and to_date(cell, "%d. %B %Y") else None


def _valid(cell: str, pattern: str) -> bool:
    return to_date(cell, pattern) is not None


def to_date(cell: str, pattern: str) -> dt.date | None:
    """The date, or None where the cell is none."""
    try:
        if pattern == "%d. %B %Y":
            match = _WORD_DATE.fullmatch(cell)
            month = _MONTH_NUMBER.get(match.group(2).lower()) if match else None
            return dt.date(int(match.group(3)), month, int(match.group(1))) if match and month else None
        return dt.datetime.strptime(cell, pattern).date()
    except ValueError:
        return None


def to_datetime(cell: str, pattern: str) -> dt.datetime | None:
    """Date and time of day; with a zone where the cell has one."""
    day, _, time = cell.partition("T" if "T" in cell else " ")
    match = _TIME.fullmatch(time.strip())
    date = to_date(day, pattern.removesuffix(" %H"))
    if match is None or date is None:
        return None
    clock, fraction, zone = match.group(1), (match.group(3) or "").replace(",", "."), match.group(5) or ""
    clock = clock if len(clock.partition(":")[0]) == 2 else f"0{clock}"
    try:
        return dt.datetime.fromisoformat(f"{date.isoformat()}T{clock}{_six(fraction)}{zone}")
    except ValueError:
        return None


def _six(fraction: str) -> str:
    return f".{fraction[1:7]:0<6}" if fraction else ""


def _number_shape(match: re.Match[str]) -> Shape | None:
    body = match["body"].removesuffix(",-")
    unit = match["unit"] or match["first"] or match["second"] or ""
    if match["sign"] and match["trailing"]:
        return None
    if body.isdigit():
        if body[0] == "0" and len(body) > 1:
            return None
        if len(body) > _LONG:
            return None
        if match["exponent"]:
            return Shape(Kind.NUMBER, "e", unit)
        size = _size(body)
        return Shape(Kind.INTEGER, "large" if size in ("year", "date") and (unit or match["sign"]) else size, unit)
    marks = number_marks(body)
    return Shape(Kind.NUMBER, marks, unit) if marks else None


def number_marks(body: str) -> str | None:
    """The signs of digits that are not plain; see ``Shape``. None where the digits are no number."""
    match = _GROUPED.fullmatch(body)
    if match and match.group(1)[0] != "0":
        group, again, decimal = match.group(2), match.group(3), match.group(4)
        if decimal:
            return f"{group}+{decimal}" if decimal != group else None
        return f"{group}+" if again or group not in ".," else f"?{group}"
    match = _DECIMAL.fullmatch(body)
    if match is None or (len(match.group(1)) > 1 and match.group(1)[0] == "0"):
        return None
    return match.group(2)


def to_number(cell: str, decimal: str) -> Decimal | int | None:
    """The number that a cell writes; ``decimal`` decides only where the cell itself does not tell."""
    match = _NUMBER.fullmatch(cell)
    if match is None:
        return None
    body = match["body"].removesuffix(",-")
    marks = "" if body.isdigit() else number_marks(body)
    if marks is None or (not marks and body[0] == "0" and len(body) > 1):
        return None
    digits = _plain(body, marks, decimal)
    negative = match["sign"] in ("-", "−", "–") or bool(match["trailing"])
    text = f"{'-' if negative else ''}{digits}{match['exponent'] or ''}"
    return Decimal(text) if "." in digits or match["exponent"] else int(text)


def _plain(body: str, marks: str, decimal: str) -> str:
    """Digits with a decimal point or none."""
    if marks.startswith("?"):
        mark = marks[1]
        return body.replace(mark, "." if mark == decimal else "")
    group, plus, fraction = marks.partition("+")
    if not plus:
        return body.replace(",", ".") if marks == "," else body
    return body.replace(group, "").replace(",", ".") if fraction else body.replace(group, "")
