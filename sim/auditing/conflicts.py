"""Conflict of each claim with the others: its p-value under the posterior that the others imply.

The posterior without a claim is that with all of them, weighted by the inverse of the likelihood of the claim
given the others; weights are smoothed by a Pareto tail (PSIS, arviz-stats). Where the tail is too heavy for
that, the inference is repeated without the claim. The p-value of a claim is the cross-validatory conflict
p-value of evidence synthesis; all of them are adjusted for their number, whatever their dependence
(Benjamini and Yekutieli).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr
from scipy.stats import false_discovery_control

from sim.auditing.claim_likelihood import ClaimLikelihood
from sim.auditing.claims import Bound, Match
from sim.auditing.posterior import Posterior

Floats = NDArray[np.float64]
#: Infers without a claim, and observes its number: (rest, claim) -> posterior.
Repeat = Callable[[Sequence[Match], Match], Posterior]
#: Largest shape of the Pareto tail at which smoothed weights are reliable (Vehtari et al. 2024).
MAX_SHAPE = 0.7
#: Relative size of the differences that keep apart numbers that are the same in many runs.
_LAST_DIGITS = 1e-9
#: Differences of logarithms that are none.
_SAME = 1e-6


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
        Shape of the Pareto tail of the weights.
    is_repeated : bool
        Whether the inference was repeated without the claim.
    """

    match: Match
    implied: tuple[float, float, float]
    p_value: float
    adjusted: float
    shape: float
    is_repeated: bool


def find_conflicts(posterior: Posterior, repeat: Repeat) -> tuple[Conflict, ...]:
    """Return the conflict of each claim of a posterior with the others, in their order.

    Parameters
    ----------
    posterior : Posterior
    repeat : callable
        Infers without a claim where its weights are not reliable; see `sim.auditing.posterior.infer`.
    """
    apart = _without_ties(posterior)
    found = [_examine(apart, claim, repeat) for claim in range(len(posterior.matches))]
    adjusted = false_discovery_control([one.p_value for one in found], method="by")
    return tuple(
        Conflict(one.match, one.implied, one.p_value, float(value), one.shape, one.is_repeated)
        for one, value in zip(found, adjusted, strict=True)
    )


def _without_ties(posterior: Posterior) -> Posterior:
    """Return a posterior whose observed numbers all differ, by the last digits.

    PSIS of arviz-stats divides by zero where most weights are the same, as of a claim on fire that every run
    can sustain.
    """
    random = np.random.default_rng([posterior.seed, 4_000])
    factors = 1.0 + _LAST_DIGITS * random.standard_normal(posterior.observed.shape)
    return replace(posterior, observed=posterior.observed * factors)


def _examine(posterior: Posterior, claim: int, repeat: Repeat) -> Conflict:
    match = posterior.matches[claim]
    rest = [each for at, each in enumerate(posterior.matches) if at != claim]
    others = np.delete(posterior.observed, claim, axis=1)
    likelihood = ClaimLikelihood(rest)
    whole = ClaimLikelihood(posterior.matches).log_likelihood(posterior.observed)
    # Likelihood of the claim given the others, sample by sample.
    smoothed, shape = _inverse_weights(whole - likelihood.log_likelihood(others))
    is_repeated = not shape <= MAX_SHAPE
    weights, numbers = np.exp(smoothed), posterior.observed[:, claim]
    if is_repeated:
        again = repeat(rest, match)
        others, numbers = again.observed[:, : len(rest)], again.observed[:, len(rest)]
        weights = np.full(len(numbers), 1.0 / len(numbers))
    random = np.random.default_rng([posterior.seed, 1_000 + claim])
    centre = np.log(numbers) + np.log(_factors(match, likelihood, others, random))
    figures = np.exp(centre + match.spread * random.standard_normal(len(centre)))
    implied = _quantiles(figures, weights / weights.sum())
    p_value = _p_value(match, centre, weights / weights.sum())
    return Conflict(match, implied, p_value, math.nan, shape, is_repeated)


def _inverse_weights(log_likelihood: Floats) -> tuple[Floats, float]:
    """Return log weights by the inverse likelihood with a smoothed Pareto tail, and the shape of the tail.

    No tail has a shape of minus infinity.
    """
    from arviz_stats.base.array import array_stats

    if np.ptp(log_likelihood) < _SAME:
        return np.zeros(len(log_likelihood)), -math.inf
    # It takes log likelihoods, and inverts them itself.
    smoothed, shape = array_stats.psislw(log_likelihood)
    return smoothed, float(shape)


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
