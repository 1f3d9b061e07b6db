"""Suppliers abroad, compiled: the twin of `sim.model.supply` (rules 19 to 26).

Nothing here depends on what happens at home, so that a study which varies nothing abroad asks once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble import series
from sim.ensemble.arrays import Rows, add, longer, no_rows, push, stand_apart, turned
from sim.ensemble.draws import occurrences, seconds
from sim.ensemble.fleet import MOST_VOYAGES, Feed, Voyages, Window, sail
from sim.ensemble.jit import compiled, inlined, making
from sim.ensemble.lowered import DAYS, LANDINGS, MUNITIONS, Abroad, Courses, Laws, Record
from sim.units import SECONDS_PER_DAY

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Happened(NamedTuple):
    """Windows of happenings in each run and the factors that they make; see `happenings`."""

    first: Ints
    begin: Ints
    end: Ints
    strength: Floats
    factors: Floats


class Arrivals(NamedTuple):
    """What comes from abroad to each depot in each run of a block.

    Attributes
    ----------
    landed, rejected : array, shape (landings, days, runs)
        Shells a day, by the row that `Abroad.landing` gives.
    first : array, shape (runs * depots + 1,)
        Where the lots of run r and depot d begin: at ``r * depots + d``.
    lots : Rows
        (second, supplier, number) and cargo, in this order.
    trips : Rows
        (supplier, run, leg, vehicle, departed, arrived) and cargo of the runs that were to be kept; leg and
        vehicle -1 where there is none, `arrived` not before the end where it is under way.
    each, serviceable : array, shape (suppliers, munitions, runs)
        Shells of a munition in a unit of cargo, and the share of them that can be fired.
    shipped, away : array, shape (suppliers, runs)
        Shells that left their quay, and those that had not arrived by the end.
    failed : array, shape (runs,)
        The row of a leg that made too many voyages; -1 where all went well.
    """

    landed: Floats
    rejected: Floats
    first: Ints
    lots: Rows
    trips: Rows
    each: Floats
    serviceable: Floats
    shipped: Floats
    away: Floats
    failed: Ints


class _Run(NamedTuple):
    """What a supplier is asked about in one run."""

    laws: Laws
    courses: Courses
    abroad: Abroad
    happened: Happened
    values: Floats
    seed: np.uint64
    run: np.uint64
    place: int
    runs: int
    days: int


@compiled
def arrive(
    laws: Laws,
    courses: Courses,
    abroad: Abroad,
    sizes: Ints,
    depots: int,
    seed: np.uint64,
    runs: NDArray[np.uint64],
    values: Floats,
    happened: Happened,
    kept: int,
) -> Arrivals:
    """Return what comes from abroad; trips are kept of the first `kept` runs."""
    days, munitions, count = sizes[DAYS], sizes[MUNITIONS], len(runs)
    landings = sizes[LANDINGS]
    by_run = np.zeros((2 * landings, count, days))
    each, serviceable = _shells(abroad, munitions, values)
    shipped = np.zeros((len(abroad.suppliers), count))
    away = np.zeros((len(abroad.suppliers), count))
    failed = np.full(count, -1, dtype=np.int64)
    first = np.zeros(count * depots + 1, dtype=np.int64)
    lots, trips = no_rows(), no_rows()
    head = np.empty(days, dtype=np.int64)
    for r in range(count):
        here = _Run(laws, courses, abroad, happened, values, seed, runs[r], r, count, days)
        for depot in range(depots):
            came = no_rows()
            for s in range(len(abroad.suppliers)):
                if abroad.suppliers[s].depot != depot:
                    continue
                last, trips, sent, left = _bring(here, s, each, trips, kept, failed, head)
                shipped[s, r], away[s, r] = sent, left
                order = _in_order(last.arrived, last.count, days, head)
                if abroad.suppliers[s].lands:
                    _land(abroad, s, last, order, each, serviceable, by_run, r)
                    continue
                for o in range(len(order)):
                    v = order[o]
                    came = push(came, (last.arrived[v], s, last.number[v], 0, 0, 0), last.cargo[v])
            order = _in_order(_first_column(came), came.count, days, head)
            for o in range(len(order)):
                lot = order[o]
                second, s, number = came.whole[lot, 0], came.whole[lot, 1], came.whole[lot, 2]
                lots = push(lots, (second, s, number, 0, 0, 0), came.real[lot])
            first[r * depots + depot + 1] = lots.count
    by_day = np.empty((2 * landings, days, count))
    for row in range(2 * landings):
        turned(by_run[row], by_day[row])
    return Arrivals(
        by_day[:landings], by_day[landings:], first, lots, trips, each, serviceable, shipped, away, failed
    )


@making
def _bring(
    here: _Run, s: int, each: Floats, trips: Rows, kept: int, failed: Ints, head: Ints
) -> tuple[Voyages, Rows, float, float]:
    """Return the last leg's voyages or the lots of a supplier, the trips, and shells sent and under way."""
    stand_apart()
    supplier = here.abroad.suppliers[s]
    horizon = here.days * SECONDS_PER_DAY
    all_each = 0.0
    for m in range(each.shape[1]):
        all_each += each[s, m, here.place]
    opens, closes = _window(supplier, horizon, here.values[:, here.place])
    feed = _feed(here, s, all_each, opens, closes)
    sent = sent_lost = away = away_lost = 0.0
    voyages = _send(here, supplier, feed)
    for stage in range(max(supplier.leg_count, 1)):
        if supplier.leg_count > 0:
            row = supplier.leg_first + stage
            leg = here.abroad.legs[row]
            window = _shut(here, leg, opens, closes if stage == 0 else horizon)
            capacity = here.values[leg.capacity, here.place]
            voyages = sail(here.laws, leg, capacity, feed, window, here.seed, here.run, horizon)
            if voyages.count > MOST_VOYAGES:
                failed[here.place] = row
                break
            if stage > 0:
                away, away_lost = add(away, away_lost, voyages.waits * all_each)
        for v in range(voyages.count):
            shells = voyages.cargo[v] * all_each
            if stage == 0:
                sent, sent_lost = add(sent, sent_lost, shells)
            if voyages.arrived[v] >= horizon:
                away, away_lost = add(away, away_lost, shells)
            if here.place < kept and voyages.departed[v] < horizon:
                stands = stage if supplier.leg_count > 0 else -1
                times = voyages.departed[v], voyages.arrived[v]
                trip = (s, here.place, stands, voyages.vehicle[v], times[0], times[1])
                trips = push(trips, trip, voyages.cargo[v])
        if stage < supplier.leg_count - 1:
            order = _in_order(voyages.arrived, voyages.count, here.days, head)
            feed = _passed_on(voyages, order)
    return voyages, trips, sent + sent_lost, away + away_lost


@making
def _passed_on(voyages: Voyages, order: Ints) -> Feed:
    """Return what the voyages of a leg bring to the next quay."""
    stand_apart()
    second, cargo, growth = np.empty(len(order), dtype=np.int64), np.empty(len(order)), np.empty(len(order))
    for o in range(len(order)):
        second[o], cargo[o], growth[o] = voyages.arrived[order[o]], voyages.cargo[order[o]], 0.0
    return Feed(second, cargo, growth, 0.0, np.inf, 0)


@inlined
def _window(supplier: Record, horizon: int, values: Floats) -> tuple[int, int]:
    """Return when loading may start, the second exclusive (rule 25)."""
    opens = np.int64(0) if supplier.first < 0 else seconds(values[supplier.first])
    closes = np.int64(horizon)
    if supplier.until >= 0:
        closes = seconds(values[supplier.until]) + (0 if supplier.until_is_date else opens)
    return max(np.int64(0), opens), closes


@making
def _feed(here: _Run, s: int, all_each: float, opens: int, closes: int) -> Feed:
    """Return what comes to the first quay, or is offered off at once, at each day's start (rules 23 and 24)."""
    stand_apart()
    supplier = here.abroad.suppliers[s]
    left = np.inf if supplier.reserve < 0 else here.values[supplier.reserve, here.place] / all_each
    grows = 1 if supplier.growing >= 0 else 0
    if not supplier.bounded and not grows:
        nothing = np.empty(0)
        return Feed(np.empty(0, dtype=np.int64), nothing, nothing, np.inf, left, grows)
    second, cargo, growth = np.empty(here.days, dtype=np.int64), np.empty(here.days), np.empty(here.days)
    for day in range(here.days):
        second[day], cargo[day], growth[day] = day * SECONDS_PER_DAY, 0.0, 0.0
    for d in range(supplier.delivery_first, supplier.delivery_first + supplier.delivery_count):
        delivery = here.abroad.deliveries[d]
        mass = _mass_each(here, s) if delivery.mass else 1.0
        cargo[delivery.day] = here.values[delivery.quantity, here.place] / mass
    mass = _mass_each(here, s) if supplier.offers_mass > 0 else 1.0
    for day in range(here.days):
        if supplier.offers >= 0:
            offered = series.value(
                here.courses, supplier.offers, day, here.place, here.values, here.happened.factors
            )
            cargo[day] = offered / mass
        if not opens <= second[day] < closes:
            cargo[day] = 0.0
        if supplier.running >= 0:
            cargo[day] *= here.happened.factors[supplier.running, day, here.place]
        if grows:
            made = series.value(
                here.courses, supplier.growing, day, here.place, here.values, here.happened.factors
            )
            growth[day] = made / all_each
    return Feed(second, cargo, growth, 0.0 if supplier.bounded else np.inf, left, grows)


@making
def _send(here: _Run, supplier: Record, feed: Feed) -> Voyages:
    """Return the lots of a supplier without a route, as voyages: a day's offer leaves at once (rule 19)."""
    stand_apart()
    days = here.days if supplier.lead >= 0 and len(feed.second) > 0 else 0
    departed, arrived = np.empty(days, dtype=np.int64), np.empty(days, dtype=np.int64)
    number, vehicle, cargo = np.empty(days, dtype=np.int64), np.empty(days, dtype=np.int64), np.empty(days)
    count = 0
    if days > 0 and supplier.leg_count == 0:
        drawn, spare = np.empty(-(-days // 4) * 4), np.empty(-(-days // 4) * 4)
        occurrences(here.laws, supplier.lead, here.seed, here.run, 0, drawn, spare)
        left = feed.left
        for day in range(days):
            left += feed.growth[day]
            lot = min(feed.cargo[day], left)
            if lot <= 0.0:
                continue
            left -= lot
            starts = day * SECONDS_PER_DAY
            departed[count], number[count], vehicle[count], cargo[count] = starts, day, -1, lot
            arrived[count] = max(starts + SECONDS_PER_DAY, starts + seconds(drawn[day]))
            count += 1
    return Voyages(departed, arrived, vehicle, cargo, number, count, 0.0)


@making
def _shut(here: _Run, leg: Record, opens: int, closes: int) -> Window:
    """Return when a leg may start loading, closed while an event stops it."""
    stand_apart()
    found = 0
    begin, end = np.empty(4, dtype=np.int64), np.empty(4, dtype=np.int64)
    happened = here.happened
    for c in range(leg.closed_first, leg.closed_first + leg.closed_count):
        at = here.abroad.closed[c] * here.runs + here.place
        for w in range(happened.first[at], happened.first[at + 1]):
            if happened.strength[w] > 0.0:
                if found == len(begin):
                    begin, end = longer(begin), longer(end)
                begin[found], end[found] = happened.begin[w], happened.end[w]
                found += 1
    return Window(opens, closes, begin[:found], end[:found])


@making
def _shells(abroad: Abroad, munitions: int, values: Floats) -> tuple[Floats, Floats]:
    """Return the shells in a unit of cargo by supplier, munition and run, and what share is serviceable."""
    stand_apart()
    count = values.shape[1]
    each = np.ones((len(abroad.suppliers), munitions, count))
    serviceable = np.ones((len(abroad.suppliers), munitions, count))
    for s in range(len(abroad.suppliers)):
        for r in range(count):
            total = 0.0
            for m in range(munitions):
                total += values[abroad.mix[s, m], r] if abroad.mix[s, m] >= 0 else 0.0
            for m in range(munitions):
                if abroad.suppliers[s].mixed:
                    each[s, m, r] = (values[abroad.mix[s, m], r] if abroad.mix[s, m] >= 0 else 0.0) / total
                if abroad.suppliers[s].containers:
                    load = abroad.loads[s, m]
                    each[s, m, r] = each[s, m, r] * values[load, r] if load >= 0 else 0.0
                if abroad.serviceable[s, m] >= 0:
                    serviceable[s, m, r] = values[abroad.serviceable[s, m], r]
    return each, serviceable


@inlined
def _mass_each(here: _Run, s: int) -> float:
    """Return the kilograms of a shell of mixed cargo."""
    total = mass = 0.0
    abroad = here.abroad
    munitions = abroad.mix.shape[1]
    for m in range(munitions):
        total += here.values[abroad.mix[s, m], here.place] if abroad.mix[s, m] >= 0 else 0.0
    for m in range(munitions):
        share = 1.0
        if abroad.suppliers[s].mixed:
            share = (here.values[abroad.mix[s, m], here.place] if abroad.mix[s, m] >= 0 else 0.0) / total
        if share > 0.0:
            mass += share / (1.0 / here.values[abroad.masses[m], here.place])
    return mass


@inlined
def _land(
    abroad: Abroad,
    s: int,
    voyages: Voyages,
    order: Ints,
    each: Floats,
    serviceable: Floats,
    by_run: Floats,
    r: int,
) -> None:
    """Enter what the voyages of a supplier land day by day."""
    stand_apart()
    landings = len(by_run) // 2
    for o in range(len(order)):
        v = order[o]
        day = voyages.arrived[v] // SECONDS_PER_DAY
        for m in range(each.shape[1]):
            row = abroad.landing[s, m]
            if row >= 0 and each[s, m, r] > 0.0:
                shells = voyages.cargo[v] * each[s, m, r]
                good = shells * serviceable[s, m, r]
                by_run[row, r, day] += good
                by_run[landings + row, r, day] += shells - good


@making
def _first_column(rows: Rows) -> Ints:
    first = np.empty(rows.count, dtype=np.int64)
    for i in range(rows.count):
        first[i] = rows.whole[i, 0]
    return first


@making
def _in_order(second: Ints, count: int, days: int, head: Ints) -> Ints:
    """Return the positions of what comes within the run in order of time; ties as they stand."""
    stand_apart()
    following = np.empty(max(count, 1), dtype=np.int64)
    for day in range(days):
        head[day] = -1
    found = 0
    # Last first, so that what stands earlier ends up before what comes in the same second.
    for i in range(count - 1, -1, -1):
        day = second[i] // SECONDS_PER_DAY
        if day >= days:
            continue
        found += 1
        at = head[day]
        if at < 0 or second[i] <= second[at]:
            following[i], head[day] = at, i
            continue
        while following[at] >= 0 and second[following[at]] < second[i]:
            at = following[at]
        following[i], following[at] = following[at], i
    order = np.empty(found, dtype=np.int64)
    place = 0
    for day in range(days):
        at = head[day]
        while at >= 0:
            order[place] = at
            place += 1
            at = following[at]
    return order
