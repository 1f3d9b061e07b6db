"""Speed-up by a second core: two threads, and two independent processes, compared with one thread.

    python benchmarks/cores.py
    python benchmarks/cores.py --rounds 7 --runs 9000

By the clock and in turn, so it needs a quiet machine. Two processes that do the same work each are as much as
the machine can give: where its two cores are halves of one, or others use them too, that is less than twice.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import IO

import engines
import timing

#: Bands of the first are exact, of the second counted in bins.
RUNS = 9_000, 20_000
WORKER = """
import sys
import engines
given = engines.scenario()
for line in sys.stdin:
    seed, runs = map(int, line.split())
    engines.ensemble(given, seed, runs)
    print(seed, flush=True)
"""


class Worker:
    """A process that runs ensembles in one thread on request."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", WORKER],
            cwd=engines.BENCHMARKS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def begin(self, seed: int, runs: int) -> None:
        """Start an ensemble."""
        _there(self._process.stdin).write(f"{seed} {runs}\n")
        _there(self._process.stdin).flush()

    def wait(self) -> None:
        """Wait until it is done."""
        if not _there(self._process.stdout).readline():
            raise SystemExit("a process of the benchmark has ended")


def _there(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise SystemExit("the process has no pipes")
    return stream


def in_threads(seed: int, runs: int, jobs: int) -> float:
    given = engines.scenario()
    began = time.perf_counter()
    engines.ensemble(given, seed, runs, jobs=jobs)
    return time.perf_counter() - began


def in_processes(workers: Sequence[Worker], seed: int, runs: int) -> float:
    """Return the time of one ensemble where each worker makes one."""
    began = time.perf_counter()
    for worker in workers:
        worker.begin(seed, runs)
    for worker in workers:
        worker.wait()
    return (time.perf_counter() - began) / len(workers)


def report(rounds: int, runs: int) -> None:
    """Print the two ratios, medians over the rounds."""
    workers = Worker(), Worker()
    in_threads(0, runs // 10, 2)
    in_processes(workers, 0, runs // 10)
    taken = [
        (in_threads(seed, runs, 1), in_threads(seed, runs, 2), in_processes(workers, seed, runs))
        for seed in range(1, rounds + 1)
    ]
    threads = statistics.median(one / two for one, two, _ in taken)
    processes = statistics.median(one / each for one, _, each in taken)
    print(
        f"{runs:,} runs: two threads {threads:.2f}  {timing.verdict(threads, 1.7, None)}; two processes "
        f"that share nothing {processes:.2f}; seconds of one thread "
        f"{statistics.median(one for one, _, _ in taken):.2f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, action="append")
    options = parser.parse_args()
    print(timing.machine())
    for runs in options.runs or RUNS:
        report(options.rounds, runs)


if __name__ == "__main__":
    main()
