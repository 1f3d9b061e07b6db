"""The scales of a plot: numbers in human units, days as dates, names; and where their marks stand."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from sim.charts import ticks
from sim.charts.text_layout import TextWidth
from sim.formatting import NumberFormat

if TYPE_CHECKING:
    from sim.charts.sweep_data import SweepVariable

_MAX_TICKS = 9
_MAX_NAME_LENGTH = 24
#: Cells narrower than this part of an even share are drawn evenly, each under its value.
_MIN_SPACING = 0.2

Tick = tuple[float, str]


class PlotAxis(Protocol):
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

    def ticks(self, length: float, extent: TextWidth) -> list[Tick]:
        """Return as many marks as stand clear of each other on a length in points.

        `extent` is what a label takes along the scale, in points.
        """


@dataclass(frozen=True, slots=True)
class NumberAxis:
    """A scale of numbers, in base units."""

    low: float
    high: float
    caption: str
    number_format: NumberFormat = field(default_factory=NumberFormat)

    def ticks(self, length: float, extent: TextWidth) -> list[Tick]:
        """See `PlotAxis`."""
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
    """A scale of days from the start, marked with dates where the start is known; none beyond `last`.

    Whoever reads an `is_vertical` one from the top meets the latest first: each of its marks has its year.
    """

    low: float
    high: float
    caption: str
    start: dt.date | None
    last: float = math.inf
    is_vertical: bool = False

    def ticks(self, length: float, extent: TextWidth) -> list[Tick]:
        """See `PlotAxis`."""
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

    def ticks(self, length: float, extent: TextWidth) -> list[Tick]:
        """See `PlotAxis`."""
        every = list(enumerate(map(_shorten_name, self.names)))
        for step in range(1, len(every) + 1):
            found = [(float(place), text) for place, text in every[::step]]
            if _is_clear(found, length / len(every), extent):
                break
        return found


def make_axis(variable: SweepVariable, *, cells: bool) -> tuple[PlotAxis, dict[float | str, float]]:
    """Return the scale of what varied, and where each of its values stands on it.

    Parameters
    ----------
    variable : Variable
    cells : bool
        Whether each value has a cell around it, which the scale then covers.
    """
    values = variable.values
    if not variable.is_numeric:
        return NameAxis([str(value) for value in values], variable.caption), category_positions(values)
    if len(values) == 1 or (cells and _is_crowded(values)):
        return NameAxis(
            [variable.number_format.text(value) for value in values], variable.caption
        ), category_positions(values)
    edges = cell_edges(values) if cells else values
    at = {value: value for value in values}
    return NumberAxis(edges[0], edges[-1], variable.caption, variable.number_format), at


def category_positions(values: Sequence[float | str]) -> dict[float | str, float]:
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


def _is_crowded(values: Sequence[float]) -> bool:
    even = (values[-1] - values[0]) / (len(values) - 1)
    return min(b - a for a, b in pairwise(values)) < _MIN_SPACING * even


def _is_clear(marks: Sequence[Tick], per_step: float, extent: Callable[[str], float]) -> bool:
    gap = 1.2 * extent("0")
    return all((extent(a) + extent(b)) / 2 + gap <= (y - x) * per_step for (x, a), (y, b) in pairwise(marks))


def _shorten_name(name: str) -> str:
    return name if len(name) <= _MAX_NAME_LENGTH else f"{name[: _MAX_NAME_LENGTH - 1].rstrip()}…"
