"""Heat map: one outcome over two parameters, with its break-even line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.axes import DayAxis, NumberAxis, PlotAxis, cell_edges, make_axis
from sim.charts.frame import Canvas, FrameText, LegendEntry
from sim.charts.line_labels import label_line
from sim.charts.style import LINE_HEIGHT, Size
from sim.charts.sweep_axes import PlacedPlot, SweepPlot, draw_ticks, lay_out
from sim.charts.sweep_data import Scan, SweepLike, SweepVariable
from sim.charts.sweep_headline import (
    HALF_SHARE,
    NO_POINT_TEXT,
    constant_headline,
    range_headline,
    share_of_runs,
    threshold_headline,
)
from sim.charts.text_layout import make_text_width as measured
from sim.errors import ArgumentError, Fault
from sim.formatting import number_format
from sim.outcomes import EXHAUSTED, Outcome
from sim.units import Unit

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHOW_OPTIONS = ("share", "median")
#: Suits all kinds of colour vision; lightness increases monotonically (Nunez, Anderton and Renslow 2018).
_COLOUR_MAP = "cividis"
_FAILED_STYLE: dict[str, Any] = {
    "facecolor": "#F2F2F2",
    "edgecolor": "#8C8C8C",
    "hatch": "////",
    "linewidth": 0.0,
}
_BEYOND_STYLE: dict[str, Any] = {
    "facecolor": "white",
    "edgecolor": "#C4C4C4",
    "hatch": "....",
    "linewidth": 0.0,
}
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


def heatmap(
    sweep: Scan | SweepLike,
    size: str = "page",
    *,
    of: str = EXHAUSTED,
    show: str = "share",
    level: float = HALF_SHARE,
) -> Figure:
    """Draw an outcome over a grid of two parameters, with its break-even line.

    Parameters
    ----------
    sweep : Sweep or Scan
        A sweep over two paths, the first on the vertical axis.
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.
    of : str
        Name of the outcome.
    show : str
        For a date: ``share``, the share of runs that reach it, or ``median``, the median date. Other
        outcomes always show their median.
    level : float
        The line shows where this share of the runs, 0 to 1, does not reach the date; it is interpolated
        linearly between the points.

    Returns
    -------
    matplotlib.figure.Figure
        Cells without a result are hatched; cells whose median is beyond the end are dotted.

    Raises
    ------
    ArgumentError
        The sweep is not over two paths or has no such outcome, or `show`, `level` or `size` is invalid.
    """
    scan, form = Scan.of(sweep), style.pick_size(size)
    _check_arguments(scan, show, level)
    measure = scan.measure(of)
    up, across = scan.variables()
    share = show == "share" and measure.is_date
    heat = _heatmap_data(scan, measure, up, across, share=share)
    with style.chart_style():
        bar = _colour_axis(scan, measure, heat.colour, share=share)
        (x, x_at), (y, y_at) = make_axis(across, cells=True), make_axis(up, cells=True)
        frame_text = _frame_text(scan, measure, heat, form, (up, across), share=share, level=level)
        above = form.text * (_COLOUR_BAR_HEIGHT + 0.8 + LINE_HEIGHT * _caption_lines(bar, form) + 0.7)
        canvas, (placed,), top = lay_out(frame_text, [SweepPlot(up.caption, x, y, grid=False)], form, above)
        _draw_colour_bar(canvas, bar, top, form)
        xs, ys = ([at[value] for value in one.values] for at, one in ((x_at, across), (y_at, up)))
        _draw_cells(placed.axes, heat, xs, ys, bar)
        if up.is_numeric and across.is_numeric:
            name = f"{'lasts' if of == EXHAUSTED else 'holds'} in {share_of_runs(level)}"
            _draw_breakeven_line(canvas, placed, heat, (xs, ys), level, form, name)
    return canvas.figure


def _check_arguments(scan: Scan, show: str, level: float) -> None:
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
    scan: Scan, measure: Outcome, up: SweepVariable, across: SweepVariable, *, share: bool
) -> HeatmapData:
    import numpy as np

    rows = np.array([up.values.index(value) for value in _read_axis(scan, up)], dtype=np.int64)
    columns = np.array([across.values.index(value) for value in _read_axis(scan, across)], dtype=np.int64)
    shape = (len(up.values), len(across.values))

    def grid(values: Floats) -> Floats:
        cells = np.full(shape, np.nan)
        cells[rows, columns] = values
        return cells

    shares = grid(scan.column(f"{measure.name}_share")) if measure.is_date else np.full(shape, np.nan)
    colour = shares if share else grid(scan.column(f"{measure.name}_p50"))
    failed = ~(grid(scan.failed.astype(np.float64)) == 0.0)
    return HeatmapData(colour, shares, failed, np.isnan(colour) & ~failed)


def _read_axis(scan: Scan, variable: SweepVariable) -> list[Any]:
    column = scan.table[variable.path]
    return [float(value) for value in column] if variable.is_numeric else [str(value) for value in column]


def _colour_axis(scan: Scan, measure: Outcome, colour: Floats, *, share: bool) -> PlotAxis:
    import numpy as np

    if share:
        return NumberAxis(0.0, 1.0, "", number_format(Unit.SHARE))
    known = colour[np.isfinite(colour)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, scan.days)
    if low == high:
        room = abs(low) * 0.5 or 1.0
        low, high = low - room, high + room
    if measure.is_date:
        return DayAxis(low, high, "", scan.start)
    return NumberAxis(low, high, "", measure.number_format)


def _frame_text(
    scan: Scan,
    measure: Outcome,
    heat: HeatmapData,
    size: Size,
    paths: tuple[SweepVariable, SweepVariable],
    *,
    share: bool,
    level: float,
) -> FrameText:
    caption = (
        f"Share of runs in which {measure.event} before {scan.end_phrase}" if share else f"{measure.heading}"
    )
    if not share:
        caption += ", median over runs" + ("" if measure.is_date else f", {measure.number_format.noun}")
    key = []
    if heat.failed.any():
        key.append(LegendEntry("no result", patch=_FAILED_STYLE))
    if heat.beyond.any():
        key.append(
            LegendEntry(
                f"not before {scan.end_phrase}" if measure.is_date else "not told", patch=_BEYOND_STYLE
            )
        )
    line = (
        f"Line: {measure.event} in {share_of_runs(1 - level)}, interpolated between the points."
        if _is_level_crossed(heat, level)
        else ""
    )
    return FrameText(
        _headline(scan, measure, heat, paths, level),
        scan.title,
        caption,
        key,
        scan.notes(size, line),
    )


def _is_level_crossed(heat: HeatmapData, level: float) -> bool:
    import numpy as np

    known = heat.share[np.isfinite(heat.share)]
    return bool(min(heat.share.shape) > 1 and known.size and known.min() < 1 - level < known.max())


def _headline(
    scan: Scan, measure: Outcome, heat: HeatmapData, paths: tuple[SweepVariable, SweepVariable], level: float
) -> str:
    if heat.failed.all():
        return NO_POINT_TEXT
    if not measure.is_date:
        return range_headline(scan, measure, heat.colour.ravel())
    up, across = paths
    columns = zip(across.values, heat.share.T, strict=True) if up.is_numeric else ()
    thresholds = [
        (value, threshold_headline(scan, measure, up, (up.values, column), level))
        for value, column in columns
    ]
    headlines = [
        f"{text}, at {across.noun} of {_format_value(across, value)}" for value, text in thresholds if text
    ]
    middle = (len(headlines) - 1) // 2
    return headlines[middle] if headlines else constant_headline(scan, measure, heat.share.ravel(), level)


def _format_value(variable: SweepVariable, value: Any) -> str:
    return variable.number_format.text(value) if variable.is_numeric else str(value)


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
    for look, cells in ((_FAILED_STYLE, heat.failed), (_BEYOND_STYLE, heat.beyond)):
        for row, column in np.argwhere(cells):
            corner = (columns[column], rows[row])
            wide, tall = columns[column + 1] - corner[0], rows[row + 1] - corner[1]
            axes.add_patch(Rectangle(corner, wide, tall, zorder=1.5, **look))


def _draw_breakeven_line(
    canvas: Canvas,
    placed: PlacedPlot,
    heat: HeatmapData,
    at: tuple[list[float], list[float]],
    level: float,
    size: Size,
    name: str,
) -> None:
    """Draw the break-even line, dark with a white core, and its label."""
    import numpy as np

    if not _is_level_crossed(heat, level):
        return
    share = np.ma.masked_invalid(heat.share)
    drawn = placed.axes.contour(*at, share, levels=[1 - level], colors="none")
    pieces = [piece for piece in drawn.allsegs[0] if len(piece) > 1]
    for piece in pieces:
        for colour, width in ((style.INK, 2.0), ("white", 0.9)):
            placed.axes.plot(*piece.T, color=colour, linewidth=size.line * width, zorder=3)
    label_line(canvas, placed, pieces, name, size)
