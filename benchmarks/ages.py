"""Processor time of the reference work with ages, beside that without.

    python benchmarks/ages.py --rounds 3

Ten years of the reference work with less fire, so that the stock lasts, once as it is and once with a shelf
life of ten years, for each order of issue: some 240 cohorts of a month, of which 120 have shells at any time.
The aim is a tenth of the rate without ages.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import sim
from sim.scenario.scenario import Scenario

REFERENCE = Path(__file__).parent / "reference" / "reference.yaml"
RUNS, AIM, FIRE = 1000, 0.1, "9k/day"


def ageing(scenario: Scenario, issue: str) -> Scenario:
    """Return a scenario with a shelf life, and an opening stock of up to ten years."""
    changes: dict[str, object] = {
        "munitions": {name: {"shelf_life": "10 years"} for name in scenario.munitions}
    }
    for depot in scenario.depots:
        changes[f"depots.{depot}.age"] = {"low": "0 days", "high": "10 years"}
        changes[f"depots.{depot}.issue"] = issue
    return scenario.replace(changes)


def processor_time(scenario: Scenario) -> float:
    """Return the seconds of processor time of the stock and the outcomes of all runs."""
    begin = time.process_time()
    sim.run(scenario, runs=RUNS, engine="compiled", jobs=1, tables=("stock", "outcomes"))
    return time.process_time() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    plain = sim.load(REFERENCE)
    end = plain.start.replace(year=plain.start.year + 10).isoformat()
    plain = plain.replace({"end": end, "consumption.front.rate": FIRE})
    works = {"without ages": plain} | {issue: ageing(plain, issue) for issue in ("fifo", "lifo", "mixed")}
    for scenario in works.values():
        # Compile and draw once before anything is timed.
        sim.run(scenario, runs=1, engine="compiled")
    times = {name: [processor_time(each) for _ in range(rounds)] for name, each in works.items()}
    base = statistics.median(times["without ages"])
    for name, seconds in times.items():
        middle = statistics.median(seconds)
        rate = base / middle
        verdict = "" if name == "without ages" else f"{rate:.2f} of the rate without ages, aim {AIM}"
        print(f"{name:14} {RUNS / middle:8.0f} runs a second  {verdict}")


if __name__ == "__main__":
    main()
