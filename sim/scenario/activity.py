"""Activity of a consumer: lumpy demand on dates or at intervals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from sim.errors import Fault
from sim.scenario.dimension import DURATION, LEVEL, MOMENT, SHARE
from sim.scenario.field_types import DaysType, NumberType
from sim.scenario.part import LabelledPart
from sim.scenario.quantity import ByMunition, Day, Quantity, fixed_quantity
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode
from sim.units import Unit


class Activity(LabelledPart):
    """Demand that comes at once: an exercise, a salute, a day of live fire (rule 11)."""

    fields_drawn_each_time: ClassVar[frozenset[str]] = frozenset({"quantity"})

    quantity: Annotated[ByMunition, NumberType(LEVEL, by="munition")]
    """Shells required each time."""
    on: Annotated[tuple[Day, ...], DaysType()] = ()
    """Days on which it takes place."""
    every: Annotated[Quantity | None, NumberType(DURATION)] = None
    """Time from one to the next, at least a day; in place of `on`."""
    first: Annotated[Quantity | None, NumberType(MOMENT)] = None
    """Time of the first with `every`: a date, or a duration from the start; the start if left out."""
    chance: Annotated[Quantity, NumberType(SHARE)] = fixed_quantity(1.0, Unit.SHARE)
    """Probability that it takes place each time."""

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:  # noqa: ARG002
        """Yield faults: not exactly one kind of time, or an interval that is drawn or shorter than a day."""
        if bool(self.on) == (self.every is not None):
            yield Fault(
                "an activity has one kind of time", node.named, node.path, "on, or every (with first)"
            )
        if self.first is not None and self.on and self.every is None:
            yield node.fault("first", "first needs every", "every: a duration, such as 90 days")
        if self.every is not None and self.every.law is not None:
            yield node.fault("every", "every is one duration here", "a duration, such as 90 days")
        elif self.every is not None and self.every.value < 1.0:
            yield node.fault("every", "an activity takes place once a day at most", "at least 1 day")
