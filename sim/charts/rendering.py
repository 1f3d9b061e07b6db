"""Conversion of figures to bytes, reproducible: without dates and names of programs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from sim.charts import style
from sim.errors import ArgumentError, Fault, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DPI = 200
#: Metadata that matplotlib writes by default, suppressed so that files are reproducible.
_NO_METADATA: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def to_bytes(figure: Figure, format: str) -> bytes:  # noqa: A002 - the name in matplotlib
    """Return a figure as the content of a file; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    format : str
        ``png`` (200 dots per inch), ``svg`` or ``pdf``.

    Raises
    ------
    ArgumentError
        The format is unknown.
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
