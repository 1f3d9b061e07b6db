"""Faults of the layout of a figure: text that is cut, overlaps or is too small; and formats of its file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from tests.support.known_result import plot_axes

FORMATS = ("png", "svg", "pdf")


def kinds_in_formats(kinds: Sequence[str]) -> list[Any]:
    """Return each kind in each format: in each run of the tests a kind in one of them, else a campaign."""
    return [
        pytest.param(kind, form, marks=[] if (k + f) % len(FORMATS) == 0 else pytest.mark.campaign)
        for k, kind in enumerate(kinds)
        for f, form in enumerate(FORMATS)
    ]


def text_boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    figure.set_dpi(200)
    figure.draw_without_rendering()
    shown = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    return [(text.get_text(), text.get_window_extent()) for text in shown]


def cut_texts(figure: Figure, found: Sequence[tuple[str, Bbox]]) -> list[str]:
    """Return each text that is not wholly within the figure."""
    right, top = figure.bbox.max
    edges = ((text, *box.extents) for text, box in found)
    return [text for text, x0, y0, x1, y1 in edges if not (x0 >= 0 and y0 >= 0 and x1 <= right and y1 <= top)]


def overlapping_texts(found: Sequence[tuple[str, Bbox]]) -> list[tuple[str, str]]:
    """Return each two texts whose boxes have more than an edge in common."""
    # Arrays, since a figure has thousands of pairs and a box computes each of its edges anew.
    x0, y0, x1, y1 = np.array([box.extents for _, box in found]).T
    beside = (x1[:, np.newaxis] <= x0) | (y1[:, np.newaxis] <= y0)
    pairs = np.argwhere(np.triu(~(beside | beside.T), 1))
    return [(found[one][0], found[other][0]) for one, other in pairs]


def find_layout_faults(figure: Figure) -> list[str]:
    """Return a line for each text that is cut, that overlaps another or a plot, or is too small."""
    found = text_boxes(figure)
    faults = [f"{text!r} is cut" for text in cut_texts(figure, found)]
    faults += [f"{one!r} overlaps {other!r}" for one, other in overlapping_texts(found)]
    for axes in plot_axes(figure):
        plot = axes.get_window_extent()
        inner = plot.shrunk(0.98, 0.98)
        faults += [f"{text!r} is in the plot" for text, box in found if inner.overlaps(box)]
        faults += [] if plot.height > 55 * 200 / 72 else ["less than 55 points of room for a plot"]
        faults += [] if plot.width > 75 * 200 / 72 else ["less than 75 points of width for a plot"]
    sizes = (float(text.get_fontsize()) for text in figure.findobj(Text) if text.get_text())
    return faults + [f"type of {size} points" for size in sizes if size < 7.0]
