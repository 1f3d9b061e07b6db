"""Aggregate blocks of runs to an `Ensemble`, one block in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial

import numpy as np
from numpy.typing import NDArray

from sim.account import Axes, ClaimKind, Kind, PlacedOrder, Voyage
from sim.results import histogram, outcome_arrays
from sim.results.band_store import AllocateArray
from sim.results.binning import NUMPY_BINNING, BinningBackend
from sim.results.block import PATH_RUNS, Block, LazyVoyages, MonthKey, is_small, join_blocks
from sim.results.daily_bands import (
    FLOW_PERCENTS,
    LEVEL,
    MAX_EXACT_RUNS,
    DailyBands,
    DailyPart,
    banded_arrays,
    claim_arrays,
    join_days,
)
from sim.results.ensemble_results import EXACT, NO_BANDS, Bands, Ensemble
from sim.results.outcome_arrays import NO_OUTCOMES, RunOutcomes
from sim.results.quantiles import quantiles
from sim.results.run_columns import OutcomeColumns, RunColumns
from sim.results.run_sums import sum_block
from sim.results.table_names import DAILY, OUTCOMES, PATHS, TABLES

Floats = NDArray[np.float64]
RerunDays = Callable[[range], Iterable[Block]]

#: Bytes of values or counts in memory at a time, if the blocks can be computed again.
MEMORY_BUDGET = 1 << 30


def aggregate(
    blocks: Iterable[Block],
    runs: int,
    rerun_days: RerunDays | None = None,
    jobs: int = 1,
    allocate: AllocateArray = np.empty,
    binning: BinningBackend = NUMPY_BINNING,
    tables: tuple[str, ...] = TABLES,
) -> Ensemble:
    """Return the runs of all blocks as an ensemble.

    Parameters
    ----------
    blocks : iterable of Block
        At least one, in order of run number; the caller must not modify a block afterwards. The figures do
        not depend on the size of the blocks.
    runs : int
        Total number of runs. Quantiles are exact up to 10,000 (`MAX_EXACT_RUNS`); above, they are read
        from histograms (see `sim.results.histogram` for the error).
    rerun_days : callable, optional
        Returns the same blocks for a range of days; `level` and `flows` then hold only those days, and other
        fields are not used. Without it the values of all days are in memory at once; with it at most
        `MEMORY_BUDGET` bytes, or one day if that needs more.
    jobs : int
        Number of threads, each working on one row at a time. The figures do not depend on it.
    allocate : callable
        Allocates the arrays that hold runs, as `numpy.empty`.
    binning : BinningBackend
        Binning functions for histograms; all backends give the same bins.
    tables : tuple of str
        Names of the tables to make; the blocks have the figures for these.
    """
    iterator = iter(blocks)
    first = next(iterator)
    spans = [range(first.axes.days)]
    if rerun_days is not None:
        spans = _day_ranges(first, runs, tables)
    with nullcontext() if jobs == 1 else ThreadPoolExecutor(jobs) as threads:
        aggregator = Aggregator(first.axes, runs, spans[0], threads, allocate, binning, tables)
        aggregator.add(first)
        # Release the block now, so that the next one can reuse its memory.
        del first
        for block in iterator:
            aggregator.add(block)
            del block
        for span in spans[1:]:
            aggregator.next_days(span)
            for block in rerun_days(span) if rerun_days is not None else ():
                aggregator.add_days(block)
                del block
        return aggregator.finish()


def _day_ranges(block: Block, runs: int, tables: Collection[str]) -> list[range]:
    """Return ranges of days that each fit the memory budget, as estimated from the first block."""
    days = block.axes.days
    arrays = [*banded_arrays(block, tables).values(), *claim_arrays(block, tables).values()]
    if not arrays:
        return [range(days)]
    rows = sum(int((array != array[:1]).any(axis=(0, 2)).sum()) for array in arrays)
    day = max(1, rows) * (8 * runs if runs <= MAX_EXACT_RUNS else histogram.BYTES_PER_DAY)
    step = max(1, min(days, MEMORY_BUDGET // day))
    return [range(begin, min(begin + step, days)) for begin in range(0, days, step)]


class Aggregator:
    """Accumulate the blocks of one scenario, in order, into an `Ensemble`; arguments as of `aggregate`.

    `days` are those of the first pass; `next_days` and `add_days` do the others.
    """

    def __init__(
        self,
        axes: Axes,
        runs: int,
        days: range,
        threads: Executor | None,
        allocate: AllocateArray,
        binning: BinningBackend,
        tables: tuple[str, ...],
    ) -> None:
        self._axes = axes
        self._max_runs = runs
        self._tables = tables
        self._span = days
        self._new = partial(DailyBands, axes, runs, threads, allocate, binning, tables)
        self._by_day = self._new()
        self._parts: list[DailyPart] = []
        self._new_claims = partial(self._new, arrays=claim_arrays, rows=len(axes.claims))
        self._claims_by_day = self._new_claims()
        self._claim_parts: list[DailyPart] = []
        self._numbers: list[NDArray[np.int64]] = []
        self._overall = OutcomeColumns(runs)
        # With one pair, its outcomes are those over all pairs.
        several = len(axes.pairs) > 1
        self._pairs = {place: OutcomeColumns(runs) for place in _consuming_pairs(axes) if several}
        self._drawn: RunColumns[str] = RunColumns(runs)
        self._months = _MonthlyMeans(axes)
        self._paths: list[tuple[int, Floats]] = []
        self._balance = 0.0
        self._observed: list[Floats] = []
        self._voyages: list[Sequence[tuple[int, Voyage]]] = []
        self._orders: list[tuple[int, PlacedOrder]] = []
        self._money: list[Floats] = []
        self._blocks: list[Block] | None = [] if DAILY in tables and is_small(axes, runs) else None

    def add(self, block: Block) -> None:
        """Add the next runs, with the arrays of all days."""
        self._add_days(block, slice(self._span.start, self._span.stop))
        self._numbers.append(np.array(block.runs, dtype=np.int64))
        if OUTCOMES in self._tables:
            self._add_outcomes(block)
        self._drawn.add(block.drawn)
        self._months.add(block)
        for place, run in enumerate(block.runs):
            if run < PATH_RUNS and PATHS in self._tables:
                self._paths.append((run, np.array(block.level[place])))
        self._balance = max(self._balance, float(block.balance.max()))
        self._voyages.append(block.voyages)
        self._orders += block.orders
        if block.money.size:
            self._money.append(np.array(block.money))
        if block.observed is not None:
            self._observed.append(block.observed)
        if self._blocks is not None:
            self._blocks.append(block)

    def _add_outcomes(self, block: Block) -> None:
        sums = sum_block(block) if block.sums is None else block.sums
        by_origin = outcome_arrays.fired_by_origin(block)
        self._overall.add(outcome_arrays.outcomes_overall(block, sums, by_origin))
        for place, columns in self._pairs.items():
            columns.add(outcome_arrays.outcomes_of_pair(block, sums, by_origin, place))

    def next_days(self, days: range) -> None:
        """Finish the bands of the current days, and start the next range."""
        self._parts.append(self._by_day.finish())
        self._claim_parts.append(self._claims_by_day.finish())
        self._span = days
        self._by_day, self._claims_by_day = self._new(), self._new_claims()

    def add_days(self, block: Block) -> None:
        """Add the next runs of the current days; only `level`, `flows` and `claims` of the block are used."""
        self._add_days(block, slice(None))

    def _add_days(self, block: Block, days: slice) -> None:
        self._by_day.add(block, days)
        if self._axes.claims:
            self._claims_by_day.add(block, days)

    def finish(self) -> Ensemble:
        """Return the ensemble; call once, at the end."""
        parts = [*self._parts, self._by_day.finish()]
        bands = join_days(parts)
        claim_parts = [*self._claim_parts, self._claims_by_day.finish()]
        by_claim = join_days(claim_parts)
        whole, by_pair = self._outcomes()
        return Ensemble(
            axes=self._axes,
            runs=np.concatenate(self._numbers),
            level=bands.pop(LEVEL, NO_BANDS),
            flows={kind: bands[kind] for kind in Kind if kind in bands},
            months=self._months.means(),
            path_runs=tuple(run for run, _ in self._paths),
            paths=_stack_levels(self._axes, [levels for _, levels in self._paths]),
            whole=whole,
            pairs=by_pair,
            drawn=self._drawn.values(),
            balance=self._balance,
            voyages=LazyVoyages.joined(self._voyages),
            orders=tuple(self._orders),
            money=_money_bands(self._money),
            method=_quantile_method(
                self._max_runs, sum(part.outside_bins for part in (*parts, *claim_parts))
            ),
            block=join_blocks(self._blocks) if self._blocks else None,
            tables=self._tables,
            observed=np.concatenate(self._observed) if self._observed else None,
            claims={kind: by_claim[kind] for kind in ClaimKind if kind in by_claim},
        )

    def _outcomes(self) -> tuple[RunOutcomes, dict[int, RunOutcomes]]:
        """Return the outcomes of all runs, over all pairs and by pair."""
        if OUTCOMES not in self._tables:
            return NO_OUTCOMES, {}
        whole = self._overall.figures()
        single_pair = dict.fromkeys(_consuming_pairs(self._axes), whole)
        return whole, {place: columns.figures() for place, columns in self._pairs.items()} or single_pair


def _consuming_pairs(axes: Axes) -> Iterator[int]:
    return (place for place, consuming in enumerate(axes.consuming) if consuming)


def _stack_levels(axes: Axes, levels: Sequence[Floats]) -> Floats:
    return np.stack(levels) if levels else np.empty((0, len(axes.pairs), axes.days))


def _quantile_method(runs: int, outside: int) -> str:
    if runs <= MAX_EXACT_RUNS:
        return EXACT
    rest = (
        f"; {outside:,} quantiles lie outside the bins, between them and the extreme run" if outside else ""
    )
    return f"{histogram.METHOD_TEXT}{rest}"


def _money_bands(parts: Sequence[Floats]) -> Bands:
    """Return the bands of money by kind and month, with the sum of the kinds last."""
    if not parts:
        return NO_BANDS
    money = np.concatenate(parts)
    by_kind = np.concatenate([money, np.add.accumulate(money, axis=1)[:, -1:]], axis=1)
    shape = by_kind.shape[1:]
    rows = [by_kind[:, kind, month] for kind, month in np.ndindex(*shape)]
    # cumsum adds run by run, so that the sum does not depend on the size of the blocks.
    mean = np.array([np.cumsum(row)[-1] / len(row) for row in rows]).reshape(shape)
    found = np.array([quantiles(row, FLOW_PERCENTS) for row in rows])
    by_percent = {percent: found[:, place].reshape(shape) for place, percent in enumerate(FLOW_PERCENTS)}
    return Bands(mean, by_percent)


class _MonthlyMeans:
    """Means over runs of the figures by origin and month."""

    def __init__(self, axes: Axes) -> None:
        self._shape = len(axes.pairs), len(axes.origins)
        self._runs = 0
        self._sums: dict[MonthKey, Floats] = {}

    def add(self, block: Block) -> None:
        for key, values in block.months.items():
            before = self._sums.get(key, np.zeros(values.shape[1]))
            # cumsum adds run by run, so that the sum does not depend on the size of the blocks.
            self._sums[key] = np.cumsum(np.concatenate([before[np.newaxis], values]), axis=0)[-1]
        self._runs += len(block.runs)

    def means(self) -> Mapping[str, Floats]:
        """Return the means by kind, shape (P, O, M)."""
        means: dict[str, Floats] = {}
        for (pair, origin, kind), total in self._sums.items():
            if kind not in means:
                means[kind] = np.zeros((*self._shape, len(total)))
            means[kind][pair, origin] = total / self._runs
        return means
