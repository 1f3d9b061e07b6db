"""Worker pools that apply one function: daemon threads, or processes connected by pipes.

Neither needs semaphores, shared memory or external programs, so both work in slim containers and serverless
functions. A killed process breaks only its own pipe: its task is known, and the other processes continue.
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


class WorkerTraceback(Exception):  # noqa: N818 - a cause, never raised by itself
    """Traceback text from a worker process, attached as the cause of the re-raised error."""


class _StartError(Exception):
    """A worker process did not start; the message is the reason."""


def core_count() -> int:
    """Return the number of cores available to this process."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def is_daemonic() -> bool:
    """Return whether this is a daemonic multiprocessing process, which may not start processes."""
    from multiprocessing.process import current_process

    return current_process().daemon


class ThreadPool(Generic[A, T]):
    """Pool of at most `jobs` daemon threads that apply `work`; `close` does not wait for running tasks.

    Threads of `concurrent.futures` block the exit of an interrupted process until their tasks end, and
    `multiprocessing.pool` needs a semaphore.
    """

    def __init__(self, work: Callable[[A], T], jobs: int) -> None:
        self._work = work
        self._jobs = jobs
        self._tasks: SimpleQueue[tuple[Future[T], A] | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._is_closed = False

    def submit(self, what: A) -> Future[T]:
        """Return the future of the function applied to `what`; raise `RunError` if no thread can start."""
        future: Future[T] = Future()
        self._tasks.put((future, what))
        if len(self._threads) < self._jobs:
            thread = threading.Thread(target=self._serve, daemon=True, name="sim-worker")
            try:
                thread.start()
            except RuntimeError as error:
                # The existing threads take over its share.
                if not self._threads:
                    raise RunError(f"no thread can start: {error}") from None
            else:
                self._threads.append(thread)
        return future

    def close(self) -> None:
        """End every thread after its current task and drop queued tasks."""
        self._is_closed = True
        for _ in self._threads:
            self._tasks.put(None)

    def _next(self) -> tuple[Future[T], A] | None:
        task = self._tasks.get()
        return None if self._is_closed else task

    def _serve(self) -> None:
        while task := self._next():
            _settle(task[0], self._work, task[1])
            # Release the result while this thread waits for the next task.
            del task


class ProcessPool(ThreadPool[A, T]):
    """Pool of at most `jobs` processes that apply `work`; one local thread serves each process.

    Worker processes end with this process, however it ends. They block SIGINT and SIGTERM sent to the process
    group, because this process ends them. A killed worker is replaced. The constructor
    pickles `work` by cloudpickle, and raises the errors of that.
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

        The future raises `WorkerKilledError` if the process ended during the task, and `RunError` if no
        process could start.
        """
        with self._lock:
            if self._refusal:
                future: Future[T] = Future()
                future.set_exception(RunError(self._refusal))
                return future
            return super().submit(what)

    def close(self) -> None:
        """Kill every process and wait until all have ended."""
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
        """Requeue a task for the other threads; the last thread fails all tasks."""
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
    except BaseException as error:  # noqa: BLE001 - re-raised by the future
        future.set_exception(error)
    else:
        future.set_result(result)


class _Process:
    """A worker process and its two pipes."""

    def __init__(self) -> None:
        self.has_ended = False
        flags: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
        try:
            with signals_blocked():
                self._popen = subprocess.Popen(  # noqa: S603 - this interpreter, with fixed arguments
                    python_command(_WORK), stdin=subprocess.PIPE, stdout=subprocess.PIPE, creationflags=flags
                )
        except OSError as error:
            raise _StartError(f"{error.strerror or error}") from None
        self._tasks = cast("IO[bytes]", self._popen.stdin)
        self._results = cast("IO[bytes]", self._popen.stdout)

    def prepare(self, payload: bytes) -> None:
        """Send the function and wait until the process has loaded it."""
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
        # Closing flushes data that a killed process did not read, which fails.
        with contextlib.suppress(OSError):
            self._tasks.close()


@contextmanager
def signals_blocked() -> Iterator[None]:
    """Context manager that blocks SIGINT and SIGTERM in this thread and in processes it starts.

    This thread receives pending signals on exit; the processes keep them blocked.
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
    """Return the command line of a Python process that runs `code` with the same module search path."""
    start = "import sys; sys.path[:] = sys.argv[1:]; del sys.argv[1:]; "
    return [sys.executable or "", "-P", "-c", start + code, *_search_path()]


def _search_path() -> list[str]:
    """Return the module search path with the working folder and the script folder last.

    A file there that is named like a module (``copy.py``) would otherwise shadow it. Folders with installed
    packages keep their position.
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
