"""Scenarios for planners: the main answer of each against arithmetic by hand."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest

import sim

FOLDER = Path(__file__).parents[1] / "scenarios"
MONTH = 365.25 / 12


def reached(name: str, **changes: str) -> dt.date | None:
    """Return the day on which one run of a scenario reaches its objective; None if it never does."""
    scenario = sim.load(FOLDER / f"{name}.yaml").replace(changes)
    day = sim.run(scenario, runs=1, tables=("outcomes",)).outcomes["reaches"][0]
    return None if day is None else dt.date.fromisoformat(str(day))


@pytest.mark.parametrize(("rate", "years"), [("100/year", 18.0), ("350/year", 6.57)])
def test_1600_stingers_are_replaced_in_the_years_that_csis_names(rate: str, years: float) -> None:
    day = reached("replace-stinger", **{"production.line.rate": rate})
    assert day is not None
    assert (day - dt.date(2022, 3, 1)).days / 365.25 == pytest.approx(years, abs=0.005)


@pytest.mark.parametrize("full", ["2025-10-01", "2027-10-01"])
def test_two_million_shells_come_back_at_full_output(full: str) -> None:
    day = dt.date.fromisoformat(full)
    year_before, half_before = (day - dt.timedelta(days) for days in (365.25, 182.625))
    begins = [dt.date(2023, 10, 1), dt.date(2024, 4, 1), year_before, half_before, day]
    rates = [28e3, 37e3, 60e3, 75e3]
    made = sum(
        rate * (after - before).days / MONTH
        for rate, (before, after) in zip(rates, pairwise(begins), strict=True)
    )
    missing = 2e6 - (made - 100e3 * (day - begins[0]).days / 365.25)
    late = missing / (100e3 / MONTH - 100e3 / 365.25)
    found = reached("replace-155mm", **{"events.full-output.date": full})
    assert found is not None
    assert (found - day).days == pytest.approx(late, abs=2)


def test_a_target_of_thirty_days_is_reached_when_what_was_ordered_in_time_has_come() -> None:
    # The position rises by 3,000 a month. The level is that of 20 months before, less the training since.
    target = 30 * (7667 + 500 / MONTH)
    months = (target + 20 * 500 - 20_000) / 3000 + 20
    lead = {"orders.contract.lead_time": "20 months"}
    found = reached("thirty-days", **lead)
    assert found is not None
    assert (found - dt.date(2023, 7, 1)).days / MONTH == pytest.approx(months, abs=1)
    # 10,000 are on order at any time, so that 30 days there or on order are never 30 days in store.
    assert reached("thirty-days", **lead, **{"orders.contract.reorder_point": "30 days"}) is None


def test_a_price_of_8000_leaves_3750_shells_a_year_of_30_million() -> None:
    result = sim.run(FOLDER / "budget-squeeze.yaml", runs=1)
    assert result.orders is not None
    ordered = result.orders.groupby(result.orders["placed"].astype(str).str[:4])["shells"].sum()
    assert ordered["2022"] == pytest.approx(12_000)
    assert [ordered[year] for year in ("2023", "2024", "2025")] == pytest.approx([30e6 / 8000] * 3)
    # What comes in by the end of 2025 is 24,000 + 12,000 + 3 x 3,750, enough for 47.25 months of training.
    exhausted = dt.date.fromisoformat(str(result.outcomes["exhausted"][0])[:10])
    assert (exhausted - dt.date(2022, 1, 1)).days / MONTH == pytest.approx(47.25, abs=0.1)


def test_an_overhaul_brings_back_nine_of_ten_missiles_that_expire() -> None:
    scenario = sim.load(FOLDER / "life-extension.yaml")
    whole, without = (
        sim.run(each, runs=1, tables=("outcomes",)).outcomes.iloc[0]
        for each in (scenario, scenario.replace({"refurbishment": None}))
    )
    # The youngest of the 4,000 expire after 15 years; until then training takes 60 a year of what is old.
    expired = 4000 + 300 - 15 * 60
    made_since = 20 * 60 - 5 * 60
    # Cohorts of a month lose up to a month of their life.
    assert whole["expired"] == pytest.approx(expired, abs=10)
    assert without["closing_stock"] == pytest.approx(made_since, abs=10)
    assert whole["closing_stock"] == pytest.approx(made_since + 0.9 * expired, abs=10)


def test_blood_expires_where_more_is_kept_than_is_used_within_its_life() -> None:
    steady = {
        "consumption.emergencies.activities": None,
        "consumption.emergencies.daily_variation": "0%",
        "consumption.operations.daily_variation": "0%",
    }
    scenario = sim.load(FOLDER / "blood-bank.yaml").replace(steady)
    ten, forty = (
        sim.run(scenario.replace({path: level}), runs=1, tables=("outcomes",)).outcomes.iloc[0]
        for path, level in (("orders.blood-service.order_up_to", days) for days in ("10 days", "40 days"))
    )
    # Two days of 52 are on order at any close.
    assert (ten["closing_stock"], ten["expired"]) == (pytest.approx(8 * 52), 0.0)
    # 1,716 are missing at first and come on day 2. 312 of the opening stock go before them, then 52 a day
    # until day 34, when 364 are left of them and expire. These are ordered anew, and expire 34 days later.
    assert forty["expired"] == pytest.approx(365 // 34 * 364)
