"""What an operator can fix of a source or file, where guessing is not wanted."""

from __future__ import annotations

import codecs
from dataclasses import dataclass


@dataclass(frozen=True)
class ReadOptions:
    """Every guess can be replaced. None means: look at the file.

    ``header`` is ``"none"``, or the physical line (sheet row) that holds the names, or a tuple of several such lines.
    ``quote`` is '' for none. ``column_names`` replace the names of the file. ``text_columns`` are names or unique
    names of columns that stay text. ``missing_markers`` and ``suppression_markers`` replace the built-in ones; empty
    cells are always missing. ``total_row_pattern`` is a regular expression that is searched in each cell.
    ``sample_rows`` is how many rows are looked at for types and findings; None looks at all of them.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    header: str | int | tuple[int, ...] | None = None
    column_names: tuple[str, ...] | None = None
    text_columns: tuple[str, ...] = ()
    missing_markers: tuple[str, ...] | None = None
    suppression_markers: tuple[str, ...] | None = None
    trim: bool = True
    skip_total_rows: bool = False
    total_row_pattern: str | None = None
    sample_rows: int | None = 10_000

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ValueError: with the option's name.
        """
        if self.encoding is not None:
            _check_encoding(self.encoding)
        _check_sign("delimiter", self.delimiter, empty=False)
        _check_sign("quote", self.quote, empty=True)
        if self.decimal not in (None, ".", ","):
            raise ValueError(f"decimal: must be '.' or ',', not {self.decimal!r}")
        if self.thousands not in (None, "", ".", ",", "'", "’", " ", "\u00a0", "\u202f"):
            raise ValueError(f"thousands: {self.thousands!r} does not group digits")
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError("thousands: must differ from decimal")
        _check_header(self.header)
        if self.sample_rows is not None and self.sample_rows < 1:
            raise ValueError("sample_rows: must be at least 1, or None for all rows")

    @property
    def header_lines(self) -> tuple[int, ...] | None:
        """The physical lines of the header where they are given; () for no header; None where to look."""
        if self.header is None:
            return None
        if isinstance(self.header, str):
            return ()
        return (self.header,) if isinstance(self.header, int) else self.header


def _check_encoding(name: str) -> None:
    try:
        codecs.lookup(name)
    except LookupError:
        raise ValueError(f"encoding: {name!r} is not known") from None


def _check_sign(option: str, sign: str | None, *, empty: bool) -> None:
    if sign is None or (sign == "" and empty):
        return
    if len(sign) != 1 or sign in "\r\n":
        raise ValueError(f"{option}: must be one sign that is no line end, not {sign!r}")


def _check_header(header: str | int | tuple[int, ...] | None) -> None:
    if isinstance(header, str) and header != "none":
        raise ValueError(f"header: must be 'none' or line numbers, not {header!r}")
    numbers = header if isinstance(header, tuple) else (header,) if isinstance(header, int) else (1,)
    if not numbers or min(numbers) < 1 or list(numbers) != sorted(set(numbers)):
        raise ValueError("header: line numbers are counted from 1 and must rise")
