"""Time of one run of the simpy model, compared with a minimal simpy script for the same numbers.

    python benchmarks/simpy_model.py

All is measured in turn in one process, as processor time, so that a busy machine slows all of it alike;
figures are medians over the rounds. "and recorded" adds the way from the ledger to arrays, as `sim run`
goes it.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import bare_simpy

from sim import simulate
from sim.engines.engine import BlockOfRuns
from sim.engines.simpy_engine import SimpyEngine
from sim.model.run import run_once
from sim.scenario.scenario import Scenario

SCENARIOS = Path(__file__).parent.parent / "scenarios"
MEASURED = ("white-house-2023", "rationed", "flat")
BARE = "bare script"
SEED = 1


def bare(runs: range) -> None:
    for _ in runs:
        bare_simpy.run()


def modelled(scenario: Scenario, runs: range) -> None:
    for run in runs:
        run_once(scenario, SEED, run)


def recorded(scenario: Scenario, runs: range) -> None:
    SimpyEngine(scenario).run(BlockOfRuns(SEED, runs))


def works() -> dict[str, Callable[[range], None]]:
    """Return the measurements by name: each carries out some runs."""
    found: dict[str, Callable[[range], None]] = {BARE: bare}
    for name in MEASURED:
        scenario = simulate.load(SCENARIOS / f"{name}.yaml")
        found[name] = partial(modelled, scenario)
        found[f"{name}, and recorded"] = partial(recorded, scenario)
    return found


def measure(rounds: int, runs: int) -> dict[str, list[float]]:
    """Return seconds a run of each work in each round."""
    measured = works()
    for work in measured.values():
        work(range(1))
    seconds: dict[str, list[float]] = {name: [] for name in measured}
    for turn in range(rounds):
        for name, work in measured.items():
            began = time.process_time()
            work(range(turn * runs, (turn + 1) * runs))
            seconds[name].append((time.process_time() - began) / runs)
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--runs", type=int, default=10, help="runs in a round")
    options = parser.parse_args()
    seconds = measure(options.rounds, options.runs)
    print(f"{'':34}{'ms a run':>10}{'of bare':>10}")
    for name, taken in seconds.items():
        ratio = statistics.median(one / bare for one, bare in zip(taken, seconds[BARE], strict=True))
        print(f"{name:34}{1000 * statistics.median(taken):>10.2f}{ratio:>10.2f}")


if __name__ == "__main__":
    main()
