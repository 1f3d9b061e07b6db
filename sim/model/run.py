"""One run of a scenario: the world is drawn, the processes start, the clock runs, the books are closed."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Sequence

import simpy

from sim.account import HELD, REFURBISHED, Kind
from sim.errors import RunError
from sim.model.clock import Clock
from sim.model.consumption import fronts_of, start_consumption
from sim.model.happenings import Happenings
from sim.model.ledger import SCRAPPED_AT_WORK, Ledger
from sim.model.losses import lose
from sim.model.production import start_production
from sim.model.refurbishment import start_refurbishment
from sim.model.stock import Stock
from sim.model.supply import Supplier, check_cargo
from sim.model.transfers import start_transfers
from sim.model.world import World
from sim.model.yard import Yard
from sim.scenario.axes import axes_of
from sim.scenario.depot import Depot
from sim.scenario.scenario import Scenario
from sim.units import Unit


def run_once(scenario: Scenario, seed: int, run: int) -> Ledger:
    """Run a scenario once.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        0 to 2^64 - 1.
    run : int
        Run number; the same number gives the same run in any batch.

    Returns
    -------
    Ledger

    Raises
    ------
    RunError
        The world that was drawn cannot be carried through.
    """
    world = World(scenario, seed, run)
    check_cargo(world)
    ledger = Ledger(axes_of(scenario), run)
    clock = Clock()
    happenings = Happenings(world)
    fronts = fronts_of(world, happenings, ledger)
    yards = _yards(world, ledger)
    origins = ledger.axes.origins
    suppliers = [
        Supplier(clock, world, happenings, name, shipment, yards[shipment.to], origins.index(name))
        for name, shipment in scenario.shipments.items()
    ]
    open_columns(scenario, ledger)
    # The order in which processes start is the order of the steps of a day's account.
    for yard in yards.values():
        clock.process(yard.land(clock))
    start_production(clock, world, happenings, yards, origins)
    start_refurbishment(clock, world, happenings, yards, origins)
    for yard in yards.values():
        if damage := happenings.damage(yard.name):
            clock.process(lose(clock, yard, damage))
    start_transfers(clock, world, happenings, yards, ledger)
    for yard in yards.values():
        start_consumption(clock, yard, fronts[yard.name])
    stocks = [stock for yard in yards.values() for stock in yard.stocks]
    clock.run(until=clock.process(close(clock, ledger, stocks)))
    _settle(ledger, world, list(yards.values()), suppliers)
    clock.stop()
    return ledger


def open_columns(scenario: Scenario, ledger: Ledger) -> None:
    """Open every column that the scenario can have, so that all its runs have the same."""
    axes = ledger.axes
    whole = [
        *((line.to, name, (Kind.PRODUCED,)) for name, line in scenario.production.items()),
        *((sent.to, name, (Kind.LANDED, Kind.REJECTED)) for name, sent in scenario.shipments.items()),
        *((shop.at, REFURBISHED, (Kind.REFURBISHED,)) for shop in scenario.refurbishment.values()),
    ]
    for depot, origin, kinds in whole:
        _open(ledger, depot, kinds, [axes.origins.index(origin)])
    everything = range(len(axes.origins))
    for shop in scenario.refurbishment.values():
        _open(ledger, shop.at, (Kind.TAKEN, Kind.SCRAPPED, SCRAPPED_AT_WORK), everything)
    for transfer in scenario.transfers.values():
        _open(ledger, transfer.from_, (Kind.DISPATCHED,), everything)
        _open(ledger, transfer.to, (Kind.RECEIVED,), everything)
    for event in scenario.events.values():
        if event.destroys is not None:
            _open(ledger, event.at or next(iter(scenario.depots)), (Kind.LOST, Kind.SCRAPPED), everything)


def _open(ledger: Ledger, depot: str, kinds: Sequence[str], origins: Iterable[int]) -> None:
    for pair, (name, _) in enumerate(ledger.axes.pairs):
        if name == depot:
            for origin in origins:
                for kind in kinds:
                    ledger.column(pair, origin, kind)


def close(clock: Clock, ledger: Ledger, stocks: Sequence[Stock]) -> Generator[simpy.Event, int, None]:
    """Enter each day's closing level, by origin, until the last day is over."""
    origins = range(len(ledger.axes.origins))
    held = [[ledger.column(pair, origin, HELD) for origin in origins] for pair in range(len(stocks))]
    books = list(zip(stocks, ledger.levels, held, strict=True))
    for _ in range(ledger.axes.days):
        day = yield clock.day_over
        for stock, level, columns in books:
            level[day] = stock.level
            for origin, amount in enumerate(stock.held):
                columns[origin][day] = amount


def _yards(world: World, ledger: Ledger) -> dict[str, Yard]:
    axes = ledger.axes
    yards = {}
    for name, depot in world.scenario.depots.items():
        pairs = [pair for pair, (place, _) in enumerate(axes.pairs) if place == name]
        stocks = [_stock(world, ledger, pair, depot) for pair in pairs]
        capacity = math.inf if depot.capacity is None else world.once(depot.capacity)
        yards[name] = Yard(name, pairs, stocks, capacity, ledger)
        if yards[name].level() > capacity:
            raise RunError(
                f"depots.{name}: the stock at the start, {yards[name].level():,.0f}, exceeds its capacity"
            )
    return yards


def _stock(world: World, ledger: Ledger, pair: int, depot: Depot) -> Stock:
    munition = ledger.axes.pairs[pair].munition
    opening = unserviceable = 0.0
    if munition in depot.stock:
        opening = world.shells(depot.stock[munition], munition)
        if depot.stock[munition].unit is Unit.DAYS:
            opening *= ledger.planned[pair][0]
    if munition in depot.unserviceable:
        unserviceable = world.shells(depot.unserviceable[munition], munition)
    stock = Stock(len(ledger.axes.origins), opening, ledger.axes.days)
    stock.unserviceable[0] = unserviceable
    ledger.opening[pair, 0, "stock"] = opening
    ledger.opening[pair, 0, "unserviceable"] = unserviceable
    return stock


def _settle(ledger: Ledger, world: World, yards: Sequence[Yard], suppliers: Sequence[Supplier]) -> None:
    ledger.drawn = dict(sorted(world.drawn.items()))
    for yard in yards:
        for munition, (pair, stock) in enumerate(zip(yard.pairs, yard.stocks, strict=True)):
            for origin in range(len(ledger.axes.origins)):
                ledger.closing[pair, origin, "stock"] = stock.held[origin]
                ledger.closing[pair, origin, "unserviceable"] = stock.unserviceable[origin]
                ledger.closing[pair, origin, "coming"] = yard.coming(munition, origin, Kind.RECEIVED)
    for supplier in suppliers:
        ledger.voyages.extend(supplier.voyages())
        ledger.shipped[supplier.name] = supplier.shipped()
        ledger.under_way[supplier.name] = supplier.under_way()
