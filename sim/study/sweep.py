"""A sweep: outcomes over a grid of values, every point under the same draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim import simulate
from sim.scenario.scenario import Scenario
from sim.simulate import Given, Progress
from sim.study.points import Axis, axes_of, check_paths
from sim.study.swept import Sweep, figures, table_of

if TYPE_CHECKING:
    from sim.ensemble.lowered import Plan

Floats = NDArray[np.float64]
Point = tuple[int, ...]

RUNS = 200
#: Points that share one set of draws: enough to make the draws cheap, few enough for memory.
POINTS_AT_A_TIME = 400


def sweep(
    scenario: Given,
    vary: Mapping[str, Sequence[Any]],
    *,
    runs: int = RUNS,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Run a scenario over a grid of values, with the same draws at every point.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
        As for `sim.run`.
    vary : mapping of str to sequence
        Values by path. Text is read as in a scenario file (``"2.5M/year"``); plain numbers are in base
        units: shells, shells a day, days, shares. What is no number (a rule, vehicles, a date) is varied
        as well, as `Scenario.replace` would.
    runs : int
        Replications at each point; run k has the same draws at all of them.
    seed, jobs, progress
        As for `sim.run`.

    Returns
    -------
    Sweep
        Its `table` has a row for each point, the last path running fastest.

    Raises
    ------
    ScenarioError
        The scenario is not valid, or a value does not go with the rest of it.
    ArgumentError
        A path or value is not valid, or `runs`, `seed` or `jobs` is out of its range.
    RunError
        The scenario rations by a rule of your own, which the compiled engine does not follow.
    """
    checked = simulate.scenario_of(scenario)
    simulate.check_arguments(runs, seed, "compiled", jobs)
    axes = axes_of(checked, vary)
    check_paths(checked, axes)
    points = list(product(*(range(len(axis.values)) for axis in axes)))
    names: tuple[str, ...] = ()
    parts, order, failed, reasons = [], [], [], []
    for plan, members in _plans(checked, axes, points):
        names = simulate.outcome_names(plan)
        for first in range(0, len(members), POINTS_AT_A_TIME):
            chunk = members[first : first + POINTS_AT_A_TIME]
            outcomes, why = _worked(plan, axes, [points[place] for place in chunk], runs, seed, jobs)
            parts.append(figures(names, outcomes))
            order += chunk
            failed += np.isnan(outcomes).any(axis=0).sum(axis=1).tolist()
            reasons += [why.get(place, "") for place in range(len(chunk))]
            if progress is not None:
                progress(len(order) * runs, len(points) * runs)
    back = np.argsort(order)
    columns: dict[str, Any] = {"point": np.arange(len(points))}
    for position, axis in enumerate(axes):
        columns[axis.path] = [axis.shown(point[position]) for point in points]
    columns["runs"] = runs
    columns["failed"] = np.array(failed, dtype=np.int64)[back]
    columns["reason"] = [reasons[place] for place in back]
    paths = tuple(axis.path for axis in axes)
    return Sweep(checked.title, paths, names, runs, seed, table_of(columns, parts, order))


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
