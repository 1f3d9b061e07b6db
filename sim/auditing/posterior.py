"""Posterior of the inputs given the claims, by an affine-invariant ensemble sampler over simulated runs.

The sampler is emcee: moves of many walkers, so that each step is one block of runs. Its moves are
differential evolution and the stretch. The snooker move is left out: that of version 3.1.6 does not keep
a normal distribution, whose standard deviation it lowers by a tenth.

Two repetitions start from the prior with seeds of their own; a result that they do not agree on is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.auditing.claim_runs import ClaimRuns
from sim.auditing.claims import Match
from sim.auditing.judgements import Family
from sim.errors import ArgumentError, Fault, RunError
from sim.scenario.scenario import Scenario
from sim.units import Unit

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]
REPETITIONS = 2
#: Least effective sample of all repetitions, for any input or factor.
MIN_EFFECTIVE = 400
#: Largest distance between the medians of two repetitions, in standard deviations: three standard errors of
#: that distance at the least effective sample.
MAX_DISTANCE = 0.4
#: Walkers of a repetition: half of them make a step at a time.
WALKERS = 128
STEPS = 800
#: Samples that a posterior keeps.
KEPT = 2_000
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


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
        Size of each repetition; its first third is not used.
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
    """
    if not matches:
        raise ArgumentError([Fault("there is no claim to infer from", allowed="comparable claims")])
    runs = ClaimRuns(scenario, matches, watched=watched, seed=seed, jobs=jobs)
    if walkers < 2 * runs.dimensions or walkers % 2:
        least = 2 * runs.dimensions
        raise ArgumentError([Fault(f"{walkers} walkers", allowed=f"an even number from {least}")])
    chains = []
    for repetition in range(REPETITIONS):
        done = repetition * steps
        chains.append(_sample(runs, _generator(seed, repetition), walkers, steps, done, progress))
    found = _posterior(runs, tuple(matches), seed, np.array(chains))
    require_support(found)
    return found


def require_support(posterior: Posterior) -> None:
    """Raise `RunError` if the samples do not support statements about each input and factor."""
    worst = min(posterior.parameters, key=lambda one: one.effective)
    if worst.effective < MIN_EFFECTIVE:
        raise RunError(
            f"the inference is not supported: the effective sample of {worst.name} is {worst.effective:.0f},"
            f" and at least {MIN_EFFECTIVE} are needed; take more steps"
        )
    apart = max(posterior.parameters, key=lambda one: one.distance)
    if apart.distance > MAX_DISTANCE:
        raise RunError(
            f"the inference is not supported: two repetitions differ by {apart.distance:.2f} standard"
            f" deviations in the median of {apart.name}, and at most {MAX_DISTANCE} are allowed; take more"
            " steps"
        )


def _generator(seed: int, repetition: int) -> np.random.RandomState:
    words = np.random.SeedSequence([seed, repetition]).generate_state(8)
    return np.random.RandomState(np.random.MT19937(np.random.SeedSequence(words.tolist())))


def _sample(
    runs: ClaimRuns,
    random: np.random.RandomState,
    walkers: int,
    steps: int,
    done: int,
    progress: Progress | None,
) -> Floats:
    """Return the coordinates of one repetition after its first third, shape (steps, walkers, dimensions)."""
    import emcee

    start = random.standard_normal((walkers, runs.dimensions))
    moves = [(emcee.moves.DEMove(), 0.8), (emcee.moves.StretchMove(), 0.2)]
    sampler = emcee.EnsembleSampler(walkers, runs.dimensions, runs.log_posterior, moves=moves, vectorize=True)
    state = emcee.State(start, random_state=random.get_state())
    for step, _ in enumerate(sampler.sample(state, iterations=steps), start=1):
        if progress is not None:
            progress(done + step, REPETITIONS * steps)
    chain: Floats = sampler.get_chain(discard=steps // 3)
    return chain


def _posterior(runs: ClaimRuns, matches: tuple[Match, ...], seed: int, chains: Floats) -> Posterior:
    """Return the posterior of chains of shape (repetitions, steps, walkers, dimensions)."""
    random = np.random.default_rng([seed, REPETITIONS])
    each = chains.reshape(REPETITIONS, -1, chains.shape[-1])
    size = min(KEPT // REPETITIONS, each.shape[1])
    kept = np.concatenate([one[random.choice(len(one), size, replace=False)] for one in each])
    observed = runs.observed(kept)
    factors = runs.likelihood.draw_factors(observed[:, : len(matches)], random)
    inputs = runs.inputs(kept)
    prior = runs.priors.at(np.repeat(np.array(_QUANTILES)[:, np.newaxis], inputs.shape[1], axis=1))
    parameters = [
        Parameter(
            path,
            runs.priors.units[at],
            tuple(prior[:, at].tolist()),
            tuple(np.quantile(inputs[:, at], _QUANTILES).tolist()),
            *_agreement(chains[..., at]),
        )
        for at, path in enumerate(runs.priors.paths)
    ]
    parameters += [
        Parameter(
            family.name,
            Unit.NUMBER,
            _prior_of(family),
            tuple(np.quantile(factors[:, at], _QUANTILES).tolist()),
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
        factors,
        observed,
        tuple(parameters),
    )


def _prior_of(family: Family) -> tuple[float, ...]:
    from scipy.special import ndtri

    quantiles: Floats = family.median * np.exp(family.spread * ndtri(np.array(_QUANTILES)))
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
