"""Small tools of compiled code: lists that grow, and sums that keep what rounding would lose."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.ensemble.jit import inlined, making

WIDTH = 6


class Rows(NamedTuple):
    """A list of rows of `WIDTH` whole numbers and one real; only the first `count` are in use."""

    whole: NDArray[np.int64]
    real: NDArray[np.float64]
    count: int


@making
def no_rows() -> Rows:
    """Return an empty list."""
    return Rows(np.empty((32, WIDTH), dtype=np.int64), np.empty(32), 0)


@making
def push(rows: Rows, whole: tuple[int, int, int, int, int, int], real: float) -> Rows:
    """Return the list with one row more; the list given is used up."""
    stand_apart()
    table, column, count = rows.whole, rows.real, rows.count
    if count == len(column):
        table = np.empty((2 * count, WIDTH), dtype=np.int64)
        for i in range(count):
            for k in range(WIDTH):
                table[i, k] = rows.whole[i, k]
        column = longer(column)
    for k in range(WIDTH):
        table[count, k] = whole[k]
    column[count] = real
    return Rows(table, column, count + 1)


@making
def longer(values: Any) -> Any:
    """Return an array of twice the length that begins as `values`."""
    twice = np.empty(2 * len(values), dtype=values.dtype)
    for i in range(len(values)):
        twice[i] = values[i]
    return twice


@inlined
def add(total: float, lost: float, more: float) -> tuple[float, float]:
    """Return a sum and what its rounding has lost so far.

    Source: the two-sum of Knuth, "The Art of Computer Programming" 2, 4.2.2, theorem B.
    """
    result = total + more
    part = result - total
    return result, lost + ((total - (result - part)) + (more - part))


@inlined
def turned(by_run: NDArray[np.float64], by_day: NDArray[np.float64]) -> None:
    """Write an array with a row a run into one with a row a day, in tiles that a processor can hold."""
    days, runs = by_day.shape
    tile = 8
    for day in range(0, days, tile):
        for run in range(0, runs, tile):
            for d in range(day, min(day + tile, days)):
                for r in range(run, min(run + tile, runs)):
                    by_day[d, r] = by_run[r, d]


@intrinsic
def stand_apart(_typing: Any) -> Any:
    """Keep the function that says this from being copied into its callers: that is what compiling costs."""

    def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
        builder.function.attributes.add("noinline")
        return context.get_dummy_value()

    return types.none(), generate
