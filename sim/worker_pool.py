"""Pools of workers that apply one function: daemon threads of this process, or processes with a pipe each.

Neither needs a semaphore, shared memory or an outside program, so both work in slim containers and in
functions as a service. A process that is killed breaks its own pipe alone: its task is known, and the
other processes go on.
"""

from __future__ import annotations

import contextlib
import os
import signal
import site
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Generic, TypeVar, cast

from sim.errors import RunError, escape_control_characters
from sim.worker_main import ended_by, receive, send, skip_to_beginning, unpickle

A = TypeVar("A")
T = TypeVar("T")
_WORK = "from sim.worker_main import main; main()"


class WorkerKilledError(Exception):
    """A worker process ended during a task."""


class WorkerTraceback(Exception):  # noqa: N818 - it explains an error and is none
    """Traceback of an error in a worker process, as text: the cause of the error here."""


class _StartError(Exception):
    """A worker process did not start; its text is the reason."""


def core_count() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_daemonic() -> bool:
    """Return whether this is a daemonic process of multiprocessing: it must have no processes of its own."""
    from multiprocessing.process import current_process

    return current_process().daemon


class ThreadPool(Generic[A, T]):
    """Daemon threads that apply one function; nobody waits for a task under way at the end.

    The threads of `concurrent.futures` would keep an interrupted process until their tasks end; those of
    `multiprocessing.pool` need a semaphore.

    Parameters
    ----------
    work : callable
    jobs : int
        Largest number of threads; each starts with a task.
    """

    def __init__(self, work: Callable[[A], T], jobs: int) -> None:
        self._work = work
        self._jobs = jobs
        self._tasks: SimpleQueue[tuple[Future[T], A] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._is_closed = False

    def submit(self, what: A) -> Future[T]:
        """Return the future of the function applied to `what`.

        Raises
        ------
        RunError
            The system lets this process start no thread at all.
        """
        future: Future[T] = Future()
        self._tasks.put((future, what))
        if len(self._threads) < self._jobs:
            thread = threading.Thread(target=self._serve, daemon=True, name="sim-worker")
            try:
                thread.start()
            except RuntimeError as error:
                # Those that are there do its share.
                if not self._threads:
                    raise RunError(f"no thread can start: {error}") from None
            else:
                self._threads.append(thread)
        return future

    def close(self) -> None:
        """Let every thread end after its task; tasks that wait are dropped."""
        self._is_closed = True
        for _ in self._threads:
            self._tasks.put(None)

    def _next(self) -> tuple[Future[T], A] | None:
        task = self._tasks.get()
        return None if self._is_closed else task

    def _serve(self) -> None:
        while task := self._next():
            _settle(task[0], self._work, task[1])
            # A result lives no longer than its reader needs it, though this thread waits.
            del task


class ProcessPool(ThreadPool[A, T]):
    """Processes that apply one function; each has a thread here that writes its tasks and reads its results.

    A process ends when this one does, however this one ends, and never receives the keyboard's interrupt
    or a request to end that is sent to the whole process group: this process ends it. A process that is
    killed is replaced.

    Parameters
    ----------
    work : callable
        Travels to each process once, by cloudpickle.
    jobs : int
        Largest number of processes; each starts with a task.

    Raises
    ------
    pickle.PicklingError, TypeError, AttributeError
        `work` cannot be pickled.
    """

    def __init__(self, work: Callable[[A], T], jobs: int) -> None:
        from cloudpickle import dumps

        super().__init__(work, jobs)
        self._payload: bytes = dumps(work)
        self._lock = threading.Lock()
        self._processes: set[_Process] = set()
        self._retired = 0
        self._refusal = ""

    def submit(self, what: A) -> Future[T]:
        """Return the future of the function applied to `what`.

        The future raises `WorkerKilledError` where the process ended during the task, and `RunError` where
        no process could be started.
        """
        with self._lock:
            if self._refusal:
                future: Future[T] = Future()
                future.set_exception(RunError(self._refusal))
                return future
            return super().submit(what)

    def close(self) -> None:
        """Kill every process, whatever its task, and wait until all have ended."""
        super().close()
        with self._lock:
            for process in self._processes:
                process.kill()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        process: _Process | None = None
        try:
            while task := self._next():
                if process is None:
                    try:
                        process = self._start()
                    except _StartError as error:
                        self._retire(task, str(error))
                        return
                _settle(task[0], process.call, task[1])
                del task
                if process.has_ended:
                    self._end(process)
                    process = None
        finally:
            if process is not None:
                self._end(process)

    def _start(self) -> _Process:
        process = _Process()
        with self._lock:
            self._processes.add(process)
            if self._is_closed:
                process.kill()
        try:
            process.prepare(self._payload)
        except _StartError:
            self._end(process)
            raise
        return process

    def _end(self, process: _Process) -> None:
        process.kill()
        process.reap()
        with self._lock:
            self._processes.discard(process)

    def _retire(self, task: tuple[Future[T], A], reason: str) -> None:
        """Leave a task to the other threads; the last thread refuses all tasks."""
        with self._lock:
            self._retired += 1
            self._tasks.put(task)
            if self._retired < len(self._threads):
                return
            self._refusal = f"no worker process can start: {reason}; one job needs none"
            while not self._tasks.empty():
                waiting = self._tasks.get()
                if waiting is not None:
                    waiting[0].set_exception(RunError(self._refusal))


def _settle(future: Future[T], work: Callable[[A], T], what: A) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work(what)
    except BaseException as error:  # noqa: BLE001 - the future raises it in the thread that waits for it
        future.set_exception(error)
    else:
        future.set_result(result)


class _Process:
    """A worker process and the two pipes to it."""

    def __init__(self) -> None:
        self.has_ended = False
        flags: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        try:
            with signals_blocked():
                self._popen = subprocess.Popen(  # noqa: S603 - this Python, and words of our own
                    python_command(_WORK), stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=flags
                )
        except OSError as error:
            raise _StartError(f"{error.strerror or error}") from None
        self._tasks = cast("IO[bytes]", self._popen.stdin)
        self._results = cast("IO[bytes]", self._popen.stdout)

    def prepare(self, payload: bytes) -> None:
        """Send the function, and wait until the process has it."""
        try:
            send(self._tasks, payload)
            skip_to_beginning(self._results)
            is_ready, reason = unpickle(receive(self._results))
        except (EOFError, OSError):
            raise _StartError(f"it {ended_by(self._popen.wait())}") from None
        if not is_ready:
            raise _StartError(escape_control_characters(reason))

    def call(self, what: Any) -> Any:
        from cloudpickle import dumps

        data = dumps(what)
        try:
            send(self._tasks, data)
            answer = receive(self._results)
        except (EOFError, OSError):
            self.has_ended = True
            raise WorkerKilledError from None
        result, failure, text = unpickle(answer)
        if failure is not None:
            raise failure from WorkerTraceback(text)
        return result

    def kill(self) -> None:
        self._popen.kill()

    def reap(self) -> None:
        self._popen.wait()
        self._results.close()
        # What could not be sent to a process that was killed is sent once more here, and fails.
        with contextlib.suppress(OSError):
            self._tasks.close()


@contextmanager
def signals_blocked() -> Iterator[None]:
    """Let processes that this thread starts meanwhile never receive SIGINT or SIGTERM.

    What comes meanwhile is received here afterwards.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def python_command(code: str) -> list[str]:
    """Return the command of another Python process that runs `code` with the search path of this one."""
    start = "import sys; sys.path[:] = sys.argv[1:]; del sys.argv[1:]; "
    return [sys.executable or "", "-P", "-c", start + code, *_search_path()]


def _search_path() -> list[str]:
    """Return the search path of modules, with the folders of the user's own files last.

    A file there that is named like a module (``copy.py``) would take its place. Where this package or
    others are installed stays where it is.
    """
    installed: set[str | Path] = {
        *sysconfig.get_paths().values(),
        site.getusersitepackages(),
        Path(__file__).parent.parent,
    }
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    own = {Path(script).resolve().parent} if script else set()
    here = ""
    with contextlib.suppress(FileNotFoundError):
        here = str(Path.cwd())
        own.add(Path(here).resolve())
    entries = [entry or here for entry in sys.path if entry or here]
    own -= {Path(folder).resolve() for folder in installed}
    return sorted(entries, key=lambda entry: Path(entry).resolve() in own)
