"""The index as a folder of generations: one is served, at most one is being built beside it.

``<folder>/current`` and ``<folder>/building`` name a generation; both are replaced at once, never written in place. All
writing happens while the caller holds the turn (`ckanext.mainz.search.turn`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from ckanext.mainz.search.embedded import Batch, EmbeddedEngine
from ckanext.mainz.search.errors import IndexMissing

CURRENT, BUILDING = "current", "building"

_engines: dict[tuple[Path, str], EmbeddedEngine] = {}


@dataclass(frozen=True)
class Generations:
    """The generations below one folder."""

    folder: Path

    def current(self) -> EmbeddedEngine:
        """The engine that answers. Raises `IndexMissing` when none is ready."""
        name = self._name(CURRENT)
        if name is None:
            raise IndexMissing(self.folder)
        return self._engine(name)

    def building(self) -> EmbeddedEngine | None:
        """The engine of the generation that a rebuild is filling, if one is."""
        name = self._name(BUILDING)
        return self._engine(name) if name else None

    @contextmanager
    def writing(self) -> Iterator[list[Batch]]:
        """Batches for every generation that has to learn of a change: the served one and the one being built."""
        engines = [self.current()] if self._name(CURRENT) else []
        if (building := self.building()) is not None:
            engines.append(building)
        with ExitStack() as stack:
            yield [stack.enter_context(engine.writing()) for engine in engines]

    def begin(self) -> EmbeddedEngine:
        """Starts a new generation; one left over from a rebuild that was cut short is thrown away."""
        self._discard(self._name(BUILDING))
        name = uuid4().hex[:12]
        engine = EmbeddedEngine.create(self.folder / name)
        self._point(BUILDING, name)
        return engine

    def finish(self) -> None:
        """Serves the generation that was built and removes the earlier one."""
        name, earlier = self._name(BUILDING), self._name(CURRENT)
        if name is None:
            raise IndexMissing(self.folder)
        self._point(CURRENT, name)
        (self.folder / BUILDING).unlink()
        self._discard(earlier)

    def forget(self) -> None:
        """Stops serving the current generation, which is damaged or of an older shape."""
        name = self._name(CURRENT)
        (self.folder / CURRENT).unlink(missing_ok=True)
        self._discard(name)

    def sweep(self) -> None:
        """Removes folders that no pointer names."""
        kept = {self._name(CURRENT), self._name(BUILDING)}
        for folder in self.folder.iterdir() if self.folder.is_dir() else ():
            if folder.is_dir() and folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _name(self, pointer: str) -> str | None:
        try:
            return (self.folder / pointer).read_text(encoding="ascii") or None
        except FileNotFoundError:
            return None

    def _point(self, pointer: str, name: str) -> None:
        draft = self.folder / f"{pointer}.{os.getpid()}"
        with draft.open("w", encoding="ascii") as file:
            file.write(name)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.folder / pointer)

    def _engine(self, name: str) -> EmbeddedEngine:
        return _remembered((self.folder, name), lambda: EmbeddedEngine(self.folder / name))

    def _discard(self, name: str | None) -> None:
        if name is not None:
            _engines.pop((self.folder, name), None)
            shutil.rmtree(self.folder / name, ignore_errors=True)


def _remembered(key: tuple[Path, str], make: Callable[[], EmbeddedEngine]) -> EmbeddedEngine:
    if key not in _engines:
        for other in [other for other in _engines if other[0] == key[0] and len(_engines) > 3]:
            del _engines[other]
        _engines[key] = make()
    return _engines[key]
