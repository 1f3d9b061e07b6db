"""Heat map: one outcome over two parameters, with its break-even line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import DayAxis, NumberAxis, PlotAxis, cell_edges, make_axis
from sim.charts.drawn_series import SeriesFormat, record
from sim.charts.frame import Canvas, FrameText, LegendEntry
from sim.charts.line_labels import label_line
from sim.charts.style import LINE_HEIGHT, Size
from sim.charts.sweep_axes import PlacedPlot, SweepPlot, draw_ticks, lay_out
from sim.charts.sweep_data import SweepData, SweepLike, event_note, interval_note
from sim.charts.text_layout import make_text_width as measured
from sim.errors import ArgumentError, Fault
from sim.findings.sweep_figures import VariedPath, is_solved_for, outcome_caption, point_values, varied_paths
from sim.findings.sweep_findings import HALF, clause, heatmap_headline
from sim.findings.target_words import share_phrase
from sim.formatting import number_format
from sim.outcomes import EXHAUSTED, Outcome
from sim.units import Unit

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHOW_OPTIONS = ("auto", "share", "median")
#: Suits all kinds of colour vision; lightness increases monotonically (Nunez, Anderton and Renslow 2018).
_COLOUR_MAP = "cividis"
_COLOUR_BAR_HEIGHT = 0.9


@dataclass(frozen=True, slots=True)
class HeatmapData:
    """Data of a heat map; each array has shape (values up, values across).

    Attributes
    ----------
    colour : array
        The outcome; nan without a value.
    share : array
        Share of runs that reach the date; all nan for an outcome that is not a date.
    failed, beyond : array of bool
        Cells without a result, and cells whose median is beyond the end.
    """

    colour: Floats
    share: Floats
    failed: NDArray[np.bool_]
    beyond: NDArray[np.bool_]


@chart
def heatmap(
    sweep: SweepData | SweepLike,
    size: str = "page",
    *,
    of: str = EXHAUSTED,
    show: str = "auto",
    level: float = HALF,
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw an outcome over a grid of two parameters, with its break-even line.

    Parameters
    ----------
    sweep : Sweep or SweepData
        A sweep over two paths, the first on the vertical axis.
    of : str
        Name of the outcome.
    show : str
        For a date: ``share``, the share of runs that reach it, or ``median``, the median date; ``auto``
        shows the one that differs at more points. Other outcomes always show their median.
    level : float
        The line shows where this share of the runs, 0 to 1, does not run out: the break-even values that the
        sweep stores, for 0.5 and 0.95. Without them, dots mark the last values of the grid at which it holds.

    Returns
    -------
    matplotlib.figure.Figure
        Cells without a result are hatched; cells whose median is beyond the end are dotted.

    Raises
    ------
    ArgumentError
        The sweep is not over two paths or has no such outcome, or `show`, `level` or `size` is invalid.
    """
    scan, form = SweepData.of(sweep), style.pick_size(size)
    _check_arguments(scan, show, level)
    measure = scan.measure(of)
    up, across = varied_paths(scan)
    share = measure.is_date and (
        show == "share" or (show == "auto" and _differs_more_in_share(scan, measure))
    )
    heat = _heatmap_data(scan, measure, up, across, share=share)
    bar = _colour_axis(scan, measure, heat.colour, share=share)
    (x, x_at), (y, y_at) = make_axis(across, cells=True), make_axis(up, cells=True)
    frame_text = _frame_text(scan, measure, heat, form, (up, across), share=share, level=level)
    above = form.text * (_COLOUR_BAR_HEIGHT + 0.8 + LINE_HEIGHT * _caption_lines(bar, form) + 0.7)
    canvas, (placed,), top = lay_out(frame_text, [SweepPlot(up.caption, x, y, grid=False)], form, above)
    _draw_colour_bar(canvas, bar, top, form)
    xs, ys = ([at[value] for value in one.values] for at, one in ((x_at, across), (y_at, up)))
    _draw_cells(placed.axes, heat, xs, ys, bar)
    name = _caption(scan, measure, share=share)
    colours = heat.colour.ravel()
    values = scan.dates(colours) if measure.is_date and not share else colours
    cells = [(a, u) for u in up.values for a in across.values]
    missing = "" if heat.failed.any() else _beyond_label(scan, measure)
    number = number_format(Unit.SHARE) if share else measure.number_format
    look = SeriesFormat(y=number, missing=missing)
    across_values, up_values = zip(*cells, strict=True)
    record(placed.axes, name, across_values, up_values, value=values, series_format=look)
    if up.is_numeric and across.is_numeric:
        # Crowded values are placed at equal steps, with no place between two of them.
        exact = _is_to_scale((up, across))
        if exact and of == EXHAUSTED and is_solved_for(scan, level):
            name = f"lasts {share_phrase(level)}" if scan.runs > 1 else "lasts"
            _draw_line(canvas, placed, solved_points(scan, up, across, level), form, name)
        elif measure.is_date:
            _draw_dots(placed.axes, heat, (xs, ys), level, form)
        own = _own_point(scan, up, across)
        if own is not None and (exact or (own[0] in x_at and own[1] in y_at)):
            _draw_own(placed.axes, own if exact else (x_at[own[0]], y_at[own[1]]), form)
    return canvas.figure


def _differs_more_in_share(scan: SweepData, measure: Outcome) -> bool:
    """Return whether more points have a share of runs between none and all than a median day and all runs."""
    shares = scan.column(f"{measure.name}_share")[~scan.failed]
    return int(((shares > 0.0) & (shares < 1.0)).sum()) >= int((shares == 1.0).sum())


def _own_point(scan: SweepData, up: VariedPath, across: VariedPath) -> tuple[float, float] | None:
    """Return the point of the scenario, if it is within the grid: across, up."""
    found = []
    for one in (across, up):
        own = scan.own.get(one.path)
        if own is None or not min(one.values) <= own <= max(one.values):
            return None
        found.append(next((value for value in one.values if math.isclose(value, own)), own))
    return found[0], found[1]


def solved_points(scan: SweepData, up: VariedPath, across: VariedPath, level: float) -> Floats:
    """Return the break-even values of one path, in order of the other, as positions (across, up).

    Of the two paths, the one with more values is taken. A nan divides the line where the next value of the
    other path has none.
    """
    import numpy as np

    if scan.breakeven is None:
        return np.empty((0, 2))
    rows = scan.breakeven[np.isclose(scan.breakeven["holds"], level)]
    families = []
    for path, other in ((up, across), (across, up)):
        own = rows[rows["path"] == path.path].sort_values(other.path)
        points = own[[across.path, up.path]].to_numpy(dtype=np.float64, copy=True)
        points[~own["reached"].to_numpy(dtype=bool)] = np.nan
        families.append(points)
    return max(families, key=lambda points: int(np.isfinite(points[:, 0]).sum()) if len(points) else -1)


def _check_arguments(scan: SweepData, show: str, level: float) -> None:
    faults = []
    if len(scan.paths) != 2:
        varied = ", ".join(scan.paths)
        faults.append(
            Fault(f"a heat map is over two paths, and this sweep varies {varied}", allowed="two paths")
        )
    if show not in SHOW_OPTIONS:
        faults.append(Fault(f"a heat map cannot show {show!r}", allowed=", ".join(SHOW_OPTIONS)))
    if not 0.0 < level < 1.0:
        faults.append(Fault(f"a level of {level:g} is not between 0 and 1", allowed="such as 0.5 or 0.95"))
    if faults:
        raise ArgumentError(faults)


def _heatmap_data(
    scan: SweepData, measure: Outcome, up: VariedPath, across: VariedPath, *, share: bool
) -> HeatmapData:
    import numpy as np

    rows = np.array([up.values.index(value) for value in point_values(scan, up)], dtype=np.int64)
    columns = np.array([across.values.index(value) for value in point_values(scan, across)], dtype=np.int64)
    shape = (len(up.values), len(across.values))

    def grid(values: Floats) -> Floats:
        cells = np.full(shape, np.nan)
        cells[rows, columns] = values
        return cells

    shares = grid(scan.column(f"{measure.name}_share")) if measure.is_date else np.full(shape, np.nan)
    colour = shares if share else grid(scan.column(f"{measure.name}_p50"))
    failed = ~(grid(scan.failed.astype(np.float64)) == 0.0)
    return HeatmapData(colour, shares, failed, np.isnan(colour) & ~failed)


def _colour_axis(scan: SweepData, measure: Outcome, colour: Floats, *, share: bool) -> PlotAxis:
    import numpy as np

    known = colour[np.isfinite(colour)]
    if share:
        low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
        if low == high:
            low, high = 0.0, 1.0
        return NumberAxis(low, high, "", number_format(Unit.SHARE))
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, scan.days)
    if low == high:
        room = abs(low) * 0.5 or 1.0
        low, high = low - room, high + room
    if measure.is_date:
        return DayAxis(low, high, "", scan.start)
    return NumberAxis(low, high, "", measure.number_format)


def _frame_text(
    scan: SweepData,
    measure: Outcome,
    heat: HeatmapData,
    size: Size,
    paths: tuple[VariedPath, VariedPath],
    *,
    share: bool,
    level: float,
) -> FrameText:
    caption = _caption(scan, measure, share=share)
    key = _legend(scan, measure, heat, size, paths)
    line = _line_note(scan, measure, heat, paths, level)
    headline = heatmap_headline(scan, measure.name, level)
    notes = scan.notes(size, line, interval_note(scan, headline), event=event_note(measure.name))
    return FrameText(headline.sentence, scan.title, caption, key, notes, [path.name for path in paths])


def _caption(scan: SweepData, measure: Outcome, *, share: bool) -> str:
    if not share:
        return outcome_caption(scan, measure, "median over runs" if scan.runs > 1 else "")
    event = measure.event.replace("the stock", "a stock" if (scan.stocks or 1) > 1 else scan.names.the_stock)
    return f"Share of runs in which {event} before {scan.end_phrase}"


def _legend(
    scan: SweepData, measure: Outcome, heat: HeatmapData, size: Size, paths: tuple[VariedPath, VariedPath]
) -> list[LegendEntry]:
    key = []
    if heat.failed.any():
        key.append(LegendEntry("no result", patch=style.FAILED))
    if heat.beyond.any():
        key.append(LegendEntry(_beyond_label(scan, measure), patch=style.BEYOND))
    up, across = paths
    own = _own_point(scan, up, across) if up.is_numeric and across.is_numeric else None
    if own is not None:
        label = f"the scenario: {across.text(own[0])}, {up.text(own[1])}"
        key.append(LegendEntry(label, line=_own_marker(size)))
    return key


def _beyond_label(scan: SweepData, measure: Outcome) -> str:
    return f"not before {scan.end_phrase}" if measure.is_date else "no value"


def _line_note(
    scan: SweepData, measure: Outcome, heat: HeatmapData, paths: tuple[VariedPath, VariedPath], level: float
) -> str:
    """Return what the line or the dots are; empty where none is drawn."""
    import numpy as np

    if not measure.is_date or not all(path.is_numeric for path in paths):
        return ""
    if measure.name == EXHAUSTED and is_solved_for(scan, level) and _is_to_scale(paths):
        has_line = bool(np.isfinite(solved_points(scan, *paths, level)).any())
        note = "Line: joins break-even values solved with the same runs, one at each value of one axis."
        return note if has_line else ""
    if not _last_held(heat, level).any():
        return ""
    held = clause(scan, measure.name)
    share = f" {share_phrase(level)}" if scan.runs > 1 else ""
    return f"Dots: the last values of the grid at which {held}{share}."


def _caption_lines(bar: PlotAxis, size: Size) -> int:
    inner = size.width - 2 * size.margin
    return max((text.count("\n") + 1 for _, text in bar.ticks(inner, measured(size.text))), default=1)


def _draw_colour_bar(canvas: Canvas, bar: PlotAxis, top: float, size: Size) -> None:
    import numpy as np

    wide, tall = canvas.width - 2 * size.margin, size.text * _COLOUR_BAR_HEIGHT
    axes = canvas.axes(size.margin, top - tall, wide, tall)
    axes.pcolormesh(
        np.linspace(0, 1, 257), [0, 1], np.linspace(0, 1, 256)[np.newaxis], cmap=_COLOUR_MAP, rasterized=True
    )
    marks = bar.ticks(wide, measured(size.text))
    draw_ticks(canvas, marks, (size.margin, top - tall, wide, bar.low, bar.high), size)


def _draw_cells(axes: Axes, heat: HeatmapData, xs: list[float], ys: list[float], bar: PlotAxis) -> None:
    import numpy as np
    from matplotlib.patches import Rectangle

    columns, rows = cell_edges(xs), cell_edges(ys)
    colour = np.ma.masked_invalid(heat.colour)
    axes.pcolormesh(
        columns, rows, colour, cmap=_COLOUR_MAP, vmin=bar.low, vmax=bar.high, rasterized=True, zorder=1
    )
    for look, cells in ((style.FAILED, heat.failed), (style.BEYOND, heat.beyond)):
        for row, column in np.argwhere(cells):
            corner = (columns[column], rows[row])
            wide, tall = columns[column + 1] - corner[0], rows[row + 1] - corner[1]
            axes.add_patch(Rectangle(corner, wide, tall, zorder=1.5, **look))


def _draw_line(canvas: Canvas, placed: PlacedPlot, points: Floats, size: Size, name: str) -> None:
    """Draw the break-even line, dark with a white core, and its label."""
    import numpy as np

    breaks = np.flatnonzero(np.isnan(points[:, 0]))
    pieces = [piece[np.isfinite(piece[:, 0])] for piece in np.split(points, breaks)]
    pieces = [piece for piece in pieces if len(piece)]
    for piece in pieces:
        alone: dict[str, Any] = {"marker": "o", "markersize": size.text * 0.4} if len(piece) == 1 else {}
        for colour, width in ((style.INK, 2.0), ("white", 0.9)):
            placed.axes.plot(*piece.T, color=colour, linewidth=size.line * width, zorder=3, **alone)
    label_line(canvas, placed, [piece for piece in pieces if len(piece) > 1], name, size)


def _draw_dots(
    axes: Axes, heat: HeatmapData, at: tuple[list[float], list[float]], level: float, size: Size
) -> None:
    """Draw a dot at each last value of the grid, up or across, at which the outcome holds."""
    import numpy as np

    rows, columns = np.nonzero(_last_held(heat, level))
    xs, ys = at
    axes.plot(
        [xs[column] for column in columns],
        [ys[row] for row in rows],
        linestyle="none",
        marker="o",
        markersize=size.text * 0.45,
        color="white",
        markeredgecolor=style.INK,
        zorder=3,
    )


def _is_to_scale(paths: tuple[VariedPath, VariedPath]) -> bool:
    """Return whether both axes are to scale: crowded values are at equal steps."""
    return all(isinstance(make_axis(path, cells=True)[0], NumberAxis) for path in paths)


def _last_held(heat: HeatmapData, level: float) -> NDArray[np.bool_]:
    """Return the last values of the grid, up or down, at which an outcome holds."""
    import numpy as np

    holds = 1.0 - heat.share >= level
    known = np.isfinite(heat.share)
    edge = np.zeros(holds.shape, dtype=bool)
    edge[1:] |= holds[1:] & known[:-1] & ~holds[:-1]
    edge[:-1] |= holds[:-1] & known[1:] & ~holds[1:]
    return edge & known


def _own_marker(size: Size) -> dict[str, Any]:
    return {
        "linestyle": "none",
        "marker": "D",
        "markersize": size.text * 0.75,
        "color": style.MARK_ORANGE,
        "markeredgecolor": "white",
    }


def _draw_own(axes: Axes, at: tuple[float, float], size: Size) -> None:
    """Mark the point of the scenario."""
    axes.plot([at[0]], [at[1]], zorder=5, clip_on=False, **_own_marker(size))
