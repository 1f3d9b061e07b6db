"""Record of the numbers in a figure: lines, bands, bars and cells, as they are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, TypeAlias

from sim.formatting import NumberFormat

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: A number, or a name on an axis of names; None where there is nothing.
Cell: TypeAlias = float | str | None


class Shape(Enum):
    """Shape of a series: bars along `x`, a line or band of `y` over `x`, or the cells of a heat map."""

    ROW = auto()
    LINE = auto()
    CELLS = auto()


@dataclass(frozen=True, slots=True)
class SeriesFormat:
    """Format of the numbers of a series in words, as the picture has them.

    Attributes
    ----------
    x, y : NumberFormat
        `y` is also that of the cells of a heat map.
    missing : str
        Words for a number that does not exist: ``not within the period``; empty to leave such points out.
    """

    x: NumberFormat = field(default_factory=NumberFormat)
    y: NumberFormat = field(default_factory=NumberFormat)
    missing: str = ""


_PLAIN = SeriesFormat()


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
    shape : Shape
    has_ends : bool
        Whether it is a band, or has bars with a length.
    format : SeriesFormat
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
    shape: Shape
    has_ends: bool
    format: SeriesFormat


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
    series_format: SeriesFormat = _PLAIN,
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
    shape = Shape.CELLS if value is not None else Shape.ROW if y is None else Shape.LINE
    has_ends = x_end is not None or y_end is not None
    look = (shape, has_ends, series_format)
    recorded.append(DrawnSeries(plot, name, cells, ends, heights, tops, values, text, is_date, *look))


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
