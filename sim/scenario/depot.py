"""Depot: opening stocks and capacity."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated

from sim.errors import Fault
from sim.formulas import exceeds_capacity
from sim.scenario.dimension import HOLDING, LEVEL, MARK, SHELLS, STOCK
from sim.scenario.field_types import NumberType
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.limits import stock_exceeds_capacity
from sim.scenario.part import LabelledPart
from sim.scenario.quantity import ByMunition, Quantity
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode
from sim.units import Unit


class Depot(LabelledPart):
    """A place that holds stock of each munition."""

    stock: Annotated[ByMunition, NumberType(STOCK, by="munition")]
    """Opening stock of serviceable shells, its days of supply, or ``unknown``: `sim run` solves for it."""
    unserviceable: Annotated[ByMunition, NumberType(LEVEL, by="munition")] = FrozenDict()
    """Opening stock of unserviceable shells."""
    capacity: Annotated[Quantity | None, NumberType(SHELLS)] = None
    """Maximum serviceable shells over all munitions; no limit if left out."""

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
