"""Layout of the plots of the charts of sweeps and break-even values, each with two labelled axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.charts import style
from sim.charts.axes import PlotAxis, Tick
from sim.charts.frame import Canvas, FrameText, open_canvas, plot_height
from sim.charts.plot_grid import STACKED_SHARE, plot_rows
from sim.charts.style import LINE_HEIGHT, Size
from sim.charts.text_layout import clean_text, make_text_width, wrap_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CAPTION_LINES = 3
NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class SweepPlot:
    """Description of one plot; `right` is the space for labels on the right, in points.

    The heading labels the vertical axis; empty if the figure text contains the label.
    """

    heading: str
    x: PlotAxis
    y: PlotAxis
    right: float = 0.0
    grid: bool = True


@dataclass(frozen=True, slots=True)
class PlacedPlot:
    """A plot with its position, in points from the lower left corner of the figure."""

    axes: Axes
    left: float
    bottom: float
    width: float
    height: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Convert data coordinates to a position on the figure, in points."""
        (x0, x1), (y0, y1) = self.axes.get_xlim(), self.axes.get_ylim()
        across, up = (x - x0) / (x1 - x0), (y - y0) / (y1 - y0)
        return self.left + across * self.width, self.bottom + up * self.height


def lay_out(
    frame_text: FrameText, plots: Sequence[SweepPlot], size: Size, above: float = 0.0
) -> tuple[Canvas, list[PlacedPlot], float]:
    """Return a figure with text and empty plots, and the top of the space `above` the plots."""
    rows = [[plots[place] for place in row] for row in plot_rows(len(plots), size)]
    columns = len(rows[0])
    gutter = size.text * 1.6
    width = (size.width - 2 * size.margin - (columns - 1) * gutter) / columns
    gap = size.text * 0.8
    heads = [max(_heading_height(plot, width, size) for plot in row) for row in rows]
    feet = [max(_axis_height(plot, width, size) for plot in row) for row in rows]
    around = above + sum(heads) + sum(feet) + gap * (len(rows) - 1)
    left = plot_height(frame_text, size)
    shrink = 1.0 if len(rows) == 1 else STACKED_SHARE
    tall = size.plot * shrink if left is None else (left - around) / len(rows)
    canvas, head = open_canvas(frame_text, size, around + len(rows) * tall)
    top = head - above
    placed = []
    for row, heading, foot in zip(rows, heads, feet, strict=True):
        for column, plot in enumerate(row):
            x = size.margin + column * (width + gutter)
            _write_heading(canvas, plot, (x, top, width), size)
            placed.append(_place_plot(canvas, plot, (x, top - heading, width, tall), size))
        top -= heading + tall + foot + gap
    return canvas, placed, head


def draw_ticks(
    canvas: Canvas, marks: Sequence[Tick], place: tuple[float, float, float, float, float], size: Size
) -> None:
    """Write the tick labels of a horizontal axis; `place` is left, bottom, width and axis limits."""
    left, bottom, width, low, high = place
    text_width = make_text_width(size.text)
    for value, text in marks:
        at = left + (value - low) / (high - low) * width
        for down, line in enumerate(text.split("\n")):
            # Keep the label of the last tick within the figure.
            half = text_width(line) / 2
            middle = min(max(at, size.margin + half), canvas.width - size.margin - half)
            canvas.centre(
                middle, bottom - size.text * (1.4 + down * LINE_HEIGHT), line, size.text, style.GREY_TEXT
            )


def _heading_height(plot: SweepPlot, width: float, size: Size) -> float:
    lines = len(_lines_of(plot.heading, width, size))
    return size.text * (1.9 + LINE_HEIGHT * (lines - 1)) if lines else 0.0


def _write_heading(canvas: Canvas, plot: SweepPlot, place: tuple[float, float, float], size: Size) -> None:
    left, top, width = place
    for down, line in enumerate(_lines_of(plot.heading, width, size)):
        canvas.write(left, top - size.text * (0.95 + down * LINE_HEIGHT), line, size.text, style.INK)


def _axis_height(plot: SweepPlot, width: float, size: Size) -> float:
    lines = len(_lines_of(plot.x.caption, width, size))
    return size.text * (0.8 + LINE_HEIGHT * (_tick_lines(plot, width, size) + lines) + 0.3)


def _tick_lines(plot: SweepPlot, width: float, size: Size) -> int:
    marks = plot.x.ticks(width * 0.8, make_text_width(size.text))
    return max((text.count("\n") + 1 for _, text in marks), default=1)


def _lines_of(caption: str, width: float, size: Size) -> list[str]:
    text = clean_text(caption)
    name, comma, unit = text.rpartition(", ")
    if make_text_width(size.text)(unit) < width / 2:
        # The unit stays in one piece.
        text = f"{name}{comma}{unit.replace(' ', NO_BREAK)}"
    return wrap_text(text, width, make_text_width(size.text), lines=_CAPTION_LINES) if text else []


def _place_plot(
    canvas: Canvas, plot: SweepPlot, box: tuple[float, float, float, float], size: Size
) -> PlacedPlot:
    left, top, width, tall = box
    text_width = make_text_width(size.text)
    marks = plot.y.ticks(tall, lambda _: size.text)
    scale = max((text_width(_on_one_line(text)) for _, text in marks), default=0.0) + size.text * 0.6
    inner = width - scale - plot.right - _label_overhang(plot, size)
    x, bottom = left + scale, top - tall
    axes = canvas.axes(x, bottom, inner, tall)
    axes.set_xlim(plot.x.low, plot.x.high)
    axes.set_ylim(plot.y.low, plot.y.high)
    placed = PlacedPlot(axes, x, bottom, inner, tall)
    for value, text in marks:
        _, at = placed.point(plot.x.low, value)
        label = _on_one_line(text)
        canvas.write(
            x - size.text * 0.5 - text_width(label), at - size.text * 0.36, label, size.text, style.GREY_TEXT
        )
        if plot.grid:
            axes.axhline(value, color=style.GRID_GREY, linewidth=0.5, zorder=0.5)
    across = plot.x.ticks(inner, text_width)
    draw_ticks(canvas, across, (x, bottom, inner, plot.x.low, plot.x.high), size)
    for value, _ in across:
        axes.axvline(value, 0.0, 0.012, color=style.GREY_TEXT, linewidth=0.7)
    axes.spines["bottom"].set(visible=True, color=style.GREY_TEXT, linewidth=0.7)
    first = bottom - size.text * (0.8 + LINE_HEIGHT * _tick_lines(plot, width, size)) - size.text * 0.95
    for down, line in enumerate(_lines_of(plot.x.caption, width, size)):
        start = max(left, min(x + (inner - text_width(line)) / 2, left + width - text_width(line)))
        canvas.write(start, first - down * size.text * LINE_HEIGHT, line, size.text, style.INK)
    return placed


def _label_overhang(plot: SweepPlot, size: Size) -> float:
    """Return the space for half of a tick label at the right end."""
    return 0.0 if plot.right else make_text_width(size.text)("2025") / 2


def _on_one_line(text: str) -> str:
    return text.replace("\n", " ")
