"""What every question asks of the engine: the outcomes of some points, run by run, under the same draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import simulate
from sim.errors import Fault, ScenarioError, escape_control_characters
from sim.scenario.number_listing import list_numbers
from sim.scenario.scenario import Scenario
from sim.study.axis import Axis, conflicts

if TYPE_CHECKING:
    from sim.ensemble.scenario_tables import Plan

Floats = NDArray[np.float64]
#: A point: the place of its value on each axis.
Point = tuple[int, ...]

#: Points that share one set of draws: enough to make the draws cheap, few enough for memory.
POINTS_PER_BATCH = 400


class PointOutcomes(NamedTuple):
    """The outcomes of some of the points.

    Attributes
    ----------
    places : sequence of int
        Which of the points these are.
    names : tuple of str
        The outcomes, in the order of the values.
    values : array, shape (outcomes, places, runs)
        Days from the start are infinite where never; everything is nan where a run failed.
    reasons : mapping of int to str
        Why runs of a point failed, by its place.
    start, end : datetime.date
        First day of the scenario of the points, and the day after its last.
    """

    points: Sequence[int]
    names: tuple[str, ...]
    values: Floats
    reasons: Mapping[int, str]
    start: dt.date
    end: dt.date


def evaluate(
    scenario: Scenario,
    axes: Sequence[Axis],
    points: Sequence[Point],
    *,
    runs: int,
    seed: int,
    jobs: int | None,
    engine: str = "auto",
) -> Iterator[PointOutcomes]:
    """Yield the outcomes of points, some hundreds at a time; points that share a scenario come together.

    A point whose values do not fit each other has no outcomes: its runs fail, for the reason that the same
    scenario file would be refused.

    Parameters
    ----------
    scenario : Scenario
    axes : sequence of Axis
        As `points.axes_of` reads them.
    points : sequence of tuple of int
    runs : int
        Runs 0 to `runs` - 1 at every point.
    seed : int
    jobs : int, optional
        Threads; by default all cores.
    engine : str
        As for `simulate.run`.

    Raises
    ------
    RunError
        The scenario rations by a rule of your own, which the compiled engine does not follow.
    """
    for changes, members in _alike(axes, points):
        prepared, refused = _prepared(scenario, changes, axes, points, members)
        if refused:
            yield _without_outcomes(scenario, refused, runs)
        if prepared is None:
            continue
        changed, plan = prepared
        whole = [place for place in members if place not in refused]
        for first in range(0, len(whole), POINTS_PER_BATCH):
            places = whole[first : first + POINTS_PER_BATCH]
            cells = _cells(changed, plan, axes, [points[place] for place in places])
            values, why = simulate.cell_outcomes(cells, seed, runs, jobs, engine)
            reasons = {places[k]: reason for k, reason in why.items()}
            yield _answer(plan, places, values, reasons)


def _alike(axes: Sequence[Axis], points: Sequence[Point]) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """Yield each set of values that have to be put into the scenario, by path, and its points."""
    slow = [position for position, axis in enumerate(axes) if not axis.is_numeric]
    groups: dict[Point, list[int]] = {}
    for place, point in enumerate(points):
        groups.setdefault(tuple(point[position] for position in slow), []).append(place)
    for chosen, members in groups.items():
        values = zip(slow, chosen, strict=True)
        yield {axes[position].path: axes[position].values[value] for position, value in values}, members


def _prepared(
    scenario: Scenario,
    changes: Mapping[str, Any],
    axes: Sequence[Axis],
    points: Sequence[Point],
    members: Sequence[int],
) -> tuple[tuple[Scenario, Plan] | None, dict[int, str]]:
    """Return the scenario of some points, also lowered, and why some of them have no outcomes.

    Parameters
    ----------
    scenario : Scenario
    changes : mapping of str to object
        Values that the points share and that have to be put into the scenario.
    axes : sequence of Axis
    points : sequence of tuple of int
    members : sequence of int
        Which of the points these are.
    """
    try:
        changed = scenario.replace(changes) if changes else scenario
    except ScenarioError as error:
        return None, dict.fromkeys(members, _reason(error.faults))
    plan = simulate.lower_scenario(changed)
    quick = [position for position, axis in enumerate(axes) if axis.is_numeric]
    gone = _gone(changed, [path for axis in axes if axis.is_numeric and (path := axis.path) not in plan.rows])
    if gone:
        return None, dict.fromkeys(members, _reason(gone))
    refused: dict[int, str] = {}
    for position in quick:
        used = {points[member][position] for member in members}
        why = {place: faults for place in used if (faults := conflicts(changed, axes[position], place))}
        for member in members if why else ():
            if points[member][position] in why:
                refused.setdefault(member, _reason(why[points[member][position]]))
    return (changed, plan), refused


def _gone(scenario: Scenario, paths: Sequence[str]) -> list[Fault]:
    """Return which of some paths, which are not lowered, another value of the point has taken away.

    The others are there, and no outcome depends on them: tonnes a round where nothing is in tonnes.
    """
    there = {each.quantity.path for each in list_numbers(scenario)} if paths else set()
    problem = "there is no such number in the scenario of this point"
    return [Fault(problem, path=path) for path in paths if path not in there]


def _reason(faults: Sequence[Fault]) -> str:
    """Return what a scenario file would be refused for, without the place: no file has these values."""
    return escape_control_characters(str(replace(faults[0], where=None)))


def _without_outcomes(scenario: Scenario, refused: dict[int, str], runs: int) -> PointOutcomes:
    plan = simulate.lower_scenario(scenario)
    shape = (len(simulate.outcome_names(plan)), len(refused), runs)
    return _answer(plan, tuple(refused), np.full(shape, np.nan), refused)


def _answer(plan: Plan, places: Sequence[int], values: Floats, reasons: Mapping[int, str]) -> PointOutcomes:
    axes = plan.axes
    return PointOutcomes(
        places, simulate.outcome_names(plan), values, reasons, axes.start, axes.date(axes.days)
    )


def _cells(scenario: Scenario, plan: Plan, axes: Sequence[Axis], points: Sequence[Point]) -> simulate.Cells:
    """Return some points as cells of the numbers that a lowered scenario takes as they are."""
    quick = [position for position, axis in enumerate(axes) if axis.is_numeric]
    values = np.array([[axes[position].numbers[point[position]] for position in quick] for point in points])
    paths = tuple(axes[position].path for position in quick)
    return simulate.Cells(scenario, plan, paths, values.reshape(len(points), len(quick)))
