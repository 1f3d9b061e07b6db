"""Map chart: cargo in transit and stocks on one day, along the route, with numbered rows."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import NumberAxis
from sim.charts.bar_rows import Bar, BarRow, BarRows, RowBox, axis_height, place_rows, row_height
from sim.charts.frame import Canvas, FrameText, LegendEntry, open_canvas, plot_height, provenance_notes
from sim.charts.map_drawing import MapBox, Mark, draw_map, draw_marker, has_known_place, marker_radius
from sim.charts.pipeline_chart import cargo_by_stage, stage_look
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.route_data import (
    BETWEEN_DEPOTS,
    FIRED,
    IN_STORE,
    PRODUCED,
    Quantity,
    Route,
    cargo,
    read_route,
)
from sim.charts.style import MM, Size
from sim.charts.voyage_data import AT_QUAY, UNDER_WAY, VoyageRow, read_voyages
from sim.errors import ArgumentError, Fault, format_count
from sim.findings.map_headline import map_headline
from sim.findings.stock_figures import overall_figures
from sim.formatting import NumberFormat, compact, long_date
from sim.results.block import PATH_RUNS

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.charts.result_data import ResultLike

    Floats = NDArray[np.float64]

_MOST_ROWS = 16
#: Height of the map relative to its width, where the height of the figure is free; its least height.
_MAP_SHARE, _LEAST_MAP = 0.4, 25 * MM
#: Least height of all rows, in points.
_LEAST_ROWS = 60.0
_RATES = (FIRED, PRODUCED)
#: Space between map and rows, in units of the type size.
_GAP = 0.8
#: Height of one route in a drawing without a known place, in units of the type size.
_CHAIN = 5.5
_KEY_ORDER = ("at sea", "on rail", "on the road", "in the air", UNDER_WAY, BETWEEN_DEPOTS, AT_QUAY, IN_STORE)


@chart
def map(  # noqa: A001 - the name of the kind
    result: ResultLike,
    size: str = "page",
    *,
    on: dt.date | None = None,
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw the route on a schematic map, with the cargo in transit, the stocks and the fire of one day.

    Parameters
    ----------
    result : Result or Tables
        A result, finished or read back from its folder.
    on : datetime.date, optional
        The day; by default the one with most cargo in transit, or the last without voyages.

    Returns
    -------
    matplotlib.figure.Figure
        Places of `sim/charts/map_data/places.csv` that a leg or depot names are on a coastline; others are
        drawn next to these, and without any known place the route is drawn from left to right.

    Raises
    ------
    ArgumentError
        The size is unknown, or the day is not in the run.
    """
    form, data = style.pick_size(size), make_chart_data(result)
    voyages = [] if result.shipments is None or result.shipments.empty else read_voyages(result)
    day = _pick_day(data, voyages, on)
    route = read_route(data, voyages, day, min(PATH_RUNS, data.runs))
    is_fullest = on is None and bool(voyages)
    layout = _fit(data, route, day, form, is_fullest=is_fullest)
    shown = _largest(route.quantities, layout.count)
    text = _frame_text(data, route, day, form, len(shown), is_fullest=is_fullest)
    canvas, top = open_canvas(text, form, layout.body)
    box = MapBox(form.margin, top - layout.map_height, layout.map_width, layout.map_height)
    draw_map(canvas, box, route, _marks(shown), form)
    left = form.margin + (layout.map_width + form.text if layout.is_beside else 0.0)
    under = top if layout.is_beside else box.bottom - _GAP * form.text
    _draw_rows(canvas, shown, RowBox(left, under, form.width - form.margin - left, layout.each), form)
    return canvas.figure


def _pick_day(data: ChartData, voyages: Sequence[VoyageRow], on: dt.date | None) -> dt.date:
    import numpy as np

    last = data.end - dt.timedelta(days=1)
    if on is None:
        if not voyages:
            return last
        total = np.sum(list(cargo_by_stage(data, voyages).values()), axis=0)
        return data.start + dt.timedelta(days=int(total.argmax()))
    if not data.start <= on <= last:
        problem = f"{on.isoformat()} is not in the run"
        raise ArgumentError([Fault(problem, allowed=f"{data.start.isoformat()} to {last.isoformat()}")])
    return on


@dataclass(frozen=True, slots=True)
class _Layout:
    """Sizes in points: of the map, of each row, of the number of rows shown, and of all of it."""

    count: int
    each: float
    map_width: float
    map_height: float
    body: float
    is_beside: bool


def _fit(data: ChartData, route: Route, day: dt.date, size: Size, *, is_fullest: bool) -> _Layout:
    """Return the layout with as many rows as fit."""
    total = len(route.quantities)
    layout = _layout(total, _frame_text(data, route, day, size, total, is_fullest=is_fullest), route, size)
    if layout.count == total:
        return layout
    # The note of omitted rows takes space.
    text = _frame_text(data, route, day, size, layout.count, is_fullest=is_fullest)
    return _layout(total, text, route, size)


def _layout(total: int, text: FrameText, route: Route, size: Size) -> _Layout:
    rows = _bar_rows(route.quantities)
    axis, least, inner = axis_height(rows, size), row_height(rows, size), size.width - 2 * size.margin
    left = plot_height(text, size)
    gap = _GAP * size.text
    if left is None:
        count = min(total, _MOST_ROWS)
        each = max(least, _LEAST_ROWS / count)
        height = max(_LEAST_MAP, _MAP_SHARE * inner)
        if not has_known_place(route):
            height = min(height, max(_LEAST_MAP, _CHAIN * size.text * (len(set(route.chains)) + 1)))
        return _Layout(count, each, inner, height, height + gap + axis + count * each, is_beside=False)
    is_beside = size.width > 1.3 * (size.height or size.width)
    room = left - axis - (0.0 if is_beside else _LEAST_MAP + gap)
    count = max(1, min(total, math.floor(room / least)))
    each = min((left - axis) / count, 2.4 * least) if is_beside else least
    height = left if is_beside else left - axis - gap - count * each
    return _Layout(count, each, 0.5 * inner if is_beside else inner, height, left, is_beside)


def _largest(quantities: Sequence[Quantity], count: int) -> list[Quantity]:
    """Return the stocks and the largest other quantities, in their order, and rates where room is left."""
    order = sorted(quantities, key=lambda each: (each.stage in _RATES, each.stage != IN_STORE, -each.shells))
    kept = order[:count]
    return [each for each in quantities if any(each is one for one in kept)]


def _marks(shown: Sequence[Quantity]) -> list[Mark]:
    placed = [each for each in shown if each.at]
    return [Mark(str(number), each.at, _look(each.stage)) for number, each in enumerate(placed, start=1)]


def _look(stage: str) -> dict[str, Any]:
    """Return the fill, outline and hatch of a stage."""
    if stage == IN_STORE:
        return {"facecolor": style.STOCKPILE, "edgecolor": style.INK, "linewidth": 0.8, "hatch": ""}
    if stage == BETWEEN_DEPOTS:
        return style.BETWEEN_DEPOTS
    if stage in _RATES:
        return {"facecolor": "white", "edgecolor": style.INK, "linewidth": 0.8, "hatch": ""}
    return stage_look(stage)


def _bar_rows(shown: Sequence[Quantity]) -> BarRows:
    rows = []
    for each in shown:
        is_rate = each.stage in _RATES
        bars = [] if is_rate else [Bar(0.0, each.shells, _look(each.stage))]
        rows.append(BarRow(each.name, bars, [f"{compact(each.shells)}{' a day' if is_rate else ''}"]))
    top = max((each.shells for each in shown if each.stage not in _RATES), default=0.0)
    return BarRows(rows, NumberAxis(0.0, 1.04 * top or 1.0, "", NumberFormat("shells")))


def _draw_rows(canvas: Canvas, shown: Sequence[Quantity], box: RowBox, size: Size) -> None:
    """Draw the rows, each after the number that it has on the map."""
    radius = marker_radius(size)
    indent = 2 * radius + 0.5 * size.text
    place_rows(canvas, _bar_rows(shown), replace(box, left=box.left + indent, width=box.width - indent), size)
    placed = [place for place, each in enumerate(shown) if each.at]
    for place, mark in zip(placed, _marks(shown), strict=True):
        draw_marker(canvas, (box.left + radius, box.middle(place, size)), mark, size)


def _frame_text(
    data: ChartData, route: Route, day: dt.date, size: Size, shown: int, *, is_fullest: bool
) -> FrameText:
    noun = data.names.noun(list(data.stock["munition"].unique()))
    under_way = {_where(each): each.shells for each in cargo(route.quantities)}
    held = sum(each.shells for each in route.quantities if each.stage == IN_STORE)
    stages = {each.stage for each in _largest(route.quantities, shown)}
    key = [LegendEntry(stage, patch=_look(stage)) for stage in _KEY_ORDER if stage in stages]
    means = _means(data, has_cargo=bool(under_way))
    left_out = len(route.quantities) - shown
    notes = [
        means,
        _map_note(route),
        f"{format_count(left_out, 'smaller figure')} not shown." if left_out else "",
    ]
    reason = ", the day with most under way" if is_fullest else ""
    return FrameText(
        map_headline(overall_figures(data).scope, noun, day, under_way, held).sentence,
        str(data.manifest["scenario"]["title"]),
        f"{noun.many.capitalize()} at the end of {long_date(day)}{reason}",
        key,
        [" ".join(filter(None, notes)), *provenance_notes(data.manifest, data.runs, size)],
    )


def _map_note(route: Route) -> str:
    if not has_known_place(route):
        return "No place of this route is in the table of places: the drawing is schematic."
    own = {key for each in route.quantities for key in each.at}
    is_partial = any(route.stops[key].place is None for key in own)
    land = "Lines join places and are not the way taken. Land: Natural Earth."
    return f"{land} A hollow dot is not at its place." if is_partial else land


def _where(quantity: Quantity) -> str:
    """Return where a cargo is, in the words of a sentence."""
    if quantity.name.casefold() == quantity.stage:
        return quantity.stage
    is_plain = quantity.stage == UNDER_WAY and (" to " in quantity.name or ":" not in quantity.name)
    return f"from {quantity.name}" if is_plain else f"{quantity.stage}, {quantity.name}"


def _means(data: ChartData, *, has_cargo: bool) -> str:
    saved = min(PATH_RUNS, data.runs)
    if data.runs == 1 or not has_cargo:
        return "One run." if data.runs == 1 else f"Means of the {data.runs} runs."
    return f"Voyages are means of runs 0 to {saved - 1}, all else of the {format_count(data.runs, 'run')}."
