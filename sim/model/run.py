"""One run of a scenario: the world is drawn, the processes start, the clock runs, the books are closed."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import simpy

from sim.account import HELD, INITIAL, Axes, Pair
from sim.model.clock import Clock
from sim.model.consumption import requirements, start_consumption
from sim.model.ledger import Ledger
from sim.model.production import start_production
from sim.model.stock import Stock
from sim.model.supply import Supplier, start_supply
from sim.model.world import World
from sim.scenario.scenario import Scenario
from sim.units import Unit


def axes_of(scenario: Scenario) -> Axes:
    """Return the axes of a scenario's account."""
    consumers = scenario.consumption.values()
    consuming = {(consumer.at, munition) for consumer in consumers for munition in consumer.rate}
    pairs = tuple(Pair(depot, munition) for depot in scenario.depots for munition in scenario.munitions)
    origins = (INITIAL, *scenario.production, *scenario.shipments)
    return Axes(
        scenario.start,
        scenario.days,
        pairs,
        origins,
        tuple(pair in consuming for pair in pairs),
        scenario.thresholds,
    )


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
    ledger = Ledger(axes_of(scenario), run)
    clock = Clock()
    fronts = requirements(world, ledger)
    stocks = _stocks(world, ledger)
    # The order in which they start is the order of a day's account: landings, production, fire, close.
    suppliers = start_supply(clock, world, ledger, stocks)
    start_production(clock, world, ledger, stocks)
    start_consumption(clock, ledger, stocks, fronts)
    clock.run(until=clock.process(close(clock, ledger, stocks)))
    _settle(ledger, world, stocks, suppliers)
    clock.stop()
    return ledger


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


def _stocks(world: World, ledger: Ledger) -> list[Stock]:
    axes = ledger.axes
    stocks = []
    for pair, (name, munition) in enumerate(axes.pairs):
        depot = world.scenario.depots[name]
        opening = world.once(depot.stock[munition])
        if depot.stock[munition].unit is Unit.DAYS:
            opening *= ledger.planned[pair][0]
        stock = Stock(len(axes.origins), opening, axes.days)
        if munition in depot.unserviceable:
            stock.unserviceable[0] = world.once(depot.unserviceable[munition])
        ledger.opening[pair, 0, "stock"] = opening
        ledger.opening[pair, 0, "unserviceable"] = stock.unserviceable[0]
        stocks.append(stock)
    return stocks


def _settle(ledger: Ledger, world: World, stocks: Sequence[Stock], suppliers: Sequence[Supplier]) -> None:
    ledger.drawn = dict(sorted(world.drawn.items()))
    for pair, stock in enumerate(stocks):
        for origin in range(len(ledger.axes.origins)):
            ledger.closing[pair, origin, "stock"] = stock.held[origin]
            ledger.closing[pair, origin, "unserviceable"] = stock.unserviceable[origin]
    for supplier in suppliers:
        ledger.voyages.extend(supplier.voyages())
        ledger.shipped[supplier.name] = supplier.shipped()
        ledger.under_way[supplier.name] = supplier.under_way()
