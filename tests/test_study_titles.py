"""Titles and number formats of the charts of studies, by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from matplotlib.text import Text

import sim
from sim.charts import draw
from sim.formatting import compact, number_format
from tests.support.study_tables import (
    FIRE,
    INPUTS,
    PRODUCED,
    grid_sweep,
    line_sweep,
    linear_drawdown,
    morris_study,
    rank_study,
    rates,
    sobol_study,
    sweep_data,
    tornado_study,
)

THE_DAY = "the day on which the stock is gone"


@pytest.mark.parametrize(
    ("kind", "made", "said"),
    [
        # Net 4M x (0.75 to 1.25) over 731 days: the stock lasts in half of the runs up to 4M / 731 = 5,472 a
        # day. Without a solved value, the title gives the values of the grid on either side.
        (
            "line",
            lambda: line_sweep(),
            "The stock lasts until 1 Sep 2025 in half of the runs up to between 5,000 and 10k shells a day "
            "(Required rate, front)",
        ),
        (
            "sustainable",
            lambda: line_sweep(),
            "Between 5,000 and 10k shells a day can be sustained until 1 Sep 2025 in half of the runs",
        ),
        (
            "line",
            lambda: sweep_data({FIRE: [1e3, 2e3]}, linear_drawdown),
            "The stock lasts until 1 Sep 2025 in every run, at every point",
        ),
        (
            "line",
            lambda: sweep_data({FIRE: [5e4, 6e4]}, linear_drawdown),
            "Day on which the stock is gone, median of the runs: 20 November 2023 with 50k shells a day, "
            "7 November 2023 with 60k shells a day (Required rate, front)",
        ),
        (
            "sustainable",
            lambda: sweep_data({FIRE: [5e4, 6e4]}, linear_drawdown),
            "Not even 50k shells a day can be sustained until 1 Sep 2025 in half of the runs",
        ),
        ("heatmap", lambda: grid_sweep(failed=lambda *_: True), "No point of this sweep could be run"),
        (
            "heatmap",
            lambda: sweep_data({PRODUCED: rates(3), FIRE: [1e6, 2e6]}, lambda m, f: linear_drawdown(f, m)),
            "The stock lasts until 1 Sep 2025 in no run, at every point",
        ),
        (
            "tornado",
            lambda: tornado_study([(INPUTS[1], 90.0, 99.0), (INPUTS[0], 65.0, 134.0)], base=95.0),
            f"depots.tikhoretsk.stock moves {THE_DAY} most: from 5 November 2023 to 13 January 2024",
        ),
        (
            "tornado",
            lambda: tornado_study([(INPUTS[0], 95.0, 95.0)], base=95.0),
            "No input alone moves the day on which the stock is gone",
        ),
        (
            "tornado",
            lambda: rank_study((-0.4, -0.9)),
            f"shipments.dprk.serviceable goes with {THE_DAY} most: the higher it is, the earlier",
        ),
        (
            "tornado",
            lambda: rank_study((0.03, -0.02)),
            "No input is clearly tied to the day on which the stock is gone",
        ),
        (
            "sobol",
            lambda: sobol_study([(0.1, 0.2), (0.62, 0.7)]),
            f"shipments.dprk.serviceable alone explains 62 % of the variance of {THE_DAY}",
        ),
        (
            "sobol",
            lambda: morris_study([(35.0, 1.0), (2.0, 1.0)]),
            "depots.tikhoretsk.stock moves the day on which the stock is gone most: by 35 days on average",
        ),
    ],
)
def test_the_title_says_the_finding(kind: str, made: Callable[[], object], said: str) -> None:
    assert draw(kind, made()).get_label() == said


def test_what_varies_may_be_a_path_of_one_word() -> None:
    """Whole scenarios, or the end of the period: no section to take a shorter name from."""
    files = ["scenarios/flat.yaml", "scenarios/rationed.yaml"]
    swept = sim.sweep("scenarios/flat.yaml", {"scenario": files, FIRE: [1e4, 2e4]}, runs=2)
    axes = [text.get_text() for text in draw("heatmap", swept).findobj(Text)]
    assert "Scenario" in axes
    assert {"flat", "rationed"} <= set(axes)


def test_numbers_are_told_as_people_tell_them() -> None:
    told = [compact(x) for x in (0.0, 0.25, -3.0, 999.6, 9_496.0, 9_999.0, 20_300.0, 999_600.0, 3.4e6, 2e9)]
    assert told == ["0", "0.25", "−3", "1,000", "9,500", "10k", "20.3k", "1M", "3.4M", "2bn"]
    assert number_format("shells/day", "production.a.rate").text(1e6 / 365.25) == "1M a year"
    assert number_format("shells/day", "consumption.a.rate").text(6e4) == "60k a day"
    assert number_format("share").text(0.35) == "35 %"
    assert number_format("days").text(1.0) == "1 day"
    assert number_format("something else").text(7.0) == "7"
