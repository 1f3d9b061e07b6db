"""The process of dispatch: what transfers want, and what there is of it (rules 18 and 19)."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

import simpy

from sim.account import Kind
from sim.model.clock import Clock, arrival
from sim.model.duration import Duration
from sim.model.happenings import Happenings
from sim.model.ledger import Column, Ledger
from sim.model.world import World
from sim.model.yard import Lot, Part, Yard
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
    source: Yard
    target: Yard
    capacity: list[float]
    running: list[float]
    keep: list[float] | None
    planned: list[Column]
    lead: Callable[[int], int]

    def __post_init__(self) -> None:
        origins = range(len(self.source.stocks[0].held))
        self.books = [
            [
                (
                    self.source.column(munition, origin, Kind.DISPATCHED),
                    self.target.column(munition, origin, Kind.RECEIVED),
                )
                for origin in origins
            ]
            for munition in range(len(self.source.stocks))
        ]

    def wants(self, day: int, covered: Mapping[Yard, Sequence[float]]) -> list[float]:
        """Return the shells it would send of each munition, cut to its capacity in proportion.

        Parameters
        ----------
        day : int
        covered : mapping of Yard to sequence of float
            What depots have, under way and at the gate included, by munition.
        """
        if self.keep is None:
            wants = [stock.level for stock in self.source.stocks]
        else:
            wants = [
                max(0.0, keep * planned[day] - has)
                for keep, planned, has in zip(self.keep, self.planned, covered[self.target], strict=True)
            ]
        limit, running = self.capacity[day], self.running[day]
        if limit == math.inf:
            return [want * running for want in wants]
        total = 0.0
        for want in wants:
            total += want
        limit *= running
        return [want * (limit / total) for want in wants] if total > limit else wants

    def send(self, shells: Sequence[float], day: int) -> None:
        """Let shells of each munition leave the source, from each origin in proportion, as one lot."""
        parts = []
        for munition, quantity in enumerate(shells):
            stock = self.source.stocks[munition]
            if quantity <= 0.0 or stock.level <= 0.0:
                continue
            for origin, taken in enumerate(stock.take(quantity)):
                if taken > 0.0:
                    dispatched, received = self.books[munition][origin]
                    dispatched[day] += taken
                    parts.append(Part(munition, origin, received, taken))
        if parts:
            second = arrival(day, self.lead(day))
            self.target.expect(Lot(second, "transfers", self.name, day, Kind.RECEIVED, parts))


def dispatch(clock: Clock, routes: Sequence[Route]) -> Generator[simpy.Event, int, None]:
    """Each day let every transfer want from the levels after losses, and share out what there is."""
    kept = list(dict.fromkeys(route.target for route in routes if route.keep is not None))
    leaving: dict[Yard, list[int]] = {}
    for number, route in enumerate(routes):
        leaving.setdefault(route.source, []).append(number)
    while True:
        day = yield clock.day_over
        covered = {yard: yard.covered() for yard in kept}
        wants = [route.wants(day, covered) for route in routes]
        for source, numbers in leaving.items():
            _share_out(source, [wants[number] for number in numbers])
        for route, shells in zip(routes, wants, strict=True):
            route.send(shells, day)


def _share_out(source: Yard, claims: Sequence[list[float]]) -> None:
    """Cut claims on one depot that together exceed a level; the last of them takes all that is left."""
    for munition, stock in enumerate(source.stocks):
        total = 0.0
        for wants in claims:
            total += wants[munition]
        if total >= stock.level > 0.0:
            for wants in claims:
                wants[munition] *= stock.level / total
            last = [wants for wants in claims if wants[munition] > 0.0][-1]
            last[munition] = stock.level


def start_transfers(
    clock: Clock, world: World, happenings: Happenings, yards: dict[str, Yard], ledger: Ledger
) -> None:
    """Start the process of dispatch, where there are transfers."""
    routes = [
        _route(world, happenings, ledger, name, transfer, yards)
        for name, transfer in world.scenario.transfers.items()
    ]
    if routes:
        clock.process(dispatch(clock, routes))


def _route(
    world: World,
    happenings: Happenings,
    ledger: Ledger,
    name: str,
    transfer: Transfer,
    yards: dict[str, Yard],
) -> Route:
    days = world.scenario.days
    capacity = [math.inf] * days if transfer.capacity is None else world.by_day(transfer.capacity)
    factors = happenings.factors("", f"transfers.{name}.capacity")
    if factors is not None:
        capacity = [limit * factor for limit, factor in zip(capacity, factors, strict=True)]
    running = happenings.factors(f"transfers.{name}") or [1.0] * days
    munitions = world.scenario.munitions
    keep = (
        [world.once(transfer.keep[m]) if m in transfer.keep else 0.0 for m in munitions]
        if transfer.keep
        else None
    )
    lead = Duration(transfer.lead_time, world.each(transfer.lead_time))
    source, target = yards[transfer.from_], yards[transfer.to]
    planned = [ledger.planned[pair] for pair in target.pairs]
    return Route(name, source, target, capacity, running, keep, planned, lead.of)
