"""Run or resume a sweep in a folder: reuse stored points, evaluate missing ones, write files atomically."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import Interrupted, RunError, StorageError, format_count
from sim.results.directory_lock import lock_directory
from sim.results.json_text import json_bytes, parse_json
from sim.results.provenance import BLOCKS_KEY, CHARTS_KEY, LOG, MANIFEST, VERB_KEY, log_text
from sim.results.reader import SUMMARY_FILE
from sim.results.storage import (
    check_target,
    safe_name,
    seal_log,
    seal_manifest,
    storage_errors,
    write_file,
)
from sim.simulate import Progress
from sim.source_digest import source_digest
from sim.study.backends import run_in_pool, run_on_dask, run_serially, run_with_joblib
from sim.study.block_store import BlockStore, StoredPoints
from sim.study.point_space import point_ranges
from sim.study.study_definition import SWEEP_VERB, FailureCount, Study
from sim.study.sweep_breakeven import NEEDED, solve_sweep, solved_paths
from sim.study.sweep_result import MAX_CSV_POINTS, read_parquet, text_tables
from sim.study.sweep_table import TABLE, write_table
from sim.study.sweep_task import KILLED_REASON, SweepTask, encode_block, killed_block, write_temporary_block
from sim.worker_pool import ProcessPool, ThreadPool, core_count, is_daemonic

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Points whose keys are looked up together.
_POINTS_PER_READ = 10_000
#: Runs of a block by default: a few tenths of a second of work.
RUNS_PER_BLOCK = 25_000
MAX_POINTS_PER_BLOCK = 400
#: Simulated days (points x runs x days) below which processes do not pay: a second or two of work.
SMALL_SWEEP_DAYS = 100_000_000
ReportMessage = Callable[[str], None]


@dataclass(frozen=True)
class ExecutionOptions:
    """How a sweep is executed; results do not depend on it."""

    #: ``auto``, ``here``, ``threading``, ``loky`` (local processes), ``dask``, or a joblib backend.
    backend: str = "auto"
    #: Address of the dask scheduler.
    address: str = ""
    #: Number of workers; by default all cores.
    jobs: int | None = None
    #: Points per block.
    block: int | None = None
    #: Whether the first failed run ends the sweep.
    fail_fast: bool = False
    #: Whether to solve for the break-even values of a grid over one or two numbers.
    solve: bool = True
    #: Command line, for the log.
    command: Sequence[str] = ()


class SweepStatus(NamedTuple):
    """Counts of a finished sweep."""

    #: Total number of points.
    points: int
    #: Points found in the folder.
    reused: int
    failed_points: int
    failed_runs: int
    #: Reason of the first failed point.
    first_reason: str


def run_sweep(
    study: Study,
    folder: Path,
    options: ExecutionOptions,
    report: ReportMessage,
    progress: Progress | None = None,
) -> SweepStatus:
    """Run a sweep in a folder, resuming from stored blocks.

    Raise `StorageError` if the folder holds something else, is in use, or cannot be written; `RunError` if a
    run fails under `fail_fast`, or workers have other versions or disconnect; `Interrupted` if the user
    interrupts the sweep; finished blocks are kept.
    """
    check_sweep_target(folder)
    begun = dt.datetime.now(dt.UTC)
    with storage_errors(f"cannot write {folder}"):
        folder.mkdir(parents=True, exist_ok=True)
    with lock_directory(folder):
        return _SweepRunner(study, folder, options, report, begun).run(progress)


def check_sweep_target(folder: Path) -> None:
    """Raise `StorageError` if the folder cannot be written or holds another kind of result."""
    found = _read_manifest_or_empty(folder)
    if BLOCKS_KEY not in found:
        check_target(folder)
        if found and found.get(VERB_KEY) != SWEEP_VERB:
            raise StorageError(f"{folder} holds another kind of result; choose a new or empty folder")
    elif not os.access(folder, os.W_OK):
        raise StorageError(f"cannot write {folder}: permission denied")


def _read_manifest_or_empty(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, finished or not; empty if none can be read."""
    try:
        return parse_json((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}


@dataclass
class _SweepRunner:
    """Runs one sweep in its folder."""

    study: Study
    folder: Path
    options: ExecutionOptions
    report: ReportMessage
    begun: dt.datetime

    def __post_init__(self) -> None:
        self.store = BlockStore(self.folder)
        self.missing = np.ones(len(self.study.space), dtype=bool)

    def run(self, progress: Progress | None) -> SweepStatus:
        earlier = _read_manifest_or_empty(self.folder)
        self._begin(earlier)
        reused = len(self.missing) - int(self.missing.sum())
        self._report_reuse(earlier, reused)
        blocks = len(self.store.names)
        try:
            with closing(self._finished()) as finished:
                self._store_blocks(finished, progress)
            return self._finish(reused)
        except (KeyboardInterrupt, Interrupted):
            new = self.store.on_disk() - blocks
            kept = f"{new} new block{' is' if new == 1 else 's are'} kept"
            raise Interrupted(
                f"interrupted: {kept} in {self.folder}; the same command goes on from there"
            ) from None

    def _begin(self, earlier: dict[str, Any]) -> None:
        """Mark the folder as an unfinished sweep, remove earlier charts, and find the missing points."""
        for name in earlier.get(CHARTS_KEY, {}):
            if safe_name(name) == name:
                (self.folder / name).unlink(missing_ok=True)
        for name in earlier.get("files", {}) if BLOCKS_KEY not in earlier else ():
            (self.folder / name).unlink(missing_ok=True)
        unfinished = self.study.manifest({}, blocks=[], unfinished=True)
        write_file(self.folder, MANIFEST, seal_manifest(json_bytes(unfinished)))
        self.store.open()
        found = self.store.index()
        for points in point_ranges(self.study.space, _POINTS_PER_READ) if len(found.keys) else ():
            self.missing[points.start : points.stop] = found.locate(self.study.identity.keys(points)) < 0

    def _report_reuse(self, earlier: dict[str, Any], reused: int) -> None:
        total = len(self.missing)
        for name in self.store.damaged:
            self.report(f"warning: {self.store.path / name} is not whole: its points are done again")
        if reused:
            left = total - reused
            rest = f"; {left:,} {'is' if left == 1 else 'are'} to do" if left else ""
            verb = "is" if reused == 1 else "are"
            self.report(
                f"{reused:,} of {format_count(total, 'point')} {verb} there already and {verb} used{rest}"
            )
        former, paths = earlier.get("sweep", {}).get("paths"), list(self.study.space.paths)
        if former and former != paths:
            old, new = ", ".join(former), ", ".join(paths)
            self.report(f"the former sweep of {old} in {self.folder} is replaced by one of {new}")
        if reused < total and BLOCKS_KEY in earlier:
            for reason in reuse_obstacles(earlier, self.study):
                self.report(f"done again: {reason}")

    def _finished(self) -> Generator[tuple[SweepTask, bytes | str | None], None, None]:
        """Yield tasks with their blocks (bytes, or the name of a part file), in any order."""
        options, tasks = self.options, self._tasks()
        if not self.missing.any():
            return
        jobs = options.jobs or core_count()
        backend = self._backend()
        if backend == "here" or (backend == "loky" and is_daemonic()):
            yield from run_serially(tasks, encode_block)
        elif backend == "threading":
            yield from run_in_pool(tasks, ThreadPool(encode_block, jobs), self._split, jobs)
        elif backend == "loky":
            writer = partial(write_temporary_block, str(self.store.path.resolve()))
            yield from run_in_pool(tasks, ProcessPool(writer, jobs), self._split, jobs)
        elif backend == "dask":
            yield from run_on_dask(tasks, encode_block, self._split, options.address)
        else:
            yield from run_with_joblib(tasks, encode_block, backend, jobs)

    def _split(self, task: SweepTask) -> tuple[SweepTask, SweepTask]:
        middle = len(task.points) // 2
        return self.study.task(task.points[:middle]), self.study.task(task.points[middle:])

    def _backend(self) -> str:
        if self.options.backend != "auto":
            return self.options.backend
        days = int(self.missing.sum()) * self.study.runs * self.study.space.scenarios[0].scenario.days
        if days > SMALL_SWEEP_DAYS:
            return "loky"
        return "here" if self.options.jobs == 1 else "threading"

    def _tasks(self) -> Iterator[SweepTask]:
        """Yield tasks for the missing points; block boundaries do not depend on which are stored."""
        size = self.options.block or max(1, min(MAX_POINTS_PER_BLOCK, RUNS_PER_BLOCK // self.study.runs))
        for points in point_ranges(self.study.space, size):
            left = tuple((np.flatnonzero(self.missing[points.start : points.stop]) + points.start).tolist())
            if left:
                yield self.study.task(left)

    def _store_blocks(
        self, finished: Iterator[tuple[SweepTask, bytes | str | None]], progress: Progress | None
    ) -> None:
        done, total, runs = 0, int(self.missing.sum()), self.study.runs
        if progress is not None and total:
            progress(0, total * runs)
        for task, block in finished:
            if block is None:
                block = killed_block(task)
                self.report(f"warning: point {task.points[0]} failed: {KILLED_REASON}")
            reason = self.store.adopt(block) if isinstance(block, str) else self.store.add(block)
            if reason and self.options.fail_fast:
                raise RunError(f"{reason} (finished blocks are kept)")
            done += len(task.points)
            if progress is not None:
                progress(done * runs, total * runs)

    def _finish(self, reused: int) -> SweepStatus:
        study, found = self.study, self.store.index(killed=True)
        used: set[int] = set()
        failures = FailureCount()
        chunks = self._chunks(found, used, failures)
        first = next(chunks)
        digests = {TABLE: write_file(self.folder, TABLE, lambda: write_table(study, chain([first], chunks)))}
        summary = study.summary(failures)
        texts = {**study.texts, **self._text_tables(), SUMMARY_FILE: json_bytes(summary)}
        for name, data in texts.items():
            digests[name] = write_file(self.folder, name, data)
        kept = self.store.prune(used)
        finished = dt.datetime.now(dt.UTC)
        if self.options.command:
            log = log_text(self.options.command, self.begun, finished).encode("utf-8", "backslashreplace")
            write_file(self.folder, LOG, seal_log(log))
        else:
            (self.folder / LOG).unlink(missing_ok=True)
        manifest = json_bytes(study.manifest(digests, blocks=kept))
        write_file(self.folder, MANIFEST, seal_manifest(manifest, logged=bool(self.options.command)))
        return SweepStatus(len(study.space), reused, failures.points, failures.runs, failures.reason)

    def _text_tables(self) -> dict[str, bytes]:
        """Return the table as CSV, and the break-even values, from the Parquet file just written."""
        is_solved = self.options.solve and bool(solved_paths(self.study))
        if len(self.study.space) > MAX_CSV_POINTS and not is_solved:
            return {}
        columns = None if len(self.study.space) <= MAX_CSV_POINTS else [*self.study.space.paths, *NEEDED]
        table = read_parquet((self.folder / TABLE).read_bytes(), columns)
        solved = solve_sweep(self.study, table, self.options.jobs) if is_solved else None
        return text_tables(self.study, table, solved)

    def _chunks(
        self, found: StoredPoints, used: set[int], failures: FailureCount
    ) -> Iterator[tuple[range, Any]]:
        spans = list(point_ranges(self.study.space, _POINTS_PER_READ))
        keys = (self.study.identity.keys(span) for span in spans)
        for span, table in zip(spans, self.store.tables(found, keys, used), strict=True):
            failures.count(table)
            yield span, table


def reuse_obstacles(earlier: dict[str, Any], study: Study) -> Iterable[str]:
    """Yield the differences from an earlier sweep in the folder that prevent reuse of its points."""
    now = study.manifest({})
    for key, what in (("seed", "the seed"), ("runs", "the number of runs")):
        if earlier.get(key) != now[key]:
            yield f"{what} was {earlier.get(key)} and is {now[key]}"
    if earlier.get("scenario", {}).get("digest") != now["scenario"]["digest"]:
        yield "the scenario is another"
    then, tables = earlier.get("inputs", {}), study.draws
    yield from (
        f"{name} has changed" for name in sorted(tables) if then.get(name, "") not in ("", tables[name])
    )
    before, after = earlier.get("versions", {}), now["versions"]
    for name in sorted({*before, *after} - {"pandas", "simpy"}):
        if before.get(name) != after.get(name):
            yield f"{name} was {before.get(name, 'not there')} and is {after.get(name, 'not there')}"
    if earlier.get("code") != source_digest():
        yield "the code of the model is another"
