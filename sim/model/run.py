"""One run of a scenario: the world is drawn, the processes start, the clock runs, the books are closed."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping, Sequence

import simpy

from sim.account import ENOUGH, HELD, Kind
from sim.errors import RunError
from sim.model.clock import Clock
from sim.model.consumption import make_consumers, start_fire
from sim.model.depots import DepotState
from sim.model.events import EventCalendar
from sim.model.ledger import Ledger
from sim.model.losses import destroy
from sim.model.origins import origins_by_depot
from sim.model.production import start_production
from sim.model.refurbishment import start_refurbishment
from sim.model.stock import Stock
from sim.model.supply import Supplier, check_mixes
from sim.model.transfers import start_transfers
from sim.model.world import RunInputs
from sim.scenario.depot import Depot
from sim.scenario.result_axes import result_axes
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
    world = RunInputs(scenario, seed, run)
    check_mixes(world)
    ledger = Ledger(result_axes(scenario), run)
    clock = Clock()
    happenings = EventCalendar(world)
    fronts = make_consumers(world, happenings, ledger)
    yards = _make_depots(world, ledger)
    suppliers = [
        Supplier(clock, world, happenings, name, shipment, yards[shipment.to])
        for name, shipment in scenario.shipments.items()
    ]
    open_loss_columns(scenario, yards)
    # The order in which processes start is the order of the steps of a day's account.
    for yard in yards.values():
        clock.day_over.start(yard.receive(clock))
    start_production(clock, world, happenings, yards)
    start_refurbishment(clock, world, happenings, yards)
    for yard in yards.values():
        if damage := happenings.damage_by_day(yard.name):
            clock.day_over.start(destroy(clock, yard, damage))
    start_transfers(clock, world, happenings, yards, ledger)
    for yard in yards.values():
        start_fire(clock, yard, fronts[yard.name])
    world.check()
    check_room(yards.values())
    clock.run(until=clock.process(record_closing_levels(clock, ledger, list(yards.values()))))
    world.check_voyages()
    _settle_accounts(ledger, world, list(yards.values()), suppliers)
    clock.stop()
    return ledger


def open_loss_columns(scenario: Scenario, yards: Mapping[str, DepotState]) -> None:
    """Open the columns of what events may destroy, so that all runs have the same whether they do or not."""
    for event in scenario.events.values():
        if event.destroys is not None:
            yard = yards[event.at or next(iter(yards))]
            for munition in range(len(yard.stocks)):
                yard.columns(munition, Kind.LOST)
                yard.columns(munition, Kind.SCRAPPED)


def record_closing_levels(
    clock: Clock, ledger: Ledger, yards: Sequence[DepotState]
) -> Generator[simpy.Event, int, None]:
    """Enter each day's closing level, by origin, until the last day is over."""
    books = [
        (stock, ledger.levels[pair], yard.columns(munition, HELD))
        for yard in yards
        for munition, (pair, stock) in enumerate(zip(yard.pairs, yard.stocks, strict=True))
    ]
    for _ in range(ledger.axes.days):
        day = yield clock.day_over
        for stock, level, columns in books:
            level[day] = stock.level
            for column, amount in zip(columns, stock.held):  # noqa: B905 - a check each day costs a tenth
                column[day] = amount


def _make_depots(world: RunInputs, ledger: Ledger) -> dict[str, DepotState]:
    axes = ledger.axes
    origins = origins_by_depot(world.scenario, axes.origins)
    yards = {}
    for name, depot in world.scenario.depots.items():
        pairs = [pair for pair, (place, _) in enumerate(axes.pairs) if place == name]
        stocks = [_make_stock(world, ledger, pair, depot, len(origins[name])) for pair in pairs]
        capacity = math.inf if depot.capacity is None else world.draw_once(depot.capacity)
        yards[name] = DepotState(name, pairs, origins[name], stocks, capacity, ledger)
    return yards


def check_room(yards: Iterable[DepotState]) -> None:
    """Raise `RunError` where the stock at the start is more than a depot can hold (rule 15)."""
    for yard in yards:
        if yard.level() * ENOUGH > yard.capacity:
            raise RunError(
                f"depots.{yard.name}: the stock at the start, {yard.level():,.0f}, exceeds its capacity"
            )


def _make_stock(world: RunInputs, ledger: Ledger, pair: int, depot: Depot, origins: int) -> Stock:
    munition = ledger.axes.pairs[pair].munition
    opening = unserviceable = 0.0
    if munition in depot.stock:
        opening = world.shells(depot.stock[munition], munition)
        if depot.stock[munition].unit is Unit.DAYS:
            opening *= ledger.planned[pair][0]
    if munition in depot.unserviceable:
        unserviceable = world.shells(depot.unserviceable[munition], munition)
    stock = Stock(origins, opening, ledger.axes.days)
    stock.unserviceable[0] = unserviceable
    ledger.opening[pair, 0, "stock"] = opening
    ledger.opening[pair, 0, "unserviceable"] = unserviceable
    return stock


def _settle_accounts(
    ledger: Ledger, world: RunInputs, yards: Sequence[DepotState], suppliers: Sequence[Supplier]
) -> None:
    ledger.drawn = dict(sorted(world.drawn.items()))
    for yard in yards:
        for munition, (pair, stock) in enumerate(zip(yard.pairs, yard.stocks, strict=True)):
            for origin, name in enumerate(yard.origins):
                position = ledger.axes.origins.index(name)
                ledger.closing[pair, position, "stock"] = stock.held[origin]
                ledger.closing[pair, position, "unserviceable"] = stock.unserviceable[origin]
                ledger.closing[pair, position, "coming"] = yard.inbound(munition, origin, "transfers")
    for supplier in suppliers:
        ledger.voyages.extend(supplier.voyages())
        ledger.shipped[supplier.name] = supplier.shipped()
        ledger.under_way[supplier.name] = supplier.under_way()
