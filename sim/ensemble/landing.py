"""Step 1 of a day: gates open, then arrivals enter. Compiled twin of `sim.model.depots`."""

from __future__ import annotations

from sim.ensemble.depots import (
    NEXT,
    SECOND,
    SHIPMENTS,
    LotLists,
    StockState,
    admit_or_queue,
    admit_waiting,
    free_lot,
    insert_lot,
    open_gate,
    receive_shells,
)
from sim.ensemble.native.kernels import device_function, inline, noinline
from sim.ensemble.orders import OrderState, admit_orders
from sim.ensemble.scenario_tables import (
    LANDED,
    NO_COLUMN,
    REJECTED,
    UNSERVICEABLE,
    DepotTables,
    Floats,
    Ints,
    OrderTables,
    SupplyTables,
)
from sim.ensemble.supply import Arrivals
from sim.units import SECONDS_PER_DAY


@inline
def receive_arrivals(
    depot_tables: DepotTables,
    supply_tables: SupplyTables,
    arrivals: Arrivals,
    stocks: StockState,
    lots: LotLists,
    capacity: Floats,
    next_lot: Ints,
    order_tables: OrderTables,
    orders: OrderState,
    cell: int,
    day: int,
) -> None:
    """Admit lots that wait at the gates, orders, fleet landings, and lots that arrived today.

    `capacity` has the shape (depots, runs), infinite without a limit. `next_lot` holds the next lot from a
    supplier for each depot and run. Fleet landings are totalled in the first cell only.
    """
    for s in range(len(supply_tables.suppliers)):
        if supply_tables.suppliers[s].lands:
            _receive_fleets(supply_tables, arrivals, stocks, s, cell, day)
    for depot in range(len(depot_tables.depots)):
        if depot_tables.depots[depot].gated:
            for b in range(stocks.level.shape[1]):
                open_gate(stocks, lots, depot, capacity[depot, b], day, b)
                if depot_tables.depots[depot].capacity >= 0 and len(order_tables.lines) > 0:
                    admit_orders(order_tables, stocks, lots, orders, depot, capacity[depot, b], day, b)
                _receive_lots(
                    supply_tables, arrivals, stocks, lots, depot, capacity[depot, b], next_lot, day, b
                )


@inline
def _receive_fleets(
    supply_tables: SupplyTables, arrivals: Arrivals, stocks: StockState, s: int, cell: int, day: int
) -> None:
    """Enter the fleet landings of a supplier on a day, at a depot without a gate."""
    supplier = supply_tables.suppliers[s]
    for m in range(stocks.munitions):
        row = supply_tables.landing[s, m]
        if row < 0:
            continue
        pair, origin = supplier.depot * stocks.munitions + m, supplier.origin
        column = stocks.column[LANDED, pair, origin] if cell == 0 else NO_COLUMN
        receive_shells(stocks, column, arrivals.landed[row, day], pair, origin, day)
        if stocks.needs[UNSERVICEABLE]:
            bad, rejected = arrivals.rejected[row, day], stocks.day[stocks.column[REJECTED, pair, origin]]
            for b in range(len(bad)):
                rejected[b] = bad[b]
            if stocks.unserviceable.shape[1] > 0:
                pile = stocks.unserviceable[pair, stocks.place[origin]]
                for b in range(len(bad)):
                    pile[b] += bad[b]


@inline
def is_fleet_column(supply_tables: SupplyTables, stocks: StockState, column: int) -> bool:
    """Return whether a column holds only fleet landings."""
    found = False
    for s in range(len(supply_tables.suppliers)):
        supplier = supply_tables.suppliers[s]
        for m in range(stocks.munitions):
            pair = supplier.depot * stocks.munitions + m
            found |= (
                supply_tables.landing[s, m] >= 0 and stocks.column[LANDED, pair, supplier.origin] == column
            )
    return found


@device_function
def _receive_lots(
    supply_tables: SupplyTables,
    arrivals: Arrivals,
    stocks: StockState,
    lots: LotLists,
    depot: int,
    capacity: float,
    next_lot: Ints,
    day: int,
    b: int,
) -> None:
    """Admit the lots of a day in one run, in order of (second, section, name, number)."""
    noinline()
    ends = SECONDS_PER_DAY * (day + 1)
    last = arrivals.first[b * next_lot.shape[0] + depot + 1]
    while True:
        lot, transfer = next_lot[depot, b], lots.coming[depot, b]
        from_abroad = arrivals.lots.whole[lot, 0] if lot < last else ends
        from_depot = lots.key[transfer, SECOND] if transfer >= 0 else ends
        if from_abroad >= ends and from_depot >= ends:
            return
        if from_abroad <= from_depot:
            next_lot[depot, b] = lot + 1
            _receive_supplier_lot(supply_tables, arrivals, stocks, lots, depot, capacity, lot, day, b)
            continue
        lots.coming[depot, b] = lots.key[transfer, NEXT]
        waits = lots.gate[depot, b] >= 0
        if waits or not admit_waiting(stocks, lots, transfer, depot, capacity, day, b):
            insert_lot(lots, lots.gate, depot, b, transfer)
        else:
            free_lot(lots, transfer)


@device_function
def _receive_supplier_lot(
    supply_tables: SupplyTables,
    arrivals: Arrivals,
    stocks: StockState,
    lots: LotLists,
    depot: int,
    capacity: float,
    lot: int,
    day: int,
    b: int,
) -> None:
    second, s, number = arrivals.lots.whole[lot, 0], arrivals.lots.whole[lot, 1], arrivals.lots.whole[lot, 2]
    origin, places = supply_tables.suppliers[s].origin, stocks.held.shape[1]
    place = stocks.place[origin]
    for k in range(len(lots.scratch)):
        lots.scratch[k] = 0.0
    for m in range(stocks.munitions):
        shells = arrivals.lots.real[lot] * arrivals.each[s, m, b]
        good = shells * arrivals.serviceable[s, m, b]
        pair = depot * stocks.munitions + m
        if shells - good > 0.0:
            stocks.day[stocks.column[REJECTED, pair, origin], b] += shells - good
            stocks.unserviceable[pair, place, b] += shells - good
        lots.scratch[m * places + place] = good
    age = stocks.cohorts.brought[origin, b]
    admit_or_queue(stocks, lots, depot, capacity, second, SHIPMENTS, s, number, LANDED, age, day, b)
