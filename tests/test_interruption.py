"""Ctrl-C, and what else may end a run: soon, with a clear line, and nothing left behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.support.ways_to_end import WAYS_TO_END

ROOT = Path(__file__).parent.parent
SCENARIO = ROOT / "scenarios" / "white-house-2023.yaml"
LINE = "interrupted: nothing was written"
#: Seconds after which something hangs; `benchmarks/interruption.py` measures the time.
HANGS = 30.0
MAIN = "from sim.cli.entry import main; main()"
#: Like a block of runs while it compiles: one long call that handles no signal.
DEAF = """
import hashlib, sys
from sim.cli import run_command
from sim.cli.entry import main
from sim.ensemble.pool import map_blocks

def work(block):
    sys.stdout.write("at work\\n"); sys.stdout.flush()
    hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)

run_command.run = lambda order: list(map_blocks(work, [1, 2], order.jobs, "threading"))
main()
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@contextmanager
def started(code: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until(true: Callable[[], bool]) -> None:
    last = time.monotonic() + HANGS
    while not true():
        assert time.monotonic() < last, "waited in vain"
        time.sleep(0.05)


def seconds_at_work(process: psutil.Process) -> float:
    return float(process.cpu_times().user)


def at_work(process: psutil.Process) -> list[psutil.Process]:
    """Return the workers of a process that have done more than start."""
    return [child for child in process.children(recursive=True) if seconds_at_work(child) > 1.5]


@pytest.mark.parametrize(
    ("jobs", "sent", "status"), [(1, "SIGINT", 130), (2, "SIGINT", 130), (2, "SIGTERM", 143)]
)
def test_the_keyboard_is_heard_while_every_worker_is_in_a_call_that_hears_nobody(
    jobs: int, sent: str, status: int
) -> None:
    with started(DEAF, "run", "any.yaml", "--jobs", str(jobs)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "at work\n"
        # Python loses an interrupt that comes while an object is being cleared away, as at the start.
        time.sleep(0.3)
        process.send_signal(signal.Signals[sent])
        _, err = process.communicate(timeout=HANGS)
    assert process.returncode == status
    assert err == f"{LINE}\n"


@pytest.mark.slow
def test_a_large_compiled_ensemble_ends_with_a_line_and_leaves_no_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with started(
        MAIN, "run", str(SCENARIO), "--runs", "1000000", "--jobs", "2", "--out", str(out)
    ) as process:
        watched = psutil.Process(process.pid)
        until(lambda: seconds_at_work(watched) > 4.0)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=HANGS)
    assert process.returncode == 130
    assert err.splitlines()[-1] == LINE
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
@pytest.mark.parametrize(("sent", "status", "to_group"), WAYS_TO_END)
def test_an_ensemble_of_the_simpy_model_leaves_no_worker(
    sent: signal.Signals, status: int, to_group: bool, tmp_path: Path
) -> None:
    with simpy_ensemble(tmp_path) as process:
        watched = psutil.Process(process.pid)
        until(lambda: len(at_work(watched)) == 2)
        children = watched.children(recursive=True)
        # A terminal and a batch system send to all processes of a group.
        (os.killpg if to_group else os.kill)(process.pid, sent)
        _, err = process.communicate(timeout=HANGS)
        _, alive = psutil.wait_procs(children, timeout=HANGS)
    assert process.returncode == status
    assert err == f"{LINE}\n"
    assert alive == []
    assert not list(tmp_path.iterdir())


def test_workers_leave_when_the_process_that_started_them_is_killed(tmp_path: Path) -> None:
    with simpy_ensemble(tmp_path) as process:
        watched = psutil.Process(process.pid)
        until(lambda: len(at_work(watched)) == 2)
        children = watched.children(recursive=True)
        process.kill()
        _, alive = psutil.wait_procs(children, timeout=HANGS)
    for child in alive:
        child.kill()
    assert alive == []


@contextmanager
def simpy_ensemble(folder: Path) -> Iterator[subprocess.Popen[str]]:
    words = ("--engine", "simpy", "--runs", "100000", "--jobs", "2", "--out", str(folder / "out"))
    with started(MAIN, "run", str(SCENARIO), *words) as process:
        yield process


def test_the_bar_shows_a_rate_and_the_time_left() -> None:
    import pty

    code = """
import time
from sim.cli.progress_display import progress_bar
with progress_bar(wanted=True) as progress:
    for done in range(100, 2001, 100):
        progress(done, 10_000)
        time.sleep(0.05)
"""
    ours, theirs = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen([sys.executable, "-c", code], stderr=theirs, env=env)
    os.close(theirs)
    shown = b""
    try:
        while data := os.read(ours, 65536):
            shown += data
    except OSError:
        pass  # the other end of a pty is closed: how Linux says that nothing comes any more
    finally:
        os.close(ours)
    assert process.wait(timeout=HANGS) == 0
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())
    rates = [int(rate.replace(",", "")) for rate in re.findall(r"([\d,]+) runs/s", text)]
    assert rates
    assert 100 <= rates[-1] <= 2000  # 100 every 0.05 s, and no quicker than that
    assert re.search(r"2000/10000 .*\b\d+:\d\d:\d\d", text)
