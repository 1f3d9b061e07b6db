"""Charts of the gallery: what is drawn is what the tables say, and the title can be read off the picture."""

from __future__ import annotations

import datetime as dt

import pytest
from matplotlib.figure import Figure

from sim.charts import survival
from sim.findings.survival_headline import RunOutDates, survival_headline
from tests.support.awkward_results import awkward_result
from tests.support.known_result import figure_text, plot_axes

# Chance of still having stock

OCTOBER = [dt.date(2023, 10, day) for day in (3, 9, 9, 20)]


def dates_of(days: list[dt.date], runs: int, label: str = "a") -> RunOutDates:
    return RunOutDates(label, days, runs, dt.date(2023, 9, 1), dt.date(2024, 9, 1))


@pytest.mark.parametrize(
    ("days", "runs", "text"),
    [
        # Of four runs two are left from 3 October, one from 9 October: under half on the 9th.
        (
            OCTOBER,
            4,
            "The chance of still having stock falls below one half on 9 October 2023; "
            "no run has any from 20 October 2023 on",
        ),
        (
            OCTOBER,
            5,
            "The chance of still having stock falls below one half on 9 October 2023 "
            "and is 20 % on 31 August 2024",
        ),
        (OCTOBER, 40, "The chance of still having stock falls to 90 % by 31 August 2024"),
        ([], 40, "All runs still have stock on 31 August 2024"),
        ([], 1, "The stock lasts beyond 31 August 2024"),
        (OCTOBER[1:3], 2, "The stock runs out on 9 October 2023 in every run"),
        (OCTOBER[:1], 1, "The stock runs out on 3 October 2023"),
    ],
)
def test_the_title_says_when_the_chance_falls_below_one_half(
    days: list[dt.date], runs: int, text: str
) -> None:
    assert survival_headline([dates_of(days, runs)]).sentence == text


def test_several_results_are_compared_by_the_day_on_which_half_have_run_out() -> None:
    late = [dt.date(2024, 1, day) for day in (2, 3, 4, 5)]
    sentence = survival_headline([dates_of(late, 4, "late"), dates_of(OCTOBER, 4, "early")]).sentence
    assert sentence == (
        "Half of the runs run out by 9 October 2023 with \u201cearly\u201d, by 4 January 2024 with \u201clate\u201d"
    )


def survival_steps(figure: Figure) -> list[tuple[float, float]]:
    (axes,) = plot_axes(figure)
    return [(float(x), float(y)) for x, y in axes.lines[0].get_xydata()]


def test_the_line_falls_by_one_run_on_each_run_out_date() -> None:
    result = awkward_result("long names")
    gone = sorted(day for day in result.outcomes["exhausted"] if day is not None)
    assert gone, "a scenario in which some runs run out"
    steps = survival_steps(survival(result))
    assert [dt.date.fromordinal(int(x)).isoformat() for x, _ in steps[1 : 1 + len(gone)]] == gone
    assert [y for _, y in steps[: 1 + len(gone)]] == [100.0 * (1 - n / 4) for n in range(len(gone) + 1)]


def test_several_results_have_a_line_and_a_label_each() -> None:
    result = awkward_result("one run")
    figure = survival(result, others={"Much more stock": awkward_result("never")})
    (axes,) = plot_axes(figure)
    assert len({line.get_color() for line in axes.lines}) == 2
    assert "Much more stock: 100 %" in figure_text(figure)
