"""A production line: what industry makes."""

from __future__ import annotations

from typing import Annotated

from sim.scenario.dimension import DURATION, GROWTH, RATE
from sim.scenario.measure import Line, Measure
from sim.scenario.part import Part
from sim.scenario.quantity import CourseByMunition, Quantity, fixed
from sim.units import Unit


class Production(Part):
    """A line that makes shells for one depot."""

    to: Line = ""
    """The depot; the only one if left out."""
    rate: Annotated[CourseByMunition, Measure(RATE, course="course", by="munition")]
    """Shells made a day."""
    growth: Annotated[Quantity | None, Measure(GROWTH)] = None
    """Compound growth of the rate, a month (rule 29)."""
    lead_time: Annotated[Quantity, Measure(DURATION)] = fixed(0.0, Unit.DAYS)
    """From the day a lot is made to the day it enters the depot (rule 19)."""
