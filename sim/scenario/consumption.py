"""A consumer: who fires, how much is required, and what happens when there is little."""

from __future__ import annotations

from typing import Annotated, Literal

from sim.scenario.dimension import DURATION, RATE, VARIATION
from sim.scenario.measure import Line, Measure, word
from sim.scenario.part import Part
from sim.scenario.quantity import CourseByMunition, Quantity, fixed
from sim.units import Unit

RuleName = Annotated[Literal["none", "proportional", "controlled"], word("none", "proportional", "controlled")]


class Rationing(Part):
    """How fire shrinks with the days of supply (rule 13)."""

    rule: RuleName
    """The rule."""
    cover: Annotated[Quantity | None, Measure(DURATION)] = None
    """Days of supply below which the rule bites; required but for ``none``."""


class Consumer(Part):
    """A front that draws on one depot."""

    at: Line = ""
    """The depot; the only one if left out."""
    rate: Annotated[CourseByMunition, Measure(RATE, course="course", by="munition")]
    """Planned requirement: the required supply rate of the whole consumer, shells a day."""
    daily_variation: Annotated[Quantity, Measure(VARIATION)] = fixed(0.0, Unit.SHARE)
    """Coefficient of variation of the requirement from day to day (rule 11)."""
    rationing: Rationing = Rationing.model_construct(rule="none", cover=None)
    """How fire shrinks with the days of supply; ``none`` fires until the stock is gone."""
