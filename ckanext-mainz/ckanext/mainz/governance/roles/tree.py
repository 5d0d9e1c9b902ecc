"""The tree of organisations: no circles, and who acts as Datenverantwortliche where. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ckanext.mainz.governance.people import Organization, below


def ancestors(organization: str, tree: Mapping[str, Organization]) -> frozenset[str]:
    """All organisations above one, sealed or not."""
    found: set[str] = set()
    waiting = [organization]
    while waiting:
        one = tree.get(waiting.pop())
        new = (one.parents if one else frozenset()) - found
        found |= new
        waiting.extend(new)
    return frozenset(found)


def closing_a_circle(organization: str, parents: Iterable[str], tree: Mapping[str, Organization]) -> frozenset[str]:
    """Those of some parents that stand below the organisation or are itself."""
    return frozenset(one for one in parents if one == organization or organization in ancestors(one, tree))


def led_by(admins: Mapping[str, frozenset[str]], tree: Mapping[str, Organization]) -> dict[str, frozenset[str]]:
    """Organisation → users who act there as Datenverantwortliche: its own and those of unsealed ones above.

    `admins` holds the own ones of each organisation.
    """
    found: dict[str, frozenset[str]] = {}
    for place, users in admins.items():
        for one in below([place], tree) if users else ():
            found[one] = found.get(one, frozenset()) | users
    return found
