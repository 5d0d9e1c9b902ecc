"""What the pages of the inventory show, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from ckan.plugins import toolkit

from ckanext.mainz.governance import people, proposals
from ckanext.mainz.governance.inventory import auth, entries, words
from ckanext.mainz.governance.inventory.entries import Entry
from ckanext.mainz.governance.inventory.words import Choice
from ckanext.mainz.governance.people import Person

_ = toolkit._
PER_PAGE = 50
FILTERS = ("organization", "reason", "q", "due")


@dataclass(frozen=True)
class Asked:
    """What the address of the list says."""

    organization: str = ""
    reason: str = ""
    q: str = ""
    due: str = ""
    page: int = 1

    @property
    def filters(self) -> dict[str, str]:
        """The filters that say something, as actions and addresses have them."""
        return {name: getattr(self, name) for name in FILTERS if getattr(self, name)}

    def address(self, page: int = 1, endpoint: str = "mainz_inventory.listing", **more: str) -> str:
        """The address of a page of the same list, or of another form of it."""
        query = {**self.filters, **({"page": str(page)} if page > 1 else {})}
        found = toolkit.h.url_for(endpoint, **more)
        return f"{found}?{urlencode(query)}" if query else found


@dataclass(frozen=True)
class Listed:
    """An entry in the list. What a reader may not know is empty."""

    name: str
    title: str
    organization: str
    level: str
    system: str = ""
    reason: str = ""
    review: str = ""
    due: bool = False


@dataclass(frozen=True)
class Listing:
    """One page of the list."""

    rows: tuple[Listed, ...]
    count: int
    page: int
    last_page: int


@dataclass(frozen=True)
class Shown:
    """An entry on its page. `details`: whether this person may know all of it; `begun`: a dataset is being made."""

    entry: Entry
    organization: str
    level: str
    details: bool
    keeps: bool
    edits: bool
    begun: bool
    is_entry: bool
    themes: tuple[str, ...]
    reason: str
    review: str
    shares: tuple[tuple[str, str, str], ...]


def listing(person: Person, found: Iterable[Entry], page: int) -> Listing:
    """A page of some entries."""
    every = list(found)
    last = max(1, -(-len(every) // PER_PAGE))
    part = every[(page - 1) * PER_PAGE : page * PER_PAGE]
    return Listing(tuple(_listed(person, one) for one in part), len(every), page, last)


def _listed(person: Person, entry: Entry) -> Listed:
    inside = auth.knows_all(person, entry.organization)
    return Listed(
        name=entry.name,
        title=entry.title,
        organization=title_of(entry.organization),
        level=words.label("levels", entry.level),
        system=entry.system if inside else "",
        reason=words.label("reasons", entry.reason) if inside and entry.reason else "",
        review=words.day(entry.review) if inside else "",
        due=inside and entry.is_due,
    )


def shown(person: Person, entry: Entry) -> Shown:
    """An entry for somebody who reads its record."""
    details = auth.knows_all(person, entry.organization)
    return Shown(
        entry=entry,
        organization=title_of(entry.organization),
        level=words.label("levels", entry.level),
        details=details,
        keeps=entries.keeps(person, entry.organization),
        edits=person.edits(entry.organization),
        begun=proposals.begun_promotion(entry.id) is not None,
        is_entry=entry.state == entries.levels.INVENTAR,
        themes=tuple(words.label("themes", one) for one in entry.theme),
        reason=words.label("reasons", entry.reason) if details and entry.reason else "",
        review=words.day(entry.review) if details else "",
        shares=_shares(entry) if details else (),
    )


def _shares(entry: Entry) -> tuple[tuple[str, str, str], ...]:
    titles = {one.name: one.title for one in people.organizations().values()}
    return tuple((titles.get(one.organization, one.organization), one.share, one.role) for one in entry.shares)


def title_of(organization: str) -> str:
    """The title of an organisation, by its id."""
    found = people.organizations().get(organization)
    return found.title if found else ""


def organization_choices(found: Iterable[Entry], chosen: str) -> list[Choice]:
    """The organisations that have entries, for the filter."""
    organizations = people.organizations()
    present = {one.organization for one in found}
    named = [organizations[one] for one in present if one in organizations]
    ordered = sorted(named, key=lambda one: one.title.casefold())
    return [Choice(one.name, one.title, chosen=one.name == chosen) for one in ordered]
