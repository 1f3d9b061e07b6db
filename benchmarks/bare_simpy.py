"""Minimal simpy script for the numbers of scenarios/white-house-2023.yaml: the baseline for a run.

Two ships shuttle from Najin to Dunay, each load continues by trains of 75 containers that are hired as
needed, industry makes its shells and the front fires the requirement of the day, for 731 days. It keeps one
number, the stock, and prints it. The file names no berths, so there are none to wait for. Time is in days.
"""

from __future__ import annotations

import argparse
import math
import random
from collections.abc import Generator

import simpy

DAYS = 731
SHIPS = 2
SHIP_LOAD = 300  # containers
TRAIN_LOAD = 75
PRODUCTION = 2_500_000 / 365.25  # shells a day
FIRE = 60_000
VARIATION = 0.2

Process = Generator[simpy.Event, None, None]


class Depot:
    def __init__(self) -> None:
        self.stock = random.triangular(3e6, 7e6, 4e6)
        self.shells_per_container = random.triangular(200, 450, 300)
        self.serviceable = random.triangular(0.5, 0.9, 0.7)


def ship(env: simpy.Environment, depot: Depot) -> Process:
    while True:
        yield env.timeout(random.triangular(5, 16, 9))  # loading
        yield env.timeout(random.triangular(0.5, 4, 1))  # under way
        yield env.timeout(random.triangular(2, 9, 4))  # unloading
        for _ in range(SHIP_LOAD // TRAIN_LOAD):
            env.process(train(env, depot))
        yield env.timeout(random.triangular(0.5, 4, 1))  # back


def train(env: simpy.Environment, depot: Depot) -> Process:
    yield env.timeout(1)  # loading
    yield env.timeout(random.triangular(9, 28, 16))  # under way
    yield env.timeout(1)  # unloading
    depot.stock += TRAIN_LOAD * depot.shells_per_container * depot.serviceable


def each_day(env: simpy.Environment, depot: Depot) -> Process:
    sigma = math.sqrt(math.log(1 + VARIATION**2))
    while True:
        yield env.timeout(1)
        depot.stock += PRODUCTION
        required = FIRE * random.lognormvariate(-(sigma**2) / 2, sigma)
        depot.stock -= min(required, depot.stock)


def run() -> float:
    """Return the stock at the end of one run."""
    env = simpy.Environment()
    depot = Depot()
    for _ in range(SHIPS):
        env.process(ship(env, depot))
    env.process(each_day(env, depot))
    env.run(until=DAYS + 0.5)  # the last day's account is made at its end
    return depot.stock


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1)
    runs = parser.parse_args().runs
    stocks = [run() for _ in range(runs)]
    print(f"{runs} runs, mean stock at the end: {sum(stocks) / runs:,.0f} shells")


if __name__ == "__main__":
    main()
