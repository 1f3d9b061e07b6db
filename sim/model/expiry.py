"""Expiry at one depot: shells past their shelf life leave the serviceable stock (rule 38)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple

import simpy

from sim.account import EXPIRED_INTO_STOCK, Kind
from sim.model.clock import Clock
from sim.model.cohorts import Cohorts
from sim.model.depots import DepotState
from sim.model.ledger import Column
from sim.model.stock import Stock
from sim.scenario.scenario import Scenario


class AgeingStock(NamedTuple):
    """A stock that is kept by age, with the ledger columns of what expires, by origin.

    `joins` are those of what joins the unserviceable stock; empty where expired shells are scrapped.
    """

    stock: Stock
    cohorts: Cohorts
    expired: Sequence[Column]
    joins: Sequence[Column]


def ageing_stocks(scenario: Scenario, depot: DepotState) -> list[AgeingStock]:
    """Return the stocks of a depot that are kept by age."""
    found = []
    for munition, (name, stock) in enumerate(zip(scenario.munitions, depot.stocks, strict=True)):
        if stock.cohorts is not None:
            is_kept = scenario.munition_parts[name].expired == "unserviceable"
            joins = depot.columns(munition, EXPIRED_INTO_STOCK) if is_kept else []
            found.append(AgeingStock(stock, stock.cohorts, depot.columns(munition, Kind.EXPIRED), joins))
    return found


def expire(clock: Clock, ageing: Sequence[AgeingStock]) -> Generator[simpy.Event, int, None]:
    """Each day, take what is past its shelf life from each origin in proportion."""
    while True:
        day = yield clock.day_over
        for stock, cohorts, expired, joins in ageing:
            quantity = cohorts.expire(day, stock.level)
            if quantity <= 0.0:
                continue
            taken = stock.take(quantity, expired, day)
            for origin, column in enumerate(joins):
                stock.unserviceable[origin] += taken[origin]
                column[day] += taken[origin]
