"""Break-even target: what must not occur, or be reached, before a date; or an amount at least or at most."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import simulate
from sim.account import REACHES
from sim.errors import ArgumentError, Fault, ScenarioError, format_count, nearest
from sim.outcomes import (
    BELOW,
    EXHAUSTED,
    MET,
    RATIONED_FROM,
    UNMET,
    consumer_outcome,
    split_consumer,
    threshold_name,
)
from sim.scenario.dimension import SHARE
from sim.scenario.quantity import Day, Quantity, day_text
from sim.scenario.relative_dates import find_dated_events, relative_day
from sim.scenario.scenario import Scenario
from sim.study.evaluation import PointOutcomes
from sim.study.target_level import (
    AT_LEAST,
    MONEY_OUTCOMES,
    level_fault,
    level_outcomes,
    level_values,
    reaches_level,
    read_level,
)
from sim.units import UnitError, suggest_date

#: Outcome whose day decides, by the outcome of the target. Requirement is unmet exactly on days with
#: rationing, so "nothing unmet before a date" and "not rationed before it" are equivalent.
DECIDING_OUTCOME = {EXHAUSTED: EXHAUSTED, RATIONED_FROM: RATIONED_FROM, UNMET: RATIONED_FROM}
#: Outcomes of a consumer that can hold.
_OF_CONSUMER = (UNMET, RATIONED_FROM)
#: Outcome that must occur before the date, of a scenario with an objective.
GOAL = REACHES


@dataclass(frozen=True)
class Target:
    """What must hold in a share of runs: see `outcome` and `level`."""

    #: ``exhausted``, ``rationed_from``, ``unmet``, ``below_N``, or ``unmet.NAME`` of one consumer, which must
    #: not occur; ``reaches``, which must occur before the date; or one of `level_outcomes`, with a level.
    outcome: str
    #: Exclusive, as every end of a period (rule 2). A `Quantity` counts from an event of each run.
    until: Day
    #: Required share of runs, above 0.
    share: float
    #: First day on which the outcome counts; None for the first day of the scenario.
    since: dt.date | None = None
    #: Amount that the outcome must be at least, or at most, over all days; None for a date.
    level: float | None = None

    @property
    def deciding_outcome(self) -> str:
        """The outcome whose day decides."""
        figure, consumer = split_consumer(self.outcome)
        decides = DECIDING_OUTCOME.get(figure, figure)
        return consumer_outcome(decides, consumer) if consumer else decides

    @property
    def until_text(self) -> str:
        """The end of the period: an ISO date, or as in a file: ``war + 90 days``."""
        return day_text(self.until)

    def is_met(self, answer: PointOutcomes, last: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether each run meets the target, shape (points, runs); failed runs do not.

        `last` has the end of the period in each run, as of `end_days`.
        """
        by_name = dict(zip(map(str, answer.names), answer.values, strict=True))
        if self.level is not None:
            return reaches_level(self.outcome, self.level, level_values(self.outcome, by_name))
        values = by_name[self.deciding_outcome]
        return np.asarray(values < last if self.outcome == GOAL else values >= last)

    def end_days(self, scenario: Scenario, seed: int, runs: int) -> NDArray[np.int64]:
        """Return the end of the period in each run, in days from the start; empty without its event."""
        if isinstance(self.until, Quantity):
            event = scenario.events.get(self.until.after)
            if event is None or event.reference_day() is None:
                return np.empty(0, dtype=np.int64)
            return simulate.event_days(scenario, self.until, seed, runs)
        return np.full(runs, (self.until - scenario.start).days, dtype=np.int64)

    def outside(self, scenario: Scenario, last: NDArray[np.int64]) -> str:
        """Return an error text if the end is outside the period of a scenario; empty if it is inside."""
        if isinstance(self.until, Quantity):
            if not len(last):
                return f"until: {self.until_text} counts from an event that is not in the scenario"
            late = int((last > scenario.days).sum())
            of = format_count(len(last), "run")
            return f"until: {self.until_text} is after {scenario.end} in {late:,} of {of}" if late else ""
        if scenario.start < self.until <= scenario.end:
            return ""
        return f"until: {self.until} is not in the period from {scenario.start} to {scenario.end}"


def make_target(
    scenario: Scenario,
    of: str,
    holds: Any,
    until: dt.date | str | None,
    since: dt.date | str | None = None,
    level: Any = None,
) -> tuple[Target, Scenario]:
    """Return the target, and the scenario with the threshold that the target needs.

    Raises
    ------
    ArgumentError
        Lists all faults of `of`, `holds`, `until`, `since` and `level`.
    """
    faults: list[Fault] = []
    thresholded = _list_outcome(scenario, of, faults, has_level=level is not None)
    amount = None
    if level is not None and not faults:
        amount = read_level(scenario, of, level, faults)
        faults += filter(None, [level_fault(of, is_date_given=until is not None or since is not None)])
    share, end = _read_share(holds, faults), _read_until(scenario, until, faults)
    first = None if since is None else _read_since(scenario, since, end, faults)
    if faults:
        raise ArgumentError(faults)
    return Target(_canonical_outcome(of), end, share, first, amount), thresholded


def _canonical_outcome(of: str) -> str:
    return f"{BELOW}{threshold_name(float(of.removeprefix(BELOW)))}" if of.startswith(BELOW) else of


def _list_outcome(scenario: Scenario, of: str, faults: list[Fault], *, has_level: bool) -> Scenario:
    """Return the scenario with results by consumer, or the N of ``below_N`` as its threshold, if missing."""
    levels = level_outcomes(scenario)
    if has_level:
        if of not in levels:
            allowed = f"{', '.join(levels)}; or no level"
            faults.append(Fault(f"{of!r} takes no level", allowed=allowed, nearest=nearest(of, levels)))
        return scenario.by_consumer() if split_consumer(of)[1] else scenario
    dated = [consumer_outcome(each, name) for each in _OF_CONSUMER for name in scenario.consumption]
    if of in dated:
        return scenario.by_consumer()
    if of.startswith(BELOW):
        return _with_threshold(scenario, of, faults)
    if of == GOAL and not any(depot.objective for depot in scenario.depots.values()):
        problem = f"{of!r} needs an objective, and no depot has one"
        faults.append(Fault(problem, allowed="depots.NAME.objective in the file, or another outcome"))
    elif of in levels and of not in DECIDING_OUTCOME:
        faults.append(Fault(f"{of!r} needs a level", allowed=_level_example(scenario, of)))
    elif of not in (*DECIDING_OUTCOME, GOAL):
        known = [*DECIDING_OUTCOME, f"{BELOW}N for N days of supply", f"{UNMET}.NAME of a consumer", GOAL]
        below = [f"{BELOW}{threshold_name(cover)}" for cover in scenario.thresholds]
        near = nearest(of, [*DECIDING_OUTCOME, GOAL, *below, *dated, *levels])
        allowed = f"{', '.join(known)}; with a level {', '.join(AT_LEAST)}"
        faults.append(Fault(f"{of!r} is no outcome that can hold", allowed=allowed, nearest=near))
    return scenario


def _with_threshold(scenario: Scenario, of: str, faults: list[Fault]) -> Scenario:
    """Return the scenario with the N of ``below_N`` as its threshold, if it lacks it."""
    cover = of.removeprefix(BELOW)
    if cover in {threshold_name(number) for number in scenario.thresholds}:
        return scenario
    try:
        return scenario.replace({"thresholds": [float(cover)]})
    except (ValueError, ScenarioError):
        faults.append(Fault(f"{of!r} has no number of days", allowed=f"{BELOW}N, such as {BELOW}30"))
        return scenario


def _level_example(scenario: Scenario, of: str) -> str:
    """Return what a level of an outcome looks like."""
    unit = scenario.currency if split_consumer(of)[0] in MONEY_OUTCOMES else ""
    amount = "98%" if split_consumer(of)[0] == MET else f"5M {unit}".strip()
    side = "at least" if AT_LEAST[split_consumer(of)[0]] else "at most"
    return f"a level that it is {side}, such as {amount}"


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


def _read_until(scenario: Scenario, until: dt.date | str | None, faults: list[Fault]) -> Day:
    allowed = f"a date after {scenario.start} and not after {scenario.end}"
    if isinstance(until, str):
        try:
            relative = relative_day(until, find_dated_events(scenario.tree.get("events")))
        except UnitError as error:
            faults.append(Fault(f"until: {error.problem}", allowed=error.allowed, nearest=error.nearest))
            return scenario.end
        if relative is not None:
            return relative
    end = scenario.end if until is None else _read_date("until", until, allowed, faults)
    if end is not None and not scenario.start < end <= scenario.end:
        faults.append(Fault(f"until: {end} is not in the period", allowed=allowed))
    return end or scenario.end


def _read_since(scenario: Scenario, since: dt.date | str, until: Day, faults: list[Fault]) -> dt.date | None:
    last = scenario.end if isinstance(until, Quantity) else until
    allowed = f"a date from {scenario.start} on and before {last}"
    first = _read_date("from", since, allowed, faults)
    if first is not None and not scenario.start <= first < last:
        faults.append(Fault(f"from: {first} is not in the period before {last}", allowed=allowed))
    return first


def _read_date(name: str, given: dt.date | str, allowed: str, faults: list[Fault]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(given) if isinstance(given, str) else given
    except ValueError:
        faults.append(
            Fault(f"{name}: {given!r} is no date", allowed=allowed, nearest=suggest_date(str(given)))
        )
        return None
