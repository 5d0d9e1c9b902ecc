"""No reader learns from a record which source brought it."""

from __future__ import annotations

import json
from typing import Any

from ckanext.mainz.foundation import harvest_marks

EXTRAS = [{"key": "harvest_source_title", "value": "Geheime Quelle"}, {"key": "andere", "value": "bleibt"}]


def document(**more: Any) -> dict[str, Any]:
    stored = json.dumps({"title": "Bäume", "harvest_source_id": "1", "extras": EXTRAS})
    return {"id": "a", "data_dict": stored, "validated_data_dict": stored, **more}


def test_marks_leave_the_document_and_both_records_in_it():
    found = harvest_marks.without(document(harvest_source_title="Geheime Quelle", harvest_object_id="2"))
    assert "Geheime Quelle" not in json.dumps(found, ensure_ascii=False)
    assert "harvest_object_id" not in found
    for name in ("data_dict", "validated_data_dict"):
        assert json.loads(found[name]) == {"title": "Bäume", "extras": [EXTRAS[1]]}


def test_a_record_that_nobody_harvested_stays_as_it_is():
    given = document()
    assert harvest_marks.without(given) is given
