"""Daily values of one quantity at one depot and munition in all runs, kept for their mean and quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.results.quantiles import quantile_rank

Floats = NDArray[np.float64]
AllocateArray = Callable[[tuple[int, ...]], Floats]
#: Values sorted at a time: some hundred kilobytes, which fit the processor cache.
_VALUES_PER_CHUNK = 1 << 15


class BandStore(Protocol):
    """Store of the runs of a row, as values or as counts."""

    def add(self, values: Floats) -> None:
        """Add the next runs, an array of shape (days, n)."""
        ...

    def bands(self, percents: Sequence[int]) -> tuple[Floats, Floats]:
        """Return the mean, shape (days,), and the quantiles, shape (q, days); call once."""
        ...


class BandRow:
    """One figure of one pair by day; so far, all `runs` runs equal `first`, shape (days,).

    `make` creates a store from `first` and the number of earlier runs equal to it.
    """

    def __init__(self, first: Floats, make: Callable[[Floats, int], BandStore], runs: int) -> None:
        self._first = first
        self._make = make
        self._runs = runs
        self._store: BandStore | None = None

    def add(self, values: Floats) -> None:
        """Add the next runs, an array of shape (days, n)."""
        if self._store is None:
            if (values == self._first[:, np.newaxis]).all():
                self._runs += values.shape[1]
                return
            self._store = self._make(self._first, self._runs)
        self._store.add(values)

    def bands(self, percents: Sequence[int]) -> tuple[Floats, Floats]:
        """Return the mean, shape (days,), and the quantiles, shape (q, days); call once."""
        if self._store is None:
            # Turn minus zero into zero, as in the quantiles.
            same = self._first + 0.0
            return same, np.tile(same, (len(percents), 1))
        store, self._store = self._store, None
        return store.bands(percents)


class ViewStore:
    """Store of views of the values of all runs, for exact quantiles; `before` ones equal `first`.

    Nothing is copied before the quantiles are needed, so that the memory of the blocks stays in use.
    """

    def __init__(self, first: Floats, before: int) -> None:
        same = np.broadcast_to(first[:, np.newaxis], (len(first), before))
        self._parts = [same]

    def add(self, values: Floats) -> None:
        """Add the next runs, an array of shape (days, n), which the caller must not modify."""
        self._parts.append(values)

    def bands(self, percents: Sequence[int]) -> tuple[Floats, Floats]:
        """Return the mean and the inverted-CDF quantiles (rule 32)."""
        runs = sum(part.shape[1] for part in self._parts)

        def gather(days: slice) -> Floats:
            return np.concatenate([part[days] for part in self._parts], axis=1)

        return _exact_bands(gather, len(self._parts[0]), runs, percents)


class ExactStore:
    """Store of the values of at most `runs` runs, for exact quantiles; `before` ones equal `first`."""

    def __init__(self, first: Floats, before: int, runs: int, allocate: AllocateArray = np.empty) -> None:
        self._values = allocate((len(first), runs))
        self._values[:, :before] = first[:, np.newaxis]
        self._runs = before

    def add(self, values: Floats) -> None:
        """Add the next runs, an array of shape (days, n)."""
        until = self._runs + values.shape[1]
        self._values[:, self._runs : until] = values
        self._runs = until

    def bands(self, percents: Sequence[int]) -> tuple[Floats, Floats]:
        """Return the mean and the inverted-CDF quantiles (rule 32); sorts the values in place."""
        runs = self._runs
        return _exact_bands(lambda days: self._values[days, :runs], len(self._values), runs, percents)


def _exact_bands(
    gather: Callable[[slice], Floats], days: int, runs: int, percents: Sequence[int]
) -> tuple[Floats, Floats]:
    """Return mean and quantiles; `gather` returns the values of some days, which are sorted in place."""
    places = [quantile_rank(runs, percent) for percent in percents]
    mean, quantiles = np.empty(days), np.empty((len(places), days))
    step = max(1, _VALUES_PER_CHUNK // runs)
    for day in range(0, days, step):
        part = gather(slice(day, day + step))
        part.sort(axis=-1)
        quantiles[:, day : day + step] = part[:, places].T
        # Clip, since a mean of equal numbers may differ from them in the last digit.
        mean[day : day + step] = np.clip(part.sum(axis=-1) / runs, part[:, 0], part[:, -1])
    return mean + 0.0, quantiles + 0.0
