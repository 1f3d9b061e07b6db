"""The drawdown: stock over time, how sure that is, and the day on which it runs out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.charts import findings, style
from sim.charts.data import ChartData, Place, as_date, chart_data, ordinals
from sim.charts.findings import FEW_RUNS
from sim.charts.frame import Canvas, Key, Words, open_frame, provenance
from sim.charts.grid import Box, Grid
from sim.charts.panel import open_plot, open_strip
from sim.charts.style import LINE, Size
from sim.charts.text import measure, wrap_clauses
from sim.errors import counted

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.results.result import Result
    from sim.results.saved import Tables

#: How many single runs are drawn: enough to see how one goes, few enough to see the bands.
_SINGLE = 3
_MARK: dict[str, Any] = {"color": style.MARK, "linewidth": 1.2, "marker": "o", "markersize": 4.0}
_GONE = "Gone: less than one day of the planned requirement is left."


@dataclass(frozen=True, slots=True)
class Shown:
    """What one plot shows.

    Attributes
    ----------
    heading : str
    stock, paths : pandas.DataFrame
        Rows of the tables for this depot and munition, in order of the date.
    exhausted : mapping or None
        ``share, p05, p50, p95``; None where no one fires.
    label : str
        Says when the stock is gone.
    """

    heading: str
    stock: pd.DataFrame
    paths: pd.DataFrame
    exhausted: Mapping[str, Any] | None
    label: str


def drawdown(result: ChartData | Result | Tables, size: str = "page") -> Figure:
    """Draw the stock over time: median, bands, single runs, and when it is gone.

    Parameters
    ----------
    result : ChartData, Result or Tables
        A result, finished or read back from its folder, or its tables alone.
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.

    Returns
    -------
    matplotlib.figure.Figure
        With one plot, or one for each depot and munition, those with a consumer first.

    Raises
    ------
    InputError
        There is no such size.
    """
    data, form = chart_data(result), style.pick_size(size)
    shown = [_show(data, place) for place in _places(data, form.panels)]
    with style.drawing():
        grid = _grid(data, shown, form)
        words = _words(data, shown, form)
        canvas, boxes = open_frame(words, grid)
        for panel, box, top in zip(shown, boxes, grid.tops, strict=True):
            axes = open_plot(canvas, box, grid, top, panel.heading)
            _draw_stock(axes, panel, data, form)
            _draw_mark(canvas, box, grid, panel, axes)
    return canvas.figure


def _places(data: ChartData, most: int) -> tuple[Place, ...]:
    """Return what is shown: everything, or where that is too much, the stocks that someone fires from."""
    return data.places if len(data.places) <= most else (data.consuming or data.places)[:most]


def _show(data: ChartData, place: Place) -> Shown:
    depot, munition = place
    heading = ""
    if len(data.places) > 1:
        depots, kinds = {depot for depot, _ in data.places}, {munition for _, munition in data.places}
        heading = munition if len(depots) == 1 else depot if len(kinds) == 1 else f"{munition} at {depot}"
    exhausted = data.summary["pairs"].get(depot, {}).get(munition, {}).get("exhausted")
    label = findings.date_of(exhausted, findings.describe(data), brief=bool(heading)) if exhausted else ""
    return Shown(heading, _rows(data.stock, place), _rows(data.paths, place), exhausted, label)


def _rows(table: pd.DataFrame, place: Place) -> pd.DataFrame:
    found = table[(table["depot"] == place[0]) & (table["munition"] == place[1])]
    return found.assign(x=ordinals(found["date"])).sort_values("x", kind="stable")


def _grid(data: ChartData, shown: Sequence[Shown], size: Size) -> Grid:
    tops = [max(_top(panel.stock, ("p95", "p50")), _top(panel.paths, ("level",))) for panel in shown]
    bare = Grid(size, data.start, data.end, tops, len(data.places) > 1, [0.0] * len(shown))
    lines = [len(_label(panel, bare)) for panel in shown]
    return replace(bare, strips=[size.text * (1.5 + rows * LINE) if rows else 0.0 for rows in lines])


def _top(table: pd.DataFrame, columns: Sequence[str]) -> float:
    return max((float(table[name].max()) for name in columns if len(table)), default=0.0)


def _label(panel: Shown, grid: Grid) -> list[str]:
    wide = measure(grid.size.text)
    return wrap_clauses(panel.label, grid.width + grid.right, wide) if panel.label else []


def _words(data: ChartData, shown: Sequence[Shown], size: Size) -> Words:
    rest = len(data.places) - len(shown)
    axis = "Shells in stock at the day's close"
    if len(shown) > 1:
        axis += "; each plot has its own scale"
    left_out = [f"{counted(rest, 'more stock')} in stock.csv."] if rest else []
    gone = [_GONE] if data.consuming else []
    fire = findings.last_fire(data.summary, findings.describe(data))
    notes = [" ".join(filter(None, [*gone, fire, *left_out])), *provenance(data.manifest, data.runs, size)]
    return Words(findings.drawdown(data), str(data.manifest["scenario"]["title"]), axis, _key(data), notes)


def _key(data: ChartData) -> list[Key]:
    median: dict[str, Any] = {"color": style.LINE_BLUE, "linewidth": 1.6}
    gone = [Key("stock gone", line=_MARK)] if _marked(data) else []
    if data.runs == 1:
        return [Key("one run", line=median), *gone]
    if data.alike:
        return [Key(f"all {counted(data.runs, 'run')} are the same: no uncertainty", line=median), *gone]
    single = Key("single runs", line={"color": style.QUIET, "linewidth": 0.5})
    middle = Key("median of each day", line=median)
    gone = [replace(key, label=f"stock gone, {findings.describe(data).range}") for key in gone]
    if data.runs < FEW_RUNS:
        return [middle, Key(f"all {counted(data.runs, 'run')}", patch=_band(style.MOST)), single, *gone]
    half, most = (
        Key("half of the runs", patch=_band(style.HALF)),
        Key("nine runs in ten", patch=_band(style.MOST)),
    )
    return [middle, half, most, single, *gone]


def _marked(data: ChartData) -> bool:
    """Whether several plots have a mark to explain; a single one has a label that says it all."""
    ends = (outcome["exhausted"] for by in data.summary["pairs"].values() for outcome in by.values())
    return len(data.places) > 1 and any(as_date(end["p05"]) for end in ends)


def _band(colour: str) -> dict[str, Any]:
    return {"facecolor": colour, "edgecolor": "none", "linewidth": 0.0}


def _draw_stock(axes: Axes, panel: Shown, data: ChartData, size: Size) -> None:
    x = panel.stock["x"].to_numpy()
    if not data.alike:
        _draw_band(axes, x, panel.stock, ("p05", "p95"), style.MOST)
        if data.runs >= FEW_RUNS:
            _draw_band(axes, x, panel.stock, ("p25", "p75"), style.HALF)
        for _, path in panel.paths[panel.paths["run"] < _SINGLE].groupby("run"):
            axes.plot(path["x"], path["level"], color=style.QUIET, linewidth=size.line * 0.3)
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
    axes.fill_between(x, low, high, **_band(colour))


def _draw_mark(canvas: Canvas, box: Box, grid: Grid, panel: Shown, axes: Axes) -> None:
    """Draw the day on which the stock is gone, its range, and its label, in the strip below the plot."""
    lines = _label(panel, grid)
    if not lines or panel.exhausted is None:
        return
    size, at = grid.size, grid.start.toordinal()
    dates = [as_date(panel.exhausted[name]) for name in ("p05", "p50", "p95")]
    early, median, late = (day.toordinal() if day else None for day in dates)
    if early is not None:
        strip = open_strip(canvas, box, grid)
        _draw_range(strip, axes, (early, median, late), grid)
        at = early
    wide = max(map(measure(size.text), lines))
    x = box.left + grid.left + (at - grid.start.toordinal()) * grid.width / (grid.end - grid.start).days
    x = max(box.left + grid.left, min(x, box.left + grid.left + grid.width + grid.right - wide))
    for down, line in enumerate(lines):
        base = box.bottom + box.strip - size.text * (2.35 + down * LINE)
        canvas.write(x, base, line, size.text, style.MARK)


def _draw_range(strip: Axes, axes: Axes, days: tuple[int, int | None, int | None], grid: Grid) -> None:
    early, median, late = days
    size, y = grid.size, strip.get_ylim()[1] - grid.size.text * 0.8
    cap = size.text * 0.28
    right = late if late is not None else grid.end.toordinal()
    strip.plot([early, right], [y, y], color=style.MARK, linewidth=size.line * 0.8, solid_capstyle="butt")
    for end in (early, late):
        if end is not None:
            strip.plot([end, end], [y - cap, y + cap], color=style.MARK, linewidth=size.line * 0.8)
    look: dict[str, Any] = {"color": style.MARK, "linestyle": "none", "clip_on": False}
    if late is None:
        strip.plot([right], [y], marker=">", markersize=size.text * 0.5, **look)
    if median is not None:
        strip.plot([median], [y], marker="o", markersize=size.text * 0.55, **look)
        axes.axvline(median, color=style.MARK, linewidth=size.line * 0.45, linestyle=(0, (4, 3)), zorder=2.5)
