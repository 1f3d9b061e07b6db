"""Quantiles over runs by the inverse of the empirical CDF, without interpolation, and their column names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def quantile_rank(runs: int, percent: int) -> int:
    """Return the position of a quantile among the sorted values of `runs` runs, from 0 (rule 32).

    The quantile at p percent is the smallest value that at least p percent of the runs do not exceed:
    the value at position ceil(n p / 100), counted from 1, of the sorted values. Integer arithmetic avoids
    the rounding of p / 100.

    References
    ----------
    Hyndman and Fan, "Sample Quantiles in Statistical Packages", The American Statistician 50 (1996),
    definition 1.
    """
    return max(0, (runs * percent + 99) // 100 - 1)


def quantile_name(percent: int) -> str:
    """Return the name of a quantile in tables and summaries: ``p05``, ``p50``, ``p95``."""
    return f"p{percent:02d}"


def quantiles(values: Floats, percents: Sequence[int]) -> Floats:
    """Return inverted-CDF quantiles over the first axis, shape (q, ...), at their `quantile_rank`.

    Percents are from 0 (the smallest value) to 100. Censored runs are infinite and sort last.
    """
    positions = [quantile_rank(len(values), percent) for percent in percents]
    ordered = np.partition(values, sorted(set(positions)), axis=0)
    # Adding zero turns minus zero into zero; processors sort the two differently.
    return np.asarray(ordered[positions] + 0.0, dtype=np.float64)
