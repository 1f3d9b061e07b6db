"""Closed cases of inventory control, in both engines: Wagner and Whitin, newsvendor, base stock, supply rate.

`benchmarks/inventory.py` has the same with many runs, beside stockpyl and an exact Markov chain.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import numpy as np
import pytest

import sim
from sim.model.run import run_once
from sim.scenario.loader import load_plain
from sim.scenario.scenario import Scenario
from tests.support.engine_comparison import run_differences

Plain = dict[str, Any]
START = dt.date(2024, 1, 1)
#: Demands of Wagner and Whitin's example, on days 1 to 4; orders are placed on the evening before.
DEMANDS = (90, 120, 80, 70)
HOLDING, FIXED = 2, 500
#: Holding and shortage a unit and period of the newsvendor, and its demand.
COSTS, NORMAL = (0.18, 0.70), {"mean": "50", "sd": "8"}
FRACTILE = COSTS[1] / (COSTS[0] + COSTS[1])


def on(day: int) -> str:
    return (START + dt.timedelta(days=day)).isoformat()


def plain_of(days: int, **sections: Any) -> Plain:
    return {"schema": 1, "start": on(0), "end": on(days), "currency": "EUR", **sections}


def five_days(**sections: Any) -> Scenario:
    """Return the case without what supplies it."""
    rates = {on(0): "0/day", **{on(day + 1): f"{each}/day" for day, each in enumerate(DEMANDS)}}
    depots = {"store": {"stock": 0, "holding_cost": f"{HOLDING} EUR/day"}}
    consumption = {"users": {"rate": {"by_date": rates}}}
    return load_plain(plain_of(5, depots=depots, consumption=consumption, **sections), None)


def planned(periods: tuple[int, ...]) -> Scenario:
    """Return the case with orders in some periods, each of what is taken until the next."""
    ends = [*periods[1:], len(DEMANDS)]
    lots = {first: sum(DEMANDS[first:end]) for first, end in zip(periods, ends, strict=True)}
    marks = {on(period): repr(lots.get(period, 0)) for period in range(len(DEMANDS))}
    return five_days(orders={"plan": {"order_up_to": {"by_date": marks}, "order_cost": f"{FIXED} EUR"}})


def cost_of(scenario: Scenario) -> float:
    ledger = run_once(scenario, 1, 0)
    return sum(sum(ledger.counted[kind]) for kind in ("spent", "holding", "shortage"))


def test_wagner_and_whitin_order_210_and_150_at_1380() -> None:
    plans = [(0, *rest) for n in range(4) for rest in itertools.combinations((1, 2, 3), n)]
    cost = {plan: cost_of(planned(plan)) for plan in plans}
    assert min(cost, key=lambda plan: cost[plan]) == (0, 2)
    assert cost[0, 2] == 1380.0
    ledger = run_once(planned((0, 2)), 1, 0)
    assert [order.shells for order in ledger.orders] == [210.0, 150.0]
    assert ledger.levels[0] == [0.0, 120.0, 0.0, 70.0, 0.0]
    assert run_differences(planned((0, 2)), 1, [0]) == []


def test_the_same_as_dated_deliveries_which_bear_no_order_cost() -> None:
    scenario = five_days(
        shipments={"plan": {"deliveries": {on(0): "210", on(2): "150"}, "lead_time": "1 day"}}
    )
    assert run_differences(scenario, 1, [0]) == []
    # A delivery has no order cost: the engine has the 380 of holding, and two orders are 1,000 more.
    assert cost_of(scenario) + 2 * FIXED == 1380.0


def test_the_controlled_supply_rate_of_the_us_army() -> None:
    """(60,000 on hand - 15,000 safety level) / (54 weapons x 10 days) = 83.3 rounds a weapon and day."""
    battery = {"rate": "10k/day", "guns": 54, "rounds_per_gun": 100}
    scenario = load_plain(
        plain_of(10, depots={"store": {"stock": 60_000}}, consumption={"battery": battery}), None
    )
    # 15,000 are a day and a half of what the plan requires.
    found = sim.breakeven(scenario, "consumption.battery.rounds_per_gun", of="below_1.5", bounds=(10, 500))
    assert found.value == pytest.approx((60_000 - 15_000) / (54 * 10), rel=2e-6)
    ledger = run_once(scenario.replace({"consumption.battery.rounds_per_gun": "83.3"}), 1, 0)
    assert ledger.levels[0][-1] == pytest.approx(60_000 - 54 * 10 * 83.3)


def periods(days: int, stock: float, **line: Any) -> Scenario:
    """Return a depot whose users take a normal demand each day, which waits where it is unmet."""
    holding, shortage = COSTS
    users = {
        "activities": {"demand": {"every": "1 day", "quantity": NORMAL}},
        "backlog": True,
        "shortage_cost": f"{shortage} EUR",
    }
    depot = {"stock": f"{stock}", "holding_cost": f"{holding} EUR/day"}
    orders = {"works": line} if line else {}
    return load_plain(
        plain_of(days, depots={"store": depot}, consumption={"users": users}, orders=orders), None
    )


@pytest.mark.parametrize(("days", "level"), [(1, 56.604), (5, 264.767)])
def test_the_best_base_stock_covers_its_lead_time_in_a_share_of_runs_by_break_even(
    days: int, level: float
) -> None:
    """Of the lead time and the day after it, the demand is met with a chance of 0.70 / 0.88."""
    scenario = periods(days, level)
    found = sim.breakeven(
        scenario, "depots.store.stock", of="unmet", holds=FRACTILE, runs=2000, bounds=(level / 2, 2 * level)
    )
    (one,) = found.found
    assert one.low is not None
    assert one.high is not None
    assert one.low <= level <= one.high
    assert one.high - one.low < 0.03 * level
    assert run_differences(scenario, 1, [0, 1], [0]) == []


@pytest.mark.parametrize(
    ("level", "cost", "lead", "step"), [(56.604, 1.9976, "0 days", 6), (264.767, 4.4668, "4 days", 13)]
)
def test_the_best_base_stock_costs_least_by_sweep(level: float, cost: float, lead: str, step: int) -> None:
    levels, path = [level - step, level, level + step], "orders.works.order_up_to"
    swept, costs = [], []
    for days in (20, 220):
        # The first days differ, since nothing is on order: they are the same in both, and cancel.
        scenario = periods(days, level, order_up_to=f"{level}", lead_time=lead)
        swept.append(sim.sweep(scenario, {path: levels}, runs=60).table["cost_mean"].to_numpy(float))
        result = sim.run(scenario, runs=100, engine="compiled", tables=("outcomes",))
        costs.append(result.outcomes["cost"].to_numpy(float))
    assert int(np.argmin(swept[1] - swept[0])) == 1
    a_day = (costs[1] - costs[0]) / 200
    assert abs(a_day.mean() - cost) < 2.58 * a_day.std(ddof=1) / np.sqrt(len(a_day)) < 0.05 * cost
    assert run_differences(scenario, 1, [0, 1], [0]) == []
