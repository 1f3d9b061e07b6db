"""Reference implementation of suppliers: quays, berths and vehicles by an event list (rules 19-26)."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import NamedTuple

from sim.scenario.quantity import Number, Quantity
from sim.scenario.shipment import Leg, Shipment
from sim.units import Unit
from tests.support.reference_world import DAY, HOUR, ReferenceInputs, Window, in_seconds, is_tonnes

NEGLIGIBLE = 1e-9  # A load that lacks less than this share of a full one is full.


class Arrival(NamedTuple):
    """Shells by munition that reach the depot."""

    second: int
    number: int
    shells: dict[str, float]


class ShipmentRow(NamedTuple):
    """A row of shipments.csv."""

    supplier: str
    leg: int | None
    vehicle: int | None
    departed: int
    arrived: int | None
    containers: float | None
    shells: float


@dataclass
class Trip:
    """One voyage."""

    vehicle: int | None
    cargo: float
    departed: int
    unload: int
    back: int
    arrived: int | None = None


@dataclass
class LegState:
    """One leg: cargo and vehicles at its quay, and berths at both ends."""

    leg: Leg
    capacity: float
    full: bool
    waits: float
    vehicles: list[tuple[int, int]]
    berths: float
    far_berths: float
    queue: list[int] = field(default_factory=list)
    trips: list[Trip] = field(default_factory=list)


class Supplier:
    """One supplier of a run."""

    def __init__(self, world: ReferenceInputs, name: str) -> None:
        self.world, self.name = world, name
        self.path = f"shipments.{name}"
        self.shipment: Shipment = world.scenario.shipments[name]
        self.containers = self._counts_containers()
        loads = self.shipment.shells_per_container
        self.each = {
            m: share * (world.once(loads[m]) if self.containers else 1.0)
            for m, share in world.mix(self.shipment).items()
        }
        self.shells_each = sum(self.each.values())
        first = 0 if self.shipment.first is None else in_seconds(world.once(self.shipment.first))
        self.closes = world.horizon
        if (until := self.shipment.until) is not None:
            self.closes = in_seconds(world.once(until)) + (0 if until.unit is Unit.DATE else first)
        self.opens = max(0, first)
        reserve = self.shipment.reserve
        self.left = math.inf if reserve is None else world.once(reserve.stock) / self.shells_each
        self.grows = reserve is not None and reserve.production is not None
        self.steady = self.shipment.offered is None and not self.shipment.deliveries
        self.arrivals: list[Arrival] = []
        self.rows: list[ShipmentRow] = []
        self.agenda: list[tuple[int, int, int, str]] = []
        self.places = [self._place(position, leg) for position, leg in enumerate(self.shipment.route)]

    def _counts_containers(self) -> bool:
        units = [leg.capacity.unit for leg in self.shipment.route]
        units += [quantity.unit for quantity in self.shipment.deliveries.values()]
        units += [] if self.shipment.under_way is None else [self.shipment.under_way.unit]
        offered = self.shipment.offered
        if offered is not None:
            units += [getattr(offered, "unit", None) or offered.points[0][1].unit]  # type: ignore[union-attr]
        return Unit.CONTAINERS in units or Unit.CONTAINERS_A_DAY in units

    def _place(self, position: int, leg: Leg) -> LegState:
        default = "full" if position == 0 and self.shipment.offered is not None else "any"
        return LegState(
            leg,
            self.world.once(leg.capacity),
            (leg.departs or default) == "full",
            math.inf if position == 0 and self.steady else 0.0,
            [(self.opens, vehicle) for vehicle in range(leg.vehicles or 0)],
            leg.berths or math.inf,
            leg.unloading_berths or math.inf,
        )

    def sail(self) -> None:
        """Process all instants with events in order (rule 21)."""
        self._land_under_way()
        self._land_early()
        closed = [self._closed(position) for position in range(len(self.places))]
        ticks = {day * DAY for day in range(self.world.scenario.days)} | {self.opens}
        ticks |= {window.end for windows in closed for window in windows}
        due = sorted(second for second in ticks if second >= 0)
        while True:
            now = min([*due[:1], *(entry[0] for entry in self.agenda[:1])], default=self.world.horizon)
            if now >= self.world.horizon:
                break
            while self.agenda and self.agenda[0][0] == now:
                _, number, position, what = heapq.heappop(self.agenda)
                self._end(now, number, position, what)
            if due and due[0] == now:
                due.pop(0)
                if now % DAY == 0:
                    self._begin_day(now // DAY)
            for position, place in enumerate(self.places):
                if not any(window.begin <= now < window.end for window in closed[position]):
                    self._start(now, position, place)
        self._list()

    def _closed(self, position: int) -> list[Window]:
        own = {f"{self.path}.route.{position}"}
        return self.world.stops(own if position else own | {self.path})

    def _begin_day(self, day: int) -> None:
        """Rules 23 and 24: production of the reserve, then the offer or delivery of the day."""
        reserve = self.shipment.reserve
        if reserve is not None and reserve.production is not None:
            self.left += self.world.on_day(reserve.production, day) / self.shells_each
        if self.steady or not self.opens <= day * DAY < self.closes:
            return
        amount = self.amount(day)
        if self.places:
            self.places[0].waits += amount
        elif amount > 0.0 < self.left:
            cargo = self.left if self.left <= amount * (1.0 + NEGLIGIBLE) else amount
            self.left -= cargo
            lead = self.shipment.lead_time
            assert lead is not None
            second = max((day + 1) * DAY, day * DAY + in_seconds(self.world.each(lead, day)))
            self._land(second, day, cargo)
            self._row(None, None, day * DAY, second, cargo)

    def rows_under_way(self) -> list[ShipmentRow]:
        """Return the rows of what is under way at the start, before the first voyage."""
        self._land_under_way()
        return self.rows

    def _land_under_way(self) -> None:
        """Rule 23: an equal part for each whole day of the way, which left on that day before the start."""
        given = self.shipment.under_way
        if given is None:
            return
        lasts = self._way()
        days = max(1, lasts // DAY)
        cargo = self._cargo(given, 0) / days
        if cargo <= 0.0:
            return
        for back in range(days, 0, -1):
            second = max(0, lasts - back * DAY)
            if second >= self.world.horizon:
                # What arrives after the end is one row.
                self._row(None, None, -DAY, None, cargo * back)
                return
            self._land(second, -(10**6), cargo)
            self._row(None, None, -back * DAY, second, cargo)

    def _way(self) -> int:
        """The seconds from the first loading to the depot, each duration from a stream of its own."""

        def seconds(duration: Quantity) -> int:
            return in_seconds(self.world.each(duration, 0, f"{duration.path}.under_way"))

        if self.shipment.lead_time is not None:
            return seconds(self.shipment.lead_time)
        return sum(
            seconds(leg.load) + max(HOUR, seconds(leg.travel)) + seconds(leg.unload)
            for leg in self.shipment.route
        )

    def _land_early(self) -> None:
        """Rules 19, 23 and 25: deliveries under way at the start, independent of reserve and events."""
        shipment, since = self.shipment, -math.inf
        if shipment.first is not None:
            since = in_seconds(self.world.once(shipment.first))
        # Those that count from events come first (rule 35); a sort keeps the rest of the order.
        in_order = sorted(shipment.deliveries.items(), key=lambda item: not isinstance(item[0], Quantity))
        for date, quantity in in_order:
            day, lead = self.world.day_of(date), shipment.lead_time
            if day >= 0 or lead is None or day + max(1.0, lead.bounds()[1]) <= -1e-5:
                continue
            cargo = self._cargo(quantity, day)
            written = date.written if isinstance(date, Quantity) else date.isoformat()
            took = self.world.each(lead, 0, f"{lead.path}.{written}")
            second = day * DAY + max(DAY, in_seconds(took))
            if cargo > 0.0 and second >= 0 and since <= day * DAY < self.closes:
                self._land(second, day, cargo)
                self._row(None, None, day * DAY, second, cargo)

    def _cargo(self, number: Number, day: int) -> float:
        """Return an offer or delivery in units of cargo."""
        each = self.world.on_day(number, day)
        return each / self.world.kilograms_of_a_mixed_shell(self.shipment) if is_tonnes(number) else each

    def amount(self, day: int) -> float:
        """Rule 23: the offer or delivery of a day, in units of cargo."""
        offered = self.shipment.offered
        amount = 0.0 if offered is None else self._cargo(offered, day)
        for date, quantity in self.shipment.deliveries.items():
            is_today = self.world.day_of(date) == day
            if is_today or isinstance(date, Quantity):
                # Drawn in every run, also in one in which it never leaves.
                cargo = self._cargo(quantity, day)
                amount += cargo if is_today else 0.0
        # No event acts before the start (`_land_early`).
        return amount if day < 0 else amount * self.world.factor(day, self.path, f"{self.path}.offered")

    def _load(self, position: int, place: LegState) -> float:
        """The load of a vehicle that starts now; zero if it has to wait."""
        left = math.inf if position else self.left
        there = min(place.waits, left)
        if there >= place.capacity * (1.0 - NEGLIGIBLE):
            return there if there <= place.capacity * (1.0 + NEGLIGIBLE) else place.capacity
        asked = min(place.waits, place.capacity)
        if self.grows and left < asked * (1.0 - NEGLIGIBLE):
            return 0.0
        if not self.grows and left <= asked:
            return there
        return 0.0 if place.full else there

    def _start(self, now: int, position: int, place: LegState) -> None:
        closes = self.world.horizon if position else self.closes
        while (
            self.opens <= now < closes and place.berths > 0 and (place.vehicles or place.leg.vehicles is None)
        ):
            cargo = self._load(position, place)
            if cargo <= 0.0:
                return
            vehicle = None
            if place.leg.vehicles is not None:
                place.vehicles.sort()
                _, vehicle = place.vehicles.pop(0)
            place.waits -= cargo
            if position == 0:
                self.left -= cargo
            number, path = len(place.trips), f"{self.path}.route.{position}"
            load, unload = (
                in_seconds(self.world.each(q, number)) for q in (place.leg.load, place.leg.unload)
            )
            travel, back = (
                max(HOUR, in_seconds(self.world.each(place.leg.travel, number, stream)))
                for stream in (f"{path}.travel", f"{path}.back")
            )
            place.trips.append(Trip(vehicle, cargo, now + load, unload, back))
            if load > 0:
                place.berths -= 1
                heapq.heappush(self.agenda, (now + load, number, position, "loaded"))
            heapq.heappush(self.agenda, (now + load + travel, number, position, "there"))

    def _end(self, now: int, number: int, position: int, what: str) -> None:
        place = self.places[position]
        trip = place.trips[number]
        if what == "loaded":
            place.berths += 1
        elif what == "there":
            place.queue.append(number)
        elif what == "unloaded":
            place.far_berths += 1
            trip.arrived = now
            if position + 1 < len(self.places):
                self.places[position + 1].waits += trip.cargo
            else:
                self._land(now, number, trip.cargo)
            if trip.vehicle is not None:
                heapq.heappush(self.agenda, (now + trip.back, number, position, "home"))
        else:
            assert trip.vehicle is not None
            place.vehicles.append((now, trip.vehicle))
        while place.far_berths > 0 and place.queue:
            first = place.queue.pop(0)
            place.far_berths -= 1
            heapq.heappush(self.agenda, (now + place.trips[first].unload, first, position, "unloaded"))

    def _land(self, second: int, number: int, cargo: float) -> None:
        self.arrivals.append(Arrival(second, number, {m: cargo * each for m, each in self.each.items()}))

    def _list(self) -> None:
        for position, place in enumerate(self.places):
            for trip in place.trips:
                if trip.departed < self.world.horizon:
                    self._row(position, trip.vehicle, trip.departed, trip.arrived, trip.cargo)

    def _row(
        self, leg: int | None, vehicle: int | None, departed: int, arrived: int | None, cargo: float
    ) -> None:
        if arrived is not None and arrived >= self.world.horizon:
            arrived = None
        boxes = cargo if self.containers else None
        self.rows.append(
            ShipmentRow(self.name, leg, vehicle, departed, arrived, boxes, cargo * self.shells_each)
        )
