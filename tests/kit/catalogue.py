"""Records for tests of the catalogue, and what its documents say, read by a reader that is not the portal's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ckan.model as model
from ckan.tests import factories
from ckan.tests.helpers import call_action
from rdflib import DCAT, RDF, Graph, Literal, Namespace
from sqlalchemy import text
from tests.kit import records
from tests.kit.people import LICENSE
from tests.kit.services import SITE_URL, LoadedPortal
from werkzeug.test import Client, TestResponse

from ckanext.mainz.metadata.catalogue import memory, quick
from ckanext.mainz.portal import delivery

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
AUTHORITY = "http://publications.europa.eu/resource/authority/"
READABLE = {"ttl": "turtle", "rdf": "xml", "xml": "xml", "jsonld": "json-ld", "nt": "nt", "n3": "n3"}


class Reader(Client):
    """Somebody who takes answers as a whole, as the web server does; what is done after an answer has left is done."""

    def open(self, *arguments: Any, **more: Any) -> TestResponse:
        return super().open(*arguments, **{"buffered": True, **more})


def reader(portal: LoadedPortal) -> Reader:
    """Somebody who is not signed in, behind the same layers as on a real server."""
    return Reader(memory.wrap(delivery.wrap(quick.wrap(portal.app))))


def office(name: str = "amt-67", title: str = "Grün- und Umweltamt", **fields: Any) -> dict[str, Any]:
    return factories.Organization(name=name, title=title, **fields)


def made(
    owner: dict[str, Any], title: str, type: str = "dataset", *, public: bool = True, **fields: Any
) -> dict[str, Any]:
    """A record with all that its form asks for; a public one unless asked otherwise."""
    own = {
        "dataset": {
            "license_id": LICENSE,
            "theme": [AUTHORITY + "data-theme/ENVI"],
            "frequency": AUTHORITY + "frequency/ANNUAL",
            "resources": [{"url": "https://amt.example/daten.csv", "name": "Tabelle", "format": "CSV"}],
        },
        "data_service": {"license_id": LICENSE, "endpoint_url": "https://amt.example/wms"},
    }.get(type, {})
    values = {"title": title, "notes": f"{title} der Stadt.", "owner_org": owner["id"], **own, **fields}
    return records.create(public=public, type=type, **values)


def uri(record: dict[str, Any]) -> str:
    return f"{SITE_URL}/dataset/{record['id']}"


def graph(answer: TestResponse, ending: str = "ttl") -> Graph:
    """What a document says. Fails where the answer is none."""
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    return Graph().parse(data=answer.data, format=READABLE[ending])


def datasets(said: Graph) -> set[str]:
    """Addresses of the datasets that a document describes."""
    return {str(one) for one in said.subjects(RDF.type, DCAT.Dataset)}


def titles(said: Graph) -> set[str]:
    """All texts in a document that could be a title."""
    return {str(one) for one in said.objects() if isinstance(one, Literal)}


def pages(client: Client, start: str) -> Iterator[Graph]:
    """All pages of the catalogue, found as harvesters find them."""
    address: str | None = start
    while address:
        said = graph(client.get(address.removeprefix(SITE_URL)))
        yield said
        address = next((str(one) for one in said.objects(None, HYDRA.next)), None)


def withdraw(record: dict[str, Any]) -> None:
    records.withdraw(record["id"])


def lower(record: dict[str, Any]) -> None:
    records.lower(record["id"])


def delete(record: dict[str, Any]) -> None:
    records.delete(record["id"])


def purge(record: dict[str, Any]) -> None:
    call_action("dataset_purge", id=record["id"])


def purge_by_hand(record: dict[str, Any]) -> None:
    with model.meta.engine.begin() as connection:
        connection.execute(text("UPDATE package SET state = 'deleted' WHERE id = :id"), {"id": record["id"]})


#: Every way in which a record loses its readers.
TIGHTENINGS = [withdraw, lower, delete, purge, purge_by_hand]
