"""Entries of the inventory: a record in the state ``inventar``, and a row with what only the house is to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit
from sqlalchemy.dialects.postgresql import insert

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.governance import levels, logbook, people, record, tables, writing
from ckanext.mainz.governance.people import Person
from ckanext.mainz.metadata import dates, vocabulary

_ = toolkit._
Dict = dict[str, Any]

OWN = ("system", "place", "keeper", "reason", "note", "key")
POSSIBLE = levels.LEVELS[:-1]
LONGEST = {"title": 200, "description": 5000, "system": 200, "place": 500, "keeper": 300, "note": 2000, "key": 100}

EMPTY = N_("Please fill in this field.")
TOO_LONG = N_("The text has {length} characters; {most} are possible.")
NO_ORGANIZATION = N_("There is no organisation “{name}”. Give its name, or its number as in “Amt 12”.")
NOT_YOURS = N_("You may not keep the inventory of this organisation; for that you need the role editor there.")
NO_REASON = N_("“{value}” is no reason of the list. Possible are: {reasons}.")
NO_DAY = N_("“{value}” is no day. Write it as 31.12.2026.")
NO_LEVEL = N_("“{value}” is no level of the inventory. Possible are: {levels}.")


@dataclass(frozen=True)
class Entry:
    """What the inventory knows of some data; see `tables.inventory`. `organization` is an id, `review` a day or None."""

    title: str
    description: str
    organization: str
    level: str = levels.VERWALTUNG
    system: str = ""
    place: str = ""
    keeper: str = ""
    reason: str = ""
    note: str = ""
    review: date | None = None
    shares: tuple[Mapping[str, str], ...] = ()
    key: str = ""
    id: str = ""
    name: str = ""

    @property
    def identity(self) -> tuple[str, str]:
        """By what a row of a list is known again: its organisation with the key of the list, else with the title."""
        return self.organization, self.key.casefold() or " ".join(self.title.casefold().split())


def checked(person: Person, given: Mapping[str, Any]) -> Entry:
    """An entry from what a form, a program or a row of a list gave. Raises `toolkit.ValidationError` by field."""
    errors: Dict = {}
    texts = {name: _text(given, name, errors) for name in LONGEST}
    for name in ("title", "description"):
        if not texts[name] and name not in errors:
            errors[name] = [_(EMPTY)]
    organization = _organization(person, given, errors)
    reason = _reason(given, errors)
    level = str(given.get("visibility") or levels.VERWALTUNG)
    term = vocabulary.match("levels", level)
    if term is None or term.uri not in POSSIBLE:
        labels = ", ".join(one.de for one in vocabulary.terms("levels") if one.uri in POSSIBLE)
        errors["visibility"] = [_(NO_LEVEL).format(value=level[:50], levels=labels)]
    review = _day(given, errors)
    writing.refuse(errors)
    return Entry(
        **texts,
        organization=organization,
        reason=reason,
        level=term.uri if term else levels.VERWALTUNG,
        review=review,
        shares=_shares(given.get("shares")),
    )


def _text(given: Mapping[str, Any], name: str, errors: Dict) -> str:
    value = given.get(name)
    text = str(value).replace("\x00", "").strip() if value is not None else ""
    if len(text) > LONGEST[name]:
        errors[name] = [_(TOO_LONG).format(length=len(text), most=LONGEST[name])]
    return text


def _organization(person: Person, given: Mapping[str, Any], errors: Dict) -> str:
    wanted = str(given.get("organization") or "").strip()
    found = find_organization(wanted)
    if not wanted:
        errors["organization"] = [_(EMPTY)]
    elif found is None:
        errors["organization"] = [_(NO_ORGANIZATION).format(name=wanted[:100])]
    elif not (person.edits(found.id) or person.office):
        errors["organization"] = [_(NOT_YOURS)]
    return found.id if found else ""


def find_organization(wanted: str) -> people.Organization | None:
    """The organisation that a text means: its id, address, title, or number (``Amt 12`` for ``amt-12``)."""
    plain = " ".join(wanted.casefold().split())
    number = plain.replace(" ", "-")
    for one in people.organizations().values():
        if plain and plain in (one.id, one.name.casefold(), one.title.casefold()):
            return one
        if number and one.name in (number, f"amt-{number}"):
            return one
    return None


def _reason(given: Mapping[str, Any], errors: Dict) -> str:
    value = str(given.get("reason") or "").strip()
    if not value:
        return ""
    term = vocabulary.match("reasons", value)
    if term is None:
        reasons = ", ".join(one.de for one in vocabulary.terms("reasons"))
        errors["reason"] = [_(NO_REASON).format(value=value[:50], reasons=reasons)]
        return ""
    return term.uri


def _day(given: Mapping[str, Any], errors: Dict) -> date | None:
    value = given.get("review")
    if isinstance(value, date) or value in (None, ""):
        return value or None
    try:
        return date.fromisoformat(dates.moment(str(value))[:10])
    except ValueError:
        errors["review"] = [_(NO_DAY).format(value=str(value)[:50])]
        return None


def _shares(given: Any) -> tuple[Mapping[str, str], ...]:
    rows = given if isinstance(given, list) else []
    names = ("organization", "share", "role")
    return tuple({name: str(one.get(name) or "")[:300] for name in names} for one in rows if isinstance(one, dict))


def create(context: Any, entry: Entry, **fields: Any) -> Entry:
    """Writes a new entry. `fields` are more fields of the record (examples have an id). Raises CKAN's errors."""
    person = people.acting(context)

    def saved(id: str) -> None:
        _keep(id, entry)
        logbook.contributed(id, person.id)
        logbook.note(person, standing_of(id), "inventory_create")

    data = {**_record(entry), "type": "dataset", **fields}
    with writing.granted(levels.INVENTAR, entry.level, saved=saved):
        made = toolkit.get_action("package_create")(_context(context), data)
    return replace(entry, id=made["id"], name=made["name"])


def update(context: Any, id: str, entry: Entry) -> bool:
    """Writes what differs of an entry that exists; says whether anything did."""
    before = show(id)
    if before is None or replace(entry, id=before.id, name=before.name) == before:
        return False
    person = people.acting(context)

    def saved(_id: str) -> None:
        _keep(id, entry)

    with writing.granted(levels.INVENTAR, entry.level, saved=saved):
        toolkit.get_action("package_patch")(_context(context), {"id": id, **_record(entry)})
    _keep(id, entry)  # where nothing of the record itself differs, CKAN has written nothing
    logbook.contributed(id, person.id)
    model.Session.commit()
    return True


def _context(context: Any) -> Any:
    kept = ("user", "auth_user_obj", "ignore_auth")
    return {name: context[name] for name in kept if name in context} | {"model": model, "session": model.Session}


def _record(entry: Entry) -> Dict:
    return {"title": entry.title, "notes": entry.description, "owner_org": entry.organization}


def _keep(id: str, entry: Entry) -> None:
    values = {name: getattr(entry, name) for name in OWN}
    row = {"package_id": id, **values, "review": entry.review, "shares": [dict(one) for one in entry.shares]}
    statement = insert(tables.inventory).values(row)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["package_id"], set_=row))


def standing_of(id: str) -> record.Standing:
    package = model.Session.get(model.Package, id)
    if package is None:
        raise toolkit.ObjectNotFound(_("There is no record with this id."))
    return record.of(package)


def show(id: str) -> Entry | None:
    """An entry by the id of its record."""
    return next(iter(_read(model.package_table.c.id == id)), None)


def every(organizations: Iterable[str] | None = None) -> list[Entry]:
    """All entries, or those of some organisations, by title."""
    wanted = [] if organizations is None else [model.package_table.c.owner_org.in_(list(organizations))]
    return sorted(_read(*wanted), key=lambda one: one.title.casefold())


def _read(*conditions: Any) -> list[Entry]:
    package, own = model.package_table, tables.inventory
    rows = model.Session.execute(
        sa.select(package.c.id, package.c.name, package.c.title, package.c.notes, package.c.owner_org,
                  package.c.extras["visibility"].astext.label("level"), own)
        .join(own, own.c.package_id == package.c.id)
        .where(package.c.extras["lifecycle"].astext == levels.INVENTAR, package.c.state == model.State.ACTIVE, *conditions)
    )  # fmt: skip
    return [
        Entry(
            title=row.title or "",
            description=row.notes or "",
            organization=row.owner_org or "",
            level=row.level or levels.VERWALTUNG,
            review=row.review,
            shares=tuple(row.shares),
            id=row.id,
            name=row.name,
            **{name: getattr(row, name) for name in OWN},
        )
        for row in rows
    ]


def progress() -> list[Dict]:
    """How far each organisation is: ``{"organization", "title", "entries", "due", "datasets", "public"}``."""
    package, own = model.package_table.c, tables.inventory.c
    state = package.extras["lifecycle"].astext
    entries = sa.func.count().filter(state == levels.INVENTAR)
    due = sa.func.count().filter(state == levels.INVENTAR, own.review <= people.today())
    public = sa.func.count().filter(package.private.is_(False))
    rows = model.Session.execute(
        sa.select(package.owner_org, entries, due, sa.func.count().filter(state != levels.INVENTAR), public)
        .select_from(model.package_table.outerjoin(tables.inventory, own.package_id == package.id))
        .where(package.type.in_(sorted(record.TYPES)), package.state == model.State.ACTIVE)
        .group_by(package.owner_org)
    )
    found = {row[0]: row for row in rows}
    return [
        {
            "organization": one.name,
            "title": one.title,
            **dict(
                zip(
                    ("entries", "due", "datasets", "public"),
                    found[one.id][1:] if one.id in found else (0,) * 4,
                    strict=True,
                )
            ),
        }
        for one in sorted(people.organizations().values(), key=lambda each: each.title.casefold())
    ]
