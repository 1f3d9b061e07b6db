"""The queue of vehicles against a sorted list of Python, for small fleets and for large ones."""

from __future__ import annotations

import bisect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.ensemble.native.kernels import kernel
from sim.ensemble.vehicle_queue import (
    MAX_SORTED_VEHICLES,
    enter,
    fill_queue,
    first_row,
    make_queue,
    remove_first,
)
from tests.support.scenario_strategies import example_settings

Ints = NDArray[np.int64]


@kernel
def voyages(queue: Ints, vehicles: int, lasts: Ints, start: int, seconds: Ints, places: Ints) -> None:
    """Send the vehicle that waits longest on voyages of given lengths; write who left, and from when on."""
    fill_queue(queue, vehicles, start)
    for n in range(len(lasts)):
        row = first_row(queue, vehicles)
        seconds[n], places[n] = queue[row, 0], queue[row, 1]
        remove_first(queue, vehicles)
        enter(queue, vehicles, seconds[n] + lasts[n], places[n])


def expected(vehicles: int, lasts: list[int], start: int) -> list[tuple[int, int]]:
    waiting = [(start, place) for place in range(vehicles)]
    left: list[tuple[int, int]] = []
    for last in lasts:
        second, place = waiting.pop(0)
        left.append((second, place))
        bisect.insort(waiting, (second + last, place))
    return left


def left_by(vehicles: int, lasts: list[int], start: int) -> list[tuple[int, int]]:
    seconds, places = np.zeros((2, len(lasts)), dtype=np.int64)
    voyages(make_queue(vehicles), vehicles, np.array(lasts, dtype=np.int64), start, seconds, places)
    return list(zip(seconds.tolist(), places.tolist(), strict=True))


@example_settings(100, 5_000)
@given(st.integers(1, 9), st.lists(st.integers(0, 12), max_size=60), st.integers(0, 5))
def test_who_waits_longest_leaves_first_and_ties_go_to_the_first_place(
    vehicles: int, lasts: list[int], start: int
) -> None:
    assert left_by(vehicles, lasts, start) == expected(vehicles, lasts, start)


@pytest.mark.parametrize("vehicles", [MAX_SORTED_VEHICLES, MAX_SORTED_VEHICLES + 1])
def test_a_list_and_a_heap_give_one_order(vehicles: int) -> None:
    lasts = np.random.default_rng(1).integers(0, 10_000, 3 * vehicles).tolist()
    assert left_by(vehicles, lasts, 7) == expected(vehicles, lasts, 7)
