"""From the ledger of a run to arrays: the one place where outcomes of the simpy engine are worked out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from sim.account import (
    HELD,
    INTO_STOCK,
    OUT_OF_STOCK,
    Axes,
    Kind,
    Voyage,
    first_below,
    first_rationed,
    sustained,
)
from sim.results.block import Block, Floats

BY_ORIGIN = (*INTO_STOCK, *OUT_OF_STOCK, HELD)


class Books(Protocol):
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


def record(books: Sequence[Books]) -> Block:
    """Return runs of one scenario as a block.

    Parameters
    ----------
    books : sequence of Books
        At least one, in order of run number.
    """
    axes = books[0].axes
    pairs = range(len(axes.pairs))
    flows = {
        kind: np.array([[book.total(pair, kind) for pair in pairs] for book in books])
        for kind in _kinds(books)
    }
    firsts = [_firsts(book) for book in books]
    return Block(
        axes=axes,
        runs=tuple(book.run for book in books),
        level=np.array([book.levels for book in books]),
        planned=np.array([book.planned for book in books]),
        flows=flows,
        months=_months(books),
        below=np.array([[days[:-2] for days in first] for first in firsts]),
        exhausted=np.array([[days[-2] for days in first] for first in firsts]),
        rationed=np.array([[days[-1] for days in first] for first in firsts]),
        **_sustained(books),
        drawn={path: np.array([book.drawn[path] for book in books]) for path in books[0].drawn},
        balance=np.array([book.balance_error() for book in books]),
        voyages=tuple(voyage for book in books if book.run == 0 for voyage in book.voyages),
    )


def _kinds(books: Sequence[Books]) -> list[Kind]:
    found = {kind for _, _, kind in books[0].columns}
    return [kind for kind in Kind if kind in found]


def _firsts(book: Books) -> list[list[float]]:
    """Return, for each pair, the first day below each threshold, exhausted, and rationed; infinite if never."""
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


def _sustained(books: Sequence[Books]) -> Mapping[str, Floats]:
    both = [
        [
            sustained(book.total(pair, Kind.REQUIRED), book.total(pair, Kind.FIRED))
            for pair in range(len(book.axes.pairs))
        ]
        for book in books
    ]
    return {
        "fire": np.array([[fire for fire, _ in run] for run in both]),
        "met": np.array([[np.nan if met is None else met for _, met in run] for run in both]),
    }


def _months(books: Sequence[Books]) -> Mapping[str, Floats]:
    axes = books[0].axes
    starts = month_starts(axes)
    shape = (len(books), len(axes.pairs), len(axes.origins), len(starts))
    found = {kind for _, origin, kind in books[0].columns if origin >= 0}
    months = {kind: np.zeros(shape) for kind in BY_ORIGIN if kind in found}
    ends = [*(start - 1 for start in starts[1:]), axes.days - 1]
    for position, book in enumerate(books):
        for (pair, origin, kind), column in book.columns.items():
            if kind == HELD:
                months[kind][position, pair, origin] = [column[end] for end in ends]
            elif origin >= 0 and kind in months:
                months[kind][position, pair, origin] = np.add.reduceat(column, starts)
    return months


def month_starts(axes: Axes) -> list[int]:
    """Return the days on which the calendar months of a run begin; day 0 begins the first."""
    return [day for day in range(axes.days) if day == 0 or axes.date(day).day == 1]
