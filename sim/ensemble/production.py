"""Step 2 of a day, compiled: what industry makes comes in; the twin of `sim.model.production`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble import series
from sim.ensemble.draws import seconds
from sim.ensemble.lowered import PRODUCED, Courses, Home
from sim.ensemble.native.kernels import device_function, inline
from sim.ensemble.yard import PRODUCTION, Lots, Stocks, enter, let_in
from sim.units import SECONDS_PER_DAY

Floats = NDArray[np.float64]


@inline
def produce(
    home: Home,
    courses: Courses,
    values: Floats,
    factors: Floats,
    due: Floats,
    stocks: Stocks,
    lots: Lots,
    capacity: Floats,
    made: Floats,
    day: int,
) -> None:
    """Let in what is due of every line; `made`, shape (outputs, runs), is kept from day to day."""
    for line in range(len(home.lines)):
        row = home.lines[line]
        lead = seconds(values[row.lead, 0]) // SECONDS_PER_DAY
        for output in range(row.first, row.first + row.count):
            _due(home, courses, values, factors, due, made, output, day, lead)
        if home.depots[row.depot].capacity < 0:
            for output in range(row.first, row.first + row.count):
                pair = row.depot * stocks.munitions + home.outputs[output].munition
                column = stocks.column[PRODUCED, pair, row.origin]
                let_in(stocks, column, made[output], pair, row.origin, day)
        else:
            for b in range(made.shape[1]):
                _as_lot(home, stocks, lots, capacity[row.depot, b], made, line, day, b)


@inline
def _due(
    home: Home,
    courses: Courses,
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
    elif series.changes(courses, home.outputs[output].series, day - lead):
        series.row(courses, home.outputs[output].series, day - lead, values, factors, row)


@device_function
def _as_lot(
    home: Home, stocks: Stocks, lots: Lots, capacity: float, made: Floats, line: int, day: int, b: int
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
        enter(stocks, lots, row.depot, capacity, second, PRODUCTION, line, day, PRODUCED, day, b)
