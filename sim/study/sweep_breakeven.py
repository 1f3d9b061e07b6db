"""Break-even values of a sweep: each of its one or two paths solved at every value of the other.

The grid of the sweep brackets a value; subdivision under the same runs and seed narrows the brackets.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import ArgumentError
from sim.outcomes import EXHAUSTED
from sim.scenario.number_listing import is_uncertain, numbers_by_path
from sim.scenario.scenario import Scenario
from sim.study import bracketing
from sim.study.axis import Axis
from sim.study.breakeven_evaluator import Counts, Evaluator
from sim.study.point_space import SCENARIO
from sim.study.solved_number import find_number
from sim.study.study_definition import Study
from sim.study.target import Target

if TYPE_CHECKING:
    import pandas as pd

#: Shares of runs in which the stock must last.
LEVELS = (0.5, 0.95)
#: Rounds of subdivision: to 1/32,768 of a step of the grid, so that four figures of a value are its own.
ROUNDS = 5
#: Columns of the table of a sweep that the search needs, besides those of the paths.
NEEDED = ("failed", f"{EXHAUSTED}_share")
#: Columns of the break-even table that are not numbers.
TEXT_COLUMNS = frozenset({"path", "unit", "reached", "rises"})


class _Curve(NamedTuple):
    """Counts along the solved path at one value of the other, without the values at which runs failed."""

    values: bracketing.Floats
    counts: Counts


def solved_paths(study: Study) -> list[str]:
    """Return the paths that a sweep solves for: those of a grid over one or two numbers of one scenario."""
    space = study.space
    if not space.is_grid or SCENARIO in space.paths or not 1 <= len(space.paths) <= 2:
        return []
    entry = space.scenarios[0]
    if not all(axis.is_numeric for axis in entry.axes):
        return []
    return [
        axis.path
        for axis in entry.axes
        if len(set(axis.numbers)) > 1 and _has_value(entry.scenario, axis.path)
    ]


def _has_value(scenario: Scenario, path: str) -> bool:
    try:
        find_number(scenario, path)
    except ArgumentError:
        return False
    return True


def solve_sweep(study: Study, table: pd.DataFrame, jobs: int | None = None) -> pd.DataFrame | None:
    """Return the break-even values of a sweep, or None if there is no path to solve for.

    Parameters
    ----------
    study : Study
    table : DataFrame
        Columns of the paths and `NEEDED`.
    jobs : int, optional

    Returns
    -------
    DataFrame
        Columns of ``breakeven.csv``, one for each path among them: the solved path has the break-even value.
        ``holds`` is the share of runs in which the stock must last to the end; ``rises`` whether it
        does so above the value. The other path has the values of the grid, and that of the scenario if it
        is between them.
    """
    import pandas as pd

    rows = [row for path in solved_paths(study) for row in _solve_path(study, table, path, jobs)]
    if not rows:
        return None
    numbers = [*study.space.paths, "holds", "value", "low", "high"]
    return pd.DataFrame(rows).astype(dict.fromkeys(numbers, "float64"))


def _solve_path(study: Study, table: pd.DataFrame, path: str, jobs: int | None) -> Iterator[dict[str, Any]]:
    scenario, axes = study.space.scenarios[0].scenario, study.space.scenarios[0].axes
    other = next((axis for axis in axes if axis.path != path), None)
    values = [] if other is None else _other_values(scenario, other)
    beside = [] if other is None else [Axis(other.path, tuple(values), tuple(values))]
    places: list[tuple[int, ...]] = [()] if other is None else [(place,) for place in range(len(values))]
    number = find_number(scenario, path)
    target = Target(EXHAUSTED, scenario.end, LEVELS[0])
    evaluator = Evaluator(number, beside, places, target, study.runs, study.seed, jobs)
    curves = []
    for place in range(len(places)):
        rows = table if other is None else table[table[other.path] == values[place]]
        curves.append(_counted(rows, path, study.runs) if len(rows) else _count(study, evaluator, place))
    for level in LEVELS:
        found = _solve_level(evaluator, curves, level, certain=not is_uncertain(scenario))
        for place, figures in enumerate(found):
            at = {} if other is None else {other.path: values[place]}
            where = {each.path: at.get(each.path, figures["value"]) for each in axes}
            yield {"path": path, "unit": number.unit, **where, "holds": level, **figures}


def _other_values(scenario: Scenario, axis: Axis) -> list[float]:
    values = set(axis.numbers)
    listed = numbers_by_path(scenario).get(axis.path)
    own = min(values) if listed is None else float(listed.quantity.value)
    # A value of the grid may differ from the same number in the file by rounding.
    if min(values) <= own <= max(values) and not any(math.isclose(own, value) for value in values):
        values.add(own)
    return sorted(values)


def _counted(rows: pd.DataFrame, path: str, runs: int) -> _Curve:
    """Return the counts of the runs whose stock lasts, from rows of the table."""
    ordered = rows.sort_values(path).drop_duplicates(path)
    valid = ordered[ordered["failed"] == 0]
    lasting = np.rint((1.0 - valid[NEEDED[1]].to_numpy(dtype=np.float64)) * runs).astype(np.int64)
    return _Curve(valid[path].to_numpy(dtype=np.float64), lasting)


def _count(study: Study, evaluator: Evaluator, place: int) -> _Curve:
    """Return the counts of the runs whose stock lasts, at a value of the other path that the sweep lacks."""
    axes = {axis.path: axis for axis in study.space.scenarios[0].axes}
    values = np.array(sorted(set(axes[evaluator.number.path].numbers)))
    counts, reasons = evaluator.count_holding([(place, float(value)) for value in values])
    kept = [at for at in range(len(values)) if at not in reasons]
    return _Curve(values[kept], counts[kept])


def _solve_level(
    evaluator: Evaluator, curves: Sequence[_Curve], level: float, *, certain: bool
) -> Iterator[dict[str, Any]]:
    """Yield value, interval and whether it is reached, for each curve."""
    levels = bracketing.count_levels(evaluator.runs, level)
    found = [
        bracketing.find_brackets(place, *curve, levels) if len(curve.values) > 1 else None
        for place, curve in enumerate(curves)
    ]
    ends = [end for each in found if each is not None for end in (each.value, each.low, each.high) if end]
    failed: set[int] = set()

    def count(points: Sequence[bracketing.GridPoint]) -> Counts:
        counts, reasons = evaluator.count_holding(points)
        failed.update(points[place][0] for place in reasons)
        return counts

    narrow = iter(bracketing.narrow_brackets(ends, count, ROUNDS))
    for place, each in enumerate(found):
        figures: dict[str, Any] = {
            "value": math.nan,
            "low": math.nan,
            "high": math.nan,
            "reached": False,
            "rises": None,
        }
        if each is not None:
            value = next(narrow).beyond
            low = math.nan if each.low is None else bracketing.outer_end(next(narrow), -1)
            high = math.nan if each.high is None else bracketing.outer_end(next(narrow), 1)
            low, high = (value, value) if certain else (low, high)
            if place not in failed and each.turns <= 1:
                figures = {"value": value, "low": low, "high": high, "reached": True, "rises": each.is_rising}
        yield figures
