"""Assign values to bins and count them: compiled twins of the functions in `sim.results.binning`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.native.kernels import kernel, select
from sim.ensemble.scenario_tables import Floats


@kernel
def assign_bins(
    values: Floats,
    runs: int,
    scale: Floats,
    shift: Floats,
    last: float,
    sums: Floats,
    least: Floats,
    most: Floats,
    places: NDArray[np.uint16],
    first: int,
) -> None:
    """Assign the values of some runs to bins."""
    for day in range(len(scale)):
        row, total, by, more = values[day], sums[day], scale[day], shift[day]
        low, high, beyond = least[day], most[day], 0
        for b in range(runs):
            number = row[b] * by
            total[b] += number
            beyond += (number < low) | (number > high)
            at = number + more
            at = select(at < 0.0, 0.0, at)
            places[day, first + b] = np.int32(select(at > last, last, at))
        if beyond > 0:
            # Only on few days: a running minimum is a loop-carried dependency, which is slow.
            for b in range(runs):
                least[day] = min(least[day], row[b] * by)
                most[day] = max(most[day], row[b] * by)


@kernel
def count_bins(places: NDArray[np.uint16], runs: int, counts: NDArray[np.int32]) -> None:
    """Add the bins of some runs to the counts."""
    for day in range(len(counts)):
        row, of_day = places[day], counts[day]
        for b in range(runs):
            of_day[np.int64(row[b])] += 1
