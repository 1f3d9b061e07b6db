"""Main loop of a worker process: tasks from standard input, results to standard output, until it closes."""

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
#: What the start-up files of a user print comes before this in the pipe of results.
_BEGINNING = b"\0sim worker\0"


def send(stream: IO[bytes], data: bytes) -> None:
    """Write one message.

    Raises
    ------
    OSError
        The reader has gone.
    """
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes:
    """Read one message.

    Raises
    ------
    EOFError
        The writer has gone.
    """
    return _exactly(stream, _LENGTH.unpack(_exactly(stream, _LENGTH.size))[0])


def skip_to_beginning(stream: IO[bytes]) -> None:
    """Read what a process printed before its first message.

    Raises
    ------
    EOFError
        It has ended.
    """
    seen = b""
    while seen != _BEGINNING:
        seen = (seen + _exactly(stream, 1))[-len(_BEGINNING) :]


def _exactly(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def unpickle(data: bytes) -> Any:
    """Return the object of a message between a process and a worker that it started."""
    return pickle.loads(data)  # noqa: S301 - nobody else holds an end of the pipe


def ended_by(status: int) -> str:
    """Return how a process ended, as a verb."""
    if status >= 0:
        return f"ended with status {status}"
    try:
        name = signal.Signals(-status).name
    except ValueError:
        name = f"signal {-status}"
    return f"was ended by {name}"


def main() -> None:
    """Read the function, then apply it to one task after another."""
    tasks, results = _pipes()
    try:
        work = unpickle(receive(tasks))
        greeting = (True, "")
    except EOFError:
        return
    except BaseException as error:  # noqa: BLE001 - the process that started this one raises it
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
        # The process that started this one has gone.
        return


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """Return the two pipes; what the function reads is empty, and what it prints goes to standard error."""
    tasks, results = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing if sys.stderr is None else 2, 1)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # This process is killed at the end, and what it printed must be out by then.
        sys.stdout.reconfigure(line_buffering=True)
    return tasks, results


def _read(tasks: IO[bytes], coming: SimpleQueue[bytes]) -> None:
    """Pass tasks on, and end this process with the one that started it, whatever the main thread does."""
    try:
        while True:
            coming.put(receive(tasks))
    except (EOFError, OSError):
        os._exit(1)


def _answer(work: Any, task: bytes) -> bytes:
    from cloudpickle import dumps

    try:
        return bytes(dumps((work(unpickle(task)), None, "")))
    except BaseException as error:  # noqa: BLE001 - the process that started this one raises it
        failure = error
    # Tracebacks cannot be pickled.
    text = "".join(traceback.format_exception(failure))
    try:
        return bytes(dumps((None, failure, text)))
    except (pickle.PicklingError, TypeError, AttributeError):
        return bytes(dumps((None, RunError(f"{type(failure).__name__}: {failure}"), text)))
