"""Labels at the right end of lines and areas, apart from each other, in the order of the lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.frame import Canvas
from sim.charts.plot_grid import PlotBox, PlotGrid
from sim.charts.style import LINE_HEIGHT, Size
from sim.charts.text_layout import clean_text, make_text_width, wrap_text
from sim.names import shorten_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Most of the width of a box that labels take.
_MOST_WIDTH = 0.3
_MOST_LINES = 3
#: Space between plot and label for a swatch or a leader, relative to the type size.
_GAP = 1.9


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A label and the value that it belongs to; `look` has the properties of its swatch or line."""

    value: float
    text: str
    look: Mapping[str, Any] = field(default_factory=dict)


def label_space(texts: Sequence[str], size: Size, columns: int = 1) -> float:
    """Return the space for labels on the right of a plot, in points."""
    if not texts:
        return 0.0
    box = (size.width - 2 * size.margin) / columns
    width = make_text_width(size.text)
    longest = max(map(width, map(clean_text, texts)))
    word = max(width(word) for text in texts for word in clean_text(text).split(" "))
    return min(longest, max(_MOST_WIDTH * box, min(word, 1.25 * _MOST_WIDTH * box))) + _GAP * size.text


def draw_end_labels(
    canvas: Canvas, box: PlotBox, grid: PlotGrid, axes: Axes, labels: Sequence[EndLabel]
) -> None:
    """Write labels on the right of a plot at the height of their values, moved apart where needed."""
    size, (low, high) = grid.size, axes.get_ylim()
    plot, bottom = box.height - grid.heading - box.strip, box.bottom + box.strip
    line = size.text * LINE_HEIGHT
    most = max(1, min(_MOST_LINES, int(plot / (line * max(1, len(labels))))))
    # Half a point against rounding.
    wide = grid.beside - _GAP * size.text + 0.5
    order = sorted(labels, key=lambda label: -label.value)
    rows = _label_lines([clean_text(label.text) for label in order], wide, most, size)
    heights = [len(each) * line for each in rows]
    wanted = [bottom + (label.value - low) / (high - low) * plot for label in order]
    middles = spread_apart(wanted, heights, bottom, bottom + plot)
    right = box.left + grid.left + grid.width
    for label, lines, middle, at in zip(order, rows, middles, wanted, strict=True):
        _draw_leader(canvas, label, (right, at), middle, size)
        top = middle + len(lines) * line / 2
        for down, text in enumerate(lines):
            base = top - down * line - size.text
            canvas.write(right + _GAP * size.text, base, text, size.text, style.INK)


def _label_lines(texts: Sequence[str], wide: float, most: int, size: Size) -> list[list[str]]:
    """Return the lines of each label: names are shortened where needed, no two alike; figures are kept."""
    text_width = make_text_width(size.text)
    split = [text.rpartition(": ") for text in texts]
    names = [name or figure for name, _, figure in split]
    ends = [f": {figure}" if name else "" for name, _, figure in split]
    for length in range(max(map(len, names), default=0), 1, -1):
        short = shorten_names(names, length)
        rows = [
            wrap_text(f"{short[name]}{end}", wide, text_width) for name, end in zip(names, ends, strict=True)
        ]
        if all(len(each) <= most for each in rows):
            return rows
    return [wrap_text(text, wide, text_width, lines=most) for text in texts]


def spread_apart(wanted: Sequence[float], heights: Sequence[float], bottom: float, top: float) -> list[float]:
    """Return the middles of boxes, from the top down, as near to the wanted ones as fits."""
    found: list[float] = []
    for place, (middle, height) in enumerate(zip(wanted, heights, strict=True)):
        most = top - height / 2 if not found else found[-1] - (heights[place - 1] + height) / 2
        found.append(min(middle, most))
    least = bottom
    for place in range(len(found) - 1, -1, -1):
        found[place] = max(found[place], least + heights[place] / 2)
        least = found[place] + heights[place] / 2
    assert all(a > b for a, b in pairwise(found))  # noqa: S101 - heights are positive
    return found


def _draw_leader(
    canvas: Canvas, label: EndLabel, end: tuple[float, float], middle: float, size: Size
) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    x, at = end
    if "facecolor" in label.look:
        tall = size.text * 0.78
        corner = (x + size.text * 0.6, middle - tall / 2)
        swatch = Rectangle(corner, size.text * 0.9, tall, transform=canvas.points, **label.look)
        canvas.figure.add_artist(swatch)
        return
    near, far = x + size.text * 0.35, x + (_GAP - 0.3) * size.text
    look: dict[str, Any] = {"color": style.GREY_TEXT, **label.look, "linewidth": 0.7}
    canvas.figure.add_artist(Line2D([near, far], [at, middle], transform=canvas.points, **look))
