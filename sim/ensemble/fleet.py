"""Fleet of one leg of a route (rules 20 to 25). Compiled twin of `sim.model.fleet`.

The simpy model is event-driven. This one computes the next start of loading directly: the latest of when a
vehicle waits, a berth is free, cargo is there and the leg is open. A voyage takes at least an hour, so
starts are in order.

Kernels allocate nothing: if a run needs more room, the caller enlarges the arrays and calls again.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.ensemble.arrays import ZERO
from sim.ensemble.device_formulas import full_load_or_rest, to_seconds
from sim.ensemble.heaps import fill_heap, make_heap, pop, push, replace_first
from sim.ensemble.inverse_cdf import SCRATCH_ROWS, UNIFORMS_PER_BATCH, apply_inverse
from sim.ensemble.native.kernels import device_function, inline, kernel
from sim.ensemble.philox import uniforms
from sim.ensemble.scenario_tables import Floats, Ints, LawTables, Record, Records, Runs
from sim.ensemble.vehicle_queue import enter, fill_queue, first_row, make_queue, remove_first
from sim.ensemble.voyages import CargoQueue, VoyageRoom, settle_voyages, write_landings
from sim.formulas import MIN_TRAVEL_SECONDS
from sim.scenario.laws import FIXED
from sim.units import SECONDS_PER_DAY

NEVER: Any = np.int64(2**62)
#: Returned instead of the number of voyages if there is not enough room.
TOO_MANY: Any = np.int64(-1)


class LoadingWindow(NamedTuple):
    """Period in which loading may start in each run: [opens, closes) without the events that close the leg.

    Attributes
    ----------
    opens, closes : array, shape (runs,)
    closed : array
        Events that close the leg.
    first, begin, end, strength : array
        See `EventWindows`.
    """

    opens: Ints
    closes: Ints
    closed: Ints
    first: Ints
    begin: Ints
    end: Ints
    strength: Floats


class FleetState(NamedTuple):
    """State of vehicles and berths in a run.

    Attributes
    ----------
    waiting : array
        Vehicles by time of return (`vehicle_queue`).
    loading, unloading : array
        Heaps: loading and unloading berths by the time at which they are free.
    coming : array
        Heap of voyages by arrival at the far end, if unloading berths are limited.
    lasts : array, shape (4, UNIFORMS_PER_BATCH)
        Drawn durations in seconds: load, travel, unload, return.
    drawn, spare : array
        Scratch for the draws.
    """

    waiting: Ints
    loading: Ints
    unloading: Ints
    coming: Ints
    lasts: Ints
    drawn: Floats
    spare: Floats


def make_fleet(leg: Record, most: int) -> FleetState:
    """Allocate the state of a fleet, with room for `most` voyages."""
    return FleetState(
        waiting=make_queue(leg["vehicles"]),
        loading=make_heap(leg["berths"]),
        unloading=make_heap(leg["unloading_berths"]),
        coming=make_heap(most),
        lasts=np.empty((4, UNIFORMS_PER_BATCH), dtype=np.int64),
        drawn=np.empty(UNIFORMS_PER_BATCH),
        spare=np.empty((SCRATCH_ROWS, UNIFORMS_PER_BATCH)),
    )


@kernel
def run_leg(
    laws: LawTables,
    legs: Records,
    row: int,
    later: int,
    lands: int,
    capacity: Floats,
    quay: CargoQueue,
    season: LoadingWindow,
    seed: np.uint64,
    runs: Runs,
    fleet: FleetState,
    room: VoyageRoom,
    place: int,
    end: int,
) -> int:
    """Simulate a leg in runs `place` to `end` - 1; return the first run without enough room.

    `later` is 0 for the first leg of a route, else 1. `lands` is 1 for the last leg if its arrivals are
    added up by day, else 0.
    """
    leg = legs[row]
    while place < end:
        count = _run_voyages(laws, leg, capacity[place], quay, season, seed, runs[place], fleet, room, place)
        if not settle_voyages(room, place, count, later, lands):
            break
        if lands:
            write_landings(room, place)
        place += 1
    return place


@device_function
def _run_voyages(
    laws: LawTables,
    leg: Record,
    capacity: float,
    quay: CargoQueue,
    season: LoadingWindow,
    seed: np.uint64,
    run: np.uint64,
    fleet: FleetState,
    room: VoyageRoom,
    place: int,
) -> int:
    """Simulate the voyages of a run; return their number, or `TOO_MANY` without enough room."""
    horizon = SECONDS_PER_DAY * len(room.head)
    closes = min(season.closes[place], horizon)
    waits, left = quay.waits, quay.left[place]
    came, last = quay.first[place], quay.first[place + 1]
    now, number = season.opens[place], ZERO
    _reset_fleet(leg, fleet, now)
    while True:
        now = _next_start(leg, fleet, season, place, room.voyages, now, closes)
        if now >= closes:
            break
        while came < last and quay.rows[came].second <= now:
            waits += quay.rows[came].cargo
            left += quay.rows[came].growth
            came += 1
        cargo = full_load_or_rest(waits, left, capacity, quay.grows, leg.full)
        if cargo <= 0.0:
            if came == last:
                break
            now = quay.rows[came].second
            continue
        if number == len(room.voyages):
            return TOO_MANY  # type: ignore[no-any-return]
        waits -= cargo
        left -= cargo
        if number % UNIFORMS_PER_BATCH == 0:
            _draw_durations(laws, leg, seed, run, number, fleet)
        room.voyages[number].cargo = cargo
        _depart(leg, fleet, room.voyages[number], number, now)
        number += 1
    while fleet.coming[0, 0] > 0:
        _unload(leg, fleet, room.voyages)
    while came < last:
        waits += quay.rows[came].cargo
        came += 1
    room.waits[place] = waits
    return number  # type: ignore[no-any-return]


@inline
def _reset_fleet(leg: Record, fleet: FleetState, second: int) -> None:
    """Reset: all vehicles wait at the start of the leg, and all berths are free."""
    fill_queue(fleet.waiting, max(0, leg.vehicles), second)
    fill_heap(fleet.loading, max(0, leg.berths), 0)
    fill_heap(fleet.unloading, max(0, leg.unloading_berths), 0)
    fleet.coming[0, 0] = 0


@inline
def _next_start(
    leg: Record, fleet: FleetState, season: LoadingWindow, place: int, voyages: Records, now: int, closes: int
) -> int:
    """Return the first second from `now` on with a vehicle, a berth and an open leg."""
    while True:
        if leg.berths >= 0:
            now = max(now, fleet.loading[1, 0])
        now = _next_open(season, place, now)
        if leg.vehicles < 0:
            return now
        # Vehicles that have reached the far end by now may be back already, or occupy a berth there.
        while fleet.coming[0, 0] > 0 and fleet.coming[1, 0] <= now:
            _unload(leg, fleet, voyages)
        first = first_row(fleet.waiting, leg.vehicles)
        back = fleet.waiting[first, 0] if first > 0 else NEVER
        if back <= now or now >= closes:
            return now
        now = min(back, fleet.coming[1, 0]) if fleet.coming[0, 0] > 0 else back


@inline
def _next_open(season: LoadingWindow, place: int, now: int) -> int:
    """Return the first second from `now` on at which no event closes the leg."""
    moved = len(season.closed) > 0
    while moved:
        moved = False
        for c in range(len(season.closed)):
            at = season.closed[c] * len(season.opens) + place
            # Windows of one event do not overlap, so the last one that has begun decides: bisect for it.
            low, high = season.first[at], season.first[at + 1]
            while low < high:
                middle = (low + high) // 2
                if season.begin[middle] <= now:
                    low = middle + 1
                else:
                    high = middle
            w = low - 1
            if w >= season.first[at] and season.strength[w] > 0.0 and now < season.end[w]:
                now, moved = season.end[w], True
    return now


@inline
def _draw_durations(
    laws: LawTables, leg: Record, seed: np.uint64, run: np.uint64, number: int, fleet: FleetState
) -> None:
    """Draw the durations of a batch of voyages, from `number` on."""
    quantities = leg.load, leg.travel, leg.unload, leg.back
    least = 0, MIN_TRAVEL_SECONDS, 0, MIN_TRAVEL_SECONDS
    for k in range(3 if leg.vehicles < 0 else 4):
        quantity = laws.quantities[quantities[k]]
        if quantity.law != FIXED:
            uniforms(seed, quantity.stream, run, number // 4, fleet.drawn)
        elif number > 0:
            continue
        apply_inverse(laws, quantities[k], fleet.drawn, fleet.spare)
        for i in range(UNIFORMS_PER_BATCH):
            fleet.lasts[k, i] = max(least[k], to_seconds(fleet.drawn[i]))


@inline
def _depart(leg: Record, fleet: FleetState, voyage: Record, number: int, now: int) -> None:
    """Start a voyage with the vehicle that has waited longest."""
    lasts, n = fleet.lasts, number % UNIFORMS_PER_BATCH
    leaves = now + lasts[0, n]
    there = leaves + lasts[1, n]
    voyage.number, voyage.departed, voyage.vehicle = number, leaves, -1
    if leg.berths >= 0 and leaves > now:
        replace_first(fleet.loading, leaves, 0)
    if leg.vehicles >= 0:
        voyage.vehicle = fleet.waiting[first_row(fleet.waiting, leg.vehicles), 1]
        remove_first(fleet.waiting, leg.vehicles)
    if leg.unloading_berths < 0:
        voyage.arrived = there + lasts[2, n]
        if leg.vehicles >= 0:
            enter(fleet.waiting, leg.vehicles, voyage.arrived + lasts[3, n], voyage.vehicle)
        return
    voyage.unload, voyage.back = lasts[2, n], lasts[3, n]
    push(fleet.coming, there, number)


@device_function
def _unload(leg: Record, fleet: FleetState, voyages: Records) -> None:
    """Unload the first arriving vehicle as soon as a berth is free."""
    voyage = voyages[fleet.coming[1, 1]]
    ends = max(fleet.coming[1, 0], fleet.unloading[1, 0]) + voyage.unload
    pop(fleet.coming)
    voyage.arrived = ends
    if voyage.unload > 0:
        replace_first(fleet.unloading, ends, 0)
    if voyage.vehicle >= 0:
        enter(fleet.waiting, leg.vehicles, ends + voyage.back, voyage.vehicle)
