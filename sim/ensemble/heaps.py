"""Heaps, compiled: what comes first of what is still to come.

A heap is an array of rows (second, place), the earliest first and of these the lowest place. Row 0 holds how
many there are, row 1 the first; rows 2 i and 2 i + 1 do not come before row i.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.native.kernels import device_function

Ints = NDArray[np.int64]


def make_heap(most: int) -> Ints:
    """Return a heap with room for `most`; none where they are not counted."""
    return np.empty((max(most, 0) + 1, 2), dtype=np.int64)


@device_function
def fill_heap(heap: Ints, count: int, second: int) -> None:
    """Begin with places 0 to `count` - 1, all of one second."""
    heap[0, 0] = count
    for place in range(count):
        heap[place + 1, 0], heap[place + 1, 1] = second, place


@device_function
def push(heap: Ints, second: int, place: int) -> None:
    """Put in one more."""
    heap[0, 0] += 1
    at = heap[0, 0]
    while at > 1 and not _is_before(heap, at // 2, second, place):
        heap[at, 0], heap[at, 1] = heap[at // 2, 0], heap[at // 2, 1]
        at //= 2
    heap[at, 0], heap[at, 1] = second, place


@device_function
def replace_first(heap: Ints, second: int, place: int) -> None:
    """Take out the first and put in another."""
    at, count = 1, heap[0, 0]
    while 2 * at <= count:
        child = 2 * at
        if child < count and _is_before(heap, child + 1, heap[child, 0], heap[child, 1]):
            child += 1
        if not _is_before(heap, child, second, place):
            break
        heap[at, 0], heap[at, 1] = heap[child, 0], heap[child, 1]
        at = child
    heap[at, 0], heap[at, 1] = second, place


@device_function
def pop(heap: Ints) -> None:
    """Take out the first."""
    last = heap[0, 0]
    heap[0, 0] = last - 1
    replace_first(heap, heap[last, 0], heap[last, 1])


@device_function
def _is_before(heap: Ints, at: int, second: int, place: int) -> bool:
    return heap[at, 0] < second or (heap[at, 0] == second and heap[at, 1] < place)  # type: ignore[no-any-return]
