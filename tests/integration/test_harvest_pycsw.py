"""The harvest of a geodata infrastructure from its catalogue to the portal's pages, with a real pycsw.

One source lives through several nights (`nights`); the tests look at what each of them left. What the portal should
have is known from the dice that made the records (tests/kit/gdi_records.py).
"""

from __future__ import annotations

import itertools
import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.plugins import toolkit
from ckanext.harvest.model import HarvestSource
from lxml import etree
from pyoxigraph import RdfFormat
from pyoxigraph import parse as parsed_rdf
from rdflib import DCAT, DCTERMS, RDF, Graph
from tests.kit.catalogue import reader
from tests.kit.gdi_choices import GIVEN, SURNAME
from tests.kit.gdi_mutations import mutated
from tests.kit.gdi_records import DATASETS, PUBLISHER, Catalogue, GdiRecord, dataset, invented
from tests.kit.governance import CHECK, act, organization
from tests.kit.outgoing import MakeSession, Waits
from tests.kit.pycsw_server import PAGE, PycswServer, PycswUnavailable, environment
from tests.kit.services import LoadedPortal
from tests.unit.harvest.gdi import validated
from tests.unit.metadata.rdf.judge import findings, shared

from ckanext.mainz.foundation import xml
from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.harvest import delivering, records, runs, tables
from ckanext.mainz.harvest.gdi import iso, kind, mapping
from ckanext.mainz.harvest.gdi.kind import CswKind
from ckanext.mainz.harvest.gdi.settings import GdiSettings
from ckanext.mainz.harvest.report import Report
from ckanext.mainz.harvest.runs import Options, Source

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

OWNER = "Vermessungsamt"
LICENSES = ["dl-de-by-2.0", "dl-de-zero-2.0", "cc-by-4.0", "cc-zero", "cc-by-de-3.0"]
CHANGED, REMOVED, ADDED = 5, 7, 3
MOST_REQUESTS = 40
JUDGED = 60
SAMPLES = ("samples", "gdi")
PLANTED = (GIVEN.lower(), SURNAME.lower(), "998877")
#: Numbers of a text in WKT.
NUMBER = re.compile(r"[\d.]+")
WRITTEN = ("package", "resource", "package_extra", "activity", "harvest_object", "mainz_harvest_record",
           "mainz_search_version", "mainz_record")  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def fresh(portal: LoadedPortal) -> None:
    """An empty portal, once for all tests of this file: their sources have nothing in common."""
    portal.reset()


@pytest.fixture(scope="module")
def pycsw() -> None:
    """The environment of pycsw; without it the tests are skipped, or fail where `PORTAL_TEST_STRICT=1` is set."""
    try:
        environment()
    except PycswUnavailable as missing:
        pytest.fail(str(missing)) if os.environ.get("PORTAL_TEST_STRICT") == "1" else pytest.skip(str(missing))


@pytest.fixture
def server(pycsw: None, tmp_path: Path) -> Iterator[PycswServer]:
    with PycswServer(tmp_path) as started:
        yield started


def new_source(address: str, **config: Any) -> Source:
    """A source that the office has released."""
    row = HarvestSource(url=address, type="mainz_csw", title="GDI")
    owner = organization(title=OWNER, contact_email="geodaten@mainz.example")
    model.Session.add(row)
    model.Session.commit()
    released = {"source_id": row.id, "level": "oeffentlich", "check": {"answers": CHECK}, "released_by": "",
                "licenses": LICENSES, "released": sa.func.now()}  # fmt: skip
    model.Session.execute(sa.insert(tables.release).values(released))
    model.Session.commit()
    return Source(row.id, row.url, owner, "oeffentlich", {"page_size": PAGE, **config})


def go(source: Source, today: date | None = None, **options: Any) -> Report:
    model.Session.remove()
    session = MakeSession(Waits())(total_timeout=60, read_timeout=30, max_bytes=20_000_000)
    with pytest.MonkeyPatch.context() as patch:
        if today:
            patch.setattr(kind, "date", type("Day", (date,), {"today": staticmethod(lambda: today)}))
        return runs.run(source, CswKind(), session, Options(**options))


def packages(source: Source) -> dict[str, dict[str, Any]]:
    """What is here of a source, by the identifier of the record."""
    model.Session.remove()
    show = toolkit.get_action("package_show")
    here = {guid: one.package_id for guid, one in records.known(source.id).items() if one.package_id}
    return {guid: show({"ignore_auth": True, "use_cache": False}, {"id": id}) for guid, id in here.items()}


def addresses(source: Source) -> dict[str, tuple[Any, ...]]:
    """Id, name and state of the package of each record, and the ids and addresses of its files."""
    model.Session.remove()
    package, record, file = model.package_table, tables.record, model.resource_table
    asked = sa.select(record.c.guid, package.c.id, package.c.name, package.c.extras["lifecycle"].astext)
    rows = model.Session.execute(
        asked.join_from(record, package, record.c.package_id == package.c.id).where(record.c.source_id == source.id)
    )
    found = {row[0]: tuple(row[1:]) for row in rows}
    files: dict[str, list[tuple[str, str]]] = {}
    for row in model.Session.execute(
        sa.select(file.c.package_id, file.c.id, file.c.url).where(file.c.state == "active")
    ):
        files.setdefault(row[0], []).append((row[1], row[2]))
    return {guid: (*one, *sorted(files.get(one[0], []))) for guid, one in found.items()}


def writings() -> dict[str, list[tuple[str, ...]]]:
    """Versions of all rows that a write would change."""
    model.Session.remove()
    known = {row[0] for row in model.Session.execute(sa.text("SELECT tablename FROM pg_tables"))}
    found = {}
    for name in known.intersection(WRITTEN):
        rows = model.Session.execute(sa.text(f"SELECT xmin::text, ctid::text FROM {name} ORDER BY 1, 2"))
        found[name] = [tuple(row) for row in rows]
    return found


def figures(report: Report, *names: str) -> list[int]:
    assert report.state == "finished", (report.failed, report.stopped)
    return [report.figures()[name] for name in names]


# --- nights ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Nights:
    """What each run of one source said and what was here then. Nothing is judged before the tests do."""

    source: Source
    catalogue: Catalogue
    first: Report
    requests: int
    seconds: float
    packages: dict[str, dict[str, Any]]
    quiet: tuple[tuple[Report, bool], ...]
    before: dict[str, tuple[Any, ...]]
    changed: tuple[GdiRecord, ...]
    removed: tuple[str, ...]
    added: tuple[GdiRecord, ...]
    transaction: Report
    after: dict[str, tuple[Any, ...]]
    lost: tuple[str, ...]
    stopped: Report
    after_stop: dict[str, tuple[Any, ...]]
    confirmed: tuple[Report, Report]
    returned: Report
    last: dict[str, tuple[Any, ...]]


@pytest.fixture(scope="module")
def nights(pycsw: None, fresh: None, tmp_path_factory: pytest.TempPathFactory) -> Nights:
    with PycswServer(tmp_path_factory.mktemp("pycsw")) as server:
        return _lived(server)


def _lived(server: PycswServer) -> Nights:
    today = date.today()
    catalogue = invented(today)
    server.load(catalogue.documents)
    offices, plans = _offices()
    source = new_source(server.address, organisations=offices, series={"bebauungsplan": plans})
    asked, began = server.requests, time.monotonic()
    first = go(source, today)
    requests, seconds, here = server.requests - asked, time.monotonic() - began, packages(source)

    quiet = [_quietly(source, today)]
    tomorrow = today + timedelta(days=1)
    server.load(invented(tomorrow).documents)
    quiet.append(_quietly(source, tomorrow))

    before = addresses(source)
    families = [[*dataset(tomorrow, "mainz", number)] for number in range(DATASETS)]
    families = [one for one in families if one[0].expected and one[0].expected.arrives]
    changed = tuple(next(dataset(tomorrow, "mainz", _number(one), "Neuer Titel")) for one in families[:CHANGED])
    removed, added = families[CHANGED : CHANGED + REMOVED], _more(tomorrow)
    _transact(server, changed, removed, added)
    transaction = go(source, tomorrow)
    after = addresses(source)

    lost = families[CHANGED + REMOVED :][: len(before) * 4 // 10]
    gone = {record.id for family in [*removed, *lost] for record in family}
    whole = {**invented(tomorrow).records, **{one.id: one for one in (*changed, *itertools.chain(*added))}}
    server.load([one.document for id, one in whole.items() if id not in gone])
    stopped = go(source, tomorrow)
    after_stop = addresses(source)
    confirmed = (go(source, tomorrow, confirmed=True), go(source, tomorrow, confirmed=True))
    server.load([one.document for one in whole.values()])
    returned = go(source, tomorrow)
    return Nights(source, catalogue, first, requests, seconds, here, tuple(quiet), before, changed,
                  tuple(one[0].id for one in removed), tuple(one[0] for one in added), transaction, after,
                  tuple(one[0].id for one in lost), stopped, after_stop, confirmed, returned,
                  addresses(source))  # fmt: skip


def _offices() -> tuple[dict[str, str], str]:
    """The office that some records name as their publisher, and a series for the plans."""
    office = organization(title=PUBLISHER, contact_email="umwelt@mainz.example", name="umweltamt")
    series = {"type": "dataset_series", "title": "Bebauungspläne", "notes": "Alle Pläne.", "owner_org": office}
    return {PUBLISHER: "umweltamt"}, act("", "package_create", {"name": "bebauungsplaene", **series})["name"]


def _quietly(source: Source, today: date) -> tuple[Report, bool]:
    """A run, and whether it has written nothing."""
    before = writings()
    report = go(source, today)
    return report, writings() == before


def _number(family: list[GdiRecord]) -> int:
    """The number of a dataset, which its name does not tell."""
    wanted = family[0].id
    return next(number for number in range(DATASETS) if next(dataset(date.today(), "mainz", number)).id == wanted)


def _more(today: date) -> list[list[GdiRecord]]:
    found = ([*dataset(today, "mainz", number)] for number in itertools.count(DATASETS))
    return [*itertools.islice((one for one in found if one[0].expected and one[0].expected.arrives), ADDED)]


def _transact(
    server: PycswServer, changed: tuple[GdiRecord, ...], removed: list[list[GdiRecord]], added: list[list[GdiRecord]]
) -> None:
    for one in changed:
        server.update(one.document)
    for one in itertools.chain(*removed):
        server.delete(one.id)
    for one in itertools.chain(*added):
        server.insert(one.document)


def differing(nights: Nights, said: Callable[[dict[str, Any]], Any], wanted: Callable[[Any], Any]) -> list[Any]:
    """Records of which the portal says something else than expected."""
    return [
        (guid, nights.packages[guid]["title"], said(nights.packages[guid]), wanted(expected))
        for guid, expected in nights.catalogue.arriving.items()
        if guid in nights.packages and said(nights.packages[guid]) != wanted(expected)
    ]


def last_parts(uris: Any) -> frozenset[str]:
    return frozenset(str(one).rpartition("/")[2] for one in uris or [])


# --- the first night -------------------------------------------------------------------------------------------------


def test_all_that_should_arrive_arrives_and_nothing_else(nights: Nights, record_testsuite_property: Any) -> None:
    told = f"{len(nights.catalogue.records)} records, {len(nights.packages)} packages, {nights.requests} requests, " \
           f"{nights.seconds:.0f} s"  # fmt: skip
    record_testsuite_property("harvest of a pycsw", told)
    print(told)
    assert len(nights.catalogue.records) >= 700
    assert nights.first.complete
    assert figures(nights.first, "failed") == [0], nights.first.entries
    assert set(nights.packages) == set(nights.catalogue.arriving)
    assert nights.first.figures()["created"] == len(nights.catalogue.arriving)
    skipped = len(nights.catalogue.expected) - len(nights.catalogue.arriving)
    assert nights.first.figures()["skipped"] == skipped


def test_what_is_skipped_says_why(nights: Nights) -> None:
    assert [one for one in nights.first.entries if str(one.outcome) == "skipped" and not one.reasons] == []


def test_a_service_that_belongs_to_no_dataset_is_a_record_of_its_own(nights: Nights) -> None:
    assert differing(nights, lambda package: package["type"], lambda expected: expected.type) == []
    assert Counter(one["type"] for one in nights.packages.values())["data_service"] > 20


def test_every_coupled_service_is_once_at_each_of_its_datasets(nights: Nights) -> None:
    marks = {mark for one in nights.catalogue.arriving.values() for mark in one.services}
    assert len(marks) > 300

    def services(package: dict[str, Any]) -> list[str]:
        rows = [row for file in package["resources"] for row in file.get("access_services") or []]
        found = [mark for row in rows for mark in marks if mark in row["endpoint_url"]]
        return sorted([*found, *(["another one"] * (len(rows) - len(found)))])

    assert differing(nights, services, lambda expected: sorted(expected.services)) == []


def files(package: dict[str, Any]) -> set[str]:
    return {one["url"] for one in package["resources"] if not one.get("access_services")}


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (lambda package: package.get("license_id") or "", lambda expected: expected.license),
        (lambda package: last_parts(package.get("theme")), lambda expected: expected.themes),
        (lambda package: str(package.get("frequency") or "").rpartition("/")[2], lambda expected: expected.frequency),
        (lambda package: last_parts(package.get("hvd_category")), lambda expected: expected.hvd),
        (lambda package: bool(package.get("legal_basis")), lambda expected: bool(expected.hvd)),
        (lambda package: package["title"], lambda expected: expected.title),
        (lambda package: package["organization"]["title"], lambda expected: expected.publisher or OWNER),
        (files, lambda expected: expected.files),
        (lambda package: bool(package.get("in_series")), lambda expected: "Bebauungsplan" in expected.title),
    ],
    ids=[
        "licence",
        "themes",
        "frequency",
        "categories of high-value datasets",
        "law with the category",
        "title",
        "organisation",
        "files",
        "series of plans",
    ],
)
def test_the_portal_says_what_the_record_means(nights: Nights, said: Any, wanted: Any) -> None:
    assert differing(nights, said, wanted) == []


def test_boxes_lie_in_the_city_however_they_were_written(nights: Nights) -> None:
    """Where a record says the whole world, the box is that of the city."""

    def area(package: dict[str, Any]) -> tuple[bool, bool]:
        given = [row["bbox"] for row in package["spatial_coverage"] if row.get("bbox")]
        boxes = [[float(one) for one in NUMBER.findall(box)] for box in given]
        inside = all(
            8.1 < x < 8.4 and 49.8 < y < 50.1 for box in boxes for x, y in zip(box[::2], box[1::2], strict=True)
        )
        return inside, min(max(box[::2]) - min(box[::2]) for box in boxes) < 0.1

    datasets = {guid: one for guid, one in nights.catalogue.arriving.items() if one.type == "dataset"}
    wrong = [
        (guid, nights.packages[guid]["spatial_coverage"])
        for guid, one in datasets.items()
        if area(nights.packages[guid]) != (True, one.boxed)
    ]
    assert wrong == []


def test_no_computed_date_is_taken_for_one(nights: Nights) -> None:
    days = {(date.today() - timedelta(days=back)).isoformat() for back in (0, 1, 7, 14, 31, 92, 184, 366)}
    texts = {(guid, str(one.get("modified"))[:10]) for guid, one in nights.packages.items()}
    ends = {(guid, str(row.get("end"))[:10]) for guid, one in nights.packages.items()
            for row in one.get("temporal_coverage") or []}  # fmt: skip
    assert [pair for pair in texts | ends if pair[1] in days] == []


def test_no_person_is_in_any_record(nights: Nights) -> None:
    assert all(word in str(nights.catalogue.documents).lower() for word in PLANTED)
    found = [(guid, word) for guid, one in nights.packages.items() for word in PLANTED
             if word in json.dumps(one, ensure_ascii=False).lower()]  # fmt: skip
    assert found == []


def test_a_record_with_a_licence_and_whom_to_name_is_public(nights: Nights) -> None:
    waiting = {one.guid for one in nights.first.entries if one.waits}
    free = {guid for guid, one in nights.packages.items() if one.get("license_id") and one.get("theme")}
    assert [(guid, nights.packages[guid]["title"]) for guid in free & waiting] == []
    assert {guid for guid, one in nights.packages.items() if not one["private"]} == set(nights.packages) - waiting
    assert {guid for guid, one in nights.catalogue.arriving.items() if not one.license} <= waiting


def test_a_whole_catalogue_costs_few_requests(nights: Nights) -> None:
    assert nights.requests <= MOST_REQUESTS
    assert nights.seconds < 120


# --- the nights after ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("night", [0, 1], ids=["at once", "a day later with new computed dates"])
def test_another_run_writes_nothing(nights: Nights, night: int) -> None:
    report, wrote_nothing = nights.quiet[night]
    assert figures(report, "created", "changed", "missing", "archived", "failed") == [0] * 5, report.entries
    assert report.figures()["unchanged"] == len(nights.catalogue.arriving)
    assert wrote_nothing


def test_exactly_what_changed_is_written(nights: Nights) -> None:
    assert figures(nights.transaction, "changed", "missing", "created", "archived", "failed") == [
        CHANGED, REMOVED, ADDED, 0, 0]  # fmt: skip
    by_outcome = {str(one.guid): str(one.outcome) for one in nights.transaction.entries}
    assert {guid for guid, outcome in by_outcome.items() if outcome == "missing"} == set(nights.removed)
    assert {guid for guid, outcome in by_outcome.items() if outcome == "changed"} == {one.id for one in nights.changed}


def test_names_and_addresses_stay(nights: Nights) -> None:
    assert {guid: nights.after[guid] for guid in nights.before} == nights.before
    assert set(nights.after) - set(nights.before) == {one.id for one in nights.added}
    assert {guid: nights.last[guid] for guid in nights.after} == nights.after


def test_a_catalogue_that_has_lost_much_stops_the_run(nights: Nights) -> None:
    assert (nights.stopped.state, nights.stopped.complete) == ("stopped", True)
    assert nights.after_stop == nights.after
    assert len(nights.lost) > len(nights.before) // 3


def test_a_confirmed_run_counts_them_and_archives_after_several(nights: Nights) -> None:
    first, second = nights.confirmed
    many = len(nights.lost) + REMOVED
    assert figures(first, "missing", "archived", "created", "changed") == [many, 0, 0, 0]
    assert figures(second, "missing", "archived") == [len(nights.lost), REMOVED]


def test_what_comes_back_is_what_it_was(nights: Nights) -> None:
    assert figures(nights.returned, "created", "missing", "archived", "failed") == [0] * 4
    assert nights.last == nights.after


# --- what leaves the portal ------------------------------------------------------------------------------------------


def served(portal: LoadedPortal, ids: list[str]) -> list[bytes]:
    """The records as everybody gets them."""
    model.Session.remove()
    client = reader(portal)
    answers = [client.get(f"/dataset/{id}.ttl") for id in ids]
    assert {one.status_code for one in answers} <= {200}
    return [one.data for one in answers]


def merged(documents: list[bytes]) -> Graph:
    said = Graph()
    for document in documents:
        said.parse(data=document, format="turtle")
    return said


def judged(said: Graph) -> Counter[Any]:
    """Violations and warnings of the shapes of DCAT-AP.de."""
    return findings((one.triple for one in parsed_rdf(said.serialize(format="nt"), RdfFormat.N_TRIPLES)), "v3")


def test_the_shapes_find_nothing_in_released_records(nights: Nights, portal: LoadedPortal) -> None:
    public = {guid: one for guid, one in nights.packages.items() if not one["private"]}
    special = [guid for guid, one in public.items() if one.get("hvd_category")][:10]
    alone = [guid for guid, one in public.items() if one["type"] == "data_service"][:5]
    chosen = [*dict.fromkeys([*special, *alone, *public])][:JUDGED]
    documents = served(portal, [public[guid]["id"] for guid in chosen])
    assert len(documents) == JUDGED
    assert not any(word in document.decode().lower() for document in documents for word in PLANTED)
    said = merged(documents)
    assert [one for one in said.subjects(RDF.type, DCAT.DataService) if (one, DCTERMS.publisher, None) not in said
            or (one, DCTERMS.license, None) not in said] == []  # fmt: skip
    assert max(Counter(said.objects(None, DCAT.distribution)).values()) == 1
    assert judged(said) == Counter()
    said.remove((None, DCTERMS.publisher, None))
    assert judged(said)


@pytest.mark.parametrize("left_out", ["", "dataset"], ids=["all", "services without their datasets"])
def test_real_records_are_imported_without_a_finding(server: PycswServer, portal: LoadedPortal, left_out: str) -> None:
    found = {id: document for id, level, document in _samples() if level != left_out}
    assert found
    server.load(found.values())
    source = new_source(server.address)
    report = go(source)
    assert figures(report, "failed") == [0], report.entries
    assert [one for one in report.entries if one.waits or not (one.package_id or one.reasons)] == []
    here = packages(source)
    print(report.figures(), [(one["type"], one["title"]) for one in here.values()])
    assert here
    assert judged(merged(served(portal, [one["id"] for one in here.values()]))) == Counter()


def _samples() -> Iterator[tuple[str, str, bytes]]:
    """Identifier, level and document of each real record beside the repository."""
    for path in sorted(shared(*SAMPLES).glob("*.xml")):
        for element in etree.parse(path).iter("{http://www.isotc211.org/2005/gmd}MD_Metadata"):
            level = element.find("{*}hierarchyLevel/*")
            id = element.findtext("{*}fileIdentifier/{*}CharacterString", "").strip()
            yield id, "" if level is None else level.get("codeListValue", ""), etree.tostring(element)


# --- other sources ---------------------------------------------------------------------------------------------------


def test_what_two_catalogues_have_is_one_package(
    server: PycswServer, tmp_path_factory: pytest.TempPathFactory, portal: LoadedPortal
) -> None:
    ours, other = (invented(date.today(), "zwei", number, 0) for number in (24, 12))
    theirs = Catalogue({**other.records, **invented(date.today(), "land", 12, 0).records})
    with PycswServer(tmp_path_factory.mktemp("land")) as second:
        server.load(ours.documents)
        second.load(theirs.documents)
        first_source, second_source = new_source(server.address), new_source(second.address)
        assert figures(go(first_source), "created") == [len(ours.arriving)]
        before = addresses(first_source)
        report = go(second_source)
        assert figures(report, "created", "failed") == [len(theirs.arriving) - len(other.arriving), 0]
        assert len(other.arriving) > 6
        assert addresses(first_source) == before
        assert {guid: addresses(second_source)[guid] for guid in other.arriving} == {
            guid: before[guid] for guid in other.arriving}  # fmt: skip
        assert figures(go(second_source), "created", "changed") == [0, 0]


def test_a_run_that_was_killed_goes_on_without_doubles(server: PycswServer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    create, made = delivering.create, itertools.count(1)

    def killed(*given: Any) -> Any:
        if next(made) > 8:
            raise Killed
        return create(*given)

    catalogue = invented(date.today(), "abbruch", 24, 4)
    server.load(catalogue.documents)
    source = new_source(server.address)
    monkeypatch.setattr(delivering, "create", killed)
    with pytest.raises(Killed):
        go(source)
    monkeypatch.undo()
    assert figures(go(source), "created", "unchanged") == [len(catalogue.arriving) - 8, 8]
    here = addresses(source)
    assert set(here) == set(catalogue.arriving)
    titles = [one["title"] for one in packages(source).values()]
    found = model.Session.query(model.Package).filter(model.Package.title.in_(titles)).count()
    assert (found, len({one[0] for one in here.values()})) == (len(titles), len(titles))


# --- odd records -----------------------------------------------------------------------------------------------------


def test_a_thousand_mutated_copies_are_mapped_or_refused_with_a_reason(portal: LoadedPortal) -> None:
    documents = itertools.islice(itertools.cycle(invented(date.today()).documents[::3]), 1000)
    outcomes: Counter[str] = Counter()
    for document in mutated(documents):
        try:
            record = iso.read(xml.parse(document, source="CSW"))
        except ReadableError:
            outcomes["no XML"] += 1
            continue
        map_ = mapping.map_service if record.is_service else _map_alone
        found = map_(record, GdiSettings("amt"), date.today())
        assert found.package or found.skip, document
        wrong = validated.errors(found.package).keys() if found.package else set()
        assert wrong <= ({("license_id",)} if found.license_missing else set()), document
        outcomes["package" if found.package else str(found.skip and found.skip.reason)] += 1
    print(outcomes)
    assert outcomes["package"] > 500
    assert outcomes["no XML"] < 200


def _map_alone(record: iso.IsoRecord, settings: GdiSettings, today: date) -> Any:
    return mapping.map_dataset(record, [], settings, today)
