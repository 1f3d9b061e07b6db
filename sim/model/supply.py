"""A supplier abroad: its reserve, its chain of legs, and the landing of what comes (rules 22 to 26)."""

from __future__ import annotations

import math
from collections.abc import Generator

import simpy

from sim.account import Kind, Voyage
from sim.model.clock import Clock
from sim.model.fleet import Cargo, Fleet
from sim.model.ledger import Ledger
from sim.model.stock import Stock
from sim.model.world import World
from sim.scenario.shipment import Shipment
from sim.units import SECONDS_PER_DAY, Unit


class Supplier:
    """One supplier in one run.

    Parameters
    ----------
    clock, world : Clock, World
    name : str
    shipment : Shipment
        As the scenario describes it.
    munition : str
        What it sends.
    """

    def __init__(self, clock: Clock, world: World, name: str, shipment: Shipment, munition: str) -> None:
        self.name = name
        self.clock = clock
        self.in_containers = shipment.route[0].capacity.unit is Unit.CONTAINERS
        self.shells_each = world.once(shipment.shells_per_container[munition]) if self.in_containers else 1.0
        share = shipment.serviceable.get(munition)
        self.serviceable = 1.0 if share is None else world.once(share)
        self.landed_today: list[float] = []
        self.fleets = self._fleets(world, shipment)

    def _fleets(self, world: World, shipment: Shipment) -> list[Fleet]:
        horizon = world.scenario.days * SECONDS_PER_DAY
        opens = world.moment(shipment.first, 0)
        first, until = max(0, opens), world.moment(shipment.until, horizon, opens)
        left = math.inf if shipment.reserve is None else world.once(shipment.reserve) / self.shells_each
        fleets: list[Fleet] = []
        deliver = self.landed_today.append
        # From the last leg to the first, so that each knows where its cargo goes.
        for position in range(len(shipment.route) - 1, -1, -1):
            quay = Cargo(0.0) if position else Cargo(math.inf, left)
            # What has started goes through, so only the first leg keeps to the window's end (rule 25).
            window = (first, horizon if position else until)
            path = f"shipments.{self.name}.route.{position}"
            fleet = Fleet(self.clock, world, shipment.route[position], path, quay, window, deliver)
            fleets.insert(0, fleet)
            deliver = fleet.bring
        return fleets

    def land(
        self, stock: Stock, origin: int, landed: list[float], rejected: list[float]
    ) -> Generator[simpy.Event, int, None]:
        """Let the serviceable part of each day's arrivals join the stock, in order of arrival."""
        while True:
            day = yield self.clock.day_over
            if self.landed_today:
                for cargo in self.landed_today:
                    shells = cargo * self.shells_each
                    good = shells * self.serviceable
                    landed[day] += good
                    rejected[day] += shells - good
                    stock.unserviceable[origin] += shells - good
                    stock.put(origin, good, day)
                self.landed_today.clear()

    def voyages(self) -> list[Voyage]:
        """Return every voyage that had left by the end, by leg and number."""
        end = int(self.clock.now)
        return [
            Voyage(
                self.name,
                leg,
                trip.vehicle,
                trip.departed,
                trip.arrived,
                trip.cargo if self.in_containers else None,
                trip.cargo * self.shells_each,
            )
            for leg, fleet in enumerate(self.fleets)
            for trip in fleet.trips
            if trip.departed < end
        ]

    def shipped(self) -> float:
        """Return the shells that left the supplier's own quay."""
        return math.fsum(trip.cargo * self.shells_each for trip in self.fleets[0].trips)

    def under_way(self) -> float:
        """Return the shells in vehicles and at the quays between the legs."""
        in_vehicles = [trip.cargo for fleet in self.fleets for trip in fleet.trips if trip.arrived is None]
        at_quays = [fleet.quay.waits for fleet in self.fleets[1:]]
        return math.fsum(cargo * self.shells_each for cargo in (*in_vehicles, *at_quays))


def start_supply(clock: Clock, world: World, ledger: Ledger, stocks: list[Stock]) -> list[Supplier]:
    """Start every supplier, and the process of its landings."""
    axes = ledger.axes
    munition = world.scenario.munitions[0]
    suppliers = []
    for name, shipment in world.scenario.shipments.items():
        supplier = Supplier(clock, world, name, shipment, munition)
        pair = axes.pairs.index((shipment.to, munition))
        origin = axes.origins.index(name)
        landed = ledger.column(pair, origin, Kind.LANDED)
        rejected = ledger.column(pair, origin, Kind.REJECTED)
        clock.process(supplier.land(stocks[pair], origin, landed, rejected))
        suppliers.append(supplier)
    return suppliers
