"""The process of dispatch: what transfers want, and what there is of it (rules 18 and 19)."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import simpy

from sim.account import Kind
from sim.model.clock import Clock, arrival
from sim.model.duration import Duration
from sim.model.happenings import Happenings
from sim.model.ledger import Ledger
from sim.model.world import World
from sim.model.yard import Lot, Part, Yard
from sim.scenario.transfer import Transfer


@dataclass
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
    lead : callable
        From a day to the seconds that a lot leaving on it takes.
    """

    name: str
    source: Yard
    target: Yard
    capacity: list[float]
    running: list[float]
    keep: list[float] | None
    lead: Callable[[int], int]

    def wants(self, day: int, ledger: Ledger) -> list[float]:
        """Return the shells it would send of each munition, cut to its capacity in proportion."""
        wants = [self._want(munition, day, ledger) for munition in range(len(self.source.stocks))]
        limit, running = self.capacity[day], self.running[day]
        if limit == math.inf:
            return [want * running for want in wants]
        total = 0.0
        for want in wants:
            total += want
        limit *= running
        return [want * (limit / total) for want in wants] if total > limit else wants

    def _want(self, munition: int, day: int, ledger: Ledger) -> float:
        if self.keep is None:
            return self.source.stocks[munition].level
        pair = self.target.pairs[munition]
        has = (
            self.target.stocks[munition].level
            + self.target.under_way(munition)
            + self.target.at_gate(munition)
        )
        return max(0.0, self.keep[munition] * ledger.planned[pair][day] - has)


def dispatch(clock: Clock, routes: Sequence[Route], ledger: Ledger) -> Generator[simpy.Event, int, None]:
    """Each day let every transfer want from the levels after losses, and share out what there is."""
    while True:
        day = yield clock.day_over
        shares = [route.wants(day, ledger) for route in routes]
        for source in dict.fromkeys(route.source for route in routes):
            _share_out(
                source, [wants for route, wants in zip(routes, shares, strict=True) if route.source is source]
            )
        for route, shells in zip(routes, shares, strict=True):
            _send(route, shells, day)


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


def _send(route: Route, shells: Sequence[float], day: int) -> None:
    parts = []
    source = route.source
    for munition, quantity in enumerate(shells):
        stock = source.stocks[munition]
        if quantity <= 0.0 or stock.level <= 0.0:
            continue
        for origin, taken in enumerate(stock.take(quantity)):
            if taken > 0.0:
                source.ledger.column(source.pairs[munition], origin, Kind.DISPATCHED)[day] += taken
                parts.append(Part(munition, origin, taken))
    if parts:
        second = arrival(day, route.lead(day))
        route.target.expect(Lot(second, "transfers", route.name, day, Kind.RECEIVED, parts))


def start_transfers(
    clock: Clock, world: World, happenings: Happenings, yards: dict[str, Yard], ledger: Ledger
) -> None:
    """Start the process of dispatch, where there are transfers."""
    routes = [
        _route(world, happenings, name, transfer, yards)
        for name, transfer in world.scenario.transfers.items()
    ]
    if routes:
        clock.process(dispatch(clock, routes, ledger))


def _route(
    world: World, happenings: Happenings, name: str, transfer: Transfer, yards: dict[str, Yard]
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
    return Route(name, yards[transfer.from_], yards[transfer.to], capacity, running, keep, lead.of)
