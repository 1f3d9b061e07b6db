"""Scores of what was foretold: coverage of ranges, and CRPS, of the logarithm of a figure.

Errors of claims are factors, and figures are in shells, containers and shells a day, so distributions are
those of logarithms, in which a score counts a factor the same way for all. What is foretold of a figure is a
mixture over the samples: of each, the number of the account times the counting factor, with the claim's own
error around it. So ranges and CRPS need no further draws.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

from sim.auditing.baselines import LEAST, Baseline
from sim.auditing.claims import Match
from sim.auditing.posterior import QUANTILES

Floats = NDArray[np.float64]
#: Samples of a mixture that the CRPS is computed of: its time and memory grow with their square.
CRPS_SAMPLES = 1_000


@dataclass(frozen=True, slots=True)
class Score:
    """One claim with what was foretold of it.

    Attributes
    ----------
    match : Match
    foretold : tuple of float
        Quantiles 5, 25, 50, 75 and 95 % of the figure, in the unit of the claim.
    place : float
        Probability that was foretold of a lower figure.
    crps : float
        Of the logarithm of the figure.
    error : float
        Of the median: absolute difference of logarithms.
    baseline : Baseline or None
        None if there is no earlier figure on the same number.
    crps_persistence, crps_trend, error_persistence, error_trend : float or None
        The same of the baselines.
    """

    match: Match
    foretold: tuple[float, ...]
    place: float
    crps: float
    error: float
    baseline: Baseline | None
    crps_persistence: float | None = None
    crps_trend: float | None = None
    error_persistence: float | None = None
    error_trend: float | None = None

    @property
    def is_within_half(self) -> bool:
        """Whether the figure is within the central 50 %."""
        return 0.25 <= self.place <= 0.75

    @property
    def is_within_ninety(self) -> bool:
        """Whether the figure is within the central 90 %."""
        return 0.05 <= self.place <= 0.95


def score(match: Match, numbers: Floats, factors: Floats, baseline: Baseline | None) -> Score:
    """Return the score of a claim.

    Parameters
    ----------
    match : Match
    numbers, factors : array, shape (samples,)
        Numbers of the account and counting factors, sample by sample.
    baseline : Baseline or None
    """
    from scoringrules import crps_mixnorm, crps_normal

    centres = np.log(np.maximum(numbers * factors, LEAST))
    spread, said = match.spread, math.log(match.middle)
    foretold = tuple(math.exp(_quantile(centres, spread, share)) for share in QUANTILES)
    thinned = centres[:: -(-len(centres) // CRPS_SAMPLES)]
    crps = crps_mixnorm(said, thinned, np.full(len(thinned), spread))
    place, error = float(ndtr((said - centres) / spread).mean()), abs(said - math.log(foretold[2]))
    if baseline is None:
        return Score(match, foretold, place, float(crps), error, None)
    middles = [math.log(baseline.persistence), math.log(baseline.trend)]
    return Score(
        match,
        foretold,
        place,
        float(crps),
        error,
        baseline,
        *(float(crps_normal(said, middle, baseline.spread)) for middle in middles),
        *(abs(said - middle) for middle in middles),
    )


def _quantile(centres: Floats, spread: float, share: float) -> float:
    """Return a quantile of a mixture of normal distributions of one spread."""
    low, high = centres.min() - 10.0 * spread, centres.max() + 10.0 * spread
    found: float = brentq(lambda value: float(ndtr((value - centres) / spread).mean()) - share, low, high)
    return found
