"""Frontier of a sweep: the points that no other point beats in both cost and service.

It says nothing of what is between the points: only points that were run count.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from sim.account import COST
from sim.findings.finding import Finding, Value
from sim.findings.sweep_figures import (
    SweepTables,
    VariedPath,
    counted_noun,
    lasting_shares,
    outcome_in_words,
    point_values,
    scope_of,
    varied_paths,
)
from sim.findings.sweep_findings import NO_POINT_TEXT, clause
from sim.findings.wording import counted_text
from sim.formatting import capitalised, integer, service_percent
from sim.outcomes import MET, REQUIRED, UNMET, OutcomeKind, outcome_named, split_consumer
from sim.results.intervals import half_width, share_interval

FRONTIER = "sweep_frontier"
#: Cost and service by default.
DEFAULT_COST, DEFAULT_SERVICE = COST, MET
_SOURCES = ("sweep.csv",)
#: Significant digits to which two points are compared.
_DIGITS = 9


class Estimate(NamedTuple):
    """A mean or share over the runs of a point, with its 90 % interval; of one run, its value alone."""

    value: float
    low: float
    high: float


class FrontierPoint(NamedTuple):
    """A point of the sweep among the others.

    Attributes
    ----------
    at : tuple of float or str
        Its values by path.
    cost, service : Estimate
        Mean cost and service level.
    is_best : bool
        No other point beats it.
    is_unclear : bool
        Other points beat it, but the intervals of both overlap, in cost and in service.
    """

    at: tuple[float | str, ...]
    cost: Estimate
    service: Estimate
    is_best: bool
    is_unclear: bool


def frontier_points(tables: SweepTables, cost: str, service: str) -> list[FrontierPoint]:
    """Return the points without failed runs, by rising cost.

    Parameters
    ----------
    tables : SweepTables
    cost : str
        Outcome that is to be low: its mean.
    service : str
        What is to be high: ``met`` (of all that is required in all runs, the part that is met), ``met.NAME``
        (its mean), or a date (share of runs in which it holds).
    """
    every = zip(*(point_values(tables, varied) for varied in varied_paths(tables)), strict=True)
    costs, levels = _means(tables, cost), service_levels(tables, service)
    failed = [bool(bad) for bad in tables.table["failed"]]
    rows = [
        (at, paid, level)
        for at, paid, level, bad in zip(every, costs, levels, failed, strict=True)
        if not (bad or math.isnan(paid.value) or math.isnan(level.value))
    ]
    known = [(_rounded(paid.value), _rounded(level.value)) for _, paid, level in rows]
    found = []
    for (at, paid, level), own in zip(rows, known, strict=True):
        better = [row for row, other in zip(rows, known, strict=True) if _beats(other, own)]
        overlap = all(_overlap(other, paid) and _overlap(above, level) for _, other, above in better)
        found.append(FrontierPoint(at, paid, level, not better, bool(better) and overlap))
    # Points that are equal but for rounding stay in the order of the sweep.
    return sorted(found, key=lambda point: (_rounded(point.cost.value), -_rounded(point.service.value)))


def service_levels(tables: SweepTables, service: str) -> list[Estimate]:
    """Return the service level of each point: see `frontier_points`.

    The interval of ``met`` is that of the unmet part and of the requirement together, as if both erred in the
    same direction: at least as wide as one of their ratio.
    """
    if outcome_named(service).is_date:
        shares = lasting_shares(tables, service)
        return [Estimate(share, *_share_interval(share, tables.runs)) for share in shares]
    if service != MET:
        return _means(tables, service)
    return [
        _met(short, need) for short, need in zip(_means(tables, UNMET), _means(tables, REQUIRED), strict=True)
    ]


def _met(short: Estimate, need: Estimate) -> Estimate:
    """Return the met part of a requirement; 1 of none."""
    if not need.value:
        return Estimate(1.0, 1.0, 1.0)
    part = short.value / need.value
    half = (short.high - short.value + part * (need.high - need.value)) / need.value
    return Estimate(1.0 - part, max(0.0, 1.0 - part - half), min(1.0, 1.0 - part + half))


def _share_interval(share: float, runs: int) -> tuple[float, float]:
    if math.isnan(share) or runs == 1:
        return share, share
    return share_interval(round(share * runs), runs)


def _means(tables: SweepTables, name: str) -> list[Estimate]:
    means, errors = _column(tables, f"{name}_mean"), _column(tables, f"{name}_se")
    if tables.runs == 1:
        return [Estimate(mean, mean, mean) for mean in means]
    halves = [half_width(error, tables.runs) for error in errors]
    return [Estimate(mean, mean - half, mean + half) for mean, half in zip(means, halves, strict=True)]


def frontier_finding(tables: SweepTables, cost: str, service: str) -> Finding:
    """Return the headline: the cheapest and the best point of the frontier, and how many are dominated."""
    points = frontier_points(tables, cost, service)
    best = [point for point in points if point.is_best]
    scope = scope_of(tables)
    if not best:
        return Finding(FRONTIER, scope, {}, NO_POINT_TEXT, _SOURCES)
    varied = varied_paths(tables)
    alike = _rounded(best[0].service.value) == _rounded(best[-1].service.value)
    ends = best[:1] if alike else [best[0], best[-1]]
    texts = [
        f"{_service_text(tables, service, point.service.value, is_first=place == 0)} for "
        f"{cost_text(tables, cost, point.cost.value)} with {values_text(varied, point.at)}"
        for place, point in enumerate(ends)
    ]
    names = " and ".join(each.name for each in varied)
    text = f"{', '.join(texts)} ({names}); {_dominated(tables, points)}"
    values: dict[str, Value] = {"cost_outcome": cost, "service": service, "points": len(points)}
    for which, point in zip(("first", "last"), ends, strict=False):
        values |= {f"{which}_cost": point.cost.value, f"{which}_service": point.service.value}
    values |= {"dominated": len(points) - len(best), "unclear": sum(each.is_unclear for each in points)}
    return Finding(FRONTIER, scope, values, capitalised(text), _SOURCES)


def cost_text(tables: SweepTables, cost: str, value: float) -> str:
    """Return a cost with its unit: ``22M EUR``."""
    return counted_text(outcome_named(cost), value, counted_noun(tables), tables.names.currency)


def values_text(varied: Sequence[VariedPath], at: Sequence[float | str]) -> str:
    """Return the values of a point with their units: ``12k shells and 20M EUR a year``."""
    return " and ".join(path.text(value) for path, value in zip(varied, at, strict=True))


def service_noun(tables: SweepTables, service: str) -> str:
    """Return what a service level is a share of: ``Share of the requirement that is met``."""
    measure = outcome_in_words(service, tables.names)
    if measure.is_date:
        return f"Share of runs in which {clause(tables, service)}"
    return "Share of the requirement that is met" if service == MET else measure.heading


def is_service(service: str) -> bool:
    """Return whether an outcome is a service level: a share of the requirement, or a date."""
    return split_consumer(service)[0] == MET or outcome_named(service).is_date


def is_cost(cost: str) -> bool:
    """Return whether an outcome can be a cost: money, a number or a rate."""
    return not outcome_named(cost).is_date and outcome_named(cost).kind is not OutcomeKind.SHARE


def _service_text(tables: SweepTables, service: str, level: float, *, is_first: bool) -> str:
    text = service_percent(_rounded(level))
    if outcome_named(service).is_date:
        held = clause(tables, service)
        return f"{held} in {text} of the runs" if is_first else f"in {text}"
    consumer = split_consumer(service)[1]
    of = f" of {tables.names.consumer(consumer)}" if consumer else ""
    return f"{text} of the requirement{of} is met" if is_first else text


def _dominated(tables: SweepTables, points: Sequence[FrontierPoint]) -> str:
    ran = " that could be run" if (tables.table["failed"] > 0).any() else ""
    rest, unclear = sum(not each.is_best for each in points), sum(each.is_unclear for each in points)
    if not rest:
        return f"no point{ran} is dominated"
    noun = "point" if len(points) == 1 else "points"
    how_many = "" if rest == 1 else "all " if unclear == rest else f"{integer(unclear)} "
    doubt = f", {how_many}with overlapping intervals" if unclear else ""
    verb = "is" if rest == 1 else "are"
    return f"{integer(rest)} of {integer(len(points))} {noun}{ran} {verb} dominated{doubt}"


def _column(tables: SweepTables, name: str) -> list[float]:
    return [float(value) for value in tables.table[name]]


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _beats(other: tuple[float, float], own: tuple[float, float]) -> bool:
    """Return whether a point costs no more and meets no less than another, and differs in one of the two."""
    return other[0] <= own[0] and other[1] >= own[1] and other != own


def _overlap(one: Estimate, other: Estimate) -> bool:
    return one.low <= other.high and other.low <= one.high
