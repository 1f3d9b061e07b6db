"""Draws for a block of runs: inputs once a run, and variation and lead times day by day."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from sim.ensemble import daily_series
from sim.ensemble.arrays import ZERO, aligned_array, cache_friendly_length, transpose_runs
from sim.ensemble.buffer_pool import BufferPool
from sim.ensemble.inverse_cdf import (
    SCRATCH_ROWS,
    draw_quantities,
    lognormal_centre,
    lognormal_sigma,
    to_lognormals,
    to_seconds_array,
)
from sim.ensemble.native.kernels import kernel
from sim.ensemble.philox import uniforms
from sim.ensemble.scenario_tables import (
    DAYS,
    DUES,
    LEADS,
    DayRow,
    DepotTables,
    Floats,
    Ints,
    LawTables,
    OrderTables,
    Records,
    Runs,
    SeriesTables,
)
from sim.scenario.laws import FIXED
from sim.units import SECONDS_PER_DAY


def draw_inputs(laws: LawTables, seed: np.uint64, runs: Runs) -> Floats:
    """Draw every quantity once a run, shape (quantities, runs)."""
    values = aligned_array((len(laws.quantities), len(runs)))
    values[:] = laws.quantities["a"][:, np.newaxis]
    uncertain = np.flatnonzero(laws.quantities["law"] != FIXED)
    values[uncertain] = draw_quantities(laws, uncertain, seed, runs, 1)[:, :, 0]
    values -= laws.quantities["less"][:, np.newaxis]
    return values


def resolve_dates(dates: Iterable[DayRow], values: Floats) -> None:
    """Let the drawn `values` of dates count from the start instead of an event; round days (rule 35)."""
    for date in dates:
        row = values[date.row]
        row += values[date.base] if date.base >= 0 else date.shift
        if date.is_day:
            row[:] = np.floor(row + 0.5)


def daily_variation(
    consumers: Records, days: int, seed: np.uint64, runs: Runs, values: Floats, shelf: BufferPool
) -> Floats:
    """Draw the daily variation of each consumer, shape (consumers, days, runs) (rule 11)."""
    by_run = shelf.empty((len(consumers), len(runs), cache_friendly_length(days)))
    write_daily_variation(consumers, seed, runs, values, by_run, np.empty((SCRATCH_ROWS, by_run.shape[2])))
    variation = shelf.empty((len(consumers), days, len(runs)))
    transpose_runs(by_run, variation)
    return variation


@kernel
def write_daily_variation(
    consumers: Records, seed: np.uint64, runs: Runs, values: Floats, by_run: Floats, spare: Floats
) -> None:
    """Draw the daily variation into an array of shape (consumers, runs, days or more)."""
    for c in range(len(consumers)):
        consumer = consumers[c]
        for r in range(len(runs)):
            x, cv = by_run[c, r], values[consumer.variation, r]
            if cv > 0.0:
                uniforms(seed, consumer.stream, runs[r], ZERO, x)
                to_lognormals(x, spare, lognormal_centre(1.0, cv), lognormal_sigma(cv), np.inf, 1.0)
            else:
                for day in range(len(x)):
                    x[day] = 1.0


def series_by_day(courses: SeriesTables, s: int, days: int, values: Floats, factors: Floats) -> Floats:
    """Evaluate a series on each day of each run, shape (runs, days)."""
    numbers = np.empty((values.shape[1], days))
    _write_series(courses, s, values, factors, numbers)
    return numbers


@kernel
def _write_series(courses: SeriesTables, s: int, values: Floats, factors: Floats, numbers: Floats) -> None:
    for run in range(numbers.shape[0]):
        for day in range(numbers.shape[1]):
            numbers[run, day] = daily_series.value_on_day(courses, s, day, run, values, factors)


def draw_lead_times(
    laws: LawTables,
    courses: SeriesTables,
    depot_tables: DepotTables,
    order_tables: OrderTables,
    sizes: Ints,
    seed: np.uint64,
    runs: Runs,
    values: Floats,
    factors: Floats,
) -> tuple[Floats, Ints]:
    """Draw the lead times of production lines, transfers and orders.

    Returns
    -------
    due : array, shape (dues, days, runs)
        Shells of a production line that enter stock on a day.
    leads : array, shape (leads, days, runs)
        Lead time in seconds of the lot that a transfer dispatches on a day, or of an order by its number.
    """
    days = sizes[DAYS]
    due = np.zeros((sizes[DUES], days, len(runs)))
    leads = np.zeros((sizes[LEADS], days, len(runs)), dtype=np.int64)
    for output in depot_tables.outputs:
        if output["due"] >= 0:
            took = lead_seconds(laws, depot_tables.lines["lead"][output["line"]], days, seed, runs)
            made = series_by_day(courses, output["series"], days, values, factors)
            run, left = np.nonzero(np.ones_like(took))
            enters: Ints = left + took.ravel() // SECONDS_PER_DAY
            within = enters < days
            # `np.add.at`, in order of days: several lots may enter on one day.
            np.add.at(due[output["due"]], (enters[within], run[within]), made.ravel()[within])
    for table in (depot_tables.transfers, order_tables.lines):
        for row, quantity in zip(table["leads"], table["lead"], strict=True):
            if row >= 0:
                leads[row] = lead_seconds(laws, quantity, days, seed, runs).T
    return due, leads


def lead_seconds(laws: LawTables, quantity: int, days: int, seed: np.uint64, runs: Runs) -> Ints:
    """Draw the lead time in seconds of the lot of each day, shape (runs, days)."""
    x = draw_quantities(laws, np.array([quantity], dtype=np.int64), seed, runs, days)
    return to_seconds_array(x[0, :, :days])
