"""The SHACL shapes of DCAT-AP.de, which lie beside the repository where there are any."""

from __future__ import annotations

import importlib.util
import os
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pyshacl
import pytest
from pyoxigraph import Triple
from rdflib import Graph

from ckanext.mainz.metadata.rdf import written

SHARED = Path(__file__).parents[4].parent / "shared"
JUDGE = SHARED / "dcat-ap-de" / "validate.py"


def shared(*parts: str) -> Path:
    """A file beside the repository; the test is skipped without it, and fails in strict mode."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        if os.environ.get("PORTAL_TEST_STRICT") == "1":
            pytest.fail(f"{path} is missing")
        pytest.skip(f"{'/'.join(parts)} is not on this machine")
    return path


@cache
def _judge() -> ModuleType:
    spec = importlib.util.spec_from_file_location("judge", shared("dcat-ap-de", "validate.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _graphs(profile: str) -> tuple[Graph, Graph, Graph]:
    judge = _judge()
    vocabularies = judge.load(["vocab/vocab-inscheme.ttl"])
    return judge.load(judge.PROFILES[profile]), judge.load(judge.MIRRORS), vocabularies


def findings(triples: Iterable[Triple], profile: str) -> Counter[Any]:
    """Violations and warnings of a document as the shapes of `profile` see them (``v3``, ``v2konv``)."""
    shared("dcat-ap-de", "validate.py")
    shapes, ontology, vocabularies = _graphs(profile)
    data = Graph().parse(written(triples, "nt"), format="nt")
    data += vocabularies
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, ont_graph=ontology, inference="none", allow_warnings=True)
    found = _judge().results(report)
    return Counter({key: count for key, count in found.items() if key[0] in ("Violation", "Warning")})
