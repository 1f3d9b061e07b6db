"""What every part of a scenario shares: it is checked, frozen and closed to unknown keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated, Any, ClassVar, NamedTuple, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationInfo,
    model_validator,
)

from sim.errors import Fault
from sim.scenario.field_types import DepotNameType
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.validation_context import ValidationContext, to_pydantic_error
from sim.scenario.yaml_nodes import MapNode

P = TypeVar("P")


class Part(BaseModel):
    """A checked, frozen part of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    text_fields: ClassVar[frozenset[str]] = frozenset()
    """Fields that are for readers: the account does not depend on them."""

    one_required: ClassVar[tuple[str, ...]] = ()
    """Keys of which one must be there, where there are any."""

    fields_drawn_each_time: ClassVar[frozenset[str]] = frozenset()
    """Fields that describe happenings and are drawn each time; the others are drawn once a run (rule 6)."""

    @model_validator(mode="wrap")
    @classmethod
    def _check_whole(cls, given: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        part = handler(given)
        faults = (
            tuple(_faults(part, given, info.context)) if isinstance(given, MapNode) and info.context else ()
        )
        if faults:
            raise to_pydantic_error(*faults)
        return part

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterable[Fault]:  # noqa: ARG002 - for the children
        """Return what is wrong although each key is right."""
        return ()

    def unknown(self, node: MapNode, context: ValidationContext) -> Iterable[Fault]:  # noqa: ARG002 - for the children
        """Return the values that name nothing in the file."""
        return ()

    def drawn_each_time(self) -> frozenset[str]:
        """Return the fields that are drawn each time."""
        return self.fields_drawn_each_time


def _faults(part: Part, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
    for fault in part.find_faults(node, context):
        yield replace(fault, is_conflict=True)
    yield from part.unknown(node, context)


class ShortForm(NamedTuple):
    """Marks a part that may also be written as one of its fields alone."""

    field: str


def _freeze_sorted(parts: dict[str, Any]) -> FrozenDict[str, Any]:
    return FrozenDict(sorted(parts.items()))


#: Components by name; always in order of name, so that their order in the file changes nothing.
NamedParts = Annotated[dict[str, P], AfterValidator(_freeze_sorted)]
#: The name of a depot, filled in where there is only one.
DepotRef = Annotated[str, DepotNameType(), Field(validate_default=True)]
