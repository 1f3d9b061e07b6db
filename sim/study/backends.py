"""Backends of a sweep: serial, threads, processes, a dask cluster, or joblib.

Each backend yields (task, result) pairs in any order; the result is None if the task kills every worker.
A backend holds only a few tasks at a time, so memory does not grow with the number of points.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from sim.errors import ArgumentError, Fault, RunError
from sim.study.sweep_task import SweepTask
from sim.worker_pool import ThreadPool, WorkerKilledError

T = TypeVar("T")
#: A task and its result; None if the task kills its workers.
Finished = tuple[SweepTask, T | None]
SplitTask = Callable[[SweepTask], tuple[SweepTask, SweepTask]]
#: A point fails after this many killed workers; every retry runs alone.
MAX_CRASHES = 3
#: Largest number of submitted tasks for each worker.
TASKS_PER_WORKER = 2
#: Seconds to wait for a worker of the cluster.
WORKER_WAIT_SECONDS = 60.0


def run_serially(tasks: Iterable[SweepTask], work: Callable[[SweepTask], T]) -> Iterator[Finished[T]]:
    """Run the tasks one by one in this process."""
    for task in tasks:
        yield task, work(task)


def run_in_pool(
    tasks: Iterable[SweepTask], pool: ThreadPool[SweepTask, T], split: SplitTask, jobs: int
) -> Generator[Finished[T], None, None]:
    """Run the tasks in a pool of threads or processes, and close it.

    If a worker process is killed, its task runs again alone. It is bisected until the point that kills the
    worker is isolated; no other task is repeated.

    Raise an error of the tasks as it is, and `RunError` if no worker process can start.
    """
    queued = iter(tasks)
    retries: deque[tuple[SweepTask, int]] = deque()
    running: dict[Future[T], tuple[SweepTask, int]] = {}
    with closing(pool):
        while True:
            if not retries:
                for task in islice(queued, TASKS_PER_WORKER * jobs - len(running)):
                    running[pool.submit(task)] = task, 0
            elif not running:
                task, kills = retries.popleft()
                running[pool.submit(task)] = task, kills
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                task, kills = running.pop(future)
                try:
                    found = future.result()
                except WorkerKilledError:
                    left = _left_to_try(task, kills + 1, split)
                    retries.extendleft(reversed(left))
                    if not left:
                        yield task, None
                else:
                    yield task, found


def _left_to_try(task: SweepTask, kills: int, split: SplitTask) -> list[tuple[SweepTask, int]]:
    if len(task.points) > 1:
        return [(half, 0) for half in split(task)]
    return [(task, kills)] if kills < MAX_CRASHES else []


def run_on_dask(
    tasks: Iterable[SweepTask], work: Callable[[SweepTask], T], split: SplitTask, address: str
) -> Generator[Finished[T], None, None]:
    """Run the tasks on an existing dask cluster.

    Raise `RunError` if the scheduler does not answer or disconnects, or there is no worker for a minute.
    """
    try:
        import distributed
    except ImportError:
        message = "dask is not installed; pip install 'munitions-sim[dask]' brings it"
        raise ArgumentError([Fault(message)]) from None
    dask: Any = distributed  # untyped package
    try:
        client = dask.Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RunError(f"no dask scheduler answers at {address}: {type(error).__name__}") from None
    with client:
        yield from _DaskScheduler(client, work, split).run(iter(tasks))


@dataclass
class _DaskScheduler:
    """Submits tasks to a dask client, a few at a time."""

    client: Any
    work: Callable[[SweepTask], Any]
    split: SplitTask
    running: dict[Any, SweepTask] = field(default_factory=dict)

    def run(self, queued: Iterator[SweepTask]) -> Iterator[Finished[Any]]:
        retries: deque[SweepTask] = deque()
        try:
            while True:
                self._submit(retries, queued)
                if not self.running:
                    return
                for future in self._wait_for_any():
                    yield from self._result_of(future, self.running.pop(future), retries)
        finally:
            self.client.cancel(list(self.running), force=True)

    def _submit(self, retries: deque[SweepTask], queued: Iterator[SweepTask]) -> None:
        threads = sum(self._threads()) or 1
        while len(self.running) < TASKS_PER_WORKER * threads:
            task = retries.popleft() if retries else next(queued, None)
            if task is None:
                return
            self.running[self.client.submit(self.work, task, pure=False)] = task

    def _threads(self) -> list[int]:
        return [worker["nthreads"] for worker in self.client.scheduler_info(n_workers=-1)["workers"].values()]

    def _wait_for_any(self) -> list[Any]:
        """Return the finished futures; raise `RunError` if the scheduler or all workers are lost."""
        import distributed

        dask: Any = distributed
        idle = 0.0
        while True:
            try:
                with self.client.as_current():
                    through = dask.wait(list(self.running), timeout=1, return_when="FIRST_COMPLETED")
                return list(through.done)
            except TimeoutError:
                gone = self.client.status != "running"
                idle = idle + 1.0 if gone or not self._threads() else 0.0
                if idle >= WORKER_WAIT_SECONDS or (gone and idle > 10):
                    what = "the dask scheduler has gone" if gone else "the dask cluster has no worker"
                    raise RunError(f"{what}; finished blocks are kept") from None

    def _result_of(self, future: Any, task: SweepTask, retries: deque[SweepTask]) -> Iterator[Finished[Any]]:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        try:
            yield task, future.result()
        except KilledWorker:
            # Raised after the task has killed several workers.
            if len(task.points) > 1:
                retries.extend(self.split(task))
            else:
                yield task, None
        except CancelledError:
            raise RunError("the dask scheduler has gone; finished blocks are kept") from None


def run_with_joblib(
    tasks: Iterable[SweepTask], work: Callable[[SweepTask], T], backend: str, jobs: int
) -> Iterator[Finished[T]]:
    """Run the tasks on a joblib backend, such as ray.

    Raise `ArgumentError` if the backend is not registered with joblib.
    """
    from joblib import Parallel, delayed, parallel_config

    if backend == "multiprocessing":
        problem = "multiprocessing would wait for ever for a worker that was killed"
        raise ArgumentError(
            [Fault(problem, allowed="loky, threading, dask, or a backend registered with joblib")]
        )
    queued = iter(tasks)
    try:
        with parallel_config(backend=backend, n_jobs=jobs):
            while batch := list(islice(queued, 2 * TASKS_PER_WORKER * jobs)):
                found = Parallel(batch_size=1)(delayed(work)(task) for task in batch)
                yield from zip(batch, found, strict=True)
    except ValueError as error:
        if "backend" not in str(error).lower():
            raise
        raise ArgumentError(
            [Fault(f"joblib knows no backend {backend!r}", allowed="loky, threading, dask")]
        ) from None
