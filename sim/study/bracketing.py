"""Root bracketing of a count of runs along one number: a grid search, then repeated subdivision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.results.intervals import interval_ranks

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
#: Index of a curve, and a value on it.
GridPoint = tuple[int, float]
#: Returns the number of runs that meet the target at each grid point.
Evaluate = Callable[[Sequence[GridPoint]], Counts]

GRID_SIZE = 33
SUBDIVISIONS = 8
MAX_ROUNDS = 7
#: Relative width at which a bracket is narrow enough.
RELATIVE_TOLERANCE = 1e-6


class CountLevels(NamedTuple):
    """Required number of runs, with the ends of its 90 % interval."""

    #: lower, needed, upper: at a value with exactly the required probability, the number of runs that meet
    #: the target is between `lower` and `upper` - 1 with a probability of at least 90 %.
    lower: int
    needed: int
    upper: int
    runs: int

    @property
    def can_be_sure(self) -> bool:
        """Whether a count can be outside of the interval on either side: not so with few runs."""
        return self.lower > 0 and self.upper <= self.runs


@dataclass(frozen=True)
class Bracket:
    """Two values between which a count crosses a level: below it at `before`, at or above it at `beyond`."""

    curve: int
    level: int
    before: float
    beyond: float

    @property
    def is_narrow(self) -> bool:
        """Whether the width is within `RELATIVE_TOLERANCE`."""
        return abs(self.beyond - self.before) <= RELATIVE_TOLERANCE * max(abs(self.beyond), abs(self.before))


class CurveBrackets(NamedTuple):
    """The brackets of one curve."""

    value: Bracket
    #: low, high: brackets of the lower and upper end of the interval; None if an end is beyond the grid.
    low: Bracket | None
    high: Bracket | None
    #: Whether the target is met above the value rather than below.
    is_rising: bool
    #: Number of significant crossings in either direction over the whole grid.
    turns: int


def count_levels(runs: int, share: float) -> CountLevels:
    """Return the counts of runs that correspond to a share and its 90 % interval.

    Under common random numbers run k has its own break-even value t_k. The value that holds in a share h of
    the runs is the h-quantile of the distribution of t_k. Its interval is distribution-free: two order
    statistics t_(l) and t_(u) with P(B < l) <= 5 % and P(B >= u) <= 5 %. B, the number of t_k below the
    quantile, is binomial (n, h) for any continuous distribution. The number of runs that hold at x is the
    number of t_k on one side of x, so t_(j) is where this count crosses j, and no single t_k is needed.
    Equivalently, the interval is the set of values at which the count does not reject h; this holds even if
    the count is not monotonic.

    References
    ----------
    H. A. David and H. N. Nagaraja, "Order Statistics", 3rd ed., Wiley 2003, section 7.1; W. J. Conover,
    "Practical Nonparametric Statistics", 3rd ed., Wiley 1999, section 3.2.
    """
    need = min(runs, max(1, int(np.ceil(runs * share - 1e-9))))
    lower, upper = interval_ranks(runs, share)
    return CountLevels(lower, need, upper, runs)


def search_grid(low: float, high: float) -> Floats:
    """Return the initial grid: geometric if the bounds are positive, else linear."""
    if low > 0.0:
        return np.asarray(np.geomspace(low, high, GRID_SIZE))
    return np.linspace(low, high, GRID_SIZE)


def find_brackets(curve: int, values: Floats, counts: Counts, levels: CountLevels) -> CurveBrackets | None:
    """Return the brackets where the count crosses the required level; None if it never does.

    Of several crossings, the one at the lowest value is returned; `turns` has their number.
    """
    enough = counts >= levels.needed
    changes = np.flatnonzero(enough[1:] != enough[:-1])
    if not len(changes):
        return None
    # Crossings between the lower and upper level are not significant; with few runs each one counts.
    sure = (
        np.sign((counts >= levels.upper) * 1 - (counts < levels.lower) * 1)
        if levels.can_be_sure
        else np.where(enough, 1, -1)
    )
    sides = sure[sure != 0]
    turns = int((sides[1:] != sides[:-1]).sum())
    rises = bool(enough[changes[0] + 1]) if turns > 1 or enough[0] == enough[-1] else bool(enough[-1])
    at = int(next(change for change in changes if enough[change + 1] == rises))
    if not rises:
        values, counts, at = values[::-1], counts[::-1], len(values) - 2 - at
    less = _last_below(counts, at, levels.lower)
    more = _before_first_reached(counts, at + 1, levels.upper)
    ends = [
        None if place is None else Bracket(curve, level, float(values[place]), float(values[place + 1]))
        for place, level in ((less, levels.lower), (more, levels.upper))
    ]
    value = Bracket(curve, levels.needed, float(values[at]), float(values[at + 1]))
    low, high = ends if rises else ends[::-1]
    return CurveBrackets(value, low, high, rises, turns)


def narrow_brackets(
    brackets: Sequence[Bracket], evaluate: Evaluate, rounds: int = MAX_ROUNDS
) -> list[Bracket]:
    """Return narrowed brackets; each round evaluates `SUBDIVISIONS` - 1 values inside each wide bracket."""
    found = list(brackets)
    for _ in range(rounds):
        wide = [place for place, bracket in enumerate(found) if not bracket.is_narrow]
        if not wide:
            break
        within = {
            place: np.linspace(found[place].before, found[place].beyond, SUBDIVISIONS + 1) for place in wide
        }
        new_points = list(
            dict.fromkeys((found[place].curve, float(x)) for place in wide for x in within[place][1:-1])
        )
        counts = dict(zip(new_points, evaluate(new_points).tolist(), strict=True))
        for place in wide:
            found[place] = _narrow_once(found[place], within[place], counts)
    return found


def _narrow_once(bracket: Bracket, values: Floats, counts: dict[GridPoint, int]) -> Bracket:
    before = bracket.before
    for value in values[1:-1].tolist():
        if counts[bracket.curve, value] >= bracket.level:
            return replace(bracket, before=before, beyond=value)
        before = value
    return replace(bracket, before=before)


def outer_end(bracket: Bracket, side: int) -> float:
    """Return the lower (side -1) or upper (side 1) end of a bracket, to be conservative."""
    return side * max(side * bracket.before, side * bracket.beyond)


def _last_below(counts: Counts, at: int, level: int) -> int | None:
    """Return the last index up to `at` with a count below the level."""
    under = np.flatnonzero(counts[: at + 1] < level)
    return int(under[-1]) if len(under) else None


def _before_first_reached(counts: Counts, at: int, level: int) -> int | None:
    """Return the index before the first one from `at` with a count at or above the level."""
    over = np.flatnonzero(counts[at:] >= level)
    return at + int(over[0]) - 1 if len(over) else None
