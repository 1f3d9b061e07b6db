"""From the ledger of a run to arrays: the one place where outcomes of the simpy engine are worked out."""

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
    """What is asked of a ledger; `sim.model.ledger.Ledger` is one."""

    axes: Axes
    run: int
    columns: dict[tuple[int, int, str], list[float]]
    levels: list[list[float]]
    planned: list[list[float]]
    drawn: dict[str, float]
    voyages: list[Voyage]

    def total(self, pair: int, kind: str) -> list[float]:
        """Return a kind by day, over all origins."""
        ...

    def balance_error(self) -> float:
        """Return the largest error of the account."""
        ...


def block_from_ledgers(books: Sequence[LedgerView]) -> Block:
    """Return runs of one scenario as a block.

    Parameters
    ----------
    books : sequence of Books
        At least one, in order of run number.
    """
    axes = books[0].axes
    nothing = [0.0] * axes.days
    # A column is opened by its first entry, so runs differ in what they have.
    keys = sorted({key for book in books for key in book.columns})
    columns = {key: _empty_array(axes, [book.columns.get(key, nothing) for book in books]) for key in keys}
    firsts = [_first_days(book) for book in books]
    return Block(
        axes=axes,
        runs=tuple(book.run for book in books),
        level=_empty_pair_array(axes, [book.levels for book in books]),
        planned=_empty_pair_array(axes, [book.planned for book in books]),
        flows=_collect_flows(axes, columns),
        months=_monthly_sums(axes, columns),
        below=np.array([[days[:-2] for days in first] for first in firsts]),
        exhausted=np.array([[days[-2] for days in first] for first in firsts]),
        rationed=np.array([[days[-1] for days in first] for first in firsts]),
        **_sustained_fire(books),
        drawn={path: np.array([book.drawn[path] for book in books]) for path in books[0].drawn},
        balance=np.array([book.balance_error() for book in books]),
        voyages=tuple((book.run, trip) for book in books if book.run < PATH_RUNS for trip in book.voyages),
    )


def _empty_array(axes: Axes, runs: Sequence[list[float]]) -> Floats:
    """Return a number a day in each run as an array of shape (runs, days)."""
    result = np.empty((len(runs), axes.days))
    for row, column in zip(result, runs, strict=True):
        # Twice as quick as np.array, which looks at every number twice.
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
    """Return a kind by run and day over all origins: as entered without origin, else added in their order."""
    if (pair, -1, kind) in columns:
        return columns[pair, -1, kind]
    total = np.zeros_like(next(iter(columns.values())))
    for origin in range(len(axes.origins)):
        if (pair, origin, kind) in columns:
            total += columns[pair, origin, kind]
    return total


def _first_days(book: LedgerView) -> list[list[float]]:
    """Return, for each pair, the first days: below each threshold, exhausted, rationed; infinite if never."""
    result = []
    for pair, consuming in enumerate(book.axes.consuming):
        if not consuming:
            result.append([np.inf] * (len(book.axes.thresholds) + 2))
            continue
        level, planned = book.levels[pair], book.planned[pair]
        days = [first_below(level, planned, cover) for cover in (*book.axes.thresholds, 1.0)]
        days.append(first_rationed(book.total(pair, Kind.REQUIRED), book.total(pair, Kind.FIRED)))
        result.append([np.inf if day is None else float(day) for day in days])
    return result


def _sustained_fire(books: Sequence[LedgerView]) -> Mapping[str, Floats]:
    both = [
        [
            sustained_fire(book.total(pair, Kind.REQUIRED), book.total(pair, Kind.FIRED))
            for pair in range(len(book.axes.pairs))
        ]
        for book in books
    ]
    return {
        "fire": np.array([[fire for fire, _ in run] for run in both]),
        "met": np.array([[np.nan if met is None else met for _, met in run] for run in both]),
    }


def _monthly_sums(axes: Axes, columns: LedgerColumns) -> Mapping[MonthKey, Floats]:
    starts = month_starts(axes)
    ends = [*(start - 1 for start in starts[1:]), axes.days - 1]
    return {
        (pair, origin, kind): column[:, ends] if kind == HELD else np.add.reduceat(column, starts, axis=1)
        for (pair, origin, kind), column in columns.items()
        if origin >= 0 and kind in KINDS_BY_ORIGIN
    }


def month_starts(axes: Axes) -> list[int]:
    """Return the days on which the calendar months of a run begin; day 0 begins the first."""
    return [day for day in range(axes.days) if day == 0 or axes.date(day).day == 1]
