"""Intervals of quantiles, means and shares, from a number of independent runs."""

from __future__ import annotations

import math

import numpy as np

#: Confidence level of all intervals except those of Sobol indices.
CONFIDENCE = 0.90


def interval_ranks(runs: int, share: float) -> tuple[int, int]:
    """Return the ranks of the order statistics that enclose a quantile with 90 % confidence.

    The number B of runs below the true quantile is binomial (`runs`, `share`), whatever the distribution of
    the values: the ranks are the greatest l with P(B < l) <= 5 % and the least u with P(B >= u) <= 5 %.

    Parameters
    ----------
    runs : int
        At least 1.
    share : float
        Of the quantile, between 0 and 1, such as 0.5 of the median.

    Returns
    -------
    tuple of int
        Counted from 1; 0 or `runs` + 1 where the runs are too few to bound the quantile.

    References
    ----------
    H. A. David and H. N. Nagaraja, "Order Statistics", 3rd ed., Wiley 2003, section 7.1.
    """
    # scipy.stats, which has quantiles of this distribution, takes a second to import.
    from scipy.special import bdtr

    tail = (1.0 - CONFIDENCE) / 2.0
    low, high = np.searchsorted(bdtr(np.arange(runs + 1.0), runs, share), [tail, 1.0 - tail])
    return int(low), int(high) + 1


def half_width(standard_error: float, runs: int) -> float:
    """Return half of the 90 % interval of a mean, ``t(0.95; n - 1)`` standard errors; nan of one run.

    References
    ----------
    Student (W. S. Gosset), "The Probable Error of a Mean", Biometrika 6 (1908), 1-25.
    """
    if runs < 2:
        return math.nan
    from scipy.special import stdtrit

    return float(stdtrit(runs - 1, (1.0 + CONFIDENCE) / 2.0)) * standard_error


def share_interval(hits: int, runs: int) -> tuple[float, float]:
    """Return the 90 % interval of the probability of what happened in `hits` of `runs` runs.

    References
    ----------
    C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the
    binomial", Biometrika 26 (1934), 404-413.
    """
    from scipy.special import betaincinv

    tail = (1.0 - CONFIDENCE) / 2.0
    low = 0.0 if hits == 0 else float(betaincinv(hits, runs - hits + 1, tail))
    return low, 1.0 if hits == runs else float(betaincinv(hits + 1, runs - hits, 1.0 - tail))
