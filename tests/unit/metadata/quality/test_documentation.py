"""docs/developers/quality.md against the code."""

from __future__ import annotations

import re
from pathlib import Path

from ckanext.mainz.metadata.dictionary import actions as dictionary_actions
from ckanext.mainz.metadata.dictionary.columns import TYPES, Column
from ckanext.mainz.metadata.quality import actions as quality_actions
from ckanext.mainz.metadata.quality.mqa import State, scheme

DOCS = Path(__file__).parents[4] / "docs"
PAGE = (DOCS / "developers" / "quality.md").read_text(encoding="utf-8")
EDITORS = (DOCS / "editors" / "quality.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def test_the_table_of_metrics_is_that_of_the_assessment():
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\w+) \|", section("The score"), re.MULTILINE)
    metrics = [metric for one in scheme().dimensions for metric in one.metrics]
    assert rows == [(metric.code, str(metric.points), metric.of) for metric in metrics]


def test_every_state_is_explained():
    assert all(f"`{state}`" in section("The score") for state in State)


def test_every_action_is_documented_and_every_documented_action_exists():
    documented = set(re.findall(r"^\| `(mainz_\w+)` \|", section("Actions"), re.MULTILINE))
    assert documented == {*quality_actions.get_actions(), *dictionary_actions.get_actions()}


def test_every_order_of_the_list_is_documented():
    assert all(f"`{order}`" in section("Actions") for order in quality_actions.ORDERS)


def test_the_keys_and_types_of_a_column_are_documented():
    keys = re.findall(r"^\| `(\w+)` \|", section("Data dictionary"), re.MULTILINE)
    assert keys == list(Column.__dataclass_fields__)
    assert all(f"`{kind}`" in section("Data dictionary") for kind in TYPES)


def test_editors_are_told_the_sum_and_where_excellence_begins():
    assert str(scheme().maximum) in EDITORS
    assert str(dict(scheme().ratings)["excellent"]) in EDITORS
