"""One run of a scenario: draw inputs, start processes, run the clock, close the ledger."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Mapping, Sequence

import simpy

from sim.account import HELD, Kind
from sim.errors import RunError
from sim.formulas import exceeds_capacity, first_day_from, to_seconds
from sim.model.clock import Clock
from sim.model.cohorts import Cohorts
from sim.model.consumption import make_consumers, start_fire
from sim.model.depots import DepotState
from sim.model.events import EventCalendar
from sim.model.expiry import ageing_stocks, expire
from sim.model.ledger import Ledger
from sim.model.losses import destroy
from sim.model.money import Accounts, start_costs
from sim.model.orders import OrderLineState, make_order_lines, make_orders, review_orders
from sim.model.origins import origins_by_depot
from sim.model.production import start_production
from sim.model.refurbishment import start_refurbishment
from sim.model.stock import Stock
from sim.model.supply import Supplier, check_mixes
from sim.model.transfers import start_transfers
from sim.model.world import RunInputs
from sim.scenario.cohort_calendar import cohort_calendar
from sim.scenario.depot import Depot
from sim.scenario.limits import overfull
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
        Run number; a run is the same in any batch.

    Returns
    -------
    Ledger

    Raises
    ------
    RunError
        The drawn inputs are out of range, or the run cannot be completed.
    """
    world = RunInputs(scenario, seed, run)
    check_mixes(world)
    ledger = Ledger(result_axes(scenario), run)
    clock = Clock()
    calendar = EventCalendar(world)
    fronts = make_consumers(world, calendar, ledger)
    depots = _make_depots(world, ledger)
    suppliers = [
        Supplier(clock, world, calendar, name, shipment, depots[shipment.to])
        for name, shipment in scenario.shipments.items()
    ]
    accounts = Accounts(world, ledger)
    lines = make_order_lines(world, calendar, depots, fronts, ledger, accounts)
    open_loss_columns(scenario, depots)
    # Processes start in the order of the steps of the daily account.
    if lines:
        clock.day_over.start(make_orders(clock, lines))
    for depot in depots.values():
        clock.day_over.start(depot.receive(clock))
    start_production(clock, world, calendar, depots)
    start_refurbishment(clock, world, calendar, depots)
    for depot in depots.values():
        if ageing := ageing_stocks(scenario, depot):
            clock.day_over.start(expire(clock, ageing))
    for depot in depots.values():
        if damage := calendar.damage_by_day(depot.name):
            clock.day_over.start(destroy(clock, depot, damage))
    start_transfers(clock, world, calendar, depots, ledger)
    for depot in depots.values():
        start_fire(clock, depot, fronts[depot.name])
    start_costs(clock, accounts, list(depots.values()))
    if lines:
        clock.day_over.start(review_orders(clock, lines, accounts))
    world.check()
    check_room(depots.values())
    clock.run(until=clock.process(record_closing_levels(clock, ledger, list(depots.values()))))
    world.check_voyages()
    _settle_accounts(ledger, world, list(depots.values()), suppliers)
    _settle_orders(ledger, lines)
    clock.stop()
    return ledger


def open_loss_columns(scenario: Scenario, depots: Mapping[str, DepotState]) -> None:
    """Create the columns of possible losses, so that all runs have the same columns."""
    for event in scenario.events.values():
        if event.destroys is not None:
            depot = depots[event.at or next(iter(depots))]
            for munition in range(len(depot.stocks)):
                depot.columns(munition, Kind.LOST)
                depot.columns(munition, Kind.SCRAPPED)


def record_closing_levels(
    clock: Clock, ledger: Ledger, depots: Sequence[DepotState]
) -> Generator[simpy.Event, int, None]:
    """Record the closing level of each day by origin, and stop after the last day."""
    entries = [
        (stock, ledger.levels[pair], depot.columns(munition, HELD))
        for depot in depots
        for munition, (pair, stock) in enumerate(zip(depot.pairs, depot.stocks, strict=True))
    ]
    for _ in range(ledger.axes.days):
        day = yield clock.day_over
        for stock, level, columns in entries:
            level[day] = stock.level
            for column, amount in zip(columns, stock.held):  # noqa: B905 - a check each day costs a tenth
                column[day] = amount


def _make_depots(world: RunInputs, ledger: Ledger) -> dict[str, DepotState]:
    axes = ledger.axes
    origins = origins_by_depot(world.scenario, axes.origins)
    depots = {}
    for name, depot in world.scenario.depots.items():
        pairs = [pair for pair, (place, _) in enumerate(axes.pairs) if place == name]
        stocks = [_make_stock(world, ledger, pair, depot, len(origins[name])) for pair in pairs]
        capacity = math.inf if depot.capacity is None else world.draw_once(depot.capacity)
        depots[name] = DepotState(name, pairs, origins[name], stocks, capacity, ledger)
    return depots


def check_room(depots: Iterable[DepotState]) -> None:
    """Raise `RunError` if the opening stock exceeds the capacity of a depot (rule 15)."""
    for depot in depots:
        if exceeds_capacity(depot.level(), depot.capacity):
            raise RunError(overfull(depot.name, depot.level()))


def _make_stock(world: RunInputs, ledger: Ledger, pair: int, depot: Depot, origins: int) -> Stock:
    munition = ledger.axes.pairs[pair].munition
    opening = unserviceable = 0.0
    if munition in depot.stock:
        opening = world.shells(depot.stock[munition], munition)
        if depot.stock[munition].unit is Unit.DAYS:
            opening *= ledger.planned[pair][0]
    if munition in depot.unserviceable:
        unserviceable = world.shells(depot.unserviceable[munition], munition)
    stock = Stock(origins, opening, ledger.axes.days, _make_cohorts(world, munition, depot, opening))
    stock.unserviceable[0] = unserviceable
    ledger.opening[pair, 0, "stock"] = opening
    ledger.opening[pair, 0, "unserviceable"] = unserviceable
    if munition in depot.objective:
        aim = world.shells(depot.objective[munition], munition)
        in_days = depot.objective[munition].unit is Unit.DAYS
        ledger.objective[pair] = [aim * rate if in_days else aim for rate in ledger.planned[pair]]
    return stock


def _make_cohorts(world: RunInputs, munition: str, depot: Depot, opening: float) -> Cohorts | None:
    """Return the opening stock by age; None for a munition that does not age."""
    part = world.scenario.munition_parts[munition]
    if part.shelf_life is None:
        return None
    calendar = cohort_calendar(world.scenario, munition)
    life = first_day_from(to_seconds(world.draw_once(part.shelf_life)))
    cohorts = Cohorts(calendar, life, depot.issue or "fifo")
    cohorts.open(calendar.opening_shares(depot, munition), opening)
    return cohorts


def _settle_accounts(
    ledger: Ledger, world: RunInputs, depots: Sequence[DepotState], suppliers: Sequence[Supplier]
) -> None:
    ledger.drawn = dict(sorted(world.drawn.items()))
    for depot in depots:
        for munition, (pair, stock) in enumerate(zip(depot.pairs, depot.stocks, strict=True)):
            for origin, name in enumerate(depot.origins):
                position = ledger.axes.origins.index(name)
                ledger.closing[pair, position, "stock"] = stock.held[origin]
                ledger.closing[pair, position, "unserviceable"] = stock.unserviceable[origin]
                ledger.closing[pair, position, "coming"] = depot.inbound(munition, origin, "transfers")
    for supplier in suppliers:
        ledger.voyages.extend(supplier.voyages())
        ledger.shipped[supplier.name] = supplier.shipped()
        ledger.under_way[supplier.name] = supplier.under_way()


def _settle_orders(ledger: Ledger, lines: Sequence[OrderLineState]) -> None:
    for line in lines:
        ledger.orders.extend(line.placed)
        at_gate = line.depot.inbound(line.munition, line.origin, "orders")
        ledger.closing[line.pair, ledger.axes.origins.index(line.name), "at gate"] = at_gate
