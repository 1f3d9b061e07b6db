"""Mean paired differences between two ensembles under common random numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.results.intervals import half_width
from sim.study.ensemble_outcomes import (
    COUNT,
    DAYS,
    MET_SHARE,
    MONEY,
    SHARE,
    SHELLS,
    SHELLS_A_DAY,
    Outcome,
)

Floats = NDArray[np.float64]

#: Largest share of censored pairs with which a mean of days is given.
MAX_CENSORED = 0.05
#: Differences below this size are negligible, by unit.
_NEGLIGIBLE = {
    DAYS: 0.05,
    SHELLS: 1e-3,
    SHELLS_A_DAY: 1e-3,
    SHARE: 0.0005,
    MET_SHARE: 5e-7,
    MONEY: 1e-3,
    COUNT: 1e-3,
}


class Shares(NamedTuple):
    """Shares of runs that reach a date, in the first scenario and in another; see `Difference`."""

    first: float | None
    other: float | None
    low: float | None
    high: float | None


_NO_SHARES = Shares(None, None, None, None)


class Difference(NamedTuple):
    """Mean over runs of an outcome of a scenario minus the same outcome of the first."""

    scenario: str
    outcome: str
    unit: str
    #: Mean over pairs of runs; days (negative: earlier), shells, shells a day, money or a share.
    difference: float
    #: low, high: 90 % interval of the mean; None if there is only one pair.
    low: float | None
    high: float | None
    pairs: int
    #: Pairs in which the date is censored in at least one run, and counts as the end (rule 32).
    censored: int = 0
    #: Pairs in which the date is censored in both runs; if this is all pairs, nothing was compared.
    censored_both: int = 0
    #: ``lower``: the difference is at least this; ``upper``: at most this; ``open``: both scenarios have
    #: censored dates, and the difference is valid within the period only; None: it is exact.
    bound: str | None = None
    #: first_share, other_share: share of runs of each scenario in which the date is reached; None for a
    #: quantity, or in a folder of an earlier version.
    first_share: float | None = None
    other_share: float | None = None
    #: share_low, share_high: 90 % interval of the difference of these shares, from the pairs of runs.
    share_low: float | None = None
    share_high: float | None = None

    @property
    def is_misleading(self) -> bool:
        """Whether so many pairs are censored that a mean of days says little; the shares do."""
        return not self.never and self.censored > MAX_CENSORED * self.pairs

    @property
    def share_difference(self) -> float | None:
        """Share of runs in which the date is reached, less that of the first; None if unknown."""
        if self.first_share is None or self.other_share is None:
            return None
        return self.other_share - self.first_share

    @property
    def as_shares(self) -> Difference:
        """The difference of the shares of runs that reach the date, in place of that of days."""
        low, high = self.share_low, self.share_high
        return self._replace(
            unit=SHARE, difference=self.share_difference or 0.0, low=low, high=high, bound=None
        )

    @property
    def is_share_unclear(self) -> bool:
        """Whether the interval of the difference of the shares includes zero."""
        if self.share_low is None or self.share_high is None:
            return False
        return self.share_low <= 0.0 <= self.share_high

    @property
    def never(self) -> bool:
        """Whether the date is censored in every run of both scenarios."""
        return self.pairs == self.censored_both

    @property
    def nothing(self) -> bool:
        """Whether the difference and its interval are negligible."""
        ends = (self.difference, self.low or 0.0, self.high or 0.0)
        return max(map(abs, ends)) < _NEGLIGIBLE[self.unit]

    @property
    def unclear(self) -> bool:
        """Whether the interval includes zero."""
        return self.low is not None and self.high is not None and self.low <= 0.0 <= self.high

    @property
    def clear(self) -> bool:
        """Whether the sign of the difference is clear."""
        return not (self.never or self.nothing or self.unclear)

    @property
    def limit(self) -> str:
        """``at least`` or ``at most`` if censored dates make the difference a bound; else empty."""
        if self.bound not in ("lower", "upper"):
            return ""
        return "at least" if (self.bound == "lower") == (self.difference > 0) else "at most"


def paired_differences(
    scenario: str,
    first: Mapping[str, Outcome],
    other: Mapping[str, Outcome],
    *,
    days: int,
    certain: bool = False,
) -> Iterator[Difference]:
    """Yield the difference of each outcome, in the order of `first`.

    Parameters
    ----------
    scenario : str
        Name of `other`.
    first, other : mapping of str to Outcome
        The same outcomes of the same runs.
    days : int
        Length of the run: a censored date counts as the end (rule 32).
    certain : bool
        Whether nothing is drawn in either, so that one pair is exact.
    """
    for name, base in first.items():
        unit, values = base.unit, other[name].values
        if unit == DAYS:
            mean, low, high = mean_interval(_cap_at_end(values, days) - _cap_at_end(base.values, days))
            first_censored, other_censored = np.isinf(base.values), np.isinf(values)
            censored, both = (
                int((first_censored | other_censored).sum()),
                int((first_censored & other_censored).sum()),
            )
            shares = _reached_shares(~first_censored, ~other_censored)
            bound = _bound_kind(
                first=int(first_censored.sum()) - both, other=int(other_censored.sum()) - both, both=both
            )
        else:
            mean, low, high = mean_interval(values - base.values)
            censored, both, bound, shares = 0, 0, None, _NO_SHARES
        if certain and low is None:
            low = high = mean
        yield Difference(scenario, name, unit, mean, low, high, len(values), censored, both, bound, *shares)


def mean_interval(values: Floats) -> tuple[float, float | None, float | None]:
    """Return the mean of values and its 90 % interval by Student's t.

    Parameters
    ----------
    values : array, shape (n,)
        Independent; n at least 1.

    Returns
    -------
    mean, low, high : float
        ``mean -+ t(0.95; n - 1) s / sqrt(n)``, with the sample standard deviation s; low and high are None
        if n is 1.
    """
    numbers = values.tolist()
    count = len(numbers)
    # The computed mean of equal numbers may differ in the last digit.
    mean = numbers[0] if min(numbers) == max(numbers) else math.fsum(numbers) / count
    if count == 1:
        return mean, None, None
    variance = math.fsum((number - mean) ** 2 for number in numbers) / (count - 1)
    half = half_width(math.sqrt(variance / count), count)
    return mean, mean - half, mean + half


def _reached_shares(first: NDArray[np.bool_], other: NDArray[np.bool_]) -> Shares:
    """Return the share of runs of each scenario that reach a date, and the interval of their difference."""
    _, low, high = mean_interval(other.astype(np.float64) - first.astype(np.float64))
    return Shares(int(first.sum()) / len(first), int(other.sum()) / len(other), low, high)


def _cap_at_end(dates: Floats, days: int) -> Floats:
    return np.where(np.isinf(dates), float(days), dates)


def _bound_kind(*, first: int, other: int, both: int) -> str | None:
    if both or (first and other):
        return "open"
    return "upper" if first else "lower" if other else None
