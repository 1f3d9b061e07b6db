"""Munition: a kind of shell and its mass."""

from __future__ import annotations

from typing import Annotated

from sim.scenario.dimension import MASS
from sim.scenario.field_types import NumberType
from sim.scenario.part import Part
from sim.scenario.quantity import Quantity


class Munition(Part):
    """A kind of shell."""

    gross_mass: Annotated[Quantity | None, NumberType(MASS)] = None
    """Mass of a round with its share of the crate; converts tonnes to shells."""
