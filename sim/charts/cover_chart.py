"""Chart of days of supply: stock divided by the mean daily requirement, over time, with thresholds."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.claimants import left_out_note
from sim.charts.drawn_series import record_dates
from sim.charts.end_labels import EndLabel, draw_end_labels, label_space
from sim.charts.frame import FrameText, LegendEntry, open_frame, provenance_notes
from sim.charts.panel import open_plot
from sim.charts.plot_grid import PlotGrid
from sim.charts.result_data import ChartData, make_chart_data, ordinals
from sim.charts.stock_bands import draw_bands, stock_legend
from sim.charts.style import Size
from sim.errors import ArgumentError, Fault
from sim.findings.cover_headline import Cover, cover_headline, days_text
from sim.findings.stock_figures import overall_figures, stock_name

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.charts.result_data import ResultLike

#: Days over which the requirement is averaged.
_WINDOW = 30
_PERCENTILES = ("p05", "p25", "p50", "p75", "p95")
_THRESHOLD_STYLE: dict[str, Any] = {"color": style.MARK_ORANGE, "linestyle": (0, (4, 2))}


@dataclass(frozen=True, slots=True)
class _CoverPlot:
    """Plot of one stock: its table has `x` and percentiles in days of supply, nan where undefined."""

    name: str
    table: pd.DataFrame
    thresholds: Sequence[float]


@chart
def days_of_supply(result: ResultLike, size: str = "page", **_look: Unpack[Appearance]) -> Figure:
    """Draw the stock in days of supply over time, with the thresholds of the scenario.

    Parameters
    ----------
    result : Result or Tables
        A result, finished or read back from its folder.

    Returns
    -------
    matplotlib.figure.Figure
        One plot for each stock with a consumer. Where nothing is required, there is no line.

    Raises
    ------
    ArgumentError
        The size is unknown, or no stock has a consumer with a requirement.
    """
    data, form = make_chart_data(result), style.pick_size(size)
    plots = [_cover_plot(data, pair) for pair in data.consuming_pairs]
    plots = [plot for plot in plots if plot.table["p50"].notna().any()]
    if not plots:
        problem = "the result has no days of supply: nothing is required of any stock"
        raise ArgumentError([Fault(problem, allowed="a result with consumption")])
    shown = plots[: form.panels]
    tops = [
        max(float(plot.table["p95"].max()), float(plot.table["p50"].max()), *plot.thresholds)
        for plot in shown
    ]
    texts = [days_text(threshold) for plot in shown for threshold in plot.thresholds]
    columns = min(form.columns, len(shown))
    space = label_space(texts, form, columns)
    grid = PlotGrid(
        replace(form, columns=columns),
        data.start,
        data.end,
        tops,
        has_headings=len(plots) > 1,
        strips=[0.0] * len(shown),
        beside=space,
    )
    canvas, boxes = open_frame(_frame_text(data, plots, shown, grid.size), grid)
    for plot, box, top in zip(shown, boxes, tops, strict=True):
        axes = open_plot(canvas, box, grid, top, plot.name)
        draw_bands(axes, plot.table, data, form)
        for threshold in plot.thresholds:
            ends = (data.start.toordinal(), data.end.toordinal())
            record_dates(axes, f"threshold of {days_text(threshold)}", ends, [threshold] * 2)
            axes.axhline(threshold, linewidth=0.45 * form.line, zorder=3.5, **_THRESHOLD_STYLE)
        labels = [EndLabel(each, days_text(each), _THRESHOLD_STYLE) for each in plot.thresholds]
        draw_end_labels(canvas, box, grid, axes, labels)
    return canvas.figure


def _cover_plot(data: ChartData, pair: tuple[str, str]) -> _CoverPlot:
    depot, munition = pair
    stock, flows = data.stock_of(pair).set_index("x"), data.flows
    flows = flows[(flows["depot"] == depot) & (flows["munition"] == munition)]
    required = flows[flows["kind"] == "required"]
    wanted = required["mean"].groupby(ordinals(required["date"]), sort=True).sum()
    wanted = wanted.rolling(_WINDOW, min_periods=1).mean().reindex(stock.index)
    # Sums of a window that has emptied leave rounding errors.
    wanted = wanted.where(wanted > 1e-9 * wanted.max())
    table = stock[list(_PERCENTILES)].div(wanted, axis=0).reset_index()
    below = data.summary["pairs"][depot][munition]["below"]
    thresholds = sorted({1.0, *map(float, below)}, reverse=True)
    return _CoverPlot(stock_name(data.names, list(data.consuming_pairs), depot, munition), table, thresholds)


def _frame_text(
    data: ChartData, plots: Sequence[_CoverPlot], shown: Sequence[_CoverPlot], size: Size
) -> FrameText:
    covers = [Cover(plot.name, _median(plot.table), plot.thresholds) for plot in plots]
    rest = len(plots) - len(shown)
    note = "Days of supply: the stock over the mean requirement of the last 30 days."
    left_out = left_out_note({"more stock": rest}, "stock.csv")
    return FrameText(
        cover_headline(overall_figures(data).scope, covers).sentence,
        str(data.manifest["scenario"]["title"]),
        "Days of supply in stock",
        [*stock_legend(data, "stock"), LegendEntry("thresholds", line=_THRESHOLD_STYLE | {"linewidth": 0.8})],
        [" ".join(filter(None, [note, left_out])), *provenance_notes(data.manifest, data.runs, size)],
    )


def _median(table: pd.DataFrame) -> dict[dt.date, float]:
    days = zip(table["x"], table["p50"], strict=True)
    return {dt.date.fromordinal(int(x)): float(cover) for x, cover in days if not math.isnan(cover)}
