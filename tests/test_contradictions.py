"""Sentences of verdicts and headlines that contradicted each other or the picture, on hand-made scenarios."""

from __future__ import annotations

from typing import Any

from sim.simulate import run
from tests.test_verdict import PLAIN


def sentences(changes: dict[str, Any], runs: int = 2) -> dict[str, str]:
    """Return the sentences of the plain scenario with changes, by kind."""
    return {found.kind: found.sentence for found in run({**PLAIN, **changes}, runs=runs, jobs=1).findings}


def test_an_empty_stock_with_a_large_surplus_is_not_said_to_run_out() -> None:
    # 1,000 a day arrive before 100 are fired; 900 a day pile up from nothing.
    surplus = {"depots": {"d": {"stock": "0"}}, "production": {"plant": {"rate": "1000/day"}}}
    said = sentences(surplus)
    assert (
        said["drawdown_headline"]
        == "The stock grows to 18k by 21 January 2024; the requirement is met throughout"
    )
    assert said["runs_out"] == "never, in any run"
    assert said["opening_stock"] == "none"


def test_a_stock_that_each_day_brings_enough_does_not_run_out() -> None:
    each_day = {"depots": {"d": {"stock": "0"}}, "production": {"plant": {"rate": "150/day"}}}
    result = run({**PLAIN, **each_day, "end": "2024-01-02"}, runs=2, jobs=1)
    said = {found.kind: found for found in result.findings}
    assert said["answer"].sentence == (
        "It adds up: 150 shells a day come in, 100 are required. 50 pile up in 1 day."
    )
    # 50 shells are half a day of supply, and the requirement is met.
    assert said["runs_out"].label == "Below 1 day"
    assert said["drawdown_headline"].sentence == (
        "The stock falls below one day of supply on the first day in every run; "
        "the requirement is met throughout"
    )


def test_a_plan_that_the_stock_would_meet_as_well_does_not_add_up_by_missing_guns() -> None:
    guns = {"consumption": {"front": {"rate": "100/day", "guns": 10, "rounds_per_gun": 5}}}
    # 20 days of the plan are 2,000 shells.
    scarce = sentences({**guns, "depots": {"d": {"stock": "1999"}}})["answer"]
    plenty = sentences({**guns, "depots": {"d": {"stock": "2000"}}})["answer"]
    assert scarce.startswith("It adds up until 21 Jan 2024 only because guns are missing: ")
    assert plenty.startswith("It adds up until 21 Jan 2024: ")
    assert "(the guns left can fire no more; 100 a day were planned)" in plenty


def test_rationing_that_ends_is_not_said_to_go_on() -> None:
    # Five days of supply where ten are wanted: half is fired, until a lot of 90 days' fire lands on the 3rd.
    rationed = {
        "depots": {"d": {"stock": "500"}},
        "shipments": {"lot": {"deliveries": {"2024-01-02": "9000"}, "lead_time": "1 day"}},
        "consumption": {
            "front": {"rate": "100/day", "rationing": {"rule": "proportional", "cover": "10 days"}}
        },
    }
    said = sentences(rationed)["answer"]
    # 50 and 45 of 100 on the first two days: 1,895 in twenty. 9,000 in twenty days are 450 a day.
    assert said == (
        "It does not add up, although 450 shells a day come in and 100 are required. "
        "Rationed for the first time on 1 Jan 2024; 94.8 a day are fired in the last 20 days, "
        "95 % of the requirement."
    )


def test_stocks_that_run_out_together_are_counted_and_none_is_first() -> None:
    two = {
        "munitions": {"heavy": {}, "light": {}},
        "depots": {"d": {"stock": {"heavy": "500", "light": "500"}}},
        "consumption": {"front": {"rate": {"heavy": "100/day", "light": "100/day"}}},
    }
    said = sentences(two)
    assert said["runs_out"] == "Heavy and 1 other: in every run, on 5 Jan 2024"
    assert said["drawdown_headline"].startswith(
        "Heavy and 1 other: the stocks run out on 5 January 2024 in every run; "
    )


def test_the_supply_is_not_met_in_every_month_where_one_run_is_short() -> None:
    # A draw of the stock from 1,995 to 2,095 leaves some runs without the last few of 2,000 shells.
    stock = {"depots": {"d": {"stock": {"low": "1995", "high": "2095"}}}}
    said = sentences(stock, runs=40)
    assert said["answer"].startswith("It may not add up: in ")
    assert said["supply_headline"] == (
        "Over 99 % of the requirement is met in every month; 100 % of it from the opening stock"
    )


def test_rounding_errors_are_no_stock() -> None:
    # 0.1 a day for ten days, of 1 shell: floating point leaves 1e-16 of it.
    said = sentences(
        {
            "depots": {"d": {"stock": "1"}},
            "end": "2024-01-11",
            "consumption": {"front": {"rate": "0.1/day"}},
        }
    )
    assert said["answer"].endswith("the opening stock covers the difference, and none is left.")
    assert said["closing_stock"] == "none in any run"
