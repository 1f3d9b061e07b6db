"""Runs of a scenario whose numbers are compared with claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
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
#: Run numbers of which each simulated point has one: the process noise of its daily draws.
_NOISE_RUNS = 1_000


class ClaimRuns:
    """Simulated numbers of claims, as a function of coordinates.

    The coordinates of a point are standard normal: one for each input, and one for the run number that names
    all other draws. The process noise is so a parameter as well, and fixed under the same coordinates.

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
        # Claims on the same number share one observable.
        self._claims = len(matches)
        plain = [replace(match.observable, label="") for match in (*matches, *watched)]
        different = list(dict.fromkeys(plain))
        self._columns = [different.index(one) for one in plain]
        end = max(map(last_day, plain)) + dt.timedelta(days=1)
        short = scenario.replace({"end": end.isoformat()}) if end < scenario.end else scenario
        self._runs = GivenInputs(short, self.priors.paths, different, seed=seed, jobs=jobs)

    @property
    def dimensions(self) -> int:
        """Number of coordinates."""
        return len(self.priors.paths) + 1

    def inputs(self, coordinates: Floats) -> Floats:
        """Return the inputs of points, shape (points, inputs)."""
        return self.priors.inputs(coordinates[:, :-1])

    def observed(self, coordinates: Floats) -> Floats:
        """Return the numbers of the account that claims and watched ones are about, by point."""
        numbers = np.minimum(ndtr(coordinates[:, -1]) * _NOISE_RUNS, _NOISE_RUNS - 1).astype(np.int64)
        return self._runs.observed(self.inputs(coordinates), numbers)[:, self._columns]

    def log_posterior(self, coordinates: Floats) -> Floats:
        """Return the log posterior density of points, up to a constant, shape (points,)."""
        density: Floats = self.likelihood.log_likelihood(self.observed(coordinates)[:, : self._claims])
        density -= 0.5 * (coordinates**2).sum(axis=1)
        return density


def last_day(observable: Observable) -> dt.date:
    """Return the last day that an observable reads."""
    if isinstance(observable, Level | Cumulative):
        return observable.date
    if isinstance(observable, WindowRatio):
        return max(observable.window.last, observable.base.last)
    return observable.window.last
