"""Step 2 of a day, compiled: what industry makes comes in; the twin of `sim.model.production`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble import daily_series
from sim.ensemble.depots import PRODUCTION, LotLists, StockState, admit_or_queue, receive_shells
from sim.ensemble.inverse_cdf import to_seconds
from sim.ensemble.native.kernels import device_function, inline
from sim.ensemble.scenario_tables import PRODUCED, DepotTables, SeriesTables
from sim.units import SECONDS_PER_DAY

Floats = NDArray[np.float64]


@inline
def produce(
    home: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    due: Floats,
    stocks: StockState,
    lots: LotLists,
    capacity: Floats,
    made: Floats,
    day: int,
) -> None:
    """Let in what is due of every line; `made`, shape (outputs, runs), is kept from day to day."""
    for line in range(len(home.lines)):
        row = home.lines[line]
        lead = to_seconds(values[row.lead, 0]) // SECONDS_PER_DAY
        for output in range(row.first, row.first + row.count):
            _write_completed(home, courses, values, factors, due, made, output, day, lead)
        if home.depots[row.depot].capacity < 0:
            for output in range(row.first, row.first + row.count):
                pair = row.depot * stocks.munitions + home.outputs[output].munition
                column = stocks.column[PRODUCED, pair, row.origin]
                receive_shells(stocks, column, made[output], pair, row.origin, day)
        else:
            for b in range(made.shape[1]):
                _admit_as_lot(home, stocks, lots, capacity[row.depot, b], made, line, day, b)


@inline
def _write_completed(
    home: DepotTables,
    courses: SeriesTables,
    values: Floats,
    factors: Floats,
    due: Floats,
    made: Floats,
    output: int,
    day: int,
    lead: int,
) -> None:
    """Write what a line has ready on a day: what it made when its lead time began."""
    row = made[output]
    if home.outputs[output].due >= 0:
        for b in range(len(row)):
            row[b] = due[home.outputs[output].due, day, b]
    elif day < lead:
        for b in range(len(row)):
            row[b] = 0.0
    elif daily_series.has_changed(courses, home.outputs[output].series, day - lead):
        daily_series.write_row(courses, home.outputs[output].series, day - lead, values, factors, row)


@device_function
def _admit_as_lot(
    home: DepotTables,
    stocks: StockState,
    lots: LotLists,
    capacity: float,
    made: Floats,
    line: int,
    day: int,
    b: int,
) -> None:
    """Let a day's lot in at a depot with a gate."""
    row = home.lines[line]
    found = False
    for k in range(len(lots.scratch)):
        lots.scratch[k] = 0.0
    for output in range(row.first, row.first + row.count):
        if made[output, b] > 0.0:
            found = True
            munition = home.outputs[output].munition
            lots.scratch[munition * stocks.held.shape[1] + stocks.place[row.origin]] = made[output, b]
    if found:
        second = day * SECONDS_PER_DAY
        admit_or_queue(stocks, lots, row.depot, capacity, second, PRODUCTION, line, day, PRODUCED, day, b)
