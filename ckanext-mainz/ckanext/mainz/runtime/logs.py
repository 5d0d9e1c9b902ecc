"""Log files of the parts: one for each in the data folder's `logs/`, turned over by the launcher when they grow."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

LIMIT = 10 * 2**20
KEPT = 5


def log_file(logs: Path, part: str) -> Path:
    return logs / f"{part}.log"


def turn_over(path: Path, limit: int = LIMIT, kept: int = KEPT) -> None:
    """Move a grown log to `.1` (`.1` to `.2` and so on) and empty it in place.

    The part goes on writing to the same file, opened for appending; lines of the very moment of copying can be lost.
    """
    if not path.exists() or path.stat().st_size <= limit:
        return
    for number in range(kept - 1, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        if older.exists():
            older.replace(path.with_name(f"{path.name}.{number + 1}"))
    shutil.copy2(path, path.with_name(f"{path.name}.1"))
    os.truncate(path, 0)


def last_lines(path: Path, count: int) -> list[str]:
    """The last lines of a log (of its last 256 kB)."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2**18))
        return file.read().decode("utf-8", errors="replace").splitlines()[-count:]


def follow(paths: list[Path], pause: float = 0.3) -> Iterator[tuple[Path, str]]:
    """What is written to logs from now on, line by line, for ever; also after a log was turned over or has appeared."""
    return _follow(paths, {path: path.stat().st_size if path.exists() else 0 for path in paths}, pause)


def _follow(paths: list[Path], places: dict[Path, int], pause: float) -> Iterator[tuple[Path, str]]:
    rest = dict.fromkeys(paths, "")
    while True:
        for path in paths:
            text, places[path] = _read_from(path, places[path])
            *lines, rest[path] = (rest[path] + text).split("\n")
            yield from ((path, line) for line in lines)
        time.sleep(pause)


def _read_from(path: Path, place: int) -> tuple[str, int]:
    if not path.exists():
        return "", 0
    place = place if path.stat().st_size >= place else 0
    with path.open("rb") as file:
        file.seek(place)
        data = file.read()
    return data.decode("utf-8", errors="replace"), place + len(data)
