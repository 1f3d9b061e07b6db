"""Text alternatives of a figure: the table of its numbers, and an alt text for screen readers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from sim.account import ROUNDING
from sim.charts.appearance import load_house_style
from sim.charts.drawn_series import Cell, DrawnSeries
from sim.errors import format_count
from sim.formatting import as_sentence, compact, long_date
from sim.language import use_language

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from matplotlib.figure import Figure

    from sim.house_style.house_style import HouseStyle

COLUMNS = ("plot", "series", "x", "x_end", "y", "y_end", "value")
#: Most series of one plot in the text.
_MOST_SERIES = 12


def figure_table(figure: Figure) -> pd.DataFrame:
    """Return the numbers of a figure, a row for each point.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        A figure of `sim.charts`.

    Returns
    -------
    pandas.DataFrame
        Columns ``plot`` (heading), ``series``, ``x``, ``x_end``, ``y``, ``y_end`` and ``value``, in base
        units. Dates are text (``2023-09-01``); ``x_end`` and ``y_end`` are the far ends of bars and bands,
        ``value`` is that of a cell of a heat map. Empty if the figure records no numbers.
    """
    import pandas as pd

    rows = [
        (each.plot, each.name, _x(each, x), _x(each, x_end), *rest)
        for each in _series_of(figure)
        for x, x_end, *rest in zip(each.x, each.x_end, each.y, each.y_end, each.value, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(object).where(lambda cells: cells.notna(), None)


def alternative_text(figure: Figure, *, style: HouseStyle | Path | str | None = None) -> str:
    """Return a text in place of a figure: its finding, what its plots hold, and where the numbers are from.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        A figure of `sim.charts`.
    style : HouseStyle, Path or str, optional
        The house style of the figure, for the language of dates and numbers.
    """
    head = [str(figure.get_label()), *(str(getattr(figure, name, "")) for name in ("subtitle", "axis"))]
    with use_language(load_house_style(style).language):
        plots = [
            _plot_text(name, list(group))
            for name, group in groupby(_series_of(figure), lambda each: each.plot)
        ]
    notes = getattr(figure, "notes", ())
    lines = [as_sentence(text) for text in map(_one_line, head) if text]
    return "\n".join([*lines, *plots, *map(_one_line, filter(None, notes))]) + "\n"


def _series_of(figure: Figure) -> Sequence[DrawnSeries]:
    found: Sequence[DrawnSeries] = getattr(figure, "series", ())
    return found


def _x(series: DrawnSeries, cell: Cell) -> Cell:
    if not series.is_date or cell is None or isinstance(cell, str):
        return cell
    whole = dt.date.fromordinal(math.floor(cell))
    rest = round((cell - math.floor(cell)) * 86_400)
    if not rest:
        return whole.isoformat()
    return (dt.datetime.combine(whole, dt.time()) + dt.timedelta(seconds=rest)).isoformat()


def _plot_text(heading: str, series: Sequence[DrawnSeries]) -> str:
    shown = [_series_text(each) for each in series[:_MOST_SERIES]]
    if len(series) > _MOST_SERIES:
        shown.append(f"{len(series) - _MOST_SERIES} more series")
    lead = f"{_one_line(heading)}: " if heading else ""
    return f"{lead}{'; '.join(filter(None, shown))}."


def _series_text(series: DrawnSeries) -> str:
    """Return a series in words: its label, or its first and last value."""
    name = _one_line(series.name)
    if series.text:
        return f"{name}: {_one_line(series.text)}"
    cells = [value for value in series.value if value is not None]
    if cells:
        lowest, highest = (_number(each(cells, key=lambda cell: cell)) for each in (min, max))
        return f"{name}: {format_count(len(cells), 'cell')} from {lowest} to {highest}"
    is_row = all(each is None for each in series.y)
    low, high = (series.x, series.x_end) if is_row else (series.y, series.y_end)
    points = [
        (place, _interval(a, b))
        for place, a, b in zip(series.x, low, high, strict=True)
        if a is not None or b is not None
    ]
    if is_row or not points:
        return f"{name}: {', '.join(text for _, text in points) or 'nothing'}"
    (first, begin), (last, end) = points[0], points[-1]
    if len(points) == 1:
        return f"{name}: {begin} {_place(series, first)}"
    return f"{name}: {begin} {_place(series, first)}, {end} {_place(series, last)}"


def _interval(low: Cell, high: Cell) -> str:
    ends = [_number(each) for each in (low, high) if each is not None]
    return " to ".join(dict.fromkeys(ends))


def _number(cell: Cell) -> str:
    if not isinstance(cell, float):
        return str(cell or "")
    return compact(cell if abs(cell) > ROUNDING else 0.0)


def _place(series: DrawnSeries, cell: Cell) -> str:
    if series.is_date and isinstance(cell, float):
        return f"on {long_date(dt.date.fromordinal(math.floor(cell)))}"
    return f"at {_number(cell)}"


def _one_line(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())
