"""Main loop of a worker process: read tasks from standard input, write results to standard output."""

from __future__ import annotations

import io
import os
import pickle
import signal
import struct
import sys
import threading
import traceback
from queue import SimpleQueue
from typing import IO, Any

from sim.errors import RunError

_LENGTH = struct.Struct("<Q")
#: Marks the start of the results, after any output of Python start-up files.
_BEGINNING = b"\0sim worker\0"


def send(stream: IO[bytes], data: bytes) -> None:
    """Write one message; raise `OSError` if the reader has closed the pipe."""
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Read one message; raise `EOFError` if the writer has closed the pipe."""
    return _exactly(stream, _LENGTH.unpack(_exactly(stream, _LENGTH.size))[0])


def skip_to_beginning(stream: IO[bytes]) -> None:
    """Discard output before the first message of a process; raise `EOFError` if the process has ended."""
    seen = b""
    while seen != _BEGINNING:
        seen = (seen + _exactly(stream, 1))[-len(_BEGINNING) :]


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def unpickle(data: bytes) -> Any:
    """Return the object in a message between a process and its worker."""
    return pickle.loads(data)  # noqa: S301 - a private pipe between parent and child


def ended_by(status: int) -> str:
    """Return how a process ended, as a verb phrase."""
    if status >= 0:
        return f"ended with status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"was ended by {name}"


def main() -> None:
    """Read the function, then apply it to each task."""
    tasks, results = _pipes()
    try:
        work = unpickle(receive(tasks))
        greeting = (True, "")
    except EOFError:
        return
    except BaseException as error:  # noqa: BLE001 - re-raised by the parent process
        greeting = (False, f"{type(error).__name__}: {error}")
    coming: SimpleQueue[bytes] = SimpleQueue()
    try:
        results.write(_BEGINNING)
        send(results, pickle.dumps(greeting))
        if greeting[0]:
            threading.Thread(target=_read, args=(tasks, coming), daemon=True).start()
            while True:
                send(results, _answer(work, coming.get()))
    except BrokenPipeError:
        # The parent process has ended.
        return


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return the two pipes; redirect standard input to null and standard output to standard error."""
    tasks, results = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing if sys.stderr is None else 2, 1)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Flush each line, because the parent kills this process at the end.
        sys.stdout.reconfigure(line_buffering=True)
    return tasks, results


def _read(tasks: IO[bytes], coming: SimpleQueue[bytes]) -> None:
    """Queue incoming tasks; exit the process when the parent closes the pipe."""
    try:
        while True:
            coming.put(receive(tasks))
    except (EOFError, OSError):
        os._exit(1)


def _answer(work: Any, task: bytes) -> bytes:
    from cloudpickle import dumps

    try:
        return bytes(dumps((work(unpickle(task)), None, "")))
    except BaseException as error:  # noqa: BLE001 - re-raised by the parent process
        failure = error
    # Tracebacks cannot be pickled.
    text = "".join(traceback.format_exception(failure))
    try:
        return bytes(dumps((None, failure, text)))
    except (pickle.PicklingError, TypeError, AttributeError):
        return bytes(dumps((None, RunError(f"{type(failure).__name__}: {failure}"), text)))
