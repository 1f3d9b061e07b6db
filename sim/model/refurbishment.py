"""A workshop: intake of unserviceable shells, and its serviceable output (rule 16)."""

from __future__ import annotations

import math
from collections.abc import Generator

import simpy

from sim.account import REFURBISHED, SCRAPPED_AT_WORK, Kind, sum_in_order
from sim.formulas import capped_share
from sim.model.clock import Clock
from sim.model.depots import DepotState, Lot, LotPart
from sim.model.events import EventCalendar
from sim.model.world import RunInputs
from sim.units import SECONDS_PER_DAY


def refurbish(
    clock: Clock, name: str, depot: DepotState, rates: list[float], yields: list[float], refurbished: int
) -> Generator[simpy.Event, int, None]:
    """Take in unserviceable shells each day, from munitions and origins in proportion to their stock.

    Parameters
    ----------
    rates : list of float, length days
        Shells taken in a day.
    yields : list of float, by munition
    refurbished : int
        Origin of the output.
    """
    kinds = (Kind.TAKEN, Kind.SCRAPPED, SCRAPPED_AT_WORK)
    entries = [
        list(zip(*(depot.columns(munition, kind) for kind in kinds), strict=True))
        for munition in range(len(depot.stocks))
    ]
    output = [depot.column(munition, refurbished, Kind.REFURBISHED) for munition in range(len(entries))]
    while True:
        day = yield clock.day_over
        total = sum_in_order(amount for stock in depot.stocks for amount in stock.unserviceable)
        if total <= 0.0:
            continue
        share = capped_share(rates[day], total)
        made = []
        for munition, stock in enumerate(depot.stocks):
            out = 0.0
            for origin, amount in enumerate(stock.unserviceable):
                if amount <= 0.0:
                    continue
                taken = amount * share
                stock.unserviceable[origin] = amount - taken
                good = taken * yields[munition]
                out += good
                taken_in, scrapped, at_work = entries[munition][origin]
                taken_in[day] += taken
                scrapped[day] += taken - good
                at_work[day] += taken - good
            made.append(out)
        if depot.capacity == math.inf:
            # Without a gate no lot object is needed.
            for munition, out in enumerate(made):
                output[munition][day] += out
                depot.stocks[munition].put(refurbished, out, day)
        else:
            parts = [LotPart(m, (refurbished,), (output[m],), [out]) for m, out in enumerate(made)]
            depot.admit_or_queue(Lot(day * SECONDS_PER_DAY, "refurbishment", name, day, parts), day)


def start_refurbishment(
    clock: Clock, world: RunInputs, calendar: EventCalendar, depots: dict[str, DepotState]
) -> None:
    """Start the process of every workshop, in order of name."""
    for name, workshop in world.scenario.refurbishment.items():
        rates = world.by_day(workshop.rate)
        factors = calendar.factors(f"refurbishment.{name}", f"refurbishment.{name}.rate")
        if factors is not None:
            rates = [rate * factor for rate, factor in zip(rates, factors, strict=True)]
        world.checked(workshop.rate.path, rates)
        yields = [
            world.draw_once(workshop.yield_[m]) if m in workshop.yield_ else 0.0
            for m in world.scenario.munitions
        ]
        depot = depots[workshop.at]
        clock.day_over.start(refurbish(clock, name, depot, rates, yields, depot.origins.index(REFURBISHED)))
