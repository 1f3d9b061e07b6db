"""Parser of numbers to `Quantity`: scalars, distributions, sources, courses, maps by munition."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Literal, NamedTuple, TypeVar

from sim.errors import Fault, Where, nearest
from sim.scenario import distributions
from sim.scenario.amount_text import suggest_amount
from sim.scenario.citation import Source
from sim.scenario.dimension import Dimension
from sim.scenario.distributions import InvalidNumber
from sim.scenario.key_hints import suggest_course, suggest_map
from sim.scenario.plain_data import node_as_flow
from sim.scenario.quantity import QUANTITY_KEYS, UNKNOWN, Course, Day, Number, Quantity, unit_of
from sim.scenario.relative_dates import DatedEvents
from sim.scenario.source_reader import read_sources
from sim.scenario.validation_context import ValidationContext
from sim.scenario.yaml_nodes import ListNode, MapNode, Node, TextNode, join_path
from sim.units import UNITS_OF_MASS, Amount, Unit, UnitError, parse_date, quote

T = TypeVar("T")
ANNOTATION_KEYS = frozenset({"source", "note"})
#: Common names of distribution parameters that are too different for a spelling suggestion.
COMMON_MISTAKES = {
    "min": "low",
    "max": "high",
    "minimum": "low",
    "maximum": "high",
    "average": "mean",
    "std": "sd",
}


class NumberReader(NamedTuple):
    """Parser of the numbers of one field."""

    dimension: Dimension
    context: ValidationContext

    def read_number(self, node: Node, *, course: bool = False) -> Number:
        """Read one number; raise `InvalidNumber`."""
        if isinstance(node, TextNode):
            written = node.text.strip()
            if self.dimension.has_unknown and written == UNKNOWN:
                return Quantity(
                    math.nan, Unit.SHELLS, path=node.path, written=written, where=node.where, is_unknown=True
                )
            amount = self._read_amount(node)
            return Quantity(
                amount.value,
                amount.unit,
                path=node.path,
                written=written,
                where=node.where,
                after=amount.after,
            )
        if isinstance(node, ListNode):
            problem = f"a list is not {self.dimension.name}"
            near = suggest_map(node, self.dimension, is_course=course)
            raise InvalidNumber(Fault(problem, node.where, node.path, self.dimension.allowed, near))
        if "value" in node:
            return self._read_cited(node, course=course)
        if "by_date" in node:
            return self._read_course(node, course=course)
        self._check_dates(node, course=course)
        return self._read_drawn(node)

    def read_by_munition(self, node: Node, *, course: bool = False, each: bool) -> dict[str, Number]:
        """Read numbers by munition; a single number is for the only munition, or for all if `each`."""
        munitions = self.context.munitions
        if not isinstance(node, MapNode) or QUANTITY_KEYS & node.keys():
            alone = self._read_of_munition(node, *munitions, course=course)
            if len(munitions) > 1 and not each and unit_of(alone) is not Unit.DAYS:
                problem = f"{self.dimension.name} of several munitions is said for each"
                raise InvalidNumber(Fault(problem, node.where, node.path, f"{{{munitions[0]}: ..., ...}}"))
            return dict.fromkeys(munitions, alone)
        if not node:
            problem = f"{self.dimension.name} is missing"
            raise InvalidNumber(Fault(problem, node.where, node.path, self.dimension.allowed))
        if not munitions or not node.keys() & set(munitions):
            self._check_dates(node, course=course)
        faults: list[Fault] = []
        numbers: dict[str, Number] = {}
        for name, child in node.items():
            if name in munitions or not munitions:
                number = try_read(faults, partial(self._read_of_munition, child, name, course=course))
                if number is not None:
                    numbers[name] = number
        allowed = f"a munition ({', '.join(munitions)}) or a quantity"
        if munitions:
            faults.extend(self._unknown_key_fault(node, munitions, allowed, [*munitions, *QUANTITY_KEYS]))
        if faults:
            raise InvalidNumber(*faults)
        return numbers

    def _check_dates(self, node: MapNode, *, course: bool) -> None:
        """Raise `InvalidNumber` if a map has the values of a course without the key ``by_date``."""
        near = suggest_course(node) if course else ""
        if near:
            problem = f"the dates of {self.dimension.name} stand under by_date"
            raise InvalidNumber(
                Fault(problem, node.where, node.path, "{by_date: {2024-01-01: value, ...}}", near)
            )

    def _read_of_munition(self, node: Node, *munitions: str, course: bool) -> Number:
        number = self.read_number(node, course=course)
        if len(munitions) == 1:
            faults = tuple(missing_mass_faults(number, munitions, self.context))
            if faults:
                raise InvalidNumber(*faults)
        return number

    def read_by_date(self, node: Node) -> dict[Day, Quantity]:
        """Read quantities by date; raise `InvalidNumber`."""
        return dict(self._read_points(node, "this"))

    def _read_amount(self, node: TextNode) -> Amount:
        try:
            return self.dimension.read(node.text)
        except UnitError as error:
            near = suggest_amount(node.text, self.dimension) or error.nearest
            if not near and self.dimension.has_unknown:
                near = nearest(node.text.strip().lower(), [UNKNOWN])
            fault = Fault(error.problem, node.where, node.path, error.allowed, near)
            raise InvalidNumber(fault) from None

    def _read_cited(self, node: MapNode, *, course: bool) -> Number:
        faults = list(self._unknown_key_fault(node, {"value", *ANNOTATION_KEYS}, "value, source, note"))
        number = try_read(faults, partial(self.read_number, node["value"], course=course))
        return self._add_source(node, number, faults)

    def _read_drawn(self, node: MapNode) -> Number:
        faults: list[Fault] = []
        quantity = try_read(faults, partial(self._read_distribution, node))
        return self._add_source(node, quantity, faults)

    def _add_source(self, node: MapNode, number: Number | None, faults: list[Fault]) -> Number:
        sources = try_read(faults, partial(self._read_sources, node))
        note = try_read(faults, partial(_read_note, node))
        if faults or number is None:
            raise InvalidNumber(*faults)
        cited = tuple(dict.fromkeys(number.sources + (sources or ())))
        return replace(number, sources=cited, note=number.note or note or "")

    def _read_sources(self, node: MapNode) -> tuple[Source, ...]:
        sources, faults = read_sources(node, self.context)
        if faults:
            raise InvalidNumber(*faults)
        return sources

    def _read_distribution(self, node: MapNode) -> Quantity:
        keys = [key for key in node if key not in ANNOTATION_KEYS]
        shape = distributions.parameter_set(keys)
        if shape is None:
            raise InvalidNumber(*self._no_distribution_fault(node, keys))
        law, unit, after = distributions.make_law(shape, node, self.dimension)
        written = node_as_flow({key: node[key] for key in keys})
        return Quantity(law.median(), unit, law, node.path, written, node.where, after=after)

    def _read_course(self, node: MapNode, *, course: bool) -> Number:
        if not course:
            problem = f"{self.dimension.name} does not change over time here"
            raise InvalidNumber(
                Fault(problem, node.keys_at["by_date"], node.path, "a number or a distribution")
            )
        known = {"by_date", "between", *ANNOTATION_KEYS}
        faults = list(self._unknown_key_fault(node, known, "by_date, between, source, note"))
        between = try_read(faults, partial(_read_interpolation, node))
        points = try_read(faults, partial(self._read_points, node["by_date"], "by_date"))
        whole = Course(points, between, node.path, node.where) if points and between else None
        return self._add_source(node, whole, faults)

    def _read_points(self, node: Node, what: str) -> tuple[tuple[Day, Quantity], ...]:
        if not isinstance(node, MapNode) or not node:
            problem, allowed = f"{what} is not a map of dates", "{2024-01-01: value, ...}"
            raise InvalidNumber(Fault(problem, node.where, node.path, allowed))
        faults: list[Fault] = []
        points: list[tuple[Day, Quantity]] = []
        known: set[tuple[float, str]] = set()
        for key, child, where in node.entries():
            path = join_path(node.path, key)
            date = try_read(faults, partial(_read_day, key, where, path, self.context.events))
            number = try_read(faults, partial(self.read_number, child))
            if date is not None and (place := _place_in_time(date)) in known:
                text = key.strip()
                faults.append(Fault(f"the date {text} stands here twice", where, node.path, "each date once"))
            elif date is not None and isinstance(number, Quantity):
                known.add(place)
                points.append((date, number))
        if not faults and len({number.unit for _, number in points}) > 1:
            problem = "the values of a course differ in unit"
            faults.append(Fault(problem, node.where, node.path, "one unit", is_conflict=True))
        if faults:
            raise InvalidNumber(*faults)
        is_fixed = all(not isinstance(date, Quantity) for date, _ in points)
        return tuple(sorted(points, key=lambda point: _place_in_time(point[0])) if is_fixed else points)

    def _no_distribution_fault(self, node: MapNode, keys: list[str]) -> list[Fault]:
        allowed = f"{self.dimension.allowed}; or {distributions.PARAMETER_SETS_TEXT}"
        if node and node.keys() <= set(self.context.munitions):
            problem = f"{self.dimension.name} is not given by munition here: it is one number for all"
            return [Fault(problem, node.where, node.path, self.dimension.allowed)]
        unknown = list(self._unknown_key_fault(node, QUANTITY_KEYS, allowed))
        key_text = ", ".join(keys) or "nothing"
        problem = f"{key_text} make no number and no distribution"
        return unknown or [Fault(problem, node.where, node.path, allowed)]

    def _unknown_key_fault(
        self, node: MapNode, known: Collection[str], allowed: str, near: Collection[str] | None = None
    ) -> Iterator[Fault]:
        for key, _, where in node.entries():
            if key not in known:
                words = near or known
                close = (
                    COMMON_MISTAKES[key]
                    if COMMON_MISTAKES.get(key) in words
                    else self.context.suggester.nearest(key, words)
                )
                yield Fault(f"unknown key {quote(key)}", where, join_path(node.path, key), allowed, close)


def missing_mass_faults(
    number: Number, munitions: Iterable[str], context: ValidationContext
) -> Iterator[Fault]:
    """Yield a fault for each munition without a mass if the number is in tonnes."""
    for munition in munitions if unit_of(number) in UNITS_OF_MASS else ():
        if munition not in context.munitions_with_mass:
            problem = f"tonnes of {munition} need its gross_mass"
            allowed = f"shells, or munitions.{munition}.gross_mass"
            yield Fault(problem, number.where, number.path, allowed, is_conflict=True)


def until_faults(
    first: Quantity | None, until: Quantity | None, context: ValidationContext
) -> Iterator[Fault]:
    """Yield a fault if `until` cannot be after `first`; dates of different events come in any order."""
    after = "" if first is None else first.after
    if until is None or until.unit is not Unit.DATE or until.after != after:
        return
    begins = 0.0 if first is None else first.bounds()[0]
    if first is None or (first.unit is not Unit.DATE and not after):
        begins += 0.0 if context.start is None else context.start
    if begins >= until.bounds()[1]:
        yield Fault("until is not after first", until.where, until.path, "a later date, or a duration")


def _read_day(key: str, where: Where, path: str, events: DatedEvents) -> Day:
    try:
        relative = events.read(key)
        if relative is None:
            return parse_date(key)
    except UnitError as error:
        raise InvalidNumber(Fault(error.problem, where, path, error.allowed, error.nearest)) from None
    if "." in key:
        problem = f"{quote(key)} is a key, and a key has no point"
        raise InvalidNumber(Fault(problem, where, path, "whole numbers, such as war + 18 months"))
    # Without a path: that of the key is the path of its value.
    return Quantity(relative.value, relative.unit, written=key.strip(), where=where, after=relative.after)


def _place_in_time(day: Day) -> tuple[float, str]:
    return (day.value, day.after) if isinstance(day, Quantity) else (float(day.toordinal()), "")


def _read_note(node: MapNode) -> str:
    note = node.get("note")
    if note is not None and not isinstance(note, TextNode):
        raise InvalidNumber(Fault("a note is text", note.where, join_path(node.path, "note"), "text"))
    return note.text if note is not None else ""


def _read_interpolation(node: MapNode) -> Literal["step", "linear"]:
    entry = node.get("between")
    if entry is None:
        return "step"
    if isinstance(entry, TextNode) and entry.text == "step":
        return "step"
    if isinstance(entry, TextNode) and entry.text == "linear":
        return "linear"
    text = entry.text if isinstance(entry, TextNode) else "that"
    near = nearest(text, ["step", "linear"])
    path = join_path(node.path, "between")
    raise InvalidNumber(
        Fault(f"{quote(text)} is no way between values", entry.where, path, "step, linear", near)
    )


def try_read(faults: list[Fault], read: Callable[[], T]) -> T | None:
    """Return ``read()``; if it raises `InvalidNumber`, append its faults and return None."""
    try:
        return read()
    except InvalidNumber as error:
        faults.extend(error.faults)
        return None
