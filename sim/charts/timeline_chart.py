"""Timeline chart: the voyages of one run, a row for each vehicle."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.claimants import left_out_note
from sim.charts.drawn_series import record_dates
from sim.charts.frame import Canvas, FrameText, open_frame, plot_height, provenance_notes
from sim.charts.monthly_supply import OTHER_ORIGINS
from sim.charts.origin_styles import origin_styles
from sim.charts.panel import open_calendar
from sim.charts.plot_grid import PlotBox, PlotGrid
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.style import LINE_HEIGHT, Size
from sim.charts.text_layout import clean_text, make_text_width, wrap_text
from sim.charts.voyage_data import VoyageRow, last_legs, leg_name, read_voyages
from sim.findings.stock_figures import overall_figures
from sim.findings.voyage_headlines import timeline_headline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.charts.result_data import ResultLike

_NAMES_SHARE = 0.27
_MOST_LINES = 3
#: Least height of a row, in points.
_LEAST_ROW = 3.0


@dataclass(frozen=True, slots=True)
class _Group:
    """Rows of one leg: the voyages of each vehicle, in order of departure."""

    name: str
    supplier: str
    rows: Sequence[Sequence[VoyageRow]]


@chart
def timeline(result: ResultLike, size: str = "page", **_look: Unpack[Appearance]) -> Figure:
    """Draw the voyages of the first run, from the end of loading to the end of unloading.

    Parameters
    ----------
    result : Result or Tables
        A result, finished or read back from its folder.

    Returns
    -------
    matplotlib.figure.Figure
        A row for each vehicle of a leg. Hired vehicles and lots share rows where they do not overlap.

    Raises
    ------
    ArgumentError
        The size is unknown, or the result has no voyages.
    """
    form = style.pick_size(size)
    voyages, data = read_voyages(result), make_chart_data(result)
    run = min(voyage.run for voyage in voyages)
    voyages = [voyage for voyage in voyages if voyage.run == run]
    groups = _groups(data, voyages)
    wide = make_text_width(form.text)
    longest = max(wide(clean_text(group.name)) for group in groups)
    space = min(longest, _NAMES_SHARE * form.width) + 0.9 * form.text
    grid = PlotGrid(form, data.start, data.end, [1.0], has_headings=False, strips=[0.0], names=space)
    shown, grid = _fit(groups, _frame_text(data, run, voyages, form, 0), grid)
    text = _frame_text(data, run, voyages, form, len(groups) - len(shown))
    canvas, (box,) = open_frame(text, grid)
    _draw_groups(canvas, box, grid, shown, data)
    return canvas.figure


def _groups(data: ChartData, voyages: Sequence[VoyageRow]) -> list[_Group]:
    keys = sorted({(voyage.supplier, -1 if voyage.leg is None else voyage.leg) for voyage in voyages})
    is_alone = len({supplier for supplier, _ in keys}) == 1
    groups = []
    for supplier, number in keys:
        leg = None if number < 0 else number
        own = [voyage for voyage in voyages if (voyage.supplier, voyage.leg) == (supplier, leg)]
        name = leg_name(data.names, supplier, leg, is_alone=is_alone)
        groups.append(_Group(name, supplier, _rows(own)))
    return groups


def _rows(voyages: Sequence[VoyageRow]) -> list[list[VoyageRow]]:
    """Return the voyages by vehicle; those of hired vehicles one after the other where they fit."""
    rows: dict[int, list[VoyageRow]] = {}
    hired: list[list[VoyageRow]] = []
    for voyage in sorted(voyages, key=lambda each: each.departed):
        if voyage.vehicle is not None:
            rows.setdefault(voyage.vehicle, []).append(voyage)
            continue
        free = (row for row in hired if _arrival(row[-1]) <= voyage.departed)
        row = next(free, None)
        if row is None:
            hired.append([voyage])
        else:
            row.append(voyage)
    return [*(rows[vehicle] for vehicle in sorted(rows)), *hired]


def _arrival(voyage: VoyageRow) -> float:
    return math.inf if voyage.arrived is None else voyage.arrived


def _fit(groups: Sequence[_Group], text: FrameText, grid: PlotGrid) -> tuple[Sequence[_Group], PlotGrid]:
    """Return the groups that fit, and the grid with the height that they need."""
    size = grid.size
    line = size.text * LINE_HEIGHT * 1.15
    needed = [max(line, len(group.rows) * _LEAST_ROW) for group in groups]
    left = plot_height(text, size)
    if left is None:
        return groups, replace(grid, size=replace(size, plot=max(size.plot, sum(needed))))
    room = left - grid.surround_height
    # The note of omitted rows may need one more line.
    shown = len(groups) if len(groups) * line <= room else max(1, int((room - 2 * line) / line))
    return groups[:shown], grid


def _draw_groups(
    canvas: Canvas, box: PlotBox, grid: PlotGrid, groups: Sequence[_Group], data: ChartData
) -> None:
    size, looks = grid.size, origin_styles(data)
    axes = open_calendar(canvas, box, grid, "")
    line = size.text * LINE_HEIGHT
    unit, weights = _row_height(groups, box.height, line * 1.1)
    axes.set_ylim(box.height, 0.0)
    top = 0.0
    for group, weight in zip(groups, weights, strict=True):
        each = weight * unit / len(group.rows)
        colour = looks.get(group.supplier, looks[OTHER_ORIGINS])["facecolor"]
        for place, row in enumerate(group.rows):
            begins = [voyage.departed for voyage in row]
            ends = [min(_arrival(voyage), float(grid.end.toordinal())) for voyage in row]
            a_point = (grid.end - grid.start).days / grid.width
            lengths = [max(end - begin, a_point) for begin, end in zip(begins, ends, strict=True)]
            # An edge would hide a narrow bar.
            thick = 0.4 if min(lengths) > 4 * a_point else 0.0
            edge: dict[str, Any] = {"edgecolor": "white", "linewidth": min(thick, 0.08 * each)}
            middle = top + (place + 0.5) * each
            axes.barh([middle] * len(row), lengths, min(0.72 * each, 9.0), begins, color=colour, **edge)
        every = sorted((voyage for row in group.rows for voyage in row), key=lambda each: each.departed)
        departed, arrived, shells = zip(*((v.departed, v.arrived, v.shells) for v in every), strict=True)
        record_dates(axes, group.name, departed, shells, x_end=arrived)
        most = min(_MOST_LINES, max(1, int(weight * unit / line)))
        space = grid.names - 0.9 * size.text + 0.5
        lines = wrap_text(clean_text(group.name), space, make_text_width(size.text), lines=most)
        first = box.bottom + box.height - top - weight * unit / 2 + len(lines) * line / 2
        for down, text in enumerate(lines):
            canvas.write(box.left, first - down * line - size.text, text, size.text, style.INK)
        top += weight * unit
        if group is not groups[-1]:
            axes.axhline(top, color=style.GRID_GREY, linewidth=0.5)


def _row_height(groups: Sequence[_Group], height: float, line: float) -> tuple[float, list[int]]:
    """Return the height of a row, and the number of rows of each group with space for its name."""
    for least in range(1, 200):
        weights = [max(len(group.rows), least) for group in groups]
        unit = height / sum(weights)
        if unit * least >= line or len(set(weights)) == 1:
            break
    return unit, weights


def _frame_text(
    data: ChartData, run: int, voyages: Sequence[VoyageRow], size: Size, left_out: int
) -> FrameText:
    last = last_legs(data.names, list(voyages))
    arrivals = sorted(
        dt.date.fromordinal(int(voyage.arrived))
        for voyage in voyages
        if voyage.arrived is not None and voyage.leg == last[voyage.supplier]
    )
    notes = ["A bar runs from the end of loading to the end of unloading."]
    if any(voyage.vehicle is None for voyage in voyages):
        notes.append("Hired vehicles and lots share rows where they do not overlap.")
    notes.append(left_out_note({"more leg": left_out}, "shipments.csv"))
    headline = timeline_headline(overall_figures(data).scope, run, arrivals)
    return FrameText(
        headline.sentence,
        str(data.manifest["scenario"]["title"]),
        f"Voyages of run {run}, a row for each vehicle",
        [],
        [" ".join(filter(None, notes)), *provenance_notes(data.manifest, data.runs, size)],
    )
