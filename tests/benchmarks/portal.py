"""The portal itself, as ``./portal up`` runs it.

The runtime is started with this Python, not by the script ``./portal``: that one would make or change the environment
of the checkout, which a benchmark must leave alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks import catalogue
from tests.benchmarks.side import Side, discard_unfinished, end, free_port, prepared_token

from ckanext.mainz.runtime.folder import locate
from ckanext.mainz.runtime.launcher import child_environment

THEME = "http://publications.europa.eu/resource/authority/data-theme/"
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"


@contextmanager
def portal(path: Path, datasets: int, mixed: bool = False) -> Iterator[Side]:
    """``up --empty`` with ``datasets`` datasets, all public or of ``mixed`` levels, kept in the folder ``path``."""
    discard_unfinished(path)
    port = free_port()
    with started(path, port):
        side = Side("ours", f"http://127.0.0.1:{port}", child_environment(locate(path)), extra_fields, mixed=mixed)
        yield prepared_token(side, path, datasets)


@contextmanager
def started(path: Path, port: int) -> Iterator[None]:
    """The portal from its line ``Portal ready`` on to the end of the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ckanext.mainz.runtime", "up", "--empty", "--data", str(path), "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ.copy(),
    )
    try:
        assert process.stdout is not None
        if not any(line.startswith("Portal ready") for line in process.stdout):
            raise RuntimeError("The portal did not start; the reason stands above.")
        yield
    finally:
        end(process)


def extra_fields(number: int) -> dict[str, Any]:
    """What stock CKAN holds in free extras, in the fields that the portal has for it."""
    facts = catalogue.facts(number)
    return {
        "theme": [THEME + facts["theme"]],
        "frequency": FREQUENCY + facts["frequency"],
        "contact": [{"name": facts["contact_name"], "email": facts["contact_email"]}],
        "temporal_coverage": [{"start": facts["start"], "end": facts["end"]}],
        "license_id": "dl-de-by-2.0",
    }
