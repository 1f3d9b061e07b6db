"""Part of the period that a drawdown chart shows: until a little after stock and fire stop changing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sim.charts.monthly_supply import MonthlySupply
from sim.charts.result_data import ChartData
from sim.findings.stock_figures import StockFigures

#: Change that counts as none: of fire relative to the requirement, of a stock relative to its largest.
_NO_CHANGE = 0.05
#: Part of the story's length that is shown after it, and the least part of the period worth cutting.
_AFTER, _LEAST_CUT = 0.5, 0.25


def story_end(data: ChartData, stocks: Sequence[StockFigures], fire: MonthlySupply) -> dt.date:
    """Return the day after the last that a drawdown chart shows by default.

    The story ends when nine runs in ten have run out or never do, and when monthly fire by origin and the
    stock stay within five percent from there on. If that leaves less than a quarter of the period to cut,
    all of it is shown.
    """
    last = max([_fire_settles(fire), _stock_settles(data), *map(_runs_out_by, stocks)], default=data.end)
    return first_of_next_month(data.start, last, data.end)


def first_of_next_month(start: dt.date, last: dt.date, end: dt.date) -> dt.date:
    """Return the first day of a month after a story that ends on `last`, or `end` if little would be cut."""
    shown = last + dt.timedelta(days=round((last - start).days * _AFTER))
    month = 12 * shown.year + shown.month
    shown = dt.date(month // 12, month % 12 + 1, 1)
    return shown if (end - shown).days >= _LEAST_CUT * (end - start).days else end


def _runs_out_by(stock: StockFigures) -> dt.date:
    first = stock.runs_out
    if first.share == 0.0:
        return stock.start
    return first.high or stock.end


def _fire_settles(fire: MonthlySupply) -> dt.date:
    """Return the first day of the month from which no origin's fire changes."""
    rows = [*fire.fired.values(), fire.required]
    largest = float(fire.required.max())
    steady = len(fire.days)
    while steady and all(abs(float(row[steady - 1] - row[-1])) <= _NO_CHANGE * largest for row in rows):
        steady -= 1
    return dt.date.fromordinal(int(fire.edges[min(steady, len(fire.days) - 1)]))


def _stock_settles(data: ChartData) -> dt.date:
    """Return the first day from which no percentile of any stock changes."""
    last = data.start
    for _, rows in data.stock.groupby(["depot", "munition"], sort=False):
        levels = rows[["p05", "p50", "p95"]].to_numpy(dtype=float)
        moving = abs(levels - levels[-1]).max(axis=1) > _NO_CHANGE * levels.max()
        if moving.any():
            last = max(last, data.start + dt.timedelta(days=int(moving.nonzero()[0][-1]) + 1))
    return last
