"""Faults of the layout of a figure: text that is cut, overlaps or is too small."""

from __future__ import annotations

import itertools

from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from tests.support.known_result import plot_axes


def text_boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    figure.set_dpi(200)
    figure.draw_without_rendering()
    shown = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    return [(text.get_text(), text.get_window_extent()) for text in shown]


def find_layout_faults(figure: Figure) -> list[str]:
    """Return a line for each text that is cut, that overlaps another or a plot, or is too small."""
    found = text_boxes(figure)
    faults = [
        f"{text!r} is cut"
        for text, box in found
        if box.x0 < 0 or box.y0 < 0 or box.x1 > figure.bbox.x1 or box.y1 > figure.bbox.y1
    ]
    for (one, a), (other, b) in itertools.combinations(found, 2):
        if not (a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 or b.y1 <= a.y0):
            faults.append(f"{one!r} overlaps {other!r}")
    for axes in plot_axes(figure):
        plot = axes.get_window_extent()
        faults += [f"{text!r} is in the plot" for text, box in found if plot.shrunk(0.98, 0.98).overlaps(box)]
        faults += [] if plot.height > 55 * 200 / 72 else ["less than 55 points of room for a plot"]
        faults += [] if plot.width > 75 * 200 / 72 else ["less than 75 points of width for a plot"]
    sizes = (float(text.get_fontsize()) for text in figure.findobj(Text) if text.get_text())
    return faults + [f"type of {size} points" for size in sizes if size < 7.0]
