"""Small tools of compiled code: tables, and sums that keep what rounding would lose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.jit import compiled, inlined, instruction

WIDTH = 6
#: Numbers in a line of the processor's caches.
LINE = 8
#: For a plain constant numba makes a version of every function that it is handed to.
ZERO: Any = np.int64(0)


class Rows(NamedTuple):
    """Rows of `WIDTH` whole numbers and one real; only the first `count` are in use."""

    whole: NDArray[np.int64]
    real: NDArray[np.float64]
    count: int  # type: ignore[assignment]


@inlined
def add(total: float, lost: float, more: float) -> tuple[float, float]:
    """Return a sum and what its rounding has lost so far.

    Source: the two-sum of Knuth, "The Art of Computer Programming" 2, 4.2.2, theorem B.
    """
    result = total + more
    part = result - total
    return result, lost + ((total - (result - part)) + (more - part))


def lined_up(shape: Sequence[int], number: float | None = 0.0) -> NDArray[np.float64]:
    """Return an array of one number, or of anything, that begins where a line of the processor's caches does.

    What a vector of numbers is read from or written to then crosses no line, if rows are a multiple of four.
    """
    size = math.prod(shape)
    memory = np.empty(size + LINE)
    begins = -(memory.ctypes.data // memory.itemsize) % LINE
    made = memory[begins : begins + size].reshape(shape)
    if number is not None:
        made.fill(number)
    return made


@compiled
def turn(by_run: NDArray[np.float64], by_day: NDArray[np.float64]) -> None:
    """Write what has a row a run, shape (n, runs, days or more), into (n, days, runs)."""
    for n in range(by_day.shape[0]):
        for day in range(by_day.shape[1]):
            for run in range(by_day.shape[2]):
                by_day[n, day, run] = by_run[n, run, day]


def odd_width(days: int) -> int:
    """Return at least `days`: a length of rows, a multiple of 4, that a processor's caches turn quickly.

    Rows that lie a power of two apart all claim the same places there.
    """
    return days // 8 * 8 + (4 if days % 8 <= 4 else 12)


@instruction
def choose(_typing: Any, _condition: Any, _one: Any, _other: Any) -> Any:
    """Return one number or the other, both of which are worked out.

    Where one way leaves what is there as it is, a plain choice ends as a masked store, which is slow.
    """
    from numba import types

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.select(*arguments)

    return types.float64(types.boolean, types.float64, types.float64), generate


@instruction
def stand_apart(_typing: Any) -> Any:
    """Keep the function that says this from being copied into its callers: that is what compiling costs."""
    from numba import types

    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return types.none(), generate
