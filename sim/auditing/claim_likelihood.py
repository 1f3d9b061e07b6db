"""Likelihood of claims given the numbers of the account, with counting factors integrated out.

The logarithm of a claim is that of the number of the account, plus that of the counting factor of its family,
plus a normal error. A bound is met with the probability that the claimed number is on its side. Given the
numbers of the account, families are independent: the plain claims of one and the prior of its factor are
normal and are multiplied in closed form, its bounds are integrated over that by Gauss-Hermite quadrature.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, logsumexp

from sim.auditing.claims import Bound, Match
from sim.auditing.judgements import Family

Floats = NDArray[np.float64]
_NODES = 32
#: Standard normal values between which drawn factors are interpolated.
_FINE = np.linspace(-6.0, 6.0, 481)


@dataclass(frozen=True)
class _Normal:
    """Normal distribution of the logarithm of a counting factor in each run, and log evidence so far."""

    mean: Floats
    variance: float
    log_evidence: Floats


class ClaimLikelihood:
    """Likelihood of some claims.

    Parameters
    ----------
    matches : sequence of Match

    Attributes
    ----------
    families : tuple of Family
        Families with a counting factor.
    """

    def __init__(self, matches: Sequence[Match]) -> None:
        self._matches = tuple(matches)
        by_name = {match.family.name: match.family for match in matches if match.family is not None}
        self.families: tuple[Family, ...] = tuple(by_name.values())
        names = [match.family.name if match.family else "" for match in matches]
        self._groups: list[tuple[Family | None, list[int]]] = [
            (by_name.get(name), [at for at, each in enumerate(names) if each == name])
            for name in dict.fromkeys(names)
        ]
        grid, weights = np.polynomial.hermite_e.hermegauss(_NODES)
        self._grid, self._log_weights = grid, np.log(weights) - 0.5 * math.log(2.0 * math.pi)

    def log_likelihood(self, observed: Floats) -> Floats:
        """Return the log likelihood of each run, shape (runs,), of numbers of shape (runs, claims).

        Minus infinity where a number is no number, or zero beside a claim that is not.
        """
        total = np.zeros(len(observed))
        with np.errstate(divide="ignore", invalid="ignore"):
            for family, claims in self._groups:
                normal = self._plain(observed, family, claims)
                total += normal.log_evidence + self._bounds(observed, claims, normal)
        total[~np.isfinite(total)] = -np.inf
        return total

    def draw_factors(self, observed: Floats, rng: np.random.Generator) -> Floats:
        """Draw the counting factors given the numbers of each run, shape (runs, families)."""
        columns = []
        for family, claims in self._groups:
            if family is None:
                continue
            normal = self._plain(observed, family, claims)
            density = self._log_bounds(observed, claims, normal, _FINE) - 0.5 * _FINE**2
            below = np.cumsum(np.exp(density - density.max(axis=1, keepdims=True)), axis=1)
            uniform = rng.random(len(observed)) * below[:, -1]
            at = np.array([np.interp(u, row, _FINE) for u, row in zip(uniform, below, strict=True)])
            columns.append(np.exp(normal.mean + math.sqrt(normal.variance) * at))
        return np.array(columns).T.reshape(len(observed), len(self.families))

    def _plain(self, observed: Floats, family: Family | None, claims: Sequence[int]) -> _Normal:
        """Return the factor after the claims that are no bounds, and their log evidence."""
        mean = np.full(len(observed), 0.0 if family is None else math.log(family.median))
        variance = 0.0 if family is None else family.spread**2
        evidence = np.zeros(len(observed))
        for claim in claims:
            match = self._matches[claim]
            if match.is_bound:
                continue
            # One claim after the other: the evidence of each, then the factor after it (Kalman).
            found = math.log(match.middle) - np.log(observed[:, claim]) - mean
            whole = variance + match.spread**2
            evidence += -0.5 * (found**2 / whole + math.log(2.0 * math.pi * whole))
            mean = mean + variance / whole * found
            variance *= match.spread**2 / whole
        return _Normal(mean, variance, evidence)

    def _bounds(self, observed: Floats, claims: Sequence[int], normal: _Normal) -> Floats:
        """Return the log probability of the bounds, averaged over the factor."""
        found: Floats = logsumexp(
            self._log_weights + self._log_bounds(observed, claims, normal, self._grid), axis=1
        )
        return found

    def _log_bounds(self, observed: Floats, claims: Sequence[int], normal: _Normal, grid: Floats) -> Floats:
        """Return the log probability of the bounds where the factor has standard normal values of a grid."""
        factor = normal.mean[:, np.newaxis] + math.sqrt(normal.variance) * grid
        total = np.zeros(factor.shape)
        for claim in claims:
            match = self._matches[claim]
            if match.is_bound:
                side = 1.0 if match.bound is Bound.AT_LEAST else -1.0
                said = np.log(observed[:, claim])[:, np.newaxis] + factor
                total += log_ndtr(side * (said - math.log(match.middle)) / match.spread)
        return total
