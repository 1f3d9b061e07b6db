"""Depots: stock and gates (rules 10 and 15). Compiled twin of `sim.model.depots` and `sim.model.stock`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.ensemble.cohorts import BY_COHORT, CohortState, put_arrivals, put_lot, put_made
from sim.ensemble.device_formulas import admitted_share
from sim.ensemble.native.kernels import device_function, independent, inline, noinline
from sim.ensemble.scenario_tables import BOOKS, INFLOW, Floats, Ints, int_constants
from sim.formulas import INFLOW_WINDOW
from sim.units import SECONDS_PER_DAY

#: Sections whose lots may wait at a gate, in order of name.
ORDERS, PRODUCTION, REFURBISHMENT, SHIPMENTS, TRANSFERS = int_constants(0, 5)
#: Places in a row of `LotLists.key`.
SECOND, SECTION, NAME, NUMBER, KIND, NEXT, MADE = range(7)
KEY_WIDTH = 7
#: Place of a lot that is not in the lists.
(NOWHERE,) = int_constants(-1, 0)


class StockState(NamedTuple):
    """Stocks at the depots in every run of a block.

    Attributes
    ----------
    held, unserviceable : array, shape (pairs, places, runs)
        Shells by origin, or of all origins in one place (`outcomes_only`).
    level : array, shape (pairs, runs)
        All serviceable shells.
    inflow : array, shape (pairs, INFLOW_WINDOW, runs)
        Inflow of each of the last days, by day modulo the window.
    day : array, shape (columns, runs)
        Entries of the day, by column.
    munitions : int
    column, place, needs : array
        See `scenario_tables.DepotTables`.
    cohorts : CohortState
    """

    held: Floats
    unserviceable: Floats
    level: Floats
    inflow: Floats
    day: Floats
    column: Ints
    munitions: int
    place: Ints
    needs: Ints
    cohorts: CohortState


class LotLists(NamedTuple):
    """Linked lists of lots under way or at a gate, sorted by (second, section, name, number).

    Attributes
    ----------
    key : array, shape (lots, 7)
    good : array, shape (lots, munitions * places)
    coming, gate : array, shape (depots, runs)
        First lot of each list; -1 if it is empty.
    free : array, shape (2,)
        First free place, and the number of free places.
    scratch : array, shape (munitions * places,)
    ages : array, shape (lots, munitions, cohorts)
        Shells by cohort of lots that have several; no munitions where no lot has.
    """

    key: Ints
    good: Floats
    coming: Ints
    gate: Ints
    free: Ints
    scratch: Floats
    ages: Floats


@inline
def receive_shells(stocks: StockState, column: int, came: Floats, pair: int, origin: int, day: int) -> None:
    """Add shells of an origin to a stock without a gate, in all runs, and enter them in their column."""
    if column < 0:
        add_shells(came, stocks.level[pair])
    elif stocks.needs[BOOKS]:
        _enter_shells(came, stocks.day[column], stocks.level[pair])
    else:
        _enter_more(came, stocks.day[column], stocks.level[pair])
    if stocks.held.shape[1] > 0:
        add_shells(came, stocks.held[pair, stocks.place[origin]])
    if stocks.needs[INFLOW]:
        add_shells(came, stocks.inflow[pair, day % INFLOW_WINDOW])
    if stocks.cohorts.tables.of_pair[pair] >= 0:
        put_arrivals(stocks.cohorts, stocks.cohorts.tables.of_pair[pair], came, origin, day)


@inline
def add_shells(came: Floats, stock: Floats) -> None:
    """Add a row of shells to a stock."""
    independent()
    for b in range(len(came)):
        stock[b] += came[b]


@inline
def _enter_shells(came: Floats, entries: Floats, level: Floats) -> None:
    """Add shells to a level, as the only entry of the day."""
    independent()
    for b in range(len(came)):
        entries[b] = came[b]
        level[b] += came[b]


@inline
def _enter_more(came: Floats, entries: Floats, level: Floats) -> None:
    """Add shells to a level and to the entries so far."""
    independent()
    for b in range(len(came)):
        entries[b] += came[b]
        level[b] += came[b]


@device_function
def add_stock(stocks: StockState, kind: int, pair: int, origin: int, shells: float, day: int, b: int) -> None:
    """Add shells to a stock in one run."""
    stocks.day[stocks.column[kind, pair, origin], b] += shells
    stocks.held[pair, origin, b] += shells
    stocks.inflow[pair, day % INFLOW_WINDOW, b] += shells
    stocks.level[pair, b] += shells


@device_function
def take_stock(stocks: StockState, kind: int, pair: int, quantity: float, b: int, taken: Floats) -> None:
    """Take shells in one run from each origin in proportion; write the shells by origin to `taken`."""
    before = stocks.level[pair, b]
    everything = quantity >= before
    share = 0.0 if everything else quantity / before
    for o in range(stocks.held.shape[1]):
        amount = stocks.held[pair, o, b]
        gone = amount if everything else amount * share
        left = 0.0 if everything else amount - gone
        stocks.held[pair, o, b] = left
        taken[o] = gone
        if gone > 0.0:
            stocks.day[stocks.column[kind, pair, o], b] += gone
    stocks.level[pair, b] = 0.0 if everything else before - quantity


@device_function
def admit_or_queue(
    stocks: StockState,
    lots: LotLists,
    depot: int,
    capacity: float,
    second: int,
    section: int,
    name: int,
    number: int,
    kind: int,
    age: int,
    day: int,
    b: int,
) -> None:
    """Admit the lot in `scratch` as far as there is room and no queue; queue the rest at the gate.

    `age` is that of its shells on arrival, in days.
    """
    noinline()
    made = second // SECONDS_PER_DAY - age
    if lots.gate[depot, b] >= 0 or not admit_lot(
        stocks, lots, lots.scratch, made, NOWHERE, depot, capacity, kind, day, b
    ):
        place = allocate_lot(lots, second, section, name, number, kind)
        lots.key[place, MADE] = made
        for k in range(len(lots.scratch)):
            lots.good[place, k] = lots.scratch[k]
        insert_lot(lots, lots.gate, depot, b, place)


@device_function
def admit_waiting(
    stocks: StockState, lots: LotLists, lot: int, depot: int, capacity: float, day: int, b: int
) -> bool:
    """Admit the part of a lot under way or at the gate that fits; return whether it was the whole lot."""
    key, good = lots.key[lot], lots.good[lot]
    return admit_lot(stocks, lots, good, key[MADE], lot, depot, capacity, key[KIND], day, b)


@device_function
def admit_lot(
    stocks: StockState,
    lots: LotLists,
    good: Floats,
    made: int,
    lot: int,
    depot: int,
    capacity: float,
    kind: int,
    day: int,
    b: int,
) -> bool:
    """Admit the part of a lot that fits; return whether it was the whole lot.

    `made` is the day of manufacture, `BY_COHORT` for shells of several, which `lots` has at place `lot`.
    """
    noinline()
    share = 1.0
    first, origins = depot * stocks.munitions, stocks.held.shape[1]
    if capacity != np.inf:
        size = 0.0
        for k in range(len(good)):
            size += good[k]
        level = 0.0
        for m in range(stocks.munitions):
            level += stocks.level[first + m, b]
        share = admitted_share(size, level, capacity)
    for m in range(stocks.munitions):
        stock = stocks.cohorts.tables.of_pair[first + m]
        for o in range(origins):
            k = m * origins + o
            shells = good[k] if share == 1.0 else good[k] * share
            if shells > 0.0:
                good[k] -= shells
                add_stock(stocks, kind, first + m, o, shells, day, b)
                if stock >= 0 and made != BY_COHORT:
                    put_made(stocks.cohorts, stock, shells, made, b)
        if stock >= 0 and made == BY_COHORT:
            put_lot(stocks.cohorts, stock, lots.ages[lot, m], share, b)
    return share == 1.0


@device_function
def open_gate(stocks: StockState, lots: LotLists, depot: int, capacity: float, day: int, b: int) -> None:
    """Admit lots that wait at a gate, first in first out, as far as there is room."""
    while lots.gate[depot, b] >= 0:
        first = lots.gate[depot, b]
        if not admit_waiting(stocks, lots, first, depot, capacity, day, b):
            break
        lots.gate[depot, b] = lots.key[first, NEXT]
        free_lot(lots, first)


@device_function
def allocate_lot(lots: LotLists, second: int, section: int, name: int, number: int, kind: int) -> int:
    """Allocate a place for a lot and write its key."""
    place = lots.free[0]
    lots.free[0] = lots.key[place, NEXT]
    lots.free[1] -= 1
    lots.key[place, SECOND], lots.key[place, SECTION], lots.key[place, NAME] = second, section, name
    lots.key[place, NUMBER], lots.key[place, KIND] = number, kind
    return place  # type: ignore[no-any-return]


@device_function
def free_lot(lots: LotLists, place: int) -> None:
    """Free the place of a lot."""
    lots.key[place, NEXT] = lots.free[0]
    lots.free[0] = place
    lots.free[1] += 1


@device_function
def insert_lot(lots: LotLists, heads: Ints, depot: int, b: int, place: int) -> None:
    """Insert a lot into a sorted list, after equal ones."""
    at, before = heads[depot, b], np.int64(-1)
    while at >= 0 and not _is_after(lots.key, at, place):
        at, before = lots.key[at, NEXT], at
    lots.key[place, NEXT] = at
    if before < 0:
        heads[depot, b] = place
    else:
        lots.key[before, NEXT] = place


@device_function
def waiting_shells(lots: LotLists, heads: Ints, depot: int, b: int, munition: int, origins: int) -> float:
    """Return the shells of a munition in a list of lots, added up in list order."""
    shells = 0.0
    at = heads[depot, b]
    while at >= 0:
        for o in range(origins):
            shells += lots.good[at, munition * origins + o]
        at = lots.key[at, NEXT]
    return shells


@device_function
def _is_after(key: Ints, at: int, place: int) -> bool:
    for k in range(4):
        if key[at, k] != key[place, k]:
            return key[at, k] > key[place, k]  # type: ignore[no-any-return]
    return False


@device_function
def clear_lots(lots: LotLists) -> None:
    """Empty all lists and free all places."""
    for depot in range(lots.gate.shape[0]):
        for b in range(lots.gate.shape[1]):
            lots.coming[depot, b] = lots.gate[depot, b] = -1
    places = len(lots.key)
    for place in range(places):
        lots.key[place, NEXT] = place + 1 if place + 1 < places else -1
    lots.free[0] = 0 if places > 0 else -1
    lots.free[1] = places


def make_no_lots(depots: int, runs: int, width: int, ages: tuple[int, int]) -> LotLists:
    """Return empty lists of lots, without places; `ages` is the shape of the shells by cohort of a lot."""
    nowhere = np.full((2, depots, runs), -1, dtype=np.int64)
    key, good = np.empty((0, KEY_WIDTH), dtype=np.int64), np.empty((0, width))
    free, by_age = np.array([-1, 0], dtype=np.int64), np.empty((0, *ages))
    return LotLists(key, good, nowhere[0], nowhere[1], free, np.zeros(width), by_age)


def grow_lots(lots: LotLists, needed: int) -> LotLists:
    """Return the lots with at least `needed` more free places."""
    before = len(lots.key)
    after = 2 * before + needed
    key, good = np.empty((after, KEY_WIDTH), dtype=np.int64), np.zeros((after, lots.good.shape[1]))
    ages = np.zeros((after, *lots.ages.shape[1:]))
    key[:before], good[:before], ages[:before] = lots.key, lots.good, lots.ages
    key[before:, NEXT] = np.arange(before + 1, after + 1)
    key[after - 1, NEXT] = lots.free[0]
    lots.free[:] = before, lots.free[1] + after - before
    return lots._replace(key=key, good=good, ages=ages)
