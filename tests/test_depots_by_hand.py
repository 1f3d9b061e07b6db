"""Workshops, transfers and the gate of a depot: figures worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from sim.errors import RunError, ScenarioError
from sim.model.run import run_once
from sim.scenario.loader import load_plain
from tests.support.scenario_builder import ScenarioBuilder
from tests.support.small_models import (
    TWO_MUNITIONS,
    Plain,
    RunView,
    approx,
    iso_date,
    line_data,
    lots_data,
    scenario_data,
)

# Refurbishment.


def test_a_workshop_takes_munitions_and_origins_in_proportion() -> None:
    depot = {"stock": {"a": 0}, "unserviceable": {"a": 150, "b": 100}}
    shipments = lots_data(None, deliveries={iso_date(0): 150}, mix={"a": 1}, serviceable="0%")
    work = {
        "shop": {
            "rate": {"by_date": {iso_date(0): "0/day", iso_date(1): "40/day"}},
            "yield": {"a": "50%", "b": "100%"},
        }
    }
    run = RunView(
        scenario_data(
            2, munitions=TWO_MUNITIONS, depots={"depot": depot}, shipments=shipments, refurbishment=work
        )
    )
    assert [
        run.flow("taken", m, origin=o)[1] for m, o in (("a", "initial"), ("a", "ally"), ("b", "initial"))
    ] == approx([15, 15, 10])
    assert [run.flow("refurbished", m)[1] for m in "ab"] == approx([15, 10])
    assert [run.flow("scrapped", m)[1] for m in "ab"] == approx([15, 0])
    assert run.flow("refurbished", "b", origin="refurbished") == approx([0, 10])
    assert run.level("a") == approx([0, 15])


def test_several_workshops_take_in_order_of_name_and_not_more_than_there_is() -> None:
    depots = {"depot": {"stock": 0, "unserviceable": 100}}
    work = {"z": {"rate": "100/day", "yield": "10%"}, "A": {"rate": "60/day", "yield": "50%"}}
    run = RunView(scenario_data(2, depots=depots, refurbishment=work))
    assert run.flow("refurbished") == approx([60 * 0.5 + 40 * 0.1, 0])
    assert run.flow("taken") == approx([100, 0])
    events = {"slow": {"date": iso_date(0), "multiplies": "refurbishment.A.rate", "factor": 0.5}}
    run = RunView(
        scenario_data(
            2,
            depots=depots,
            refurbishment=work,
            events=events | {"shut": {"date": iso_date(0), "stops": "refurbishment.z"}},
        )
    )
    assert run.flow("refurbished") == approx([15, 30 + 1])


# Transfers.


def two_depots(here: Any, there: Any, days: int, transfers: Plain, **sections: Any) -> RunView:
    depots = {
        "here": {"stock": here},
        "there": there if isinstance(there, dict) and "stock" in there else {"stock": there},
    }
    return RunView(scenario_data(days, depots=depots, transfers=transfers, **sections))


def test_a_push_sends_all_or_its_capacity_over_munitions_in_proportion() -> None:
    rail = {"from": "here", "to": "there"}
    run = two_depots({"a": 100, "b": 50}, {"a": 0}, 3, {"rail": rail}, munitions=TWO_MUNITIONS)
    assert run.flow("dispatched", "a", "here") == [100, 0, 0]
    assert run.flow("received", "b", "there") == [0, 50, 0]
    run = two_depots(
        {"a": 100, "b": 50},
        {"a": 0},
        4,
        {"rail": {**rail, "capacity": "30/day", "lead_time": "2 days"}},
        munitions=TWO_MUNITIONS,
    )
    assert run.flow("dispatched", "a", "here") == approx([20] * 4)
    assert run.flow("received", "b", "there") == approx([0, 0, 10, 10])
    assert run.flow("received", "a", "there", "initial") == approx([0, 0, 20, 20])


def test_a_pull_counts_what_is_under_way() -> None:
    rail = {"rail": {"from": "here", "to": "there", "keep": "5 days", "lead_time": "3 days"}}
    front = {"front": {"at": "there", "rate": "10/day"}}
    run = two_depots(1000, 20, 5, rail, consumption=front)
    # Wanted: 50 - 20; then 50 less stock and transit, which is the fire.
    assert run.flow("dispatched", depot="here") == [30, 10, 10, 0, 10]
    assert run.flow("received", depot="there") == [0, 0, 0, 30, 10]
    assert run.level(depot="there") == [10, 0, 0, 20, 20]


def test_a_pull_counts_what_waits_at_the_gate() -> None:
    rail = {"rail": {"from": "here", "to": "there", "keep": "5 days"}}
    front = {"front": {"at": "there", "rate": "10/day"}}
    run = two_depots(1000, {"stock": 20, "capacity": 25}, 4, rail, consumption=front)
    # Day 1: 30 come, 15 enter, 15 wait: 25 there and 15 at the gate leave 10 to want.
    assert run.flow("dispatched", depot="here") == [30, 10, 10, 10]
    assert run.flow("received", depot="there") == [0, 15, 10, 10]
    assert run.level(depot="there") == [10, 15, 15, 15]


def test_transfers_that_together_exceed_a_level_are_scaled_alike() -> None:
    ways = {
        "r1": {"from": "here", "to": "there", "capacity": "60/day"},
        "r2": {"from": "here", "to": "there", "capacity": "120/day"},
    }
    run = two_depots(90, 0, 2, ways)
    assert run.flow("dispatched", depot="here") == [90, 0]
    depots = {"here": {"stock": 90}, "east": {"stock": 0}, "west": {"stock": 0}}
    ways["r2"]["to"], ways["r1"]["to"] = "east", "west"
    run = RunView(scenario_data(2, depots=depots, transfers=ways))
    # r2 alone could send all 90: it is cut to its capacity first, 60 and 90, and then both by 90 / 150.
    assert (run.level(depot="west")[1], run.level(depot="east")[1]) == approx((36, 54))
    assert run.level(depot="here")[0] == 0.0


def test_events_change_a_transfers_capacity() -> None:
    events = {
        "slow": {"date": iso_date(1), "multiplies": "transfers.rail.capacity", "factor": 0.5},
        "shut": {"date": iso_date(2), "stops": "transfers.rail", "share": "75%"},
    }
    run = two_depots(
        1000, 0, 4, {"rail": {"from": "here", "to": "there", "capacity": "40/day"}}, events=events
    )
    assert run.flow("dispatched", depot="here") == [40, 20, 10, 40]
    shut = {"shut": {"date": iso_date(0), "stops": "transfers.rail", "share": "75%"}}
    run = two_depots(1000, 0, 2, {"rail": {"from": "here", "to": "there"}}, events=shut)
    assert run.flow("dispatched", depot="here") == [250, 750]


# The gate.


def test_the_gate_lets_in_first_come_first_served() -> None:
    depots = {"depot": {"stock": 40, "capacity": 100}}
    shipments = {
        "zulu": {"deliveries": {iso_date(0): 50}, "lead_time": "30 h"},
        "ally": {"deliveries": {iso_date(0): 80}, "lead_time": "32 h"},
    }
    sections = {
        "shipments": shipments,
        "production": line_data(rate="5/day"),
        "consumption": {"front": {"rate": "20/day"}},
    }
    run = RunView(scenario_data(5, depots=depots, **sections))
    # Day 0: 45 - 20. Day 1: zulu's 50 enter and 25 of ally's; 55 of ally's wait, behind the 5 that the line
    # made at the day's start. Then there is room for 20 a day, and later production waits behind ally's.
    assert run.level() == approx([25, 80, 80, 80, 80])
    assert run.flow("landed", origin="zulu") == approx([0, 50, 0, 0, 0])
    assert run.flow("landed", origin="ally") == approx([0, 25, 15, 20, 20])
    assert run.flow("produced") == approx([5, 0, 5, 0, 0])


def test_a_mixed_lot_enters_in_proportion_and_what_is_rejected_needs_no_room() -> None:
    depots = {"depot": {"stock": {"a": 50}, "capacity": 100}}
    ally = lots_data(
        None,
        deliveries={iso_date(0): 200},
        mix={"a": "60%", "b": "40%"},
        serviceable={"a": "50%", "b": "75%"},
    )
    front = {"front": {"rate": {"a": "10/day"}}}
    run = RunView(scenario_data(4, munitions=TWO_MUNITIONS, depots=depots, shipments=ally, consumption=front))
    # 60 and 60 serviceable, 60 and 20 not: of 120 the room takes 60, then 10 a day.
    assert (run.flow("landed", "a"), run.flow("landed", "b")) == (
        approx([0, 30, 5, 5]),
        approx([0, 30, 5, 5]),
    )
    assert (run.flow("rejected", "a"), run.flow("rejected", "b")) == ([0, 60, 0, 0], [0, 20, 0, 0])


def test_a_stock_above_the_capacity_is_an_error_or_where_it_is_drawn_a_failed_run(
    desk: ScenarioBuilder,
) -> None:
    with pytest.raises(ScenarioError):
        load_plain(scenario_data(3, depots={"depot": {"stock": 101, "capacity": 100}}), None)
    drawn = load_plain(
        scenario_data(3, depots={"depot": {"stock": {"choices": [101, 99]}, "capacity": 100}}), None
    )
    for run, u in enumerate(desk.uniforms("depots.depot.stock", 1, run=each)[0] for each in range(9)):
        if u < 0.5:
            with pytest.raises(RunError, match="depot"):
                run_once(drawn, 1, run)
        else:
            assert run_once(drawn, 1, run).levels[0][0] == 99
