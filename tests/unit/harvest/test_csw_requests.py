"""How a catalogue is asked."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from ckanext.mainz.harvest.gdi.csw_requests import (
    DIALECTS,
    FORMS,
    NAMESPACES,
    Condition,
    CswFilter,
    CswSource,
    Form,
    Query,
    as_address,
    as_xml,
    base_address,
    conditions,
    forms,
)

printable = st.text(min_size=1).filter(lambda text: text.isprintable() and text.strip())


def found(root: Any, path: str) -> list[Any]:
    return root.xpath(path, namespaces=NAMESPACES)


def test_records_are_asked_for_from_1_in_full_and_sorted() -> None:
    root = etree.fromstring(as_xml(Form(), Query(1, 50)))
    assert dict(root.attrib) == {
        "service": "CSW",
        "version": "2.0.2",
        "resultType": "results",
        "startPosition": "1",
        "maxRecords": "50",
        "outputFormat": "application/xml",
        "outputSchema": "http://www.isotc211.org/2005/gmd",
    }
    assert found(root, "csw:Query/@typeNames") == ["gmd:MD_Metadata"]
    assert found(root, "string(csw:Query/csw:ElementSetName)") == "full"
    assert found(root, "string(//ogc:SortProperty/ogc:PropertyName)") == "apiso:Identifier"


def test_a_form_without_sorting_does_not_sort() -> None:
    assert not found(etree.fromstring(as_xml(Form(sort=""), Query(1, 1))), "//ogc:SortBy")


@pytest.mark.parametrize("form", FORMS)
def test_both_methods_ask_the_same(form: Form) -> None:
    root = etree.fromstring(as_xml(form, Query(51, 25, hits=True)))
    given = parse_qs(urlsplit(as_address("https://geodaten.example/csw?map=1", form, Query(51, 25, hits=True))).query)
    for name in ("resultType", "startPosition", "maxRecords", "outputSchema"):
        assert given[name] == [root.get(name)]
    assert given["typeNames"] == found(root, "csw:Query/@typeNames")
    assert given["map"] == ["1"]


def test_values_of_a_kind_are_alternatives_and_kinds_restrict_each_other() -> None:
    filters = CswFilter(types=("dataset",), keywords=("opendata", "Open Data"), bbox=(8.1, 49.9, 8.4, 50.1))
    root = Condition(filters, DIALECTS[0], "PropertyIsEqualTo").as_xml()
    assert [etree.QName(one).localname for one in root[0]] == ["PropertyIsEqualTo", "Or", "BBOX"]
    assert found(root, "//ogc:Or//ogc:Literal/text()") == ["opendata", "Open Data"]
    assert found(root, "//gml:lowerCorner/text()") == ["8.1 49.9"]


def test_a_single_value_needs_no_operator_around_it() -> None:
    root = Condition(CswFilter(keywords=("opendata",)), DIALECTS[0], "PropertyIsLike").as_xml()
    assert etree.QName(root[0]).localname == "PropertyIsLike"
    assert found(root, "//ogc:Literal/text()") == ["*opendata*"]


@given(printable)
def test_any_word_can_be_asked_for(word: str) -> None:
    form = Form(condition=Condition(CswFilter(keywords=(word,)), DIALECTS[1], "PropertyIsEqualTo"))
    assert found(etree.fromstring(as_xml(form, Query(1, 1))), "string(//ogc:Literal)") == word
    address = as_address("https://geodaten.example/csw", form, Query(1, 1))
    [constraint] = parse_qs(urlsplit(address).query)["constraint"]
    assert found(etree.fromstring(constraint), "string(//ogc:Literal)") == word


def test_signs_that_stand_for_others_are_escaped() -> None:
    root = Condition(CswFilter(keywords=("a*b?c\\",)), DIALECTS[0], "PropertyIsLike").as_xml()
    assert found(root, "string(//ogc:Literal)") == "*a\\*b\\?c\\\\*"


def test_the_spelling_of_iso_is_tried_first() -> None:
    tried = [str(condition) for condition in conditions(CswFilter(keywords=("opendata",)))]
    assert tried[0] == "PropertyIsLike(apiso:Subject)"
    assert len(tried) == len(set(tried)) == 8


def test_the_method_of_the_source_is_tried_first() -> None:
    assert forms("POST")[0].method == "POST"
    assert [form.method for form in forms("GET")][:3] == ["GET"] * 3
    assert set(forms("GET")) == set(forms("POST"))


@pytest.mark.parametrize(
    "url, address",
    [
        ("https://geodaten.example/csw", "https://geodaten.example/csw"),
        ("https://geodaten.example/csw?", "https://geodaten.example/csw"),
        (" https://geodaten.example/csw?SERVICE=CSW&Version=2.0.2&request=x#y ", "https://geodaten.example/csw"),
        ("https://geodaten.example/csw?map=a&service=CSW", "https://geodaten.example/csw?map=a"),
        ("http://[", "http://["),
    ],
)
def test_an_address_loses_what_belongs_to_one_request(url: str, address: str) -> None:
    assert base_address(url) == address


@pytest.mark.parametrize("value", ["", "  ", "a\x00b", "a\nb"])
def test_a_filter_that_cannot_be_asked_for_is_refused_at_once(value: str) -> None:
    with pytest.raises(ValueError):
        CswFilter(keywords=(value,))


@pytest.mark.parametrize("limits", [{"page_size": 0}, {"max_records": 0}, {"max_pages": -1}])
def test_limits_are_above_zero(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        CswSource("https://geodaten.example/csw", **limits)  # type: ignore[arg-type]
