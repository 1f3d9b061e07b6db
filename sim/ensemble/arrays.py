"""Array helpers for compiled code: tables of integers, aligned arrays, compensated sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.native.kernels import device_function, kernel

ROW_WIDTH = 6
#: Doubles in a CPU cache line.
DOUBLES_PER_CACHE_LINE = 8
#: A numpy integer: a plain constant would make numba specialise every function that takes it.
ZERO: Any = np.int64(0)


class IntRows(NamedTuple):
    """Rows of `ROW_WIDTH` integers and one float; only the first `count` are in use."""

    whole: NDArray[np.int64]
    real: NDArray[np.float64]
    count: int  # type: ignore[assignment]


@device_function
def add_compensated(total: float, lost: float, more: float) -> tuple[float, float]:
    """Return a sum and its accumulated rounding error.

    Source: the two-sum of Knuth, "The Art of Computer Programming" 2, 4.2.2, theorem B.
    """
    result = total + more
    part = result - total
    return result, lost + ((total - (result - part)) + (more - part))


def aligned_array(shape: Sequence[int], number: float | None = 0.0) -> NDArray[np.float64]:
    """Return an array aligned to CPU cache lines, filled with `number`; uninitialised if it is None.

    Vector loads and stores then cross no cache line if the row length is a multiple of four.
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
    """Transpose an array of shape (n, runs, days or more) into one of shape (n, days, runs)."""
    for n in range(by_day.shape[0]):
        for day in range(by_day.shape[1]):
            for run in range(by_day.shape[2]):
                by_day[n, day, run] = by_run[n, run, day]


def cache_friendly_length(days: int) -> int:
    """Return a row length of at least `days`, a multiple of 4, that transposes without cache conflicts.

    Rows a power of two apart map to the same cache sets.
    """
    return days // 8 * 8 + (4 if days % 8 <= 4 else 12)
