"""Bands of very many runs: each day's values counted in bins that the first runs fix.

The bins of a day are ``[k / s, (k + 1) / s)`` for 2,048 whole numbers k in a row, s a power of two, so that a
value's bin is one exact multiplication; they lie around the range that holds the middle 96 % of the first
runs, and s is the largest with which they cover it. What lies outside is counted below or above.
A quantile is found in the very bin in which that of all runs lies, and so is off by less than the bin's
width. Within the bin it is an atom of the first runs (a number that many of them share, such as zero), where
its rank falls on one, and else lies between the edges in proportion to its rank.

Counts are whole numbers and do not depend on any order. Runs are added up in groups of fixed length counted
from run 0, whatever the blocks in which they come, so that sums do not depend on the blocks either.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.results.binning import NUMPY_BINNING, BinningBackend
from sim.results.quantiles import quantile_rank

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: The runs that fix the bins.
PILOT_RUNS = 2048
#: The runs that are counted together.
PAGE_RUNS = 4096
#: The runs that are added up together; the two above are whole numbers of these.
GROUP_RUNS = 128
BINS = 2048
#: Bins in a row of counts: below, the bins, above.
_WIDTH = BINS + 2
_PILOT_QUANTILES = 256
#: Memory of a day while it is counted.
BYTES_PER_DAY = 8 * PILOT_RUNS + 2 * PAGE_RUNS + 4 * _WIDTH + 8 * _PILOT_QUANTILES + 16 * GROUP_RUNS
#: The bins cover the pilot's values from the one percent to the other.
_CENTRE_PERCENTS = (2, 98)
#: A range smaller than this, relative or in shells, is taken for as wide as this.
_MIN_SPREAD = 1e-6
#: Days that are seen to together: they stay near the processor.
_DAYS_PER_CHUNK = 64
#: As `scale` is a power of two, a bin may be almost 2 / (BINS - 4) of that range.
METHOD_TEXT = (
    f"histograms of {BINS:,} bins fixed from the first {PILOT_RUNS:,} runs: each quantile is off by less than "
    "1/1,000 of the range that holds the middle 96 % of those runs on its day (or 1e-9 of its own size)"
)


class HistogramStore:
    """A store that counts runs in bins.

    Parameters
    ----------
    first : array, shape (days,)
    before : int
        Earlier runs, all like `first`.
    counting : Counting
        How it is done: each way gives the same.

    Attributes
    ----------
    beyond : int
        After `bands`: how many quantiles lie outside the bins, between them and the extreme run.
    """

    def __init__(self, first: Floats, before: int, counting: BinningBackend = NUMPY_BINNING) -> None:
        self.beyond = 0
        self._counting = counting
        self._first = first
        self._at = before % PILOT_RUNS
        self._repeated = before - self._at
        self._pilot = np.empty((len(first), PILOT_RUNS))
        self._pilot[:, : self._at] = first[:, np.newaxis]
        self._grid: _BinGrid | None = None

    def add(self, values: Floats) -> None:
        """Take the next runs: an array of shape (days, n)."""
        taken, runs = 0, values.shape[1]
        while taken < runs:
            step = PILOT_RUNS if self._grid is None else GROUP_RUNS
            begin = self._at % step
            fits = min(step - begin, runs - taken)
            part = values[:, taken : taken + fits]
            if self._grid is None:
                self._pilot[:, begin : begin + fits] = part
            else:
                self._take_runs(self._grid, begin, part)
            taken += fits
            self._at += fits
            if self._at == PILOT_RUNS and self._grid is None:
                self._grid = self._fit_bins(self._pilot)
            elif self._at == PAGE_RUNS and self._grid is not None:
                self._count(self._grid)

    def bands(self, percents: Sequence[int]) -> tuple[Floats, Floats]:
        """Return the mean, shape (days,), and the quantiles, shape (q, days)."""
        grid = self._grid
        if grid is None:
            grid = self._fit_bins(self._pilot[:, : self._at])
        elif left := self._at % GROUP_RUNS:
            grid.assign_bins(self._group, left, self._places, self._at - left)
        self._count(grid)
        del self._places, self._group
        mean, found = grid.mean(), grid.quantiles(percents)
        self.beyond = grid.beyond
        return mean, found

    def _take_runs(self, grid: _BinGrid, begin: int, part: Floats) -> None:
        """Take runs of one group, which has so many already."""
        until, first = begin + part.shape[1], self._at - begin
        if until - begin < GROUP_RUNS or not part.flags.c_contiguous:
            self._group[:, begin:until] = part
            part = self._group
        if until == GROUP_RUNS:
            grid.assign_bins(part, GROUP_RUNS, self._places, first)

    def _count(self, grid: _BinGrid) -> None:
        grid.count_bins(self._places, self._at)
        self._at = 0

    def _fit_bins(self, pilot: Floats) -> _BinGrid:
        """Return bins that fit the first runs, which are then placed in them."""
        grid = _BinGrid(pilot, self._counting)
        grid.repeat(self._first, self._repeated)
        days, runs = pilot.shape
        self._places = np.empty((days, PAGE_RUNS), np.uint16)
        self._group = np.empty((days, GROUP_RUNS))
        for first in range(0, runs, GROUP_RUNS):
            part = pilot[:, first : first + GROUP_RUNS]
            self._group[:, : part.shape[1]] = part
            grid.assign_bins(self._group, part.shape[1], self._places, first)
        del self._pilot
        return grid


class _BinGrid:
    """Bins and counts, a row a day; inside, a value is in bins: its number times `scale`."""

    def __init__(self, pilot: Floats, counting: BinningBackend) -> None:
        days, runs = pilot.shape
        self.beyond = 0
        self._counting = counting
        self._runs = 0
        self._levels = np.empty((days, _PILOT_QUANTILES))
        ends = np.empty((2, days))
        # The middle of each of 256 equal parts of the sorted runs.
        middles = (2 * np.arange(_PILOT_QUANTILES) + 1) * runs // (2 * _PILOT_QUANTILES)
        places = [quantile_rank(runs, percent) for percent in _CENTRE_PERCENTS]
        for day in range(0, days, _DAYS_PER_CHUNK):
            ordered = np.sort(pilot[day : day + _DAYS_PER_CHUNK], axis=-1)
            self._levels[day : day + _DAYS_PER_CHUNK] = ordered[:, middles]
            ends[:, day : day + _DAYS_PER_CHUNK] = ordered[:, places].T
        span = np.maximum(ends[1] - ends[0], _MIN_SPREAD * np.maximum(1.0, np.abs(ends).max(axis=0)))
        self.scale = np.ldexp(1.0, np.floor(np.log2((BINS - 4) / span)).astype(np.int64))
        self._levels *= self.scale[:, np.newaxis]
        #: The lower edge of the first bin.
        self._base = np.floor(ends.mean(axis=0) * self.scale) - BINS // 2
        self._counts = np.zeros((days, _WIDTH), np.int32)
        # By place in a group: so that a sum does not wait for the one before.
        self._sums = np.zeros((days, GROUP_RUNS))
        self._least, self._most = np.full(days, np.inf), np.full(days, -np.inf)

    def repeat(self, values: Floats, times: int) -> None:
        """Count one run, by day and not yet in bins, so many times."""
        if times:
            scaled = values * self.scale
            self._counts[np.arange(len(values)), self._bins(scaled[:, np.newaxis])[:, 0]] += times
            self._sums[:, 0] += scaled * times
            np.minimum(self._least, scaled, out=self._least)
            np.maximum(self._most, scaled, out=self._most)
            self._runs += times

    def assign_bins(self, values: Floats, runs: int, places: NDArray[np.uint16], first: int) -> None:
        """Write the bins of some runs of a group, shape (days, GROUP), and add up the values."""
        bins = self.scale, 1.0 - self._base, _WIDTH - 1.0
        self._counting.assign_bins(values, runs, *bins, self._sums, self._least, self._most, places, first)
        self._runs += runs

    def count_bins(self, places: NDArray[np.uint16], runs: int) -> None:
        """Count the bins of some runs."""
        self._counting.count_bins(places, runs, self._counts)

    def mean(self) -> Floats:
        """Return the mean by day, in shells."""
        return np.asarray(
            np.clip(self._sums.sum(axis=1) / self._runs, self._least, self._most) / self.scale + 0.0
        )

    def quantiles(self, percents: Sequence[int]) -> Floats:
        """Return quantiles in shells, shape (q, days)."""
        found = np.empty((len(percents), len(self.scale)))
        for day in range(0, len(self.scale), _DAYS_PER_CHUNK):
            here = slice(day, day + _DAYS_PER_CHUNK)
            reached = np.cumsum(self._counts[here], axis=1, dtype=np.int64)
            for place, percent in enumerate(percents):
                found[place, here] = self._quantile(here, reached, quantile_rank(self._runs, percent) + 1)
        found = np.clip(found, self._least, self._most) / self.scale
        return np.asarray(np.maximum.accumulate(found, axis=0) + 0.0)

    def _bins(self, values: Floats, here: slice = slice(None)) -> Ints:
        """Return the bin of each value, shape (days, n): 0 below, 1 to `BINS`, and one more above."""
        shifted = values + (1.0 - self._base[here, np.newaxis])
        return np.asarray(np.clip(shifted, 0.0, _WIDTH - 1.0).astype(np.int64))

    def _quantile(self, here: slice, reached: Ints, rank: int) -> Floats:
        """Return the value of a rank, counted from 1, for some days, in bins."""
        rows = np.arange(len(reached))
        bins = (reached < rank).sum(axis=1)
        inside = self._counts[here][rows, bins].astype(np.int64)
        order = rank - (reached[rows, bins] - inside)
        self.beyond += int(((bins == 0) | (bins == _WIDTH - 1)).sum())
        low, high = self._edges(here, bins)
        between = low + (high - low) * (order - 0.5) / inside
        atom, known = self._atom(here, bins, order, inside)
        return np.where(known, atom, between)

    def _edges(self, here: slice, bins: Ints) -> tuple[Floats, Floats]:
        low, high = self._base[here] + bins - 1.0, self._base[here] + bins
        return (
            np.where(bins == 0, np.minimum(self._least[here], high), low),
            np.where(bins == _WIDTH - 1, np.maximum(self._most[here], low), high),
        )

    def _atom(self, here: slice, bins: Ints, order: Ints, inside: Ints) -> tuple[Floats, NDArray[np.bool_]]:
        """Return the pilot's value at the same rank within the bin, and whether several runs share it."""
        levels = self._levels[here]
        of_levels = self._bins(levels, here)
        before = (of_levels < bins[:, np.newaxis]).sum(axis=1)
        many = (of_levels == bins[:, np.newaxis]).sum(axis=1)
        place = before + np.maximum(-(-order * many // inside) - 1, 0)
        value = np.take_along_axis(levels, np.minimum(place, _PILOT_QUANTILES - 1)[:, np.newaxis], axis=1)
        return value[:, 0], (many > 0) & ((levels == value).sum(axis=1) > 1)
