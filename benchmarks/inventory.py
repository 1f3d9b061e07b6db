"""Inventory policies beside published values, stockpyl and an exact Markov chain.

    pip install stockpyl
    python benchmarks/inventory.py --runs 400

- newsvendor: holding 0.18, shortage 0.70 a unit and period, demand normal (50, 8) in each period: best base
  stock 56.604, cost 1.9976 a period (Snyder and Shen, example 4.3);
- base stock with backlog: the same with a lead time of four periods: 264.767, cost 4.4668 (example 6.1);
- (s, S): Poisson demand with mean 6, fixed cost 5, holding 1, backlog 4: (4, 10), cost 8.0341 a period;
- min-max: Law and Kelton's inventory system, one published replication of each of four policies. A month is
  300 days here, with a demand on one of thirty days on the average.

A row holds the mean over runs of the cost of a period, and its 99 % interval; for Law and Kelton the interval
is that of one run. stockpyl is optional: without it its column is empty.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

import sim
from sim import simulate

DAYS_PER_MONTH, MONTHS = 300, 120
START = dt.date(2000, 1, 1)
Plain = dict[str, Any]


class Row(NamedTuple):
    """A published cost of a period, those of others, and ours with its interval."""

    name: str
    published: float
    others: str
    mean: float
    low: float
    high: float


def scenario_of(
    days: int, stock: float, quantity: Any, costs: Sequence[float], line: Plain, **more: Any
) -> Plain:
    """Return a scenario whose consumer takes `quantity` each day; costs are holding and shortage a day."""
    holding, shortage = costs
    training = {"every": "1 day", "quantity": quantity, **more}
    return {
        "schema": 1,
        "start": START.isoformat(),
        "end": (START + dt.timedelta(days)).isoformat(),
        "currency": "USD",
        "depots": {"store": {"stock": f"{stock!r}", "holding_cost": f"{holding!r} USD/day"}},
        "consumption": {
            "users": {
                "activities": {"demand": training},
                "backlog": True,
                "shortage_cost": f"{shortage!r} USD",
            }
        },
        "orders": {"works": line},
    }


def costs_of(plain: Plain, runs: int, periods: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the cost of a period in each run."""
    result = sim.run(simulate.as_scenario(plain), runs=runs, tables=("outcomes",), engine="compiled")
    return result.outcomes["cost"].to_numpy() / periods


def row(
    name: str, published: float, others: str, costs: np.ndarray[Any, Any], *, single: bool = False
) -> Row:
    spread = costs.std(ddof=1) * (1.0 if single else 1.0 / math.sqrt(len(costs)))
    reach = stats.norm.ppf(0.995) * spread
    return Row(name, published, others, costs.mean(), costs.mean() - reach, costs.mean() + reach)


def newsvendor(runs: int) -> Row:
    line = {"order_up_to": "56.604"}
    plain = scenario_of(365, 56.604, {"mean": "50", "sd": "8"}, (0.18, 0.70), line)
    return row("newsvendor", 1.9976, stockpyl_newsvendor(), costs_of(plain, runs, 365))


def base_stock(runs: int) -> Row:
    # The first days differ, since nothing is on order: they are the same draws in both, and cancel.
    line = {"order_up_to": "264.767", "lead_time": "4 days"}
    demand = {"mean": "50", "sd": "8"}
    cost = [costs_of(scenario_of(days, 264.767, demand, (0.18, 0.70), line), runs, 1.0) for days in (20, 385)]
    return row("base stock", 4.4668, stockpyl_base_stock(), (cost[1] - cost[0]) / 365)


def min_max_poisson(runs: int) -> Row:
    line = {"reorder_point": "4", "order_up_to": "10", "order_cost": "5 USD"}
    cost = [
        costs_of(scenario_of(days, 10, {"poisson": "6"}, (1.0, 4.0), line), runs, 1.0) for days in (20, 385)
    ]
    chain = markov_cost(4, 10, 6.0, (5.0, 1.0, 4.0))
    return row("(s, S)", 8.0341, f"{stockpyl_min_max()} chain {chain:.4f}", (cost[1] - cost[0]) / 365)


def law_kelton(low: int, high: int, published: float) -> Callable[[int], Row]:
    """Return the case of one policy; its review orders strictly below `low`, of whole numbers."""

    def case(runs: int) -> Row:
        days = DAYS_PER_MONTH * MONTHS
        line = {
            "reorder_point": str(low - 1),
            "order_up_to": str(high),
            "review": f"{DAYS_PER_MONTH} days",
            "first": f"{DAYS_PER_MONTH - 1} days",
            "lead_time": {"low": f"{DAYS_PER_MONTH // 2} days", "high": f"{DAYS_PER_MONTH} days"},
            "order_cost": "32 USD",
            "unit_cost": "3 USD",
        }
        quantity = {"choices": {"1": 1, "2": 2, "3": 2, "4": 1}}
        costs = 1.0 / DAYS_PER_MONTH, 5.0 / DAYS_PER_MONTH
        plain = scenario_of(days, 60, quantity, costs, line, chance=repr(10 / DAYS_PER_MONTH))
        found = costs_of(plain, runs, MONTHS)
        return row(f"min-max ({low}, {high})", published, "", found, single=True)

    return case


def markov_cost(low: int, high: int, mean: float, costs: tuple[float, float, float]) -> float:
    """Return the cost of a period of an (s, S) policy with Poisson demand, from its exact Markov chain."""
    fixed, holding, shortage = costs
    most = int(stats.poisson.ppf(1.0 - 1e-13, mean))
    demand = stats.poisson.pmf(np.arange(most + 1), mean)
    # The state is the position after the order: from low + 1 to high.
    states = np.arange(low + 1, high + 1)
    move, cost = np.zeros((len(states), len(states))), np.zeros(len(states))
    for at, position in enumerate(states):
        for taken, chance in enumerate(demand):
            left = position - taken
            held, owed = max(0.0, float(left)), max(0.0, -float(left))
            cost[at] += chance * (holding * held + shortage * owed + fixed * bool(left <= low))
            move[at, (high if left <= low else left) - low - 1] += chance
    left_vector = np.linalg.lstsq(
        np.vstack([move.T - np.eye(len(states)), np.ones(len(states))]),
        np.append(np.zeros(len(states)), 1.0),
        rcond=None,
    )[0]
    return float(left_vector @ cost)


def stockpyl_newsvendor() -> str:
    try:
        from stockpyl.newsvendor import newsvendor_normal
    except ImportError:
        return ""
    level, cost = newsvendor_normal(0.18, 0.70, 50, 8)
    return f"stockpyl {level:.3f} {cost:.4f}"


def stockpyl_base_stock() -> str:
    try:
        from stockpyl.newsvendor import newsvendor_normal
    except ImportError:
        return ""
    level, cost = newsvendor_normal(0.18, 0.70, 50, 8, lead_time=4)
    return f"stockpyl {level:.3f} {cost:.4f}"


def stockpyl_min_max() -> str:
    try:
        from stockpyl.ss import s_s_discrete_exact
    except ImportError:
        return ""
    low, high, cost = s_s_discrete_exact(1, 4, 5, use_poisson=True, demand_mean=6)
    return f"stockpyl ({low:g}, {high:g}) {cost:.4f}"


CASES: tuple[Callable[[int], Row], ...] = (
    newsvendor,
    base_stock,
    min_max_poisson,
    law_kelton(20, 40, 126.61),
    law_kelton(20, 60, 122.74),
    law_kelton(40, 60, 126.37),
    law_kelton(60, 100, 143.20),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=400)
    arguments = parser.parse_args()
    for case in CASES:
        found = case(arguments.runs)
        verdict = "within" if found.low <= found.published <= found.high else "OUTSIDE"
        interval = f"{found.mean:.4f} ({found.low:.4f} to {found.high:.4f})"
        print(f"{found.name:22} {found.published:9.4f} {interval:34} {verdict} {found.others}", flush=True)


if __name__ == "__main__":
    main()
