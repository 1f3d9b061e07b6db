"""What is allowed but odd: warnings about a scenario that is valid, so that nobody quotes a slip."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sim.errors import Fault, counted
from sim.scenario.nodes import Block, find
from sim.scenario.scenario import Scenario
from sim.scenario.shipment import Leg, Shipment
from sim.units import Unit

LARGEST_VARIATION = 3.0
LARGEST_GROWTH = 1.0


def sense(scenario: Scenario) -> list[Fault]:
    """Return warnings about a scenario, drawn numbers taken at their medians.

    Returns
    -------
    list of Fault
        Where nothing can land or be delivered within the run, where an event falls outside it, where a
        reserve is gone before its first landing, where a variation, a growth or an offer looks like a slip,
        and where nobody consumes.
    """
    warnings = list(_late_lines(scenario))
    for name, shipment in scenario.shipments.items():
        warnings.extend(_shipment(scenario, name, shipment))
    for name, consumer in scenario.consumption.items():
        variation = consumer.daily_variation
        if variation.value > LARGEST_VARIATION:
            problem = f"a daily variation of {variation.written} is {variation.value:,.0%} of the requirement"
            warnings.append(Fault(problem, variation.where, f"consumption.{name}.daily_variation"))
    warnings.extend(_events(scenario))
    if not scenario.consumption:
        warnings.append(Fault("nobody consumes: stocks can only grow", path="consumption"))
    return warnings


def _late_lines(scenario: Scenario) -> Iterator[Fault]:
    for name, line in scenario.production.items():
        lead = line.lead_time
        if lead.value >= scenario.days:
            problem = (
                f"the lead time of {counted(f'{lead.value:g}', 'day')} is no shorter than the run of "
                f"{counted(scenario.days, 'day')}:"
                " nothing is delivered"
            )
            yield Fault(problem, lead.where, f"production.{name}.lead_time")
        growth = line.growth
        if growth is not None and growth.value > LARGEST_GROWTH:
            problem = f"a growth of {growth.written} is {growth.value:,.0%} a month"
            yield Fault(problem, growth.where, f"production.{name}.growth")


def _events(scenario: Scenario) -> Iterator[Fault]:
    for name, event in scenario.events.items():
        begins = event.date or event.from_
        if begins is None:
            continue
        over = event.date + dt.timedelta(days=1) if event.date else event.until or scenario.end
        if begins >= scenario.end or over <= scenario.start:
            key = "date" if event.date else "from"
            where = find(scenario.tree, ["events", name, key])[0].where
            yield Fault("the event falls outside the run: nothing happens", where, f"events.{name}.{key}")


def _shipment(scenario: Scenario, name: str, shipment: Shipment) -> Iterator[Fault]:
    path = f"shipments.{name}"
    first, way = _first_day(scenario, shipment), _until_first_landing(shipment)
    found, _ = find(scenario.tree, ["shipments", name])
    at = found.named if isinstance(found, Block) else found.where
    if first >= scenario.days:
        where = shipment.first.where if shipment.first is not None else at
        yield Fault("loading begins after the run is over: nothing lands", where, f"{path}.first")
    elif first + way >= scenario.days:
        problem = (
            f"the way takes {way:.1f} days at the medians and begins on day {first:.0f}:"
            f" nothing lands in the run of {counted(scenario.days, 'day')}"
        )
        yield Fault(problem, at, f"{path}.route")
    boxed = shipment.shells_per_container
    if boxed and not shipment.counts_containers():
        problem = "nothing here is counted in containers: what comes is counted in shells"
        yield Fault(problem, at, f"{path}.shells_per_container")
    reserve = shipment.reserve
    if (
        reserve is not None
        and reserve.production is None
        and reserve.stock.value <= _loaded_before(shipment, way)
    ):
        problem = (
            f"at the medians the reserve of {reserve.stock.value:,.0f} shells is gone before the first"
            f" landing, {way:.1f} days after loading begins"
        )
        yield Fault(problem, reserve.stock.where, f"{path}.reserve")


def _first_day(scenario: Scenario, shipment: Shipment) -> float:
    if shipment.first is None:
        return 0.0
    if shipment.first.unit is Unit.DATE:
        return max(0.0, shipment.first.value - scenario.start.toordinal())
    return shipment.first.value


def _until_first_landing(shipment: Shipment) -> float:
    days = 0.0 if shipment.lead_time is None else shipment.lead_time.value
    for leg in shipment.route:
        days += leg.load.value + leg.travel.value + leg.unload.value
    return days


def _loaded_before(shipment: Shipment, days: float) -> float:
    """Return the shells that the first leg has taken away after `days`, at the medians."""
    if not shipment.route or shipment.offered is not None or shipment.deliveries:
        return 0.0  # what is offered bounds the loads, and says how much comes
    leg = shipment.route[0]
    shells_each = 1.0
    if leg.capacity.unit is Unit.CONTAINERS:
        loads = shipment.shells_per_container
        mix = {munition: share.value for munition, share in shipment.mix.items()} or dict.fromkeys(loads, 1.0)
        shells_each = sum(
            share * loads[munition].value for munition, share in mix.items() if munition in loads
        )
    return _loads(leg, days) * leg.capacity.value * shells_each


def _loads(leg: Leg, days: float) -> float:
    cycle = leg.load.value + 2 * leg.travel.value + leg.unload.value
    voyages = days // cycle + 1 if cycle > 0 else 1
    by_fleet = float("inf") if leg.vehicles is None else leg.vehicles * voyages
    if leg.berths is None or leg.load.value <= 0:
        return by_fleet
    return min(by_fleet, leg.berths * (days // leg.load.value + 1))
