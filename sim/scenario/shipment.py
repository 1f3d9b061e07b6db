"""A supplier abroad, and the legs of the route by which its cargo comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from sim.errors import Fault, Where
from sim.scenario.context import Context
from sim.scenario.dimension import CAPACITY, DURATION, LOAD, MOMENT, SHARE, SHELLS
from sim.scenario.frozen import FrozenDict
from sim.scenario.measure import BERTHS, COUNT, Line, LongText, Measure, word
from sim.scenario.nodes import Block, find
from sim.scenario.part import DepotRef, Part
from sim.scenario.quantity import ByMunition, Quantity, fixed
from sim.units import Unit


class Leg(Part):
    """One leg of a route: a fleet that shuttles between two places (rules 20-26)."""

    words: ClassVar[frozenset[str]] = frozenset({"name", "by", "from_", "to"})

    name: Line = ""
    """A name for the leg."""
    by: Line = ""
    """Means of transport, in words."""
    from_: Annotated[Line, Field(alias="from")] = ""
    """Where cargo is loaded, in words."""
    to: Line = ""
    """Where cargo is unloaded, in words."""
    vehicles: Annotated[int | None, COUNT] = None
    """Vehicles of the fleet; hired as needed, one way, if left out."""
    capacity: Annotated[Quantity, Measure(CAPACITY)]
    """What one vehicle carries, in containers or shells."""
    load: Annotated[Quantity, Measure(DURATION)] = fixed(0.0, Unit.DAYS)
    """Time to load a vehicle."""
    travel: Annotated[Quantity, Measure(DURATION)]
    """Time under way, at least an hour; the way back has the same distribution."""
    unload: Annotated[Quantity, Measure(DURATION)] = fixed(0.0, Unit.DAYS)
    """Time to unload a vehicle."""
    berths: Annotated[int | None, BERTHS] = None
    """How many of the leg load at a time; no limit if left out."""
    unloading_berths: Annotated[int | None, BERTHS] = None
    """How many of the leg unload at a time; no limit if left out."""
    departs: Annotated[Literal["any", "full"], word("any", "full")] = "any"
    """Whether a vehicle leaves with any cargo, or only with a full load."""


class Shipment(Part):
    """What a supplier sends to a depot."""

    words: ClassVar[frozenset[str]] = frozenset({"in_return"})

    to: DepotRef = ""
    """The depot; the only one if left out."""
    first: Annotated[Quantity | None, Measure(MOMENT)] = None
    """When loading may begin: a date, or a duration from the start; the start if left out."""
    until: Annotated[Quantity | None, Measure(MOMENT)] = None
    """When loading ends (exclusive): a date, or a duration from `first`; the end if left out."""
    shells_per_container: Annotated[ByMunition, Measure(LOAD, by="munition")] = FrozenDict()
    """Shells in one container; required where cargo is counted in containers."""
    serviceable: Annotated[ByMunition, Measure(SHARE, by="munition")] = FrozenDict()
    """Share of what lands that can be fired; 100 % if left out."""
    reserve: Annotated[Quantity | None, Measure(SHELLS)] = None
    """Shells that the supplier can part with; no limit if left out."""
    in_return: LongText = ""
    """What the supplier asks in return, in words."""
    route: tuple[Leg, ...] = Field(min_length=1)
    """The legs, in order."""

    def amiss(self, node: Block, context: Context) -> Iterator[Fault]:
        """Return faults of the whole: one unit a route, a bounded first leg, an order in time."""
        units = {leg.capacity.unit for leg in self.route}
        if len(units) > 1:
            problem = "the legs of a route count their cargo in different units"
            where = node.keys_at["route"]
            yield Fault(problem, where, f"{node.path}.route", "containers, or shells, in all")
        if Unit.CONTAINERS in units and not self.shells_per_container:
            problem = "the key 'shells_per_container' is required where cargo is in containers"
            path = f"{node.path}.shells_per_container"
            yield Fault(problem, node.named, path, "shells, such as 300")
        if self.route[0].vehicles is None:
            first, _ = find(node, ["route", 0])
            yield from _hired(self.route[0], f"{node.path}.route.0", first.where)
        if self.until is not None and not self._begins_before(self.until, context):
            problem = "until is not after first"
            yield Fault(problem, self.until.where, self.until.path, "a later date, or a duration")

    def _begins_before(self, until: Quantity, context: Context) -> bool:
        if until.unit is not Unit.DATE:
            return True
        last = until.bounds()[1]
        earliest = 0.0 if self.first is None else self.first.bounds()[0]
        if self.first is not None and self.first.unit is Unit.DATE:
            return earliest < last
        return context.start is None or context.start + earliest < last


def _hired(leg: Leg, path: str, where: Where) -> Iterator[Fault]:
    if leg.berths is None:
        problem = "nothing bounds the vehicles of the first leg"
        yield Fault(problem, where, path, "vehicles: a number, or berths: a number")
    elif leg.load.bounds()[1] <= 0:
        problem = "hired vehicles that load in no time are not bounded by berths"
        yield Fault(problem, where, f"{path}.load", "a duration above zero, or vehicles: a number")
