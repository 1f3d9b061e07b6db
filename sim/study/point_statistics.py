"""Summary statistics of a point over its runs: share, mean, standard error and percentiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import outcome_named
from sim.results.quantiles import quantile_name, quantile_rank
from sim.results.summary import PERCENTS

Floats = NDArray[np.float64]


def point_statistics(names: Sequence[str], outcomes: Floats) -> dict[str, Floats]:
    """Return the statistics of points, by column of the table.

    Outcomes have the shape (outcomes, points, runs). Censored days are infinite; failed runs are nan.
    """
    columns: dict[str, Floats] = {}
    for name, given in zip(names, outcomes, strict=True):
        # A fixed memory layout keeps the order of summation independent of the number of points.
        values = np.ascontiguousarray(given) + 0.0
        ordered, failed = np.sort(values, axis=1), np.isnan(values).any(axis=1)
        if outcome_named(name).is_date:
            columns[f"{name}_share"] = np.where(failed, np.nan, np.isfinite(values).mean(axis=1))
        finite = np.asarray(np.isfinite(values).all(axis=1))
        shown = np.where(finite[:, np.newaxis], values, 0.0)
        count = values.shape[1]
        spread = shown.std(axis=1, ddof=1) / np.sqrt(count) if count > 1 else np.full(len(values), np.nan)
        columns[f"{name}_mean"] = np.where(finite, shown.mean(axis=1), np.nan)
        columns[f"{name}_se"] = np.where(finite, spread, np.nan)
        for percent in PERCENTS:
            at = ordered[:, quantile_rank(count, percent)]
            columns[f"{name}_{quantile_name(percent)}"] = np.where(np.isfinite(at) & ~failed, at, np.nan)
    return columns


def statistic_columns(names: Sequence[str]) -> tuple[str, ...]:
    """Return the column names of the statistics of outcomes, in order."""
    ends = ("mean", "se", *map(quantile_name, PERCENTS))
    return tuple(
        f"{name}_{end}"
        for name in names
        for end in (("share", *ends) if outcome_named(name).is_date else ends)
    )
