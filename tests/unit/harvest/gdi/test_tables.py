"""The tables of ``schemas/gdi`` name what the vocabularies know."""

from __future__ import annotations

import pytest

from ckanext.mainz.harvest.gdi.tables import by_code, inspire_themes, table
from ckanext.mainz.metadata import formats, vocabulary

CODES = table("codes")


def test_the_34_themes_of_inspire_have_themes_of_the_eu_and_real_categories():
    assert len(inspire_themes()) == 34
    for theme in inspire_themes():
        assert theme.uri == f"http://inspire.ec.europa.eu/theme/{theme.code}"
        assert theme.themes
        assert all(vocabulary.match("themes", code) for code in theme.themes)
        assert not theme.may_be or vocabulary.match("hvd_categories", theme.may_be)


def test_topics_have_themes_of_the_eu():
    codes = {theme.code for theme in inspire_themes()}
    for entry in table("topic_categories").values():
        assert all(vocabulary.match("themes", code) for code in entry["themes"])
        assert set(entry.get("with", {})) <= codes


@pytest.mark.parametrize(
    ("list_", "name"),
    [("frequencies", "frequencies"), ("licenses", "licenses"), ("access", "access_rights")],
)
def test_codes_are_codes_of_the_vocabulary(list_: str, name: str):
    assert all(vocabulary.match(name, str(code)) for code in CODES[list_].values())


def test_formats_and_services_are_in_the_list_of_file_types():
    names = [*CODES["formats"].values(), *(one["name"] for one in CODES["format_parts"])]
    names += [one["format"] for one in CODES["services"].values()]
    assert [name for name in names if formats.find(name) is None] == []


def test_levels_have_kinds_of_the_vocabulary_and_places_a_key():
    kinds = [kind for level in CODES["levels"].values() for kind in level.get("dcat_type", ())]
    assert all(vocabulary.match("dataset_types", kind) for kind in kinds)
    assert set(by_code("places")) == {"8", "12"}
    assert set(CODES["computed_days"]) <= set(CODES["frequencies"])
