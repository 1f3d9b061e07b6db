"""What the parts of a scenario must hold against one another: targets of events, masses of munitions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sim.errors import Fault, Where, nearest
from sim.scenario.event import Event
from sim.scenario.nodes import Block, find
from sim.scenario.quantity import Number, unit_of
from sim.units import Unit, shown

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

STOPPED = ("production", "refurbishment", "shipments", "transfers", "consumption")
TONNES = (Unit.KILOGRAMS, Unit.KILOGRAMS_A_DAY)


def check_targets(scenario: Scenario, tree: Block) -> Iterator[Fault]:
    """Yield what is wrong with the paths that events name (rule 27)."""
    sections = dict(scenario.sections())
    stopped = [f"{section}.{name}" for section in STOPPED for name in sections[section]]
    legs = _legs(scenario)
    for name, event in scenario.events.items():
        if event.stops:
            yield from _target(name, "stops", event.stops, [*stopped, *legs], tree)
            yield from _whole(scenario, name, event, tree)
        if event.multiplies:
            yield from _target(name, "multiplies", event.multiplies, list(_multiplied(scenario)), tree)


def check_masses(scenario: Scenario, tree: Block) -> Iterator[Fault]:
    """Yield numbers in tonnes of munitions that have no mass."""
    for path, numbers in _by_munition(scenario):
        for munition, number in numbers.items():
            if unit_of(number) in TONNES and scenario.munition_parts[munition].gross_mass is None:
                where = number.where or find(tree, path.split("."))[0].where
                problem = f"tonnes of {munition} need its gross_mass"
                yield Fault(
                    problem, where, number.path or path, f"shells, or munitions.{munition}.gross_mass"
                )


def _target(name: str, key: str, path: str, known: list[str], tree: Block) -> Iterator[Fault]:
    if path not in known:
        allowed = ", ".join(known) or "nothing in this file"
        yield Fault(
            f"{shown(path)} cannot be {'stopped' if key == 'stops' else 'multiplied'}",
            _where(tree, name, key),
            f"events.{name}.{key}",
            allowed,
            nearest(path, known),
        )


def stops_a_fleet(scenario: Scenario, event: Event) -> bool:
    """Return whether an event stops a leg, or a supplier that sends its cargo by legs."""
    supplier = event.stops.removeprefix("shipments.")
    routed = supplier in scenario.shipments and bool(scenario.shipments[supplier].route)
    return routed or event.stops in _legs(scenario)


def _legs(scenario: Scenario) -> list[str]:
    return [
        f"shipments.{name}.route.{leg}"
        for name, sent in scenario.shipments.items()
        for leg in range(len(sent.route))
    ]


def _whole(scenario: Scenario, name: str, event: Event, tree: Block) -> Iterator[Fault]:
    if stops_a_fleet(scenario, event) and event.share.bounds() != (1.0, 1.0):
        yield Fault("a fleet is stopped wholly", _where(tree, name, "share"), f"events.{name}.share", "100%")


def _where(tree: Block, name: str, key: str) -> Where:
    return find(tree, ["events", name, key])[0].where


def _multiplied(scenario: Scenario) -> Iterator[str]:
    for section in ("production", "refurbishment", "consumption"):
        for name in dict(scenario.sections())[section]:
            yield f"{section}.{name}.rate"
    for name, shipment in scenario.shipments.items():
        if shipment.offered is not None:
            yield f"shipments.{name}.offered"
    for name, transfer in scenario.transfers.items():
        if transfer.capacity is not None:
            yield f"transfers.{name}.capacity"


def _by_munition(scenario: Scenario) -> Iterator[tuple[str, Mapping[str, Number]]]:
    for name, depot in scenario.depots.items():
        yield f"depots.{name}.stock", depot.stock
        yield f"depots.{name}.unserviceable", depot.unserviceable
    for name, line in scenario.production.items():
        yield f"production.{name}.rate", line.rate
    for name, consumer in scenario.consumption.items():
        yield f"consumption.{name}.rate", consumer.rate
    for name, shipment in scenario.shipments.items():
        sent = tuple(shipment.mix) or scenario.munitions
        for offer in (
            *([] if shipment.offered is None else [shipment.offered]),
            *shipment.deliveries.values(),
        ):
            yield f"shipments.{name}", dict.fromkeys(sent, offer)
