"""Resume of a sweep: its table has the same bytes after any interruption, with any workers."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.errors import Interrupted, RunError, StorageError
from sim.results.directory_lock import lock_directory
from sim.results.storage import add_charts
from sim.results.verification import find_problems
from sim.study import backends, sweep_task
from sim.study import sweep_runner as folders
from sim.worker_pool import ProcessPool, ThreadPool
from tests.support.small_sweep import POINTS, ROOT, SCENARIO, VARY, block_files, run_sweep, table_bytes


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a sweep that nothing happened to."""
    out = tmp_path_factory.mktemp("whole") / "sweep"
    run_sweep(out, backend="threading")
    return out


@pytest.mark.parametrize(
    "how",
    [
        {"jobs": 1},
        {"jobs": 1, "block": 3},
        {"backend": "threading", "block": 1},
        {"backend": "loky", "jobs": 2, "block": 2},
    ],
    ids=str,
)
def test_the_table_is_the_same_bytes_whoever_works(whole: Path, tmp_path: Path, how: dict[str, Any]) -> None:
    run_sweep(tmp_path / "s", **how)
    assert table_bytes(tmp_path / "s") == table_bytes(whole)
    assert find_problems(tmp_path / "s") == ()


def test_the_folder_has_the_table_of_the_same_sweep_in_memory(whole: Path) -> None:
    kept, passing = sim.read_sweep(whole), sim.sweep(SCENARIO, VARY, runs=20)
    assert kept.table.equals(passing.table)
    assert kept.table["consumption.front.rate"].tolist() == [40e3, 80e3] * 4
    assert (kept.paths, kept.outcomes, kept.shape) == (passing.paths, passing.outcomes, (4, 2))


def test_a_sweep_in_memory_is_saved_as_the_same_table(whole: Path, tmp_path: Path) -> None:
    sim.sweep(SCENARIO, VARY, runs=20).save(tmp_path / "s")
    assert table_bytes(tmp_path / "s") == table_bytes(whole)
    assert find_problems(tmp_path / "s") == ()


def test_the_same_sweep_again_works_nothing_out(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = block_files(whole)
    monkeypatch.setattr(folders, "encode_block", _never)
    manifest = (whole / "manifest.json").read_bytes()
    run_sweep(whole)
    assert block_files(whole) == before
    assert (whole / "manifest.json").read_bytes() == manifest


def _never(task: object) -> bytes:
    raise AssertionError("a point was worked out again")


def test_other_input_uses_no_old_point_and_says_why(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    run_sweep(tmp_path / "s")
    sim.sweep(SCENARIO, VARY, runs=20, seed=2, out=tmp_path / "s")
    sim.sweep(SCENARIO, VARY, runs=20, seed=2, out=tmp_path / "fresh")
    assert table_bytes(tmp_path / "s") == table_bytes(tmp_path / "fresh")
    assert "done again: the seed was 1 and is 2" in caplog.messages
    changed = {**SCENARIO, "end": "2024-05-02"}
    caplog.clear()
    sim.sweep(changed, VARY, runs=20, seed=2, out=tmp_path / "s")
    assert "done again: the scenario is another" in caplog.messages
    assert not any("are used" in message for message in caplog.messages)
    assert not any("is replaced" in message for message in caplog.messages)
    caplog.clear()
    sim.sweep(SCENARIO, {"depots.d.stock": ["1M", "2M"]}, runs=20, out=tmp_path / "s")
    former, folder = ", ".join(VARY), tmp_path / "s"
    assert f"the former sweep of {former} in {folder} is replaced by one of depots.d.stock" in caplog.messages


def test_other_versions_use_no_old_point_and_say_so(
    whole: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_sweep(tmp_path / "s")
    from sim.study import point_keys, study_definition

    other = {**point_keys.engine_versions(), "numba": "0.0"}
    monkeypatch.setattr(point_keys, "engine_versions", lambda: other)
    monkeypatch.setattr(study_definition, "engine_versions", lambda: other)
    caplog.clear()
    run_sweep(tmp_path / "s")
    assert any(message.startswith("done again: numba was ") for message in caplog.messages)
    assert not any("are used" in message for message in caplog.messages)


def test_a_larger_grid_uses_the_points_that_it_shares(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run_sweep(tmp_path / "s")
    more = {**VARY, "production.line.rate": sim.Grid("0/day", "60k/day", 7)}
    sim.sweep(SCENARIO, more, runs=20, out=tmp_path / "s", block=5)
    assert "8 of 14 points are there already and are used; 6 are to do" in caplog.messages
    sim.sweep(SCENARIO, more, runs=20, out=tmp_path / "fresh")
    assert table_bytes(tmp_path / "s") == table_bytes(tmp_path / "fresh")
    assert find_problems(tmp_path / "s") == ()


SAMPLED: dict[str, Any] = {**SCENARIO, "draws": "joint.csv"}


@pytest.mark.parametrize("kind", ["of the scenario", "of one of two scenarios", "varied"])
def test_a_changed_table_of_draws_is_the_reason_why_points_are_done_again(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rates = {"production.line.rate": ["1k/day", "2k/day"]}
    cases: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "of the scenario": (SAMPLED, rates),
        "of one of two scenarios": (SCENARIO, {"scenario": {"a": SCENARIO, "b": SAMPLED}, **rates}),
        "varied": (SCENARIO, {"draws": ["joint.csv", "other.csv"], **rates}),
    }
    scenario, vary = cases[kind]
    Path("joint.csv").write_text("depots.d.stock\n1M\n2M\n")
    Path("other.csv").write_text("depots.d.stock\n1M\n3M\n")
    before = sim.sweep(scenario, vary, runs=4, out="s").table
    assert sim.sweep(scenario, vary, runs=4, out="s").table.equals(before)
    assert not any("done again" in message for message in caplog.messages)
    caplog.clear()
    Path("joint.csv").write_text("depots.d.stock\n50M\n60M\n")
    after = sim.sweep(scenario, vary, runs=4, out="s").table
    assert "done again: joint.csv has changed" in caplog.messages
    assert [message for message in caplog.messages if message.startswith("done again")] == [
        "done again: joint.csv has changed"
    ]
    assert after.equals(sim.sweep(scenario, vary, runs=4).table)
    assert not after["closing_stock_mean"].equals(before["closing_stock_mean"])


def test_a_torn_block_and_a_torn_table_are_done_again(
    whole: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    run_sweep(tmp_path / "s", block=2)
    torn = min((tmp_path / "s" / "blocks").iterdir())
    torn.write_bytes(torn.read_bytes()[:-100])
    (tmp_path / "s" / "sweep.parquet").write_bytes(b"")
    left = block_files(tmp_path / "s")
    caplog.clear()
    run_sweep(tmp_path / "s", block=2)
    assert f"warning: {torn} is not whole: its points are done again" in caplog.messages
    assert "6 of 8 points are there already and are used; 2 are to do" in caplog.messages
    assert {name: what for name, what in block_files(tmp_path / "s").items() if name != torn.name} == {
        name: what for name, what in left.items() if name != torn.name
    }
    assert table_bytes(tmp_path / "s") == table_bytes(whole)


def test_a_full_disk_is_one_message_and_keeps_what_is_finished(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.results import storage

    write, room = storage._write, [4]

    def until_full(path: Path, content: Any) -> str:
        room[0] -= 1
        if room[0] < 0:
            path.write_bytes(b"half of i")
            raise OSError(errno.ENOSPC, "no space left")
        return write(path, content)

    monkeypatch.setattr(storage, "_write", until_full)
    with pytest.raises(StorageError, match="the disk is full"):
        run_sweep(tmp_path / "s", block=2, jobs=1)
    monkeypatch.undo()
    kept = block_files(tmp_path / "s")
    assert len(kept) == 3
    run_sweep(tmp_path / "s", block=2, jobs=1)
    assert kept.items() <= block_files(tmp_path / "s").items()
    assert table_bytes(tmp_path / "s") == table_bytes(whole)
    assert find_problems(tmp_path / "s") == ()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_removed_permission_is_one_message(tmp_path: Path) -> None:
    run_sweep(tmp_path / "s")
    (tmp_path / "s").chmod(0o500)
    with pytest.raises(StorageError, match="permission denied"):
        sim.sweep(SCENARIO, VARY, runs=21, out=tmp_path / "s")
    (tmp_path / "s").chmod(0o700)


def test_a_second_sweep_in_one_folder_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from sim.results.directory_lock import lock_directory\n"
        "with lock_directory(Path(sys.argv[1])):\n    print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with (
            pytest.raises(StorageError, match=f"in use by process {other.pid}"),
            lock_directory(tmp_path),
        ):
            pass
        other.kill()
    with lock_directory(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_another_result_in_the_folder_is_left_alone(whole: Path, tmp_path: Path) -> None:
    sim.run(SCENARIO, runs=2, jobs=1).save(tmp_path / "run")
    with pytest.raises(StorageError, match="another kind of result"):
        run_sweep(tmp_path / "run")
    with pytest.raises(StorageError, match="holds a sweep"):
        sim.run(SCENARIO, runs=2, jobs=1).save(whole)
    assert find_problems(whole) == find_problems(tmp_path / "run") == ()


def test_a_point_that_fails_is_a_row_and_fail_fast_ends_there(tmp_path: Path) -> None:
    plain = {**SCENARIO, "depots": {"d": {"stock": "2M", "capacity": "5M"}}}
    vary = {"depots.d.stock": ["1M", "6M", "2M"]}
    found = sim.sweep(plain, vary, runs=3, out=tmp_path / "s").table
    assert found["failed"].tolist() == [0, 3, 0]
    assert "exceeds its capacity" in found["reason"][1]
    with pytest.raises(RunError, match="exceeds its capacity"):
        sim.sweep(plain, vary, runs=3, out=tmp_path / "fast", fail_fast=True, jobs=1, block=1)
    assert len(block_files(tmp_path / "fast")) == 2


def killing(guilty: int, times: Path | None = None) -> Callable[[str, sweep_task.SweepTask], str]:
    """Return a task that kills its worker at one point, always, or as often as there are files."""

    def do(folder: str, task: sweep_task.SweepTask) -> str:
        marks = sorted(times.iterdir()) if times else [None]
        if guilty in task.points and marks:
            if marks[0] is not None:
                marks[0].unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return sweep_task.write_temporary_block(folder, task)

    return do


@pytest.mark.parametrize(
    ("limit", "jobs", "backend"),
    [
        # 8 points of 20 runs of 121 days are 19,360 days.
        (19_360, 2, "threads"),
        (19_359, 2, "processes"),
        (19_360, 1, "this thread"),
        (19_359, 1, "processes"),
    ],
)
def test_a_small_sweep_runs_in_threads_and_a_large_one_in_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, jobs: int, backend: str
) -> None:
    used = []

    def serially(tasks: Any, *_: Any) -> Any:
        used.append("this thread")
        return backends.run_serially(tasks, sweep_task.encode_block)

    def in_pool(tasks: Any, pool: ThreadPool[Any, Any], *_: Any) -> Any:
        used.append("processes" if isinstance(pool, ProcessPool) else "threads")
        pool.close()
        return backends.run_serially(tasks, sweep_task.encode_block)

    monkeypatch.setattr(folders, "run_serially", serially)
    monkeypatch.setattr(folders, "run_in_pool", in_pool)
    monkeypatch.setattr(folders, "SMALL_SWEEP_DAYS", limit)
    run_sweep(tmp_path / "s", jobs=jobs)
    assert used == [backend]


@pytest.mark.parametrize(
    ("backend", "daemonic", "used"),
    [
        # A daemonic process may not start others, but threads.
        ("loky", True, "serial"),
        ("loky", False, "ProcessPool"),
        ("threading", True, "ThreadPool"),
        ("dask", True, "dask"),
    ],
)
def test_a_daemonic_process_starts_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str, daemonic: bool, used: str
) -> None:
    seen: list[str] = []

    def record(name: str, tasks: Any) -> Any:
        seen.append(name)
        return backends.run_serially(tasks, sweep_task.encode_block)

    def in_pool(tasks: Any, pool: ThreadPool[Any, Any], *_: Any) -> Any:
        pool.close()
        return record(type(pool).__name__, tasks)

    monkeypatch.setattr(folders, "is_daemonic", lambda: daemonic)
    monkeypatch.setattr(folders, "run_serially", lambda tasks, *_: record("serial", tasks))
    monkeypatch.setattr(folders, "run_in_pool", in_pool)
    monkeypatch.setattr(folders, "run_on_dask", lambda tasks, *_: record("dask", tasks))
    address = "127.0.0.1:8786" if backend == "dask" else ""
    run_sweep(tmp_path / "s", jobs=2, backend=backend, address=address)
    assert seen == [used]


def test_tasks_for_a_cluster_count_the_threads_of_all_its_workers() -> None:
    class Client:
        """Answers as `distributed.Client`: five workers, unless all are wanted."""

        def scheduler_info(self, n_workers: int = 5) -> dict[str, Any]:
            workers = [(f"tcp://10.0.0.{place}", {"nthreads": place}) for place in range(1, 8)]
            return {"workers": dict(workers if n_workers == -1 else workers[:n_workers])}

    scheduler = backends._DaskScheduler(Client(), lambda task: task, lambda task: (task, task))
    assert scheduler._threads() == [1, 2, 3, 4, 5, 6, 7]


def test_a_cluster_without_workers_gets_the_tasks_of_one_thread() -> None:
    class Client:
        """Answers as `distributed.Client` before any worker has joined."""

        def __init__(self, submitted: list[object]) -> None:
            self.submitted = submitted

        def scheduler_info(self, n_workers: int = 5) -> dict[str, Any]:
            return {"workers": {}}

        def submit(self, work: Any, task: Any, *, pure: bool) -> object:
            self.submitted.append(task)
            return object()

    submitted: list[object] = []
    scheduler = backends._DaskScheduler(Client(submitted), lambda task: task, lambda task: (task, task))
    waiting: Iterator[Any] = iter(range(100))
    scheduler._submit(deque(), waiting)
    assert submitted == [0, 1]
    assert next(waiting) == 2


def test_a_killed_worker_holds_nothing_up(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "once").mkdir()
    (tmp_path / "once" / "mark").touch()
    monkeypatch.setattr(folders, "write_temporary_block", killing(3, tmp_path / "once"))
    run_sweep(tmp_path / "s", backend="loky", jobs=2, block=2)
    assert table_bytes(tmp_path / "s") == table_bytes(whole)
    assert find_problems(tmp_path / "s") == ()


@pytest.mark.slow
def test_a_point_that_always_kills_is_a_row_and_the_rest_completes(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "write_temporary_block", killing(5))
    found = run_sweep(tmp_path / "s", backend="loky", jobs=2, block=2).table
    assert found["failed"].tolist() == [20 if point == 5 else 0 for point in range(POINTS)]
    assert found["reason"][5] == "its worker was killed three times"
    others = found["point"] != 5
    assert found[others].equals(sim.read_sweep(whole).table[others])
    monkeypatch.undo()
    # It may have been the machine: the same command tries that point again, and no other.
    kept = block_files(tmp_path / "s")
    run_sweep(tmp_path / "s", jobs=1, block=2)
    assert len(kept.items() & block_files(tmp_path / "s").items()) == len(kept) - 1
    assert table_bytes(tmp_path / "s") == table_bytes(whole)


def test_an_interrupt_says_what_is_kept(whole: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    text = "interrupted: 1 new block is kept in .*; the same command goes on from there"
    with pytest.raises(Interrupted, match=text):
        run_sweep(tmp_path / "s", jobs=1, block=2, progress=stop)
    run_sweep(tmp_path / "s", jobs=1, block=2)
    assert table_bytes(tmp_path / "s") == table_bytes(whole)


def test_nothing_but_the_log_knows_where_and_when(whole: Path, tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(json.dumps(SCENARIO))
    twins = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        sim.sweep(str(tmp_path / "s.yaml"), VARY, runs=20, out=tmp_path / name / "s")
        files = (tmp_path / name / "s").rglob("*")
        twins.append(
            {path.name: path.read_bytes() for path in files if path.is_file() and path.name[0] != "."}
        )
    assert twins[0] == twins[1]
    assert not [name for name, data in twins[0].items() if str(tmp_path).encode() in data]


def test_a_chart_of_an_earlier_sweep_goes_with_it(whole: Path, tmp_path: Path) -> None:
    """A chart that `sim chart` adds shows the sweep that was there; it would contradict a new one."""
    folder = shutil.copytree(whole, tmp_path / "sweep")
    add_charts(folder, {"heatmap.png": b"earlier"})
    (folder / "own.png").write_bytes(b"of the user")
    sim.sweep(SCENARIO, {"consumption.front.rate": ["50k/day", "90k/day"]}, runs=20, out=folder, jobs=1)
    assert not (folder / "heatmap.png").exists()
    assert (folder / "own.png").read_bytes() == b"of the user"
    assert find_problems(folder) == (f"{folder / 'own.png'} is not of this result",)
