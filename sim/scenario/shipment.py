"""A supplier abroad, and the legs of the route by which its cargo comes."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.dimension import CAPACITY, DURATION, LOAD, MOMENT, SHARE, SHELLS
from sim.scenario.frozen import FrozenDict
from sim.scenario.measure import Berths, Count, Line, LongText, Measure, word
from sim.scenario.part import Part
from sim.scenario.quantity import ByMunition, Quantity, fixed
from sim.units import Unit


class Leg(Part):
    """One leg of a route: a fleet that shuttles between two places (rules 20-26)."""

    name: Line = ""
    """A name for the leg."""
    by: Line = ""
    """Means of transport, in words."""
    from_: Annotated[Line, Field(alias="from")] = ""
    """Where cargo is loaded, in words."""
    to: Line = ""
    """Where cargo is unloaded, in words."""
    vehicles: Count | None = None
    """Vehicles of the fleet; hired as needed, one way, if left out."""
    capacity: Annotated[Quantity, Measure(CAPACITY)]
    """What one vehicle carries, in containers or shells."""
    load: Annotated[Quantity, Measure(DURATION)] = fixed(0.0, Unit.DAYS)
    """Time to load a vehicle."""
    travel: Annotated[Quantity, Measure(DURATION)]
    """Time under way, at least an hour; the way back has the same distribution."""
    unload: Annotated[Quantity, Measure(DURATION)] = fixed(0.0, Unit.DAYS)
    """Time to unload a vehicle."""
    berths: Berths | None = None
    """How many of the leg load at a time; no limit if left out."""
    unloading_berths: Berths | None = None
    """How many of the leg unload at a time; no limit if left out."""
    departs: Annotated[Literal["any", "full"], word("any", "full")] = "any"
    """Whether a vehicle leaves with any cargo, or only with a full load."""


class Shipment(Part):
    """What a supplier sends to a depot."""

    to: Line = ""
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
