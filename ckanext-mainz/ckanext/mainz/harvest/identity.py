"""Which record of a source is which: by its identifier, and where that has changed, by what else names it.

Pure. A record that was renamed or moved is the same record, as long as nothing else could be meant; else it is a new
one, and the one that is missing counts as missing. Guessing would give the text of one record to the address of
another.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

UUID = re.compile(r"\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?")
SCHEME = re.compile(r"^https?://(www\.)?")


@dataclass(frozen=True)
class Known:
    """What is remembered of a record of a source. `keys`: its identifiers as `key` writes them, the first one its own;
    `likeness`: a hash of what it says without identifiers and dates, empty where there is none."""

    guid: str
    keys: frozenset[str]
    likeness: str = ""


@dataclass(frozen=True)
class Listed:
    """The same of a record that the source lists now; `at`: its place in the list."""

    guid: str
    keys: frozenset[str]
    likeness: str = ""
    at: int = 0


@dataclass(frozen=True)
class Matches:
    """`same`: place in the list → identifier under which the record is known. `moved`: those of them that have another
    identifier now. `new`: places of records that nobody knows. `missing`: identifiers that nothing in the list has.
    `twice`: places of records whose identifier another one in the list has as well; the first of them is taken."""

    same: Mapping[int, str] = field(default_factory=dict)
    moved: Mapping[int, str] = field(default_factory=dict)
    new: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    twice: tuple[int, ...] = ()


Names = Callable[[Known | Listed], frozenset[str]]


def key(identifier: str) -> str:
    """An identifier as it is compared: case, blanks, ``http`` or ``https``, braces and hyphens of UUIDs, escapes and a
    slash at the end make no difference."""
    plain = SCHEME.sub("//", unquote(" ".join(identifier.split())).casefold()).rstrip("/")
    return UUID.sub(lambda found: "".join(found.groups()), plain)


def keys(identifiers: Iterable[str]) -> frozenset[str]:
    """All of these as they are compared, without empty ones."""
    return frozenset(filter(None, map(key, identifiers)))


def match(listed: Sequence[Listed], known: Iterable[Known]) -> Matches:
    """Tells which is which: by the own identifier, then by any other, then by likeness.

    The last two count only where they name one record on either side and that one is not found by its own identifier.
    """
    first, twice = _once(listed)
    open_known = {key(one.guid): one for one in known}
    same = {one.at: open_known.pop(key(one.guid)).guid for one in first if key(one.guid) in open_known}
    left = [one for one in first if one.at not in same]
    moved: dict[int, str] = {}
    for names in (_keys_of, _likeness_of):
        found = _unambiguous(left, list(open_known.values()), names)
        moved |= found
        left = [one for one in left if one.at not in found]
        for guid in found.values():
            open_known.pop(key(guid))
    return Matches(
        same={**same, **moved},
        moved=moved,
        new=tuple(one.at for one in left),
        missing=tuple(one.guid for one in open_known.values()),
        twice=twice,
    )


def _once(listed: Sequence[Listed]) -> tuple[list[Listed], tuple[int, ...]]:
    seen: set[str] = set()
    first: list[Listed] = []
    twice: list[int] = []
    for one in listed:
        if key(one.guid) in seen:
            twice.append(one.at)
        else:
            seen.add(key(one.guid))
            first.append(one)
    return first, tuple(twice)


def _keys_of(one: Known | Listed) -> frozenset[str]:
    return one.keys


def _likeness_of(one: Known | Listed) -> frozenset[str]:
    return frozenset([one.likeness]) if one.likeness else frozenset()


def _unambiguous(left: Sequence[Listed], known: Sequence[Known], names: Names) -> dict[int, str]:
    """Pairs that share a name which nobody else on either side has."""
    owners: dict[str, list[Known]] = defaultdict(list)
    for one in known:
        for name in names(one):
            owners[name].append(one)
    claims = Counter(name for one in left for name in names(one))
    found: dict[int, str] = {}
    for one in left:
        meant = {owners[name][0].guid for name in names(one) if claims[name] == 1 and len(owners[name]) == 1}
        if len(meant) == 1 and (guid := meant.pop()) not in found.values():
            found[one.at] = guid
    return found
