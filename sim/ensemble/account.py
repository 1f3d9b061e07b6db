"""The account of a block of runs, compiled: days outside, runs inside.

A day, in the order of its steps, as in `sim.model.run`: landings (`landing`), production, refurbishment,
losses, dispatch (`transfers`), fire (`consumption`), and the closing level (`tally`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import stand_apart
from sim.ensemble.consumption import Fire, fire_of, plan, shoot
from sim.ensemble.jit import compiled, inlined, making, merged
from sim.ensemble.landing import land
from sim.ensemble.losses import lose
from sim.ensemble.lowered import (
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
    Abroad,
    Courses,
    Home,
    numbers,
)
from sim.ensemble.production import produce
from sim.ensemble.refurbishment import refurbish
from sim.ensemble.supply import Arrivals, Happened
from sim.ensemble.tally import Tally, begin, close, finish
from sim.ensemble.transfers import dispatch
from sim.ensemble.yard import INFLOW_WINDOW, KIND, NEXT, Lots, Stocks, roomy
from sim.units import SECONDS_PER_DAY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

(FIRST_DAY,) = numbers(0, 1)


class Closing(NamedTuple):
    """What is there in the end.

    Attributes
    ----------
    opening, held : array, shape (pairs, places, runs)
        Serviceable shells at the start and at the end.
    opening_unserviceable, unserviceable : array, shape (pairs, places, runs)
    level : array, shape (pairs, runs)
    coming, gate : array, shape (pairs, places, runs)
        Shells that transfers were bringing or that waited at the gate from a transfer; that waited there from
        abroad.
    full : array, shape (runs,)
        The depot whose stock at the start exceeds its capacity; -1 where there is none.
    """

    opening: Floats
    held: Floats
    opening_unserviceable: Floats
    unserviceable: Floats
    level: Floats
    coming: Floats
    gate: Floats
    full: Ints


class Cells(NamedTuple):
    """What varies from cell to cell of a study, and what comes of it.

    Attributes
    ----------
    rows : array, shape (changes,)
        The rows of `values` that are set in each cell; none in a run by itself, which is one cell.
    numbers : array, shape (cells, changes)
        What they are set to.
    outcomes : array, shape (outcomes, cells, runs)
        As `Tally.outcomes`, of each cell.
    full : array, shape (cells, runs)
        As `Closing.full`, of each cell.
    """

    rows: Ints
    numbers: Floats
    outcomes: Floats
    full: Ints


@compiled
def account(
    home: Home,
    courses: Courses,
    abroad: Abroad,
    sizes: Ints,
    values: Floats,
    happened: Happened,
    variation: Floats,
    due: Floats,
    leads: Ints,
    arrivals: Arrivals,
    tally: Tally,
    until: int,
    cells: Cells,
) -> Closing:
    """Make the account of a block of runs up to day `until`, exclusive, in every cell; return the last."""
    runs, pairs, places = values.shape[1], sizes[PAIRS], sizes[PLACES]
    factors, width = happened.factors, sizes[MUNITIONS] * places
    made, taken = np.zeros((len(home.outputs), runs)), np.empty(places)
    wants = np.zeros((len(home.transfers), sizes[MUNITIONS]))
    for cell in range(len(cells.numbers)):
        for change in range(len(cells.rows)):
            for b in range(runs):
                values[cells.rows[change], b] = cells.numbers[cell, change]
        begin(tally)
        fire = fire_of(home, pairs, runs)
        stocks = _stocks(home, sizes, runs)
        plan(home, courses, values, factors, fire, FIRST_DAY)
        _open(home, values, fire, stocks)
        opening, opening_unserviceable = stocks.held.copy(), stocks.unserviceable.copy()
        capacity, full = _capacities(home, values, stocks)
        following = _first_lots(arrivals, len(home.depots), runs)
        blows = _first_blows(home, happened, runs)
        lots = _no_lots(len(home.depots), runs, width)
        day = FIRST_DAY
        while day < until:
            if home.asked[LOTS]:
                lots = roomy(lots, _needed(home, arrivals, following, day, runs))
            day = _days(
                home,
                courses,
                abroad,
                sizes,
                values,
                happened,
                variation,
                due,
                leads,
                arrivals,
                tally,
                stocks,
                fire,
                lots,
                capacity,
                following,
                blows,
                made,
                taken,
                wants,
                day,
                until,
            )
        finish(stocks, tally, until)
        for k in range(len(tally.outcomes)):
            for b in range(runs):
                cells.outcomes[k, cell, b] = tally.outcomes[k, b]
        for b in range(runs):
            cells.full[cell, b] = full[b]
    coming, gate = _on_the_way(lots, stocks)
    return Closing(
        opening, stocks.held, opening_unserviceable, stocks.unserviceable, stocks.level, coming, gate, full
    )


@merged
def _days(
    home: Home,
    courses: Courses,
    abroad: Abroad,
    sizes: Ints,
    values: Floats,
    happened: Happened,
    variation: Floats,
    due: Floats,
    leads: Ints,
    arrivals: Arrivals,
    tally: Tally,
    stocks: Stocks,
    fire: Fire,
    lots: Lots,
    capacity: Floats,
    following: Ints,
    blows: Ints,
    made: Floats,
    taken: Floats,
    wants: Floats,
    first: int,
    until: int,
) -> int:
    """Make the account of days, and return the first that needs more room for lots, or `until`.

    Days are apart from what makes arrays, for there numba counts references each time round.
    """
    factors = happened.factors
    for day in range(first, until):
        if day > first and home.asked[LOTS] and _is_short(home, lots, arrivals, following, day):
            return day
        _new_day(home, stocks, day)
        land(home, abroad, arrivals, stocks, lots, capacity, following, day)
        produce(home, courses, values, factors, due, stocks, lots, capacity, made, day)
        refurbish(home, courses, values, factors, stocks, lots, capacity, sizes[REFURBISHED_PLACE], day)
        lose(home, happened, stocks, blows, taken, day)
        plan(home, courses, values, factors, fire, day)
        dispatch(home, courses, values, factors, leads, fire, stocks, lots, wants, taken, day)
        shoot(home, courses, values, factors, variation, stocks, fire, day)
        close(stocks, fire, tally, day, sizes[DAYS])
    return until


@making
def _stocks(home: Home, sizes: Ints, runs: int) -> Stocks:
    pairs, places = sizes[PAIRS], sizes[PLACES]
    return Stocks(
        np.zeros((pairs, places, runs)),
        np.zeros((pairs, places, runs)),
        np.zeros((pairs, runs)),
        np.zeros((pairs, INFLOW_WINDOW, runs)),
        np.zeros((sizes[COLUMNS], runs)),
        home.column,
        sizes[MUNITIONS],
        home.place,
        home.asked,
    )


@inlined
def _open(home: Home, values: Floats, fire: Fire, stocks: Stocks) -> None:
    """Fill the depots as they are at the start (rule 34)."""
    stand_apart()
    for pair in range(len(stocks.level)):
        row = home.openings[pair]
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
            if row.unserviceable >= 0 and stocks.asked[UNSERVICEABLE]:
                shells = values[row.unserviceable, b]
                if row.unserviceable_mass >= 0:
                    shells *= 1.0 / values[row.unserviceable_mass, b]
                stocks.unserviceable[pair, 0, b] = shells


@making
def _capacities(home: Home, values: Floats, stocks: Stocks) -> tuple[Floats, Ints]:
    """Return the capacity of each depot in each run, and which is too full from the start."""
    runs = stocks.level.shape[1]
    capacity, full = np.empty((len(home.depots), runs)), np.empty(runs, dtype=np.int64)
    for b in range(runs):
        full[b] = -1
        for depot in range(len(home.depots) - 1, -1, -1):
            row = home.depots[depot].capacity
            capacity[depot, b] = values[row, b] if row >= 0 else np.inf
            level = 0.0
            for m in range(stocks.munitions):
                level += stocks.level[depot * stocks.munitions + m, b]
            if level > capacity[depot, b]:
                full[b] = depot
    return capacity, full


@making
def _first_lots(arrivals: Arrivals, depots: int, runs: int) -> Ints:
    following = np.empty((depots, runs), dtype=np.int64)
    for depot in range(depots):
        for b in range(runs):
            following[depot, b] = arrivals.first[b * depots + depot]
    return following


@making
def _first_blows(home: Home, happened: Happened, runs: int) -> Ints:
    following = np.empty((len(home.damage), runs), dtype=np.int64)
    for d in range(len(home.damage)):
        for b in range(runs):
            following[d, b] = happened.first[home.damage[d] * runs + b]
    return following


@making
def _no_lots(depots: int, runs: int, width: int) -> Lots:
    coming, gate = np.empty((depots, runs), dtype=np.int64), np.empty((depots, runs), dtype=np.int64)
    for depot in range(depots):
        for b in range(runs):
            coming[depot, b] = gate[depot, b] = -1
    free = np.zeros(2, dtype=np.int64)
    free[0] = -1
    return Lots(np.empty((0, 6), dtype=np.int64), np.empty((0, width)), coming, gate, free, np.zeros(width))


@merged
def _new_day(home: Home, stocks: Stocks, day: int) -> None:
    for c in range(len(home.cleared)):
        entries = stocks.day[home.cleared[c]]
        for b in range(len(entries)):
            entries[b] = 0.0
    if stocks.asked[INFLOW]:
        for pair in range(len(stocks.level)):
            inflow = stocks.inflow[pair, day % INFLOW_WINDOW]
            for b in range(len(inflow)):
                inflow[b] = 0.0


@inlined
def _is_short(home: Home, lots: Lots, arrivals: Arrivals, following: Ints, day: int) -> bool:
    free: int = lots.free[1]
    return free < _needed(home, arrivals, following, day, following.shape[1])


@inlined
def _needed(home: Home, arrivals: Arrivals, following: Ints, day: int, runs: int) -> int:
    """Return how many places for lots a day may need at most."""
    needed = 0
    each = len(home.transfers)
    for depot in range(len(home.depots)):
        if home.depots[depot].capacity >= 0:
            each += len(home.lines) + len(home.workshops)
        if home.depots[depot].gated:
            for b in range(runs):
                last = arrivals.first[b * len(home.depots) + depot + 1]
                lot = following[depot, b]
                while lot < last and arrivals.lots.whole[lot, 0] < SECONDS_PER_DAY * (day + 1):
                    lot += 1
                needed += lot - following[depot, b]
    return needed + each * runs


@making
def _on_the_way(lots: Lots, stocks: Stocks) -> tuple[Floats, Floats]:
    """Return what transfers bring or what of theirs is at a gate, and what is at a gate from abroad."""
    stand_apart()
    origins = stocks.held.shape[1]
    coming, gate = np.zeros_like(stocks.held), np.zeros_like(stocks.held)
    for depot in range(len(lots.gate)):
        for b in range(stocks.level.shape[1]):
            for heads in (lots.gate, lots.coming):
                at = heads[depot, b]
                while at >= 0:
                    into = coming if lots.key[at, KIND] == RECEIVED else gate
                    for m in range(stocks.munitions):
                        for o in range(origins):
                            into[depot * stocks.munitions + m, o, b] += lots.good[at, m * origins + o]
                    at = lots.key[at, NEXT]
    return coming, gate
