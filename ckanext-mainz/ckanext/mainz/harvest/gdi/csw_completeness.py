"""Whether all of a catalogue was read: the proof, and what is told about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.harvest.gdi.csw_walk import Tally

AT_START = N_("Before the first page: {message}")
ON_PAGE = N_("Page {page} (from record {position}): {message}")
AT_END = N_("After the last page: {message}")


@dataclass(frozen=True)
class Problem:
    """Something that a person should know. `page` and `position` count from 1; `page` is 0 before the first page and
    `position` 0 after the last one. A `doubt` makes the reading incomplete, unless a later pass proves the opposite.
    """

    page: int
    position: int
    error: ReadableError
    doubt: bool = False

    def translated(self, gettext: Callable[[str], str]) -> str:
        """The sentence in the language of `gettext`."""
        template = AT_START if not self.page else ON_PAGE if self.position else AT_END
        message = self.error.translated(gettext)
        return gettext(template).format(page=self.page, position=self.position, message=message)

    def __str__(self) -> str:
        return self.translated(str)


@dataclass(frozen=True)
class Unreadable:
    """A record that is there and could not be read. `identifier` is empty where even that could not be found out."""

    identifier: str
    problem: Problem


@dataclass(frozen=True)
class Completeness:
    """How far a catalogue was read.

    `complete` means: every record of the catalogue (under `condition`, if that is not empty) was given out, or is named
    in `unreadable`. Whoever removes what is missing must keep what is named there. It is true only if counting proves
    it, never because a catalogue says so. An empty catalogue is never complete: it cannot be told from a broken one.

    `matched` is what the catalogue said about its size, each change once. `unique` counts different records that were
    given out, `pages` answers with a page, `requests` all that was asked.
    """

    complete: bool
    matched: tuple[int | None, ...]
    unique: int
    pages: int
    passes: int
    requests: int
    condition: str
    problems: tuple[Problem, ...]
    unreadable: tuple[Unreadable, ...]

    @property
    def reasons(self) -> tuple[Problem, ...]:
        """Why it is incomplete; nothing if it is complete."""
        return () if self.complete else tuple(problem for problem in self.problems if problem.doubt)


def doubt_about(tallies: Sequence[Tally]) -> ReadableError | None:
    """Why these passes through a catalogue do not prove that everything has come; None if one of these does:

    - the last pass brought as many records as the catalogue said from its first to its last page. Records are told
      apart by their identifiers; one that came several times within one page counts as often, since it is not paging
      that makes it come again;
    - all passes together did, and the catalogue said the same number all the time (an order that is not stable);
    - two passes with pages of different sizes brought the same records in the same order, as many as were said and no
      two of them alike: then an identifier that came with two contents stands in the catalogue twice.

    That elements are as many as was said proves nothing: a catalogue that keeps a record back without making up for it
    brings the next one twice, if it is paged by what comes.
    """
    last = tallies[-1]
    if not any(digest for tally in tallies for digest in tally.names.values()):
        return ReadableError(N_("The catalogue gave no record that can be used. Check the address and the filter."))
    if last.nameless:
        return ReadableError(
            N_("{count} records could not be read, and it is not known which ones they are."), count=last.nameless
        )
    if last.steady and last.steady in (_records(last), _together(tallies)):
        return None
    return None if _repeats_itself(tallies) else _count_doubt(last, len(_names(tallies)))


def another_pass_may_help(tally: Tally) -> bool:
    """Not where nothing came, nor where the only thing that is missing are records that cannot be read."""
    return bool(tally.names) and not (tally.nameless and tally.known == tally.steady)


def next_size(tally: Tally) -> int:
    """Another size of page than the one that really came, so that faults at the edges of pages fall elsewhere."""
    return max(1, tally.largest * 2 // 3)


def _together(tallies: Sequence[Tally]) -> int:
    """Different records of all passes, 0 if the catalogue changed its mind between them."""
    return _records(*tallies) if len({tally.steady for tally in tallies}) == 1 else 0


def _records(*tallies: Tally) -> int:
    """How many records there are at least."""
    twins: Counter[str] = Counter()
    for tally in tallies:
        twins |= tally.twins
    return len(_names(tallies)) + twins.total() - len(twins)


def _names(tallies: Sequence[Tally]) -> set[str]:
    return set().union(*(tally.names for tally in tallies))


def _repeats_itself(tallies: Sequence[Tally]) -> bool:
    if len(tallies) < 2 or not tallies[-1].steady:
        return False
    one, other = tallies[-2:]
    same = one.order == other.order and one.steady == other.steady == one.elements == other.elements
    return same and one.largest != other.largest and not any(tally.again or tally.nameless for tally in (one, other))


def _count_doubt(tally: Tally, count: int) -> ReadableError:
    if len(tally.said) > 1:
        return ReadableError(
            N_("While it was read, the catalogue changed the number of its records from {first} to {last}."),
            first=tally.said[0] if tally.said[0] is not None else "?",
            last=tally.matched if tally.matched is not None else "?",
        )
    if tally.matched is None:
        return ReadableError(
            N_("The catalogue does not say how many records it has, so nothing proves that these {count} are all."),
            count=count,
        )
    return ReadableError(
        N_("The catalogue says that it has {matched} records, but gave {count} different ones."),
        matched=tally.matched,
        count=count,
    )
