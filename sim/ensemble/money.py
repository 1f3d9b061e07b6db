"""Money: prices, budget and the costs of each day (rule 39). Compiled twin of `sim.model.money`.

A scenario without money has no grants and no costs, prices of zero, and a budget without an end.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.account import MONEY_KINDS
from sim.ensemble import claims as claim_rows
from sim.ensemble import daily_series
from sim.ensemble.arrays import aligned_array
from sim.ensemble.claims import ClaimState
from sim.ensemble.depots import StockState
from sim.ensemble.device_formulas import funded_shells, granted_budget, left_in_budget, yearly_share
from sim.ensemble.native.kernels import device_function, inline, noinline
from sim.ensemble.scenario_tables import PAIRS, Floats, Ints, MoneyTables, SeriesTables

#: Rows of `MoneyState.months` and `by_pair`, in the order of `sim.account.MONEY_KINDS`.
SPENT, HOLDING, SHORTAGE = range(len(MONEY_KINDS))
#: Places in `MoneyTables.prices` and in `MoneyTables.budget`.
PRICE, FIXED = range(2)
RATE, CARRIES_OVER = range(2)


class MoneyState(NamedTuple):
    """Money in every run of a block.

    Attributes
    ----------
    left : array, shape (runs,)
        What is left of the budget; infinite without one.
    months : array, shape (kinds, months, runs)
        Money by kind and calendar month; no months without a currency.
    by_pair : array, shape (kinds, pairs, runs)
    unfunded : array, shape (pairs, runs)
        Largest cut of an order.
    price : array, shape (lines, runs)
        Money for each shell that is ordered.
    each : array, shape (holding costs, runs)
        Money for holding a shell a day.
    """

    left: Floats
    months: Floats
    by_pair: Floats
    unfunded: Floats
    price: Floats
    each: Floats


def make_money(tables: MoneyTables, sizes: Ints, runs: int) -> MoneyState:
    """Allocate the money of a block of runs."""
    months = int(tables.month[-1]) + 1 if len(tables.month) else 0
    pairs = int(sizes[PAIRS])
    return MoneyState(
        left=aligned_array((runs,)),
        months=aligned_array((len(MONEY_KINDS), months, runs)),
        by_pair=aligned_array((len(MONEY_KINDS), pairs, runs)),
        unfunded=aligned_array((pairs, runs)),
        price=aligned_array((len(tables.prices), runs)),
        each=aligned_array((len(tables.holding), runs)),
    )


@device_function
def reset_money(
    tables: MoneyTables, courses: SeriesTables, values: Floats, factors: Floats, money: MoneyState
) -> None:
    """Reset everything to the state at the start, with the budget of the first year of account."""
    noinline()
    for b in range(len(money.left)):
        money.left[b] = np.inf if tables.budget[RATE] < 0 else 0.0
        for kind in range(money.months.shape[0]):
            for month in range(money.months.shape[1]):
                money.months[kind, month, b] = 0.0
            for pair in range(money.by_pair.shape[1]):
                money.by_pair[kind, pair, b] = 0.0
        for pair in range(len(money.unfunded)):
            money.unfunded[pair, b] = 0.0
        for line in range(len(money.price)):
            money.price[line, b] = 0.0
    grant_budget(tables, courses, values, factors, money, 0)


@device_function
def grant_budget(
    tables: MoneyTables, courses: SeriesTables, values: Floats, factors: Floats, money: MoneyState, day: int
) -> None:
    """Grant the budget of a year of account that begins on a day."""
    noinline()
    for year in range(len(tables.years)):
        if tables.years[year] == day:
            for b in range(len(money.left)):
                rate = daily_series.value_on_day(courses, tables.budget[RATE], day, b, values, factors)
                kept = money.left[b] if tables.budget[CARRIES_OVER] else 0.0
                money.left[b] = granted_budget(rate, tables.shares[year]) + kept


@device_function
def write_prices(
    tables: MoneyTables, courses: SeriesTables, values: Floats, factors: Floats, money: MoneyState, day: int
) -> None:
    """Write the money for each shell that is ordered on a day."""
    noinline()
    for line in range(len(money.price)):
        series = tables.prices[line, PRICE]
        if series >= 0 and (day == 1 or daily_series.has_changed(courses, series, day)):
            daily_series.write_row(courses, series, day, values, factors, money.price[line])


@device_function
def fund_order(
    tables: MoneyTables, values: Floats, money: MoneyState, shells: float, line: int, pair: int, b: int
) -> tuple[float, float]:
    """Return the part of an order that the budget pays for, and its cost, which is taken from it."""
    price, row = money.price[line, b], tables.prices[line, FIXED]
    fixed = values[row, b] if row >= 0 else 0.0
    funded = funded_shells(shells, money.left[b], price, fixed)
    money.unfunded[pair, b] = max(money.unfunded[pair, b], shells - funded)
    if funded <= 0.0:
        return 0.0, 0.0
    cost = fixed + price * funded
    money.left[b] = left_in_budget(money.left[b], cost)
    return funded, cost


@device_function
def enter_money(
    tables: MoneyTables, money: MoneyState, kind: int, pair: int, day: int, amount: float, b: int
) -> None:
    """Enter money of a kind on a day."""
    if money.months.shape[1] > 0:
        money.by_pair[kind, pair, b] += amount
        money.months[kind, tables.month[day], b] += amount


@inline
def enter_costs(
    tables: MoneyTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    stocks: StockState,
    claims: ClaimState,
    money: MoneyState,
    day: int,
) -> None:
    """Enter the costs of holding and of shortage at the close of a day."""
    for k in range(len(tables.holding)):
        _enter_holding(tables, courses, values, factors, stocks, money, k, day)
    for k in range(len(tables.shortage)):
        _enter_shortage(tables, values, claims, money, k, day)


@device_function
def _enter_holding(
    tables: MoneyTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    stocks: StockState,
    money: MoneyState,
    k: int,
    day: int,
) -> None:
    noinline()
    row, each = tables.holding[k], money.each[k]
    level = stocks.level[row.pair]
    for b in range(len(each)):
        if not row.is_share:
            each[b] = values[row.quantity, b]
        elif day == 0 and row.price < 0:
            each[b] = 0.0
        elif row.price >= 0 and daily_series.has_changed(courses, row.price, day):
            price = daily_series.value_on_day(courses, row.price, day, b, values, factors)
            each[b] = yearly_share(values[row.quantity, b], price)
        enter_money(tables, money, HOLDING, row.pair, day, level[b] * each[b], b)


@device_function
def _enter_shortage(
    tables: MoneyTables, values: Floats, claims: ClaimState, money: MoneyState, k: int, day: int
) -> None:
    noinline()
    row = tables.shortage[k]
    lacking = claims.day[claim_rows.BACKLOG if row.has_backlog else claim_rows.UNMET, row.claim]
    for b in range(len(lacking)):
        enter_money(tables, money, SHORTAGE, row.pair, day, lacking[b] * values[row.quantity, b], b)
