"""Where the table begins and ends: lines above it, header rows, rows, lines below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from .model import Guess, Header, HeaderKind, because, given
from .options import ReadOptions
from .shapes import Kind, Shape, period_form, shape_of

MAX_HEADER_ROWS = 6
_LOOK = 300
_MAX_FOOTNOTES = 200

NumberedRow = tuple[int, list[str]]

_ALIAS = re.compile(r"[A-ZÄÖÜ][A-ZÄÖÜ0-9]*(_[A-ZÄÖÜ0-9]+)*_?")
_FOOTNOTE = re.compile(
    r"(quelle|datenquelle|hinweis|anmerkung|erläuterung|fußnote|fussnote|zeichenerklärung|legende|stand|datenstand"
    r"|abruf|datenlizenz|lizenz|copyright|herausgeber|kontakt|ansprechpartner|methodik|definition|erstellt|stadt mainz"
    r"|landeshauptstadt mainz)\w*\b\s*[:.(-]?.*"
    r"|(©|\(c\)|\*+\)?|\d{1,2}\)|\(\d{1,2}\)|[¹²³⁴⁵]+\)?|[-.x/…•]\s*=|\.{3}\s*=).*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Layout:
    """The parts of the table. ``data_from`` is the first physical line that may be a row."""

    width: int
    even: float
    header: Guess[Header]
    names: tuple[str, ...]
    preamble: tuple[NumberedRow, ...]
    data_from: int
    number_row: int | None = None


def is_blank(cells: Sequence[str]) -> bool:
    """Whether all cells are empty."""
    return not any(cells)


def find_layout(
    rows: Sequence[NumberedRow], options: ReadOptions, spans: Sequence[tuple[int, int, int]] = ()
) -> Layout:
    """The layout of trimmed rows; ``spans`` are merged header cells as (row number, first, last column)."""
    width, even = _width(rows)
    filled = [(line, cells) for line, cells in rows if not is_blank(cells)]
    lines = options.header_lines
    if lines is None:
        preamble, header_rows, guess = _find_header(filled, width)
    else:
        preamble, header_rows, guess = _given_header(filled, lines)
    rest = filled[len(preamble) + len(header_rows) :]
    number_row = rest[0][0] if rest and header_rows and _counts_columns(rest[0][1]) else None
    last = number_row or (header_rows[-1][0] if header_rows else (preamble[-1][0] if preamble else 0))
    names = _names([cells for _, cells in header_rows], [line for line, _ in header_rows], width, spans)
    return Layout(max(width, len(names)), even, guess, names, tuple(preamble), last + 1, number_row)


def _width(rows: Sequence[NumberedRow]) -> tuple[int, float]:
    """The usual number of cells, and the share of rows that have it. Narrow rows do not vote where wide ones exist."""
    sizes = Counter(_used(cells) if len(cells) == 1 else len(cells) for _, cells in rows if not is_blank(cells))
    wide = Counter({size: count for size, count in sizes.items() if size > 1})
    votes = wide if wide and sum(wide.values()) >= 0.2 * sum(sizes.values()) else sizes
    if not votes:
        return 1, 1.0
    width, count = max(votes.items(), key=lambda item: (item[1], item[0]))
    width = _without_empty_tail(rows, width)
    return width, count / sum(votes.values())


def _without_empty_tail(rows: Sequence[NumberedRow], width: int) -> int:
    """Each row ends with a delimiter too many: the last column is empty throughout, name included."""
    while width > 1 and not any(cells[width - 1] for _, cells in rows if len(cells) >= width):
        width -= 1
    return width


def _used(cells: Sequence[str]) -> int:
    return max((n for n, cell in enumerate(cells, 1) if cell), default=0)


def _given_header(
    filled: Sequence[NumberedRow], lines: tuple[int, ...]
) -> tuple[list[NumberedRow], list[NumberedRow], Guess[Header]]:
    if not lines:
        return [], [], given(Header(HeaderKind.NONE, ()))
    preamble = [row for row in filled if row[0] < lines[0]]
    header = [row for row in filled if lines[0] <= row[0] <= lines[-1]]
    kind = _label_kind(header[-1][1]) if header else HeaderKind.LABELS
    return preamble, header, given(Header(kind, tuple(line for line, _ in header)))


# --- finding the header -------------------------------------------------------------------------------------


def _find_header(
    filled: Sequence[NumberedRow], width: int
) -> tuple[list[NumberedRow], list[NumberedRow], Guess[Header]]:
    start = _first_table_row(filled, width)
    preamble, rows = list(filled[:start]), list(filled[start:])
    header: list[NumberedRow] = []
    guess: Guess[bool] | None = None
    while len(header) < min(MAX_HEADER_ROWS, len(rows)):
        verdict = _is_header(rows, len(header), width)
        guess = guess or verdict
        if not verdict.value:
            break
        header.append(rows[len(header)])
        guess = verdict if verdict.confidence > guess.confidence else guess
    if guess is None:
        guess = because(False, 0.5, "no_header_alike", line=1)
    if not header:
        preamble = _without_first_rows(preamble, rows, width)
    kind = _label_kind(header[-1][1]) if header else HeaderKind.NONE
    return preamble, header, Guess(Header(kind, tuple(line for line, _ in header)), guess.reason, guess.confidence)


def _without_first_rows(preamble: list[NumberedRow], rows: Sequence[NumberedRow], width: int) -> list[NumberedRow]:
    """Without a header, lines of full width right above the rows are rows with missing values, not titles."""
    following = rows[0][0] if rows else 0
    while preamble and len(preamble[-1][1]) == width and preamble[-1][0] == following - 1:
        following = preamble.pop()[0]
    return preamble


def _label_kind(cells: Sequence[str]) -> HeaderKind:
    names = [cell for cell in cells if cell]
    aliases = bool(names) and all(_ALIAS.fullmatch(name) for name in names)
    return HeaderKind.ALIASES if aliases and any("_" in name or len(name) > 2 for name in names) else HeaderKind.LABELS


def _first_table_row(filled: Sequence[NumberedRow], width: int) -> int:
    """The first row that is no title: titles fill one cell, or the first two of many (``Stand``, ``31.12.2025``)."""
    if width == 1:
        return 0
    for n, (_, cells) in enumerate(filled[: _LOOK + 1]):
        if not _is_title(cells, width, filled[n + 1 : n + 4]):
            return n
    return 0


def _is_title(cells: Sequence[str], width: int, below: Sequence[NumberedRow]) -> bool:
    places = [n for n, cell in enumerate(cells) if cell]
    if len(places) == 1:
        return places[0] == 0 or len(cells) == 1 or not _completes(cells, below)
    if len(cells) < width and len(cells) <= width // 2 + 1 and any(len(row) >= width for _, row in below):
        return True
    if places != [0, 1] or width < 4 or shape_of(cells[0]).kind is not Kind.TEXT:
        return False
    next_full = below and sum(1 for cell in below[0][1] if cell) > 2
    return (
        cells[0].endswith(":")
        or shape_of(cells[1]).kind in (Kind.DATE, Kind.DATETIME)
        or (not _completes(cells, below) and bool(next_full))
    )


def _completes(cells: Sequence[str], below: Sequence[NumberedRow]) -> bool:
    """Whether the next row has gaps just where this row is filled, as two header rows have."""
    if not below:
        return False
    under = below[0][1]
    places = [n for n, cell in enumerate(cells) if cell]
    gaps = any(n >= len(under) or not under[n] for n in places)
    return gaps or (places[0] > 0 and any(n < len(under) and under[n] for n in places))


def _is_header(rows: Sequence[NumberedRow], at: int, width: int) -> Guess[bool]:
    """Whether the row, seen against those below it, names columns."""
    line, cells = rows[at]
    below = [row for _, row in rows[at + 1 : at + 1 + _LOOK] if len(row) > width // 2]
    if not below:
        return _only_row(line, cells, above=rows[at - 1][1] if at else None)
    classes = _Classes.of(below, width)
    names, values = classes.judge(cells)
    years = _years(cells, classes)
    if years and (not at or not all(rows[at - 1][1])):
        return because(True, 0.9, "header_years", line=line, first=years[0], last=years[-1])
    if names and not values:
        return because(True, round(min(1.0, 0.7 + 0.1 * names), 2), "header_types", line=line, columns=names)
    if values:
        if names > 3 * values:
            return because(True, 0.6, "header_types", line=line, columns=names)
        if not any(classes.kinds):
            return because(False, 0.7, "no_header_repeated", line=line)
        return because(False, round(min(1.0, 0.7 + 0.1 * values), 2), "no_header_types", line=line, columns=values)
    if _is_upper_row(rows, at, width):
        return because(True, 0.8, "header_unlike", line=line)
    if at:
        return because(False, 0.8, "no_header_types", line=line, columns=0)
    return _words_only(line, cells, below, width)


def _only_row(line: int, cells: Sequence[str], above: Sequence[str] | None) -> Guess[bool]:
    """The last row of the file names columns if it is the only one, or if it fills gaps of the row above it."""
    words = [shape_of(cell).kind in (Kind.TEXT, Kind.TOTAL) for cell in cells if cell]
    if above is None and words and all(words):
        return because(True, 0.8, "header_only", line=line)
    if sum(words) > 0.7 * len(words) and _distinct(cells) and (above is None or not all(above)):
        return because(True, 0.6, "header_only", line=line)
    return because(False, 0.7, "no_header_types", line=line, columns=len(words) - sum(words))


def _distinct(cells: Sequence[str]) -> bool:
    return all(cells) and len(set(cells)) == len(cells)


def _is_upper_row(rows: Sequence[NumberedRow], at: int, width: int) -> bool:
    """A row of a header of several: it leaves gaps (merged cells) and the row below is a header by its types."""
    cells = rows[at][1]
    if at + 1 >= len(rows) or at + 1 >= MAX_HEADER_ROWS or all(cells[:width]):
        return False
    if any(shape_of(cell).kind in (Kind.NUMBER, Kind.CODE) for cell in cells):
        return False
    verdict = _is_header(rows, at + 1, width)
    return verdict.value and verdict.reason.code in ("header_types", "header_years")


def _years(cells: Sequence[str], classes: _Classes) -> list[str]:
    """Years above numbers that are no years: ``Stadtteil;2023;2024;2025``."""
    shapes = [(n, shape_of(cell)) for n, cell in enumerate(cells)]
    years = [cells[n] for n, shape in shapes if shape == Shape(Kind.INTEGER, "year")]
    numbers = [shape for _, shape in shapes if shape.kind in (Kind.INTEGER, Kind.NUMBER, Kind.DATE, Kind.CODE)]
    if len(years) < 1 or len(numbers) != len(years) or cells.count("") > len(years) * 4:
        return []
    over = [n for n, shape in shapes if shape.detail == "year" and n < len(classes.numeric)]
    in_order = years == sorted(set(years)) or years == sorted(set(years), reverse=True)
    in_order = in_order and all(abs(int(one) - int(two)) <= 10 for one, two in pairwise(years))
    steady = len(years) > 1 or len([cell for cell in cells if cell]) > len(years)
    if any(classes.fits(n, cell) for n, cell in enumerate(cells) if cell and n not in over):
        return []
    above_others = all((classes.numeric[n] or classes.loose[n]) and not classes.yearly[n] for n in over)
    return years if in_order and steady and above_others and len(over) == len(years) else []


@dataclass(frozen=True)
class _Classes:
    """What the cells below are, a column each."""

    numeric: list[bool]
    yearly: list[bool]
    loose: list[bool]
    kinds: list[Kind | None]
    patterns: list[str | None]
    values: list[Counter[str]]

    @classmethod
    def of(cls, rows: Sequence[Sequence[str]], width: int) -> _Classes:
        """Look at up to 300 rows."""
        columns = [[row[n] for row in rows if n < len(row) and row[n]] for n in range(width)]
        shapes = [[shape_of(cell) for cell in column] for column in columns]
        kinds = [_main_kind(column) for column in shapes]
        return cls(
            numeric=[kind is Kind.INTEGER for kind in kinds],
            yearly=[_share(column, "year") > 0.5 for column in shapes],
            loose=[
                not any(shape.kind is Kind.TEXT for shape in column) or kind is Kind.INTEGER
                for column, kind in zip(shapes, kinds, strict=True)
            ],
            kinds=kinds,
            patterns=[
                _common_pattern(column) if kind is None else None for column, kind in zip(columns, kinds, strict=True)
            ],
            values=[Counter(column) for column in columns],
        )

    def judge(self, cells: Sequence[str]) -> tuple[int, int]:
        """How many cells are names over typed columns, and how many are values like those below."""
        names = values = 0
        for n, cell in enumerate(cells[: len(self.kinds)]):
            if not cell:
                continue
            fits = self.fits(n, cell)
            names += fits is False
            values += fits is True
        return names, values

    def fits(self, n: int, cell: str) -> bool | None:
        """Whether the cell is like those below: None where that cannot be told."""
        if n >= len(self.kinds):
            return None
        kind, shape = self.kinds[n], shape_of(cell)
        if kind is not None:
            if shape.kind is Kind.MARKER:
                return None if cell.isalpha() else True  # ``x`` may be the name of a coordinate
            return _same(kind, shape.kind)
        if self.patterns[n] is not None:
            return _pattern(cell) == self.patterns[n]
        if cell in self.values[n] and (len(cell) > 1 or len(self.values[n]) > 1):
            return True
        return None


def _share(column: Sequence[Shape], detail: str) -> float:
    return sum(shape.detail == detail for shape in column) / len(column) if column else 0.0


_NUMERIC = (Kind.INTEGER, Kind.NUMBER, Kind.CODE)


def _same(kind: Kind, other: Kind) -> bool:
    return other is kind or (kind is Kind.INTEGER and other in _NUMERIC)


def _main_kind(column: Sequence[Shape]) -> Kind | None:
    """INTEGER stands for all numbers; None where no kind has 60 % of the cells."""
    kinds = Counter(
        Kind.INTEGER if shape.kind in _NUMERIC else shape.kind for shape in column if shape.kind is not Kind.MARKER
    )
    if not kinds:
        return None
    kind, count = kinds.most_common(1)[0]
    typed = kind not in (Kind.TEXT, Kind.TOTAL, Kind.EMPTY)
    return kind if typed and count >= 0.6 * sum(kinds.values()) else None


def _pattern(cell: str) -> str:
    """Runs of letters and digits as one sign each: ``AMT-000`` gives ``a-9``."""
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]+", "a", cell))


def _common_pattern(column: Sequence[str]) -> str | None:
    """A form with digits or signs that most values share (codes, fused codes, addresses)."""
    if len(column) < 3:
        return None
    pattern, count = Counter(_pattern(cell) for cell in column).most_common(1)[0]
    return pattern if count >= 0.85 * len(column) and re.search(r"9|@|_|\w-\w", pattern) else None


def _words_only(line: int, cells: Sequence[str], below: Sequence[Sequence[str]], width: int) -> Guess[bool]:
    """No column has a type that could tell: names are all there, unlike each other, and do not come again."""
    named = [cell for cell in cells[:width] if cell]
    if len(set(named)) < len(named) or len(named) < max(1, width - 1):
        return because(False, 0.6, "no_header_alike", line=line)
    repeating = [n for n in range(width) if _repeats([row[n] for row in below if n < len(row) and row[n]])]
    if repeating:
        return because(True, 0.9, "header_unlike", line=line)
    return because(True, 0.6, "header_assumed", line=line)


def _repeats(values: Sequence[str]) -> bool:
    return len(values) >= 4 and len(set(values)) <= 0.5 * len(values)


def _counts_columns(cells: Sequence[str]) -> bool:
    return len(cells) > 2 and [cell.strip("()") for cell in cells] == [str(n) for n in range(1, len(cells) + 1)]


# --- names --------------------------------------------------------------------------------------------------


def _names(
    header: Sequence[Sequence[str]], lines: Sequence[int], width: int, spans: Sequence[tuple[int, int, int]]
) -> tuple[str, ...]:
    """One name a column; several header rows are joined with `` / ``, merged cells count for all their columns."""
    if not header:
        return ()
    spans = [span for span in spans if span[0] in lines]
    if len(header) == 1 and not spans:
        return _one_row_names(header[0], width)
    width = max(width, *(_used(cells) for cells in header))
    filled = [
        _spread(list(cells), width, line, spans, last=n == len(header) - 1)
        for n, (cells, line) in enumerate(zip(header, lines, strict=True))
    ]
    return tuple(_join([row[n] for row in filled]) for n in range(width))


def _one_row_names(cells: Sequence[str], width: int) -> tuple[str, ...]:
    names = [_flat(cell) for cell in cells[: max(width, _used(cells))]]
    return tuple(names + [""] * (width - len(names)))


def _spread(cells: list[str], width: int, line: int, spans: Sequence[tuple[int, int, int]], *, last: bool) -> list[str]:
    cells = cells[:width] + [""] * (width - len(cells))
    for number, first, end in spans:
        if number == line:
            cells[first : end + 1] = [cells[first]] * (min(end + 1, width) - first)
    if last or spans:
        return cells
    for n in range(1, width):
        cells[n] = cells[n] or cells[n - 1]
    return cells


def _join(parts: Sequence[str]) -> str:
    kept: list[str] = []
    for part in map(_flat, parts):
        if part and (not kept or kept[-1] != part):
            kept.append(part)
    return " / ".join(kept)


def _flat(name: str) -> str:
    return " ".join(name.split())


# --- below the table ----------------------------------------------------------------------------------------


def footnotes_from(rows: Sequence[NumberedRow], width: int, typed: Sequence[bool]) -> int | None:
    """The physical line where the lines below the table begin, or None; ``rows`` are the last ones, trimmed."""
    first: int | None = None
    for n in range(len(rows) - 1, max(-1, len(rows) - 1 - _MAX_FOOTNOTES), -1):
        line, cells = rows[n]
        if is_blank(cells):
            continue
        after_gap = n > 0 and is_blank(rows[n - 1][1])
        if not is_footnote(cells, width, typed, after_gap=after_gap):
            break
        first = line
    return first


def is_footnote(cells: Sequence[str], width: int, typed: Sequence[bool], *, after_gap: bool) -> bool:
    """Whether a row at the end is a remark: one text in the first cell, after a gap or with the words of a remark."""
    if width == 1:
        return after_gap and bool(_FOOTNOTE.fullmatch(cells[0])) and len(cells[0]) > 20
    if len(cells) == 1:
        return True
    filled = sum(1 for cell in cells if cell)
    worded = _FOOTNOTE.fullmatch(cells[0]) is not None
    if not cells[0] or (filled > 1 and not worded) or _has_values(cells, typed):
        return False
    if filled == 1:
        return after_gap or worded or len(cells[0]) > 60
    return period_form(cells[0]) is None and any(typed)


def _has_values(cells: Sequence[str], typed: Sequence[bool]) -> bool:
    """Whether a typed column has a value: then the row is no remark."""
    return any(
        typed[n] and shape_of(cell).kind not in (Kind.TEXT, Kind.EMPTY, Kind.TOTAL)
        for n, cell in enumerate(cells[: len(typed)])
    )
