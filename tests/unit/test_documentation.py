"""What the documentation says exists, and what exists is documented."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import click
import pytest
import yaml

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ckanext-mainz" / "ckanext" / "mainz"
SETTINGS = (ROOT / "docs" / "operators" / "settings.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "operators" / "commands.md").read_text(encoding="utf-8")
ALL_TEXTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
OPTION = re.compile(r"\bckanext\.mainz\.(?:files|http|pages|schedule|search|xml|runtime|portal)[a-z_.]*[a-z_]")


def declared_options() -> set[str]:
    files = PACKAGE.rglob("config_declaration.yaml")
    declarations = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return {option["key"] for one in declarations for group in one["groups"] for option in group["options"]}


def documented_options() -> set[str]:
    return set(re.findall(r"^\| `(ckanext\.mainz\.[^`]+)`", SETTINGS, re.MULTILINE))


def test_every_option_is_documented_and_every_documented_option_exists():
    assert documented_options() == declared_options()


@pytest.mark.parametrize("path", ALL_TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_names_an_option_that_does_not_exist(path: Path):
    modules = {".".join(file.relative_to(PACKAGE.parents[1]).with_suffix("").parts) for file in PACKAGE.rglob("*.py")}
    packages = {name.removesuffix(".__init__") for name in modules}
    groups = set(re.findall(r'"(ckanext\.mainz\.[a-z_]+)": \[', (ROOT / "setup.py").read_text(encoding="utf-8")))
    named = set(OPTION.findall(path.read_text(encoding="utf-8")))
    assert named - declared_options() - packages - groups == set()


def test_every_command_of_ckan_mainz_is_documented_and_exists():
    assert set(re.findall(r"^\| `ckan mainz ([^`]+)`", COMMANDS, re.MULTILINE)) == set(_commands(_group()))


def _group() -> click.Group:
    from ckanext.mainz.foundation.cli import mainz

    for name in ("foundation", "governance", "metadata", "search", "portal"):
        module = __import__(f"ckanext.mainz.{name}.plugin", fromlist=["plugin"])
        plugin = next(
            value for key, value in vars(module).items() if key.endswith("Plugin") and key != "SingletonPlugin"
        )
        object.__new__(plugin).get_commands()
    return mainz


def _commands(group: click.Group, prefix: str = ""):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from _commands(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}"


@pytest.mark.parametrize("path", ALL_TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_texts_lead_somewhere(path: Path):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_the_page_of_settings_is_as_the_declarations_say():
    done = subprocess.run([sys.executable, ROOT / "tools" / "settings", "--check"], check=False)
    assert done.returncode == 0, "run tools/settings and commit docs/operators/settings.md"


def test_every_verb_of_the_launcher_is_documented_and_exists():
    from ckanext.mainz.runtime.cli import VERBS

    assert set(re.findall(r"^\| `\./portal (\w+)` ", COMMANDS, re.MULTILINE)) == set(VERBS)


def test_the_schedule_names_jobs_that_exist():
    ini = (ROOT / "config" / "ckan.ini").read_text(encoding="utf-8")
    lines = re.search(r"^ckanext\.mainz\.schedule =\n((?:    .+\n)+)", ini, re.MULTILINE)
    assert lines
    jobs = {entry.name for entry in entry_points(group="ckanext.mainz.jobs")}
    assert {line.split(":")[0].strip() for line in lines[1].splitlines()} == jobs
