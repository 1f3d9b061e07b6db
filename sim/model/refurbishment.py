"""The process of one workshop: what it takes in, and what of it becomes serviceable (rule 16)."""

from __future__ import annotations

import math
from collections.abc import Generator

import simpy

from sim.account import REFURBISHED, SCRAPPED_AT_WORK, Kind
from sim.model.clock import Clock
from sim.model.depots import DepotState, Lot, LotPart
from sim.model.events import EventCalendar
from sim.model.world import RunInputs
from sim.units import SECONDS_PER_DAY


def refurbish(
    clock: Clock, name: str, yard: DepotState, rates: list[float], yields: list[float], refurbished: int
) -> Generator[simpy.Event, int, None]:
    """Take in shells each day, from munitions and origins in proportion to what lies there.

    Parameters
    ----------
    rates : list of float, length days
        Shells taken in a day.
    yields : list of float, by munition
    refurbished : int
        The origin of what comes out.
    """
    kinds = (Kind.TAKEN, Kind.SCRAPPED, SCRAPPED_AT_WORK)
    books = [
        list(zip(*(yard.columns(munition, kind) for kind in kinds), strict=True))
        for munition in range(len(yard.stocks))
    ]
    came_out = [yard.column(munition, refurbished, Kind.REFURBISHED) for munition in range(len(books))]
    while True:
        day = yield clock.day_over
        lies = _total_unserviceable(yard)
        if lies <= 0.0:
            continue
        share = min(1.0, rates[day] / lies)
        made = []
        for munition, stock in enumerate(yard.stocks):
            out = 0.0
            for origin, amount in enumerate(stock.unserviceable):
                if amount <= 0.0:
                    continue
                taken = amount * share
                stock.unserviceable[origin] = amount - taken
                good = taken * yields[munition]
                out += good
                taken_in, scrapped, at_work = books[munition][origin]
                taken_in[day] += taken
                scrapped[day] += taken - good
                at_work[day] += taken - good
            made.append(out)
        if yard.capacity == math.inf:
            # Where nothing waits at a gate, a lot need not be made up.
            for munition, out in enumerate(made):
                came_out[munition][day] += out
                yard.stocks[munition].put(refurbished, out, day)
        else:
            parts = [LotPart(m, (refurbished,), (came_out[m],), [out]) for m, out in enumerate(made)]
            yard.admit_or_queue(Lot(day * SECONDS_PER_DAY, "refurbishment", name, day, parts), day)


def _total_unserviceable(yard: DepotState) -> float:
    lies = 0.0
    for stock in yard.stocks:
        for amount in stock.unserviceable:
            lies += amount
    return lies


def start_refurbishment(
    clock: Clock, world: RunInputs, happenings: EventCalendar, yards: dict[str, DepotState]
) -> None:
    """Start the process of every workshop, in order of name."""
    for name, workshop in world.scenario.refurbishment.items():
        rates = world.by_day(workshop.rate)
        factors = happenings.factors(f"refurbishment.{name}", f"refurbishment.{name}.rate")
        if factors is not None:
            rates = [rate * factor for rate, factor in zip(rates, factors, strict=True)]
        world.checked(workshop.rate.path, rates)
        yields = [
            world.draw_once(workshop.yield_[m]) if m in workshop.yield_ else 0.0
            for m in world.scenario.munitions
        ]
        yard = yards[workshop.at]
        clock.day_over.start(refurbish(clock, name, yard, rates, yields, yard.origins.index(REFURBISHED)))
