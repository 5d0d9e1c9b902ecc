"""Raw records of one run on disk: 20,000 of them must not lie in memory, and are mapped only when all are there."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile
from types import TracebackType
from typing import BinaryIO, Self

LEVEL = 1


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    length: int


class Spool:
    """Bytes by their number, in a file without a name that is gone with the process. Not for several threads."""

    def __init__(self, folder: str | None = None) -> None:
        self._file: BinaryIO = TemporaryFile(prefix="mainz-harvest-", dir=folder)  # noqa: SIM115 - closed by `__exit__`
        self._places: list[_Place] = []
        self._end = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def add(self, content: bytes) -> int:
        """Puts bytes at the end; gives their number. Raises `OSError` when the disk is full."""
        packed = zlib.compress(content, LEVEL)
        self._file.seek(self._end)
        self._file.write(packed)
        self._places.append(_Place(self._end, len(packed)))
        self._end += len(packed)
        return len(self._places) - 1

    def get(self, number: int) -> bytes:
        """The bytes of a number. Raises `IndexError`."""
        place = self._places[number]
        self._file.seek(place.start)
        return zlib.decompress(self._file.read(place.length))

    def __iter__(self) -> Iterator[bytes]:
        for number in range(len(self)):
            yield self.get(number)
