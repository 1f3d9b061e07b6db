"""Label of a line that crosses a plot, placed clear of the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.frame import Canvas
from sim.charts.style import Size
from sim.charts.sweep_axes import PlacedPlot
from sim.charts.text_layout import make_text_width

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.path import Path
    from matplotlib.transforms import Bbox
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def label_line(
    canvas: Canvas,
    placed: PlacedPlot,
    pieces: Sequence[Floats],
    text: str,
    size: Size,
    others: Sequence[Floats] = (),
) -> None:
    """Write a label close to a line and to the centre of the plot; omit it if no position is clear.

    The `pieces` of the line, and `others` that the label must not touch, are arrays of points in data
    coordinates.
    """
    from matplotlib.patches import Rectangle

    frame = clear_frame(placed, pieces, text, size, others=others)
    if frame is None:
        return
    look: dict[str, Any] = {"facecolor": "white", "edgecolor": style.INK, "linewidth": 0.6}
    frame_patch = Rectangle(frame.p0, frame.width, frame.height, transform=canvas.points, zorder=4, **look)
    canvas.figure.add_artist(frame_patch)
    canvas.write((frame.x0 + frame.x1) / 2, frame.y0 + size.text * 0.42, text, size.text, style.INK)
    canvas.figure.texts[-1].set(zorder=5, horizontalalignment="center")


def clear_frame(
    placed: PlacedPlot,
    pieces: Sequence[Floats],
    text: str,
    size: Size,
    *,
    others: Sequence[Floats] = (),
    taken: Sequence[Bbox] = (),
) -> Bbox | None:
    """Return the frame of a label beside a line, closest to the centre of the plot; None if none is clear.

    The frame does not hit the `pieces` of the line, `others` (both in data coordinates) or frames in `taken`.
    """
    import numpy as np
    from matplotlib.path import Path
    from matplotlib.transforms import Bbox

    own, rest = ([Path([placed.point(x, y) for x, y in line]) for line in each] for each in (pieces, others))
    plot = Bbox.from_bounds(placed.left, placed.bottom, placed.width, placed.height)
    wide, tall = make_text_width(size.text)(text) + size.text * 0.8, size.text * 1.5
    gap = size.text * 0.5
    frames = (
        Bbox.from_bounds(*corner, wide, tall)
        for line in own
        for x, y in np.asarray(line.vertices)
        for corner in _corners(x, y, wide, tall, gap)
    )
    inside = sorted(
        (each for each in frames if plot.contains(*each.p0) and plot.contains(*each.p1)),
        key=partial(_distance_from_centre, plot),
    )
    clear = (
        each
        for each in inside
        if not _is_hit(each.padded(gap / 2), [*own, *rest]) and not any(map(each.overlaps, taken))
    )
    return next(clear, None)


def _corners(x: float, y: float, wide: float, tall: float, gap: float) -> Iterator[tuple[float, float]]:
    """Yield the lower left corners of frames beside, above and below a point."""
    yield x + gap, y - tall / 2
    yield x - gap - wide, y - tall / 2
    yield x - wide / 2, y + gap
    yield x - wide / 2, y - gap - tall
    yield x + gap, y - gap - tall
    yield x - gap - wide, y + gap
    yield x + gap, y + gap
    yield x - gap - wide, y - gap - tall


def _is_hit(frame: Bbox, lines: Sequence[Path]) -> bool:
    return any(line.intersects_bbox(frame, filled=False) for line in lines)


def _distance_from_centre(plot: Bbox, frame: Bbox) -> float:
    across, up = ((frame.p0 + frame.p1) / 2 - plot.p0) / plot.size - 0.5
    return float(across**2 + up**2)
