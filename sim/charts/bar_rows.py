"""Rows of bars or dots, each with a name and its figures: the layout of many charts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.axes import PlotAxis
from sim.charts.drawn_series import record
from sim.charts.frame import Canvas, FrameText, open_canvas, plot_height
from sim.charts.style import LINE_HEIGHT, Size
from sim.charts.sweep_axes import PlacedPlot, draw_ticks
from sim.charts.text_layout import clean_text, make_text_width, wrap_evenly, wrap_text
from sim.names import shorten_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Most width for names, as a share, and most rows if the height is free.
_MAX_NAMES_SHARE = 0.38
_MAX_ROWS = 20
#: Most lines of a name.
_NAME_LINES = 3
#: Where the height is fixed, so many rows are kept, though their names are then shortened.
_LEAST_ROWS = 5
#: Least width of the plot, as a share; figures are shortened to keep it.
_MIN_PLOT_SHARE = 0.3
#: Space above the rows, in units of the type size.
_SPACE_ABOVE = 0.4


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `start` to `end`, or a dot at `end`, with the interval `whisker`.

    If `end` is nan, the bar runs to the edge, with an arrow. `look` has the properties of the rectangle, or
    of a dot if they include ``marker``; `lane` is the position within the row. `label` names it among the
    bars of the row in the table of the figure; without one it has a number.
    """

    start: float
    end: float
    look: dict[str, Any]
    whisker: tuple[float, float] | None = None
    lane: int = 0
    label: str = ""


@dataclass(frozen=True, slots=True)
class BarRow:
    """One row, with a text on the right for each lane.

    The texts `brief` replace `figures` that would make the plot too narrow; empty to keep them.
    """

    name: str
    bars: Sequence[Bar]
    figures: Sequence[str] = field(default_factory=tuple)
    brief: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class BarRows:
    """All rows, their axis, the number of bars in a row, and the position of their reference line."""

    rows: Sequence[BarRow]
    scale: PlotAxis
    lanes: int = 1
    base: float | None = None

    def first(self, kept: int) -> BarRows:
        """Return the first `kept` rows."""
        return BarRows(self.rows[:kept], self.scale, self.lanes, self.base)


def count_fitting_rows(rows: BarRows, frame_text: FrameText, size: Size) -> int:
    """Return the number of rows that fit, at least one."""
    left = plot_height(frame_text, size)
    if left is None:
        return min(len(rows.rows), _MAX_ROWS)
    spare = left - axis_height(rows, size)
    most = max(1, min(len(rows.rows), math.floor(spare / row_height(rows, size))))
    whole = (kept for kept in range(most, 0, -1) if kept * _full_height(rows.first(kept), size) <= spare)
    return max(min(most, _LEAST_ROWS), next(whole, 0))


def draw_rows(rows: BarRows, frame_text: FrameText, size: Size) -> Canvas:
    """Return a figure with the rows."""
    count = max(1, len(rows.rows))
    left = plot_height(frame_text, size)
    axis, each = axis_height(rows, size), _full_height(rows, size)
    if left is not None:
        least = row_height(rows, size)
        each = max(least, min((left - axis) / count, max(each, 2.4 * least)))
    canvas, top = open_canvas(frame_text, size, axis + count * each)
    place_rows(canvas, rows, RowBox(size.margin, top, size.width - 2 * size.margin, each), size)
    return canvas


@dataclass(frozen=True, slots=True)
class RowBox:
    """Box of all rows below `top`, each `each` points high."""

    left: float
    top: float
    width: float
    each: float

    def middle(self, place: int, size: Size) -> float:
        """Return the height of the middle of a row in the figure."""
        return self.top - size.text * _SPACE_ABOVE - (place + 0.5) * self.each


def place_rows(canvas: Canvas, rows: BarRows, box: RowBox, size: Size) -> None:
    """Draw the rows into a box of a figure."""
    count, each = max(1, len(rows.rows)), box.each
    text_width, whole = make_text_width(size.text), box.width + 2 * size.margin
    names = _name_lines(rows, _MAX_NAMES_SHARE * whole, each, size)
    label = max((text_width(line) for lines in names for line in lines), default=0.0) + size.text * 0.9
    free = box.width - label - size.text * 0.9
    figures = [row.figures for row in rows.rows]
    if free - _max_text_width(figures, size) < _MIN_PLOT_SHARE * whole:
        figures = [row.brief or row.figures for row in rows.rows]
    x, width = box.left + label, free - _max_text_width(figures, size)
    bottom = box.top - size.text * _SPACE_ABOVE - count * each
    axes = canvas.axes(x, bottom, width, count * each)
    axes.set_xlim(rows.scale.low, rows.scale.high)
    axes.set_ylim(0.0, count * each)
    placed = PlacedPlot(axes, x, bottom, width, count * each)
    _draw_axis(canvas, placed, rows, size)
    for place, (row, name, texts) in enumerate(zip(rows.rows, names, figures, strict=True)):
        middle = (count - place - 0.5) * each
        first = middle + size.text * (LINE_HEIGHT * (len(name) - 1) / 2 - 0.36)
        for down, line in enumerate(name):
            y = bottom + first - down * size.text * LINE_HEIGHT
            canvas.write(box.left, y, line, size.text, style.INK)
        _draw_row(canvas, placed, rows.lanes, (row.bars, texts), (middle, each), size)
        _record_row(axes, row)


def _record_row(axes: Axes, row: BarRow) -> None:
    """Record the bars of a row, and its texts where it has none."""
    for place, bar in enumerate(row.bars, start=1):
        own = f", {bar.label}" if bar.label else f" ({place})"
        name = row.name if len(row.bars) == 1 else f"{row.name}{own}"
        start = bar.end if "marker" in bar.look else bar.start
        text = " ".join(row.figures[bar.lane : bar.lane + 1])
        record(axes, name, [start], x_end=[None if "marker" in bar.look else bar.end], text=text)
        if bar.whisker is not None:
            record(axes, f"{name}, interval", [bar.whisker[0]], x_end=[bar.whisker[1]])
    if not row.bars:
        record(axes, row.name, [" ".join(row.figures)])


def _full_height(rows: BarRows, size: Size) -> float:
    """Return the height of a row in which every name has the lines that it needs."""
    text_width, width = make_text_width(size.text), _MAX_NAMES_SHARE * size.width
    needed = [len(wrap_text(clean_text(row.name), width, text_width)) for row in rows.rows]
    lines = min(_NAME_LINES, max(needed, default=1))
    return size.text * (0.7 + LINE_HEIGHT * max(rows.lanes, lines))


def row_height(rows: BarRows, size: Size) -> float:
    """Return the least height of a row."""
    return size.text * (0.7 + LINE_HEIGHT * rows.lanes)


def axis_height(rows: BarRows, size: Size) -> float:
    """Return the height of the tick labels and of the space above the rows."""
    marks = rows.scale.ticks(size.width / 2, make_text_width(size.text))
    lines = max((text.count("\n") + 1 for _, text in marks), default=1)
    return size.text * (_SPACE_ABOVE + 0.8 + LINE_HEIGHT * lines)


def _draw_axis(canvas: Canvas, placed: PlacedPlot, rows: BarRows, size: Size) -> None:
    marks = rows.scale.ticks(placed.width, make_text_width(size.text))
    for value, _ in marks:
        placed.axes.axvline(value, color=style.GRID_GREY, linewidth=0.5, zorder=0.5)
    draw_ticks(
        canvas, marks, (placed.left, placed.bottom, placed.width, rows.scale.low, rows.scale.high), size
    )
    placed.axes.spines["bottom"].set(visible=True, color=style.GREY_TEXT, linewidth=0.7)
    if rows.base is not None:
        placed.axes.axvline(rows.base, color=style.INK, linewidth=0.9, zorder=4)


def _max_text_width(figures: Sequence[Sequence[str]], size: Size) -> float:
    return max((make_text_width(size.text)(text) for row in figures for text in row), default=0.0)


def _draw_row(
    canvas: Canvas,
    placed: PlacedPlot,
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


def _draw_bar(placed: PlacedPlot, bar: Bar, y: float, thick: float, size: Size) -> None:
    axes = placed.axes
    low, high = axes.get_xlim()
    line: dict[str, Any] = {"color": style.INK, "linewidth": size.line * 0.7, "solid_capstyle": "butt"}
    if "marker" in bar.look:
        if not math.isnan(bar.end) and not low <= bar.end <= high:
            # Beyond an axis that is narrower than its data.
            side, arrow_look = (low, "<") if bar.end < low else (high, ">")
            look = bar.look | {"marker": arrow_look}
            axes.plot(
                [side], [y], linestyle="none", markersize=size.text * 0.6, zorder=3, clip_on=False, **look
            )
        elif not math.isnan(bar.end):
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


def _name_lines(rows: BarRows, width: float, height: float, size: Size) -> list[list[str]]:
    """Return the lines of each name, no wider than `width`; what does not fit is shortened, no two alike."""
    text_width, names = make_text_width(size.text), [clean_text(row.name) for row in rows.rows]
    most = max(1, min(_NAME_LINES, math.floor((height / size.text - 0.7) / LINE_HEIGHT + 1e-6)))
    for length in range(max(map(len, names), default=0), 1, -1):
        short = shorten_names(names, length)
        if all(len(wrap_text(name, width, text_width)) <= most for name in short.values()):
            return [wrap_evenly(short[name], width, text_width, lines=most) for name in names]
    return [[name] for name in names]
