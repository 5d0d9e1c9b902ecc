"""The way through a catalogue: which window comes next after a page, an empty page or a failure. Asks nobody itself."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.foundation.http import BadResponse, HttpError, TooLarge, TooSlow, Truncated
from ckanext.mainz.harvest.gdi.csw_answers import CswRecord, Found, HtmlPage, OtherDocument, Refusal
from ckanext.mainz.harvest.gdi.csw_dialogue import Failure

#: Pages in a row that bring nothing new, failures by slowness, and records that cannot be read, before it is given up.
STALE_PAGES = 2
SLOW_PAGES = 2
UNREADABLE_IN_A_ROW = 5
UNREADABLE = 100
_GATEWAY = (502, 504)


@dataclass
class Tally:
    """What one pass through a catalogue has brought.

    `names` tell records apart, each with a digest of its content as it came first; `others` are the contents with which
    a name came again. `twins` says how often a name came within one page, where that was more than once. `again` counts
    records that had come before just so.
    """

    size: int
    names: dict[str, bytes] = field(default_factory=dict)
    others: set[tuple[str, bytes]] = field(default_factory=set)
    twins: Counter[str] = field(default_factory=Counter)
    repeated: set[str] = field(default_factory=set)
    again: int = 0
    nameless: int = 0
    elements: int = 0
    largest: int = 0
    said: list[int | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._order = hashlib.blake2b(digest_size=16)

    @property
    def matched(self) -> int | None:
        """What the catalogue said last."""
        return self.said[-1] if self.said else None

    @property
    def steady(self) -> int | None:
        """How many records there are, if the catalogue said the same number, above 0, all the time."""
        return self.matched if len(self.said) == 1 and self.matched else None

    @property
    def order(self) -> bytes:
        """Equal for two passes that brought the same records in the same order."""
        return self._order.digest()

    @property
    def known(self) -> int:
        return len(self.names) + self.nameless

    def note(self, found: Found) -> None:
        """Takes the page as such into account."""
        self.elements += found.size
        self.largest = max(self.largest, found.size)
        if (found.size or not self.said) and self.said[-1:] != [found.matched]:
            self.said.append(found.matched)  # of an empty page only if nothing else is known: many say 0 there
        times = Counter(record.name for record in found.records)
        self.twins |= Counter({name: count for name, count in times.items() if count > 1})

    def add(self, record: CswRecord) -> None:
        self._arrived(record.name, record.digest)

    def add_unreadable(self, identifier: str) -> None:
        """A record of which at most the identifier is known."""
        if identifier:
            self._arrived(identifier, b"")
        else:
            self.nameless += 1

    def _arrived(self, name: str, digest: bytes) -> None:
        self._order.update(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=16).digest() + digest)
        if name not in self.names:
            self.names[name] = digest
            return
        self.repeated.add(name)
        if digest == self.names[name] or (name, digest) in self.others:
            self.again += 1
        else:
            self.others.add((name, digest))


class Walk:
    """One pass. Start at 1, go on by what really came, halve a window that cannot be read down to the one bad record.

    The counts of the catalogue only say where an end is expected: behind it, nothing new is needed to stop.
    """

    def __init__(self, size: int) -> None:
        self.tally = Tally(size)
        self.position = 1
        self.over = False
        self.hopeless = False
        self._suspect = 0
        self._asked_again = 0
        self._skipped_ahead = False
        self._stale = 0
        self._slow = 0
        self._bad_in_a_row = 0
        self._bad = 0

    @property
    def size(self) -> int:
        """Records to ask for. Of a window that has failed, half of what is left of it."""
        left = self._suspect - self.position + 1
        return max(1, left // 2) if left > 0 else self.tally.size

    @property
    def is_past_the_end(self) -> bool:
        """Whether, by the last count of the catalogue, all has come: by position or by different records."""
        matched = self.tally.matched
        return bool(matched) and (self.position > matched or self.tally.known >= matched)

    def stop(self) -> None:
        """Ends this pass, and says that another one is of no use."""
        self.over = self.hopeless = True

    def arrived(self, found: Found, new: int) -> ReadableError | None:
        """Takes a page into account of which `new` records had not come before in this pass. Gives a doubt."""
        self._slow = self._bad_in_a_row = 0
        if not found.size:
            return self._empty()
        self._skipped_ahead = False
        self.position += found.size
        self._stale = 0 if new else self._stale + 1
        if new or not (self.is_past_the_end or self._stale >= STALE_PAGES):
            return None
        self.over = True
        return None if self.is_past_the_end else _endless()

    def _empty(self) -> ReadableError | None:
        """An empty page is the end where one is expected. Elsewhere it is asked for again, and then left out once."""
        if self.is_past_the_end or not self.tally.matched:
            self.over = True
            return None
        if self._asked_again != self.position:
            self._asked_again = self.position
            return None
        self.over = self._skipped_ahead
        self._skipped_ahead = True
        self.position += self.size
        self.over = self.over or self.position > self.tally.matched
        return ReadableError(N_("The page is empty, also when asked for again, though there should be more records."))

    def failed(self, error: Failure) -> ReadableError | None:
        """Takes a failure into account. Gives a doubt, or None if it is the end or smaller windows may do better.

        Where the window was a single record there is no smaller one: `skip` it.
        """
        if self.is_past_the_end:
            self.over = True
            self.hopeless = not (isinstance(error, Refusal) and error.is_about_the_end)
            return error if self.hopeless else None
        self._slow = self._slow + 1 if _is_slow(error) else 0
        if not _is_about_content(error) or self._slow > SLOW_PAGES:
            self.stop()
            return error
        self._suspect = self.position + self.size - 1
        return None

    def skip(self) -> ReadableError | None:
        """Leaves out the record at the position. Gives a doubt if there are too many of that kind."""
        self.position += 1
        self._bad += 1
        self._bad_in_a_row += 1
        if self._bad_in_a_row < UNREADABLE_IN_A_ROW and self._bad < UNREADABLE:
            return None
        self.stop()
        return ReadableError(
            N_("{count} records could not be read, {row} of them in a row. The reading was given up."),
            count=self._bad,
            row=self._bad_in_a_row,
        )


def _is_slow(error: Failure) -> bool:
    return isinstance(error, TooSlow) or (isinstance(error, BadResponse) and error.status in _GATEWAY)


def _is_about_content(error: Failure) -> bool:
    """Whether a smaller page may succeed."""
    if isinstance(error, HttpError):
        return isinstance(error, TooLarge | Truncated) or _is_slow(error) or getattr(error, "status", 0) == 500
    return not isinstance(error, HtmlPage | OtherDocument)


def _endless() -> ReadableError:
    return ReadableError(
        N_(
            "{count} pages in a row brought only records that had come before. The catalogue does not page as it "
            "should."
        ),
        count=STALE_PAGES,
    )
