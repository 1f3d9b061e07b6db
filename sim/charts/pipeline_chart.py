"""Pipeline chart: cargo at sea, on rail and at quays over time."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.calendar_bins import DAY, CalendarBins, calendar_bins
from sim.charts.drawn_series import record_dates
from sim.charts.end_labels import EndLabel, draw_end_labels, label_space
from sim.charts.frame import FrameText, open_frame, provenance_notes
from sim.charts.panel import open_plot
from sim.charts.plot_grid import PlotGrid
from sim.charts.result_data import ChartData, make_chart_data
from sim.charts.style import Size
from sim.charts.voyage_data import AT_QUAY, UNDER_WAY, VoyageRow, last_legs, read_voyages, stage_name
from sim.errors import format_count
from sim.findings.stock_figures import overall_figures
from sim.findings.voyage_headlines import FullestBin, pipeline_headline
from sim.formatting import count_text
from sim.results.block import PATH_RUNS

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from sim.charts.result_data import ResultLike

    Floats = NDArray[np.float64]

#: Position in `style.STAGES` of each stage; other vehicles share one.
_SLOTS = {"at sea": 0, "on rail": 1, AT_QUAY: 3}
_OTHER_SLOT = 2
#: Height of the plot relative to the largest level, with space for a triangle.
_ROOM = 1.08
#: Part of the largest level below which a level is rounding.
_NOTHING = 1e-9


@chart
def pipeline(result: ResultLike, size: str = "page", **_look: Unpack[Appearance]) -> Figure:
    """Draw the cargo between its source and the depots over time, by where it is.

    Parameters
    ----------
    result : Result or Tables
        A result, finished or read back from its folder.

    Returns
    -------
    matplotlib.figure.Figure
        Mean of the runs whose voyages are saved, 0 to 4, at the end of each day; mean of weeks or months
        where days would be too narrow to see. A triangle marks the largest. Cargo on a vehicle counts from
        the end of loading to the end of unloading; in between it is at a quay. Cargo at the gate of a full
        depot (rule 15) is not shown: ``shipments.csv`` gives a voyage as arrived when it has unloaded, and no
        table has what waits.

    Raises
    ------
    ArgumentError
        The size is unknown, or the result has no voyages.
    """
    import numpy as np

    form = style.pick_size(size)
    voyages, data = read_voyages(result), make_chart_data(result)
    daily = cargo_by_stage(data, voyages)
    bins, grid = _fitting_bins(data, daily, form)
    stages = {name: bins.means(rows) for name, rows in daily.items()}
    total = np.sum(list(stages.values()), axis=0)
    canvas, (box,) = open_frame(_frame_text(data, bins, stages, form), grid)
    axes = open_plot(canvas, box, grid, grid.tops[0], "")
    base, ends = 0.0 * total, []
    for name, rows in stages.items():
        look = stage_look(name)
        low, high = (np.append(values, values[-1]) for values in (base, base + rows))
        axes.fill_between(bins.edges, low, high, step="post", label=name, **look)
        record_dates(axes, name, bins.edges[:-1], rows, x_end=bins.edges[1:])
        ends.append(EndLabel(float(base[-1] + rows[-1] / 2), _end_text(name, rows), look))
        base = base + rows
    _mark_fullest(axes, bins, total, form)
    draw_end_labels(canvas, box, grid, axes, ends)
    return canvas.figure


def _fitting_bins(data: ChartData, daily: Mapping[str, Floats], size: Size) -> tuple[CalendarBins, PlotGrid]:
    """Return the bins that a plot shows, and its grid: the space of its labels depends on the bins."""
    bins = calendar_bins(data.start, data.end, math.inf)
    while True:
        means = {name: bins.means(rows) for name, rows in daily.items()}
        most = _ROOM * float(sum(means.values(), start=0.0 * bins.edges[1:]).max())
        beside = label_space([_end_text(name, rows) for name, rows in means.items()], size)
        grid = PlotGrid(size, data.start, data.end, [most], has_headings=False, strips=[0.0], beside=beside)
        wider = calendar_bins(data.start, data.end, grid.width)
        if len(wider.edges) >= len(bins.edges):
            return bins, grid
        bins = wider


def _end_text(name: str, rows: Floats) -> str:
    return f"{name}: {count_text(float(rows[-1]))}"


def _mark_fullest(axes: Axes, bins: CalendarBins, total: Floats, size: Size) -> None:
    """Draw a triangle above the fullest bin."""
    from matplotlib.transforms import offset_copy

    place, figure = int(total.argmax()), axes.get_figure(root=True)
    if total[place] == 0.0:
        return
    tall = 0.6 * size.text
    above = offset_copy(axes.transData, figure, y=0.75 * tall, units="points")
    middle = (bins.edges[place] + bins.edges[place + 1]) / 2
    look: dict[str, Any] = {"marker": "v", "markersize": tall, "color": style.MARK_ORANGE}
    axes.plot([middle], [total[place]], transform=above, clip_on=False, linestyle="none", zorder=5, **look)


def cargo_by_stage(data: ChartData, voyages: Sequence[VoyageRow]) -> dict[str, Floats]:
    """Return the shells in each stage at the end of each day, mean of the saved runs."""
    import numpy as np

    days, start = (data.end - data.start).days, data.start.toordinal()
    last = last_legs(data.names, list(voyages))
    changes: dict[str, Floats] = {}

    def move(stage: str, time: float | None, shells: float) -> None:
        day = days if time is None else max(0, int(time - start))
        changes.setdefault(stage, np.zeros(days + 1))[min(day, days)] += shells

    for voyage in voyages:
        stage = stage_name(data.names, voyage.supplier, voyage.leg)
        move(stage, voyage.departed, voyage.shells)
        move(stage, voyage.arrived, -voyage.shells)
        if voyage.leg is not None and voyage.leg > 0:
            move(AT_QUAY, voyage.departed, -voyage.shells)
        if voyage.leg != last[voyage.supplier]:
            move(AT_QUAY, voyage.arrived, voyage.shells)
    order = [*_SLOTS, UNDER_WAY]
    names = sorted(changes, key=lambda name: (name == AT_QUAY, order.index(name) if name in order else 9))
    runs = min(PATH_RUNS, data.runs)
    levels = {name: np.cumsum(changes[name][:days]) / runs for name in names}
    # Sums of arrivals and departures leave rounding errors.
    least = _NOTHING * max(float(rows.max()) for rows in levels.values())
    return {name: np.where(rows > least, rows, 0.0) for name, rows in levels.items()}


def stage_look(stage: str) -> dict[str, Any]:
    """Return the fill, outline and hatch of a stage on the way to a depot."""
    colour, hatch = style.STAGES[_SLOTS.get(stage, _OTHER_SLOT)]
    return {"facecolor": colour, "edgecolor": style.STAGES[1][0], "linewidth": 0.0, "hatch": hatch}


def _frame_text(data: ChartData, bins: CalendarBins, stages: Mapping[str, Floats], size: Size) -> FrameText:
    place = int(sum(stages.values(), start=0.0 * bins.edges[1:]).argmax())
    day = dt.date.fromordinal(int(bins.edges[place]))
    fullest = FullestBin(bins.name, day, {name: float(rows[place]) for name, rows in stages.items()})
    runs = min(PATH_RUNS, data.runs)
    mean = "run 0" if runs == 1 else f"mean of runs 0 to {runs - 1}"
    noun = data.names.noun(list(data.stock["munition"].unique()))
    short = "one run" if runs == 1 else f"mean of {format_count(runs, 'run')}"
    headline = pipeline_headline(overall_figures(data).scope, short, noun, fullest)
    notes = (
        "On a vehicle: from the end of loading to the end of unloading. Not shown: what waits at the source. "
        f"Triangle: the {bins.name} with most."
    )
    when = "at the end of each day" if bins.name == DAY else f"mean of each {bins.name}"
    return FrameText(
        headline.sentence,
        str(data.manifest["scenario"]["title"]),
        f"{noun.many.capitalize()} before they reach a depot, {when}; {mean}",
        [],
        [f"{notes} Labels give the last {bins.name}.", *provenance_notes(data.manifest, data.runs, size)],
    )
