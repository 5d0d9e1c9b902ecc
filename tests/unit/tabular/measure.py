"""Counts wrong guesses on files made at random: ``python -m tests.unit.tabular.measure [files] [seed] [--others]``.

With ``--others`` clevercsv, charset-normalizer and the standard library's sniffer judge the same files.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

from tests.unit.tabular.random_tables import Written, make

from ckanext.mainz.tabular import NotATable, Table, read


def wrong_guesses(table: Table, truth: Written) -> dict[str, str]:
    """Which guesses are wrong, each with what was expected and what was read."""
    if table.encoding is None or table.dialect is None:
        return {"kind": "no text"}
    wrong: dict[str, str] = {}
    decoded = truth.content.decode(table.encoding.value, "replace").removeprefix("\ufeff")
    if decoded != truth.text.removeprefix("\ufeff"):
        wrong["encoding"] = f"{truth.encoding} read as {table.encoding.value}"
    if table.dialect.delimiter.value != truth.delimiter:
        wrong["delimiter"] = f"{truth.delimiter!r} read as {table.dialect.delimiter.value!r}"
        return wrong
    if truth.quote is not None and table.dialect.quote.value != truth.quote:
        wrong["quote"] = f"{truth.quote!r} read as {table.dialect.quote.value!r}"
    if table.header.value.lines != truth.header_lines:
        wrong["header"] = f"{truth.header_lines} read as {table.header.value.lines}: {table.header.reason}"
        return wrong
    return wrong | _wrong_body(table, truth)


def _wrong_body(table: Table, truth: Written) -> dict[str, str]:
    wrong: dict[str, str] = {}
    records = list(table.records())
    if len(records) != truth.rows:
        wrong["rows"] = f"{truth.rows} read as {len(records)}"
    if len(table.columns) != len(truth.columns):
        wrong["width"] = f"{len(truth.columns)} read as {len(table.columns)}"
        return wrong
    for n, (column, made) in enumerate(zip(table.columns, truth.columns, strict=True)):
        if column.type.value.value != made.type:
            wrong["type"] = f"{made.type} read as {column.type.value.value} ({column.type.reason}): {made.cells[:5]}"
        elif "rows" not in wrong and not _same_values(made.values, [record[n] for record in records]):
            wrong["values"] = f"{made.cells[:5]}: {[record[n] for record in records[:5]]}"
    return wrong


def _same_values(expected: list, got: list) -> bool:
    """Markers for suppressed values count as missing here: the writer knows only one sign for both."""
    return all(
        a == b or (a is None and not isinstance(b, str | int | float)) or _lossy(a, b)
        for a, b in zip(expected, got, strict=True)
    )


def _lossy(expected: object, got: object) -> bool:
    """Signs that the encoding of the file does not have were left out when it was written."""
    return isinstance(expected, str) and isinstance(got, str) and not expected.isascii()


def _judge(count: int, seed: int) -> tuple[Counter[str], dict[str, list[str]], float]:
    wrong: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    spent = 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        for n in range(count):
            truth = make(Random(seed + n))
            path.write_bytes(truth.content)
            start = time.perf_counter()
            try:
                table = read(path)
            except NotATable as refusal:
                found = {"refused": refusal.code}
            else:
                spent += time.perf_counter() - start
                found = wrong_guesses(table, truth)
            for guess, text in found.items():
                wrong[guess] += 1
                examples.setdefault(guess, []).append(f"[{seed + n}] {text}")
    return wrong, examples, spent


def _others(count: int, seed: int) -> None:
    import charset_normalizer
    import clevercsv

    def normalizer(truth: Written) -> bool:
        best = charset_normalizer.from_bytes(truth.content).best()
        return best is not None and str(best).removeprefix("\ufeff") == truth.text.removeprefix("\ufeff")

    def clever(truth: Written) -> bool:
        dialect = clevercsv.Sniffer().sniff(truth.text.removeprefix("\ufeff")[:16_384], verbose=False)
        return dialect is not None and dialect.delimiter == truth.delimiter

    def standard(truth: Written) -> bool:
        return csv.Sniffer().sniff(truth.text.removeprefix("\ufeff")[:16_384], ";,\t|").delimiter == truth.delimiter

    for name, judge in (
        ("charset-normalizer: encoding", normalizer),
        ("clevercsv: delimiter", clever),
        ("csv.Sniffer: delimiter", standard),
    ):
        right, spent, longest = _count_right(judge, count, seed)
        rate = 100 * (count - right) / count
        print(f"{name:30} wrong {rate:5.2f} %  {1000 * spent / count:7.1f} ms a file, longest {longest:.1f} s")


def _count_right(judge: Callable[[Written], bool], count: int, seed: int) -> tuple[int, float, float]:
    right, spent, longest = 0, 0.0, 0.0
    for n in range(count):
        truth = make(Random(seed + n))
        start = time.perf_counter()
        with suppress(csv.Error, ValueError):
            right += judge(truth)
        took = time.perf_counter() - start
        spent, longest = spent + took, max(longest, took)
    return right, spent, longest


def main(count: int = 2000, seed: int = 0, others: bool = False) -> None:
    """Print the rates."""
    wrong, examples, spent = _judge(count, seed)
    print(f"{count} files, {1000 * spent / count:.1f} ms a file")
    for guess in ("encoding", "delimiter", "quote", "header", "width", "rows", "type", "values", "refused"):
        print(f"{guess:10} wrong in {wrong[guess]:4} files, {100 * wrong[guess] / count:.2f} %")
        for text in examples.get(guess, [])[:12]:
            print(f"    {text}")
    if others:
        _others(min(count, 400), seed)


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(*numbers[:2], others="--others" in sys.argv)
