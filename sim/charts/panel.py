"""One plot: its heading, a scale of shells, the calendar, and a strip for the date between the two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.charts import scale, style
from sim.charts.frame import Box, Canvas, panel_width
from sim.charts.style import LINE, Size
from sim.charts.text import measure
from sim.charts.words import scale as labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, slots=True)
class Plan:
    """How every plot of a figure is divided.

    Attributes
    ----------
    size : Size
    panels : int
    start, end : datetime.date
        What the time axis spans; `end` is not in the run.
    tops : sequence of float
        Largest value shown in each plot.
    heading : float
        Room for a heading, in points.
    strip : float
        Room between the plot and the dates, in points.
    """

    size: Size
    panels: int
    start: dt.date
    end: dt.date
    tops: Sequence[float]
    heading: float
    strip: float

    @property
    def around(self) -> float:
        """Room above and below a plot, in points, besides the dates."""
        return self.heading + self.strip

    @property
    def dates(self) -> float:
        """Room for the dates, in points."""
        return self.size.text * (0.5 + 2 * LINE)

    @property
    def left(self) -> float:
        """Room for the scale, in points."""
        wide = measure(self.size.text)
        shown = [text for top in self.tops for text in labels(self.levels(top))]
        return max(wide(text) for text in shown) + self.size.text * 0.6

    @property
    def right(self) -> float:
        """Room for half of a date that stands at the very end, in points."""
        return measure(self.size.text)("2025") / 2

    @property
    def width(self) -> float:
        """Width of a plot, in points."""
        return panel_width(self.size, self.panels) - self.left - self.right

    def levels(self, top: float) -> list[float]:
        """Return the marks of a scale that reaches `top`."""
        return scale.levels(top, 6 if self.panels == 1 else 4)


def open_plot(canvas: Canvas, box: Box, plan: Plan, top: float, heading: str) -> Axes:
    """Return axes in `box` with heading, scale and dates; x is a date's ordinal, y is in shells."""
    size, left, bottom = plan.size, box.left + plan.left, box.bottom + plan.strip
    axes = canvas.axes(left, bottom, plan.width, box.height - plan.around)
    if heading:
        base = box.bottom + box.height - size.text * 0.95
        canvas.write(box.left, base, heading, size.text, style.INK, bold=True)
    marks = plan.levels(top)
    face = style.font(size.text)
    axes.set_yticks(marks, labels(marks), fontproperties=face, color=style.QUIET)
    axes.tick_params(axis="y", pad=size.text * 0.4)
    axes.grid(axis="y", color=style.RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_ylim(0.0, max(top * 1.04, marks[-1]))
    axes.set_xlim(plan.start.toordinal(), plan.end.toordinal())
    axes.spines["bottom"].set(visible=True, color=style.QUIET, linewidth=0.7)
    if box.dates:
        _dates(canvas, box, plan, left)
    return axes


def open_strip(canvas: Canvas, box: Box, plan: Plan) -> Axes:
    """Return axes of the strip below a plot: x is a date's ordinal, y is in points from its bottom."""
    axes = canvas.axes(box.left + plan.left, box.bottom, plan.width, plan.strip)
    axes.set_xlim(plan.start.toordinal(), plan.end.toordinal())
    axes.set_ylim(0.0, plan.strip)
    axes.patch.set_visible(False)
    return axes


def _dates(canvas: Canvas, box: Box, plan: Plan, left: float) -> None:
    """Draw the calendar on an axis of its own, below the strip."""
    size = plan.size
    axes = canvas.axes(left, box.bottom - box.dates, plan.width, box.dates)
    axes.patch.set_visible(False)
    axes.set_xlim(plan.start.toordinal(), plan.end.toordinal())
    axes.set_ylim(0.0, box.dates)
    per_day = plan.width / (plan.end - plan.start).days
    for day, text in scale.dates(plan.start, plan.end, plan.width, measure(size.text)):
        x = left + (day - plan.start).days * per_day
        axes.plot(
            [day.toordinal()] * 2, [box.dates, box.dates - size.text * 0.35], color=style.QUIET, linewidth=0.7
        )
        for down, line in enumerate(text.split("\n")):
            base = box.bottom - size.text * (1.4 + down * LINE)
            canvas.centre(x, base, line, size.text, style.QUIET)
    axes.plot(
        [plan.start.toordinal(), plan.end.toordinal()], [box.dates] * 2, color=style.QUIET, linewidth=0.7
    )
