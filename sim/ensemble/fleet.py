"""One leg of a route, compiled: the twin of `sim.model.fleet` (rules 20 to 25).

The simpy model looks at a fleet whenever something happens. Here the next start of loading is worked out
at once: it waits for a vehicle, a berth, cargo, and an open leg, whichever comes last. Nothing that a
voyage does can bring cargo or a vehicle sooner than an hour after its start, so starts come in order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.arrays import longer, stand_apart
from sim.ensemble.draws import AT_A_TIME, occurrences, seconds
from sim.ensemble.jit import inlined, making
from sim.ensemble.lowered import Laws, Record

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_VOYAGES = 1_000_000
SHORTEST_TRAVEL = 3600
#: As of the simpy model: what a load may lack and still be full.
FULL = 1.0 - 1e-9
NEVER = np.int64(2**62)


class Feed(NamedTuple):
    """What comes to a quay, in order of time, and what there is to begin with.

    Attributes
    ----------
    second : array
    cargo, growth : array
        What is added to what waits, and to what the supplier can still part with.
    waits, left : float
        Infinite where the quay never lacks cargo, and without a reserve.
    grows : int
        1 where the supplier makes more, else 0.
    """

    second: Ints
    cargo: Floats
    growth: Floats
    waits: float
    left: float
    grows: int


class Window(NamedTuple):
    """When loading may start: in [opens, closes), but not while one of the closures [begin, end) lasts."""

    opens: int
    closes: int
    begin: Ints
    end: Ints


class Voyages(NamedTuple):
    """The voyages of a leg in one run, by number.

    Attributes
    ----------
    departed, arrived : array
        Seconds; not before the end of the run where not reached.
    vehicle : array
    cargo : array
    number : array
        Its number, or the day of a lot.
    count : int
    waits : float
        What is at the quay at the end.
    """

    departed: Ints
    arrived: Ints
    vehicle: Ints
    cargo: Floats
    number: Ints
    count: int
    waits: float


@making
def sail(
    laws: Laws,
    leg: Record,
    capacity: float,
    feed: Feed,
    window: Window,
    seed: np.uint64,
    run: np.uint64,
    horizon: int,
) -> Voyages:
    """Return the voyages of a leg; more than `MOST_VOYAGES` where there are too many."""
    stand_apart()
    hired = leg.vehicles < 0
    waiting, home = _queue(leg.vehicles, window.opens), leg.vehicles
    loading, unloading = _queue(leg.berths, 0), _queue(leg.unloading_berths, 0)
    coming, on_way = np.empty((16, 5), dtype=np.int64), 0
    departed, arrived = np.empty(64, dtype=np.int64), np.empty(64, dtype=np.int64)
    vehicles, cargoes = np.empty(64, dtype=np.int64), np.empty(64)
    drawn = np.empty((5, AT_A_TIME))
    waits, left = feed.waits, feed.left
    came, number = 0, 0
    now = np.int64(window.opens)
    while True:
        if leg.berths >= 0:
            now = max(now, loading[0, 0])
        now = _opening(now, window)
        if not hired:
            # Who reaches the far end by now may be home again, or hold up others there.
            while on_way > 0 and coming[0, 0] <= now:
                home = _unload(coming, on_way, unloading, arrived, waiting, home)
                on_way -= 1
            back_at = waiting[0, 0] if home > 0 else NEVER
            if back_at > now:
                now = back_at if on_way == 0 else min(back_at, coming[0, 0])
                if now >= horizon:
                    break
                continue
        if now >= window.closes or now >= horizon:
            break
        while came < len(feed.second) and feed.second[came] <= now:
            waits += feed.cargo[came]
            left += feed.growth[came]
            came += 1
        cargo = _load_of(waits, left, capacity, feed.grows, leg.full)
        if cargo <= 0.0:
            if came == len(feed.second):
                break
            now = feed.second[came]
            continue
        if number == MOST_VOYAGES:
            number += 1
            break
        waits -= cargo
        left -= cargo
        if number == len(departed):
            departed, arrived, vehicles = longer(departed), longer(arrived), longer(vehicles)
            cargoes = longer(cargoes)
        place = number % AT_A_TIME
        if place == 0:
            quantities = leg.load, leg.travel, leg.unload, leg.back
            for k in range(3 if hired else 4):
                occurrences(laws, quantities[k], seed, run, number, drawn[k], drawn[4])
        leaves = now + seconds(drawn[0, place])
        there = leaves + max(SHORTEST_TRAVEL, seconds(drawn[1, place]))
        unload = seconds(drawn[2, place])
        departed[number], cargoes[number], vehicles[number] = leaves, cargo, -1
        if leg.berths >= 0 and leaves > now:
            _replace(loading, leg.berths, leaves, 0)
        back, vehicle = np.int64(0), np.int64(-1)
        if not hired:
            vehicle = waiting[0, 1]
            vehicles[number] = vehicle
            back = max(SHORTEST_TRAVEL, seconds(drawn[3, place]))
        if leg.unloading_berths < 0:
            arrived[number] = there + unload
            if not hired:
                _replace(waiting, home, there + unload + back, vehicle)
        else:
            if not hired:
                home -= 1
                _replace(waiting, home, waiting[home, 0], waiting[home, 1])
            if on_way == len(coming):
                coming = _more(coming)
            _set_out(coming, on_way, (there, np.int64(number), unload, back, vehicle))
            on_way += 1
        number += 1
    while on_way > 0:
        home = _unload(coming, on_way, unloading, arrived, waiting, home)
        on_way -= 1
    while came < len(feed.second):
        waits += feed.cargo[came]
        came += 1
    numbers = np.empty(number, dtype=np.int64)
    for n in range(number):
        numbers[n] = n
    return Voyages(departed, arrived, vehicles, cargoes, numbers, number, waits)


@inlined
def _load_of(waits: float, left: float, capacity: float, grows: int, full_only: int) -> float:
    """Return what the next vehicle would load; 0 where it waits."""
    at_hand = min(waits, left)
    if at_hand >= capacity * FULL:
        return capacity if at_hand > capacity * (2.0 - FULL) else at_hand
    short = left < waits * FULL if grows else left <= waits
    lacking = grows if short else full_only
    return 0.0 if lacking else at_hand


@inlined
def _opening(now: int, window: Window) -> int:
    """Return the first second from `now` on that no closure covers."""
    moved = True
    while moved:
        moved = False
        for shut in range(len(window.begin)):
            if window.begin[shut] <= now < window.end[shut]:
                now = window.end[shut]
                moved = True
    return now


@inlined
def _unload(coming: Ints, on_way: int, unloading: Ints, arrived: Ints, waiting: Ints, home: int) -> int:
    """Let the first on its way unload as soon as a berth is free; return how many are or will be home."""
    stand_apart()
    there, number, unload, back, vehicle = (
        coming[0, 0],
        coming[0, 1],
        coming[0, 2],
        coming[0, 3],
        coming[0, 4],
    )
    ends = max(there, unloading[0, 0]) + unload
    if unload > 0:
        _replace(unloading, len(unloading), ends, 0)
    arrived[number] = ends
    last = on_way - 1
    _sink(coming, last, (coming[last, 0], coming[last, 1], coming[last, 2], coming[last, 3], coming[last, 4]))
    if vehicle >= 0:
        _rise(waiting, home, ends + back, vehicle)
        home += 1
    return home


@making
def _queue(places: int, second: int) -> Ints:
    """Return a heap of (second, place), the earliest first; empty where `places` is not counted."""
    queue = np.empty((max(places, 1), 2), dtype=np.int64)
    for place in range(max(places, 1)):
        queue[place, 0], queue[place, 1] = second, place
    return queue


@inlined
def _replace(queue: Ints, count: int, second: int, place: int) -> None:
    """Put (second, place) where the first of a heap was."""
    at = 0
    while 2 * at + 1 < count:
        child = 2 * at + 1
        if child + 1 < count and _before(queue, child + 1, queue[child, 0], queue[child, 1]):
            child += 1
        if not _before(queue, child, second, place):
            break
        queue[at, 0], queue[at, 1] = queue[child, 0], queue[child, 1]
        at = child
    queue[at, 0], queue[at, 1] = second, place


@inlined
def _rise(queue: Ints, count: int, second: int, place: int) -> None:
    """Put (second, place) into a heap of `count`."""
    at = count
    while at > 0 and not _before(queue, (at - 1) // 2, second, place):
        above = (at - 1) // 2
        queue[at, 0], queue[at, 1] = queue[above, 0], queue[above, 1]
        at = above
    queue[at, 0], queue[at, 1] = second, place


@inlined
def _before(queue: Ints, at: int, second: int, place: int) -> bool:
    return queue[at, 0] < second or (queue[at, 0] == second and queue[at, 1] < place)  # type: ignore[no-any-return]


@inlined
def _set_out(coming: Ints, count: int, voyage: tuple[int, int, int, int, int]) -> None:
    """Put a voyage into the heap of those on their way."""
    at = count
    while at > 0 and not _before(coming, (at - 1) // 2, voyage[0], voyage[1]):
        above = (at - 1) // 2
        for k in range(5):
            coming[at, k] = coming[above, k]
        at = above
    _put(coming, at, voyage)


@inlined
def _sink(coming: Ints, count: int, voyage: tuple[int, int, int, int, int]) -> None:
    """Put a voyage where the first of those on their way was."""
    at = 0
    while 2 * at + 1 < count:
        child = 2 * at + 1
        if child + 1 < count and _before(coming, child + 1, coming[child, 0], coming[child, 1]):
            child += 1
        if not _before(coming, child, voyage[0], voyage[1]):
            break
        for k in range(5):
            coming[at, k] = coming[child, k]
        at = child
    _put(coming, at, voyage)


@inlined
def _put(coming: Ints, at: int, voyage: tuple[int, int, int, int, int]) -> None:
    for k in range(5):
        coming[at, k] = voyage[k]


@making
def _more(rows: Ints) -> Ints:
    more = np.empty((2 * len(rows), rows.shape[1]), dtype=np.int64)
    for i in range(len(rows)):
        for k in range(rows.shape[1]):
            more[i, k] = rows[i, k]
    return more
