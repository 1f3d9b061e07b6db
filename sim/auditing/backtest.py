"""Backtest: infer from the claims of one date, foretell those published until another, and score that."""

from __future__ import annotations

import datetime as dt

import numpy as np

from sim import simulate
from sim.auditing.audit import claims_of, read_date, refuse_hindsight
from sim.auditing.audit_result import own_faults
from sim.auditing.backtest_result import Backtest
from sim.auditing.baselines import baseline_of
from sim.auditing.foretold_ranges import foretold_ranges
from sim.auditing.matching import match
from sim.auditing.posterior import Posterior, infer
from sim.auditing.scored_claims import BacktestClaims, backtest_claims
from sim.auditing.scores import Score, score
from sim.errors import ArgumentError, Fault
from sim.scenario.scenario import Scenario
from sim.scenario.unknown_stock import require_known
from sim.simulate import Progress, ScenarioLike
from sim.study.query_info import QueryInfo


def backtest(
    scenario: ScenarioLike,
    as_of: dt.date | str,
    until: dt.date | str,
    *,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Infer from the claims published by one date, foretell those of the time until another, and score that.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
        As for `sim.run`; its distributions are the priors. A scenario with hindsight is refused.
    as_of : date or str
        The last day whose claims are believed.
    until : date or str
        The last day whose claims are scored, and to which ranges are foretold.
    seed : int
        The result depends on it, and not on the number of workers.
    jobs : int, optional
        Number of workers; by default all cores.
    progress : callable, optional
        Called with (steps done, all steps).

    Raises
    ------
    ScenarioError
        The scenario is not valid, or has something that was published after the first date.
    ArgumentError
        A date is out of range, no claim of the first date is about the scenario, or no input is uncertain.
    RunError
        The samples do not support the inference.
    EngineError
        The compiled engine cannot run on this machine.
    """
    checked = simulate.as_scenario(scenario)
    require_known(checked, "a backtest")
    simulate.check_arguments(1, seed, "compiled", jobs)
    first = read_date(as_of, "the first date of the backtest")
    last = read_date(until, "the last date of the backtest")
    _check_dates(checked, first, last)
    refuse_hindsight(checked, simulate.evidence_of(checked), first, what="a backtest")
    table = claims_of(checked)
    claims = backtest_claims(table, checked, first, last)
    posterior = infer(checked, claims.known, watched=claims.scored, seed=seed, jobs=jobs, progress=progress)
    return Backtest(
        query=QueryInfo.from_scenario(checked, runs=len(posterior.inputs), seed=seed),
        as_of=first,
        until=last,
        claims=claims,
        posterior=posterior,
        scores=score_claims(posterior, claims),
        ranges=foretold_ranges(checked, posterior, first, last, jobs),
        own_faults=own_faults(table, match(table, checked, as_of=last)),
        describe=simulate.describe_backtest,
    )


def score_claims(posterior: Posterior, claims: BacktestClaims) -> tuple[Score, ...]:
    """Return the scores of claims that a posterior watched.

    The counting factor of a family is that of the samples; of a family that had claimed nothing before, its
    prior, with one draw for all its claims.
    """
    random = np.random.default_rng([posterior.seed, 2_000])
    factors = {one.name: posterior.factors[:, at] for at, one in enumerate(posterior.families)}
    numbers = posterior.observed[:, len(posterior.matches) :].T
    found = []
    for claim, column in zip(claims.scored, numbers, strict=True):
        family, times = claim.family, np.ones(len(column))
        if family is not None:
            if family.name not in factors:
                drawn = random.standard_normal(len(column))
                factors[family.name] = family.median * np.exp(family.spread * drawn)
            times = factors[family.name]
        found.append(score(claim, column, times, baseline_of(claim, claims.known)))
    return tuple(found)


def _check_dates(scenario: Scenario, as_of: dt.date, until: dt.date) -> None:
    last = scenario.end - dt.timedelta(days=1)
    faults = []
    if not scenario.start <= as_of <= last:
        faults.append(
            Fault(f"the first date, {as_of}", allowed=f"a day of the scenario, {scenario.start} to {last}")
        )
    elif not as_of < until <= last:
        faults.append(Fault(f"the last date, {until}", allowed=f"{as_of + dt.timedelta(days=1)} to {last}"))
    if faults:
        raise ArgumentError(faults)
