"""The chart of a comparison: its dots where the figures are, nothing overlapping."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.charts import compare, draw, to_bytes
from sim.charts.comparison_data import ComparisonData
from sim.charts.dot_rows import MARKER_STYLES
from sim.charts.result_data import ChartData
from sim.charts.ticks import ticks_between
from sim.errors import ArgumentError, InputError
from sim.findings.comparison_findings import comparison_headline
from tests.support.chart_layout import cut_texts, overlapping_texts, text_boxes
from tests.support.colours import lightness
from tests.support.known_comparison import (
    GONE,
    NEVER,
    SIZES,
    Plain,
    all_censored,
    days,
    difference_data,
    make_comparison,
    reached,
    shells,
)

FULL: Mapping[str, Plain] = {
    "exhausted": days(-9.4),
    "rationed_from": days(-9.6),
    **{f"below_{n}": days(-n / 4) for n in (30, 15, 7)},
    "closing_stock": shells(2e5),
    "sustained_fire": difference_data("shells a day", -7000.0, 300.0),
    "fired": shells(-4.95e6),
    "unmet": shells(4.95e6),
    "landed": shells(-4.95e6),
    "produced": shells(0.0, 0.0),
}
BOUND = {**FULL, "exhausted": days(634.0, **all_censored("lower")), "below_7": NEVER}
LONG = "A title that is much too long, " * 5 + "with $\\alpha^2$ and " + "x" * 80
CASES: Mapping[str, Callable[[], ComparisonData]] = {
    "one": lambda: make_comparison(FULL),
    "two": lambda: make_comparison(FULL, BOUND),
    "eight": lambda: make_comparison(
        *[FULL, BOUND] * 4, titles=[f"Scenario of number {n}" for n in range(8)]
    ),
    "too long": lambda: make_comparison(
        *[FULL] * 5, titles=[f"{n} {LONG}" for n in range(5)], base=LONG, sources=[{"id": LONG}] * 9
    ),
    "nothing differs": lambda: make_comparison({"exhausted": NEVER, "fired": shells(0.0, 0.0)}),
    "one run": lambda: make_comparison({"exhausted": days(-9.0, None), "fired": shells(-5e6, None)}, runs=1),
}


def dots(figure: Figure) -> dict[str, list[tuple[float, str, bool]]]:
    """Return the dots of each panel from the top: value, shape, and whether they are open."""
    shapes = {marker for _, marker in MARKER_STYLES}
    found: dict[str, list[tuple[float, str, bool]]] = {}
    for axes in panels(figure):
        lines = [line for line in axes.lines if line.get_marker() in shapes]
        lines.sort(key=lambda line: -float(np.asarray(line.get_ydata())[0]))
        found[str(len(found))] = [
            (
                float(np.asarray(line.get_xdata())[0]),
                str(line.get_marker()),
                line.get_markerfacecolor() == "white",
            )
            for line in lines
        ]
    return found


def panels(figure: Figure) -> list[Axes]:
    return list(figure.axes)


def texts(figure: Figure) -> list[str]:
    return [text.get_text().replace("\u00a0", " ") for text in figure.findobj(Text) if text.get_text()]


def test_dots_stand_where_the_figures_are_and_bounds_are_open() -> None:
    shown = dots(compare(make_comparison(FULL, BOUND)))
    in_days = [(-9.4, "o", False), (634.0, "D", True), (-9.6, "o", False), (-9.6, "D", False)]
    assert shown["0"][:4] == in_days
    # Of the two rows of `below_7` the second has no dot: no run of either gets there.
    assert len(shown["0"]) == 9
    assert [value for value, *_ in shown["1"][::2]] == [-4.95e6, 4.95e6, -4.95e6, 2e5]
    assert shown["2"] == [(-7000.0, "o", False), (-7000.0, "D", False)]


def test_intervals_are_drawn_to_their_ends_and_arrows_beyond_a_bound() -> None:
    figure = compare(make_comparison(BOUND))
    axes = panels(figure)[0]
    spans = [np.asarray(line.get_xdata()).tolist() for line in axes.lines]
    assert [633.0, 635.0] in spans
    (arrow,) = [line for line in axes.lines if line.get_marker() == ">"]
    assert float(np.asarray(arrow.get_xdata())[0]) > 634.0
    low, high = axes.get_xlim()
    assert low < -9.6
    assert high > float(np.asarray(arrow.get_xdata())[0])
    assert any(np.asarray(line.get_xdata()).tolist() == [0.0, 0.0] for line in axes.lines), "the zero line"


def test_what_does_not_differ_is_named_and_not_drawn() -> None:
    shown = texts(compare(make_comparison(FULL)))
    assert "Produced" not in shown
    assert "No difference: Produced." in " ".join(shown)
    assert {"Stock runs out", "Requirement not met", "Below 15 days", "Fired", "Left at the end"} <= set(
        shown
    )


def test_where_room_is_short_the_stock_the_shells_and_the_last_fire_stay() -> None:
    figure = compare(make_comparison(FULL, BOUND), "square")
    shown = texts(figure)
    assert {"Stock runs out", "Fired"} <= set(shown)
    assert "more outcomes in compare.csv." in " ".join(shown)
    many = " ".join(texts(compare(CASES["eight"]())))
    assert "3 more scenarios in compare.csv." in many


def test_a_chart_names_its_sources_and_the_study_that_made_it() -> None:
    sources = [{"id": "a", "claimant": "Watling", "publisher": "RUSI", "published": "2023-08-01"}]
    told = " ".join(texts(compare(make_comparison(FULL, sources=sources))))
    assert "Compared with: White House brief, October 2023" in told
    assert "Inputs: Watling (2023)." in told
    made = "60 runs of each scenario, seed 1, scenarios 0fa9c1d2, 1fa9c1d2, munitions-sim 0.1.0."
    assert f"Model output, {made}" in told


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("case", CASES)
def test_no_text_overlaps_another_or_leaves_the_figure(case: str, size: str) -> None:
    figure = compare(CASES[case](), size)
    found = text_boxes(figure)
    assert len(found) > 10
    assert not cut_texts(figure, found)
    assert not overlapping_texts(found)
    for axes in panels(figure):
        plot = axes.get_window_extent()
        assert plot.width > 50 * 200 / 72, "less than 50 points of room for the plot"
        inner = plot.shrunk(0.98, 0.98)
        assert not any(inner.overlaps(box) for _, box in found), "text in the plot"


@pytest.mark.parametrize("size", SIZES)
def test_type_is_large_enough_to_read_and_the_sizes_are_as_promised(size: str) -> None:
    figure = compare(make_comparison(FULL, BOUND), size)
    assert min(float(text.get_fontsize()) for text in figure.findobj(Text) if text.get_text()) >= 6.0
    wide, high = figure.get_size_inches() * 25.4
    width = {"column": 85, "page": 180, "slide": 254, "square": 120}[size]
    assert wide == pytest.approx(width)
    if size in ("slide", "square"):
        assert high == pytest.approx(width * (9 / 16 if size == "slide" else 1))


def test_scenarios_stay_apart_in_grey_by_shade_and_by_shape() -> None:
    greys = sorted(lightness(colour) for colour, _ in MARKER_STYLES)
    assert min(b - a for a, b in itertools.pairwise(greys)) > 7.0
    assert max(greys) < 75.0, "too pale on white"
    assert len({marker for _, marker in MARKER_STYLES}) == len(MARKER_STYLES)


def test_the_same_comparison_gives_the_same_bytes() -> None:
    for form in ("png", "svg"):
        one, other = (to_bytes(compare(make_comparison(GONE), "column"), form) for _ in range(2))
        assert one == other
    assert comparison_headline(make_comparison(GONE)).sentence in one.decode(), (
        "the file carries the finding as its title"
    )


def test_a_chart_is_refused_what_it_cannot_be_made_from() -> None:
    with pytest.raises(
        ArgumentError,
        match="a comparison has no drawdown chart: that is made from one result; allowed: compare",
    ):
        draw("drawdown", make_comparison(FULL))
    nothing = pd.DataFrame()
    bare = ChartData(nothing, nothing, nothing, nothing, nothing, {}, {})
    with pytest.raises(ArgumentError, match="is made from a comparison"):
        draw("compare", bare)
    with pytest.raises(InputError, match="did you mean 'slide'"):
        draw("compare", make_comparison(FULL), "slied")
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_comparison(FULL).summary = {}  # type: ignore[misc]


@given(
    st.floats(min_value=-1e9, max_value=0.0),
    st.floats(min_value=0.0, max_value=1e9),
    st.integers(min_value=2, max_value=8),
)
def test_a_signed_scale_has_few_even_marks_within_its_ends_and_zero_among_them(
    low: float, high: float, most: int
) -> None:
    if high - low < 1e-3:
        return
    marks = ticks_between(low, high, most)
    assert 1 <= len(marks) <= most
    assert 0.0 in marks
    room = 1e-6 * (high - low)
    assert low - room <= marks[0] <= marks[-1] <= high + room
    if len(marks) > 2:
        assert np.allclose(np.diff(marks), marks[1] - marks[0])


def test_a_mark_of_a_scale_of_days_has_its_number_and_its_sign() -> None:
    figure = compare(make_comparison({"exhausted": days(-30.0, 9.0)}))
    (axes,) = panels(figure)
    across = [line for line in axes.lines if np.asarray(line.get_ydata()).tolist() == [0, 1]]
    marks = [float(np.asarray(line.get_xdata())[0]) for line in across]
    assert len(marks) > 2
    wanted = {"0" if mark == 0.0 else f"{mark:+.0f}".replace("-", "\u2212") for mark in marks}
    assert wanted <= set(texts(figure))


@pytest.mark.parametrize("size", SIZES)
def test_an_interval_is_named_only_where_one_is_drawn(size: str) -> None:
    """An interval of a tenth of a day on an axis of 30 days is hidden by its dot, and has no figure."""
    hidden = {"exhausted": days(-30.0, 0.001), "fired": shells(-5e6, 1.0)}
    shown = {"exhausted": days(-30.0, 9.0), "fired": shells(-5e6, 1e6)}
    for found, is_named in ((shown, True), (hidden, False)):
        figure = compare(make_comparison(found), size)
        said = " ".join(texts(figure))
        assert ("90 % interval" in said) == is_named


@pytest.mark.parametrize("size", SIZES)
def test_where_dates_are_censored_the_chart_shows_shares_of_runs(size: str) -> None:
    """999 of 1,000 pairs censored once gave "24 days less"; the shares of runs are what one can compare."""
    found = {"exhausted": reached(0.01, 0.19), "fired": shells(-5e6)}
    figure = compare(make_comparison(found), size)
    shown = texts(figure)
    assert "19 %, not 1 %" in shown
    assert not any("days" in text.lower() and "24" in text for text in shown)
    assert "the stock runs out in 19 % of runs, not 1 %" in str(figure.get_label())
