"""Supply against requirement: what is fired by month and origin, what is missing, and what comes in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.charts import findings, months, style
from sim.charts.data import ChartData
from sim.charts.frame import Key, Words, open_frame, provenance
from sim.charts.months import INITIAL, OTHERS, Supply
from sim.charts.panel import Plan, open_plot
from sim.charts.style import Size
from sim.charts.words import count, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

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


def supply(data: ChartData, size: str = "page") -> Figure:
    """Draw by month what is fired, by origin, against the requirement; and what comes in.

    Parameters
    ----------
    data : ChartData
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
    form = style.pick_size(size)
    parts = [months.supply(data, name, most=len(style.ORIGINS)) for name in months.munitions(data)]
    shown = parts[: form.panels]
    colours = _colours(shown)
    with style.drawing():
        plan = _plan(data, shown, form, several=len(parts) > 1)
        words = _words(data, parts, shown, colours)
        canvas, boxes = open_frame(words, form, panels=len(shown), around=plan.around, dates=plan.dates)
        for part, box, top in zip(shown, boxes, plan.tops, strict=True):
            axes = open_plot(canvas, box, plan, top, part.munition if len(parts) > 1 else "")
            _draw(axes, part, colours, form)
    return canvas.figure


def _colours(parts: Sequence[Supply]) -> dict[str, dict[str, Any]]:
    """Return the look of each origin, the same in every plot, the initial stock last."""
    names = list(dict.fromkeys(name for part in parts for name in part.fired if name != INITIAL))
    names.sort(key=lambda name: name == OTHERS)
    looks = {name: _look(n) for n, name in enumerate(names)}
    return looks | {INITIAL: {"facecolor": style.STOCKPILE, "edgecolor": "white", "linewidth": 0.4}}


def _look(place: int) -> dict[str, Any]:
    around = place % len(style.ORIGINS)
    look = {"facecolor": style.ORIGINS[around], "edgecolor": "white", "linewidth": 0.4}
    return look | {"hatch": style.HATCHES[around]} if style.HATCHES[around] else look


def _plan(data: ChartData, parts: Sequence[Supply], size: Size, *, several: bool) -> Plan:
    tops = [float(max((sum(part.fired.values()) + part.unmet).max(), part.inflow.max())) for part in parts]
    return Plan(size, len(parts), data.start, data.end, tops, size.text * 1.8 if several else 0.0, 0.0)


def _words(
    data: ChartData, parts: Sequence[Supply], shown: Sequence[Supply], looks: dict[str, dict[str, Any]]
) -> Words:
    names = {INITIAL: "initial stock", "refurbished": "refurbished shells"}
    there = [name for name in looks if any(name in part.fired for part in shown)]
    key = [Key(names.get(name, name), patch=looks[name]) for name in there]
    key += [
        Key("unmet", patch=_UNMET),
        Key("required", line=_REQUIRED),
        Key("came in", line=_INFLOW | {"markersize": 3.5, "linewidth": 0.8}),
    ]
    mean = "one run" if data.runs == 1 else f"mean of {count(data.runs, 'run')}"
    axis = f"Shells a day in each month, {mean}" + ("; each plot has its own scale" if len(shown) > 1 else "")
    several = len({depot for depot, _ in data.places}) > 1
    rest = len(parts) - len(shown)
    left_out = [f"{number(rest)} more munitions: origins.csv."] if rest else []
    note = " ".join([_WELL_MIXED, *([_BETWEEN] if several else []), *left_out])
    title = findings.supply(months.together(parts))
    return Words(
        title,
        str(data.manifest["scenario"]["title"]),
        axis,
        key,
        [note, *provenance(data.manifest, data.runs)],
    )


def _draw(axes: Axes, part: Supply, looks: dict[str, dict[str, Any]], size: Size) -> None:
    many = len(part.days) > _MANY_MONTHS
    gap = 0.0 if many else 0.12
    left, width = part.edges[:-1] + part.days * gap / 2, part.days * (1 - gap)
    base = 0.0 * part.days
    for name in [name for name in looks if name in part.fired]:
        look = looks[name] | ({"linewidth": 0.0} if many else {})
        axes.bar(left, part.fired[name], width, bottom=base, align="edge", label=name, **look)
        base = base + part.fired[name]
    axes.bar(left, part.unmet, width, bottom=base, align="edge", label="unmet", **_UNMET)
    axes.stairs(
        part.required, part.edges, baseline=None, **(_REQUIRED | {"linewidth": size.line * 0.9}), zorder=3
    )
    look = _INFLOW | {
        "linewidth": size.line * 0.5,
        "markersize": size.text * 0.42,
        "markeredgewidth": size.line * 0.5,
    }
    if many:
        look["marker"] = ""
    axes.plot(part.edges[:-1] + part.days / 2, part.inflow, zorder=4, clip_on=False, **look)
