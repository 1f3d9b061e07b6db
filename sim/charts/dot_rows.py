"""Rows of dots with intervals, in stacked panels: the layout of the comparison chart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.drawn_series import record
from sim.charts.frame import Canvas
from sim.charts.style import Size
from sim.charts.text_layout import TextWidth, make_text_width
from sim.charts.ticks import ticks_between
from sim.findings.comparison_words import mark_label
from sim.formatting import MINUS
from sim.formatting import axis_labels as labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.study.paired_difference import Difference

#: Colour and shape of each scenario; shapes differ too, for grey print.
MARKER_STYLES = tuple(zip(style.SCENARIOS, ("o", "D", "^", "s", "v"), strict=True))
_MAX_TICKS = 6
#: Units of shares, drawn in percent.
_POINTS = ("share", "share of the requirement")
#: Least width of the plot, as a share; intervals are left out of the labels to keep it.
_MIN_PLOT_SHARE = 0.42


@dataclass(frozen=True, slots=True)
class DotGroup:
    """Rows of one outcome: its difference in scenarios, with the places of these in the key."""

    label: str
    differences: Sequence[Difference]
    places: Sequence[int]


@dataclass(frozen=True, slots=True)
class DotPanel:
    """Outcomes of one unit, on one axis."""

    heading: str
    groups: Sequence[DotGroup]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return sum(len(group.differences) for group in self.groups)


@dataclass(frozen=True, slots=True)
class PanelSpacing:
    """Heights in a panel, in points: `gap` between outcomes, `pad` above the first and below the last row."""

    heading: float
    row: float
    gap: float
    pad: float
    axis: float

    @classmethod
    def of(cls, size: Size, stretch: float = 1.0) -> PanelSpacing:
        """Return the spacing for a chart size, with rows `stretch` times the least height."""
        text = size.text
        return cls(text * 1.7, text * 1.4 * stretch, text * 0.5 * stretch, text * 0.4, text * 2.1)

    def plot(self, panel: DotPanel) -> float:
        """Return the height of the plot in a panel."""
        return panel.rows * self.row + (len(panel.groups) - 1) * self.gap + 2 * self.pad

    def stack(self, panels: Sequence[DotPanel]) -> float:
        """Return the height of stacked panels."""
        return sum(self.heading + self.plot(panel) + self.axis for panel in panels)


def fit_spacing(columns: Sequence[Sequence[DotPanel]], size: Size, room: float) -> PanelSpacing:
    """Return the spacing with which columns of panels fill `room`, rows stretched at most 1.8 times."""
    tight, wide = PanelSpacing.of(size), PanelSpacing.of(size, 1.8)
    least, most = (max(map(spacing.stack, columns)) for spacing in (tight, wide))
    part = 0.0 if most <= least else (room - least) / (most - least)
    return PanelSpacing.of(size, 1.0 + 0.8 * min(1.0, max(0.0, part)))


def draw_stack(
    canvas: Canvas,
    panels: Sequence[DotPanel],
    spacing: PanelSpacing,
    size: Size,
    place: tuple[float, float, float],
) -> None:
    """Draw stacked panels; `place` is left, top and width, in points."""
    left, top, width = place
    label, value, spread = _column_widths(panels, size, width)
    for panel in panels:
        box = (left + label, top, width - label - value)
        _draw_panel(canvas, panel, spacing, size, left=left, box=box, spread=spread)
        top -= spacing.stack([panel])


def shows_intervals(panels: Sequence[DotPanel], size: Size, width: float) -> bool:
    """Return whether stacked panels show an interval: in a label, or as a line longer than its dot."""
    label, value, spread = _column_widths(panels, size, width)
    plot = width - label - value
    for panel in panels:
        low, high = _axis_limits(panel, plot, size)
        for change in (change for group in panel.groups for change in group.differences):
            if change.never or change.nothing or change.low is None or change.high is None:
                continue
            is_labelled = mark_label(change, spread=spread) != mark_label(change, spread=False)
            if is_labelled or (change.high - change.low) / (high - low) * plot > size.text:
                return True
    return False


def _column_widths(panels: Sequence[DotPanel], size: Size, width: float) -> tuple[float, float, bool]:
    """Return the widths of labels and of values, and whether the values have room for intervals."""
    text_width = make_text_width(size.text)
    label = max(text_width(group.label) for panel in panels for group in panel.groups) + size.text * 0.9
    changes = [change for panel in panels for group in panel.groups for change in group.differences]
    full = _value_width(changes, text_width, size, spread=True)
    if width - label - full >= _MIN_PLOT_SHARE * width:
        return label, full, True
    return label, _value_width(changes, text_width, size, spread=False), False


def _value_width(changes: Sequence[Difference], text_width: TextWidth, size: Size, *, spread: bool) -> float:
    return max(text_width(mark_label(change, spread=spread)) for change in changes) + size.text * 0.9


def _draw_panel(
    canvas: Canvas,
    panel: DotPanel,
    spacing: PanelSpacing,
    size: Size,
    *,
    left: float,
    box: tuple[float, float, float],
    spread: bool,
) -> None:
    x, top, width = box
    canvas.write(left, top - size.text * 0.95, panel.heading, size.text, style.INK, bold=True)
    height = spacing.plot(panel)
    bottom = top - spacing.heading - height
    axes = canvas.axes(x, bottom, width, height)
    low, high = _axis_limits(panel, width, size)
    axes.set_label(panel.heading)
    axes.set_xlim(low, high)
    axes.set_ylim(0.0, height)
    unit = panel.groups[0].differences[0].unit
    _draw_axis(canvas, axes, size, (x, bottom, width), 100.0 if unit in _POINTS else 1.0)
    y = height - spacing.pad - spacing.row / 2
    for group in panel.groups:
        base = bottom - size.text * 0.36
        canvas.write(left, base + y, group.label, size.text, style.INK)
        for place, change in zip(group.places, group.differences, strict=True):
            if not change.never:
                name = group.label if len(group.places) == 1 else f"{group.label} ({place + 1})"
                record(axes, name, [change.difference])
                record(axes, f"{name}, interval", [change.low], x_end=[change.high])
            _draw_change(axes, change, y, size, look=MARKER_STYLES[place], a_point=(high - low) / width)
            canvas.write(
                x + width + size.text * 0.9, base + y, mark_label(change, spread=spread), size.text, style.INK
            )
            y -= spacing.row
        y -= spacing.gap


def _axis_limits(panel: DotPanel, width: float, size: Size) -> tuple[float, float]:
    """Return axis limits that include zero, with room for dots and arrows at both ends."""
    shown = [change for group in panel.groups for change in group.differences if not change.never]
    values = [value for c in shown for value in (c.difference, c.low, c.high) if value is not None]
    low, high = min([0.0, *values]), max([0.0, *values])
    if low == high:
        low, high = -1.0, 1.0
    room = size.text * 1.7 * (high - low) / (width - 3.4 * size.text)
    return low - room, high + room


def _draw_axis(
    canvas: Canvas, axes: Axes, size: Size, box: tuple[float, float, float], factor: float
) -> None:
    x, bottom, width = box
    low, high = axes.get_xlim()
    text_width = make_text_width(size.text)
    marks, texts = _axis_ticks(low, high, width, text_width, factor)
    axes.axhline(0.0, color=style.GRID_GREY, linewidth=0.7)
    for mark, text in zip(marks, texts, strict=True):
        colour, thick = (style.GREY_TEXT, 0.9) if mark == 0.0 else (style.GRID_GREY, 0.5)
        axes.axvline(mark, zorder=0.5, color=colour, linewidth=thick)
        at = x + (mark - low) / (high - low) * width
        canvas.centre(at, bottom - size.text * 1.2, text, size.text, style.GREY_TEXT)


def _axis_ticks(
    low: float, high: float, width: float, text_width: TextWidth, factor: float
) -> tuple[list[float], list[str]]:
    """Return as many round ticks as fit without overlap, zero among them, and their labels."""
    for most in range(_MAX_TICKS, 1, -1):
        marks = ticks_between(low, high, most)
        texts = [text.replace("-", MINUS) for text in labels([mark * factor for mark in marks])]
        texts = [f"+{text}" if mark > 0 else text for mark, text in zip(marks, texts, strict=True)]
        apart = (marks[1] - marks[0]) / (high - low) * width if len(marks) > 1 else math.inf
        if apart > 1.6 * max(map(text_width, texts)):
            return marks, texts
    return [0.0], ["0"]


def _draw_change(
    axes: Axes, change: Difference, y: float, size: Size, *, look: tuple[str, str], a_point: float
) -> None:
    if change.never:
        return
    colour, marker = look
    line: dict[str, Any] = {"color": colour, "linewidth": size.line * 0.75, "solid_capstyle": "butt"}
    if change.low is not None and change.high is not None and not change.nothing:
        axes.plot([change.low, change.high], [y, y], **line)
        cap = size.text * 0.24
        if (change.high - change.low) / a_point > size.text:
            for end in (change.low, change.high):
                axes.plot([end, end], [y - cap, y + cap], **line)
    side = {"lower": 1.0, "upper": -1.0}.get(change.bound or "")
    if side is not None:
        tip = change.difference + side * size.text * 1.35 * a_point
        axes.plot([change.difference, tip], [y, y], **line)
        arrow = ">" if side > 0 else "<"
        axes.plot([tip], [y], marker=arrow, markersize=size.text * 0.42, color=colour, linestyle="none")
    face = colour if change.bound is None else "white"
    dot: dict[str, Any] = {"markeredgecolor": colour, "markeredgewidth": size.line * 0.75}
    scale = 0.52 if marker == "D" else 0.62
    axes.plot(
        [change.difference],
        [y],
        marker=marker,
        markersize=size.text * scale,
        markerfacecolor=face,
        linestyle="none",
        zorder=3,
        **dot,
    )
