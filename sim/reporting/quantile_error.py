"""Monte Carlo error of quantiles: distribution-free confidence intervals by order statistics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sim.results.quantiles import quantile_rank

CONFIDENCE = 0.9


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
    low, high = interval_ranks(len(ordered), percent)
    return QuantileEstimate(
        ordered[quantile_rank(len(ordered), percent)],
        ordered[low - 1] if low >= 1 else None,
        ordered[high - 1] if high <= len(ordered) else None,
    )


def interval_ranks(runs: int, percent: int) -> tuple[int, int]:
    """Return the ranks, from 1, of the order statistics that bound a quantile; 0 or `runs` + 1: no bound."""
    from scipy.stats import binom

    tail = (1.0 - CONFIDENCE) / 2.0
    low, high = binom.ppf([tail, 1.0 - tail], runs, percent / 100.0)
    return int(low), int(high) + 1
