"""Start-up time of the command, compared with the imports that it needs.

    python benchmarks/start_up.py

Each command runs in a process of its own, in turn with its baseline; figures are medians of wall time
over the rounds.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
SCENARIOS = ROOT / "scenarios"
SIM = (sys.executable, "-c", "from sim.cli.entry import main; main()")
LOOKING = (sys.executable, "-c", "import pydantic, typer")
RUNNING = (sys.executable, "-c", "import pandas, matplotlib.pyplot, simpy, pydantic")


def pairs(folder: str) -> dict[str, tuple[Sequence[str], Sequence[str]]]:
    """Return each command with its baseline, by name."""
    flat = (str(SCENARIOS / "flat.yaml"), "--out", f"{folder}/flat", "--quiet")
    return {
        "sim --help": ((*SIM, "--help"), LOOKING),
        "sim validate": ((*SIM, "validate", str(SCENARIOS / "white-house-2023.yaml")), LOOKING),
        "sim run flat": ((*SIM, "run", *flat), RUNNING),
    }


def seconds(command: Sequence[str]) -> float:
    """Return the wall time of a command."""
    began = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=11)
    rounds = parser.parse_args().rounds
    print(f"{'':16}{'seconds':>10}{'imports':>10}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for name, (ours, bare) in pairs(folder).items():
            taken = [(seconds(ours), seconds(bare)) for _ in range(rounds + 1)][1:]
            ratio = statistics.median(one / other for one, other in taken)
            middles = [statistics.median(column) for column in zip(*taken, strict=True)]
            print(f"{name:16}{middles[0]:>10.2f}{middles[1]:>10.2f}{ratio:>8.2f}")


if __name__ == "__main__":
    main()
