"""The heat map: one outcome over two parameters, and the line at which the stock just lasts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.beside import name_line
from sim.charts.frame import Canvas, Key, Words
from sim.charts.plane import Placed, Plot, draw_marks, lay
from sim.charts.rulers import Days, Numbers, Ruler, cell_edges, ruler_of
from sim.charts.saying import HALF, NOTHING, holds, span, threshold, throughout
from sim.charts.scan import Scan, Swept, Variable
from sim.charts.style import LINE, Size
from sim.charts.text import measure as measured
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

SHOWN = ("share", "median")
#: Made for every kind of colour vision; its lightness only rises (Nunez, Anderton and Renslow 2018).
_COLOURS = "cividis"
_FAILED: dict[str, Any] = {"facecolor": "#F2F2F2", "edgecolor": "#8C8C8C", "hatch": "////", "linewidth": 0.0}
_BEYOND: dict[str, Any] = {"facecolor": "white", "edgecolor": "#C4C4C4", "hatch": "....", "linewidth": 0.0}
_BAR = 0.9


@dataclass(frozen=True, slots=True)
class Heat:
    """What a heat map shows, each array of shape (values up, values across).

    Attributes
    ----------
    colour : array
        The outcome; nan where there is none.
    share : array
        Of runs that get to the day; all nan for an outcome that is no day.
    failed, beyond : array of bool
        Cells without a result, and cells whose median lies beyond the end.
    """

    colour: Floats
    share: Floats
    failed: NDArray[np.bool_]
    beyond: NDArray[np.bool_]


def heatmap(
    sweep: Scan | Swept, size: str = "page", *, of: str = EXHAUSTED, show: str = "share", level: float = HALF
) -> Figure:
    """Draw an outcome over a grid of two parameters, with its break-even line.

    Parameters
    ----------
    sweep : what `sim.sweep` returns, or Scan
        Over two paths; the second runs across, the first up.
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.
    of : str
        The outcome; by default the day on which the stock is gone.
    show : str
        Of a day: ``share``, the part of the runs that get to it, or ``median``, the day itself. Other
        outcomes show their median.
    level : float
        The line runs where the day is not reached in this part of the runs, 0 to 1; it is interpolated
        linearly between the points.

    Returns
    -------
    matplotlib.figure.Figure
        Cells without a result are hatched; cells whose median lies beyond the end are dotted.

    Raises
    ------
    ArgumentError
        The sweep is not over two paths, has no such outcome, or `show`, `level` or `size` is not valid.
    """
    scan, form = Scan.of(sweep), style.pick_size(size)
    _check(scan, show, level)
    measure = scan.measure(of)
    up, across = scan.variables()
    share = show == "share" and measure.is_date
    heat = _heat(scan, measure, up, across, share=share)
    with style.drawing():
        bar = _bar_ruler(scan, measure, heat.colour, share=share)
        (x, x_at), (y, y_at) = ruler_of(across, cells=True), ruler_of(up, cells=True)
        words = _words(scan, measure, heat, form, (up, across), share=share, level=level)
        above = form.text * (_BAR + 0.8 + LINE * _lines(bar, form) + 0.7)
        canvas, (placed,), top = lay(words, [Plot(up.caption, x, y, grid=False)], form, above)
        _draw_bar(canvas, bar, top, form)
        xs, ys = ([at[value] for value in one.values] for at, one in ((x_at, across), (y_at, up)))
        _draw_cells(placed.axes, heat, xs, ys, bar)
        if up.numeric and across.numeric:
            name = f"{'lasts' if of == EXHAUSTED else 'holds'} in {holds(level)}"
            _draw_line(canvas, placed, heat, (xs, ys), level, form, name)
    return canvas.figure


def _check(scan: Scan, show: str, level: float) -> None:
    faults = []
    if len(scan.paths) != 2:
        varied = ", ".join(scan.paths)
        faults.append(
            Fault(f"a heat map is over two paths, and this sweep varies {varied}", allowed="two paths")
        )
    if show not in SHOWN:
        faults.append(Fault(f"a heat map cannot show {show!r}", allowed=", ".join(SHOWN)))
    if not 0.0 < level < 1.0:
        faults.append(Fault(f"a level of {level:g} is not between 0 and 1", allowed="such as 0.5 or 0.95"))
    if faults:
        raise ArgumentError(faults)


def _heat(scan: Scan, measure: Outcome, up: Variable, across: Variable, *, share: bool) -> Heat:
    import numpy as np

    rows = np.array([up.values.index(value) for value in _read(scan, up)], dtype=np.int64)
    columns = np.array([across.values.index(value) for value in _read(scan, across)], dtype=np.int64)
    shape = (len(up.values), len(across.values))

    def grid(values: Floats) -> Floats:
        found = np.full(shape, np.nan)
        found[rows, columns] = values
        return found

    shares = grid(scan.column(f"{measure.name}_share")) if measure.is_date else np.full(shape, np.nan)
    colour = shares if share else grid(scan.column(f"{measure.name}_p50"))
    failed = ~(grid(scan.failed.astype(np.float64)) == 0.0)
    return Heat(colour, shares, failed, np.isnan(colour) & ~failed)


def _read(scan: Scan, variable: Variable) -> list[Any]:
    column = scan.table[variable.path]
    return [float(value) for value in column] if variable.numeric else [str(value) for value in column]


def _bar_ruler(scan: Scan, measure: Outcome, colour: Floats, *, share: bool) -> Ruler:
    import numpy as np

    if share:
        return Numbers(0.0, 1.0, "", number_format(Unit.SHARE))
    known = colour[np.isfinite(colour)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, scan.days)
    if low == high:
        room = abs(low) * 0.5 or 1.0
        low, high = low - room, high + room
    if measure.is_date:
        return Days(low, high, "", scan.start)
    return Numbers(low, high, "", measure.number_format)


def _words(
    scan: Scan,
    measure: Outcome,
    heat: Heat,
    size: Size,
    paths: tuple[Variable, Variable],
    *,
    share: bool,
    level: float,
) -> Words:
    caption = f"Share of runs in which {measure.event} before {scan.until}" if share else f"{measure.heading}"
    if not share:
        caption += ", median over runs" + ("" if measure.is_date else f", {measure.number_format.noun}")
    key = []
    if heat.failed.any():
        key.append(Key("no result", patch=_FAILED))
    if heat.beyond.any():
        key.append(Key(f"not before {scan.until}" if measure.is_date else "not told", patch=_BEYOND))
    line = (
        f"Line: {measure.event} in {holds(1 - level)}, interpolated between the points."
        if _crosses(heat, level)
        else ""
    )
    return Words(
        _title(scan, measure, heat, paths, level),
        scan.title,
        caption,
        key,
        scan.notes(size, line),
    )


def _crosses(heat: Heat, level: float) -> bool:
    import numpy as np

    known = heat.share[np.isfinite(heat.share)]
    return bool(min(heat.share.shape) > 1 and known.size and known.min() < 1 - level < known.max())


def _title(scan: Scan, measure: Outcome, heat: Heat, paths: tuple[Variable, Variable], level: float) -> str:
    if heat.failed.all():
        return NOTHING
    if not measure.is_date:
        return span(scan, measure, heat.colour.ravel())
    up, across = paths
    columns = zip(across.values, heat.share.T, strict=True) if up.numeric else ()
    found = [(value, threshold(scan, measure, up, (up.values, column), level)) for value, column in columns]
    told = [f"{text}, at {across.noun} of {_told(across, value)}" for value, text in found if text]
    return told[(len(told) - 1) // 2] if told else throughout(scan, measure, heat.share.ravel(), level)


def _told(variable: Variable, value: Any) -> str:
    return variable.human.text(value) if variable.numeric else str(value)


def _lines(bar: Ruler, size: Size) -> int:
    inner = size.width - 2 * size.margin
    return max((text.count("\n") + 1 for _, text in bar.marks(inner, measured(size.text))), default=1)


def _draw_bar(canvas: Canvas, bar: Ruler, top: float, size: Size) -> None:
    import numpy as np

    wide, tall = canvas.width - 2 * size.margin, size.text * _BAR
    axes = canvas.axes(size.margin, top - tall, wide, tall)
    axes.pcolormesh(
        np.linspace(0, 1, 257), [0, 1], np.linspace(0, 1, 256)[np.newaxis], cmap=_COLOURS, rasterized=True
    )
    marks = bar.marks(wide, measured(size.text))
    draw_marks(canvas, marks, (size.margin, top - tall, wide, bar.low, bar.high), size)


def _draw_cells(axes: Axes, heat: Heat, xs: list[float], ys: list[float], bar: Ruler) -> None:
    import numpy as np
    from matplotlib.patches import Rectangle

    columns, rows = cell_edges(xs), cell_edges(ys)
    colour = np.ma.masked_invalid(heat.colour)
    axes.pcolormesh(
        columns, rows, colour, cmap=_COLOURS, vmin=bar.low, vmax=bar.high, rasterized=True, zorder=1
    )
    for look, cells in ((_FAILED, heat.failed), (_BEYOND, heat.beyond)):
        for row, column in np.argwhere(cells):
            corner = (columns[column], rows[row])
            wide, tall = columns[column + 1] - corner[0], rows[row + 1] - corner[1]
            axes.add_patch(Rectangle(corner, wide, tall, zorder=1.5, **look))


def _draw_line(
    canvas: Canvas,
    placed: Placed,
    heat: Heat,
    at: tuple[list[float], list[float]],
    level: float,
    size: Size,
    name: str,
) -> None:
    """Draw the break-even line, dark with a white core, and its name beside it."""
    import numpy as np

    if not _crosses(heat, level):
        return
    share = np.ma.masked_invalid(heat.share)
    drawn = placed.axes.contour(*at, share, levels=[1 - level], colors="none")
    pieces = [piece for piece in drawn.allsegs[0] if len(piece) > 1]
    for piece in pieces:
        for colour, width in ((style.INK, 2.0), ("white", 0.9)):
            placed.axes.plot(*piece.T, color=colour, linewidth=size.line * width, zorder=3)
    name_line(canvas, placed, pieces, name, size)
