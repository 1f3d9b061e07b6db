"""Bands (mean and quantiles over runs) of the daily level and flows of each pair."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.account import Axes, ClaimKind
from sim.results.band_store import AllocateArray, BandRow, BandStore, ExactStore, ViewStore
from sim.results.binning import NUMPY_BINNING, BinningBackend
from sim.results.block import Block
from sim.results.ensemble_results import Bands
from sim.results.histogram import HistogramStore
from sim.results.table_names import CONSUMERS, FLOWS, STOCK, TABLES

Floats = NDArray[np.float64]
T = TypeVar("T")
R = TypeVar("R")

#: Up to this number of runs all values are stored, and quantiles are exact.
MAX_EXACT_RUNS = 10_000
#: Up to so many bytes of all kinds of flow, the memory of the blocks is kept until the end instead of a copy.
MAX_VIEW_BYTES = 1 << 28
LEVEL_PERCENTS = (5, 25, 50, 75, 95)
FLOW_PERCENTS = (5, 50, 95)
LEVEL = "level"


class DailyPart(NamedTuple):
    """Bands of a range of days by `LEVEL` or kind, their shape, and the number of quantiles outside bins."""

    bands: Mapping[str, Bands]
    shape: tuple[int, int]
    outside_bins: int


def banded_arrays(block: Block, tables: Collection[str]) -> dict[str, Floats]:
    """Return the daily arrays of which some tables have bands, by `LEVEL` or kind."""
    level = {LEVEL: block.level} if STOCK in tables else {}
    flows = {str(kind): flow for kind, flow in block.flows.items()} if FLOWS in tables else {}
    return {**level, **flows}


def claim_arrays(block: Block, tables: Collection[str]) -> dict[str, Floats]:
    """Return the daily arrays by claim of which some tables have bands, by kind."""
    return {str(kind): figures for kind, figures in block.claims.items()} if CONSUMERS in tables else {}


def join_days(parts: Sequence[DailyPart]) -> dict[str, Bands]:
    """Concatenate parts by day; a kind may be missing in parts in which it does not occur."""
    keys = dict.fromkeys(key for part in parts for key in part.bands)
    whole = {}
    for key in keys:
        percents = next(part.bands[key] for part in parts if key in part.bands).quantiles
        zeros = [
            Bands(np.zeros(part.shape), {percent: np.zeros(part.shape) for percent in percents})
            for part in parts
        ]
        pieces = [part.bands.get(key, zero) for part, zero in zip(parts, zeros, strict=True)]
        whole[key] = Bands(
            np.concatenate([bands.mean for bands in pieces], axis=1),
            {
                percent: np.concatenate([bands.quantiles[percent] for bands in pieces], axis=1)
                for percent in percents
            },
        )
    return whole


class DailyBands:
    """Accumulate the level and flows of each pair over a range of days; arguments as of `aggregate`.

    `arrays` returns the daily arrays of a block, with `rows` pairs or claims.
    If `threads` process the rows in parallel, each row still adds its runs in the same order.
    """

    def __init__(
        self,
        axes: Axes,
        runs: int,
        threads: Executor | None = None,
        allocate: AllocateArray = np.empty,
        binning: BinningBackend = NUMPY_BINNING,
        tables: Collection[str] = TABLES,
        arrays: Callable[[Block, Collection[str]], dict[str, Floats]] = banded_arrays,
        rows: int | None = None,
    ) -> None:
        self._tables, self._arrays = tables, arrays
        self._pairs, self._days = len(axes.pairs) if rows is None else rows, 0
        self._max_runs = runs
        kinds = len(axes.pairs) * (len(axes.kinds) + 1) + len(axes.claims) * len(ClaimKind)
        size = 8 * runs * axes.days * kinds
        self._is_small = runs <= MAX_EXACT_RUNS and size <= MAX_VIEW_BYTES
        self._threads = threads
        self._allocate, self._binning = allocate, binning
        self._runs = 0
        self._counted: list[HistogramStore] = []
        self._rows: dict[tuple[str, int], BandRow] = {}

    def add(self, block: Block, days: slice) -> None:
        """Add the next runs; `days` selects the days of the block."""
        arrays = self._arrays(block, self._tables)
        known = dict.fromkeys([*arrays, *(key for key, _ in self._rows)])
        shape = next((array.shape for array in arrays.values()), block.level.shape)
        nothing = np.broadcast_to(np.float64(0.0), shape)
        self._days = nothing[:, :, days].shape[2]
        found: list[tuple[BandRow, Floats]] = []
        for key in known:
            values = np.moveaxis(arrays.get(key, nothing)[:, :, days], 0, -1)
            found += [(self._row(key, pair, values[pair]), values[pair]) for pair in range(self._pairs)]
        _map_threads(self._threads, lambda one: one[0].add(one[1]), found)
        self._runs += len(block.runs)

    def finish(self) -> DailyPart:
        """Return the bands, and release the memory of the runs."""
        made = dict(
            zip(self._rows, _map_threads(self._threads, _finish_row, self._rows.items()), strict=True)
        )
        self._rows.clear()
        keys = dict.fromkeys(key for key, _ in made)
        bands = {key: _stack_pairs(key, [made[key, pair] for pair in range(self._pairs)]) for key in keys}
        outside = sum(counted.beyond for counted in self._counted)
        return DailyPart(bands, (self._pairs, self._days), outside)

    def _row(self, key: str, pair: int, values: Floats) -> BandRow:
        if (key, pair) not in self._rows:
            # A kind that is new in this block was zero in earlier runs.
            first = np.zeros(len(values)) if self._runs else np.array(values[:, 0])
            self._rows[key, pair] = BandRow(first, self._store, self._runs)
        return self._rows[key, pair]

    def _store(self, first: Floats, before: int) -> BandStore:
        if self._is_small:
            return ViewStore(first, before)
        if self._max_runs <= MAX_EXACT_RUNS:
            return ExactStore(first, before, self._max_runs, self._allocate)
        counted = HistogramStore(first, before, self._binning)
        self._counted.append(counted)
        return counted


def _map_threads(threads: Executor | None, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    return list(map(work, items) if threads is None else threads.map(work, items))


def _percents_for(key: str) -> tuple[int, ...]:
    return LEVEL_PERCENTS if key == LEVEL else FLOW_PERCENTS


def _finish_row(item: tuple[tuple[str, int], BandRow]) -> tuple[Floats, Floats]:
    (key, _), row = item
    return row.bands(_percents_for(key))


def _stack_pairs(key: str, rows: Sequence[tuple[Floats, Floats]]) -> Bands:
    quantiles = np.stack([quantiles for _, quantiles in rows], axis=1)
    return Bands(np.stack([mean for mean, _ in rows]), dict(zip(_percents_for(key), quantiles, strict=True)))
