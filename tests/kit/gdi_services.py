"""Services of the invented catalogue: a record for each layer, as Mapbender has them, and those of other programs."""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.kit.gdi_choices import BY, GIVEN, SURNAME, php
from tests.unit.harvest.gdi import records as r

PORTAL = "https://geoportal.mainz.example"
HALF = 2


@dataclass(frozen=True)
class Made:
    """A record of a service. `marks` are parts of its address by which it is told apart, empty where its record tells
    no service that is not told already; `license` and `themes` are codes."""

    id: str
    document: bytes
    marks: tuple[str, ...] = ()
    license: str = ""
    themes: tuple[str, ...] = ()
    title: str = ""


def coupled(
    dice: random.Random, seed: str, number: int, title: str, data_id: str, file_id: str, expected: Any
) -> list[Made]:
    """The services of a dataset: none, layers of a WMS, and some of the others."""
    given = _Dataset(seed, number, title, data_id, file_id, expected.license)
    found = [*given.layers(1 + (number % 5 == 0))] if number % 5 != 1 else []
    found += [given.secured()] if number % 50 == 7 else []
    found += [given.features()] if number % 3 == 0 else []
    found += [given.api()] if number % 8 == 2 else []
    found += [given.feed()] if number % 7 == 4 else []
    dice.shuffle(found)
    return found


@dataclass(frozen=True)
class _Dataset:
    """The dataset that services belong to."""

    seed: str
    number: int
    title: str
    data_id: str
    file_id: str
    license: str

    def layers(self, count: int) -> Iterator[Made]:
        """Several layers of one WMS are one service, at the address of the first."""
        for layer in range(count):
            mark = f"layer_id={10_000 + self.number * 10 + layer}&"
            url = f"{PORTAL}/mapbender/php/wms.php?inspire=1&{mark}withChilds=1&REQUEST=GetCapabilities&SERVICE=WMS"
            name = f"Kartendienst {self.title} - Ebene {layer}"
            yield self._made(f"wms{layer}", name, ("view", "OGC:WMS 1.3.0"), url, () if layer else (mark.rstrip("&"),))

    def secured(self) -> Made:
        """Behind a login; nobody gets it."""
        url = f"{PORTAL}/http_auth/{self.number}?REQUEST=GetCapabilities&SERVICE=WFS"
        return self._made("secured", f"Gesichert {self.title}", ("download", "OGC:WFS 2.0.0"), url, ())

    def features(self) -> Made:
        """Under capabilities with ampersands that are escaped twice."""
        mark = f"/ows/{10_000 + self.number}/wfs"
        url = f"https://geo.mainz.example{mark}?SERVICE=WFS&amp;REQUEST=GetCapabilities&amp;VERSION=2.0.0"
        return self._made("wfs", f"Downloaddienst {self.title}", ("download", "WFS 2.0.0"), url, (mark,))

    def api(self) -> Made:
        """The address of a collection; the service is its landing page."""
        mark = f"/ogcapi/d{10_000 + self.number}"
        url = f"https://geo.mainz.example{mark}/collections/daten"
        return self._made("api", f"OGC API {self.title}", ("download", "ogcapifeatures"), url, (mark,))

    def feed(self) -> Made:
        mark = f"generateFrom=dataset&id={10_000 + self.number}"
        url = f"{PORTAL}/mapbender/plugins/mod_inspireDownloadFeed.php?{mark}"
        name = f"INSPIRE Download Service (predefined ATOM) für Datensatz {self.title}"
        return self._made("atom", name, ("download", "predefined ATOM"), url, (mark,))

    def _made(self, kind: str, title: str, type: tuple[str, str], url: str, marks: tuple[str, ...]) -> Made:
        licence = php(self.license, "") if self.license else ("keine",)
        id = str(uuid.UUID(hashlib.md5(f"{self.seed} {kind}".encode()).hexdigest()))
        parts = _parts(id, title, type, url, r.constraints(*licence), operates_on=self._coupling(kind))
        return Made(id, r.document(parts, "srv:SV_ServiceIdentification"), marks)

    def _coupling(self, kind: str) -> str:
        """As Mapbender does it, with both attributes, and as others do."""
        checksum = hashlib.md5(self.data_id.encode()).hexdigest()
        mapbender = f"{PORTAL}/mapbender/php/mod_dataISOMetadata.php?outputFormat=iso19139&id={self.file_id}"
        by_id = "https://geo.mainz.example/csw?REQUEST=GetRecordById&SERVICE=CSW&Id="
        ways = (
            r.operates_on(self.data_id, f"{mapbender}#spatial_dataset_{checksum}"),
            r.operates_on(href=f"{by_id}{self.file_id}"),
            r.operates_on(self.file_id.upper()),
            r.operates_on(href=self.data_id.replace("https:", "http:") + "/"),
            r.operates_on(self.file_id, f"{by_id}{self.file_id}"),
        )
        return ways[(self.number + len(kind)) % len(ways)]


def uncoupled(dice: random.Random, id: str, number: int) -> Made:
    """A service of no dataset of the catalogue, some for data elsewhere; every fifth is not open."""
    is_open = number % 5 != HALF
    target = r.operates_on(href=f"https://doi.org/10.9999/anderswo.{number}") if number % 3 == 0 else ""
    url = f"https://geo.mainz.example/frei/{10_000 + number}/wms?SERVICE=WMS&REQUEST=GetCapabilities"
    constraints = r.constraints(*(php("dl-de-by-2.0", BY) if is_open else ("Auf Anfrage.",)))
    topic = "<gmd:topicCategory><gmd:MD_TopicCategoryCode>environment</gmd:MD_TopicCategoryCode></gmd:topicCategory>"
    themed = {"topics": topic} if number % 2 else {}
    title = f"Freier Kartendienst {dice.randrange(100)} {id[:8]}"
    parts = _parts(id, title, ("view", "OGC:WMS 1.3.0"), url, constraints, operates_on=target, **themed)
    document = r.document(parts, "srv:SV_ServiceIdentification")
    return Made(id, document, (), "dl-de-by-2.0" if is_open else "", ("ENVI",) if themed else (), title)


def _parts(id: str, title: str, type: tuple[str, str], url: str, constraints: str, **more: str) -> dict[str, str]:
    person = r.party("pointOfContact", name=f"{GIVEN} {SURNAME}", mail=f"u{SURNAME.lower()}@mainz.example")
    return {
        "file_identifier": r.text("fileIdentifier", id),
        "language": r.code("language", "LanguageCode", "ger"),
        "level": r.code("hierarchyLevel", "MD_ScopeCode", "service"),
        "contact": r.party("pointOfContact", "Vermessungsamt Mainz", mail="geodaten@mainz.example", at="contact"),
        "date_stamp": "<gmd:dateStamp><gco:Date>2025-03-02</gco:Date></gmd:dateStamp>",
        "title": r.text("title", title),
        "abstract": r.text("abstract", f"{title}: zum Ansehen und Weiterverwenden."),
        "contacts": person + r.party("publisher", "Vermessungsamt Mainz", mail="geodaten@mainz.example"),
        "keywords": r.keywords("infoMapAccessService") + r.keywords(),
        "constraints": constraints,
        "service_type": r.service_type(*type),
        "operations": r.operation("GetCapabilities", url),
        **more,
    }
