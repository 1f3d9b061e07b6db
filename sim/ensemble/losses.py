"""Step 4 of a day, compiled: what burns; the twin of `sim.model.losses` (rule 17)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.depots import StockState, take_stock
from sim.ensemble.native.kernels import device_function, inline, noinline
from sim.ensemble.scenario_tables import LOST, SCRAPPED, DepotTables
from sim.ensemble.supply import EventWindows
from sim.units import SECONDS_PER_DAY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@inline
def destroy(
    home: DepotTables, happened: EventWindows, stocks: StockState, following: Ints, taken: Floats, day: int
) -> None:
    """Destroy at every depot what several events leave together.

    `following`, shape (damages, runs), says which window of each event that destroys comes next.
    """
    for depot in range(len(home.depots)):
        row = home.depots[depot]
        if row.damage_count > 0:
            for b in range(stocks.level.shape[1]):
                share = _destroyed_share(home, happened, stocks, following, depot, day, b)
                if share >= 0.0:
                    _destroy_share(stocks, depot, share, taken, b)


@device_function
def _destroyed_share(
    home: DepotTables,
    happened: EventWindows,
    stocks: StockState,
    following: Ints,
    depot: int,
    day: int,
    b: int,
) -> float:
    """Return the share that burns at a depot on a day, negative where nothing happens."""
    noinline()
    row = home.depots[depot]
    runs = stocks.level.shape[1]
    kept, lies, found = 1.0, -1.0, False
    for d in range(row.damage_first, row.damage_first + row.damage_count):
        last = happened.first[home.damage[d] * runs + b + 1]
        while following[d, b] < last and happened.begin[following[d, b]] < SECONDS_PER_DAY * (day + 1):
            w = following[d, b]
            following[d, b] = w + 1
            if happened.begin[w] < SECONDS_PER_DAY * day:
                continue
            found = True
            share = happened.strength[w]
            if not home.damage_is_share[d]:
                if lies < 0.0:
                    lies = _total_stock(stocks, depot, b)
                share = min(1.0, share / lies) if lies > 0.0 else 0.0
            kept *= 1.0 - share
    return 1.0 - kept if found else -1.0


@device_function
def _total_stock(stocks: StockState, depot: int, b: int) -> float:
    lies = 0.0
    for m in range(stocks.munitions):
        lies += stocks.level[depot * stocks.munitions + m, b]
        for o in range(stocks.held.shape[1]):
            lies += stocks.unserviceable[depot * stocks.munitions + m, o, b]
    return lies


@device_function
def _destroy_share(stocks: StockState, depot: int, share: float, taken: Floats, b: int) -> None:
    noinline()
    for m in range(stocks.munitions):
        pair = depot * stocks.munitions + m
        if stocks.level[pair, b] > 0.0:
            take_stock(stocks, LOST, pair, stocks.level[pair, b] * share, b, taken)
        for o in range(stocks.held.shape[1]):
            amount = stocks.unserviceable[pair, o, b]
            gone = amount if share >= 1.0 else amount * share
            if gone > 0.0:
                stocks.unserviceable[pair, o, b] = amount - gone
                stocks.day[stocks.column[SCRAPPED, pair, o], b] += gone
