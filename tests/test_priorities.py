"""Priorities, backlog and the account by consumer against figures worked out by hand (rules 36 and 40)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim.errors import ArgumentError, ScenarioError
from sim.results.reader import read_folder
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


def test_a_backlog_is_served_within_the_guns_and_before_what_is_new() -> None:
    # Guns fire 10 a day, 8 are required. Nothing is there for two days: 16 wait, and 2 a day are made up.
    front = {"rate": "8/day", "backlog": True, "guns": 5, "rounds_per_gun": 2}
    line = {"rate": {"by_date": {iso_date(0): "0/day", iso_date(2): "100/day"}}}
    plain = scenario_data(5, 0, consumption={"front": front}, production={"line": line})
    assert by_consumer(plain, "front", "fired") == [0, 0, 10, 10, 10]
    assert by_consumer(plain, "front", "served") == [0, 0, 10, 10, 10]
    assert by_consumer(plain, "front", "backlog") == [8, 16, 14, 12, 10]
    assert by_consumer(plain, "front", "required") == [8] * 5


def test_a_rule_of_rationing_holds_for_the_backlog_too() -> None:
    front = {"rate": "8/day", "backlog": True, "rationing": {"rule": "proportional", "cover": "1 day"}}
    plain = scenario_data(2, 4, consumption={"front": front}, production={"line": {"rate": "2/day"}})
    # Day 0: 6 are there, 0.75 days: 6 of 8. Day 1: 2 there, 0.25 days of 10 demanded: 2.5, but 2 are there.
    assert by_consumer(plain, "front", "fired") == [6, 2]
    assert by_consumer(plain, "front", "served") == [0, 2]


def test_a_file_without_the_keys_lists_no_consumer_and_one_with_them_does(tmp_path: Path) -> None:
    plain = scenario_data(3, 10, consumption={"a": {"rate": "4/day"}, "b": {"rate": "1/day"}})
    silent = sim.run(plain, runs=1, engine="simpy")
    assert "consumers.csv" not in silent.files()
    assert not [name for name in silent.outcomes if ".a" in str(name)]
    assert silent.consumers.empty
    listed = sim.run(
        {**plain, "consumption": {**plain["consumption"], "b": {"rate": "1/day", "priority": 1}}}
    )
    for name in ("stock.csv", "flows.csv", "origins.csv", "paths.csv"):
        assert listed.files()[name] == silent.files()[name], name
    saved = read_folder(listed.save(tmp_path / "run"))
    assert list(saved.consumers) == ["date", "consumer", "munition", "kind", "mean", "p05", "p50", "p95"]
    assert saved.consumers.equals(listed.consumers)
    assert listed.summary()["consumers"]["a"]["met"]["p50"] == pytest.approx(10 / 15)


@pytest.mark.parametrize(
    ("setting", "value", "problem", "allowed"),
    [
        ("priority", "0", "'0' is not a priority", "a whole number from 1, served first, to 999"),
        ("priority", "1.5", "'1.5' is not a priority", "a whole number from 1, served first, to 999"),
        ("priority", "first", "'first' is not a priority", "a whole number from 1, served first, to 999"),
        (
            "priority",
            {"low": 1, "high": 2},
            "one value is expected, not a map or a list",
            "a whole number from 1, served first, to 999",
        ),
        ("backlog", "yes", "'yes' is neither true nor false", "true or false"),
        ("backlog", "3", "'3' is neither true nor false", "true or false"),
    ],
)
def test_a_value_that_the_keys_do_not_take_has_one_message(
    setting: str, value: object, problem: str, allowed: str
) -> None:
    with pytest.raises(ScenarioError) as error:
        as_scenario(scenario_data(2, 10, consumption={"front": {"rate": "1/day", setting: value}}))
    (fault,) = error.value.faults
    assert (fault.problem, fault.allowed) == (problem, allowed)
    assert fault.path == f"consumption.front.{setting}"
    assert fault.where is not None


def test_a_study_lists_the_consumers_that_it_is_asked_of() -> None:
    plain = scenario_data(10, 10, consumption={"a": {"rate": "1/day"}, "b": {"rate": "3/day"}})
    plain["depots"]["depot"]["stock"] = {"low": 10, "high": 30}
    found = sim.breakeven(plain, "depots.depot.stock", of="unmet.b", holds=1.0)
    assert found.found[0].value == pytest.approx(40, rel=1e-3)
    with pytest.raises(ArgumentError, match=r"did you mean 'unmet\.b'"):
        sim.breakeven(plain, "depots.depot.stock", of="unmet.bb")
    ranked = sim.sensitivity(plain, of="met.a", runs=30)
    assert ranked.indices[0].value == pytest.approx(1.0)
    swept = sim.sweep(plain, {"consumption.a.priority": [1, 2], "depots.depot.stock": ["18"]}, runs=2)
    assert swept.table["unmet.a_mean"].tolist() == pytest.approx([5.5, 6])
    ranks = {**plain, "consumption": {**plain["consumption"], "a": {"rate": "1/day", "priority": 2}}}
    compared = sim.compare({"equal": plain, "ranked": ranks}, runs=5, engine="simpy")
    change = {each.outcome: each.difference for each in compared.differences}
    assert change["unmet.a"] == pytest.approx(-change["unmet.b"])
    assert change["unmet.a"] > 0
