"""Priorities, backlog and the account by consumer against figures worked out by hand (rules 36 and 40)."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.simulate import as_scenario
from tests.support.engine_comparison import run_differences
from tests.support.small_models import iso_date, scenario_data

Plain = dict[str, Any]


def by_consumer(plain: Plain, consumer: str, kind: str, munition: str = "shells") -> list[float]:
    """Return a figure of a consumer by day, after both engines have given the same to the last bit."""
    assert run_differences(as_scenario(plain), 1, [0, 1]) == []
    table = sim.run(plain, runs=1, engine="simpy", tables=("consumers",)).consumers
    chosen = (table.consumer == consumer) & (table.kind == kind) & (table.munition == munition)
    found: list[float] = table[chosen]["mean"].tolist()
    return found


def two(first: str, second: str, **settings: Plain) -> Plain:
    return {"first": {"rate": first, **settings.get("first", {})}, "second": {"rate": second}}


def test_what_is_short_goes_to_the_first_priority_and_the_rest_to_the_next() -> None:
    fronts = {
        "b": {"rate": "8/day", "priority": 1},
        "a": {"rate": "4/day", "priority": 2},
    }
    plain = scenario_data(2, 10, consumption=fronts)
    assert by_consumer(plain, "b", "fired") == [8, 0]
    assert by_consumer(plain, "a", "fired") == [2, 0]
    assert by_consumer(plain, "a", "unmet") == [2, 4]
    assert by_consumer(plain, "b", "unmet") == [0, 8]


def test_consumers_of_one_priority_share_in_proportion() -> None:
    fronts = {
        "first": {"rate": "5/day", "priority": 2},
        "second": {"rate": "6/day", "priority": 7},
        "third": {"rate": "2/day", "priority": 7},
    }
    plain = scenario_data(1, 9, consumption=fronts)
    assert [by_consumer(plain, name, "fired") for name in fronts] == [[5], [3], [1]]


def test_a_base_stock_of_thirteen_ends_with_one_shell_owed() -> None:
    # Deliveries bring the stock back to 13 before each day's demand, as an order up to 13 would.
    demands = [12, 6, 11, 14, 5]
    rate = {"by_date": {iso_date(day): f"{demand}/day" for day, demand in enumerate(demands)}}
    sent = {iso_date(day): demand for day, demand in enumerate(demands[:-1])}
    plain = scenario_data(
        5,
        13,
        consumption={"shop": {"rate": rate, "backlog": True}},
        shipments={"maker": {"deliveries": sent, "lead_time": "1 day"}},
    )
    result = sim.run(plain, runs=1, engine="simpy")
    assert result.stock["mean"].tolist() == [1, 7, 2, 0, 8]
    assert by_consumer(plain, "shop", "backlog") == [0, 0, 0, 1, 0]
    assert by_consumer(plain, "shop", "waiting") == [0, 0, 0, 1, 0]
    assert by_consumer(plain, "shop", "served") == [0, 0, 0, 0, 1]
    assert by_consumer(plain, "shop", "fired") == [12, 6, 11, 13, 6]
    row = result.outcomes.iloc[0]
    assert row["rationed_from"] == row["rationed_from.shop"] == iso_date(3)
    assert (row["unmet"], row["unmet.shop"], row["backlog.shop"]) == (1, 1, 0)
    assert row["met.shop"] == pytest.approx(47 / 48)
