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
from sim.charts.sensitivity_data import SensitivityData, SensitivityLike
from sim.findings.sensitivity_figures import FIRST_ORDER, TOTAL, UNKNOWN, SensitivityFigures
from sim.findings.sensitivity_findings import sensitivity_headline, undefined_text
from sim.formatting import MINUS, number_format
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
    return draw_figure(_rows(figures, outcome), data, form, FrameText(title, data.title, axis, key, []))


def _rows(figures: SensitivityFigures, outcome: str) -> BarRows:
    names = figures.input_names()
    rows = []
    for path in figures.ranked(outcome, TOTAL):
        indices = [figures.indices[outcome][path].get(name, UNKNOWN) for name in (FIRST_ORDER, TOTAL)]
        looks = (_FIRST_STYLE, _TOTAL_STYLE)
        bars = [
            Bar(0.0, index.value, look, (index.low, index.high), lane)
            for lane, (index, look) in enumerate(zip(indices, looks, strict=True))
            if not math.isnan(index.value)
        ]
        rows.append(BarRow(names[path], bars, _texts(figures, outcome, [index.value for index in indices])))
    return BarRows(rows, _share_axis(figures, outcome), lanes=2, base=0.0)


def _texts(figures: SensitivityFigures, outcome: str, values: list[float]) -> list[str]:
    """Return the shares as text, or once why they are not defined."""
    if all(map(math.isnan, values)):
        return [undefined_text(figures, outcome), ""]
    return [undefined_text(figures, outcome) if math.isnan(x) else _format_share(x) for x in values]


def _format_share(value: float) -> str:
    return f"{value * 100:.0f} %".replace("-0 %", "0 %").replace("-", MINUS)


def _share_axis(figures: SensitivityFigures, outcome: str) -> NumberAxis:
    """Return an axis from zero to the whole variance, wider if an estimate or its interval exceeds it."""
    ends = end_values(figures, outcome, (FIRST_ORDER, TOTAL))
    low, high = min([0.0, *ends]), max([1.0, *ends])
    return NumberAxis(low - (0.02 if low < 0 else 0.0), high * 1.02, "", number_format(Unit.SHARE))
