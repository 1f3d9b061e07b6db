"""Tables of sweeps and sensitivity studies with known figures."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

import sim
from sim.charts.audit_data import AuditData
from sim.charts.backtest_data import BacktestData
from sim.charts.sensitivity_data import SensitivityData
from sim.charts.sweep_data import SweepData
from sim.names import Names
from sim.study.breakeven_result import Breakeven
from tests.support.known_result import make_result

FIRE, PRODUCED = "consumption.front.rate", "production.russia.rate"
START, END = dt.date(2023, 9, 1), dt.date(2025, 9, 1)
DAYS = (END - START).days
NAN = math.nan
SOURCES = [{"id": "a", "claimant": "Watling", "publisher": "RUSI", "published": "2023-08-01"}]
MANIFEST: Mapping[str, Any] = {"version": "0.1.0", "digest": "3fa9c1d2e5b6", "sources": SOURCES}
LONG_PATH = (
    "shipments.a_supplier_with_a_very_long_name_indeed.route.12.shells_per_container_of_the_second_kind"
)


def linear_drawdown(
    fire: float, made: float = 0.0, stock: float = 4e6, spread: float = 0.25
) -> dict[str, float]:
    """Return the figures of a linear drawdown with stock uniform in `stock` x (1 -+ `spread`).

    Stock S runs out after S / (fire - made) days, which gives the quantiles and the share of runs.
    """
    net = fire - made
    found = {}
    for percent in (5, 50, 95):
        level = stock * (1 + spread * (percent - 50) / 50)
        day = level / net if net > 0 else math.inf
        found[f"exhausted_p{percent:02d}"] = day if day < DAYS else NAN
    most = net * DAYS
    share = (most - stock * (1 - spread)) / (2 * spread * stock) if spread else float(most > stock)
    found["exhausted_share"] = min(1.0, max(0.0, share))
    for name, part in (("p05", 0.9), ("p50", 1.0), ("p95", 1.1)):
        found[f"sustained_fire_{name}"] = min(fire, max(made, 1e3)) * part
        found[f"closing_stock_{name}"] = max(0.0, stock - net * DAYS) * part
    return found


Figures = Callable[..., dict[str, float]]


def sweep_data(
    values: Mapping[str, Sequence[Any]],
    figures: Figures,
    *,
    failed: Callable[..., bool] = lambda *_: False,
    units: str = "shells/day",
    dated: bool = True,
    title: str = "White House brief, October 2023",
    manifest: Mapping[str, Any] = MANIFEST,
) -> SweepData:
    """Return a sweep over a grid; `figures` returns the figures of a point."""
    rows = []
    for point, chosen in enumerate(itertools.product(*values.values())):
        bad = failed(*chosen)
        found = figures(*chosen)
        outcomes = dict.fromkeys(found, NAN) if bad else found
        state = {"runs": 200, "failed": 3 if bad else 0, "reason": "a fleet without ships" if bad else ""}
        rows.append({"point": point, **dict(zip(values, chosen, strict=True)), **state, **outcomes})
    start, end = (START, END) if dated else (None, None)
    of = dict.fromkeys(values, units)
    return SweepData(pd.DataFrame(rows), tuple(values), title, 200, 1, start, end, of, manifest)


def rates(count: int, low: float = 5e3, high: float = 80e3) -> list[float]:
    return [low + (high - low) * n / max(1, count - 1) for n in range(count)]


def grid_sweep(
    up: int = 9, across: int = 8, *, failed: Callable[..., bool] = lambda *_: False, dated: bool = True
) -> SweepData:
    """Return the sweep of production (up) and consumption (across) of a linear drawdown."""
    values = {PRODUCED: rates(up, 0.0, 16e3), FIRE: rates(across)}
    return sweep_data(values, lambda made, fire: linear_drawdown(fire, made), failed=failed, dated=dated)


def line_sweep(count: int = 16, **more: Any) -> SweepData:
    """Return the sweep of consumption of a linear drawdown."""
    return sweep_data({FIRE: rates(count)}, linear_drawdown, **more)


def breakeven_search(depot: Mapping[str, Any], **more: Any) -> Breakeven:
    """Return a break-even search for the output of a line that adds to the stock of one depot."""
    scenario = {
        "schema": 1,
        "title": "A depot and a line",
        "start": "2024-01-01",
        "end": "2024-07-19",
        "depots": {"tikhoretsk": depot},
        "production": {"russia": {"rate": "20k/day"}},
        "consumption": {"front": {"rate": "60k/day"}},
    }
    return sim.breakeven(scenario, PRODUCED, runs=40, seed=3, **more)


def frontier_sweep(count: int = 8, *, is_dominated: bool = True, error: float = 0.0) -> SweepData:
    """Return a sweep of an order-up-to level with its cost; every third point costs more than the next.

    `error` is the standard error of each cost.
    """

    def figures(level: float) -> dict[str, float]:
        step = round(level / 4e3)
        more = 2.5e6 if is_dominated and step % 3 == 2 else 0.0
        short = 1e5 * math.exp(-level / 8e3)
        means = {"cost_mean": 1e6 + 250 * level + more, "required_mean": 1e5, "unmet_mean": short}
        return {**means, "cost_se": error, "required_se": 0.0, "unmet_se": 0.0}

    path = "orders.contract.order_up_to"
    levels = [4e3 * (step + 1) for step in range(count)]
    found = sweep_data({path: levels}, figures, units="shells", title="A contract within a budget")
    return dataclasses.replace(found, names=Names(currency="EUR"))


INPUTS = (
    "depots.tikhoretsk.stock",
    "shipments.dprk.serviceable",
    "shipments.dprk.shells_per_container",
    "shipments.dprk.route.0.load",
    "shipments.dprk.route.1.travel",
)


def sensitivity_study(
    rows: Sequence[tuple[str, str, float, float, float]],
    outcome: str = "exhausted",
    *,
    base: float | None = None,
    dated: bool = True,
    notes: Sequence[str] = (),
) -> SensitivityData:
    """Return a sensitivity study of one outcome."""
    table = pd.DataFrame(
        [(outcome, *row) for row in rows], columns=["outcome", "path", "index", "value", "low", "high"]
    )
    start, end = (START, END) if dated else (None, None)
    known = {} if base is None else {outcome: base}
    title = "White House brief, October 2023"
    return SensitivityData(table, title, 1000, 1, start, end, known, MANIFEST, notes)


def tornado_study(effects: Sequence[tuple[str, float, float]], **more: Any) -> SensitivityData:
    """Return a tornado: the outcome at the low and high value of each input."""
    rows = [
        (path, name, value, NAN, NAN)
        for path, *two in effects
        for name, value in zip(("low", "high"), two, strict=True)
    ]
    return sensitivity_study(rows, **more)


def rank_study(
    values: Sequence[float], half: float = 0.05, inputs: Sequence[str] = INPUTS
) -> SensitivityData:
    return sensitivity_study(
        [
            (p, "rank", v, max(-1.0, v - half), min(1.0, v + half))
            for p, v in zip(inputs, values, strict=False)
        ]
    )


def sobol_study(
    values: Sequence[tuple[float, float]], half: float = 0.05, inputs: Sequence[str] = INPUTS
) -> SensitivityData:
    """Return Sobol' indices: first order and total of each input."""
    return sensitivity_study(
        [
            (path, name, value, value - half, value + half)
            for path, two in zip(inputs, values, strict=False)
            for name, value in zip(("first", "total"), two, strict=True)
        ]
    )


def morris_study(values: Sequence[tuple[float, float]], inputs: Sequence[str] = INPUTS) -> SensitivityData:
    """Return Morris indices: mu* and sigma of each input."""
    rows = []
    for path, (mean, spread) in zip(inputs, values, strict=False):
        rows += [(path, "mu_star", mean, mean * 0.9, mean * 1.1), (path, "sigma", spread, NAN, NAN)]
    return sensitivity_study(rows)


def audit_study() -> AuditData:
    """Return an audit of three claims: one that fits, one in conflict, and one that is not comparable."""
    shared = {
        "quantity": "stock",
        "date": "2023-10-01",
        "unit": "shells",
        "claimant": "Ministry",
        "published": "",
    }
    implied = {"confidence": "B", "implied_p05": 1e6, "implied_p50": 2e6, "implied_p95": 4e6}
    rows: list[dict[str, Any]] = [
        {
            "id": "fits",
            "figure": 2.2e6,
            "bound": "central",
            "p_value": 0.8,
            "adjusted": 1.0,
            **implied,
            **shared,
        },
        {
            "id": "far",
            "figure": 9e6,
            "bound": "at least",
            "p_value": 1e-4,
            "adjusted": 3e-4,
            **implied,
            **shared,
        },
        {"id": "other", "bound": "", **shared, "date": "", "confidence": "B"},
    ]
    table = pd.DataFrame(rows).assign(low=NAN, high=NAN)
    return AuditData(
        table, "An account", "1 of 2 claims conflicts with the others", 1, MANIFEST, make_result()
    )


def backtest_study(count: int = 3) -> BacktestData:
    """Return a backtest of claims within, above and below their range; the last has no baseline."""
    figures = (5_200.0, 40_000.0, 1_500.0)
    rows: list[dict[str, Any]] = []
    for place in range(count):
        middle, figure = 5_000.0 * (1 + place // 3), figures[place % 3] * (1 + place // 3)
        shares = zip(("p5", "p25", "p50", "p75", "p95"), (0.4, 0.7, 1.0, 1.4, 2.5), strict=True)
        is_last = place == count - 1
        rows.append(
            {
                "claim": f"claim-{place + 1}",
                "quantity": "consumption_rate" if place % 2 else "production_rate",
                "unit": "shells/day",
                "first": "2024-01-01",
                "last": f"2024-0{1 + place % 6}-28",
                "figure": figure,
                **{name: middle * share for name, share in shares},
                "persistence": NAN if is_last else middle * 3,
                "trend": NAN if is_last else middle / 4,
            }
        )
    headline = f"1 of {count} figures within the 90 % range, 1 within the 50 % range; mean CRPS 0.5"
    dates = dt.date(2023, 10, 17), dt.date(2024, 6, 30)
    return BacktestData(pd.DataFrame(rows), "An account", headline, *dates, 1, MANIFEST)
