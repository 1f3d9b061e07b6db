"""Axes of a plot, with their ticks: numbers in display units, days as dates, and names."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from sim.charts import ticks
from sim.charts.text_layout import TextWidth
from sim.formatting import NumberFormat, plain_number
from sim.names import shorten_names

if TYPE_CHECKING:
    from sim.findings.sweep_figures import VariedPath

_MAX_TICKS = 9
_MAX_NAME_LENGTH = 24
#: If a cell is narrower than this part of the mean width, all cells are drawn equally wide.
_MIN_SPACING = 0.2

Tick = tuple[float, str]


@dataclass(frozen=True, slots=True)
class NumberAxis:
    """Axis of numbers, in base units."""

    low: float
    high: float
    caption: str
    number_format: NumberFormat = field(default_factory=NumberFormat)

    def ticks(self, length: float, extent: TextWidth) -> list[Tick]:
        """Return as many ticks as fit without overlap on an axis of `length` points.

        `extent` returns the size of a label along the axis, in points.
        """
        factor = self.number_format.factor
        low, high = self.low * factor, self.high * factor
        for most in range(_MAX_TICKS, 0, -1):
            values = ticks.ticks_between(low, high, most)
            found = [
                (value / factor, text)
                for value, text in zip(values, self.number_format.marks(values), strict=True)
            ]
            if found and _is_clear(found, length / (self.high - self.low), extent):
                return found
        return []


@dataclass(frozen=True, slots=True)
class DayAxis:
    """Axis of days from the start, with dates as ticks if the start is known, and no ticks beyond `last`.

    Every tick of a vertical axis shows its year, because such an axis is read from the latest date down.
    """

    low: float
    high: float
    caption: str
    start: dt.date | None
    last: float = math.inf
    is_vertical: bool = False

    def ticks(self, length: float, extent: TextWidth) -> list[Tick]:
        """See `NumberAxis.ticks`."""
        if self.start is None:
            every = NumberAxis(self.low, self.high, self.caption).ticks(length, extent)
            return [mark for mark in every if mark[0] <= self.last]
        first, last = (self.start + dt.timedelta(days=round(end)) for end in (self.low, self.high))
        found = ticks.date_ticks(first, max(last, first + dt.timedelta(days=1)), length, extent)
        if self.is_vertical:
            found = [(day, text if str(day.year) in text else f"{text}\n{day.year}") for day, text in found]
        marks = [(float((day - self.start).days), text) for day, text in found]
        return [mark for mark in marks if mark[0] <= self.last]


@dataclass(frozen=True, slots=True)
class NameAxis:
    """Axis of categories, one step apart, the first at 0."""

    names: Sequence[str]
    caption: str

    @property
    def low(self) -> float:
        """Half a step before the first name."""
        return -0.5

    @property
    def high(self) -> float:
        """Half a step after the last name."""
        return len(self.names) - 0.5

    def ticks(self, length: float, extent: TextWidth) -> list[Tick]:
        """See `NumberAxis.ticks`."""
        short = shorten_names(self.names, _MAX_NAME_LENGTH)
        every = list(enumerate(short[name] for name in self.names))
        for step in range(1, len(every) + 1):
            found = [(float(place), text) for place, text in every[::step]]
            if _is_clear(found, length / len(every), extent):
                break
        return found


@dataclass(frozen=True, slots=True)
class FactorAxis:
    """Axis of factors: positions are logarithms to base 10, and 0 is a factor of one."""

    low: float
    high: float
    caption: str

    def ticks(self, length: float, extent: TextWidth) -> list[Tick]:
        """See `NumberAxis.ticks`."""
        first, last = math.floor(self.low), math.ceil(self.high)
        thinned: list[tuple[tuple[int, ...], int]] = [(steps, 1) for steps in ((1, 2, 5), (1, 5), (1,))]
        thinned += [((1,), apart) for apart in range(2, last - first + 2)]
        for steps, apart in thinned:
            decades = range(first - first % -apart, last + 1, apart)
            every = [step * 10.0**decade for decade in decades for step in steps]
            found = [
                (math.log10(value), _factor_text(value))
                for value in every
                if self.low <= math.log10(value) <= self.high
            ]
            if _is_clear(found, length / (self.high - self.low), extent):
                break
        return found


PlotAxis: TypeAlias = NumberAxis | DayAxis | NameAxis | FactorAxis


def _factor_text(value: float) -> str:
    """Return a factor as text: ``1/5``, ``20``."""
    return plain_number(value) if value >= 1.0 else f"1/{plain_number(1.0 / value)}"


def make_axis(variable: VariedPath, *, cells: bool) -> tuple[PlotAxis, dict[float | str, float]]:
    """Return the axis of a varied path, with or without cells around the values, and their positions."""
    values = variable.values
    if not variable.is_numeric or len(values) == 1 or (cells and _is_crowded(values)):
        text = variable.number_format.text if variable.is_numeric else str
        names = [text(value) for value in values]
        return NameAxis(names, variable.caption), {value: float(place) for place, value in enumerate(values)}
    edges = cell_edges(values) if cells else values
    axis = NumberAxis(edges[0], edges[-1], variable.caption, variable.number_format)
    return axis, {value: value for value in values}


def pad_axis(axis: PlotAxis) -> PlotAxis:
    """Return an axis of numbers with some room at both ends, or any other axis as it is."""
    if not isinstance(axis, NumberAxis):
        return axis
    room = 0.02 * (axis.high - axis.low)
    return replace(axis, low=axis.low - room, high=axis.high + room)


def cell_edges(values: Sequence[float]) -> list[float]:
    """Return the edges of the cells around values, halfway between neighbours."""
    if len(values) == 1:
        return [values[0] - 0.5, values[0] + 0.5]
    inner = [(a + b) / 2 for a, b in pairwise(values)]
    first = 2 * values[0] - inner[0]
    # No cell of non-negative values extends below zero.
    return [max(0.0, first) if values[0] > 0 else first, *inner, 2 * values[-1] - inner[-1]]


def _is_crowded(values: Sequence[float]) -> bool:
    even = (values[-1] - values[0]) / (len(values) - 1)
    return min(b - a for a, b in pairwise(values)) < _MIN_SPACING * even


def _is_clear(marks: Sequence[Tick], per_step: float, extent: Callable[[str], float]) -> bool:
    gap = 1.2 * extent("0")
    return all((extent(a) + extent(b)) / 2 + gap <= (y - x) * per_step for (x, a), (y, b) in pairwise(marks))
