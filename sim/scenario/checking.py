"""What a scenario must hold beyond each key alone: names, references, order in time, one unit a route."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.account import INITIAL, REFURBISHED
from sim.errors import Fault, Where, nearest
from sim.scenario.merging import QUANTITY_WORDS
from sim.scenario.nodes import Block, find
from sim.scenario.part import NAME, NAMES_ALLOWED
from sim.scenario.quantity import Course, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.shipment import Leg, Shipment
from sim.units import Unit

LONGEST_RUN = 36_600
SECTIONS = ("depots", "production", "shipments", "consumption")


class _At:
    """Finds where a path was written."""

    def __init__(self, tree: Block) -> None:
        self.tree = tree

    def key(self, *steps: str | int) -> Where:
        parent, _ = find(self.tree, steps[:-1])
        if isinstance(parent, Block) and str(steps[-1]) in parent.keys_at:
            return parent.keys_at[str(steps[-1])]
        return find(self.tree, steps)[0].where

    def value(self, *steps: str | int) -> Where:
        return find(self.tree, steps)[0].where


def check(scenario: Scenario, tree: Block) -> list[Fault]:
    """Return what is wrong with a scenario whose keys are each right, in no more than one fault a cause."""
    at = _At(tree)
    faults = [*_names(scenario, at), *_horizon(scenario, at), *_depots(scenario, at)]
    for name, line in scenario.production.items():
        if line.growth is not None and any(isinstance(rate, Course) for rate in line.rate.values()):
            path = f"production.{name}.growth"
            faults.append(Fault("growth beside by_date", at.key(*path.split(".")), path, "one of the two"))
    for name, shipment in scenario.shipments.items():
        faults.extend(_shipment(scenario, name, shipment, at))
    for name, consumer in scenario.consumption.items():
        if consumer.rationing.rule != "none" and consumer.rationing.cover is None:
            path = f"consumption.{name}.rationing"
            problem = f"the rule {consumer.rationing.rule!r} needs a cover"
            faults.append(Fault(problem, at.value(*path.split(".")), path, "cover: a duration, such as 30 days"))
    return faults


def _names(scenario: Scenario, at: _At) -> Iterator[Fault]:
    for section in SECTIONS:
        for name in getattr(scenario, section):
            where = at.key(section, name)
            if not NAME.fullmatch(name):
                shown = name if len(name) <= 60 else name[:57] + "..."
                yield Fault(f"{shown!r} is not a name", where, section, f"up to 80 {NAMES_ALLOWED}")
            elif name in QUANTITY_WORDS:
                yield Fault(f"{name!r} is a word of quantities, not a name", where, f"{section}.{name}", "another name")
            elif section in {"production", "shipments"} and name in {INITIAL, REFURBISHED}:
                yield Fault(f"{name!r} is an origin already", where, f"{section}.{name}", "another name")
    for name in sorted(scenario.production.keys() & scenario.shipments.keys()):
        problem = f"{name!r} is a production line as well; origins are told apart by name"
        yield Fault(problem, at.key("shipments", name), f"shipments.{name}", "another name")


def _horizon(scenario: Scenario, at: _At) -> Iterator[Fault]:
    if scenario.end <= scenario.start:
        yield Fault("the end is not after the start", at.value("end"), "end", f"a date after {scenario.start}")
    elif scenario.days > LONGEST_RUN:
        yield Fault(f"the run has {scenario.days:,} days", at.value("end"), "end", f"at most {LONGEST_RUN:,} days")
    if len(set(scenario.thresholds)) < len(scenario.thresholds):
        yield Fault("a threshold stands here twice", at.value("thresholds"), "thresholds", "different numbers")


def _depots(scenario: Scenario, at: _At) -> Iterator[Fault]:
    for section, key in (("production", "to"), ("shipments", "to"), ("consumption", "at")):
        for name, part in getattr(scenario, section).items():
            yield from _reference(scenario, section, name, key, getattr(part, key), at)
    consuming = {consumer.at for consumer in scenario.consumption.values()}
    for name, depot in scenario.depots.items():
        for stock in depot.stock.values():
            if stock.unit is Unit.DAYS and name not in consuming:
                problem = "a stock in days needs a consumer at the depot"
                yield Fault(problem, stock.where, stock.path, "shells, such as 4M")


def _reference(scenario: Scenario, section: str, name: str, key: str, depot: str, at: _At) -> Iterator[Fault]:
    known = list(scenario.depots)
    path = f"{section}.{name}.{key}"
    if not depot:
        yield Fault(f"the key {key!r} is required with several depots", at.key(section, name), path, ", ".join(known))
    elif depot not in scenario.depots:
        yield Fault(f"unknown depot {depot[:80]!r}", at.value(section, name, key), path, ", ".join(known), nearest(depot, known))


def _shipment(scenario: Scenario, name: str, shipment: Shipment, at: _At) -> Iterator[Fault]:
    path = f"shipments.{name}"
    units = {leg.capacity.unit for leg in shipment.route}
    if len(units) > 1:
        problem = "the legs of a route count their cargo in different units"
        yield Fault(problem, at.value("shipments", name, "route"), f"{path}.route", "containers, or shells, in all")
    if Unit.CONTAINERS in units and not shipment.shells_per_container:
        problem = "the key 'shells_per_container' is required where cargo is in containers"
        yield Fault(problem, at.key("shipments", name), f"{path}.shells_per_container", "shells, such as 300")
    first = shipment.route[0]
    if first.vehicles is None:
        yield from _hired(first, f"{path}.route.0", at.value("shipments", name, "route", 0))
    yield from _window(scenario, shipment)


def _hired(leg: Leg, path: str, where: Where) -> Iterator[Fault]:
    if leg.berths is None:
        problem = "nothing bounds the vehicles of the first leg"
        yield Fault(problem, where, path, "vehicles: a number, or berths: a number")
    elif leg.load.bounds()[1] <= 0:
        problem = "hired vehicles that load in no time are not bounded by berths"
        yield Fault(problem, where, f"{path}.load", "a duration above zero, or vehicles: a number")


def _window(scenario: Scenario, shipment: Shipment) -> Iterable[Fault]:
    first, until = shipment.first, shipment.until
    if until is None or until.unit is not Unit.DATE:
        return []
    begins = _earliest(scenario, first)
    if until.bounds()[1] <= begins:
        return [Fault("until is not after first", until.where, until.path, "a later date, or a duration")]
    return []


def _earliest(scenario: Scenario, first: Quantity | None) -> float:
    start = float(scenario.start.toordinal())
    if first is None:
        return start
    return first.bounds()[0] if first.unit is Unit.DATE else start + first.bounds()[0]
