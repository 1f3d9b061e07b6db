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
from sim.scenario.context import Context, as_pydantic
from sim.scenario.dimension import DAMAGE, DAMAGED, DELIVERY, SHARE, Dimension
from sim.scenario.frozen import FrozenDict
from sim.scenario.nodes import Block, Node, Text
from sim.scenario.number import Faulty, Reader
from sim.scenario.quantity import QUANTITY_WORDS, Quantity
from sim.scenario.spelling import listed
from sim.units import Unit, UnitError, parse, parse_date, shown


class Hook(ABC):
    """What pydantic asks of an annotation; children say how a node is read."""

    @abstractmethod
    def read(self, node: Node, context: Context) -> object:
        """Return the checked value; raises `Faulty`."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Tell pydantic to leave the value to `read`."""
        return core_schema.with_info_plain_validator_function(self._read)

    def _read(self, node: Node, info: ValidationInfo[Any]) -> object:
        try:
            return self.read(node, info.context)
        except Faulty as error:
            raise as_pydantic(*error.faults) from None


class Measure(Hook):
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

    def read(self, node: Node, context: Context) -> object:
        """Return the `Quantity` or `Course`, or a frozen map of them by munition."""
        reader = Reader(self.dimension, context)
        if self.by_munition:
            return FrozenDict(reader.by_munition(node, course=self.course, each=self.each))
        return reader.number(node, course=self.course)


class Shares(Measure):
    """A share for each munition, which add up to one."""

    def __init__(self) -> None:
        super().__init__(SHARE, by="each")

    def read(self, node: Node, context: Context) -> object:
        """Return a frozen map of shares by munition."""
        if not isinstance(node, Block) or QUANTITY_WORDS & node.keys():
            allowed = "a share for each munition, such as {a: 60%, b: 40%}"
            raise Faulty(Fault("a mix is a map of munitions", node.where, node.path, allowed))
        shares = Reader(SHARE, context).by_munition(node, each=True)
        fixed = [
            share.value for share in shares.values() if isinstance(share, Quantity) and share.law is None
        ]
        total = math.fsum(fixed)
        if len(fixed) == len(shares) and abs(total - 1.0) > 1e-9:
            problem = f"the shares of the mix add up to {total:g}"
            raise Faulty(Fault(problem, node.where, node.path, "100 % in all", is_conflict=True))
        return FrozenDict(shares)


class Damage(Hook):
    """A share of what lies at a depot, or a number of shells."""

    def dimension_of(self, unit: Unit) -> Dimension:
        """Return what a damage measures that was read in `unit`."""
        return SHARE if unit is Unit.SHARE else DAMAGE

    def read(self, node: Node, context: Context) -> object:
        """Return the `Quantity`: a share where it can be one."""
        try:
            return Reader(DAMAGED, context).number(node)
        except Faulty as error:
            try:
                return Reader(DAMAGE, context).number(node)
            except Faulty:
                raise error from None


class Deliveries(Hook):
    """Quantities by date."""

    def dimension_of(self, unit: Unit) -> Dimension:  # noqa: ARG002 - one signature for all
        """Return what each of the quantities measures."""
        return DELIVERY

    def read(self, node: Node, context: Context) -> object:
        """Return a frozen map from dates to quantities, in order of date."""
        reader = Reader(DELIVERY, context)
        return FrozenDict(reader.by_date(node))


class Scalar(Hook):
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

    def read(self, node: Node, context: Context) -> object:  # noqa: ARG002 - one signature for all
        """Return what the reader makes of the text."""
        if not isinstance(node, Text):
            raise Faulty(Fault("one value is expected, not a map or a list", node.where, node.path))
        try:
            return self.reader(node.text)
        except UnitError as error:
            fault = Fault(error.problem, node.where, node.path, error.allowed, error.nearest)
            raise Faulty(fault) from None


class DepotName(Scalar):
    """The name of a depot of the file; the only one where it is left out."""

    def __init__(self) -> None:
        super().__init__(_line, {"type": "string"})

    def read(self, node: Node, context: Context) -> object:
        """Return the name; `node` is the default, and no node, where the key is left out."""
        known = context.depots
        allowed = listed(known)
        if isinstance(node, str):
            if len(known) > 1:
                raise Faulty(Fault("this key is required with several depots", allowed=allowed))
            return known[0] if known else node
        name = str(super().read(node, context))
        if known and name not in known:
            problem = f"unknown depot {shown(name)}"
            near = context.speller.nearest(name, known)
            raise Faulty(Fault(problem, node.where, node.path, allowed, near))
        return name


def _text(text: str) -> str:
    return text.strip()


def _line(text: str) -> str:
    line = text.strip()
    if "\n" in line or "\r" in line or len(line) > 200 or not line:
        raise UnitError(f"{shown(text)} is not a line of text", "one line of 1 to 200 characters")
    return line


def _name_of_file(text: str) -> str:
    if not text.strip():
        raise UnitError(f"{shown(text)} is not the name of a file", "a CSV file")
    return text.strip()


def _count(text: str) -> int:
    if not re.fullmatch("0|[1-9][0-9]{0,4}|100000", text.strip()):
        raise UnitError(f"{shown(text)} is not a count", "a whole number from 0 to 100,000, such as 2")
    return int(text)


def _one_or_more(text: str) -> int:
    count = _count(text)
    if count == 0:
        raise UnitError(f"{shown(text)}: there is at least one", "a whole number from 1 to 100,000")
    return count


def _cover(text: str) -> float:
    try:
        value = parse(text)
    except UnitError:
        value = None
    if value is None or value.unit != "number" or not 0 < value.value <= 100_000:
        allowed = "a plain number above 0, such as 30"
        raise UnitError(f"{shown(text)} is not a number of days of supply", allowed)
    return value.value


LINE = Scalar(_line, {"type": "string", "minLength": 1, "maxLength": 200})
COUNT = Scalar(_count, {"type": "integer", "minimum": 0, "maximum": 100_000})
BERTHS = Scalar(_one_or_more, {"type": "integer", "minimum": 1, "maximum": 100_000})
Line = Annotated[str, LINE]
LongText = Annotated[str, Scalar(_text, {"type": "string"})]
FileName = Annotated[str, Scalar(_name_of_file, {"type": "string", "minLength": 1})]
Date = Annotated[
    dt.date, Scalar(parse_date, {"type": "string", "format": "date", "examples": ["2023-09-01"]})
]
DaysOfSupply = Annotated[float, Scalar(_cover, {"type": "number", "exclusiveMinimum": 0, "maximum": 100_000})]


class RuleName(Scalar):
    """The name of a rule of rationing: one of `rules`, or one that the caller brings (rule 13).

    Parameters
    ----------
    *rules : str
        The rules that are there for every file; editors know these alone.
    """

    def __init__(self, *rules: str) -> None:
        super().__init__(_text, {"enum": list(rules)})
        self.rules = rules

    def read(self, node: Node, context: Context) -> object:
        """Return the name."""
        return word(*self.rules, *context.rules).read(node, context)


def word(*words: str) -> Scalar:
    """Return the annotation of a field that takes one of some words."""

    def read(text: str) -> str:
        if text not in words:
            raise UnitError(f"{shown(text)} is not known here", ", ".join(words), nearest(text, words))
        return text

    return Scalar(read, {"enum": list(words)})
