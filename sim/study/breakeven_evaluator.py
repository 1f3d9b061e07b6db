"""Counts of the runs that meet a target at values of one number, under common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.errors import RunError
from sim.formatting import plain_number
from sim.scenario.scenario import Scenario
from sim.study import bracketing
from sim.study.axis import Axis
from sim.study.evaluation import evaluate
from sim.study.solved_number import SolvedNumber
from sim.study.target import Target

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Evaluator:
    """Counts the runs that meet a target at values of a number, on curves of the other axes."""

    number: SolvedNumber
    axes: Sequence[Axis]
    #: Indices of the values on the axes, for each curve.
    curves: Sequence[tuple[int, ...]]
    target: Target
    runs: int
    seed: int
    jobs: int | None
    #: Called with a number of values just evaluated.
    advance: Callable[[int], None] = lambda _: None
    #: Counts of all values so far without failed runs, by curve and value.
    counted: dict[bracketing.GridPoint, int] = field(default_factory=dict)
    #: A second target, counted in the same runs; None for none.
    beside: Target | None = None
    #: Its counts, by curve and value.
    counted_beside: dict[bracketing.GridPoint, int] = field(default_factory=dict)
    #: End of the period in each run, by the text of the scenario.
    ends: dict[str, NDArray[np.int64]] = field(default_factory=dict)

    def count_holding(self, places: Sequence[bracketing.GridPoint]) -> tuple[Counts, dict[int, str]]:
        """Return the number of runs that meet the target at each grid point, and reasons of failures."""
        values = list(dict.fromkeys(value for _, value in places))
        at = {value: position for position, value in enumerate(values)}
        axes = [self.number.axis(values), *self.axes]
        points = [(at[value], *self.curves[curve]) for curve, value in places]
        counts, others = np.zeros(len(points), dtype=np.int64), np.zeros(len(points), dtype=np.int64)
        reasons: dict[int, str] = {}
        found = evaluate(
            self.number.scenario,
            axes,
            points,
            runs=self.runs,
            seed=self.seed,
            jobs=self.jobs,
            since=self.target.since,
        )
        for answer in found:
            last = self._end_days(answer.scenario)
            reasons.update(answer.reasons)
            if outside := self.target.outside(answer.scenario, last):
                reasons.update({place: outside for place in answer.points if place not in answer.reasons})
            else:
                counts[list(answer.points)] = self.target.is_met(answer, last).sum(axis=1)
                if self.beside is not None:
                    others[list(answer.points)] = self.beside.is_met(answer, last).sum(axis=1)
            self.advance(len(answer.points))
        valid = [(at, place) for at, place in enumerate(places) if at not in reasons]
        self.counted.update({place: int(counts[at]) for at, place in valid})
        if self.beside is not None:
            self.counted_beside.update({place: int(others[at]) for at, place in valid})
        return counts, reasons

    def _end_days(self, scenario: Scenario) -> NDArray[np.int64]:
        """Return the end of the period of the target in each run of a scenario."""
        text = scenario.text()
        if text not in self.ends:
            self.ends[text] = self.target.end_days(scenario, self.seed, self.runs)
        return self.ends[text]

    def count_or_raise(self, places: Sequence[bracketing.GridPoint]) -> Counts:
        """Return the number of runs that meet the target; raise `RunError` if any run fails."""
        counts, reasons = self.count_holding(places)
        if reasons:
            place, reason = min(reasons.items())
            raise RunError(f"{self.number.path} = {plain_number(places[place][1])}: {reason}")
        return counts

    def count_beside(self, places: Sequence[bracketing.GridPoint]) -> Counts:
        """Return the number of runs that meet the second target; raise `RunError` if any run fails."""
        self.count_or_raise(places)
        return np.array([self.counted_beside[place] for place in places], dtype=np.int64)

    def shares(self, curve: int) -> tuple[tuple[float, float], ...]:
        """Return every value of a curve so far, with the share of runs that meet the target, in order."""
        own = ((value, count / self.runs) for (at, value), count in self.counted.items() if at == curve)
        return tuple(sorted(own))
