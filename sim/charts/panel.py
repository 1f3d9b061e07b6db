"""One plot: its heading, a scale of shells, the calendar, and a strip for the date between the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.charts import scale, style
from sim.charts.frame import Canvas
from sim.charts.grid import Box, Grid
from sim.charts.style import LINE
from sim.charts.text import measure
from sim.formatting import axis_labels as labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def open_plot(canvas: Canvas, box: Box, grid: Grid, top: float, heading: str) -> Axes:
    """Return axes in `box` with heading, scale and dates; x is a date's ordinal, y is in shells."""
    size, left, bottom = grid.size, box.left + grid.left, box.bottom + box.strip
    axes = canvas.axes(left, bottom, grid.width, box.height - grid.heading - box.strip)
    if heading:
        base = box.bottom + box.height - size.text * 0.95
        canvas.write(box.left, base, heading, size.text, style.INK, bold=True)
    marks = grid.marks(top)
    face = style.font(size.text)
    axes.set_yticks(marks, labels(marks), fontproperties=face, color=style.QUIET)
    axes.tick_params(axis="y", pad=size.text * 0.4)
    axes.grid(axis="y", color=style.RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_ylim(0.0, max(top * 1.04, marks[-1]))
    axes.set_xlim(grid.start.toordinal(), grid.end.toordinal())
    axes.spines["bottom"].set(visible=True, color=style.QUIET, linewidth=0.7)
    if box.dates:
        _dates(canvas, box, grid, left)
    return axes


def open_strip(canvas: Canvas, box: Box, grid: Grid) -> Axes:
    """Return axes of the strip below a plot: x is a date's ordinal, y is in points from its bottom."""
    axes = canvas.axes(box.left + grid.left, box.bottom, grid.width, box.strip)
    axes.set_xlim(grid.start.toordinal(), grid.end.toordinal())
    axes.set_ylim(0.0, box.strip)
    axes.patch.set_visible(False)
    return axes


def _dates(canvas: Canvas, box: Box, grid: Grid, left: float) -> None:
    """Draw the calendar on an axis of its own, below the strip."""
    size = grid.size
    axes = canvas.axes(left, box.bottom - box.dates, grid.width, box.dates)
    axes.patch.set_visible(False)
    axes.set_xlim(grid.start.toordinal(), grid.end.toordinal())
    axes.set_ylim(0.0, box.dates)
    per_day = grid.width / (grid.end - grid.start).days
    for day, text in scale.dates(grid.start, grid.end, grid.width, measure(size.text)):
        x = left + (day - grid.start).days * per_day
        axes.plot(
            [day.toordinal()] * 2, [box.dates, box.dates - size.text * 0.35], color=style.QUIET, linewidth=0.7
        )
        for down, line in enumerate(text.split("\n")):
            base = box.bottom - size.text * (1.4 + down * LINE)
            canvas.centre(x, base, line, size.text, style.QUIET)
    axes.plot(
        [grid.start.toordinal(), grid.end.toordinal()], [box.dates] * 2, color=style.QUIET, linewidth=0.7
    )
