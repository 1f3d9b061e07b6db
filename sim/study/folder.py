"""A sweep in its folder: what is there is used, what is missing is worked out, and every file is whole."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.errors import Interrupted, RunError, StorageError, counted
from sim.results.jsontext import json_bytes, json_data
from sim.results.provenance import BLOCKS, LOG, MANIFEST, log_text
from sim.results.saved import SUMMARY
from sim.results.storage import check_target, reason_of, sealed, sealed_log, write_file
from sim.simulate import Progress
from sim.source_digest import source_digest
from sim.study import lock
from sim.study.space import everything
from sim.study.store import Found, Store
from sim.study.study import Study, Tally
from sim.study.tabling import TABLE, write_table
from sim.study.work import KILLED, Task, killed_bytes, packed, put
from sim.study.workers import by_joblib, cluster, halves_of, here, processes, threads
from sim.worker_pool import core_count, is_daemonic

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Points whose keys are looked at together.
_TOGETHER = 10_000
#: Runs of a block, unless it is told how many points it has: some tenths of a second of work.
BLOCK_RUNS = 25_000
MOST_OF_A_BLOCK = 400
#: Days of all runs together that are not worth a pool of processes: a second or two of work.
SMALL = 100_000_000
Say = Callable[[str], None]


@dataclass(frozen=True)
class Manner:
    """How a sweep is carried out; none of it changes a figure.

    Attributes
    ----------
    backend : str
        ``auto``, ``here``, ``threading``, ``loky`` (processes here), ``dask``, or one that joblib knows.
    address : str
        Of the dask scheduler.
    jobs : int or None
        Workers; all cores.
    block : int or None
        Points of a block.
    fail_fast : bool
        Whether the first point of which a run failed ends the sweep.
    command : sequence of str
        For the log.
    """

    backend: str = "auto"
    address: str = ""
    jobs: int | None = None
    block: int | None = None
    fail_fast: bool = False
    command: Sequence[str] = ()


class Outcome(NamedTuple):
    """What a sweep came to.

    Attributes
    ----------
    points : int
        All of them.
    reused : int
        Those that were there before.
    failed_points, failed_runs : int
    first_reason : str
        Why a run failed, of the first such point.
    """

    points: int
    reused: int
    failed_points: int
    failed_runs: int
    first_reason: str


def carry_out(
    study: Study, folder: Path, manner: Manner, say: Say, progress: Progress | None = None
) -> Outcome:
    """Carry a sweep out in its folder, going on with what is there.

    Raises
    ------
    StorageError
        The folder holds something else or is in use, or the disk refuses.
    RunError
        Of `fail_fast`; or workers that have other versions, or have gone.
    Interrupted
        The user stopped the work; finished blocks are kept.
    """
    check_target_of_sweep(folder)
    begun = dt.datetime.now(dt.UTC)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot write {folder}: {reason_of(error)}") from error
    with lock.held(folder):
        return _Sweeping(study, folder, manner, say, begun).all(progress)


def check_target_of_sweep(folder: Path) -> None:
    """Raise `StorageError` where a sweep cannot be written, or the folder holds another kind of result."""
    found = _manifest_of(folder)
    if BLOCKS not in found:
        check_target(folder)
        if found and "sweep" not in found:
            raise StorageError(f"{folder} holds another kind of result; choose a new or empty folder")
    elif not os.access(folder, os.W_OK):
        raise StorageError(f"cannot write {folder}: permission denied")


def _manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder, whole or not; empty where there is none that can be read."""
    try:
        return json_data((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}


class _Sweeping:
    """One sweep under way."""

    def __init__(self, study: Study, folder: Path, manner: Manner, say: Say, begun: dt.datetime) -> None:
        self.study = study
        self.folder = folder
        self.manner = manner
        self.say = say
        self.begun = begun
        self.store = Store(folder)
        self.missing = np.ones(len(study.space), dtype=bool)

    def all(self, progress: Progress | None) -> Outcome:
        earlier = _manifest_of(self.folder)
        self._begin(earlier)
        reused = len(self.missing) - int(self.missing.sum())
        self._tell(earlier, reused)
        blocks = len(self.store.names)
        try:
            with closing(self._finished()) as finished:
                self._take(finished, progress)
            return self._finish(reused)
        except (KeyboardInterrupt, Interrupted):
            new = self.store.on_disk() - blocks
            kept = f"{new} new block{' is' if new == 1 else 's are'} kept"
            raise Interrupted(
                f"interrupted: {kept} in {self.folder}; the same command goes on from there"
            ) from None

    def _begin(self, earlier: dict[str, Any]) -> None:
        """Say that the folder is a sweep that is not finished, and look for what is there."""
        for name in earlier.get("files", {}) if BLOCKS not in earlier else ():
            (self.folder / name).unlink(missing_ok=True)
        unfinished = self.study.manifest({}, blocks=[], unfinished=True)
        write_file(self.folder, MANIFEST, sealed(json_bytes(unfinished)))
        self.store.open()
        found = self.store.found()
        for points in everything(self.study.space, _TOGETHER) if len(found.keys) else ():
            self.missing[points.start : points.stop] = found.places(self.study.identity.keys(points)) < 0

    def _tell(self, earlier: dict[str, Any], reused: int) -> None:
        total = len(self.missing)
        for name in self.store.torn:
            self.say(f"warning: {self.store.path / name} is not whole: its points are done again")
        if reused:
            left = total - reused
            rest = f"; {left:,} {'is' if left == 1 else 'are'} to do" if left else ""
            verb = "is" if reused == 1 else "are"
            self.say(f"{reused:,} of {counted(total, 'point')} {verb} there already and {verb} used{rest}")
        if reused < total and BLOCKS in earlier:
            for reason in changed(earlier, self.study):
                self.say(f"done again: {reason}")

    def _finished(self) -> Generator[tuple[Task, bytes | str | None], None, None]:
        """Yield what the workers bring, in any order."""
        manner, tasks = self.manner, self._tasks()
        if not self.missing.any():
            return
        jobs = manner.jobs or core_count()
        backend = self._backend()
        again = halves_of(self.study.task)
        if backend == "here" or (backend == "loky" and is_daemonic()):
            yield from here(tasks, packed)
        elif backend == "threading":
            yield from threads(tasks, packed, jobs)
        elif backend == "loky":
            yield from processes(tasks, _Put(str(self.store.path.resolve())), again, jobs)
        elif backend == "dask":
            yield from cluster(tasks, packed, again, manner.address)
        else:
            yield from by_joblib(tasks, packed, backend, jobs)

    def _backend(self) -> str:
        if self.manner.backend != "auto":
            return self.manner.backend
        days = int(self.missing.sum()) * self.study.runs * self.study.space.worlds[0].scenario.days
        return "threading" if days <= SMALL and self.manner.jobs != 1 else "here" if days <= SMALL else "loky"

    def _tasks(self) -> Iterator[Task]:
        """Yield what is to do; a block is cut at the same points whatever was there before."""
        size = self.manner.block or max(1, min(MOST_OF_A_BLOCK, BLOCK_RUNS // self.study.runs))
        for points in everything(self.study.space, size):
            left = tuple((np.flatnonzero(self.missing[points.start : points.stop]) + points.start).tolist())
            if left:
                yield self.study.task(left)

    def _take(self, finished: Iterator[tuple[Task, bytes | str | None]], progress: Progress | None) -> None:
        done, total, runs = 0, int(self.missing.sum()), self.study.runs
        if progress is not None and total:
            progress(0, total * runs)
        for task, brought in finished:
            if brought is None:
                brought = killed_bytes(task)
                self.say(f"warning: point {task.points[0]} failed: {KILLED}")
            reason = self.store.adopt(brought) if isinstance(brought, str) else self.store.add(brought)
            if reason and self.manner.fail_fast:
                raise RunError(f"{reason} (finished blocks are kept)")
            done += len(task.points)
            if progress is not None:
                progress(done * runs, total * runs)

    def _finish(self, reused: int) -> Outcome:
        study, found = self.study, self.store.found(killed=True)
        used: set[int] = set()
        tally = Tally()
        chunks = self._chunks(found, used, tally)
        first = next(chunks)
        digests = {TABLE: write_file(self.folder, TABLE, lambda: write_table(study, chain([first], chunks)))}
        summary = study.summary(tally)
        for name, data in {**study.texts, SUMMARY: json_bytes(summary)}.items():
            digests[name] = write_file(self.folder, name, data)
        kept = self.store.keep(used)
        finished = dt.datetime.now(dt.UTC)
        if self.manner.command:
            log = log_text(self.manner.command, self.begun, finished).encode("utf-8", "backslashreplace")
            write_file(self.folder, LOG, sealed_log(log))
        else:
            (self.folder / LOG).unlink(missing_ok=True)
        told = study.manifest(digests, blocks=kept)
        write_file(self.folder, MANIFEST, sealed(json_bytes(told), logged=bool(self.manner.command)))
        return Outcome(len(study.space), reused, tally.points, tally.runs, tally.reason)

    def _chunks(self, found: Found, used: set[int], tally: Tally) -> Iterator[tuple[range, Any]]:
        spans = list(everything(self.study.space, _TOGETHER))
        keys = (self.study.identity.keys(span) for span in spans)
        for span, table in zip(spans, self.store.tables(found, keys, used), strict=True):
            tally.count(table)
            yield span, table


class _Put:
    """Writes a finished block beside the others; can be sent to a process."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, task: Task) -> str:
        return put(self.folder, task)


def changed(earlier: dict[str, Any], study: Study) -> Iterable[str]:
    """Yield why points of an earlier sweep in the folder are not used, as far as its manifest tells."""
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
    if earlier.get("sweep", {}).get("paths") != now["sweep"]["paths"]:
        yield "other paths vary"
