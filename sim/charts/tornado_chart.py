"""Tornado chart: effect of each input on an outcome, strongest first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import DayAxis, NumberAxis, PlotAxis
from sim.charts.bar_rows import Bar, BarRow, BarRows
from sim.charts.frame import FrameText, LegendEntry, fitting_title
from sim.charts.input_rows import check_method, draw_figure
from sim.charts.sensitivity_data import SensitivityData, SensitivityLike
from sim.findings.sensitivity_figures import SensitivityFigures
from sim.findings.sensitivity_findings import format_outcome, sensitivity_headline
from sim.formatting import capitalised, short_date, signed
from sim.outcomes import Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOW_STYLE: dict[str, Any] = {"facecolor": style.LINE_BLUE, "edgecolor": "white", "linewidth": 0.3}
_HIGH_STYLE: dict[str, Any] = {"facecolor": "#E69F00", "edgecolor": "white", "linewidth": 0.3}
NEVER = "never"


@chart
def tornado(
    study: SensitivityData | SensitivityLike,
    size: str = "page",
    *,
    of: str | None = None,
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw the effect of each input on an outcome as a bar from low to high, the widest first.

    Parameters
    ----------
    study : Sensitivity or SensitivityData
        With the indices ``low`` and ``high`` (method ``tornado``): the outcome with the input at its 5th and
        95th percentile.
    of : str, optional
        Name of the outcome; by default the first that an input affects.

    Returns
    -------
    matplotlib.figure.Figure
        A bar with an arrow ends in "never": the median run does not reach the date within the period.

    Raises
    ------
    ArgumentError
        The table has none of these indices or no such outcome, or the size is unknown.
    """
    data, form = SensitivityData.of(study), style.pick_size(size)
    measure, figures = data.measure(of), data.figures
    check_method(figures, measure.name, "tornado")
    text = _frame_text(data, figures, measure)
    text = replace(text, title=fitting_title(text.title, form))
    return draw_figure(_rows(figures, measure), data.about(measure.name), form, text)


def _rows(figures: SensitivityFigures, measure: Outcome) -> BarRows:
    base, ends, names = figures.median(measure.name), figures.ends(measure.name), figures.input_names()
    values = [value for pair in ends.values() for value in (*pair, base)]
    rows = [
        _bar_row(figures, measure, names[path], ends[path], base) for path in figures.ranked(measure.name)
    ]
    scale = _outcome_axis(figures, measure, values)
    return BarRows(rows, scale, base=None if math.isnan(base) else base)


def _bar_row(
    figures: SensitivityFigures, measure: Outcome, name: str, pair: tuple[float, float], base: float
) -> BarRow:
    low, high = pair
    texts = [format_outcome(figures, measure.name, value, brief=True) for value in pair]
    text = texts[0] if texts == [NEVER, NEVER] else " \u2192 ".join(texts)
    if all(map(math.isnan, pair)):
        return BarRow(name, (), (text,))
    if math.isnan(base):
        first, last = (high, low) if math.isnan(low) else (low, high)
        never_at = "never at 5 %" if math.isnan(low) else "never at 95 %"
        beside = never_at if math.isnan(last) else measure.number_format.text(last - first)
        return BarRow(name, (Bar(first, last, _LOW_STYLE),), (text,), (beside,) if measure.is_date else ())
    bars = [Bar(base, value, look) for value, look in ((low, _LOW_STYLE), (high, _HIGH_STYLE))]
    # Draw the longer of two bars on one side of the base first, so that the shorter stays visible.
    bars.sort(key=lambda bar: -math.inf if math.isnan(bar.end) else -abs(bar.end - base))
    return BarRow(name, bars, (text,), (_changes_text(measure, pair, base),) if measure.is_date else ())


def _changes_text(measure: Outcome, pair: tuple[float, float], base: float) -> str:
    """Return the differences of both values from the base: ``−30 / +39 days``."""
    ends = [NEVER if math.isnan(value) else _change_text(value - base) for value in pair]
    return " / ".join(ends) + ("" if NEVER in ends else measure.number_format.suffix)


def _change_text(days: float) -> str:
    return signed(days, 0) if abs(days) >= 0.5 else "0"


def _outcome_axis(figures: SensitivityFigures, measure: Outcome, values: Sequence[float]) -> PlotAxis:
    known = [value for value in values if not math.isnan(value)]
    if len(known) < len(values) and measure.is_date and not math.isinf(figures.days):
        known.append(figures.days)
    known = known or [
        0.0,
        1.0 if math.isinf(figures.days) else figures.days,
    ]
    low, high = min(known), max(known)
    if low == high:
        low, high = low - 1.0, high + 1.0
    room = 0.06 * (high - low)
    if measure.is_date:
        return DayAxis(max(0.0, low - room), high + room, "", figures.start)
    return NumberAxis(low - room, high + room, "", measure.number_format)


def _frame_text(data: SensitivityData, figures: SensitivityFigures, measure: Outcome) -> FrameText:
    ends = [value for pair in figures.ends(measure.name).values() for value in pair]
    is_centred = not math.isnan(figures.median(measure.name))
    key = [
        LegendEntry("input at its 5th percentile", patch=_LOW_STYLE),
        LegendEntry("at its 95th", patch=_HIGH_STYLE),
    ]
    notes = ["Each input alone at its 5th and 95th percentile, the others drawn."]
    if any(map(math.isnan, ends)) and measure.is_date:
        end = f" before {short_date(data.end)}" if data.end else ""
        runs = "in less than half of the runs" if data.runs > 1 else "not in the run"
        notes.append(f"Never: {runs}{end}; such bars come first, of unknown length.")
    values = "medians" if data.runs > 1 else "values"
    notes.append(f"Beside the bars: {values} at the 5th and 95th percentile, or changes.")
    noun = figures.noun(measure.name)
    lead = f"Median of {noun}" if data.runs > 1 else capitalised(noun)
    unit = measure.number_format.in_currency(figures.names.currency).noun
    axis = lead if measure.is_date or measure.number_format.suffix else _with_unit(lead, noun, unit)
    title = sensitivity_headline(figures, measure.name).sentence
    return FrameText(title, data.title, axis, key if is_centred else [], notes)


def _with_unit(lead: str, noun: str, unit: str) -> str:
    return lead if not unit or unit in noun else f"{lead}, {unit}"
