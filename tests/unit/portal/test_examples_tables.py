"""Invented tables: the same lines of YAML give the same believable figures."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.portal.examples.cells import Missing, Table
from ckanext.mainz.portal.examples.geometry import area, contains
from ckanext.mainz.portal.examples.places import city_outline, district, outline
from ckanext.mainz.portal.examples.reading import ExampleError
from ckanext.mainz.portal.examples.tables import build, read_spec


def made(seed: str = "test", **spec: Any) -> Table:
    return build(read_spec(spec, "test"), seed)


DOGS = {"Hunde": {"share": 0.03, "spread": 0.3}}
TREES = {"Nr": {"sequence": 7}, "Baum": {"text": "{n:02d} {street} {postcode}"}, "Art": {"choice": ["Linde", "Ahorn"]}}


def column(table: Table, name: str) -> list[Any]:
    return [row[table.columns.index(name)] for row in table.rows]


# --- rows ----------------------------------------------------------------------------------------------------------


def test_cells_of_the_yaml_keep_their_types():
    table = made(columns=["a", "b", "c", "d"], rows=[["x", 1, 2.5, None], [date(2025, 1, 2), 3, 4.0, "y"]])
    assert table.rows[0] == ("x", 1, Decimal("2.5"), Missing.EMPTY)
    assert table.rows[1][0] == date(2025, 1, 2)


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ExampleError, match="2 cells, not 1"):
        made(columns=["a"], rows=[["Umwelt", "Grün"]])


# --- districts -----------------------------------------------------------------------------------------------------


def test_each_year_has_all_districts_and_ends_with_their_sum():
    table = made(kind="districts", years=[2022, 2023], measures=DOGS)
    assert table.columns == ("Jahr", "Stadtteil", "Hunde")
    assert len(table.rows) == 2 * 16
    assert table.rows[15] == (2022, "Mainz gesamt", sum(column(table, "Hunde")[:15]))


def test_without_years_there_is_no_column_for_them():
    assert made(kind="districts", measures=DOGS, total=False).columns == ("Stadtteil", "Hunde")


def test_a_district_stays_above_or_below_the_average_over_the_years():
    table = made(kind="districts", years=[2010, 2023], measures=DOGS, total=False)
    marienborn = [row[2] / district("Marienborn").residents for row in table.rows if row[1] == "Marienborn"]
    assert max(marienborn) - min(marienborn) < 0.03 * 0.3


def test_a_rest_adds_up_and_may_stand_before_its_parts():
    measures = {
        "erwachsen": {"rest": ["residents", "Kinder"]},
        "Kinder": {"share": 0.2, "spread": 0.2},
    }
    table = made(kind="districts", measures=measures, total=False)
    assert table.columns == ("Stadtteil", "erwachsen", "Kinder")
    assert [row[1] + row[2] for row in table.rows[:2]] == [17723, 28312]


def test_the_percentage_of_the_city_is_that_of_its_sums():
    measures = {
        "alle": {"share": 1, "spread": 0},
        "Kinder": {"share": 0.2, "of": "alle", "spread": 0.5},
        "Anteil": {"percent": ["Kinder", "alle"], "decimals": 2},
    }
    total = made(kind="districts", measures=measures).rows[-1]
    assert float(total[3]) == pytest.approx(100 * total[2] / total[1], abs=0.005)


def test_small_figures_are_suppressed_but_not_in_the_sum():
    table = made(kind="districts", measures={"Fälle": {"share": 0.0005, "spread": 0, "suppress_below": 5}})
    assert dict(table.rows)["Drais"] is Missing.SUPPRESSED
    assert dict(table.rows)["Mainz gesamt"] == sum(round(place * 0.0005) for place in RESIDENTS)


RESIDENTS = [17723, 28312, 21087, 18911, 15204, 25104, 15103, 3118, 6512, 4629, 21410, 16021, 13930, 9804, 6021]


def test_a_measure_that_refers_to_nothing_is_named():
    with pytest.raises(ExampleError, match="'Katzen' refers to 'Hunde'"):
        made(kind="districts", measures={"Katzen": {"share": 1, "of": "Hunde"}})


# --- series --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "heads", "count", "first"),
    [
        ("year", ("Jahr",), 2, (2024,)),
        ("quarter", ("Jahr", "Quartal"), 8, (2024, "1. Quartal")),
        ("month", ("Jahr", "Monat"), 24, (2024, "Januar")),
        ("day", ("Datum",), 731, (date(2024, 1, 1),)),
    ],
)
def test_a_series_has_a_row_for_each_period(step, heads, count, first):
    table = made(
        kind="series", step=step, first=date(2024, 1, 1), last=date(2025, 12, 31), measures={"x": {"level": 9}}
    )
    assert table.columns == (*heads, "x")
    assert len(table.rows) == count
    assert table.rows[0][: len(heads)] == first


def test_a_series_by_station_has_a_row_for_each_with_its_own_size():
    by = {"column": "Station", "values": {"Brücke": 2.0, "Ufer": 1.0}}
    measures = {"Räder": {"level": 100, "spread": 0}}
    table = made(kind="series", step="year", first=date(2023, 1, 1), last=date(2023, 1, 1), by=by, measures=measures)
    assert table.rows == ((2023, "Brücke", 200), (2023, "Ufer", 100))


def test_seasons_and_weekends_show_in_the_figures():
    measures = {"Räder": {"level": 1000, "season": 0.5, "peak": 7, "weekend": 0.5, "spread": 0}}
    table = made(kind="series", step="day", first=date(2023, 1, 1), last=date(2023, 12, 31), measures=measures)
    figures = dict(table.rows)
    assert figures[date(2023, 7, 12)] == 1500
    assert figures[date(2023, 7, 15)] == 750
    assert figures[date(2023, 1, 11)] == 500


def test_an_unknown_step_is_named():
    with pytest.raises(ExampleError, match="no step 'week'"):
        made(kind="series", step="week", first=date(2024, 1, 1), last=date(2024, 2, 1), measures={})


# --- places --------------------------------------------------------------------------------------------------------


@given(st.text(max_size=8), st.integers(1, 60), st.sampled_from(["Point", "Polygon", "LineString"]))
def test_places_lie_in_the_district_that_their_row_names(seed, count, form):
    table = made(seed, kind="places", count=count, form=form, size=40, attributes={"Ort": {"text": "{district}"}})
    assert len(table.rows) == len(table.geometries) == count
    for (name,), geometry in zip(table.rows, table.geometries, strict=True):
        assert isinstance(name, str)
        assert any(contains(outline(name), point) for point in geometry.points)
        if form == "Point":
            assert contains(city_outline(), geometry.points[0])
        if form == "Polygon":
            assert area(geometry.points) > 0


def test_every_district_gets_something_and_large_ones_get_more():
    names = column(made(kind="places", count=300, attributes={"Ort": {"text": "{district}"}}), "Ort")
    assert len(set(names)) == 15
    assert names.count("Neustadt") > names.count("Drais")


def test_places_are_confined_to_the_districts_that_are_named():
    only = ["Altstadt", "Neustadt"]
    names = column(made(kind="places", count=30, only=only, attributes={"Ort": {"text": "{district}"}}), "Ort")
    assert set(names) == set(only)


def test_without_a_count_every_street_comes_once():
    table = made(kind="places", attributes={"Straße": {"text": "{street}"}, "Ort": {"text": "{district}"}})
    assert len(set(table.rows)) == len(table.rows)


def test_things_in_the_same_street_are_told_apart():
    table = made(kind="places", count=12, only=["Drais"], attributes={"Kita": {"text": "{street}{nth}"}})
    assert len(set(table.rows)) == 12
    assert ("Seminarstraße II",) in table.rows


def test_attributes_are_invented_in_each_way():
    attributes = {
        **TREES,
        "Höhe": {"between": [4, 28], "decimals": 1},
        "Beginn": {"day": [date(2025, 1, 1), date(2025, 6, 30)]},
        "Ende": {"after": "Beginn", "days": [1, 9]},
        "a": {"between": [1, 5]},
        "b": {"between": [2, 2], "of": "a"},
        "Summe": {"sum": ["a", "b"]},
        "nie": {"text": "x", "empty": 1},
    }
    table = made(kind="places", count=20, attributes=attributes)
    for n, (number, _, art, height, start, end, a, b, total, never) in enumerate(table.rows):
        assert number == 7 + n
        assert art in ("Linde", "Ahorn")
        assert isinstance(height, Decimal)
        assert Decimal(4) <= height <= Decimal(28)
        assert isinstance(start, date)
        assert isinstance(end, date)
        assert 1 <= (end - start).days <= 9
        assert (b, total) == (2 * int(str(a)), 3 * int(str(a)))
        assert never is Missing.EMPTY
    assert table.rows[0][1] == "01 Augustinerstraße 55116"


def test_an_attribute_without_a_way_is_refused():
    with pytest.raises(ExampleError, match="no way to invent it"):
        made(kind="places", count=1, attributes={"x": {}})


# --- rounds and outlines -------------------------------------------------------------------------------------------


def test_collections_come_round_on_working_days_in_every_district():
    first, last = date(2026, 1, 5), date(2026, 12, 31)
    table = made(kind="rounds", column="Abfallart", every={"Papier": 28}, first=first, last=last)
    assert all(isinstance(row[0], date) and row[0].weekday() < 5 for row in table.rows)
    assert len({row[1] for row in table.rows}) == 15
    assert len(table.rows) in range(15 * 12, 15 * 14)


def test_outlines_have_one_counter_clockwise_ring_for_each_district():
    table = made(kind="outlines")
    assert len(table.rows) == 15
    assert all(area(geometry.points) > 0 for geometry in table.geometries)


# --- all -----------------------------------------------------------------------------------------------------------


@given(st.text(max_size=5))
def test_the_same_seed_gives_the_same_table(seed):
    spec = {"kind": "places", "count": 9, "attributes": TREES}
    assert made(seed, **spec) == made(seed, **spec)


def test_another_seed_gives_another_table():
    assert made("a", kind="places", count=9, attributes=TREES) != made("b", kind="places", count=9, attributes=TREES)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"kind": "magic"}, "no kind of table 'magic'"),
        ({"columns": ["a"]}, "missing entries"),
        ({"kind": "outlines", "size": 3}, "unknown entries"),
        ({"kind": "districts", "measures": {"x": {"shares": 1}}}, "test, x: unknown entries"),
        ({"kind": "districts", "measures": {"x": 3}}, "a mapping is needed"),
    ],
)
def test_a_wrong_specification_is_named(spec, message):
    with pytest.raises(ExampleError, match=message):
        read_spec(spec, "test")
