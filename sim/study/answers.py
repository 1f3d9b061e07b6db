"""What every question asks of the engine: the outcomes of some points, run by run, under the same draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import simulate
from sim.scenario.scenario import Scenario
from sim.study.points import Axis

if TYPE_CHECKING:
    from sim.ensemble.lowered import Plan

Floats = NDArray[np.float64]
#: A point: the place of its value on each axis.
Point = tuple[int, ...]

#: Points that share one set of draws: enough to make the draws cheap, few enough for memory.
POINTS_AT_A_TIME = 400


class Answer(NamedTuple):
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
    """

    places: Sequence[int]
    names: tuple[str, ...]
    values: Floats
    reasons: Mapping[int, str]


def answers(
    scenario: Scenario,
    axes: Sequence[Axis],
    points: Sequence[Point],
    *,
    runs: int,
    seed: int,
    jobs: int | None,
) -> Iterator[Answer]:
    """Yield the outcomes of points, some hundreds at a time; points that share a scenario come together.

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

    Raises
    ------
    ScenarioError
        A value does not go with the rest of the scenario.
    RunError
        The scenario rations by a rule of your own, which the compiled engine does not follow.
    """
    for plan, members in _plans(scenario, axes, points):
        names = simulate.outcome_names(plan)
        for first in range(0, len(members), POINTS_AT_A_TIME):
            places = members[first : first + POINTS_AT_A_TIME]
            values, why = _worked(plan, axes, [points[place] for place in places], runs, seed, jobs)
            yield Answer(places, names, values, {places[k]: reason for k, reason in why.items()})


def _plans(
    scenario: Scenario, axes: Sequence[Axis], points: Sequence[Point]
) -> Iterator[tuple[Plan, list[int]]]:
    """Yield a lowered scenario for each set of values that has to be put into it, and its points."""
    slow = [position for position, axis in enumerate(axes) if not axis.quick]
    groups: dict[Point, list[int]] = {}
    for place, point in enumerate(points):
        groups.setdefault(tuple(point[position] for position in slow), []).append(place)
    for chosen, members in groups.items():
        changes = {
            axes[position].path: axes[position].values[value]
            for position, value in zip(slow, chosen, strict=True)
        }
        yield simulate.lowered(scenario.replace(changes) if changes else scenario), members


def _worked(
    plan: Plan, axes: Sequence[Axis], points: Sequence[Point], runs: int, seed: int, jobs: int | None
) -> tuple[Floats, dict[int, str]]:
    """Return the outcomes of some points, shape (outcomes, points, runs), and why some failed."""
    quick = [position for position, axis in enumerate(axes) if axis.quick]
    rows = [plan.rows[axes[position].path] for position in quick]
    cells = np.array([[axes[position].numbers[point[position]] for position in quick] for point in points])
    return simulate.cell_outcomes(plan, seed, rows, cells.reshape(len(points), len(quick)), runs, jobs)
