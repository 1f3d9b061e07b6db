"""Range of a claim: its least and greatest value with its error, in its own counting."""

from __future__ import annotations

import math
from typing import NamedTuple

from sim.auditing.claims import NINETY, Bound, Match
from sim.auditing.judgements import Family


class Range(NamedTuple):
    """Least and greatest value; 0 and infinity for none."""

    low: float
    high: float


def claim_range(match: Match) -> Range:
    """Return the central 90 % of the number that a claim is about, by its grade and its own range.

    A bound has its other end open. The counting factor is not in it.
    """
    error = math.exp(NINETY * match.spread)
    low = 0.0 if match.bound is Bound.AT_MOST else match.middle / error
    high = math.inf if match.bound is Bound.AT_LEAST else match.middle * error
    return Range(low, high)


def factor_range(family: Family | None) -> Range:
    """Return the central 90 % of the counting factor of a family; 1 without a family."""
    if family is None:
        return Range(1.0, 1.0)
    error = math.exp(NINETY * family.spread)
    return Range(family.median / error, family.median * error)
