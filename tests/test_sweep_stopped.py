"""A sweep that is stopped, or that others work at: nothing finished is lost or done again."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

import sim
from sim.errors import ArgumentError
from sim.results.verification import find_problems
from tests.support.small_sweep import COMMAND, ROOT, SCENARIO, block_files, run_sweep, table_bytes, wait_until


@pytest.fixture
def long_sweep(tmp_path: Path) -> list[str]:
    """Return a command that takes a second or two when it is under way, in blocks of a point."""
    (tmp_path / "s.yaml").write_text(json.dumps(SCENARIO))
    vary = ("--vary", "production.line.rate=0/day:30k/day:40", "--runs", "500", "--block", "1")
    return [*COMMAND, "sweep", str(tmp_path / "s.yaml"), *vary, "--backend", "loky", "--jobs", "2"]


def interrupted(command: list[str], folder: Path, more: int, how: Callable[[int], None]) -> tuple[int, str]:
    """Run a command until so many more blocks are there, then do `how`; return its status and words."""
    before = len(list(folder.glob("blocks/*.parquet")))
    with subprocess.Popen(
        [*command, "--out", str(folder)],
        start_new_session=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        wait_until(
            lambda: len(list(folder.glob("blocks/*.parquet"))) >= before + more or process.poll() is not None
        )
        workers = psutil.Process(process.pid).children(recursive=True)
        how(process.pid)
        said = process.communicate(timeout=60)[1]
    wait_until(lambda: not any(map(works, workers)), seconds=5)
    return process.returncode, said


def works(process: psutil.Process) -> bool:
    try:
        # A process without a wait is still in the system's table.
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "killpg"), reason="process groups are of POSIX")
def test_however_it_is_stopped_nothing_finished_is_lost_or_done_again(
    long_sweep: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    out = tmp_path / "out"
    ways: list[tuple[Callable[[int], None], int]] = [
        (lambda pid: os.killpg(pid, signal.SIGKILL), -signal.SIGKILL),
        (lambda pid: os.kill(pid, signal.SIGKILL), -signal.SIGKILL),
        (lambda pid: os.kill(pid, signal.SIGTERM), 143),
    ]
    finished: dict[str, tuple[int, int]] = {}
    for turn, (how, status) in enumerate(ways):
        left, said = interrupted(long_sweep, out, 1 + 2 * turn, how)
        assert left == status, said
        assert finished.items() <= block_files(out).items()
        finished = block_files(out)
        if status > 0:
            # Python's own tracker of what processes share may have more to say after that.
            (last,) = (line for line in said.splitlines() if line.startswith("interrupted: "))
            assert last.endswith(f" kept in {out}; the same command goes on from there")
            assert "Traceback" not in said
    assert len(find_problems(out)) >= 1
    vary = {"production.line.rate": sim.Grid("0/day", "30k/day", 40)}
    caplog.clear()
    sim.sweep(tmp_path / "s.yaml", vary, runs=500, out=out, backend="threading", block=1)
    reused = f"{len(finished)} of 40 points are there already and are used; {40 - len(finished)} are to do"
    assert reused in caplog.messages
    assert finished.items() <= block_files(out).items()
    assert len(block_files(out)) == 40
    assert find_problems(out) == ()
    assert not list(out.rglob(".sim-part*"))
    sim.sweep(tmp_path / "s.yaml", vary, runs=500, out=tmp_path / "alone", backend="threading")
    assert table_bytes(out) == table_bytes(tmp_path / "alone")


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and two workers as the docs say, each a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
    host, port = address.split(":")
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        address,
        "--nthreads",
        "1",
        "--no-dashboard",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def start(command: list[str]) -> subprocess.Popen[bytes]:
        nothing = subprocess.DEVNULL
        return subprocess.Popen(command, env=environment, cwd=folder, stdout=nothing, stderr=nothing)

    started = [start([*dask, "--host", host, "--port", port, "--no-dashboard"])]
    try:
        started += [start([*worker, "--no-nanny", "--local-directory", str(folder)]) for _ in range(2)]
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="distributed is not installed")
@pytest.mark.filterwarnings("default")
def test_a_dask_cluster_with_a_worker_killed_gives_the_same_bytes(tmp_path: Path) -> None:
    vary = {"production.line.rate": sim.Grid("0/day", "30k/day", 24)}
    sim.sweep(SCENARIO, vary, runs=1000, out=tmp_path / "here", backend="threading")
    with cluster(tmp_path) as (address, workers):
        wait_until(lambda: _answers(address))
        killed: list[int] = []

        def kill_one(done: int, total: int) -> None:
            if done and not killed:
                killed.append(done)
                workers[0].kill()

        out = tmp_path / "there"
        sim.sweep(
            SCENARIO, vary, runs=1000, out=out, backend="dask", address=address, block=2, progress=kill_one
        )
        assert killed
        assert killed[0] < 24_000
    assert table_bytes(tmp_path / "here") == table_bytes(out)
    assert find_problems(out) == ()


def _answers(address: str) -> bool:
    host, port = address.split(":")
    with socket.socket() as there:
        return there.connect_ex((host, int(port))) == 0


def test_a_cluster_that_is_not_there_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="dask has no address"):
        run_sweep(tmp_path / "s", backend="dask")
    with pytest.raises(ArgumentError, match="joblib knows no backend"):
        run_sweep(tmp_path / "s", backend="rays")
    with pytest.raises(ArgumentError, match="wait for ever"):
        run_sweep(tmp_path / "s", backend="multiprocessing")
