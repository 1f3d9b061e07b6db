"""Two thousand scenarios with extreme numbers on both engines: equal results or the same error.

    python benchmarks/extremes.py [--cases 2000] [--first 0] [--seconds 10] [--workers 2]

The cases are those of `tests/support/extreme_numbers.py`. Worker processes take many cases in turn; a case
may take 10 seconds of processor time and 500 MB. Prints differences; ends with 1 if there are any.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import gc
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parent.parent

if TYPE_CHECKING:
    from tests.support.extreme_numbers import differences, extreme
else:
    sys.path.insert(0, str(ROOT))
    from tests.support.extreme_numbers import differences, extreme

MOST_SECONDS, MOST_MEGABYTES = 10, 500.0
#: A case that takes this much longer is a hang: its worker is ended.
PATIENCE = 6.0
PROC = Path("/proc")


def memory(name: str) -> float:
    """Return what this process holds (``VmRSS``) or has held at most (``VmHWM``), in megabytes."""
    status = (PROC / "self" / "status").read_text(encoding="ascii")
    return float(status.partition(f"{name}:")[2].split()[0]) / 1024


def forget_peak() -> None:
    """Free the memory of earlier cases, and reset the peak of memory to the current use."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    (PROC / "self" / "clear_refs").write_text("5", encoding="ascii")


def work(first: int, last: int, step: int, seconds: int) -> None:
    """Take cases in turn, and print a line before and after each; one may take so many seconds."""
    differences(extreme(0))
    forget_peak()
    fresh = memory("VmRSS")
    for case in range(first, last, step):
        say({"case": case, "begins": True})
        forget_peak()
        # The system ends a process whose timer runs out, also in compiled code.
        signal.setitimer(signal.ITIMER_PROF, seconds * PATIENCE)
        held = memory("VmRSS") - fresh
        began = time.process_time()
        try:
            ended, found = differences(extreme(case))
        except Exception as error:  # noqa: BLE001 - any exception is a finding
            ended, found = "raised", [f"{error!r} {traceback.extract_tb(error.__traceback__)[-1]}"]
        taken, megabytes = time.process_time() - began, memory("VmHWM") - held
        if taken > seconds:
            found.append(f"{taken:.1f} s")
        if megabytes > MOST_MEGABYTES:
            found.append(f"{megabytes:.0f} MB")
        say({"case": case, "ended": ended, "found": found[:3], "seconds": taken, "megabytes": megabytes})


def say(line: dict[str, Any]) -> None:
    """Print a line of JSON at once."""
    print(json.dumps(line), flush=True)


def told(line: dict[str, Any]) -> dict[str, Any]:
    """Return the line of a case, and print it if something was found."""
    if line["found"]:
        print(f"case {line['case']}: {line['ended']}: {'; '.join(line['found'])}", flush=True)
    return line


def watched(first: int, last: int, step: int, seconds: int) -> list[dict[str, Any]]:
    """Return the lines of workers that take the cases; one that dies or hangs is followed by another."""
    lines: list[dict[str, Any]] = []
    while first < last:
        command = [sys.executable, __file__, "--worker", *map(str, (first, last, step, seconds))]
        worker = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        at, first = first, last
        for text in worker.stdout or ():
            line = json.loads(text)
            at = line["case"]
            if "begins" not in line:
                lines.append(told(line))
                at += step
        if worker.wait() != 0:
            found = [f"the worker ended with status {worker.returncode}"]
            died = {"case": at, "ended": "died", "found": found, "seconds": seconds, "megabytes": 0.0}
            lines.append(told(died))
            first = at + step
    return lines


def main() -> int:
    """Run the campaign."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=MOST_SECONDS)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--worker", nargs=4, type=int)
    options = parser.parse_args()
    if options.worker:
        with contextlib.suppress(BrokenPipeError):
            work(*options.worker)
        return 0
    workers = options.workers
    last = options.first + options.cases
    with ThreadPoolExecutor(workers) as pool:
        shares = [
            pool.submit(watched, options.first + nth, last, workers, options.seconds)
            for nth in range(workers)
        ]
        lines = [line for share in shares for line in share.result()]
    ended = Counter(line["ended"] for line in lines)
    slowest, largest = (max(line[key] for line in lines) for key in ("seconds", "megabytes"))
    print(
        f"{len(lines)} cases: {dict(ended)}; the slowest took {slowest:.1f} s, the largest {largest:.0f} MB"
    )
    return int(any(line["found"] for line in lines))


if __name__ == "__main__":
    sys.exit(main())
