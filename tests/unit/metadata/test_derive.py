"""What follows from what a record has."""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from ckanext.mainz.metadata import derive

ASKED = frozenset({"tag_string"})
TREES = "https://musterdatenkatalog.de/def/musterdatensatz/floraUndFauna/baumbestand/baumkataster"
ENVIRONMENT = "http://publications.europa.eu/resource/authority/data-theme/ENVI"


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"title": "Baumkataster der Stadt Mainz"}, ["Baumkataster"]),
        ({"title": "Die Straßen und Plätze, Stand 2025"}, ["Straßen", "Plätze"]),
        ({"title": "Kfz-Zulassungen je Monat"}, ["Kfz-Zulassungen", "Monat"]),
        ({"title": "Bäume", "sample_record": TREES}, ["Bäume", "Baumbestand", "Baumkataster", "Flora", "Fauna"]),
        ({"title": "2025", "theme": [ENVIRONMENT]}, ["Umwelt"]),
        ({"title": "!!!"}, []),
        ({}, []),
    ],
)
def test_keywords_are_made_of_the_title_and_the_kind_of_data(record: dict[str, Any], words: list[str]) -> None:
    assert derive.keywords(record) == words


@pytest.mark.parametrize("record", [{"tags": [{"name": "Bäume"}]}, {"tag_string": "Bäume"}])
def test_keywords_of_a_person_stay(record: dict[str, Any]) -> None:
    before = dict(record)
    derive.dataset(record, ASKED)
    assert record == before


def test_a_record_without_the_field_gets_no_keywords() -> None:
    record: dict[str, Any] = {"title": "Baumkataster"}
    derive.dataset(record, frozenset())
    assert record == {"title": "Baumkataster"}


def test_size_and_checksum_of_an_upload_are_those_of_its_bytes() -> None:
    content = b"a;b\r\n1;2\r\n" * 200_000
    stream = io.BytesIO(content)
    record: dict[str, Any] = {"upload": FileStorage(stream, "a.csv"), "hash": "0" * 64, "size": 5}
    derive.resource(record)
    assert (record["size"], record["hash"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert stream.tell() == 0


def test_what_was_known_of_a_file_goes_with_it() -> None:
    record = {"url": "https://a.example", "file_key": "x", "size": 5, "hash": "0" * 64, "name": "Datei"}
    derive.resource(record)
    assert {name for name, value in record.items() if value} == {"url", "name"}


def test_what_is_known_of_a_link_stays() -> None:
    record = {"url": "https://a.example/x.csv", "size": 5, "hash": "0" * 64}
    derive.resource(record)
    assert record == {"url": "https://a.example/x.csv", "size": 5, "hash": "0" * 64}
