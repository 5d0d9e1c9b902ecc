"""When a run goes on, when it stops for a person, and when a record that is missing is archived. Pure.

Nothing is taken away because a source was empty, short, unreachable or half read: only a run that has read the whole
list counts what is missing, and only what was missing in several of them in a row goes. Where more is missing than may
be, the run stops before it writes anything, since a source that has changed its identifiers lists the same records as
new ones.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ckanext.mainz.foundation.errors import N_, Message

INCOMPLETE = N_("The source could not be read to its end, so nothing counts as missing: {why}")
EMPTY = N_("The source lists no records at all, although it had {known}. Nothing was changed.")
TOO_MANY = N_(
    "{missing} of {known} records are missing at the source, more than the {share} percent that may be. Nothing was"
    " changed. Look at the list; if they are really gone, start the run again and confirm it."
)


class Stop(StrEnum):
    """Why a run waits for a person."""

    EMPTY = "empty"
    TOO_MANY = "too_many_missing"


@dataclass(frozen=True)
class Limits:
    """`share`: part of the known records that may be missing at once (0 to 1); `at_least`: so many may always be;
    `runs`: complete runs in a row in which a record is missing before it is archived."""

    share: float = 0.1
    at_least: int = 5
    runs: int = 3


@dataclass(frozen=True)
class Verdict:
    """What a run may do. `stop` is empty where it goes on; `counts`: whether what is missing counts as missing."""

    stop: Stop | None
    counts: bool
    message: Message | None = None
    values: tuple[tuple[str, object], ...] = ()

    def sentence(self, gettext: Callable[[str], str] = str) -> str:
        """Why, in a language; empty where there is nothing to say."""
        return gettext(self.message).format(**dict(self.values)) if self.message else ""


def judge(
    known: int, missing: int, *, complete: bool, why: str = "", confirmed: bool = False, limits: Limits
) -> Verdict:
    """Decides about a run before it writes anything.

    `known` are the records of the source that are not archived, `missing` those of them that it does not list now,
    `why` the reason where the list is not complete. `confirmed`: a person has looked at the list and wants it so.
    """
    if not complete:
        return Verdict(None, counts=False, message=INCOMPLETE, values=(("why", why),))
    if known and missing == known and not confirmed:
        return Verdict(Stop.EMPTY, counts=False, message=EMPTY, values=(("known", known),))
    if _too_many(known, missing, limits) and not confirmed:
        values = (("missing", missing), ("known", known), ("share", round(limits.share * 100)))
        return Verdict(Stop.TOO_MANY, counts=False, message=TOO_MANY, values=values)
    return Verdict(None, counts=True)


def _too_many(known: int, missing: int, limits: Limits) -> bool:
    return missing > limits.at_least and missing > known * limits.share


def to_archive(missing_for: Sequence[tuple[str, int]], limits: Limits) -> list[str]:
    """Identifiers of the records that have been missing for long enough; `missing_for` counts this run too."""
    return [guid for guid, runs in missing_for if runs >= limits.runs]
