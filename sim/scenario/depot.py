"""Depot: opening stocks and capacity."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from sim.errors import Fault
from sim.formulas import exceeds_capacity
from sim.scenario.ages import Age, AgeType
from sim.scenario.dimension import HOLDING, LEVEL, MARK, SHELLS, STOCK
from sim.scenario.field_types import NumberType, one_of
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.limits import stock_exceeds_capacity
from sim.scenario.part import LabelledPart
from sim.scenario.quantity import ByMunition, Quantity
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode
from sim.units import Unit

#: Order in which a depot issues shells that age: the oldest first, the newest first, or in proportion.
Issue = Literal["fifo", "lifo", "mixed"]


class Depot(LabelledPart):
    """A place that holds stock of each munition."""

    # An age is spread over the stock and not drawn, so that no table of draws may set it.
    fields_drawn_each_time: ClassVar[frozenset[str]] = frozenset({"age"})

    stock: Annotated[ByMunition, NumberType(STOCK, by="munition")]
    """Opening stock of serviceable shells, its days of supply, or ``unknown``: `sim run` solves for it."""
    unserviceable: Annotated[ByMunition, NumberType(LEVEL, by="munition")] = FrozenDict()
    """Opening stock of unserviceable shells."""
    capacity: Annotated[Quantity | None, NumberType(SHELLS)] = None
    """Maximum serviceable shells over all munitions; no limit if left out."""
    age: Annotated[Mapping[str, Age], AgeType()] = FrozenDict()
    """Age of the opening stock: a duration, a distribution that is spread over the stock, or a share for each
    age; required where shells have a shelf life."""
    issue: Annotated[Issue | None, one_of("fifo", "lifo", "mixed")] = None
    """Which shells leave first, where they have a shelf life: ``fifo`` the oldest, ``lifo`` the newest,
    ``mixed`` all ages in proportion; ``fifo`` if left out."""

    holding_cost: Annotated[Quantity | None, NumberType(HOLDING)] = None
    """Cost of holding a shell: money a period, or a share of the unit cost a year."""
    objective: Annotated[ByMunition, NumberType(MARK, by="munition")] = FrozenDict()
    """Level aimed at: shells, tonnes, or days of supply by the planned requirement of each day; the outcome
    `reaches` is the day on which it is reached."""

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
        """Yield faults: stock above capacity, days of supply without a consumer (rules 15 and 34)."""
        shells = [
            stock.value for stock in self.stock.values() if stock.law is None and stock.unit is Unit.SHELLS
        ]
        if (
            self.capacity is not None
            and self.capacity.law is None
            and exceeds_capacity(math.fsum(shells), self.capacity.value)
        ):
            problem = stock_exceeds_capacity(math.fsum(shells))
            yield Fault(problem, self.capacity.where, self.capacity.path, "at least the stock at the start")
        cost = self.holding_cost
        if cost is not None and cost.unit is Unit.SHARE:
            for munition in sorted({*self.stock} - context.munitions_with_cost):
                problem = f"a holding cost that is a share needs the unit_cost of {munition}"
                allowed = f"munitions.{munition}.unit_cost, or money a shell and period such as 40 EUR/year"
                yield Fault(problem, cost.where, cost.path, allowed)
        if node.path.removeprefix("depots.") in context.depots_with_consumer:
            return
        for what, stock in (
            *(("a stock", stock) for stock in self.stock.values()),
            *(("an objective", mark) for mark in self.objective.values()),
        ):
            if stock.unit is Unit.DAYS:
                problem = f"{what} in days needs a consumer at the depot"
                yield Fault(problem, stock.where, stock.path, "shells, such as 4M")
