"""Workshop: refurbishment of unserviceable shells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from sim.errors import Fault
from sim.scenario.dimension import SHARE, THROUGHPUT
from sim.scenario.field_types import NumberType
from sim.scenario.part import DepotRef, LabelledPart
from sim.scenario.quantity import ByMunition, Number
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode


class Workshop(LabelledPart):
    """A workshop that refurbishes unserviceable shells at one depot."""

    at: DepotRef = ""
    """The depot; the only one if left out."""
    rate: Annotated[Number, NumberType(THROUGHPUT, course="course")]
    """Shells processed a day, over all munitions."""
    yield_: Annotated[ByMunition, NumberType(SHARE, by="each"), Field(alias="yield")]
    """Share of processed shells that become serviceable; the others are scrapped."""

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
        """Yield a fault for each munition without a yield."""
        missing = [munition for munition in context.munitions if munition not in self.yield_]
        if missing:
            yield node.fault("yield", f"the yield of {missing[0]} is missing", "a share for each munition")
