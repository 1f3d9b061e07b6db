"""A sweep: outcomes over a grid of values, every point under the same draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from sim import simulate
from sim.simulate import Given, Progress
from sim.study.answers import answers
from sim.study.points import axes_of, check_paths
from sim.study.swept import Sweep, figures, table_of

RUNS = 200


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
    parts, failed, reasons = [], [], []
    order: list[int] = []
    for answer in answers(checked, axes, points, runs=runs, seed=seed, jobs=jobs):
        names = answer.names
        parts.append(figures(names, answer.values))
        order += answer.places
        failed += np.isnan(answer.values).any(axis=0).sum(axis=1).tolist()
        reasons += [answer.reasons.get(place, "") for place in answer.places]
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
