"""Results of matching claims with a scenario: an observable, or the reason why a claim is not comparable."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sim.auditing.judgements import Family
from sim.evidence import Estimate
from sim.observables import Observable, WindowRatio

#: Standard deviation of the logarithm of a claim, by its confidence grade.
SPREADS: Mapping[str, float] = {"A": 0.10, "B": 0.20, "C": 0.35, "D": 0.60}
#: Half-width of the central 90 % of a normal distribution, in standard deviations.
NINETY = 1.6448536269514722


class Bound(StrEnum):
    """Kind of bound that the figure of a claim puts on the observable."""

    CENTRAL = "central"
    RANGE = "range"
    AT_LEAST = "at least"
    AT_MOST = "at most"


class Reason(StrEnum):
    """Why a claim is not comparable."""

    NO_NUMBER = "no number"
    LOW_ABOVE_HIGH = "low above high"
    ZERO = "a figure of zero"
    LATER = "published later"
    NO_OBSERVATION = "no observation"
    INPUT = "about an input"
    NO_FLOW = "no flow of the account"
    OTHER_UNIT = "another unit"
    HOUR = "an hour of a peak"
    BASE_UNCLEAR = "base unclear"
    MUNITION = "another munition"
    NO_PERIOD = "no period"
    HORIZON = "outside the horizon"
    SUPPLIER = "no such supplier"
    NO_MASS = "no mass or load"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Match:
    """A claim and the observable that it is about.

    Attributes
    ----------
    estimate : Estimate
    observable : Observable
    low, central, high : float or None
        In the base unit of the observable.
    bound : Bound
    grade_spread : float
        Standard deviation of the logarithm by the confidence grade.
    family : Family or None
        Its counting factor: the claim is the observable x the factor, but for its own error. None if the
        factor cancels, or if the family of the row has none.
    note : str
        How the row was read, where its cells alone do not say.
    """

    estimate: Estimate
    observable: Observable
    low: float | None
    central: float | None
    high: float | None
    bound: Bound
    grade_spread: float
    family: Family | None
    note: str = ""

    @property
    def is_bound(self) -> bool:
        """Whether the figure is a lower or an upper bound."""
        return self.bound in (Bound.AT_LEAST, Bound.AT_MOST)

    @property
    def middle(self) -> float:
        """Central figure; of a range without one the geometric mean, of a bound the bound."""
        if self.central is not None:
            return self.central
        if self.low is not None and self.high is not None:
            return math.sqrt(self.low * self.high)
        return self.low if self.low is not None else self.high or math.nan

    @property
    def spread(self) -> float:
        """Standard deviation of the logarithm, by the grade and by the range as the central 90 %."""
        if self.low is None or self.high is None:
            return self.grade_spread
        return math.hypot(self.grade_spread, math.log(self.high / self.low) / (2 * NINETY))

    @property
    def is_independent_kind(self) -> bool:
        """Whether the claim is neither a ratio nor derived from other rows."""
        return not (isinstance(self.observable, WindowRatio) or self.estimate.derived_from)


@dataclass(frozen=True, slots=True)
class NotComparable:
    """A claim that cannot be compared with the scenario, and why, in one sentence."""

    estimate: Estimate
    reason: Reason
    sentence: str


@dataclass(frozen=True, slots=True)
class Matching:
    """Every claim of a table, in its order."""

    rows: tuple[Match | NotComparable, ...]

    @property
    def matched(self) -> tuple[Match, ...]:
        """Comparable claims."""
        return tuple(row for row in self.rows if isinstance(row, Match))

    @property
    def not_comparable(self) -> tuple[NotComparable, ...]:
        """The other claims."""
        return tuple(row for row in self.rows if isinstance(row, NotComparable))

    def counts(self) -> dict[Reason, int]:
        """Return how many claims are not comparable, by reason, in the order of the reasons."""
        found = Counter(row.reason for row in self.not_comparable)
        return {reason: found[reason] for reason in Reason if found[reason]}
