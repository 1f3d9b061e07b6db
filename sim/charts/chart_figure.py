"""Matplotlib figure with the numbers that it shows and the text around its plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from sim.charts.drawn_series import DrawnSeries


class ChartFigure(Figure):
    """A figure of this package.

    Attributes
    ----------
    series : list of DrawnSeries
        What its plots show, in the order of drawing.
    subtitle, axis : str
        The subtitle, and the label of the vertical axis.
    notes : tuple of str
        Below the plots: definitions, sources, provenance.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.series: list[DrawnSeries] = []
        self.subtitle, self.axis = "", ""
        self.notes: tuple[str, ...] = ()
