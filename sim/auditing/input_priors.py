"""Prior inputs of a scenario as functions of independent standard normal coordinates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from sim.errors import ArgumentError, Fault
from sim.scenario.laws import Law
from sim.scenario.number_listing import random_inputs
from sim.scenario.scenario import Scenario
from sim.units import Unit

Floats = NDArray[np.float64]
#: Least distance of a probability from 0 and 1.
_LEAST = 2.0**-53


class InputPriors:
    """Distributions of the inputs that are drawn once a run.

    Under standard normal coordinates each input has the distribution of the file, whatever its law.

    Raises
    ------
    ArgumentError
        The scenario has joint samples, whose density is unknown, or no uncertain input.
    """

    def __init__(self, scenario: Scenario) -> None:
        if scenario.draws is not None:
            problem = f"{scenario.draws.name} has samples of inputs, and an inference needs their densities"
            raise ArgumentError([Fault(problem, allowed="distributions in the scenario file")])
        inputs = [one.quantity for one in random_inputs(scenario) if not one.is_drawn_each_time]
        laws = {one.path: one.law for one in inputs if one.law is not None}
        if not laws:
            raise ArgumentError([Fault("no input is uncertain", allowed="a distribution as an input")])
        start = scenario.start.toordinal()
        self.paths = tuple(laws)
        self.units = tuple(one.unit for one in inputs)
        self._laws: tuple[Law, ...] = tuple(laws.values())
        self._less = np.array([start if one.unit is Unit.DATE else 0 for one in inputs], dtype=np.float64)

    def inputs(self, coordinates: Floats) -> Floats:
        """Return the inputs at standard normal coordinates, both of shape (n, inputs); dates in days."""
        return self.at(ndtr(coordinates))

    def at(self, shares: Floats) -> Floats:
        """Return the inputs at probabilities, both of shape (n, inputs)."""
        inside = np.clip(shares, _LEAST, 1.0 - _LEAST)
        columns = [
            [law.inverse(share) for share in column]
            for law, column in zip(self._laws, inside.T.tolist(), strict=True)
        ]
        values: Floats = np.array(columns, dtype=np.float64).T - self._less
        return values
