"""Supply against requirement: what is fired by month and origin, what is missing, and what comes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.charts import findings, months, style
from sim.charts.data import ChartData, chart_data
from sim.charts.frame import Key, Words, open_frame, provenance
from sim.charts.grid import Grid
from sim.charts.months import INITIAL, OTHERS, Supply
from sim.charts.panel import open_plot
from sim.charts.style import Size
from sim.errors import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.results.result import Result
    from sim.results.saved import Tables

_WELL_MIXED = "Fire takes from each origin in proportion to what is in stock."
_BETWEEN = "Shells moved between depots are not counted as coming in."
_MANY_MONTHS = 48
_UNMET: dict[str, Any] = {"facecolor": "white", "edgecolor": "#BDBDBD", "hatch": "/////", "linewidth": 0.0}
_REQUIRED: dict[str, Any] = {"color": style.INK, "linewidth": 1.3}
_INFLOW: dict[str, Any] = {
    "color": style.MARK,
    "marker": "D",
    "markerfacecolor": "white",
    "markeredgecolor": style.MARK,
}


def supply(result: ChartData | Result | Tables, size: str = "page") -> Figure:
    """Draw by month what is fired, by origin, against the requirement; and what comes in.

    Parameters
    ----------
    result : ChartData, Result or Tables
        A result, finished or read back from its folder, or its tables alone.
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.

    Returns
    -------
    matplotlib.figure.Figure
        With a plot for each munition that is fired, over all depots; means over runs, in shells a day.

    Raises
    ------
    InputError
        There is no such size.
    """
    data, form = chart_data(result), style.pick_size(size)
    names = months.origins(data, most=len(style.ORIGINS))
    parts = [months.supply(data, munition, names) for munition in months.munitions(data)]
    shown = parts[: form.panels]
    looks = _looks(names)
    with style.drawing():
        grid = _grid(data, shown, form, several=len(parts) > 1)
        words = _words(data, parts, shown, looks, form)
        canvas, boxes = open_frame(words, grid)
        for part, box, top in zip(shown, boxes, grid.tops, strict=True):
            axes = open_plot(canvas, box, grid, top, part.munition if len(parts) > 1 else "")
            _draw(axes, part, looks, grid)
    return canvas.figure


def _looks(names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the look of each origin, from the bottom of the stack: new supply first, old stock last."""
    looks = {name: _look(place) for place, name in enumerate([*names, OTHERS][: len(style.ORIGINS)])}
    return looks | {INITIAL: {"facecolor": style.STOCKPILE, "edgecolor": "white", "linewidth": 0.4}}


def _look(place: int) -> dict[str, Any]:
    look = {"facecolor": style.ORIGINS[place], "edgecolor": "white", "linewidth": 0.4}
    return look | {"hatch": style.HATCHES[place]} if style.HATCHES[place] else look


def _grid(data: ChartData, parts: Sequence[Supply], size: Size, *, several: bool) -> Grid:
    tops = [float(max((sum(part.fired.values()) + part.unmet).max(), part.inflow.max())) for part in parts]
    return Grid(size, data.start, data.end, tops, several, [0.0] * len(parts))


def _words(
    data: ChartData,
    parts: Sequence[Supply],
    shown: Sequence[Supply],
    looks: dict[str, dict[str, Any]],
    size: Size,
) -> Words:
    names = {INITIAL: "initial stock", "refurbished": "refurbished shells"}
    there = [name for name in looks if any(name in part.fired for part in shown)]
    key = [Key(names.get(name, name), patch=looks[name]) for name in there]
    key += [Key("unmet", patch=_UNMET)] if any(part.short for part in shown) else []
    key += [
        Key("required", line=_REQUIRED),
        Key("came in", line=_inflow(parts[0]) | {"markersize": 3.5, "linewidth": 0.8}),
    ]
    mean = "one run" if data.runs == 1 else f"mean of {counted(data.runs, 'run')}"
    axis = f"Shells a day by month, fired by origin; {mean}" + (
        "; each plot has its own scale" if len(shown) > 1 else ""
    )
    several = len({depot for depot, _ in data.places}) > 1
    rest = len(parts) - len(shown)
    left_out = [f"{counted(rest, 'more munition')} in origins.csv."] if rest else []
    note = " ".join([_WELL_MIXED, *([_BETWEEN] if several else []), *left_out])
    title = findings.supply(months.together(parts))
    return Words(
        title,
        str(data.manifest["scenario"]["title"]),
        axis,
        key,
        [note, *provenance(data.manifest, data.runs, size)],
    )


def _draw(axes: Axes, part: Supply, looks: dict[str, dict[str, Any]], grid: Grid) -> None:
    import numpy as np

    size, many = grid.size, _many(part)
    a_point = (part.edges[-1] - part.edges[0]) / grid.width
    gap = 0.0 * part.days if many else np.minimum(part.days * 0.12, size.line * a_point)
    left, width = part.edges[:-1] + gap / 2, part.days - gap
    base = 0.0 * part.days
    for name in [name for name in looks if name in part.fired]:
        look = looks[name] | ({"linewidth": 0.0} if many else {})
        axes.bar(left, part.fired[name], width, bottom=base, align="edge", label=name, **look)
        base = base + part.fired[name]
    axes.bar(left, part.unmet, width, bottom=base, align="edge", label="unmet", **_UNMET)
    required = _REQUIRED | {"linewidth": size.line * 0.9}
    axes.stairs(part.required, part.edges, baseline=None, label="required", zorder=3, **required)
    thin = size.line * 0.5
    look = _inflow(part) | {"linewidth": thin, "markersize": size.text * 0.42, "markeredgewidth": thin}
    axes.plot(part.edges[:-1] + part.days / 2, part.inflow, label="came in", zorder=4, clip_on=False, **look)


def _many(part: Supply) -> bool:
    return len(part.days) > _MANY_MONTHS


def _inflow(part: Supply) -> dict[str, Any]:
    return _INFLOW | {"marker": ""} if _many(part) else _INFLOW
