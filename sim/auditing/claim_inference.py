"""Inference from the independent claims with the conflict of each, or why it is not supported."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from sim.auditing.claim_runs import ClaimRuns
from sim.auditing.claims import Match
from sim.auditing.conflicts import Conflict, find_conflicts
from sim.auditing.input_priors import InputPriors
from sim.auditing.posterior import STEPS, WALKERS, Posterior, infer
from sim.errors import ArgumentError, RunError
from sim.scenario.scenario import Scenario
from sim.simulate import Progress


@dataclass(frozen=True, eq=False)
class ClaimInference:
    """Inputs and counting factors after the claims, and conflicts.

    Attributes
    ----------
    posterior : Posterior or None
        None if the samples do not support one.
    conflicts : tuple of Conflict
        Empty if the samples do not support them.
    refusal : str
        Why one of them is missing, as a clause; empty if none is.
    """

    posterior: Posterior | None
    conflicts: tuple[Conflict, ...] = ()
    refusal: str = ""


def infer_from_claims(
    scenario: Scenario,
    matches: Sequence[Match],
    *,
    seed: int,
    walkers: int | None = None,
    steps: int | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> ClaimInference:
    """Return the inference from independent claims, or the reason why it is not supported.

    Parameters
    ----------
    scenario : Scenario
    matches : sequence of Match
        Independent claims.
    seed, jobs, progress
        As for `sim.auditing.posterior.infer`; repeated inferences add to the steps of the progress.
    walkers, steps : int, optional
        As there, for each inference.
    """
    try:
        InputPriors(scenario)
    except ArgumentError as error:
        return ClaimInference(None, refusal=error.faults[0].problem)
    if not matches:
        return ClaimInference(None, refusal="no claim is independent")
    counter = _StepCounter(progress)

    def run(claims: Sequence[Match], watched: Sequence[Match] = ()) -> Posterior:
        return infer(
            scenario,
            claims,
            watched=watched,
            seed=seed,
            walkers=walkers or WALKERS,
            steps=steps or STEPS,
            jobs=jobs,
            progress=counter.next(),
        )

    with warnings.catch_warnings():
        # Walkers begin in the prior, where some runs have no likelihood at all: emcee subtracts infinities.
        warnings.filterwarnings("ignore", "invalid value encountered in", RuntimeWarning)
        try:
            posterior = run(matches)
        except RunError as error:
            return ClaimInference(None, refusal=str(error))
        if len(matches) == 1:
            return ClaimInference(posterior, refusal="there is one claim, and no other to compare it with")
        try:
            observe = ClaimRuns(scenario, matches, seed=seed, jobs=jobs).observed
            conflicts = find_conflicts(posterior, observe, lambda rest, claim: run(rest, [claim]))
        except RunError as error:
            return ClaimInference(posterior, refusal=f"without one of the claims {error}")
    return ClaimInference(posterior, conflicts)


class _StepCounter:
    """Progress over several inferences, of which more may follow."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._before, self._total = 0, 0

    def next(self) -> Progress | None:
        """Return the progress of the next inference."""
        self._before = self._total
        return None if self._progress is None else self._advance

    def _advance(self, done: int, total: int) -> None:
        assert self._progress is not None  # noqa: S101 - else it is not called
        self._total = self._before + total
        self._progress(self._before + done, self._total)
