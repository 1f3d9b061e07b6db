"""Conversion of figures to bytes, reproducible: without dates and names of programs."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from sim.charts.style import chart_style
from sim.errors import ArgumentError, Fault, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.house_style.house_style import HouseStyle

DPI = 200
#: Metadata that matplotlib writes by default, suppressed so that files are reproducible.
_NO_METADATA: dict[str, dict[str, None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


def to_bytes(figure: Figure, format: str, *, style: HouseStyle | None = None) -> bytes:  # noqa: A002 - the name in matplotlib
    """Return a figure as the content of a file; the same figure gives the same bytes.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
    format : str
        ``png`` (200 dots per inch), ``svg`` or ``pdf``.
    style : HouseStyle, optional
        The house style of the figure, for settings of matplotlib that apply to files.

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
    with chart_style(style):
        figure.savefig(content, format=format, dpi=DPI, metadata=metadata)
    return content.getvalue()
