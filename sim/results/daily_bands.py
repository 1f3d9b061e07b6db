"""The level and the flows of each pair day by day: a row for each, and the bands of its runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.account import Axes
from sim.results.band_store import AllocateArray, BandRow, BandStore, ExactStore
from sim.results.binning import NUMPY_BINNING, BinningBackend
from sim.results.block import Block
from sim.results.ensemble_results import Bands
from sim.results.histogram import HistogramStore

Floats = NDArray[np.float64]
T = TypeVar("T")
R = TypeVar("R")

#: Up to so many runs every value is kept, and quantiles are exact.
MAX_EXACT_RUNS = 10_000
LEVEL_PERCENTS = (5, 25, 50, 75, 95)
FLOW_PERCENTS = (5, 50, 95)
LEVEL = "level"


class DailyPart(NamedTuple):
    """The bands of some days, by `LEVEL` or kind; and how many quantiles lie outside the bins."""

    bands: Mapping[str, Bands]
    outside_bins: int


def join_days(parts: Sequence[DailyPart]) -> dict[str, Bands]:
    """Return the bands of all days. A kind may be missing where none of it was in those days."""
    keys = dict.fromkeys(key for part in parts for key in part.bands)
    shapes = [part.bands[LEVEL].mean.shape for part in parts]
    whole = {}
    for key in keys:
        percents = next(part.bands[key] for part in parts if key in part.bands).quantiles
        zeros = [
            Bands(np.zeros(shape), {percent: np.zeros(shape) for percent in percents}) for shape in shapes
        ]
        found = [part.bands.get(key, zero) for part, zero in zip(parts, zeros, strict=True)]
        whole[key] = Bands(
            np.concatenate([bands.mean for bands in found], axis=1),
            {
                percent: np.concatenate([bands.quantiles[percent] for bands in found], axis=1)
                for percent in percents
            },
        )
    return whole


class DailyBands:
    """The level and the flows of each pair over some days.

    Parameters
    ----------
    axes : Axes
    runs : int
        How many runs there will be, at most.
    threads : Executor, optional
        See to the rows, each to one at a time: a row takes its runs in the same order with or without them.
    empty : callable
        Where the memory comes from in which runs are kept; see `rows.Kept`.
    counting : Counting
        How runs are counted that are not kept.
    """

    def __init__(
        self,
        axes: Axes,
        runs: int,
        threads: Executor | None = None,
        empty: AllocateArray = np.empty,
        counting: BinningBackend = NUMPY_BINNING,
    ) -> None:
        self._pairs = len(axes.pairs)
        self._most = runs
        self._threads = threads
        self._empty, self._counting = empty, counting
        self._runs = 0
        self._counted: list[HistogramStore] = []
        self._rows: dict[tuple[str, int], BandRow] = {}

    def add(self, block: Block, days: slice) -> None:
        """Take the next runs; `days` says which of the days in the block."""
        arrays: dict[str, Floats] = {
            LEVEL: block.level,
            **{str(kind): flow for kind, flow in block.flows.items()},
        }
        known = dict.fromkeys([*arrays, *(key for key, _ in self._rows)])
        nothing = np.broadcast_to(np.float64(0.0), block.level.shape)
        found: list[tuple[BandRow, Floats]] = []
        for key in known:
            values = np.moveaxis(arrays.get(key, nothing)[:, :, days], 0, -1)
            found += [(self._row(key, pair, values[pair]), values[pair]) for pair in range(self._pairs)]
        _map_threads(self._threads, lambda one: one[0].add(one[1]), found)
        self._runs += len(block.level)

    def finish(self) -> DailyPart:
        """Return the bands; the memory of the runs is free then."""
        made = dict(
            zip(self._rows, _map_threads(self._threads, _finish_row, self._rows.items()), strict=True)
        )
        self._rows.clear()
        keys = dict.fromkeys(key for key, _ in made)
        bands = {key: _stack_pairs(key, [made[key, pair] for pair in range(self._pairs)]) for key in keys}
        return DailyPart(bands, sum(counted.beyond for counted in self._counted))

    def _row(self, key: str, pair: int, values: Floats) -> BandRow:
        if (key, pair) not in self._rows:
            # Runs of earlier blocks had nothing of a kind that comes up now.
            first = np.zeros(len(values)) if self._runs else np.array(values[:, 0])
            self._rows[key, pair] = BandRow(first, self._store, self._runs)
        return self._rows[key, pair]

    def _store(self, first: Floats, before: int) -> BandStore:
        if self._most <= MAX_EXACT_RUNS:
            return ExactStore(first, before, self._most, self._empty)
        counted = HistogramStore(first, before, self._counting)
        self._counted.append(counted)
        return counted


def _map_threads(threads: Executor | None, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    return list(map(work, items) if threads is None else threads.map(work, items))


def _percents_for(key: str) -> tuple[int, ...]:
    return LEVEL_PERCENTS if key == LEVEL else FLOW_PERCENTS


def _finish_row(item: tuple[tuple[str, int], BandRow]) -> tuple[Floats, Floats]:
    (key, _), row = item
    return row.bands(_percents_for(key))


def _stack_pairs(key: str, found: Sequence[tuple[Floats, Floats]]) -> Bands:
    quantiles = np.stack([quantiles for _, quantiles in found], axis=1)
    return Bands(np.stack([mean for mean, _ in found]), dict(zip(_percents_for(key), quantiles, strict=True)))
