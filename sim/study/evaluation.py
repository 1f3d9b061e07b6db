"""Outcomes at many points, run by run, under common random numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import simulate
from sim.errors import Fault, ScenarioError, escape_control_characters
from sim.scenario.number_listing import numbers_by_path
from sim.scenario.scenario import Scenario
from sim.study.axis import Axis, conflicts, order_conflicts

if TYPE_CHECKING:
    from sim.ensemble.scenario_tables import Plan

Floats = NDArray[np.float64]
#: A point: the index of its value on each axis.
Point = tuple[int, ...]

#: Points that share one set of draws: more amortizes the draws, fewer saves memory.
POINTS_PER_BATCH = 400


class PointOutcomes(NamedTuple):
    """Outcomes of a batch of points."""

    #: Indices of the points.
    points: Sequence[int]
    #: Outcomes, in the order of the values.
    names: tuple[str, ...]
    #: Shape (outcomes, points, runs). Days from the start are infinite if not reached; all outcomes of a
    #: failed run are nan.
    values: Floats
    #: Reason of failed runs, by index of the point.
    reasons: Mapping[int, str]
    #: The scenario of the points, without the values of numeric axes.
    scenario: Scenario


def evaluate(
    scenario: Scenario,
    axes: Sequence[Axis],
    points: Sequence[Point],
    *,
    runs: int,
    seed: int,
    jobs: int | None,
    engine: str = "auto",
    since: dt.date | None = None,
    are_draws: bool = False,
) -> Iterator[PointOutcomes]:
    """Yield the outcomes of points in batches, grouped by scenario, for runs 0 to `runs` - 1 at every point.

    If the values of a point conflict, its runs fail with the error that a scenario file would raise. `jobs`
    is the number of threads, by default all cores; `engine` is as for `simulate.run`. First days of events
    count from `since` on, by default from the start. Values that `are_draws` of the inputs may cross as in a
    run, where a drawn order-up-to level below the reorder point is no error.

    Raise `RunError` if the scenario uses a rationing rule in Python, which the compiled engine does not
    support.
    """
    for changes, members in _group_by_changes(axes, points):
        group, failures = _prepare_group(scenario, changes, axes, points, members)
        if group is not None and not are_draws:
            failures = _crossed_levels(group[0], axes, points, members) | failures
        if failures:
            yield _failed_outcomes(scenario, failures, runs)
        if group is None:
            continue
        changed, lowered = group
        plan = _count_from(lowered, since)
        valid = [place for place in members if place not in failures]
        for first in range(0, len(valid), POINTS_PER_BATCH):
            places = valid[first : first + POINTS_PER_BATCH]
            cells = _make_cells(changed, plan, axes, [points[place] for place in places])
            values, why = simulate.cell_outcomes(cells, seed, runs, jobs, engine)
            reasons = {places[k]: reason for k, reason in why.items()}
            yield PointOutcomes(places, simulate.outcome_names(plan), values, reasons, changed)


def _count_from(plan: Plan, since: dt.date | None) -> Plan:
    """Return a plan in which first days of events count from a date on."""
    day = 0 if since is None else max(0, (since - plan.axes.start).days)
    return replace(plan, axes=replace(plan.axes, counted_from=day)) if day else plan


def _group_by_changes(
    axes: Sequence[Axis], points: Sequence[Point]
) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """Yield each combination of the values that require a scenario of their own, with its points."""
    scenario_axes = [position for position, axis in enumerate(axes) if not axis.is_numeric]
    groups: dict[Point, list[int]] = {}
    for place, point in enumerate(points):
        groups.setdefault(tuple(point[position] for position in scenario_axes), []).append(place)
    for chosen, members in groups.items():
        values = zip(scenario_axes, chosen, strict=True)
        yield {axes[position].path: axes[position].values[value] for position, value in values}, members


def _prepare_group(
    scenario: Scenario,
    changes: Mapping[str, Any],
    axes: Sequence[Axis],
    points: Sequence[Point],
    members: Sequence[int],
) -> tuple[tuple[Scenario, Plan] | None, dict[int, str]]:
    """Return the scenario of a group of points with its lowering, and the reasons of points that fail.

    The group is `members` of `points`; `changes` are the values, common to it, that are set in the scenario.
    """
    try:
        changed = scenario.replace(changes) if changes else scenario
    except ScenarioError as error:
        return None, dict.fromkeys(members, _reason(error.faults))
    plan = simulate.lower_scenario(changed)
    numeric = [position for position, axis in enumerate(axes) if axis.is_numeric]
    unlowered = [axis.path for axis in axes if axis.is_numeric and axis.path not in plan.rows]
    faults = _missing_paths(changed, unlowered)
    if faults:
        return None, dict.fromkeys(members, _reason(faults))
    failures: dict[int, str] = {}
    for position in numeric:
        used = {points[member][position] for member in members}
        why = {place: faults for place in used if (faults := conflicts(changed, axes[position], place))}
        for member in members if why else ():
            if points[member][position] in why:
                failures.setdefault(member, _reason(why[points[member][position]]))
    return (changed, plan), failures


def _crossed_levels(
    scenario: Scenario, axes: Sequence[Axis], points: Sequence[Point], members: Sequence[int]
) -> dict[int, str]:
    """Return the reasons of points whose order-up-to level is below the reorder point."""
    if not any(axis.path.startswith("orders.") for axis in axes):
        return {}
    found = {place: order_conflicts(scenario, axes, points[place]) for place in members}
    return {place: _reason(faults) for place, faults in found.items() if faults}


def _missing_paths(scenario: Scenario, paths: Sequence[str]) -> list[Fault]:
    """Return a fault for each unlowered path that is not in the scenario of this point.

    Others exist but affect no outcome, such as the mass of a round if no quantity is in tonnes.
    """
    known = numbers_by_path(scenario) if paths else {}
    problem = "there is no such number in the scenario of this point"
    return [Fault(problem, path=path) for path in paths if path not in known]


def _reason(faults: Sequence[Fault]) -> str:
    """Return the text of the first fault without its file position: no file has these values."""
    return escape_control_characters(str(replace(faults[0], where=None)))


def _failed_outcomes(scenario: Scenario, failures: dict[int, str], runs: int) -> PointOutcomes:
    plan = simulate.lower_scenario(scenario)
    shape = (len(simulate.outcome_names(plan)), len(failures), runs)
    names = simulate.outcome_names(plan)
    return PointOutcomes(tuple(failures), names, np.full(shape, np.nan), failures, scenario)


def _make_cells(
    scenario: Scenario, plan: Plan, axes: Sequence[Axis], points: Sequence[Point]
) -> simulate.Cells:
    """Return points as cells: the values of the numeric axes in base units."""
    numeric = [position for position, axis in enumerate(axes) if axis.is_numeric]
    values = np.array([[axes[position].numbers[point[position]] for position in numeric] for point in points])
    paths = tuple(axes[position].path for position in numeric)
    return simulate.Cells(scenario, plan, paths, values.reshape(len(points), len(numeric)))
