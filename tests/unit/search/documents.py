"""Documents for the tests of the engine."""

from __future__ import annotations

from typing import Any

from ckanext.mainz.search.embedded import EmbeddedEngine

CKAN = {"df": "text", "q.op": "AND", "rows": 1000, "fl": "id"}
"""What CKAN sends with every search."""


def dataset(name: str, /, **fields: Any) -> dict[str, Any]:
    """A document of the site ``test`` whose id is its name."""
    return {"id": name, "name": name, "site_id": "test", "entity_type": "package", "state": "active", **fields}


def write(engine: EmbeddedEngine, *documents: dict[str, Any]) -> None:
    """Adds documents in one batch."""
    with engine.writing() as batch:
        for document in documents:
            batch.add(document)


def ids(engine: EmbeddedEngine, q: str = "*:*", **parameters: Any) -> list[str]:
    """Ids that a query finds, in order."""
    return [each["id"] for each in engine.search({**CKAN, "q": q, **parameters}).docs]
