"""Line chart: outcomes along one parameter, median and band from the 5th to the 95th percentile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import DayAxis, NumberAxis, PlotAxis, make_axis, pad_axis
from sim.charts.drawn_series import SeriesFormat, record
from sim.charts.frame import Canvas, FrameText, LegendEntry
from sim.charts.line_labels import label_line
from sim.charts.style import Size
from sim.charts.sweep_axes import PlacedPlot, SweepPlot, lay_out
from sim.charts.sweep_data import SweepData, SweepLike, event_note, interval_note
from sim.errors import ArgumentError, Fault
from sim.findings.finding import Finding
from sim.findings.sweep_figures import VariedPath, outcome_caption, point_values, varied_paths
from sim.findings.sweep_findings import line_headline
from sim.outcomes import EXHAUSTED, Outcome

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_BAND_STYLE: dict[str, Any] = {"facecolor": style.BAND_90, "linewidth": 0.0}
_MEDIAN_STYLE: dict[str, Any] = {"color": style.LINE_BLUE}
_MARK_STYLE: dict[str, Any] = {"color": style.MARK_ORANGE}
#: Words for a date beyond the end of the period.
_NOT_WITHIN = "not within the period"
#: Space beyond the end of the period, as a share of it.
_MARGIN_SHARE = 0.12
#: Heights at which the label of a value may be.
_HEIGHTS = 21
#: Above this number of values, the median has no dots.
_MANY_POINTS = 40


@dataclass(frozen=True, slots=True)
class LineData:
    """One outcome along the parameter: arrays with one entry per value without failed runs.

    `low`, `middle` and `high` are percentiles, nan beyond the end. `share` is that of the runs that reach the
    date; None if the outcome is not a date.
    """

    measure: Outcome
    values: Sequence[float | str]
    x: Floats
    low: Floats
    middle: Floats
    high: Floats
    share: Floats | None


@chart
def line(
    sweep: SweepData | SweepLike,
    size: str = "page",
    *,
    of: str | Sequence[str] = (EXHAUSTED, "sustained_fire"),
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw outcomes along the parameter of a sweep: median, and 5th to 95th percentile.

    Parameters
    ----------
    sweep : Sweep or SweepData
        A sweep over one path.
    of : str or sequence of str
        Outcomes, one plot each; the title is about the first.

    Returns
    -------
    matplotlib.figure.Figure
        A percentile beyond the end of the period has no line: the band is then open towards the end. Values
        with failed runs are hatched.

    Raises
    ------
    ArgumentError
        The sweep is not over one path or has no such outcome, or the size is unknown.
    """
    scan, form = SweepData.of(sweep), style.pick_size(size)
    variable = single_variable(scan, "a line chart")
    wanted = [of] if isinstance(of, str) else list(of)
    measures = [scan.measure(name) for name in wanted][: form.panels]
    scale, at = make_axis(variable, cells=not variable.is_numeric)
    x = pad_axis(scale)
    courses = [_line_data(scan, measure, variable, at) for measure in measures]
    failed = [at[value] for value, bad in zip(point_values(scan, variable), scan.failed, strict=True) if bad]
    plots = [
        SweepPlot(outcome_caption(scan, course.measure), x, _vertical_axis(scan, course))
        for course in courses
    ]
    headline = line_headline(scan, courses[0].measure.name)
    marks = _marks(headline)
    frame_text = _frame_text(scan, courses, failed, form, headline)
    canvas, placed, _ = lay_out(frame_text, plots, form)
    for course, place in zip(courses, placed, strict=True):
        _draw_failed(place, failed, list(at.values()))
        _draw_course(place, course, scan, form, joined=variable.is_numeric and len(course.x) > 1)
        if course.measure.is_date:
            _draw_end(place, scan)
    _draw_marks(canvas, placed[0], courses[0], marks, (variable, form))
    return canvas.figure


def single_variable(scan: SweepData, what: str) -> VariedPath:
    """Return the only variable of a sweep; raise `ArgumentError` if it has several."""
    if len(scan.paths) != 1:
        problem = f"{what} is over one path, and this sweep varies {', '.join(scan.paths)}"
        raise ArgumentError([Fault(problem, allowed="one path")])
    return varied_paths(scan)[0]


def _line_data(
    scan: SweepData, measure: Outcome, variable: VariedPath, at: dict[float | str, float]
) -> LineData:
    import numpy as np

    values = point_values(scan, variable)
    x = np.array([at[value] for value in values])
    order = np.argsort(x, kind="stable")
    order = order[~scan.failed[order]]
    low, middle, high = (scan.column(f"{measure.name}_p{p}")[order] for p in ("05", "50", "95"))
    share = scan.column(f"{measure.name}_share")[order] if measure.is_date else None
    return LineData(measure, [values[place] for place in order], x[order], low, middle, high, share)


def _vertical_axis(scan: SweepData, course: LineData) -> PlotAxis:
    import numpy as np

    if course.measure.is_date:
        return DayAxis(0.0, scan.days * (1 + _MARGIN_SHARE), "", scan.start, scan.days, is_vertical=True)
    every = np.concatenate([course.low, course.high, [0.0]])
    known = every[np.isfinite(every)]
    low, high = float(known.min()), float(known.max())
    if low == high:
        high = low + 1.0
    room = 0.05 * (high - low)
    return NumberAxis(low - (room if low < 0 else 0.0), high + room, "", course.measure.number_format)


def _marks(headline: Finding) -> tuple[float, ...]:
    """Return the values of the parameter that the headline names: one solved, or two of the grid."""
    names = ("value",) if "value" in headline.values else ("between_low", "between_high")
    found = [headline.values.get(name) for name in names]
    return tuple(value for value in found if isinstance(value, float))


def _frame_text(
    scan: SweepData, courses: Sequence[LineData], failed: Sequence[float], size: Size, headline: Finding
) -> FrameText:
    dots = _MEDIAN_STYLE | {"linewidth": size.line, "marker": "o", "markersize": 3.5}
    key = []
    if any(_is_drawn(course.middle) for course in courses):
        key.append(LegendEntry("median of the runs" if scan.runs > 1 else "one run at each value", line=dots))
    if scan.runs > 1 and any(_is_drawn(course.low) for course in courses):
        key.append(LegendEntry("5–95 % of the runs", patch=_BAND_STYLE))
    if any(course.measure.is_date for course in courses):
        key.append(LegendEntry(_NOT_WITHIN, patch=style.BEYOND))
    marks = _marks(headline)
    if marks:
        label = "break-even value" if len(marks) == 1 else "values of the title"
        key.append(LegendEntry(label, line=_MARK_STYLE | {"linewidth": size.line * 0.7}))
    if failed:
        key.append(LegendEntry("runs failed", patch=style.FAILED))
    ends = [course for course in courses if course.share is not None and (course.share < 0.95).any()]
    note = "Where the band opens or the line stops, those runs do not get there within the period."
    if scan.runs == 1:
        note = "Where the line stops, the run does not get there within the period."
    event = event_note(*(course.measure.name for course in courses))
    notes = scan.notes(size, note if ends else "", interval_note(scan, headline), event=event)
    return FrameText(
        headline.sentence, scan.title, "", key, notes, [each.name for each in varied_paths(scan)]
    )


def _is_drawn(percentile: Floats) -> bool:
    import numpy as np

    return bool(np.isfinite(percentile).any())


def _draw_course(place: PlacedPlot, course: LineData, scan: SweepData, size: Size, *, joined: bool) -> None:
    import numpy as np

    axes, end = place.axes, scan.days
    low, high = course.low, course.high
    axes.set_label(outcome_caption(scan, course.measure))
    dated = scan.dates if course.measure.is_date else list
    missing = _NOT_WITHIN if course.measure.is_date else ""
    look = SeriesFormat(varied_paths(scan)[0].number_format, course.measure.number_format, missing)
    record(axes, "5th to 95th percentile", course.values, dated(low), y_end=dated(high), series_format=look)
    record(axes, "median", course.values, dated(course.middle), series_format=look)
    if course.measure.is_date:
        # If a percentile is beyond the end, the band extends to the end.
        low, high = (np.where(np.isnan(found), end, found) for found in (low, high))
    if joined:
        axes.fill_between(course.x, low, high, zorder=1, **_BAND_STYLE)
        dots: dict[str, Any] = (
            {} if len(course.x) > _MANY_POINTS else {"marker": "o", "markersize": size.text * 0.42}
        )
        axes.plot(
            course.x, course.middle, linewidth=size.line, zorder=3, clip_on=False, **dots, **_MEDIAN_STYLE
        )
        return
    for x, bottom, top in zip(course.x, low, high, strict=True):
        axes.fill_between([x - 0.18, x + 0.18], bottom, top, zorder=1, **_BAND_STYLE)
    axes.plot(
        course.x,
        course.middle,
        linestyle="none",
        marker="o",
        markersize=size.text * 0.6,
        zorder=3,
        **_MEDIAN_STYLE,
    )


def _draw_marks(
    canvas: Canvas,
    place: PlacedPlot,
    course: LineData,
    marks: Sequence[float],
    look: tuple[VariedPath, Size],
) -> None:
    """Draw the values that the headline names as upright lines; label a solved one."""
    import numpy as np

    (variable, size), (bottom, top) = look, place.axes.get_ylim()
    for value in marks:
        place.axes.axvline(value, linewidth=size.line * 0.7, zorder=2.5, **_MARK_STYLE)
    if len(marks) == 1:
        heights = np.linspace(bottom, top, _HEIGHTS)
        upright = np.column_stack([np.full(_HEIGHTS, marks[0]), heights])
        known = np.isfinite(course.middle)
        line = np.column_stack([course.x[known], course.middle[known]])
        others = [line] if known.sum() > 1 else []
        label_line(canvas, place, [upright], variable.solved(marks[0]), size, others)


def _draw_end(place: PlacedPlot, scan: SweepData) -> None:
    """Draw the end of the period, and the area beyond it."""
    axes = place.axes
    top = axes.get_ylim()[1]
    axes.axhspan(scan.days, top, zorder=1.2, **style.BEYOND)
    axes.axhline(scan.days, color=style.GREY_TEXT, linewidth=0.7, linestyle=(0, (4, 2)), zorder=2)


def _draw_failed(place: PlacedPlot, failed: Sequence[float], every: Sequence[float]) -> None:
    if not failed:
        return
    low, high = place.axes.get_xlim()
    steps = sorted(every)
    half = min((b - a for a, b in pairwise(steps)), default=high - low) / 2
    for x in failed:
        place.axes.axvspan(max(low, x - half), min(high, x + half), zorder=0.8, **style.FAILED)
