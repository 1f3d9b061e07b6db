"""Munition: a kind of shell and its mass."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from sim.scenario.dimension import LIFE, MASS, MONEY
from sim.scenario.field_types import NumberType, one_of
from sim.scenario.grammar import NounForms
from sim.scenario.part import LabelledPart, ShortForm, expand_text
from sim.scenario.quantity import Number, Quantity


class Munition(LabelledPart):
    """A kind of shell."""

    text_fields: ClassVar[frozenset[str]] = LabelledPart.text_fields | {"noun"}

    noun: Annotated[NounForms | None, expand_text("one"), ShortForm("one")] = None
    """What one piece is called; ``shell`` if left out."""
    unit_cost: Annotated[Number | None, NumberType(MONEY, course="course")] = None
    """Money a shell, for orders and for holding costs that are a share of it."""
    gross_mass: Annotated[Quantity | None, NumberType(MASS)] = None
    """Mass of a round with its share of the crate; converts tonnes to shells."""
    shelf_life: Annotated[Quantity | None, NumberType(LIFE)] = None
    """Age at which shells expire; they do not age if left out."""
    expired: Annotated[Literal["scrapped", "unserviceable"] | None, one_of("scrapped", "unserviceable")] = (
        None
    )
    """What becomes of expired shells: ``scrapped``, or ``unserviceable``, from where workshops take them;
    ``scrapped`` if left out."""
