"""Production line: output, growth, lead time and outages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from sim.errors import Fault
from sim.scenario.dimension import DURATION, GROWTH, RATE, SHARE
from sim.scenario.field_types import NumberType
from sim.scenario.part import DepotRef, LabelledPart, Part
from sim.scenario.quantity import Course, CourseByMunition, Quantity, fixed_quantity
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode
from sim.units import Unit


class Outages(Part):
    """Random stops of a production line (rules 27 and 28)."""

    fields_drawn_each_time: ClassVar[frozenset[str]] = frozenset({"every", "last", "share"})

    every: Annotated[Quantity, NumberType(DURATION)]
    """Gap from the end of one to the next: the mean of an exponential, or a distribution."""
    last: Annotated[Quantity, NumberType(DURATION)]
    """Duration of an outage."""
    share: Annotated[Quantity, NumberType(SHARE)] = fixed_quantity(1.0, Unit.SHARE)
    """Share of the line that stops."""


class Production(LabelledPart):
    """A line that produces shells for one depot."""

    fields_drawn_each_time: ClassVar[frozenset[str]] = frozenset({"lead_time"})

    to: DepotRef = ""
    """The depot; the only one if left out."""
    rate: Annotated[CourseByMunition, NumberType(RATE, course="course", by="munition")]
    """Shells produced a day."""
    growth: Annotated[Quantity | None, NumberType(GROWTH)] = None
    """Compound growth of the rate per month (rule 29)."""
    lead_time: Annotated[Quantity, NumberType(DURATION)] = fixed_quantity(0.0, Unit.DAYS)
    """Time from production of a lot to its arrival at the depot (rule 19)."""

    outages: Outages | None = None
    """Random stops of this line."""

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:  # noqa: ARG002
        """Yield a fault if the rate has both a growth and a course."""
        if self.growth is not None and any(isinstance(rate, Course) for rate in self.rate.values()):
            yield node.fault("growth", "growth beside by_date", "one of the two")
