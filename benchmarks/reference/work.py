"""The reference work of the benchmarks: its numbers, the result of a run, and the timing of a script.

Five years of one depot. Industry makes shells, two ships and hired trains bring more, the front fires the
requirement of the day as long as there is stock. Every script in this folder does this work, each in its own
way, and returns the same: the closing stock of every day of every run, and the landings of each run.

The order of a day is landings, production, fire, closing stock. Time is in days.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

DAYS = 1826  # from 2023-01-01 up to, not including, 2028-01-01
STOCK = 4_500_000  # shells at the start
PRODUCTION = 2_500_000 / 365.25  # shells a day
REQUIRED = 60_000  # shells a day, mean
VARIATION = 0.2  # coefficient of variation of a day's requirement: lognormal, mean 1
SHIPS = 2
SHIP_LOAD = 300  # containers
LOADING, UNLOADING = 2, 2  # days, of a ship
SAIL_LOW, SAIL_MODE, SAIL_HIGH = 2, 3, 5  # days, each way, triangular
TRAIN_LOAD = 60  # containers
TRAIN_LOADING = 1  # days at the one berth
RAIL, RAIL_CV = 12, 0.2  # days, mean, one way, lognormal
CONTAINER = 300  # shells
SERVICEABLE = 0.9  # the rest is rejected
TRAINS = 400  # where they return
COVER = 30  # days of supply below which fire is rationed, where it is

TRAIN_SHELLS = TRAIN_LOAD * CONTAINER * SERVICEABLE
TRAINS_A_SHIP = SHIP_LOAD // TRAIN_LOAD


def lognormal(mean: float, cv: float) -> tuple[float, float]:
    """Return mu and sigma of the logarithm."""
    sigma = math.sqrt(math.log(1 + cv * cv))
    return math.log(mean) - sigma * sigma / 2, sigma


VARIATION_MU, VARIATION_SIGMA = lognormal(1, VARIATION)
RAIL_MU, RAIL_SIGMA = lognormal(RAIL, RAIL_CV)

HIRED, RETURNING, RATIONED = "hired", "400-trains", "rationed"
VARIANTS = (HIRED, RETURNING, RATIONED)


class Outcome(NamedTuple):
    stock: NDArray[np.float64]  # (runs, days): closing stock in shells
    landed: NDArray[np.float64]  # (runs,): serviceable shells landed over all days


Simulate = Callable[[int, int, str], Outcome]  # (runs, seed, variant)


def main(simulate: Simulate, about: str | None) -> None:
    """Carry out some runs and print processor time a run beside a few means."""
    parser = argparse.ArgumentParser(description=(about or "").splitlines()[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--variant", choices=VARIANTS, default=HIRED)
    options = parser.parse_args()
    simulate(1, options.seed, options.variant)
    began = time.process_time()
    outcome = simulate(options.runs, options.seed, options.variant)
    seconds = (time.process_time() - began) / options.runs
    print(f"{options.runs} runs, {1000 * seconds:.3f} ms of processor time each: {1 / seconds:,.1f} a second")
    for name, values in (
        ("stock, day 30", outcome.stock[:, 29]),
        ("stock, day 90", outcome.stock[:, 89]),
        ("landed", outcome.landed),
    ):
        error = values.std(ddof=1) / math.sqrt(len(values)) if len(values) > 1 else math.nan
        print(f"{name:14} {values.mean():>14,.0f} shells, standard error {error:,.0f}")
