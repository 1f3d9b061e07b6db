"""The reference work for usim, a simulator of coroutines (async and await).

pip install usim
python benchmarks/reference/rival_usim.py --runs 20
"""

from __future__ import annotations

import random
import sys

import numpy as np
import work

try:
    import usim
    from usim import time
except ImportError:
    sys.exit("left out: usim is not installed (pip install usim)")


class Depot:
    """One run."""

    def __init__(self, variant: str) -> None:
        self.stock: float = work.STOCK
        self.landed = 0.0
        self.closing: list[float] = []
        self.rationed = variant == work.RATIONED
        self.returning = variant == work.RETURNING
        self.berth = usim.Lock()
        self.trains = usim.Resources(trains=work.TRAINS)

    async def carry_out(self) -> None:
        async with usim.Scope() as scope:
            for _ in range(work.SHIPS):
                scope.do(self.ship(scope), volatile=True)
            scope.do(self.front())

    async def ship(self, scope: usim.Scope) -> None:
        while True:
            await (time + work.LOADING)
            await (time + random.triangular(work.SAIL_LOW, work.SAIL_HIGH, work.SAIL_MODE))
            await (time + work.UNLOADING)
            for _ in range(work.TRAINS_A_SHIP):
                scope.do(self.returning_train() if self.returning else self.train(), volatile=True)
            await (time + random.triangular(work.SAIL_LOW, work.SAIL_HIGH, work.SAIL_MODE))

    async def train(self) -> None:
        async with self.berth:
            await (time + work.TRAIN_LOADING)
        await (time + random.lognormvariate(work.RAIL_MU, work.RAIL_SIGMA))
        self.stock += work.TRAIN_SHELLS
        self.landed += work.TRAIN_SHELLS

    async def returning_train(self) -> None:
        async with self.trains.borrow(trains=1):
            await self.train()
            await (time + random.lognormvariate(work.RAIL_MU, work.RAIL_SIGMA))

    async def front(self) -> None:
        for _ in range(work.DAYS):
            await (time + 1)
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
        depot = Depot(variant)
        usim.run(depot.carry_out())
        stock[run] = depot.closing
        landed[run] = depot.landed
    return work.Outcome(stock, landed)


if __name__ == "__main__":
    work.main(simulate, __doc__)
