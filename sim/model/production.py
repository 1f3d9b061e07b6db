"""A production line: daily output, and its entry into the depot after the lead time (rule 19)."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence

import simpy

from sim.account import Kind
from sim.model.clock import Clock
from sim.model.depots import DepotState, Lot, LotPart
from sim.model.duration import VoyageDuration
from sim.model.events import EventCalendar, outage_windows, product_by_day
from sim.model.world import RunInputs
from sim.scenario.production_line import Production
from sim.units import SECONDS_PER_DAY


def produce(
    clock: Clock, name: str, lots: Sequence[tuple[int, list[float]]], depot: DepotState, origin: int
) -> Generator[simpy.Event, int, None]:
    """Add the finished shells of a line to its depot each day.

    Parameters
    ----------
    name : str
    lots : sequence of (munition, list of float, length days)
        Finished shells on each day.
    depot : DepotState
    origin : int
    """
    lines = [
        (munition, ready, depot.stocks[munition], depot.column(munition, origin, Kind.PRODUCED))
        for munition, ready in lots
    ]
    while True:
        day = yield clock.day_over
        if depot.capacity == math.inf:
            # Without a gate no lot object is needed.
            for _, ready, stock, produced in lines:
                quantity = ready[day]
                if quantity > 0.0:
                    produced[day] += quantity
                    stock.put(origin, quantity, day)
        else:
            parts = [
                LotPart(munition, (origin,), (produced,), [ready[day]])
                for munition, ready, _, produced in lines
                if ready[day] > 0.0
            ]
            if parts:
                depot.admit_or_queue(Lot(day * SECONDS_PER_DAY, "production", name, day, parts), day)


def completed_by_day(made: Sequence[float], lead_days: Sequence[int]) -> list[float]:
    """Return the shells that enter on each day; the lot made on each day has its own lead time."""
    enters = [0.0] * len(made)
    for day, (quantity, lead) in enumerate(zip(made, lead_days, strict=True)):
        if day + lead < len(made):
            enters[day + lead] += quantity
    return enters


def draw_lead_days(line: Production, world: RunInputs) -> list[int]:
    """Return the lead time of each day's lot in whole days: it enters on floor(day + lead time) (rule 19)."""
    lead = VoyageDuration(line.lead_time, world.draw_each(line.lead_time))
    return [lead.of(day) // SECONDS_PER_DAY for day in range(world.scenario.days)]


def start_production(
    clock: Clock, world: RunInputs, calendar: EventCalendar, depots: dict[str, DepotState]
) -> None:
    """Start the process of every production line."""
    for name, line in world.scenario.production.items():
        running = _running_share(world, calendar, name, line)
        leads = draw_lead_days(line, world)
        lots = []
        # In order of munitions and not of the file, since a lot is summed in the order of its parts.
        for position, munition in enumerate(world.scenario.munitions):
            if munition not in line.rate:
                continue
            made = world.production_by_day(line, munition)
            if running is not None:
                made = [rate * share for rate, share in zip(made, running, strict=True)]
            world.checked(line.rate[munition].path, made)
            lots.append((position, completed_by_day(made, leads)))
        depot = depots[line.to]
        clock.day_over.start(produce(clock, name, lots, depot, depot.origins.index(name)))


def _running_share(
    world: RunInputs, calendar: EventCalendar, name: str, line: Production
) -> list[float] | None:
    """Return the factor of events and outages on a line for each day; None without any."""
    factors = calendar.factors(f"production.{name}", f"production.{name}.rate")
    if line.outages is None:
        return factors
    own = product_by_day([outage_windows(world, name, line.outages)], world.scenario.days)
    return own if factors is None else [factor * left for factor, left in zip(factors, own, strict=True)]
