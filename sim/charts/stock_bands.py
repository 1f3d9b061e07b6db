"""A stock over time with its uncertainty: the median, and bands of half and nine tenths of the runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.drawn_series import record_dates
from sim.charts.frame import LegendEntry
from sim.charts.result_data import ChartData
from sim.charts.style import Size
from sim.errors import format_count
from sim.findings.wording import FEW_RUNS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_MEDIAN_STYLE: dict[str, Any] = {"color": style.LINE_BLUE, "linewidth": 1.6}


def stock_legend(data: ChartData, noun: str) -> list[LegendEntry]:
    """Return the key of a stock, or of a figure that follows from it."""
    if data.runs == 1:
        return [LegendEntry(f"{noun}, one run", line=_MEDIAN_STYLE)]
    if data.is_constant:
        return [LegendEntry(f"{noun}, the same in all {format_count(data.runs, 'run')}", line=_MEDIAN_STYLE)]
    middle = LegendEntry(f"median {noun}", line=_MEDIAN_STYLE)
    if data.runs < FEW_RUNS:
        return [
            middle,
            LegendEntry(f"all {format_count(data.runs, 'run')}", patch=_band_style(style.BAND_90)),
        ]
    return [
        middle,
        LegendEntry("half of the runs", patch=_band_style(style.BAND_50)),
        LegendEntry("nine runs in ten", patch=_band_style(style.BAND_90)),
    ]


def _band_style(colour: str) -> dict[str, Any]:
    return {"facecolor": colour, "edgecolor": "none", "linewidth": 0.0}


def draw_bands(axes: Axes, table: pd.DataFrame, data: ChartData, size: Size) -> None:
    """Draw the median and the bands of a table with `x` and percentiles."""
    x = table["x"].to_numpy()
    if not data.is_constant:
        _draw_band(axes, x, table, ("p05", "p95"), style.BAND_90)
        if data.runs >= FEW_RUNS:
            _draw_band(axes, x, table, ("p25", "p75"), style.BAND_50)
    look: dict[str, Any] = {
        "color": style.LINE_BLUE,
        "linewidth": size.line,
        "marker": "o" if len(x) == 1 else "",
    }
    axes.plot(x, table["p50"], zorder=3, clip_on=len(x) > 1, **look)
    record_dates(axes, "median", x, table["p50"])


def _draw_band(
    axes: Axes, x: NDArray[np.float64], table: pd.DataFrame, edges: tuple[str, str], colour: str
) -> None:
    low, high = (table[name].to_numpy(dtype=float) for name in edges)
    axes.fill_between(x, low, high, **_band_style(colour))
    first, last = (name.removeprefix("p").lstrip("0") for name in edges)
    record_dates(axes, f"{first}th to {last}th percentile", x, low, y_end=high)
