"""Conflict of each claim with the others: its p-value under the posterior that the others imply.

The posterior without a claim comes from the samples of that with all claims, weighted and moved where they
have to be (`moment_matching`). Where that gives no reliable samples, the inference is repeated without the
claim. The p-value of a claim is the cross-validatory conflict p-value of evidence synthesis; all of them are
adjusted for their number, whatever their dependence (Benjamini and Yekutieli).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr
from scipy.stats import false_discovery_control

from sim.auditing.claim_likelihood import ClaimLikelihood
from sim.auditing.claims import Bound, Match
from sim.auditing.moment_matching import Observe, samples_without
from sim.auditing.posterior import Posterior

Floats = NDArray[np.float64]
#: Infers without a claim, and observes its number: (rest, claim) -> posterior.
Repeat = Callable[[Sequence[Match], Match], Posterior]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A claim compared with the prediction of the others.

    Attributes
    ----------
    match : Match
    implied : tuple of float
        Quantiles 5, 50 and 95 % of the figure that the claimant would publish, if the others are right.
    p_value : float
        Probability of a figure at least as far out: on either side, or of a bound on its side.
    adjusted : float
        For the number of claims.
    shape : float
        Shape of the Pareto tail of the weights; above 0.7 only if the inference was repeated.
    is_repeated : bool
        Whether the inference was repeated without the claim.
    """

    match: Match
    implied: tuple[float, float, float]
    p_value: float
    adjusted: float
    shape: float
    is_repeated: bool


def find_conflicts(posterior: Posterior, observe: Observe, repeat: Repeat) -> tuple[Conflict, ...]:
    """Return the conflict of each claim of a posterior with the others, in their order.

    Parameters
    ----------
    posterior : Posterior
    observe : callable
        Observes the numbers of its claims at other inputs; see `sim.auditing.claim_runs.ClaimRuns.observed`.
    repeat : callable
        Infers without a claim where no weights are reliable; see `sim.auditing.posterior.infer`.
    """
    found = [_examine(posterior, claim, observe, repeat) for claim in range(len(posterior.matches))]
    adjusted = false_discovery_control([one.p_value for one in found], method="by")
    return tuple(
        Conflict(one.match, one.implied, one.p_value, float(value), one.shape, one.is_repeated)
        for one, value in zip(found, adjusted, strict=True)
    )


def _examine(posterior: Posterior, claim: int, observe: Observe, repeat: Repeat) -> Conflict:
    match = posterior.matches[claim]
    rest = [each for at, each in enumerate(posterior.matches) if at != claim]
    samples = samples_without(posterior, claim, observe)
    weights, numbers = samples.weights, samples.observed[:, claim]
    others = np.delete(samples.observed, claim, axis=1)
    if not samples.is_reliable:
        again = repeat(rest, match)
        others, numbers = again.observed[:, : len(rest)], again.observed[:, len(rest)]
        weights = np.full(len(numbers), 1.0 / len(numbers))
    random = np.random.default_rng([posterior.seed, 1_000 + claim])
    centre = np.log(numbers) + np.log(_factors(match, ClaimLikelihood(rest), others, random))
    figures = np.exp(centre + match.spread * random.standard_normal(len(centre)))
    p_value = _p_value(match, centre, weights)
    return Conflict(
        match, _quantiles(figures, weights), p_value, math.nan, samples.shape, not samples.is_reliable
    )


def _factors(
    match: Match, likelihood: ClaimLikelihood, others: Floats, random: np.random.Generator
) -> Floats:
    """Draw the counting factor of a claim given the others of its family, if there are any."""
    family = match.family
    if family is None:
        return np.ones(len(others))
    if family in likelihood.families:
        return likelihood.draw_factors(others, random)[:, likelihood.families.index(family)]
    drawn: Floats = family.median * np.exp(family.spread * random.standard_normal(len(others)))
    return drawn


def _p_value(match: Match, centre: Floats, weights: Floats) -> float:
    """Return the probability of a figure at least as far out as that of the claim."""
    out = (math.log(match.middle) - centre) / match.spread
    below = float(weights @ ndtr(out))
    if match.bound is Bound.AT_MOST:
        return below
    # Not 1 - below, which loses all digits of a small probability.
    above = float(weights @ np.exp(log_ndtr(-out)))
    return above if match.bound is Bound.AT_LEAST else min(1.0, 2.0 * min(below, above))


def _quantiles(figures: Floats, weights: Floats) -> tuple[float, float, float]:
    order = np.argsort(figures)
    below = np.cumsum(weights[order])
    places = np.minimum(np.searchsorted(below, [0.05, 0.5, 0.95]), len(figures) - 1)
    low, middle, high = figures[order][places].tolist()
    return low, middle, high
