"""Voyages and lots of a supplier, compiled: add up arrivals in order of time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.ensemble.arrays import ZERO, add_compensated
from sim.ensemble.device_formulas import arrival_second, lot_size
from sim.ensemble.native.kernels import device_function, inline, kernel
from sim.ensemble.scenario_tables import Floats, Ints, Records
from sim.units import SECONDS_PER_DAY

#: Runs whose landings are turned by day together: as many as fit a cache line.
RUNS_PER_GROUP = 8
#: A voyage, or the lot of a day. `arrived` is at or after the end for voyages still under way; `unload` and
#: `back` are durations in seconds; `following` is the next voyage that arrives on the same day.
VOYAGE_TYPE = np.dtype(
    [(name, np.int64) for name in ["departed", "arrived", "vehicle", "number", "unload", "back", "following"]]
    + [("cargo", np.float64)]
)
#: Cargo that arrives at a quay, the number of its voyage or day, and the growth of the reserve of its
#: supplier.
CARGO_TYPE = np.dtype(
    [("second", np.int64), ("number", np.int64), ("cargo", np.float64), ("growth", np.float64)]
)


class CargoQueue(NamedTuple):
    """Arrivals at a quay in each run, in order of time, and its opening cargo.

    Attributes
    ----------
    first : array, shape (runs + 1,)
        Offsets of the rows of each run.
    rows : record array of CARGO_TYPE
    waits : float
        Cargo at the quay at the start; infinite if the quay never lacks cargo.
    left : array, shape (runs,)
        Reserve of the supplier; infinite without one.
    grows : int
        1 if the reserve grows, else 0.
    """

    first: Ints
    rows: Records
    waits: float
    left: Floats
    grows: int


class VoyageRoom(NamedTuple):
    """Preallocated arrays for the voyages or lots of a supplier.

    Attributes
    ----------
    voyages : record array of VOYAGE_TYPE
        Voyages of the current run.
    counts : array, shape (runs,)
        Number of voyages; -1 if there was not enough room.
    waits : array, shape (runs,)
        Cargo at the quay at the end.
    first, rows : array
        Arrivals within the run, as in `CargoQueue`.
    head : array, shape (days,)
        Scratch: the first voyage that arrives on each day.
    all_each : array, shape (runs,)
        Shells per unit of cargo.
    each, serviceable : array, shape (munitions, runs)
        Shells of a munition per unit of cargo, and their serviceable share.
    landing : array, shape (munitions,)
        Rows of `landed`; -1 for none.
    landed : array, shape (2 * landings, RUNS_PER_GROUP, days or more)
        Shells landed by day in the current group of runs: serviceable ones, then rejected ones.
    landed_by_day : array, shape (2 * landings, days, runs)
        The same of all earlier groups.
    sums : array, shape (4, runs)
        Shells that left the first quay, and those that had not arrived by the end, each followed by its
        rounding error.
    """

    voyages: Records
    counts: Ints
    waits: Floats
    first: Ints
    rows: Records
    head: Ints
    all_each: Floats
    each: Floats
    serviceable: Floats
    landing: Ints
    landed: Floats
    landed_by_day: Floats
    sums: Floats


@kernel
def send_lots(quay: CargoQueue, leads: Ints, room: VoyageRoom, place: int, end: int) -> int:
    """Send each day's offer as one lot, in runs `place` to `end` - 1 (rule 19).

    `leads` has lead times in seconds, a column for each row of a run. Lots that left before the start do not
    reduce the reserve, and count if they arrive after it. Returns the first run without enough room.
    """
    while place < end:
        left, count, first = quay.left[place], 0, quay.first[place]
        for at in range(first, quay.first[place + 1]):
            offered = quay.rows[at]
            left += offered.growth
            arrived = arrival_second(offered.second, leads[place, at - first])
            early = offered.second < 0
            lot = offered.cargo if early else lot_size(offered.cargo, left)
            if lot > 0.0 and arrived >= 0:
                if not early:
                    left -= lot
                voyage = room.voyages[count]
                voyage.departed, voyage.number, voyage.vehicle = offered.second, offered.number, -1
                voyage.arrived = arrived
                voyage.cargo = lot
                count += 1
        room.waits[place] = 0.0
        if not settle_voyages(room, place, count, ZERO, ZERO):
            break
        place += 1
    return place


@device_function
def settle_voyages(room: VoyageRoom, place: int, count: int, later: int, lands: int) -> bool:
    """Add up the voyages of a run and enter their arrivals; return whether there was enough room."""
    room.counts[place] = count
    if count < 0 or (not lands and room.first[place] + count > len(room.rows)):
        return False
    alike = _sum_voyages(room, place, count, later)
    if lands and alike:
        _land_equal_cargoes(room, place, count)
        return True
    _chain_by_day(room.voyages, count, room.head)
    if lands:
        _land(room, place)
    else:
        _forward_cargo(room, place)
    return True


@device_function
def write_landings(room: VoyageRoom, place: int) -> None:
    """At the last run of a group, write its landings by day, and clear them for the next group."""
    runs, landings = room.landed_by_day.shape[2], len(room.landed) // 2
    if (place + 1) % RUNS_PER_GROUP == 0 or place + 1 == runs:
        for m in range(len(room.landing)):
            if room.landing[m] >= 0:
                for row in (room.landing[m], landings + room.landing[m]):
                    _turn_group(room.landed[row], room.landed_by_day[row], place)


@device_function
def _turn_group(by_run: Floats, by_day: Floats, last: int) -> None:
    """Write a group of runs, of which `last` is the last one, by day, and clear it."""
    first, days = last // RUNS_PER_GROUP * RUNS_PER_GROUP, len(by_day)
    if last - first + 1 == RUNS_PER_GROUP:
        # A constant number of runs, so that the loop over them is unrolled.
        for day in range(days):
            for run in range(RUNS_PER_GROUP):
                by_day[day, first + run] = by_run[run, day]
    else:
        for day in range(days):
            for run in range(last - first + 1):
                by_day[day, first + run] = by_run[run, day]
    for run in range(RUNS_PER_GROUP):
        for day in range(days):
            by_run[run, day] = 0.0


def skip_landings(room: VoyageRoom, place: int) -> None:
    """Do as `write_landings` if the last run of the group failed.

    In numpy: the self-test calls every kernel, and none of its runs fails.
    """
    _, days, runs = room.landed_by_day.shape
    if (place + 1) % RUNS_PER_GROUP and place + 1 != runs:
        return
    landings, first = len(room.landed) // 2, place // RUNS_PER_GROUP * RUNS_PER_GROUP
    for landed in room.landing[room.landing >= 0]:
        for row in (landed, landings + landed):
            of_group = room.landed[row, : place + 1 - first, :days]
            room.landed_by_day[row, :, first : place + 1] = of_group.T
            room.landed[row] = 0.0


@inline
def _land_equal_cargoes(room: VoyageRoom, place: int, count: int) -> None:
    """Do as `_land` if all cargoes are equal; then the order of addition changes no bit."""
    landings, of_group = len(room.landed) // 2, place % RUNS_PER_GROUP
    for m in range(len(room.landing)):
        row, each, serviceable = room.landing[m], room.each[m, place], room.serviceable[m, place]
        if row >= 0 and each > 0.0 and count > 0:
            shells = room.voyages[0].cargo * each
            good = shells * serviceable
            landed, rejected = room.landed[row, of_group], room.landed[landings + row, of_group]
            for v in range(count):
                day = room.voyages[v].arrived // SECONDS_PER_DAY
                if day < len(room.head):
                    landed[day] += good
                    rejected[day] += shells - good


@inline
def _land(room: VoyageRoom, place: int) -> None:
    """Add up landed shells by day, in order of arrival."""
    landings, of_group = len(room.landed) // 2, place % RUNS_PER_GROUP
    for m in range(len(room.landing)):
        row, each, serviceable = room.landing[m], room.each[m, place], room.serviceable[m, place]
        if row >= 0 and each > 0.0:
            for day in range(len(room.head)):
                v = room.head[day]
                while v >= 0:
                    shells = room.voyages[v].cargo * each
                    good = shells * serviceable
                    room.landed[row, of_group, day] += good
                    room.landed[landings + row, of_group, day] += shells - good
                    v = room.voyages[v].following


@inline
def _forward_cargo(room: VoyageRoom, place: int) -> None:
    """Write arrivals to `room.rows`, in order of time."""
    at = room.first[place]
    for day in range(len(room.head)):
        v = room.head[day]
        while v >= 0:
            voyage, row = room.voyages[v], room.rows[at]
            row.second, row.number, row.cargo, row.growth = voyage.arrived, voyage.number, voyage.cargo, 0.0
            v = voyage.following
            at += 1
    room.first[place + 1] = at


@device_function
def _sum_voyages(room: VoyageRoom, place: int, count: int, later: int) -> bool:
    """Add up shells that left the first quay, and those under way or at a later quay at the end.

    Returns whether all cargoes are equal.
    """
    horizon, each, sums = SECONDS_PER_DAY * len(room.head), room.all_each[place], room.sums
    sent, sent_lost, away, away_lost = sums[0, place], sums[1, place], sums[2, place], sums[3, place]
    if later:
        away, away_lost = add_compensated(away, away_lost, room.waits[place] * each)
    alike = True
    for v in range(count):
        alike &= room.voyages[v].cargo == room.voyages[0].cargo
        shells = room.voyages[v].cargo * each
        if not later:
            sent, sent_lost = add_compensated(sent, sent_lost, shells)
        if room.voyages[v].arrived >= horizon:
            away, away_lost = add_compensated(away, away_lost, shells)
    sums[0, place], sums[1, place], sums[2, place], sums[3, place] = sent, sent_lost, away, away_lost
    return alike


@device_function
def _chain_by_day(voyages: Records, count: int, head: Ints) -> None:
    """Link the voyages that arrive on each day from `head` on, in order of time; ties keep their order."""
    for day in range(len(head)):
        head[day] = -1
    # In reverse, so that an earlier voyage ends up before others that arrive in the same second.
    for v in range(count - 1, -1, -1):
        second = voyages[v].arrived
        day = second // SECONDS_PER_DAY
        if day >= len(head):
            continue
        at = head[day]
        if at < 0 or second <= voyages[at].arrived:
            voyages[v].following, head[day] = at, v
            continue
        following = voyages[at].following
        while following >= 0 and voyages[following].arrived < second:
            at, following = following, voyages[following].following
        voyages[v].following, voyages[at].following = following, v
