"""Step 3 of a day: refurbishment (rule 16). Compiled twin of `sim.model.refurbishment`."""

from __future__ import annotations

from sim.ensemble import daily_series
from sim.ensemble.cohorts import NEW
from sim.ensemble.depots import REFURBISHMENT, LotLists, StockState, admit_or_queue
from sim.ensemble.device_formulas import capped_share
from sim.ensemble.native.kernels import device_function, inline, noinline
from sim.ensemble.scenario_tables import (
    REFURBISHED,
    SCRAPPED,
    SCRAPPED_IN_WORKSHOP,
    TAKEN,
    DepotTables,
    Floats,
    SeriesTables,
)
from sim.units import SECONDS_PER_DAY


@inline
def refurbish(
    depot_tables: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    stocks: StockState,
    lots: LotLists,
    capacity: Floats,
    refurbished: int,
    day: int,
) -> None:
    """Run every workshop, in order of name; `refurbished` is the origin of the refurbished shells."""
    for shop in range(len(depot_tables.workshops)):
        for b in range(stocks.level.shape[1]):
            rate = daily_series.value_on_day(
                courses, depot_tables.workshops[shop].series, day, b, values, factors
            )
            room = capacity[depot_tables.workshops[shop].depot, b]
            _run_workshop(depot_tables, values, stocks, lots, room, refurbished, shop, rate, day, b)


@device_function
def _run_workshop(
    depot_tables: DepotTables,
    values: Floats,
    stocks: StockState,
    lots: LotLists,
    capacity: float,
    refurbished: int,
    shop: int,
    rate: float,
    day: int,
    b: int,
) -> None:
    noinline()
    depot, origins = depot_tables.workshops[shop].depot, stocks.held.shape[1]
    first = depot * stocks.munitions
    total = 0.0
    for m in range(stocks.munitions):
        for o in range(origins):
            total += stocks.unserviceable[first + m, o, b]
    if total <= 0.0:
        return
    share = capped_share(rate, total)
    for k in range(len(lots.scratch)):
        lots.scratch[k] = 0.0
    for m in range(stocks.munitions):
        pair = first + m
        out = 0.0
        for o in range(origins):
            amount = stocks.unserviceable[pair, o, b]
            taken = amount if share == 1.0 else amount * share
            if taken <= 0.0:
                continue
            stocks.unserviceable[pair, o, b] = amount - taken
            good = taken * values[depot_tables.yields[shop, m], b]
            out += good
            stocks.day[stocks.column[TAKEN, pair, o], b] += taken
            stocks.day[stocks.column[SCRAPPED, pair, o], b] += taken - good
            stocks.day[stocks.column[SCRAPPED_IN_WORKSHOP, pair, o], b] += taken - good
        lots.scratch[m * origins + refurbished] = out
    second = day * SECONDS_PER_DAY
    admit_or_queue(stocks, lots, depot, capacity, second, REFURBISHMENT, shop, day, REFURBISHED, NEW, day, b)
