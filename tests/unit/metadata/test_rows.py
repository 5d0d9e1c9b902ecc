"""Repeating fields of a form: what browsers send, in whatever order and with whatever gaps."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.metadata.rows import RowsError, as_rows, expand, filled

NAMES = frozenset({"contact", "period"})
ROW = st.dictionaries(st.sampled_from(["name", "email"]), st.text(min_size=1).filter(str.strip), min_size=1)


def test_rows_stand_in_the_order_of_their_numbers_also_beyond_nine() -> None:
    record = {f"contact-{number}-name": str(number) for number in range(12)}
    expand(record, NAMES)
    assert [row["name"] for row in record["contact"]] == [str(number) for number in range(12)]


def test_gaps_in_one_field_do_not_touch_another() -> None:
    record = {"contact-0-name": "a", "contact-3-name": "b", "period-1-start": "c", "period-3-start": "d"}
    expand(record, NAMES)
    assert record == {"contact": [{"name": "a"}, {"name": "b"}], "period": [{"start": "c"}, {"start": "d"}]}


def test_empty_rows_of_a_form_are_dropped() -> None:
    record = {"contact-0-name": "", "contact-0-email": " ", "contact-1-name": "Amt"}
    expand(record, NAMES)
    assert record["contact"] == [{"name": "Amt"}]


@given(st.lists(ROW, max_size=30), st.randoms(use_true_random=False))
def test_what_was_typed_comes_back_whatever_the_order_of_the_keys(
    rows: list[dict[str, str]], dice: random.Random
) -> None:
    keys = [(f"contact-{3 * number}-{name}", cell) for number, row in enumerate(rows) for name, cell in row.items()]
    dice.shuffle(keys)
    record = dict(keys)
    expand(record, NAMES)
    assert record.get("contact", []) == rows


def test_a_field_by_its_own_name_wins_over_form_keys() -> None:
    record = {"contact": [{"name": "API"}], "contact-0-name": "Formular"}
    expand(record, NAMES)
    assert record == {"contact": [{"name": "API"}]}


@pytest.mark.parametrize("key", ["contact", "contact-x-name", "contact--name", "other-0-name", "contact-0"])
def test_other_keys_are_left_alone(key: str) -> None:
    record = {key: []}
    expand(record, NAMES)
    assert key in record


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        ([{"name": "a"}], [{"name": "a"}]),
        ({"name": "a"}, [{"name": "a"}]),
        (json.dumps([{"name": "ä"}]), [{"name": "ä"}]),
        ("", []),
        (None, []),
        ([], []),
    ],
)
def test_rows_come_as_list_as_one_row_or_as_json(value: object, rows: list[dict[str, str]]) -> None:
    assert as_rows(value) == rows


@pytest.mark.parametrize("value", ["x", "[1]", "[", "[" * 100_000, 5, ["a"], [{"name": {"a": 1}}], [{"name": ["a"]}]])
def test_what_is_no_list_of_rows_is_refused(value: object) -> None:
    with pytest.raises(RowsError):
        as_rows(value)


def test_a_thousand_rows_are_refused() -> None:
    with pytest.raises(RowsError):
        as_rows([{"name": "x"}] * 1000)


def test_a_message_names_the_field() -> None:
    assert set(expand({"contact": "x"}, NAMES)) == {"contact"}


def test_a_row_with_zero_is_not_empty() -> None:
    assert filled([{"name": "0"}, {"name": None}]) == [{"name": "0"}]
