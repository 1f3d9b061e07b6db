"""Sobol' chart: share of the variance of an outcome that each input explains; also Morris screening."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import NumberAxis
from sim.charts.bar_rows import Bar, BarRow, BarRows
from sim.charts.frame import FrameText, LegendEntry
from sim.charts.sensitivity_data import Drivers, Index, SensitivityLike
from sim.charts.tornado_chart import IndicesByInput, draw_figure
from sim.errors import ArgumentError, Fault
from sim.formatting import number_format, percent, shorten_path
from sim.outcomes import Outcome
from sim.units import Unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FIRST_ORDER, TOTAL, MU_STAR, SIGMA = "first", "total", "mu_star", "sigma"
_FIRST_STYLE: dict[str, Any] = {"facecolor": style.BLUE, "edgecolor": style.BLUE, "linewidth": 0.3}
_TOTAL_STYLE: dict[str, Any] = {"facecolor": "#9AD3F5", "edgecolor": style.BLUE, "linewidth": 0.3}
_SIGMA_STYLE: dict[str, Any] = {"marker": "D", "markerfacecolor": "white", "color": style.MARK_ORANGE}
_NO_INDEX = Index(math.nan, math.nan, math.nan)


@chart
def sobol(
    study: Drivers | SensitivityLike,
    size: str = "page",
    *,
    of: str | None = None,
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw the first-order and total indices of each input with intervals, largest total first.

    Parameters
    ----------
    study : Sensitivity or Drivers
        With the indices ``first`` and ``total`` (method ``sobol``). Those of Morris screening, ``mu_star``
        and ``sigma`` (method ``morris``), are drawn as bars and diamonds.
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.
    of : str, optional
        Name of the outcome; by default the first of the table.
    title, subtitle, style : optional
        See `sim.charts.Appearance`.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ArgumentError
        The table has none of these indices or no such outcome, or the size is unknown.
    """
    data, form = Drivers.of(study), style.pick_size(size)
    measure = data.measure(of)
    by_input = data.indices(measure.name)
    if any(FIRST_ORDER in indices or TOTAL in indices for indices in by_input.values()):
        return draw_figure(_variance_rows(by_input), data, form, _variance_text(data, measure, by_input))
    if any(MU_STAR in indices for indices in by_input.values()):
        return draw_figure(
            _screening_rows(measure, by_input), data, form, _screening_text(data, measure, by_input)
        )
    has = ", ".join(dict.fromkeys(index for indices in by_input.values() for index in indices))
    fault = Fault(
        f"a sobol chart is not made from {has}", allowed="first and total, or mu_star; for others use tornado"
    )
    raise ArgumentError([fault])


def _ranked_inputs(by_input: IndicesByInput, index: str) -> list[str]:
    return sorted(by_input, key=lambda path: -_or_zero(by_input[path].get(index, _NO_INDEX).value))


def _or_zero(value: float) -> float:
    return -math.inf if math.isnan(value) else value


def _variance_rows(by_input: IndicesByInput) -> BarRows:
    rows = []
    for path in _ranked_inputs(by_input, TOTAL):
        indices = [by_input[path].get(name, _NO_INDEX) for name in (FIRST_ORDER, TOTAL)]
        looks = (_FIRST_STYLE, _TOTAL_STYLE)
        bars = [
            Bar(0.0, index.value, look, (index.low, index.high), lane)
            for lane, (index, look) in enumerate(zip(indices, looks, strict=True))
            if not math.isnan(index.value)
        ]
        rows.append(BarRow(path, bars, [_format_share(index.value) for index in indices]))
    return BarRows(rows, _share_axis(by_input, (FIRST_ORDER, TOTAL)), lanes=2, base=0.0)


def _format_share(value: float) -> str:
    return (
        "not known"
        if math.isnan(value)
        else f"{value * 100:.0f} %".replace("-0 %", "0 %").replace("-", "\u2212")
    )


def _share_axis(by_input: IndicesByInput, names: tuple[str, ...]) -> NumberAxis:
    """Return an axis from zero to the whole variance, wider if an estimate or its interval exceeds it."""
    ends = [
        value
        for indices in by_input.values()
        for name in names
        for value in (
            indices.get(name, _NO_INDEX).value,
            indices.get(name, _NO_INDEX).low,
            indices.get(name, _NO_INDEX).high,
        )
        if not math.isnan(value)
    ]
    low, high = min([0.0, *ends]), max([1.0, *ends])
    return NumberAxis(low - (0.02 if low < 0 else 0.0), high * 1.02, "", number_format(Unit.SHARE))


def _variance_text(data: Drivers, measure: Outcome, by_input: IndicesByInput) -> FrameText:
    first = _ranked_inputs(by_input, TOTAL)[0]
    explained, total = (by_input[first].get(name, _NO_INDEX).value for name in (FIRST_ORDER, TOTAL))
    value = total if math.isnan(explained) else explained
    if math.isnan(value):
        title = f"No index is known: the {measure.noun} does not vary"
    else:
        part = percent(min(1.0, max(0.0, value)))
        title = f"{shorten_path(first)} alone explains {part} of the variance of the {measure.noun}"
        if math.isnan(explained):
            title = f"{shorten_path(first)} has a part in {part} of the variance of the {measure.noun}"
    key = [
        LegendEntry("alone (first order)", patch=_FIRST_STYLE),
        LegendEntry("with its interactions (total)", patch=_TOTAL_STYLE),
    ]
    axis = f"Part of the variance that each input explains, and {data.interval}"
    return FrameText(title, data.title, axis, key, [f"Outcome: {measure.noun}."])


def _screening_rows(measure: Outcome, by_input: IndicesByInput) -> BarRows:
    rows = []
    for path in _ranked_inputs(by_input, MU_STAR):
        mean, spread = (by_input[path].get(name, _NO_INDEX) for name in (MU_STAR, SIGMA))
        bars = (
            [Bar(0.0, mean.value, _FIRST_STYLE, (mean.low, mean.high))] if not math.isnan(mean.value) else []
        )
        if not math.isnan(spread.value):
            bars.append(Bar(0.0, spread.value, _SIGMA_STYLE))
        text = "not known" if math.isnan(mean.value) else measure.number_format.text(mean.value)
        rows.append(BarRow(path, bars, (text,)))
    return BarRows(rows, _size_axis(measure, by_input), base=0.0)


def _size_axis(measure: Outcome, by_input: Mapping[str, Mapping[str, Index]]) -> NumberAxis:
    every = [
        value
        for indices in by_input.values()
        for name in (MU_STAR, SIGMA)
        for value in (indices.get(name, _NO_INDEX).value, indices.get(name, _NO_INDEX).high)
        if not math.isnan(value)
    ]
    top = max(every, default=1.0) or 1.0
    return NumberAxis(0.0, top * 1.05, "", measure.number_format)


def _screening_text(data: Drivers, measure: Outcome, by_input: IndicesByInput) -> FrameText:
    first = _ranked_inputs(by_input, MU_STAR)[0]
    value = by_input[first].get(MU_STAR, _NO_INDEX).value
    title = f"No input moves the {measure.noun}"
    if not math.isnan(value) and value > 0:
        unit = "" if measure.number_format.suffix else f" {measure.number_format.noun}"
        size = f"{measure.number_format.text(value)}{unit}"
        title = f"{shorten_path(first)} moves the {measure.noun} most: by {size} on average"
    key = [
        LegendEntry("mean size of the effect (\u03bc*)", patch=_FIRST_STYLE),
        LegendEntry("its spread (\u03c3)", line=_SIGMA_STYLE | {"markersize": 4.5, "linewidth": 0.0}),
    ]
    unit = f", {measure.number_format.noun}" if measure.number_format.noun else ""
    axis = f"Effect of each input over its range (Morris){unit}"
    note = "A large spread: the effect depends on the other inputs, or is not linear."
    return FrameText(title, data.title, axis, key, [f"Outcome: {measure.noun}. {note}"])
