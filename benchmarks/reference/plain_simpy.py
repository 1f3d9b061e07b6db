"""The reference work as a plain simpy script, the way an able analyst would write it for this one question.

python benchmarks/reference/plain_simpy.py --runs 100
"""

from __future__ import annotations

import random
from collections.abc import Generator

import numpy as np
import simpy
import work
from numpy.typing import NDArray

Process = Generator[simpy.Event, object, None]


class Depot:
    """One run: the stock, its two ways in and the way out."""

    def __init__(self, env: simpy.Environment, variant: str) -> None:
        self.env = env
        self.stock: float = work.STOCK
        self.landed = 0.0
        self.closing: list[float] = []
        self.rationed = variant == work.RATIONED
        self.berth = simpy.Resource(env, capacity=1)
        self.trains = simpy.Resource(env, capacity=work.TRAINS) if variant == work.RETURNING else None
        for _ in range(work.SHIPS):
            env.process(self.ship())
        env.process(self.front())

    def ship(self) -> Process:
        while True:
            yield self.env.timeout(work.LOADING)
            yield self.env.timeout(random.triangular(work.SAIL_LOW, work.SAIL_HIGH, work.SAIL_MODE))
            yield self.env.timeout(work.UNLOADING)
            for _ in range(work.TRAINS_A_SHIP):
                self.env.process(self.hired() if self.trains is None else self.returning(self.trains))
            yield self.env.timeout(random.triangular(work.SAIL_LOW, work.SAIL_HIGH, work.SAIL_MODE))

    def hired(self) -> Process:
        with self.berth.request() as turn:
            yield turn
            yield self.env.timeout(work.TRAIN_LOADING)
        yield self.env.timeout(random.lognormvariate(work.RAIL_MU, work.RAIL_SIGMA))
        self.stock += work.TRAIN_SHELLS
        self.landed += work.TRAIN_SHELLS

    def returning(self, trains: simpy.Resource) -> Process:
        with trains.request() as train:
            yield train
            yield from self.hired()
            yield self.env.timeout(random.lognormvariate(work.RAIL_MU, work.RAIL_SIGMA))

    def front(self) -> Process:
        while True:
            yield self.env.timeout(1)
            self.stock += work.PRODUCTION
            fired = work.REQUIRED * random.lognormvariate(work.VARIATION_MU, work.VARIATION_SIGMA)
            if self.rationed:
                fired *= min(1.0, self.stock / work.REQUIRED / work.COVER)
            self.stock -= min(fired, self.stock)
            self.closing.append(self.stock)


def simulate(runs: int, seed: int, variant: str = work.HIRED) -> work.Outcome:
    """Return the outcome of some runs."""
    random.seed(seed)
    stock = np.empty((runs, work.DAYS))
    landed = np.empty(runs)
    for run in range(runs):
        env = simpy.Environment()
        depot = Depot(env, variant)
        env.run(until=work.DAYS)
        landed[run] = depot.landed
        env.run(until=work.DAYS + 1e-9)  # the last day's account is made at its end
        stock[run] = depot.closing
    return work.Outcome(stock, landed)


def runs(n: int, seed: int, variant: str = work.HIRED) -> NDArray[np.float64]:
    """Return the closing stock of each day of n runs, of shape (n, days)."""
    return simulate(n, seed, variant).stock


if __name__ == "__main__":
    work.main(simulate, __doc__)
