"""Catalogues of other portals on this machine: DCAT in three forms and in pages, and a CKAN; with invented records.

    with CatalogueServer() as portal:
        url = portal.catalogue([dataset(1), dataset(2)])
        url = portal.paged([dataset(n) for n in range(250)], size=100, fault="short")
        url = portal.ckan([record(n) for n in range(250)], cap=50)

Faults of pages and of CKAN stand at `CatalogueServer.paged` and `CatalogueServer.ckan`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qs

from pyoxigraph import BlankNode, Quad, RdfFormat, Triple, parse, serialize
from tests.kit.misbehaving_server import LOGIN_PAGE, Behaviour, MisbehavingServer, Visit, answer, status

BASE = "https://daten.stadt.example"
PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
BY = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
FORMS = {"ttl": RdfFormat.TURTLE, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}
JsonDict = dict[str, Any]


# --- DCAT -------------------------------------------------------------------------------------------------------------


def uri(number: int) -> str:
    return f"{BASE}/dataset/{number}"


def dataset(number: int, *statements: str, license: str = f"<{BY}>", about: str = "", title: str = "") -> str:
    """A dataset with one file in Turtle; `statements` are more of it, such as ``dcat:keyword "Baum"``."""
    own = about or f"<{uri(number)}>"
    file = f"<{uri(number)}/file>"
    more = "".join(f" ; {one}" for one in statements)
    licensed = f" ; dct:license {license}" if license else ""
    return f"""
{own} a dcat:Dataset ; dct:title "{title or f"Straßenbäume {number}"}" ; dct:description "Bäume im Gebiet {number}." ;
  dcat:contactPoint [ a vcard:Kind ; vcard:fn "Amt für Statistik" ; vcard:hasEmail <mailto:statistik@stadt.example> ] ;
  dcat:distribution {file}{more} .
{file} a dcat:Distribution ; dct:title "Tabelle" ; dcat:accessURL <{uri(number)}/file.csv> ;
  dct:format <http://publications.europa.eu/resource/authority/file-type/CSV>{licensed} .
"""


def document(datasets: Sequence[str], *more: str) -> bytes:
    """A catalogue in Turtle."""
    listed = f"<{BASE}/> a <http://www.w3.org/ns/dcat#Catalog> ."
    return "\n".join([PREFIXES, listed, *datasets, *more]).encode()


def in_form(data: bytes, form: str) -> bytes:
    """The same document in another form of RDF."""
    return (
        serialize((one.triple for one in parse(data, RdfFormat.TURTLE, base_iri=f"{BASE}/")), format=FORMS[form]) or b""
    )


def shuffled(data: bytes, seed: int, form: RdfFormat = RdfFormat.TURTLE) -> bytes:
    """The same document with its statements in another order and all blank nodes renamed, as N-Triples."""
    dice = random.Random(seed)
    triples = [one.triple for one in parse(data, form, lenient=True)]
    names: dict[BlankNode, BlankNode] = {}

    def renamed(node: Any) -> Any:
        return names.setdefault(node, BlankNode(f"x{dice.getrandbits(60):x}")) if isinstance(node, BlankNode) else node

    made = [Triple(renamed(one.subject), one.predicate, renamed(one.object)) for one in triples]
    dice.shuffle(made)
    return serialize(made, format=RdfFormat.N_TRIPLES) or b""


def quads(data: bytes, form: str) -> list[Quad]:
    return list(parse(data, FORMS[form], lenient=True))


# --- CKAN -------------------------------------------------------------------------------------------------------------


def record(number: int, **fields: Any) -> JsonDict:
    """A record as ``package_show`` gives it; ``extras`` may be given as an object."""
    id = f"00000000-0000-4000-8000-{number:012d}"
    file = {"id": f"{id[:-1]}f", "name": "Tabelle", "url": f"{BASE}/{number}.csv", "format": "CSV", "state": "active"}
    extras = fields.pop("extras", {})
    return {
        "id": id,
        "name": f"baeume-{number}",
        "title": f"Straßenbäume {number}",
        "notes": f"Bäume im Gebiet {number}.",
        "type": "dataset",
        "state": "active",
        "private": False,
        "license_id": "dl-de-by-2.0",
        "tags": [{"name": "Baum"}],
        "groups": [],
        "organization": {"name": "statistik", "title": "Amt für Statistik"},
        "resources": [file],
        "extras": [{"key": name, "value": value} for name, value in extras.items()],
        **fields,
    }


def result(value: Any) -> bytes:
    return json.dumps({"success": True, "result": value}).encode()


def refusal(kind: str, message: str) -> bytes:
    return json.dumps({"success": False, "error": {"__type": kind, "message": message}}).encode()


# --- the server -------------------------------------------------------------------------------------------------------


def _query(visit: Visit) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(visit.request.target.partition("?")[2]).items()}


class CatalogueServer(MisbehavingServer):
    """Plays other portals; all else is as with `MisbehavingServer`."""

    def catalogue(
        self, datasets: Sequence[str], *more: str, form: str = "ttl", content_type: str = "text/plain"
    ) -> str:
        """The address of one document with these datasets."""
        data = document(datasets, *more)
        body = data if form == "ttl" else in_form(data, form)
        return self.at("/catalogue", answer(body, content_type=content_type))

    def paged(self, datasets: Sequence[str], size: int = 10, fault: str = "", total: int | None = None) -> str:
        """The address of a catalogue in pages, in Hydra's words.

        Faults: ``endless`` (there is always a next page), ``back`` (the last page leads to the first), ``silent``
        (pages without a word of Hydra), ``status`` (the second page is a 504), ``login`` (it is a login page),
        ``inner`` (links lead to a name that only the portal knows), ``gone`` (the second page is cut off), ``overlap``
        (a page brings records of the one before instead of its own).
        """

        def behave(visit: Visit) -> None:
            page = int(_query(visit).get("page", "1"))
            self._page(page, datasets, size, fault, total)(visit)

        return self.at("/catalog.ttl", behave)

    def _page(self, page: int, datasets: Sequence[str], size: int, fault: str, total: int | None) -> Behaviour:
        broken = {"status": status(504), "login": answer(LOGIN_PAGE), "gone": answer(document([dataset(1)])[:-30])}
        if page == 2 and fault in broken:
            return broken[fault]
        first = (page - 1 - (page == 2 and fault == "overlap")) * size
        part = datasets[first : first + size]
        links = "" if fault == "silent" else self._links(page, len(datasets), size, fault, total)
        return answer(document(part, links))

    def _links(self, page: int, count: int, size: int, fault: str, total: int | None) -> str:
        last = max(1, -(-count // size))
        here = "http://ckan:5000/catalog.ttl" if fault == "inner" else self.url("/catalog.ttl")
        following = {"endless": page + 1, "back": 1}.get(fault) if page >= last else page + 1
        link = f' ; hydra:next "{here}?page={following}"' if following else ""
        items = count if total is None else total
        return f"<{here}?page={page}> a hydra:PagedCollection ; hydra:totalItems {items}{link} ."

    def ckan(
        self,
        records: Sequence[JsonDict],
        *,
        cap: int = 1000,
        counted: Callable[[int], int] = lambda count: count,
        fault: str = "",
        hidden: Sequence[str] = (),
    ) -> str:
        """The address of a CKAN with these records, of which a page has at most `cap`; `counted` is how it counts.

        Faults: ``same`` (start is ignored), ``no search`` (package_search is not there), ``broken`` (a page with the
        fourth record is a 500), ``moving`` (each request has one record more), ``login`` (a page with the status 200).
        Records `hidden` are named by package_list and shown to nobody.
        """
        moving = list(records)

        def search(visit: Visit) -> None:
            asked = _query(visit)
            start, rows = int(asked.get("start", "0")), min(int(asked.get("rows", "10")), cap)
            if fault == "moving":
                moving.append(record(1000 + len(moving)))
            ordered = sorted(moving, key=lambda one: one["id"])
            found = ordered[:rows] if fault == "same" else ordered[start : start + rows]
            if fault == "broken" and ordered[3] in found:
                return status(500)(visit)
            if fault == "login":
                return answer(LOGIN_PAGE)(visit)
            if fault == "no search":
                return answer(refusal("Not Found", "Action name not known"), status=404)(visit)
            return answer(result({"count": counted(len(ordered)), "results": found}))(visit)

        def show(visit: Visit) -> None:
            asked = _query(visit)["id"]
            found = next((one for one in records if asked in (one["id"], one["name"])), None)
            body = result(found) if found else refusal("Authorization Error", "Access denied")
            answer(body, status=200 if found else 403)(visit)

        self.at("/api/3/action/package_search", search)
        self.at("/api/3/action/package_show", show)
        self.at("/api/3/action/package_list", answer(result([*(one["name"] for one in records), *hidden])))
        return self.url("/")
