"""Estimators of sensitivity indices with confidence intervals."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.results.intervals import CONFIDENCE
from sim.study.bracketing import count_levels

Floats = NDArray[np.float64]

#: Confidence level of the intervals of Sobol indices.
CONFIDENCE_SOBOL = 0.95
#: Differences below this, relative to the largest value, are rounding.
ROUNDING = 1e-9


class SensitivityIndex(NamedTuple):
    """One index of one outcome and input: a row of ``sensitivity.csv``."""

    outcome: str
    path: str
    kind: str
    #: value, low, high: the index and its interval; None if undefined.
    value: float | None
    low: float | None = None
    high: float | None = None


def is_close(one: SensitivityIndex, other: SensitivityIndex) -> bool:
    """Return whether two indices are equal within rounding."""
    pairs = zip((one.value, one.low, one.high), (other.value, other.low, other.high), strict=True)
    return all(
        a == b or (a is not None and b is not None and math.isclose(a, b, rel_tol=ROUNDING)) for a, b in pairs
    )


class Estimate(NamedTuple):
    """An estimate and its interval; None if undefined."""

    value: float | None
    low: float | None = None
    high: float | None = None


NO_ESTIMATE = Estimate(None)


def is_constant(values: Floats) -> bool:
    """Return whether all values are equal within rounding; infinite (censored) values equal each other."""
    finite = values[np.isfinite(values)]
    if len(finite) < values.size:
        return not len(finite)
    return float(np.ptp(finite)) <= ROUNDING * max(1.0, float(np.abs(finite).max()))


def rank_correlation(one: Floats, other: Floats, samples: int | None = None) -> Estimate:
    """Return Spearman's rank correlation of two variables over runs, with its 90 % interval.

    Ties share their mean rank. Censored days are infinite: they tie after every other day, so all runs count.

    Parameters
    ----------
    one, other : array, shape (runs,)
    samples : int, optional
        Number of independent runs, if not all are.

    Returns
    -------
    Estimate
        ``tanh(atanh(r) -+ 1.645 sqrt((1 + r^2 / 2) / (n - 3)))``; no interval below 4 runs; all None if
        one of the two is constant.

    References
    ----------
    C. Spearman, American Journal of Psychology 15 (1904), 72-101; D. G. Bonett and T. A. Wright, "Sample
    size requirements for estimating Pearson, Kendall and Spearman correlations", Psychometrika 65 (2000),
    23-28.
    """
    import pandas as pd
    from scipy.special import ndtri

    if is_constant(one) or is_constant(other):
        return NO_ESTIMATE
    ranks = [pd.Series(values).rank().to_numpy() - (len(values) + 1) / 2 for values in (one, other)]
    r = float(ranks[0] @ ranks[1] / math.sqrt((ranks[0] @ ranks[0]) * (ranks[1] @ ranks[1])))
    r = min(1.0, max(-1.0, r))
    count = len(one) if samples is None else min(samples, len(one))
    if count < 4:
        return Estimate(r)
    if abs(r) == 1.0:
        return Estimate(r, r, r)
    half = float(ndtri((1.0 + CONFIDENCE) / 2.0)) * math.sqrt((1.0 + r * r / 2.0) / (count - 3))
    return Estimate(r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half))


def median(values: Floats) -> Estimate:
    """Return the median over runs (inverted CDF, rule 32), with its 90 % interval.

    The ends are order statistics, see `bracketing.count_levels`; None if there are too few runs.
    """
    ordered, levels = np.sort(values), count_levels(len(values), 0.5)
    middle = float(ordered[levels.needed - 1])
    if ordered[0] == ordered[-1]:
        return Estimate(middle, middle, middle)
    low = float(ordered[levels.lower - 1]) if levels.lower >= 1 else None
    high = float(ordered[levels.upper - 1]) if levels.upper <= len(values) else None
    return Estimate(middle, low, high)


def variance_shares(values: Floats, inputs: int, parts: int) -> tuple[list[Estimate], list[Estimate]]:
    """Return first-order and total Sobol indices of each input, with their 95 % intervals.

    Parameters
    ----------
    values : array, shape (parts * n * (inputs + 2),)
        Outcomes at the points of `parts` independent samples, each in SALib order.
    inputs, parts : int

    Returns
    -------
    first, total : list of Estimate
        Estimators of Saltelli et al. (2010), as implemented in SALib, over all points. The interval is a
        jackknife over the parts with Student's t: points of a scrambled Sobol' sequence are dependent, but
        the parts are independent. The bootstrap of SALib assumes independent points; on these samples its
        intervals are several times too wide. The interval is undefined if a part has no variance, the index
        if all points have none.

    References
    ----------
    A. Saltelli et al., Computer Physics Communications 181 (2010), 259-270; J. W. Tukey, "Bias and
    confidence in not-quite large samples", Annals of Mathematical Statistics 29 (1958), 614; A. B. Owen,
    "Scrambled net variance for integrals of smooth functions", Annals of Statistics 25 (1997), 1541-1562.
    """
    from SALib.analyze.sobol import first_order, total_order
    from scipy.special import stdtrit

    scaled = (values - values.mean()) / values.std()
    rows = scaled.reshape(parts, -1, inputs + 2)
    half = float(stdtrit(parts - 1, (1.0 + CONFIDENCE_SOBOL) / 2.0))

    def estimates(order: Callable[[Floats, Floats, Floats], float]) -> Iterator[Estimate]:
        for column in range(inputs):

            def index(kept: Sequence[int], column: int = column) -> float:
                block = rows[kept].reshape(-1, inputs + 2)
                if is_constant(block[:, [0, -1]]):
                    return math.nan
                return float(order(block[:, 0], block[:, column + 1], block[:, -1]))

            whole = index(range(parts))
            leave_one_out = np.array([index([k for k in range(parts) if k != out]) for out in range(parts)])
            if np.isnan(leave_one_out).any():
                yield NO_ESTIMATE if math.isnan(whole) else Estimate(whole)
                continue
            error = math.sqrt(
                (parts - 1) / parts * float(((leave_one_out - leave_one_out.mean()) ** 2).sum())
            )
            yield Estimate(whole, whole - half * error, whole + half * error)

    return list(estimates(first_order)), list(estimates(total_order))
