"""Suppliers, all runs of a block at a time (rules 19 to 26). Compiled twin of `sim.model.supply`.

Arrivals do not depend on the depots, so a sweep that varies no supplier computes them once.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from sim.ensemble.arrays import ROW_WIDTH, IntRows, cache_friendly_length
from sim.ensemble.buffer_pool import BufferPool
from sim.ensemble.events import EventWindows
from sim.ensemble.fleet import LoadingWindow, make_fleet, run_leg
from sim.ensemble.inverse_cdf import to_seconds_array
from sim.ensemble.sampling import lead_seconds, series_by_day
from sim.ensemble.scenario_tables import (
    DAYS,
    LANDINGS,
    MUNITIONS,
    Floats,
    Ints,
    LawTables,
    Record,
    Records,
    Runs,
    SeriesTables,
    SupplyTables,
)
from sim.ensemble.voyages import (
    CARGO_TYPE,
    RUNS_PER_GROUP,
    VOYAGE_TYPE,
    CargoQueue,
    VoyageRoom,
    send_lots,
    skip_landings,
)
from sim.formulas import MIN_TRAVEL_SECONDS, UNDER_WAY
from sim.scenario.limits import MOST, MOST_VOYAGES
from sim.units import SECONDS_PER_DAY


class Arrivals(NamedTuple):
    """Arrivals from suppliers at each depot in each run of a block.

    Attributes
    ----------
    landed, rejected : array, shape (landings, days, runs)
        Shells landed or rejected a day, in rows of `SupplyTables.landing`.
    first : array, shape (runs * depots + 1,)
        Offsets of lots: those of run r and depot d start at ``first[r * depots + d]``.
    lots : IntRows
        (second, supplier, number) and cargo, in this order.
    trips : IntRows
        (supplier, run, leg, vehicle, departed, arrived) and cargo of the runs whose voyages are kept. Leg and
        vehicle are -1 for lots; `arrived` is at or after the end for voyages still under way.
    each, serviceable : array, shape (suppliers, munitions, runs)
        Shells of a munition per unit of cargo, and the serviceable share of them.
    shipped, away : array, shape (suppliers, runs)
        Shells that left the first quay, and those that had not arrived by the end.
    failed : array, shape (runs,)
        Row of a leg with too many voyages; -1 for none.
    """

    landed: Floats
    rejected: Floats
    first: Ints
    lots: IntRows
    trips: IntRows
    each: Floats
    serviceable: Floats
    shipped: Floats
    away: Floats
    failed: Ints


#: Initial capacity for voyages.
INITIAL_VOYAGE_ROOM = 4096


def run_suppliers(
    laws: LawTables,
    courses: SeriesTables,
    supply_tables: SupplyTables,
    sizes: Ints,
    depots: int,
    seed: np.uint64,
    runs: Runs,
    values: Floats,
    windows: EventWindows,
    kept: int,
    shelf: BufferPool,
) -> tuple[Arrivals, list[tuple[int, Ints]]]:
    """Simulate all suppliers and return their arrivals, with the trips of the first `kept` runs.

    The second value lists suppliers with an offer out of range, each with the first such day, shape
    (runs,); -1 for none.
    """
    days, count, landings = int(sizes[DAYS]), len(runs), int(sizes[LANDINGS])
    each, serviceable = _shells_per_cargo(supply_tables, int(sizes[MUNITIONS]), values)
    block = _SupplierBlock(laws, courses, supply_tables, windows, values, seed, runs, days, kept)
    landed = np.zeros((2 * landings, RUNS_PER_GROUP, cache_friendly_length(days)))
    by_day = shelf.empty((2 * landings, days, count))
    shipped, away = np.zeros((len(each), count)), np.zeros((len(each), count))
    lots: list[tuple[int, int, CargoQueue]] = []
    for s, supplier in enumerate(supply_tables.suppliers):
        most = days + int(supplier["delivery_count"]) + 1
        room = _make_voyage_room(
            most, days, each[s], serviceable[s], supply_tables.landing[s], landed, by_day
        )
        depot = int(supplier["depot"])
        if supplier["under_way"] >= 0:
            lots.append((s, depot, block.send_under_way(s, supplier, room)))
        cargo = block.run(s, supplier, room)
        shipped[s], away[s] = room.sums[0] + room.sums[1], room.sums[2] + room.sums[3]
        if not supplier["lands"]:
            lots.append((s, depot, cargo))
    first, rows = _sort_lots(lots, depots, count, days)
    arrivals = Arrivals(
        *(by_day[:landings], by_day[landings:], first, rows, _voyage_table(block.trips), each, serviceable),
        *(shipped, away, block.failed),
    )
    return arrivals, block.beyond


class _SupplierBlock:
    """Suppliers in the runs of a block.

    Attributes
    ----------
    trips : list of (supplier, run, leg, voyages)
        Of the runs whose voyages are kept.
    failed : array
        See `Arrivals`.
    beyond : list of (supplier, array)
        See `run_suppliers`.
    """

    def __init__(
        self,
        laws: LawTables,
        courses: SeriesTables,
        supply_tables: SupplyTables,
        windows: EventWindows,
        values: Floats,
        seed: np.uint64,
        runs: Runs,
        days: int,
        kept: int,
    ) -> None:
        self.laws, self.courses, self.supply_tables, self.windows = laws, courses, supply_tables, windows
        self.values, self.seed, self.runs, self.days, self.kept = values, seed, runs, days, kept
        self.horizon = days * SECONDS_PER_DAY
        self.trips: list[tuple[int, int, int, Records]] = []
        self.failed = np.full(len(runs), -1, dtype=np.int64)
        self.beyond: list[tuple[int, Ints]] = []

    def run(self, s: int, supplier: Record, room: VoyageRoom) -> CargoQueue:
        """Simulate a supplier and return its arrivals, unless they are added up by day in `room.landed`."""
        opens, closes = self._window(supplier)
        cargo = self._offers(s, supplier, room.all_each, opens, closes)
        if supplier["leg_count"] == 0:
            return self._send_lots(s, supplier, cargo, room)
        for stage in range(supplier["leg_count"]):
            season = LoadingWindow(opens, closes, *self._closures(int(supplier["leg_first"]) + stage))
            cargo = self._run_leg(s, supplier, stage, cargo, season, room)
            closes = np.full_like(closes, self.horizon)
        return cargo

    def send_under_way(self, s: int, supplier: Record, room: VoyageRoom) -> CargoQueue:
        """Send the cargo under way at the start in equal lots, and return their arrivals (rule 23)."""
        count, within = len(self.runs), np.arange(self.days + 1)
        way = np.zeros((count, 1), dtype=np.int64)
        first, legs = supplier["way_first"], supplier["way_count"]
        for row in self.supply_tables.ways[first : first + legs]:
            seconds = lead_seconds(self.laws, int(row["lasts"]), 1, self.seed, self.runs)
            way += np.maximum(MIN_TRAVEL_SECONDS, seconds) if row["is_travel"] else seconds
        lots = np.maximum(1, way // SECONDS_PER_DAY)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            mass = self._mass_each(s) if supplier["under_way_mass"] else 1.0
            each = (self.values[supplier["under_way"]] / mass)[:, np.newaxis] / lots
            # The last row is what arrives after the end.
            late = within == self.days
            rows = np.zeros((count, len(within)), dtype=CARGO_TYPE)
            rows["cargo"] = np.where(late, each * np.maximum(0, lots - self.days), each * (within < lots))
        rows["number"] = UNDER_WAY
        rows["second"] = np.where(late, -1, within - lots) * SECONDS_PER_DAY
        starts = np.arange(count + 1, dtype=np.int64) * len(within)
        queue = CargoQueue(starts, rows.reshape(-1), 0.0, np.full(count, np.inf), 0)
        leads = np.ascontiguousarray(np.broadcast_to(way, rows.shape))
        return _arrived_cargo(self._run_in_room(s, -1, -1, partial(send_lots, queue, leads), room))

    def _window(self, supplier: Record) -> tuple[Ints, Ints]:
        """Return the first and last second (exclusive) at which loading may start in each run (rule 25)."""
        opens = np.zeros(len(self.runs), dtype=np.int64)
        closes = np.full(len(self.runs), self.horizon, dtype=np.int64)
        if supplier["first"] >= 0:
            opens = to_seconds_array(self.values[supplier["first"]])
        if supplier["until"] >= 0:
            closes = to_seconds_array(self.values[supplier["until"]])
            if not supplier["until_is_date"]:
                closes += opens
        return np.maximum(0, opens), closes

    def _closures(self, row: int) -> tuple[Ints, Ints, Ints, Ints, Floats]:
        """Return the events that close a leg, and their windows; see `LoadingWindow`."""
        first, count = (
            self.supply_tables.legs["closed_first"][row],
            self.supply_tables.legs["closed_count"][row],
        )
        windows = self.windows
        closed = self.supply_tables.closed[first : first + count]
        return closed, windows.first, windows.begin, windows.end, windows.strength

    def _offers(self, s: int, supplier: Record, all_each: Floats, opens: Ints, closes: Ints) -> CargoQueue:
        """Return the daily cargo at the first quay, or of suppliers without a route (rules 23, 24)."""
        values, count = self.values, len(self.runs)
        left = np.full(count, np.inf)
        # Division by zero only occurs for cargo without shells, and such runs fail.
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            if supplier["reserve"] >= 0:
                left = values[supplier["reserve"]] / all_each
        bounded, grows = bool(supplier["bounded"]), bool(supplier["growing"] >= 0)
        waits = 0.0 if bounded else np.inf
        if not bounded and not grows:
            nothing = np.zeros(0, dtype=CARGO_TYPE)
            return CargoQueue(np.zeros(count + 1, dtype=np.int64), nothing, waits, left, int(grows))
        early = self._early(supplier)
        rows = np.zeros((count, len(early) + self.days), dtype=CARGO_TYPE)
        rows["number"] = np.concatenate([early["day"], np.arange(self.days)])
        for column, row in enumerate(early["date"].tolist()):
            if row >= 0:
                # In runs in which it leaves later, `_delivered_early` has no cargo for it.
                rows["number"][:, column] = np.minimum(self.values[row], -1.0)
        rows["second"] = rows["number"] * SECONDS_PER_DAY
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            cargo = self._cargo(s, supplier)
            if supplier["running"] >= 0:
                cargo *= self.windows.factors[supplier["running"]].T
            if supplier["offers"] >= 0:
                self._bound(s, cargo)
            if grows:
                rows["growth"][:, len(early) :] = self._daily(supplier["growing"]) / all_each[:, np.newaxis]
            rows["cargo"] = np.hstack([self._delivered_early(s, early).T, cargo])
        starts, opened = rows["second"], opens[:, np.newaxis]
        if len(early):
            opened = np.where(starts < 0, self._opened(supplier)[:, np.newaxis], opened)
        rows["cargo"][(starts < opened) | (starts >= closes[:, np.newaxis])] = 0.0
        first = np.arange(count + 1, dtype=np.int64) * rows.shape[1]
        return CargoQueue(first, rows.reshape(-1), waits, left, int(grows))

    def _opened(self, supplier: Record) -> Floats:
        """Return the second in each run from which deliveries before the start count."""
        if supplier["first"] < 0:
            return np.full(len(self.runs), -np.inf)
        return to_seconds_array(self.values[supplier["first"]]).astype(np.float64)

    def _early(self, supplier: Record) -> Records:
        """Return the deliveries of a supplier that left before the start."""
        first, count = supplier["delivery_first"], supplier["delivery_count"]
        deliveries = self.supply_tables.deliveries[first : first + count]
        return deliveries[deliveries["lead"] >= 0]

    def _delivered(self, s: int, deliveries: Records) -> Floats:
        """Return deliveries in units of cargo, shape (deliveries, runs)."""
        cargo = np.zeros((len(deliveries), len(self.runs)))
        for row, delivery in zip(cargo, deliveries, strict=True):
            mass = self._mass_each(s) if delivery["mass"] else 1.0
            row[:] = self.values[delivery["quantity"]] / mass
        return cargo

    def _delivered_early(self, s: int, deliveries: Records) -> Floats:
        """Return deliveries that left before the start in units of cargo, 0 in runs in which they did not."""
        cargo = self._delivered(s, deliveries)
        for row, date in zip(cargo, deliveries["date"].tolist(), strict=True):
            if date >= 0:
                row[self.values[date] >= 0.0] = 0.0
        return cargo

    def _bound(self, s: int, cargo: Floats) -> None:
        """Set offers to zero in runs with an offer out of range; these runs fail."""
        beyond = ~(cargo <= MOST)
        if beyond.any():
            failed = beyond.any(axis=1)
            self.beyond.append((s, np.where(failed, beyond.argmax(axis=1), -1)))
            cargo[failed] = 0.0

    def _cargo(self, s: int, supplier: Record) -> Floats:
        """Return the cargo offered or delivered on each day of each run."""
        cargo = np.zeros((len(self.runs), self.days))
        first, count = supplier["delivery_first"], supplier["delivery_count"]
        deliveries = self.supply_tables.deliveries[first : first + count]
        later = deliveries[(deliveries["lead"] < 0) | (deliveries["date"] >= 0)]
        for delivery, each in zip(later, self._delivered(s, later), strict=True):
            if delivery["date"] < 0:
                cargo[:, delivery["day"]] += each
                continue
            day = self.values[delivery["date"]].astype(np.int64)
            (runs,) = np.nonzero((day >= 0) & (day < self.days))
            cargo[runs, day[runs]] += each[runs]
        if supplier["offers"] >= 0:
            cargo = self._daily(supplier["offers"])
            if supplier["offers_mass"] > 0:
                cargo /= self._mass_each(s)[:, np.newaxis]
        return cargo

    def _daily(self, series: int) -> Floats:
        return series_by_day(self.courses, series, self.days, self.values, self.windows.factors)

    def _mass_each(self, s: int) -> Floats:
        """Return the mean mass in kilograms of a shell of mixed cargo in each run."""
        values, mix = self.values, self.supply_tables.mix[s]
        mass = np.zeros(len(self.runs))
        for m, share in enumerate(_mix_shares(self.supply_tables, s, values)):
            if self.supply_tables.masses[m] >= 0 and (
                mix[m] >= 0 or not self.supply_tables.suppliers[s]["mixed"]
            ):
                mass += share / (1.0 / values[self.supply_tables.masses[m]])
        return mass

    def _send_lots(self, s: int, supplier: Record, offered: CargoQueue, room: VoyageRoom) -> CargoQueue:
        """Send the lots of a supplier without a route, and return their arrivals."""
        early = self._early(supplier)
        leads = np.zeros((len(self.runs), len(early) + self.days), dtype=np.int64)
        if supplier["lead"] >= 0:
            took = [
                lead_seconds(self.laws, int(row), 1, self.seed, self.runs) for row in early["lead"].tolist()
            ]
            later = lead_seconds(self.laws, int(supplier["lead"]), self.days, self.seed, self.runs)
            leads = np.hstack([*took, later])
        return _arrived_cargo(self._run_in_room(s, -1, -1, partial(send_lots, offered, leads), room))

    def _run_leg(
        self, s: int, supplier: Record, stage: int, quay: CargoQueue, season: LoadingWindow, room: VoyageRoom
    ) -> CargoQueue:
        """Simulate a leg and return the arrivals at its end."""
        row = int(supplier["leg_first"]) + stage
        leg, legs, laws, seed, runs = (
            self.supply_tables.legs[row],
            self.supply_tables.legs,
            self.laws,
            self.seed,
            self.runs,
        )
        last = stage == supplier["leg_count"] - 1
        kind = row, int(stage > 0), int(last and supplier["lands"])
        capacity = self.values[leg["capacity"]]

        def work(room: VoyageRoom, place: int, end: int) -> int:
            ships = make_fleet(leg, len(room.voyages))
            return run_leg(laws, legs, *kind, capacity, quay, season, seed, runs, ships, room, place, end)

        return _arrived_cargo(self._run_in_room(s, stage, row, work, room))

    def _run_in_room(
        self, s: int, stage: int, row: int, work: Callable[[VoyageRoom, int, int], int], room: VoyageRoom
    ) -> VoyageRoom:
        """Call `work` run by run while voyages are kept, then for all other runs; grow the room as needed."""
        count = len(self.runs)
        room = room._replace(first=np.zeros(count + 1, dtype=np.int64), rows=np.empty(0, dtype=CARGO_TYPE))
        place = 0
        while place < count:
            keeps = place < self.kept
            before, place = place, work(room, place, place + 1 if keeps else count)
            if place > before and keeps:
                voyages = room.voyages[: room.counts[before]]
                self.trips.append((s, before, stage, voyages[voyages["departed"] < self.horizon]))
            elif place < count and room.counts[place] >= 0:
                used = room.first[place] + room.counts[place]
                room = room._replace(
                    rows=_grow(room.rows, used * (count + 1) // (place + 1) + INITIAL_VOYAGE_ROOM)
                )
            elif place < count and len(room.voyages) < MOST_VOYAGES:
                longer = min(2 * len(room.voyages), MOST_VOYAGES)
                room = room._replace(voyages=_grow(room.voyages, longer))
            elif place < count:
                if self.failed[place] < 0:
                    self.failed[place] = row
                skip_landings(room, place)
                room.first[place + 1] = room.first[place]
                place += 1
        return room


def _make_voyage_room(
    most: int, days: int, each: Floats, serviceable: Floats, landing: Ints, landed: Floats, by_day: Floats
) -> VoyageRoom:
    """Allocate the room for the voyages of a supplier; `landed` and `by_day` are those of all suppliers."""
    count = each.shape[1]
    all_each = np.zeros(count)
    for of_munition in each:
        all_each += of_munition
    return VoyageRoom(
        voyages=np.empty(max(INITIAL_VOYAGE_ROOM, most), dtype=VOYAGE_TYPE),
        counts=np.zeros(count, dtype=np.int64),
        waits=np.zeros(count),
        first=np.zeros(0, dtype=np.int64),
        rows=np.empty(0, dtype=CARGO_TYPE),
        head=np.empty(days, dtype=np.int64),
        all_each=all_each,
        each=each,
        serviceable=serviceable,
        landing=landing,
        landed=landed,
        landed_by_day=by_day,
        sums=np.zeros((4, count)),
    )


def _grow(rows: Records, length: int) -> Records:
    longer = np.empty(length, dtype=rows.dtype)
    longer[: len(rows)] = rows
    return longer


def _arrived_cargo(room: VoyageRoom) -> CargoQueue:
    """Return the arrivals of a leg as the cargo queue of the next."""
    return CargoQueue(room.first, room.rows, 0.0, np.full(len(room.counts), np.inf), 0)


def _mix_shares(supply_tables: SupplyTables, s: int, values: Floats) -> list[Floats]:
    """Return the share of each munition in the cargo of a supplier, by run; 1 if cargo is not mixed."""
    none = np.zeros(values.shape[1])
    mix = [values[row] if row >= 0 else none for row in supply_tables.mix[s]]
    if not supply_tables.suppliers[s]["mixed"]:
        return [np.ones(values.shape[1])] * len(mix)
    total = none.copy()
    for part in mix:
        total += part
    with np.errstate(divide="ignore", invalid="ignore"):
        return [part / total for part in mix]


def _shells_per_cargo(supply_tables: SupplyTables, munitions: int, values: Floats) -> tuple[Floats, Floats]:
    """Return shells per unit of cargo, and their serviceable share, by supplier, munition and run."""
    each = np.ones((len(supply_tables.suppliers), munitions, values.shape[1]))
    serviceable = np.ones_like(each)
    for s, supplier in enumerate(supply_tables.suppliers):
        each[s] = _mix_shares(supply_tables, s, values)
        for m in range(munitions):
            load, share = supply_tables.loads[s, m], supply_tables.serviceable[s, m]
            if supplier["containers"]:
                each[s, m] = each[s, m] * values[load] if load >= 0 else 0.0
            if share >= 0:
                serviceable[s, m] = values[share]
    return each, serviceable


def _sort_lots(
    lots: list[tuple[int, int, CargoQueue]], depots: int, count: int, days: int
) -> tuple[Ints, IntRows]:
    """Return the lots for each depot in each run, sorted by time, then supplier."""
    runs, horizon = np.arange(count), days * SECONDS_PER_DAY
    every = [np.empty(0, CARGO_TYPE), *(cargo.rows[: cargo.first[-1]] for _, _, cargo in lots)]
    # Column by column: numpy moves whole records far more slowly.
    second, number, cargo = (
        np.concatenate([rows[name] for rows in every]) for name in ("second", "number", "cargo")
    )
    suppliers = np.repeat([-1, *(s for s, _, _ in lots)], [len(rows) for rows in every])
    places = [np.repeat(runs * depots + depot, np.diff(queue.first)) for _, depot, queue in lots]
    key = np.concatenate([np.empty(0, np.int64), *places]) * horizon + second
    order = np.argsort(key, kind="stable")
    table = np.zeros((len(order), ROW_WIDTH), dtype=np.int64)
    table[:, 0], table[:, 1], table[:, 2] = second[order], suppliers[order], number[order]
    first = np.searchsorted(key[order], np.arange(count * depots + 1) * horizon)
    return first, IntRows(table, cargo[order], len(order))


def _voyage_table(trips: list[tuple[int, int, int, Records]]) -> IntRows:
    """Return trips as the table `Arrivals.trips`."""
    count = sum(len(voyages) for *_, voyages in trips)
    whole, real, at = np.zeros((count, ROW_WIDTH), dtype=np.int64), np.zeros(count), 0
    for s, place, stage, voyages in trips:
        end = at + len(voyages)
        whole[at:end, 0], whole[at:end, 1], whole[at:end, 2] = s, place, stage
        for column, name in enumerate(("vehicle", "departed", "arrived"), start=3):
            whole[at:end, column] = voyages[name]
        real[at:end] = voyages["cargo"]
        at = end
    return IntRows(whole, real, count)
