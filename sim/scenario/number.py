"""How the text of a number becomes a `Quantity`: scalars, distributions, sources, courses, munitions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Literal, TypeVar, cast

from sim.errors import Fault, nearest
from sim.scenario import distributions
from sim.scenario.dimension import Dimension
from sim.scenario.merging import QUANTITY_WORDS
from sim.scenario.nodes import Block, Items, Node, Text
from sim.scenario.plain import flow_text
from sim.scenario.quantity import Course, Number, Quantity
from sim.units import Amount, UnitError, parse_date

T = TypeVar("T")
BESIDE = frozenset({"source", "note"})


class Faulty(Exception):  # noqa: N818 - never leaves this room
    """Carries the faults of one number up to pydantic."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


@dataclass(frozen=True)
class Reader:
    """Reads the numbers of one field.

    Attributes
    ----------
    dimension : Dimension
    munitions, sources : collection of str or None
        Known names; sources None where any is taken.
    """

    dimension: Dimension
    munitions: Collection[str]
    sources: Collection[str] | None

    def number(self, node: Node, *, course: bool = False) -> Number:
        """Read one number; raises `Faulty`."""
        if isinstance(node, Text):
            amount = self._amount(node)
            return Quantity(amount.value, amount.unit, path=node.path, written=node.text.strip(), where=node.where)
        if isinstance(node, Items):
            raise Faulty(Fault(f"a list is not {self.dimension.name}", node.where, node.path, self.dimension.allowed))
        if "value" in node:
            return self._cited(node, course=course)
        if "by_date" in node:
            return self._course(node, course=course)
        return self._drawn(node)

    def by_munition(self, node: Node, *, course: bool = False) -> dict[str, Number]:
        """Read a number for each munition; one alone stands for the only munition. Raises `Faulty`."""
        if not isinstance(node, Block) or QUANTITY_WORDS & node.keys():
            number = self.number(node, course=course)
            return dict.fromkeys(self.munitions, number)
        faults: list[Fault] = []
        numbers: dict[str, Number] = {}
        for name, child, where in node.entries():
            if name not in self.munitions:
                words = [*self.munitions, *sorted(QUANTITY_WORDS)]
                allowed = f"a munition ({', '.join(self.munitions)}) or a quantity"
                faults.append(
                    Fault(f"unknown key {name[:80]!r}", where, f"{node.path}.{name}", allowed, nearest(name, words))
                )
                continue
            _collect(faults, lambda name=name, child=child: numbers.update({name: self.number(child, course=course)}))
        if not node:
            faults.append(Fault(f"{self.dimension.name} is missing", node.where, node.path, self.dimension.allowed))
        if faults:
            raise Faulty(*faults)
        return numbers

    def _amount(self, node: Text) -> Amount:
        try:
            return self.dimension.read(node.text)
        except UnitError as error:
            raise Faulty(Fault(error.problem, node.where, node.path, error.allowed)) from None

    def _cited(self, node: Block, *, course: bool) -> Number:
        extra = [key for key in node if key not in {"value", *BESIDE}]
        if extra:
            key = extra[0]
            near = nearest(key, ["value", *BESIDE])
            problem = f"{key[:80]!r} does not go beside value"
            raise Faulty(Fault(problem, node.keys_at[key], f"{node.path}.{key}", "value, source, note", near))
        return self._beside(node, self.number(node["value"], course=course))

    def _beside(self, node: Block, number: Number) -> Number:
        sources = tuple(dict.fromkeys(number.sources + self._sources(node)))
        note = node.get("note")
        if note is not None and not isinstance(note, Text):
            raise Faulty(Fault("a note is text", note.where, f"{node.path}.note", "text"))
        return replace(number, sources=sources, note=number.note or (note.text if note else ""))

    def _sources(self, node: Block) -> tuple[str, ...]:
        given = node.get("source")
        if given is None:
            return ()
        listed = list(given) if isinstance(given, Items) else [given]
        faults = [fault for item in listed if (fault := self._unknown_source(item, f"{node.path}.source"))]
        if faults or not listed:
            raise Faulty(*(faults or [Fault("no source is given", given.where, f"{node.path}.source", "an id")]))
        return tuple(item.text for item in listed if isinstance(item, Text))

    def _unknown_source(self, item: Node, path: str) -> Fault | None:
        allowed = "ids of the evidence table; `sim evidence WORDS` finds them"
        if not isinstance(item, Text):
            return Fault("a source is an id, or a list of ids", item.where, path, allowed)
        if self.sources is None or item.text in self.sources:
            return None
        return Fault(f"unknown source {item.text[:80]!r}", item.where, path, allowed, nearest(item.text, self.sources))

    def _drawn(self, node: Block) -> Quantity:
        faults: list[Fault] = []
        quantity = _collect(faults, lambda: self._distribution(node))
        beside = _collect(faults, lambda: self._sources(node))
        if quantity is None or beside is None:
            raise Faulty(*faults)
        return cast("Quantity", self._beside(node, quantity))

    def _distribution(self, node: Block) -> Quantity:
        keys = [key for key in node if key not in BESIDE]
        shape = distributions.shape_of(keys)
        if shape is None:
            raise Faulty(*_no_shape(node, keys, self.dimension))
        try:
            law, unit = distributions.law_of(shape, node, self.dimension)
        except distributions.LawProblem as error:
            raise Faulty(*error.faults) from None
        written = flow_text({key: node[key] for key in keys})
        return Quantity(law.median(), unit, law, node.path, written, node.where)

    def _course(self, node: Block, *, course: bool) -> Course:
        if not course:
            problem = f"{self.dimension.name} does not change over time here"
            raise Faulty(Fault(problem, node.keys_at["by_date"], node.path, "a number or a distribution"))
        faults = [
            Fault(f"unknown key {key[:80]!r}", node.keys_at[key], f"{node.path}.{key}", "by_date, between, source, note")
            for key in node
            if key not in {"by_date", "between", *BESIDE}
        ]
        between = _collect(faults, lambda: _between(node))
        points = _collect(faults, lambda: self._points(node["by_date"]))
        if faults or between is None or points is None:
            raise Faulty(*faults)
        return cast("Course", self._beside(node, Course(points, between, node.path, node.where)))

    def _points(self, node: Node) -> tuple[tuple[dt.date, Quantity], ...]:
        if not isinstance(node, Block) or not node:
            raise Faulty(Fault("by_date is not a map of dates", node.where, node.path, "{2024-01-01: value, ...}"))
        faults: list[Fault] = []
        points: dict[dt.date, Quantity] = {}
        for key, child, where in node.entries():
            try:
                date = parse_date(key)
            except UnitError as error:
                faults.append(Fault(error.problem, where, f"{node.path}.{key}", error.allowed))
                continue
            number = _collect(faults, lambda child=child: self.number(child))
            if number is not None:
                points[date] = cast("Quantity", number)
        if faults:
            raise Faulty(*faults)
        if len({number.unit for number in points.values()}) > 1:
            raise Faulty(Fault("the values of a course differ in unit", node.where, node.path, "one unit"))
        return tuple(sorted(points.items()))


def _between(node: Block) -> Literal["step", "linear"]:
    given = node.get("between")
    if given is None:
        return "step"
    if isinstance(given, Text) and given.text in {"step", "linear"}:
        return cast("Literal['step', 'linear']", given.text)
    word = given.text if isinstance(given, Text) else "that"
    near = nearest(word, ["step", "linear"])
    raise Faulty(Fault(f"{word[:80]!r} is no way between values", given.where, f"{node.path}.between", "step, linear", near))


def _no_shape(node: Block, keys: list[str], dimension: Dimension) -> list[Fault]:
    known = sorted(QUANTITY_WORDS - {"value", "by_date", "between"})
    allowed = f"{dimension.allowed}; or {distributions.SHAPES_TEXT}"
    unknown = [key for key in keys if key not in QUANTITY_WORDS]
    if unknown:
        return [
            Fault(f"unknown key {key[:80]!r}", node.keys_at[key], f"{node.path}.{key}", allowed, nearest(key, known))
            for key in unknown
        ]
    given = ", ".join(keys) or "nothing"
    return [Fault(f"{given} make no number and no distribution", node.where, node.path, allowed)]


def _collect(faults: list[Fault], read: Callable[[], T]) -> T | None:
    try:
        return read()
    except Faulty as error:
        faults.extend(error.faults)
        return None
