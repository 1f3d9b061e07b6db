"""Ages of stocks by cohort of manufacture (rule 38). Compiled twin of `sim.model.cohorts`.

A scenario without shelf lives has no ageing stocks, and all loops here are empty.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.account import ENOUGH
from sim.ensemble.arrays import aligned_array
from sim.ensemble.device_formulas import first_day_from, to_seconds, whole_days
from sim.ensemble.native.kernels import device_function, independent, noinline, select
from sim.ensemble.scenario_tables import FIFO, MIXED, AgeTables, Floats, Ints, int_constants

#: Places in the rows of `CohortState.span`.
FIRST, LAST = range(2)
#: Age of a lot that is new, and day of manufacture of one that has shells of several cohorts.
(NEW,) = int_constants(0, 1)
(BY_COHORT,) = int_constants(-(1 << 40), 1 - (1 << 40))
#: A share of the level that takes all: a share of exactly 1 may result from rounding up.
ALL = 2.0


class CohortState(NamedTuple):
    """Shells by cohort in every run of a block; empty cohorts lie outside `span`.

    Attributes
    ----------
    shells : array, shape (stocks, cohorts, runs)
    span : array, shape (stocks, 2, runs)
        First and last cohort that may have shells.
    life : array, shape (stocks, runs)
        Shelf life in days.
    brought : array, shape (origins, runs)
        Age in days of what an origin brings.
    taken : array, shape (cohorts,)
        Scratch: shells taken, by cohort.
    tables : AgeTables
    """

    shells: Floats
    span: Ints
    life: Ints
    brought: Ints
    taken: Floats
    tables: AgeTables


def make_cohorts(tables: AgeTables, runs: int) -> CohortState:
    """Allocate the cohorts of a block of runs."""
    stocks, cohorts = tables.shares.shape
    return CohortState(
        shells=aligned_array((stocks, cohorts, runs)),
        span=np.zeros((stocks, 2, runs), dtype=np.int64),
        life=np.zeros((stocks, runs), dtype=np.int64),
        brought=np.zeros((len(tables.brought), runs), dtype=np.int64),
        taken=np.zeros(cohorts),
        tables=tables,
    )


@device_function
def open_cohorts(cohorts: CohortState, values: Floats, level: Floats) -> None:
    """Write the opening stocks by cohort; `level`, shape (pairs, runs), is that of the stocks."""
    noinline()
    tables = cohorts.tables
    for origin in range(len(tables.brought)):
        for b in range(values.shape[1]):
            row = tables.brought[origin]
            cohorts.brought[origin, b] = whole_days(values[row, b]) if row >= 0 else 0
    for stock in range(len(tables.stocks)):
        row = tables.stocks[stock]
        for b in range(values.shape[1]):
            cohorts.life[stock, b] = first_day_from(to_seconds(values[row.life, b]))
            cohorts.span[stock, FIRST, b], cohorts.span[stock, LAST, b] = 0, cohorts.shells.shape[1] - 1
            for cohort in range(cohorts.shells.shape[1]):
                cohorts.shells[stock, cohort, b] = level[row.pair, b] * tables.shares[stock, cohort]


@device_function
def cohort_on(tables: AgeTables, munition: int, day: int) -> int:
    """Return the cohort of what is made on a day."""
    return tables.cohort_of[munition, max(0, day - tables.first_day[munition])]  # type: ignore[no-any-return]


@device_function
def put_cohort(cohorts: CohortState, stock: int, cohort: int, shells: float, b: int) -> None:
    """Add shells of a cohort in one run."""
    cohorts.shells[stock, cohort, b] += shells
    span = cohorts.span[stock]
    span[FIRST, b] = min(span[FIRST, b], cohort)
    span[LAST, b] = max(span[LAST, b], cohort)


@device_function
def put_made(cohorts: CohortState, stock: int, shells: float, made: int, b: int) -> None:
    """Add shells that were made on a day in one run."""
    put_cohort(
        cohorts, stock, cohort_on(cohorts.tables, cohorts.tables.stocks[stock].munition, made), shells, b
    )


@device_function
def put_arrivals(cohorts: CohortState, stock: int, came: Floats, origin: int, day: int) -> None:
    """Add what an origin brings on a day in all runs."""
    noinline()
    for b in range(len(came)):
        if came[b] > 0.0:
            put_made(cohorts, stock, came[b], day - cohorts.brought[origin, b], b)


@device_function
def put_lot(cohorts: CohortState, stock: int, lot: Floats, share: float, b: int) -> None:
    """Add a share of the shells of a lot by cohort, and leave the rest in it."""
    noinline()
    for cohort in range(len(lot)):
        shells = lot[cohort]
        if shells > 0.0:
            moved = shells if share == 1.0 else shells * share
            lot[cohort] = shells - moved
            put_cohort(cohorts, stock, cohort, moved, b)


@device_function
def issue_shells(cohorts: CohortState, stock: int, quantity: float, share: float, b: int) -> None:
    """Remove shells in the order of issue, and write them to `taken`; `share` is that of the level."""
    noinline()
    order = cohorts.tables.stocks[stock].issue
    if share > 1.0 or order == MIXED:
        take_evenly(cohorts, stock, share, b)
        return
    shells, span, left = cohorts.shells[stock], cohorts.span[stock], quantity
    step = 1 if order == FIFO else -1
    cohort = span[FIRST, b] if order == FIFO else span[LAST, b]
    while left > 0.0 and span[FIRST, b] <= cohort <= span[LAST, b]:
        amount = shells[cohort, b]
        if left < amount:
            cohorts.taken[cohort], shells[cohort, b] = left, amount - left
            break
        cohorts.taken[cohort], shells[cohort, b] = amount, 0.0
        left -= amount
        cohort += step
    if order == FIFO:
        span[FIRST, b] = cohort
    else:
        span[LAST, b] = cohort


@device_function
def take_evenly(cohorts: CohortState, stock: int, share: float, b: int) -> None:
    """Remove a share of each cohort, above 1 all, and write the shells to `taken`."""
    noinline()
    shells, span = cohorts.shells[stock], cohorts.span[stock]
    for cohort in range(span[FIRST, b], span[LAST, b] + 1):
        amount = shells[cohort, b]
        gone = amount if share > 1.0 else amount * share
        cohorts.taken[cohort], shells[cohort, b] = gone, amount - gone
    if share > 1.0:
        span[FIRST, b], span[LAST, b] = shells.shape[0], -1


@device_function
def take_evenly_everywhere(cohorts: CohortState, stock: int, share: Floats) -> None:
    """Remove a share of each cohort, above 1 all, in all runs, with the runs innermost."""
    noinline()
    span = cohorts.span[stock]
    first, last = cohorts.shells.shape[1], -1
    for b in range(len(share)):
        first, last = min(first, span[FIRST, b]), max(last, span[LAST, b])
    for cohort in range(first, last + 1):
        _take_share(cohorts.shells[stock, cohort], share)


@device_function
def _take_share(shells: Floats, share: Floats) -> None:
    noinline()
    independent()
    for b in range(len(shells)):
        amount = shells[b]
        shells[b] = amount - select(share[b] > 1.0, amount, amount * share[b])


@device_function
def expire_cohorts(cohorts: CohortState, stock: int, level: float, day: int, b: int) -> float:
    """Remove the cohorts whose shelf life is over on a day, and return their shells, at most the level."""
    made = cohorts.tables.made[cohorts.tables.stocks[stock].munition]
    shells, span, life = cohorts.shells[stock], cohorts.span[stock], cohorts.life[stock, b]
    gone, cohort = 0.0, span[FIRST, b]
    while cohort <= span[LAST, b] and made[cohort] + life <= day:
        gone += shells[cohort, b]
        shells[cohort, b] = 0.0
        cohort += 1
    span[FIRST, b] = cohort
    if gone <= 0.0:
        return 0.0
    while cohort <= span[LAST, b] and shells[cohort, b] <= 0.0:
        cohort += 1
    if gone < level * ENOUGH and cohort <= span[LAST, b]:
        return gone
    take_evenly(cohorts, stock, ALL, b)
    return level
