"""Run a small sweep into a folder, and read the folder."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sim

ROOT = Path(__file__).parent.parent.parent
SCENARIO = {
    "schema": 1,
    "title": "A depot",
    "start": "2024-01-01",
    "end": "2024-05-01",
    "thresholds": [30],
    "depots": {"d": {"stock": {"low": "2M", "high": "4M"}}},
    "production": {"line": {"rate": "10k/day"}},
    "consumption": {"front": {"rate": "60k/day", "daily_variation": "20%"}},
}
VARY = {"production.line.rate": sim.Grid("0/day", "30k/day", 4), "consumption.front.rate": ["40k/day", 80e3]}
POINTS = 8
COMMAND = [sys.executable, "-c", "from sim.cli.entry import main; main()"]


def run_sweep(out: Path, **how: Any) -> sim.Sweep:
    return sim.sweep(SCENARIO, VARY, runs=20, out=out, **how)


def table_bytes(folder: Path) -> bytes:
    return (folder / "sweep.parquet").read_bytes()


def block_files(folder: Path) -> dict[str, tuple[int, int]]:
    """Return the finished blocks, with file data that a rewrite would change."""
    found = {}
    for path in (folder / "blocks").glob("*.parquet"):
        stat = path.stat()
        found[path.name] = (stat.st_ino, stat.st_mtime_ns)
    return found


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.005)
