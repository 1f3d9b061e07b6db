"""Plots over what was varied: side by side and above each other, each with two scales and their captions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.charts import style
from sim.charts.frame import Canvas, Words, open_canvas, room
from sim.charts.rulers import Mark, Ruler
from sim.charts.style import LINE, Size
from sim.charts.text import clean, measure, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Plots above each other need less height each.
_STACKED = 0.68
_CAPTION_LINES = 2


@dataclass(frozen=True, slots=True)
class Plot:
    """One plot before it is drawn.

    Attributes
    ----------
    heading : str
        Above it: what its vertical scale shows; empty where the words of the figure say so.
    x, y : Ruler
    right : float
        Room kept free for labels to its right, in points.
    grid : bool
        Whether lines go across it.
    """

    heading: str
    x: Ruler
    y: Ruler
    right: float = 0.0
    grid: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """A plot that has its place, in points from the lower left corner of the figure."""

    axes: Axes
    left: float
    bottom: float
    width: float
    height: float

    def point(self, x: float, y: float) -> tuple[float, float]:
        """Return where something of the plot stands on the figure."""
        (x0, x1), (y0, y1) = self.axes.get_xlim(), self.axes.get_ylim()
        across, up = (x - x0) / (x1 - x0), (y - y0) / (y1 - y0)
        return self.left + across * self.width, self.bottom + up * self.height


def lay(
    words: Words, plots: Sequence[Plot], size: Size, above: float = 0.0
) -> tuple[Canvas, list[Placed], float]:
    """Return a figure with words and empty plots, and where the room `above` the plots has its top."""
    rows = _rows(plots, size)
    columns = len(rows[0])
    gutter = size.text * 1.6
    width = (size.width - 2 * size.margin - (columns - 1) * gutter) / columns
    gap = size.text * 0.8
    around = above + sum(max(_around(plot, width, size) for plot in row) + gap for row in rows) - gap
    left = room(words, size)
    shrink = 1.0 if len(rows) == 1 else _STACKED
    tall = size.plot * shrink if left is None else (left - around) / len(rows)
    canvas, head = open_canvas(words, size, around + len(rows) * tall)
    top = head - above
    placed = []
    for row in rows:
        for column, plot in enumerate(row):
            x = size.margin + column * (width + gutter)
            placed.append(_place(canvas, plot, (x, top, width, tall), size))
        top -= tall + max(_around(plot, width, size) for plot in row) + gap
    return canvas, placed, head


def draw_marks(
    canvas: Canvas, marks: Sequence[Mark], place: tuple[float, float, float, float, float], size: Size
) -> None:
    """Write the marks of a horizontal scale; `place` is left, bottom, width, and the ends of the scale."""
    left, bottom, width, low, high = place
    wide = measure(size.text)
    for value, text in marks:
        at = left + (value - low) / (high - low) * width
        for down, line in enumerate(text.split("\n")):
            # A label at the very end must not leave the figure.
            half = wide(line) / 2
            middle = min(max(at, size.margin + half), canvas.width - size.margin - half)
            canvas.centre(middle, bottom - size.text * (1.4 + down * LINE), line, size.text, style.QUIET)


def _rows(plots: Sequence[Plot], size: Size) -> list[Sequence[Plot]]:
    beside = math.ceil(len(plots) / math.ceil(len(plots) / size.columns))
    return [plots[first : first + beside] for first in range(0, len(plots), beside)]


def _heading(plot: Plot, size: Size) -> float:
    return size.text * 1.9 if plot.heading else 0.0


def _around(plot: Plot, width: float, size: Size) -> float:
    return _heading(plot, size) + _below(plot, width, size)


def _below(plot: Plot, width: float, size: Size) -> float:
    lines = len(_caption(plot, width, size))
    return size.text * (0.8 + LINE * (_mark_lines(plot, width, size) + lines) + 0.3)


def _mark_lines(plot: Plot, width: float, size: Size) -> int:
    marks = plot.x.marks(width * 0.8, measure(size.text))
    return max((text.count("\n") + 1 for _, text in marks), default=1)


def _caption(plot: Plot, width: float, size: Size) -> list[str]:
    caption = clean(plot.x.caption)
    return wrap(caption, width, measure(size.text), lines=_CAPTION_LINES) if caption else []


def _place(canvas: Canvas, plot: Plot, box: tuple[float, float, float, float], size: Size) -> Placed:
    left, top, width, tall = box
    wide = measure(size.text)
    if plot.heading:
        heading = wrap(clean(plot.heading), width, wide, lines=1)[0]
        canvas.write(left, top - size.text * 0.95, heading, size.text, style.INK, bold=False)
    marks = plot.y.marks(tall, lambda _: size.text)
    scale = max((wide(_flat(text)) for _, text in marks), default=0.0) + size.text * 0.6
    inner = width - scale - plot.right - _overhang(plot, size)
    x, bottom = left + scale, top - _heading(plot, size) - tall
    axes = canvas.axes(x, bottom, inner, tall)
    axes.set_xlim(plot.x.low, plot.x.high)
    axes.set_ylim(plot.y.low, plot.y.high)
    placed = Placed(axes, x, bottom, inner, tall)
    for value, text in marks:
        _, at = placed.point(plot.x.low, value)
        label = _flat(text)
        canvas.write(x - size.text * 0.5 - wide(label), at - size.text * 0.36, label, size.text, style.QUIET)
        if plot.grid:
            axes.axhline(value, color=style.RULE, linewidth=0.5, zorder=0.5)
    across = plot.x.marks(inner, wide)
    draw_marks(canvas, across, (x, bottom, inner, plot.x.low, plot.x.high), size)
    for value, _ in across:
        axes.axvline(value, 0.0, 0.012, color=style.QUIET, linewidth=0.7)
    axes.spines["bottom"].set(visible=True, color=style.QUIET, linewidth=0.7)
    first = bottom - size.text * (0.8 + LINE * _mark_lines(plot, width, size)) - size.text * 0.95
    for down, line in enumerate(_caption(plot, width, size)):
        start = max(left, min(x + (inner - wide(line)) / 2, left + width - wide(line)))
        canvas.write(start, first - down * size.text * LINE, line, size.text, style.INK)
    return placed


def _overhang(plot: Plot, size: Size) -> float:
    """Return the room for half of a label that stands at the very end."""
    return 0.0 if plot.right else measure(size.text)("2025") / 2


def _flat(text: str) -> str:
    return text.replace("\n", " ")
