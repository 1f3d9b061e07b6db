"""Morris chart: mean effect of each input on an outcome, and its spread; the largest first."""

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
from sim.findings.sensitivity_figures import MU_STAR, SIGMA, UNKNOWN, SensitivityFigures
from sim.findings.sensitivity_findings import effect_text, sensitivity_headline, undefined_text
from sim.outcomes import Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MEAN_STYLE: dict[str, Any] = {"facecolor": style.BLUE, "edgecolor": style.BLUE, "linewidth": 0.3}
_SPREAD_STYLE: dict[str, Any] = {"marker": "D", "markerfacecolor": "white", "color": style.MARK_ORANGE}


@chart
def morris(
    study: SensitivityData | SensitivityLike,
    size: str = "page",
    *,
    of: str | None = None,
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw the mean effect of each input as a bar, and its spread as a diamond.

    Parameters
    ----------
    study : Sensitivity or SensitivityData
        With the indices ``mu_star`` and ``sigma`` (method ``morris``).
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
    measure, figures = data.measure(of), data.figures
    check_method(figures, measure.name, "morris")
    key = [
        LegendEntry("mean size of the effect (\u03bc*)", patch=_MEAN_STYLE),
        LegendEntry("its spread (\u03c3)", line=_SPREAD_STYLE | {"markersize": 4.5, "linewidth": 0.0}),
    ]
    axis = f"Effect on {figures.noun(measure.name)} of each input, from its 5th to its 95th percentile"
    notes = ["A large spread: the effect depends on the other inputs, or is not linear."]
    if data.runs > 1:
        notes.append(MEANS_NOTE)
    title = sensitivity_headline(figures, measure.name).sentence
    text = FrameText(title, data.title, f"{axis}, and {data.interval}", key, notes)
    return draw_figure(_rows(figures, measure), data.about(measure.name), form, text)


def _rows(figures: SensitivityFigures, measure: Outcome) -> BarRows:
    outcome, names = measure.name, figures.input_names()
    rows = []
    for path in figures.ranked(outcome, MU_STAR):
        mean, spread = (figures.indices[outcome][path].get(name, UNKNOWN) for name in (MU_STAR, SIGMA))
        is_known = not math.isnan(mean.value)
        bars = [Bar(0.0, mean.value, _MEAN_STYLE, (mean.low, mean.high))] if is_known else []
        if not math.isnan(spread.value):
            bars.append(Bar(0.0, spread.value, _SPREAD_STYLE))
        text = effect_text(figures, outcome, mean.value) if is_known else undefined_text(figures, outcome)
        brief = measure.number_format.text(mean.value) if is_known else text
        rows.append(BarRow(names[path], bars, (text,), (brief,)))
    top = max(end_values(figures, outcome, (MU_STAR, SIGMA)), default=1.0) or 1.0
    return BarRows(rows, NumberAxis(0.0, top * 1.05, "", measure.number_format), base=0.0)
