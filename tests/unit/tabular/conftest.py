"""Files for the tests of the table reader."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write lines (or bytes) into a file and give its path."""

    def make(*content: str | bytes, name: str = "table.csv", end: str = "\n", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        if content and isinstance(content[0], bytes):
            path.write_bytes(content[0])
        else:
            path.write_bytes("".join(f"{line}{end}" for line in content).encode(encoding))
        return path

    return make
