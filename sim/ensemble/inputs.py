"""What a block of runs takes for granted: inputs drawn once, and what is drawn day by day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble import series
from sim.ensemble.arrays import ZERO, lined_up, odd_width, turn
from sim.ensemble.draws import SPARE, all_seconds, drawn, lognormal_centre, lognormal_sigma, lognormals
from sim.ensemble.lowered import DAYS, DUES, LEADS, Courses, Home, Laws, Records
from sim.ensemble.native.kernels import kernel
from sim.ensemble.shelf import Shelf
from sim.ensemble.words import uniforms
from sim.scenario.laws import FIXED
from sim.units import SECONDS_PER_DAY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Runs = NDArray[np.uint64]


def world(laws: Laws, seed: np.uint64, runs: Runs) -> Floats:
    """Return every quantity as drawn once a run, shape (quantities, runs)."""
    values = lined_up((len(laws.quantities), len(runs)))
    values[:] = laws.quantities["a"][:, np.newaxis]
    uncertain = np.flatnonzero(laws.quantities["law"] != FIXED)
    values[uncertain] = drawn(laws, uncertain, seed, runs, 1)[:, :, 0]
    values -= laws.quantities["less"][:, np.newaxis]
    return values


def vary(consumers: Records, days: int, seed: np.uint64, runs: Runs, values: Floats, shelf: Shelf) -> Floats:
    """Return the day's variation of each consumer, shape (consumers, days, runs) (rule 11)."""
    by_run = shelf.empty((len(consumers), len(runs), odd_width(days)))
    varied(consumers, seed, runs, values, by_run, np.empty((SPARE, by_run.shape[2])))
    variation = shelf.empty((len(consumers), days, len(runs)))
    turn(by_run, variation)
    return variation


@kernel
def varied(
    consumers: Records, seed: np.uint64, runs: Runs, values: Floats, by_run: Floats, spare: Floats
) -> None:
    """Draw the day's variation into an array of shape (consumers, runs, days or more)."""
    for c in range(len(consumers)):
        consumer = consumers[c]
        for r in range(len(runs)):
            x, cv = by_run[c, r], values[consumer.variation, r]
            if cv > 0.0:
                uniforms(seed, consumer.stream, runs[r], ZERO, x)
                lognormals(x, spare, lognormal_centre(1.0, cv), lognormal_sigma(cv), np.inf, 1.0)
            else:
                for day in range(len(x)):
                    x[day] = 1.0


def daily(courses: Courses, s: int, days: int, values: Floats, factors: Floats) -> Floats:
    """Return a series on each day of each run, shape (runs, days)."""
    numbers = np.empty((values.shape[1], days))
    _daily(courses, s, values, factors, numbers)
    return numbers


@kernel
def _daily(courses: Courses, s: int, values: Floats, factors: Floats, numbers: Floats) -> None:
    for run in range(numbers.shape[0]):
        for day in range(numbers.shape[1]):
            numbers[run, day] = series.value(courses, s, day, run, values, factors)


def lead(
    laws: Laws,
    courses: Courses,
    home: Home,
    sizes: Ints,
    seed: np.uint64,
    runs: Runs,
    values: Floats,
    factors: Floats,
) -> tuple[Floats, Ints]:
    """Return what comes in where lead times are drawn, and the lead times of transfers.

    Returns
    -------
    due : array, shape (dues, days, runs)
        Shells of a line that enter on a day.
    leads : array, shape (leads, days, runs)
        Seconds that the lot of a transfer takes that leaves on a day.
    """
    days = sizes[DAYS]
    due = np.zeros((sizes[DUES], days, len(runs)))
    leads = np.zeros((sizes[LEADS], days, len(runs)), dtype=np.int64)
    for output in home.outputs:
        if output["due"] >= 0:
            took = lead_times(laws, home.lines["lead"][output["line"]], days, seed, runs)
            made = daily(courses, output["series"], days, values, factors)
            run, left = np.nonzero(np.ones_like(took))
            enters: Ints = left + took.ravel() // SECONDS_PER_DAY
            within = enters < days
            # In order of days: several may enter on one.
            np.add.at(due[output["due"]], (enters[within], run[within]), made.ravel()[within])
    for row, quantity in zip(home.transfers["leads"], home.transfers["lead"], strict=True):
        if row >= 0:
            leads[row] = lead_times(laws, quantity, days, seed, runs).T
    return due, leads


def lead_times(laws: Laws, quantity: int, days: int, seed: np.uint64, runs: Runs) -> Ints:
    """Return the seconds that a day's lot takes, shape (runs, days)."""
    x = drawn(laws, np.array([quantity], dtype=np.int64), seed, runs, days)
    return all_seconds(x[0, :, :days])
