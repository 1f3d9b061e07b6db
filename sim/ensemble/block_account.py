"""Daily account of a block of runs, compiled: the outer loop is over days, the inner ones over runs.

The steps of a day are those of `sim.model.run`: landings (`landing`), production, refurbishment, losses,
dispatch (`transfers`), fire (`consumption`), the closing (`accumulators`), and the review of `orders`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.ensemble.accumulators import (
    Accumulators,
    copy_row,
    fill_row,
    record_day,
    record_objectives,
    reset,
    totals_of_fire,
    write_order_counters,
    write_outcomes,
)
from sim.ensemble.arrays import aligned_array
from sim.ensemble.claims import BACKLOG, clear_backlogs
from sim.ensemble.cohorts import make_cohorts, open_cohorts
from sim.ensemble.consumption import FireState, fire_shells, make_fire, write_planned
from sim.ensemble.depots import (
    KIND,
    NEXT,
    LotLists,
    StockState,
    clear_lots,
    grow_lots,
    make_no_lots,
)
from sim.ensemble.device_formulas import exceeds_capacity
from sim.ensemble.events import EventWindows
from sim.ensemble.expiry import expire_stocks
from sim.ensemble.landing import is_fleet_column, receive_arrivals
from sim.ensemble.level_account import LevelAccount, find_changes, make_level_account, run_level_days
from sim.ensemble.losses import destroy
from sim.ensemble.money import enter_costs, reset_money
from sim.ensemble.native.kernels import device_function, inline, kernel, noinline
from sim.ensemble.orders import (
    OrderState,
    deliver_orders,
    make_order_state,
    reset_orders,
    review_orders,
)
from sim.ensemble.production import produce, write_leads
from sim.ensemble.refurbishment import refurbish
from sim.ensemble.scenario_tables import (
    COLUMNS,
    DAYS,
    INFLOW,
    LOTS,
    MUNITIONS,
    PAIRS,
    PLACES,
    RECEIVED,
    REFURBISHED_PLACE,
    UNSERVICEABLE,
    DepotTables,
    Floats,
    Ints,
    OrderTables,
    ScenarioTables,
    SeriesTables,
    SupplyTables,
    int_constants,
)
from sim.ensemble.supply import Arrivals
from sim.ensemble.transfers import dispatch
from sim.formulas import INFLOW_WINDOW
from sim.units import SECONDS_PER_DAY

(FIRST_DAY,) = int_constants(0, 1)
#: Places in `Workspace.at`.
CELL_INDEX, DAY_INDEX = range(2)


class ClosingState(NamedTuple):
    """Opening and closing state of a block."""

    opening: Floats
    held: Floats
    """Serviceable shells at the start and at the end; shape (pairs, places, runs)."""
    opening_unserviceable: Floats
    unserviceable: Floats
    """Shape (pairs, places, runs)."""
    level: Floats
    """Shape (pairs, runs)."""
    coming: Floats
    gate: Floats
    """Shells of transfers under way or at the gate; shells of suppliers at the gate; shape (pairs,
    places, runs)."""
    full: Ints
    """Depot whose opening stock exceeds its capacity; -1 for none; shape (runs,)."""
    backlog: Floats
    """Shells that wait at the end; shape (claims, runs)."""


class DailyDraws(NamedTuple):
    """Daily draws, and the end of the account."""

    variation: Floats
    """Shape (consumers, days, runs)."""
    lumps: Floats
    """Shape (lumps, days, runs)."""
    due: Floats
    """Shape (dues, days, runs)."""
    leads: Ints
    """Shape (leads, days, runs)."""
    until: int
    """Day before which the account stops."""


class SweepCells(NamedTuple):
    """Cells (points) of a sweep and their results; an ordinary run is a single cell without changes."""

    rows: Ints
    """Rows of `values` that each cell sets; shape (changes,)."""
    numbers: Floats
    """Values of these rows in each cell; shape (cells, changes)."""
    outcomes: Floats
    """`Accumulators.outcomes` of each cell; shape (outcomes, cells, runs)."""
    full: Ints
    """`ClosingState.full` of each cell; shape (cells, runs)."""


class Workspace(NamedTuple):
    """Preallocated state of an account."""

    stocks: StockState
    fire: FireState
    lots: LotLists
    capacity: Floats
    """Infinite without a limit; shape (depots, runs)."""
    next_lot: Ints
    """Next lot from a supplier; shape (depots, runs)."""
    next_window: Ints
    """Next window of each event that destroys stock; shape (damages, runs)."""
    completed: Floats
    """Completed output of each production line; shape (outputs, runs)."""
    leads: Ints
    """Lead time of each production line in days; shape (lines,)."""
    taken: Floats
    """Scratch: shells taken, by origin; shape (places,)."""
    orders: Floats
    """Scratch: orders of transfers; shape (transfers, munitions)."""
    ordering: OrderState
    levels: LevelAccount
    at: Ints
    """Cell and day at which to resume; the day is -1 before a cell starts; shape (2,)."""


def run_block(
    low: ScenarioTables,
    values: Floats,
    windows: EventWindows,
    daily: DailyDraws,
    arrivals: Arrivals,
    tally: Accumulators,
    cells: SweepCells,
    logged: int = 0,
) -> tuple[ClosingState, OrderState]:
    """Simulate the account of a block of runs in every cell; return the closing state and orders of the last.

    The account stops before day `DailyDraws.until`. `values` keeps the numbers of the last cell. The orders
    of the first `logged` runs are logged.
    """
    work = _make_workspace(low, tally, logged)
    closing = _closing_state(work)
    tables = low.depots, low.orders, low.courses, low.supply, low.sizes
    arguments = *tables, values, windows, daily, arrivals, tally
    while (needed := run_account(*arguments, work, closing, cells)) > 0:
        work = work._replace(lots=grow_lots(work.lots, needed))
    return closing, work.ordering


@kernel
def run_account(
    depot_tables: DepotTables,
    order_tables: OrderTables,
    courses: SeriesTables,
    supply_tables: SupplyTables,
    sizes: Ints,
    values: Floats,
    windows: EventWindows,
    daily: DailyDraws,
    arrivals: Arrivals,
    tally: Accumulators,
    work: Workspace,
    closing: ClosingState,
    cells: SweepCells,
) -> int:
    """Simulate all cells for `run_block`; return the places for lots needed to resume, 0 when done."""
    for cell in range(work.at[CELL_INDEX], len(cells.numbers)):
        if work.at[DAY_INDEX] < 0:
            work.at[CELL_INDEX], work.at[DAY_INDEX] = cell, 0
            _set_cell(cells, values, cell)
            _reset(
                depot_tables,
                order_tables,
                courses,
                supply_tables,
                values,
                windows,
                arrivals,
                tally,
                work,
                closing,
            )
        day = daily.until
        if len(work.levels.first) > 0:
            if cell == 0:
                find_changes(depot_tables, courses, work.leads, work.levels)
            run_level_days(
                depot_tables,
                courses,
                values,
                windows.factors,
                daily.variation,
                daily.due,
                arrivals.landed,
                work.stocks,
                work.fire,
                tally,
                work.completed,
                work.leads,
                work.levels,
                cell,
                daily.until,
            )
        else:
            day = _run_days(
                depot_tables,
                order_tables,
                courses,
                supply_tables,
                sizes,
                values,
                windows,
                daily,
                arrivals,
                tally,
                work,
                work.at[DAY_INDEX],
            )
        if day < daily.until:
            work.at[DAY_INDEX] = day
            needed: int = _lots_needed(depot_tables, order_tables, arrivals, work.next_lot, day)
            return needed
        write_order_counters(order_tables, work.ordering, tally)
        write_outcomes(work.stocks, work.fire, order_tables, tally, daily.until)
        _store_cell(cells, tally, closing, cell)
        work.at[DAY_INDEX] = -1
    _write_in_transit(work.lots, work.stocks, closing)
    return 0


@inline
def _run_days(
    depot_tables: DepotTables,
    order_tables: OrderTables,
    courses: SeriesTables,
    supply_tables: SupplyTables,
    sizes: Ints,
    values: Floats,
    windows: EventWindows,
    daily: DailyDraws,
    arrivals: Arrivals,
    tally: Accumulators,
    work: Workspace,
    first: int,
) -> int:
    """Simulate days until there may be too few places for lots; return that day, or `until`."""
    factors, stocks, fire, lots, capacity = windows.factors, work.stocks, work.fire, work.lots, work.capacity
    for day in range(first, daily.until):
        if depot_tables.needs[LOTS] and lots.free[1] < _lots_needed(
            depot_tables, order_tables, arrivals, work.next_lot, day
        ):
            return day
        _begin_day(depot_tables, stocks, day)
        deliver_orders(
            order_tables,
            depot_tables,
            courses,
            values,
            factors,
            daily.leads,
            stocks,
            work.ordering,
            day,
        )
        receive_arrivals(
            depot_tables,
            supply_tables,
            arrivals,
            stocks,
            lots,
            capacity,
            work.next_lot,
            order_tables,
            work.ordering,
            work.at[CELL_INDEX],
            day,
        )
        produce(
            depot_tables,
            courses,
            values,
            factors,
            daily.due,
            stocks,
            lots,
            capacity,
            work.completed,
            work.leads,
            day,
        )
        refurbish(
            depot_tables, courses, values, factors, stocks, lots, capacity, sizes[REFURBISHED_PLACE], day
        )
        expire_stocks(stocks, work.taken, day)
        destroy(depot_tables, windows, stocks, work.next_window, work.taken, day)
        write_planned(depot_tables, courses, values, factors, fire, day)
        dispatch(
            depot_tables,
            courses,
            values,
            factors,
            daily.leads,
            fire,
            stocks,
            lots,
            work.orders,
            work.taken,
            day,
        )
        fire_shells(depot_tables, courses, values, factors, daily.variation, daily.lumps, stocks, fire, day)
        record_day(stocks, fire, tally, day, sizes[DAYS])
        if len(order_tables.objectives) > 0 and day >= tally.counted_from[0]:
            record_objectives(order_tables, values, stocks, fire, tally, day)
        enter_costs(
            order_tables.money,
            courses,
            values,
            factors,
            stocks,
            fire.claims,
            work.ordering.money,
            day,
        )
        if len(order_tables.lines) > 0:
            review_orders(
                order_tables,
                depot_tables,
                courses,
                values,
                factors,
                daily.leads,
                stocks,
                fire,
                lots,
                work.ordering,
                day,
            )
    return daily.until


@inline
def _set_cell(cells: SweepCells, values: Floats, cell: int) -> None:
    """Set the numbers of a cell."""
    for change in range(len(cells.rows)):
        row = values[cells.rows[change]]
        for b in range(len(row)):
            row[b] = cells.numbers[cell, change]


@inline
def _store_cell(cells: SweepCells, tally: Accumulators, closing: ClosingState, cell: int) -> None:
    for k in range(len(tally.outcomes)):
        copy_row(tally.outcomes[k], cells.outcomes[k, cell])
    for b in range(len(closing.full)):
        cells.full[cell, b] = closing.full[b]


@device_function
def _reset(
    depot_tables: DepotTables,
    order_tables: OrderTables,
    courses: SeriesTables,
    supply_tables: SupplyTables,
    values: Floats,
    windows: EventWindows,
    arrivals: Arrivals,
    tally: Accumulators,
    work: Workspace,
    closing: ClosingState,
) -> None:
    """Reset everything to the state at the start."""
    noinline()
    reset(tally)
    clear_backlogs(work.fire.claims)
    _clear_stocks(supply_tables, work.stocks, work.at[CELL_INDEX])
    write_planned(depot_tables, courses, values, windows.factors, work.fire, FIRST_DAY)
    _open_depots(depot_tables, values, work.fire, work.stocks)
    open_cohorts(work.stocks.cohorts, values, work.stocks.level)
    for pair in range(closing.opening.shape[0]):
        for o in range(closing.opening.shape[1]):
            copy_row(work.stocks.held[pair, o], closing.opening[pair, o])
            copy_row(work.stocks.unserviceable[pair, o], closing.opening_unserviceable[pair, o])
    _write_capacities(depot_tables, values, work, closing.full)
    write_leads(depot_tables, values, work.leads)
    clear_lots(work.lots)
    if len(order_tables.lines) > 0:
        reset_orders(order_tables, values, work.ordering)
    reset_money(order_tables.money, courses, values, windows.factors, work.ordering.money)
    depots = len(depot_tables.depots)
    for b in range(values.shape[1]):
        for depot in range(depots):
            work.next_lot[depot, b] = arrivals.first[b * depots + depot]
        for d in range(len(depot_tables.damage)):
            work.next_window[d, b] = windows.first[depot_tables.damage[d] * values.shape[1] + b]


def _make_workspace(low: ScenarioTables, tally: Accumulators, logged: int) -> Workspace:
    depot_tables, sizes, runs = low.depots, low.sizes, tally.counters.shape[2]
    depots, munitions, places = len(depot_tables.depots), int(sizes[MUNITIONS]), int(sizes[PLACES])
    fire = make_fire(depot_tables, sizes, totals_of_fire(tally))
    return Workspace(
        stocks=_make_stocks(depot_tables, sizes, runs),
        fire=fire,
        lots=make_no_lots(depots, runs, munitions * places, _ages_of_lots(depot_tables)),
        capacity=aligned_array((depots, runs)),
        next_lot=np.empty((depots, runs), dtype=np.int64),
        next_window=np.empty((len(depot_tables.damage), runs), dtype=np.int64),
        completed=aligned_array((len(depot_tables.outputs), runs)),
        leads=np.zeros(len(depot_tables.lines), dtype=np.int64),
        taken=np.empty(places),
        orders=np.zeros((len(depot_tables.transfers), munitions)),
        ordering=make_order_state(low.orders, sizes, runs, logged),
        levels=make_level_account(low, fire, tally),
        at=np.array([0, -1], dtype=np.int64),
    )


def _ages_of_lots(depot_tables: DepotTables) -> tuple[int, int]:
    """Return the shape of the shells by cohort of a lot; only transfers bring shells of several cohorts."""
    munitions, cohorts = depot_tables.ages.made.shape
    return (munitions if len(depot_tables.transfers) else 0, cohorts)


def _closing_state(work: Workspace) -> ClosingState:
    stocks = work.stocks
    opening, bad, coming, gate = (np.zeros_like(stocks.held) for _ in range(4))
    full = np.empty(stocks.level.shape[1], dtype=np.int64)
    backlog = work.fire.claims.day[BACKLOG]
    return ClosingState(
        opening, stocks.held, bad, stocks.unserviceable, stocks.level, coming, gate, full, backlog
    )


def _make_stocks(depot_tables: DepotTables, sizes: Ints, runs: int) -> StockState:
    pairs, places = int(sizes[PAIRS]), int(sizes[PLACES])
    return StockState(
        aligned_array((pairs, places, runs)),
        aligned_array((pairs, places, runs)),
        aligned_array((pairs, runs)),
        aligned_array((pairs, INFLOW_WINDOW, runs)),
        aligned_array((int(sizes[COLUMNS]), runs)),
        depot_tables.column,
        int(sizes[MUNITIONS]),
        depot_tables.place,
        depot_tables.needs,
        make_cohorts(depot_tables.ages, runs),
    )


@inline
def _clear_stocks(supply_tables: SupplyTables, stocks: StockState, cell: int) -> None:
    """Clear all stocks and columns, except fleet landings, which are the same in every cell."""
    for pair in range(len(stocks.level)):
        fill_row(stocks.level[pair], 0.0)
        for o in range(stocks.held.shape[1]):
            fill_row(stocks.held[pair, o], 0.0)
            fill_row(stocks.unserviceable[pair, o], 0.0)
        for d in range(INFLOW_WINDOW):
            fill_row(stocks.inflow[pair, d], 0.0)
    for column in range(len(stocks.day)):
        if cell == 0 or not is_fleet_column(supply_tables, stocks, column):
            fill_row(stocks.day[column], 0.0)


@inline
def _open_depots(depot_tables: DepotTables, values: Floats, fire: FireState, stocks: StockState) -> None:
    """Write the opening stocks (rule 34)."""
    for pair in range(len(stocks.level)):
        row = depot_tables.openings[pair]
        for b in range(stocks.level.shape[1]):
            if row.stock >= 0:
                shells = values[row.stock, b]
                if row.mass >= 0:
                    shells *= 1.0 / values[row.mass, b]
                if row.in_days:
                    shells *= fire.planned[fire.whole[pair], b]
                stocks.level[pair, b] = shells
                if stocks.held.shape[1] > 0:
                    stocks.held[pair, 0, b] = shells
            if row.unserviceable >= 0 and stocks.needs[UNSERVICEABLE] and stocks.unserviceable.shape[1] > 0:
                shells = values[row.unserviceable, b]
                if row.unserviceable_mass >= 0:
                    shells *= 1.0 / values[row.unserviceable_mass, b]
                stocks.unserviceable[pair, 0, b] = shells


@inline
def _write_capacities(depot_tables: DepotTables, values: Floats, work: Workspace, full: Ints) -> None:
    """Write the capacity of each depot in each run, and the depot with too much opening stock."""
    stocks, capacity = work.stocks, work.capacity
    for b in range(len(full)):
        full[b] = -1
        for depot in range(len(depot_tables.depots) - 1, -1, -1):
            row = depot_tables.depots[depot].capacity
            capacity[depot, b] = values[row, b] if row >= 0 else np.inf
            level = 0.0
            for m in range(stocks.munitions):
                level += stocks.level[depot * stocks.munitions + m, b]
            if exceeds_capacity(level, capacity[depot, b]):
                full[b] = depot


@inline
def _begin_day(depot_tables: DepotTables, stocks: StockState, day: int) -> None:
    for c in range(len(depot_tables.cleared)):
        entries = stocks.day[depot_tables.cleared[c]]
        for b in range(len(entries)):
            entries[b] = 0.0
    if stocks.needs[INFLOW]:
        for pair in range(len(stocks.level)):
            inflow = stocks.inflow[pair, day % INFLOW_WINDOW]
            for b in range(len(inflow)):
                inflow[b] = 0.0


@device_function
def _lots_needed(
    depot_tables: DepotTables, order_tables: OrderTables, arrivals: Arrivals, next_lot: Ints, day: int
) -> int:
    """Return an upper bound of the places for lots that a day needs."""
    noinline()
    runs, needed = next_lot.shape[1], 0
    each = len(depot_tables.transfers)
    for depot in range(len(depot_tables.depots)):
        if depot_tables.depots[depot].capacity >= 0:
            each += len(depot_tables.lines) + len(depot_tables.workshops) + len(order_tables.lines)
        if depot_tables.depots[depot].gated:
            for b in range(runs):
                last = arrivals.first[b * len(depot_tables.depots) + depot + 1]
                lot = next_lot[depot, b]
                while lot < last and arrivals.lots.whole[lot, 0] < SECONDS_PER_DAY * (day + 1):
                    lot += 1
                needed += lot - next_lot[depot, b]
    all_of_them: int = needed + each * runs
    return all_of_them


@device_function
def _write_in_transit(lots: LotLists, stocks: StockState, closing: ClosingState) -> None:
    """Write shells of transfers under way or at a gate, and shells of suppliers at a gate."""
    noinline()
    origins = stocks.held.shape[1]
    for depot in range(len(lots.gate)):
        for b in range(stocks.level.shape[1]):
            for heads in (lots.gate, lots.coming):
                at = heads[depot, b]
                while at >= 0:
                    into = closing.coming if lots.key[at, KIND] == RECEIVED else closing.gate
                    for m in range(stocks.munitions):
                        for o in range(origins):
                            into[depot * stocks.munitions + m, o, b] += lots.good[at, m * origins + o]
                    at = lots.key[at, NEXT]
