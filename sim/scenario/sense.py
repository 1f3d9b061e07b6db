"""What is allowed but odd: warnings about a scenario that is valid, so that nobody quotes a slip."""

from __future__ import annotations

from collections.abc import Iterator

from sim.errors import Fault
from sim.scenario.scenario import Scenario
from sim.scenario.shipment import Leg, Shipment
from sim.units import Unit


def sense(scenario: Scenario) -> list[Fault]:
    """Return warnings, durations taken at their medians."""
    warnings: list[Fault] = []
    for name, line in scenario.production.items():
        if line.lead_time.value >= scenario.days:
            warnings.append(
                Fault(
                    f"the lead time of {line.lead_time.value:g} days is no shorter than the run of {scenario.days} days:"
                    " nothing is delivered",
                    line.lead_time.where,
                    f"production.{name}.lead_time",
                )
            )
    for name, shipment in scenario.shipments.items():
        warnings.extend(_shipment(scenario, name, shipment))
    if not scenario.consumption:
        warnings.append(Fault("nobody consumes: stocks can only grow", path="consumption"))
    return warnings


def _shipment(scenario: Scenario, name: str, shipment: Shipment) -> Iterator[Fault]:
    way = _until_first_landing(shipment)
    first = _first_day(scenario, shipment)
    path = f"shipments.{name}"
    where = scenario.tree["shipments"]
    at = where.keys_at.get(name) if hasattr(where, "keys_at") else None
    if first >= scenario.days:
        yield Fault("loading begins after the run is over: nothing lands", at, f"{path}.first")
    elif first + way >= scenario.days:
        yield Fault(
            f"the way takes {way:.1f} days at the medians and begins on day {first:.0f}, so nothing lands in the run"
            f" of {scenario.days} days",
            at,
            f"{path}.route",
        )
    if shipment.reserve is not None and shipment.reserve.value <= _loaded_before(shipment, way):
        yield Fault(
            f"at the medians the reserve of {shipment.reserve.value:,.0f} shells is gone before the first landing,"
            f" {way:.1f} days after loading begins",
            shipment.reserve.where,
            f"{path}.reserve",
        )


def _first_day(scenario: Scenario, shipment: Shipment) -> float:
    if shipment.first is None:
        return 0.0
    if shipment.first.unit is Unit.DATE:
        return max(0.0, shipment.first.value - scenario.start.toordinal())
    return shipment.first.value


def _until_first_landing(shipment: Shipment) -> float:
    days = 0.0
    for leg in shipment.route:
        days += leg.load.value + leg.travel.value + leg.unload.value
    return days


def _loaded_before(shipment: Shipment, days: float) -> float:
    """Return the shells that the first leg has taken away after `days`, at the medians."""
    leg = shipment.route[0]
    shells_each = 1.0
    if leg.capacity.unit is Unit.CONTAINERS:
        shells_each = next(iter(shipment.shells_per_container.values())).value
    return _loads(leg, days) * leg.capacity.value * shells_each


def _loads(leg: Leg, days: float) -> float:
    cycle = leg.load.value + 2 * leg.travel.value + leg.unload.value
    by_fleet = float("inf") if leg.vehicles is None else leg.vehicles * (days // cycle + 1 if cycle > 0 else 1)
    if leg.berths is None or leg.load.value <= 0:
        return by_fleet
    return min(by_fleet, leg.berths * (days // leg.load.value + 1))
