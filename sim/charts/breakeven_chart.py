"""Break-even chart: share of runs against a number, or its break-even value against another number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import NumberAxis, make_axis, pad_axis
from sim.charts.breakeven_data import BreakevenData, BreakevenLike
from sim.charts.drawn_series import SeriesFormat, record
from sim.charts.frame import FrameText, LegendEntry
from sim.charts.line_labels import label_line
from sim.charts.style import Size
from sim.charts.sweep_axes import SweepPlot, lay_out
from sim.errors import ArgumentError, Fault
from sim.findings.sweep_figures import VariedPath
from sim.findings.target_words import share_phrase
from sim.formatting import exact_percent, number_format
from sim.units import Unit

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SHARE_LINE: dict[str, Any] = {"color": style.LINE_BLUE}
_BAND: dict[str, Any] = {"facecolor": style.BAND_90, "linewidth": 0.0}
_VALUE_LINE: dict[str, Any] = {"color": style.MARK_ORANGE}
_LEVEL_LINE: dict[str, Any] = {"color": style.GREY_TEXT, "linestyle": (0, (4, 2)), "linewidth": 0.8}
#: Words for a value that the search does not find.
_NOT_FOUND = "not within the search range"
#: Space on either side of the values at which the share changes, as a part of their range.
_ROOM = 0.15
#: The same, as a part of the largest value.
_LEAST_ROOM = 0.05
#: Heights at which the label of the value may be.
_HEIGHTS = 21


@dataclass(frozen=True, slots=True)
class BreakevenRow:
    """One row of the table; `low` and `high` are nan beyond the bounds."""

    at: float
    value: float
    low: float
    high: float


@chart
def breakeven(
    found: BreakevenData | BreakevenLike,
    size: str = "page",
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw a break-even search.

    Without a varied path: the share of runs that meet the target against the number, with the break-even
    value and its 90 % interval. With one: the break-even value against the varied one.

    Parameters
    ----------
    found : Breakeven, SavedBreakeven or BreakevenData

    Raises
    ------
    ArgumentError
        Several paths are varied, the folder has no points, or the size is unknown.
    """
    data, form = BreakevenData.of(found), style.pick_size(size)
    if len(data.varied) > 1:
        problem = f"a break-even chart is over one varied path, and this varies {', '.join(data.varied)}"
        raise ArgumentError([Fault(problem, allowed="at most one --vary")])
    return _draw_curve(data, form) if data.varied else _draw_share(data, form)


def _draw_share(data: BreakevenData, size: Size) -> Figure:
    """Draw the share of runs against the number."""
    import numpy as np

    values, shares = (data.points[name].to_numpy(dtype=float) for name in ("value", "share"))
    (row,) = _rows(data, [0.0])
    low, high = _shown_range(values, shares, row)
    across = NumberAxis(low, high, data.caption(data.path), data.number_format(data.path))
    up = NumberAxis(0.0, 1.04, "", number_format(Unit.SHARE))
    target, key = _target_text(data, size)
    # No sample of runs bounds the value that holds in every run, and one run has no interval.
    has_interval = not data.is_single and data.level < 1.0
    value_line = _VALUE_LINE | {"linewidth": size.line}
    if row.value == row.value and has_interval:
        key.append(LegendEntry("break-even value and its 90 % interval", patch=_BAND, line=value_line))
    elif row.value == row.value:
        key.append(LegendEntry("break-even value", line=value_line))
    notes, names = data.provenance_notes(size), [data.names.path(data.path)]
    text = FrameText(data.headline, str(data.summary["title"]), target, key, notes, names)
    canvas, (placed,), _ = lay_out(text, [SweepPlot("", across, up)], size)
    axes = placed.axes
    look = SeriesFormat(across.number_format, up.number_format, _NOT_FOUND)
    record(axes, "share of runs", values, shares, series_format=look)
    record(
        axes,
        f"break-even value for {exact_percent(data.level)}",
        [row.value],
        [data.level],
        series_format=look,
    )
    if not data.is_single:
        axes.axhline(data.level, zorder=1.5, **_LEVEL_LINE)
        record(axes, "its 90 % interval", [row.low], x_end=[row.high], series_format=look)
    inside = (values >= low) & (values <= high)
    axes.plot(values[inside], shares[inside], zorder=3, **(_SHARE_LINE | _dots(size)))
    if row.value == row.value:
        if has_interval:
            first, last = (end if end == end else edge for end, edge in ((row.low, low), (row.high, high)))
            axes.axvspan(max(first, low), min(last, high), zorder=0.8, **_BAND)
        axes.axvline(row.value, zorder=2, **value_line)
        upright = np.column_stack([np.full(_HEIGHTS, row.value), np.linspace(0.0, 1.0, _HEIGHTS)])
        others = [np.column_stack([values, shares]), np.array([[low, data.level], [high, data.level]])]
        label_line(canvas, placed, [upright], data.words(data.path).text(row.value), size, others)
    return canvas.figure


def _target_text(data: BreakevenData, size: Size) -> tuple[str, list[LegendEntry]]:
    """Return the subtitle and the legend of the target: shares of runs, or whether it is met in the run."""
    line = _SHARE_LINE | _dots(size)
    if data.is_single:
        text = f"100 % where {data.target_clause}, 0 % where not"
        return text, [LegendEntry("each value tried", line=line)]
    return f"Share of runs in which {data.target_clause}", [
        LegendEntry("share of runs at each value tried", line=line),
        LegendEntry(f"required: {exact_percent(data.level)}", line=_LEVEL_LINE),
    ]


def _shown_range(values: Floats, shares: Floats, row: BreakevenRow) -> tuple[float, float]:
    """Return the range of values in which the share changes, with some room; all if it never does."""
    import numpy as np

    everywhere = float(values.min()), float(values.max())
    moves = np.flatnonzero(shares[1:] != shares[:-1])
    if not len(moves):
        return everywhere
    first, last = float(values[moves[0]]), float(values[moves[-1] + 1])
    if row.value == row.value:
        first, last = min(first, row.value), max(last, row.value)
    room = max(_ROOM * (last - first), _LEAST_ROOM * max(abs(first), abs(last)))
    return max(everywhere[0], first - room), min(everywhere[1], last + room)


def _draw_curve(data: BreakevenData, size: Size) -> Figure:
    """Draw the break-even value against the varied number or setting."""
    import numpy as np

    variable = _variable(data)
    x, at = make_axis(variable, cells=not variable.is_numeric)
    places = [at[value] for value in _varied_values(data)]
    rows = _rows(data, places)
    known = [row for row in rows if row.value == row.value]
    y = _value_axis(data, known)
    key = [LegendEntry("break-even value", line=_VALUE_LINE | _dots(size))]
    if not data.is_single:
        key.append(LegendEntry("90 % interval", patch=_BAND))
    missing = len(rows) - len(known)
    note = (
        f"No break-even value within the search range at {missing} of {len(rows)} points." if missing else ""
    )
    share = "" if data.is_single else f" {share_phrase(data.level)}"
    axis = f"{data.caption(data.path)}: where {data.target_clause}{share}"
    notes, names = data.provenance_notes(size, note), [data.names.path(data.path), variable.name]
    text = FrameText(data.headline, str(data.summary["title"]), axis, key, notes, names)
    canvas, (placed,), _ = lay_out(text, [SweepPlot("", pad_axis(x), y)], size)
    table = np.array([[row.at, row.low, row.value, row.high] for row in known]).reshape(-1, 4)
    own = [value for place in table[:, 0] for value, each in at.items() if each == place]
    look = SeriesFormat(variable.number_format, y.number_format, _NOT_FOUND)
    record(placed.axes, "break-even value", own, table[:, 2], series_format=look)
    low = np.where(np.isnan(table[:, 1]), y.low, table[:, 1])
    high = np.where(np.isnan(table[:, 3]), y.high, table[:, 3])
    if data.is_single:
        low = high = table[:, 2]
    else:
        record(placed.axes, "90 % interval", own, table[:, 1], y_end=table[:, 3], series_format=look)
    if variable.is_numeric and len(known) > 1:
        placed.axes.fill_between(table[:, 0], low, high, zorder=1, **_BAND)
        placed.axes.plot(table[:, 0], table[:, 2], zorder=3, **(_VALUE_LINE | _dots(size)))
        return canvas.figure
    for (place, _, value, _), bottom, top in zip(table.tolist(), low, high, strict=True):
        half = 0.18 if not variable.is_numeric or len(known) < 2 else 0.0
        placed.axes.fill_between([place - half, place + half], bottom, top, zorder=1, **_BAND)
        placed.axes.plot([place], [value], zorder=3, **(_VALUE_LINE | _dots(size)))
    return canvas.figure


def _variable(data: BreakevenData) -> VariedPath:
    (path,) = data.varied
    values = tuple(dict.fromkeys(_varied_values(data)))
    is_number = data.summary["varied"][path] == "number"
    ordered = tuple(sorted(values)) if is_number else values
    return VariedPath(path, data.names.path(path), data.number_format(path), ordered)


def _varied_values(data: BreakevenData) -> list[Any]:
    (path,) = data.varied
    column = data.table[path]
    return [float(value) if data.summary["varied"][path] == "number" else str(value) for value in column]


def _value_axis(data: BreakevenData, known: list[BreakevenRow]) -> NumberAxis:
    ends = [end for row in known for end in (row.low, row.value, row.high) if end == end]
    low, high = (min(ends), max(ends)) if ends else data.bounds
    room = 0.08 * (high - low) or abs(high) * 0.1 or 1.0
    # A stock or a rate starts at zero, so that heights compare.
    bottom = 0.0 if 0.0 <= low <= 0.6 * high else low - room
    return NumberAxis(bottom, high + room, "", data.number_format(data.path))


def _rows(data: BreakevenData, places: list[float]) -> list[BreakevenRow]:
    columns = (data.table[name].to_numpy(dtype=float).tolist() for name in ("value", "low", "high"))
    found = zip(places, *columns, strict=True)
    return [BreakevenRow(*row) for row in sorted(found)]


def _dots(size: Size) -> dict[str, Any]:
    return {"linewidth": size.line, "marker": "o", "markersize": size.text * 0.35}
