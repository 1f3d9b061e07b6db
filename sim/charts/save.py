"""Kinds of charts by name, and figures as bytes that are the same every time."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.compare import compare
from sim.charts.contrast import Contrast
from sim.charts.data import ChartData
from sim.charts.drawdown import drawdown
from sim.charts.drivers import Driven, Drivers
from sim.charts.heatmap import heatmap
from sim.charts.line import line
from sim.charts.scan import Scan, Swept
from sim.charts.sobol import sobol
from sim.charts.supply import supply
from sim.charts.sustainable import sustainable
from sim.charts.tornado import tornado
from sim.errors import ArgumentError, Fault, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.results.result import Result
    from sim.results.saved import Tables
#: Charts of one result; a comparison has a chart of its own.
KINDS: dict[str, Callable[[ChartData | Result | Tables, str], Figure]] = {
    "drawdown": drawdown,
    "supply": supply,
}
COMPARE = "compare"
OF_SWEEP: dict[str, Callable[[Scan | Swept, str], Figure]] = {
    "heatmap": heatmap,
    "line": line,
    "sustainable": sustainable,
}
OF_DRIVERS: dict[str, Callable[[Drivers | Driven, str], Figure]] = {"tornado": tornado, "sobol": sobol}
_RESULT, _COMPARISON, _SWEEP, _DRIVERS = "one result", "a comparison", "a sweep", "a sensitivity study"
_MADE_FROM: dict[str, Collection[str]] = {
    _RESULT: KINDS,
    _COMPARISON: (COMPARE,),
    _SWEEP: OF_SWEEP,
    _DRIVERS: OF_DRIVERS,
}
DPI = 200
#: What a format would write of its own accord (dates, programs) and must not.
_SILENT: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def draw(kind: str, found: Any, size: str = "page") -> Figure:
    """Draw a chart by its name.

    Parameters
    ----------
    kind : str
        ``drawdown`` or ``supply`` of a result; ``compare`` of a comparison; ``heatmap``, ``line`` or
        ``sustainable`` of a sweep; ``tornado`` or ``sobol`` of a sensitivity study.
    found : ChartData, Result or Tables; Contrast, Comparison or SavedComparison; Scan, or what `sim.sweep`
        returns; Drivers, or what `sim.sensitivity` returns
    size : str
        ``column``, ``page``, ``slide`` or ``square``.

    Raises
    ------
    ArgumentError
        There is no such kind or size, or not of this.
    """
    known = (*KINDS, COMPARE, *OF_SWEEP, *OF_DRIVERS)
    if kind not in known:
        raise ArgumentError([_unknown("kind of chart", kind, known)])
    what, own = kinds_of(found)
    if kind not in own:
        maker = next(maker for maker, kinds in _MADE_FROM.items() if kind in kinds)
        problem = f"{what} has no {kind} chart: that is made from {maker}"
        raise ArgumentError([Fault(problem, allowed=", ".join(own))])
    return own[kind](found, size)


def kinds_of(found: Any) -> tuple[str, Mapping[str, Callable[[Any, str], Figure]]]:
    """Return what something that was found is called, and its charts by name; the first is its own."""
    from sim.study.comparison import Comparison, SavedComparison

    if isinstance(found, (Contrast, Comparison, SavedComparison)):
        return _COMPARISON, {COMPARE: compare}
    columns = set(getattr(getattr(found, "table", None), "columns", ()))
    if "point" in columns:
        across = len(found.paths) == 2
        own = ("heatmap", "line", "sustainable") if across else ("line", "sustainable", "heatmap")
        return _SWEEP, {kind: OF_SWEEP[kind] for kind in own}
    if {"path", "index"} <= columns:
        variance = {"first", "total", "mu_star"} & set(found.table["index"])
        other = ("sobol", "tornado") if variance else ("tornado", "sobol")
        return _DRIVERS, {kind: OF_DRIVERS[kind] for kind in other}
    return _RESULT, KINDS


def to_bytes(figure: Figure, format: str) -> bytes:  # noqa: A002 - matplotlib's word for it
    """Return a figure as a file's content; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    format : str
        ``png`` (200 dots an inch), ``svg`` or ``pdf``.

    Raises
    ------
    ArgumentError
        There is no such format.
    """
    if format not in _SILENT:
        raise ArgumentError([_unknown("chart format", format, _SILENT)])
    metadata = {"Title": figure.get_label(), **_SILENT[format]}
    content = io.BytesIO()
    with style.drawing():
        figure.savefig(content, format=format, dpi=DPI, metadata=metadata)
    return content.getvalue()


def _unknown(noun: str, name: str, known: Collection[str]) -> Fault:
    return Fault(f"there is no {noun} {name!r}", allowed=", ".join(known), nearest=nearest(name, known))
