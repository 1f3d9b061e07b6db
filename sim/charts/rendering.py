"""Figures as bytes: the same figure gives the same file, without dates or programs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from sim.charts import style
from sim.errors import ArgumentError, Fault, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 200
#: What a format would write of its own accord (dates, programs) and must not.
_NO_METADATA: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


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
    if format not in _NO_METADATA:
        near = nearest(format, _NO_METADATA)
        raise ArgumentError(
            [Fault(f"there is no chart format {format!r}", allowed=", ".join(_NO_METADATA), nearest=near)]
        )
    metadata = {"Title": figure.get_label(), **_NO_METADATA[format]}
    content = io.BytesIO()
    with style.chart_style():
        figure.savefig(content, format=format, dpi=DPI, metadata=metadata)
    return content.getvalue()
