"""Where pydantic meets our numbers: annotations that read a node, and say what they take as JSON Schema."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from sim.errors import Fault, nearest
from sim.scenario.dimension import Dimension
from sim.scenario.frozen import FrozenDict
from sim.scenario.nodes import Node, Text
from sim.scenario.number import Faulty, Reader
from sim.scenario.schema import date_schema, integer_schema, number_schema, word_schema
from sim.units import UnitError, parse, parse_date


@dataclass(frozen=True)
class Context:
    """What a field must know of the rest of the file.

    Attributes
    ----------
    munitions : tuple of str
    sources : collection of str or None
        Known ids of evidence; None takes any.
    """

    munitions: tuple[str, ...]
    sources: Collection[str] | None


def as_pydantic(*faults: Fault) -> PydanticCustomError:
    """Wrap faults for pydantic, which adds nothing to them."""
    return PydanticCustomError("faults", "faults", {"faults": faults})


class _Hook(ABC):
    """What pydantic asks of an annotation; children say `read` and `schema`."""

    @abstractmethod
    def read(self, node: Node, context: Context) -> object:
        """Return the checked value."""

    @abstractmethod
    def schema(self) -> JsonSchemaValue:
        """Return what the field takes as JSON Schema."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.with_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return self.schema()

    def _read(self, node: Node, info: ValidationInfo) -> object:
        try:
            return self.read(node, info.context)
        except Faulty as error:
            raise as_pydantic(*error.faults) from None


@dataclass(frozen=True)
class Measure(_Hook):
    """A number of one dimension; a course and a number for each munition where they make sense."""

    dimension: Dimension
    course: Literal["", "course"] = ""
    by: Literal["", "munition"] = ""

    def read(self, node: Node, context: Context) -> object:
        """Return the `Quantity` or `Course`, or a frozen map of them by munition."""
        reader = Reader(self.dimension, context.munitions, context.sources)
        if self.by:
            return FrozenDict(reader.by_munition(node, course=bool(self.course)))
        return reader.number(node, course=bool(self.course))

    def schema(self) -> JsonSchemaValue:
        """Return what the field takes as JSON Schema."""
        return number_schema(self.dimension, course=bool(self.course), by_munition=bool(self.by))


@dataclass(frozen=True)
class Scalar(_Hook):
    """A plain scalar read by one of our own functions."""

    reader: Callable[[str], object]
    described: Callable[[], JsonSchemaValue]

    def read(self, node: Node, context: Context) -> object:  # noqa: ARG002 - one signature for all
        """Return what the reader makes of the text."""
        if not isinstance(node, Text):
            raise Faulty(Fault("one value is expected, not a map or a list", node.where, node.path))
        try:
            return self.reader(node.text)
        except UnitError as error:
            raise Faulty(Fault(error.problem, node.where, node.path, error.allowed, error.nearest)) from None

    def schema(self) -> JsonSchemaValue:
        """Return what the field takes as JSON Schema."""
        return self.described()


def _text(text: str) -> str:
    return text.strip()


def _line(text: str) -> str:
    line = text.strip()
    if "\n" in line or "\r" in line or len(line) > 200 or not line:
        raise UnitError("the text is not one line", "one line of at most 200 characters")
    return line


def _count(text: str) -> int:
    try:
        value = parse(text).value
    except UnitError:
        value = -1.0
    if not 0 <= value <= 100_000 or value != int(value) or not text.strip().isdecimal():
        shown = text if len(text) <= 60 else text[:57] + "..."
        raise UnitError(f"{shown!r} is not a count", "a whole number from 0 to 100,000, such as 2")
    return int(value)


def _one_or_more(text: str) -> int:
    count = _count(text)
    if count == 0:
        raise UnitError(f"{text!r}: there is at least one", "a whole number from 1 to 100,000")
    return count


def _cover(text: str) -> float:
    try:
        value = parse(text)
    except UnitError:
        value = None
    if value is None or value.unit != "number" or not 0 < value.value <= 100_000:
        shown = text if len(text) <= 60 else text[:57] + "..."
        raise UnitError(f"{shown!r} is not a number of days of supply", "a plain number above 0, such as 30")
    return value.value


Line = Annotated[str, Scalar(_line, lambda: {"type": "string", "maxLength": 200})]
LongText = Annotated[str, Scalar(_text, lambda: {"type": "string"})]
Date = Annotated[dt.date, Scalar(parse_date, date_schema)]
Count = Annotated[int, Scalar(_count, lambda: integer_schema(0))]
Berths = Annotated[int, Scalar(_one_or_more, lambda: integer_schema(1))]
DaysOfSupply = Annotated[float, Scalar(_cover, lambda: {"type": "number", "exclusiveMinimum": 0})]


def word(*words: str) -> Scalar:
    """Return the annotation of a field that takes one of some words."""

    def read(text: str) -> str:
        if text not in words:
            raise UnitError(f"{text[:80]!r} is not known here", ", ".join(words), nearest(text, words))
        return text

    return Scalar(read, lambda: word_schema(words))
