"""First part of step 4 of a day: expiry (rule 38). Compiled twin of `sim.model.expiry`."""

from __future__ import annotations

from sim.ensemble.cohorts import expire_cohorts
from sim.ensemble.depots import StockState, take_stock
from sim.ensemble.native.kernels import device_function, inline, noinline
from sim.ensemble.scenario_tables import EXPIRED, EXPIRED_INTO_STOCK, UNSERVICEABLE, Floats


@inline
def expire_stocks(stocks: StockState, taken: Floats, day: int) -> None:
    """Take what is past its shelf life from every stock that is kept by age."""
    for stock in range(len(stocks.cohorts.tables.stocks)):
        _expire_stock(stocks, stock, taken, day)


@device_function
def _expire_stock(stocks: StockState, stock: int, taken: Floats, day: int) -> None:
    noinline()
    row = stocks.cohorts.tables.stocks[stock]
    for b in range(stocks.level.shape[1]):
        quantity = expire_cohorts(stocks.cohorts, stock, stocks.level[row.pair, b], day, b)
        if quantity > 0.0:
            take_stock(stocks, EXPIRED, row.pair, quantity, b, taken)
            if row.joins:
                _join_unserviceable(stocks, row.pair, taken, b)


@device_function
def _join_unserviceable(stocks: StockState, pair: int, taken: Floats, b: int) -> None:
    for o in range(stocks.held.shape[1]):
        if taken[o] > 0.0:
            stocks.day[stocks.column[EXPIRED_INTO_STOCK, pair, o], b] += taken[o]
            if stocks.needs[UNSERVICEABLE]:
                stocks.unserviceable[pair, o, b] += taken[o]
