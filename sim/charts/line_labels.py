"""Label of a line that crosses a plot, placed clear of the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.frame import Canvas
from sim.charts.style import Size
from sim.charts.sweep_axes import PlacedPlot
from sim.charts.text_layout import make_text_width

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Left, bottom, right and top, in points.
Bounds = tuple[float, float, float, float]
Point = tuple[float, float]


def label_line(canvas: Canvas, placed: PlacedPlot, pieces: Sequence[Floats], text: str, size: Size) -> None:
    """Write a label close to a line and to the centre of the plot; omit it if no position is clear.

    Parameters
    ----------
    canvas : Canvas
    placed : PlacedPlot
        The plot.
    pieces : sequence of array, shape (points, 2)
        The line, in data coordinates.
    text : str
    size : Size
    """
    from matplotlib.patches import Rectangle

    drawn = [[placed.point(x, y) for x, y in piece] for piece in pieces]
    strokes = [stroke for piece in drawn for stroke in pairwise(piece)]
    wide, tall = make_text_width(size.text)(text) + size.text * 0.8, size.text * 1.5
    gap = size.text * 0.5
    frames = (frame for piece in drawn for at in piece for frame in _candidate_positions(at, wide, tall, gap))
    inside = sorted(
        (each for each in frames if _is_inside(each, placed)), key=partial(_distance_from_centre, placed)
    )
    clear = next((each for each in inside if not _is_hit(each, strokes, gap / 2)), None)
    if clear is None:
        return
    left, bottom, _, _ = clear
    look: dict[str, Any] = {"facecolor": "white", "edgecolor": style.INK, "linewidth": 0.6}
    canvas.figure.add_artist(Rectangle((left, bottom), wide, tall, transform=canvas.points, zorder=4, **look))
    canvas.write(left + size.text * 0.4, bottom + size.text * 0.42, text, size.text, style.INK)
    canvas.figure.texts[-1].set_zorder(5)


def _candidate_positions(at: Point, wide: float, tall: float, gap: float) -> Iterator[Bounds]:
    x, y = at
    for left, bottom in (
        (x + gap, y - tall / 2),
        (x - gap - wide, y - tall / 2),
        (x - wide / 2, y + gap),
        (x - wide / 2, y - gap - tall),
        (x + gap, y - gap - tall),
        (x - gap - wide, y + gap),
        (x + gap, y + gap),
        (x - gap - wide, y - gap - tall),
    ):
        yield left, bottom, left + wide, bottom + tall


def _is_inside(frame: Bounds, placed: PlacedPlot) -> bool:
    left, bottom, right, top = frame
    across = placed.left <= left and right <= placed.left + placed.width
    return across and placed.bottom <= bottom and top <= placed.bottom + placed.height


def _is_hit(frame: Bounds, strokes: Sequence[tuple[Point, Point]], gap: float) -> bool:
    """Return whether any stroke comes closer to a frame than a gap."""
    left, bottom, right, top = frame
    wider = (left - gap, bottom - gap, right + gap, top + gap)
    return any(_crosses(wider, one, other) for one, other in strokes)


def _crosses(frame: Bounds, one: Point, other: Point) -> bool:
    """Return whether a stroke crosses a frame (Liang and Barsky 1984)."""
    left, bottom, right, top = frame
    across, up = other[0] - one[0], other[1] - one[1]
    enters, leaves = 0.0, 1.0
    for step, room in (
        (-across, one[0] - left),
        (across, right - one[0]),
        (-up, one[1] - bottom),
        (up, top - one[1]),
    ):
        if step == 0.0:
            if room < 0.0:
                return False
        elif step < 0.0:
            enters = max(enters, room / step)
        else:
            leaves = min(leaves, room / step)
    return enters <= leaves


def _distance_from_centre(placed: PlacedPlot, frame: Bounds) -> float:
    left, bottom, right, top = frame
    across = ((left + right) / 2 - placed.left) / placed.width - 0.5
    return across**2 + (((bottom + top) / 2 - placed.bottom) / placed.height - 0.5) ** 2
