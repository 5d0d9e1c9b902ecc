"""An invented catalogue of a GDI in the shapes that real ones have, and what the portal should make of each record.

    catalogue = invented(today)
    catalogue.records["…"].document, catalogue.records["…"].expected

The same seed and day give the same catalogue. On another day only those dates differ that Mapbender computes whenever
a record is asked for. What is expected is known from the dice that made a record, and never read out of it.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from tests.kit import gdi_choices as choices
from tests.kit import gdi_services as services
from tests.kit.gdi_choices import GIVEN, SURNAME, Choice
from tests.unit.harvest.gdi import records as r

DATASETS, UNCOUPLED = 300, 40
PUBLISHER = "Umweltamt Mainz"
MAPBENDER, XPLANUNG, GEONETWORK, ARCGIS, MODEL = "mapbender", "xplanung", "geonetwork", "arcgis", "model"
#: Of each thirty datasets so many in each dialect, in this order.
DIALECTS = {MAPBENDER: 16, XPLANUNG: 5, GEONETWORK: 5, ARCGIS: 3, MODEL: 1}


@dataclass(frozen=True)
class Expected:
    """What becomes of a record. `arrives`: it becomes a package; `type`: of the package; `license`, `themes`,
    `frequency` and `hvd` are codes; `services`: marks in the addresses of its services, each of which is there once;
    `files`: addresses of its files; `boxed`: its box lies in the city; `publisher`: the office that gives it out, empty
    where that is not said."""

    arrives: bool
    type: str = "dataset"
    license: str = ""
    themes: frozenset[str] = frozenset()
    frequency: str = ""
    hvd: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    boxed: bool = False
    title: str = ""
    files: frozenset[str] = frozenset()
    publisher: str = ""


@dataclass(frozen=True)
class GdiRecord:
    """A record; `expected` is None for a service that belongs to a dataset and so becomes no package."""

    id: str
    document: bytes
    expected: Expected | None


@dataclass(frozen=True)
class Catalogue:
    records: dict[str, GdiRecord] = field(default_factory=dict)

    @property
    def documents(self) -> list[bytes]:
        return [one.document for one in self.records.values()]

    @property
    def expected(self) -> dict[str, Expected]:
        return {one.id: one.expected for one in self.records.values() if one.expected}

    @property
    def arriving(self) -> dict[str, Expected]:
        return {id: one for id, one in self.expected.items() if one.arrives}


def invented(today: date, seed: str = "mainz", datasets: int = DATASETS, uncoupled: int = UNCOUPLED) -> Catalogue:
    """A catalogue with so many datasets, about 1.4 services for each, and so many services that belong to none."""
    made = Catalogue()
    for number in range(datasets):
        made.records.update((one.id, one) for one in dataset(today, seed, number))
    for number in range(uncoupled):
        one = services.uncoupled(_dice(seed, "uncoupled", number), _id(seed, "uncoupled", number), number)
        made.records[one.id] = GdiRecord(one.id, one.document, _of_uncoupled(one))
    return made


def dataset(today: date, seed: str, number: int, title: str = "") -> Iterator[GdiRecord]:
    """A dataset, with another title if one is given, and its services."""
    dice = _dice(seed, "dataset", number)
    dialect = [*(name for name, share in DIALECTS.items() for _ in range(share))][number * 7 % 30]
    id = _id(seed, "dataset", number)
    given = _Given(dice, today, number, id, title or f"{_SUBJECTS[number % len(_SUBJECTS)]} {seed} {number}")
    parts, expected = MAKERS[dialect](given)
    coupled = services.coupled(dice, _id(seed, "service", number), number, given.title, given.data_id, id, expected)
    if not coupled and dialect != XPLANUNG and given.licence.only_on_services:
        expected = replace(expected, license="", arrives=given.marked)
    marks = frozenset(mark for one in coupled for mark in one.marks)
    name = id.upper() if number % 9 == 4 else id
    parts["file_identifier"] = r.text("fileIdentifier", name)
    yield GdiRecord(name, r.document(parts), replace(expected, services=marks))
    yield from (GdiRecord(one.id, one.document, None) for one in coupled)


_SUBJECTS = ("Spielplätze", "Radwege", "Schulbezirke", "Hochwasserlinien", "Denkmäler", "Bodenrichtwerte", "Brunnen",
             "Haltestellen", "Grünflächen", "Lärmkarte", "Stadtteile")  # fmt: skip


def _id(seed: str, kind: str, number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://geo.mainz.example/{seed}/{kind}/{number}"))


def _dice(seed: str, kind: str, number: int) -> random.Random:
    return random.Random(f"{seed} {kind} {number}")


def _of_uncoupled(one: services.Made) -> Expected:
    arrives, themes = bool(one.license), frozenset(one.themes)
    return Expected(arrives, "data_service", license=one.license, themes=themes, title=one.title)


# --- dialects --------------------------------------------------------------------------------------------------------

Parts = dict[str, str]


class _Given:
    """What all dialects choose for a dataset."""

    def __init__(self, dice: random.Random, today: date, number: int, id: str, title: str) -> None:
        self.dice, self.today, self.number, self.id, self.title = dice, today, number, id, title
        self.data_id = f"https://geo.mainz.example/registry/spatial/dataset/{id}"
        self.licence = dice.choices(choices.LICENCES, [one.weight for one in choices.LICENCES])[0]
        self.marked = dice.random() < 0.6
        self.topic: Choice = dice.choice(choices.TOPICS)
        self.inspire: Choice = dice.choice([choices.NOTHING, *choices.INSPIRE])
        self.frequency = dice.choice([*choices.FREQUENCIES])
        self.files: list[str] = []
        self.category = dice.choice(choices.CATEGORIES) if number % 11 == 3 else ""

    def expected(self, **more: object) -> Expected:
        arrives = self.licence.open or (self.marked and not self.licence.closed)
        themes = {*self.topic.codes, *self.inspire.codes, *choices.together(self.topic, self.inspire)}
        frequency = choices.FREQUENCIES[self.frequency]
        hvd = frozenset(filter(None, [self.category]))
        files = frozenset(self.files)
        found = Expected(arrives, "dataset", self.licence.code, frozenset(themes), frequency, hvd, frozenset(), True,
                         self.title, files)  # fmt: skip
        return replace(found, **more)

    def keywords(self, *more: str) -> str:
        """The free block, a block without keywords, one of INSPIRE, and categories as an Anchor."""
        free = [*(["opendata", "Open Data", "OpenData"][: 1 + self.number % 3] if self.marked else []), *more]
        hvd = r.anchor("keyword", "Irgendeine Kategorie", choices.BNA + self.category) if self.category else ""
        return (
            r.keywords(*free)
            + r.keywords()
            + (r.keywords(self.inspire.text, thesaurus=choices.inspire_title(self.number)) if self.inspire.text else "")
            + (r.keywords(hvd, thesaurus="High-value dataset categories") if hvd else "")
        )

    def link(self, url: str, *said: str) -> str:
        """The link to a file; there is none where the licence is to come from the services."""
        if self.licence.only_on_services:
            return ""
        self.files.append(url)
        return r.online(url, *said)


def person(role: str = "pointOfContact", **more: str) -> str:
    """Somebody whose name and mail address must never leave the record."""
    mail = f"{GIVEN.lower()}.{SURNAME.lower()}@mainz.example"
    name = f"Dr. {GIVEN} {SURNAME}"
    return r.party(role, more.get("organisation", ""), name=name, mail=more.get("mail", mail), phone="06131 998877")


def office(role: str = "pointOfContact", name: str = "Vermessungsamt Mainz", **more: str) -> str:
    return r.party(role, name, mail="geodaten@mainz.example", **more)


def _shared(given: _Given, **parts: str) -> Parts:
    return {
        "language": r.code("language", "LanguageCode", "ger"),
        "level": r.code("hierarchyLevel", "MD_ScopeCode", "series" if given.number % 13 == 5 else "dataset"),
        "contact": person(organisation="Vermessungsamt Mainz").replace("gmd:pointOfContact", "gmd:contact"),
        "date_stamp": "<gmd:dateStamp><gco:Date>2025-04-03</gco:Date></gmd:dateStamp>",
        "title": r.text("title", given.title),
        "identifiers": r.identifier(given.data_id),
        "abstract": r.text("abstract", f"Was die Stadt über das Thema {given.title} weiß, Stück für Stück erfasst."),
        "contacts": office(),
        "frequency": r.frequency(given.frequency),
        "topics": _topic(given.topic.text),
        **parts,
    }


def _topic(text: str) -> str:
    inner = f"<gmd:MD_TopicCategoryCode>{text}</gmd:MD_TopicCategoryCode>"
    return f"<gmd:topicCategory>{inner}</gmd:topicCategory>" if text else ""


def _box(given: _Given, swapped: bool = False) -> str:
    west, south = 8.2 + given.dice.random() / 20, 49.95 + given.dice.random() / 50
    sides = [f"{one:.6f}" for one in (west, west + 0.01, south, south + 0.01)]
    west_, east_, south_, north_ = sides
    return r.box(west_, south_, east_, north_) if swapped else r.box(*sides)


def _mapbender(given: _Given) -> tuple[Parts, Expected]:
    """With dates computed on the day, PHP's JSON, categories of its own as Anchors of the EU, and placeholders."""
    computed = given.today - choices.computed_age(given.frequency) if given.frequency in choices.COMPUTED else None
    day = computed.isoformat() if computed else "2024-11-05"
    nameless = given.number % 60 == 14
    world = given.number % 4 == 1
    own = r.anchor("keyword", "Freizeit und Kultur", "mbc7")
    file = given.link(f"https://geo.mainz.example/daten/{given.number}.zip")
    parts = _shared(
        given,
        title=r.text("title", "title not given" if nameless else given.title),
        alternate_title=r.text("alternateTitle", "title not given"),
        dates=r.dated("2019-02-01", "creation") + r.dated(day, "revision"),
        contacts=office(name="department not known") + office() + person(),
        keywords=given.keywords("Stadtplan, Freizeit,Ausflug", "DummyKeyword")
        + (r.keywords(own, thesaurus="High-Value dataset categories") if given.number % 2 else ""),
        constraints=r.constraints(*given.licence.texts) + choices.ACCESS,
        topics=_topic("no category defined till now!") + _topic(given.topic.text),
        extents=(r.box("-180", "180", "-90", "90") if world else _box(given)) + r.period("1970-01-01", day),
        distribution=r.distribution(
            r.file_format("Database"), "<gmd:transferOptions/>", r.transfer(file) if file else ""
        ),
        quality=r.quality(r.conformance("Specification unkown")),
    )
    return parts, given.expected(boxed=not world) if not nameless else Expected(arrives=False)


def _xplanung(given: _Given) -> tuple[Parts, Expected]:
    """A plan of the family of B-plans: sides of the box in the wrong order, texts without an element, one licence."""
    plan = f"Bebauungsplan {given.title}"
    file = f"https://geo.mainz.example/xplan/{given.number}.gml"
    sentence, json_ = choices.CC_BY_3.texts
    bare = f"<gmd:otherConstraints>{json_}</gmd:otherConstraints>" if given.number % 2 else json_
    parts = _shared(
        given,
        title=r.text("title", plan),
        date_stamp="<gmd:dateStamp><gco:DateTime>2025-06-07T08:09:10</gco:DateTime></gmd:dateStamp>",
        dates=r.dated("2021-03-01", "creation"),
        contacts=office(name="Beispielstraße 12") + office(name="Stadtplanungsamt Mainz") + person("custodian"),
        keywords=r.keywords("Bebauungsplan", "Bauleitplanung") + r.keywords("Regional", thesaurus="Spatial scope"),
        constraints=r.constraints(sentence, bare),
        topics=_topic("location"),
        extents=_box(given, swapped=True)
        + r.polygon("8.21 49.96 8.22 49.96 8.22 49.97 8.21 49.96")
        + r.period("2021-03-01", "", "gml32"),
        distribution=r.distribution(
            r.file_format("XPlanGML", "5.4"),
            r.transfer(r.online(file, "download", "XPlanGML")),
        ),
    )
    frequency = choices.FREQUENCIES[given.frequency]
    return parts, Expected(True, "dataset", "cc-by-de-3.0", frozenset({"REGI", "GOVE"}), frequency, boxed=True,
                           title=plan, files=frozenset([file]))  # fmt: skip


def _geonetwork(given: _Given) -> tuple[Parts, Expected]:
    """With several organisations and persons, Anchors, dates with a time, gml 3.2, and formats in words."""
    url = f"https://geo.mainz.example/wfs?SERVICE=WFS&REQUEST=GetFeature&TYPENAMES=t{given.number}"
    page = f"https://geo.mainz.example/geonetwork/srv/api/records/{given.id}"
    parts = _shared(
        given,
        date_stamp="<gmd:dateStamp><gco:DateTime>2025-02-03T04:05:06.789Z</gco:DateTime></gmd:dateStamp>",
        dates=r.dated("2018-01-01", "publication") + r.dated("2020-05-06", "revision"),
        identifiers=r.identifier(given.id, "https://geo.mainz.example/registry/spatial/dataset/"),
        abstract=r.text("abstract", f"<p>Alles über {given.title}.</p><br>Fortgeführt&nbsp;seit 2018."),
        contacts=person("pointOfContact", organisation=f"{GIVEN} {SURNAME}")
        + office()
        + office("publisher", PUBLISHER)
        + person("author", mail=f"{GIVEN[0]}.{SURNAME}@mainz.example".lower())
        + person("custodian", organisation=f"{SURNAME}, {GIVEN}"),
        keywords=given.keywords("Umwelt") + r.keywords("AdVMIS", "inspireidentifiziert"),
        constraints=choices.ACCESS + r.constraints(*given.licence.texts, limitations=("keine",)),
        extents=_box(given)
        + r.place("07315000")
        + r.temporal(
            "<gml32:TimePeriod><gml32:beginPosition>2018-01-01</gml32:beginPosition>"
            '<gml32:endPosition indeterminatePosition="now"/></gml32:TimePeriod>'
        ),
        distribution=r.distribution(
            r.file_format("GML, GeoJSON"),
            r.transfer(given.link(url, "download", "Daten")),
            r.transfer(r.online(page, "information")),
        ),
    )
    return parts, given.expected(publisher=PUBLISHER)


def _arcgis(given: _Given) -> tuple[Parts, Expected]:
    """With decimal commas, sizes, codes that are misspelt, and a mail address that is a surname."""
    west = 8.2 + given.dice.random() / 20
    sides = [f"{one:.4f}".replace(".", ",") for one in (west, west + 0.02, 49.97, 49.98)]
    file = given.link(f"https://geo.mainz.example/shape/{given.number}.shp.zip", "download", "Shapefile")
    topic = f" {given.topic.text[:3].upper()}{given.topic.text[3:]} " if given.topic.text else ""
    parts = _shared(
        given,
        dates=r.dated("2016", "creation"),
        contacts=person(mail=f"{SURNAME.lower()}@mainz.example") + office(),
        keywords=given.keywords("ArcGIS", "Gelände"),
        constraints=r.constraints(*given.licence.texts, limitations=("Nur für den Überblick gedacht.",)),
        topics=_topic(topic),
        extents=r.box(*sides) + r.period("2016", "9999-12-31"),
        distribution=r.distribution(r.file_format("ESRI Shape"), r.transfer(file, size="12.5")),
    )
    return parts, given.expected()


def _model(given: _Given) -> tuple[Parts, Expected]:
    """The city in three dimensions, as CityGML and 3D Tiles."""
    files = (
        given.link(f"https://geo.mainz.example/3d/{given.number}.gml", "download", "CityGML LoD2"),
        given.link(f"https://geo.mainz.example/3d/{given.number}/tileset.json", "download", "3D Tiles"),
    )
    parts = _shared(
        given,
        keywords=given.keywords("3D-Stadtmodell", "LoD2"),
        constraints=r.constraints(*given.licence.texts),
        extents=_box(given),
        distribution=r.distribution(r.file_format("CityGML", "2.0"), r.file_format("3D Tiles"), r.transfer(*files)),
    )
    return parts, given.expected()


MAKERS: dict[str, Callable[[_Given], tuple[Parts, Expected]]] = {
    MAPBENDER: _mapbender,
    XPLANUNG: _xplanung,
    GEONETWORK: _geonetwork,
    ARCGIS: _arcgis,
    MODEL: _model,
}
