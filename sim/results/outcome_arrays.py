"""Outcomes as arrays with one number a run, for one pair of depot and munition or over all pairs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.account import ENOUGH, REACHES, Axes, Kind
from sim.outcomes import CLOSING_STOCK, is_date, with_formulas
from sim.results.block import Block, RunSums
from sim.results.run_sums import sum_in_order

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class RunOutcomes:
    """The outcomes of n runs.

    Attributes
    ----------
    counters : mapping of str to array, shape (n,)
        Those of a `Block`: days count from 0 and are infinite where censored (rules 30 and 31).
    met : array, shape (n,)
        Sustained fire as a share of the requirement, nan where none was required.
    opening, closing : array, shape (n,)
        Shells in stock before day 0, and at the close of the last day.
    first_planned, planned : array, shape (n,)
        Planned requirement of day 0 and of all days, in shells.
    ends_empty : array, shape (n,)
        1 if less than one day of planned requirement is left at the end, at any pair with a consumer; else 0.
    totals : mapping of Kind to array, shape (n,)
        Shells over all days; every kind.
    by_origin : array, shape (n, O)
        Shells fired from each origin over all days.
    by_consumer : mapping of str to array, shape (n,)
        Outcomes of consumers, over all pairs only; empty unless results are listed by consumer.
    """

    counters: Mapping[str, Floats]
    met: Floats
    opening: Floats
    closing: Floats
    first_planned: Floats
    planned: Floats
    ends_empty: Floats
    totals: Mapping[Kind, Floats]
    by_origin: Floats
    by_consumer: Mapping[str, Floats] = field(default_factory=dict)


#: Outcomes of a run without the table of outcomes.
_EMPTY = np.empty(0)
NO_OUTCOMES = RunOutcomes({}, _EMPTY, _EMPTY, _EMPTY, _EMPTY, _EMPTY, _EMPTY, {}, np.empty((0, 0)))


def outcomes_overall(block: Block, sums: RunSums, by_origin: Floats) -> RunOutcomes:
    """Return the outcomes over all pairs; first days are the earliest over pairs with a consumer.

    `by_origin` is that of `fired_by_origin`.
    """
    consuming = np.array(block.axes.consuming, dtype=bool)
    fired, required = sums.late_fire, sums.late_requirement
    return RunOutcomes(
        counters={name: _overall(block.axes, name, values) for name, values in block.counters.items()},
        met=np.divide(fired, required, out=np.full(len(fired), np.nan), where=required > 0.0),
        opening=sum_in_order(sums.opening),
        closing=sum_in_order(sums.closing),
        first_planned=sum_in_order(sums.first_planned),
        planned=sum_in_order(sums.planned),
        ends_empty=_is_empty_at_end(sums)[:, consuming].max(axis=1, initial=0.0),
        totals={kind: sum_in_order(_total(sums, kind)) for kind in Kind},
        by_origin=sum_in_order(by_origin),
        by_consumer=block.by_consumer,
    )


def outcomes_of_pair(block: Block, sums: RunSums, by_origin: Floats, position: int) -> RunOutcomes:
    """Return the outcomes of the pair at `position` in the axes; `by_origin` as for `outcomes_overall`."""
    return RunOutcomes(
        counters={name: values[:, position] for name, values in block.counters.items()},
        met=block.met[:, position],
        opening=sums.opening[:, position],
        closing=sums.closing[:, position],
        first_planned=sums.first_planned[:, position],
        planned=sums.planned[:, position],
        ends_empty=_is_empty_at_end(sums)[:, position],
        totals={kind: _total(sums, kind)[:, position] for kind in Kind},
        by_origin=by_origin[:, position],
    )


def values_by_outcome(axes: Axes, outcomes: RunOutcomes) -> dict[str, Floats]:
    """Return every outcome by name, arrays of shape (n,), in the order of `sim.outcomes.outcomes_of_run`."""
    totals = {kind.value: total for kind, total in outcomes.totals.items()}
    computed = {**totals, **outcomes.counters, CLOSING_STOCK: outcomes.closing, **outcomes.by_consumer}
    consumers = axes.consumers if outcomes.by_consumer else ()
    return with_formulas(axes.thresholds, computed, consumers, axes.added_outcomes)


def month_names(axes: Axes) -> list[str]:
    """Return the calendar months of a run as YYYY-MM, partial ones included."""
    last = axes.date(axes.days - 1)
    first, final = (12 * date.year + date.month - 1 for date in (axes.start, last))
    return [f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, final + 1)]


def iso_date(axes: Axes, day: float) -> str | None:
    """Return the date of a day; None where it is infinite (censored)."""
    return axes.date(int(day)).isoformat() if np.isfinite(day) else None


def iso_time(axes: Axes, second: int | None) -> str | None:
    """Return the ISO time of a second from the start, without a time zone; None for None."""
    if second is None:
        return None
    midnight = dt.datetime.combine(axes.start, dt.time())
    return (midnight + dt.timedelta(seconds=int(second))).isoformat(timespec="seconds")


def _overall(axes: Axes, name: str, values: Floats) -> Floats:
    """Return an outcome over all pairs: the earliest date, the sum; the last of the objectives."""
    if name == REACHES:
        return np.asarray(values[:, list(axes.objectives)].max(axis=1), dtype=np.float64)
    if is_date(name):
        return _earliest(values, np.array(axes.consuming, dtype=bool))
    return sum_in_order(values)


def _earliest(days: Floats, consuming: NDArray[np.bool_]) -> Floats:
    if not consuming.any():
        return np.full((len(days), *days.shape[2:]), np.inf)
    return np.asarray(days[:, consuming].min(axis=1), dtype=np.float64)


def _is_empty_at_end(sums: RunSums) -> Floats:
    return np.asarray(sums.closing < ENOUGH * sums.last_planned, dtype=np.float64)


def _total(sums: RunSums, kind: Kind) -> Floats:
    return sums.totals[kind] if kind in sums.totals else np.zeros(sums.opening.shape)


def fired_by_origin(block: Block) -> Floats:
    """Return the shells fired from each origin over all days, shape (n, P, O)."""
    fired = np.zeros((len(block.axes.pairs), len(block.axes.origins), len(block.runs)))
    for (pair, origin, kind), months in block.months.items():
        if kind == Kind.FIRED:
            # cumsum adds month by month for any memory layout.
            fired[pair, origin] = np.cumsum(months, axis=1)[:, -1]
    return np.moveaxis(fired, -1, 0)
