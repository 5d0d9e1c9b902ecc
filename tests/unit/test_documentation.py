"""What the documentation says exists, and what exists is documented."""

from __future__ import annotations

import re
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

    for name in ("foundation", "search", "portal"):
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
