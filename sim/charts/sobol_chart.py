"""Sobol' chart: share of the variance of an outcome that each input explains."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import NumberAxis
from sim.charts.bar_rows import Bar, BarRow, BarRows
from sim.charts.frame import FrameText, LegendEntry
from sim.charts.input_rows import check_method, draw_figure, end_values
from sim.charts.sensitivity_data import MEANS_NOTE, SensitivityData, SensitivityLike
from sim.findings.sensitivity_figures import FIRST_ORDER, TOTAL, UNKNOWN, Index, SensitivityFigures
from sim.findings.sensitivity_findings import (
    TOO_FEW_POINTS,
    sensitivity_headline,
    share_of_variance,
    undefined_text,
)
from sim.formatting import integer, number_format
from sim.units import Unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FIRST_STYLE: dict[str, Any] = {"facecolor": style.BLUE, "edgecolor": style.BLUE, "linewidth": 0.3}
_TOTAL_STYLE: dict[str, Any] = {"facecolor": "#9AD3F5", "edgecolor": style.BLUE, "linewidth": 0.3}


@chart
def sobol(
    study: SensitivityData | SensitivityLike,
    size: str = "page",
    *,
    of: str | None = None,
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw the first-order and total indices of each input with intervals, largest total first.

    Parameters
    ----------
    study : Sensitivity or SensitivityData
        With the indices ``first`` and ``total`` (method ``sobol``).
    of : str, optional
        Name of the outcome; by default the first that an input affects.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ArgumentError
        The table has none of these indices or no such outcome, or the size is unknown.
    """
    data, form = SensitivityData.of(study), style.pick_size(size)
    outcome, figures = data.measure(of).name, data.figures
    check_method(figures, outcome, "sobol")
    key = [
        LegendEntry("alone (first order)", patch=_FIRST_STYLE),
        LegendEntry("with its interactions (total)", patch=_TOTAL_STYLE),
    ]
    axis = f"Part of the variance of {figures.noun(outcome)} that each input explains, and {data.interval}"
    title = sensitivity_headline(figures, outcome).sentence
    notes = [MEANS_NOTE] if data.runs > 1 else []
    if any(value != share_of_variance(value) for value in end_values(figures, outcome, (FIRST_ORDER, TOTAL))):
        notes.append("Estimates below 0 or above 100 % are drawn at these limits.")
    text = FrameText(title, data.title, axis, key, notes)
    return draw_figure(_rows(figures, outcome), data.about(outcome), form, text)


def _rows(figures: SensitivityFigures, outcome: str) -> BarRows:
    names = figures.input_names()
    rows = []
    for path in figures.ranked(outcome, TOTAL):
        indices = [
            _within_limits(figures.indices[outcome][path].get(name, UNKNOWN)) for name in (FIRST_ORDER, TOTAL)
        ]
        looks = (_FIRST_STYLE, _TOTAL_STYLE)
        bars = [
            Bar(0.0, index.value, look, (index.low, index.high), lane)
            for lane, (index, look) in enumerate(zip(indices, looks, strict=True))
            if index.has_interval
        ]
        rows.append(BarRow(names[path], bars, _texts(figures, outcome, indices)))
    return BarRows(rows, NumberAxis(0.0, 1.02, "", number_format(Unit.SHARE)), lanes=2, base=0.0)


def _within_limits(index: Index) -> Index:
    """Return an index and its interval within 0 and 1, which sampling may leave."""
    return Index(
        *(x if math.isnan(x) else share_of_variance(x) for x in (index.value, index.low, index.high))
    )


def _texts(figures: SensitivityFigures, outcome: str, indices: list[Index]) -> list[str]:
    """Return the shares as text, or once why they are not known."""
    if all(math.isnan(index.value) for index in indices):
        return [undefined_text(figures, outcome), ""]
    if not all(index.has_interval for index in indices):
        return [TOO_FEW_POINTS, ""]
    return [f"{integer(100 * index.value)} %" for index in indices]
