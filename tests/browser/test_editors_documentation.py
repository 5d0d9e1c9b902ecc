"""What the documentation for editors says is what the portal does."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from babel.messages.pofile import read_po
from tests.kit.office import Editor, geschaeftsstelle, hire
from tests.kit.running_portal import RunningPortal

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "editors" / "publishing.md").read_text(encoding="utf-8")
CATALOGUE = ROOT / "ckanext-mainz/ckanext/mainz/portal/i18n/de/LC_MESSAGES/ckanext-mainz.po"
SCHEMAS = [
    yaml.safe_load((ROOT / "schemas" / f"{name}.yaml").read_text(encoding="utf-8"))
    for name in ("dataset", "dataset_series", "data_service", "presets")
]
COMMANDS = re.findall(r"```sh\n(curl .*?)```", TEXT, re.DOTALL)
#: What is said in bold without being a word of the portal
BOLD_OTHERWISE = {"API Token"}


def words_of_the_portal() -> set[str]:
    """All German sentences of the pages and labels of the schema."""
    with CATALOGUE.open("rb") as file:
        found = {str(message.string) for message in read_po(file, locale="de") if message.id}
    return found | set(german(SCHEMAS))


def german(part: Any) -> Iterator[str]:
    """All German texts of the schemas, of presets and rows too."""
    if isinstance(part, dict):
        yield from (part["de"],) if isinstance(part.get("de"), str) else ()
        part = list(part.values())
    for one in part if isinstance(part, list) else ():
        yield from german(one)


def test_every_button_and_field_that_the_text_names_exists() -> None:
    named = {" ".join(words.split()) for words in re.findall(r"\*\*(.+?)\*\*", TEXT, re.DOTALL)}
    assert named - words_of_the_portal() - BOLD_OTHERWISE == set()


@pytest.fixture(scope="module")
def editor(portal: RunningPortal) -> Editor:
    return hire(portal, "Grün- und Umweltamt")


def test_the_commands_for_programs_work_as_they_are_written(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "baeume.csv").write_bytes("Art;Höhe\nLinde;12,5\n".encode())
    office = geschaeftsstelle(editor.portal)
    values = {"PORTAL": editor.portal.url, "TOKEN": editor.token, "OFFICE": office.token}
    results = []
    for command in COMMANDS:
        result = run(command.replace('"amt-67"', f'"{editor.organization}"'), values, tmp_path)
        values["RESOURCE"] = values.get("RESOURCE") or (result["id"] if result.get("url_type") else "")
        results.append(result)
    record = editor.act("package_show", {"id": results[0]["id"]})
    assert (record["name"], record["private"]) == ("baeume-in-pflege", False)
    assert [(one["format"], one.get("url_type") or "") for one in record["resources"]] == [
        ("CSV", "upload"),
        ("WMS", ""),
    ]
    assert record["contact"] == [{"name": "Grün- und Umweltamt", "email": "baeume@stadt.example"}]
    assert results[-1]["mainz_proposal"]["state"] == "offen"
    office.act("mainz_proposal_accept", {"id": results[-1]["mainz_proposal"]["id"]})
    office.act("mainz_record_withdraw", {"id": record["id"], "reason": "sonstiges"})


def run(command: str, values: dict[str, str], folder: Path) -> Any:
    """Does what curl would do with the options that the text uses; the machine need not have curl."""
    for name, value in values.items():
        command = command.replace(f"${name}", value)
    _curl, address, *options = shlex.split(command)
    headers: dict[str, str] = {}
    fields: dict[str, str] = {}
    files: dict[str, tuple[str, bytes]] = {}
    body = None
    for option, value in zip(options[::2], options[1::2], strict=True):
        if option == "-H":
            name, _colon, text = value.partition(": ")
            headers[name] = text
        elif option == "--data":
            body = value.encode()
        else:
            assert option == "-F"
            name, _equals, text = value.partition("=")
            if text.startswith("@"):
                files[name] = (text[1:], (folder / text[1:]).read_bytes())
            else:
                fields[name] = text
    answer = requests.post(address, data=body or fields, files=files or None, headers=headers, timeout=60)
    assert answer.ok, answer.text
    return answer.json()["result"]
