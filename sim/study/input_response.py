"""Outcomes as a function of the inputs, for sensitivity analysis: means over runs, or run by run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import RunError
from sim.outcomes import outcome_named
from sim.scenario.scenario import Scenario
from sim.simulate import Progress
from sim.study.axis import Axis
from sim.study.evaluation import evaluate
from sim.study.uncertain_inputs import UncertainInput

Floats = NDArray[np.float64]


class Response(NamedTuple):
    """Mean outcomes at points of the inputs."""

    names: tuple[str, ...]
    #: Shape (outcomes, points). Means over runs; a censored day counts as the end.
    values: Floats
    #: Shape (outcomes,). Share of runs over all points in which the day is censored.
    censored: Floats


@dataclass
class Evaluator:
    """Evaluates outcomes of a scenario at points of its inputs."""

    scenario: Scenario
    #: runs, seed, jobs: as for `evaluate`.
    runs: int
    seed: int
    jobs: int | None
    #: Total number of points, for the progress.
    points: int
    #: Called with (runs done, total runs).
    progress: Progress | None = None
    _done: int = 0

    def mean_outcomes(self, inputs: Sequence[UncertainInput], cube: Floats) -> Response:
        """Return the mean outcomes at points of the unit cube, shape (points, inputs).

        Run k has the same other draws (daily variation, voyages) at every point.

        Raise `RunError` if a run fails.
        """
        names: tuple[str, ...] = ()
        values, censored = np.zeros(0), np.zeros(0)
        axes = [each.axis(cube[:, column]) for column, each in enumerate(inputs)]
        points = [(place,) * len(inputs) for place in range(len(cube))]
        for names, places, found in self._evaluate(axes, points):
            if not values.size:
                values, censored = np.empty((len(names), len(cube))), np.zeros(len(names))
            censored += np.isinf(found).sum(axis=(1, 2)) / (len(cube) * self.runs)
            values[:, list(places)] = cap_days_at_end(names, found, self.scenario.days).mean(axis=2)
        return Response(names, values, censored)

    def run_outcomes(
        self, axes: Sequence[Axis], points: Sequence[tuple[int, ...]]
    ) -> tuple[tuple[str, ...], Floats]:
        """Return the names of the outcomes, and the outcomes of every run, shape (outcomes, points, runs).

        Censored days are infinite.

        Raise `RunError` if a run fails.
        """
        batches = list(self._evaluate(axes, points))
        order = [place for _, places, _ in batches for place in places]
        found = np.concatenate([values for _, _, values in batches], axis=1)
        return batches[0][0], found[:, np.argsort(order)]

    def _evaluate(
        self, axes: Sequence[Axis], points: Sequence[tuple[int, ...]]
    ) -> Iterator[tuple[tuple[str, ...], Sequence[int], Floats]]:
        found = evaluate(
            self.scenario,
            axes,
            points,
            runs=self.runs,
            seed=self.seed,
            jobs=self.jobs,
            are_draws=True,
        )
        for answer in found:
            if answer.reasons:
                place, reason = min(answer.reasons.items())
                at = ", ".join(
                    f"{axis.path} = {axis.table_value(k)}"
                    for axis, k in zip(axes, points[place], strict=True)
                )
                raise RunError(f"{at}: {reason}" if at else reason)
            self._done += len(answer.points)
            if self.progress is not None:
                self.progress(self._done * self.runs, self.points * self.runs)
            yield tuple(str(name) for name in answer.names), answer.points, answer.values


def cap_days_at_end(names: Sequence[str], values: Floats, days: int) -> Floats:
    """Return outcomes, shape (names, ...), with censored days capped at the end."""
    shown = values.copy()
    for position, name in enumerate(names):
        if outcome_named(name).is_date:
            shown[position] = np.minimum(values[position], float(days))
    return shown
