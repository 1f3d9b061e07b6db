"""Text of a comparison: title, lines and numbers, by hand."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from sim.charts.comparison_headline import (
    comparison_headline,
    difference_line,
    format_amount,
    format_signed,
    mark_label,
)
from sim.study.paired_difference import Difference
from tests.support.known_comparison import (
    GONE,
    LASTS,
    NEVER,
    Plain,
    all_censored,
    days,
    difference_data,
    make_comparison,
    shells,
)


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
            days(634.0, **all_censored("lower")),
            shells(0.0, 0.0),
            "the stock lasts at least 634 days longer and just as many shells are fired",
        ),
        (
            days(-634.0, **all_censored("upper")),
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
    assert comparison_headline(make_comparison(found)) == f"Without North Korea {said}"
    assert comparison_headline(make_comparison(found, titles=["Rationed fire"])) == f"Rationed fire: {said}"


def test_the_title_of_one_run_says_so() -> None:
    found = {"exhausted": days(-9.0, None), "fired": shells(-5e6, None)}
    said = "Without North Korea the stock lasts 9 days less and 5.0M fewer shells are fired (one run)"
    assert comparison_headline(make_comparison(found, runs=1)) == said


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
    assert comparison_headline(make_comparison(*others, titles=titles)) == said


def test_of_several_stocks_the_first_is_told() -> None:
    said = "Without North Korea the first stock is gone 9.4 days sooner and 5.0M fewer shells are fired"
    assert comparison_headline(make_comparison(GONE, stocks=2)) == said
    several = comparison_headline(make_comparison(GONE, LASTS, stocks=2))
    assert several.startswith(
        "The first stock is gone from 9.4 days sooner (Without North Korea) to at least 634 days later "
    )
    still = {"exhausted": NEVER, "fired": shells(0.0, 0.0)}
    assert "the first stock lasts to 1 September 2025" in comparison_headline(
        make_comparison(still, stocks=2)
    )
    assert comparison_headline(make_comparison(GONE, stocks=0)) == "No one fires in any of these scenarios"


def test_scenarios_of_one_title_are_told_apart_by_their_names() -> None:
    twins = make_comparison(GONE, LASTS, titles=("Same", "Same"), base="Same")
    assert [twins.label_of(name) for name in ("base", "other-0")] == ["Same [base]", "Same [other-0]"]


def test_a_line_gives_the_interval_from_the_near_end_to_the_far_one() -> None:
    def line(found: Plain, less: str = "less", more: str = "longer") -> str:
        return difference_line(Difference("a", "b", **found), less, more, "1 Sep 2025")

    assert line(days(-9.4)) == "9.4 days less (8.4 to 10.4)"
    assert line(days(49.2)) == "49 days longer (48 to 50)"
    assert line(shells(-6.07e5), "fewer") == "607,000 fewer shells (507,000 to 707,000)"
    assert line(shells(1.05e6), more="more") == "1.1M more shells (0.9M to 1.1M)"
    unclear = line(difference_data("shells a day", 16.0, 81.0), "fewer", "more")
    assert unclear == "no clear difference (65 fewer shells a day to 97 more shells a day)"
    assert line(days(0.0, 0.0)) == "no difference"
    assert line(days(0.01, 0.02)) == "next to no difference"
    assert line(NEVER) == "not reached before 1 Sep 2025 in any run of either"
    assert line(days(634.0, 4.5, **all_censored("lower"))) == (
        "at least 634 days longer (630 to 638); not reached before 1 Sep 2025 in 60 of 60 pairs"
    )


def test_numbers_are_short_beside_the_plot() -> None:
    assert [format_signed(x, "shells") for x in (-4.95e6, 607_123.0, 9_994.0, 99_951.0, 0.3)] == [
        *("−5.0M", "+607k", "+9,990", "+100k", "0")
    ]
    assert [format_signed(x, "days") for x in (-9.4, 9.96, 634.4, -0.04)] == ["−9.4", "+10", "+634", "0"]
    assert [format_amount(x, "days") for x in (9.0, 9.04, 12.6)] == ["9", "9.0", "13"]
    found = Difference("a", "b", **days(634.0, **all_censored("lower")))
    assert mark_label(found, spread=True) == "≥ +634 (+633 to +635)"
    assert mark_label(found, spread=False) == "≥ +634"
    assert mark_label(Difference("a", "b", **NEVER), spread=True) == "in no run"
    assert mark_label(Difference("a", "b", **days(0.0, 0.0)), spread=True) == "no change"
