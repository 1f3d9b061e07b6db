"""A consumer: who fires, how much is required, and what happens when there is little."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from sim.errors import Fault
from sim.scenario.context import Context
from sim.scenario.dimension import DURATION, RATE, VARIATION
from sim.scenario.measure import Measure, word
from sim.scenario.nodes import Block
from sim.scenario.part import DepotRef, Part
from sim.scenario.quantity import CourseByMunition, Quantity, fixed
from sim.units import Unit

RuleName = Annotated[
    Literal["none", "proportional", "controlled"], word("none", "proportional", "controlled")
]


class Rationing(Part):
    """How fire shrinks with the days of supply (rule 13)."""

    rule: RuleName
    """The rule."""
    cover: Annotated[Quantity | None, Measure(DURATION)] = None
    """Days of supply below which the rule bites; required but for ``none``."""

    def amiss(self, node: Block, context: Context) -> Iterator[Fault]:  # noqa: ARG002
        """Return a fault where a rule does not say when it begins to bite."""
        if self.rule != "none" and self.cover is None:
            problem = f"the rule {self.rule!r} needs a cover"
            yield Fault(problem, node.named, node.path, "cover: a duration, such as 30 days")


class Consumer(Part):
    """A front that draws on one depot."""

    at: DepotRef = ""
    """The depot; the only one if left out."""
    rate: Annotated[CourseByMunition, Measure(RATE, course="course", by="munition")]
    """Planned requirement: the required supply rate of the whole consumer, shells a day."""
    daily_variation: Annotated[Quantity, Measure(VARIATION)] = fixed(0.0, Unit.SHARE)
    """Coefficient of variation of the requirement from day to day (rule 11)."""
    rationing: Rationing = Rationing.model_construct(rule="none", cover=None)
    """How fire shrinks with the days of supply; ``none`` fires until the stock is gone."""
