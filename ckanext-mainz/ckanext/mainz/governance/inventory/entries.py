"""Entries of the inventory: a record in the state ``inventar``, and a row with what only its house is to know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from sqlalchemy.dialects.postgresql import insert

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels, logbook, people, record, tables, transitions, writing
from ckanext.mainz.governance.people import Person
from ckanext.mainz.metadata.names import LOCK_SPACE

_ = toolkit._
Dict = dict[str, Any]

OWN = ("system", "place", "keeper", "reason", "note", "key")
"""What stands beside the record, as text; `review` and `shares` do so too."""
SHARE = ("organization", "share", "role")
TYPE = "dataset"
LOCK = "mainz inventory"

THERE_IS_KEY = N_("The inventory of this organisation has an entry with this key already: “{title}”.")
THERE_IS_TITLE = N_(
    "The inventory of this organisation has an entry with this title already. Give another title, or a key of its own."
)
MOVED = N_(
    "An entry goes to another organisation by the action mainz_record_handover, so that its history stays. Leave the"
    " organisation as it is."
)


@dataclass(frozen=True)
class Share:
    """Who holds which part of some data, and as what. `organization` is a name (address), or what people call it."""

    organization: str
    share: str = ""
    role: str = ""


@dataclass(frozen=True)
class Entry:
    """What the inventory knows of some data; see `tables.inventory`. `organization` is an id, `theme` holds URIs.

    Two entries are equal if they say the same, wherever they are stored.
    """

    title: str
    description: str
    organization: str
    level: str = levels.VERWALTUNG
    theme: tuple[str, ...] = ()
    system: str = ""
    place: str = ""
    keeper: str = ""
    reason: str = ""
    note: str = ""
    review: date | None = None
    shares: tuple[Share, ...] = ()
    key: str = ""
    id: str = field(default="", compare=False)
    name: str = field(default="", compare=False)
    state: str = field(default=levels.INVENTAR, compare=False)
    """Where its record stands by now; what became a dataset is no entry any more, but known again."""

    @property
    def is_due(self) -> bool:
        """Whether the day has come to look at it again."""
        return self.state == levels.INVENTAR and self.review is not None and self.review <= people.today()


class Ambiguous(LookupError):
    """Several entries have the title of a row without a key."""


class Known:
    """Entries by what they are known by in lists: the key within an organisation, or else the title."""

    def __init__(self, found: Iterable[Entry]) -> None:
        self.by_key: dict[tuple[str, str], Entry] = {}
        self.by_title: dict[tuple[str, str], list[Entry]] = {}
        for one in found:
            self.add(one)

    def add(self, entry: Entry) -> None:
        if entry.key:
            self.by_key[(entry.organization, plain(entry.key))] = entry
        self.by_title.setdefault((entry.organization, plain(entry.title)), []).append(entry)

    def find(self, entry: Entry) -> Entry | None:
        """The entry that this one is, if it is one. Raises `Ambiguous`."""
        titled = self.by_title.get((entry.organization, plain(entry.title)), [])
        if entry.key:
            without_key = [one for one in titled if not one.key]
            return self.by_key.get((entry.organization, plain(entry.key))) or next(iter(without_key), None)
        if len(titled) > 1:
            raise Ambiguous
        return next(iter(titled), None)


def plain(text: str) -> str:
    """A title or key as it is compared."""
    return " ".join(text.casefold().split())


def keeps(person: Person, organization: str) -> bool:
    """Whether a person keeps the inventory of an organisation: its Redaktion, and the Geschäftsstelle."""
    return person.office or person.edits(organization)


# --- write -----------------------------------------------------------------------------------------------------------


def one_at_a_time() -> None:
    """Waits until nobody else adds to the inventory, and lets nobody until the transaction ends: so that what two send
    at once, or one sends twice, is there once."""
    statement = sa.text("SELECT pg_advisory_xact_lock(:space, hashtext(:name))")
    model.Session.execute(statement, {"space": LOCK_SPACE, "name": LOCK})


def add(context: Any, entry: Entry, **fields: Any) -> Entry:
    """Writes a new entry by itself. `fields` are more fields of the record, such as the id of an example.

    Raises `toolkit.ValidationError` also where the organisation has this entry already.
    """
    one_at_a_time()
    _refuse_double(entry)
    return create(context, entry, **fields)


def create(context: Any, entry: Entry, *, defer_commit: bool = False, **fields: Any) -> Entry:
    """Writes a new entry; who may do so and whether there is one already has been asked. Raises CKAN's errors.

    With `defer_commit` the caller ends the transaction.
    """
    person = people.acting(context)

    def saved(id: str) -> None:
        _keep(id, entry)
        logbook.contributed(id, person.id)
        logbook.note(person, _standing_of(id), "inventory_create")

    own = {**_context(context), "defer_commit": defer_commit}
    data = {**_record(entry), "owner_org": entry.organization, "type": TYPE, **fields}
    with writing.granted(levels.INVENTAR, entry.level, saved=saved):
        made: Any = toolkit.get_action("package_create")(own, data)  # pyright: ignore[reportArgumentType]
    package = model.Session.get(model.Package, made)
    return replace(entry, id=made, name=package.name if package else "")


def update(context: Any, entry: Entry) -> bool:
    """Writes what differs of an entry that exists (`entry.id`); says whether anything did.

    Raises `toolkit.ValidationError` where the record is no entry any more or would go to another organisation.
    """
    transitions.require(writing.locked(entry.id), levels.INVENTAR)
    before = show(entry.id)
    if before is None or entry == before:
        model.Session.rollback()
        return False
    if entry.organization != before.organization:
        writing.refuse({"organization": [_(MOVED)]})
    _refuse_double(entry)
    _write_changes(context, entry, before)
    return True


def _write_changes(context: Any, entry: Entry, before: Entry) -> None:
    """Only what readers of the level see goes through CKAN; the rest is none of its business and needs no index."""
    person = people.acting(context)
    done = False

    def saved(id: str) -> None:
        nonlocal done
        done = True
        _keep(id, entry)
        logbook.contributed(id, person.id)
        _note_level(person, entry, before)

    if _record(entry) != _record(before) or entry.level != before.level:
        with writing.granted(levels.INVENTAR, entry.level, saved=saved):
            toolkit.get_action("package_patch")(_context(context), {"id": entry.id, **_record(entry)})
    if not done:
        saved(entry.id)
        model.Session.commit()


def _note_level(person: Person, entry: Entry, before: Entry) -> None:
    if entry.level != before.level:
        standing = replace(_standing_of(entry.id), level=before.level)
        logbook.note(person, standing, "inventory_level", {"visibility": entry.level})


def _refuse_double(entry: Entry) -> None:
    others = Known(one for one in every([entry.organization], states=None) if one.id != entry.id)
    if entry.key:
        found = others.by_key.get((entry.organization, plain(entry.key)))
        writing.refuse({"key": [_(THERE_IS_KEY).format(title=found.title)]} if found else {})
    elif others.by_title.get((entry.organization, plain(entry.title))):
        writing.refuse({"title": [_(THERE_IS_TITLE)]})


def _context(context: Any) -> Any:
    """In the name of whoever acts. What they may do was asked by the rules of the inventory, which let the
    Geschäftsstelle and deputies write; CKAN's own know neither."""
    kept = ("user", "auth_user_obj")
    return {name: context[name] for name in kept if name in context} | {
        "ignore_auth": True,
        "model": model,
        "session": model.Session,
        "return_id_only": True,
    }


def _record(entry: Entry) -> Dict:
    """What stands in the record itself, for all readers of the level."""
    return {"title": entry.title, "notes": entry.description, "theme": list(entry.theme)}


def _keep(id: str, entry: Entry) -> None:
    values = {name: getattr(entry, name) for name in OWN}
    shares = [{"organization": one.organization, "share": one.share, "role": one.role} for one in entry.shares]
    row = {"package_id": id, **values, "review": entry.review, "shares": shares}
    statement = insert(tables.inventory).values(row)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["package_id"], set_=row))


def _standing_of(id: str) -> record.Standing:
    package = model.Session.get(model.Package, id)
    if package is None:
        raise toolkit.ObjectNotFound(_("There is no record with this id."))
    return record.of(package)


# --- read ------------------------------------------------------------------------------------------------------------


def show(id: str) -> Entry | None:
    """An entry by the id of its record, also one that became a dataset."""
    return next(iter(_read(model.package_table.c.id == id)), None)


def every(organizations: Iterable[str] | None = None, states: Iterable[str] | None = (levels.INVENTAR,)) -> list[Entry]:
    """All entries, or those of some organisations (ids), by title; `states=None`: those that became datasets too."""
    package = model.package_table.c
    wanted = [] if organizations is None else [package.owner_org.in_(list(organizations))]
    if states is not None:
        wanted.append(package.extras["lifecycle"].astext.in_(list(states)))
    return sorted(_read(*wanted), key=lambda one: plain(one.title))


def _read(*conditions: Any) -> list[Entry]:
    package, own = model.package_table, tables.inventory
    extras = package.c.extras
    rows = model.Session.execute(
        sa.select(
            *(package.c.id, package.c.name, package.c.title, package.c.notes, package.c.owner_org),
            extras["visibility"].astext.label("level"),
            extras["lifecycle"].astext.label("state"),
            extras["theme"].astext.label("theme"),
            own,
        )
        .join(own, own.c.package_id == package.c.id)
        .where(package.c.state == model.State.ACTIVE, *conditions)
    )
    return [_entry(row) for row in rows]


def _entry(row: Any) -> Entry:
    return Entry(
        title=row.title or "",
        description=row.notes or "",
        organization=row.owner_org or "",
        level=row.level or levels.INTERN,
        theme=tuple(sorted(record.names(row.theme))),
        review=row.review,
        shares=tuple(Share(**{name: str(one.get(name) or "") for name in SHARE}) for one in row.shares),
        id=row.id,
        name=row.name,
        state=row.state or "",
        **{name: getattr(row, name) for name in OWN},
    )
