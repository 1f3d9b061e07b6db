"""Dispatch between depots: claims of transfers, scaled down to the stock (rules 18 and 19)."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

import simpy

from sim.account import Kind
from sim.formulas import arrival_second, replenishment
from sim.model.clock import Clock
from sim.model.depots import DepotState, Lot, LotPart
from sim.model.duration import VoyageDuration
from sim.model.events import EventCalendar
from sim.model.ledger import Column, Ledger
from sim.model.world import RunInputs
from sim.scenario.transfer import Transfer
from sim.units import SECONDS_PER_DAY


@dataclass(eq=False)
class Route:
    """One transfer in one run.

    Attributes
    ----------
    name : str
    source, target : DepotState
    capacity : list of float, length days
        Shells a day over all munitions; infinite without a limit.
    running : list of float, length days
        Share of the capacity that events leave.
    keep : list of float or None
        Order-up-to level at the target in days of supply, by munition; None to send all stock.
    planned : list of list of float, shape (munitions, days)
        Planned requirement at the target.
    lead : callable
        Returns the lead time in seconds of the lot of a day.
    """

    name: str
    source: DepotState
    target: DepotState
    capacity: list[float]
    running: list[float]
    keep: list[float] | None
    planned: list[Column]
    lead: Callable[[int], int]

    def __post_init__(self) -> None:
        munitions = range(len(self.source.stocks))
        # Positions of the source's origins at the target, which has them all.
        self.origins = [self.target.origins.index(name) for name in self.source.origins]
        self.wants = [0.0 for _ in munitions]
        self.dispatched = [self.source.columns(munition, Kind.DISPATCHED) for munition in munitions]
        self.received = [
            [self.target.column(munition, origin, Kind.RECEIVED) for origin in self.origins]
            for munition in munitions
        ]

    def claim(self, day: int, covered: Mapping[DepotState, Sequence[float]]) -> None:
        """Set `wants` by munition, scaled down to the capacity.

        Parameters
        ----------
        day : int
        covered : mapping of DepotState to sequence of float
            Supply position of depots by munition, with shells under way and at the gate.
        """
        total = 0.0
        for munition, stock in enumerate(self.source.stocks):
            if self.keep is None:
                want = stock.level
            else:
                planned, position = self.planned[munition][day], covered[self.target][munition]
                want = replenishment(self.keep[munition], planned, position)
            self.wants[munition] = want
            total += want
        limit, running = self.capacity[day], self.running[day]
        if limit == math.inf:
            self._scale(running)
        elif total > limit * running:
            self._scale(limit * running / total)

    def _scale(self, share: float) -> None:
        for munition, want in enumerate(self.wants):
            self.wants[munition] = want * share

    def send(self, day: int) -> None:
        """Send the claimed shells as one lot, from each origin in proportion."""
        parts = []
        for munition, stock in enumerate(self.source.stocks):
            if self.wants[munition] <= 0.0 or stock.level <= 0.0:
                continue
            wants, cohorts = self.wants[munition], None
            if stock.cohorts is not None:
                cohorts = stock.cohorts.issue(wants, stock.level)
            taken = stock.take(wants, self.dispatched[munition], day)
            parts.append(LotPart(munition, self.origins, self.received[munition], taken, cohorts=cohorts))
        if parts:
            second = arrival_second(day * SECONDS_PER_DAY, self.lead(day))
            self.target.expect_transfer(Lot(second, "transfers", self.name, day, parts))


def dispatch(clock: Clock, routes: Sequence[Route]) -> Generator[simpy.Event, int, None]:
    """Each day, set the claims of all transfers after losses, ration them by source, and send."""
    kept = list(dict.fromkeys(route.target for route in routes if route.keep is not None))
    leaving: dict[DepotState, list[Route]] = {}
    for route in routes:
        leaving.setdefault(route.source, []).append(route)
    while True:
        day = yield clock.day_over
        covered = {depot: depot.supply_position() for depot in kept}
        for route in routes:
            route.claim(day, covered)
        for source, claims in leaving.items():
            _cut_to_stock(source, claims)
        for route in routes:
            route.send(day)


def _cut_to_stock(source: DepotState, claims: Sequence[Route]) -> None:
    """Scale down claims that together exceed the stock of a depot; the last takes the remainder."""
    for munition, stock in enumerate(source.stocks):
        total = 0.0
        for route in claims:
            total += route.wants[munition]
        if total >= stock.level > 0.0:
            last = [route for route in claims if route.wants[munition] > 0.0][-1]
            for route in claims:
                route.wants[munition] *= stock.level / total
            last.wants[munition] = stock.level


def start_transfers(
    clock: Clock, world: RunInputs, calendar: EventCalendar, depots: dict[str, DepotState], ledger: Ledger
) -> None:
    """Start the dispatch process if the scenario has transfers."""
    routes = [
        _make_route(world, calendar, ledger, name, transfer, depots)
        for name, transfer in world.scenario.transfers.items()
    ]
    if routes:
        clock.day_over.start(dispatch(clock, routes))


def _make_route(
    world: RunInputs,
    calendar: EventCalendar,
    ledger: Ledger,
    name: str,
    transfer: Transfer,
    depots: dict[str, DepotState],
) -> Route:
    days = world.scenario.days
    capacity = [math.inf] * days if transfer.capacity is None else world.by_day(transfer.capacity)
    factors = calendar.factors("", f"transfers.{name}.capacity")
    if factors is not None:
        capacity = [limit * factor for limit, factor in zip(capacity, factors, strict=True)]
    if transfer.capacity is not None:
        world.checked(transfer.capacity.path, capacity)
    running = calendar.factors(f"transfers.{name}") or [1.0] * days
    munitions = world.scenario.munitions
    keep = (
        [world.draw_once(transfer.keep[m]) if m in transfer.keep else 0.0 for m in munitions]
        if transfer.keep
        else None
    )
    lead = VoyageDuration(transfer.lead_time, world.draw_each(transfer.lead_time))
    source, target = depots[transfer.from_], depots[transfer.to]
    planned = [ledger.planned[pair] for pair in target.pairs]
    return Route(name, source, target, capacity, running, keep, planned, lead.of)
