"""Outcomes along one parameter: the median and the band between the 5 % and the 95 % quantile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sim.charts import style
from sim.charts.frame import Key, Words
from sim.charts.plane import Placed, Plot, lay
from sim.charts.rulers import Days, Numbers, Ruler, ruler_of
from sim.charts.saying import HALF, NOTHING, span, threshold, throughout
from sim.charts.scan import Scan, Swept, Variable
from sim.charts.style import Size
from sim.errors import ArgumentError, Fault
from sim.outcomes import EXHAUSTED, Outcome

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_BAND: dict[str, Any] = {"facecolor": style.MOST, "linewidth": 0.0}
_MEDIAN: dict[str, Any] = {"color": style.LINE_BLUE}
_BEYOND: dict[str, Any] = {"facecolor": "white", "edgecolor": "#C4C4C4", "hatch": "....", "linewidth": 0.0}
_FAILED: dict[str, Any] = {"facecolor": "#F2F2F2", "edgecolor": "#8C8C8C", "hatch": "////", "linewidth": 0.0}
#: Room beyond the end of the period, as a part of it.
_AFTER = 0.12
#: From so many values on, the median has a line without dots.
_MANY = 40


@dataclass(frozen=True, slots=True)
class Course:
    """One outcome along the parameter; arrays have one entry for each value that could be run.

    Attributes
    ----------
    measure : Outcome
    x, low, middle, high : array
        Where each value stands; quantiles, nan where beyond the end.
    share : array or None
        Of runs that get to the day.
    """

    measure: Outcome
    x: Floats
    low: Floats
    middle: Floats
    high: Floats
    share: Floats | None


def line(
    sweep: Scan | Swept, size: str = "page", *, of: str | Sequence[str] = (EXHAUSTED, "sustained_fire")
) -> Figure:
    """Draw outcomes along the one parameter of a sweep: median, and 5 % to 95 % of the runs.

    Parameters
    ----------
    sweep : what `sim.sweep` returns, or Scan
        Over one path.
    size : str
        ``column`` (85 mm wide), ``page`` (180 mm), ``slide`` (16:9) or ``square``.
    of : str or sequence of str
        Outcomes, one plot each; the title tells the first.

    Returns
    -------
    matplotlib.figure.Figure
        A quantile that lies beyond the end of the period has no line: the band is then open towards the end.
        Values at which runs failed are hatched.

    Raises
    ------
    ArgumentError
        The sweep is not over one path or has no such outcome, or there is no such size.
    """
    scan, form = Scan.of(sweep), style.pick_size(size)
    variable = only(scan, "a line chart")
    wanted = [of] if isinstance(of, str) else list(of)
    measures = [scan.measure(name) for name in wanted][: form.panels]
    with style.drawing():
        ruler, at = ruler_of(variable, cells=not variable.numeric)
        x = _padded(ruler)
        courses = [_course(scan, measure, variable, at) for measure in measures]
        failed = [at[value] for value, bad in zip(read(scan, variable), scan.failed, strict=True) if bad]
        plots = [Plot(_heading(course), x, _upright(scan, course)) for course in courses]
        words = _words(scan, variable, courses, failed, form)
        canvas, placed, _ = lay(words, plots, form)
        for course, place in zip(courses, placed, strict=True):
            _draw_failed(place, failed, list(at.values()))
            _draw_course(place, course, scan, form, joined=variable.numeric and len(course.x) > 1)
            if course.measure.is_date:
                _draw_end(place, scan)
    return canvas.figure


def only(scan: Scan, what: str) -> Variable:
    """Return the one thing that varied.

    Raises
    ------
    ArgumentError
        There are several.
    """
    if len(scan.paths) != 1:
        problem = f"{what} is over one path, and this sweep varies {', '.join(scan.paths)}"
        raise ArgumentError([Fault(problem, allowed="one path")])
    return scan.variables()[0]


def read(scan: Scan, variable: Variable) -> list[Any]:
    """Return the values of the points as the variable has them."""
    column = scan.table[variable.path]
    return [float(value) for value in column] if variable.numeric else [str(value) for value in column]


def _course(scan: Scan, measure: Outcome, variable: Variable, at: dict[float | str, float]) -> Course:
    import numpy as np

    x = np.array([at[value] for value in read(scan, variable)])
    order = np.argsort(x, kind="stable")
    order = order[~scan.failed[order]]
    low, middle, high = (scan.column(f"{measure.name}_p{p}")[order] for p in ("05", "50", "95"))
    share = scan.column(f"{measure.name}_share")[order] if measure.is_date else None
    return Course(measure, x[order], low, middle, high, share)


def _padded(ruler: Ruler) -> Ruler:
    if not isinstance(ruler, Numbers):
        return ruler
    room = 0.02 * (ruler.high - ruler.low)
    return Numbers(ruler.low - room, ruler.high + room, ruler.caption, ruler.human)


def _heading(course: Course) -> str:
    measure = course.measure
    return (
        measure.heading
        if measure.is_date or measure.number_format.suffix == ""
        else f"{measure.heading}, {measure.number_format.noun}"
    )


def _upright(scan: Scan, course: Course) -> Ruler:
    import numpy as np

    if course.measure.is_date:
        return Days(0.0, scan.days * (1 + _AFTER), "", scan.start, scan.days, upright=True)
    every = np.concatenate([course.low, course.high, [0.0]])
    known = every[np.isfinite(every)]
    low, high = float(known.min()), float(known.max())
    if low == high:
        high = low + 1.0
    room = 0.05 * (high - low)
    return Numbers(low - (room if low < 0 else 0.0), high + room, "", course.measure.number_format)


def _words(
    scan: Scan, variable: Variable, courses: Sequence[Course], failed: Sequence[float], size: Size
) -> Words:
    key = [
        Key("median of the runs", line=_MEDIAN | {"linewidth": size.line, "marker": "o", "markersize": 3.5}),
        Key("5–95 % of the runs", patch=_BAND),
    ]
    if any(course.measure.is_date for course in courses):
        key.append(Key("not within the period", patch=_BEYOND))
    if failed:
        key.append(Key("runs failed", patch=_FAILED))
    ends = [course for course in courses if course.share is not None and (course.share < 0.95).any()]
    note = "Where the band opens or the line stops, those runs do not get there within the period."
    return Words(
        _title(scan, variable, courses[0]), scan.title, "", key, scan.notes(size, note if ends else "")
    )


def _title(scan: Scan, variable: Variable, course: Course) -> str:
    if not course.x.size:
        return NOTHING
    if course.share is not None:
        crossed = ""
        if variable.numeric and len(variable.values) > 1:
            at = ([float(x) for x in course.x], course.share)
            crossed = threshold(scan, course.measure, variable, at, HALF)
        return crossed or _days(scan, variable, course)
    return span(scan, course.measure, course.middle, _ends(variable))


def _days(scan: Scan, variable: Variable, course: Course) -> str:
    import numpy as np

    if np.isnan(course.middle).any() or course.share is None:
        shares = course.share if course.share is not None else course.middle
        return throughout(scan, course.measure, shares, HALF)
    return span(scan, course.measure, course.middle, _ends(variable))


def _ends(variable: Variable) -> tuple[str, str]:
    first, last = variable.values[0], variable.values[-1]
    if variable.numeric:
        return variable.told(first), variable.told(last)
    return str(first), str(last)


def _draw_course(place: Placed, course: Course, scan: Scan, size: Size, *, joined: bool) -> None:
    import numpy as np

    axes, end = place.axes, scan.days
    low, high = course.low, course.high
    if course.measure.is_date:
        # Where the quantile lies beyond the end, the band reaches the end, without an edge of its own.
        low, high = (np.where(np.isnan(found), end, found) for found in (low, high))
    if joined:
        axes.fill_between(course.x, low, high, zorder=1, **_BAND)
        dots: dict[str, Any] = (
            {} if len(course.x) > _MANY else {"marker": "o", "markersize": size.text * 0.42}
        )
        axes.plot(course.x, course.middle, linewidth=size.line, zorder=3, clip_on=False, **dots, **_MEDIAN)
        return
    for x, bottom, top in zip(course.x, low, high, strict=True):
        axes.fill_between([x - 0.18, x + 0.18], bottom, top, zorder=1, **_BAND)
    axes.plot(
        course.x, course.middle, linestyle="none", marker="o", markersize=size.text * 0.6, zorder=3, **_MEDIAN
    )


def _draw_end(place: Placed, scan: Scan) -> None:
    """Draw the end of the period, and what is beyond it: known not to be within."""
    axes = place.axes
    top = axes.get_ylim()[1]
    axes.axhspan(scan.days, top, zorder=1.2, **_BEYOND)
    axes.axhline(scan.days, color=style.QUIET, linewidth=0.7, linestyle=(0, (4, 2)), zorder=2)


def _draw_failed(place: Placed, failed: Sequence[float], every: Sequence[float]) -> None:
    if not failed:
        return
    low, high = place.axes.get_xlim()
    steps = sorted(every)
    half = min((b - a for a, b in pairwise(steps)), default=high - low) / 2
    for x in failed:
        place.axes.axvspan(max(low, x - half), min(high, x + half), zorder=0.8, **_FAILED)
