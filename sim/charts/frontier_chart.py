"""Frontier chart: cost against service level over the points of a sweep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Unpack

from sim.charts import style
from sim.charts.appearance import Appearance, chart
from sim.charts.axes import NumberAxis
from sim.charts.drawn_series import SeriesFormat, record
from sim.charts.frame import Canvas, FrameText, LegendEntry
from sim.charts.line_labels import clear_frame
from sim.charts.style import Size
from sim.charts.sweep_axes import PlacedPlot, SweepPlot, lay_out
from sim.charts.sweep_data import SweepData, SweepLike
from sim.errors import ArgumentError, Fault, nearest
from sim.findings.frontier_findings import (
    DEFAULT_COST,
    DEFAULT_SERVICE,
    FrontierPoint,
    frontier_finding,
    frontier_points,
    is_cost,
    is_service,
    service_noun,
    values_text,
)
from sim.findings.sweep_figures import VariedPath, outcome_heading, outcome_unit, varied_paths
from sim.findings.wording import LASTS_MEANING
from sim.formatting import NumberFormat, number_format
from sim.outcomes import EXHAUSTED, MET, REQUIRED, UNMET, OutcomeKind, outcome_named
from sim.units import Unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox

_BEST: dict[str, Any] = {"color": style.LINE_BLUE}
_DOMINATED: dict[str, Any] = {"color": style.GREY_TEXT}
#: Space beside the points on either axis, as a part of their range.
_ROOM = 0.13
#: Above this number of points, dominated ones have no label.
_MANY_POINTS = 40
_MEANING = (
    "Dominated: another point costs no more and meets no less, and is better in one of the two. The steps "
    "join points that were run; between these nothing was."
)
_UNCLEAR = (
    "Overlapping: the 90 % intervals of the point and of each that dominates it, in cost and in service; "
    "under the same draws their differences may still be clear."
)
_BARS = "Bars, where wider than the dot: 90 % intervals from the runs."


@chart
def frontier(
    sweep: SweepData | SweepLike,
    size: str = "page",
    *,
    of: str | Sequence[str] = (DEFAULT_COST, DEFAULT_SERVICE),
    **_look: Unpack[Appearance],
) -> Figure:
    """Draw cost against service level: the points of a sweep, and the frontier of those that none beats.

    Parameters
    ----------
    sweep : Sweep or SweepData
    of : str or sequence of str
        An outcome that is to be low, such as ``cost`` or ``spent``, and the service: ``met`` (the part of all
        requirements that is met), ``met.NAME`` of a consumer, or a date, of which the share of runs counts in
        which it is not reached (for ``reaches``, in which it is). A single name is the service.

    Returns
    -------
    matplotlib.figure.Figure
        A dot for each point without failed runs, labelled by its values where there is room; grey if another
        point costs no more and meets no less.

    Raises
    ------
    ArgumentError
        The sweep has no such outcomes, or the size is unknown.
    """
    scan, form = SweepData.of(sweep), style.pick_size(size)
    wanted = [DEFAULT_COST, of] if isinstance(of, str) else list(of)
    cost, service = _check_outcomes(scan, wanted)
    points = frontier_points(scan, cost, service)
    x = _cost_axis(scan, cost, [end for point in points for end in point.cost])
    y = _service_axis([end for point in points for end in point.service])
    frame_text = _frame_text(scan, cost, service, points, form)
    canvas, (placed,), _ = lay_out(frame_text, [SweepPlot("", x, y)], form)
    _draw_points(placed, points, form)
    _label_points(canvas, placed, scan, points, form, outcome_unit(scan, outcome_named(cost)))
    return canvas.figure


def _check_outcomes(scan: SweepData, wanted: Sequence[str]) -> tuple[str, str]:
    """Return the cost and the service; raise `ArgumentError` if the sweep has none of them."""
    names = [str(name).removesuffix("_mean") for name in scan.table if str(name).endswith("_mean")]
    costs = [name for name in names if is_cost(name)]
    services = [name for name in (MET, *names) if is_service(name)]
    if not {REQUIRED, UNMET} <= set(names):
        services.remove(MET)
    if len(wanted) != 2:
        problem = f"a frontier is of a cost and a service, not of {', '.join(wanted) or 'nothing'}"
        raise ArgumentError([Fault(problem, allowed="two outcomes, such as cost and met")])
    faults = []
    for name, known, what in ((wanted[0], costs, "cost"), (wanted[1], services, "service level")):
        if name not in known:
            problem = f"this sweep has no {what} {name!r}"
            faults.append(Fault(problem, allowed=", ".join(known), nearest=nearest(name, known)))
    if faults:
        raise ArgumentError(faults)
    return wanted[0], wanted[1]


def _cost_axis(scan: SweepData, cost: str, values: Sequence[float]) -> NumberAxis:
    measure = outcome_named(cost)
    unit = outcome_unit(scan, measure)
    mean = ", mean of the runs" if scan.runs > 1 else ""
    heading = outcome_heading(scan, measure)
    caption = f"{heading}{mean}, {unit}" if measure.kind is OutcomeKind.MONEY else f"{heading}{mean}"
    low, high = _padded(values, 1.0)
    return NumberAxis(max(0.0, low) if min(values, default=0.0) >= 0.0 else low, high, caption)


def _service_axis(values: Sequence[float]) -> NumberAxis:
    low, high = _padded(values, 0.01)
    return NumberAxis(max(0.0, low), min(high, 1.0 + (high - low) * _ROOM), "", number_format(Unit.SHARE))


def _padded(values: Sequence[float], least: float) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=0.0)
    room = max(_ROOM * (high - low), 0.05 * abs(high) if high == low else 0.0) or least
    return low - room, high + room


def _frame_text(
    scan: SweepData, cost: str, service: str, points: Sequence[FrontierPoint], size: Size
) -> FrameText:
    best, rest = ({**look, **_dot(size)} for look in (_BEST, _DOMINATED))
    key = [LegendEntry("on the frontier", line=best | {"linewidth": size.line})]
    if not all(point.is_best for point in points):
        key.append(LegendEntry("dominated", line=rest | {"linestyle": "none"}))
    mean = " (all runs together)" if scan.runs > 1 and service == MET else ""
    names = "; ".join(varied.caption for varied in varied_paths(scan))
    notes = [f"Labels: {names}.", _MEANING]
    if any(point.is_unclear for point in points):
        notes.append(_UNCLEAR)
    if any(estimate.low < estimate.high for point in points for estimate in (point.cost, point.service)):
        notes.append(_BARS)
    lasts = LASTS_MEANING if service == EXHAUSTED else ""
    headline = frontier_finding(scan, cost, service)
    axis = f"{service_noun(scan, service)}{mean}"
    return FrameText(headline.sentence, scan.title, axis, key, scan.notes(size, *notes, event=lasts))


def _draw_points(placed: PlacedPlot, points: Sequence[FrontierPoint], size: Size) -> None:
    best = [point for point in points if point.is_best]
    rest = [point for point in points if not point.is_best]
    axes = placed.axes
    dots: tuple[tuple[Sequence[FrontierPoint], dict[str, Any], float], ...] = (
        (rest, _DOMINATED, 2.0),
        (best, _BEST, 3.0),
    )
    # With more to spend, the best of the points is that of the largest cost up to it.
    axes.step(
        [point.cost.value for point in best],
        [point.service.value for point in best],
        where="post",
        linewidth=size.line * 0.7,
        zorder=1.5,
        **_BEST,
    )
    for group, look, order in dots:
        across, up = [point.cost.value for point in group], [point.service.value for point in group]
        for point in group:
            for bar in _bars(point):
                axes.plot(*bar.T, linewidth=size.line * 0.5, zorder=order - 0.5, clip_on=False, **look)
        axes.plot(across, up, linestyle="none", zorder=order, clip_on=False, **look, **_dot(size))


def _label_points(
    canvas: Canvas,
    placed: PlacedPlot,
    scan: SweepData,
    points: Sequence[FrontierPoint],
    size: Size,
    unit: str,
) -> None:
    """Write the values of each point next to it where there is room, those of the frontier first."""
    import numpy as np

    variables = varied_paths(scan)
    best = [point for point in points if point.is_best]
    steps = list(_steps(best))
    dots = [np.array([_place(point)] * 2) for point in points]
    bars = [bar for point in points for bar in _bars(point)]
    marks = [each + np.array([[-1.0, 0.0], [1.0, 0.0]]) * _dot_width(placed, size) for each in dots]
    taken: list[Bbox] = []
    look = SeriesFormat(NumberFormat(unit), number_format(Unit.SHARE))
    for point in sorted(points, key=lambda each: not each.is_best):
        text = _label_text(variables, point)
        state = "on the frontier" if point.is_best else "dominated"
        name = f"{values_text(variables, point.at)}, {state}"
        record(placed.axes, name, [point.cost.value], [point.service.value], series_format=look)
        if not point.is_best and len(points) > _MANY_POINTS:
            continue
        own = np.array([_place(point)])
        frame = clear_frame(placed, [own], text, size, others=[*steps, *marks, *bars], taken=taken)
        if frame is None:
            continue
        taken.append(frame)
        colour = style.INK if point.is_best else style.GREY_TEXT
        canvas.write(frame.x0 + size.text * 0.4, frame.y0 + size.text * 0.42, text, size.text, colour)


def _steps(best: Sequence[FrontierPoint]) -> Iterator[Any]:
    """Yield the pieces of the line of steps, as arrays of two points."""
    import numpy as np

    for one, other in pairwise(best):
        corner = [other.cost.value, one.service.value]
        yield np.array([_place(one), corner])
        yield np.array([corner, _place(other)])


def _place(point: FrontierPoint) -> list[float]:
    return [point.cost.value, point.service.value]


def _bars(point: FrontierPoint) -> list[Any]:
    """Return the bars of the intervals of a point that have a length, as arrays of two points."""
    import numpy as np

    cost, service = point.cost, point.service
    bars = [
        np.array([[cost.low, service.value], [cost.high, service.value]]),
        np.array([[cost.value, service.low], [cost.value, service.high]]),
    ]
    return [bar for bar, each in zip(bars, (cost, service), strict=True) if each.low < each.high]


def _label_text(variables: Sequence[VariedPath], point: FrontierPoint) -> str:
    """Return the values of a point without their units."""
    return ", ".join(
        value if isinstance(value, str) else varied.number(value)
        for varied, value in zip(variables, point.at, strict=True)
    )


def _dot_width(placed: PlacedPlot, size: Size) -> float:
    """Return half of the width of a dot in data coordinates."""
    low, high = placed.axes.get_xlim()
    return size.text * 0.25 * (high - low) / placed.width


def _dot(size: Size) -> dict[str, Any]:
    return {"marker": "o", "markersize": size.text * 0.5}
