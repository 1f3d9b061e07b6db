"""Several scenarios on one drawdown chart: lines, labels and headline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sim.charts import drawdown
from sim.charts.drawdown_overlay import SCENARIO_STYLES
from sim.charts.result_data import ChartData
from sim.errors import ArgumentError
from sim.findings.overlay_headline import NamedRun, overlay_headline
from sim.names.word_forms import Noun
from tests.support.chart_layout import cut_texts, overlapping_texts, text_boxes
from tests.support.colours import lightness
from tests.support.known_result import (
    FOUR,
    GONE,
    LATE,
    NEVER,
    SIZES,
    figure_text,
    make_result,
    outcome_data,
    plot_axes,
)

SOON = outcome_data(1.0, "2023-10-02", "2023-10-20", "2023-11-01")


def result(title: str, **more: Any) -> ChartData:
    return make_result(title=title, **more)


def two() -> list[ChartData]:
    return [result("As claimed", exhausted=GONE), result("Half the fire", exhausted=NEVER)]


def headline(*results: ChartData) -> str:
    runs = [NamedRun(str(each.manifest["scenario"]["title"]), each) for each in results]
    return overlay_headline(runs).sentence


def test_two_scenarios_are_told_one_after_the_other() -> None:
    # Nothing but the summaries decides: one stock gone in half of the runs by 14 November, one never.
    assert headline(*two()) == (
        "As claimed: the stock falls below one day of supply in every run, in half of them by "
        "14 November 2023; Half the fire: the stock lasts to 11 January 2024 in every run"
    )


def test_of_more_scenarios_the_first_and_the_last_are_told() -> None:
    found = headline(result("A", exhausted=GONE), result("B", exhausted=SOON), result("C", exhausted=LATE))
    assert found.startswith("Of 3 scenarios, B comes first: the stock ")
    assert "by 20 October 2023; C comes last: the stock " in found
    assert found.endswith("in 37 % of runs")


def test_no_one_comes_last_where_several_last() -> None:
    found = headline(
        *(result(name, exhausted=each) for name, each in zip("ABC", (GONE, NEVER, NEVER), strict=True))
    )
    assert found.startswith("Of 3 scenarios, A comes first: ")
    assert found.endswith("; 2 last to their end")
    none = headline(*(result(name, exhausted=NEVER) for name in "ABC"))
    assert none == "Of 3 scenarios, every one lasts to its end"


def test_the_finding_has_the_numbers_of_each_scenario() -> None:
    runs = [NamedRun(name, each) for name, each in zip("AB", two(), strict=True)]
    values = overlay_headline(runs).values
    assert values == {
        "exhausted_share: A": 1.0,
        "exhausted_p50: A": "2023-11-14",
        "exhausted_share: B": 0.0,
        "exhausted_p50: B": None,
    }


@pytest.mark.parametrize("size", SIZES)
def test_each_scenario_has_a_line_a_band_and_a_name(size: str) -> None:
    figure = drawdown(two(), size)
    stock, fire = plot_axes(figure)
    for colour, _ in SCENARIO_STYLES[:2]:
        assert [line for line in stock.lines if line.get_color() == colour], "a median"
        assert [step for step in fire.patches if step.get_edgecolor()[:3] == rgb(colour)], "its fire"
    assert len(stock.collections) == 2, "two bands"
    for name in ("As claimed", "Half the fire"):
        assert figure_text(figure).count(name) >= 3, "in the title, the key and beside its mark or line"


def rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def test_the_fire_of_each_scenario_is_that_of_its_tables() -> None:
    _, fire = plot_axes(drawdown(two(), until="end"))
    steps = [step.get_data() for step in fire.patches if hasattr(step, "get_data")]
    # 100 a day for 60 days from 16 September, then 60 a day: 100 in September, 60 in January.
    assert steps[0].values[0] == pytest.approx(100.0)
    assert steps[0].values[-1] == pytest.approx(60.0)
    # The requirement is the same in both, so it is drawn once.
    assert len(steps) == 3
    assert np.allclose(steps[2].values, 100.0)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "results",
    [
        two(),
        [result("A title that is much too long to stand in a key, " * 3 + name) for name in "ABCD"],
        [result("Four stocks", places=FOUR), result("One stock")],
        [result("One run", runs=1, spread=0.0, exhausted=NEVER), result("Many")],
    ],
    ids=["two", "four with long names", "other stocks", "one run"],
)
def test_no_text_overlaps_another_or_leaves_the_figure(results: Sequence[ChartData], size: str) -> None:
    figure = drawdown(results, size)
    boxes = text_boxes(figure)
    assert not cut_texts(figure, boxes)
    assert not overlapping_texts(boxes)
    for axes in plot_axes(figure):
        assert axes.get_window_extent().height > 60 * 200 / 72, "less than 60 points of room for the plot"


def test_equal_titles_are_told_apart() -> None:
    one, other = result("The same"), result("The same", exhausted=NEVER)
    manifest = {**other.manifest, "scenario": {"digest": "0badc0de", "title": "The same"}}
    text = figure_text(drawdown([one, replace(other, manifest=manifest)]))
    assert "3fa9c1d2, The same" in text
    assert "0badc0de, The same" in text


def test_the_calendar_holds_every_scenario() -> None:
    short, long = result("Short"), result("Long", end=dt.date(2024, 6, 1))
    (limits,) = {axes.get_xlim() for axes in drawdown([short, long], until="end").figure.axes}
    assert dt.date.fromordinal(int(limits[1])) == dt.date(2024, 6, 1)


def test_a_stock_of_the_headline_always_has_a_plot() -> None:
    figure = drawdown([result("Four stocks", places=FOUR), result("One stock")], "square")
    assert "the stock of 152 mm" in figure_text(figure)
    assert "Shells in stock: 152 mm at Front" in figure_text(figure)


def test_too_many_scenarios_are_refused() -> None:
    with pytest.raises(ArgumentError, match=r"5 scenarios are too many .*; allowed: at most 4"):
        drawdown([result(str(number)) for number in range(5)])


def test_lines_differ_in_grey_and_in_dashes() -> None:
    assert len({str(dashes) for _, dashes in SCENARIO_STYLES}) == len(SCENARIO_STYLES)
    shades = [lightness(colour) for colour, _ in SCENARIO_STYLES[:2]]
    assert abs(shades[0] - shades[1]) > 10


def test_the_key_has_the_whole_name_of_each_scenario() -> None:
    name = "The claims of October 2023 with half of the daily fire and no imports from abroad"
    for size in ("column", "page", "slide"):
        figure = drawdown([result(name), result("Other", exhausted=NEVER)], size)
        lines = " ".join(text.get_text() for text in figure.texts)
        assert name in lines.replace("\u00a0", " "), size


def test_scenarios_that_count_unlike_things_are_refused() -> None:
    shells, blankets = two()
    (munition,) = {munition for _, munition in blankets.pairs}
    names = replace(blankets.names, nouns={munition: Noun("blanket", "blankets")})
    with pytest.raises(ArgumentError) as caught:
        drawdown([shells, replace(blankets, names=names)])
    assert str(caught.value) == (
        "shells in one scenario and blankets in another have no axis in common; "
        "allowed: scenarios that count the same things"
    )
