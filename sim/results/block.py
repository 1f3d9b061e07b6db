"""A block of runs of one scenario as arrays: the output of an engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from sim.account import Axes, ClaimKind, Kind, PlacedOrder, Voyage
from sim.errors import Fault, InputError

Floats = NDArray[np.float64]
#: Money of a block without a currency.
NO_MONEY = np.empty((0, 0, 0))
K = TypeVar("K")
#: Pair and origin by their position in the axes, and a kind or ``held``.
MonthKey = tuple[int, int, str]
#: Upper bound of the rows of the table by run, day, pair and kind: some 700 MB.
MAX_DAILY_ROWS = 10_000_000
#: Number of runs, from run 0 on, in ``paths.csv`` and ``shipments.csv``.
PATH_RUNS = 5


def count_daily_rows(axes: Axes, runs: int) -> int:
    """Return the number of rows of the table by run, day, pair and kind, the level included."""
    return runs * axes.days * len(axes.pairs) * (len(axes.kinds) + 1)


def is_small(axes: Axes, runs: int) -> bool:
    """Return whether all figures of all runs fit the limit `MAX_DAILY_ROWS`."""
    return count_daily_rows(axes, runs) <= MAX_DAILY_ROWS


def check_daily_rows(axes: Axes, runs: int) -> None:
    """Raise `InputError` if that table would have more than `MAX_DAILY_ROWS` rows."""
    if not is_small(axes, runs):
        rows = count_daily_rows(axes, runs)
        problem = f"the daily table would have {rows:,} rows; ask for it with fewer runs"
        raise InputError([Fault(problem, allowed=f"at most {MAX_DAILY_ROWS:,} rows")])


class LazyVoyages(Sequence[tuple[int, Voyage]]):
    """Voyages with their runs, built when first read: fleets make thousands, and most results show none.

    Parameters
    ----------
    build : callable
    """

    def __init__(self, build: Callable[[], Iterable[tuple[int, Voyage]]]) -> None:
        self._build = build

    @classmethod
    def joined(cls, parts: Sequence[Sequence[tuple[int, Voyage]]]) -> LazyVoyages:
        """Return the voyages of several sequences, one after the other."""
        return cls(lambda: chain.from_iterable(parts))

    @cached_property
    def _items(self) -> tuple[tuple[int, Voyage], ...]:
        return tuple(self._build())

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, at: int) -> tuple[int, Voyage]: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[tuple[int, Voyage]]: ...

    def __getitem__(self, at: int | slice) -> tuple[int, Voyage] | Sequence[tuple[int, Voyage]]:
        return self._items[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._items == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(self._items)

    def __reduce__(self) -> tuple[type[tuple[Any, ...]], tuple[tuple[tuple[int, Voyage], ...]]]:
        return tuple, (self._items,)


@dataclass(frozen=True, slots=True)
class RunSums:
    """Sums over all days of n runs, and the first and last days, by pair; see `sim.results.run_sums`.

    Attributes
    ----------
    totals : mapping of Kind to array, shape (n, P)
        Shells. Kinds that the scenario cannot have are omitted and count as zero.
    planned : array, shape (n, P)
        Planned requirement over all days.
    opening, closing : array, shape (n, P)
        Shells in stock before day 0, and at the close of the last day.
    first_planned, last_planned : array, shape (n, P)
        Planned requirement of day 0 and of the last day.
    late_fire, late_requirement : array, shape (n,)
        Shells of the last `SUSTAINED_DAYS` days: each day over the pairs, then over the days.
    """

    totals: Mapping[Kind, Floats]
    planned: Floats
    opening: Floats
    closing: Floats
    first_planned: Floats
    last_planned: Floats
    late_fire: Floats
    late_requirement: Floats


@dataclass(frozen=True, slots=True)
class Block:
    """Runs of one scenario under one seed, in order of their run numbers.

    An engine may omit arrays that the tables of a run do not need (`run_sums.reduce_block`): `level` and
    `planned` then have no days, `flows`, `months` and `voyages` are empty, and `sums` is present if outcomes
    are needed.

    The arrays may have any memory layout; the fastest is runs contiguous, as in a view
    ``numpy.moveaxis(array, -1, 0)`` of an array of shape (P, D, n).

    Attributes
    ----------
    axes : Axes
        Gives the pairs (P), origins (O) and days (D) of the arrays.
    runs : tuple of int, length n
        Run numbers.
    level : array, shape (n, P, D)
        Closing level of serviceable shells.
    planned : array, shape (n, P, D)
        Planned requirement, shells a day.
    flows : mapping of Kind to array, shape (n, P, D)
        Shells a day. Kinds that the scenario cannot have are omitted and count as zero.
    months : mapping of (pair, origin, kind) to array, shape (n, M)
        Sums over calendar months (the first and last may be partial); for ``held``, the level on the
        last day of the month. Kinds are those with an origin, and ``held``. A missing key counts as zero.
    counters : mapping of str to array, shape (n, P)
        Outcomes by name, those of `sim.outcomes.counted_by_pair`. Dates are infinite where censored, and
        where the pair has no consumer.
    met : array, shape (n, P)
        Sustained fire as a share of the requirement (nan where none was required).
    drawn : mapping of str to array, shape (n,)
        Inputs drawn once a run by their path, in base units.
    balance : array, shape (n,)
        Largest error of the account in a run, relative to gross turnover.
    voyages : sequence of (int, Voyage)
        Run number and voyage, for runs below `PATH_RUNS`.
    orders : sequence of (int, PlacedOrder)
        Run number and order, for runs below `PATH_RUNS`.
    money : array, shape (n, kinds, M)
        Money by kind (`MONEY_KINDS`) and calendar month; no months without a currency.
    sums : RunSums, optional
        Sums over the days; by default computed from the daily arrays.
    observed : array, shape (n, K), optional
        Values of the observables of the run.
    claims : mapping of ClaimKind to array, shape (n, C, D)
        Figures of each claim (C) of the axes; empty unless results are listed by consumer.
    by_consumer : mapping of str to array, shape (n,)
        Outcomes of consumers by name that engines compute (`sim.outcomes.outcomes_of_consumer`).
    """

    axes: Axes
    runs: tuple[int, ...]
    level: Floats
    planned: Floats
    flows: Mapping[Kind, Floats]
    months: Mapping[MonthKey, Floats]
    counters: Mapping[str, Floats]
    met: Floats
    drawn: Mapping[str, Floats]
    balance: Floats
    voyages: Sequence[tuple[int, Voyage]]
    orders: Sequence[tuple[int, PlacedOrder]] = ()
    money: Floats = field(default_factory=lambda: NO_MONEY)
    sums: RunSums | None = None
    observed: Floats | None = None
    claims: Mapping[ClaimKind, Floats] = field(default_factory=dict)
    by_consumer: Mapping[str, Floats] = field(default_factory=dict)


def flow_or_zeros(block: Block, kind: Kind) -> Floats:
    """Return the flow of a kind, shape (n, P, D); zeros where the scenario cannot have it."""
    flow = block.flows.get(kind)
    return np.broadcast_to(np.float64(0.0), block.level.shape) if flow is None else flow


def join_blocks(blocks: Sequence[Block]) -> Block:
    """Concatenate blocks of one scenario with the same axes and keys, in order, as a copy."""
    first = blocks[0]
    runs = [len(block.runs) for block in blocks]

    def cat(name: str) -> Floats:
        return np.concatenate([getattr(block, name) for block in blocks])

    def cat_by_key(name: str) -> dict[str, Floats]:
        parts = [getattr(block, name) for block in blocks]
        return {key: np.concatenate([part[key] for part in parts]) for key in parts[0]}

    return Block(
        axes=first.axes,
        runs=tuple(run for block in blocks for run in block.runs),
        level=cat("level"),
        planned=cat("planned"),
        flows={
            kind: _join_arrays([block.flows for block in blocks], runs, kind)
            for kind in Kind
            if any(kind in b.flows for b in blocks)
        },
        months={
            key: _join_arrays([b.months for b in blocks], runs, key)
            for key in dict.fromkeys(k for b in blocks for k in b.months)
        },
        counters=cat_by_key("counters"),
        met=cat("met"),
        drawn=cat_by_key("drawn"),
        balance=cat("balance"),
        voyages=LazyVoyages.joined([block.voyages for block in blocks]),
        money=cat("money"),
        orders=tuple(chain.from_iterable(block.orders for block in blocks)),
        claims={kind: np.concatenate([b.claims[kind] for b in blocks]) for kind in first.claims},
        by_consumer=cat_by_key("by_consumer"),
    )


def _join_arrays(parts: Sequence[Mapping[K, Floats]], runs: Sequence[int], key: K) -> Floats:
    """Return an array of all runs; a block without the key counts as zero."""
    shape = next(part[key].shape for part in parts if key in part)
    return np.concatenate(
        [part[key] if key in part else np.zeros((n, *shape[1:])) for part, n in zip(parts, runs, strict=True)]
    )
