"""Measuring for the benchmarks: processor time, in turn, with the machine named."""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True)
class Work:
    """A measurement: `call(n)` carries out `runs` runs, with `n` as the seed.

    `target` and `aim` are the least and the desired ratio to its baseline.
    """

    name: str
    runs: int
    call: Callable[[int], object]
    target: float | None = None
    aim: float | None = None


class Taken(NamedTuple):
    wall: float
    processor: float


#: A work is done so often in a row, and the quickest counts: what a process has let go of for a second or
#: two a virtual machine may have given back to its host, and takes back at a price that is not the work's.
IN_A_ROW = 2


def interleaved(works: Sequence[Work], rounds: int, times: int = IN_A_ROW) -> dict[str, list[float]]:
    """Return processor seconds a run of each work in each round, after one round that is not counted."""
    seconds: dict[str, list[float]] = {work.name: [] for work in works}
    for turn in range(rounds + 1):
        for work in works:
            taken = [_processor(work, turn * times + again) for again in range(times)]
            if turn:
                seconds[work.name].append(min(taken) / work.runs)
    return seconds


def _processor(work: Work, seed: int) -> float:
    began = time.process_time()
    work.call(seed)
    return time.process_time() - began


def whole(command: Sequence[str], env: Mapping[str, str] | None = None) -> Taken:
    """Return the time of a process, its own children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **(env or {})})
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Taken(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def printed(command: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """Return the output of a process."""
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, **(env or {})}
    )
    return done.stdout


def middle_ratio(ones: Sequence[float], others: Sequence[float]) -> float:
    """Return the median of the ratios of measurements in the same round."""
    return statistics.median(one / other for one, other in zip(ones, others, strict=True))


def verdict(ratio: float, target: float | None, aim: float | None) -> str:
    """Return the target and whether a ratio that should be large reaches it."""
    if target is None:
        return ""
    wanted = f"at least {target:,g}" + (f", aim {aim:,g}" if aim else "")
    return f"{wanted}: {'reached' if ratio >= target else 'missed'}"


def table(works: Sequence[Work], seconds: Mapping[str, Sequence[float]], against: str) -> None:
    """Print a line a work: runs a second at the median and at best, and the ratio to `against`."""
    print(f"{'':44}{'runs a second':>15}{'best':>11}{'ratio':>10}")
    for work in works:
        taken = seconds[work.name]
        ratio = middle_ratio(seconds[against], taken)
        rates = f"{1 / statistics.median(taken):>15,.1f}{1 / min(taken):>11,.1f}{ratio:>10,.2f}"
        print(f"{work.name:44}{rates}  {verdict(ratio, work.target, work.aim)}".rstrip())


def machine() -> str:
    """Return the machine and the versions that figures belong to."""
    cpu = platform.processor() or platform.machine()
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        lines = listed.read_text(encoding="utf-8").splitlines()
        cpu = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), cpu)
    packages = ", ".join(f"{name} {_version(name)}" for name in ("simpy", "numpy", "numba"))
    python = f"Python {platform.python_version()}"
    return f"{cpu}, {os.cpu_count()} cores, {python}, {packages}; load before: {os.getloadavg()[0]:.1f}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
