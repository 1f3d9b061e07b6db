"""Kinds of charts by name, and figures as bytes that are the same every time."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sim.charts import style
from sim.charts.data import ChartData
from sim.charts.drawdown import drawdown
from sim.charts.supply import supply
from sim.errors import Fault, ArgumentError, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.results.result import Result
    from sim.results.saved import Tables

KINDS: dict[str, Callable[[ChartData | Result | Tables, str], Figure]] = {
    "drawdown": drawdown,
    "supply": supply,
}
DPI = 200
#: What a format would write of its own accord (dates, programs) and must not.
_SILENT: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def draw(kind: str, result: ChartData | Result | Tables, size: str = "page") -> Figure:
    """Draw a chart by its name.

    Parameters
    ----------
    kind : str
        ``drawdown`` or ``supply``.
    result : ChartData, Result or Tables
    size : str
        ``column``, ``page``, ``slide`` or ``square``.

    Raises
    ------
    ArgumentError
        There is no such kind or size.
    """
    if kind not in KINDS:
        raise ArgumentError([_unknown("kind of chart", kind, KINDS)])
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


def _unknown(noun: str, name: str, known: Mapping[str, object]) -> Fault:
    return Fault(f"there is no {noun} {name!r}", allowed=", ".join(known), nearest=nearest(name, known))
