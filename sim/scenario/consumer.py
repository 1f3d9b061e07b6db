"""Consumer: required fire, rationing, guns and barrels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar

from pydantic import ValidationInfo, model_validator

from sim.errors import Fault
from sim.scenario.activity import Activity
from sim.scenario.dimension import DURATION, MONEY, NUMBER, NUMBER_A_DAY, RATE, ROUNDS, VARIATION
from sim.scenario.field_types import PRIORITY_TYPE, SWITCH_TYPE, NumberType, RuleNameType
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.grammar import VerbForms
from sim.scenario.part import DepotRef, LabelledPart, NamedParts, Part, ShortForm, expand_text
from sim.scenario.quantity import CourseByMunition, Number, Quantity, fixed_quantity
from sim.scenario.rationing_rules import RULES
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import MapNode, Node, TextNode
from sim.units import Unit


class Rationing(Part):
    """Rationing of fire by days of supply (rule 13)."""

    rule: Annotated[str, RuleNameType(*RULES)]
    """Name of the rule."""
    cover: Annotated[Quantity | None, NumberType(DURATION)] = None
    """Days of supply below which the rule takes effect; required except for ``none``."""

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:  # noqa: ARG002
        """Yield a fault if a rule other than ``none`` has no cover."""
        known = RULES.get(self.rule)
        if (known is None or known.needs_cover) and self.cover is None:
            problem = f"the rule {self.rule!r} needs a cover"
            yield Fault(problem, node.named, node.path, "cover: a duration, such as 30 days")


class Barrels(Part):
    """Stock of gun barrels, worn by fire (rule 14)."""

    stock: Annotated[Quantity, NumberType(NUMBER)]
    """Barrels at the start."""
    production: Annotated[Number | None, NumberType(NUMBER_A_DAY, course="course")] = None
    """Barrels produced a day."""


class Consumer(LabelledPart):
    """A consumer that fires from one depot."""

    text_fields: ClassVar[frozenset[str]] = LabelledPart.text_fields | {"verb"}
    fields_compared_if_given: ClassVar[frozenset[str]] = frozenset({"activities"})
    one_required: ClassVar[tuple[str, ...]] = ("rate", "activities")

    verb: Annotated[VerbForms | None, expand_text("present"), ShortForm("present")] = None
    """Verb for the use of the goods; ``fires`` if left out."""
    at: DepotRef = ""
    """The depot; the only one if left out."""
    rate: Annotated[CourseByMunition, NumberType(RATE, course="course", by="munition")]
    """Planned requirement: the required supply rate of the whole consumer, shells a day."""
    daily_variation: Annotated[Quantity, NumberType(VARIATION)] = fixed_quantity(0.0, Unit.SHARE)
    """Coefficient of variation of the requirement from day to day (rule 11)."""
    rationing: Rationing = Rationing.model_construct(rule="none", cover=None)
    """Rationing of fire by days of supply; ``none`` fires until the stock is exhausted."""
    priority: Annotated[int | None, PRIORITY_TYPE] = None
    """Order in which the consumers of a depot are served where its stock is short; 1, served first, if left
    out."""
    backlog: Annotated[bool | None, SWITCH_TYPE] = None
    """Whether unmet requirement waits, and is served before that of later days; lost if left out."""
    activities: NamedParts[Activity] = FrozenDict()
    """Lumpy demand, beside the rate or in its place."""
    guns: Annotated[Number | None, NumberType(NUMBER, course="course")] = None
    """Number of guns; no limit on fire if left out."""
    rounds_per_gun: Annotated[Quantity | None, NumberType(ROUNDS)] = None
    """Maximum rounds a gun a day; required with guns."""
    barrels: Barrels | None = None
    """Barrels that wear and are replaced."""
    barrel_life: Annotated[Quantity | None, NumberType(ROUNDS)] = None
    """Service life of a barrel in rounds; required with barrels."""

    @property
    def rank(self) -> int:
        """Priority, 1 for the first."""
        return 1 if self.priority is None else self.priority

    @property
    def has_backlog(self) -> bool:
        """Whether what is unmet waits."""
        return self.backlog is True

    shortage_cost: Annotated[Quantity | None, NumberType(MONEY)] = None
    """Money for each shell unmet; with `backlog`, for each shell that waits at the close of a day."""

    @model_validator(mode="before")
    @classmethod
    def _add_rate(cls, node: Any, info: ValidationInfo[ValidationContext]) -> Any:
        """Give a consumer of activities alone a rate of nothing for each munition that they name."""
        activities = node.get("activities") if isinstance(node, MapNode) else None
        if not isinstance(activities, MapNode) or not activities or "rate" in node:
            return node
        whole, path = node.copy(), f"{node.path}.rate"
        required = [each.get("quantity") for each in activities.values() if isinstance(each, MapNode)]
        named = {name for each in required if isinstance(each, MapNode) for name in each}
        rate: Node = TextNode("0/day", activities.where, path=path)
        if munitions := [name for name in info.context.munitions if name in named]:
            rate = MapNode(activities.where, path)
            for name in munitions:
                rate.put(name, TextNode("0/day", activities.where, path=f"{path}.{name}"), activities.where)
        whole.put("rate", rate, activities.where)
        return whole

    @property
    def has_guns(self) -> bool:
        """Whether it has guns on some day: a consumer whose guns are 0 throughout only plans its fire."""
        if self.guns is None:
            return False
        numbers = [self.guns] if isinstance(self.guns, Quantity) else [each for _, each in self.guns.points]
        return any(number.bounds()[1] > 0.0 for number in numbers)

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterator[Fault]:  # noqa: ARG002
        """Yield a fault for each key whose companion key is missing."""
        for key, needs in (
            ("guns", "rounds_per_gun"),
            ("rounds_per_gun", "guns"),
            ("barrels", "guns"),
            ("barrels", "barrel_life"),
            ("barrel_life", "barrels"),
        ):
            if getattr(self, key) is not None and getattr(self, needs) is None:
                yield node.fault(key, f"{key} needs {needs}", needs)
        for activity in self.activities.values():
            for munition, quantity in activity.quantity.items():
                if munition not in self.rate:
                    problem = f"an activity requires {munition}, of which the consumer has no rate"
                    allowed = f"a rate of {munition}, such as 0/day"
                    yield Fault(problem, quantity.where, quantity.path, allowed, is_conflict=True)
