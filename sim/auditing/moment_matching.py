"""Importance samples of the posterior without a claim, moved towards it by moment matching.

The posterior without a claim is that with all of them, weighted by the inverse of the likelihood of the claim
given the others; weights are smoothed by a Pareto tail (PSIS, arviz-stats). Where a claim pulls the samples
far from where the others leave them, few have weight. Such samples are moved to their weighted mean, and to
their weighted covariance where enough of them have weight to know it; the account is run again at the moved
inputs, and the weights take the change of volume into account (Paananen, Piironen, Bürkner and Vehtari 2021,
Implicitly adaptive importance sampling, doi:10.1007/s11222-020-09982-2). The moment matching of arviz-stats
returns no moved samples, whose numbers of the account a p-value needs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.auditing.claim_likelihood import ClaimLikelihood
from sim.auditing.claim_runs import log_prior
from sim.auditing.posterior import MIN_EFFECTIVE, Posterior

Floats = NDArray[np.float64]
#: Returns the numbers of the account that the claims of a posterior are about, of shape (points, claims), at
#: coordinates of shape (points, inputs + 1).
Observe = Callable[[Floats], Floats]
#: Largest shape of the Pareto tail at which smoothed weights are reliable (Vehtari et al. 2024).
MAX_SHAPE = 0.7
#: Shape at which moves end: weights have a variance.
_LIGHT_SHAPE = 0.5
#: Share of the samples that is effective when moves end. With fewer the far tail of a prediction is cut, as
#: seen on the account of three flows in `tests/test_conflicts.py`.
_EVEN_SHARE = 0.5
#: Most moves of the samples; each takes a run for each sample.
_MAX_MOVES = 4
#: Effective samples for each dimension from which on a covariance is known.
_LEAST_A_DIMENSION = 10
#: Range of log weights within which they count as equal, and have no tail.
_SAME = 1e-3
#: Differences between log weights that are equal: PSIS of arviz-stats divides by zero where most are, as of a
#: claim on fire that every run can sustain.
_LAST_DIGITS = 1e-9


@dataclass(frozen=True, eq=False)
class WeightedSamples:
    """Samples of the posterior without one claim.

    Attributes
    ----------
    coordinates : array, shape (samples, inputs + 1)
        See `sim.auditing.claim_runs.ClaimRuns`.
    observed : array, shape (samples, claims)
        Numbers of the account, that of the claim among them.
    log_volume : float
        Of all moves: log of the determinant of their Jacobian.
    weights : array, shape (samples,)
        Their sum is 1.
    shape : float
        Shape of the Pareto tail of the weights; minus infinity where all are equal.
    """

    coordinates: Floats
    observed: Floats
    log_volume: float
    weights: Floats
    shape: float

    @property
    def effective(self) -> float:
        """Effective sample of the weights (Kish)."""
        return float(1.0 / (self.weights**2).sum())

    @property
    def is_reliable(self) -> bool:
        """Whether the tail is light enough for smoothed weights, and the effective sample large enough."""
        return self.shape <= MAX_SHAPE and self.effective >= MIN_EFFECTIVE

    @property
    def is_even(self) -> bool:
        """Whether most samples count, so that no move is needed."""
        return self.shape <= _LIGHT_SHAPE and self.effective >= _EVEN_SHARE * len(self.weights)

    @property
    def rank(self) -> tuple[bool, float]:
        """Key of the better of two: the larger effective sample, of heavy tails the smaller shape."""
        is_light = self.shape <= MAX_SHAPE
        return is_light, self.effective if is_light else -self.shape


def samples_without(posterior: Posterior, claim: int, observe: Observe) -> WeightedSamples:
    """Return samples of the posterior without the claim at a place, moved if they are not reliable.

    If no move makes them reliable, return the best ones.
    """
    from threadpoolctl import threadpool_limits

    # A matrix product has other last digits with other threads.
    with threadpool_limits(limits=1, user_api="blas"):
        return _move(_Weighing(posterior, claim), posterior, observe)


def _move(weigh: _Weighing, posterior: Posterior, observe: Observe) -> WeightedSamples:
    best = weigh(posterior.coordinates, posterior.observed[:, : len(posterior.matches)], 0.0)
    if best.is_reliable:
        return best
    for _ in range(_MAX_MOVES):
        for moved, volume in _moves(best):
            found = weigh(moved, observe(moved), best.log_volume + volume)
            if found.rank > best.rank:
                best = found
                break
        else:
            return best
        if best.is_even:
            return best
    return best


def _moves(samples: WeightedSamples) -> Iterator[tuple[Floats, float]]:
    """Yield the samples with the weighted mean and covariance, then with the mean alone, and the log volumes.

    The run number, which names the draws that are no inputs, stays as it is.
    """
    inputs, numbers = samples.coordinates[:, :-1], samples.coordinates[:, -1:]
    away, towards = inputs - inputs.mean(axis=0), samples.weights @ inputs
    if samples.effective >= _LEAST_A_DIMENSION * inputs.shape[1]:
        before = _covariance_root(away, np.full(len(away), 1.0 / len(away)))
        after = _covariance_root(inputs - towards, samples.weights)
        matched = towards + np.linalg.solve(before, away.T).T @ after.T
        yield np.hstack([matched, numbers]), float(np.log(np.diag(after) / np.diag(before)).sum())
    yield np.hstack([towards + away, numbers]), 0.0


def _covariance_root(deviations: Floats, weights: Floats) -> Floats:
    """Return the Cholesky factor of the covariance of weighted deviations, of shape (samples, inputs)."""
    covariance = deviations.T @ (deviations * weights[:, np.newaxis])
    return np.asarray(np.linalg.cholesky(covariance), dtype=np.float64)


class _Weighing:
    """Weights of samples of a posterior, moved or not, as samples of the one without a claim."""

    def __init__(self, posterior: Posterior, claim: int) -> None:
        self._claim = claim
        self._rest = ClaimLikelihood([each for at, each in enumerate(posterior.matches) if at != claim])
        whole = ClaimLikelihood(posterior.matches)
        known = posterior.observed[:, : len(posterior.matches)]
        self._drawn = whole.log_likelihood(known) + log_prior(posterior.coordinates)
        random = np.random.default_rng([posterior.seed, 4_000 + claim])
        self._last_digits = _LAST_DIGITS * random.standard_normal(len(known))

    def __call__(self, coordinates: Floats, observed: Floats, log_volume: float) -> WeightedSamples:
        others = np.delete(observed, self._claim, axis=1)
        wanted = self._rest.log_likelihood(others) + log_prior(coordinates)
        smoothed, shape = _smooth(wanted + log_volume - self._drawn + self._last_digits)
        weights = np.exp(smoothed - smoothed.max())
        return WeightedSamples(coordinates, observed, log_volume, weights / weights.sum(), shape)


def _smooth(log_weights: Floats) -> tuple[Floats, float]:
    """Return log weights with a smoothed Pareto tail, and the shape of the tail."""
    from arviz_stats.base.array import array_stats

    if np.ptp(log_weights) < _SAME:
        return np.zeros(len(log_weights)), -math.inf
    # It takes log likelihoods, and inverts them itself.
    smoothed, shape = array_stats.psislw(-log_weights)
    return smoothed, float(shape)
