"""docs/operators/running.md says what the command line and the code say."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from ckanext.mainz.runtime import cli

ROOT = Path(__file__).resolve().parents[3]
RUNNING = (ROOT / "docs" / "operators" / "running.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `\./portal ([a-z]+)[^|]*\| ([^|]*)\|", RUNNING, re.M))
SOURCES = [
    *(ROOT / "ckanext-mainz/ckanext/mainz/runtime").rglob("*.py"),
    *(ROOT / "tests").rglob("*.py"),
    ROOT / "portal",
]


def options(verb: str) -> set[str]:
    subparsers = next(
        action for action in cli.build_parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    found = {name for action in subparsers.choices[verb]._actions for name in action.option_strings}
    return found - {"-h", "--help"}


def test_every_command_is_documented_and_every_documented_command_exists():
    assert set(ROWS) == set(cli.VERBS)


@pytest.mark.parametrize("verb", cli.VERBS)
def test_every_option_is_documented_and_every_documented_option_exists(verb):
    assert set(re.findall(r"(?<![\w-])--?[a-z]+", ROWS[verb])) == options(verb)


def test_every_variable_is_documented_and_every_documented_variable_is_read():
    documented = set(re.findall(r"PORTAL_[A-Z_]+", RUNNING))
    read = {name for path in SOURCES for name in re.findall(r"PORTAL_[A-Z]+(?:_[A-Z]+)*", path.read_text("utf-8"))}
    internal = {"PORTAL_HOME", "PORTAL_WEB_MASTER"}
    assert documented == read - internal


def test_everything_in_a_data_folder_is_documented():
    documented = set(re.findall(r"`([a-z.-]+)/?`", RUNNING))
    from ckanext.mainz.runtime.folder import DataFolder

    folder = DataFolder(Path("/data"))
    parts = {getattr(folder, name) for name, kind in vars(DataFolder).items() if isinstance(kind, property)}
    names = {part.relative_to("/data").parts[0] for part in parts if isinstance(part, Path)}
    assert names - documented == set()
