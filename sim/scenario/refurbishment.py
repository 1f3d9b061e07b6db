"""A workshop: what makes unserviceable shells serviceable again."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sim.scenario.dimension import RATE, SHARE
from sim.scenario.measure import Measure
from sim.scenario.part import DepotRef, Part
from sim.scenario.quantity import ByMunition, Number


class Workshop(Part):
    """A workshop at one depot."""

    at: DepotRef = ""
    """The depot; the only one if left out."""
    rate: Annotated[Number, Measure(RATE, course="course")]
    """Shells taken in a day, over all munitions."""
    yield_: Annotated[ByMunition, Measure(SHARE, by="each"), Field(alias="yield")]
    """Share of what is taken in that becomes serviceable; the rest is scrapped."""
