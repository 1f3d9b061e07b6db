"""Monte Carlo error of quantiles: distribution-free confidence intervals by order statistics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.results.intervals import interval_ranks
from sim.results.quantiles import quantile_rank


class QuantileEstimate(NamedTuple):
    """A quantile over runs with its confidence interval."""

    #: Infinite if the runs do not reach the date.
    value: float
    #: low, high: ends of the interval; None where the runs are too few to bound it.
    low: float | None
    high: float | None


def estimate_quantile(values: Sequence[float], percent: int) -> QuantileEstimate:
    """Return a quantile over runs, and the order statistics that enclose it with 90 % confidence.

    The number of runs below the true quantile has a binomial distribution, whatever the distribution of the
    values. Censored runs are infinite and sort last.

    Parameters
    ----------
    values : sequence of float
        One a run, at least one.
    percent : int
        From 1 to 99.

    References
    ----------
    David and Nagaraja, "Order Statistics", third edition (2003), section 7.1.
    """
    ordered = sorted(values)
    low, high = interval_ranks(len(ordered), percent / 100.0)
    return QuantileEstimate(
        ordered[quantile_rank(len(ordered), percent)],
        ordered[low - 1] if low >= 1 else None,
        ordered[high - 1] if high <= len(ordered) else None,
    )
