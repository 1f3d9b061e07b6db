"""Record of the numbers in a figure: lines, bands, bars and cells, as they are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A number, or a name on an axis of names; None where there is nothing.
Cell: TypeAlias = float | str | None


@dataclass(frozen=True, slots=True)
class DrawnSeries:
    """One line, band, area or row of a plot, in base units.

    Attributes
    ----------
    plot : str
        Heading of the plot; empty if there is only one.
    name : str
    x, x_end, y, y_end, value : tuple of Cell
        Of each point; `x_end` and `y_end` are the far ends of bars and bands, `value` that of a cell of a
        heat map.
    text : str
        Label next to it; empty without one.
    is_date : bool
        Whether `x` and `x_end` are ordinals of dates.
    """

    plot: str
    name: str
    x: tuple[Cell, ...]
    x_end: tuple[Cell, ...]
    y: tuple[Cell, ...]
    y_end: tuple[Cell, ...]
    value: tuple[Cell, ...]
    text: str
    is_date: bool


def record(
    axes: Axes,
    name: str,
    x: Iterable[Any],
    y: Iterable[Any] | None = None,
    *,
    x_end: Iterable[Any] | None = None,
    y_end: Iterable[Any] | None = None,
    value: Iterable[Any] | None = None,
    text: str = "",
    is_date: bool = False,
) -> None:
    """Record a series that is drawn on some axes; see `DrawnSeries`.

    The plot has the label of the axes. Figures that `open_canvas` did not make record nothing.
    """
    recorded = getattr(axes.get_figure(root=True), "series", None)
    if recorded is None:
        return
    cells = tuple(map(_cell, x))

    def column(values: Iterable[Any] | None) -> tuple[Cell, ...]:
        return (None,) * len(cells) if values is None else tuple(map(_cell, values))

    ends, heights, tops, values = map(column, (x_end, y, y_end, value))
    plot = str(axes.get_label())
    recorded.append(DrawnSeries(plot, name, cells, ends, heights, tops, values, text, is_date))


def record_dates(
    axes: Axes,
    name: str,
    x: Iterable[Any],
    y: Iterable[Any],
    *,
    x_end: Iterable[Any] | None = None,
    y_end: Iterable[Any] | None = None,
) -> None:
    """Record a series over the calendar, with ordinals of dates as `x`."""
    record(axes, name, x, y, x_end=x_end, y_end=y_end, is_date=True)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str):
        return value
    number = float(value)
    return None if number != number else number
