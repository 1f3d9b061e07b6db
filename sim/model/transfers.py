"""The process of dispatch: what transfers want, and what there is of it (rules 18 and 19)."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

import simpy

from sim.account import Kind
from sim.model.clock import Clock, arrival_second
from sim.model.depots import DepotState, Lot, LotPart
from sim.model.duration import VoyageDuration
from sim.model.events import EventCalendar
from sim.model.ledger import Column, Ledger
from sim.model.world import RunInputs
from sim.scenario.transfer import Transfer


@dataclass(eq=False)
class Route:
    """One transfer in one run.

    Attributes
    ----------
    name : str
    source, target : Yard
    capacity : list of float, length days
        Shells a day over all munitions; infinite without a limit.
    running : list of float, length days
        What stops leave of it.
    keep : list of float or None
        Days of supply at the target by munition; None where all is sent.
    planned : list of list of float, shape (munitions, days)
        Planned requirement at the target.
    lead : callable
        From a day to the seconds that a lot leaving on it takes.
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
        # Where the target has the source's origins; it has them all.
        self.origins = [self.target.origins.index(name) for name in self.source.origins]
        self.wants = [0.0 for _ in munitions]
        self.dispatched = [self.source.columns(munition, Kind.DISPATCHED) for munition in munitions]
        self.received = [
            [self.target.column(munition, origin, Kind.RECEIVED) for origin in self.origins]
            for munition in munitions
        ]

    def claim(self, day: int, covered: Mapping[DepotState, Sequence[float]]) -> None:
        """Want shells of each munition, cut to the capacity in proportion.

        Parameters
        ----------
        day : int
        covered : mapping of Yard to sequence of float
            What depots have, under way and at the gate included, by munition.
        """
        total = 0.0
        for munition, stock in enumerate(self.source.stocks):
            if self.keep is None:
                want = stock.level
            else:
                lacks = self.keep[munition] * self.planned[munition][day] - covered[self.target][munition]
                want = max(0.0, lacks)
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
        """Let what it wants leave the source, from each origin in proportion, as one lot."""
        parts = []
        for munition, stock in enumerate(self.source.stocks):
            if self.wants[munition] <= 0.0 or stock.level <= 0.0:
                continue
            taken = stock.take(self.wants[munition], self.dispatched[munition], day)
            parts.append(LotPart(munition, self.origins, self.received[munition], taken))
        if parts:
            second = arrival_second(day, self.lead(day))
            self.target.expect_transfer(Lot(second, "transfers", self.name, day, parts))


def dispatch(clock: Clock, routes: Sequence[Route]) -> Generator[simpy.Event, int, None]:
    """Each day let every transfer want from the levels after losses, and share out what there is."""
    kept = list(dict.fromkeys(route.target for route in routes if route.keep is not None))
    leaving: dict[DepotState, list[Route]] = {}
    for route in routes:
        leaving.setdefault(route.source, []).append(route)
    while True:
        day = yield clock.day_over
        covered = {yard: yard.supply_position() for yard in kept}
        for route in routes:
            route.claim(day, covered)
        for source, asking in leaving.items():
            _cut_to_stock(source, asking)
        for route in routes:
            route.send(day)


def _cut_to_stock(source: DepotState, asking: Sequence[Route]) -> None:
    """Cut claims on one depot that together exceed a level; the last of them takes all that is left."""
    for munition, stock in enumerate(source.stocks):
        total = 0.0
        for route in asking:
            total += route.wants[munition]
        if total >= stock.level > 0.0:
            last = [route for route in asking if route.wants[munition] > 0.0][-1]
            for route in asking:
                route.wants[munition] *= stock.level / total
            last.wants[munition] = stock.level


def start_transfers(
    clock: Clock, world: RunInputs, happenings: EventCalendar, yards: dict[str, DepotState], ledger: Ledger
) -> None:
    """Start the process of dispatch, where there are transfers."""
    routes = [
        _make_route(world, happenings, ledger, name, transfer, yards)
        for name, transfer in world.scenario.transfers.items()
    ]
    if routes:
        clock.day_over.start(dispatch(clock, routes))


def _make_route(
    world: RunInputs,
    happenings: EventCalendar,
    ledger: Ledger,
    name: str,
    transfer: Transfer,
    yards: dict[str, DepotState],
) -> Route:
    days = world.scenario.days
    capacity = [math.inf] * days if transfer.capacity is None else world.by_day(transfer.capacity)
    factors = happenings.factors("", f"transfers.{name}.capacity")
    if factors is not None:
        capacity = [limit * factor for limit, factor in zip(capacity, factors, strict=True)]
    if transfer.capacity is not None:
        world.checked(transfer.capacity.path, capacity)
    running = happenings.factors(f"transfers.{name}") or [1.0] * days
    munitions = world.scenario.munitions
    keep = (
        [world.draw_once(transfer.keep[m]) if m in transfer.keep else 0.0 for m in munitions]
        if transfer.keep
        else None
    )
    lead = VoyageDuration(transfer.lead_time, world.draw_each(transfer.lead_time))
    source, target = yards[transfer.from_], yards[transfer.to]
    planned = [ledger.planned[pair] for pair in target.pairs]
    return Route(name, source, target, capacity, running, keep, planned, lead.of)
