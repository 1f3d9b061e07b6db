"""Text of a comparison: title, lines and numbers, by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from sim.charts.comparison_data import ComparisonData
from sim.findings.comparison_findings import comparison_headline, scenario_findings
from sim.findings.comparison_words import (
    difference_line,
    format_amount,
    format_signed,
    mark_label,
)
from sim.names import Names, noun_of, verb_of
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
    reached,
    shells,
)

END = dt.date(2025, 9, 1)
ALWAYS = {"first_share": 1.0, "other_share": 1.0, "share_low": 0.0, "share_high": 0.0}


def headline(contrast: ComparisonData) -> str:
    return comparison_headline(contrast).sentence


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
        # A mean of days means nothing where most pairs are censored: the shares do.
        (
            reached(0.01, 0.19),
            shells(0.0, 0.0),
            "the stock runs out in 19 % of runs, not 1 %; just as many shells are fired",
        ),
        (
            reached(0.2, 0.25, 0.06),
            shells(0.0, 0.0),
            "the stock runs out in 25 % of runs, not 20 %: no clear difference; just as many shells are "
            "fired",
        ),
        (
            reached(1.0, 0.0, 0.0),
            shells(0.0, 0.0),
            "the stock runs out in no run, instead of every run; just as many shells are fired",
        ),
        (
            reached(0.0, 0.3),
            shells(0.0, 0.0),
            "the stock runs out in 30 % of runs, instead of none; just as many shells are fired",
        ),
        (
            reached(0.7, 0.7, 0.1),
            shells(0.0, 0.0),
            "the stock runs out in 70 % of runs of both: no clear difference; just as many shells are fired",
        ),
        # In a folder of an earlier version the shares are unknown.
        (
            days(634.0, **all_censored("open")),
            shells(0.0, 0.0),
            "the stock runs out on days that are not compared, since 60 of 60 pairs are censored; just as "
            "many shells are fired",
        ),
        (
            days(-12.0, bound="lower", censored=1),
            shells(0.0, 0.0),
            "the stock lasts at most 12 days less and just as many shells are fired",
        ),
        (
            days(-12.0, bound="open", censored=3),
            shells(0.0, 0.0),
            "the stock lasts 12 days less within the period and just as many shells are fired",
        ),
    ],
)
def test_the_title_says_what_one_scenario_changes(lasts: Plain, fired: Plain, said: str) -> None:
    found = {"exhausted": lasts, "fired": fired}
    assert headline(make_comparison(found)) == f"Without North Korea {said}"
    assert headline(make_comparison(found, titles=["Rationed fire"])) == f"Rationed fire: {said}"


def test_the_title_of_one_run_says_so() -> None:
    found = {"exhausted": days(-9.0, None), "fired": shells(-5e6, None)}
    said = "Without North Korea the stock lasts 9 days less and 5.0M fewer shells are fired (one run)"
    assert headline(make_comparison(found, runs=1)) == said


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (
            [{**GONE, "exhausted": days(-9.4) | ALWAYS}, LASTS],
            "The stock runs out in no run (Rationed fire) to every run (Without North Korea), in every run "
            "of the first",
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
    assert headline(make_comparison(*others, titles=titles)) == said


def test_of_several_stocks_the_first_is_told() -> None:
    said = (
        "Without North Korea the first stock runs out 9.4 days sooner and 5.0M fewer shells are fired in all"
    )
    assert headline(make_comparison(GONE, stocks=2)) == said
    several = headline(make_comparison(GONE, {**GONE, "exhausted": days(20.0)}, stocks=2))
    assert several.startswith(
        "The first stock runs out from 9.4 days sooner (Without North Korea) to 20 days later (Rationed fire)"
    )
    still = {"exhausted": NEVER, "fired": shells(0.0, 0.0)}
    assert "the first stock lasts to 1 September 2025" in headline(make_comparison(still, stocks=2))
    assert headline(make_comparison(GONE, stocks=0)) == "Nothing is fired in any of these scenarios"


def test_scenarios_of_one_title_are_told_apart_by_their_names() -> None:
    twins = make_comparison(GONE, LASTS, titles=("Same", "Same"), base="Same")
    assert [twins.label_of(name) for name in ("base", "other-0")] == ["Same [base]", "Same [other-0]"]


def test_a_line_gives_the_interval_from_the_near_end_to_the_far_one() -> None:
    def line(found: Plain, less: str = "less", more: str = "longer") -> str:
        return difference_line(Difference("a", "b", **found), less, more, END)

    assert line(days(-9.4)) == "9.4 days less (8.4 to 10.4)"
    assert line(days(49.2)) == "49 days longer (48 to 50)"
    assert line(shells(-6.07e5), "fewer") == "607,000 fewer shells (507,000 to 707,000)"
    assert line(shells(1.05e6), more="more") == "1.1M more shells (0.9M to 1.1M)"
    unclear = line(difference_data("shells a day", 16.0, 81.0), "fewer", "more")
    assert unclear == "no clear difference (65 fewer shells a day to 97 more shells a day)"
    assert line(days(0.0, 0.0)) == "no difference"
    assert line(days(0.01, 0.02)) == "next to no difference"
    assert line(NEVER) == "never before 1 Sep 2025, in any run of either"
    assert line(days(20.0, 4.5, bound="lower", censored=3)) == (
        "at least 20 days longer (16 to 24); not reached before 1 Sep 2025 in 3 of 60 pairs"
    )
    assert line(reached(0.01, 0.19)) == "in 19 % of runs, not 1 % (13 to 23 percentage points more)"
    assert line(reached(0.2, 0.25, 0.06)) == "in 25 % of runs, not 20 %; no clear difference"
    assert line(reached(1.0, 0.0, 0.0)) == "in no run, instead of every run"


def test_numbers_are_short_beside_the_plot() -> None:
    assert [format_signed(x, "shells") for x in (-4.95e6, 607_123.0, 9_994.0, 99_951.0, 0.3)] == [
        *("−5.0M", "+607k", "+9,990", "+100k", "+0.3")
    ]
    assert [format_signed(x, "days") for x in (-9.4, 9.96, 634.4, -0.04)] == ["−9.4", "+10", "+634", "−0.04"]
    assert [format_amount(x, "days") for x in (9.0, 9.04, 12.6)] == ["9", "9.0", "13"]
    found = Difference("a", "b", **days(634.0, **all_censored("lower")))
    assert mark_label(found, spread=True) == "≥ +634 (+633 to +635)"
    assert mark_label(found, spread=False) == "≥ +634"
    shares = Difference("a", "b", **reached(0.01, 0.19)).as_shares
    assert mark_label(shares, spread=True) == mark_label(shares, spread=False) == "19 %, not 1 %"
    assert mark_label(Difference("a", "b", **NEVER), spread=True) == "in no run"
    assert mark_label(Difference("a", "b", **days(0.0, 0.0)), spread=True) == "no change"


def test_an_end_of_an_interval_that_is_not_zero_keeps_its_digits_and_its_sign() -> None:
    def label(unit: str, mean: float, half: float) -> str:
        return mark_label(Difference("a", "b", **difference_data(unit, mean, half)), spread=True)

    assert label("share of the requirement", -0.000815, 0.000319) == "−0.082 (−0.11 to −0.05)"
    assert label("shells a day", -0.005757, 0.008884) == "−0.0058 (−0.015 to +0.0031)"
    assert label("days", -12.0, 12.3) == "−12 (−24 to +0.3)"
    assert label("shells", 5e6, 5.0003e6) == "+5.0M (−300 to +10.0M)"
    assert label("shells", -5.0, 5.0) == "−5 (−10 to 0)"


def test_what_is_counted_and_what_consumers_do_have_their_own_words() -> None:
    names = Names(nouns={"blankets": noun_of("blanket")}, verbs={"teams": verb_of("hands out")})
    found = {"exhausted": days(-9.4), "fired": shells(-4.95e6), "unmet": shells(4.95e6)}
    figures = make_comparison(found, titles=["Flood"], names=names)
    assert headline(figures) == "Flood: the stock lasts 9.4 days less and 5.0M fewer blankets are handed out"
    assert [(each.label, each.sentence) for each in scenario_findings(figures, "other-0")] == [
        ("The stock runs out", "9.4 days sooner (8.4 to 10.4)"),
        ("Handed out in all", "5.0M fewer blankets (4.8M to 5.0M)"),
        ("Required but not handed out", "5.0M more blankets (4.8M to 5.0M)"),
    ]


def test_no_number_of_a_line_is_zero_that_is_not() -> None:
    def line(found: Plain) -> str:
        return difference_line(Difference("a", "b", **found), "fewer", "more", END)

    assert line(difference_data("shells", -49.0, 49.3)) == (
        "no clear difference (98 fewer shells to 0.3 more shells)"
    )
    assert line(difference_data("shells", 1.0, None)) == "1 more shell"
    # The unit fits the number: 0.4 a day are 12 a month.
    assert line(difference_data("shells a day", -0.4, 0.1)) == "12 fewer shells a month (9.1 to 15)"
    assert line(difference_data("shells a day", 0.02, None)) == "7.3 more shells a year"
    assert line(days(-0.43, 0.45)) == "no clear difference (0.9 days fewer to under 0.1 days more)"
    assert line(days(20.0, 19.8)) == "20 days more (under 1 to 40)"
    assert line(shells(1.05e6, 1.04e6)) == "1.1M more shells (under 0.1M to 2.1M)"
    assert line(difference_data("shells", 0.002, None)) == "under 0.01 more shells"


def test_near_shares_that_differ_clearly_do_not_look_the_same() -> None:
    near = reached(0.4, 0.404, 0.003)
    line = difference_line(Difference("a", "b", **near), "sooner", "later", END)
    assert line == "in 40.4 % of runs, not 40 % (0.1 to 0.7 percentage points more)"
    assert mark_label(Difference("a", "b", **near).as_shares, spread=True) == "40.4 %, not 40 %"
    said = headline(make_comparison({"exhausted": near, "fired": shells(1.0, None)}))
    assert said == (
        "Without North Korea the stock runs out in 40.4 % of runs, not 40 %; 1 more shell is fired"
    )


def falling(exhausted: Plain, rationed: Plain) -> dict[str, Plain]:
    """Return differences where the requirement is not met in fewer runs than the stock is exhausted."""
    return {"exhausted": exhausted, "rationed_from": rationed, "fired": shells(0.0, 0.0)}


@pytest.mark.parametrize(
    ("exhausted", "rationed", "said"),
    [
        (reached(0.0, 0.3), reached(0.0, 0.3), "runs out in 30 % of runs, instead of none; "),
        (reached(0.0, 0.3), reached(0.0, 0.2), "falls below one day of supply in 30 % of runs, "),
        (reached(0.3, 0.0), reached(0.2, 0.0), "falls below one day of supply in no run, "),
        (days(-9.4) | ALWAYS, days(-9.0) | ALWAYS, "lasts 9.4 days less and "),
        (
            days(-9.4) | ALWAYS,
            NEVER | reached(0.0, 0.0),
            "falls below one day of supply 9.4 days sooner and ",
        ),
        (days(0.0, 0.0) | ALWAYS, reached(0.9, 1.0), "falls below one day of supply on the same day and "),
        (days(0.3, 2.0) | ALWAYS, reached(1.0, 0.9), "falls below one day of supply at about the same time "),
    ],
)
def test_a_stock_that_may_still_meet_the_requirement_does_not_run_out(
    exhausted: Plain, rationed: Plain, said: str
) -> None:
    found = make_comparison(falling(exhausted, rationed))
    assert headline(found).startswith(f"Without North Korea the stock {said}")
    label = next(scenario_findings(found, "other-0")).label
    is_weak = "falls below" in said
    assert label == ("Below 1 day of supply" if is_weak else "The stock runs out")
    assert found.event.meaning.startswith("Below 1 day of supply: " if is_weak else "Runs out: ")


def test_one_scenario_that_may_still_meet_the_requirement_chooses_the_words_for_all() -> None:
    certain, weak = (
        falling(reached(1.0, 0.5), reached(1.0, 0.5)),
        falling(reached(1.0, 0.4), reached(1.0, 0.3)),
    )
    assert headline(make_comparison(certain, certain)).startswith(
        "The stock runs out in 50 % of runs of both"
    )
    assert headline(make_comparison(certain, weak)).startswith(
        "The stock falls below one day of supply in 40 % of runs (Rationed fire) to 50 % of runs "
    )


def test_a_scenario_that_never_gets_there_has_a_share_too() -> None:
    few = days(-0.2, bound="upper", censored=2, censored_both=58) | reached(0.0, 2 / 60)
    rare = {"exhausted": few | {"censored": 2, "censored_both": 58}, "fired": shells(0.0, 0.0)}
    never = {"exhausted": NEVER | {"first_share": 0.0, "other_share": 0.0}, "fired": shells(0.0, 0.0)}
    assert headline(make_comparison(rare, never)) == (
        "The stock runs out in no run (Rationed fire) to 3 % of runs (Without North Korea), "
        "in no run of the first"
    )
