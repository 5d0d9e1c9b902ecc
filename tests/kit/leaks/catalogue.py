"""One catalogue that holds every level in every state, with a secret word of its own in each field and file."""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
from ckan.tests import factories
from tests.kit import governance as kit
from tests.kit.leaks import oracle
from tests.kit.leaks.oracle import Place
from werkzeug.datastructures import FileStorage

from ckanext.mainz.governance import writing
from ckanext.mainz.search import outbox

STATES = ("inventar", "entwurf", "eingereicht", "freigegeben", "zurueckgezogen", "archiviert")
COMMON = "Gemeinsamwort"
"""Stands in every record, so that a search can ask for it without telling a secret."""
PARENTS = {"amt": "dezernat", "schwester": "dezernat", "abteilung": "amt", "statistik": "amt"}
KINDS = {
    **dict.fromkeys(("dezernat", "amt", "schwester", "abteilung", "statistik"), "amt"),
    "betrieb": "eigenbetrieb",
    "gesellschaft": "gesellschaft",
    "kommune": "kommune",
    **dict.fromkeys(("genannt", "ungenannt"), "dritte"),
}


@dataclass(frozen=True)
class Secret:
    """Something that only some may read: its word, which stands in its fields and bytes, and where it is found."""

    what: str
    word: str
    readers: frozenset[str]
    package: str
    resource: str
    view: str = ""
    ids: tuple[str, ...] = ()
    """Ids that tell of it. In a list they are a leak, too."""
    shown: bool = True
    """Whether it must be found where it is asked for by its readers; a part of a record has places of its own."""
    extra: dict[str, str] = field(default_factory=dict)


@dataclass
class Catalogue:
    organizations: dict[str, str]
    people: dict[str, str]
    """Reader to name of the account; none for anonymous."""
    tokens: dict[str, str]
    secrets: list[Secret] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)


def word() -> str:
    return f"leck{secrets.token_hex(6)}"


def build() -> Catalogue:
    """Makes organisations, people and records in an empty portal."""
    organizations: dict[str, str] = {}
    for name, kind in KINDS.items():
        parent = organizations.get(PARENTS.get(name, ""), "")
        organizations[name] = kit.organization(kind, parent=parent, sealed=name == "statistik", name=f"{name}-stadt")
    people = _people(organizations)
    tokens = {
        reader: kit.act("", "api_token_create", {"user": name, "name": "t"})["token"] for reader, name in people.items()
    }
    made = Catalogue(organizations, people, tokens)
    for place in _places():
        made.secrets += _record(made, place)
    made.secrets += _with_stricter_files(made)
    made.secrets += _proposed(made)
    made.secrets += _withdrawn(made)
    made.secrets += _source(made)
    model.Session.remove()
    return made


def _people(organizations: dict[str, str]) -> dict[str, str]:
    people: dict[str, str] = {}
    for reader in oracle.READERS:
        place, _dot, capacity = reader.partition(".")
        if capacity:
            people[reader] = kit.person(**{capacity: organizations[place]})
    people["stranger"], people["office"] = kit.person(), kit.office()
    people["service"] = kit.person(editor=organizations["amt"])
    kit.grant(people["service"], "service", organization_id=organizations["amt"])
    people["deputy"] = kit.person()
    lead = model.User.get(people["amt.admin"])
    assert lead is not None
    kit.grant(people["deputy"], "deputy", for_user=lead.id)
    people["sysadmin"] = factories.Sysadmin()["name"]
    return people


def _places() -> list[Place]:
    every = [Place("amt", level, state, shared=True) for level in oracle.LEVELS for state in STATES]
    return [
        *every,
        Place("amt", "partner", "freigegeben"),
        Place("amt", "oeffentlich", "entwurf", form_open=True),
        *(Place("statistik", level, "freigegeben") for level in oracle.LEVELS),
        Place("statistik", "verwaltung", "entwurf"),
    ]


def fields(secret: str) -> dict[str, Any]:
    """A record with a secret in everything that people write."""
    line = f"{COMMON} {secret}"
    return {
        **kit.GOOD,
        "name": f"n-{secret}",
        "title": line,
        "notes": line,
        "tag_string": f"Schlagwort-{secret}",
        "contact": [{"name": line, "email": f"{secret}@stadt.example"}],
        "version": secret,
        "version_notes": line,
        "provenance": line,
        "author": line,
        "maintainer": line,
        "url": f"https://{secret}.example/",
        "identifier": secret,
    }


def upload(secret: str) -> FileStorage:
    content = f"strasse;{secret}\n{secret};1\n"
    return FileStorage(io.BytesIO(content.encode()), filename=f"{secret}.csv", content_type="text/csv")


def _file(owner: Catalogue, package: str, secret: str, **more: Any) -> dict[str, Any]:
    given = {
        "package_id": package,
        "name": f"Datei {secret}",
        "description": f"Text {secret}",
        "upload": upload(secret),
    }
    return kit.act("", "resource_create", {**given, **more})


def _view(resource: str, secret: str) -> str:
    view = model.ResourceView(
        resource_id=resource, title=secret, description=secret, view_type="image_view", order=0, config={}
    )
    model.Session.add(view)
    model.Session.commit()
    return str(view.id)


def _record(made: Catalogue, place: Place) -> list[Secret]:
    secret = word()
    shared = frozenset({"genannt-stadt"}) if place.shared else frozenset[str]()
    editor = made.people["amt.editor" if place.owner == "amt" else "statistik.admin"]
    given = {**fields(secret), "owner_org": made.organizations[place.owner], "visibility": place.level}
    if place.form_open:
        package = kit.act(editor, "package_create", {**given, "state": "draft"})
    else:
        with writing.granted("inventar" if place.state == "inventar" else "entwurf", place.level, shared):
            package = kit.act(editor, "package_create", given)
    with writing.granted("inventar" if place.state == "inventar" else "entwurf", place.level, shared):
        resource = _file(made, package["id"], secret)
        _table(resource["id"], secret)
    if not place.form_open:
        with writing.granted(place.state, place.level, shared):
            kit.act("", "package_patch", {"id": package["id"]})
    view = _view(resource["id"], secret)
    marks = [word for word, is_so in (("shared", place.shared), ("form", place.form_open)) if is_so]
    what = " ".join([place.owner, place.level, place.state, *marks])
    ids = (package["id"], resource["id"], view)
    return [Secret(what, secret, oracle.readers(place), package["id"], resource["id"], view, ids)]


def _table(resource: str, secret: str) -> None:
    rows = [{secret: secret}]
    kit.act(
        "", "datastore_create", {"resource_id": resource, "force": True, "fields": [{"id": secret}], "records": rows}
    )


def _with_stricter_files(made: Catalogue) -> list[Secret]:
    found: list[Secret] = []
    for level, stricter in (
        ("oeffentlich", ("intern", "verwaltung", "konzern", "partner")),
        ("konzern", ("intern", "verwaltung")),
    ):
        own, place = word(), Place("amt", level, "freigegeben", shared=True)
        given = {**fields(own), "owner_org": made.organizations["amt"], "visibility": level}
        package = kit.act(made.people["amt.editor"], "package_create", given)
        open_file = _file(made, package["id"], own)
        for one in stricter:
            secret = word()
            resource = _file(made, package["id"], secret, visibility=one)
            _table(resource["id"], secret)
            view = _view(resource["id"], secret)
            readers, what = oracle.readers(place, one), f"file {one} in {level}"
            ids = (resource["id"], view)
            found.append(Secret(what, secret, readers, package["id"], resource["id"], view, ids))
        with writing.granted("freigegeben", level, frozenset({"genannt-stadt"})):
            kit.act("", "package_patch", {"id": package["id"]})
        for reader in sorted(oracle.readers(place) & made.people.keys()):
            kit.act(made.people[reader], "follow_dataset", {"id": package["id"]})
        _table(open_file["id"], own)
        view = _view(open_file["id"], own)
        ids = (package["id"], open_file["id"], view)
        found.append(
            Secret(f"{level} with files", own, oracle.readers(place), package["id"], open_file["id"], view, ids)
        )
    return found


def _proposed(made: Catalogue) -> list[Secret]:
    """A change that waits, with new bytes, for a public record."""
    secret, editor = word(), made.people["amt.editor"]
    public = kit.released(editor, made.organizations["amt"], **{**fields(word()), "title": COMMON})
    kit.act(editor, "package_patch", {"id": public["id"], "notes": secret, "tag_string": secret})
    new = kit.act(
        editor,
        "resource_create",
        {"package_id": public["id"], "name": secret, "description": secret, "upload": upload(secret)},
    )
    made.extra["proposal"] = new["mainz_proposal"]["id"]
    ids = (new["id"], new["mainz_proposal"]["id"])
    extra = {"proposal": new["mainz_proposal"]["id"], "file_key": new.get("file_key", "")}
    readers = oracle.proposal_readers()
    return [Secret("proposal", secret, readers, public["id"], new["id"], "", ids, shown=False, extra=extra)]


def _withdrawn(made: Catalogue) -> list[Secret]:
    """What was public, changed and then withdrawn, so that history, tombstone and kept answers know of it."""
    secret, editor = word(), made.people["amt.editor"]
    given = {**fields(secret), "name": f"war-{word()}"}
    public = kit.draft(editor, made.organizations["amt"], **given)
    resource = _file(made, public["id"], secret)
    _table(resource["id"], secret)
    kit.act(editor, "mainz_record_submit", {"id": public["id"], "check": kit.CHECK})
    kit.act(made.people["office"], "mainz_record_release", {"id": public["id"]})
    for reader in ("stranger", "kommune.member"):
        kit.act(made.people[reader], "follow_dataset", {"id": public["id"]})
    kit.act(made.people["office"], "mainz_record_withdraw", {"id": public["id"], "reason": "personenbezug"})
    readers = oracle.readers(Place("amt", "oeffentlich", "zurueckgezogen"))
    view = _view(resource["id"], secret)
    ids = (public["id"], resource["id"], view)
    return [
        Secret("withdrawn after release", secret, readers, public["id"], resource["id"], view, ids, extra={"gone": "1"})
    ]


def _source(made: Catalogue) -> list[Secret]:
    """A source of the harvester, with an object that it brought, of which there is a public record."""
    from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

    brought = kit.released(made.people["amt.editor"], made.organizations["amt"], **{**fields(word()), "title": COMMON})
    secret = word()
    package = model.Package(
        name=f"quelle-{secret}", title=f"{COMMON} {secret}", type="harvest", url=f"https://{secret}.example/",
        owner_org=made.organizations["amt"], private=False, state="active", notes=secret,
    )  # fmt: skip
    model.Session.add(package)
    model.Session.commit()
    source = HarvestSource(id=package.id, url=package.url, title=secret, description=secret, type="test", config=secret)
    job = HarvestJob(source=source, status="Finished")
    content = f'{{"title": "{secret}"}}'
    item = HarvestObject(package_id=brought["id"], guid=secret, content=content, source=source, job=job, current=True)
    item.save()
    outbox.enqueue(model.Session, brought["id"])
    model.Session.commit()
    made.extra |= {"source": package.id, "job": job.id, "object": item.id}
    ids = (package.id, job.id, item.id)
    return [Secret("source", secret, frozenset(oracle.EVERYTHING), package.id, "", "", ids, shown=False)]
