"""How long ``sim run`` takes to end after Ctrl-C, at random moments; and whether it leaves anything behind.

python benchmarks/interruption.py
python benchmarks/interruption.py --moments 8 --cold       in the middle of the first compilation
python benchmarks/interruption.py --engine simpy --signal TERM
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

SCENARIO = Path(__file__).parent.parent / "scenarios" / "white-house-2023.yaml"
RUNS = {"compiled": 200_000, "simpy": 4_000}
LIMIT = 60.0  # seconds, after which it counts as hanging
SOONEST = 0.3


def interrupted(engine: str, wait: float, sent: signal.Signals, cache: str | None) -> tuple[float, str]:
    """Return seconds from the signal to the end, and its fault, if any."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        code = "from sim.cli.entry import main; main()"
        words = ["run", str(SCENARIO), "--runs", str(RUNS[engine]), "--engine", engine, "--jobs", "2"]
        process = subprocess.Popen(
            [sys.executable, "-c", code, *words, "--out", str(out)],
            env={**os.environ, **({"NUMBA_CACHE_DIR": cache} if cache else {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        time.sleep(wait)
        began = time.perf_counter()
        process.send_signal(sent)
        try:
            _, err = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return LIMIT, "hangs"
        taken = time.perf_counter() - began
        wrong = []
        if process.returncode != 128 + sent:
            wrong.append(f"exit {process.returncode}")
        if err.splitlines()[-1:] != ["interrupted: nothing was written"]:
            wrong.append(f"says {err[-300:]!r}")
        if out.exists():
            wrong.append("a folder is left")
        if left(process.pid):
            wrong.append("a process is left")
        return taken, ", ".join(wrong)


def left(group: int) -> bool:
    """Return whether a process of the group still works, a second after its leader has gone."""
    time.sleep(1.0)
    found = False
    for process in psutil.process_iter(["pid", "status"]):
        with contextlib.suppress(ProcessLookupError):
            of_group = os.getpgid(process.info["pid"]) == group
            if of_group and process.info["status"] != psutil.STATUS_ZOMBIE:
                found = True
                process.kill()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--engine", choices=RUNS, default="compiled")
    parser.add_argument("--signal", choices=("INT", "TERM"), default="INT")
    parser.add_argument("--latest", type=float, default=10.0, help="seconds from the start")
    parser.add_argument("--cold", action="store_true", help="with an empty cache for machine code")
    options = parser.parse_args()
    sent = signal.Signals[f"SIG{options.signal}"]
    moments = random.Random(1)
    taken = []
    for _ in range(options.moments):
        wait = moments.uniform(SOONEST, options.latest)
        with tempfile.TemporaryDirectory() as cache:
            seconds, wrong = interrupted(options.engine, wait, sent, cache if options.cold else None)
        taken.append(seconds)
        print(f"after {wait:5.1f} s: ended in {seconds:5.2f} s  {wrong}".rstrip(), flush=True)
    print(f"median {statistics.median(taken):.2f} s, longest {max(taken):.2f} s")


if __name__ == "__main__":
    main()
