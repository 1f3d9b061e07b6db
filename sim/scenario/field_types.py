"""Where pydantic meets our nodes: annotations that read a number, a text, a date or a word."""

from __future__ import annotations

import datetime as dt
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import core_schema

from sim.errors import Fault, nearest
from sim.scenario.dimension import DAMAGE, DAMAGE_SHARE, DELIVERY, SHARE, Dimension
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.number_reader import InvalidNumber, NumberReader
from sim.scenario.quantity import QUANTITY_KEYS, Quantity
from sim.scenario.suggestions import join_names
from sim.scenario.validation_context import ValidationContext, to_pydantic_error
from sim.scenario.yaml_nodes import MapNode, Node, TextNode
from sim.units import Unit, UnitError, parse, parse_date, quote


class FieldType(ABC):
    """What pydantic asks of an annotation; children say how a node is read."""

    @abstractmethod
    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the checked value; raises `InvalidNumber`."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Tell pydantic to leave the value to `read`."""
        return core_schema.with_info_plain_validator_function(self._read)

    def _read(self, node: Node, info: ValidationInfo[Any]) -> object:
        try:
            return self.read(node, info.context)
        except InvalidNumber as error:
            raise to_pydantic_error(*error.faults) from None


class NumberType(FieldType):
    """A number of one dimension; a course and a number for each munition where they make sense.

    Parameters
    ----------
    dimension : Dimension
    course : {"", "course"}
        Whether it may change over time.
    by : {"", "munition", "each"}
        Whether it may differ by munition; the value is then a map. One number for several munitions holds
        for ``each``, and is refused for a ``munition`` unless it is in days of supply (rule 33).
    """

    def __init__(
        self,
        dimension: Dimension,
        course: Literal["", "course"] = "",
        by: Literal["", "munition", "each"] = "",
    ) -> None:
        self.dimension = dimension
        self.course = bool(course)
        self.by_munition = bool(by)
        self.each = by == "each"

    def dimension_of(self, unit: Unit) -> Dimension:  # noqa: ARG002 - one signature for all
        """Return what the number measures."""
        return self.dimension

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the `Quantity` or `Course`, or a frozen map of them by munition."""
        reader = NumberReader(self.dimension, context)
        if self.by_munition:
            return FrozenDict(reader.read_by_munition(node, course=self.course, each=self.each))
        return reader.read_number(node, course=self.course)


class SharesType(NumberType):
    """A share for each munition, which add up to one."""

    def __init__(self) -> None:
        super().__init__(SHARE, by="each")

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return a frozen map of shares by munition."""
        if not isinstance(node, MapNode) or QUANTITY_KEYS & node.keys():
            allowed = "a share for each munition, such as {a: 60%, b: 40%}"
            raise InvalidNumber(Fault("a mix is a map of munitions", node.where, node.path, allowed))
        shares = NumberReader(SHARE, context).read_by_munition(node, each=True)
        fixed = [
            share.value for share in shares.values() if isinstance(share, Quantity) and share.law is None
        ]
        total = math.fsum(fixed)
        if len(fixed) == len(shares) and abs(total - 1.0) > 1e-9:
            problem = f"the shares of the mix add up to {total:g}"
            raise InvalidNumber(Fault(problem, node.where, node.path, "100 % in all", is_conflict=True))
        return FrozenDict(shares)


class DamageType(FieldType):
    """A share of what lies at a depot, or a number of shells."""

    def dimension_of(self, unit: Unit) -> Dimension:
        """Return what a damage measures that was read in `unit`."""
        return SHARE if unit is Unit.SHARE else DAMAGE

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the `Quantity`: a share where it can be one."""
        try:
            return NumberReader(DAMAGE_SHARE, context).read_number(node)
        except InvalidNumber as error:
            try:
                return NumberReader(DAMAGE, context).read_number(node)
            except InvalidNumber:
                raise error from None


class DeliveriesType(FieldType):
    """Quantities by date."""

    def dimension_of(self, unit: Unit) -> Dimension:  # noqa: ARG002 - one signature for all
        """Return what each of the quantities measures."""
        return DELIVERY

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return a frozen map from dates to quantities, in order of date."""
        reader = NumberReader(DELIVERY, context)
        return FrozenDict(reader.read_by_date(node))


class ScalarType(FieldType):
    """A plain scalar read by a function of its text.

    Parameters
    ----------
    reader : callable
        From text to value; raises `UnitError`.
    schema : mapping
        The same as JSON Schema.
    """

    def __init__(self, reader: Callable[[str], object], schema: Mapping[str, Any]) -> None:
        self.reader = reader
        self.schema = schema

    def read(self, node: Node, context: ValidationContext) -> object:  # noqa: ARG002 - one signature for all
        """Return what the reader makes of the text."""
        if not isinstance(node, TextNode):
            raise InvalidNumber(Fault("one value is expected, not a map or a list", node.where, node.path))
        try:
            return self.reader(node.text)
        except UnitError as error:
            fault = Fault(error.problem, node.where, node.path, error.allowed, error.nearest)
            raise InvalidNumber(fault) from None


class DepotNameType(ScalarType):
    """The name of a depot of the file; the only one where it is left out."""

    def __init__(self) -> None:
        super().__init__(_read_line, {"type": "string"})

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the name; `node` is the default, and no node, where the key is left out."""
        known = context.depots
        allowed = join_names(known)
        if isinstance(node, str):
            if len(known) > 1:
                raise InvalidNumber(Fault("this key is required with several depots", allowed=allowed))
            return known[0] if known else node
        name = str(super().read(node, context))
        if known and name not in known:
            problem = f"unknown depot {quote(name)}"
            near = context.suggester.nearest(name, known)
            raise InvalidNumber(Fault(problem, node.where, node.path, allowed, near))
        return name


def _read_text(text: str) -> str:
    return text.strip()


def _read_line(text: str) -> str:
    line = text.strip()
    if "\n" in line or "\r" in line or len(line) > 200 or not line:
        raise UnitError(f"{quote(text)} is not a line of text", "one line of 1 to 200 characters")
    return line


def _read_file_name(text: str) -> str:
    if not text.strip():
        raise UnitError(f"{quote(text)} is not the name of a file", "a CSV file")
    return text.strip()


def _read_count(text: str) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,4}|100000", text.strip()):
        raise UnitError(f"{quote(text)} is not a count", "a whole number from 0 to 100,000, such as 2")
    return int(text)


def _read_positive_count(text: str) -> int:
    count = _read_count(text)
    if count == 0:
        raise UnitError(f"{quote(text)}: there is at least one", "a whole number from 1 to 100,000")
    return count


def _read_cover(text: str) -> float:
    try:
        value = parse(text)
    except UnitError:
        value = None
    if value is None or value.unit != "number" or not 0 < value.value <= 100_000:
        allowed = "a plain number above 0, such as 30"
        raise UnitError(f"{quote(text)} is not a number of days of supply", allowed)
    return value.value


LINE_TYPE = ScalarType(_read_line, {"type": "string", "minLength": 1, "maxLength": 200})
COUNT_TYPE = ScalarType(_read_count, {"type": "integer", "minimum": 0, "maximum": 100_000})
BERTHS_TYPE = ScalarType(_read_positive_count, {"type": "integer", "minimum": 1, "maximum": 100_000})
Line = Annotated[str, LINE_TYPE]
LongText = Annotated[str, ScalarType(_read_text, {"type": "string"})]
FileName = Annotated[str, ScalarType(_read_file_name, {"type": "string", "minLength": 1})]
Date = Annotated[
    dt.date, ScalarType(parse_date, {"type": "string", "format": "date", "examples": ["2023-09-01"]})
]
DaysOfSupply = Annotated[
    float, ScalarType(_read_cover, {"type": "number", "exclusiveMinimum": 0, "maximum": 100_000})
]


class RuleNameType(ScalarType):
    """The name of a rule of rationing: one of `rules`, or one that the caller brings (rule 13).

    Parameters
    ----------
    *rules : str
        The rules that are there for every file; editors know these alone.
    """

    def __init__(self, *rules: str) -> None:
        super().__init__(_read_text, {"enum": list(rules)})
        self.rules = rules

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the name."""
        return one_of(*self.rules, *context.rules).read(node, context)


def one_of(*words: str) -> ScalarType:
    """Return the annotation of a field that takes one of some words."""

    def read(text: str) -> str:
        if text not in words:
            raise UnitError(f"{quote(text)} is not known here", ", ".join(words), nearest(text, words))
        return text

    return ScalarType(read, {"enum": list(words)})
