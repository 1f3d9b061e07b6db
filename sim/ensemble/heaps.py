"""Binary heaps of (second, place) for compiled code.

A heap is an array of rows (second, place), ordered by second, then place. Row 0 holds the number of items,
row 1 the smallest; rows 2 i and 2 i + 1 are the children of row i.
"""

from __future__ import annotations

import numpy as np

from sim.ensemble.native.kernels import device_function
from sim.ensemble.scenario_tables import Ints


def make_heap(most: int) -> Ints:
    """Return an empty heap with room for `most` items; without room if `most` is negative."""
    return np.empty((max(most, 0) + 1, 2), dtype=np.int64)


@device_function
def fill_heap(heap: Ints, count: int, second: int) -> None:
    """Fill the heap with places 0 to `count` - 1, all with the same second."""
    heap[0, 0] = count
    for place in range(count):
        heap[place + 1, 0], heap[place + 1, 1] = second, place


@device_function
def push(heap: Ints, second: int, place: int) -> None:
    """Insert an item."""
    heap[0, 0] += 1
    at = heap[0, 0]
    while at > 1 and not _is_before(heap, at // 2, second, place):
        heap[at, 0], heap[at, 1] = heap[at // 2, 0], heap[at // 2, 1]
        at //= 2
    heap[at, 0], heap[at, 1] = second, place


@device_function
def replace_first(heap: Ints, second: int, place: int) -> None:
    """Replace the smallest item by another."""
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
    """Remove the smallest item."""
    last = heap[0, 0]
    heap[0, 0] = last - 1
    replace_first(heap, heap[last, 0], heap[last, 1])


@device_function
def _is_before(heap: Ints, at: int, second: int, place: int) -> bool:
    return heap[at, 0] < second or (heap[at, 0] == second and heap[at, 1] < place)  # type: ignore[no-any-return]
