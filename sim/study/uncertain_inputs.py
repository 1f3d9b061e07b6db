"""Uncertain inputs of a scenario: numbers drawn once a run, with their laws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import simulate
from sim.errors import ArgumentError, Fault
from sim.scenario.laws import Law
from sim.scenario.number_listing import random_inputs
from sim.scenario.scenario import Scenario
from sim.study.axis import Axis

Floats = NDArray[np.float64]

#: Inverse CDFs accept probabilities strictly between 0 and 1 (rule 4).
_SMALLEST_SHARE = 2.0**-53


class UncertainInput(NamedTuple):
    """A number drawn once a run."""

    path: str
    law: Law

    def axis(self, shares: Floats) -> Axis:
        """Return an axis with the quantiles of the law at `shares`, shape (points,)."""
        values = tuple(
            self.law.inverse(u) for u in np.clip(shares, _SMALLEST_SHARE, 1.0 - _SMALLEST_SHARE).tolist()
        )
        return Axis(self.path, values, values)


def independent_inputs(scenario: Scenario, method: str) -> list[UncertainInput]:
    """Return the independent inputs, sorted by path.

    Raise `ArgumentError` if nothing is drawn once a run, or some inputs are drawn together (``draws``).
    """
    if scenario.draws is not None:
        problem = (
            f"{scenario.draws.name} draws {', '.join(scenario.draws.paths)} together, and {method} sets "
            "each input by itself"
        )
        raise ArgumentError([Fault(problem, allowed="rank, or the scenario with draws=null")])
    known = simulate.lower_scenario(scenario).drawn
    laws = {listed.quantity.path: listed.quantity.law for listed in random_inputs(scenario)}
    found = [UncertainInput(path, law) for path in sorted(known) if (law := laws.get(path)) is not None]
    if not found:
        raise no_inputs_error()
    return found


def no_inputs_error() -> ArgumentError:
    """Return the error of a scenario without uncertain inputs."""
    problem = "nothing in the scenario is drawn once a run: there is no input to be sensitive to"
    return ArgumentError(
        [Fault(problem, allowed="a number with a distribution, such as {low: 3M, high: 5M}")]
    )
