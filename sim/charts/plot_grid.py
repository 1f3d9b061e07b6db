"""Layout of plots over time in rows and columns, with space for headings, ticks and dates."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.charts import ticks
from sim.charts.style import LINE_HEIGHT, Size
from sim.charts.text_layout import make_text_width
from sim.formatting import axis_labels as labels

#: Height of each plot in several rows, relative to that of a single row.
STACKED_SHARE = 0.68


def plot_rows(plots: int, size: Size) -> list[range]:
    """Return the positions of the plots of each row, in rows of similar length."""
    beside = math.ceil(plots / math.ceil(plots / size.columns))
    return [range(first, min(plots, first + beside)) for first in range(0, plots, beside)]


@dataclass(frozen=True, slots=True)
class PlotBox:
    """Box of heading, plot and strip in points, with the space for dates below it.

    `strip` is the space between plot and dates; `dates` is zero if another plot of the column is below.
    """

    left: float
    bottom: float
    width: float
    height: float
    strip: float
    dates: float


@dataclass(frozen=True, slots=True)
class PlotGrid:
    """Division of a figure into plots over time, up to `end`, which is not in the run.

    `tops` has the largest value in each plot, `strips` the space between the plot and its dates in points.
    `unit` follows each tick label. `beside` is the space for labels on the right, and `names` that for labels
    on the left in place of tick labels, in points.
    """

    size: Size
    start: dt.date
    end: dt.date
    tops: Sequence[float]
    has_headings: bool
    strips: Sequence[float]
    unit: str = ""
    beside: float = 0.0
    names: float = 0.0

    @property
    def heading(self) -> float:
        """Space for a heading, in points."""
        return self.size.text * 1.9 if self.has_headings else 0.0

    @property
    def dates(self) -> float:
        """Space for the dates, in points."""
        return self.size.text * (0.5 + 2 * LINE_HEIGHT)

    @property
    def left(self) -> float:
        """Space for tick labels on the left, in points."""
        if self.names:
            return self.names
        text_width = make_text_width(self.size.text)
        shown = [text for top in self.tops for text in self.tick_labels(top)]
        return max(map(text_width, shown)) + self.size.text * 0.6

    @property
    def right(self) -> float:
        """Space for half of a date label at the right end, or for labels, in points."""
        return max(make_text_width(self.size.text)("2025") / 2, self.beside)

    @property
    def rows(self) -> list[range]:
        """The plots of each row."""
        return plot_rows(len(self.tops), self.size)

    @property
    def box_width(self) -> float:
        """Width of a plot with its labels, in points."""
        beside = len(self.rows[0])
        return (self.size.width - 2 * self.size.margin - (beside - 1) * self._gutter) / beside

    @property
    def width(self) -> float:
        """Width of a plot, in points."""
        return self.box_width - self.left - self.right

    @property
    def surround_height(self) -> float:
        """Height of everything but the plots, in points."""
        gaps = (len(self.rows) - 1) * self._gap
        return gaps + sum(self.heading + self._strip(row) + self._below(row) for row in self.rows)

    @property
    def _max_ticks(self) -> int:
        """Most ticks of an axis: fewer if rows share a fixed height."""
        return 4 if self.size.height is not None and len(self.rows) > 1 else 6

    @property
    def _gutter(self) -> float:
        return self.size.text * 1.6

    @property
    def _gap(self) -> float:
        return self.size.text * 1.2

    def ticks(self, top: float) -> list[float]:
        """Return the ticks of an axis from zero to `top`."""
        return ticks.ticks_from_zero(top, self._max_ticks)

    def tick_labels(self, top: float) -> list[str]:
        """Return the labels of the ticks of an axis from zero to `top`."""
        return [f"{text}{self.unit}" for text in labels(self.ticks(top))]

    def boxes(self, top: float, plot: float) -> list[PlotBox]:
        """Return the boxes below `top`, with plots `plot` points high."""
        found: list[PlotBox] = []
        for row in self.rows:
            strip, below = self._strip(row), self._below(row)
            height = self.heading + plot + strip
            top -= height + below + (self._gap if found else 0.0)
            for column, panel in enumerate(row):
                left = self.size.margin + column * (self.box_width + self._gutter)
                dates = below if self._lowest(panel) else 0.0
                found.append(PlotBox(left, top + below, self.box_width, height, strip, dates))
        return found

    def _strip(self, row: range) -> float:
        return max(self.strips[panel] for panel in row)

    def _below(self, row: range) -> float:
        return self.dates if any(map(self._lowest, row)) else 0.0

    def _lowest(self, panel: int) -> bool:
        return panel + len(self.rows[0]) >= len(self.tops)
