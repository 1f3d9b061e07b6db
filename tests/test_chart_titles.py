"""Headlines of the charts of a result against hand-made figures; numbers and dates as text."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from sim import formatting
from sim.charts.result_data import ChartData
from sim.errors import format_count
from sim.findings.drawdown_headline import drawdown_headline, run_out_label
from sim.findings.stock_figures import overall_figures, stock_figures
from sim.findings.supply_headline import supply_headline
from tests.support.known_result import (
    FOUR,
    GONE,
    LATE,
    NEVER,
    SHELLS,
    Outcome,
    constant,
    make_result,
    outcome_data,
)

#: The level of the known result is under a day of supply from 28 November on.
EMPTY = outcome_data(1.0, "2023-11-20", "2023-12-04", "2024-01-03")
#: The bars of the known result: 100 a day, 60 of them met from day 60 on, 57 of the last 90 days.
MEAN_FIRE = "in the last 90 days 74.7 a day are fired on average, 75 % of the requirement"


def headline(data: ChartData) -> str:
    return drawdown_headline(overall_figures(data), stock_figures(data)).sentence


def with_summary(data: ChartData, **changes: Any) -> ChartData:
    """Change the figures of all stocks together and of each."""
    for figures in (data.summary, *(found for by in data.summary["pairs"].values() for found in by.values())):
        figures.update(changes)
    return data


@pytest.mark.parametrize(
    ("exhausted", "runs", "text"),
    [
        (EMPTY, 1000, "The stock runs out in every run, in half of them by 4 December 2023"),
        (outcome_data(1.0, *["2023-12-04"] * 3), 1000, "The stock runs out on 4 December 2023 in every run"),
        (outcome_data(1.0, *["2023-12-04"] * 3), 1, "The stock runs out on 4 December 2023"),
        (outcome_data(1.0, *["2024-01-10"] * 3), 1, "The stock runs out on 10 January 2024"),
        (
            outcome_data(0.6, "2023-11-20", "2023-12-04"),
            1000,
            "The stock runs out in 60 % of runs, in half of all runs by 4 December 2023",
        ),
        (LATE, 1000, "The stock runs out in 37 % of runs"),
        (outcome_data(0.004), 1000, "The stock runs out in under 1 % of runs"),
        (outcome_data(0.996, *["2023-12-04"] * 3), 1000, "The stock runs out in over 99 % of runs, in half"),
        (NEVER, 1000, "The stock lasts to 11 January 2024, in every run"),
        (NEVER, 1, "The stock lasts to 11 January 2024"),
    ],
)
def test_the_headline_states_when_the_stock_runs_out(exhausted: Outcome, runs: int, text: str) -> None:
    assert headline(make_result(exhausted=exhausted, runs=runs)).startswith(text)


def test_a_stock_with_something_left_is_not_said_to_run_out() -> None:
    # On 15 November, day 60 of 75, a fifth of 4M is left.
    assert headline(make_result(exhausted=GONE)).startswith(
        "The stock falls below one day of supply in every"
    )


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, f"; {MEAN_FIRE}"),
        ({"rationed": outcome_data(0.0)}, "; the requirement is met throughout"),
        (
            {
                "sustained": {
                    "fire": {"p05": 9, "p50": 100.0, "p95": 100.0},
                    "met": {"p05": 0.09, "p50": 1.0, "p95": 1.0},
                }
            },
            "; in the last 90 days the requirement is met in the median run, and 75 % of it over all runs",
        ),
        (
            {"sustained": {"fire": constant(100.0), "met": constant(1.0)}},
            "; in the last 90 days the requirement is met in at least 95 % of runs, and 75 % of it over all",
        ),
        (
            {"ends_empty": 0.0, "closing_stock": {"p05": 1e6, "p50": 4.4e6, "p95": 5e6}},
            ", but 4.4M are there in the end",
        ),
    ],
)
def test_the_headline_states_what_follows(changes: dict[str, Any], text: str) -> None:
    assert text in headline(with_summary(make_result(exhausted=EMPTY), **changes))


def test_a_requirement_cut_by_guns_is_not_called_met() -> None:
    full = {"fire": constant(100.0), "met": constant(1.0)}
    data = with_summary(make_result(exhausted=EMPTY), gun_ceiling=True, planned=1e6, sustained=full)
    assert headline(data).endswith("; in the last 90 days 74.7 a day are fired on average")
    data.flows.loc[data.flows["kind"] == "fired", "mean"] = 100.0
    assert headline(data).endswith(
        "; in the last 90 days 100 a day are fired, all that the guns left can fire"
    )


def test_with_several_stocks_the_first_to_run_out_is_named() -> None:
    data = make_result(places=FOUR, exhausted=NEVER)
    data.summary["pairs"]["front"]["122mm"]["exhausted"] = EMPTY
    assert headline(data).startswith("122 mm: the stock runs out first in every run")
    assert headline(make_result(places=FOUR, exhausted=NEVER)).startswith(
        "Every stock lasts to 11 January 2024"
    )
    assert headline(make_result(places={SHELLS: False})) == "No one draws on these stocks"


@pytest.mark.parametrize(
    ("exhausted", "runs", "label"),
    [
        (EMPTY, 1000, "Runs out in every run; in half of them by 4 Dec 2023 (20 Nov 2023 to 3 Jan 2024)"),
        (LATE, 1000, "Runs out in 37 % of runs before 11 Jan 2024, in 5 % of all by 20 Oct 2024"),
        (NEVER, 1000, "Never runs out, in any run"),
        (NEVER, 1, "Never runs out"),
    ],
)
def test_the_label_of_the_date(exhausted: Outcome, runs: int, label: str) -> None:
    data = make_result(exhausted=exhausted, runs=runs)
    assert run_out_label(stock_figures(data)[0]) == label


def supply(met: list[float], *, required: float = 100.0) -> str:
    """Return the headline of months of one day each, from October 2023, with a share of `required` met."""
    months = [f"{2023 + (9 + n) // 12}-{(9 + n) % 12 + 1:02d}-01" for n in range(len(met))]
    rows = [
        {"date": date, "depot": "depot", "munition": "shells", "kind": kind, "mean": value}
        for date, share in zip(months, met, strict=True)
        for kind, value in (("required", required), ("fired", required * share))
    ]
    data = make_result()
    object.__setattr__(data, "flows", pd.DataFrame(rows))
    return supply_headline(data, overall_figures(data)).sentence


@pytest.mark.parametrize(
    ("met", "text"),
    [
        ([1.0, 0.8, 0.29, 0.31], "Over the months from November 2023 on 53 % of the requirement is not met"),
        (
            [1.0, 0.8, 0.6, 1.0],
            "Over the months from November to December 2023 30 % of the requirement is not met",
        ),
        (
            [1.0, 1.0, 0.6, 0.8, 1.0],
            "Over the months from December 2023 to January 2024 30 % of the requirement is not met",
        ),
        (
            [0.9, 1.0, 0.6, 1.0],
            "In December 2023 40 % of the requirement is not met, and some of it in 1 other month",
        ),
        ([0.5, 0.5], "Over the whole period 50 % of the requirement is not met"),
        (
            [0.996, 1.0],
            "Over 99 % of the requirement is met in every month; 33 % of it from the opening stock",
        ),
    ],
)
def test_the_supply_headline_is_about_the_largest_gap(met: list[float], text: str) -> None:
    assert supply(met) == text


def test_no_sum_over_munitions_hides_a_gap() -> None:
    """Of 152 mm shells 48 % of 100 are not met, of 122 mm shells 6 % of 100: 27 % of both.

    The headline is about the 48 %; the finding has the shares by munition and depot, then that of all.
    """
    rows = [
        {"date": "2023-10-01", "depot": depot, "munition": munition, "kind": kind, "mean": value}
        for depot, munition, met in (
            ("front", "152mm", 52.0),
            ("front", "122mm", 94.0),
            ("rear", "122mm", 0.0),
        )
        for kind, value in (("required", 0.0 if depot == "rear" else 100.0), ("fired", met))
    ]
    data = make_result()
    object.__setattr__(data, "flows", pd.DataFrame(rows))
    found = supply_headline(data, overall_figures(data))
    assert found.sentence == (
        "In October 2023 48 % of the requirement of 152 mm is not met; "
        "some of that of 122 mm is not met either"
    )
    assert found.values["unmet_share"] == pytest.approx(0.48)
    shares = {name: value for name, value in found.values.items() if name.startswith("unmet_share of ")}
    assert shares == {
        "unmet_share of 152mm at front": pytest.approx(0.48),
        "unmet_share of 122mm at front": pytest.approx(0.06),
        "unmet_share of all": pytest.approx(0.27),
    }


def test_a_surplus_of_one_munition_does_not_fill_the_gap_of_another() -> None:
    """All of 900 and half of 2 is over 99.7 % of all, and yet half of one requirement is not met."""
    rows = [
        {"date": "2023-10-01", "depot": "front", "munition": munition, "kind": kind, "mean": value}
        for munition, needed, met in (("152mm", 900.0, 900.0), ("122mm", 2.0, 1.0))
        for kind, value in (("required", needed), ("fired", met))
    ]
    data = make_result()
    object.__setattr__(data, "flows", pd.DataFrame(rows))
    said = supply_headline(data, overall_figures(data)).sentence
    assert said == "In October 2023 50 % of the requirement of 122 mm is not met"


def test_nothing_required() -> None:
    assert supply([1.0], required=0.0) == "Nothing is required"


def test_numbers_and_dates_are_written_as_one_reads_them() -> None:
    assert formatting.integer(1_234_567.6) == "1,234,568"
    # What rounds to zero has no sign: a gap is not "-0 shells".
    assert [formatting.integer(-0.4), formatting.percent(-1e-12)] == ["0", "0 %"]
    assert [formatting.rounded(x) for x in (0.0, 17_287.4, 6_844.6, 12.345, 0.0123)] == [
        "0",
        "17,300",
        "6,840",
        "12.3",
        "0.0123",
    ]
    assert [formatting.percent(x) for x in (0.0, 0.003, 0.29, 0.996, 1.0)] == [
        "0 %",
        "under 1 %",
        "29 %",
        "over 99 %",
        "100 %",
    ]
    assert formatting.axis_labels([0.0, 5e5, 1e6, 1.5e6]) == ["0", "0.5M", "1M", "1.5M"]
    assert formatting.axis_labels([0.0, 2500.0]) == ["0", "2.5k"]
    assert formatting.long_date(dt.date(2024, 2, 3)) == "3 February 2024"
    assert format_count(1, "run") == "1 run"
    assert format_count(1000, "run") == "1,000 runs"
