"""Break-even target: an outcome that must not occur before a date, or a goal reached before it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.account import REACHES
from sim.errors import ArgumentError, Fault, ScenarioError, nearest
from sim.outcomes import (
    BELOW,
    EXHAUSTED,
    RATIONED_FROM,
    UNMET,
    consumer_outcome,
    split_consumer,
    threshold_name,
)
from sim.scenario.dimension import SHARE
from sim.scenario.scenario import Scenario
from sim.study.evaluation import PointOutcomes
from sim.units import suggest_date

#: Outcome whose day decides, by the outcome of the target. Requirement is unmet exactly on days with
#: rationing, so "nothing unmet before a date" and "not rationed before it" are equivalent.
DECIDING_OUTCOME = {EXHAUSTED: EXHAUSTED, RATIONED_FROM: RATIONED_FROM, UNMET: RATIONED_FROM}
#: Outcomes of a consumer that can hold.
_OF_CONSUMER = (UNMET, RATIONED_FROM)
#: Outcome that must occur before the date, of a scenario with an objective.
GOAL = REACHES


@dataclass(frozen=True)
class Target:
    """An outcome that must not occur before a date in a share of runs, or a goal that must be reached."""

    #: ``exhausted``, ``rationed_from``, ``unmet``, ``below_N``, or ``unmet.NAME`` of one consumer;
    #: ``reaches`` must occur before the date.
    outcome: str
    #: Exclusive, as every end of a period (rule 2).
    until: dt.date
    #: Required share of runs, above 0.
    share: float
    #: First day on which the outcome counts; None for the first day of the scenario.
    since: dt.date | None = None

    @property
    def deciding_outcome(self) -> str:
        """The outcome whose day decides."""
        figure, consumer = split_consumer(self.outcome)
        decides = DECIDING_OUTCOME.get(figure, figure)
        return consumer_outcome(decides, consumer) if consumer else decides

    @property
    def consumer(self) -> str:
        """Name of the consumer whose requirement must be met; empty for all of them."""
        return split_consumer(self.outcome)[1]

    @property
    def cover(self) -> str:
        """The N of ``below_N``; empty for other outcomes."""
        return self.outcome.removeprefix(BELOW) if self.outcome.startswith(BELOW) else ""

    def is_met(self, answer: PointOutcomes) -> NDArray[np.bool_]:
        """Return whether each run meets the target, shape (points, runs); failed runs do not."""
        values = answer.values[[str(name) for name in answer.names].index(self.deciding_outcome)]
        if self.outcome == GOAL:
            return np.asarray(values < (self.until - answer.start).days)
        return np.asarray(values >= (self.until - answer.start).days)

    def outside(self, answer: PointOutcomes) -> str:
        """Return an error text if the date is outside the period; empty if it is inside."""
        if answer.start < self.until <= answer.end:
            return ""
        return f"until: {self.until} is not in the period from {answer.start} to {answer.end}"


def make_target(
    scenario: Scenario,
    of: str,
    holds: Any,
    until: dt.date | str | None,
    since: dt.date | str | None = None,
) -> tuple[Target, Scenario]:
    """Return the target, and the scenario with the threshold that the target needs.

    Raises
    ------
    ArgumentError
        Lists all faults of `of`, `holds`, `until` and `since`.
    """
    faults: list[Fault] = []
    thresholded = _list_outcome(scenario, of, faults)
    share, end = _read_share(holds, faults), _read_until(scenario, until, faults)
    first = None if since is None else _read_since(scenario, since, end, faults)
    if faults:
        raise ArgumentError(faults)
    return Target(_canonical_outcome(of), end, share, first), thresholded


def _canonical_outcome(of: str) -> str:
    return f"{BELOW}{threshold_name(float(of.removeprefix(BELOW)))}" if of.startswith(BELOW) else of


def _list_outcome(scenario: Scenario, of: str, faults: list[Fault]) -> Scenario:
    """Return the scenario with results by consumer, or the N of ``below_N`` as its threshold, if missing."""
    of_consumer = f"{UNMET}.NAME of a consumer"
    known = ", ".join([*DECIDING_OUTCOME, f"{BELOW}N for N days of supply", of_consumer, GOAL])
    if of in DECIDING_OUTCOME:
        return scenario
    if of == GOAL:
        if not any(depot.objective for depot in scenario.depots.values()):
            problem = f"{of!r} needs an objective, and no depot has one"
            faults.append(Fault(problem, allowed="depots.NAME.objective in the file, or another outcome"))
        return scenario
    if split_consumer(of)[1]:
        outcomes = [consumer_outcome(each, name) for each in _OF_CONSUMER for name in scenario.consumption]
        if of not in outcomes:
            near = nearest(of, outcomes)
            faults.append(Fault(f"{of!r} is no outcome that can hold", allowed=known, nearest=near))
        return scenario.by_consumer()
    if not of.startswith(BELOW):
        near = nearest(
            of,
            [*DECIDING_OUTCOME, GOAL, *(f"{BELOW}{threshold_name(cover)}" for cover in scenario.thresholds)],
        )
        faults.append(Fault(f"{of!r} is no outcome that can hold", allowed=known, nearest=near))
        return scenario
    cover = of.removeprefix(BELOW)
    if cover in {threshold_name(number) for number in scenario.thresholds}:
        return scenario
    try:
        return scenario.replace({"thresholds": [float(cover)]})
    except (ValueError, ScenarioError):
        faults.append(Fault(f"{of!r} has no number of days", allowed=f"{BELOW}N, such as {BELOW}30"))
        return scenario


def _read_share(holds: Any, faults: list[Fault]) -> float:
    try:
        share = SHARE.read(holds if isinstance(holds, str) else repr(float(holds))).value
        if share > 0.0:
            return share
        problem = "no run at all is nothing to hold"
    except (TypeError, ValueError) as error:
        problem = getattr(error, "problem", f"{holds!r} is no share")
    faults.append(Fault(f"holds: {problem}", allowed="a share of runs above 0, such as 50% or 95%"))
    return 1.0


def _read_until(scenario: Scenario, until: dt.date | str | None, faults: list[Fault]) -> dt.date:
    allowed = f"a date after {scenario.start} and not after {scenario.end}"
    end = scenario.end if until is None else _read_date("until", until, allowed, faults)
    if end is not None and not scenario.start < end <= scenario.end:
        faults.append(Fault(f"until: {end} is not in the period", allowed=allowed))
    return end or scenario.end


def _read_since(
    scenario: Scenario, since: dt.date | str, until: dt.date, faults: list[Fault]
) -> dt.date | None:
    allowed = f"a date from {scenario.start} on and before {until}"
    first = _read_date("from", since, allowed, faults)
    if first is not None and not scenario.start <= first < until:
        faults.append(Fault(f"from: {first} is not in the period before {until}", allowed=allowed))
    return first


def _read_date(name: str, given: dt.date | str, allowed: str, faults: list[Fault]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        faults.append(
            Fault(f"{name}: {given!r} is no date", allowed=allowed, nearest=suggest_date(str(given)))
        )
        return None
