"""Packing of arguments for machine code: arrays and numbers unchanged, and no type that it would misread."""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.ensemble.native.argument_packing import layout_of, pack_arguments
from sim.ensemble.native.kernels import device_function, kernel

Floats = NDArray[np.float64]
POINT = np.dtype([("x", np.int64), ("y", np.float64)])


class Inner(NamedTuple):
    """Tuple within another, as in the engine."""

    grid: Floats
    number: int


class Outer(NamedTuple):
    """Tuple as in the engine: one of each type that can be packed."""

    points: NDArray[np.void]
    inner: Inner
    half: float
    word: np.uint64
    into: Floats


@device_function
def _weighed(inner: Inner, row: int) -> float:
    total = 0.0
    for place in range(inner.grid.shape[1]):
        total += inner.grid[row, place]
    return total * inner.number


@kernel
def gather(outer: Outer, least: int) -> int:
    """Write down something of all that is there; return how many points are at or above `least`."""
    found = 0
    for k in range(len(outer.points)):
        found += outer.points[k].x >= least
        outer.points[k].y += outer.half
    for row in range(outer.inner.grid.shape[0]):
        outer.into[row] = _weighed(outer.inner, row)
    outer.into[len(outer.into) - 1] = outer.word >> np.uint64(60)
    return found


def outer(rows: int, places: int) -> Outer:
    points = np.zeros(4, dtype=POINT)
    points["x"] = -3, -2, 5, 2**40
    grid = np.arange(rows * places, dtype=float).reshape(rows, places)
    return Outer(points, Inner(grid, 7), 0.5, np.uint64(2**64 - 1), np.zeros(rows + 1))


@pytest.mark.parametrize(("rows", "places"), [(1, 1), (3, 4), (5, 0)])
def test_compiled_code_sees_what_python_handed_over(rows: int, places: int) -> None:
    given = outer(rows, places)
    assert gather(given, -2) == 3
    assert given.points["y"].tolist() == [0.5] * 4
    assert given.into.tolist() == [*(7.0 * given.inner.grid.sum(axis=1)), 15.0]
    assert gather(given, 2**41) == 0


def test_an_array_that_does_not_lie_in_order_of_rows_is_refused() -> None:
    given = outer(3, 4)
    turned = given._replace(inner=given.inner._replace(grid=given.inner.grid.T))
    with pytest.raises(TypeError, match="in order of rows alone"):
        gather(turned, 0)


@pytest.mark.parametrize("value", ["text", None, [1.0], {"a": 1}])
def test_what_is_neither_an_array_nor_a_number_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match=re.escape(f"not {type(value).__name__}")):
        pack_arguments([value])


def test_the_same_nouns_are_laid_out_alike_whatever_their_sizes_and_others_are_not() -> None:
    given = [outer(*shape) for shape in ((1, 1), (3, 4))]
    given.append(given[0]._replace(into=np.zeros(2, dtype=np.int64)))
    layouts = [layout_of(["outer"], [each]) for each in given]
    forms = [pack_arguments([each])[1] for each in given]
    assert layouts[0] == layouts[1] != layouts[2]
    assert forms[0] == forms[1] != forms[2]
