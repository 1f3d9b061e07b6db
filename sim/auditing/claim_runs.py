"""Runs of a scenario whose numbers are compared with claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.auditing.claim_likelihood import ClaimLikelihood
from sim.auditing.claims import Match
from sim.auditing.input_priors import InputPriors
from sim.observables import Cumulative, Level, Observable, WindowRatio
from sim.scenario.scenario import Scenario
from sim.simulate import GivenInputs

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Observe = Callable[[Floats, Ints], Floats]
#: Run numbers of which each simulated point has one: the process noise of its daily draws.
_NOISE_RUNS = 1_000


class ClaimRuns:
    """Simulated numbers of claims, as a function of coordinates.

    The coordinates of a point are standard normal: one for each input, and one for the run number that names
    all other draws. The process noise is so a parameter as well, and fixed under the same coordinates. Runs
    end with the last day that a claim is about; only those of watched claims go on.

    Parameters
    ----------
    scenario : Scenario
    matches : sequence of Match
    watched : sequence of Match
        Further claims, whose numbers are observed and which have no likelihood.
    seed : int
    jobs : int, optional
    """

    def __init__(
        self,
        scenario: Scenario,
        matches: Sequence[Match],
        *,
        watched: Sequence[Match] = (),
        seed: int,
        jobs: int | None = None,
    ) -> None:
        self.priors = InputPriors(scenario)
        self.likelihood = ClaimLikelihood(matches)
        self._observe = observer(scenario, self.priors.paths, matches, seed, jobs)
        self._watch = observer(scenario, self.priors.paths, watched, seed, jobs)

    @property
    def dimensions(self) -> int:
        """Number of coordinates."""
        return len(self.priors.paths) + 1

    def inputs(self, coordinates: Floats) -> Floats:
        """Return the inputs of points, shape (points, inputs)."""
        return self.priors.inputs(coordinates[:, :-1])

    def numbers(self, coordinates: Floats) -> Ints:
        """Return the run numbers of points, shape (points,)."""
        places: Floats = ndtr(coordinates[:, -1]) * _NOISE_RUNS
        return np.minimum(places, _NOISE_RUNS - 1).astype(np.int64)

    def observed(self, coordinates: Floats) -> Floats:
        """Return the numbers of the account that claims are about, shape (points, claims)."""
        return self._observe(self.inputs(coordinates), self.numbers(coordinates))

    def watched(self, coordinates: Floats) -> Floats:
        """Return the numbers of the account that watched claims are about, shape (points, watched)."""
        return self._watch(self.inputs(coordinates), self.numbers(coordinates))

    def log_posterior(self, coordinates: Floats) -> Floats:
        """Return the log posterior density of points, up to a constant, shape (points,)."""
        return self.likelihood.log_likelihood(self.observed(coordinates)) + log_prior(coordinates)


def log_prior(coordinates: Floats) -> Floats:
    """Return the log density of standard normal coordinates, up to a constant, shape (points,)."""
    density: Floats = -0.5 * (coordinates**2).sum(axis=1)
    return density


def observer(
    scenario: Scenario, paths: Sequence[str], matches: Sequence[Match], seed: int, jobs: int | None
) -> Observe:
    """Return a function of inputs and run numbers that gives the numbers of claims, shape (runs, claims).

    Runs end with the last day that a claim is about, and claims on the same number share an observable.
    """
    if not matches:
        return lambda _, numbers: np.empty((len(numbers), 0))
    plain = [replace(match.observable, label="") for match in matches]
    different = list(dict.fromkeys(plain))
    columns = [different.index(one) for one in plain]
    end = max(map(last_day, plain)) + dt.timedelta(days=1)
    short = scenario.replace({"end": end.isoformat()}) if end < scenario.end else scenario
    runs = GivenInputs(short, paths, different, seed=seed, jobs=jobs)
    return lambda inputs, numbers: runs.observed(inputs, numbers)[:, columns]


def last_day(observable: Observable) -> dt.date:
    """Return the last day that an observable reads."""
    if isinstance(observable, Level | Cumulative):
        return observable.date
    if isinstance(observable, WindowRatio):
        return max(observable.window.last, observable.base.last)
    return observable.window.last
