"""Audit: published claims compared with one account that must balance."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from dataclasses import replace

from sim import simulate
from sim.auditing.audit_result import Audit, Drawdown
from sim.auditing.claim_inference import infer_from_claims
from sim.auditing.claims import Matching
from sim.auditing.exclusions import find_exclusions
from sim.auditing.hindsight import find_hindsight
from sim.auditing.independence import independent_claims
from sim.auditing.matching import match
from sim.auditing.posterior import Posterior
from sim.auditing.posterior_scenario import posterior_scenario
from sim.errors import ArgumentError, Fault, ScenarioError, format_count
from sim.evidence import Estimate, Table, load, load_file, table_of
from sim.scenario.number_listing import numbers_by_path
from sim.scenario.scenario import Scenario
from sim.scenario.unknown_stock import require_known
from sim.simulate import Progress, ScenarioLike
from sim.study.query_info import QueryInfo
from sim.units import UnitError, parse_date

#: Runs of the drawdown after the claims.
RUNS = 1_000
EvidenceLike = Table | str | os.PathLike[str]


def audit(
    scenario: ScenarioLike,
    as_of: dt.date | str | None = None,
    *,
    seed: int = 1,
    evidence: EvidenceLike | None = None,
    walkers: int | None = None,
    steps: int | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Compare published claims with one account of a scenario, and find those that cannot all be true.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
        As for `sim.run`; its distributions are the priors.
    as_of : date or str, optional
        Only claims published by this day count, and a scenario that has something later is refused.
    seed : int
        The result depends on it, and not on the number of workers.
    evidence : Table, str or Path, optional
        Claims, or the file with them; by default the table of the scenario (``evidence: my.csv``), or the
        shipped one if it has none.
    walkers, steps : int, optional
        Size of the inference: see `sim.auditing.posterior.infer`.
    jobs : int, optional
        Number of workers; by default all cores.
    progress : callable, optional
        Called with (steps done, steps so far known).

    Raises
    ------
    ScenarioError
        The scenario is not valid, or something in it is later than `as_of`.
    EvidenceError
        The table of claims is not valid.
    ArgumentError
        An argument is out of range, or no claim is about the account.
    EngineError
        The compiled engine cannot run on this machine.
    """
    checked = simulate.as_scenario(scenario)
    simulate.check_arguments(1, seed, "compiled", jobs)
    require_known(checked, "an audit")
    date = None if as_of is None else read_date(as_of, "the date of the audit")
    table = claims_of(checked, evidence)
    if date is not None:
        refuse_hindsight(checked, simulate.evidence_of(checked), date)
    matching = match(table, checked, as_of=date)
    if not matching.matched:
        raise ArgumentError([_nothing_matched(matching)])
    independence = independent_claims(matching.matched)
    found = infer_from_claims(
        checked,
        independence.independent,
        seed=seed,
        walkers=walkers,
        steps=steps,
        jobs=jobs,
        progress=progress,
    )
    numbers = numbers_by_path(checked)
    drawdown = None if found.posterior is None else _drawdown(checked, found.posterior, seed, jobs)
    query = QueryInfo.from_scenario(checked, runs=0 if drawdown is None else RUNS, seed=seed)
    if drawdown is not None:
        text = drawdown.files["scenario.yaml"].decode("utf-8")
        query = replace(query, text=text, sampled=drawdown.result.sampled)
    return Audit(
        query=replace(query, evidence=table.digest()),
        as_of=date,
        table_of_claims=table,
        matching=matching,
        independence=independence,
        exclusions=find_exclusions(checked, matching.matched),
        exclusions_alike=find_exclusions(checked, matching.matched, has_counting=False),
        inference=found,
        drawdown=drawdown,
        written={path: one.quantity.written for path, one in numbers.items()},
        after={path: one.quantity.after for path, one in numbers.items() if one.quantity.after},
        describe=simulate.describe_audit,
    )


def claims_of(scenario: Scenario, evidence: EvidenceLike | None = None) -> Table:
    """Return the claims of an audit: those given, else those of the scenario, else the shipped ones."""
    if isinstance(evidence, Table):
        return evidence
    if evidence is not None:
        return load_file(evidence)
    own = scenario.evidence
    return load() if own is None else table_of(own.data, own.file)


def refuse_hindsight(
    scenario: Scenario,
    table: Mapping[str, Estimate],
    as_of: dt.date,
    suggest: Callable[[], str] = str,
    what: str = "an audit",
) -> None:
    """Raise `ScenarioError` if something in a scenario is later than a date.

    Parameters
    ----------
    scenario : Scenario
    table : mapping of str to Estimate
        The estimates that the scenario may cite.
    as_of : datetime.date
    suggest : callable
        Returns a scenario without hindsight; empty if none is known.
    what : str
        The study, as its message names it.
    """
    allowed = f"what was published by {as_of}"
    found = find_hindsight(scenario, table, as_of)
    if not found:
        return
    faults = [Fault(each.sentence, each.where, each.path, allowed) for each in found]
    later = [each.date for each in found if each.date is not None]
    remedy = f"another scenario, or a date from {max(later)} on" if later else "another scenario"
    problem = f"{what} as of {as_of} would have hindsight"
    raise ScenarioError([*faults, Fault(problem, allowed=remedy, nearest=suggest())])


def read_date(given: dt.date | str, what: str) -> dt.date:
    """Return a date, or the date of a text; raise `ArgumentError` about `what` if it is none."""
    if isinstance(given, dt.date):
        return given
    try:
        return parse_date(given)
    except UnitError as error:
        fault = Fault(f"{what}: {error.problem}", allowed=error.allowed, nearest=error.nearest)
        raise ArgumentError([fault]) from None


def _nothing_matched(matching: Matching) -> Fault:
    allowed = "claims on fire, output, arrivals or stock within the scenario"
    if not matching.rows:
        return Fault("the table has no claims", allowed=allowed)
    reasons = ", ".join(f"{reason}: {count}" for reason, count in matching.counts().items())
    problem = f"none of {format_count(len(matching.rows), 'claim')} is about this account ({reasons})"
    return Fault(problem, allowed=allowed)


def _drawdown(scenario: Scenario, posterior: Posterior, seed: int, jobs: int | None) -> Drawdown:
    """Return the runs of the inputs after the claims."""
    after = posterior_scenario(scenario, posterior)
    return Drawdown(simulate.run(after.scenario, runs=RUNS, seed=seed, jobs=jobs), after.files)
