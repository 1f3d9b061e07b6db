"""What a block of runs takes for granted, compiled: inputs drawn once, and what is drawn day by day."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble import series
from sim.ensemble.arrays import turned
from sim.ensemble.draws import inverses, lognormal_centre, lognormal_sigma, lognormals, occurrences, seconds
from sim.ensemble.happenings import factors_of, windows
from sim.ensemble.jit import compiled
from sim.ensemble.lowered import DAYS, DUES, FIXED, LEADS, Courses, Happens, Home, Laws, Records
from sim.ensemble.words import uniforms
from sim.units import SECONDS_PER_DAY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Runs = NDArray[np.uint64]


@compiled
def world(laws: Laws, seed: np.uint64, runs: Runs) -> Floats:
    """Return every quantity as drawn once a run, shape (quantities, runs)."""
    values = np.empty((len(laws.quantities), len(runs)))
    one, spare = np.empty(4), np.empty(4)
    for q in range(len(laws.quantities)):
        quantity = laws.quantities[q]
        if quantity.law == FIXED:
            values[q] = quantity.a - quantity.less
            continue
        for r in range(len(runs)):
            uniforms(seed, quantity.stream, runs[r], 0, one)
            inverses(laws, q, one[:1], spare)
            values[q, r] = one[0] - quantity.less
    return values


@compiled
def happen(
    laws: Laws, happens: Happens, days: int, seed: np.uint64, runs: Runs, values: Floats
) -> tuple[Ints, Ints, Ints, Floats, Floats]:
    """Return the windows of a block's happenings, and the factors that they make."""
    first, begin, end, strength = windows(laws, happens.happenings, days, seed, runs, values)
    factors = factors_of(happens, days, len(runs), first, begin, end, strength)
    return first, begin, end, strength, factors


@compiled
def vary(consumers: Records, days: int, seed: np.uint64, runs: Runs, values: Floats) -> Floats:
    """Return the day's variation of each consumer, shape (consumers, days, runs) (rule 11)."""
    variation = np.empty((len(consumers), days, len(runs)))
    by_run, spare = np.empty((len(runs), -(-days // 4) * 4)), np.empty(-(-days // 4) * 4)
    for c in range(len(consumers)):
        consumer = consumers[c]
        for r in range(len(runs)):
            cv = values[consumer.variation, r]
            if cv <= 0.0:
                by_run[r] = 1.0
                continue
            uniforms(seed, consumer.stream, runs[r], 0, by_run[r])
            lognormals(by_run[r], spare, lognormal_centre(1.0, cv), lognormal_sigma(cv), np.inf, 1.0)
        turned(by_run, variation[c])
    return variation


@compiled
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
    drawn, spare = np.empty(-(-days // 4) * 4), np.empty(-(-days // 4) * 4)
    for o in range(len(home.outputs)):
        output = home.outputs[o]
        if output.due < 0:
            continue
        for r in range(len(runs)):
            occurrences(laws, home.lines[output.line].lead, seed, runs[r], 0, drawn, spare)
            for day in range(days):
                enters = day + seconds(drawn[day]) // SECONDS_PER_DAY
                if enters < days:
                    due[output.due, enters, r] += series.value(
                        courses, output.series, day, r, values, factors
                    )
    for t in range(len(home.transfers)):
        if home.transfers[t].leads >= 0:
            for r in range(len(runs)):
                occurrences(laws, home.transfers[t].lead, seed, runs[r], 0, drawn, spare)
                for day in range(days):
                    leads[home.transfers[t].leads, day, r] = seconds(drawn[day])
    return due, leads
