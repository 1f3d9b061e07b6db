"""The reference work for Cimba's Python front end, which compiles processes to run on a C engine.

    pip install cimba
    python benchmarks/reference/rival_cimba.py --runs 1000

Trains under way are events on the engine's own calendar, the leanest form that the package has for them.
"""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
import work

try:
    import cimba as cb
    from cimba import inputs
except ImportError:
    sys.exit("left out: Cimba is not installed (pip install cimba)")


class Depot(cb.Model):
    rationed: cb.Param[bool] = False
    returning: cb.Param[bool] = False
    sail: cb.Input[float] = inputs.dist.triangular(
        low=work.SAIL_LOW, mode=work.SAIL_MODE, high=work.SAIL_HIGH
    )
    rail: cb.Input[float] = inputs.dist.lognormal(mean=work.RAIL_MU, sigma=work.RAIL_SIGMA)
    variation: cb.Input[float] = inputs.dist.lognormal(mean=work.VARIATION_MU, sigma=work.VARIATION_SIGMA)
    stock: float = float(work.STOCK)
    arrived: float = 0.0
    loads: cb.Container = cb.Container()
    trains: cb.Container = cb.Container(work.TRAINS)
    closing: cb.Dataset = cb.Dataset()
    landed: cb.Output[float]

    @cb.process(copies=work.SHIPS)
    def ship(self) -> None:
        while True:
            cb.hold(work.LOADING)
            cb.hold(self.sail.next())
            cb.hold(work.UNLOADING)
            self.loads.put(work.TRAINS_A_SHIP)
            cb.hold(self.sail.next())

    @cb.process
    def railhead(self) -> None:
        while True:
            self.loads.get(1)
            if self.returning:
                self.trains.get(1)
            cb.hold(work.TRAIN_LOADING)
            cb.schedule(self.arrive, self.rail.next())

    @cb.event
    def arrive(self) -> None:
        self.stock += work.TRAIN_SHELLS
        self.arrived += work.TRAIN_SHELLS
        if self.returning:
            cb.schedule(self.back, self.rail.next())

    @cb.event
    def back(self) -> None:
        self.trains.put(1)

    @cb.process
    def front(self) -> None:
        while True:
            cb.hold(1)
            self.stock += work.PRODUCTION
            fired = work.REQUIRED * self.variation.next()
            if self.rationed:
                fired *= min(1.0, self.stock / work.REQUIRED / work.COVER)
            self.stock -= min(fired, self.stock)
            self.closing.record(self.stock)
            self.landed = self.arrived


@cache
def model(variant: str) -> Depot:
    """Return the model of a variant; compiled when it first runs, and kept."""
    depot = Depot()
    depot.rationed = variant == work.RATIONED
    depot.returning = variant == work.RETURNING
    depot.closing.capture()
    return depot


def simulate(runs: int, seed: int, variant: str = work.HIRED) -> work.Outcome:
    """Return the outcome of some runs, carried out on one core."""
    depot = model(variant)
    window = cb.Window(duration=work.DAYS + 0.5)  # the last day's account is made at its end
    found = cb.Experiment(depot, replications=runs, window=window, seed=seed).run(
        workers=1, on_failure="raise"
    )[depot]
    stock = np.array([found.closing.trial(0, run)[1] for run in range(runs)])
    return work.Outcome(stock, np.array(found.landed)[0])


if __name__ == "__main__":
    work.main(simulate, __doc__)
