"""Step 5 of a day: dispatch by transfers (rules 18 and 19). Compiled twin of `sim.model.transfers`."""

from __future__ import annotations

import numpy as np

from sim.ensemble import daily_series
from sim.ensemble.cohorts import ALL, BY_COHORT, issue_shells
from sim.ensemble.consumption import FireState
from sim.ensemble.depots import (
    MADE,
    TRANSFERS,
    LotLists,
    StockState,
    allocate_lot,
    insert_lot,
    take_stock,
    waiting_shells,
)
from sim.ensemble.device_formulas import arrival_second, replenishment, to_seconds
from sim.ensemble.native.kernels import device_function, inline, noinline
from sim.ensemble.scenario_tables import DISPATCHED, RECEIVED, DepotTables, Floats, Ints, SeriesTables
from sim.units import SECONDS_PER_DAY


@inline
def dispatch(
    depot_tables: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    leads: Ints,
    fire: FireState,
    stocks: StockState,
    lots: LotLists,
    orders: Floats,
    taken: Floats,
    day: int,
) -> None:
    """Compute the orders of all transfers from the levels after losses, and dispatch what stock allows.

    `orders`, shape (transfers, munitions), holds the orders of a run.
    """
    if len(depot_tables.transfers) == 0:
        return
    for b in range(stocks.level.shape[1]):
        for t in range(len(depot_tables.transfers)):
            _write_orders(depot_tables, values, fire, stocks, lots, orders, t, b)
            row = depot_tables.transfers[t]
            limit = np.inf
            if row.capacity >= 0:
                limit = daily_series.value_on_day(courses, row.capacity, day, b, values, factors)
            _cut_to_capacity(orders[t], limit, factors[row.running, day, b] if row.running >= 0 else 1.0)
        for depot in range(len(depot_tables.depots)):
            _cut_to_stock(depot_tables, stocks, orders, depot, b)
        for t in range(len(depot_tables.transfers)):
            row = depot_tables.transfers[t]
            lead = leads[row.leads, day, b] if row.leads >= 0 else to_seconds(values[row.lead, b])
            _dispatch_lot(depot_tables, stocks, lots, orders, taken, t, lead, day, b)


@device_function
def _write_orders(
    depot_tables: DepotTables,
    values: Floats,
    fire: FireState,
    stocks: StockState,
    lots: LotLists,
    orders: Floats,
    t: int,
    b: int,
) -> None:
    noinline()
    row = depot_tables.transfers[t]
    origins = stocks.held.shape[1]
    for m in range(stocks.munitions):
        if not row.keeps:
            orders[t, m] = stocks.level[row.source * stocks.munitions + m, b]
            continue
        pair = row.target * stocks.munitions + m
        has = (
            stocks.level[pair, b]
            + waiting_shells(lots, lots.coming, row.target, b, m, origins)
            + waiting_shells(lots, lots.gate, row.target, b, m, origins)
        )
        keep = values[depot_tables.keep[t, m], b] if depot_tables.keep[t, m] >= 0 else 0.0
        orders[t, m] = replenishment(keep, fire.planned[fire.whole[pair], b], has)


@device_function
def _cut_to_capacity(orders: Floats, limit: float, running: float) -> None:
    """Reduce the orders of a transfer to its capacity, in proportion."""
    if limit == np.inf:
        for m in range(len(orders)):
            orders[m] *= running
        return
    total = 0.0
    for m in range(len(orders)):
        total += orders[m]
    limit *= running
    if total > limit:
        for m in range(len(orders)):
            orders[m] *= limit / total


@device_function
def _cut_to_stock(depot_tables: DepotTables, stocks: StockState, orders: Floats, depot: int, b: int) -> None:
    """Reduce orders at a depot that exceed its level, in proportion; the last one takes the rest."""
    for m in range(stocks.munitions):
        level = stocks.level[depot * stocks.munitions + m, b]
        total = 0.0
        claims = 0
        for t in range(len(depot_tables.transfers)):
            if depot_tables.transfers[t].source == depot:
                total += orders[t, m]
                claims += 1
        if claims > 0 and total >= level > 0.0:
            last = -1
            for t in range(len(depot_tables.transfers)):
                if depot_tables.transfers[t].source == depot:
                    if orders[t, m] > 0.0:
                        last = t
                    orders[t, m] *= level / total
            orders[last, m] = level


@device_function
def _dispatch_lot(
    depot_tables: DepotTables,
    stocks: StockState,
    lots: LotLists,
    orders: Floats,
    taken: Floats,
    t: int,
    lead: int,
    day: int,
    b: int,
) -> None:
    noinline()
    row = depot_tables.transfers[t]
    origins = stocks.held.shape[1]
    place = -1
    for m in range(stocks.munitions):
        pair = row.source * stocks.munitions + m
        if orders[t, m] <= 0.0 or stocks.level[pair, b] <= 0.0:
            continue
        stock = stocks.cohorts.tables.of_pair[pair]
        if stock >= 0:
            _issue_lot(stocks, stock, orders[t, m], stocks.level[pair, b], b)
        take_stock(stocks, DISPATCHED, pair, orders[t, m], b, taken)
        for o in range(origins):
            if taken[o] > 0.0:
                if place < 0:
                    second = arrival_second(SECONDS_PER_DAY * day, lead)
                    place = allocate_lot(lots, second, TRANSFERS, t, day, RECEIVED)
                    _clear_lot(lots, place)
                lots.good[place, m * origins + o] = taken[o]
        if place >= 0 and stock >= 0:
            for cohort in range(lots.ages.shape[2]):
                lots.ages[place, m, cohort] = stocks.cohorts.taken[cohort]
    if place >= 0:
        insert_lot(lots, lots.coming, row.target, b, place)


@device_function
def _issue_lot(stocks: StockState, stock: int, quantity: float, level: float, b: int) -> None:
    """Issue the shells of a lot by age."""
    noinline()
    for cohort in range(len(stocks.cohorts.taken)):
        stocks.cohorts.taken[cohort] = 0.0
    issue_shells(stocks.cohorts, stock, quantity, ALL if quantity >= level else quantity / level, b)


@device_function
def _clear_lot(lots: LotLists, place: int) -> None:
    noinline()
    lots.key[place, MADE] = BY_COHORT
    for k in range(lots.good.shape[1]):
        lots.good[place, k] = 0.0
    for m in range(lots.ages.shape[1]):
        for cohort in range(lots.ages.shape[2]):
            lots.ages[place, m, cohort] = 0.0
