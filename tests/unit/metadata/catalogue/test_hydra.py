"""Pages and where they lead."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.metadata.catalogue.hydra import Paging, triples

COUNTS, SIZES = st.integers(0, 5000), st.integers(1, 200)


@given(COUNTS, SIZES)
def test_following_next_from_the_first_page_passes_every_page_once(count, size):
    passed, page = [1], 1
    while following := Paging(page, size, count).others().get("next"):
        page = following
        passed.append(page)
    assert passed == list(range(1, Paging(1, size, count).last + 1))
    assert (len(passed) - 1) * size <= count <= len(passed) * size


@given(COUNTS, SIZES, st.integers(1, 10**6))
def test_a_page_beyond_the_last_does_not_exist(count, size, page):
    assert Paging(page, size, count).exists == (page == 1 or (page - 1) * size < count)


def test_previous_leads_back():
    assert Paging(2, 10, 25).others() == {"first": 1, "last": 3, "next": 3, "previous": 1}


def test_an_empty_catalogue_has_no_paging():
    assert list(triples(Paging(1, 100, 0), {1: "https://daten.example/catalog.ttl?page=1"})) == []
