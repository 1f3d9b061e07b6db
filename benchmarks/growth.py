"""Scaling of the compiled engine: time to load it, cost of twice the work, and memory.

    python benchmarks/growth.py
    python benchmarks/growth.py --only memory --runs 1000000

Cost is processor time of one worker; the exponent is the slope of its logarithm over that of the work: 1 is
linear, less where fixed costs weigh. The machine code must be compiled already: a first round does that.
"""

from __future__ import annotations

import argparse
import datetime as dt
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import engines
import timing

from sim import simulate

ROOT = Path(__file__).parent.parent
SCENARIO = ROOT / "scenarios" / "white-house-2023.yaml"
TIMES = (1, 2, 4, 8)
RUNS = 500
START = dt.date(2023, 1, 1)
DAYS = 913
LOADED = f"""
import time
import sim
scenario = sim.load({str(ROOT / "scenarios" / "flat.yaml")!r})
def once():
    began = time.perf_counter(), time.process_time()
    sim.run(scenario, runs=1, engine={{engine!r}})
    return time.perf_counter() - began[0], time.process_time() - began[1]
first, warm = once(), once()
print(first[0] - warm[0], first[1] - warm[1])
"""


def loading(rounds: int) -> None:
    """Print the extra time of a first call over a second one, in separate processes."""
    for engine in ("compiled", "simpy"):
        code = LOADED.format(engine=engine)
        taken = [timing.printed([sys.executable, "-c", code]).split() for _ in range(rounds + 1)][1:]
        wall, processor = (statistics.median(float(row[place]) for row in taken) for place in (0, 1))
        goal = timing.verdict(1 / wall, 1 / 0.4, None) if engine == "compiled" else ""
        taking = f"{wall:7.3f} s, processor {processor:.3f} s"
        print(f"first call of a process beyond a second, {engine:9}{taking}  {goal}", flush=True)


def slope(work: Sequence[int], seconds: Sequence[float]) -> float:
    """Return the exponent of a power that fits best."""
    return statistics.linear_regression(
        [math.log(value) for value in work], [math.log(value) for value in seconds]
    ).slope


def growing() -> dict[str, Callable[[int], Callable[[int], object]]]:
    """Return by what the work grows; each gives the ensemble that is so many times the first."""
    one = simulate.as_scenario(engines.copies(1))

    def days(times: int) -> Callable[[int], object]:
        end = (START + dt.timedelta(days=DAYS * times)).isoformat()
        return partial(engines.ensemble, one.replace({"end": end}), runs=RUNS)

    def components(times: int) -> Callable[[int], object]:
        return partial(engines.ensemble, simulate.as_scenario(engines.copies(times)), runs=RUNS)

    def runs(times: int) -> Callable[[int], object]:
        return partial(engines.ensemble, one, runs=RUNS * times)

    return {"days": days, "components": components, "runs": runs}


def growth(rounds: int) -> None:
    """Print the exponent of the cost with days, components and runs."""
    for name, made in growing().items():
        works = [timing.Work(f"{times} times the {name}", 1, made(times)) for times in TIMES]
        seconds = timing.interleaved(works, rounds)
        least = [min(seconds[work.name]) for work in works]
        told = ", ".join(f"{value:.2f}" for value in least)
        print(f"{name:12}exponent {slope(TIMES, least):5.2f}   seconds at {TIMES} times: {told}", flush=True)


def memory(runs: int) -> None:
    """Print the time of a large ensemble of the command line, and its peak of memory."""
    with tempfile.TemporaryDirectory() as folder:
        words = [
            "run",
            str(SCENARIO),
            "--runs",
            str(runs),
            "--jobs",
            "2",
            "--quiet",
            "--out",
            f"{folder}/out",
        ]
        code = "from sim.cli.entry import main; main()"
        began = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", code, *words, "--out", f"{folder}/out"])
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"exit {process.returncode}")
    megabytes, processor = usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime
    verdict = f"under 600: {'reached' if megabytes < 600 else 'missed'}"
    print(f"{runs:,} runs of white-house-2023: {wall:.1f} s, processor {processor:.1f} s")
    print(f"the most that it had in memory: {megabytes:,.0f} MB  {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=1_000_000, help="whose memory is measured")
    parser.add_argument("--only", choices=("loading", "growth", "memory"))
    options = parser.parse_args()
    print(timing.machine())
    if options.only in (None, "loading"):
        loading(options.rounds)
    if options.only in (None, "growth"):
        growth(options.rounds)
    if options.only in (None, "memory"):
        memory(options.runs)


if __name__ == "__main__":
    main()
