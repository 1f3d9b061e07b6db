"""Rank chart: rank correlation of each input with an outcome, strongest first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import NumberAxis
from sim.charts.bar_rows import Bar, BarRow, BarRows
from sim.charts.frame import FrameText
from sim.charts.input_rows import check_method, draw_figure
from sim.charts.sensitivity_data import SensitivityData, SensitivityLike
from sim.findings.sensitivity_figures import RANK, UNKNOWN, SensitivityFigures
from sim.findings.sensitivity_findings import format_correlation, sensitivity_headline, undefined_text
from sim.formatting import MINUS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DOT_STYLE: dict[str, Any] = {"marker": "o", "color": style.LINE_BLUE}


@chart
def rank(
    study: SensitivityData | SensitivityLike,
    size: str = "page",
    *,
    of: str | None = None,
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw the rank correlation of each input with an outcome as a dot with its interval.

    Parameters
    ----------
    study : Sensitivity or SensitivityData
        With the index ``rank`` (method ``rank``).
    of : str, optional
        Name of the outcome; by default the first that an input affects.

    Returns
    -------
    matplotlib.figure.Figure
        An input without a correlation has no dot, and the reason in its place.

    Raises
    ------
    ArgumentError
        The table has no ranks or no such outcome, or the size is unknown.
    """
    data, form = SensitivityData.of(study), style.pick_size(size)
    outcome, figures = data.measure(of).name, data.figures
    check_method(figures, outcome, "rank")
    axis = f"Rank correlation with {figures.noun(outcome)}, and {data.interval}"
    note = f"+1: it rises whenever the input rises; {MINUS}1: it falls; 0: no correlation."
    title = sensitivity_headline(figures, outcome).sentence
    text = FrameText(title, data.title, axis, [], [note])
    return draw_figure(_rows(figures, outcome), data.about(outcome), form, text)


def _rows(figures: SensitivityFigures, outcome: str) -> BarRows:
    names = figures.input_names()
    rows = []
    for path in figures.ranked(outcome, RANK):
        index = figures.indices[outcome][path].get(RANK, UNKNOWN)
        if math.isnan(index.value):
            rows.append(BarRow(names[path], (), (undefined_text(figures, outcome),)))
            continue
        dot = Bar(0.0, index.value, _DOT_STYLE, (index.low, index.high))
        rows.append(BarRow(names[path], (dot,), (format_correlation(index.value),)))
    return BarRows(rows, NumberAxis(-1.05, 1.05, ""), base=0.0)
