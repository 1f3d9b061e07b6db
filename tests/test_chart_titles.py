"""The words of a chart: titles and marks by hand, numbers and dates as one reads them."""

from __future__ import annotations

import datetime as dt

import pytest

from sim import formatting
from sim.charts import result_headline
from sim.charts.result_headline import MonthlyFlows, RunContext
from sim.errors import format_count
from tests.support.known_result import (
    FOUR,
    FRONT,
    GONE,
    LATE,
    NEVER,
    SHELLS,
    Outcome,
    make_context,
    make_result,
    outcome_data,
    summary_data,
)


@pytest.mark.parametrize(
    ("exhausted", "where", "said"),
    [
        (GONE, make_context(), "The stock is gone by 14 November 2023 in half of the runs"),
        (GONE, make_context(alike=True), "The stock is gone on 14 November 2023 in every run"),
        (GONE, make_context(runs=1), "The stock is gone on 14 November 2023"),
        (
            GONE,
            make_context(stocks=3),
            "The first of 3 stocks is gone by 14 November 2023 in half of the runs",
        ),
        (
            LATE,
            make_context(),
            "In 37 % of 1,000 runs the stock is gone before 1 September 2025; in the others it lasts",
        ),
        (
            outcome_data(0.004),
            make_context(stock="The stock at front"),
            "In under 1 % of 1,000 runs the stock at front is gone before 1 September 2025; "
            "in the others it lasts",
        ),
        (NEVER, make_context(), "The stock lasts to 1 September 2025 in every run"),
        (NEVER, make_context(runs=1), "The stock lasts to 1 September 2025"),
        (NEVER, make_context(stocks=2), "Both stocks last to 1 September 2025 in every run"),
        (NEVER, make_context(stocks=4), "All 4 stocks last to 1 September 2025 in every run"),
    ],
)
def test_the_title_says_when_the_stock_is_gone(exhausted: Outcome, where: RunContext, said: str) -> None:
    assert result_headline.exhaustion_clause(exhausted, where) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (summary_data(GONE), "; fire then falls to 17,300 a day, 29 % of the requirement"),
        (summary_data(NEVER), ", but fire falls to 17,300 a day, 29 % of the requirement"),
        (summary_data(NEVER, rationed=0.0, met=1.0), " and the requirement is met throughout"),
        (summary_data(GONE, rationed=0.0, met=1.0), "; yet the requirement is met"),
        (summary_data(GONE, met=0.998), "; in the end fire meets the requirement again"),
        (summary_data(LATE, met=0.998), ""),
        (summary_data(LATE, met=None), ""),
        # 90 days before the end is 3 June 2025: a stock gone later falls among those days.
        (
            summary_data(outcome_data(1.0, "2025-06-01", "2025-06-03", "2025-06-09")),
            "; fire then falls to 17,300 a day, 29 % of the requirement",
        ),
        (
            summary_data(outcome_data(1.0, "2025-06-01", "2025-06-04", "2025-06-09")),
            "; fire over the last 90 days is 17,300 a day, 29 % of the requirement",
        ),
    ],
)
def test_the_title_says_what_is_fired_in_the_end(found: Outcome, said: str) -> None:
    assert result_headline.fire_clause(found, make_context()) == said


def test_the_sustained_fire_is_told_with_its_range() -> None:
    told = result_headline.fire_sentence(summary_data(GONE, fire=17_287.4), make_context())
    assert told == (
        "Fire over the last 90 days, median: 17,300 a day (5–95 %: 15,600 to 19,000), "
        "29 % of the requirement."
    )
    short = make_context(end=dt.date(2023, 9, 2), alike=True)
    assert result_headline.fire_sentence(summary_data(GONE), short) == (
        "Fire over the last day: 17,300 a day, 29 % of the requirement."
    )


@pytest.mark.parametrize(
    ("exhausted", "where", "label", "brief"),
    [
        (
            GONE,
            make_context(),
            "stock gone 14 Nov 2023 (5–95 %: 20 Oct 2023 to 3 Feb 2024)",
            "14 Nov 2023 (20 Oct 2023 to 3 Feb 2024)",
        ),
        (
            GONE,
            make_context(runs=19),
            "stock gone 14 Nov 2023 (all runs: 20 Oct 2023 to 3 Feb 2024)",
            "14 Nov 2023 (20 Oct 2023 to 3 Feb 2024)",
        ),
        (
            outcome_data(0.82, "2023-10-20", "2023-11-14"),
            make_context(),
            "stock gone 14 Nov 2023 (5–95 %: 20 Oct 2023 to after 31 Aug 2025); gone in 82 % of the runs",
            "14 Nov 2023 (20 Oct 2023 to after 31 Aug 2025); gone in 82 % of the runs",
        ),
        (
            LATE,
            make_context(),
            "stock gone before 1 Sep 2025 in 37 % of the runs; the first 5 % by 20 Oct 2024",
            "gone in 37 % of the runs; the first 5 % by 20 Oct 2024",
        ),
        (
            outcome_data(0.03),
            make_context(),
            "stock gone before 1 Sep 2025 in 3 % of the runs",
            "gone in 3 % of the runs",
        ),
        (NEVER, make_context(), "stock not gone before 1 Sep 2025 in any run", "not gone in any run"),
        (GONE, make_context(runs=1), "stock gone 14 Nov 2023", "14 Nov 2023"),
        (GONE, make_context(alike=True), "stock gone 14 Nov 2023 in every run", "14 Nov 2023"),
    ],
)
def test_the_mark_of_the_date_says_its_range(
    exhausted: Outcome, where: RunContext, label: str, brief: str
) -> None:
    assert result_headline.exhaustion_label(exhausted, where) == label
    assert result_headline.exhaustion_label(exhausted, where, brief=True) == brief


def test_a_stock_is_named_where_others_stand_beside_it() -> None:
    assert result_headline.make_context(make_result()).stock == "The stock"
    assert result_headline.make_context(make_result(places=FRONT)).stock == "The stock at front"
    two_kinds = {**FRONT, ("arsenals", "122mm"): False}
    assert result_headline.make_context(make_result(places=two_kinds)).stock == "The 152mm stock at front"
    assert result_headline.make_context(make_result(places=FOUR)).stocks == 2
    assert (
        result_headline.drawdown_headline(make_result(places={SHELLS: False}))
        == "No one fires from these stocks"
    )


def test_the_whole_title_of_a_drawdown() -> None:
    several = "The stock is gone by 14 November 2023 in half of the runs"
    # The run ends 11 January 2024: 90 days before is 13 October, so the stock runs out among those days.
    rest = "; fire over the last 90 days is 17,300 a day, 29 % of the requirement"
    assert result_headline.drawdown_headline(make_result()) == several + rest
    assert (
        result_headline.drawdown_headline(make_result(runs=1))
        == f"The stock is gone on 14 November 2023{rest} (one run)"
    )


def month(name: str, fired: float, *, inflow: float = 0.0, required: float = 100.0) -> MonthlyFlows:
    return MonthlyFlows(name, required, fired, inflow)


@pytest.mark.parametrize(
    ("account", "said"),
    [
        # Three like months of 29, 31 and 30 of 100 after a ramp: their mean is 30.
        (
            [
                month("October 2023", 100),
                month("November 2023", 80),
                month("December 2023", 29, inflow=30),
                month("January 2024", 31, inflow=30),
                month("February 2024", 30, inflow=30),
            ],
            "From December 2023 supply covers 30 % of the requirement",
        ),
        # No three like months: (80 + 60 + 40) / 300 = 60 %, more than comes in.
        (
            [
                month("October 2023", 100),
                month("November 2023", 80, inflow=10),
                month("December 2023", 60, inflow=10),
                month("January 2024", 40, inflow=10),
            ],
            "From November 2023 less than the requirement is fired: "
            "supply and stock together cover 60 % of it",
        ),
        (
            [month("October 2023", 50, inflow=50), month("November 2023", 50, inflow=50)],
            "In every month less than the requirement is fired: supply covers 50 % of it",
        ),
        (
            [month("October 2023", 61), month("November 2023", 80), month("December 2023", 100)],
            "The requirement is missed in 2 of 3 months, most in October 2023 (61 % met)",
        ),
        (
            [month("October 2023", 100, inflow=20), month("November 2023", 100, inflow=40)],
            "The requirement is met in every month, but supply covers 30 % of it: the rest is stock",
        ),
        (
            [month("October 2023", 100, inflow=150), month("November 2023", 100, inflow=90)],
            "The requirement is met in every month, by supply alone",
        ),
        ([month("October 2023", 0, required=0.0)], "Nothing is required"),
        # A month in which nothing is asked for says nothing about the others.
        (
            [month("October 2023", 0, required=0.0), month("November 2023", 50, inflow=50)],
            "In every month less than the requirement is fired: supply covers 50 % of it",
        ),
    ],
)
def test_the_title_of_supply_against_requirement(account: list[MonthlyFlows], said: str) -> None:
    assert result_headline.supply_headline(account) == said


def test_numbers_and_dates_are_written_as_one_reads_them() -> None:
    assert formatting.integer(1_234_567.6) == "1,234,568"
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
