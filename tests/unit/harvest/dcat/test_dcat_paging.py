"""Where a link to the next page really leads."""

from __future__ import annotations

import pytest

from ckanext.mainz.harvest.dcat import paging
from ckanext.mainz.harvest.dcat.paging import Step
from ckanext.mainz.harvest.dcat.settings import Paging

PAGE = "https://daten.example/opendata/catalog.ttl"


@pytest.mark.parametrize(
    ("link", "address"),
    [
        (f"{PAGE}?page=2", f"{PAGE}?page=2"),
        ("?page=2", f"{PAGE}?page=2"),
        ("/opendata/catalog.ttl?page=2", f"{PAGE}?page=2"),
        ("http://daten.example/opendata/catalog.ttl?page=2", f"{PAGE}?page=2"),
        ("http://daten.example:8080/other?page=2", "https://daten.example/other?page=2"),
        ("http://ckan:5000/catalog.ttl?page=2", f"{PAGE}?page=2"),
        ("https://elsewhere.example/steal?page=2", f"{PAGE}?page=2"),
    ],
)
def test_a_link_stays_on_the_server_of_its_page(link: str, address: str):
    assert paging.joined(PAGE, link) == address


def test_the_number_of_a_page_replaces_the_one_before():
    assert paging.with_page(f"{PAGE}?q=b%C3%A4ume&page=1", 2) == f"{PAGE}?q=b%C3%A4ume&page=2"
    assert paging.number_of(f"{PAGE}?page=x") == 1


@pytest.mark.parametrize(
    ("said", "count", "mode", "next"),
    [
        (Step(), 153, Paging.AUTO, ""),
        (Step(), 100, Paging.AUTO, f"{PAGE}?page=2"),
        (Step(), 153, Paging.PAGES, f"{PAGE}?page=2"),
        (Step(), 0, Paging.PAGES, ""),
        (Step(), 100, Paging.SINGLE, ""),
        (Step(total=100, hydra=True), 100, Paging.AUTO, ""),
        (Step(next="x", hydra=True), 100, Paging.SINGLE, ""),
        (Step(next="x", hydra=True), 7, Paging.AUTO, "x"),
    ],
)
def test_what_is_asked_for_next(said: Step, count: int, mode: Paging, next: str):
    assert paging.following(said, PAGE, count, mode).next == next
