"""Break-even: the value of one number at which a target is just met in a given share of runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from sim import simulate
from sim.errors import ArgumentError, Fault, RunError
from sim.formatting import plain_number
from sim.outcomes import EXHAUSTED, UNMET
from sim.scenario.number_listing import is_uncertain, numbers_by_path
from sim.scenario.path import is_within
from sim.scenario.scenario import Scenario
from sim.scenario.unknown_stock import planned_requirement, require_known
from sim.scenario.value_ranges import Grid
from sim.simulate import Progress, ScenarioLike
from sim.study import bracketing
from sim.study.axis import Axis, check_paths, read_axes
from sim.study.breakeven_evaluator import Counts, Evaluator
from sim.study.breakeven_result import Breakeven, BreakevenPoint, RequirementPoint
from sim.study.near_miss import examine_near_miss
from sim.study.query_info import QueryInfo
from sim.study.solved_number import Bounds, find_number
from sim.study.target import Target, make_target

#: Grids tried where runs fail at most values; each spans the values that remain of the one before.
_MAX_GRIDS = 5
#: Doublings of the planned requirement tried as the upper end of the search for an unknown stock.
_DOUBLINGS = 12


def breakeven(
    scenario: ScenarioLike,
    path: str,
    *,
    of: str = "exhausted",
    holds: float | str = 0.5,
    until: dt.date | str | None = None,
    since: dt.date | str | None = None,
    level: float | str | None = None,
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
    million. Where runs fail at most of these values, the grid is drawn again around the others. The
    remaining error is the sampling error of the runs: see `bracketing.count_levels`.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
        As for `sim.run`.
    path : str
        The number to solve for. A fixed number replaces its distribution, if it has one. For a course
        (``by_date``), the answer is a factor on the whole of it.
    of : str
        The outcome to avoid: ``exhausted`` (the stock lasts), ``below_N`` (days of supply stay at N or more),
        ``rationed_from`` (no consumer is rationed), ``unmet`` (the requirement is met; equivalent),
        ``unmet.NAME`` (that of one consumer); ``reaches`` is one to attain. With a `level`: ``met`` (share of
        the requirement met), ``fired`` and ``closing_stock`` are to be at least the level, ``unmet``,
        ``required``, ``cost``, ``spent``, ``holding`` and ``shortage`` at most; of a consumer
        ``met.NAME``, ``fired.NAME``, ``unmet.NAME``, ``required.NAME`` and ``backlog.NAME``.
    holds : float or str
        Required share of runs, such as 0.5 or ``"95%"``.
    until : date or str, optional
        End of the period, exclusive; by default the end of the scenario. It may count from an event of each
        run: ``"war + 18 months"``.
    since : date or str, optional
        First day on which the outcome must not occur; by default the start of the scenario. An outcome that
        occurs earlier and is over by then does not count.
    level : float or str, optional
        Amount over all days, such as ``"98%"``, ``"5k"`` or ``"20M EUR"``.
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
    number = find_number(checked, path)
    target, thresholded = make_target(number.scenario, of, holds, until, since, level)
    number = replace(number, scenario=thresholded)
    _check_period(target, thresholded, seed, count)
    axes = read_axes(checked, vary) if vary else []
    require_known(checked, "a search for another number", [path, *(axis.path for axis in axes)])
    is_unknown = number.listed.quantity.is_unknown
    ends = None if is_unknown and bounds is None else number.read_bounds(bounds)
    _check_no_overlap(path, axes)
    check_paths(thresholded, [number.axis((0.0 if is_unknown else number.listed.quantity.value,)), *axes])
    curves = list(product(*(range(len(axis.values)) for axis in axes)))
    is_lasting = target.outcome == EXHAUSTED and target.since is None and not axes
    beside = replace(target, outcome=UNMET) if is_lasting else None
    brackets = 4 if is_lasting else 3
    points = len(curves) * (
        bracketing.GRID_SIZE + brackets * bracketing.MAX_ROUNDS * (bracketing.SUBDIVISIONS - 1)
    )
    reporter = _ProgressReporter(progress, count, points)
    evaluator = Evaluator(number, axes, curves, target, count, seed, jobs, reporter.advance, beside=beside)
    low, high = ends or (0.0, _enough_stock(evaluator))
    found = _solve(evaluator, bracketing.search_grid(low, high), certain=certain)
    if not axes:
        found = [_with_requirement(_with_near_miss(found[0], evaluator), evaluator)]
    reporter.finish()
    return Breakeven(
        query=QueryInfo.from_scenario(checked, runs=count, seed=seed, varied=[path, *(vary or ())]),
        target=target,
        path=path,
        unit=number.unit,
        written=number.written,
        varied=tuple(axis.path for axis in axes),
        varied_numbers=_numbers_as_written(checked, axes),
        bounds=(low, high),
        found=tuple(found),
        is_certain=certain,
        describe=simulate.describe_breakeven,
    )


def _enough_stock(evaluator: Evaluator) -> float:
    """Return the smallest doubling of the planned requirement beyond which no more runs meet the target."""
    least = max(1.0, planned_requirement(evaluator.number.scenario))
    values = [least * 2.0**power for power in range(_DOUBLINGS + 1)]
    curves = range(len(evaluator.curves))
    counts, reasons = evaluator.count_holding([(curve, value) for curve in curves for value in values])
    by_curve = counts.reshape(len(curves), len(values))
    valid = [place for place in range(len(values)) if not any(at % len(values) == place for at in reasons)]
    if not valid:
        return least
    most = by_curve[:, valid].max(axis=1)
    return values[next(place for place in valid if (by_curve[:, place] == most).all())]


def _numbers_as_written(scenario: Scenario, axes: Sequence[Axis]) -> tuple[tuple[str, str], ...]:
    """Return the base unit and the text of each varied number; empty for other settings."""
    known = numbers_by_path(scenario)
    found = (known.get(axis.path) if axis.is_numeric else None for axis in axes)
    return tuple(
        ("", "") if each is None else (str(each.quantity.unit), each.quantity.written) for each in found
    )


def _with_near_miss(one: BreakevenPoint, evaluator: Evaluator) -> BreakevenPoint:
    """Return a point without value with what happens at its best value, if it decides."""
    if one.is_found or one.best is None or one.best[1] >= evaluator.target.share:
        return one
    number, target = evaluator.number, evaluator.target
    value = one.best[0]
    if not one.decides and one.searched is not None:
        # No value is better than another: take the largest supply, or the smallest requirement.
        value = one.searched[0 if number.path.startswith("consumption.") else 1]
    miss = examine_near_miss(
        number.with_value(value),
        value,
        number.path,
        target,
        runs=evaluator.runs,
        seed=evaluator.seed,
        jobs=evaluator.jobs,
    )
    return replace(one, near_miss=miss)


def _with_requirement(one: BreakevenPoint, evaluator: Evaluator) -> BreakevenPoint:
    """Return a point whose stock lasts with the value at which the requirement is met as often."""
    if evaluator.beside is None or not one.is_found or one.turns > 1 or one.failure:
        return one
    counted = sorted((value, count) for (_, value), count in evaluator.counted_beside.items())
    values, counts = np.array([each for each, _ in counted]), np.array([count for _, count in counted])
    levels = bracketing.count_levels(evaluator.runs, evaluator.target.share)
    first = bracketing.find_brackets(0, values, counts, levels)
    if first is not None and first.turns > 1:
        return one
    value = None
    if first is not None:
        (narrow,) = bracketing.narrow_brackets([first.value], evaluator.count_beside)
        value = narrow.beyond
    shares = tuple(count / evaluator.runs for _, count in sorted(evaluator.counted_beside.items()))
    requirement = RequirementPoint(value, first is not None and first.is_rising, shares)
    return replace(one, requirement=requirement, tried=evaluator.shares(0))


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


def _solve(evaluator: Evaluator, values: bracketing.Floats, *, certain: bool) -> list[BreakevenPoint]:
    wanted = bracketing.count_levels(evaluator.runs, evaluator.target.share)
    searches = _search(evaluator, values)
    if all(len(search.values) < 2 for search in searches):
        path = evaluator.number.path
        span = f"between {plain_number(values[0])} and {plain_number(values[-1])}"
        raise RunError(f"{path} {span}: {searches[0].failure}")
    found = [
        bracketing.find_brackets(curve, search.values, search.counts, wanted)
        if len(search.values) > 1
        else None
        for curve, search in enumerate(searches)
    ]
    ends = [end for each in found if each is not None for end in (each.value, each.low, each.high) if end]
    narrow = iter(bracketing.narrow_brackets(ends, evaluator.count_or_raise))
    solved = []
    for curve, (search, first) in enumerate(zip(searches, found, strict=True)):
        places_on_axes = zip(evaluator.axes, evaluator.curves[curve], strict=True)
        at = tuple(axis.table_value(place) for axis, place in places_on_axes)
        base = _search_summary(at, search.values, search.counts / evaluator.runs, search.failure)
        one = base if first is None else _with_breakeven(base, first, narrow, certain=certain)
        solved.append(replace(one, tried=evaluator.shares(curve)))
    return solved


class _CurveSearch(NamedTuple):
    """Values of one curve at which no run fails, the runs that hold there, and why runs fail elsewhere."""

    values: bracketing.Floats
    counts: Counts
    failure: str


def _search(evaluator: Evaluator, values: bracketing.Floats) -> list[_CurveSearch]:
    """Count the runs that hold on each curve; on a finer grid where runs fail at most values of the first."""
    searches: dict[int, _CurveSearch] = {}
    grids = dict.fromkeys(range(len(evaluator.curves)), values)
    for _ in range(_MAX_GRIDS):
        places = [(curve, float(value)) for curve, grid in grids.items() for value in grid]
        counts, reasons = evaluator.count_holding(places)
        finer = {}
        for position, (curve, grid) in enumerate(grids.items()):
            first = position * bracketing.GRID_SIZE
            why = [reasons.get(first + place, "") for place in range(len(grid))]
            whole = _longest_valid_range(grid, [bool(reason) for reason in why])
            failure = searches[curve].failure if curve in searches else next(filter(None, why), "")
            searches[curve] = _CurveSearch(grid[whole], counts[first : first + len(grid)][whole], failure)
            if 0 < 2 * (whole.stop - whole.start) < len(grid):
                around = max(whole.start - 1, 0), min(whole.stop, len(grid) - 1)
                finer[curve] = bracketing.search_grid(*(float(grid[place]) for place in around))
        grids = finer
        if not grids:
            break
    return [searches[curve] for curve in range(len(evaluator.curves))]


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
    low = None if first.low is None else bracketing.outer_end(next(narrow), -1)
    high = None if first.high is None else bracketing.outer_end(next(narrow), 1)
    ends = {"low": value, "high": value} if certain else {"low": low, "high": high}
    return replace(base, value=value, **ends, is_rising=first.is_rising, turns=first.turns)


def _check_period(target: Target, scenario: Scenario, seed: int, runs: int) -> None:
    """Raise `ArgumentError` if a period that ends with an event of each run ends after the scenario."""
    if isinstance(target.until, dt.date):
        return
    if problem := target.outside(scenario, target.end_days(scenario, seed, runs)):
        raise ArgumentError([Fault(problem, allowed="a later end in the file, or an earlier date")])


def _check_no_overlap(path: str, axes: Sequence[Axis]) -> None:
    for axis in axes:
        if is_within(axis.path, path) or is_within(path, axis.path):
            raise ArgumentError([Fault(f"{axis.path} is varied, and {path} solved for", allowed="two paths")])
