"""Step 2 of a day: production. Compiled twin of `sim.model.production`."""

from __future__ import annotations

from sim.ensemble import daily_series
from sim.ensemble.cohorts import NEW
from sim.ensemble.depots import PRODUCTION, LotLists, StockState, admit_or_queue, receive_shells
from sim.ensemble.device_formulas import to_seconds
from sim.ensemble.native.kernels import device_function, inline
from sim.ensemble.scenario_tables import PRODUCED, DepotTables, Floats, Ints, SeriesTables
from sim.units import SECONDS_PER_DAY


@inline
def write_leads(depot_tables: DepotTables, values: Floats, leads: Ints) -> None:
    """Write the lead time of every line in days: that of all runs, where output is not drawn as due."""
    for line in range(len(leads)):
        leads[line] = to_seconds(values[depot_tables.lines[line].lead, 0]) // SECONDS_PER_DAY


@inline
def produce(
    depot_tables: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    due: Floats,
    stocks: StockState,
    lots: LotLists,
    capacity: Floats,
    completed: Floats,
    leads: Ints,
    day: int,
) -> None:
    """Add the completed output of every line; `completed`, shape (outputs, runs), persists between days.

    `leads`, shape (lines,), has the lead times of `write_leads`.
    """
    for line in range(len(depot_tables.lines)):
        row = depot_tables.lines[line]
        for output in range(row.first, row.first + row.count):
            write_completed(depot_tables, courses, values, factors, due, completed, output, day, leads[line])
        if depot_tables.depots[row.depot].capacity < 0:
            for output in range(row.first, row.first + row.count):
                pair = row.depot * stocks.munitions + depot_tables.outputs[output].munition
                column = stocks.column[PRODUCED, pair, row.origin]
                receive_shells(stocks, column, completed[output], pair, row.origin, day)
        else:
            for b in range(completed.shape[1]):
                _admit_as_lot(depot_tables, stocks, lots, capacity[row.depot, b], completed, line, day, b)


@inline
def write_completed(
    depot_tables: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    due: Floats,
    completed: Floats,
    output: int,
    day: int,
    lead: int,
) -> None:
    """Write the output completed on a day: the production rate one lead time earlier."""
    row = completed[output]
    if depot_tables.outputs[output].due >= 0:
        for b in range(len(row)):
            row[b] = due[depot_tables.outputs[output].due, day, b]
    elif day < lead:
        for b in range(len(row)):
            row[b] = 0.0
    elif daily_series.has_changed(courses, depot_tables.outputs[output].series, day - lead):
        daily_series.write_row(courses, depot_tables.outputs[output].series, day - lead, values, factors, row)


@device_function
def _admit_as_lot(
    depot_tables: DepotTables,
    stocks: StockState,
    lots: LotLists,
    capacity: float,
    completed: Floats,
    line: int,
    day: int,
    b: int,
) -> None:
    """Admit the day's output of a line as one lot, at a depot with a gate."""
    row = depot_tables.lines[line]
    has_output = False
    for k in range(len(lots.scratch)):
        lots.scratch[k] = 0.0
    for output in range(row.first, row.first + row.count):
        if completed[output, b] > 0.0:
            has_output = True
            munition = depot_tables.outputs[output].munition
            lots.scratch[munition * stocks.held.shape[1] + stocks.place[row.origin]] = completed[output, b]
    if has_output:
        second = day * SECONDS_PER_DAY
        depot = row.depot
        admit_or_queue(stocks, lots, depot, capacity, second, PRODUCTION, line, day, PRODUCED, NEW, day, b)
