"""Paired differences of two saved runs, computed from the outcomes of each run in their folders alone.

It imports nothing of the package, so that it can check the findings of a comparison.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from scipy import stats

from tests.support.folder_figures import RunFolder

#: Largest share of pairs with a date beyond the end with which a mean of days says something.
MOST_CENSORED = 0.05
_EXACT = 1e-6
_CONFIDENCE = 0.90


@dataclass(frozen=True)
class Interval:
    """A mean and its 90 % interval by Student's t; without ends for one value."""

    mean: float
    low: float | None
    high: float | None

    @classmethod
    def of(cls, values: Sequence[float]) -> Interval:
        count, mean = len(values), math.fsum(values) / len(values)
        if count == 1:
            return cls(mean, None, None)
        if max(values) - min(values) == 0.0:
            return cls(values[0], values[0], values[0])
        spread = math.sqrt(math.fsum((each - mean) ** 2 for each in values) / (count - 1))
        half = float(stats.t.ppf((1 + _CONFIDENCE) / 2, count - 1)) * spread / math.sqrt(count)
        return cls(mean, mean - half, mean + half)

    @property
    def ends(self) -> tuple[float, float]:
        return (self.mean if self.low is None else self.low), (self.mean if self.high is None else self.high)

    @property
    def includes_zero(self) -> bool:
        """Whether the interval includes zero; of one value, whether it is zero."""
        low, high = self.ends
        return low <= 0.0 <= high

    @property
    def largest(self) -> float:
        return max(abs(self.mean), *map(abs, self.ends))


class OutcomePair:
    """One outcome in the same runs of two scenarios."""

    def __init__(self, first: RunFolder, other: RunFolder, outcome: str) -> None:
        self.start, self.end, self.outcome = first.start, first.end, outcome
        quantities = {"fired", "unmet", "sustained_fire", "spent", "cost"}
        self.is_date = outcome not in quantities and not outcome.startswith("met.")
        self.first, self.other = (self._values(folder) for folder in (first, other))
        self.pairs = len(self.first)

    def _values(self, folder: RunFolder) -> list[float]:
        """Return the values by run; a date is a number of days from the start, infinite beyond the end."""
        table = folder.outcomes.sort_values("run")
        if not self.is_date:
            return [float(value) for value in table[self.outcome]]
        return [
            math.inf if isinstance(value, float) else float((dt.date.fromisoformat(value) - self.start).days)
            for value in table[self.outcome]
        ]

    @cached_property
    def change(self) -> Interval:
        """Mean difference; a date beyond the end counts as the end."""
        last = float((self.end - self.start).days) if self.is_date else math.inf
        return Interval.of([min(y, last) - min(x, last) for x, y in zip(self.first, self.other, strict=True)])

    @cached_property
    def is_equal(self) -> bool:
        """Whether the values are equal in every pair."""
        return all(
            x == y or abs(x - y) <= _EXACT * max(1.0, x) for x, y in zip(self.first, self.other, strict=True)
        )

    @property
    def size(self) -> float:
        """The larger mean of the two scenarios."""
        return max(math.fsum(values) / self.pairs for values in (self.first, self.other))

    def _count(self, *, first: bool, other: bool) -> int:
        """Return the number of pairs whose dates are beyond the end in just these scenarios."""
        pairs = zip(self.first, self.other, strict=True)
        return sum((math.isinf(x), math.isinf(y)) == (first, other) for x, y in pairs)

    @property
    def censored(self) -> int:
        """Number of pairs with a date beyond the end."""
        return self.pairs - self._count(first=False, other=False)

    @property
    def is_never(self) -> bool:
        return self.is_date and self._count(first=True, other=True) == self.pairs

    @property
    def needs_shares(self) -> bool:
        """Whether too many dates are beyond the end for a mean of days."""
        return self.is_date and not self.is_never and self.censored > MOST_CENSORED * self.pairs

    @property
    def limit(self) -> str:
        """``at least`` or ``at most`` if dates beyond the end bound the size of the difference."""
        both = self._count(first=True, other=True)
        first, other = self._count(first=True, other=False), self._count(first=False, other=True)
        if both or bool(first) == bool(other):
            return ""
        return "at least" if bool(other) == (self.change.mean > 0) else "at most"

    @property
    def is_open(self) -> bool:
        """Whether dates beyond the end of both leave it open in which direction the mean is wrong."""
        both = self._count(first=True, other=True)
        one = self._count(first=True, other=False) and self._count(first=False, other=True)
        return self.is_date and bool(both or one)

    @property
    def shares(self) -> tuple[float, float]:
        """Share of runs in which the date comes before the end, of the first and the other."""
        found = [sum(map(math.isfinite, values)) / self.pairs for values in (self.first, self.other)]
        return found[0], found[1]

    @cached_property
    def share_change(self) -> Interval:
        pairs = zip(self.first, self.other, strict=True)
        return Interval.of([float(math.isfinite(y)) - float(math.isfinite(x)) for x, y in pairs])
