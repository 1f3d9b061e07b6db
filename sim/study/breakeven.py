"""Break-even: the value of one number at which a target is just met in a given share of runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import simulate
from sim.errors import ArgumentError, Fault, RunError, format_count, nearest
from sim.formatting import plain_number
from sim.scenario.number_listing import ListedNumber, is_uncertain, list_numbers
from sim.scenario.path import is_within
from sim.scenario.scenario import Scenario
from sim.scenario.study_values import format_number, read_value
from sim.scenario.value_ranges import Grid
from sim.simulate import Progress, ScenarioLike
from sim.study import bracketing
from sim.study.axis import Axis, check_paths, read_axes
from sim.study.breakeven_result import Breakeven, BreakevenPoint
from sim.study.evaluation import evaluate
from sim.study.query_info import QueryInfo
from sim.study.target import Target, make_target

Counts = NDArray[np.int64]
Bounds = tuple[float | str, float | str]

DEFAULT_BOUND_FACTOR = 10.0
#: Settings without a break-even value: shares that depend on each other, and dates.
_MOST_PATHS = 8
_UNSOLVABLE_SETTINGS = ("mix", "first", "until")


def breakeven(
    scenario: ScenarioLike,
    path: str,
    *,
    of: str = "exhausted",
    holds: float | str = 0.5,
    until: dt.date | str | None = None,
    bounds: Bounds | None = None,
    vary: Mapping[str, Sequence[Any] | Grid] | None = None,
    runs: int | None = None,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Breakeven:
    """Return the value of a number at which a target is just met, with its confidence interval.

    Every value is evaluated under common random numbers. A grid of 33 values between the bounds brackets the
    crossing of the share of runs, in either direction; each bracket is then narrowed to one part in a
    million. The remaining error is the sampling error of the runs: see `bracketing.count_levels`.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
        As for `sim.run`.
    path : str
        The number to solve for. A fixed number replaces its distribution, if it has one.
    of : str
        The outcome to avoid: ``exhausted`` (the stock lasts), ``below_N`` (days of supply stay at N or more),
        ``rationed_from`` (no consumer is rationed), ``unmet`` (the requirement is met; equivalent).
    holds : float or str
        Required share of runs, such as 0.5 or ``"95%"``.
    until : date or str, optional
        End of the period, exclusive; by default the end of the scenario.
    bounds : tuple of two, optional
        Search range, as text with units or in base units; by default from a tenth to ten times the value (or
        its median), and from 0 to 1 for a share.
    vary : mapping of str to sequence or Grid, optional
        Values of other paths, as for `sim.sweep`; each combination has its own break-even value.
    runs : int, optional
        Runs at each value; by default 1,000, or 1 if nothing is uncertain.
    seed, jobs, progress
        As for `sim.run`.

    Returns
    -------
    Breakeven

    Raises
    ------
    ScenarioError
        The scenario is not valid, or a value conflicts with the rest of it.
    ArgumentError
        An argument is out of range, or the path cannot be solved for.
    RunError
        Runs fail at every value within the bounds, or the scenario uses a rationing rule in Python.
    """
    checked = simulate.as_scenario(scenario)
    certain = not is_uncertain(checked)
    count = (1 if certain else simulate.DEFAULT_RUNS) if runs is None else runs
    simulate.check_arguments(count, seed, "compiled", jobs)
    listed = _find_number(checked, path)
    target, thresholded = make_target(checked, of, holds, until)
    low, high = _read_bounds(listed, bounds)
    axes = read_axes(checked, vary) if vary else []
    _check_no_overlap(path, axes)
    check_paths(checked, [_value_axis(listed, (listed.quantity.value,)), *axes])
    curves = list(product(*(range(len(axis.values)) for axis in axes)))
    reporter = _ProgressReporter(
        progress,
        count,
        len(curves) * (bracketing.GRID_SIZE + 3 * bracketing.MAX_ROUNDS * (bracketing.SUBDIVISIONS - 1)),
    )
    evaluator = _Evaluator(thresholded, listed, axes, curves, target, count, seed, jobs, reporter)
    solved = _solve(evaluator, bracketing.search_grid(low, high), certain=certain)
    reporter.finish()
    return Breakeven(
        query=QueryInfo.from_scenario(checked, runs=count, seed=seed, varied=[path, *(vary or ())]),
        target=target,
        path=path,
        unit=str(listed.quantity.unit),
        written=listed.quantity.written,
        varied=tuple(axis.path for axis in axes),
        bounds=(low, high),
        found=tuple(solved),
        is_certain=certain,
    )


class _ProgressReporter:
    """Progress in runs; the number of points is known only as an upper bound."""

    def __init__(self, progress: Progress | None, runs: int, points: int) -> None:
        self._progress, self._runs, self._points, self._done = progress, runs, points, 0

    def advance(self, points: int) -> None:
        self._done = min(self._done + points, self._points)
        self._report(self._done)

    def finish(self) -> None:
        self._report(self._points)

    def _report(self, points: int) -> None:
        if self._progress is not None:
            self._progress(points * self._runs, self._points * self._runs)


@dataclass(frozen=True)
class _Evaluator:
    """Counts the runs that meet a target at values of a number, on curves of the other axes."""

    scenario: Scenario
    number: ListedNumber
    axes: Sequence[Axis]
    curves: Sequence[tuple[int, ...]]
    target: Target
    runs: int
    seed: int
    jobs: int | None
    reporter: _ProgressReporter

    def count_holding(self, places: Sequence[bracketing.GridPoint]) -> tuple[Counts, dict[int, str]]:
        """Return the number of runs that meet the target at each grid point, and reasons of failures."""
        values = list(dict.fromkeys(value for _, value in places))
        at = {value: position for position, value in enumerate(values)}
        axes = [_value_axis(self.number, values), *self.axes]
        points = [(at[value], *self.curves[curve]) for curve, value in places]
        counts = np.zeros(len(points), dtype=np.int64)
        reasons: dict[int, str] = {}
        for answer in evaluate(self.scenario, axes, points, runs=self.runs, seed=self.seed, jobs=self.jobs):
            counts[list(answer.points)] = self.target.is_met(answer).sum(axis=1)
            reasons.update(answer.reasons)
            if outside := self.target.outside(answer):
                reasons.update({place: outside for place in answer.points if place not in answer.reasons})
            self.reporter.advance(len(answer.points))
        return counts, reasons

    def count_or_raise(self, places: Sequence[bracketing.GridPoint]) -> Counts:
        """Return the number of runs that meet the target; raise `RunError` if any run fails."""
        counts, reasons = self.count_holding(places)
        if reasons:
            place, reason = min(reasons.items())
            raise RunError(f"{self.number.quantity.path} = {plain_number(places[place][1])}: {reason}")
        return counts


def _solve(evaluator: _Evaluator, values: bracketing.Floats, *, certain: bool) -> list[BreakevenPoint]:
    wanted = bracketing.count_levels(evaluator.runs, evaluator.target.share)
    places = [(curve, float(value)) for curve in range(len(evaluator.curves)) for value in values]
    counts, reasons = evaluator.count_holding(places)
    searches = []
    for curve in range(len(evaluator.curves)):
        part = slice(curve * len(values), (curve + 1) * len(values))
        whole = _longest_valid_range(values, [place in reasons for place in range(part.start, part.stop)])
        why = next((reasons[place] for place in range(part.start, part.stop) if place in reasons), "")
        searched = values[whole], counts[part][whole]
        brackets = bracketing.find_brackets(curve, *searched, wanted) if len(searched[0]) > 1 else None
        searches.append((*searched, why, brackets))
    if all(len(search[0]) < 2 for search in searches):
        path = evaluator.number.quantity.path
        raise RunError(
            f"{path} between {plain_number(values[0])} and {plain_number(values[-1])}: {searches[0][2]}"
        )
    found = [search[3] for search in searches]
    ends = [end for each in found if each is not None for end in (each.value, each.low, each.high) if end]
    narrow = iter(bracketing.narrow_brackets(ends, evaluator.count_or_raise))
    solved = []
    for curve, (seen, counted, why, first) in enumerate(searches):
        places_on_axes = zip(evaluator.axes, evaluator.curves[curve], strict=True)
        at = tuple(axis.table_value(place) for axis, place in places_on_axes)
        base = _search_summary(at, seen, counted / evaluator.runs, why)
        solved.append(base if first is None else _with_breakeven(base, first, narrow, certain=certain))
    return solved


def _longest_valid_range(values: bracketing.Floats, failed: Sequence[bool]) -> slice:
    """Return the longest run of consecutive values without a failed run."""
    best, first = slice(0, 0), 0
    for place in range(len(values) + 1):
        if place == len(values) or failed[place]:
            if place - first > best.stop - best.start:
                best = slice(first, place)
            first = place + 1
    return best


def _search_summary(
    at: tuple[float | str, ...], values: bracketing.Floats, shares: bracketing.Floats, why: str
) -> BreakevenPoint:
    if len(values) < 2:
        return BreakevenPoint(at=at, searched=None, best=None, worst=None, failure=why)
    best, worst = int(shares.argmax()), int(shares.argmin())
    return BreakevenPoint(
        at=at,
        searched=(float(values[0]), float(values[-1])),
        best=(float(values[best]), float(shares[best])),
        worst=(float(values[worst]), float(shares[worst])),
        failure=why,
    )


def _with_breakeven(
    base: BreakevenPoint, first: bracketing.CurveBrackets, narrow: Any, *, certain: bool
) -> BreakevenPoint:
    """Return `base` with its value and interval; `narrow` yields the brackets of the value, low, high."""
    value = next(narrow).beyond
    # Outer sides of the brackets, to be conservative.
    low = None if first.low is None else _outer_end(next(narrow), -1)
    high = None if first.high is None else _outer_end(next(narrow), 1)
    return base.with_value(
        value, value if certain else low, value if certain else high, rises=first.is_rising, turns=first.turns
    )


def _outer_end(bracket: bracketing.Bracket, side: int) -> float:
    return side * max(side * bracket.before, side * bracket.beyond)


def _find_number(scenario: Scenario, path: str) -> ListedNumber:
    known = {listed.quantity.path: listed for listed in list_numbers(scenario)}
    listed = known.get(path)
    if listed is None and (below := [each for each in known if is_within(each, path)]):
        raise ArgumentError([_several_numbers_fault(path, below)])
    if listed is None:
        problem, allowed = f"there is no number {path!r} in the scenario", "a path that `sim show` lists"
        raise ArgumentError([Fault(problem, allowed=allowed, nearest=nearest(path, known))])
    if listed.quantity.unit == "date" or any(word in listed.setting for word in _UNSOLVABLE_SETTINGS):
        problem = "a date, or a share of a mix, is not solved for"
        raise ArgumentError([Fault(problem, path=path, allowed="any other number")])
    return listed


def _several_numbers_fault(path: str, below: Sequence[str]) -> Fault:
    """Return the fault of a path that is no single number: a course, a map by munition, a component."""
    is_course = all(each.startswith(f"{path}.by_date.") for each in below)
    what = "changes over time" if is_course else f"holds {format_count(len(below), 'number')}"
    shown = ", ".join(below[:_MOST_PATHS])
    rest = f" and {len(below) - _MOST_PATHS} more" if len(below) > _MOST_PATHS else ""
    return Fault(f"{path} {what}, and one number is solved for", allowed=f"{shown}{rest}")


def _read_bounds(listed: ListedNumber, given: Bounds | None) -> tuple[float, float]:
    quantity, dimension = listed.quantity, listed.dimension
    if given is None:
        if quantity.unit == "share" and dimension.ceiling == 1.0:
            return 0.0, 1.0
        if quantity.value > 0.0:
            return quantity.value / DEFAULT_BOUND_FACTOR, min(
                quantity.value * DEFAULT_BOUND_FACTOR, dimension.ceiling
            )
        problem = f"{plain_number(quantity.value)} has no tenth and no tenfold to look between"
        raise ArgumentError([Fault(problem, path=quantity.path, allowed="bounds FROM:TO")])
    ends = [read_value(listed, end) for end in given]
    low, high = (end if end is not None else np.nan for end in ends)
    if not low < high:
        problem = f"the bounds {given[0]} to {given[1]} are no range in {quantity.unit}"
        raise ArgumentError([Fault(problem, path=quantity.path, allowed="FROM:TO, the lower first")])
    return low, high


def _check_no_overlap(path: str, axes: Sequence[Axis]) -> None:
    for axis in axes:
        if is_within(axis.path, path) or is_within(path, axis.path):
            raise ArgumentError([Fault(f"{axis.path} is varied, and {path} solved for", allowed="two paths")])


def _value_axis(listed: ListedNumber, values: Sequence[float]) -> Axis:
    """Return an axis of values; deliveries are text, because they are validated with the scenario."""
    path = listed.quantity.path
    if "deliveries" in listed.setting:
        return Axis(path, tuple(format_number(value, listed.quantity.unit) for value in values))
    return Axis(path, tuple(values), tuple(values))
