"""Whatever a record says, there is a package that would be saved, or a reason why there is none."""

from __future__ import annotations

import random
import re
from datetime import date

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.unit.harvest.gdi import records as r
from tests.unit.harvest.gdi import validated
from tests.unit.harvest.gdi.test_samples import NAMES, sample

from ckanext.mainz.foundation import xml
from ckanext.mainz.foundation.xml import XmlError
from ckanext.mainz.harvest.gdi import addresses, coupling, fingerprint, iso, licences, mapping, prose
from ckanext.mainz.harvest.gdi.iso import IsoRecord
from ckanext.mainz.harvest.gdi.iso_shapes import OnlineResource
from ckanext.mainz.harvest.gdi.mapped import Mapped
from ckanext.mainz.harvest.gdi.settings import GdiSettings, Openness

ALL = GdiSettings("amt-62", openness=Openness.ALL, take_closed=True)
XML_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"))
ODD = st.sampled_from(
    [
        *(
            "",
            " ",
            "-",
            "keine",
            "0",
            "NaN",
            "inf",
            "1e309",
            "9" * 50,
            "٣",
            "8,2",
            "-180",
            "49.95",
            "2026-13-45",
            "9999",
        ),
        *("{", '{"id":', '{"id": null, "quelle": []}', '{"id": "dl-de-by-2.0",}', "[" * 5000, "{" * 3000),
        *("http://[", "https://", "HTTP://A.example:99999/x", "https://a.example/%zz", "javascript:alert(1)"),
        *("https://a.example/wms?SERVICE=WMS&LAYER_ID=9" + "9" * 5000, "https://ä ö.example/ü", "//a", "mailto:a@b.de"),
        *(
            "<br>" * 50,
            "&amp;" * 50,
            "a" * 60_000,
            "\u202e\u200b",
            "Erika Muster",
            "e.muster@a.example",
            "a@b",
            ",;|" * 99,
        ),
        *("http://data.europa.eu/bna/c_zzzzzzzz", "urn:x:y", "EPSG:", "0", "1970-01-01", "TRUE", "dataset", "service"),
    ]
)
VALUES = ODD | XML_TEXT
PARTS = {
    "title": VALUES.map(lambda one: r.text("title", one)),
    "abstract": VALUES.map(lambda one: r.text("abstract", one)),
    "file_identifier": VALUES.map(lambda one: r.text("fileIdentifier", one)),
    "parent": VALUES.map(lambda one: r.text("parentIdentifier", one)),
    "level": VALUES.map(lambda one: r.code("hierarchyLevel", "MD_ScopeCode", one)),
    "date_stamp": VALUES.map(lambda one: r.text("dateStamp", one)),
    "identifiers": st.builds(r.identifier, VALUES, VALUES),
    "contacts": st.builds(
        lambda role, name, mail, url: r.party(role, name, name=mail, mail=mail, phone=name, url=url),
        st.sampled_from(["pointOfContact", "publisher", "author", "custodian", "x"]),
        *(VALUES, VALUES, VALUES),
    ),
    "keywords": st.lists(VALUES.map(lambda one: r.text("keyword", one)), max_size=4).flatmap(
        lambda words: VALUES.map(lambda title: r.keywords(*words, thesaurus=r.text("title", title)))
    ),
    "topics": VALUES.map(lambda one: r.text("topicCategory", one)),
    "constraints": st.lists(VALUES.map(lambda one: r.text("otherConstraints", one)), max_size=3).map(
        lambda others: r.constraints(*others)
    ),
    "frequency": VALUES.map(r.frequency),
    "extents": st.builds(
        lambda a, b, c, d: r.text("x", a) + _box(a, b, c, d) + _polygon(f"{a} {b} {c} {d}"),
        VALUES,
        VALUES,
        VALUES,
        VALUES,
    ),
    "supplemental": VALUES.map(lambda one: r.text("supplementalInformation", one)),
    "distribution": st.lists(st.builds(r.online, VALUES, VALUES, VALUES, VALUES, VALUES), max_size=3).flatmap(
        lambda found: VALUES.map(lambda one: r.distribution(r.file_format(one, one), r.transfer(*found)))
    ),
}


def _box(*sides: str) -> str:
    return r.box(*(re.sub(r"[<>&]", "", side) for side in sides))


def _polygon(points: str) -> str:
    return r.polygon(re.sub(r"[<>&]", "", points))


def judged(record: IsoRecord, settings_: GdiSettings = ALL, *services: IsoRecord) -> Mapped:
    """The record mapped; fails where it is neither a package that would be saved nor has a reason."""
    found = (
        mapping.map_service(record, settings_, r.TODAY)
        if record.is_service
        else mapping.map_dataset(record, services, settings_, r.TODAY)
    )
    if found.skip:
        assert found.skip.text()
        assert found.package == {}
    else:
        wrong = validated.errors(found.package)
        expected = {("license_id",)} if found.license_missing else set()
        assert set(wrong) - expected == set(), wrong
    assert all(isinstance(one.text(), str) for one in found.problems)
    assert len(fingerprint.fingerprint(found)) == 64
    return found


def test_the_validators_would_see_what_is_wrong():
    package = r.package()
    package["contact"][0]["email"] = "keine"
    package["resources"][0]["url"] = "javascript:alert(1)"
    package["frequenz"] = "x"
    package["spatial_coverage"][1]["bbox"] = "POLYGON"
    assert len(validated.errors(package)) == 4


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.fixed_dictionaries({}, optional=PARTS))
def test_a_dataset_of_any_parts(changes: dict[str, str]):
    judged(r.dataset(**changes))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(VALUES, VALUES, VALUES, VALUES)
def test_a_service_of_any_parts_alone_and_with_its_dataset(url: str, kind: str, uuidref: str, href: str):
    plain = re.sub(r"[<>&]", "", kind)
    service = r.service(
        operations=r.operation("GetCapabilities", url),
        service_type=r.service_type(plain, plain),
        operates_on=r.operates_on(uuidref, href),
    )
    judged(service)
    judged(r.dataset(), ALL, service)
    coupling.couple([coupling.dataset_of(r.dataset())], [coupling.service_of(service)])


NODES = re.compile(r"<[^<>]+>[^<>]*")


def mutated(document: str, dice: random.Random) -> str:
    """A copy with some tags or texts taken away, doubled, moved or exchanged."""
    nodes = NODES.findall(document)
    for _ in range(dice.randint(1, 4)):
        if not nodes:
            break
        one, other = dice.randrange(len(nodes)), dice.randrange(len(nodes))
        how = dice.randrange(5)
        if how == 0:
            nodes[one], nodes[other] = nodes[other], nodes[one]
        elif how == 1:
            nodes[one] = re.sub(
                r">[^<>]*\Z", ">" + dice.choice(["", "x", "1970-01-01", "8,2", "{", "http://["]), nodes[one]
            )
        elif how == 2:
            nodes[one] = re.sub(r'"[^"]*"', '"x"', nodes[one])
        else:
            _cut(nodes, one, double=how == 3)
    return "".join(nodes)


def _cut(nodes: list[str], start: int, *, double: bool) -> None:
    """Takes an element with all in it away, or writes it twice."""
    depth = 0
    for end in range(start, len(nodes)):
        closing, alone = nodes[end].startswith("</"), nodes[end].partition(">")[0].endswith("/")
        depth += -1 if closing else 0 if alone else 1
        if depth <= 0:
            break
    else:
        return
    found = nodes[start : end + 1]
    nodes[start : end + 1] = [*found, *found] if double else []


def survives(document: str, seed: int) -> int:
    """How many copies out of a hundred were still XML; each of these has a package or a reason."""
    dice, read = random.Random(seed), 0
    for _ in range(100):
        try:
            root = xml.parse(mutated(document, dice).encode())
        except XmlError:
            continue
        read += 1
        for record in iso.records(root):
            judged(record)
    return read


def test_mutated_copies_of_our_records():
    assert survives(r.dataset_document().decode(), 1) > 30
    assert survives(r.service_document().decode(), 2) > 30


def test_mutated_copies_of_real_records():
    for seed, name in enumerate(NAMES):
        text = xml.etree.tostring(xml.parse(sample(name)), encoding="unicode")
        assert survives(text, seed) > 10


@settings(max_examples=300, deadline=None)
@example("{" * 9000)
@given(VALUES)
def test_no_text_breaks_the_readers_of_single_values(text: str):
    assert addresses.link(OnlineResource(text)).kind
    assert addresses.mended(text) == addresses.mended(addresses.mended(text))
    assert addresses.base(text if "[" not in text else "x") is not None
    assert licences.find(text) is None or text.strip()
    assert len(prose.shortened(prose.one_line(text))) <= 200


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_the_order_of_what_has_no_order_makes_no_difference(dice: random.Random, today: date):
    words = ["opendata", "Bäume", "Parks", "Stadtgrün"]
    boxes = [r.box("8.2", "8.25", "49.95", "50"), r.box("8.22", "8.3", "49.9", "49.97")]
    one = r.mapped(keywords=r.keywords(*words), extents="".join(boxes), today=today)
    dice.shuffle(words)
    dice.shuffle(boxes)
    other = r.mapped(keywords=r.keywords(*words), extents="".join(boxes), today=today)
    assert fingerprint.fingerprint(one) == fingerprint.fingerprint(other)
