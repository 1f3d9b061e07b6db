"""Charts of a result as elements of a page, each in a wide and a narrow size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.charts import kinds_of, load_house_style, to_bytes
from sim.errors import ArgumentError
from sim.reporting.inline_svg import SharedShapes, inline_svg

#: Size of a chart on paper and screens, and on a phone.
WIDE, NARROW = "page", "column"


class PageChart(NamedTuple):
    """A chart of a page: its kind, its statement, and an SVG element for each size."""

    kind: str
    statement: str
    wide: str
    narrow: str


class ChartSet(NamedTuple):
    """The charts of a result, the shapes that they share, and why each other kind cannot be drawn from it."""

    charts: Sequence[PageChart]
    reasons: Sequence[str]
    shapes: str = ""


NO_CHARTS = ChartSet((), ())


def draw_charts(found: Any, prefix: str, style: Path | None = None) -> ChartSet:
    """Draw every kind of chart that a result has, its default kind first.

    Parameters
    ----------
    found : object
        As for `sim.charts.draw`.
    prefix : str
        First part of all ids: letters, digits and hyphens.
    style : Path, optional
        File of a house style.
    """
    house = load_house_style(style)
    charts, reasons = [], []
    shapes = SharedShapes(f"{prefix}s")
    for kind, chart_kind in kinds_of(found)[1].items():
        try:
            figures = {size: chart_kind(found, size, style=house) for size in (WIDE, NARROW)}
        except ArgumentError as error:
            reasons.append(str(error))
            continue
        statement = str(figures[WIDE].get_label())
        elements = [
            inline_svg(
                to_bytes(figure, "svg", style=house),
                f"{prefix}-{kind}-{size[0]}",
                statement,
                f"chart {size}",
                shapes,
            )
            for size, figure in figures.items()
        ]
        charts.append(PageChart(kind, statement, *elements))
    return ChartSet(charts, reasons, shapes.element())
