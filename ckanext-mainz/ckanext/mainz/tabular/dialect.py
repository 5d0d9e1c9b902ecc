"""Which signs divide lines and cells.

Every delimiter that occurs is tried with every quote that encloses a cell, on the first part of the file. What counts:
how even the rows come out, how many cells are whole values (a number, a date, a word) rather than two values glued
together, and how usual the delimiter is.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import regex

from .encoding import ByteScan, LineEnds
from .lexer import Signs, split_rows
from .model import Dialect, Guess, NotATable, Reason, because, given
from .options import ReadOptions
from .shapes import PADDING, Kind, shape_of

SAMPLE = 256 * 1024
"""Signs of text that are looked at."""

_ROWS = 400
_USUAL = {
    ";": 1.0,
    "\t": 1.0,
    ",": 0.97,
    "|": 0.95,
    "^": 0.7,
    "~": 0.7,
    "§": 0.7,
    "#": 0.6,
    ":": 0.45,
    " ": 0.45,
    "/": 0.3,
}
_STRONG = ";\t|"
_NAMES = {";": "semicolon", "\t": "tab", ",": "comma", "|": "pipe", " ": "blank", ":": "colon", "#": "number sign"}
_LINE_ENDS = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
_SEP = re.compile(r"\ufeff?\"?sep=(.)\"?\s*\Z", re.IGNORECASE)
_MIN_EVEN = 0.6


def sign_name(sign: str) -> str:
    """The name of a delimiter for sentences."""
    return _NAMES.get(sign, f"'{sign}'")


@dataclass(frozen=True)
class _Trial:
    """One delimiter with one quote, tried."""

    delimiter: str
    quote: str | None
    rows: int
    width: int
    even: float
    clean: float
    typed: float
    covered: float
    """Share of the rows that are not left out as titles or footnotes."""

    @property
    def score(self) -> float:
        """From 0 to about 1."""
        if self.width < 2:
            return 0.0
        return (
            _USUAL.get(self.delimiter, 0.5)
            * self.even
            * self.clean
            * (0.75 + 0.25 * self.typed)
            * (0.6 + 0.4 * self.covered)
        )


def guess_dialect(sample: str, bytes_scanned: ByteScan, options: ReadOptions) -> tuple[Dialect, str]:
    """The dialect, and the ``newline`` with which the file is to be opened.

    Raises:
        NotATable: ``blank``, ``fixed_width``, ``no_table``.
    """
    if not sample.strip(PADDING + "\x1a").strip():
        raise NotATable("blank")
    loose = _Division.of("", sample, bytes_scanned, options)
    best = loose
    strict_ones = [] if loose.explained else _strict_newlines(bytes_scanned.line_ends)
    for newline in strict_ones:
        strict = _Division.of(newline, sample, bytes_scanned, options)
        # A single row is even by itself and proves nothing.
        enough = strict.rows > max(1, 0.3 * loose.rows)
        best = strict if enough and strict.even > best.even + 0.02 else best
    if not best.delimiter.value and options.delimiter is None:
        _refuse_without_delimiter(_lines(sample, ""))
    line_end = _line_end(best.newline, bytes_scanned.line_ends)
    return Dialect(best.delimiter, best.quote, line_end), best.newline


@dataclass(frozen=True)
class _Division:
    """Delimiter and quote for one way of ending rows, and how even the rows come out."""

    newline: str
    delimiter: Guess[str]
    quote: Guess[str | None]
    rows: int
    even: float
    explained: bool
    """All rows end with one sign, and the others stand in quoted cells that are closed well."""

    @classmethod
    def of(cls, newline: str, sample: str, scanned: ByteScan, options: ReadOptions) -> _Division:
        """Divide the sample with ``newline`` as ``open`` understands it."""
        lines = _lines(sample, newline)
        delimiter, quote = _delimiter_and_quote(lines, scanned, options)
        signs = Signs(delimiter.value, quote.value)
        return cls(newline, delimiter, quote, *_evenness(lines, signs), explained=_is_explained(lines, signs))


def _lines(sample: str, newline: str) -> list[str]:
    """Lines as ``open`` gives them; ``io.StringIO`` would translate line ends."""
    data = io.BytesIO(sample.encode("utf-8", "surrogatepass"))
    return io.TextIOWrapper(data, encoding="utf-8", errors="surrogatepass", newline=newline).readlines()


def _strict_newlines(ends: LineEnds) -> list[str]:
    """Where line ends are mixed, one kind may end rows and the other lie inside cells."""
    used = [sign for sign, count in (("\r\n", ends.crlf), ("\n", ends.lf), ("\r", ends.cr)) if count]
    if len(used) < 2:
        return []
    return [sign for sign in used if sign != "\n" or "\r\n" not in used]


def _delimiter_and_quote(
    lines: Sequence[str], scanned: ByteScan, options: ReadOptions
) -> tuple[Guess[str], Guess[str | None]]:
    stated = _SEP.match(lines[0])
    if options.delimiter is not None:
        delimiter = given(options.delimiter)
    elif stated:
        delimiter = because(stated.group(1), 1.0, "sep_line")
    else:
        delimiter = _best_delimiter(lines, options)
    return delimiter, _quote(lines, delimiter.value, scanned, options)


def _best_delimiter(lines: Sequence[str], options: ReadOptions) -> Guess[str]:
    text = "".join(lines)
    present = [sign for sign in _USUAL if sign in text]
    trials = [_best_quote_trial(lines, sign, options) for sign in present]
    ranked = sorted(trials, key=lambda trial: -trial.score)
    good = [trial for trial in ranked if _acceptable(trial, lines)]
    if not good:
        return because("", 0.7, "one_column")
    return _as_guess(good[0], next((trial for trial in ranked if trial is not good[0]), None))


def _as_guess(best: _Trial, second: _Trial | None) -> Guess[str]:
    margin = best.score - (second.score if second else 0.0)
    reason = Reason(
        "even_rows",
        {
            "percent": round(best.even * 100),
            "rows": best.rows,
            "width": best.width,
            "name": sign_name(best.delimiter),
        },
    )
    return Guess(best.delimiter, reason, round(min(1.0, 0.5 + margin), 2))


def _quotes_of(text: str, delimiter: str, options: ReadOptions) -> list[str | None]:
    if options.quote is not None:
        return [options.quote or None]
    enclosed = [sign for sign in ('"', "'") if _enclosing(delimiter, sign).search(text)]
    return [*enclosed, None] if enclosed != ['"'] else ['"']


def _enclosing(delimiter: str, quote: str) -> regex.Pattern[str]:
    d, q = regex.escape(delimiter), regex.escape(quote)
    edge = f"[{d}\\r\\n]" if delimiter else "[\\r\\n]"
    return regex.compile(f"(?:\\A|(?<={edge}))[ ]*{q}(?:[^{q}]|{q}{q})*+{q}[ ]*(?=\\Z|{edge})")


def _best_quote_trial(lines: Sequence[str], delimiter: str, options: ReadOptions) -> _Trial:
    quotes = _quotes_of("".join(lines[: _ROWS * 2]), delimiter, options)
    return max((_try(lines, delimiter, quote) for quote in quotes), key=lambda trial: trial.score)


def _try(lines: Sequence[str], delimiter: str, quote: str | None) -> _Trial:
    stray = 0

    def report(code: str, _line: int) -> None:
        nonlocal stray
        stray += code == "stray_quote"

    rows = [
        [cell.strip(PADDING) for cell in cells]
        for (_, cells), _ in zip(split_rows(lines, Signs(delimiter, quote), report), range(_ROWS), strict=False)
    ]
    rows = [row for row in rows if any(row)]
    body = _without_edges(rows)
    widths = Counter(len(row) for row in body if len(row) > 1)
    if not widths:
        return _Trial(delimiter, quote, len(rows), 1, 0.0, 0.0, 0.0, 0.0)
    width, count = widths.most_common(1)[0]
    cells = [cell for row in body if len(row) == width for cell in row]
    whole = sum(_is_whole(cell, delimiter) for cell in cells) / len(cells)
    typed = sum(shape_of(cell).kind is not Kind.TEXT for cell in cells) / len(cells)
    clean = whole * (1 - stray / len(rows))
    return _Trial(delimiter, quote, len(body), width, count / len(body), clean, typed, len(body) / len(rows))


def _without_edges(rows: list[list[str]]) -> list[list[str]]:
    """Leave out a preamble and footnotes: narrow rows at both ends."""
    wide = [n for n, row in enumerate(rows) if sum(1 for cell in row if cell) > 1]
    if not wide or wide[0] > 40:
        return rows
    return rows[wide[0] : wide[-1] + 1]


def _is_whole(cell: str, delimiter: str) -> bool:
    """A cell that holds another strong delimiter, or half of a quoted text, is not one value."""
    if any(sign in cell for sign in _STRONG if sign != delimiter):
        return False
    return not (cell[:1] in ('"', "'") and len(cell) > 1) and not (cell[-1:] == '"' and len(cell) > 1)


def _acceptable(trial: _Trial, lines: Sequence[str]) -> bool:
    if trial.width < 2 or trial.score == 0:
        return False
    if trial.delimiter in _STRONG or trial.delimiter == ",":
        even = trial.even >= _MIN_EVEN or (trial.even >= 0.4 and trial.width > 3)
        return even and not _is_decimal_mark(trial, lines)
    return (
        trial.rows >= 3 and trial.even >= 0.95 and trial.clean >= 0.9 and trial.typed >= 0.3 and _is_apart(trial, lines)
    )


def _is_decimal_mark(trial: _Trial, lines: Sequence[str]) -> bool:
    """One column of numbers such as ``1,5`` under a name without a comma."""
    if trial.delimiter != "," or trial.width != 2:
        return False
    filled = [line.strip() for line in lines if line.strip()]
    return "," not in filled[0] and all(re.fullmatch(r"[-+]?\d+(,\d+)?", line) for line in filled[1:])


def _is_apart(trial: _Trial, lines: Sequence[str]) -> bool:
    """A blank divides cells only where blanks stand alone; runs of them line up columns."""
    if trial.delimiter != " ":
        return trial.delimiter not in ":/" or trial.width > 2
    return not any("  " in line.strip() for line in lines[:_ROWS])


def _refuse_without_delimiter(lines: Sequence[str]) -> None:
    filled = [line.rstrip("\r\n") for line in lines[:_ROWS] if line.strip()]
    if len(filled) >= 3 and _is_fixed_width(filled):
        raise NotATable("fixed_width")
    if _is_prose(filled):
        raise NotATable("no_table")


def _is_fixed_width(lines: Sequence[str]) -> bool:
    """Lines of one length with inner runs of blanks or long digit strings, or blanks at the same places."""
    length, count = Counter(len(line) for line in lines).most_common(1)[0]
    runs = sum(bool(re.search(r"\S {2,}\S", line)) for line in lines) / len(lines)
    same = count / len(lines)
    if same >= 0.8 and length >= 20 and (runs >= 0.5 or all(re.search(r"\d{6}", line) for line in lines)):
        return True
    shortest = min(len(line) for line in lines)
    gutters = [n for n in range(shortest) if all(line[n] == " " for line in lines)]
    inner = [n for n in gutters if any(line[:n].strip() for line in lines) and any(line[n:].strip() for line in lines)]
    return runs >= 0.5 and len(inner) >= 2


def _is_prose(lines: Sequence[str]) -> bool:
    """Sentences: many words a line, and lines that end as sentences do."""
    words = sum(len(line.split()) for line in lines) / len(lines)
    ends = sum(line.rstrip().endswith((".", "!", "?", ":", ",")) for line in lines) / len(lines)
    return words > 6 or (words > 3 and ends > 0.3)


def _quote(lines: Sequence[str], delimiter: str, scanned: ByteScan, options: ReadOptions) -> Guess[str | None]:
    if options.quote is not None:
        return given(options.quote or None)
    text = "".join(lines)
    found = {sign: list(_enclosing(delimiter, sign).finditer(text)) for sign in ('"', "'")}
    best = max(found, key=lambda sign: len(found[sign]))
    if best == "'" and not _pays(lines, delimiter, "'", other=bool(found['"'])):
        best = '"'
    if found[best]:
        count = len(found[best])
        line = len(re.findall(r"\r\n|\n|\r", text[: found[best][0].start()])) + 1
        return because(best, round(min(1.0, 0.8 + count / 50), 2), "quoted_cells", count=count, line=line)
    if scanned.has_double_quote:
        return because('"', 0.6, "quote_assumed")
    return because(None, 1.0, "no_quotes")


def _pays(lines: Sequence[str], delimiter: str, quote: str, *, other: bool) -> bool:
    """An apostrophe encloses cells only if reading it so is at least as even and leaves no stray one behind."""
    with_it, without = _try(lines, delimiter, quote), _try(lines, delimiter, '"' if other else None)
    return (with_it.even, with_it.clean) >= (without.even, without.clean) or not delimiter


def _line_end(newline: str, ends: LineEnds) -> Guess[str]:
    counts = {"\r\n": ends.crlf, "\n": ends.lf, "\r": ends.cr}
    if not ends.total:
        return because("\n", 0.5, "no_terminator")
    if newline:
        return because(newline, 0.9, "strict_terminator", name=_LINE_ENDS[newline])
    main = max(counts, key=lambda sign: counts[sign])
    if counts[main] == ends.total:
        return because(main, 1.0, "one_terminator", count=ends.total, name=_LINE_ENDS[main])
    share = round(counts[main] / ends.total, 2)
    return because(main, share, "main_terminator", count=counts[main], total=ends.total, name=_LINE_ENDS[main])


def _evenness(lines: Sequence[str], signs: Signs) -> tuple[int, float]:
    """Number of rows, and the share that has the usual number of cells."""
    rows = [row for _, row in split_rows(lines, signs) if any(cell.strip() for cell in row)]
    if not rows:
        return 0, 0.0
    width, count = Counter(len(row) for row in rows).most_common(1)[0]
    return len(rows), count / len(rows) if width > 1 else 0.0


def _is_explained(lines: Sequence[str], signs: Signs) -> bool:
    """Whether closed quotes account for every line end that is not the one of the rows."""
    strays: list[int] = []

    def report(code: str, line: int) -> None:
        if code == "stray_quote":
            strays.append(line)

    starts = [number for number, _ in split_rows(lines, signs, report)]
    ends = {_sign_at_end(lines[start - 2]) for start in starts[1:]}
    return not strays and len(ends) <= 1


def _sign_at_end(line: str) -> str:
    return line[len(line.rstrip("\r\n")) :]
