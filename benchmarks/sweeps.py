"""Time and memory of a sweep from the command to the table, also with ten times the points.

    python benchmarks/sweeps.py
    python benchmarks/sweeps.py --rounds 3 --only time

The work is that of `reference/`: 50 x 50 points of 200 runs of five years, 500,000 runs in all. Memory is the
largest of any one process, in a sweep of few runs a point.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import timing

REFERENCE = Path(__file__).parent / "reference" / "reference.yaml"
COMMAND = [sys.executable, "-c", "import sys; from sim.cli.app import run; run(sys.argv[1:])", "sweep"]
AIM = 15.0


class Work(NamedTuple):
    first: int
    second: int
    runs: int

    def command(self, out: Path, *more: str) -> list[str]:
        made = f"production.russia.rate=1.5M/year:3M/year:{self.first}"
        fired = f"consumption.front.rate=30k/day:60k/day:{self.second}"
        words = ["--vary", made, "--vary", fired, "--runs", str(self.runs), "--out", str(out), "--quiet"]
        return [*COMMAND, str(REFERENCE), *words, *more]


WHOLE = Work(50, 50, 200)
FEW, MANY = Work(50, 50, 4), Work(250, 100, 4)


def print_time(folder: Path, rounds: int) -> None:
    taken = [timing.whole(WHOLE.command(folder / f"whole-{number}")) for number in range(rounds)]
    again = timing.whole(WHOLE.command(folder / "whole-0"))
    wall = statistics.median(each.wall for each in taken)
    processor = statistics.median(each.processor for each in taken)
    says = f"aim {AIM:g} s: {'reached' if wall < AIM else 'missed'}"
    print(f"{'500,000 runs, command to table':40}{wall:>8.1f} s  (processor {processor:.1f} s)  {says}")
    print(f"{'the same command again':40}{again.wall:>8.1f} s")


def print_memory(folder: Path) -> None:
    for work in (FEW, MANY):
        points = work.first * work.second
        command = work.command(folder / str(points), "--backend", "loky")
        print(f"{f'{points:,} points':40}{largest(command):>8,.0f} MB")


def largest(command: list[str]) -> float:
    """Return the memory of the largest process of a command, in MB; of each command by itself."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    return float(timing.printed([sys.executable, "-c", code, *command])) / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=("time", "memory"))
    options = parser.parse_args()
    print(f"{timing.machine()}; cores for this process: {len(os.sched_getaffinity(0))}")
    with tempfile.TemporaryDirectory() as folder:
        if options.only != "memory":
            print_time(Path(folder), options.rounds)
        if options.only != "time":
            print_memory(Path(folder))


if __name__ == "__main__":
    main()
