"""Where a count of runs crosses a level along one number: a grid of values first, then ever smaller steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
#: A curve and a value on it.
GridPoint = tuple[int, float]
#: From places to the number of runs that hold at each.
Evaluate = Callable[[Sequence[GridPoint]], Counts]

GRID_SIZE = 33
SUBDIVISIONS = 8
MAX_ROUNDS = 7
#: A crossing is known once it lies between two values that are this near each other, relative to the larger.
RELATIVE_TOLERANCE = 1e-6
CONFIDENCE = 0.90


class CountLevels(NamedTuple):
    """Numbers of runs: what is needed, and what chance leaves open.

    Attributes
    ----------
    least, need, most : int
        At a value at which the outcome truly holds with the share that is asked for, the number of runs in
        which it holds lies from `lower` to `upper` - 1 with a probability of 90 % or more.
    """

    lower: int
    needed: int
    upper: int


@dataclass(frozen=True)
class Bracket:
    """Two values between which a count crosses a level: it is reached at `beyond`, and not at `before`."""

    curve: int
    level: int
    before: float
    beyond: float

    @property
    def is_narrow(self) -> bool:
        """Whether the two are as near each other as is asked for."""
        return abs(self.beyond - self.before) <= RELATIVE_TOLERANCE * max(abs(self.beyond), abs(self.before))


class CurveBrackets(NamedTuple):
    """The brackets of one curve.

    Attributes
    ----------
    value : Bracket
    low, high : Bracket or None
        Of the ends of the interval, in order of the value; None where they lie beyond the grid.
    rises : bool
        Whether it holds above the value, and not below.
    turns : int
        How often the count surely crosses from too few to enough or back, over the whole grid.
    """

    value: Bracket
    low: Bracket | None
    high: Bracket | None
    is_rising: bool
    turns: int


def count_levels(runs: int, share: float) -> CountLevels:
    """Return the numbers of runs that stand for a share and its interval.

    Under common draws run k has a break-even value of its own, t_k. The value that holds in a share h of
    runs is the h-quantile of the law of t_k, and an interval of it has two order statistics as its ends:
    t_(l) and t_(u) with P(B < l) <= 5 % and P(B >= u) <= 5 %, where B, the number of t_k below the quantile,
    is binomial (n, h). Nothing is assumed of that law but that it is continuous. The number of runs that
    hold at a value x is the number of t_k on one side of x, so that t_(j) is where this count crosses j:
    no t_k needs to be known by itself. Read as a test, it is the set of values at which h is not
    refuted by the count, which needs no order among the runs.

    References
    ----------
    H. A. David and H. N. Nagaraja, "Order Statistics", 3rd ed., Wiley 2003, section 7.1; W. J. Conover,
    "Practical Nonparametric Statistics", 3rd ed., Wiley 1999, section 3.2.
    """
    from scipy.stats import binom

    tail = (1.0 - CONFIDENCE) / 2.0
    need = min(runs, max(1, int(np.ceil(runs * share - 1e-9))))
    return CountLevels(int(binom.ppf(tail, runs, share)), need, int(binom.ppf(1.0 - tail, runs, share)) + 1)


def search_grid(low: float, high: float) -> Floats:
    """Return the values that are looked at first: in equal ratios where all are above zero."""
    if low > 0.0:
        return np.asarray(np.geomspace(low, high, GRID_SIZE))
    return np.linspace(low, high, GRID_SIZE)


def find_brackets(curve: int, values: Floats, counts: Counts, wanted: CountLevels) -> CurveBrackets | None:
    """Return where the count crosses what is needed; None where it is enough everywhere, or nowhere.

    Where it crosses several times, the crossing at the lowest value is taken, and `turns` says so.
    """
    enough = counts >= wanted.needed
    changes = np.flatnonzero(enough[1:] != enough[:-1])
    if not len(changes):
        return None
    # Between the levels chance alone may carry the count over the line and back.
    sure = np.sign((counts >= wanted.upper) * 1 - (counts < wanted.lower) * 1)
    sides = sure[sure != 0]
    turns = int((sides[1:] != sides[:-1]).sum())
    rises = bool(enough[changes[0] + 1]) if turns > 1 or enough[0] == enough[-1] else bool(enough[-1])
    at = int(next(change for change in changes if enough[change + 1] == rises))
    if not rises:
        values, counts, at = values[::-1], counts[::-1], len(values) - 2 - at
    less = _last_below(counts, at, wanted.lower)
    more = _before_first_reached(counts, at + 1, wanted.upper)
    ends = [
        None if place is None else Bracket(curve, level, float(values[place]), float(values[place + 1]))
        for place, level in ((less, wanted.lower), (more, wanted.upper))
    ]
    value = Bracket(curve, wanted.needed, float(values[at]), float(values[at + 1]))
    low, high = ends if rises else ends[::-1]
    return CurveBrackets(value, low, high, rises, turns)


def narrow_brackets(brackets: Sequence[Bracket], evaluate: Evaluate) -> list[Bracket]:
    """Return the brackets once they are narrow; every round looks at some values within each of them."""
    found = list(brackets)
    for _ in range(MAX_ROUNDS):
        wide = [place for place, bracket in enumerate(found) if not bracket.is_narrow]
        if not wide:
            break
        within = {
            place: np.linspace(found[place].before, found[place].beyond, SUBDIVISIONS + 1) for place in wide
        }
        asked = list(
            dict.fromkeys((found[place].curve, float(x)) for place in wide for x in within[place][1:-1])
        )
        counts = dict(zip(asked, evaluate(asked).tolist(), strict=True))
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


def _last_below(counts: Counts, at: int, level: int) -> int | None:
    """Return the last place up to `at` whose count is under a level."""
    under = np.flatnonzero(counts[: at + 1] < level)
    return int(under[-1]) if len(under) else None


def _before_first_reached(counts: Counts, at: int, level: int) -> int | None:
    """Return the place before the first from `at` on whose count is at a level or over it."""
    over = np.flatnonzero(counts[at:] >= level)
    return at + int(over[0]) - 1 if len(over) else None
