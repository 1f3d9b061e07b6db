"""Inputs after the claims are taken into account, by an ensemble sampler over simulated runs; see `sampler`.

Two repetitions start from the prior with seeds of their own. They go on until their samples support
statements about each input, and a result that they do not agree on is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.auditing.claim_runs import ClaimRuns
from sim.auditing.claims import Match
from sim.auditing.judgements import Family
from sim.auditing.sampler import Chain, advance_together
from sim.errors import ArgumentError, Fault, RunError
from sim.scenario.scenario import Scenario
from sim.simulate import Progress
from sim.units import Unit
from sim.worker_pool import core_count

Floats = NDArray[np.float64]
REPETITIONS = 2
#: Least effective sample of all repetitions, for any input or factor.
MIN_EFFECTIVE = 400
#: Largest distance between the medians of two repetitions, in standard deviations: three standard errors of
#: that distance at the least effective sample.
MAX_DISTANCE = 0.4
WALKERS = 256
#: Steps of a repetition that are not used. After 40, means and spreads changed no more, on a linear account
#: and on the war. A start from the samples of a similar posterior would take fewer, but where a claim
#: contradicts the others it ends far from the right place, and both repetitions agree on that.
WARM_UP = 60
#: Steps after that.
STEPS = 60
#: While the samples do not support the result, as many steps are taken as before: up to this many rounds.
MAX_ROUNDS = 3
#: Samples that a posterior keeps.
KEPT = 2_000
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Parameter:
    """An input or a counting factor before and after the claims.

    Attributes
    ----------
    name : str
        Path of an input, or family.
    unit : Unit
        Base unit; dates are days from the start. ``NUMBER`` for a factor.
    prior, posterior : tuple of float
        Quantiles 5, 25, 50, 75 and 95 %.
    effective : float
        Effective sample of all repetitions.
    distance : float
        Between the medians of the repetitions, in posterior standard deviations.
    """

    name: str
    unit: Unit
    prior: tuple[float, ...]
    posterior: tuple[float, ...]
    effective: float
    distance: float


@dataclass(frozen=True, eq=False)
class Posterior:
    """Samples of the inputs and counting factors, given claims.

    Attributes
    ----------
    matches : tuple of Match
    seed : int
    paths : tuple of str
        Inputs.
    families : tuple of Family
    inputs : array, shape (samples, inputs)
    coordinates : array, shape (samples, inputs + 1)
        Standard normal coordinates of inputs and run numbers; see `ClaimRuns`.
    numbers : array of int, shape (samples,)
        Run numbers, which name all draws that are no inputs.
    factors : array, shape (samples, families)
    observed : array, shape (samples, claims)
        Numbers of the account that the claims are about, then those of watched claims.
    parameters : tuple of Parameter
        Inputs, then counting factors.
    """

    matches: tuple[Match, ...]
    seed: int
    paths: tuple[str, ...]
    families: tuple[Family, ...]
    inputs: Floats
    coordinates: Floats
    numbers: NDArray[np.int64]
    factors: Floats
    observed: Floats
    parameters: tuple[Parameter, ...]

    @property
    def effective(self) -> float:
        """Smallest effective sample of any parameter."""
        return min(one.effective for one in self.parameters)

    @property
    def distance(self) -> float:
        """Largest distance between repetitions of any parameter."""
        return max(one.distance for one in self.parameters)


def infer(
    scenario: Scenario,
    matches: Sequence[Match],
    *,
    watched: Sequence[Match] = (),
    seed: int = 1,
    walkers: int = WALKERS,
    steps: int = STEPS,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Posterior:
    """Return the inputs of a scenario and the counting factors of families, given claims.

    Parameters
    ----------
    scenario : Scenario
        Its distributions are the priors.
    matches : sequence of Match
        Claims with independent errors; see `independent_claims`.
    watched : sequence of Match
        Further claims, which are not believed: `Posterior.observed` has their numbers, last.
    seed : int
        The result depends on it, and not on the number of workers.
    walkers, steps : int
        Size of each repetition after a warm-up of 60 steps. If the samples do not support the result, as
        many steps follow as were taken before, up to twice; only those of the last round are used.
    jobs : int, optional
        Number of workers; by default all cores.
    progress : callable, optional
        Called with (steps done, all steps).

    Raises
    ------
    ArgumentError
        There is no claim, no uncertain input, or the walkers are too few.
    RunError
        The effective sample is below 400, or the repetitions do not agree.
    EngineError
        The compiled engine cannot run on this machine.
    Interrupted
        The user stopped it.
    """
    if not matches:
        raise ArgumentError([Fault("there is no claim to infer from", allowed="comparable claims")])
    workers = core_count() if jobs is None else jobs
    runs = ClaimRuns(scenario, matches, watched=watched, seed=seed, jobs=max(1, workers // REPETITIONS))
    if walkers < 2 * runs.dimensions or walkers % 2:
        least = 2 * runs.dimensions
        raise ArgumentError([Fault(f"{walkers} walkers", allowed=f"an even number from {least}")])
    chains = [
        Chain(runs.log_posterior, runs.dimensions, walkers, WARM_UP, (seed, repetition))
        for repetition in range(REPETITIONS)
    ]
    taken, more = 0, WARM_UP + steps
    for _ in range(MAX_ROUNDS):
        for done in advance_together(chains, more, min(workers, REPETITIONS)):
            if progress is not None:
                progress(REPETITIONS * taken + done, REPETITIONS * (taken + more))
        unused, taken = taken or WARM_UP, taken + more
        found = np.array([chain.coordinates(unused) for chain in chains])
        agreements = [_agreement(found[..., at]) for at in range(len(runs.priors.paths))]
        if not _complaint(runs.priors.paths, agreements):
            break
        for chain in chains:
            chain.learn(unused)
        more = taken
    posterior = _posterior(runs, tuple(matches), seed, found, agreements)
    require_support(posterior)
    return posterior


def require_support(posterior: Posterior) -> None:
    """Raise `RunError` if the samples do not support statements about each input and factor."""
    names = [one.name for one in posterior.parameters]
    complaint = _complaint(names, [(one.effective, one.distance) for one in posterior.parameters])
    if complaint:
        raise RunError(f"the inference is not supported: {complaint}; take more steps")


def _complaint(names: Sequence[str], agreements: Sequence[tuple[float, float]]) -> str:
    """Return why samples do not support statements about parameters; empty if they do."""
    effective, name = min((each[0], name) for each, name in zip(agreements, names, strict=True))
    # A parameter that never moved has no effective sample.
    if not effective >= MIN_EFFECTIVE:
        return f"the effective sample of {name} is {effective:.0f}, and at least {MIN_EFFECTIVE} are needed"
    distance, name = max((each[1], name) for each, name in zip(agreements, names, strict=True))
    if distance > MAX_DISTANCE:
        return (
            f"two repetitions differ by {distance:.2f} standard deviations in the median of {name}, and at"
            f" most {MAX_DISTANCE} are allowed"
        )
    return ""


def _posterior(
    runs: ClaimRuns,
    matches: tuple[Match, ...],
    seed: int,
    chains: Floats,
    agreements: Sequence[tuple[float, float]],
) -> Posterior:
    """Return the posterior of chains of shape (repetitions, steps, walkers, dimensions)."""
    random = np.random.default_rng([seed, REPETITIONS])
    each = chains.reshape(REPETITIONS, -1, chains.shape[-1])
    size = min(KEPT // REPETITIONS, each.shape[1])
    kept = np.concatenate([one[random.choice(len(one), size, replace=False)] for one in each])
    observed = np.hstack([runs.observed(kept), runs.watched(kept)])
    factors = runs.likelihood.draw_factors(observed[:, : len(matches)], random)
    inputs = runs.inputs(kept)
    prior = runs.priors.at(np.repeat(np.array(QUANTILES)[:, np.newaxis], inputs.shape[1], axis=1))
    parameters = [
        Parameter(
            path,
            runs.priors.units[at],
            tuple(prior[:, at].tolist()),
            tuple(np.quantile(inputs[:, at], QUANTILES).tolist()),
            *agreements[at],
        )
        for at, path in enumerate(runs.priors.paths)
    ]
    parameters += [
        Parameter(
            family.name,
            Unit.NUMBER,
            _prior_of(family),
            tuple(np.quantile(factors[:, at], QUANTILES).tolist()),
            min(one.effective for one in parameters),
            _distance(factors[:size, at], factors[size:, at]),
        )
        for at, family in enumerate(runs.likelihood.families)
    ]
    return Posterior(
        matches,
        seed,
        runs.priors.paths,
        runs.likelihood.families,
        inputs,
        kept,
        runs.numbers(kept),
        factors,
        observed,
        tuple(parameters),
    )


def _prior_of(family: Family) -> tuple[float, ...]:
    from scipy.special import ndtri

    quantiles: Floats = family.median * np.exp(family.spread * ndtri(np.array(QUANTILES)))
    return tuple(quantiles.tolist())


def _agreement(chains: Floats) -> tuple[float, float]:
    """Return the effective sample of a coordinate, and the distance between its repetitions.

    `chains` has the shape (repetitions, steps, walkers). Each walker counts as a chain, so that walkers which
    have not met yet lower the effective sample; the autocorrelation time of emcee does not see them.
    """
    from arviz_stats.base.array import array_stats

    walkers = np.moveaxis(chains, 1, -1).reshape(-1, chains.shape[1])
    effective = float(array_stats.ess(walkers, chain_axis=0, draw_axis=1))
    return effective, _distance(chains[0], chains[1])


def _distance(one: Floats, other: Floats) -> float:
    """Return the distance between the medians of two samples, in standard deviations of both together."""
    spread = float(np.concatenate([one.ravel(), other.ravel()]).std())
    return abs(float(np.median(one) - np.median(other))) / spread if spread > 0.0 else 0.0
