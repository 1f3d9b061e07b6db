"""A sweep whose process group is killed at random moments, and started again, until it is through.

    python benchmarks/kills.py
    python benchmarks/kills.py --kills 20

After every kill it checks that no finished block was lost, written again or done twice, and in the end that
the table is the bytes of an uninterrupted sweep and the folder is whole.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sim.results.verification import find_problems

REFERENCE = Path(__file__).parent / "reference" / "reference.yaml"
COMMAND = [sys.executable, "-c", "import sys; from sim.cli.app import run; run(sys.argv[1:])", "sweep"]
VARY = ["--vary", "consumption.front.rate=30k/day:60k/day:1000", "--runs", "200", "--block", "2", "--quiet"]
#: A sweep starts for two seconds, and works for about twenty.
LONGEST = 5.0


def blocks(folder: Path) -> dict[str, tuple[int, int]]:
    found = {}
    for path in (folder / "blocks").glob("*.parquet"):
        stat = path.stat()
        found[path.name] = (stat.st_ino, stat.st_mtime_ns)
    return found


def killed(command: list[str], seconds: float) -> bool:
    """Run a command and kill its group after some time; return whether it was killed."""
    with subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return True
    return False


def campaign(folder: Path, kills: int, chance: random.Random) -> None:
    out, done = folder / "sweep-0", 0
    began = time.monotonic()
    sweeps = 1
    before: dict[str, tuple[int, int]] = {}
    alone = folder / "alone"
    subprocess.run([*COMMAND, str(REFERENCE), *VARY, "--out", str(alone)], check=True)
    while done < kills:
        if not killed([*COMMAND, str(REFERENCE), *VARY, "--out", str(out)], chance.uniform(0.1, LONGEST)):
            check(out, alone)
            out, before, sweeps = folder / f"sweep-{sweeps}", {}, sweeps + 1
            continue
        done += 1
        now = blocks(out)
        if not before.items() <= now.items():
            sys.exit(f"kill {done}: a finished block was lost or written again")
        before = now
    subprocess.run(
        [*COMMAND, str(REFERENCE), *VARY, "--out", str(out)], check=True, stderr=subprocess.DEVNULL
    )
    if not before.items() <= blocks(out).items():
        sys.exit("the last start lost a finished block or wrote it again")
    check(out, alone)
    took = time.monotonic() - began
    print(f"{done} kills over {sweeps} sweeps in {took:.0f} s: no block lost or done again, the same table")


def check(out: Path, alone: Path) -> None:
    if (out / "sweep.parquet").read_bytes() != (alone / "sweep.parquet").read_bytes():
        sys.exit(f"{out.name}: the table differs from that of an uninterrupted sweep")
    wrong = find_problems(out)
    if wrong:
        sys.exit("; ".join(wrong))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        campaign(Path(folder), options.kills, random.Random(options.seed))


if __name__ == "__main__":
    main()
