"""Range checks of drawn and daily numbers: the runs of a block that fail, with reasons as in `sim.model`.

An upper bound on each series is fast and almost always sufficient; otherwise the whole series is evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.sampling import series_by_day
from sim.ensemble.scenario_tables import Floats, Ints, Plan, ScenarioTables, SeriesTables
from sim.scenario.limits import (
    LEAST,
    MOST,
    drawn_too_large,
    drawn_too_small,
    first_reason,
    too_large,
    too_many_occurrences,
)
from sim.units import DAYS_PER_MONTH, LONGEST_DAYS

#: Reasons by place in the block, then by path.
Reasons = dict[int, dict[str, str]]


def clip_draws(plan: Plan, values: Floats) -> Reasons:
    """Clip inputs drawn once a run to their range, and return the runs that fail because of it."""
    reasons: Reasons = {}
    for path, row in plan.drawn.items():
        least = LEAST if row in plan.divisors else -MOST
        numbers = values[row]
        if row in plan.durations:
            np.fmin(numbers, LONGEST_DAYS, out=numbers)
        large, small = ~(numbers <= MOST), numbers < least
        if large.any() or small.any():
            _add(reasons, large, path, drawn_too_large(path))
            _add(reasons, small, path, drawn_too_small(path))
            numbers[large], numbers[small] = MOST, least
    return reasons


def recurrence_failures(plan: Plan, too_often: Mapping[int, NDArray[np.bool_]]) -> Reasons:
    """Return the runs in which an event recurs too often; `too_often` maps events to masks of runs."""
    reasons: Reasons = {}
    for row, failed in too_often.items():
        path = plan.event_paths[row]
        _add(reasons, failed, path, too_many_occurrences(path))
    return reasons


def offer_failures(plan: Plan, beyond: Iterable[tuple[int, Ints]]) -> Reasons:
    """Return the runs in which an offer is out of range; see `supply.run_suppliers`."""
    reasons: Reasons = {}
    for supplier, days in beyond:
        path = plan.series_paths[int(plan.tables.supply.suppliers["offers"][supplier])]
        _add_days(reasons, path, days)
    return reasons


def series_failures(plan: Plan, values: Floats, factors: Floats) -> Reasons:
    """Return the runs in which a daily number other than an offer is out of range."""
    reasons: Reasons = {}
    for series in _suspects(plan, values, factors):
        beyond = ~(series_by_day(plan.tables.courses, series, plan.axes.days, values, factors) <= MOST)
        days = np.where(beyond.any(axis=1), beyond.argmax(axis=1), -1)
        _add_days(reasons, plan.series_paths[series], days)
    return reasons


def are_in_range(plan: Plan, values: Floats, factors: Floats) -> bool:
    """Return whether bounds alone show that all daily numbers are in range."""
    return not any(True for _ in _suspects(plan, values, factors))


def _suspects(plan: Plan, values: Floats, factors: Floats) -> Iterator[int]:
    """Yield the series, other than offers, that may be out of range."""
    offers = set(plan.tables.supply.suppliers["offers"].tolist())
    for series in range(len(plan.tables.courses.series)):
        if series not in offers:
            with np.errstate(all="ignore"):
                small = (_upper_bound(plan.tables, series, values, factors) <= MOST).all()
            if not small:
                yield series


def merge_reasons(*several: Reasons) -> Reasons:
    """Merge the reasons of each run."""
    found: Reasons = {}
    for reasons in several:
        for place, by_path in reasons.items():
            found.setdefault(place, {}).update(by_path)
    return found


def first_reasons(reasons: Reasons) -> dict[int, str]:
    """Return the one reason to report for each run."""
    return {place: first_reason(by_path) for place, by_path in reasons.items()}


def _upper_bound(low: ScenarioTables, series: int, values: Floats, factors: Floats) -> Floats:
    """Return an upper bound of a series over all days, by run."""
    row, days = low.courses.series[series], factors.shape[1]
    bound = values[_points(low.courses, series)].max(axis=0)
    if row["mass"] >= 0:
        bound = bound * (1.0 / values[row["mass"]])
    if row["growth"] >= 0:
        bound = bound * np.maximum(1.0, (1.0 + values[row["growth"]]) ** (days / DAYS_PER_MONTH))
    for factor in (row["factor"], row["own"]):
        if factor >= 0:
            bound = bound * factors[factor].max(axis=0)
    # Margin: the product for a day may be rounded up where that of its bound is not.
    return np.asarray(bound * (1.0 + 1e-12), dtype=np.float64)


def _points(courses: SeriesTables, series: int) -> Ints:
    first, count = courses.series["first"][series], courses.series["count"][series]
    return courses.point_quantity[first : first + count]


def _add(reasons: Reasons, failed: NDArray[np.bool_], path: str, reason: str) -> None:
    for place in np.flatnonzero(failed).tolist():
        reasons.setdefault(place, {})[path] = reason


def _add_days(reasons: Reasons, path: str, days: Ints) -> None:
    for place in np.flatnonzero(days >= 0).tolist():
        reasons.setdefault(place, {})[path] = too_large(path, int(days[place]))
