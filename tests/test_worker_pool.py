"""Worker pools: results, and shutdown at any time and place."""

from __future__ import annotations

import os
import signal
import sys
import sysconfig
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from sim.errors import RunError
from sim.worker_pool import ProcessPool, ThreadPool, WorkerKilledError, python_command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


@pytest.fixture(autouse=True)
def _of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out of `children` the processes that other tests of this runner have started."""
    monkeypatch.setattr(sys.modules[__name__], "OLDER", set(psutil.Process().children(recursive=True)))


OLDER: set[psutil.Process] = set()


def children() -> list[psutil.Process]:
    return [each for each in psutil.Process().children(recursive=True) if each not in OLDER]


@pytest.mark.parametrize("kind", [ThreadPool, ProcessPool])
def test_a_future_has_the_result_or_the_error_of_its_task(kind: type[ThreadPool[int, float]]) -> None:
    with closing(kind(lambda number: 1 / number, 2)) as pool:
        found = [pool.submit(number) for number in (1, 2, 0, 4)]
        assert [found[0].result(), found[1].result(), found[3].result()] == [1, 0.5, 0.25]
        with pytest.raises(ZeroDivisionError) as raised:
            found[2].result()
        if kind is ProcessPool:
            assert "in <lambda>" in str(raised.value.__cause__)


def test_processes_end_whatever_their_tasks_are(monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[object] = []
    monkeypatch.setattr(threading, "excepthook", faults.append)
    for _ in range(3):
        with closing(ProcessPool(time.sleep, 2)) as pool:
            pool.submit(0).result()
            assert children()
            for _ in range(3):
                pool.submit(60)
        assert children() == []
    # Before any has started.
    with closing(ProcessPool(time.sleep, 2)) as pool:
        pool.submit(60)
    assert children() == []
    assert faults == []
    assert not [thread.name for thread in threading.enumerate() if thread.name == "sim-worker"]


def test_a_pool_without_a_task_has_nothing_to_end() -> None:
    ProcessPool(abs, 2).close()
    assert children() == []


def test_a_process_that_is_killed_loses_its_own_task_alone() -> None:
    def work(number: int) -> int:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    with closing(ProcessPool(work, 2)) as pool:
        found = [pool.submit(number) for number in range(8)]
        with pytest.raises(WorkerKilledError):
            found.pop(3).result()
        assert [future.result() for future in found] == [0, 1, 2, 4, 5, 6, 7]


def test_processes_neither_receive_what_is_meant_for_this_one_nor_print_into_its_results() -> None:
    def work(sent: int) -> int:
        print("words of a rule")
        os.system("echo words of a program")  # noqa: S605
        os.kill(os.getpid(), sent)
        return sent

    with closing(ProcessPool(work, 1)) as pool:
        for sent in (signal.SIGINT, signal.SIGTERM):
            assert pool.submit(sent).result() == sent


def test_what_start_up_files_print_is_no_message(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('a banner of mine', flush=True)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    pool: ProcessPool[int, int] = ProcessPool(abs, 1)
    with closing(pool):
        assert pool.submit(-1).result(timeout=60) == 1


def test_the_folder_of_ones_own_files_is_searched_last(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    packages = sysconfig.get_path("purelib")
    monkeypatch.chdir(tmp_path)
    # A notebook is served by a module of an installed package.
    monkeypatch.setattr(
        sys.modules["__main__"], "__file__", f"{packages}/ipykernel_launcher.py", raising=False
    )
    monkeypatch.setattr(sys, "path", ["", packages, str(tmp_path), "/elsewhere"])
    assert python_command("pass")[4:] == [packages, "/elsewhere", str(tmp_path), str(tmp_path)]


def test_what_cannot_travel_back_is_an_error_with_its_words() -> None:
    class Odd(Exception):  # noqa: N818
        def __init__(self) -> None:
            super().__init__("an odd thing")
            self.lock = threading.Lock()

    def work(_: int) -> None:
        raise Odd

    with closing(ProcessPool(work, 1)) as pool, pytest.raises(RunError, match="Odd: an odd thing"):
        pool.submit(1).result()


class NeverLoads:
    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return exec, ("raise ImportError('no module of yours')",)

    def __call__(self, what: object) -> object:
        return what


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        ("executable", "No such file"),
        ("load", "ImportError: no module of yours"),
        ("exit", "ended with status"),
    ],
)
def test_where_no_process_can_start_every_task_has_the_reason(
    cause: str, reason: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    work: Callable[[object], object] = str
    if cause == "load":
        work = NeverLoads()
    else:
        program = tmp_path / "python"
        if cause == "exit":
            program.write_text("#!/bin/sh\nexit 7\n")
            program.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(program))
    with closing(ProcessPool(work, 2)) as pool:
        for future in [pool.submit(number) for number in range(8)]:
            with pytest.raises(RunError, match=f"no worker process can start: .*{reason}"):
                future.result(timeout=30)
        # Later tasks have it at once.
        with pytest.raises(RunError, match=reason):
            pool.submit(9).result(timeout=0)
    assert children() == []


@pytest.mark.parametrize("kind", [ThreadPool, ProcessPool])
def test_where_the_system_grants_few_threads_those_do_the_work(
    kind: type[ThreadPool[int, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    start = threading.Thread.start
    granted = [True, False, False]

    def limited(thread: threading.Thread) -> None:
        if thread.name == "sim-worker" and not granted.pop(0):
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", limited)
    with closing(kind(abs, 2)) as pool:
        assert [future.result() for future in [pool.submit(-1), pool.submit(-2), pool.submit(-3)]] == [
            1,
            2,
            3,
        ]
    granted.append(False)
    with closing(kind(abs, 2)) as pool, pytest.raises(RunError, match="no thread can start"):
        pool.submit(-1)


def test_a_process_that_cannot_start_leaves_its_tasks_to_those_that_can(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "python"
    program.write_text(f'#!/bin/sh\nmkdir {tmp_path}/first || exit 7\nexec {sys.executable} "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    pool: ProcessPool[int, int] = ProcessPool(abs, 3)
    with closing(pool):
        assert [future.result() for future in [pool.submit(-k) for k in range(9)]] == list(range(9))
