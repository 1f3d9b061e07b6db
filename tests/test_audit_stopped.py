"""An audit that is interrupted, killed, or finds no space: one line, and nothing half in its folder.

Each test starts a process, which takes two to three seconds: it imports numba, scipy and emcee.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_interruption import HANGS, LINE, started

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals"),
]

ROOT = Path(__file__).parent.parent
DELIVERIES = ROOT / "scenarios" / "deliveries.yaml"
#: An inference of the least size, whose samples count as enough.
SMALL = """
import sys
from sim.auditing import audit, claim_inference, conflicts, posterior, sampler
claim_inference.WALKERS = 14
claim_inference.STEPS, posterior.WARM_UP = 10, 10
posterior.MIN_EFFECTIVE, posterior.MAX_DISTANCE, conflicts.MAX_SHAPE = 0, 9.0, float("inf")
audit.RUNS = 20

def at_work():
    sys.stdout.write("at work\\n")
    sys.stdout.flush()
"""
#: Walkers of a chain that go on for ever.
ENDLESS = """
advance = sampler.Chain.advance
def repeat(chain, steps):
    at_work()
    while True:
        advance(chain, steps)
sampler.Chain.advance = repeat
"""
#: Writing stops before the fourth file.
STUCK = """
import time
from sim.results import storage
write, written = storage._write, []
def stop(path, content):
    if len(written) == 3:
        at_work()
        time.sleep(60.0)
    written.append(path)
    return write(path, content)
storage._write = stop
"""
#: No file may be longer than this many bytes, as on a full disk.
FULL = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
"""
MAIN = """
from sim.cli.entry import main
main()
"""


def command(out: Path) -> list[str]:
    return ["audit", str(DELIVERIES), "--out", str(out), "--jobs", "1", "--quiet"]


def test_ctrl_c_ends_an_inference_with_one_line(tmp_path: Path) -> None:
    with started(SMALL + ENDLESS + MAIN, *command(tmp_path / "out")) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=HANGS)
    assert process.returncode == 130
    assert err == f"{LINE}\n"
    assert not list(tmp_path.iterdir())


def test_an_audit_that_is_killed_while_it_writes_leaves_no_result(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with started(SMALL + STUCK + MAIN, *command(out)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        process.kill()
        process.communicate(timeout=HANGS)
    assert not out.exists()
    # What it had written is hidden, and no result.
    left = [path.name for path in tmp_path.iterdir()]
    assert all(name.startswith(".") for name in left)


@pytest.mark.parametrize("place", ["folder", "temporary files"])
def test_an_audit_without_space_says_so_in_one_line(tmp_path: Path, place: str) -> None:
    out = tmp_path / "out"
    # The samples are too long already for the temporary file that the scenario reads them from.
    limit = FULL if place == "temporary files" else FULL.replace("10_000", "60_000")
    found = subprocess.run(
        [sys.executable, "-c", SMALL + limit + MAIN, *command(out)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=4 * HANGS,
        check=False,
    )
    assert found.returncode == 1
    assert "Traceback" not in found.stderr
    line = found.stderr.splitlines()[-1]
    what = "temporary files" if place == "temporary files" else str(out)
    assert line.startswith(f"error: cannot write {what}: ")
    assert not list(tmp_path.iterdir())
