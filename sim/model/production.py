"""The process of one production line: what it makes each day, and when that enters its depot."""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.account import Kind
from sim.model.clock import Clock, seconds
from sim.model.ledger import Ledger
from sim.model.stock import Stock
from sim.model.world import World
from sim.scenario.production import Production
from sim.units import SECONDS_PER_DAY


def produce(
    clock: Clock, rates: list[float], lead_days: list[int], into: Stock, origin: int, produced: list[float]
) -> Generator[simpy.Event, int, None]:
    """Make a lot each day and let it into the depot on the day on which its lead time has passed.

    Parameters
    ----------
    rates : list of float, length days
        Shells made each day.
    lead_days : list of int, length days
        Days from making to entering of the lot of each day.
    into : Stock
    origin : int
    produced : list of float, length days
        The column of the ledger.
    """
    due = [0.0] * len(rates)
    while True:
        day = yield clock.day_over
        enters = day + lead_days[day]
        if enters < len(due):
            due[enters] += rates[day]
        quantity = due[day]
        if quantity > 0.0:
            produced[day] = quantity
            into.put(origin, quantity, day)


def lead_days(line: Production, world: World) -> list[int]:
    """Return whole days of lead time for each day's lot: it enters on floor(day + lead time) (rule 19)."""
    days = world.scenario.days
    stream = world.each(line.lead_time)
    if stream is None:
        return [seconds(line.lead_time.value) // SECONDS_PER_DAY] * days
    return [seconds(line.lead_time.at(stream.u(day))) // SECONDS_PER_DAY for day in range(days)]


def start_production(clock: Clock, world: World, ledger: Ledger, stocks: list[Stock]) -> None:
    """Start the process of every production line and munition."""
    axes = ledger.axes
    for name, line in world.scenario.production.items():
        origin = axes.origins.index(name)
        leads = lead_days(line, world)
        for munition in line.rate:
            pair = axes.pairs.index((line.to, munition))
            produced = ledger.column(pair, origin, Kind.PRODUCED)
            clock.process(produce(clock, world.output(line, munition), leads, stocks[pair], origin, produced))
