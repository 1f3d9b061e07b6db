"""Outcomes of an ensemble by name, for comparisons: one number a run, with its unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import OutcomeKind, compared, outcome_named
from sim.results import outcome_arrays
from sim.results.ensemble_results import Ensemble

Floats = NDArray[np.float64]

DAYS = "days"
SHELLS = "shells"
SHELLS_A_DAY = "shells a day"
SHARE = "share"
#: Units of the share of a requirement that is met, of money in the currency of the scenarios, and of counts.
MET_SHARE, MONEY, COUNT = "share of the requirement", "money", "count"
_UNITS = {
    OutcomeKind.DATE: DAYS,
    OutcomeKind.QUANTITY: SHELLS,
    OutcomeKind.RATE: SHELLS_A_DAY,
    OutcomeKind.SHARE: MET_SHARE,
    OutcomeKind.MONEY: MONEY,
    OutcomeKind.COUNT: COUNT,
}
#: Tolerance of rule 8, relative to the larger value or one shell.
_RELATIVE_TOLERANCE = 1e-9


class Outcome(NamedTuple):
    """One outcome in n runs."""

    #: As `unit_of` returns it; days count from the start.
    unit: str
    #: Shape (n,). Days are infinite where censored.
    values: Floats


def outcomes(ensemble: Ensemble) -> dict[str, Outcome]:
    """Return the outcomes of an ensemble over all pairs of depot and munition (rules 30 and 31).

    Days first, then shells and shells a day, in the order of `sim.outcomes.compared`.
    """
    values = outcome_arrays.values_by_outcome(ensemble.axes, ensemble.whole)
    return {name: Outcome(unit_of(name), values[name]) for name in compared(list(values))}


def unit_of(outcome: str) -> str:
    """Return the unit of an outcome: one of the constants of this module but `SHARE`."""
    return _UNITS[outcome_named(outcome).kind]


def is_same(one: Mapping[str, Outcome], other: Mapping[str, Outcome]) -> bool:
    """Return whether all outcomes are equal in every run, within the tolerance of rule 8."""
    return one.keys() == other.keys() and all(_is_equal(one[name].values, other[name].values) for name in one)


def _is_equal(one: Floats, other: Floats) -> bool:
    scale = np.maximum(np.maximum(np.abs(one), np.abs(other)), 1.0)
    gap = np.zeros(len(one))
    # Two censored dates are infinite and equal; their difference would be nan.
    np.subtract(one, other, out=gap, where=one != other)
    return bool((np.abs(gap) <= _RELATIVE_TOLERANCE * np.where(np.isfinite(scale), scale, 1.0)).all())
