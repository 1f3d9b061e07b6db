"""Losses at one depot, of serviceable and unserviceable shells in proportion (rule 17)."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import simpy

from sim.account import Kind, sum_in_order
from sim.formulas import capped_share
from sim.model.clock import Clock
from sim.model.depots import DepotState
from sim.model.events import Damage


def destroy(
    clock: Clock, depot: DepotState, damage: Mapping[int, Sequence[Damage]]
) -> Generator[simpy.Event, int, None]:
    """Destroy stock on each day of damage; the events of a day combine to one share."""
    while True:
        day = yield clock.day_over
        if day not in damage:
            continue
        total = sum_in_order(
            shells for stock in depot.stocks for shells in (stock.level, *stock.unserviceable)
        )
        kept = 1.0
        for blow in damage[day]:
            share = blow.value if blow.is_share else capped_share(blow.value, total)
            kept *= 1.0 - share
        _destroy_share(depot, 1.0 - kept, day)


def _destroy_share(depot: DepotState, share: float, day: int) -> None:
    for munition, stock in enumerate(depot.stocks):
        if stock.level > 0.0:
            gone = stock.level * share
            if stock.cohorts is not None:
                stock.cohorts.take_evenly(gone, stock.level)
            stock.take(gone, depot.columns(munition, Kind.LOST), day)
        for origin, amount in enumerate(stock.unserviceable):
            scrapped = amount if share >= 1.0 else amount * share
            if scrapped > 0.0:
                stock.unserviceable[origin] = amount - scrapped
                depot.column(munition, origin, Kind.SCRAPPED)[day] += scrapped
