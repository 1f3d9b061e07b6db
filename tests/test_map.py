"""Map of the route: quantities as in the tables, places where they are, and a drawing without any."""

from __future__ import annotations

import datetime as dt
import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.path import Path

import sim
from sim.charts import draw
from sim.charts.map_layout import great_circle, make_projection, spread_markers, unwrap
from sim.charts.pipeline_chart import cargo_by_stage
from sim.charts.places import Place, coastline, find_place, find_places
from sim.charts.result_data import ChartData
from sim.charts.route_data import FIRED, IN_STORE, Quantity, cargo, read_route
from sim.charts.voyage_data import read_voyages
from sim.errors import ArgumentError
from sim.findings.finding import Scope
from sim.findings.map_headline import map_headline
from sim.names import SHELL
from tests.support.awkward_results import awkward_result
from tests.support.known_result import figure_text, figure_texts

DAY = dt.date(2023, 12, 1)


def quantities(name: str, day: dt.date) -> dict[str, Quantity]:
    result = awkward_result(name)
    found = read_route(
        ChartData.of(result), read_voyages(result), day, min(5, ChartData.of(result).runs)
    ).quantities
    return {f"{each.stage}: {each.name}": each for each in found}


# Quantities


@pytest.mark.parametrize("name", ["known places", "twelve suppliers", "ten years"])
def test_what_is_under_way_on_the_map_is_what_the_pipeline_holds(name: str) -> None:
    result = awkward_result(name)
    data, voyages = ChartData.of(result), read_voyages(result)
    stages = cargo_by_stage(data, voyages)
    for days in (20, 60):
        route = read_route(
            data, voyages, data.start + dt.timedelta(days=days), min(5, ChartData.of(result).runs)
        )
        for stage, levels in stages.items():
            own = sum(each.shells for each in cargo(route.quantities) if each.stage == stage)
            assert own == pytest.approx(levels[days], abs=1e-6), (stage, days)


def test_stocks_and_fire_of_the_day_are_those_of_the_tables() -> None:
    result = awkward_result("known places")
    day = dt.date(2023, 10, 10)
    found = quantities("known places", day)
    stock = result.stock[result.stock["date"].astype(str) == day.isoformat()].set_index("depot")["mean"]
    assert found["in store: Depot at Tikhoretsk"].shells == pytest.approx(stock["d"])
    assert found["in store: E"].shells == pytest.approx(stock["e"])
    assert found["fired: Fired, E"].shells == pytest.approx(10_000)
    # 20,000 a day for three days, sent after the settlement of the day.
    between = found["between depots: Between depots"].shells
    assert between == pytest.approx(60_000)
    assert found["between depots: Between depots"].at == ()


def test_legs_with_the_same_ends_are_one_line_of_all_suppliers() -> None:
    found = quantities("twelve suppliers", dt.date(2023, 10, 30))
    assert list(found) == [
        "at sea: a to b",
        "at a quay between legs: b",
        "on rail: b to d",
        "in store: D",
        "fired: Fired",
    ]


# Places


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Depot at Tikhoretsk", "Tikhoretsk"),
        ("depot_tikhoretsk", "Tikhoretsk"),
        ("RAJIN", "Najin"),
        ("Rostov", "Rostov-on-Don"),
        ("Rzesz\u00f3w", "Rzeszow"),
        ("Perm", "Perm"),
        ("Permanent depot", None),
        ("Tulare", None),
        ("", None),
        ("a(b", None),
    ],
)
def test_a_place_is_found_by_its_whole_name(text: str, name: str | None) -> None:
    place = find_place([text])
    assert (place.name if place else None) == name


def test_places_of_a_label_are_in_its_order() -> None:
    assert [place.name for place in find_places("Trains from Dunay to Tikhoretsk")] == ["Dunay", "Tikhoretsk"]


def test_every_place_of_the_table_is_on_land_or_at_a_coast() -> None:
    # The coastline is coarse: a port may be 80 km off it.
    for name in (
        "Moscow",
        "Tikhoretsk",
        "Najin",
        "Dunay",
        "Kyiv",
        "Khabarovsk",
        "Scranton",
        "Rzeszow",
        "Busan",
    ):
        place = find_place([name])
        assert place is not None
        at = (place.longitude, place.latitude)
        on_land = any(Path(ring).contains_point(at, radius=r) for ring in coastline() for r in (0.8, -0.8))
        assert on_land, name


def test_the_sea_is_not_land() -> None:
    for at in ((-30.0, 40.0), (160.0, 30.0), (135.0, 40.0), (34.0, 43.2)):
        assert not any(Path(ring).contains_point(at) for ring in coastline()), at


def test_a_ring_has_no_jump_at_the_antimeridian() -> None:
    assert len(coastline()) > 60
    for ring in coastline():
        assert np.abs(np.diff(ring[:, 0])).max() < 30.0


# Positions


def test_a_map_is_cut_where_nothing_is() -> None:
    vladivostok, scranton = Place("V", 131.9, 43.1), Place("S", -75.7, 41.4)
    lviv = Place("L", 24.0, 49.8)
    assert unwrap([vladivostok, lviv]) == {vladivostok: (131.9, 43.1), lviv: (24.0, 49.8)}
    across = unwrap([vladivostok, scranton])
    assert across[scranton][0] - across[vladivostok][0] == pytest.approx(360.0 - 75.7 - 131.9)


def test_the_shortest_line_from_dunay_to_tikhoretsk_goes_north_of_both() -> None:
    line = great_circle((132.3, 42.9), (40.1, 45.9))
    assert line[0] == pytest.approx([132.3, 42.9])
    assert line[-1] == pytest.approx([40.1, 45.9])
    # At the middle of the line: halfway vector of both ends, worked out by hand.
    assert line[:, 1].max() == pytest.approx(55.3, abs=1.0)


@given(
    st.lists(st.tuples(st.floats(-170, 170), st.floats(-50, 75)), min_size=1, max_size=6),
    st.floats(120, 500),
    st.floats(70, 300),
)
def test_all_places_are_inside_the_map(
    places: list[tuple[float, float]], width: float, height: float
) -> None:
    found = make_projection([np.array(places)], width, height, 20.0)
    for longitude, latitude in places:
        assert 19.9 <= found.x(longitude) <= width - 19.9
        assert 19.9 <= found.y(latitude) <= height - 19.9


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(0, 120)), min_size=1, max_size=16))
def test_markers_are_apart_and_inside(wanted: list[tuple[float, float]]) -> None:
    found = spread_markers(wanted, 6.2, 300.0, 120.0)
    assert all(6.2 <= x <= 293.8 and 6.2 <= y <= 113.8 for x, y in found)
    assert all(math.dist(a, b) >= 12.4 for a, b in combinations(found, 2))


# The picture


def land_of(figure: Figure) -> int:
    return sum(len(each.get_paths()) for axes in figure.axes for each in axes.collections)


def test_a_known_place_gets_a_coastline_and_its_name() -> None:
    figure = draw("map", awkward_result("known places"))
    assert land_of(figure) > 0
    assert {"Dunay", "Tikhoretsk"} <= set(figure_texts(figure))
    assert "Land: Natural Earth" in figure_text(figure)


def test_without_a_known_place_the_route_is_drawn_from_left_to_right() -> None:
    figure = draw("map", awkward_result("one run"))
    assert land_of(figure) == 0
    assert "the drawing is schematic" in figure_text(figure)
    # Names of rows follow.
    x = {text.get_text(): text.get_position()[0] for text in reversed(figure.texts)}
    assert x["a"] < x["b"] < x["D"]


def test_each_number_is_on_the_map_and_in_its_row() -> None:
    texts = figure_texts(draw("map", awkward_result("known places")))
    for number in ("1", "2", "3"):
        assert texts.count(number) == 2, number


def test_numbers_leave_out_rows_that_are_not_on_the_map() -> None:
    plain = {
        "schema": 1,
        "title": "On the way",
        "start": "2024-01-01",
        "end": "2024-02-01",
        "depots": {"rear": {"stock": "9k"}, "forward": {"stock": "2k"}},
        "transfers": {
            "road": {"from": "rear", "to": "forward", "capacity": "100/day", "lead_time": "4 days"}
        },
        "consumption": {"front": {"rate": "100/day", "at": "forward"}},
    }
    texts = figure_texts(draw("map", sim.run(plain)))
    assert "Between depots" in texts
    # Both stocks and the fire have a place, the transfer has none.
    assert [texts.count(number) for number in "1234"] == [2, 2, 2, 0]


def test_a_day_can_be_chosen_and_has_to_be_in_the_run() -> None:
    result = awkward_result("known places")
    assert "at the end of 1 December 2023" in figure_text(draw("map", result, on=DAY)).replace("\u00a0", " ")
    with pytest.raises(ArgumentError) as caught:
        draw("map", result, on=dt.date(2031, 1, 1))
    assert caught.value.faults[0].allowed == "2023-09-16 to 2023-12-15"


@pytest.mark.parametrize(
    ("cargo", "stock", "share", "sentence"),
    [
        (
            {"at sea, A to B": 1_000.0, "on rail, B to C": 3_000.0},
            2e6,
            0.75,
            "On 1 December 2023 4,000 shells are under way, 75 % of them on rail, B to C; 2M are in store",
        ),
        (
            {"from A": 5e3, "b": 0.0},
            0.0,
            1.0,
            "On 1 December 2023 5,000 shells are under way, all of them from A; none are in store",
        ),
        ({}, 57.9, None, "Nothing is under way on 1 December 2023; 58 shells are in store"),
        ({"a": 0.0}, 0.2, None, "Nothing is under way on 1 December 2023; no shells are in store"),
    ],
)
def test_the_title_is_what_the_bars_add_up_to(
    cargo: dict[str, float], stock: float, share: float | None, sentence: str
) -> None:
    finding = map_headline(Scope("2023-09-01", "2024-09-01", 9), SHELL, DAY, cargo, stock)
    assert finding.sentence == sentence
    assert finding.values["under_way"] == sum(cargo.values())
    assert finding.values.get("share") == share


def test_the_stages_of_depots_are_no_cargo() -> None:
    every = [Quantity("a", stage, 1.0, ()) for stage in (IN_STORE, FIRED, "at sea")]
    assert [each.stage for each in cargo(every)] == ["at sea"]
