"""Step 4 of a day: losses (rule 17). Compiled twin of `sim.model.losses`."""

from __future__ import annotations

from sim.ensemble.cohorts import ALL, take_evenly
from sim.ensemble.depots import StockState, take_stock
from sim.ensemble.device_formulas import capped_share
from sim.ensemble.events import EventWindows
from sim.ensemble.native.kernels import device_function, inline, noinline
from sim.ensemble.scenario_tables import LOST, SCRAPPED, DepotTables, Floats, Ints
from sim.units import SECONDS_PER_DAY


@inline
def destroy(
    depot_tables: DepotTables,
    windows: EventWindows,
    stocks: StockState,
    next_window: Ints,
    taken: Floats,
    day: int,
) -> None:
    """Destroy the share of stock at every depot that results from all events of the day.

    `next_window`, shape (damages, runs), is the next window of each event that destroys stock.
    """
    for depot in range(len(depot_tables.depots)):
        row = depot_tables.depots[depot]
        if row.damage_count > 0:
            for b in range(stocks.level.shape[1]):
                share = _destroyed_share(depot_tables, windows, stocks, next_window, depot, day, b)
                if share >= 0.0:
                    _destroy_share(stocks, depot, share, taken, b)


@device_function
def _destroyed_share(
    depot_tables: DepotTables,
    windows: EventWindows,
    stocks: StockState,
    next_window: Ints,
    depot: int,
    day: int,
    b: int,
) -> float:
    """Return the share destroyed at a depot on a day; negative without an event."""
    noinline()
    row = depot_tables.depots[depot]
    runs = stocks.level.shape[1]
    kept, total, found = 1.0, -1.0, False
    for d in range(row.damage_first, row.damage_first + row.damage_count):
        last = windows.first[depot_tables.damage[d] * runs + b + 1]
        while next_window[d, b] < last and windows.begin[next_window[d, b]] < SECONDS_PER_DAY * (day + 1):
            w = next_window[d, b]
            next_window[d, b] = w + 1
            if windows.begin[w] < SECONDS_PER_DAY * day:
                continue
            found = True
            share = windows.strength[w]
            if not depot_tables.damage_is_share[d]:
                if total < 0.0:
                    total = _total_stock(stocks, depot, b)
                share = capped_share(share, total)
            kept *= 1.0 - share
    return 1.0 - kept if found else -1.0


@device_function
def _total_stock(stocks: StockState, depot: int, b: int) -> float:
    total = 0.0
    for m in range(stocks.munitions):
        total += stocks.level[depot * stocks.munitions + m, b]
        for o in range(stocks.held.shape[1]):
            total += stocks.unserviceable[depot * stocks.munitions + m, o, b]
    return total


@device_function
def _destroy_share(stocks: StockState, depot: int, share: float, taken: Floats, b: int) -> None:
    noinline()
    for m in range(stocks.munitions):
        pair = depot * stocks.munitions + m
        if stocks.level[pair, b] > 0.0:
            quantity, level = stocks.level[pair, b] * share, stocks.level[pair, b]
            stock = stocks.cohorts.tables.of_pair[pair]
            if stock >= 0:
                take_evenly(stocks.cohorts, stock, ALL if quantity >= level else quantity / level, b)
            take_stock(stocks, LOST, pair, quantity, b, taken)
        for o in range(stocks.held.shape[1]):
            amount = stocks.unserviceable[pair, o, b]
            gone = amount if share >= 1.0 else amount * share
            if gone > 0.0:
                stocks.unserviceable[pair, o, b] = amount - gone
                stocks.day[stocks.column[SCRAPPED, pair, o], b] += gone
