"""Transfer: standing movement of stock between two depots."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from sim.errors import Fault
from sim.scenario.dimension import DURATION, THROUGHPUT
from sim.scenario.field_types import NumberType
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.part import DepotRef, LabelledPart
from sim.scenario.quantity import ByMunition, Number, Quantity, fixed_quantity
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode
from sim.units import Unit


class Transfer(LabelledPart):
    """A standing transfer: it pushes available stock, or pulls up to `keep` days of supply (rule 18)."""

    fields_drawn_each_time: ClassVar[frozenset[str]] = frozenset({"lead_time"})

    from_: Annotated[DepotRef, Field(alias="from")] = ""
    """Depot that sends."""
    to: DepotRef = ""
    """Depot that receives."""
    capacity: Annotated[Number | None, NumberType(THROUGHPUT, course="course")] = None
    """Maximum shells a day over all munitions; no limit if left out."""
    lead_time: Annotated[Quantity, NumberType(DURATION)] = fixed_quantity(0.0, Unit.DAYS)
    """Time from departure to arrival; arrival is the next day at the earliest."""
    keep: Annotated[ByMunition, NumberType(DURATION, by="each")] = FrozenDict()
    """Days of supply to keep at `to`; without it, all stock is sent, up to the capacity."""

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
        """Yield faults: a transfer to its own depot, a `keep` at a depot without a consumer."""
        if self.from_ == self.to:
            yield Fault(
                "a transfer goes from one depot to another", node.named, node.path, "two different depots"
            )
        if self.keep and context.depots and self.to not in context.depots_with_consumer:
            problem = "keep needs a consumer at the depot it brings to"
            yield node.fault("keep", problem, "leave it out, or add a consumer there")
