"""How values are put into bins, and bins counted: in steps of numpy's, or as an engine can do it quicker."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
BinIndices = NDArray[np.uint16]
Counts = NDArray[np.int32]

#: Days of a group that are placed together, and of a page that are counted: they stay near the processor.
_VALUES_PER_GROUP = 1024
_VALUES_PER_PAGE = 16


class BinningBackend(NamedTuple):
    """Two functions that write into what they are given, as `assign_bins` and `count_bins` do, bit for bit."""

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
    """Put the values of some runs into bins.

    Parameters
    ----------
    values : array, shape (days, n)
        Of which the first `runs` of each day are looked at.
    runs : int
    scale, shift : array, shape (days,)
        A value's bin is its product with `scale`, and `shift` more, cut to a whole number.
    last : float
        The last bin, in which all lies that is above; the first is 0.
    sums : array, shape (days, n)
        To which the products are added.
    least, most : array, shape (days,)
        Of the products so far.
    places : array, shape (days, m)
        Where bins are written, from `first` on.
    first : int
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
    """Count the bins of some runs.

    Parameters
    ----------
    places : array, shape (days, m)
        Of which the first `runs` of each day are looked at.
    runs : int
    counts : array, shape (days, bins)
        To which they are added.
    """
    days, width = counts.shape
    moved = np.empty((_VALUES_PER_PAGE, runs), np.int64)
    # One after the other the rows of counts make a single one.
    begins = (np.arange(_VALUES_PER_PAGE) * width)[:, np.newaxis]
    for day in range(0, days, _VALUES_PER_PAGE):
        part = places[day : day + _VALUES_PER_PAGE, :runs]
        rows = len(part)
        np.copyto(moved[:rows], part)
        moved[:rows] += begins[:rows]
        counted = np.bincount(moved[:rows].ravel(), minlength=rows * width)
        counts[day : day + rows] += counted.astype(np.int32).reshape(rows, width)


#: In steps of numpy's.
NUMPY_BINNING = BinningBackend(assign_bins, count_bins)
