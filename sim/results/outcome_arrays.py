"""Outcomes as arrays with one number a run, for one pair of depot and munition or over all pairs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.account import ENOUGH, INFLOW_KINDS, OUTFLOW_KINDS, SUSTAINED_DAYS, Axes, Kind
from sim.outcomes import (
    CLOSING_STOCK,
    outcome_named,
    with_formulas,
)
from sim.results.block import Block

Floats = NDArray[np.float64]
_DAYS_PER_CHUNK = 32


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


@dataclass(frozen=True, slots=True)
class RunSums:
    """Sums over all days of n runs, by pair.

    Attributes
    ----------
    totals : mapping of Kind to array, shape (n, P)
        Shells; every kind.
    by_origin : array, shape (n, P, O)
        Shells fired from each origin.
    opening, planned : array, shape (n, P)
        Shells in stock before day 0, and the planned requirement.
    """

    totals: Mapping[Kind, Floats]
    by_origin: Floats
    opening: Floats
    planned: Floats


def sum_flows(block: Block) -> RunSums:
    """Return the sums over all days."""
    totals = {kind: _total(block, kind) for kind in Kind}
    return RunSums(totals, _fired_by_origin(block), _opening_stock(block), sum_days(block.planned))


def outcomes_overall(block: Block, sums: RunSums) -> RunOutcomes:
    """Return the outcomes over all pairs; first days are the earliest over pairs with a consumer."""
    consuming = np.array(block.axes.consuming, dtype=bool)
    fired, required = (_mean_last_days(flow_or_zeros(block, kind)) for kind in (Kind.FIRED, Kind.REQUIRED))
    return RunOutcomes(
        counters={
            name: _earliest(values, consuming) if outcome_named(name).is_date else _sum_in_order(values)
            for name, values in block.counters.items()
        },
        met=np.divide(fired, required, out=np.full(len(fired), np.nan), where=required > 0.0),
        opening=_sum_in_order(sums.opening),
        closing=_sum_in_order(block.level[:, :, -1]),
        first_planned=_sum_in_order(block.planned[:, :, 0]),
        planned=_sum_in_order(sums.planned),
        ends_empty=_is_empty_at_end(block)[:, consuming].max(axis=1, initial=0.0),
        totals={kind: _sum_in_order(total) for kind, total in sums.totals.items()},
        by_origin=_sum_in_order(sums.by_origin),
    )


def outcomes_of_pair(block: Block, sums: RunSums, position: int) -> RunOutcomes:
    """Return the outcomes of the pair at `position` in the axes."""
    return RunOutcomes(
        counters={name: values[:, position] for name, values in block.counters.items()},
        met=block.met[:, position],
        opening=sums.opening[:, position],
        closing=block.level[:, position, -1],
        first_planned=block.planned[:, position, 0],
        planned=sums.planned[:, position],
        ends_empty=_is_empty_at_end(block)[:, position],
        totals={kind: total[:, position] for kind, total in sums.totals.items()},
        by_origin=sums.by_origin[:, position],
    )


def values_by_outcome(axes: Axes, outcomes: RunOutcomes) -> dict[str, Floats]:
    """Return every outcome by name, arrays of shape (n,), in the order of `sim.outcomes.outcomes_of_run`."""
    totals = {kind.value: total for kind, total in outcomes.totals.items()}
    computed = {**totals, **outcomes.counters, CLOSING_STOCK: outcomes.closing}
    return with_formulas(axes.thresholds, computed)


def sum_days(daily: Floats) -> Floats:
    """Return the sums over days, shape (n, P), of an array of shape (n, P, D).

    The order of addition, and so the last digit, does not depend on the memory layout or on other runs:
    first within chunks of 32 days, then over the chunks.
    """
    by_day = _with_runs_contiguous(daily)
    pairs, days, runs = by_day.shape
    last = days - days % _DAYS_PER_CHUNK
    stretches = by_day[:, :last].reshape(pairs, -1, _DAYS_PER_CHUNK, runs).sum(axis=2)
    rest = by_day[:, last:].sum(axis=1)
    return np.asarray((stretches.sum(axis=1) + rest).T[: len(daily)], dtype=np.float64)


def flow_or_zeros(block: Block, kind: Kind) -> Floats:
    """Return the flow of a kind, shape (n, P, D); zeros where the scenario cannot have it."""
    flow = block.flows.get(kind)
    return np.broadcast_to(np.float64(0.0), block.level.shape) if flow is None else flow


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


def _earliest(days: Floats, consuming: NDArray[np.bool_]) -> Floats:
    if not consuming.any():
        return np.full((len(days), *days.shape[2:]), np.inf)
    return np.asarray(days[:, consuming].min(axis=1), dtype=np.float64)


def _opening_stock(block: Block) -> Floats:
    first = np.array(block.level[:, :, 0])
    for sign, kinds in ((-1.0, INFLOW_KINDS), (1.0, OUTFLOW_KINDS)):
        for kind in kinds:
            if kind in block.flows:
                first += sign * block.flows[kind][:, :, 0]
    return first


def _is_empty_at_end(block: Block) -> Floats:
    return np.asarray(block.level[:, :, -1] < ENOUGH * block.planned[:, :, -1], dtype=np.float64)


def _mean_last_days(daily: Floats) -> Floats:
    # Add day by day as `account.sustained_fire`, so that with one pair both agree to the last digit.
    return _sum_in_order(_sum_in_order(daily[:, :, -SUSTAINED_DAYS:]))


def _total(block: Block, kind: Kind) -> Floats:
    return sum_days(block.flows[kind]) if kind in block.flows else np.zeros(block.level.shape[:2])


def _fired_by_origin(block: Block) -> Floats:
    fired = np.zeros((len(block.axes.pairs), len(block.axes.origins), len(block.runs)))
    for (pair, origin, kind), months in block.months.items():
        if kind == Kind.FIRED:
            # cumsum adds month by month for any memory layout.
            fired[pair, origin] = np.cumsum(months, axis=1)[:, -1]
    return np.moveaxis(fired, -1, 0)


def _sum_in_order(values: Floats) -> Floats:
    """Sum over the second axis in order, for any memory layout."""
    total = _with_runs_contiguous(values).sum(axis=0)
    return np.asarray(np.moveaxis(total, -1, 0)[: len(values)], dtype=np.float64)


def _with_runs_contiguous(values: Floats) -> Floats:
    """Return an array with runs contiguous, so that numpy adds over other axes in the same order for all.

    A single run is duplicated, since numpy adds a single one in another order.
    """
    turned = np.ascontiguousarray(np.moveaxis(values, 0, -1))
    return np.repeat(turned, 2, axis=-1) if len(values) == 1 else turned
