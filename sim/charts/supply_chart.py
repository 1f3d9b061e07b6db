"""Supply chart: monthly fire by origin, unmet requirement and inflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.charts import monthly_supply, result_headline, style
from sim.charts.frame import FrameText, LegendEntry, open_frame, provenance_notes
from sim.charts.monthly_supply import INITIAL, OTHER_ORIGINS, MonthlySupply
from sim.charts.panel import open_plot
from sim.charts.plot_grid import PlotGrid
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.style import Size
from sim.errors import format_count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results.reader import Tables
    from sim.results.result import Result

_MIXING_NOTE = "Fire takes from each origin in proportion to what is in stock."
_TRANSFER_NOTE = "Shells moved between depots are not counted as coming in."
_MANY_MONTHS = 48
_UNMET_STYLE: dict[str, Any] = {
    "facecolor": "white",
    "edgecolor": "#BDBDBD",
    "hatch": "/////",
    "linewidth": 0.0,
}
_REQUIRED_STYLE: dict[str, Any] = {"color": style.INK, "linewidth": 1.3}
_INFLOW_STYLE: dict[str, Any] = {
    "color": style.MARK_ORANGE,
    "marker": "D",
    "markerfacecolor": "white",
    "markeredgecolor": style.MARK_ORANGE,
}


def supply(result: ChartData | Result | Tables, size: str = "page") -> Figure:
    """Draw monthly fire by origin against the requirement, and monthly inflow.

    Parameters
    ----------
    result : ChartData, Result or Tables
        A result, finished or read back from its folder, or its tables alone.
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.

    Returns
    -------
    matplotlib.figure.Figure
        One plot per munition that is fired, over all depots; means over runs, in shells a day.

    Raises
    ------
    InputError
        The size is unknown.
    """
    data, form = make_chart_data(result), style.pick_size(size)
    names = monthly_supply.named_origins(data, most=len(style.ORIGINS))
    parts = [
        monthly_supply.monthly_supply(data, munition, names)
        for munition in monthly_supply.fired_munitions(data)
    ]
    shown = parts[: form.panels]
    looks = _origin_styles(names)
    with style.chart_style():
        grid = _plot_grid(data, shown, form, several=len(parts) > 1)
        frame_text = _frame_text(data, parts, shown, looks, form)
        canvas, boxes = open_frame(frame_text, grid)
        for part, box, top in zip(shown, boxes, grid.tops, strict=True):
            axes = open_plot(canvas, box, grid, top, part.munition if len(parts) > 1 else "")
            _draw_plot(axes, part, looks, grid)
    return canvas.figure


def _origin_styles(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the style of each origin, from the bottom of the stack: supply first, initial stock last."""
    looks = {
        name: _origin_style(place) for place, name in enumerate([*names, OTHER_ORIGINS][: len(style.ORIGINS)])
    }
    return looks | {INITIAL: {"facecolor": style.STOCKPILE, "edgecolor": "white", "linewidth": 0.4}}


def _origin_style(place: int) -> dict[str, Any]:
    look = {"facecolor": style.ORIGINS[place], "edgecolor": "white", "linewidth": 0.4}
    return look | {"hatch": style.HATCHES[place]} if style.HATCHES[place] else look


def _plot_grid(data: ChartData, parts: Sequence[MonthlySupply], size: Size, *, several: bool) -> PlotGrid:
    tops = [float(max((sum(part.fired.values()) + part.unmet).max(), part.inflow.max())) for part in parts]
    return PlotGrid(size, data.start, data.end, tops, several, [0.0] * len(parts))


def _frame_text(
    data: ChartData,
    parts: Sequence[MonthlySupply],
    shown: Sequence[MonthlySupply],
    looks: dict[str, dict[str, Any]],
    size: Size,
) -> FrameText:
    names = {INITIAL: "initial stock", "refurbished": "refurbished shells"}
    present = [name for name in looks if any(name in part.fired for part in shown)]
    key = [LegendEntry(names.get(name, name), patch=looks[name]) for name in present]
    key += [LegendEntry("unmet", patch=_UNMET_STYLE)] if any(part.is_short for part in shown) else []
    key += [
        LegendEntry("required", line=_REQUIRED_STYLE),
        LegendEntry("came in", line=_inflow_style(parts[0]) | {"markersize": 3.5, "linewidth": 0.8}),
    ]
    mean = "one run" if data.runs == 1 else f"mean of {format_count(data.runs, 'run')}"
    axis = f"Shells a day by month, fired by origin; {mean}" + (
        "; each plot has its own scale" if len(shown) > 1 else ""
    )
    several = len({depot for depot, _ in data.pairs}) > 1
    rest = len(parts) - len(shown)
    left_out = [f"{format_count(rest, 'more munition')} in origins.csv."] if rest else []
    note = " ".join([_MIXING_NOTE, *([_TRANSFER_NOTE] if several else []), *left_out])
    title = result_headline.supply_headline(monthly_supply.sum_months(parts))
    return FrameText(
        title,
        str(data.manifest["scenario"]["title"]),
        axis,
        key,
        [note, *provenance_notes(data.manifest, data.runs, size)],
    )


def _draw_plot(axes: Axes, part: MonthlySupply, looks: dict[str, dict[str, Any]], grid: PlotGrid) -> None:
    import numpy as np

    size, many = grid.size, _has_many_months(part)
    a_point = (part.edges[-1] - part.edges[0]) / grid.width
    gap = 0.0 * part.days if many else np.minimum(part.days * 0.12, size.line * a_point)
    left, width = part.edges[:-1] + gap / 2, part.days - gap
    base = 0.0 * part.days
    for name in [name for name in looks if name in part.fired]:
        look = looks[name] | ({"linewidth": 0.0} if many else {})
        axes.bar(left, part.fired[name], width, bottom=base, align="edge", label=name, **look)
        base = base + part.fired[name]
    axes.bar(left, part.unmet, width, bottom=base, align="edge", label="unmet", **_UNMET_STYLE)
    required = _REQUIRED_STYLE | {"linewidth": size.line * 0.9}
    axes.stairs(part.required, part.edges, baseline=None, label="required", zorder=3, **required)
    thin = size.line * 0.5
    look = _inflow_style(part) | {"linewidth": thin, "markersize": size.text * 0.42, "markeredgewidth": thin}
    axes.plot(part.edges[:-1] + part.days / 2, part.inflow, label="came in", zorder=4, clip_on=False, **look)


def _has_many_months(part: MonthlySupply) -> bool:
    return len(part.days) > _MANY_MONTHS


def _inflow_style(part: MonthlySupply) -> dict[str, Any]:
    return _INFLOW_STYLE | {"marker": ""} if _has_many_months(part) else _INFLOW_STYLE
