"""The chart of the live page as options of ECharts, without a browser."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import accumulate
from typing import Any

import pytest

from sim.charts import style
from sim.exploring.chart_options import HELD_COLOUR, axis_tops, chart_options, key_entries
from sim.exploring.picture import Fan, Fire, FireSeries, Picture
from sim.house_style.house_style import DEFAULT

DAYS = ("2024-01-01", "2024-02-14", "2024-02-29")
LEVELS = {
    "p05": (100.0, 40.0, 0.0),
    "p25": (100.0, 60.0, 10.0),
    "p50": (100.0, 70.0, 30.0),
    "p75": (100.0, 85.0, 45.0),
    "p95": (100.0, 95.0, 80.0),
}
FAN = Fan("Shells at South", DAYS, LEVELS)
#: Two months: of 50 and 60 shells required a day, 20 and 30 unmet.
FIRE = Fire(
    "Shells fired a day",
    "fired",
    ("2024-01-01", "2024-02-01", "2024-03-01"),
    (FireSeries("Stock", "#111111", (25.0, 10.0)), FireSeries("Works", "#222222", (5.0, 20.0))),
    (50.0, 60.0),
    (20.0, 30.0),
)
PICTURE = Picture(dt.date(2024, 1, 1), dt.date(2024, 3, 1), 100, (FAN,), 0, FIRE)
LOWER = replace(
    PICTURE,
    fans=(replace(FAN, levels={name: [value / 2 for value in level] for name, level in LEVELS.items()}),),
)


def options_of(picture: Picture, held: Picture | None = None) -> dict[str, Any]:
    return chart_options(picture, held, axis_tops([picture]), DEFAULT)


def values_of(series: dict[str, Any]) -> list[float]:
    return [value for _, value in series["data"]]


def with_fans(count: int) -> Picture:
    return replace(PICTURE, fans=(FAN,) * count)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_plots_fill_the_height_and_keep_their_distance(count: int) -> None:
    boxes = [
        (float(grid["top"].rstrip("%")), float(grid["height"].rstrip("%")))
        for grid in options_of(with_fans(count))["grid"]
    ]
    assert len(boxes) == count + 1
    ends = [top + height for top, height in boxes]
    gaps = [following[0] - end for following, end in zip(boxes[1:], ends, strict=False)]
    assert boxes[0][0] == pytest.approx(7.5)
    assert gaps == pytest.approx([10.5] * count, abs=0.02)
    assert ends[-1] == pytest.approx(94.0, abs=0.02)
    *fans, fire = [height for _, height in boxes]
    assert fans == pytest.approx([fans[0]] * count)
    # Below one fan the fire has 36 % of the room; of more plots all have the same height.
    assert fire == pytest.approx(0.36 * (fans[0] + fire) if count == 1 else fans[0], abs=0.02)


@pytest.mark.parametrize(
    ("top", "interval", "end"),
    [
        # The axis has room for 2 % more than its largest value, at most four intervals of which reach it.
        (0.0, 0.5, 1.5),
        (7.0, 2.0, 8.0),
        (39.0, 10.0, 40.0),
        (170_000.0, 50_000.0, 200_000.0),
        (100_000.0, 50_000.0, 150_000.0),
        (3_900_000.0, 1_000_000.0, 4_000_000.0),
        (3_950_000.0, 2_000_000.0, 6_000_000.0),
    ],
)
def test_an_axis_has_ticks_at_round_numbers(top: float, interval: float, end: float) -> None:
    axis = chart_options(PICTURE, None, [top, top], DEFAULT)["yAxis"][0]
    assert (axis["min"], axis["interval"], axis["max"]) == pytest.approx((0.0, interval, end))


def test_an_axis_reaches_the_largest_value_of_all_settings() -> None:
    assert axis_tops([LOWER, PICTURE]) == axis_tops([PICTURE, LOWER]) == [100.0, 60.0]
    assert axis_tops([LOWER]) == [50.0, 60.0]
    # Consumers that waited can fire more in a month than it requires.
    after = replace(FIRE, parts=(FireSeries("Stock", "#111111", (25.0, 75.0)),))
    assert axis_tops([replace(PICTURE, fire=after)]) == [100.0, 75.0]


def test_bands_add_up_to_the_percentiles() -> None:
    series = options_of(PICTURE)["series"]
    stack = [each for each in series if each.get("stack") == "fan 0"]
    assert [[day for day, _ in each["data"]] for each in stack] == [list(DAYS)] * 4
    levels = list(zip(*(accumulate(day) for day in zip(*map(values_of, stack), strict=True)), strict=True))
    assert levels == [pytest.approx(LEVELS[name]) for name in ("p05", "p25", "p75", "p95")]
    colours = [each["areaStyle"].get("color") for each in stack]
    assert colours == [None, style.BAND_90, style.BAND_50, style.BAND_90]
    lines = {
        each["name"]: values_of(each) for each in series if each["xAxisIndex"] == 0 and "stack" not in each
    }
    assert lines == {
        "95 % of runs below": list(LEVELS["p95"]),
        "Median": list(LEVELS["p50"]),
        "5 % of runs below": list(LEVELS["p05"]),
    }


def test_fire_and_what_is_unmet_add_up_to_the_requirement() -> None:
    series = [each for each in options_of(PICTURE)["series"] if each["xAxisIndex"] == 1]
    stack = [each for each in series if each.get("stack") == "fire"]
    (required,) = [each for each in series if each["name"] == "required"]
    assert [each["name"] for each in stack] == ["Stock", "Works", "not fired"]
    assert [sum(month) for month in zip(*map(values_of, stack), strict=True)] == values_of(required)
    # A month lasts until the next begins, the last one until the end.
    assert required["data"] == [["2024-01-01", 50.0], ["2024-02-01", 60.0], ["2024-03-01", 60.0]]
    assert FIRE.total == [30.0, 30.0]
    assert replace(FIRE, parts=()).total == [0.0, 0.0]


def test_a_held_setting_is_drawn_as_lines_on_the_plots_of_the_present_one() -> None:
    series = options_of(PICTURE, LOWER)["series"]
    held = [each for each in series if each["name"].startswith("Held")]
    assert {(each["name"], each["xAxisIndex"]): values_of(each) for each in held} == {
        ("Held, 95 % of runs below", 0): [50.0, 47.5, 40.0],
        ("Held, median", 0): [50.0, 35.0, 15.0],
        ("Held, 5 % of runs below", 0): [50.0, 20.0, 0.0],
        ("Held, fired", 1): [30.0, 30.0, 30.0],
    }
    assert {each["lineStyle"]["color"] for each in held} == {HELD_COLOUR}
    assert {each["name"]: each["lineStyle"]["type"] for each in held}["Held, median"] == "dashed"
    # A stock that only one of the two settings has.
    more = options_of(with_fans(2), LOWER)["series"]
    assert [each["xAxisIndex"] for each in more if each["name"] == "Held, median"] == [0]


def test_a_picture_is_there_at_once() -> None:
    # A drag draws many pictures a second: an animation would never end.
    assert options_of(PICTURE)["animation"] is False


def test_only_the_lowest_plot_has_dates() -> None:
    axes = options_of(with_fans(3))["xAxis"]
    assert [axis["axisLabel"]["show"] for axis in axes] == [False, False, False, True]
    assert {(axis["min"], axis["max"]) for axis in axes} == {("2024-01-01", "2024-03-01")}


def test_the_key_names_what_is_drawn() -> None:
    texts = [text for _, _, text in key_entries(PICTURE, None, DEFAULT)]
    assert texts == [
        *("median stock", "half of the runs", "nine runs in ten"),
        *("Stock", "Works", "not fired", "required"),
    ]
    all_met = replace(PICTURE, fire=replace(FIRE, unmet=(0.0, 0.0)))
    assert "not fired" not in [text for _, _, text in key_entries(all_met, None, DEFAULT)]
    *_, held = key_entries(PICTURE, LOWER, DEFAULT)
    assert held == (HELD_COLOUR, "dashes", "held setting: stock, and fired a day")
