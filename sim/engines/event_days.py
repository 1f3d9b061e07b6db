"""Days that count from an event, in each run: for a date that no file names."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.model.world import RunInputs
from sim.scenario.quantity import Day
from sim.scenario.scenario import Scenario


def event_days(scenario: Scenario, day: Day, seed: int, runs: int) -> NDArray[np.int64]:
    """Return a day in runs 0 to `runs` - 1, in days from the start, rounded as all days (rule 35).

    Parameters
    ----------
    scenario : Scenario
    day : datetime.date or Quantity
        A date, or one that counts from an event of the scenario.
    seed, runs : int
    """
    found = [RunInputs(scenario, seed, run).day_of(day) for run in range(runs)]
    return np.array(found, dtype=np.int64)
