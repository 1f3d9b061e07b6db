"""Charts of a result as elements of a page, each in a wide and a narrow size."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim import evidence
from sim.charts import kinds_of, load_house_style, sources_listed, to_bytes
from sim.errors import ArgumentError
from sim.reporting.inline_svg import SharedShapes, inline_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.charts.kinds import ChartKind
    from sim.house_style.house_style import HouseStyle

_DRAWDOWN = "drawdown"
#: Size of a chart on paper and screens, and on a phone.
WIDE, NARROW = "page", "column"
#: Largest height, in millimetres, of a chart that takes half of A4, if slightly scaled down.
_HALF_PAGE = 142.0
_MM_PER_INCH = 25.4
#: Where the page lists the sources that a chart does not name.
_SOURCES_PLACE = "under Sources below"


class PageChart(NamedTuple):
    """A chart of a page: its kind, and an SVG element for each size.

    `is_half_page` is true if two of its height fit on a sheet of paper.
    """

    kind: str
    wide: str
    narrow: str
    is_half_page: bool


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
            with sources_listed(_SOURCES_PLACE):
                figures = _figures(chart_kind, found, house)
        except ArgumentError as error:
            reasons.append(str(error))
            continue
        statement = str(figures[WIDE].get_label())
        wide, narrow = (
            inline_svg(
                to_bytes(figure, "svg", style=house),
                f"{prefix}-{kind}-{size[0]}",
                statement,
                f"chart {size}",
                shapes,
            )
            for size, figure in figures.items()
        )
        is_half_page = figures[WIDE].get_figheight() * _MM_PER_INCH <= _HALF_PAGE
        charts.append(PageChart(kind, wide, narrow, is_half_page))
    return ChartSet(charts, reasons, shapes.element())


def _figures(kind: ChartKind, found: Any, house: HouseStyle) -> dict[str, Figure]:
    """Return a chart in both sizes; a drawdown with the published claims on its stock, if any."""
    if (found.verb, kind.name) == ("run", _DRAWDOWN):
        table = evidence.look_up(quantity="stock")
        # Refused where no claim is about this stock: then it is drawn without them, as below.
        with suppress(ArgumentError):
            return {size: kind(found, size, claims=table, style=house) for size in (WIDE, NARROW)}
    return {size: kind(found, size, style=house) for size in (WIDE, NARROW)}
