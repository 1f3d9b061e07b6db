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
from sim.scenario.context import Context, as_pydantic
from sim.scenario.frozen import FrozenDict
from sim.scenario.measure import DepotName
from sim.scenario.nodes import Block

P = TypeVar("P")


class Part(BaseModel):
    """A checked, frozen part of a scenario."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    words: ClassVar[frozenset[str]] = frozenset()
    """Fields that are for readers: the account does not depend on them."""

    either: ClassVar[tuple[str, ...]] = ()
    """Keys of which one must be there, where there are any."""

    happening: ClassVar[frozenset[str]] = frozenset()
    """Fields that describe happenings and are drawn each time; the others are drawn once a run (rule 6)."""

    @model_validator(mode="wrap")
    @classmethod
    def _as_a_whole(cls, given: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo) -> Self:
        part = handler(given)
        faults = (
            tuple(_faults(part, given, info.context)) if isinstance(given, Block) and info.context else ()
        )
        if faults:
            raise as_pydantic(*faults)
        return part

    def amiss(self, node: Block, context: Context) -> Iterable[Fault]:  # noqa: ARG002 - for the children
        """Return what is wrong although each key is right."""
        return ()

    def unknown(self, node: Block, context: Context) -> Iterable[Fault]:  # noqa: ARG002 - for the children
        """Return the values that name nothing in the file."""
        return ()

    def happens(self) -> frozenset[str]:
        """Return the fields that are drawn each time."""
        return self.happening


def _faults(part: Part, node: Block, context: Context) -> Iterator[Fault]:
    for fault in part.amiss(node, context):
        yield replace(fault, is_conflict=True)
    yield from part.unknown(node, context)


class Alone(NamedTuple):
    """Marks a part that may also be written as one of its fields alone."""

    field: str


def _frozen(parts: dict[str, Any]) -> FrozenDict[str, Any]:
    return FrozenDict(sorted(parts.items()))


#: Components by name; always in order of name, so that their order in the file changes nothing.
Named = Annotated[dict[str, P], AfterValidator(_frozen)]
#: The name of a depot, filled in where there is only one.
DepotRef = Annotated[str, DepotName(), Field(validate_default=True)]
