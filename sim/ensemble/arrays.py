"""Small tools of compiled code: tables, and sums that keep what rounding would lose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.native.kernels import device_function, kernel

ROW_WIDTH = 6
#: Numbers in a line of the processor's caches.
DOUBLES_PER_CACHE_LINE = 8
#: For a plain constant numba makes a version of every function that it is handed to.
ZERO: Any = np.int64(0)


class IntRows(NamedTuple):
    """Rows of `ROW_WIDTH` whole numbers and one real; only the first `count` are in use."""

    whole: NDArray[np.int64]
    real: NDArray[np.float64]
    count: int  # type: ignore[assignment]


@device_function
def add_compensated(total: float, lost: float, more: float) -> tuple[float, float]:
    """Return a sum and what its rounding has lost so far.

    Source: the two-sum of Knuth, "The Art of Computer Programming" 2, 4.2.2, theorem B.
    """
    result = total + more
    part = result - total
    return result, lost + ((total - (result - part)) + (more - part))


def aligned_array(shape: Sequence[int], number: float | None = 0.0) -> NDArray[np.float64]:
    """Return an array of one number, or of anything, that begins where a line of the processor's caches does.

    What a vector of numbers is read from or written to then crosses no line, if rows are a multiple of four.
    """
    size = math.prod(shape)
    memory = np.empty(size + DOUBLES_PER_CACHE_LINE)
    begins = -(memory.ctypes.data // memory.itemsize) % DOUBLES_PER_CACHE_LINE
    made = memory[begins : begins + size].reshape(shape)
    if number is not None:
        made.fill(number)
    return made


@kernel
def transpose_runs(by_run: NDArray[np.float64], by_day: NDArray[np.float64]) -> None:
    """Write what has a row a run, shape (n, runs, days or more), into (n, days, runs)."""
    for n in range(by_day.shape[0]):
        for day in range(by_day.shape[1]):
            for run in range(by_day.shape[2]):
                by_day[n, day, run] = by_run[n, run, day]


def cache_friendly_length(days: int) -> int:
    """Return at least `days`: a length of rows, a multiple of 4, that a processor's caches turn quickly.

    Rows that lie a power of two apart all claim the same places there.
    """
    return days // 8 * 8 + (4 if days % 8 <= 4 else 12)
