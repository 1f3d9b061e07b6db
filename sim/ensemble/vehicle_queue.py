"""Vehicles of a fleet by the time of their return, for compiled code.

A small fleet is a sorted list: a vehicle returns after most of those that left before it, so that it is
entered near the end. A large one is a heap (`heaps`), whose cost does not depend on the spread of voyages.
Both are arrays of rows (second, place) in the same order: by second, then place. Row 0 of a list holds its
first row and the row after its last one.
"""

from __future__ import annotations

import numpy as np

from sim.ensemble.heaps import fill_heap, make_heap, pop, push
from sim.ensemble.native.kernels import device_function, inline
from sim.ensemble.scenario_tables import Ints

#: Most vehicles of a sorted list: to enter one at its front costs as much as a few operations of a heap.
MAX_SORTED_VEHICLES = 512


def make_queue(vehicles: int) -> Ints:
    """Return an empty queue with room for a fleet; without room if `vehicles` is negative."""
    if vehicles > MAX_SORTED_VEHICLES:
        return make_heap(vehicles)
    # Twice the room, so that rows move to the front only once in as many entries as there are vehicles.
    return np.empty((2 * max(vehicles, 0) + 1, 2), dtype=np.int64)


@device_function
def fill_queue(queue: Ints, vehicles: int, second: int) -> None:
    """Fill the queue with all vehicles of a fleet, which wait from the same second on."""
    fill_heap(queue, vehicles, second)
    if vehicles <= MAX_SORTED_VEHICLES:
        queue[0, 0], queue[0, 1] = 1, vehicles + 1


@inline
def first_row(queue: Ints, vehicles: int) -> int:
    """Return the row of the vehicle that waits longest; -1 if there is none."""
    if vehicles > MAX_SORTED_VEHICLES:
        return 1 if queue[0, 0] > 0 else -1
    return queue[0, 0] if queue[0, 0] < queue[0, 1] else -1


@device_function
def remove_first(queue: Ints, vehicles: int) -> None:
    """Remove the vehicle that waits longest."""
    if vehicles > MAX_SORTED_VEHICLES:
        pop(queue)
    else:
        queue[0, 0] += 1


@device_function
def enter(queue: Ints, vehicles: int, second: int, place: int) -> None:
    """Enter the return of a vehicle."""
    if vehicles > MAX_SORTED_VEHICLES:
        push(queue, second, place)
        return
    if queue[0, 1] == len(queue):
        first = queue[0, 0]
        for row in range(first, queue[0, 1]):
            queue[row - first + 1, 0], queue[row - first + 1, 1] = queue[row, 0], queue[row, 1]
        queue[0, 0], queue[0, 1] = 1, queue[0, 1] - first + 1
    row, first = queue[0, 1], queue[0, 0]
    while row > first and (
        queue[row - 1, 0] > second or (queue[row - 1, 0] == second and queue[row - 1, 1] > place)
    ):
        queue[row, 0], queue[row, 1] = queue[row - 1, 0], queue[row - 1, 1]
        row -= 1
    queue[row, 0], queue[row, 1] = second, place
    queue[0, 1] += 1
