"""Rows of bars or dots, one for each input: names to the left, figures to the right, one scale below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.charts import style
from sim.charts.frame import Canvas, Words, open_canvas, room
from sim.charts.plane import Placed, draw_marks
from sim.charts.rulers import Ruler
from sim.charts.style import LINE, Size
from sim.charts.text import clean, measure

#: What the names may take of the width, and how many rows there may be where the height is free.
_NAMES_SHARE = 0.38
_MOST_ROWS = 20
#: The plot keeps at least this part of the width; figures are told briefly where they would take it.
_PLOT_SHARE = 0.3
#: White above the rows, in widths of the type.
_ABOVE = 0.4


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar or dot.

    Attributes
    ----------
    start, end : float
        Ends of the bar; a dot stands at `end`. nan at `end`: it goes to the edge, and beyond.
    look : dict
        Settings of the rectangle; of the dot where it has a ``marker``.
    whisker : (float, float), optional
        Ends of the interval.
    lane : int
        Which of the lanes of its row.
    """

    start: float
    end: float
    look: dict[str, Any]
    whisker: tuple[float, float] | None = None
    lane: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One input.

    Attributes
    ----------
    name : str
    bars : sequence of Bar
    figures : sequence of str
        What stands to the right, one for each lane.
    brief : sequence of str
        What stands there where the figures would take the room of the plot; none where they are as short.
    """

    name: str
    bars: Sequence[Bar]
    figures: Sequence[str] = field(default_factory=tuple)
    brief: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Rows:
    """All rows on their scale.

    Attributes
    ----------
    rows : sequence of Row
    ruler : Ruler
    lanes : int
        Bars above each other in one row.
    base : float or None
        Where a line stands that all bars are read against, and its name.
    """

    rows: Sequence[Row]
    ruler: Ruler
    lanes: int = 1
    base: float | None = None

    def first(self, kept: int) -> Rows:
        """Return the first rows alone."""
        return Rows(self.rows[:kept], self.ruler, self.lanes, self.base)


def fitting(rows: Rows, words: Words, size: Size) -> int:
    """Return how many rows there is room for, at least one."""
    left = room(words, size)
    if left is None:
        return min(len(rows.rows), _MOST_ROWS)
    spare = left - _axis(rows, size)
    return max(1, min(len(rows.rows), math.floor(spare / _row(rows, size))))


def draw_rows(rows: Rows, words: Words, size: Size) -> Canvas:
    """Return the figure."""
    count = max(1, len(rows.rows))
    left = room(words, size)
    axis = _axis(rows, size)
    each = _row(rows, size)
    if left is not None:
        each = max(each, min((left - axis) / count, 2.4 * each))
    canvas, top = open_canvas(words, size, axis + count * each)
    wide = measure(size.text)
    names = [_shortened(clean(row.name), _NAMES_SHARE * size.width, size) for row in rows.rows]
    label = max(map(wide, names), default=0.0) + size.text * 0.9
    free = size.width - 2 * size.margin - label - size.text * 0.9
    figures = [row.figures for row in rows.rows]
    if free - _widest(figures, size) < _PLOT_SHARE * size.width:
        figures = [row.brief or row.figures for row in rows.rows]
    x, width = size.margin + label, free - _widest(figures, size)
    bottom = top - size.text * _ABOVE - count * each
    axes = canvas.axes(x, bottom, width, count * each)
    axes.set_xlim(rows.ruler.low, rows.ruler.high)
    axes.set_ylim(0.0, count * each)
    placed = Placed(axes, x, bottom, width, count * each)
    _draw_scale(canvas, placed, rows, size)
    for place, (row, name, told) in enumerate(zip(rows.rows, names, figures, strict=True)):
        middle = (count - place - 0.5) * each
        canvas.write(size.margin, bottom + middle - size.text * 0.36, name, size.text, style.INK)
        _draw_row(canvas, placed, rows.lanes, (row.bars, told), (middle, each), size)
    return canvas


def _row(rows: Rows, size: Size) -> float:
    return size.text * (0.7 + 1.25 * rows.lanes)


def _axis(rows: Rows, size: Size) -> float:
    """Return the room for the marks below."""
    marks = rows.ruler.marks(size.width / 2, measure(size.text))
    lines = max((text.count("\n") + 1 for _, text in marks), default=1)
    return size.text * (_ABOVE + 0.8 + LINE * lines)


def _draw_scale(canvas: Canvas, placed: Placed, rows: Rows, size: Size) -> None:
    marks = rows.ruler.marks(placed.width, measure(size.text))
    for value, _ in marks:
        placed.axes.axvline(value, color=style.RULE, linewidth=0.5, zorder=0.5)
    draw_marks(
        canvas, marks, (placed.left, placed.bottom, placed.width, rows.ruler.low, rows.ruler.high), size
    )
    placed.axes.spines["bottom"].set(visible=True, color=style.QUIET, linewidth=0.7)
    if rows.base is not None:
        placed.axes.axvline(rows.base, color=style.INK, linewidth=0.9, zorder=4)


def _widest(figures: Sequence[Sequence[str]], size: Size) -> float:
    return max((measure(size.text)(text) for row in figures for text in row), default=0.0)


def _draw_row(
    canvas: Canvas,
    placed: Placed,
    lanes: int,
    row: tuple[Sequence[Bar], Sequence[str]],
    at: tuple[float, float],
    size: Size,
) -> None:
    bars, figures = row
    middle, each = at
    lane = (each - size.text * 0.6) / lanes
    first = middle + lane * (lanes - 1) / 2
    for bar in bars:
        _draw_bar(placed, bar, first - bar.lane * lane, min(lane * 0.8, size.text * 1.5), size)
    for place, text in enumerate(figures):
        x = placed.left + placed.width + size.text * 0.9
        canvas.write(x, placed.bottom + first - place * lane - size.text * 0.36, text, size.text, style.INK)


def _draw_bar(placed: Placed, bar: Bar, y: float, thick: float, size: Size) -> None:
    axes = placed.axes
    high = axes.get_xlim()[1]
    line: dict[str, Any] = {"color": style.INK, "linewidth": size.line * 0.7, "solid_capstyle": "butt"}
    if "marker" in bar.look:
        if not math.isnan(bar.end):
            axes.plot([bar.end], [y], linestyle="none", markersize=size.text * 0.6, zorder=3, **bar.look)
    else:
        end = high if math.isnan(bar.end) else bar.end
        axes.barh(y, end - bar.start, left=bar.start, height=thick, zorder=2, **bar.look)
        if math.isnan(bar.end):
            arrow: dict[str, Any] = {"marker": ">", "markersize": size.text * 0.55, "color": style.INK}
            axes.plot([high], [y], linestyle="none", clip_on=False, zorder=5, **arrow)
    if bar.whisker is None or any(map(math.isnan, bar.whisker)):
        return
    axes.plot(bar.whisker, [y, y], zorder=2.8, **line)
    for end in bar.whisker:
        axes.plot([end, end], [y - size.text * 0.24, y + size.text * 0.24], zorder=2.8, **line)


def _shortened(name: str, width: float, size: Size) -> str:
    """Return a path no wider than `width`: what is cut is its beginning, for its end tells more."""
    wide = measure(size.text)
    if wide(name) <= width:
        return name
    steps = name.split(".")
    for first in range(1, len(steps)):
        rest = f"…{'.'.join(steps[first:])}"
        if wide(rest) <= width:
            return rest
    while name and wide(f"…{name}") > width:
        name = name[1:]
    return f"…{name}"
