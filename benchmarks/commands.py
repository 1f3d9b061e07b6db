"""Time of whole commands, from start to exit, compared with the imports that they need.

python benchmarks/engines.py --only whole
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import timing
from timing import Taken

BENCHMARKS = Path(__file__).parent
REFERENCE = BENCHMARKS / "reference" / "reference.yaml"
WHITE_HOUSE = BENCHMARKS.parent / "scenarios" / "white-house-2023.yaml"
SIM = (sys.executable, "-c", "from sim.cli.entry import main; main()")
IMPORTS = "import numpy, pandas, matplotlib.pyplot, numba"
PLAIN_RUNS = 100
MOST_OF_IMPORTS, MOST_COMPILING, MOST_LOADING = 3.0, 12.0, 0.4
# Extra time of the first call over the second, after work of the other engine.
FIRST_CALL = f"""
import time, sim
sim.run({str(REFERENCE)!r}, runs=1, engine="simpy").stock
def once():
    began = time.perf_counter()
    sim.run({str(REFERENCE)!r}, runs=2, engine="compiled", jobs=1).stock
    return time.perf_counter() - began
first = once()
print(first - min(once(), once()))
"""


def processes(folder: str, *, compiled: bool) -> Mapping[str, Sequence[str]]:
    """Return the commands by name; our run of the reference work is left out where it would take minutes."""
    plain = str(BENCHMARKS / "reference" / "plain_simpy.py")
    ours = (WHITE_HOUSE, REFERENCE) if compiled else (WHITE_HOUSE,)
    return {
        IMPORTS: (sys.executable, "-c", IMPORTS),
        f"plain simpy script, {PLAIN_RUNS} runs": (sys.executable, plain, "--runs", str(PLAIN_RUNS)),
        **{f"sim run {path.name}, 1,000 runs": run(path, f"{folder}/{path.stem}") for path in ours},
    }


def run(scenario: Path, out: str) -> Sequence[str]:
    return (*SIM, "run", str(scenario), "--runs", "1000", "--quiet", "--out", out)


def print_processes(rounds: int, *, compiled: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        commands = processes(folder, compiled=compiled)
        taken: dict[str, list[Taken]] = {name: [] for name in commands}
        for turn in range(rounds + 1):
            for name, command in commands.items():
                one = timing.whole(command)
                if turn:
                    taken[name].append(one)
    print("\nWhole processes: seconds by the clock and of the processor; ratio of the clock to the imports")
    print(f"{'':50}{'clock':>9}{'processor':>11}{'ratio':>8}")
    bare = [one.wall for one in taken[IMPORTS]]
    for name, each in taken.items():
        ratio = timing.middle_ratio([one.wall for one in each], bare)
        middles = [statistics.median(column) for column in zip(*each, strict=True)]
        target = below(ratio, MOST_OF_IMPORTS) if "white-house" in name else ""
        print(f"{name:50}{middles[0]:>9.2f}{middles[1]:>11.2f}{ratio:>8.2f}  {target}".rstrip())


def below(found: float, most: float) -> str:
    return f"under {most:g}: {'reached' if found < most else 'missed'}"


def print_compilation(rounds: int) -> None:
    """Print the time of the first call of all, and of the first call of a process with a warm cache."""
    compiling, loading = [], []
    command = (sys.executable, "-c", FIRST_CALL)
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as cache:
            env = {"NUMBA_CACHE_DIR": cache}
            compiling.append(float(timing.printed(command, env)))
            loading.append(float(timing.printed(command, env)))
    for name, seconds, most in (
        ("first compilation, empty cache", compiling, MOST_COMPILING),
        ("loading the cache", loading, MOST_LOADING),
    ):
        middle = statistics.median(seconds)
        print(f"{name:50}{middle:>9.2f}{'':19}  {below(middle, most)}")


def report(rounds: int, *, compiled: bool) -> None:
    """Print the table of whole processes."""
    print_processes(max(rounds // 3, 1), compiled=compiled)
    if compiled:
        print_compilation(max(rounds // 3, 1))
    else:
        print("first compilation, loading the cache: not built yet")
