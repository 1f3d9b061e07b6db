"""The outcomes of an ensemble by name, each as one number a run with its unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.account import Kind
from sim.results import figures
from sim.results.ensemble import Ensemble

Floats = NDArray[np.float64]

DAYS = "days"
SHELLS = "shells"
SHELLS_A_DAY = "shells a day"
_TOTALS = (Kind.FIRED, Kind.UNMET, Kind.LANDED, Kind.PRODUCED, Kind.LOST)
#: Two figures this near each other are the same: rule 8, relative to the larger one and one shell.
_SAME = 1e-9


class Outcome(NamedTuple):
    """One outcome of n runs.

    Attributes
    ----------
    unit : str
        ``days`` (from the start), ``shells`` or ``shells a day``.
    values : array, shape (n,)
        Days are infinite where censored.
    """

    unit: str
    values: Floats


def outcomes(ensemble: Ensemble) -> dict[str, Outcome]:
    """Return the outcomes of an ensemble over all its pairs (rules 30 and 31).

    Days first: ``exhausted, rationed_from``, ``below_N`` for each threshold; then shells: ``closing_stock,
    sustained_fire`` (shells a day), ``fired, unmet, landed, produced, lost``.
    """
    found = ensemble.whole
    below = {
        f"below_{figures.threshold_name(cover)}": found.below[:, position]
        for position, cover in enumerate(ensemble.axes.thresholds)
    }
    days = {"exhausted": found.exhausted, "rationed_from": found.rationed, **below}
    return {
        **{name: Outcome(DAYS, values) for name, values in days.items()},
        "closing_stock": Outcome(SHELLS, found.closing),
        "sustained_fire": Outcome(SHELLS_A_DAY, found.fire),
        **{kind.value: Outcome(SHELLS, found.totals[kind]) for kind in _TOTALS},
    }


def same(one: Mapping[str, Outcome], other: Mapping[str, Outcome]) -> bool:
    """Return whether every outcome is the same in every run, but for the rounding that rule 8 allows."""
    return one.keys() == other.keys() and all(_equal(one[name].values, other[name].values) for name in one)


def _equal(one: Floats, other: Floats) -> bool:
    scale = np.maximum(np.maximum(np.abs(one), np.abs(other)), 1.0)
    gap = np.zeros(len(one))
    # Two censored dates are infinite and equal; their difference would be no number.
    np.subtract(one, other, out=gap, where=one != other)
    return bool((np.abs(gap) <= _SAME * np.where(np.isfinite(scale), scale, 1.0)).all())
