"""The reserve of `scenarios/peacetime.yaml`, held against an account of demand less output by hand."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

import sim
from sim.study.breakeven_result import Breakeven

Floats = NDArray[np.float64]
FILE = Path(__file__).parents[1] / "scenarios" / "peacetime.yaml"
START, END = dt.date(2026, 1, 1), dt.date(2035, 1, 1)
MONTH = 365.25 / 12
SURGE = math.floor(18 * MONTH + 0.5)
#: Twenty years in days.
LIFE = 7305
#: The file without a budget, and without shelf life.
FREE = {"budget": None, "munitions.155mm.shelf_life": None, "depots.arsenal.age": None}
TRAINING, WAR, PRICE, BUDGET = 500 / MONTH, 6_000.0, 5_000.0, 200e6
ASKED: dict[str, Any] = {"holds": "95%", "runs": 200, "jobs": 2}
STOCK = "depots.arsenal.stock"


def expired_by_day(days: int) -> Floats:
    """Return the part of a stock of all ages up to 20 years that has expired by each day, if none is fired.

    Of each of a thousand parts, the whole month of manufacture expires on one day.
    """
    made = [START - dt.timedelta(days=round((part + 0.5) / 1000 * LIFE)) for part in range(1000)]
    gone = np.array([(day.replace(day=1) - START).days + LIFE for day in made])
    return np.array([(gone <= day).mean() for day in range(days)])


EXPIRED = expired_by_day(3287)


def reserve(
    war: int, warning: int, *, last: float = 60_000.0, is_planned: bool = True, until: int = 0
) -> float:
    """Return the stock with which the requirement is met on every day before `until`.

    Days count from the start; without `until`, the period ends when the surge is complete. The oldest is
    fired first. So what has gone by day t, expired or fired, is the largest over days s up to it of what
    expires by s of the whole stock and is required from then on: the stock has to be, for each s and t, the
    requirement of the days from s to t, less all that came in by t, over the part that does not expire by s.

    Parameters
    ----------
    last : float
        Shells a month when the surge is complete.
    is_planned : bool
        Whether there is a budget, and shells expire.
    """
    days = until or warning + SURGE
    demand = np.full(days, TRAINING)
    demand[max(war, 0) :] += WAR
    arrivals = np.zeros(days)
    money, year = 0.0, 0
    for month in range(int(days / MONTH) + 1):
        review = math.ceil(month * MONTH)
        if review + 1 >= days:
            break
        placed = START + dt.timedelta(days=review + 1)
        if placed.year != year:
            money, year = BUDGET, placed.year
        part = min(1.0, max(0.0, (review - warning) / SURGE))
        ordered = 1_000.0 + part * (last - 1_000.0)
        bought = min(ordered, money / PRICE) if is_planned else ordered
        money -= bought * PRICE
        arrivals[review + 1] += bought
    required = np.cumsum(demand)
    short = required - np.cumsum(arrivals)
    if not is_planned:
        return float(short.max())
    largest_after = np.maximum.accumulate(short[::-1])[::-1]
    before = np.concatenate([[0.0], required[:-1]])
    return float(((largest_after - before) / (1.0 - EXPIRED[:days])).max())


class Ends(NamedTuple):
    """A break-even value with its 90 % interval."""

    value: float
    low: float
    high: float


def ends_of(found: Breakeven) -> Ends:
    (one,) = found.found
    assert one.value is not None
    assert one.low is not None
    assert one.high is not None
    return Ends(one.value, one.low, one.high)


def quantile(share: float, **kind: Any) -> float:
    """Return a quantile of the reserve, over dates of the war and lengths of the warning at equal steps."""
    first, last = ((day - START).days for day in (dt.date(2027, 1, 1), dt.date(2032, 12, 31)))
    wars = [first + (last - first) * u for u in (np.arange(12) + 0.5) / 12]
    leads = [6 * MONTH * u for u in (np.arange(100) + 0.5) / 100]
    found = [reserve(round(war), round(war - lead), **kind) for war in wars for lead in leads]
    return float(np.quantile(found, share))


@pytest.mark.slow
def test_the_reserve_is_demand_less_output_until_the_surge_is_complete() -> None:
    found = sim.breakeven(FILE, STOCK, of="unmet", until="warning + 18 months", bounds=("2M", "8M"), **ASKED)
    row = ends_of(found)
    exact = quantile(0.95)
    assert row.low <= exact <= row.high
    assert (row.high - row.low) / row.value < 0.05
    # Run by run: the reserve of each drawn war, in the order of the runs that need it.
    dates = sim.run(FILE, runs=200, jobs=2).outcomes[["events.war.date", "events.warning.date"]]
    own = sorted(reserve(int(war), int(warning)) for war, warning in dates.to_numpy())
    assert row.value == pytest.approx(own[math.ceil(0.95 * 200) - 1], rel=1e-5)


@pytest.mark.slow
def test_without_budget_and_shelf_life_the_reserve_is_the_integral_of_demand_less_the_ramp() -> None:
    free = sim.load(FILE).replace(FREE)
    found = sim.breakeven(free, STOCK, of="unmet", until="warning + 18 months", bounds=("2M", "4M"), **ASKED)
    row = ends_of(found)
    assert row.low <= quantile(0.95, is_planned=False) <= row.high
    # Of a war in mid-2029 with nine days of warning, the 5th percentile of it: a ramp from 1,000 to 60,000 a
    # month, and 500 a month beyond training before it. That orders are of whole months makes half a month.
    war, lead = 1277, 0.05 * 6 * MONTH
    ramp = (1_000 + 60_000) / 2 * 18
    before = (war - lead) / MONTH * 500
    integral = (WAR + TRAINING) * (SURGE - lead) + TRAINING * lead - ramp - before
    assert row.value == pytest.approx(integral, rel=0.02)


@pytest.mark.slow
def test_where_output_covers_demand_the_stock_that_lasts_until_then_lasts() -> None:
    point = "orders.industry.order_quantity.by_date.warning + 18 months"
    covering = sim.load(FILE).replace({**FREE, point: "200k"})
    found = sim.breakeven(covering, STOCK, of="unmet", bounds=("1M", "2M"), **ASKED)
    row = ends_of(found)
    exact = quantile(0.95, is_planned=False, last=200_000.0, until=(END - START).days)
    assert row.low <= exact <= row.high
