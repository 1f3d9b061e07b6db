"""Sustainable chart: largest rate of fire that the stock sustains, against the horizon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import DayAxis, NumberAxis
from sim.charts.drawn_series import SeriesFormat, record
from sim.charts.frame import Canvas, FrameText, LegendEntry
from sim.charts.line_chart import single_variable
from sim.charts.style import Size
from sim.charts.sweep_axes import PlacedPlot, SweepPlot, lay_out
from sim.charts.sweep_data import SweepData, SweepLike
from sim.charts.text_layout import make_text_width
from sim.errors import ArgumentError, Fault
from sim.findings.sweep_figures import VariedPath, point_values, solved_value
from sim.findings.sweep_findings import SUSTAINABLE_LEVELS, is_consumption_rate, sustainable_finding
from sim.findings.target_words import share_phrase
from sim.findings.wording import LASTS_MEANING
from sim.formatting import exact_percent
from sim.outcomes import EXHAUSTED

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Share of the runs in which the stock lasts, percentile of the run-out date, and style of the line.
_SHARE_LEVELS: tuple[tuple[float, str, dict[str, Any]], ...] = (
    (SUSTAINABLE_LEVELS[0], "p50", {"color": style.LINE_BLUE, "linestyle": "-"}),
    (SUSTAINABLE_LEVELS[1], "p05", {"color": style.MARK_ORANGE, "linestyle": (0, (4, 1.5))}),
)


@dataclass(frozen=True, slots=True)
class SustainableCurve:
    """Largest rate that holds up to each day.

    Attributes
    ----------
    level : float
        Share of the runs in which the rate holds.
    days, rates : array
        In order of rate: the day up to which each rate just holds, and the rate in base units. Only days
        within the period are included.
    at_end : float or None
        The solved rate that just holds to the end; None if the sweep stores none.
    look : dict
    """

    level: float
    days: Floats
    rates: Floats
    at_end: float | None
    look: dict[str, Any]


@chart
def sustainable(
    sweep: SweepData | SweepLike,
    size: str = "page",
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw the largest rate of fire sustained up to each day, in 50 % and in 95 % of the runs.

    A rate holds in half of the runs up to the median run-out date, and in 95 % of the runs up to the 5th
    percentile. The curves are these percentiles, with the rates of the sweep on the vertical axis.

    Parameters
    ----------
    sweep : Sweep or SweepData
        A sweep over one rate of consumption.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ArgumentError
        The sweep is not over one rate of consumption, or the size is unknown.
    """
    scan, form = SweepData.of(sweep), style.pick_size(size)
    variable = single_variable(scan, "a chart of the sustainable rate")
    if not is_consumption_rate(variable):
        problem = (
            f"a chart of the sustainable rate is over a rate of consumption, and this varies {variable.path}"
        )
        raise ArgumentError([Fault(problem, allowed="consumption.NAME.rate")])
    scan.measure(EXHAUSTED)
    levels = _SHARE_LEVELS if scan.runs > 1 else _SHARE_LEVELS[:1]
    curves = [_make_curve(scan, variable, *level) for level in levels]
    labels = _curve_labels(scan, variable, curves)
    text_width = make_text_width(form.text)
    right = max((text_width(text) for _, text, _ in labels), default=0.0) + form.text * 1.1
    y = _vertical_axis(variable, curves)
    plot = SweepPlot("", DayAxis(0.0, scan.days, "", scan.start), y, right)
    canvas, (placed,), _ = lay_out(_frame_text(scan, variable, curves, form), [plot], form)
    for curve in curves:
        _draw_curve(placed, curve, scan, form, variable)
    _write_labels(canvas, placed, labels, form)
    return canvas.figure


def _make_curve(
    scan: SweepData, variable: VariedPath, level: float, quantile: str, look: dict[str, Any]
) -> SustainableCurve:
    import numpy as np

    rates = np.array(point_values(scan, variable))
    order = np.argsort(rates, kind="stable")
    order = order[~scan.failed[order]]
    rates = rates[order]
    days = scan.column(f"{EXHAUSTED}_{quantile}")[order]
    within = np.isfinite(days)
    solved = solved_value(scan, variable.path, level)
    return SustainableCurve(level, days[within], rates[within], solved.value if solved else None, look)


def _vertical_axis(variable: VariedPath, curves: list[SustainableCurve]) -> NumberAxis:
    import numpy as np

    known = np.concatenate([curve.rates for curve in curves])
    ends = [curve.at_end for curve in curves if curve.at_end is not None]
    top = max([*map(float, known), *ends, *map(float, variable.values)])
    return NumberAxis(0.0, (top or 1.0) * 1.05, variable.caption, variable.number_format)


def _frame_text(
    scan: SweepData, variable: VariedPath, curves: list[SustainableCurve], size: Size
) -> FrameText:
    key = [
        LegendEntry(
            f"holds {share_phrase(curve.level)}" if scan.runs > 1 else "holds, one run at each value",
            line=curve.look | {"linewidth": size.line},
        )
        for curve in curves
        if len(curve.days) or curve.at_end is not None
    ]
    solved = (
        " The ends at the right are solved for." if any(curve.at_end is not None for curve in curves) else ""
    )
    note = f"Holds: the stock lasts to the day. Dots: the points of the sweep; lines join them.{solved}"
    unit = f", {variable.number_format.noun}" if variable.number_format.noun else ""
    axis = f"Rate that holds to the day{unit} ({variable.name})"
    notes = scan.notes(size, note, event=LASTS_MEANING)
    return FrameText(sustainable_finding(scan).sentence, scan.title, axis, key, notes)


def _draw_curve(
    placed: PlacedPlot, curve: SustainableCurve, scan: SweepData, size: Size, variable: VariedPath
) -> None:
    import numpy as np

    order = np.argsort(-curve.rates, kind="stable")
    days, rates = curve.days[order], curve.rates[order]
    if curve.at_end is not None:
        days, rates = np.append(days, scan.days), np.append(rates, curve.at_end)
    record(
        placed.axes,
        f"holds {share_phrase(curve.level)}",
        scan.dates(days),
        rates,
        series_format=SeriesFormat(y=variable.number_format),
    )
    placed.axes.plot(days, rates, linewidth=size.line, zorder=3, **curve.look)
    dots = {"color": curve.look["color"], "linestyle": "none", "marker": "o", "markersize": size.text * 0.4}
    placed.axes.plot(curve.days, curve.rates, zorder=4, **dots)


def _curve_labels(
    scan: SweepData, variable: VariedPath, curves: list[SustainableCurve]
) -> list[tuple[float, str, str]]:
    """Return the label at the right end of each curve: rate, text and colour."""
    return [
        (curve.at_end, _end_label(scan, variable, curve), str(curve.look["color"]))
        for curve in curves
        if curve.at_end is not None
    ]


def _end_label(scan: SweepData, variable: VariedPath, curve: SustainableCurve) -> str:
    number = variable.solved_number(curve.at_end or 0.0)
    return f"{number} ({exact_percent(curve.level)})" if scan.runs > 1 else number


def _write_labels(
    canvas: Canvas, placed: PlacedPlot, labels: list[tuple[float, str, str]], size: Size
) -> None:
    """Write the labels at the right ends of the curves, without overlap."""
    apart = size.text * 1.3
    x = placed.left + placed.width + size.text * 0.5
    heights = [placed.point(0.0, rate)[1] for rate, _, _ in labels]
    for below, above in ((1, 0),) if len(heights) == 2 else ():
        missing = apart - (heights[above] - heights[below])
        if missing > 0:
            heights[above] += missing / 2
            heights[below] -= missing / 2
    for (_, text, colour), y in zip(labels, heights, strict=True):
        low = placed.bottom
        canvas.write(x, max(y, low) - size.text * 0.36, text, size.text, colour)
