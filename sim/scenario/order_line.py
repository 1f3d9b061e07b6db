"""Order line: what is ordered for a depot, by its stock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from sim.errors import Fault
from sim.scenario.dimension import DURATION, MARK, MOMENT, MONEY, THROUGHPUT
from sim.scenario.field_types import NumberType
from sim.scenario.number_reader import missing_mass_faults, until_faults
from sim.scenario.part import DepotRef, LabelledPart, MunitionRef
from sim.scenario.quantity import Number, Quantity, fixed_quantity, unit_of
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode
from sim.units import Unit

#: Keys of each policy: min-max, lots, base stock (rule 37).
POLICIES = (
    frozenset({"reorder_point", "order_up_to"}),
    frozenset({"reorder_point", "order_quantity"}),
    frozenset({"order_up_to"}),
)
_POLICIES_ALLOWED = "reorder_point and order_up_to, or reorder_point and order_quantity, or order_up_to alone"


class OrderLine(LabelledPart):
    """Orders of one munition for one depot, placed by the inventory position (rule 37)."""

    fields_drawn_each_time: ClassVar[frozenset[str]] = frozenset({"lead_time"})

    to: DepotRef = ""
    """The depot; the only one if left out."""
    munition: MunitionRef = ""
    """The munition; the only one if left out."""
    reorder_point: Annotated[Number | None, NumberType(MARK, course="course")] = None
    """Inventory position (in stock and on order, less the backlog) at or below which an order is placed:
    shells, tonnes or days of supply; without it every position below `order_up_to` places one."""
    order_up_to: Annotated[Number | None, NumberType(MARK, course="course")] = None
    """Inventory position that an order restores: shells, tonnes or days of supply."""
    order_quantity: Annotated[Number | None, NumberType(MARK, course="course")] = None
    """Size of an order, in place of `order_up_to`."""
    review: Annotated[Quantity | None, NumberType(DURATION)] = None
    """Time from one review of the stock to the next; every day if left out."""
    lead_time: Annotated[Quantity, NumberType(DURATION)] = fixed_quantity(0.0, Unit.DAYS)
    """Time from the supplier to the depot, drawn for each order; it arrives on the next day if left out."""
    capacity: Annotated[Number | None, NumberType(THROUGHPUT, course="course")] = None
    """Shells that the supplier makes a day: orders queue there, first come, first served, and each leaves
    as a whole when all of it is made; no limit if left out."""
    unit_cost: Annotated[Number | None, NumberType(MONEY, course="course")] = None
    """Money a shell; that of the munition if left out."""
    order_cost: Annotated[Quantity | None, NumberType(MONEY)] = None
    """Money for each order, whatever its size."""
    first: Annotated[Quantity | None, NumberType(MOMENT)] = None
    """First review: a date, or a duration from the start; the start if left out."""
    until: Annotated[Quantity | None, NumberType(MOMENT)] = None
    """End of the reviews (exclusive): a date, or a duration from `first`; the end if left out."""

    @property
    def marks(self) -> tuple[Number | None, Number | None, Number | None]:
        """Reorder point, order-up-to level and order quantity."""
        return self.reorder_point, self.order_up_to, self.order_quantity

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
        """Yield faults of the policy, the review, the dates, and of days of supply without a consumer."""
        given = {key for key in ("reorder_point", "order_up_to", "order_quantity") if getattr(self, key)}
        if given not in POLICIES:
            problem = (
                f"{' and '.join(sorted(given))} make no policy" if given else "nothing says what to order"
            )
            yield Fault(problem, node.named, node.path, _POLICIES_ALLOWED)
        yield from self._mark_faults(context)
        yield from self._time_faults(context)
        if fault := find_level_conflict(self.reorder_point, self.order_up_to):
            yield fault

    def _mark_faults(self, context: ValidationContext) -> Iterator[Fault]:
        for mark in self.marks:
            if mark is None:
                continue
            if unit_of(mark) is Unit.DAYS and self.to not in context.depots_with_consumer:
                problem = "days of supply need a consumer at the depot"
                yield Fault(problem, mark.where, mark.path, "shells, such as 40k")
            yield from missing_mass_faults(mark, [self.munition], context)

    def _time_faults(self, context: ValidationContext) -> Iterator[Fault]:
        if self.review is not None and self.review.bounds()[0] < 1.0:
            problem = f"a review every {self.review.written}: stocks are counted once a day"
            yield Fault(problem, self.review.where, self.review.path, "1 day or more")
        yield from until_faults(self.first, self.until, context)


def find_level_conflict(low: Number | None, high: Number | None) -> Fault | None:
    """Return the fault of an order-up-to level `high` that is certainly below the reorder point `low`."""
    if low is None or high is None or not is_certainly_below(high, low):
        return None
    problem = "order_up_to is below the reorder_point: an order would restore less than it"
    return Fault(problem, high.where, high.path, "at least the reorder_point")


def is_certainly_below(one: Number, other: Number) -> bool:
    """Return whether two fixed numbers have the same unit, and the first is smaller."""
    return (
        isinstance(one, Quantity)
        and isinstance(other, Quantity)
        and one.unit is other.unit
        and one.bounds()[1] < other.bounds()[0]
    )
