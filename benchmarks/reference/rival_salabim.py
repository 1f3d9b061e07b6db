"""The reference work for salabim, another process-based simulator written in Python.

    pip install salabim
    python benchmarks/reference/rival_salabim.py --runs 20

The quicker of its two styles (components that yield), without tracing and without monitors. Making a
component costs most, so a train is made only where none is idle after its journey.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Generator

import numpy as np
import work

try:
    import salabim
except ImportError:
    sys.exit("left out: salabim is not installed (pip install salabim)")

Process = Generator[object, object, None]


class Depot(salabim.Environment):
    """One run."""

    def setup(self, variant: str) -> None:
        self.stock: float = work.STOCK
        self.landed = 0.0
        self.closing: list[float] = []
        self.rationed = variant == work.RATIONED
        self.returning = variant == work.RETURNING
        self.loads = 0
        self.hireable = work.TRAINS if self.returning else sys.maxsize
        self.standing_by: list[Train] = []
        for _ in range(work.SHIPS):
            Ship()
        self.railhead = Railhead()
        Front()


class Part(salabim.Component):
    def setup(self) -> None:
        self.mode.monitor(value=False)
        self.status.monitor(value=False)


class Ship(Part):
    def process(self) -> Process:
        while True:
            yield self.hold(work.LOADING)
            yield self.hold(random.triangular(work.SAIL_LOW, work.SAIL_HIGH, work.SAIL_MODE))
            yield self.hold(work.UNLOADING)
            self.env.loads += work.TRAINS_A_SHIP
            self.env.railhead.notice()
            yield self.hold(random.triangular(work.SAIL_LOW, work.SAIL_HIGH, work.SAIL_MODE))


class Railhead(Part):
    def process(self) -> Process:
        depot = self.env
        while True:
            while not (depot.loads and depot.hireable):
                yield self.passivate()
            depot.loads -= 1
            depot.hireable -= 1
            yield self.hold(work.TRAIN_LOADING)
            if depot.standing_by:
                depot.standing_by.pop().activate()
            else:
                Train()

    def notice(self) -> None:
        if self.ispassive():
            self.activate()


class Train(Part):
    def process(self) -> Process:
        depot = self.env
        while True:
            yield self.hold(random.lognormvariate(work.RAIL_MU, work.RAIL_SIGMA))
            depot.stock += work.TRAIN_SHELLS
            depot.landed += work.TRAIN_SHELLS
            if depot.returning:
                yield self.hold(random.lognormvariate(work.RAIL_MU, work.RAIL_SIGMA))
            depot.hireable += 1
            depot.standing_by.append(self)
            depot.railhead.notice()
            yield self.passivate()


class Front(Part):
    def process(self) -> Process:
        depot = self.env
        for _ in range(work.DAYS):
            yield self.hold(1)
            depot.stock += work.PRODUCTION
            fired = work.REQUIRED * random.lognormvariate(work.VARIATION_MU, work.VARIATION_SIGMA)
            if depot.rationed:
                fired *= min(1.0, depot.stock / work.REQUIRED / work.COVER)
            depot.stock -= min(fired, depot.stock)
            depot.closing.append(depot.stock)
        depot.main().activate()  # ends the run after the last day's account


def simulate(runs: int, seed: int, variant: str = work.HIRED) -> work.Outcome:
    """Return the outcome of some runs."""
    salabim.yieldless(value=False)
    random.seed(seed)
    stock = np.empty((runs, work.DAYS))
    landed = np.empty(runs)
    for run in range(runs):
        depot = Depot(trace=False, random_seed="", variant=variant)  # "": leave the random numbers alone
        depot.run()
        stock[run] = depot.closing
        landed[run] = depot.landed
    return work.Outcome(stock, landed)


if __name__ == "__main__":
    work.main(simulate, __doc__)
