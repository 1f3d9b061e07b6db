"""From blocks of runs, one after the other, to an `Ensemble`: no block has to stay in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.account import Axes, Kind, Voyage
from sim.results import figures, histogram
from sim.results.block import Block, Place, join, small
from sim.results.columns import Column, Columns, FigureColumns
from sim.results.ensemble import EXACT, Bands, Ensemble
from sim.results.histogram import Counted
from sim.results.rows import Kept, Row, Store

Floats = NDArray[np.float64]
Again = Callable[[range], Iterable[Block]]

#: Up to so many runs every value is kept, and quantiles are exact.
EXACT_RUNS = 10_000
#: Bytes of values or counts that are kept at a time, where the blocks can be had again.
BUDGET = 1 << 30
PATH_RUNS = 5
LEVEL_PERCENTS = (5, 25, 50, 75, 95)
FLOW_PERCENTS = (5, 50, 95)
_LEVEL = "level"


def gather(blocks: Iterable[Block], runs: int, again: Again | None = None) -> Ensemble:
    """Return the runs of all blocks as an ensemble.

    Parameters
    ----------
    blocks : iterable of Block
        At least one, in order of run number; a block must not change once it is handed over. How the runs
        are cut into blocks changes no figure.
    runs : int
        How many runs there will be. Up to 10,000 (`EXACT_RUNS`) the quantiles are exact; beyond, they come
        from histograms (`sim.results.histogram` says within which error).
    again : callable, optional
        Gives the same blocks again for a range of days, their arrays by day (`level`, `flows`) then being
        of those days alone; the rest of a block is not looked at. Without it the values of all days are
        in memory at once; with it never more than `BUDGET` bytes, if one day needs no more.
    """
    found = iter(blocks)
    first = next(found)
    spans = _spans(first, runs) if again is not None else [range(first.axes.days)]
    gathering = Gathering(first.axes, runs, spans[0])
    for block in chain([first], found):
        gathering.add(block)
    del first
    for span in spans[1:]:
        gathering.turn(span)
        for block in again(span) if again is not None else ():
            gathering.add_days(block)
    return gathering.finish()


def _spans(block: Block, runs: int) -> list[range]:
    """Return ranges of days that each need no more than the budget, as far as the first block can tell."""
    days = block.axes.days
    arrays = [block.level, *block.flows.values()]
    rows = sum(int((array != array[:1]).any(axis=(0, 2)).sum()) for array in arrays)
    day = max(1, rows) * (8 * runs if runs <= EXACT_RUNS else histogram.BYTES)
    step = max(1, min(days, BUDGET // day))
    return [range(begin, min(begin + step, days)) for begin in range(0, days, step)]


class Gathering:
    """Takes the blocks of one scenario in order, and gives an `Ensemble` in the end.

    Parameters
    ----------
    axes : Axes
    runs : int
        How many runs there will be, at most.
    days : range, optional
        The days of which bands are made first; by default all. The others follow by `turn` and `add_days`.
    """

    def __init__(self, axes: Axes, runs: int, days: range | None = None) -> None:
        self._axes = axes
        self._most = runs
        self._span = range(axes.days) if days is None else days
        self._by_day = _ByDay(axes, runs)
        self._parts: list[_Part] = []
        self._numbers: list[NDArray[np.int64]] = []
        self._whole = FigureColumns(runs)
        # One pair is the whole.
        several = len(axes.pairs) > 1
        self._pairs = {place: FigureColumns(runs) for place in _consuming(axes) if several}
        self._opening, self._first_planned, self._planned = (Column(runs) for _ in range(3))
        self._drawn: Columns[str] = Columns(runs)
        self._months = _Months(axes)
        self._paths: list[tuple[int, Floats]] = []
        self._balance = 0.0
        self._voyages: list[Voyage] = []
        self._blocks: list[Block] | None = [] if small(axes, runs) else None

    def add(self, block: Block) -> None:
        """Take the next runs, with the arrays of all days."""
        self._by_day.add(block, slice(self._span.start, self._span.stop))
        self._numbers.append(np.array(block.runs, dtype=np.int64))
        sums = figures.sums(block)
        self._whole.add(figures.whole(block, sums))
        for place, columns in self._pairs.items():
            columns.add(figures.of_pair(block, sums, place))
        self._opening.add(figures.opening(block))
        for column, values in zip((self._first_planned, self._planned), figures.planned(block), strict=True):
            column.add(values)
        self._drawn.add(block.drawn)
        self._months.add(block)
        for place, run in enumerate(block.runs):
            if run < PATH_RUNS:
                self._paths.append((run, np.array(block.level[place])))
        self._balance = max(self._balance, float(block.balance.max()))
        self._voyages.extend(block.voyages)
        if self._blocks is not None:
            self._blocks.append(block)

    def turn(self, days: range) -> None:
        """Make the bands of the days so far, and turn to those that follow."""
        self._parts.append(self._by_day.finish())
        self._span = days
        self._by_day = _ByDay(self._axes, self._most)

    def add_days(self, block: Block) -> None:
        """Take the next runs; of the block only `level` and `flows` are used, of the days turned to."""
        self._by_day.add(block, slice(None))

    def finish(self) -> Ensemble:
        """Return the ensemble. The gathering is then used up."""
        parts = [*self._parts, self._by_day.finish()]
        bands = _joined(parts)
        whole = self._whole.figures()
        alone = dict.fromkeys(_consuming(self._axes), whole)
        return Ensemble(
            axes=self._axes,
            runs=np.concatenate(self._numbers),
            level=bands.pop(_LEVEL),
            flows={kind: bands[kind] for kind in Kind if kind in bands},
            months=self._months.means(),
            path_runs=tuple(run for run, _ in self._paths),
            paths=_stacked(self._axes, [levels for _, levels in self._paths]),
            whole=whole,
            pairs={place: columns.figures() for place, columns in self._pairs.items()} or alone,
            opening=self._opening.values(),
            first_planned=self._first_planned.values(),
            planned=self._planned.values(),
            drawn=self._drawn.values(),
            balance=self._balance,
            voyages=tuple(self._voyages),
            method=_method(self._most, sum(part.beyond for part in parts)),
            block=join(self._blocks) if self._blocks else None,
        )


def _consuming(axes: Axes) -> Iterator[int]:
    return (place for place, consuming in enumerate(axes.consuming) if consuming)


def _stacked(axes: Axes, levels: Sequence[Floats]) -> Floats:
    return np.stack(levels) if levels else np.empty((0, len(axes.pairs), axes.days))


def _method(runs: int, beyond: int) -> str:
    if runs <= EXACT_RUNS:
        return EXACT
    rest = f"; {beyond:,} quantiles lie outside the bins, between them and the extreme run" if beyond else ""
    return f"{histogram.METHOD}{rest}"


class _Part(NamedTuple):
    """The bands of some days, by `_LEVEL` or kind."""

    bands: Mapping[str, Bands]
    beyond: int


def _joined(parts: Sequence[_Part]) -> dict[str, Bands]:
    """Return the bands of all days. A kind may be missing where none of it was in those days."""
    keys = dict.fromkeys(key for part in parts for key in part.bands)
    shapes = [part.bands[_LEVEL].mean.shape for part in parts]
    joined = {}
    for key in keys:
        percents = next(part.bands[key] for part in parts if key in part.bands).quantiles
        zeros = [
            Bands(np.zeros(shape), {percent: np.zeros(shape) for percent in percents}) for shape in shapes
        ]
        found = [part.bands.get(key, zero) for part, zero in zip(parts, zeros, strict=True)]
        joined[key] = Bands(
            np.concatenate([bands.mean for bands in found], axis=1),
            {
                percent: np.concatenate([bands.quantiles[percent] for bands in found], axis=1)
                for percent in percents
            },
        )
    return joined


class _ByDay:
    """The level and the flows of each pair over some days."""

    def __init__(self, axes: Axes, runs: int) -> None:
        self._pairs = len(axes.pairs)
        self._most = runs
        self._runs = 0
        self._beyond: list[Counted] = []
        self._rows: dict[tuple[str, int], Row] = {}

    def add(self, block: Block, days: slice) -> None:
        """Take the next runs; `days` says which of the days in the block."""
        arrays: dict[str, Floats] = {
            _LEVEL: block.level,
            **{str(kind): flow for kind, flow in block.flows.items()},
        }
        known = dict.fromkeys([*arrays, *(key for key, _ in self._rows)])
        nothing = np.broadcast_to(np.float64(0.0), block.level.shape)
        for key in known:
            values = np.moveaxis(arrays.get(key, nothing)[:, :, days], 0, -1)
            for pair in range(self._pairs):
                self._row(key, pair, values[pair]).add(values[pair])
        self._runs += len(block.level)

    def _row(self, key: str, pair: int, values: Floats) -> Row:
        if (key, pair) not in self._rows:
            # Runs of earlier blocks had nothing of a kind that comes up now.
            first = np.zeros(len(values)) if self._runs else np.array(values[:, 0])
            self._rows[key, pair] = Row(first, self._store, self._runs)
        return self._rows[key, pair]

    def _store(self, first: Floats, before: int) -> Store:
        if self._most <= EXACT_RUNS:
            return Kept(first, before, self._most)
        counted = Counted(first, before)
        self._beyond.append(counted)
        return counted

    def finish(self) -> _Part:
        """Return the bands; the memory of the runs is free then."""
        keys = list(dict.fromkeys(key for key, _ in self._rows))
        bands = {key: self._bands(key) for key in keys}
        return _Part(bands, sum(counted.beyond for counted in self._beyond))

    def _bands(self, key: str) -> Bands:
        percents = LEVEL_PERCENTS if key == _LEVEL else FLOW_PERCENTS
        found = [self._rows.pop((key, pair)).bands(percents) for pair in range(self._pairs)]
        quantiles = np.stack([quantiles for _, quantiles in found], axis=1)
        return Bands(np.stack([mean for mean, _ in found]), dict(zip(percents, quantiles, strict=True)))


class _Months:
    """Sums over runs of the figures by origin and month."""

    def __init__(self, axes: Axes) -> None:
        self._shape = len(axes.pairs), len(axes.origins)
        self._runs = 0
        self._sums: dict[Place, Floats] = {}

    def add(self, block: Block) -> None:
        for key, values in block.months.items():
            before = self._sums.get(key, np.zeros(values.shape[1]))
            # One run after the other: the sum does not depend on how runs are cut into blocks.
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
