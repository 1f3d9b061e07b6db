"""Pydantic field annotations that parse nodes: numbers, text, dates, words."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import core_schema

from sim.errors import Fault, nearest
from sim.scenario.dimension import DAMAGE, DAMAGE_SHARE, DATE, DELIVERY, SHARE, Dimension
from sim.scenario.distributions import InvalidNumber
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.number_reader import NumberReader
from sim.scenario.quantity import QUANTITY_KEYS, Quantity
from sim.scenario.suggestions import join_names
from sim.scenario.validation_context import ValidationContext, to_pydantic_error
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode
from sim.units import CURRENCY_PATTERN, CURRENCY_SIGNS, Unit, UnitError, parse, parse_date, quote

MAX_LABEL_LENGTH = 80
MAX_PRIORITY = 999


class FieldType(ABC):
    """Abstract base of pydantic annotations that parse a node."""

    @abstractmethod
    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the validated value; raise `InvalidNumber`."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return a core schema that delegates validation to `read`."""
        return core_schema.with_info_plain_validator_function(self._read)

    def _read(self, node: Node, info: ValidationInfo[Any]) -> object:
        try:
            return self.read(node, info.context)
        except InvalidNumber as error:
            raise to_pydantic_error(*error.faults) from None


class NumberType(FieldType):
    """A number of one dimension, optionally a course over time or one number per munition.

    Parameters
    ----------
    dimension : Dimension
    course : {"", "course"}
        Whether it may be a course over time.
    by : {"", "munition", "each"}
        Whether it may differ by munition; the value is then a map. With several munitions, a single number
        applies to each for ``each``, and is rejected for ``munition`` unless in days of supply (rule 33).
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
        """Return the dimension of the number."""
        return self.dimension

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the `Quantity` or `Course`, or a frozen map of them by munition."""
        dimension = self.dimension.in_currency(context.currency)
        if dimension.has_dates:
            dimension = replace(dimension, events=context.events)
        reader = NumberReader(dimension, context)
        if self.by_munition:
            return FrozenDict(reader.read_by_munition(node, course=self.course, each=self.each))
        return reader.read_number(node, course=self.course)


class SharesType(NumberType):
    """Shares by munition; they sum to one."""

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
    """A share of the stock of a depot, or a number of shells."""

    def dimension_of(self, unit: Unit) -> Dimension:
        """Return the dimension of a damage in `unit`."""
        return SHARE if unit is Unit.SHARE else DAMAGE

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the `Quantity`, read as a share if possible."""
        try:
            return NumberReader(DAMAGE_SHARE, context).read_number(node)
        except InvalidNumber as error:
            try:
                return NumberReader(DAMAGE, context).read_number(node)
            except InvalidNumber:
                raise error from None


class DayType(NumberType):
    """A calendar day: a date, a distribution of dates, or a day that counts from an event (rule 35)."""

    def __init__(self) -> None:
        super().__init__(DATE)

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the date, or a `Quantity` if it is drawn or counts from an event."""
        try:
            if not isinstance(node, TextNode) or context.events.read(node.text) is not None:
                return super().read(node, context)
            return parse_date(node.text)
        except UnitError as error:
            fault = Fault(error.problem, node.where, node.path, error.allowed, error.nearest)
            raise InvalidNumber(fault) from None


class DaysType(DayType):
    """A list of calendar days."""

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the days, in the order of the file."""
        if not isinstance(node, ListNode) or not node:
            problem, allowed = "a list of dates is expected", "[2026-05-01, 2026-09-01]"
            raise InvalidNumber(Fault(problem, node.where, node.path, allowed))
        days: list[object] = []
        faults: list[Fault] = []
        for item in node:
            try:
                days.append(super().read(item, context))
            except InvalidNumber as error:
                faults += error.faults
        if faults:
            raise InvalidNumber(*faults)
        return tuple(days)


class DeliveriesType(FieldType):
    """Quantities by date."""

    def dimension_of(self, unit: Unit) -> Dimension:  # noqa: ARG002 - one signature for all
        """Return the dimension of the quantities."""
        return DELIVERY

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return a frozen map of date to quantity, in date order."""
        reader = NumberReader(DELIVERY, context)
        return FrozenDict(reader.read_by_date(node))


class ScalarType(FieldType):
    """A scalar parsed by a function that raises `UnitError`, with the JSON Schema of its text."""

    def __init__(self, reader: Callable[[str], object], schema: Mapping[str, Any]) -> None:
        self.reader = reader
        self.schema = schema

    def read(self, node: Node, context: ValidationContext) -> object:  # noqa: ARG002 - one signature for all
        """Return the parsed text."""
        if not isinstance(node, TextNode):
            raise InvalidNumber(self._no_value(node, self._allowed()))
        try:
            return self.reader(node.text)
        except UnitError as error:
            fault = Fault(error.problem, node.where, node.path, error.allowed, error.nearest)
            raise InvalidNumber(fault) from None

    def _allowed(self) -> str:
        """Return what the reader allows, as it says of no text."""
        try:
            self.reader("")
        except UnitError as error:
            return error.allowed
        return ""

    @staticmethod
    def _no_value(node: Node, allowed: str) -> Fault:
        return Fault("one value is expected, not a map or a list", node.where, node.path, allowed)


class _ComponentNameType(ScalarType):
    """Name of a component of the file of one kind; defaults to the only one."""

    def __init__(self, noun: str, names: Callable[[ValidationContext], Sequence[str]]) -> None:
        super().__init__(_read_line, {"type": "string"})
        self._noun, self._names = noun, names

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the name; `node` is the default, a str, if the key is left out."""
        known = self._names(context)
        allowed = join_names(known)
        if isinstance(node, str):
            if len(known) > 1:
                problem = f"this key is required with several {self._noun}s"
                raise InvalidNumber(Fault(problem, allowed=allowed))
            return known[0] if known else node
        if not isinstance(node, TextNode):
            raise InvalidNumber(self._no_value(node, allowed))
        name = str(super().read(node, context))
        if known and name not in known:
            problem = f"unknown {self._noun} {quote(name)}"
            near = context.suggester.nearest(name, known)
            raise InvalidNumber(Fault(problem, node.where, node.path, allowed, near))
        return name


class DepotNameType(_ComponentNameType):
    """Name of a depot of the file; defaults to the only depot."""

    def __init__(self) -> None:
        super().__init__("depot", lambda context: context.depots)


class MunitionNameType(_ComponentNameType):
    """Name of a munition of the file; defaults to the only munition."""

    def __init__(self) -> None:
        super().__init__("munition", lambda context: context.munitions)


def _read_text(text: str) -> str:
    return text.strip()


def _read_line(text: str) -> str:
    line = text.strip()
    if "\n" in line or "\r" in line or len(line) > 200 or not line:
        raise UnitError(f"{quote(text)} is not a line of text", "one line of 1 to 200 characters")
    return line


def _read_label(text: str) -> str:
    label = text.strip()
    if "\n" in label or "\r" in label or not 0 < len(label) <= MAX_LABEL_LENGTH:
        raise UnitError(
            f"{quote(text)} is not a short line of text", f"one line of 1 to {MAX_LABEL_LENGTH} characters"
        )
    return label


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


def _read_priority(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,2}", text.strip()):
        raise UnitError(
            f"{quote(text)} is not a priority", f"a whole number from 1, served first, to {MAX_PRIORITY}"
        )
    return int(text)


def _read_switch(text: str) -> bool:
    if text.strip() not in ("true", "false"):
        near = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(text.strip().lower(), "")
        near = near or nearest(text.strip().lower(), ("true", "false"))
        raise UnitError(f"{quote(text)} is neither true nor false", "true or false", near)
    return text.strip() == "true"


def _read_cover(text: str) -> float:
    try:
        value = parse(text)
    except UnitError:
        value = None
    if value is None or value.unit != "number" or not 0 < value.value <= 100_000:
        allowed = "a plain number above 0, such as 30"
        raise UnitError(f"{quote(text)} is not a number of days of supply", allowed)
    return value.value


def _read_currency(text: str) -> str:
    if not CURRENCY_PATTERN.fullmatch(text.strip()):
        near = CURRENCY_SIGNS.get(text.strip(), text.strip().upper())
        known = near if CURRENCY_PATTERN.fullmatch(near) else ""
        raise UnitError(f"{quote(text)} is not a currency", "three capital letters, such as EUR", known)
    return text.strip()


def _read_month(text: str) -> int:
    word = text.strip().lower()
    months = [calendar.month_name[month].lower() for month in range(1, 13)]
    if word in months:
        return months.index(word) + 1
    near = next((month for month in months if len(word) > 2 and month.startswith(word[:3])), "")
    if word.isdecimal() and 1 <= int(word) <= 12:
        near = months[int(word) - 1]
    raise UnitError(
        f"{quote(text)} is not a month", "the name of a month, such as October", near.capitalize()
    )


CURRENCY_TYPE = ScalarType(_read_currency, {"type": "string", "pattern": "^ *[A-Z]{3} *$"})
MONTH_TYPE = ScalarType(_read_month, {"enum": [calendar.month_name[month] for month in range(1, 13)]})
LABEL_TYPE = ScalarType(_read_label, {"type": "string", "minLength": 1, "maxLength": MAX_LABEL_LENGTH})
LINE_TYPE = ScalarType(_read_line, {"type": "string", "minLength": 1, "maxLength": 200})
COUNT_TYPE = ScalarType(_read_count, {"type": "integer", "minimum": 0, "maximum": 100_000})
BERTHS_TYPE = ScalarType(_read_positive_count, {"type": "integer", "minimum": 1, "maximum": 100_000})
PRIORITY_TYPE = ScalarType(_read_priority, {"type": "integer", "minimum": 1, "maximum": MAX_PRIORITY})
SWITCH_TYPE = ScalarType(_read_switch, {"type": "boolean"})
Label = Annotated[str, LABEL_TYPE]
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
    """Name of a rationing rule: built-in, in the JSON Schema too, or passed by the caller (rule 13)."""

    def __init__(self, *rules: str) -> None:
        super().__init__(_read_text, {"enum": list(rules)})
        self.rules = rules

    def read(self, node: Node, context: ValidationContext) -> object:
        """Return the name."""
        return one_of(*self.rules, *context.rules).read(node, context)


def one_of(*words: str) -> ScalarType:
    """Return the annotation of a field that accepts one of `words`."""

    def read(text: str) -> str:
        if text not in words:
            raise UnitError(f"{quote(text)} is not known here", ", ".join(words), nearest(text, words))
        return text

    return ScalarType(read, {"enum": list(words)})
