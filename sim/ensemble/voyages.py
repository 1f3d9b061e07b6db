"""Voyages and lots of a supplier, compiled: what comes of them, in order of time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.account import ENOUGH
from sim.ensemble.arrays import ZERO, add_compensated
from sim.ensemble.native.kernels import device_function, inline, kernel
from sim.ensemble.scenario_tables import Records
from sim.units import SECONDS_PER_DAY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: A voyage by number, or the lot of a day; `arrived` is not before the end where it is under way.
#: `unload` and `back` are seconds, `following` is the next that comes on the same day.
VOYAGE_TYPE = np.dtype(
    [(name, np.int64) for name in ["departed", "arrived", "vehicle", "number", "unload", "back", "following"]]
    + [("cargo", np.float64)]
)
#: What comes to a place: cargo, of which voyage or day, and what is added to what its supplier can part with.
CARGO_TYPE = np.dtype(
    [("second", np.int64), ("number", np.int64), ("cargo", np.float64), ("growth", np.float64)]
)


class CargoQueue(NamedTuple):
    """What comes to a place in each run, in order of time, and what there is to begin with.

    Attributes
    ----------
    first : array, shape (runs + 1,)
        Where the rows of each run begin.
    rows : record array of CARGO
    waits : float
        Infinite where the quay never lacks cargo.
    left : array, shape (runs,)
        What the supplier can part with; infinite without a reserve.
    grows : int
        1 where the supplier makes more, else 0.
    """

    first: Ints
    rows: Records
    waits: float
    left: Floats
    grows: int


class VoyageRoom(NamedTuple):
    """Room for what comes of the voyages or lots of a block.

    Attributes
    ----------
    voyages : record array of VOYAGE
        Of one run, the last.
    counts : array, shape (runs,)
        How many there were, -1 if more than there is room for.
    waits : array, shape (runs,)
        What is at the quay at the end.
    first, rows : array
        What arrived within the run, as `CargoQueue` has it.
    head : array, shape (days,)
        Used up.
    all_each : array, shape (runs,)
        Shells in a unit of cargo.
    each, serviceable : array, shape (munitions, runs)
        Shells of a munition in it, and the share of them that can be fired.
    landing : array, shape (munitions,)
        Rows of `landed`, -1 where there is none.
    landed : array, shape (2 * landings, runs, days or more)
        Shells by day: those that can be fired, then those that cannot.
    sums : array, shape (4, runs)
        Shells that left the first quay, and those that had not arrived by the end, each with what
        rounding lost.
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
    sums: Floats


@kernel
def send_lots(quay: CargoQueue, leads: Ints, room: VoyageRoom, place: int, end: int) -> int:
    """Send what is offered off at once as a day's lot in runs `place` to `end` - 1 (rule 19).

    `leads` are lead times in seconds, a column for each row of a run. What leaves before the start is no part
    of the reserve, and counts if it arrives later. Returns the first run without enough room.
    """
    while place < end:
        left, count, first = quay.left[place], 0, quay.first[place]
        for at in range(first, quay.first[place + 1]):
            offered = quay.rows[at]
            left += offered.growth
            arrived = offered.second + max(SECONDS_PER_DAY, leads[place, at - first])
            early = offered.second < 0
            lot = left if not early and offered.cargo >= left * ENOUGH else offered.cargo
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
    """Add up the voyages of a run and enter what arrived; return whether there was room enough."""
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


@inline
def _land_equal_cargoes(room: VoyageRoom, place: int, count: int) -> None:
    """Do as `_land` where all cargoes are the same: in which order they are added then changes no bit."""
    landings = len(room.landed) // 2
    for m in range(len(room.landing)):
        row, each, serviceable = room.landing[m], room.each[m, place], room.serviceable[m, place]
        if row >= 0 and each > 0.0 and count > 0:
            shells = room.voyages[0].cargo * each
            good = shells * serviceable
            for v in range(count):
                day = room.voyages[v].arrived // SECONDS_PER_DAY
                if day < len(room.head):
                    room.landed[row, place, day] += good
                    room.landed[landings + row, place, day] += shells - good


@inline
def _land(room: VoyageRoom, place: int) -> None:
    """Add up what arrives, day by day."""
    landings = len(room.landed) // 2
    for m in range(len(room.landing)):
        row, each, serviceable = room.landing[m], room.each[m, place], room.serviceable[m, place]
        if row >= 0 and each > 0.0:
            for day in range(len(room.head)):
                v = room.head[day]
                while v >= 0:
                    shells = room.voyages[v].cargo * each
                    good = shells * serviceable
                    room.landed[row, place, day] += good
                    room.landed[landings + row, place, day] += shells - good
                    v = room.voyages[v].following


@inline
def _forward_cargo(room: VoyageRoom, place: int) -> None:
    """Write down what arrives in order of time."""
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
    """Add up what left the first quay, and what was under way or at a later quay at the end.

    Returns whether all cargoes are the same.
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
    """Chain the voyages that arrive on a day in order of time, ties as they stand, from `head` on."""
    for day in range(len(head)):
        head[day] = -1
    # Last first, so that what stands earlier ends up before what comes in the same second.
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
