"""Titles and number formats of the charts of studies, by hand."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import sim
from sim.charts import draw
from sim.charts.sweep_data import SweepData
from sim.formatting import compact, number_format
from tests.support.study_tables import (
    DAYS,
    FIRE,
    INPUTS,
    NAN,
    PRODUCED,
    breakeven_search,
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
            "Day on which the stock runs out, median of the runs: 20 November 2023 with 50k shells a day, "
            "7 November 2023 with 60k shells a day (Required rate, front)",
        ),
        (
            "sustainable",
            lambda: sweep_data({FIRE: [5e4, 6e4]}, linear_drawdown),
            "Not even 50k shells a day can be sustained until 1 Sep 2025 in any run",
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
            "Opening stock at Tikhoretsk does most to shift the run-out date: 5 November 2023 to "
            "13 January 2024 in the median run",
        ),
        # The period has 731 days: a median on the last is that of runs which never run out.
        (
            "tornado",
            lambda: tornado_study([(INPUTS[0], 346.0, DAYS), (INPUTS[1], DAYS, DAYS)], base=DAYS),
            "The run-out date in the median run: 12 August 2024 with Opening stock at Tikhoretsk at its 5th "
            "percentile, never at its 95th",
        ),
        # A spread that ends in "never" is no number: it is neither the largest nor the smallest.
        (
            "tornado",
            lambda: tornado_study([(INPUTS[0], 10.0, 700.0), (INPUTS[1], 720.0, DAYS)], base=715.0),
            "The run-out date in the median run: 21 August 2025 with Serviceable share, DPRK, at its 5th "
            "percentile, never at its 95th",
        ),
        (
            "tornado",
            lambda: tornado_study([(INPUTS[0], 346.0, DAYS), (INPUTS[1], DAYS, 300.0)], base=DAYS),
            "The run-out date in the median run: 27 June 2024 at the earliest, with Serviceable share, DPRK, "
            "at its 95th percentile; 2 of 2 inputs have an end at which it is never reached",
        ),
        (
            "tornado",
            lambda: tornado_study([(path, DAYS, DAYS) for path in INPUTS], base=DAYS),
            "The run-out date is not reached in half of the runs, with any input at its 5th or 95th "
            "percentile",
        ),
        (
            "tornado",
            lambda: tornado_study([(INPUTS[0], 2e6, 4.1e6)], outcome="closing_stock", base=3e6),
            "Opening stock at Tikhoretsk does most to change the stock at the end: 2M to 4.1M shells in the "
            "median run",
        ),
        (
            "tornado",
            lambda: tornado_study([(INPUTS[0], 95.0, 95.0)], base=95.0),
            "No input changes the median of the run-out date",
        ),
        (
            "rank",
            lambda: rank_study((-0.4, -0.9)),
            "Serviceable share, DPRK, has the strongest rank correlation with the run-out date: "
            "\u22120.90; the higher, the earlier",
        ),
        (
            "rank",
            lambda: rank_study((0.03, -0.02)),
            "No input has a clear rank correlation with the run-out date",
        ),
        (
            "rank",
            lambda: dataclasses.replace(rank_study((NAN, NAN)), censored={"exhausted": 1.0}),
            "The run-out date is never reached, in any run; no input affects it",
        ),
        (
            "sobol",
            lambda: sobol_study([(0.1, 0.2), (0.62, 0.7)]),
            "Serviceable share, DPRK, alone explains 62 % (57 to 67 %) of the variance of the run-out date",
        ),
        # The input with the largest total is not the one that explains most alone.
        (
            "sobol",
            lambda: sobol_study([(0.11, 0.94), (0.28, 0.59)]),
            "Opening stock at Tikhoretsk with its interactions explains 94 % (89 to 99 %), and alone 11 %, "
            "of the variance of the run-out date",
        ),
        # Sampling leaves the range of a share; the sentence does not.
        (
            "sobol",
            lambda: sobol_study([(1.04, 1.08), (-0.02, 0.01)]),
            "Opening stock at Tikhoretsk alone explains 100 % (99 to 100 %) of the variance of the run-out "
            "date",
        ),
        # A part of the sample in which the outcome never differs has no variance to share.
        (
            "sobol",
            lambda: sobol_study([(0.4, 1.04), (0.1, 1.0)], half=NAN),
            "Too few points differ in the run-out date to say which input explains its variance",
        ),
        (
            "morris",
            lambda: morris_study([(35.0, 1.0), (2.0, 1.0)]),
            "Opening stock at Tikhoretsk has the largest mean effect on the run-out date: 35 days",
        ),
        (
            "morris",
            lambda: dataclasses.replace(morris_study([(35.0, 1.0)]), censored={"exhausted": 0.8}),
            "Opening stock at Tikhoretsk has the largest mean effect on the run-out date: 35 days, with the "
            "end in place of a date that is never reached",
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


@pytest.mark.parametrize("size", ["column", "page", "slide", "square"])
def test_a_censored_end_of_a_tornado_is_never_and_not_the_last_day(size: str) -> None:
    study = tornado_study([(INPUTS[0], 346.0, DAYS), (INPUTS[1], DAYS, DAYS)], base=DAYS)
    figure = draw("tornado", study, size)
    shown = [text.get_text() for text in figure.findobj(Text)]
    assert "never" in shown
    assert {"12 Aug 2024 \u2192 never", "never at 95 %"} & set(shown)
    assert not any("1 Sep 2025" in text and "before" not in text for text in shown)
    (axes,) = figure.axes
    # The arrow extends beyond the end of the period.
    assert axes.get_xlim()[1] > DAYS


def test_an_input_that_a_date_is_never_reached_at_one_end_of_leads_a_tornado() -> None:
    # Days, low and high: 20 apart, never, one end never, 40 apart, one end never and sooner.
    ends = [(300.0, 320.0), (DAYS, DAYS), (346.0, DAYS), (290.0, 330.0), (200.0, DAYS)]
    study = tornado_study([(path, *two) for path, two in zip("abcde", ends, strict=True)], base=310.0)
    assert study.figures.ranked("exhausted") == ["e", "c", "d", "a", "b"]


def test_rows_without_an_index_say_why() -> None:
    never = dataclasses.replace(rank_study((NAN, NAN)), censored={"exhausted": 1.0})
    shown = [text.get_text() for text in draw("rank", never).findobj(Text)]
    assert shown.count("never, in any run") == 2
    shown = [text.get_text() for text in draw("sobol", sobol_study([(NAN, NAN), (NAN, NAN)])).findobj(Text)]
    assert shown.count("same in every run") == 2
    assert not any("not known" in text for text in shown)


def test_by_default_a_chart_shows_the_first_outcome_that_an_input_affects() -> None:
    """All dates are censored: the chart of ranks once showed "not known" in every row."""
    found = sim.sensitivity("scenarios/lower-fire.yaml", method="rank", runs=60)
    title = str(draw("rank", found).get_label())
    assert title.startswith(
        "Required rate, front, has the strongest rank correlation with the stock at the end: "
    )
    # Most is fired from a rate that is drawn: the correlation of the table, to two decimals.
    table = found.table.query("outcome == 'closing_stock'").set_index("path")["value"]
    assert f"{table.min():+.2f}".replace("-", "\u2212") in title


EVENT = "Runs out: less than one day of the planned requirement is left; less may still meet it."
LASTS = "Lasts: on every day at least one day of the planned requirement is left; less may still meet it."


@pytest.mark.parametrize("size", ["page", "square"])
@pytest.mark.parametrize(
    ("kind", "made", "more", "meaning"),
    [
        ("heatmap", lambda: grid_sweep(5, 4), {}, EVENT),
        ("line", lambda: line_sweep(), {}, EVENT),
        ("sustainable", lambda: line_sweep(), {}, LASTS),
        ("tornado", lambda: tornado_study([(INPUTS[0], 90.0, 120.0)], base=100.0), {}, EVENT),
        ("rank", lambda: rank_study([0.5]), {}, EVENT),
        ("morris", lambda: morris_study([(9.0, 1.0)]), {}, EVENT),
        ("sobol", lambda: sobol_study([(0.5, 0.6)]), {}, EVENT),
        ("breakeven", lambda: breakeven_search({"stock": "4M"}), {}, LASTS),
        ("frontier", lambda: frontier_of_dates(), {"of": ("closing_stock", "exhausted")}, LASTS),
    ],
)
def test_a_chart_of_the_day_on_which_the_stock_runs_out_defines_it(
    kind: str, made: Callable[[], object], more: dict[str, object], meaning: str, size: str
) -> None:
    """The tables of studies do not have, for each stock, whether less than a day of supply is enough."""
    assert meaning in " ".join(notes_of(draw(kind, made(), size, **more)))


@pytest.mark.parametrize(("kind", "of"), [("heatmap", "closing_stock"), ("line", "closing_stock")])
def test_a_chart_of_another_outcome_defines_nothing(kind: str, of: str) -> None:
    made = grid_sweep(5, 4) if kind == "heatmap" else line_sweep()
    assert EVENT not in " ".join(notes_of(draw(kind, made, of=of)))


def notes_of(figure: Figure) -> list[str]:
    """Return the lines of text of a figure, in order."""
    return [text.get_text().replace("\u00a0", " ") for text in figure.findobj(Text) if text.get_text()]


def frontier_of_dates() -> SweepData:
    """Return a sweep whose stock at the end counts as a cost."""

    def figures(fire: float) -> dict[str, float]:
        found = linear_drawdown(fire)
        stock = {"closing_stock_mean": found["closing_stock_p50"], "closing_stock_se": 0.0}
        return {**found, **stock, "exhausted_mean": NAN}

    return sweep_data({FIRE: rates(4)}, figures)
