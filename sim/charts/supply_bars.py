"""Bars of monthly fire by origin, with the requirement, the unmet part and the inflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.drawn_series import record_dates
from sim.charts.frame import LegendEntry
from sim.charts.monthly_supply import OTHER_ORIGINS, MonthlySupply
from sim.charts.origin_styles import OriginStyles
from sim.charts.plot_grid import PlotGrid
from sim.names import Names

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: From this number of months on, bars have no gaps and inflow has no markers.
_MANY_MONTHS = 48
_REQUIRED_STYLE: dict[str, Any] = {"color": style.REQUIRED, "linewidth": 1.3}
_INFLOW_STYLE: dict[str, Any] = {
    "color": style.COMES_IN,
    "marker": "D",
    "markerfacecolor": "white",
    "markeredgecolor": style.COMES_IN,
}


def legend_entries(
    parts: Sequence[MonthlySupply], looks: OriginStyles, names: Names, past: str, *, inflow: bool
) -> list[LegendEntry]:
    """Return the key: origins that occur, the unmet part, the requirement and, if drawn, the inflow.

    `past` is what consumers do, as a participle: ``fired``.
    """
    present = [origin for origin in looks if any(origin in part.fired for part in parts)]
    key = [LegendEntry(origin_label(names, origin), patch=looks[origin]) for origin in present]
    key += [LegendEntry(f"not {past}", patch=style.UNMET)] if any(part.is_short for part in parts) else []
    key += [LegendEntry("required", line=_REQUIRED_STYLE)]
    if inflow:
        key += [LegendEntry("comes in", line=_inflow_style(parts[0]) | {"markersize": 3.5, "linewidth": 0.8})]
    return key


def origin_label(names: Names, origin: str) -> str:
    """Return the display name of an origin, or of all the others."""
    return origin if origin == OTHER_ORIGINS else names.origin(origin)


def others_note(names: Names, origins: Sequence[str]) -> str:
    """Return the note on the origins that share one entry; empty if there are none."""
    listed = ", ".join(names.origins(origins).values())
    return f"{OTHER_ORIGINS.capitalize()}: {listed}." if origins else ""


def max_height(part: MonthlySupply, *, inflow: bool) -> float:
    """Return the largest value that the bars show, in shells a day."""
    bars = float((sum(part.fired.values()) + part.unmet).max())
    return max(bars, float(part.required.max()), float(part.inflow.max()) if inflow else 0.0)


def draw_bars(
    axes: Axes, part: MonthlySupply, looks: OriginStyles, grid: PlotGrid, names: Names, *, inflow: bool
) -> None:
    """Draw the bars of one munition, or of all, on axes whose x is a date ordinal."""
    import numpy as np

    size, many = grid.size, _has_many_months(part)
    a_point = (grid.end - grid.start).days / grid.width
    gap = 0.0 * part.days if many else np.minimum(part.days * 0.12, size.line * a_point)
    left, width = part.edges[:-1] + gap / 2, part.days - gap
    base = 0.0 * part.days
    for origin in [origin for origin in looks if origin in part.fired]:
        look = {**looks[origin], **({"linewidth": 0.0} if many else {})}
        record_dates(
            axes, origin_label(names, origin), part.edges[:-1], part.fired[origin], x_end=part.edges[1:]
        )
        axes.bar(left, part.fired[origin], width, bottom=base, align="edge", label=origin, **look)
        base = base + part.fired[origin]
    axes.bar(left, part.unmet, width, bottom=base, align="edge", label="unmet", **style.UNMET)
    record_dates(axes, "unmet", part.edges[:-1], part.unmet, x_end=part.edges[1:])
    record_dates(axes, "required", part.edges[:-1], part.required, x_end=part.edges[1:])
    # Without rounding to pixels, which shows steps of a thousandth.
    required = _REQUIRED_STYLE | {"linewidth": size.line * 0.9, "snap": False}
    axes.stairs(part.required, part.edges, baseline=None, label="required", zorder=3, **required)
    if inflow:
        record_dates(axes, "comes in", part.edges[:-1], part.inflow, x_end=part.edges[1:])
        thin = size.line * 0.5
        look = _inflow_style(part) | {
            "linewidth": thin,
            "markersize": size.text * 0.42,
            "markeredgewidth": thin,
        }
        axes.plot(
            part.edges[:-1] + part.days / 2, part.inflow, label="comes in", zorder=4, clip_on=False, **look
        )


def _has_many_months(part: MonthlySupply) -> bool:
    return len(part.days) > _MANY_MONTHS


def _inflow_style(part: MonthlySupply) -> dict[str, Any]:
    return _INFLOW_STYLE | {"marker": ""} if _has_many_months(part) else _INFLOW_STYLE
