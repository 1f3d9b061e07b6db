"""Time of a live ensemble from a changed input to its tables: the cost of a drag without the picture.

    python benchmarks/live_ensemble.py
    python benchmarks/live_ensemble.py --runs 1000 --rounds 15

1,000 runs of `white-house-2023.yaml`, all cores, one new value of each input in turn; median and 95 % by the
clock, and median processor time.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import timing

import sim

SCENARIO = Path(__file__).parents[1] / "scenarios" / "white-house-2023.yaml"
#: Inputs by path, each with the form of its values.
INPUTS = {
    "depots.tikhoretsk.stock": "{}M",
    "production.russia.rate": "{}M/year",
    "consumption.front.rate": "{}0k/day",
    "consumption.front.daily_variation": "{}%",
    "shipments.dprk.route.0.travel": "{} days",
    "shipments.dprk.shells_per_container": "{}00",
}
SELECTIONS = {
    "stock": ("stock",),
    "stock and flows": ("stock", "flows"),
    "tables and findings": ("stock", "flows", "origins", "outcomes"),
}


def measure(live: sim.LiveEnsemble, path: str, form: str, rounds: int) -> tuple[list[float], list[float]]:
    """Return seconds by the clock and of the processor of each round."""
    clock, processor = [], []
    for turn in range(rounds):
        began, used = time.perf_counter(), time.process_time()
        result = live.run({path: form.format(3 + turn / 10)})
        for name in live.tables:
            getattr(result, name)
        if "origins" in live.tables:
            len(result.findings)
        clock.append(time.perf_counter() - began)
        processor.append(time.process_time() - used)
    return clock, processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    print(timing.machine())
    print(f"{'milliseconds':58}{'median':>8}{'95 %':>8}{'processor':>11}")
    for title, tables in SELECTIONS.items():
        live = sim.LiveEnsemble(SCENARIO, runs=options.runs, engine="compiled", tables=tables)
        live.run()
        for path, form in INPUTS.items():
            clock, processor = measure(live, path, form, options.rounds)
            late = sorted(clock)[int(0.95 * (len(clock) - 1))]
            middles = statistics.median(clock), late, statistics.median(processor)
            print(f"{title + ': ' + path:58}" + "".join(f"{1000 * value:>9.0f}" for value in middles))


if __name__ == "__main__":
    main()
