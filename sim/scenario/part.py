"""Base class of the parts of a scenario: frozen pydantic models that reject unknown keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, ClassVar, NamedTuple, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationInfo,
    model_validator,
)

from sim.errors import Fault
from sim.scenario.field_types import DepotNameType, Label, MunitionNameType
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.quantity import Course, Quantity
from sim.scenario.validation_context import ValidationContext, to_pydantic_error
from sim.scenario.yaml_nodes import MapNode, Node, TextNode

P = TypeVar("P")


class Part(BaseModel):
    """A validated, immutable part of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    text_fields: ClassVar[frozenset[str]] = frozenset()
    """Descriptive fields that do not affect results."""

    fields_compared_if_given: ClassVar[frozenset[str]] = frozenset()
    """Fields that the digest of the account leaves out if empty: later keys change no earlier digest."""

    one_required: ClassVar[tuple[str, ...]] = ()
    """Keys of which at least one is required; empty for no such requirement."""

    fields_drawn_each_time: ClassVar[frozenset[str]] = frozenset()
    """Fields drawn at each occurrence; the others are drawn once a run (rule 6)."""

    @model_validator(mode="wrap")
    @classmethod
    def _check_whole(cls, data: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        part = handler(data)
        faults = (
            tuple(_faults(part, data, info.context)) if isinstance(data, MapNode) and info.context else ()
        )
        if faults:
            raise to_pydantic_error(*faults)
        return part

    def find_faults(self, node: MapNode, context: ValidationContext) -> Iterable[Fault]:  # noqa: ARG002 - for subclasses
        """Return faults of the combination of valid keys."""
        return ()

    def unknown(self, node: MapNode, context: ValidationContext) -> Iterable[Fault]:  # noqa: ARG002 - for subclasses
        """Return faults of references to names that the file does not define."""
        return ()

    def drawn_each_time(self) -> frozenset[str]:
        """Return the fields drawn at each occurrence."""
        return self.fields_drawn_each_time


class LabelledPart(Part):
    """A part with a name for readers."""

    text_fields: ClassVar[frozenset[str]] = frozenset({"label"})

    label: Label = ""
    """Name for readers, in charts, tables and verdicts; made from the key if left out."""


def _faults(part: Part, node: MapNode, context: ValidationContext) -> Iterator[Fault]:
    for fault in part.find_faults(node, context):
        yield replace(fault, is_conflict=True)
    yield from part.unknown(node, context)


class ShortForm(NamedTuple):
    """Marker of a part that may be written as a single field."""

    field: str


def expand_text(field: str) -> BeforeValidator:
    """Return a validator that expands a part written as text to a map with one field."""

    def expand(node: Node) -> Node:
        if not isinstance(node, TextNode):
            return node
        block = MapNode(node.where, node.path)
        block.put(field, node, node.where)
        return block

    return BeforeValidator(expand)


def _freeze_sorted(parts: dict[str, Any]) -> FrozenDict[str, Any]:
    return FrozenDict(sorted(parts.items()))


#: Components by name, sorted, so that their order in the file has no effect.
NamedParts = Annotated[dict[str, P], AfterValidator(_freeze_sorted)]
#: Name of a depot; defaults to the only depot.
DepotRef = Annotated[str, DepotNameType(), Field(validate_default=True)]
#: Name of a munition; defaults to the only munition.
MunitionRef = Annotated[str, MunitionNameType(), Field(validate_default=True)]


def numbers_in(value: object) -> Iterator[Quantity | Course]:
    """Yield each quantity and course in a part, a map or a tuple, and after a course those in it."""
    if isinstance(value, Quantity | Course):
        yield value
    inner: Iterable[object] = ()
    if isinstance(value, Course):
        inner = value.points
    elif isinstance(value, Part):
        inner = (getattr(value, field) for field in type(value).model_fields)
    elif isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, tuple):
        inner = value
    for each in inner:
        yield from numbers_in(each)
