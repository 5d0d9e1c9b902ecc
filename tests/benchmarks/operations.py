"""What is timed: each operation does one thing that people or programs do, with another input every time."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from tests.benchmarks import catalogue
from tests.benchmarks.client import Client
from tests.benchmarks.side import Inside, Side

FACETS = json.dumps(["organization", "groups", "tags", "res_format", "license_id"])
CREATED = "messlauf"
#: So many inputs go round where an operation is about what was asked for before; the warm-up asks for all of them.
FEW = 10


@dataclass(frozen=True)
class Visitor:
    """A client of one side: a connection that stays open, and a process beside the web server."""

    side: Side
    client: Client
    inside: Inside
    datasets: int

    def get(self, path: str, token: str = "") -> float:
        """Milliseconds until a page or answer has arrived in full; raises RuntimeError unless it is a success."""
        return self.client.get(path, {"Authorization": token} if token else {})


Operation = Callable[[Visitor, int], float]


def search_inside(visitor: Visitor, number: int) -> float:
    """``package_search`` with facets, as a call of the action within a process."""
    return visitor.inside.order("search_times", first=number, repeat=1)[0]


def search_by_api(visitor: Visitor, number: int) -> float:
    """``package_search`` with facets, over HTTP, without signing in."""
    return visitor.get(search_path(number))


def search_by_api_signed_in(visitor: Visitor, number: int) -> float:
    """``package_search`` with facets, over HTTP, with a token."""
    return visitor.get(search_path(number), visitor.side.token)


def search_page(visitor: Visitor, number: int) -> float:
    """The page of search results."""
    return visitor.get("/dataset/?" + urlencode({"q": catalogue.search_words(number)}))


def dataset_page(visitor: Visitor, number: int) -> float:
    """The page of one dataset."""
    return visitor.get(f"/dataset/{dataset_name(visitor, number)}")


def search_as_reader(visitor: Visitor, number: int) -> float:
    """``package_search`` over HTTP, with private datasets, as a member of many organisations."""
    return visitor.get(search_path(number, include_private="true"), visitor.side.reader_token)


def dataset_page_as_reader(visitor: Visitor, number: int) -> float:
    """The page of one dataset that a member of many organisations may see."""
    dice = random.Random(number)
    seen = next(one for one in iter(lambda: dice.randrange(visitor.datasets), None) if catalogue.is_for_reader(one))
    return visitor.get(f"/dataset/{catalogue.PREFIX}-{seen:05}", visitor.side.reader_token)


def create(visitor: Visitor, number: int) -> float:
    """``package_create`` over HTTP with a token."""
    package = visitor.side.dataset(number, prefix=CREATED)
    return visitor.client.post("/api/3/action/package_create", package, {"Authorization": visitor.side.token})


def create_and_find(visitor: Visitor, number: int) -> float:
    """``package_create`` as above, and right after it the search by which its author finds it by its name."""
    taken = create(visitor, number)
    name = visitor.side.dataset(number, prefix=CREATED)["name"]
    asked = f"/api/3/action/package_search?q=name:{name}&include_private=true"
    searched, answer = visitor.client.read(asked, {"Authorization": visitor.side.token})
    if answer["result"]["count"] != 1:
        raise RuntimeError(f"{visitor.side.name} does not find {name}")
    return taken + searched


def catalogue_page_cold(visitor: Visitor, number: int) -> float:
    """A page of the catalogue in Turtle, of which nothing was kept."""
    visitor.inside.order("forget_catalogue")
    return visitor.get(f"/catalog.ttl?page={1 + number % pages(visitor)}")


def catalogue_page_after_change(visitor: Visitor, number: int) -> float:
    """A page of the catalogue in Turtle after one of its datasets has changed."""
    name = dataset_name(visitor, number)
    visitor.inside.order("change", name=name, notes=f"Fassung {time.time_ns()}")
    return visitor.get(f"/catalog.ttl?page={1 + number % FEW}")


def catalogue_page_unchanged(visitor: Visitor, number: int) -> float:
    """A page of the catalogue in Turtle that was asked for before."""
    return visitor.get(f"/catalog.ttl?page={1 + number % FEW}")


def whole_catalogue_cold(visitor: Visitor, _number: int) -> float:
    """All pages of the catalogue in Turtle, one after the other, of which nothing was kept."""
    visitor.inside.order("forget_catalogue")
    return whole_catalogue(visitor, 0)


def whole_catalogue(visitor: Visitor, _number: int) -> float:
    """All pages of the catalogue in Turtle, one after the other, asked for before."""
    return sum(visitor.get(f"/catalog.ttl?page={page}") for page in range(1, pages(visitor) + 1))


def record_cold(visitor: Visitor, number: int, form: str = "ttl") -> float:
    """One dataset in a form of RDF, of which nothing was kept."""
    visitor.inside.order("forget_catalogue")
    return visitor.get(f"/dataset/{dataset_name(visitor, number)}.{form}")


def record_unchanged(visitor: Visitor, number: int, form: str = "ttl") -> float:
    """One dataset in a form of RDF that was asked for before."""
    return visitor.get(f"/dataset/{dataset_name(visitor, number % FEW)}.{form}")


def pages(visitor: Visitor) -> int:
    """How many pages of 100 the catalogue has."""
    return -(-visitor.datasets // 100)


def dataset_name(visitor: Visitor, number: int) -> str:
    return f"{catalogue.PREFIX}-{random.Random(number).randrange(visitor.datasets):05}"


def search_path(number: int, **more: str) -> str:
    """Address of one search by the Action API."""
    query = {"q": catalogue.search_words(number), "facet.field": FACETS, "rows": 20, **more}
    return "/api/3/action/package_search?" + urlencode(query)


OPERATIONS: dict[str, Operation] = {
    "package_search, action in a process": search_inside,
    "package_search, API": search_by_api,
    "package_search, API, signed in": search_by_api_signed_in,
    "search page": search_page,
    "dataset page": dataset_page,
    "package_create, API": create,
    "package_create and package_search, API": create_and_find,
    "catalogue page, cold": catalogue_page_cold,
    "catalogue page, after a change": catalogue_page_after_change,
    "catalogue page, unchanged": catalogue_page_unchanged,
    "dataset as Turtle, cold": record_cold,
    "dataset as Turtle, unchanged": record_unchanged,
}
#: The other forms of a record: to be named on the command line.
FORMS: dict[str, Operation] = {
    f"dataset as {name}, {way}": partial(operation, form=form)
    for name, form in {"RDF/XML": "rdf", "JSON-LD": "jsonld"}.items()
    for way, operation in {"cold": record_cold, "unchanged": record_unchanged}.items()
}
#: Take minutes a call with stock: to be named on the command line, with few rounds and calls.
LONG_OPERATIONS: dict[str, Operation] = {
    "whole catalogue, cold": whole_catalogue_cold,
    "whole catalogue, unchanged": whole_catalogue,
}
#: Of a catalogue with levels, as somebody who reads much but not all of it.
READER_OPERATIONS: dict[str, Operation] = {
    "package_search, API, as a reader": search_as_reader,
    "dataset page, as a reader": dataset_page_as_reader,
}
ALL_OPERATIONS = OPERATIONS | READER_OPERATIONS | FORMS | LONG_OPERATIONS


def created_names(numbers: Iterable[int]) -> list[str]:
    """Names of the datasets that :func:`create` made."""
    return [catalogue.dataset(number, prefix=CREATED)["name"] for number in numbers]
