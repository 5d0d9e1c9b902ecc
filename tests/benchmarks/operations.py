"""What is timed: each operation does one thing that people or programs do, with another input every time."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

import requests
from tests.benchmarks import catalogue
from tests.benchmarks.side import Inside, Side

FACETS = json.dumps(["organization", "groups", "tags", "res_format", "license_id"])
CREATED = "messlauf"


@dataclass(frozen=True)
class Visitor:
    """A client of one side: a connection that stays open, and a process beside the web server."""

    side: Side
    session: requests.Session
    inside: Inside
    datasets: int

    def get(self, path: str, signed_in: bool = False) -> float:
        """Milliseconds until a page or answer has arrived in full; raises HTTPError unless it is a success."""
        headers = {"Authorization": self.side.token} if signed_in else {}
        start = time.perf_counter()
        answer = self.session.get(self.side.url + path, headers=headers)
        taken = time.perf_counter() - start
        answer.raise_for_status()
        return taken * 1000


Operation = Callable[[Visitor, int], float]


def search_inside(visitor: Visitor, number: int) -> float:
    """``package_search`` with facets, as a call of the action within a process."""
    return visitor.inside.order("search_times", first=number, repeat=1)[0]


def search_by_api(visitor: Visitor, number: int) -> float:
    """``package_search`` with facets, over HTTP, without signing in."""
    return visitor.get(search_path(number))


def search_by_api_signed_in(visitor: Visitor, number: int) -> float:
    """``package_search`` with facets, over HTTP, with a token."""
    return visitor.get(search_path(number), signed_in=True)


def search_page(visitor: Visitor, number: int) -> float:
    """The page of search results."""
    return visitor.get("/dataset/?" + urlencode({"q": catalogue.search_words(number)}))


def dataset_page(visitor: Visitor, number: int) -> float:
    """The page of one dataset."""
    return visitor.get(f"/dataset/{catalogue.PREFIX}-{random.Random(number).randrange(visitor.datasets):05}")


def create(visitor: Visitor, number: int) -> float:
    """``package_create`` over HTTP with a token."""
    package = visitor.side.dataset(number, prefix=CREATED)
    start = time.perf_counter()
    answer = visitor.session.post(
        f"{visitor.side.url}/api/3/action/package_create", json=package, headers={"Authorization": visitor.side.token}
    )
    taken = time.perf_counter() - start
    if not answer.ok:
        raise RuntimeError(f"{visitor.side.name} refused a dataset: {answer.text[:500]}")
    return taken * 1000


def search_path(number: int) -> str:
    """Address of one search by the Action API."""
    query = {"q": catalogue.search_words(number), "facet.field": FACETS, "rows": 20}
    return "/api/3/action/package_search?" + urlencode(query)


OPERATIONS: dict[str, Operation] = {
    "package_search, action in a process": search_inside,
    "package_search, API": search_by_api,
    "package_search, API, signed in": search_by_api_signed_in,
    "search page": search_page,
    "dataset page": dataset_page,
    "package_create, API": create,
}


def created_names(numbers: Iterable[int]) -> list[str]:
    """Names of the datasets that :func:`create` made."""
    return [catalogue.dataset(number, prefix=CREATED)["name"] for number in numbers]
