"""What each column is: its type, how it writes numbers and dates, its signs for missing values, its codes."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from .findings import Findings
from .model import Column, ColumnType, Guess, Marker, NumberFormat, Suppressed, TypedCell, Value, because, given
from .options import ReadOptions
from .shapes import (
    FORMULA_ERRORS,
    MISSING_MARKERS,
    OPEN_CLASS,
    PADDING,
    SUPPRESSED_MARKERS,
    TEXT,
    TRUE_WORDS,
    Kind,
    Shape,
    date_pattern,
    is_small,
    is_total,
    period_form,
    shape_of,
    to_date,
    to_datetime,
    to_number,
)

_CACHE = 100_000
_KEPT_LINES = 20
_TOKENS = 60
_DISTINCT = 2000
_NUMBERS = (Kind.INTEGER, Kind.NUMBER)
_DATED = (Kind.DATE, Kind.DATETIME)

_CODE_NAME = re.compile(
    r"plz|postleitzahl|ags|ars|.*gemeindeschl.*|.*regionalschl.*|.*schlüssel|.*schluessel|.*kennziffer|.*kennzahl-?nr.*|tel\.?|telefon.*|fax|iban"
    r"|hausnr\.?|hausnummer|.*_(key|code|plz|ags)|.*\bcode|.*\bplz",
    re.IGNORECASE,
)
_YEAR_NAME = re.compile(r".*(jahr|jahrgang|year)(?!.*(zahl|anzahl|summe)).*", re.IGNORECASE)
_COORDINATE = re.compile(
    r"(geo_?)?(lat|lon|lng|latitude|longitude|x|y|breite|länge|breitengrad|längengrad|rechtswert|hochwert|ostwert|nordwert|.*koordinate.*|[xy]_?wgs\d*|utm.*)",
    re.IGNORECASE,
)
_DATE_NAME = re.compile(r".*(datum|date|tag|stichtag|stand).*", re.IGNORECASE)
_SECRET_WORD = re.compile(r"geheim|anonym|gesperrt|unterdr|vertraulich|secret|bullet|<|•", re.IGNORECASE)
_SIMPLE = re.compile(r"-?(?:0|[1-9]\d*),\d+")
_FUSED = re.compile(r"((?:[A-Za-zÄÖÜ]{1,4}\.?\s?)?\d{1,8}[a-z]?)\s*[-:–]?\s+([A-Za-zÄÖÜäöü„\"(].*)")
_ODDITIES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("question_marks", re.compile(r"[A-Za-zÄÖÜäöüß]\?[a-zäöüß]|(?:^|\s)\?[a-zäöü]{2}|[a-zäöü]{2}\?(?=[\s/-]\w)")),
    ("replacement_character", re.compile("\ufffd")),
    ("mojibake", re.compile("Ã[\u0080-\u00bf„“–œžŸšŠŒ…ƒ†‡ˆ‰‹‘’•—˜™›€¼Ÿ]|Â[°§²³´]|â‚¬")),
    ("decomposed", re.compile("[A-Za-z]\u0308")),
    ("html_entity", re.compile(r"&(?:[a-z]{2,8}|#\d{2,5});|<(?:br|p|b|i|sup|span|a)\b[^>]*>", re.IGNORECASE)),
)


class Cell(NamedTuple):
    """What is remembered of a cell's text."""

    text: str
    shape: Shape
    padding: int
    oddities: tuple[str, ...]
    number: Decimal | int | None


@dataclass(frozen=True)
class Markers:
    """Signs in place of values, the built-in ones or the operator's; True for suppressed, False for missing."""

    words: dict[str, bool]
    small: bool
    """Whether ``<5`` and its like count, which are no words of a list."""

    @classmethod
    def of(cls, options: ReadOptions) -> Markers:
        """Those of the options."""
        missing = MISSING_MARKERS if options.missing_markers is None else options.missing_markers
        suppressed = SUPPRESSED_MARKERS if options.suppression_markers is None else options.suppression_markers
        words = dict.fromkeys(missing, False) | dict.fromkeys(suppressed, True)
        return cls(words, small=options.suppression_markers is None)

    def meaning(self, text: str) -> bool | None:
        """True for suppressed, False for missing, None for no marker."""
        if text in self.words:
            return self.words[text]
        return True if self.small and is_small(text) else None

    def reshape(self, text: str, shape: Shape) -> Shape:
        """The shape, with the operator's markers in place of the built-in ones."""
        secret = self.meaning(text) if shape.kind in (Kind.MARKER, Kind.TEXT) or text in self.words else None
        if secret is not None:
            return Shape(Kind.MARKER, "suppressed" if secret else "missing")
        return TEXT if shape.kind is Kind.MARKER else shape


@dataclass
class CellReader:
    """Looks at cells; texts that come again are not looked at again."""

    trim: bool
    markers: Markers
    _known: dict[str, Cell] = field(default_factory=dict)

    def look(self, raw: str) -> Cell:
        """The cell's text, shape and oddities."""
        if type(raw) is not str:
            return self._cell(raw)
        known = self._known.get(raw)
        if known is None:
            if len(self._known) >= _CACHE:
                self._known.clear()
            known = self._known[raw] = self._cell(raw)
        return known

    def _cell(self, raw: str) -> Cell:
        bare = raw.strip(PADDING)
        shape = self.markers.reshape(bare, shape_of(bare))
        number = to_number(bare, ",") if shape.kind is Kind.INTEGER else None
        return Cell(bare if self.trim else raw, shape, len(raw) if raw != bare else 0, _oddities(bare, shape), number)


def _oddities(bare: str, shape: Shape) -> tuple[str, ...]:
    if shape.kind is not Kind.TEXT and "&" not in bare:
        return ()
    return tuple(code for code, pattern in _ODDITIES if pattern.search(bare))


@dataclass
class Profile:
    """Counts over one column; its size does not grow with the number of rows."""

    counts: Counter[Shape] = field(default_factory=Counter)
    seen: dict[Shape, list[tuple[int, str]]] = field(default_factory=dict)
    markers: Counter[str] = field(default_factory=Counter)
    tokens: Counter[str] = field(default_factory=Counter)
    token_lines: dict[str, int] = field(default_factory=dict)
    oddities: Counter[str] = field(default_factory=Counter)
    odd_lines: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    fused: dict[str, str] = field(default_factory=dict)
    unfused: int = 0
    padded: int = 0
    padding: int = 0
    padded_lines: list[int] = field(default_factory=list)
    low: int | None = None
    high: int | None = None
    by_five: bool = True
    day_over_12: int | None = None
    typed: int = 0

    def add(self, line: int, cell: Cell) -> None:
        """Count one cell."""
        shape = cell.shape
        count = self.counts[shape]
        self.counts[shape] = count + 1
        if count < _KEPT_LINES:
            self.seen.setdefault(shape, []).append((line, cell.text))
        if cell.padding:
            self.padded += 1
            if self.padded <= _KEPT_LINES:
                self.padded_lines.append(line)
            self.padding = max(self.padding, cell.padding)
        if cell.oddities:
            self._add_oddities(line, cell)
        if cell.number is not None:
            self._add_number(cell.number)
        elif shape.kind is not Kind.EMPTY:
            self._add_word(line, cell)
        if isinstance(cell.text, TypedCell):
            self.typed += 1

    def _add_oddities(self, line: int, cell: Cell) -> None:
        for code in cell.oddities:
            self.oddities[code] += 1
            lines = self.odd_lines.setdefault(code, [])
            if len(lines) < _KEPT_LINES:
                lines.append((line, cell.text))

    def _add_number(self, number: Decimal | int) -> None:
        value = int(number)
        self.low = value if self.low is None or value < self.low else self.low
        self.high = value if self.high is None or value > self.high else self.high
        self.by_five = self.by_five and value % 5 == 0

    def _add_word(self, line: int, cell: Cell) -> None:
        kind, text = cell.shape.kind, cell.text.strip(PADDING)
        if kind is Kind.MARKER:
            self.markers[text] += 1
        elif kind in (Kind.TEXT, Kind.BOOLEAN, Kind.TOTAL):
            self._add_token(line, text)
            self._add_fused(text)
        elif kind in _DATED and self.day_over_12 is None and _over_12(text):
            self.day_over_12 = line

    def _add_token(self, line: int, text: str) -> None:
        if text in self.tokens or len(self.tokens) < _TOKENS:
            self.tokens[text] += 1
            self.token_lines.setdefault(text, line)

    def _add_fused(self, text: str) -> None:
        match = _FUSED.fullmatch(text)
        if match is None:
            self.unfused += 1
        elif len(self.fused) < _DISTINCT:
            self.fused[match.group(1)] = match.group(2)

    def of(self, *kinds: Kind) -> int:
        """How many cells are of these kinds."""
        return sum(count for shape, count in self.counts.items() if shape.kind in kinds)

    def details(self, *kinds: Kind) -> Counter[str]:
        """How often each detail of these kinds occurs."""
        found: Counter[str] = Counter()
        for shape, count in self.counts.items():
            if shape.kind in kinds:
                found[shape.detail] += count
        return found

    def first(self, accept: Callable[[Shape], bool]) -> tuple[int, str]:
        """Line and text of the first cell with such a shape."""
        return min((cells[0] for shape, cells in self.seen.items() if accept(shape)), default=(0, ""))

    def lines(self, accept: Callable[[Shape], bool]) -> list[int]:
        """Up to 20 lines with such a shape."""
        return sorted(line for shape, cells in self.seen.items() if accept(shape) for line, _ in cells)[:_KEPT_LINES]

    @property
    def values(self) -> int:
        """Cells that are neither empty nor markers nor words for a total."""
        return sum(self.counts.values()) - self.of(Kind.EMPTY, Kind.MARKER, Kind.TOTAL)


def _over_12(text: str) -> bool:
    day, slash, _ = text.partition("/")
    return bool(slash) and day.isdigit() and len(day) <= 2 and int(day) > 12


@dataclass(frozen=True)
class TableMarks:
    """Which decimal mark the whole table uses where a cell tells for certain."""

    comma: int
    point: int

    @classmethod
    def of(cls, profiles: Iterable[Profile]) -> TableMarks:
        """Count over all columns."""
        comma = point = 0
        for profile in profiles:
            c, p = _certain(profile.details(Kind.NUMBER))
            comma, point = comma + c, point + p
        return cls(comma, point)


def _certain(details: Counter[str]) -> tuple[int, int]:
    """How many numbers have a decimal comma, and how many a point, for certain."""
    comma = sum(n for detail, n in details.items() if detail in (",", ".+") or detail.endswith("+,"))
    point = sum(n for detail, n in details.items() if detail in (".", ",+", "e") or detail.endswith("+."))
    return comma, point


# --- deciding -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Names:
    """The names of a column."""

    index: int
    name: str
    unique: str


class Decision:
    """Decides on one column."""

    def __init__(
        self, names: Names, profile: Profile, marks: TableMarks, options: ReadOptions, findings: Findings
    ) -> None:
        self.names, self.profile, self.marks, self.options, self.findings = names, profile, marks, options, findings
        self.learned: dict[str, bool] = {}
        self.unfit = 0

    def column(self) -> Column:
        """The column, with its findings told."""
        kind = self._type()
        is_number = kind.value in (ColumnType.INTEGER, ColumnType.DECIMAL)
        number = self._number_format() if is_number else None
        if number is not None and kind.value is ColumnType.INTEGER and self._has_fractions(number.value):
            kind = Guess(ColumnType.DECIMAL, kind.reason, kind.confidence)
        column = Column(
            index=self.names.index,
            name=self.names.name,
            unique_name=self.names.unique,
            type=kind,
            number=number,
            date_format=self._date_format(kind.value),
            fused=self._fused(kind.value),
            markers=self._markers(),
            is_code=kind.reason.code in ("leading_zeros", "too_long", "code_name"),
            filled=sum(self.profile.counts.values()) - self.profile.of(Kind.EMPTY),
            empty=self.profile.of(Kind.EMPTY),
            unfit=self.unfit,
            padded=self.profile.padded,
        )
        self._tell(column)
        return column

    def _find(self, code: str, lines: Iterable[int] = (), count: int = 1, **parameters: object) -> None:
        self.findings.add(code, lines, column=self.names.unique, count=count, **parameters)

    # type

    def _type(self) -> Guess[ColumnType]:
        profile, names = self.profile, self.names
        if names.name in self.options.text_columns or names.unique in self.options.text_columns:
            return given(ColumnType.TEXT)
        if profile.values == 0:
            code = "only_markers" if profile.markers else "no_values"
            return because(ColumnType.TEXT, 0.3, code)
        if profile.of(Kind.CODE):
            return self._code_or_words()
        if not profile.of(Kind.TEXT) and profile.of(*_NUMBERS) == profile.values and self._is_code_name():
            return because(ColumnType.TEXT, 0.8, "code_name")
        return self._numbers() or self._dates() or self._periods() or self._booleans() or self._words()

    def _is_code_name(self) -> bool:
        return bool(_CODE_NAME.fullmatch(self.names.name)) and not self.profile.of(Kind.NUMBER)

    def _code_or_words(self) -> Guess[ColumnType]:
        line, _ = self.profile.first(lambda shape: shape.kind is Kind.CODE)
        if self.profile.of(Kind.CODE, Kind.INTEGER) < 0.5 * self.profile.values:
            return self._words()
        long = self.profile.details(Kind.CODE)["long"] and not self.profile.details(Kind.CODE)["zero"]
        return because(ColumnType.TEXT, 0.95, "too_long" if long else "leading_zeros", line=line)

    def _numbers(self) -> Guess[ColumnType] | None:
        profile = self.profile
        count = profile.of(*_NUMBERS)
        if not count or self._is_date_digits():
            return None
        if not self._accept_rest(count, _NUMBERS):
            return None
        kind = ColumnType.DECIMAL if profile.of(Kind.NUMBER) and self._any_fraction() else ColumnType.INTEGER
        if kind is ColumnType.INTEGER:
            year = self._year()
            if year:
                return year
        return self._fit(kind, count)

    def _any_fraction(self) -> bool:
        details = self.profile.details(Kind.NUMBER)
        return any(not detail.startswith("?") and not detail.endswith("+") for detail in details)

    def _fit(self, kind: ColumnType, count: int) -> Guess[ColumnType]:
        total = self.profile.values - sum(self.profile.tokens[token] for token in self.learned)
        if self.profile.typed and self.profile.typed >= count:
            return because(kind, 1.0, "workbook_type", count=count, total=total)
        if count >= total:
            return because(kind, 1.0 if count > 2 else 0.8, "all_values", count=count)
        return because(kind, round(count / total, 2), "most_values", count=count, total=total)

    def _accept_rest(self, count: int, kinds: Sequence[Kind]) -> bool:
        """Whether the cells of other kinds are few, or one or two words that stand for values not given."""
        rest = self.profile.values - count
        if not rest:
            return True
        words = self._learnable(count)
        rest -= sum(self.profile.tokens[word] for word in words)
        allowed = max(1 if self.profile.values >= 20 else 0, self.profile.values // 50)
        if rest > allowed or self._open_class() is not None or self._house_number(kinds):
            return False
        self.learned = {word: bool(_SECRET_WORD.search(word)) for word in words}
        self.unfit = rest
        return True

    def _learnable(self, count: int) -> list[str]:
        """Words without digits, at most two different ones and up to 20 signs long, in a column that has values."""
        words = [token for token in self.profile.tokens if self._is_learnable(token)]
        if not words or len(words) > 2 or count < 3 or count < 0.5 * self.profile.values:
            return []
        return [word for word in words if self.profile.tokens[word] > 1 or self.profile.values >= 5]

    @staticmethod
    def _is_learnable(token: str) -> bool:
        return 0 < len(token) <= 20 and not any(char.isdigit() for char in token) and not is_total(token)

    def _open_class(self) -> tuple[int, str] | None:
        for token in self.profile.tokens:
            if OPEN_CLASS.fullmatch(token):
                return self.profile.token_lines[token], token
        return None

    def _house_number(self, kinds: Sequence[Kind]) -> bool:
        return kinds is _NUMBERS and any(re.fullmatch(r"\d+\s?[a-zA-Z]", token) for token in self.profile.tokens)

    def _year(self) -> Guess[ColumnType] | None:
        profile = self.profile
        integers = profile.details(Kind.INTEGER)
        if integers["year"] != profile.of(*_NUMBERS):
            return None
        low, high = profile.low, profile.high
        if low is None or high is None:
            return None
        if _YEAR_NAME.fullmatch(self.names.name):
            return because(ColumnType.YEAR, 0.95, "year_name", first=low, last=high)
        if low >= 1950 and high <= 2060 and high - low < 80 and not profile.of(Kind.NUMBER):
            return because(ColumnType.YEAR, 0.6, "year_values", first=low, last=high)
        return None

    def _is_date_digits(self) -> bool:
        integers = self.profile.details(*_NUMBERS)
        return (
            bool(integers["date"])
            and integers["date"] == self.profile.values
            and bool(_DATE_NAME.fullmatch(self.names.name))
        )

    def _dates(self) -> Guess[ColumnType] | None:
        profile = self.profile
        if self._is_date_digits():
            return self._fit(ColumnType.DATE, profile.of(*_NUMBERS))
        count = profile.of(*_DATED)
        if not count or not self._accept_rest(count, _DATED):
            return None
        return self._fit(ColumnType.DATETIME if profile.of(Kind.DATETIME) else ColumnType.DATE, count)

    def _periods(self) -> Guess[ColumnType] | None:
        profile = self.profile
        years = profile.details(Kind.INTEGER)["year"]
        count = profile.of(Kind.PERIOD) + years
        if not profile.of(Kind.PERIOD) or not self._accept_rest(count, (Kind.PERIOD,)):
            return None
        return self._fit(ColumnType.PERIOD, count)

    def _booleans(self) -> Guess[ColumnType] | None:
        profile = self.profile
        count = profile.of(Kind.BOOLEAN)
        families = profile.details(Kind.BOOLEAN)
        if not count or count < profile.values or len(families) > 1:
            return None
        if "j" in families and len({token.lower() for token in profile.tokens}) < 2:
            return None
        return self._fit(ColumnType.BOOLEAN, count)

    def _words(self) -> Guess[ColumnType]:
        profile = self.profile
        open_class = self._open_class()
        numbers = profile.of(*_NUMBERS)
        if open_class and numbers >= 0.5 * profile.values:
            self._find("open_class", [open_class[0]], example=open_class[1])
            return because(ColumnType.TEXT, 0.9, "open_class", line=open_class[0], example=open_class[1])
        line, example = profile.first(lambda shape: shape.kind in (Kind.TEXT, Kind.BOOLEAN, Kind.TOTAL, Kind.PERIOD))
        if not example:
            line, example = profile.first(lambda shape: shape.kind not in (Kind.EMPTY, Kind.MARKER))
        mixed = profile.of(Kind.TEXT) < profile.values
        code = "mixed_values" if mixed and numbers else "words"
        return because(ColumnType.TEXT, 0.8 if mixed else 1.0, code, line=line, example=_short(example))

    # numbers

    def _number_format(self) -> Guess[NumberFormat]:
        details = self.profile.details(Kind.NUMBER)
        unit = self._unit()
        decimal = self._decimal_mark(details)
        thousands = self._thousands_mark(details, decimal.value)
        shown = decimal.value if self._uses(details, decimal.value) else ""
        return Guess(NumberFormat(shown, thousands, unit), decimal.reason, decimal.confidence)

    @staticmethod
    def _uses(details: Counter[str], decimal: str) -> bool:
        return any(
            detail == decimal
            or detail.endswith(f"+{decimal}")
            or detail == f"?{decimal}"
            or (detail == "e" and decimal == ".")
            for detail in details
        )

    def _decimal_mark(self, details: Counter[str]) -> Guess[str]:
        if self.options.decimal is not None:
            return given(self.options.decimal)
        if self.options.thousands in (".", ","):
            return given("," if self.options.thousands == "." else ".")
        comma, point = _certain(details)
        if comma and point:
            return self._mixed_marks(comma, point)
        if comma or point:
            mark = "," if comma else "."
            line, _ = self.profile.first(lambda shape: shape.kind is Kind.NUMBER and _tells(shape.detail, mark))
            return because(mark, 1.0, "decimal_seen", count=comma or point, line=line)
        if details["?."] or details["?,"]:
            return self._ambiguous_mark(details)
        return because(",", 1.0 if not details else 0.5, "no_marks" if not details else "decimal_custom")

    def _mixed_marks(self, comma: int, point: int) -> Guess[str]:
        mark, other = (",", ".") if comma >= point else (".", ",")
        first = self.profile.first(lambda shape: shape.kind is Kind.NUMBER and _tells(shape.detail, mark))
        second = self.profile.first(lambda shape: shape.kind is Kind.NUMBER and _tells(shape.detail, other))
        lines = self.profile.lines(lambda shape: shape.kind is Kind.NUMBER and _tells(shape.detail, other))
        self._find("mixed_numbers", lines, min(comma, point), first=first[1], second=second[1])
        return because(mark, 0.7, "decimal_mixed", count=max(comma, point), other=min(comma, point), mark=other)

    def _ambiguous_mark(self, details: Counter[str]) -> Guess[str]:
        sign = "." if details["?."] >= details["?,"] else ","
        other = "," if sign == "." else "."
        if self._has_plain_thousands():
            return because(sign, 0.8, "decimal_plain")
        if _COORDINATE.fullmatch(self.names.name):
            return because(sign, 0.8, "decimal_name")
        if (self.marks.comma > 0) != (self.marks.point > 0):
            return because("," if self.marks.comma else ".", 0.85, "decimal_table")
        if not (details["?."] and details["?,"]) and self._spread_like_thousands():
            return self._custom(details, other)
        return self._custom(details, ",")

    def _spread_like_thousands(self) -> bool:
        """Small whole numbers stand beside ``1.234``: counts that happen to pass a thousand."""
        return self.profile.details(Kind.INTEGER)["small"] > 0

    def _custom(self, details: Counter[str], spread: str) -> Guess[str]:
        mark = spread if self._spread_like_thousands() and not (details["?."] and details["?,"]) else ","
        line, example = self.profile.first(lambda shape: shape.detail in ("?.", "?,"))
        value = to_number(example, mark)
        self._find("ambiguous_number", [line], details["?."] + details["?,"], example=example, value=value)
        return because(mark, 0.6, "decimal_custom")

    def _has_plain_thousands(self) -> bool:
        integers = self.profile.details(Kind.INTEGER)
        return bool(integers["large"] + integers["year"] + integers["date"]) and (self.profile.high or 0) >= 1000

    def _thousands_mark(self, details: Counter[str], decimal: str) -> str:
        if self.options.thousands is not None:
            return self.options.thousands
        groups = Counter({detail[0]: n for detail, n in details.items() if "+" in detail})
        for sign in (".", ","):
            if sign != decimal and details[f"?{sign}"]:
                groups[sign] += details[f"?{sign}"]
        return groups.most_common(1)[0][0] if groups else ""

    def _has_fractions(self, number: NumberFormat) -> bool:
        details = self.profile.details(Kind.NUMBER)
        return any(detail == f"?{number.decimal}" for detail in details if number.decimal)

    def _unit(self) -> str:
        units: Counter[str] = Counter()
        for shape, count in self.profile.counts.items():
            if shape.kind in _NUMBERS and shape.unit:
                units[shape.unit] += count
        if len(units) > 1:
            lines = self.profile.lines(lambda shape: bool(shape.unit))
            self._find("mixed_units", lines, sum(units.values()), units=", ".join(sorted(units)))
        return units.most_common(1)[0][0] if units else ""

    # dates, codes, markers

    def _date_format(self, kind: ColumnType) -> Guess[str] | None:
        if kind not in (ColumnType.DATE, ColumnType.DATETIME):
            return None
        forms = self.profile.details(*_DATED)
        if not forms:
            return because("%Y%m%d", 0.8, "date_pattern", count=self.profile.of(*_NUMBERS))
        if "%m/%d/%Y" in forms and self.profile.day_over_12 is None:
            line, _ = self.profile.first(lambda shape: shape.detail == "%m/%d/%Y")
            return because("%m/%d/%Y", 0.9, "day_first", line=line)
        form, count = forms.most_common(1)[0]
        self._tell_dates(forms)
        if form.startswith("%d/%m"):
            return self._day_first(form)
        return because(form, 1.0 if len(forms) == 1 else 0.8, "date_pattern", count=count)

    def _day_first(self, form: str) -> Guess[str]:
        if self.profile.day_over_12 is not None:
            return because(form, 1.0, "day_first", line=self.profile.day_over_12)
        line, example = self.profile.first(lambda shape: shape.detail == form)
        self._find("ambiguous_date", [line], example=example)
        return because(form, 0.6, "day_first_assumed")

    def _tell_dates(self, forms: Counter[str]) -> None:
        days = Counter({form.removesuffix(" %H"): n for form, n in forms.items()})
        if len(days) > 1:
            (first, _), (second, count) = days.most_common(2)
            examples = [
                self.profile.first(lambda shape, f=form: shape.detail.startswith(f)) for form in (first, second)
            ]
            lines = self.profile.lines(lambda shape: shape.detail.startswith(second))
            self._find("mixed_dates", lines, count, first=examples[0][1], second=examples[1][1])

    def _fused(self, kind: ColumnType) -> Guess[bool] | None:
        fused = self.profile.fused
        labels = set(fused.values())
        if kind is not ColumnType.TEXT or len(fused) < 2 or len(labels) < 0.8 * len(fused):
            return None
        total = sum(self.profile.counts.values()) - self.profile.of(Kind.EMPTY, Kind.MARKER, Kind.TOTAL)
        if self.profile.unfused > 0.2 * total or self.profile.of(*_NUMBERS):
            return None
        code, label = next(iter(fused.items()))
        line, _ = self.profile.first(lambda shape: shape.kind is Kind.TEXT)
        self._find("fused_code", [line], len(fused), example=_short(f"{code} {label}"))
        return because(True, 0.8, "fused", count=len(fused), example=_short(f"{code} {label}"))

    def _markers(self) -> tuple[Marker, ...]:
        known = Markers.of(self.options)
        found = [Marker(text, bool(known.meaning(text)), n) for text, n in self.profile.markers.most_common()]
        return (*found, *(Marker(word, secret, self.profile.tokens[word]) for word, secret in self.learned.items()))

    # findings

    def _tell(self, column: Column) -> None:
        self._tell_oddities()
        self._tell_markers(column)
        if column.padded:
            self._find("padding", self.profile.padded_lines, column.padded, width=self.profile.padding)
        if self.unfit:
            self._tell_unfit(column)
        as_text = self.profile.of(*_NUMBERS) - self.profile.typed
        if self.profile.typed and column.number is not None and as_text > 0:
            self._find("numbers_as_text", count=as_text)
        if self._looks_rounded(column):
            self._find("rounded_to_five")

    def _tell_oddities(self) -> None:
        for code, count in self.profile.oddities.items():
            cells = self.profile.odd_lines[code]
            self._find(code, [line for line, _ in cells], count, example=_short(cells[0][1]))

    def _tell_markers(self, column: Column) -> None:
        if column.type.value is ColumnType.TEXT:
            dots = self.profile.markers["."]
            if dots and self.profile.values:
                self._find("repeat_dots", self._marker_lines("."), dots)
            return
        for marker in column.markers:
            code = "suppressed_values" if marker.suppressed else "missing_values"
            self._find(code, self._marker_lines(marker.text), marker.count, marker=marker.text)
            if marker.text in self.learned:
                self._find("learned_marker", self._marker_lines(marker.text), marker.count, marker=marker.text)
            if marker.text in FORMULA_ERRORS:
                self._find("formula_error", self._marker_lines(marker.text), marker.count, example=marker.text)

    def _marker_lines(self, text: str) -> list[int]:
        return sorted(
            line for cells in self.profile.seen.values() for line, seen in cells if seen.strip(PADDING) == text
        )

    def _tell_unfit(self, column: Column) -> None:
        fitting = {
            ColumnType.INTEGER: _NUMBERS,
            ColumnType.DECIMAL: _NUMBERS,
            ColumnType.YEAR: _NUMBERS,
            ColumnType.DATE: _DATED,
            ColumnType.DATETIME: _DATED,
        }.get(column.type.value, (Kind.PERIOD, Kind.INTEGER))
        cells = sorted(
            (line, text)
            for shape, seen in self.profile.seen.items()
            if shape.kind not in (*fitting, Kind.EMPTY, Kind.MARKER, Kind.TOTAL)
            for line, text in seen
            if text.strip(PADDING) not in self.learned
        )
        example = _short(cells[0][1]) if cells else ""
        self._find(
            "value_unfit", [line for line, _ in cells], self.unfit, type=column.type.value.value, example=example
        )

    def _looks_rounded(self, column: Column) -> bool:
        profile = self.profile
        enough = profile.of(Kind.INTEGER) >= 20 and not profile.of(Kind.NUMBER)
        return column.type.value is ColumnType.INTEGER and enough and profile.by_five and (profile.high or 0) >= 15


def _tells(detail: str, mark: str) -> bool:
    comma, point = _certain(Counter([detail]))
    return bool(comma if mark == "," else point)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 60 else f"{text[:59]}…"


# --- converting ---------------------------------------------------------------------------------------------


class Converter:
    """Turns the cells of one column into values; texts that come again are not parsed again."""

    def __init__(self, column: Column, options: ReadOptions) -> None:
        self._column = column
        self._decimal = _parsing_mark(column, options)
        self._known: dict[str, Value] = {"": None}
        known = Markers.of(options)
        learned = {marker.text: marker.suppressed for marker in column.markers}
        self._markers = Markers(known.words | learned, known.small)
        self._parse = _PARSERS[column.type.value]

    def value(self, cell: str) -> Value:
        """The value: None if missing, ``Suppressed`` if kept back, the text itself if it is no such value."""
        if type(cell) is not str:
            return self._typed(cell)
        if cell in self._known:
            return self._known[cell]
        if len(self._known) >= _CACHE:
            self._known = {"": None}
        value = self._known[cell] = self._text(cell)
        return value

    def _text(self, cell: str) -> Value:
        bare = cell.strip(PADDING)
        if not bare:
            return None
        if self._column.type.value is ColumnType.TEXT:
            return cell
        secret = self._markers.meaning(bare)
        if secret is not None:
            return Suppressed(bare) if secret else None
        parsed = self._parse(bare, self)
        return cell if parsed is None else parsed

    def _typed(self, cell: str) -> Value:
        if not isinstance(cell, TypedCell):
            return str(cell)
        kind, value = self._column.type.value, cell.value
        if kind in (ColumnType.TEXT, ColumnType.PERIOD):
            return str(cell)
        if kind is ColumnType.DECIMAL and type(value) is int:
            return Decimal(value)
        if kind is ColumnType.DATETIME and type(value) is dt.date:
            return dt.datetime.combine(value, dt.time())
        return value

    @property
    def decimal(self) -> str:
        """The decimal mark for cells that do not tell themselves."""
        return self._decimal

    @property
    def date_format(self) -> str:
        """The main form of dates."""
        return self._column.date_format.value if self._column.date_format else ""


def _parsing_mark(column: Column, options: ReadOptions) -> str:
    if options.decimal is not None:
        return options.decimal
    number = column.number.value if column.number else NumberFormat("", "")
    if number.decimal:
        return number.decimal
    return "." if number.thousands == "," else ","


def _parse_integer(cell: str, converter: Converter) -> Value:
    if cell.isdigit() and cell.isascii() and cell[0] != "0" and len(cell) <= 18:
        return int(cell)
    return to_number(cell, converter.decimal)


def _parse_decimal(cell: str, converter: Converter) -> Value:
    if converter.decimal == "," and _SIMPLE.fullmatch(cell):
        return Decimal(cell.replace(",", "."))
    number = to_number(cell, converter.decimal)
    return None if number is None else Decimal(number)


def _parse_date(cell: str, converter: Converter) -> Value:
    form = converter.date_format.removesuffix(" %H")
    return to_date(cell, form) or to_date(cell, date_pattern(cell) or "%Y-%m-%d")


def _parse_datetime(cell: str, converter: Converter) -> Value:
    form = converter.date_format if converter.date_format.endswith(" %H") else ""
    moment = to_datetime(cell, form or date_pattern(cell) or "%Y-%m-%d %H") or to_datetime(
        cell, date_pattern(cell) or "%Y-%m-%d %H"
    )
    if moment is not None:
        return moment
    day = to_date(cell, date_pattern(cell) or "%Y-%m-%d")
    return dt.datetime.combine(day, dt.time()) if day else None


def _parse_boolean(cell: str, _converter: Converter) -> Value:
    return cell.lower() in TRUE_WORDS


def _parse_period(cell: str, _converter: Converter) -> Value:
    return cell if period_form(cell) or cell.isdigit() else None


def _parse_text(cell: str, _converter: Converter) -> Value:
    return cell


_PARSERS: dict[ColumnType, Callable[[str, Converter], Value]] = {
    ColumnType.INTEGER: _parse_integer,
    ColumnType.YEAR: _parse_integer,
    ColumnType.DECIMAL: _parse_decimal,
    ColumnType.DATE: _parse_date,
    ColumnType.DATETIME: _parse_datetime,
    ColumnType.BOOLEAN: _parse_boolean,
    ColumnType.PERIOD: _parse_period,
    ColumnType.TEXT: _parse_text,
}
