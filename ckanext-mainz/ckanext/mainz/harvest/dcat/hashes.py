"""Hashes of what a record says: whether it has changed, and whether it is the same under another identifier.

The order of lists means nothing in RDF, and catalogues write it anew each night.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from ckanext.mainz.harvest.gdi.fingerprint import IDENTITY, without_computed

#: What a file has new when its record has moved.
OF_FILES = frozenset({"source_key", "id", "url", "access_url", "download_url", "issued", "modified", "size", "hash"})


def fingerprint(package: Mapping[str, Any], *more: Any) -> str:
    """A hash of all that a record says, and of `more` that decides what becomes of it."""
    return of([without_computed(dict(package)), list(more)])


def likeness(package: Mapping[str, Any]) -> str:
    """A hash of what a record says without identifiers, addresses and dates."""
    said = {name: value for name, value in package.items() if name not in IDENTITY}
    files = [{name: one[name] for name in one.keys() - OF_FILES} for one in package.get("resources", ())]
    return of({**said, "resources": files})


def of(said: Any) -> str:
    """A hash of anything of JSON, whatever the order of its lists."""
    return hashlib.sha256(_text(_sorted(said)).encode("utf-8", "surrogatepass")).hexdigest()


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _sorted(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return _each_once(sorted(_text(_sorted(one)) for one in value))
    return value


def _each_once(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
