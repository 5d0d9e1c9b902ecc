"""From one page of a catalogue to the next, and what proves that there is none.

A catalogue that pages says so in Hydra's words; its end is a page without a next one, and where it says how many
records there are, so many must have come. ckanext-dcat cuts at a number of datasets and tells no next page where its
profile leaves Hydra out: so of a catalogue that ends at a round number a second page is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from ckanext.mainz.harvest.dcat.settings import Paging
from ckanext.mainz.harvest.dcat.statements import Statements, value_of
from ckanext.mainz.metadata.rdf.nodes import HYDRA

NEXT = tuple(f"<{one.value}>" for one in (HYDRA.next, HYDRA.nextPage))
TOTAL = f"<{HYDRA.totalItems.value}>"
ROUND = (10, 25)


@dataclass(frozen=True)
class Step:
    """What a page says of its place: the address of the next one (empty: none), how many records there are in all (None
    where it does not say), whether it pages in Hydra's words, and whether the link led to another host, as behind a
    proxy, and was read as one of this."""

    next: str = ""
    total: int | None = None
    hydra: bool = False
    bent: bool = False
    guessed: bool = False


def step(statements: Statements, url: str) -> Step:
    """What the page from this address says."""
    links = [value_of(node) for name in NEXT for node in statements.all_objects(name)]
    totals = [value_of(node) for node in statements.all_objects(TOTAL)]
    numbers = [int(one) for one in totals if one.isascii() and one.isdigit() and len(one) < 10]
    total = max(numbers, default=None)
    target = _chosen(url, [one for one in links if one])
    if not target:
        return Step(total=total, hydra=total is not None)
    address = joined(url, target)
    return Step(address, total, hydra=True, bent=_host(urljoin(url, target)) != _host(url))


def _chosen(url: str, links: list[str]) -> str:
    """Of several links the one to the page right behind this one, else the first."""
    following = number_of(url) + 1
    return next((one for one in links if number_of(one) == following), links[0] if links else "")


def joined(url: str, target: str) -> str:
    """The address of a link: on the host of its page, and never from https down to http.

    Portals behind a proxy link to names that only they know; the query is theirs, the rest is that of the page.
    """
    address = urljoin(url, target)
    here, there = urlsplit(url), urlsplit(address)
    if _host(address) != _host(url):
        return urlunsplit(here._replace(query=there.query))
    return urlunsplit(there._replace(scheme=here.scheme, netloc=here.netloc))


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""


def number_of(url: str) -> int:
    """The number in ``?page=``; 1 where there is none."""
    value = parse_qs(urlsplit(url).query).get("page", ["1"])[0]
    return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def with_page(url: str, number: int) -> str:
    """The address with ``?page=`` set."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "page"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("page", str(number))])))


def following(said: Step, url: str, count: int, paging: Paging) -> Step:
    """What to ask for after a page with so many records."""
    if paging is Paging.SINGLE:
        return replace(said, next="")
    if said.next or (said.hydra and paging is Paging.AUTO):
        return said
    if count and (paging is Paging.PAGES or _looks_cut_off(count)):
        return replace(said, next=with_page(url, number_of(url) + 1), guessed=True)
    return said


def _looks_cut_off(count: int) -> bool:
    return any(count % one == 0 for one in ROUND)
