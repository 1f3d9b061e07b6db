"""The process of losses at one depot: what burns of the serviceable and the unserviceable alike (rule 17)."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence

import simpy

from sim.account import Kind
from sim.model.clock import Clock
from sim.model.depots import DepotState
from sim.model.events import Damage


def destroy(
    clock: Clock, yard: DepotState, damage: Mapping[int, Sequence[Damage]]
) -> Generator[simpy.Event, int, None]:
    """Destroy on each day of damage the share that several events leave together."""
    while True:
        day = yield clock.day_over
        if day not in damage:
            continue
        lies = _total_stock(yard)
        kept = 1.0
        for blow in damage[day]:
            share = blow.value if blow.is_share else (min(1.0, blow.value / lies) if lies > 0.0 else 0.0)
            kept *= 1.0 - share
        _destroy_share(yard, 1.0 - kept, day)


def _total_stock(yard: DepotState) -> float:
    lies = 0.0
    for stock in yard.stocks:
        lies += stock.level
        for amount in stock.unserviceable:
            lies += amount
    return lies


def _destroy_share(yard: DepotState, share: float, day: int) -> None:
    for munition, stock in enumerate(yard.stocks):
        if stock.level > 0.0:
            stock.take(stock.level * share, yard.columns(munition, Kind.LOST), day)
        for origin, amount in enumerate(stock.unserviceable):
            gone = amount if share >= 1.0 else amount * share
            if gone > 0.0:
                stock.unserviceable[origin] = amount - gone
                yard.column(munition, origin, Kind.SCRAPPED)[day] += gone
