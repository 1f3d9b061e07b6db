"""The scales of a plot: numbers in human units, days as dates, names; and where their marks stand."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from sim.charts import scale
from sim.charts.text import Measure
from sim.formatting import NumberFormat

if TYPE_CHECKING:
    from sim.charts.scan import Variable

_MOST_MARKS = 9
_LONGEST_NAME = 24
#: Cells narrower than this part of an even share are drawn evenly, each under its value.
_NARROW = 0.2

Mark = tuple[float, str]


class Ruler(Protocol):
    """One scale."""

    @property
    def low(self) -> float:
        """Where it begins."""

    @property
    def high(self) -> float:
        """Where it ends."""

    @property
    def caption(self) -> str:
        """What it shows."""

    def marks(self, length: float, extent: Measure) -> list[Mark]:
        """Return as many marks as stand clear of each other on a length in points.

        `extent` is what a label takes along the scale, in points.
        """


@dataclass(frozen=True, slots=True)
class Numbers:
    """A scale of numbers, in base units."""

    low: float
    high: float
    caption: str
    human: NumberFormat = field(default_factory=NumberFormat)

    def marks(self, length: float, extent: Measure) -> list[Mark]:
        """See `Ruler`."""
        factor = self.human.factor
        low, high = self.low * factor, self.high * factor
        for most in range(_MOST_MARKS, 0, -1):
            values = scale.between(low, high, most)
            found = [
                (value / factor, text) for value, text in zip(values, self.human.marks(values), strict=True)
            ]
            if found and _clear(found, length / (self.high - self.low), extent):
                return found
        return []


@dataclass(frozen=True, slots=True)
class Days:
    """A scale of days from the start, marked with dates where the start is known; none beyond `last`.

    Whoever reads an `upright` one from the top meets the latest first: each of its marks has its year.
    """

    low: float
    high: float
    caption: str
    start: dt.date | None
    last: float = math.inf
    upright: bool = False

    def marks(self, length: float, extent: Measure) -> list[Mark]:
        """See `Ruler`."""
        if self.start is None:
            every = Numbers(self.low, self.high, self.caption).marks(length, extent)
            return [mark for mark in every if mark[0] <= self.last]
        first, last = (self.start + dt.timedelta(days=round(end)) for end in (self.low, self.high))
        found = scale.dates(first, max(last, first + dt.timedelta(days=1)), length, extent)
        if self.upright:
            found = [(day, text if str(day.year) in text else f"{text}\n{day.year}") for day, text in found]
        marks = [(float((day - self.start).days), text) for day, text in found]
        return [mark for mark in marks if mark[0] <= self.last]


@dataclass(frozen=True, slots=True)
class Names:
    """Things that have no order but their own, one step apart: the first at 0."""

    names: Sequence[str]
    caption: str

    @property
    def low(self) -> float:
        """Half a step before the first."""
        return -0.5

    @property
    def high(self) -> float:
        """Half a step behind the last."""
        return len(self.names) - 0.5

    def marks(self, length: float, extent: Measure) -> list[Mark]:
        """See `Ruler`."""
        every = list(enumerate(map(_cut, self.names)))
        for step in range(1, len(every) + 1):
            found = [(float(place), text) for place, text in every[::step]]
            if _clear(found, length / len(every), extent):
                break
        return found


def ruler_of(variable: Variable, *, cells: bool) -> tuple[Ruler, dict[float | str, float]]:
    """Return the scale of what varied, and where each of its values stands on it.

    Parameters
    ----------
    variable : Variable
    cells : bool
        Whether each value has a cell around it, which the scale then covers.
    """
    values = variable.values
    if not variable.numeric:
        return Names([str(value) for value in values], variable.caption), places(values)
    if len(values) == 1 or (cells and _crowded(values)):
        return Names([variable.human.text(value) for value in values], variable.caption), places(values)
    edges = cell_edges(values) if cells else values
    at = {value: value for value in values}
    return Numbers(edges[0], edges[-1], variable.caption, variable.human), at


def places(values: Sequence[float | str]) -> dict[float | str, float]:
    """Return the place of each value where they stand one step apart."""
    return {value: float(place) for place, value in enumerate(values)}


def cell_edges(values: Sequence[float]) -> list[float]:
    """Return the edges of the cells around some values: halfway between them."""
    if len(values) == 1:
        return [values[0] - 0.5, values[0] + 0.5]
    inner = [(a + b) / 2 for a, b in pairwise(values)]
    first = 2 * values[0] - inner[0]
    # Where nothing is below nought, no cell reaches there either.
    return [max(0.0, first) if values[0] > 0 else first, *inner, 2 * values[-1] - inner[-1]]


def _crowded(values: Sequence[float]) -> bool:
    even = (values[-1] - values[0]) / (len(values) - 1)
    return min(b - a for a, b in pairwise(values)) < _NARROW * even


def _clear(marks: Sequence[Mark], per_step: float, extent: Callable[[str], float]) -> bool:
    gap = 1.2 * extent("0")
    return all((extent(a) + extent(b)) / 2 + gap <= (y - x) * per_step for (x, a), (y, b) in pairwise(marks))


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"
