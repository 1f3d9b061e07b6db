"""Memory of a block serves the next one when nobody has it any more, and never before."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from sim import simulate
from sim.ensemble.arrays import LINE
from sim.ensemble.engine import AT_A_TIME, BLOCK_BYTES, FEWEST_AT_A_TIME, at_a_time
from sim.ensemble.lowered import Plan
from sim.ensemble.lowering import lower
from sim.ensemble.shelf import LEAST, PIECE, Shelf


def place(array: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> int:
    return int(array.__array_interface__["data"][0])


def test_what_somebody_has_is_not_lent_again() -> None:
    shelf = Shelf()
    one, other = shelf.empty((2, LEAST)), shelf.empty((2, LEAST))
    one[:], other[:] = 1.0, 2.0
    assert not np.shares_memory(one, other)
    assert (one == 1.0).all()


def test_what_nobody_has_serves_again() -> None:
    shelf = Shelf()
    first = shelf.empty((2, LEAST))
    before = place(first)
    del first
    # Of the same size, whatever its shape.
    assert place(shelf.empty((LEAST, 2))) == before


def test_a_view_keeps_the_whole_from_being_lent_again() -> None:
    shelf = Shelf()
    lent = shelf.empty((4, LEAST))
    before, view = place(lent), lent[2:].T[::2]
    view[:] = 7.0
    del lent
    shelf.empty((4, LEAST))[:] = 0.0
    assert (view == 7.0).all()
    del view
    assert before in {place(shelf.empty((4, LEAST))), place(shelf.empty((4, LEAST)))}


def test_what_is_forgotten_is_free_and_what_is_lent_is_so_later() -> None:
    shelf = Shelf()
    tracemalloc.start()
    try:
        waiting, lent = shelf.empty((PIECE,)), shelf.empty((2 * PIECE,))
        del waiting
        before, _ = tracemalloc.get_traced_memory()
        shelf.forget()
        between, _ = tracemalloc.get_traced_memory()
        del lent
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert before - between >= 8 * PIECE
    assert between - after >= 2 * 8 * PIECE


def test_threads_that_take_at_once_have_memory_of_their_own_in_whole_lines() -> None:
    shelf = Shelf()
    sizes = [(1 + number % 3, LEAST + number) for number in range(60)] + [(3, 5), (0, 7), (PIECE + 1, 1)]
    with ThreadPoolExecutor(8) as threads:
        lent = list(threads.map(shelf.empty, sizes))
    assert [array.shape for array in lent] == sizes
    assert all(place(array) % (LINE * array.itemsize) == 0 for array in lent if array.size)
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
    return lower(simulate.scenario_of(plain))


def test_a_block_of_many_depots_has_fewer_runs_and_stays_within_its_bytes() -> None:
    sizes = {depots: at_a_time(plan_of(depots)) for depots in (1, 8, 400)}
    assert sizes[1] == AT_A_TIME
    assert FEWEST_AT_A_TIME < sizes[8] < AT_A_TIME
    # Levels, plans, and what was produced, required, fired and unmet, of 8 bytes a day.
    assert 8 * 6 * 8 * 3653 * sizes[8] <= BLOCK_BYTES < 8 * 6 * 8 * 3653 * (sizes[8] + FEWEST_AT_A_TIME)
    assert sizes[400] == FEWEST_AT_A_TIME
