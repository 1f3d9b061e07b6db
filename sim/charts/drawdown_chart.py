"""Drawdown chart: stock over time with its uncertainty, and the run-out date."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.charts import result_headline, style
from sim.charts.frame import Canvas, FrameText, LegendEntry, open_frame, provenance_notes
from sim.charts.panel import open_plot, open_strip
from sim.charts.plot_grid import PlotBox, PlotGrid
from sim.charts.result_data import ChartData, PairKey, make_chart_data, ordinals, parse_date
from sim.charts.result_headline import FEW_RUNS
from sim.charts.style import LINE_HEIGHT, Size
from sim.charts.text_layout import make_text_width, wrap_clauses
from sim.errors import format_count

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.results.reader import Tables
    from sim.results.result import Result

#: Number of single runs drawn; more would hide the bands.
_MAX_SINGLE_RUNS = 3
_MARK_STYLE: dict[str, Any] = {"color": style.MARK_ORANGE, "linewidth": 1.2, "marker": "o", "markersize": 4.0}
_EXHAUSTED_NOTE = "Gone: less than one day of the planned requirement is left."


@dataclass(frozen=True, slots=True)
class StockPlot:
    """Data of one plot.

    Attributes
    ----------
    heading : str
    stock, paths : pandas.DataFrame
        Rows of the tables for this depot and munition, in order of date.
    exhausted : mapping or None
        ``share, p05, p50, p95``; None without a consumer.
    label : str
        Label of the run-out date.
    """

    heading: str
    stock: pd.DataFrame
    paths: pd.DataFrame
    exhausted: Mapping[str, Any] | None
    label: str


def drawdown(result: ChartData | Result | Tables, size: str = "page") -> Figure:
    """Draw the stock over time: median, bands, single runs and run-out date.

    Parameters
    ----------
    result : ChartData, Result or Tables
        A result, finished or read back from its folder, or its tables alone.
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.

    Returns
    -------
    matplotlib.figure.Figure
        One plot per depot and munition, those with a consumer first.

    Raises
    ------
    InputError
        The size is unknown.
    """
    data, form = make_chart_data(result), style.pick_size(size)
    shown = [_select(data, place) for place in _shown_pairs(data, form.panels)]
    with style.chart_style():
        grid = _plot_grid(data, shown, form)
        frame_text = _frame_text(data, shown, form)
        canvas, boxes = open_frame(frame_text, grid)
        for panel, box, top in zip(shown, boxes, grid.tops, strict=True):
            axes = open_plot(canvas, box, grid, top, panel.heading)
            _draw_stock(axes, panel, data, form)
            _draw_mark(canvas, box, grid, panel, axes)
    return canvas.figure


def _shown_pairs(data: ChartData, most: int) -> tuple[PairKey, ...]:
    """Return the stocks to show: all, or if there are more than `most`, only those with a consumer."""
    return data.pairs if len(data.pairs) <= most else (data.consuming_pairs or data.pairs)[:most]


def _select(data: ChartData, place: PairKey) -> StockPlot:
    depot, munition = place
    heading = ""
    if len(data.pairs) > 1:
        depots, kinds = {depot for depot, _ in data.pairs}, {munition for _, munition in data.pairs}
        heading = munition if len(depots) == 1 else depot if len(kinds) == 1 else f"{munition} at {depot}"
    exhausted = data.summary["pairs"].get(depot, {}).get(munition, {}).get("exhausted")
    label = (
        result_headline.exhaustion_label(exhausted, result_headline.make_context(data), brief=bool(heading))
        if exhausted
        else ""
    )
    return StockPlot(
        heading, _rows_of_pair(data.stock, place), _rows_of_pair(data.paths, place), exhausted, label
    )


def _rows_of_pair(table: pd.DataFrame, place: PairKey) -> pd.DataFrame:
    rows = table[(table["depot"] == place[0]) & (table["munition"] == place[1])]
    return rows.assign(x=ordinals(rows["date"])).sort_values("x", kind="stable")


def _plot_grid(data: ChartData, shown: Sequence[StockPlot], size: Size) -> PlotGrid:
    tops = [
        max(_max_value(panel.stock, ("p95", "p50")), _max_value(panel.paths, ("level",))) for panel in shown
    ]
    bare = PlotGrid(size, data.start, data.end, tops, len(data.pairs) > 1, [0.0] * len(shown))
    lines = [len(_mark_label(panel, bare)) for panel in shown]
    return replace(bare, strips=[size.text * (1.5 + rows * LINE_HEIGHT) if rows else 0.0 for rows in lines])


def _max_value(table: pd.DataFrame, columns: Sequence[str]) -> float:
    return max((float(table[name].max()) for name in columns if len(table)), default=0.0)


def _mark_label(panel: StockPlot, grid: PlotGrid) -> list[str]:
    wide = make_text_width(grid.size.text)
    return wrap_clauses(panel.label, grid.width + grid.right, wide) if panel.label else []


def _frame_text(data: ChartData, shown: Sequence[StockPlot], size: Size) -> FrameText:
    rest = len(data.pairs) - len(shown)
    axis = "Shells in stock at the day's close"
    if len(shown) > 1:
        axis += "; each plot has its own scale"
    left_out = [f"{format_count(rest, 'more stock')} in stock.csv."] if rest else []
    gone = [_EXHAUSTED_NOTE] if data.consuming_pairs else []
    fire = result_headline.fire_sentence(data.summary, result_headline.make_context(data))
    notes = [
        " ".join(filter(None, [*gone, fire, *left_out])),
        *provenance_notes(data.manifest, data.runs, size),
    ]
    return FrameText(
        result_headline.drawdown_headline(data),
        str(data.manifest["scenario"]["title"]),
        axis,
        _legend_entries(data),
        notes,
    )


def _legend_entries(data: ChartData) -> list[LegendEntry]:
    median: dict[str, Any] = {"color": style.LINE_BLUE, "linewidth": 1.6}
    gone = [LegendEntry("stock gone", line=_MARK_STYLE)] if _is_mark_explained(data) else []
    if data.runs == 1:
        return [LegendEntry("one run", line=median), *gone]
    if data.is_constant:
        return [
            LegendEntry(f"all {format_count(data.runs, 'run')} are the same: no uncertainty", line=median),
            *gone,
        ]
    single = LegendEntry("single runs", line={"color": style.GREY_TEXT, "linewidth": 0.5})
    middle = LegendEntry("median of each day", line=median)
    gone = [
        replace(key, label=f"stock gone, {result_headline.make_context(data).range_phrase}") for key in gone
    ]
    if data.runs < FEW_RUNS:
        return [
            middle,
            LegendEntry(f"all {format_count(data.runs, 'run')}", patch=_band_style(style.BAND_90)),
            single,
            *gone,
        ]
    half, most = (
        LegendEntry("half of the runs", patch=_band_style(style.BAND_50)),
        LegendEntry("nine runs in ten", patch=_band_style(style.BAND_90)),
    )
    return [middle, half, most, single, *gone]


def _is_mark_explained(data: ChartData) -> bool:
    """Whether the key explains the run-out mark; the label of a single plot suffices."""
    ends = (outcome["exhausted"] for by in data.summary["pairs"].values() for outcome in by.values())
    return len(data.pairs) > 1 and any(parse_date(end["p05"]) for end in ends)


def _band_style(colour: str) -> dict[str, Any]:
    return {"facecolor": colour, "edgecolor": "none", "linewidth": 0.0}


def _draw_stock(axes: Axes, panel: StockPlot, data: ChartData, size: Size) -> None:
    x = panel.stock["x"].to_numpy()
    if not data.is_constant:
        _draw_band(axes, x, panel.stock, ("p05", "p95"), style.BAND_90)
        if data.runs >= FEW_RUNS:
            _draw_band(axes, x, panel.stock, ("p25", "p75"), style.BAND_50)
        for _, path in panel.paths[panel.paths["run"] < _MAX_SINGLE_RUNS].groupby("run"):
            axes.plot(path["x"], path["level"], color=style.GREY_TEXT, linewidth=size.line * 0.3)
    marker = "o" if len(x) == 1 else ""
    axes.plot(
        x,
        panel.stock["p50"],
        color=style.LINE_BLUE,
        linewidth=size.line,
        marker=marker,
        zorder=3,
        clip_on=len(x) > 1,
    )


def _draw_band(
    axes: Axes, x: NDArray[np.float64], table: pd.DataFrame, edges: tuple[str, str], colour: str
) -> None:
    low, high = (table[name].to_numpy(dtype=float) for name in edges)
    axes.fill_between(x, low, high, **_band_style(colour))


def _draw_mark(canvas: Canvas, box: PlotBox, grid: PlotGrid, panel: StockPlot, axes: Axes) -> None:
    """Draw the run-out date, its range and its label in the strip below the plot."""
    lines = _mark_label(panel, grid)
    if not lines or panel.exhausted is None:
        return
    size, at = grid.size, grid.start.toordinal()
    dates = [parse_date(panel.exhausted[name]) for name in ("p05", "p50", "p95")]
    early, median, late = (day.toordinal() if day else None for day in dates)
    if early is not None:
        strip = open_strip(canvas, box, grid)
        _draw_range(strip, axes, (early, median, late), grid)
        at = early
    wide = max(map(make_text_width(size.text), lines))
    x = box.left + grid.left + (at - grid.start.toordinal()) * grid.width / (grid.end - grid.start).days
    x = max(box.left + grid.left, min(x, box.left + grid.left + grid.width + grid.right - wide))
    for down, line in enumerate(lines):
        base = box.bottom + box.strip - size.text * (2.35 + down * LINE_HEIGHT)
        canvas.write(x, base, line, size.text, style.MARK_ORANGE)


def _draw_range(strip: Axes, axes: Axes, days: tuple[int, int | None, int | None], grid: PlotGrid) -> None:
    early, median, late = days
    size, y = grid.size, strip.get_ylim()[1] - grid.size.text * 0.8
    cap = size.text * 0.28
    right = late if late is not None else grid.end.toordinal()
    strip.plot(
        [early, right], [y, y], color=style.MARK_ORANGE, linewidth=size.line * 0.8, solid_capstyle="butt"
    )
    for end in (early, late):
        if end is not None:
            strip.plot([end, end], [y - cap, y + cap], color=style.MARK_ORANGE, linewidth=size.line * 0.8)
    look: dict[str, Any] = {"color": style.MARK_ORANGE, "linestyle": "none", "clip_on": False}
    if late is None:
        strip.plot([right], [y], marker=">", markersize=size.text * 0.5, **look)
    if median is not None:
        strip.plot([median], [y], marker="o", markersize=size.text * 0.55, **look)
        axes.axvline(
            median, color=style.MARK_ORANGE, linewidth=size.line * 0.45, linestyle=(0, (4, 3)), zorder=2.5
        )
