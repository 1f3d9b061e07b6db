"""Tornado chart: effect of each input on an outcome, strongest first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import DayAxis, NumberAxis, PlotAxis
from sim.charts.bar_rows import Bar, BarRow, BarRows, count_fitting_rows, draw_rows
from sim.charts.frame import FrameText, LegendEntry
from sim.charts.sensitivity_data import Drivers, Index, SensitivityLike
from sim.charts.style import Size
from sim.errors import ArgumentError, Fault, format_count
from sim.findings.sweep_findings import format_day
from sim.formatting import compact, long_date, short_date, shorten_path, signed
from sim.outcomes import Outcome

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOW, HIGH, RANK = "low", "high", "rank"
_LOW_STYLE: dict[str, Any] = {"facecolor": style.LINE_BLUE, "edgecolor": "white", "linewidth": 0.3}
_HIGH_STYLE: dict[str, Any] = {"facecolor": "#E69F00", "edgecolor": "white", "linewidth": 0.3}
_DOT_STYLE: dict[str, Any] = {"marker": "o", "color": style.LINE_BLUE}

IndicesByInput = Mapping[str, Mapping[str, Index]]


@chart
def tornado(
    study: Drivers | SensitivityLike,
    size: str = "page",
    *,
    of: str | None = None,
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw the effect of each input on an outcome as a bar from low to high, the widest first.

    Parameters
    ----------
    study : Sensitivity or Drivers
        With the indices ``low`` and ``high`` (method ``tornado``): the outcome with the input at its 5th and
        95th percentile. Rank correlations (method ``rank``) are drawn as dots with intervals.
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.
    of : str, optional
        Name of the outcome; by default the first of the table.
    title, subtitle, style : optional
        See `sim.charts.Appearance`.

    Returns
    -------
    matplotlib.figure.Figure
        A bar with an arrow extends beyond the end of the period.

    Raises
    ------
    ArgumentError
        The table has none of these indices or no such outcome, or the size is unknown.
    """
    data, form = Drivers.of(study), style.pick_size(size)
    measure = data.measure(of)
    by_input = data.indices(measure.name)
    if any(LOW in indices or HIGH in indices for indices in by_input.values()):
        return draw_figure(_bar_rows(data, measure, by_input), data, form, _bar_text(data, measure, by_input))
    if any(RANK in indices for indices in by_input.values()):
        return draw_figure(_rank_rows(by_input), data, form, _rank_text(data, measure, by_input))
    has = ", ".join(dict.fromkeys(index for indices in by_input.values() for index in indices))
    fault = Fault(f"a tornado is not made from {has}", allowed="low and high, or rank; for others use sobol")
    raise ArgumentError([fault])


def draw_figure(rows: BarRows, data: Drivers, size: Size, frame_text: FrameText) -> Figure:
    """Return a figure with as many rows as fit, and a note with the number of the others."""
    with style.chart_style():
        kept = count_fitting_rows(rows, with_notes(frame_text, data, size, 1), size)
        left_out = len(rows.rows) - kept
        return draw_rows(rows.first(kept), with_notes(frame_text, data, size, left_out), size).figure


def with_notes(frame_text: FrameText, data: Drivers, size: Size, left_out: int) -> FrameText:
    """Return the text with the last notes: definitions, omitted inputs, sources and provenance."""
    more = f"{format_count(left_out, 'more input')} in sensitivity.csv." if left_out else ""
    return FrameText(
        frame_text.title,
        frame_text.subtitle,
        frame_text.axis,
        frame_text.key,
        data.provenance_notes(size, *frame_text.notes, more),
    )


def _bar_rows(data: Drivers, measure: Outcome, by_input: IndicesByInput) -> BarRows:
    base = data.base.get(measure.name)
    ends = {path: _low_and_high(indices) for path, indices in by_input.items()}
    ordered = sorted(ends, key=lambda path: -_bar_width(ends[path], base))
    scale = _outcome_axis(
        data, measure, [x for pair in ends.values() for x in (*pair, *_finite_values(base))]
    )
    return BarRows([_bar_row(data, measure, path, ends[path], base) for path in ordered], scale, base=base)


def _low_and_high(indices: Mapping[str, Index]) -> tuple[float, float]:
    none = Index(math.nan, math.nan, math.nan)
    return indices.get(LOW, none).value, indices.get(HIGH, none).value


def _finite_values(value: float | None) -> tuple[float, ...]:
    return () if value is None else (value,)


def _bar_width(pair: tuple[float, float], base: float | None) -> float:
    known = [value for value in (*pair, *_finite_values(base)) if not math.isnan(value)]
    if any(map(math.isnan, pair)):
        # If both values are beyond the end, their difference is unknown.
        return -1.0 if all(map(math.isnan, pair)) else math.inf
    return max(known) - min(known)


def _bar_row(
    data: Drivers, measure: Outcome, path: str, pair: tuple[float, float], base: float | None
) -> BarRow:
    low, high = pair
    text = f"{_format_value(data, measure, low)} – {_format_value(data, measure, high)}"
    if all(map(math.isnan, pair)):
        return BarRow(path, (), (_format_value(data, measure, low),), ("beyond",))
    if base is None or math.isnan(base):
        first, last = (high, low) if math.isnan(low) else (low, high)
        beside = "beyond" if math.isnan(last) else f"{compact(last - first)}{measure.number_format.suffix}"
        return BarRow(path, (Bar(first, last, _LOW_STYLE),), (text,), (beside,) if measure.is_date else ())
    bars = [Bar(base, value, look) for value, look in ((low, _LOW_STYLE), (high, _HIGH_STYLE))]
    # Draw the longer of two bars on one side of the base first, so that the shorter stays visible.
    bars.sort(key=lambda bar: -math.inf if math.isnan(bar.end) else -abs(bar.end - base))
    return BarRow(path, bars, (text,), (_changes_text(measure, pair, base),) if measure.is_date else ())


def _changes_text(measure: Outcome, pair: tuple[float, float], base: float) -> str:
    """Return the differences of both values from the base: ``−30 / +39 days``."""
    ends = ["beyond" if math.isnan(value) else _change_text(value - base) for value in pair]
    return " / ".join(ends) + ("" if "beyond" in ends else measure.number_format.suffix)


def _change_text(days: float) -> str:
    return signed(days, 0) if abs(days) >= 0.5 else "0"


def _format_value(data: Drivers, measure: Outcome, value: float) -> str:
    if math.isnan(value):
        return f"after {short_date(data.end)}" if data.end else "after the end"
    if not measure.is_date:
        return measure.number_format.text(value)
    return format_day(data.start, value, brief=True)


def _outcome_axis(data: Drivers, measure: Outcome, values: Sequence[float]) -> PlotAxis:
    known = [value for value in values if not math.isnan(value)] or [0.0, data.days]
    low, high = min(known), max(known)
    if low == high:
        low, high = low - 1.0, high + 1.0
    room = 0.06 * (high - low)
    if measure.is_date:
        return DayAxis(max(0.0, low - room), high + room, "", data.start)
    return NumberAxis(low - room, high + room, "", measure.number_format)


def _bar_text(data: Drivers, measure: Outcome, by_input: IndicesByInput) -> FrameText:
    ends = {path: _low_and_high(indices) for path, indices in by_input.items()}
    base = data.base.get(measure.name)
    first = max(ends, key=lambda path: _bar_width(ends[path], base))
    low, high = (_format_long(data, measure, value) for value in ends[first])
    title = f"{shorten_path(first)} moves the {measure.noun} most: from {low} to {high}"
    if _bar_width(ends[first], base) <= 0.0:
        title = f"No input alone moves the {measure.noun}"
    known = base is not None
    key = (
        [
            LegendEntry("input at its 5 % quantile", patch=_LOW_STYLE),
            LegendEntry("at its 95 %", patch=_HIGH_STYLE),
        ]
        if known
        else []
    )
    note = "Each input alone at its 5 % and at its 95 % quantile, the others drawn."
    beside = "Beside the bars: the outcome at 5 % and at 95 %, or its change where room is short."
    unit = "" if measure.is_date or not measure.number_format.noun else f", {measure.number_format.noun}"
    return FrameText(title, data.title, f"{measure.heading}{unit}", key, [note, beside])


def _format_long(data: Drivers, measure: Outcome, value: float) -> str:
    if math.isnan(value):
        return f"after {long_date(data.end)}" if data.end else "after the end"
    if measure.is_date:
        return format_day(data.start, value)
    written = measure.number_format
    return f"{written.text(value)}{'' if written.suffix else ' ' + written.noun}"


def _rank_rows(by_input: IndicesByInput) -> BarRows:
    ranked = {path: indices[RANK] for path, indices in by_input.items() if RANK in indices}
    ordered = sorted(ranked, key=lambda path: -_absolute_value(ranked[path]))
    rows = [
        BarRow(
            path, (Bar(0.0, index.value, _DOT_STYLE, (index.low, index.high)),), (format_index(index.value),)
        )
        for path, index in ((path, ranked[path]) for path in ordered)
    ]
    return BarRows(rows, NumberAxis(-1.05, 1.05, ""), base=0.0)


def _absolute_value(index: Index) -> float:
    return -1.0 if math.isnan(index.value) else abs(index.value)


def format_index(value: float) -> str:
    """Return an index with two decimals and its sign: ``+0.78``."""
    if math.isnan(value):
        return "not known"
    return "0.00" if abs(value) < 0.005 else signed(value, 2)


def _rank_text(data: Drivers, measure: Outcome, by_input: IndicesByInput) -> FrameText:
    ranked = {path: indices[RANK] for path, indices in by_input.items() if RANK in indices}
    first = max(ranked, key=lambda path: _absolute_value(ranked[path]))
    index = ranked[first]
    clear = not math.isnan(index.value) and not index.low <= 0.0 <= index.high
    if clear:
        ways = ("later", "earlier") if measure.is_date else ("more", "less")
        way = ways[0] if index.value > 0 else ways[1]
        title = f"{shorten_path(first)} goes with the {measure.noun} most: the higher it is, the {way}"
    else:
        title = f"No input is clearly tied to the {measure.noun}"
    axis = f"Rank correlation with the outcome, and {data.interval}"
    note = f"Outcome: {measure.noun}. +1: it rises whenever the input rises; \u22121: it falls; 0: no tie."
    return FrameText(title, data.title, axis, [], [note])
