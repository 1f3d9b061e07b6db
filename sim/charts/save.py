"""Kinds of charts by name, and figures as bytes that are the same every time."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from sim.charts import style
from sim.charts.compare import compare
from sim.charts.contrast import Contrast
from sim.charts.data import ChartData
from sim.charts.drawdown import drawdown
from sim.charts.supply import supply
from sim.errors import ArgumentError, Fault, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.results.result import Result
    from sim.results.saved import Tables
    from sim.study.comparison import Comparison, SavedComparison

#: Charts of one result; a comparison has a chart of its own.
KINDS: dict[str, Callable[[ChartData | Result | Tables, str], Figure]] = {
    "drawdown": drawdown,
    "supply": supply,
}
COMPARE = "compare"
DPI = 200
#: What a format would write of its own accord (dates, programs) and must not.
_SILENT: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def draw(
    kind: str,
    result: ChartData | Result | Tables | Contrast | Comparison | SavedComparison,
    size: str = "page",
) -> Figure:
    """Draw a chart by its name.

    Parameters
    ----------
    kind : str
        ``drawdown`` or ``supply`` of a result; ``compare`` of a comparison.
    result : ChartData, Result or Tables; Contrast, Comparison or SavedComparison
    size : str
        ``column``, ``page``, ``slide`` or ``square``.

    Raises
    ------
    ArgumentError
        There is no such kind or size, or not of this.
    """
    from sim.study.comparison import Comparison, SavedComparison

    known = (*KINDS, COMPARE)
    if kind not in known:
        raise ArgumentError([_unknown("kind of chart", kind, known)])
    if isinstance(result, (Contrast, Comparison, SavedComparison)):
        if kind != COMPARE:
            raise ArgumentError([Fault(f"a comparison has no {kind} chart", allowed=COMPARE)])
        return compare(result, size)
    if kind == COMPARE:
        problem = "a compare chart is made from a comparison, and this is one result"
        raise ArgumentError([Fault(problem, allowed=", ".join(KINDS))])
    return KINDS[kind](result, size)


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
