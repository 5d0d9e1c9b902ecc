"""Style sheets and scripts under addresses that carry the hash of their content, so that browsers keep them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from ckan.plugins import toolkit

FOLDER = Path(__file__).parent / "assets"
ADDRESS = "/mainz/assets"
DIGITS = 12


def asset(name: str) -> str:
    """The address of a file in the folder ``assets``. Raises `FileNotFoundError` where there is none."""
    changed = (FOLDER / name).stat().st_mtime_ns
    return toolkit.url_for(f"{ADDRESS}/{fingerprint(name, changed)}/{name}", locale="default")


@lru_cache(maxsize=64)
def fingerprint(name: str, changed: int) -> str:  # noqa: ARG001 - a changed file is read anew
    """The first digits of a file's hash."""
    return hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:DIGITS]
