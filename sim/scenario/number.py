"""How the text of a number becomes a `Quantity`: scalars, distributions, sources, courses, munitions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Literal, NamedTuple, TypeVar

from sim.errors import Fault, Where, nearest
from sim.scenario import distributions
from sim.scenario.context import Context
from sim.scenario.dimension import Dimension
from sim.scenario.nodes import Block, Items, Node, Text, joined
from sim.scenario.plain import flow_text
from sim.scenario.quantity import QUANTITY_WORDS, Course, Number, Quantity, unit_of
from sim.units import Amount, Unit, UnitError, parse_date, shown

T = TypeVar("T")
TONNES = (Unit.KILOGRAMS, Unit.KILOGRAMS_A_DAY)
BESIDE = frozenset({"source", "note"})
#: What people call the numbers of a distribution, where the spelling is too far from ours to be seen as near.
MEANT = {"min": "low", "max": "high", "minimum": "low", "maximum": "high", "average": "mean", "std": "sd"}


class Faulty(Exception):  # noqa: N818 - never leaves this room
    """Carries the faults of one number up to pydantic."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__()
        self.faults = faults


class Reader(NamedTuple):
    """Reads the numbers of one field.

    Attributes
    ----------
    dimension : Dimension
    context : Context
    """

    dimension: Dimension
    context: Context

    def number(self, node: Node, *, course: bool = False) -> Number:
        """Read one number; raises `Faulty`."""
        if isinstance(node, Text):
            amount = self._amount(node)
            written = node.text.strip()
            return Quantity(amount.value, amount.unit, path=node.path, written=written, where=node.where)
        if isinstance(node, Items):
            problem = f"a list is not {self.dimension.name}"
            raise Faulty(Fault(problem, node.where, node.path, self.dimension.allowed))
        if "value" in node:
            return self._cited(node, course=course)
        if "by_date" in node:
            return self._course(node, course=course)
        return self._drawn(node)

    def by_munition(self, node: Node, *, course: bool = False, each: bool) -> dict[str, Number]:
        """Read a number for each munition; one alone is that of the only one, or of `each`."""
        munitions = self.context.munitions
        if not isinstance(node, Block) or QUANTITY_WORDS & node.keys():
            alone = self._of_munition(node, *munitions, course=course)
            if len(munitions) > 1 and not each and unit_of(alone) is not Unit.DAYS:
                problem = f"{self.dimension.name} of several munitions is said for each"
                raise Faulty(Fault(problem, node.where, node.path, f"{{{munitions[0]}: ..., ...}}"))
            return dict.fromkeys(munitions, alone)
        if not node:
            problem = f"{self.dimension.name} is missing"
            raise Faulty(Fault(problem, node.where, node.path, self.dimension.allowed))
        faults: list[Fault] = []
        numbers: dict[str, Number] = {}
        for name, child in node.items():
            if name in munitions or not munitions:
                number = _collect(faults, partial(self._of_munition, child, name, course=course))
                if number is not None:
                    numbers[name] = number
        allowed = f"a munition ({', '.join(munitions)}) or a quantity"
        if munitions:
            faults.extend(self._unknown(node, munitions, allowed, [*munitions, *QUANTITY_WORDS]))
        if faults:
            raise Faulty(*faults)
        return numbers

    def _of_munition(self, node: Node, *munitions: str, course: bool) -> Number:
        number = self.number(node, course=course)
        if len(munitions) == 1:
            faults = tuple(massless(number, munitions, self.context))
            if faults:
                raise Faulty(*faults)
        return number

    def by_date(self, node: Node) -> dict[dt.date, Quantity]:
        """Read a quantity for each of some dates; raises `Faulty`."""
        return dict(self._points(node, "this"))

    def _amount(self, node: Text) -> Amount:
        try:
            return self.dimension.read(node.text)
        except UnitError as error:
            fault = Fault(error.problem, node.where, node.path, error.allowed, error.nearest)
            raise Faulty(fault) from None

    def _cited(self, node: Block, *, course: bool) -> Number:
        faults = list(self._unknown(node, {"value", *BESIDE}, "value, source, note"))
        number = _collect(faults, partial(self.number, node["value"], course=course))
        return self._with_source(node, number, faults)

    def _drawn(self, node: Block) -> Number:
        faults: list[Fault] = []
        quantity = _collect(faults, partial(self._distribution, node))
        return self._with_source(node, quantity, faults)

    def _with_source(self, node: Block, number: Number | None, faults: list[Fault]) -> Number:
        sources = _collect(faults, partial(self._sources, node))
        note = _collect(faults, partial(_note, node))
        if faults or number is None:
            raise Faulty(*faults)
        cited = tuple(dict.fromkeys(number.sources + (sources or ())))
        return replace(number, sources=cited, note=number.note or note or "")

    def _sources(self, node: Block) -> tuple[str, ...]:
        given = node.get("source")
        if given is None:
            return ()
        listed = list(given) if isinstance(given, Items) else [given]
        path = joined(node.path, "source")
        faults = [fault for item in listed if (fault := self._unknown_source(item, path))]
        if not listed:
            faults.append(Fault("no source is given", given.where, path, "an id"))
        if faults:
            raise Faulty(*faults)
        return tuple(item.text for item in listed if isinstance(item, Text))

    def _unknown_source(self, item: Node, path: str) -> Fault | None:
        allowed = "ids of the evidence table; `sim evidence WORDS` finds them"
        if not isinstance(item, Text) or not item.text:
            return Fault("a source is an id, or a list of ids", item.where, path, allowed)
        known = self.context.sources
        if known is None or item.text in known:
            return None
        near = self.context.speller.nearest(item.text, known)
        return Fault(f"unknown source {shown(item.text)}", item.where, path, allowed, near)

    def _distribution(self, node: Block) -> Quantity:
        keys = [key for key in node if key not in BESIDE]
        shape = distributions.shape_of(keys)
        if shape is None:
            raise Faulty(*self._no_shape(node, keys))
        try:
            law, unit = distributions.law_of(shape, node, self.dimension)
        except distributions.LawProblem as error:
            raise Faulty(*error.faults) from None
        written = flow_text({key: node[key] for key in keys})
        return Quantity(law.median(), unit, law, node.path, written, node.where)

    def _course(self, node: Block, *, course: bool) -> Number:
        if not course:
            problem = f"{self.dimension.name} does not change over time here"
            raise Faulty(Fault(problem, node.keys_at["by_date"], node.path, "a number or a distribution"))
        known = {"by_date", "between", *BESIDE}
        faults = list(self._unknown(node, known, "by_date, between, source, note"))
        between = _collect(faults, partial(_between, node))
        points = _collect(faults, partial(self._points, node["by_date"], "by_date"))
        whole = Course(points, between, node.path, node.where) if points and between else None
        return self._with_source(node, whole, faults)

    def _points(self, node: Node, what: str) -> tuple[tuple[dt.date, Quantity], ...]:
        if not isinstance(node, Block) or not node:
            problem, allowed = f"{what} is not a map of dates", "{2024-01-01: value, ...}"
            raise Faulty(Fault(problem, node.where, node.path, allowed))
        faults: list[Fault] = []
        points: dict[dt.date, Quantity] = {}
        for key, child, where in node.entries():
            date = _collect(faults, partial(_date, key, where, joined(node.path, key)))
            number = _collect(faults, partial(self.number, child))
            if date in points:
                faults.append(Fault(f"the date {date} stands here twice", where, node.path, "each date once"))
            elif date is not None and isinstance(number, Quantity):
                points[date] = number
        if not faults and len({number.unit for number in points.values()}) > 1:
            problem = "the values of a course differ in unit"
            faults.append(Fault(problem, node.where, node.path, "one unit", is_conflict=True))
        if faults:
            raise Faulty(*faults)
        return tuple(sorted(points.items()))

    def _no_shape(self, node: Block, keys: list[str]) -> list[Fault]:
        allowed = f"{self.dimension.allowed}; or {distributions.SHAPES_TEXT}"
        if node and node.keys() <= set(self.context.munitions):
            problem = f"{self.dimension.name} is not given by munition here: it is one number for all"
            return [Fault(problem, node.where, node.path, self.dimension.allowed)]
        unknown = list(self._unknown(node, QUANTITY_WORDS, allowed))
        given = ", ".join(keys) or "nothing"
        problem = f"{given} make no number and no distribution"
        return unknown or [Fault(problem, node.where, node.path, allowed)]

    def _unknown(
        self, node: Block, known: Collection[str], allowed: str, near: Collection[str] | None = None
    ) -> Iterator[Fault]:
        for key, _, where in node.entries():
            if key not in known:
                words = near or known
                close = MEANT[key] if MEANT.get(key) in words else self.context.speller.nearest(key, words)
                yield Fault(f"unknown key {shown(key)}", where, joined(node.path, key), allowed, close)


def massless(number: Number, munitions: Iterable[str], context: Context) -> Iterator[Fault]:
    """Yield what is wrong with a number of some munitions: it is in tonnes, and they have no mass."""
    for munition in munitions if unit_of(number) in TONNES else ():
        if munition not in context.weighed:
            problem = f"tonnes of {munition} need its gross_mass"
            allowed = f"shells, or munitions.{munition}.gross_mass"
            yield Fault(problem, number.where, number.path, allowed, is_conflict=True)


def _date(key: str, where: Where, path: str) -> dt.date:
    try:
        return parse_date(key)
    except UnitError as error:
        raise Faulty(Fault(error.problem, where, path, error.allowed)) from None


def _note(node: Block) -> str:
    note = node.get("note")
    if note is not None and not isinstance(note, Text):
        raise Faulty(Fault("a note is text", note.where, joined(node.path, "note"), "text"))
    return note.text if note is not None else ""


def _between(node: Block) -> Literal["step", "linear"]:
    given = node.get("between")
    if given is None:
        return "step"
    if isinstance(given, Text) and given.text == "step":
        return "step"
    if isinstance(given, Text) and given.text == "linear":
        return "linear"
    text = given.text if isinstance(given, Text) else "that"
    near = nearest(text, ["step", "linear"])
    path = joined(node.path, "between")
    raise Faulty(Fault(f"{shown(text)} is no way between values", given.where, path, "step, linear", near))


def _collect(faults: list[Fault], read: Callable[[], T]) -> T | None:
    """Return what `read` gives; where it fails, gather what is wrong and return None."""
    try:
        return read()
    except Faulty as error:
        faults.extend(error.faults)
        return None
