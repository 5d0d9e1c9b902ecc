"""What is common to the two sides of the comparison."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests
from tests.benchmarks import catalogue

BATCH = 100
TOKEN_FILE = "benchmark-token"
READER_FILE = "reader-token"
ROOT = Path(__file__).parents[2]
ANSWER_SECONDS = 120


@dataclass(frozen=True)
class Side:
    """A running CKAN: where it answers and how a process of its own is configured.

    ``environment`` holds what a process needs beside the caller's own variables, ``CKAN_INI`` at least;
    ``extra_fields`` gives what dataset ``number`` has here beside the fields of CKAN's own schema; ``token`` signs an
    administrator in, ``reader_token`` a member of many organisations. In a ``mixed`` catalogue datasets have levels:
    the portal's own, or for stock CKAN its flag ``private`` for all that is not public.
    """

    name: str
    url: str
    environment: dict[str, str]
    extra_fields: Callable[[int], dict[str, Any]]
    token: str = ""
    reader_token: str = ""
    mixed: bool = False

    def dataset(self, number: int, prefix: str = catalogue.PREFIX) -> dict[str, Any]:
        """Dataset ``number`` as this side's ``package_create`` takes it."""
        return {**catalogue.dataset(number, prefix), **self.extra_fields(number)}


class Inside:
    """A CKAN process of a side that answers orders (see :mod:`tests.benchmarks.inside`); use as context manager."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.inside"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **self._environment},
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        end(self._process)

    def order(self, do: str, **arguments: Any) -> Any:
        """Have something done and return the answer; raises RuntimeError if the process failed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps({"do": do, **arguments}), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"The CKAN process failed at the order {do!r}; its error stands above.")
        return json.loads(answer)


def discard_unfinished(folder: Path) -> None:
    """Remove what an earlier run left if it was cut short before all datasets were loaded."""
    if folder.exists() and not (folder / TOKEN_FILE).exists():
        shutil.rmtree(folder)


def prepared_token(side: Side, folder: Path, datasets: int) -> Side:
    """The side with its datasets loaded and a token; both are made once and kept in ``folder``."""
    file = folder / TOKEN_FILE
    if not file.exists():
        with Inside(side.environment) as inside:
            inside.order("load_organizations")
            for first in range(0, datasets, BATCH):
                numbers = range(first, min(first + BATCH, datasets))
                levels = [catalogue.level(number) if side.mixed else "oeffentlich" for number in numbers]
                inside.order("load", packages=[side.dataset(number) for number in numbers], levels=levels)
                print(f"{side.name}: {numbers.stop} of {datasets} datasets", file=sys.stderr, flush=True)
            file.write_text(inside.order("make_token"))
    reader = folder / READER_FILE
    if not reader.exists():
        with Inside(side.environment) as inside:
            reader.write_text(inside.order("make_reader_token"))
    return replace(side, token=file.read_text(), reader_token=reader.read_text())


def wait_for(url: str) -> None:
    """Return once an address answers without a server error; raises RuntimeError after two minutes."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=ANSWER_SECONDS).status_code < 500:
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.2)
    raise RuntimeError(f"No answer from {url} within {ANSWER_SECONDS} s.")


def end(process: subprocess.Popen[Any], seconds: float = 20) -> None:
    """End a process that we started, gently first."""
    if process.stdin is not None:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
