"""One figure of one pair over all runs, day by day: nothing is stored while all runs are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.results.quantiles import quantile_rank

Floats = NDArray[np.float64]
AllocateArray = Callable[[tuple[int, ...]], Floats]
#: Days that are sorted together: some hundred kilobytes, which stay near the processor.
_VALUES_PER_CHUNK = 1 << 15


class BandStore(Protocol):
    """What keeps the runs of a row, or counts them."""

    def add(self, values: Floats) -> None:
        """Take the next runs: an array of shape (days, n)."""
        ...

    def bands(self, percents: Sequence[int]) -> tuple[Floats, Floats]:
        """Return the mean, shape (days,), and the quantiles, shape (q, days); the store is then used up."""
        ...


class BandRow:
    """One figure of one pair by day.

    Parameters
    ----------
    first : array, shape (days,)
        The figure in the first run.
    make : callable
        From `first` and a number of earlier runs that were all like it to a store.
    runs : int
        How many runs have been like `first` so far.
    """

    def __init__(self, first: Floats, make: Callable[[Floats, int], BandStore], runs: int = 0) -> None:
        self._first = first
        self._make = make
        self._runs = runs
        self._store: BandStore | None = None

    def add(self, values: Floats) -> None:
        """Take the next runs: an array of shape (days, n)."""
        if self._store is None:
            if (values == self._first[:, np.newaxis]).all():
                self._runs += values.shape[1]
                return
            self._store = self._make(self._first, self._runs)
        self._store.add(values)

    def bands(self, percents: Sequence[int]) -> tuple[Floats, Floats]:
        """Return the mean, shape (days,), and the quantiles, shape (q, days); the row is then used up."""
        if self._store is None:
            # Minus zero becomes zero, as among the quantiles.
            same = self._first + 0.0
            return same, np.tile(same, (len(percents), 1))
        store, self._store = self._store, None
        return store.bands(percents)


class ExactStore:
    """A store that keeps every run, for bands that are exact.

    Parameters
    ----------
    first : array, shape (days,)
    before : int
        Earlier runs, all like `first`.
    runs : int
        The most runs that there will be.
    empty : callable
        Gives an array of a shape, with anything in it.
    """

    def __init__(self, first: Floats, before: int, runs: int, empty: AllocateArray = np.empty) -> None:
        self._values = empty((len(first), runs))
        self._values[:, :before] = first[:, np.newaxis]
        self._runs = before

    def add(self, values: Floats) -> None:
        """Take the next runs: an array of shape (days, n)."""
        until = self._runs + values.shape[1]
        self._values[:, self._runs : until] = values
        self._runs = until

    def bands(self, percents: Sequence[int]) -> tuple[Floats, Floats]:
        """Return the mean and the inverted-CDF quantiles (rule 32); the values are then in no order."""
        days, runs = len(self._values), self._runs
        places = [quantile_rank(runs, percent) for percent in percents]
        mean, quantiles = np.empty(days), np.empty((len(places), days))
        step = max(1, _VALUES_PER_CHUNK // runs)
        for day in range(0, days, step):
            part = self._values[day : day + step, :runs]
            part.sort(axis=-1)
            quantiles[:, day : day + step] = part[:, places].T
            # A mean of equal numbers may differ from them in the last digit.
            mean[day : day + step] = np.clip(part.sum(axis=-1) / runs, part[:, 0], part[:, -1])
        return mean + 0.0, quantiles + 0.0
