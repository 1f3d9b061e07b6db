"""Text alternatives of a figure: the table of its numbers, and an alt text for screen readers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from sim.account import ROUNDING
from sim.charts.appearance import load_house_style
from sim.charts.drawn_series import Cell, DrawnSeries, Shape
from sim.errors import format_count
from sim.formatting import NumberFormat, as_sentence, compact, long_date
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
    """Return a series in words: its label, or its first and last value and where values start or stop."""
    name = _one_line(series.name)
    if series.text:
        return f"{name}: {_one_line(series.text)}"
    if series.shape is Shape.CELLS:
        return f"{name}: {_cells_text(series)}"
    if series.shape is Shape.ROW:
        texts = [_row_text(series, *ends) for ends in zip(series.x, series.x_end, strict=True)]
    else:
        points = [(_interval(series, low, high), _place(series, x)) for x, low, high in _notable(series)]
        texts = [f"{text} {place}" for text, place in points]
        if {text for text, _ in points} == {series.format.missing}:
            texts = [series.format.missing]
    return f"{name}: {', '.join(filter(None, texts)) or 'nothing'}"


def _cells_text(series: DrawnSeries) -> str:
    cells = [value for value in series.value if value is not None]
    empty = len(series.value) - len(cells)
    texts = []
    if cells:
        lowest, highest = (_height(series, each(cells, key=lambda cell: cell)) for each in (min, max))
        texts.append(f"{format_count(len(cells), 'cell')} from {lowest} to {highest}")
    if empty and series.format.missing:
        texts.append(f"{format_count(empty, 'cell')} {series.format.missing}")
    return ", ".join(texts) or "nothing"


def _notable(series: DrawnSeries) -> list[tuple[Cell, Cell, Cell]]:
    """Return the first and the last point, and those next to a change in which ends are missing."""
    points = list(zip(series.x, series.y, series.y_end, strict=True))
    if not series.format.missing:
        points = [point for point in points if point[1:] != (None, None)]
        return points if len(points) < 2 else [points[0], points[-1]]
    missing = [(low is None, high is None) for _, low, high in points]
    turns = [place for place in range(1, len(points)) if missing[place] != missing[place - 1]]
    shown = {0, len(points) - 1, *turns, *(place - 1 for place in turns)}
    return [point for place, point in enumerate(points) if place in shown]


def _row_text(series: DrawnSeries, low: Cell, high: Cell) -> str:
    written = _ends_text(series, low, high, partial(_scaled, series.format.x))
    return series.format.x.with_noun(written) if written not in {"", series.format.missing} else written


def _interval(series: DrawnSeries, low: Cell, high: Cell) -> str:
    return _ends_text(series, low, high, partial(_height, series))


def _ends_text(series: DrawnSeries, low: Cell, high: Cell, write: Callable[[Cell], str]) -> str:
    ends = (low, high) if series.has_ends else (low,)
    texts = (series.format.missing if each is None else write(each) for each in ends)
    return " to ".join(dict.fromkeys(filter(None, texts)))


def _height(series: DrawnSeries, cell: Cell) -> str:
    """Return a number of the vertical axis, whose heading has the unit."""
    percent = " %" if isinstance(cell, float) and series.format.y.suffix == " %" else ""
    return f"{_scaled(series.format.y, cell)}{percent}"


def _scaled(number_format: NumberFormat, cell: Cell) -> str:
    """Return a number without its unit, or a name."""
    if not isinstance(cell, float):
        return str(cell or "")
    if number_format.noun == "date":
        return number_format.text(cell)
    return compact(cell * number_format.factor if abs(cell) > ROUNDING else 0.0)


def _place(series: DrawnSeries, cell: Cell) -> str:
    if series.is_date and isinstance(cell, float):
        return f"on {long_date(dt.date.fromordinal(math.floor(cell)))}"
    if cell is None:
        return series.format.missing
    written = _scaled(series.format.x, cell)
    return f"at {series.format.x.with_noun(written) if isinstance(cell, float) else written}"


def _one_line(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())
