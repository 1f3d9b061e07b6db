"""Outcomes of the simpy engine: from ledgers to a `Block` of arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from sim.account import (
    HELD,
    INFLOW_KINDS,
    OUTFLOW_KINDS,
    Axes,
    Kind,
    Voyage,
    first_below,
    first_rationed,
    sustained_fire,
)
from sim.results.block import PATH_RUNS, Block, Floats, MonthKey

KINDS_BY_ORIGIN = (*INFLOW_KINDS, *OUTFLOW_KINDS, HELD)
#: By pair, origin (-1 for none) and kind: an array of shape (runs, days).
LedgerColumns = Mapping[tuple[int, int, str], Floats]


class LedgerView(Protocol):
    """Interface of a ledger; `sim.model.ledger.Ledger` implements it."""

    axes: Axes
    run: int
    columns: dict[tuple[int, int, str], list[float]]
    levels: list[list[float]]
    planned: list[list[float]]
    drawn: dict[str, float]
    voyages: list[Voyage]

    def total(self, pair: int, kind: str) -> list[float]:
        """Return a kind by day over all origins."""
        ...

    def balance_error(self) -> float:
        """Return the largest relative error of the account."""
        ...


def block_from_ledgers(ledgers: Sequence[LedgerView]) -> Block:
    """Return runs of one scenario as a block; at least one, in order of run number."""
    axes = ledgers[0].axes
    nothing = [0.0] * axes.days
    # Columns are created by their first entry, so runs may have different ones.
    keys = sorted({key for ledger in ledgers for key in ledger.columns})
    columns = {
        key: _empty_array(axes, [ledger.columns.get(key, nothing) for ledger in ledgers]) for key in keys
    }
    firsts = [_first_days(ledger) for ledger in ledgers]
    return Block(
        axes=axes,
        runs=tuple(ledger.run for ledger in ledgers),
        level=_empty_pair_array(axes, [ledger.levels for ledger in ledgers]),
        planned=_empty_pair_array(axes, [ledger.planned for ledger in ledgers]),
        flows=_collect_flows(axes, columns),
        months=_monthly_sums(axes, columns),
        below=np.array([[days[:-2] for days in first] for first in firsts]),
        exhausted=np.array([[days[-2] for days in first] for first in firsts]),
        rationed=np.array([[days[-1] for days in first] for first in firsts]),
        **_sustained_fire(ledgers),
        drawn={path: np.array([ledger.drawn[path] for ledger in ledgers]) for path in ledgers[0].drawn},
        balance=np.array([ledger.balance_error() for ledger in ledgers]),
        voyages=tuple(
            (ledger.run, trip) for ledger in ledgers if ledger.run < PATH_RUNS for trip in ledger.voyages
        ),
    )


def _empty_array(axes: Axes, runs: Sequence[list[float]]) -> Floats:
    """Return daily values of each run as an array of shape (runs, days)."""
    result = np.empty((len(runs), axes.days))
    for row, column in zip(result, runs, strict=True):
        # Twice as fast as np.array, which reads every number twice.
        row[:] = np.fromiter(column, float, axes.days)
    return result


def _empty_pair_array(axes: Axes, runs: Sequence[list[list[float]]]) -> Floats:
    return np.stack(
        [_empty_array(axes, [run[pair] for run in runs]) for pair in range(len(axes.pairs))], axis=1
    )


def _collect_flows(axes: Axes, columns: LedgerColumns) -> Mapping[Kind, Floats]:
    found = {kind for _, _, kind in columns}
    pairs = range(len(axes.pairs))
    return {
        kind: np.stack([_total_of(axes, columns, pair, kind) for pair in pairs], axis=1)
        for kind in Kind
        if kind in found
    }


def _total_of(axes: Axes, columns: LedgerColumns, pair: int, kind: Kind) -> Floats:
    """Return a kind by run and day over all origins: the column without origin, else the sum in order."""
    if (pair, -1, kind) in columns:
        return columns[pair, -1, kind]
    total = np.zeros_like(next(iter(columns.values())))
    for origin in range(len(axes.origins)):
        if (pair, origin, kind) in columns:
            total += columns[pair, origin, kind]
    return total


def _first_days(ledger: LedgerView) -> list[list[float]]:
    """Return the first days by pair: below each threshold, exhausted, rationed; infinite if never."""
    result = []
    for pair, consuming in enumerate(ledger.axes.consuming):
        if not consuming:
            result.append([np.inf] * (len(ledger.axes.thresholds) + 2))
            continue
        level, planned = ledger.levels[pair], ledger.planned[pair]
        days = [first_below(level, planned, cover) for cover in (*ledger.axes.thresholds, 1.0)]
        days.append(first_rationed(ledger.total(pair, Kind.REQUIRED), ledger.total(pair, Kind.FIRED)))
        result.append([np.inf if day is None else float(day) for day in days])
    return result


def _sustained_fire(ledgers: Sequence[LedgerView]) -> Mapping[str, Floats]:
    both = [
        [
            sustained_fire(ledger.total(pair, Kind.REQUIRED), ledger.total(pair, Kind.FIRED))
            for pair in range(len(ledger.axes.pairs))
        ]
        for ledger in ledgers
    ]
    return {
        "fire": np.array([[fire for fire, _ in run] for run in both]),
        "met": np.array([[np.nan if met is None else met for _, met in run] for run in both]),
    }


def _monthly_sums(axes: Axes, columns: LedgerColumns) -> Mapping[MonthKey, Floats]:
    starts = month_starts(axes)
    ends = [*(start - 1 for start in starts[1:]), axes.days - 1]
    return {
        (pair, origin, kind): column[:, ends] if kind == HELD else _add_by_month(column, starts)
        for (pair, origin, kind), column in columns.items()
        if origin >= 0 and kind in KINDS_BY_ORIGIN
    }


def _add_by_month(column: Floats, starts: Sequence[int]) -> Floats:
    """Return the sum of each month, day after day as the compiled engine adds; numpy's sums add in pairs."""
    months = np.split(column, starts[1:], axis=1)
    return np.stack([np.add.accumulate(month, axis=1)[:, -1] for month in months], axis=1)


def month_starts(axes: Axes) -> list[int]:
    """Return the first day of each calendar month of a run; the first month starts on day 0."""
    return [day for day in range(axes.days) if day == 0 or axes.date(day).day == 1]
