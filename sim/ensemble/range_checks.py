"""Numbers of a block of runs that are out of range: which runs fail, and why, in the words of the model.

A bound on each series is quick and almost always enough; only where it is not is the series worked out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.sampling import series_by_day
from sim.ensemble.scenario_tables import Plan, ScenarioTables, SeriesTables
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

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
#: Reasons by place in the block, then by path.
Reasons = dict[int, dict[str, str]]


def cut_draws(plan: Plan, values: Floats) -> Reasons:
    """Cut what is drawn once a run to its range, and return the runs that this fails."""
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


def too_often(plan: Plan, happenings: Mapping[int, NDArray[np.bool_]]) -> Reasons:
    """Return the runs in which something recurs too often; `happenings` says in which runs each does."""
    reasons: Reasons = {}
    for row, failed in happenings.items():
        path = plan.happening_paths[row]
        _add(reasons, failed, path, too_many_occurrences(path))
    return reasons


def of_offers(plan: Plan, beyond: Iterable[tuple[int, Ints]]) -> Reasons:
    """Return the runs in which an offer is out of range; see `supply.arrive`."""
    reasons: Reasons = {}
    for supplier, days in beyond:
        path = plan.series_paths[int(plan.tables.supply.suppliers["offers"][supplier])]
        _add_days(reasons, path, days)
    return reasons


def of_series(plan: Plan, values: Floats, factors: Floats) -> Reasons:
    """Return the runs in which a number a day is out of range, offers apart."""
    reasons: Reasons = {}
    for series in _suspects(plan, values, factors):
        beyond = ~(series_by_day(plan.tables.courses, series, plan.axes.days, values, factors) <= MOST)
        days = np.where(beyond.any(axis=1), beyond.argmax(axis=1), -1)
        _add_days(reasons, plan.series_paths[series], days)
    return reasons


def are_small(plan: Plan, values: Floats, factors: Floats) -> bool:
    """Return whether bounds alone show that no number a day is out of range."""
    return not any(True for _ in _suspects(plan, values, factors))


def _suspects(plan: Plan, values: Floats, factors: Floats) -> Iterator[int]:
    """Yield the series that may be out of range, those of offers apart."""
    offers = set(plan.tables.supply.suppliers["offers"].tolist())
    for series in range(len(plan.tables.courses.series)):
        if series not in offers:
            with np.errstate(all="ignore"):
                small = (_bound(plan.tables, series, values, factors) <= MOST).all()
            if not small:
                yield series


def together(*several: Reasons) -> Reasons:
    """Return all reasons of each run."""
    found: Reasons = {}
    for reasons in several:
        for place, by_path in reasons.items():
            found.setdefault(place, {}).update(by_path)
    return found


def reported(reasons: Reasons) -> dict[int, str]:
    """Return the reason that is reported of each run."""
    return {place: first_reason(by_path) for place, by_path in reasons.items()}


def _bound(low: ScenarioTables, series: int, values: Floats, factors: Floats) -> Floats:
    """Return a number that no day of a series exceeds, by run."""
    row, days = low.courses.series[series], factors.shape[1]
    bound = values[_points(low.courses, series)].max(axis=0)
    if row["mass"] >= 0:
        bound = bound * (1.0 / values[row["mass"]])
    if row["growth"] >= 0:
        bound = bound * np.maximum(1.0, (1.0 + values[row["growth"]]) ** (days / DAYS_PER_MONTH))
    for factor in (row["factor"], row["own"]):
        if factor >= 0:
            bound = bound * factors[factor].max(axis=0)
    # Of the product a day may round up where its bound does not.
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
