"""A foreign supplier: reserve, offers, legs or lots, and arrivals (rules 19 to 26)."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator

import simpy

from sim.account import Kind, Voyage, sum_in_order
from sim.errors import RunError
from sim.formulas import MIN_TRAVEL_SECONDS, UNDER_WAY, arrival_second, lot_size, to_seconds, whole_days
from sim.model.clock import Clock, DailyEvent
from sim.model.depots import DepotState, Lot, LotPart
from sim.model.duration import VoyageDuration
from sim.model.events import EventCalendar
from sim.model.fleet import Fleet, QuayStock
from sim.model.world import RunInputs
from sim.scenario.limits import no_shells
from sim.scenario.quantity import Quantity
from sim.scenario.shipment import Shipment
from sim.units import SECONDS_PER_DAY


class Supplier:
    """One supplier in one run.

    Parameters
    ----------
    clock, world, calendar : Clock, RunInputs, EventCalendar
    name : str
    shipment : Shipment
        The supplier of the scenario.
    depot : DepotState
        Destination.
    """

    def __init__(
        self,
        clock: Clock,
        world: RunInputs,
        calendar: EventCalendar,
        name: str,
        shipment: Shipment,
        depot: DepotState,
    ) -> None:
        self.name = name
        self.clock = clock
        self.depot = depot
        self.origin = origin = depot.origins.index(name)
        self.shipment = shipment
        self.days = world.scenario.days
        self.in_containers = shipment.counts_containers()
        self.shells_each = world.shells_in_cargo(shipment)
        self.all_shells_each = sum_in_order(self.shells_each)
        self.serviceable = [
            1.0 if munition not in shipment.serviceable else world.draw_once(shipment.serviceable[munition])
            for munition in world.scenario.munitions
        ]
        columns = [
            (m, depot.column(m, origin, Kind.LANDED), depot.column(m, origin, Kind.REJECTED))
            for m in range(len(depot.stocks))
        ]
        self.entries = [
            (munition, each, share, depot.stocks[munition], landed, rejected)
            for each, share, (munition, landed, rejected) in zip(
                self.shells_each, self.serviceable, columns, strict=True
            )
            if each > 0.0
        ]
        self.lots: list[Voyage] = []
        self.age = 0 if shipment.age is None else whole_days(world.draw_once(shipment.age))
        opens = world.second_of(shipment.first, 0)
        horizon = self.days * SECONDS_PER_DAY
        self.window = max(0, opens), world.second_of(shipment.until, horizon, opens)
        self.source = self._source(world)
        self.fleets = self._fleets(world, calendar)
        self.offers = world.offers(shipment)
        self.running = calendar.factors(f"shipments.{name}", f"shipments.{name}.offered")
        self.lead = (
            None
            if shipment.lead_time is None
            else VoyageDuration(shipment.lead_time, world.draw_each(shipment.lead_time))
        )
        self.growing = world.reserve_production(shipment)
        self._check(world)
        if shipment.under_way is not None:
            self._land_under_way(world, shipment.under_way)
        if shipment.lead_time is not None:
            self._land_early(world, shipment.lead_time)
        if self.offers is not None or self.growing is not None:
            clock.day_start.start(self._offer(clock.day_start))

    def _check(self, world: RunInputs) -> None:
        """Check that offers and reserve production are in range on every day."""
        offered, reserve = self.shipment.offered, self.shipment.reserve
        if offered is not None and self.offers is not None:
            running = self.running or [1.0] * self.days
            by_day = [offer * factor for offer, factor in zip(self.offers, running, strict=True)]
            world.checked(offered.path, by_day)
        if reserve is not None and reserve.production is not None and self.growing is not None:
            world.checked(reserve.production.path, self.growing)

    def _land_early(self, world: RunInputs, lead_time: Quantity) -> None:
        """Schedule deliveries that left before the start and arrive after it (rules 19, 23 and 25)."""
        first, closes = self.shipment.first, self.window[1]
        opens = -math.inf if first is None else world.second_of(first, 0)
        for early in world.early(self.shipment):
            cargo = world.delivered(early.quantity, self.shipment)
            start = early.day * SECONDS_PER_DAY
            lead = to_seconds(world.nth_of(lead_time, early.stream(lead_time)))
            second = arrival_second(start, lead)
            if cargo > 0.0 and second >= 0 and opens <= start < closes:
                self._expect(early.day, second, cargo)

    def _land_under_way(self, world: RunInputs, quantity: Quantity) -> None:
        """Schedule cargo under way at the start: an equal part left on each day before (rule 23)."""
        way = 0
        for lasts, stream, is_travel in self.shipment.ways():
            seconds = to_seconds(world.nth_of(lasts, stream))
            way += max(MIN_TRAVEL_SECONDS, seconds) if is_travel else seconds
        lots = max(1, way // SECONDS_PER_DAY)
        each = world.delivered(quantity, self.shipment) / lots
        if each <= 0.0:
            return
        within = min(lots, self.days)
        for day in range(-lots, within - lots):
            self._expect(day, arrival_second(day * SECONDS_PER_DAY, way), each, UNDER_WAY)
        if lots > within:
            # What arrives after the end, as one lot: a way may take centuries.
            self._expect(-1, arrival_second(-SECONDS_PER_DAY, way), each * (lots - within), UNDER_WAY)

    def _source(self, world: RunInputs) -> QuayStock:
        shipment = self.shipment
        left = (
            math.inf
            if shipment.reserve is None
            else world.draw_once(shipment.reserve.stock) / self.all_shells_each
        )
        waits = math.inf if shipment.offered is None and not shipment.deliveries else 0.0
        return QuayStock(
            waits, left, is_growing=shipment.reserve is not None and shipment.reserve.production is not None
        )

    def _fleets(self, world: RunInputs, calendar: EventCalendar) -> list[Fleet]:
        horizon = self.days * SECONDS_PER_DAY
        fleets: list[Fleet] = []
        deliver: Callable[[float, int], None] = self._receive
        # From the last leg to the first, since each needs the next as its destination.
        for position in range(len(self.shipment.route) - 1, -1, -1):
            quay = QuayStock(0.0) if position else self.source
            # Cargo that has left continues, so only the first leg stops at the end of the window (rule 25).
            window = (self.window[0], horizon) if position else self.window
            path = f"shipments.{self.name}.route.{position}"
            closed = (
                calendar.closures(path) if position else calendar.closures(f"shipments.{self.name}", path)
            )
            leg = self.shipment.route[position]
            full_only = self.shipment.departs_full(position)
            fleet = Fleet(
                self.clock, world, leg, path, quay, window, deliver, closed=closed, full_only=full_only
            )
            fleets.insert(0, fleet)
            deliver = fleet.add_cargo
        return fleets

    def _receive(self, cargo: float, voyage: int) -> None:
        second = self.clock.second
        if self.depot.capacity == math.inf and self.shipment.under_way is not None:
            self.depot.arrived.append((second, "shipments", self.name, voyage, self._admit, cargo))
        elif self.depot.capacity == math.inf:
            self.depot.unloaded.append((second, "shipments", self.name, voyage, self._enter, cargo))
            self.depot.landing[self.name] = self._store
        else:
            self.depot.arrived.append(self._lot(cargo, second, voyage))

    def _enter(self, cargo: float, day: int) -> None:
        """Collect a cargo of the fleet at a depot without a gate; `_store` adds the sum of a day."""
        for _, each, share, _, landed, rejected in self.entries:
            shells = cargo * each
            good = shells * share
            landed[day] += good
            rejected[day] += shells - good

    def _store(self, day: int) -> None:
        """Add the collected cargo of a day to the stock."""
        for _, _, _, stock, landed, rejected in self.entries:
            stock.unserviceable[self.origin] += rejected[day]
            stock.put(self.origin, landed[day], day, self.age)

    def _admit(self, cargo: float, day: int) -> None:
        """Add a lot to a depot without a gate, without a `Lot` object."""
        for _, each, share, stock, landed, rejected in self.entries:
            shells = cargo * each
            good = shells * share
            landed[day] += good
            rejected[day] += shells - good
            stock.unserviceable[self.origin] += shells - good
            stock.put(self.origin, good, day, self.age)

    def _lot(self, cargo: float, second: int, number: int) -> Lot:
        parts = []
        for munition, each, share, _, landed, _ in self.entries:
            shells = cargo * each
            good = shells * share
            bad = [shells - good]
            parts.append(LotPart(munition, (self.origin,), (landed,), [good], bad, self.age))
        return Lot(second, "shipments", self.name, number, parts)

    def _offer(self, day_start: DailyEvent) -> Generator[simpy.Event, int, None]:
        """Each day, add production to the reserve, and offer cargo at the quay or send it as a lot."""
        opens, closes = self.window
        while True:
            day = yield day_start
            if self.growing is not None:
                self.source.left += self.growing[day] / self.all_shells_each
            offered = (
                0.0
                if self.offers is None or not opens <= day * SECONDS_PER_DAY < closes
                else self.offers[day]
            )
            if self.running is not None:
                offered *= self.running[day]
            if self.fleets:
                self.source.waiting += offered
                self.fleets[0].schedule_start()
            elif offered > 0.0:
                self._send(day, lot_size(offered, self.source.left))

    def _send(self, day: int, cargo: float) -> None:
        if cargo <= 0.0 or self.lead is None:
            return
        self.source.left -= cargo
        self._expect(day, arrival_second(day * SECONDS_PER_DAY, self.lead.of(day)), cargo)

    def _expect(self, day: int, second: int, cargo: float, number: int | None = None) -> None:
        """Schedule the arrival at `second` of a lot that leaves on `day`, which is its number by default."""
        number = day if number is None else number
        if self.depot.capacity == math.inf:
            self.depot.expect((second, "shipments", self.name, number, self._admit, cargo))
        else:
            self.depot.expect(self._lot(cargo, second, number))
        arrived = second if second < self.days * SECONDS_PER_DAY else None
        containers = cargo if self.in_containers else None
        shells = cargo * self.all_shells_each
        self.lots.append(Voyage(self.name, None, None, day * SECONDS_PER_DAY, arrived, containers, shells))

    def voyages(self) -> list[Voyage]:
        """Return the voyages that left by the end, by leg and number, or the lots."""
        end = self.clock.second
        return self.lots + [
            Voyage(
                self.name,
                leg,
                trip.vehicle,
                trip.departed,
                trip.arrived,
                trip.cargo if self.in_containers else None,
                trip.cargo * self.all_shells_each,
            )
            for leg, fleet in enumerate(self.fleets)
            for trip in fleet.trips
            if trip.departed < end
        ]

    def shipped(self) -> float:
        """Return the shells that left the supplier's first quay."""
        trips = self.fleets[0].trips if self.fleets else []
        return math.fsum(
            [*(trip.cargo * self.all_shells_each for trip in trips), *(lot.shells for lot in self.lots)]
        )

    def under_way(self) -> float:
        """Return the shells in vehicles and lots, at quays between legs, and at the gate."""
        in_vehicles = [trip.cargo for fleet in self.fleets for trip in fleet.trips if trip.arrived is None]
        at_quays = [fleet.quay.waiting for fleet in self.fleets[1:]]
        in_lots = [lot.shells for lot in self.lots if lot.arrived is None]
        at_gate = [self.depot.inbound(m, self.origin, "shipments") for m in range(len(self.shells_each))]
        cargoes = [cargo * self.all_shells_each for cargo in (*in_vehicles, *at_quays)]
        return math.fsum([*cargoes, *in_lots, *at_gate])


def check_mixes(world: RunInputs) -> None:
    """Check that the drawn mix of each supplier is not all zero.

    Raises
    ------
    RunError
        A mix is all zero.
    """
    for name, shipment in world.scenario.shipments.items():
        if sum_in_order(world.shells_in_cargo(shipment)) <= 0.0:
            raise RunError(no_shells(name))
