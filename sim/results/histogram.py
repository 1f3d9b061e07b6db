"""Approximate quantiles of many runs from daily histograms, with bins fixed by the first runs.

The bins of a day are ``[k / s, (k + 1) / s)`` for 2,048 consecutive integers k, with s a power of two, so
that one exact multiplication gives the bin of a value. s is the largest for which the bins cover the middle
96 % of the first runs. Values outside are counted as below or above.

A quantile falls into the same bin as the exact one, so its error is less than the width of the bin. Within
the bin it is an atom (a value that several of the first runs share, such as zero) if its rank falls on one,
else an interpolation between the edges by rank.

Counts are integers and do not depend on order. Sums are taken over groups of fixed length from run 0, so
they do not depend on the size of the blocks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.results.binning import NUMPY_BINNING, BinningBackend
from sim.results.quantiles import quantile_rank

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

#: First runs, which fix the bins.
PILOT_RUNS = 2048
#: Runs counted at a time.
PAGE_RUNS = 4096
#: Runs summed at a time; divides the two above.
GROUP_RUNS = 128
BINS = 2048
#: Bins in a row of counts: below, the bins, above.
_WIDTH = BINS + 2
_PILOT_QUANTILES = 256
#: Memory in bytes of one day of a row.
BYTES_PER_DAY = 8 * PILOT_RUNS + 2 * PAGE_RUNS + 4 * _WIDTH + 8 * _PILOT_QUANTILES + 16 * GROUP_RUNS
#: The bins cover the range between these percentiles of the pilot.
_CENTRE_PERCENTS = (2, 98)
#: Least width of that range, relative or in shells.
_MIN_SPREAD = 1e-6
#: Days processed at a time, to fit the processor cache.
_DAYS_PER_CHUNK = 64
#: Since `scale` is a power of two, a bin may be almost 2 / (BINS - 4) of that range.
METHOD_TEXT = (
    f"histograms of {BINS:,} bins fixed from the first {PILOT_RUNS:,} runs: each quantile is off by less "
    "than 1/1,000 of the range that holds the middle 96 % of those runs on its day (or 1e-9 of its own size)"
)


class HistogramStore:
    """Store of runs as counts in bins; the `before` earlier runs equal `first`, shape (days,).

    Attributes
    ----------
    beyond : int
        Number of quantiles outside the bins, set by `bands`.
    """

    def __init__(self, first: Floats, before: int, binning: BinningBackend = NUMPY_BINNING) -> None:
        self.beyond = 0
        self._binning = binning
        self._first = first
        self._at = before % PILOT_RUNS
        self._repeated = before - self._at
        self._pilot = np.empty((len(first), PILOT_RUNS))
        self._pilot[:, : self._at] = first[:, np.newaxis]
        self._grid: _BinGrid | None = None

    def add(self, values: Floats) -> None:
        """Add the next runs, an array of shape (days, n)."""
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
        """Add runs to a group that already has `begin` of them."""
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
        """Return bins fitted to the first runs, and assign these runs."""
        grid = _BinGrid(pilot, self._binning)
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
    """Bins and counts by day; internally, values are multiplied by `scale`."""

    def __init__(self, pilot: Floats, binning: BinningBackend) -> None:
        days, runs = pilot.shape
        self.beyond = 0
        self._binning = binning
        self._runs = 0
        self._levels = np.empty((days, _PILOT_QUANTILES))
        ends = np.empty((2, days))
        # Midpoints of 256 equal parts of the sorted runs.
        middles = (2 * np.arange(_PILOT_QUANTILES) + 1) * runs // (2 * _PILOT_QUANTILES)
        places = [quantile_rank(runs, percent) for percent in _CENTRE_PERCENTS]
        for day in range(0, days, _DAYS_PER_CHUNK):
            ordered = np.sort(pilot[day : day + _DAYS_PER_CHUNK], axis=-1)
            self._levels[day : day + _DAYS_PER_CHUNK] = ordered[:, middles]
            ends[:, day : day + _DAYS_PER_CHUNK] = ordered[:, places].T
        span = np.maximum(ends[1] - ends[0], _MIN_SPREAD * np.maximum(1.0, np.abs(ends).max(axis=0)))
        self.scale = np.ldexp(1.0, np.floor(np.log2((BINS - 4) / span)).astype(np.int64))
        self._levels *= self.scale[:, np.newaxis]
        #: Lower edge of the first bin.
        self._base = np.floor(ends.mean(axis=0) * self.scale) - BINS // 2
        self._counts = np.zeros((days, _WIDTH), np.int32)
        # One sum for each position in a group, so that additions are independent and vectorize.
        self._sums = np.zeros((days, GROUP_RUNS))
        self._least, self._most = np.full(days, np.inf), np.full(days, -np.inf)

    def repeat(self, values: Floats, times: int) -> None:
        """Count one run (unscaled values by day) `times` times."""
        if times:
            scaled = values * self.scale
            self._counts[np.arange(len(values)), self._bins(scaled[:, np.newaxis])[:, 0]] += times
            self._sums[:, 0] += scaled * times
            np.minimum(self._least, scaled, out=self._least)
            np.maximum(self._most, scaled, out=self._most)
            self._runs += times

    def assign_bins(self, values: Floats, runs: int, places: NDArray[np.uint16], first: int) -> None:
        """Write the bins of the runs of a group, shape (days, GROUP_RUNS), and sum the values."""
        bins = self.scale, 1.0 - self._base, _WIDTH - 1.0
        self._binning.assign_bins(values, runs, *bins, self._sums, self._least, self._most, places, first)
        self._runs += runs

    def count_bins(self, places: NDArray[np.uint16], runs: int) -> None:
        """Add the bins of runs to the counts."""
        self._binning.count_bins(places, runs, self._counts)

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
        """Return the bin of each value, shape (days, n): 0 below, 1 to `BINS`, `BINS` + 1 above."""
        shifted = values + (1.0 - self._base[here, np.newaxis])
        return np.asarray(np.clip(shifted, 0.0, _WIDTH - 1.0).astype(np.int64))

    def _quantile(self, here: slice, reached: Ints, rank: int) -> Floats:
        """Return the scaled value of a rank, counted from 1, for a slice of days."""
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
        """Return the pilot value at the same rank within the bin, and whether it is an atom."""
        levels = self._levels[here]
        of_levels = self._bins(levels, here)
        before = (of_levels < bins[:, np.newaxis]).sum(axis=1)
        many = (of_levels == bins[:, np.newaxis]).sum(axis=1)
        place = before + np.maximum(-(-order * many // inside) - 1, 0)
        value = np.take_along_axis(levels, np.minimum(place, _PILOT_QUANTILES - 1)[:, np.newaxis], axis=1)
        return value[:, 0], (many > 0) & ((levels == value).sum(axis=1) > 1)
