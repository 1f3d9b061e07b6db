"""One leg of a route: a shuttling fleet with a quay, berths and a queue (rules 20 to 25)."""

from __future__ import annotations

import bisect
import heapq
import math
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import simpy

from sim.formulas import MIN_TRAVEL_SECONDS, full_load_or_rest
from sim.model.clock import Clock
from sim.model.duration import VoyageDuration
from sim.model.events import Window
from sim.model.world import RunInputs
from sim.scenario.limits import LEAST, MOST_VOYAGES
from sim.scenario.shipment import Leg


@dataclass(slots=True)
class FleetVoyage:
    """One voyage.

    Attributes
    ----------
    number : int
        Counted in order of the start of loading.
    vehicle : int or None
        Position in the fleet; None where it is hired.
    cargo : float
        In the unit of the leg's capacity.
    departed, arrived : int or None
        End of loading and of unloading, in seconds; None while not reached.
    """

    number: int
    vehicle: int | None
    cargo: float
    departed: int
    arrived: int | None = None


@dataclass(slots=True)
class QuayStock:
    """Cargo at the quay where the fleet loads.

    Attributes
    ----------
    waiting : float
        Cargo that waits; infinite where supply is unlimited.
    left : float
        Remaining reserve of the supplier; infinite without a reserve, and on later legs.
    is_growing : bool
        Whether the reserve grows by production; a partial load then waits until it is full (rule 24).
    """

    waiting: float
    left: float = math.inf
    is_growing: bool = False


class Fleet:
    """The vehicles of one leg.

    Parameters
    ----------
    clock : Clock
    world : RunInputs
    leg : Leg
        The leg of the scenario.
    path : str
        Path of the leg, a prefix of its stream names.
    quay : QuayStock
        Cargo at its `from`.
    window : (int, int)
        Half-open interval of seconds in which loading may start.
    deliver : callable
        Called with the cargo and number of each voyage when it is unloaded.
    closed : sequence of Window
        Windows in which no loading starts.
    full_only : bool
        Whether a vehicle leaves only with a full load.
    """

    def __init__(
        self,
        clock: Clock,
        world: RunInputs,
        leg: Leg,
        path: str,
        quay: QuayStock,
        window: tuple[int, int],
        deliver: Callable[[float, int], None],
        *,
        closed: Sequence[Window],
        full_only: bool,
    ) -> None:
        self.clock = clock
        self.quay = quay
        self.window = window
        self.deliver = deliver
        self.trips: list[FleetVoyage] = []
        self.world = world
        self.order = world.order_of_legs[path]
        self.path = path
        self.capacity = world.draw_once(leg.capacity, LEAST)
        self.full_only = full_only
        self.closed = _joined(closed)
        self._shuts = [window.begin for window in self.closed]
        self.hired = leg.vehicles is None
        self.berths = leg.berths
        self.unloading_berths = leg.unloading_berths
        self.unloading: deque[simpy.Event] = deque()
        self.load = VoyageDuration(leg.load, world.draw_each(leg.load))
        self.travel = VoyageDuration(leg.travel, world.draw_each(leg.travel), MIN_TRAVEL_SECONDS)
        self.unload = VoyageDuration(leg.unload, world.draw_each(leg.unload))
        back = None if leg.travel.law is None else world.streams.uniforms(f"{path}.back")
        self.back = VoyageDuration(leg.travel, back, MIN_TRAVEL_SECONDS)
        self._called = False
        opening = window[0]
        self.waiting = [(opening, vehicle) for vehicle in range(leg.vehicles or 0)]
        for second in (opening, *(shut.end for shut in self.closed)):
            clock.call(self._wake, at=second)

    def add_cargo(self, cargo: float, _voyage: int) -> None:
        """Add cargo to the quay."""
        self.quay.waiting += cargo
        self.schedule_start()

    def schedule_start(self) -> None:
        """Check after the ends of this second whether a vehicle can start."""
        if not self._called:
            self._called = True
            self.clock.call(self._start)

    def _wake(self, _event: simpy.Event) -> None:
        self.schedule_start()

    def _start(self, _event: simpy.Event) -> None:
        self._called = False
        now = self.clock.second
        opens, closes = self.window
        if not opens <= now < closes or self.order >= self.world.idle_from or self._is_closed(now):
            return
        while (self.hired or self.waiting) and self.berths != 0:
            quay = self.quay
            cargo = full_load_or_rest(quay.waiting, quay.left, self.capacity, quay.is_growing, self.full_only)
            if cargo <= 0.0:
                return
            if len(self.trips) >= MOST_VOYAGES:
                self._give_up()
                return
            vehicle = None if self.hired else heapq.heappop(self.waiting)[1]
            self._depart(now, vehicle, cargo)

    def _give_up(self) -> None:
        """Start no more voyages: the run fails, by this leg or by one before it."""
        self.trips.clear()
        self.world.give_up(self.order)

    def _is_closed(self, second: int) -> bool:
        last = bisect.bisect_right(self._shuts, second) - 1
        return last >= 0 and second < self.closed[last].end

    def _depart(self, now: int, vehicle: int | None, cargo: float) -> None:
        number = len(self.trips)
        self.quay.waiting -= cargo
        self.quay.left -= cargo
        load = self.load.of(number)
        trip = FleetVoyage(number, vehicle, cargo, now + load)
        self.trips.append(trip)
        if self.berths is not None and load > 0:
            self.berths -= 1
        if self.berths is None and self.unloading_berths is None:
            # Without unloading berths an outbound voyage is a single event and needs no process.
            there = self.clock.ends(load + self.travel.of(number) + self.unload.of(number), number)
            there.callbacks.append(lambda _: self._arrive(trip))
        else:
            self.clock.process(self._voyage(trip, load))

    def _arrive(self, trip: FleetVoyage) -> None:
        trip.arrived = self.clock.second
        self.deliver(trip.cargo, trip.number)
        vehicle = trip.vehicle
        if vehicle is not None:
            home = self.clock.ends(self.back.of(trip.number), trip.number)
            home.callbacks.append(lambda _: self._wait(vehicle))

    def _wait(self, vehicle: int) -> None:
        heapq.heappush(self.waiting, (self.clock.second, vehicle))
        self.schedule_start()

    def _voyage(self, trip: FleetVoyage, load: int) -> Generator[simpy.Event, None, None]:
        number = trip.number
        travel, unload = self.travel.of(number), self.unload.of(number)
        if self.berths is not None and load > 0:
            yield self.clock.ends(load, number)
            self.berths += 1
            self.schedule_start()
            load = 0
        # Without unloading berths, loading, travel and unloading are one event.
        if self.unloading_berths is None:
            yield self.clock.ends(load + travel + unload, number)
        else:
            yield self.clock.ends(load + travel, number)
            yield from self._unload_at_berth(unload, number)
        self._arrive(trip)

    def _unload_at_berth(self, unload: int, number: int) -> Generator[simpy.Event, None, None]:
        if self.unloading_berths == 0:
            turn = self.clock.event()
            self.unloading.append(turn)
            yield turn
        elif self.unloading_berths is not None:
            self.unloading_berths -= 1
        if unload > 0:
            yield self.clock.ends(unload, number)
        if self.unloading:
            self.unloading.popleft().succeed()
        elif self.unloading_berths is not None:
            self.unloading_berths += 1


def _joined(windows: Sequence[Window]) -> list[Window]:
    """Return windows in order of time, with adjacent and overlapping ones merged."""
    found: list[Window] = []
    for window in sorted(windows):
        if window.end <= window.begin:
            continue
        if found and window.begin <= found[-1].end:
            found[-1] = found[-1]._replace(end=max(found[-1].end, window.end))
        else:
            found.append(window)
    return found
