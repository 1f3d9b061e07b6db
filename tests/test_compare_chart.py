"""The chart of a comparison: its title by hand, its dots where the figures are, nothing overlapping."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from sim.charts import ChartData, Contrast, compare, draw, style, to_bytes
from sim.charts.dots import LOOKS
from sim.charts.scale import between
from sim.charts.telling import amount, finding, marked, signed, told
from sim.errors import ArgumentError, InputError
from sim.study import Difference

SIZES = ("column", "page", "slide", "square")
Plain = dict[str, Any]


def days(mean: float, half: float | None = 1.0, **censored: Any) -> Plain:
    return figure_of("days", mean, half) | censored


def shells(mean: float, half: float | None = 1e5) -> Plain:
    return figure_of("shells", mean, half)


def figure_of(unit: str, mean: float, half: float | None) -> Plain:
    low, high = (None, None) if half is None else (mean - half, mean + half)
    counts = {"pairs": 60, "censored": 0, "censored_both": 0, "bound": None}
    return {"unit": unit, "difference": mean, "low": low, "high": high, **counts}


def all_in(bound: str, *, both: int = 0) -> Plain:
    return {"bound": bound, "censored": 60, "censored_both": both}


NEVER = days(0.0, 0.0, **all_in("open", both=60))
GONE = {"exhausted": days(-9.4), "fired": shells(-4.95e6)}
LASTS = {"exhausted": days(634.0, **all_in("lower")), "fired": shells(-6e5)}


def example(
    *others: Mapping[str, Plain],
    titles: Sequence[str] = ("Without North Korea", "Rationed fire"),
    base: str = "White House brief, October 2023",
    runs: int = 60,
    stocks: int = 1,
    sources: Sequence[Mapping[str, str]] = (),
) -> Contrast:
    """Return a comparison whose every figure is known."""
    names = ["base", *(f"other-{n}" for n in range(len(others)))]
    digests = [f"{n}fa9c1d2e5" for n in range(len(names))]
    told = zip(names, (base, *titles), digests, strict=False)
    return Contrast(
        {
            "runs": runs,
            "seed": 1,
            "start": "2023-09-01",
            "end": "2025-09-01",
            "first": "base",
            "scenarios": {n: {"title": t, "digest": d, "stocks": stocks} for n, t, d in told},
            "differences": dict(zip(names[1:], others, strict=True)),
        },
        {"version": "0.1.0", "sources": sources},
    )


# The words


@pytest.mark.parametrize(
    ("lasts", "fired", "said"),
    [
        (days(-9.4), shells(-4.95e6), "the stock lasts 9.4 days less and 5.0M fewer shells are fired"),
        (days(27.0, 0.0), shells(5.2e5), "the stock lasts 27 days longer and 520,000 more shells are fired"),
        (days(1.0, 0.0), shells(0.0, 0.0), "the stock lasts 1 day longer and just as many shells are fired"),
        (
            days(0.0, 0.0),
            shells(10.0, 1e3),
            "the stock lasts just as long and about as many shells are fired",
        ),
        (days(0.3, 2.0), shells(-2e3, 1e3), "the stock lasts about as long and 2,000 fewer shells are fired"),
        (NEVER, shells(2e6), "the stock lasts to 1 September 2025 as well and 2.0M more shells are fired"),
        (
            days(634.0, **all_in("lower")),
            shells(0.0, 0.0),
            "the stock lasts at least 634 days longer and just as many shells are fired",
        ),
        (
            days(-634.0, **all_in("upper")),
            shells(0.0, 0.0),
            "the stock lasts at least 634 days less and just as many shells are fired",
        ),
        (
            days(-12.0, bound="lower", censored=1),
            shells(0.0, 0.0),
            "the stock lasts at most 12 days less and just as many shells are fired",
        ),
        (
            days(-12.0, bound="open", censored=9),
            shells(0.0, 0.0),
            "the stock lasts 12 days less within the period and just as many shells are fired",
        ),
    ],
)
def test_the_title_says_what_one_scenario_changes(lasts: Plain, fired: Plain, said: str) -> None:
    found = {"exhausted": lasts, "fired": fired}
    assert finding(example(found)) == f"Without North Korea {said}"
    assert finding(example(found, titles=["Rationed fire"])) == f"Rationed fire: {said}"


def test_the_title_of_one_run_says_so() -> None:
    found = {"exhausted": days(-9.0, None), "fired": shells(-5e6, None)}
    said = "Without North Korea the stock lasts 9 days less and 5.0M fewer shells are fired (one run)"
    assert finding(example(found, runs=1)) == said


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (
            [GONE, LASTS],
            "The stock lasts from 9.4 days less (Without North Korea) to at least 634 days longer "
            "(Rationed fire); 0.6M to 5.0M fewer shells are fired",
        ),
        (
            [{"exhausted": days(3.0), "fired": shells(2e6)}, {**GONE, "exhausted": days(-20.0)}],
            "The stock lasts from 20 days less (Rationed fire) to 3 days longer (Without North Korea); "
            "from 5.0M fewer to 2.0M more shells are fired",
        ),
        (
            [GONE, {"exhausted": days(0.0, 0.0), "fired": shells(0.0, 0.0)}],
            "The stock lasts from 9.4 days less (Without North Korea) to just as long (Rationed fire); "
            "up to 5.0M fewer shells are fired",
        ),
        ([GONE, GONE], "The stock lasts 9.4 days less in both others; 5.0M fewer shells are fired"),
        (
            [{"exhausted": NEVER, "fired": shells(0.0, 0.0)}] * 3,
            "The stock lasts to 1 September 2025 as well in all 3 others; just as many shells are fired",
        ),
    ],
)
def test_the_title_spans_what_several_scenarios_change(others: list[Mapping[str, Plain]], said: str) -> None:
    titles = ("Without North Korea", "Rationed fire", "Third")
    assert finding(example(*others, titles=titles)) == said


def test_of_several_stocks_the_first_is_told() -> None:
    said = "Without North Korea the first stock is gone 9.4 days sooner and 5.0M fewer shells are fired"
    assert finding(example(GONE, stocks=2)) == said
    several = finding(example(GONE, LASTS, stocks=2))
    assert several.startswith(
        "The first stock is gone from 9.4 days sooner (Without North Korea) to at least 634 days later "
    )
    still = {"exhausted": NEVER, "fired": shells(0.0, 0.0)}
    assert "the first stock lasts to 1 September 2025" in finding(example(still, stocks=2))
    assert finding(example(GONE, stocks=0)) == "No one fires in any of these scenarios"


def test_scenarios_of_one_title_are_told_apart_by_their_names() -> None:
    twins = example(GONE, LASTS, titles=("Same", "Same"), base="Same")
    assert [twins.called(name) for name in ("base", "other-0")] == ["Same [base]", "Same [other-0]"]


def test_a_line_gives_the_interval_from_the_near_end_to_the_far_one() -> None:
    def line(found: Plain, less: str = "less", more: str = "longer") -> str:
        return told(Difference("a", "b", **found), less, more, "1 Sep 2025")

    assert line(days(-9.4)) == "9.4 days less (8.4 to 10.4)"
    assert line(days(49.2)) == "49 days longer (48 to 50)"
    assert line(shells(-6.07e5), "fewer") == "607,000 fewer shells (507,000 to 707,000)"
    assert line(shells(1.05e6), more="more") == "1.1M more shells (0.9M to 1.1M)"
    unclear = line(figure_of("shells a day", 16.0, 81.0), "fewer", "more")
    assert unclear == "no clear difference (65 fewer shells a day to 97 more shells a day)"
    assert line(days(0.0, 0.0)) == "no difference"
    assert line(days(0.01, 0.02)) == "next to no difference"
    assert line(NEVER) == "not reached before 1 Sep 2025 in any run of either"
    assert line(days(634.0, 4.5, **all_in("lower"))) == (
        "at least 634 days longer (630 to 638); not reached before 1 Sep 2025 in 60 of 60 pairs"
    )


def test_numbers_are_short_beside_the_plot() -> None:
    assert [signed(x, "shells") for x in (-4.95e6, 607_123.0, 9_994.0, 99_951.0, 0.3)] == [
        *("−5.0M", "+607k", "+9,990", "+100k", "0")
    ]
    assert [signed(x, "days") for x in (-9.4, 9.96, 634.4, -0.04)] == ["−9.4", "+10", "+634", "0"]
    assert [amount(x, "days") for x in (9.0, 9.04, 12.6)] == ["9", "9.0", "13"]
    found = Difference("a", "b", **days(634.0, **all_in("lower")))
    assert marked(found, spread=True) == "≥ +634 (+633 to +635)"
    assert marked(found, spread=False) == "≥ +634"
    assert marked(Difference("a", "b", **NEVER), spread=True) == "in no run"
    assert marked(Difference("a", "b", **days(0.0, 0.0)), spread=True) == "no change"


# The picture

FULL: Mapping[str, Plain] = {
    "exhausted": days(-9.4),
    "rationed_from": days(-9.6),
    **{f"below_{n}": days(-n / 4) for n in (30, 15, 7)},
    "closing_stock": shells(2e5),
    "sustained_fire": figure_of("shells a day", -7000.0, 300.0),
    "fired": shells(-4.95e6),
    "unmet": shells(4.95e6),
    "landed": shells(-4.95e6),
    "produced": shells(0.0, 0.0),
}
BOUND = {**FULL, "exhausted": days(634.0, **all_in("lower")), "below_7": NEVER}
LONG = "A title that is much too long, " * 5 + "with $\\alpha^2$ and " + "x" * 80
CASES: Mapping[str, Callable[[], Contrast]] = {
    "one": lambda: example(FULL),
    "two": lambda: example(FULL, BOUND),
    "eight": lambda: example(*[FULL, BOUND] * 4, titles=[f"Scenario of number {n}" for n in range(8)]),
    "too long": lambda: example(
        *[FULL] * 5, titles=[f"{n} {LONG}" for n in range(5)], base=LONG, sources=[{"id": LONG}] * 9
    ),
    "nothing differs": lambda: example({"exhausted": NEVER, "fired": shells(0.0, 0.0)}),
    "one run": lambda: example({"exhausted": days(-9.0, None), "fired": shells(-5e6, None)}, runs=1),
}


def dots(figure: Figure) -> dict[str, list[tuple[float, str, bool]]]:
    """Return the dots of each panel from the top: value, shape, and whether they are open."""
    shapes = {marker for _, marker in LOOKS}
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
    shown = dots(compare(example(FULL, BOUND)))
    in_days = [(-9.4, "o", False), (634.0, "D", True), (-9.6, "o", False), (-9.6, "D", False)]
    assert shown["0"][:4] == in_days
    # Of the two rows of `below_7` the second has no dot: no run of either gets there.
    assert len(shown["0"]) == 9
    assert [value for value, *_ in shown["1"][::2]] == [-4.95e6, 4.95e6, -4.95e6, 2e5]
    assert shown["2"] == [(-7000.0, "o", False), (-7000.0, "D", False)]


def test_intervals_are_drawn_to_their_ends_and_arrows_beyond_a_bound() -> None:
    figure = compare(example(BOUND))
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
    shown = texts(compare(example(FULL)))
    assert "Produced" not in shown
    assert "No difference: Produced." in " ".join(shown)
    assert {"Stock gone", "Fire falls short", "Below 15 days", "Fired", "Left at the end"} <= set(shown)


def test_where_room_is_short_the_stock_the_shells_and_the_last_fire_stay() -> None:
    figure = compare(example(FULL, BOUND), "square")
    shown = texts(figure)
    assert {"Stock gone", "Fired", "Fire"} <= set(shown)
    assert "more outcomes in compare.csv." in " ".join(shown)
    many = " ".join(texts(compare(CASES["eight"]())))
    assert "3 more scenarios in compare.csv." in many


def test_a_chart_names_its_sources_and_the_study_that_made_it() -> None:
    sources = [{"id": "a", "claimant": "Watling", "publisher": "RUSI", "published": "2023-08-01"}]
    told = " ".join(texts(compare(example(FULL, sources=sources))))
    assert "Compared with: White House brief, October 2023" in told
    assert "Inputs: Watling, RUSI (2023)." in told
    made = "60 runs of each scenario, seed 1, scenarios 0fa9c1d2, 1fa9c1d2, munitions-sim 0.1.0."
    assert f"Model output, {made}" in told


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("case", CASES)
def test_no_text_overlaps_another_or_leaves_the_figure(case: str, size: str) -> None:
    figure = compare(CASES[case](), size)
    figure.set_dpi(200)
    figure.draw_without_rendering()
    every = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    found = [(text.get_text(), text.get_window_extent()) for text in every]
    assert len(found) > 10
    for text, box in found:
        inside = box.x0 >= 0 and box.y0 >= 0 and box.x1 <= figure.bbox.x1 and box.y1 <= figure.bbox.y1
        assert inside, f"{text!r} is cut"
    for (one, a), (other, b) in itertools.combinations(found, 2):
        apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0
        assert apart, f"{one!r} overlaps {other!r}"
    for axes in panels(figure):
        plot = axes.get_window_extent()
        assert plot.width > 50 * 200 / 72, "less than 50 points of room for the plot"
        assert not any(plot.shrunk(0.98, 0.98).overlaps(box) for _, box in found), "text in the plot"


@pytest.mark.parametrize("size", SIZES)
def test_type_is_large_enough_to_read_and_the_sizes_are_as_promised(size: str) -> None:
    figure = compare(example(FULL, BOUND), size)
    assert min(float(text.get_fontsize()) for text in figure.findobj(Text) if text.get_text()) >= 6.0
    wide, high = figure.get_size_inches() * 25.4
    width = {"column": 85, "page": 180, "slide": 254, "square": 120}[size]
    assert wide == pytest.approx(width)
    if size in ("slide", "square"):
        assert high == pytest.approx(width * (9 / 16 if size == "slide" else 1))


def test_scenarios_stay_apart_in_grey_by_shade_and_by_shape() -> None:
    greys = sorted(style.lightness(colour) for colour, _ in LOOKS)
    assert min(b - a for a, b in itertools.pairwise(greys)) > 7.0
    assert max(greys) < 75.0, "too pale on white"
    assert len({marker for _, marker in LOOKS}) == len(LOOKS)


def test_the_same_comparison_gives_the_same_bytes() -> None:
    for form in ("png", "svg"):
        one, other = (to_bytes(compare(example(GONE), "column"), form) for _ in range(2))
        assert one == other
    assert finding(example(GONE)) in one.decode(), "the file carries the finding as its title"


def test_a_chart_is_refused_what_it_cannot_be_made_from() -> None:
    with pytest.raises(
        ArgumentError,
        match="a comparison has no drawdown chart: that is made from one result; allowed: compare",
    ):
        draw("drawdown", example(FULL))
    nothing = pd.DataFrame()
    bare = ChartData(nothing, nothing, nothing, nothing, nothing, {}, {})
    with pytest.raises(ArgumentError, match="is made from a comparison"):
        draw("compare", bare)
    with pytest.raises(InputError, match="did you mean 'slide'"):
        draw("compare", example(FULL), "slied")
    with pytest.raises(dataclasses.FrozenInstanceError):
        example(FULL).summary = {}  # type: ignore[misc]


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
    marks = between(low, high, most)
    assert 1 <= len(marks) <= most
    assert 0.0 in marks
    room = 1e-6 * (high - low)
    assert low - room <= marks[0] <= marks[-1] <= high + room
    if len(marks) > 2:
        assert np.allclose(np.diff(marks), marks[1] - marks[0])
