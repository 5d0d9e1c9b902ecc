"""That a reading is complete is never said of one that is not, in whatever way a catalogue pages."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st
from tests.kit.outgoing import MakeSession, Waits

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.harvest.gdi.csw import CswRecord, CswSource, Reading
from ckanext.mainz.harvest.gdi.csw_answers import CswError, Found
from ckanext.mainz.harvest.gdi.csw_requests import Query


@dataclass
class PlayedDialogue:
    """A catalogue without HTTP that is wrong in as many ways at once as a test wants, but counts right."""

    names: list[str]
    cap: int = 100
    overlap: int = 0
    lost: frozenset[int] = frozenset()
    empty: frozenset[int] = frozenset()
    broken: frozenset[int] = frozenset()
    shuffled: bool = False
    grows: int = 0
    tells_identifiers: bool = True
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    requests: int = 0
    condition: None = None

    def agree(self) -> tuple[()]:
        return ()

    def ask(self, query: Query) -> Found:
        self.requests += 1
        if self.grows and self.requests % self.grows == 0:
            self.names.insert(self.chance.randrange(len(self.names) + 1), f"new {self.requests}")
        here = list(enumerate(self.names))
        if self.shuffled:
            self.chance.shuffle(here)
        start = query.position - 1 - (self.overlap if query.position > 1 else 0)
        size = 0 if query.position in self.empty else min(query.size, self.cap)
        window = [(number, name) for number, name in here[max(0, start) :][:size] if number not in self.lost]
        if any(number in self.broken for number, _name in window):
            raise CswError("http://geodaten.example/csw", N_("{url} is broken."))
        records = tuple(CswRecord(name, query.position, f"{name} {number}".encode()) for number, name in window)
        return Found(len(self.names), len(records), records)

    def identifier_at(self, position: int) -> str:
        return self.names[position - 1] if self.tells_identifiers and position <= len(self.names) else ""


def read(dialogue: PlayedDialogue, page_size: int) -> tuple[set[str], Reading]:
    source = CswSource("http://geodaten.example/csw", page_size=page_size, max_pages=500)
    reading = Reading(MakeSession(Waits())(), source)
    reading._dialogue = cast(Any, dialogue)
    return {record.identifier for page in reading for record in page.records}, reading


positions = st.frozensets(st.integers(0, 60), max_size=4)
names = st.lists(st.integers(0, 200).map(str), max_size=60)
distinct = st.lists(st.integers(0, 200).map(str), min_size=1, max_size=60, unique=True)
catalogues: st.SearchStrategy[Callable[..., PlayedDialogue]] = st.builds(
    PlayedDialogue,
    names=names,
    cap=st.integers(1, 100),
    overlap=st.integers(0, 3),
    lost=positions | st.just(frozenset()),
    empty=positions | st.just(frozenset()),
    broken=positions | st.just(frozenset()),
    shuffled=st.booleans(),
    tells_identifiers=st.booleans(),
)


@given(catalogues, st.integers(1, 40))
def test_complete_is_true(catalogue: PlayedDialogue, page_size: int) -> None:
    given, reading = read(catalogue, page_size)
    result = reading.completeness
    if result.complete:
        assert given | {one.identifier for one in result.unreadable} == set(catalogue.names)
    else:
        assert result.reasons
    assert result.requests <= 500
    assert given <= set(catalogue.names)


@given(distinct, st.integers(1, 100), st.integers(1, 40))
def test_a_catalogue_that_pages_right_is_complete(names: list[str], cap: int, page_size: int) -> None:
    given, reading = read(PlayedDialogue(names, cap=cap), page_size)
    assert (given, reading.completeness.complete) == (set(names), True)


@given(distinct.filter(lambda names: len(names) > 5), st.data(), st.integers(5, 40))
def test_an_identifier_that_stands_in_it_twice_does_not_matter(
    names: list[str], data: st.DataObject, page_size: int
) -> None:
    twice = names[:]
    twice.insert(data.draw(st.integers(0, len(names))), data.draw(st.sampled_from(names)))
    given, reading = read(PlayedDialogue(twice), page_size)
    assert (given, reading.completeness.complete) == (set(names), True)


@given(distinct, st.integers(1, 5), st.integers(1, 40))
def test_a_catalogue_that_grows_is_complete_only_as_large_as_it_was_at_last(
    names: list[str], grows: int, page_size: int
) -> None:
    given, reading = read(PlayedDialogue(names, grows=grows), page_size)
    if reading.completeness.complete:
        assert len(given) == reading.completeness.matched[-1]
