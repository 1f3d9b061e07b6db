"""Assign values to histogram bins and count them, with numpy or a faster backend of an engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BinIndices = NDArray[np.uint16]
Counts = NDArray[np.int32]

#: Days of a group that are binned together, and of a page that are counted together, to fit the cache.
_VALUES_PER_GROUP = 1024
_VALUES_PER_PAGE = 16


class BinningBackend(NamedTuple):
    """Implementations of `assign_bins` and `count_bins`, with bit-identical results in the same arrays."""

    assign_bins: Callable[[Floats, int, Floats, Floats, float, Floats, Floats, Floats, BinIndices, int], None]
    count_bins: Callable[[BinIndices, int, Counts], None]


def assign_bins(
    values: Floats,
    runs: int,
    scale: Floats,
    shift: Floats,
    last: float,
    sums: Floats,
    least: Floats,
    most: Floats,
    places: BinIndices,
    first: int,
) -> None:
    """Compute the bins of values, and update their sums and extremes, in place.

    Parameters
    ----------
    values : array, shape (days, n)
    runs : int
        Number of values to use of each day.
    scale, shift : array, shape (days,)
        The bin of a value is the integer part of ``value * scale + shift``, clipped to 0 and `last`.
    last : float
        Last bin, for all values above the range.
    sums : array, shape (days, n)
        Incremented by ``value * scale``.
    least, most : array, shape (days,)
        Smallest and largest ``value * scale`` so far.
    places : array, shape (days, m)
        Receives the bins.
    first : int
        Column of `places` to start at.
    """
    buffer = np.empty((_VALUES_PER_GROUP, runs))
    for day in range(0, len(values), _VALUES_PER_GROUP):
        here = slice(day, min(day + _VALUES_PER_GROUP, len(values)))
        bins = np.multiply(values[here, :runs], scale[here, np.newaxis], out=buffer[: here.stop - day])
        sums[here, :runs] += bins
        np.minimum(least[here], bins.min(axis=-1), out=least[here])
        np.maximum(most[here], bins.max(axis=-1), out=most[here])
        bins += shift[here, np.newaxis]
        np.clip(bins, 0.0, last, out=bins)
        np.copyto(places[here, first : first + runs], bins, casting="unsafe")


def count_bins(places: BinIndices, runs: int, counts: Counts) -> None:
    """Add the bins in the first `runs` columns of `places`, shape (days, m), to counts, (days, bins)."""
    days, width = counts.shape
    moved = np.empty((_VALUES_PER_PAGE, runs), np.int64)
    # Offset of each day in the flattened counts, so that one bincount serves all days.
    begins = (np.arange(_VALUES_PER_PAGE) * width)[:, np.newaxis]
    for day in range(0, days, _VALUES_PER_PAGE):
        part = places[day : day + _VALUES_PER_PAGE, :runs]
        rows = len(part)
        np.copyto(moved[:rows], part)
        moved[:rows] += begins[:rows]
        counted = np.bincount(moved[:rows].ravel(), minlength=rows * width)
        counts[day : day + rows] += counted.astype(np.int32).reshape(rows, width)


#: The numpy implementation.
NUMPY_BINNING = BinningBackend(assign_bins, count_bins)
