"""Buffer pool: arrays of a block are reused only after their last reference is gone."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from sim import simulate
from sim.ensemble.arrays import DOUBLES_PER_CACHE_LINE, cache_friendly_length
from sim.ensemble.buffer_pool import CHUNK_DOUBLES, MIN_DOUBLES, BufferPool
from sim.ensemble.engine import BLOCK_BYTES, MAX_RUNS_PER_BATCH, MIN_RUNS_PER_BATCH, runs_per_batch
from sim.ensemble.lowering import lower
from sim.ensemble.scenario_tables import Plan


def place(array: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> int:
    return int(array.__array_interface__["data"][0])


def test_what_somebody_has_is_not_lent_again() -> None:
    shelf = BufferPool()
    one, other = shelf.empty((2, MIN_DOUBLES)), shelf.empty((2, MIN_DOUBLES))
    one[:], other[:] = 1.0, 2.0
    assert not np.shares_memory(one, other)
    assert (one == 1.0).all()


def test_what_nobody_has_serves_again() -> None:
    shelf = BufferPool()
    first = shelf.empty((2, MIN_DOUBLES))
    before = place(first)
    del first
    # Of the same size, whatever its shape.
    assert place(shelf.empty((MIN_DOUBLES, 2))) == before


def test_a_view_keeps_the_whole_from_being_lent_again() -> None:
    shelf = BufferPool()
    lent = shelf.empty((4, MIN_DOUBLES))
    before, view = place(lent), lent[2:].T[::2]
    view[:] = 7.0
    del lent
    shelf.empty((4, MIN_DOUBLES))[:] = 0.0
    assert (view == 7.0).all()
    del view
    assert before in {place(shelf.empty((4, MIN_DOUBLES))), place(shelf.empty((4, MIN_DOUBLES)))}


def test_what_is_forgotten_is_free_and_what_is_lent_is_so_later() -> None:
    shelf = BufferPool()
    tracemalloc.start()
    try:
        waiting, lent = shelf.empty((CHUNK_DOUBLES,)), shelf.empty((2 * CHUNK_DOUBLES,))
        del waiting
        before, _ = tracemalloc.get_traced_memory()
        shelf.release_all()
        between, _ = tracemalloc.get_traced_memory()
        del lent
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert before - between >= 8 * CHUNK_DOUBLES
    assert between - after >= 2 * 8 * CHUNK_DOUBLES


def test_threads_that_take_at_once_have_memory_of_their_own_in_whole_lines() -> None:
    shelf = BufferPool()
    sizes = [(1 + number % 3, MIN_DOUBLES + number) for number in range(60)] + [
        (3, 5),
        (0, 7),
        (CHUNK_DOUBLES + 1, 1),
    ]
    with ThreadPoolExecutor(8) as threads:
        lent = list(threads.map(shelf.empty, sizes))
    assert [array.shape for array in lent] == sizes
    assert all(place(array) % (DOUBLES_PER_CACHE_LINE * array.itemsize) == 0 for array in lent if array.size)
    taken = sorted((place(array), place(array) + array.nbytes) for array in lent)
    assert all(end <= begin for (_, end), (begin, _) in pairwise(taken))


def plan_of(depots: int) -> Plan:
    """Return a plan of ten years in which each depot has a line and a front."""
    names = [f"d{number}" for number in range(depots)]
    plain = {
        "schema": 1,
        "start": dt.date(2023, 1, 1).isoformat(),
        "end": dt.date(2033, 1, 1).isoformat(),
        "depots": {name: {"stock": 1} for name in names},
        "production": {f"line-{name}": {"rate": "1/day", "to": name} for name in names},
        "consumption": {f"front-{name}": {"rate": "1/day", "at": name} for name in names},
    }
    return lower(simulate.as_scenario(plain))


def test_a_block_of_many_depots_has_fewer_runs_and_stays_within_its_bytes() -> None:
    sizes = {depots: runs_per_batch(plan_of(depots)) for depots in (1, 8, 400)}
    assert sizes[1] == MAX_RUNS_PER_BATCH
    assert MIN_RUNS_PER_BATCH < sizes[8] < MAX_RUNS_PER_BATCH
    # Levels, plans, production, requirement, fire and unmet requirement, of 8 bytes a day.
    assert 8 * 6 * 8 * 3653 * sizes[8] <= BLOCK_BYTES < 8 * 6 * 8 * 3653 * (sizes[8] + MIN_RUNS_PER_BATCH)
    assert sizes[400] == MIN_RUNS_PER_BATCH


def test_a_row_of_days_is_the_shortest_odd_multiple_of_four_that_holds_them() -> None:
    # Vectors of four doubles fill it; as 4, 12, 20 and so on it is no power of two above 4.
    for days in range(1, 2_000):
        assert cache_friendly_length(days) == next(each for each in range(days, days + 8) if each % 8 == 4)
