"""Plot over time: heading, axis of numbers from zero, calendar, strip for dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.charts import style, ticks
from sim.charts.frame import Canvas
from sim.charts.plot_grid import PlotBox, PlotGrid
from sim.charts.sweep_axes import draw_ticks
from sim.charts.text_layout import clean_text, make_text_width, wrap_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def open_plot(canvas: Canvas, box: PlotBox, grid: PlotGrid, top: float, heading: str) -> Axes:
    """Return axes in `box` with heading, ticks and dates; x is a date ordinal, y starts at zero."""
    axes, size = open_calendar(canvas, box, grid, heading), grid.size
    marks = grid.ticks(top)
    face = style.font(size.text)
    axes.set_yticks(marks, grid.tick_labels(top), fontproperties=face, color=style.GREY_TEXT)
    axes.tick_params(axis="y", pad=size.text * 0.4)
    axes.grid(axis="y", color=style.GRID_GREY, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_ylim(0.0, max(top * 1.04, marks[-1]))
    return axes


def open_calendar(canvas: Canvas, box: PlotBox, grid: PlotGrid, heading: str) -> Axes:
    """Return axes in `box` with heading and dates, without ticks on the left; x is a date ordinal."""
    size, left, bottom = grid.size, box.left + grid.left, box.bottom + box.strip
    axes = canvas.axes(left, bottom, grid.width, box.height - grid.heading - box.strip)
    axes.set_label(clean_text(heading))
    if heading:
        base = box.bottom + box.height - size.text * 0.95
        text_width = make_text_width(size.text, bold=True)
        line = wrap_text(clean_text(heading), box.width, text_width, lines=1)[0]
        canvas.write(box.left, base, line, size.text, style.INK, bold=True)
    axes.set_xlim(grid.start.toordinal(), grid.end.toordinal())
    axes.spines["bottom"].set(visible=True, color=style.GREY_TEXT, linewidth=0.7)
    if box.dates:
        _draw_calendar(canvas, box, grid, left)
    return axes


def open_strip(canvas: Canvas, box: PlotBox, grid: PlotGrid) -> Axes:
    """Return axes of the strip below a plot: x is a date ordinal, y is in points from the bottom."""
    axes = canvas.axes(box.left + grid.left, box.bottom, grid.width, box.strip)
    axes.set_xlim(grid.start.toordinal(), grid.end.toordinal())
    axes.set_ylim(0.0, box.strip)
    axes.patch.set_visible(False)
    return axes


def _draw_calendar(canvas: Canvas, box: PlotBox, grid: PlotGrid, left: float) -> None:
    """Draw the calendar below the strip, on separate axes."""
    size = grid.size
    axes = canvas.axes(left, box.bottom - box.dates, grid.width, box.dates)
    axes.patch.set_visible(False)
    axes.set_xlim(grid.start.toordinal(), grid.end.toordinal())
    axes.set_ylim(0.0, box.dates)
    marks = ticks.date_ticks(grid.start, grid.end, grid.width, make_text_width(size.text))
    for day, _ in marks:
        x, y = [day.toordinal()] * 2, [box.dates, box.dates - size.text * 0.35]
        axes.plot(x, y, color=style.GREY_TEXT, linewidth=0.7)
    place = (left, box.bottom, grid.width, grid.start.toordinal(), grid.end.toordinal())
    draw_ticks(canvas, [(day.toordinal(), text) for day, text in marks], place, size)
    axes.plot(
        [grid.start.toordinal(), grid.end.toordinal()], [box.dates] * 2, color=style.GREY_TEXT, linewidth=0.7
    )
