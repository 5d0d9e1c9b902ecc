"""What ckanext-harvest writes into a record: which source brought it, with the source's title.

It writes that into the document of the index and into both copies of the record in it, so that every reader of the
record, and whoever asks for facets, learns of the source. Sources are for those who run them.
"""

from __future__ import annotations

import json
from typing import Any

MARKS = frozenset({"harvest_object_id", "harvest_source_id", "harvest_source_title"})
STORED = ("data_dict", "validated_data_dict")
Dict = dict[str, Any]


def without(document: Dict) -> Dict:
    """A document of the index without these marks; to be called after ckanext-harvest."""
    if MARKS.isdisjoint(document):
        return document
    kept = {name: value for name, value in document.items() if name not in MARKS}
    return {**kept, **{name: _without(document[name]) for name in STORED if name in document}}


def _without(stored: str) -> str:
    record: Dict = json.loads(stored)
    for name in MARKS:
        record.pop(name, None)
    if "extras" in record:
        record["extras"] = [one for one in record["extras"] if one.get("key") not in MARKS]
    return json.dumps(record)
