"""Standard streams whose writes never raise.

A command that ran for an hour must not lose its result because its terminal, its log file or the reader of
its pipe is gone. Lost output is reported at the end.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from typing import TextIO

import typer

from sim.results.os_error_text import describe_os_error

LOST = 1


class GuardedOutput(io.RawIOBase):
    """Raw output stream that stores the first write error instead of raising it.

    Parameters
    ----------
    inner : io.RawIOBase or None
        The raw stream to write to; None if the stream was closed at the start.

    Attributes
    ----------
    lost : OSError or None
        The first write error.
    """

    def __init__(self, inner: io.RawIOBase | None) -> None:
        self._inner = inner
        self.lost: OSError | None = None

    def writable(self) -> bool:
        """Return True, as an output stream does."""
        return True

    def isatty(self) -> bool:
        """Return whether the stream is connected to a terminal."""
        return self._inner is not None and self._inner.isatty()

    def fileno(self) -> int:
        """Return the descriptor; raise `OSError` if the stream was closed at the start."""
        if self._inner is None:
            raise io.UnsupportedOperation("the stream is closed")
        return self._inner.fileno()

    def write(self, data: object) -> int:
        """Write bytes and return their number; after the first error, discard all bytes."""
        view = memoryview(data)  # type: ignore[arg-type]
        if self.lost is None:
            try:
                return self._sent(view)
            except OSError as error:
                self.lost = error
        return view.nbytes

    def _sent(self, view: memoryview) -> int:
        if self._inner is None:
            raise OSError(errno.EBADF, "it is closed")
        # A non-blocking pipe accepts nothing while it is full.
        while (count := self._inner.write(view)) is None:
            select.select([], [self._inner.fileno()], [])
        return count


def guard_streams() -> None:
    """Replace standard output and error by streams whose writes never raise."""
    _fill_closed_descriptors()
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - open until the process ends
    # A character that the terminal cannot encode must not raise.
    sys.stdout = _guarded(sys.stdout, "backslashreplace", line_buffering=False)
    sys.stderr = _guarded(sys.stderr, "backslashreplace", line_buffering=True)


def status_after_output(status: int) -> int:
    """Return the exit status of a command: a failure if output was lost, reported on standard error.

    A broken pipe, as with ``head``, is not reported.
    """
    sys.stdout.flush()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    error = raw.lost if isinstance(raw, GuardedOutput) else None
    if error is None:
        return status
    if not isinstance(error, BrokenPipeError):
        typer.echo(f"error: cannot write to standard output: {describe_os_error(error)}", err=True)
    return status or LOST


def _guarded(stream: TextIO | None, errors: str, *, line_buffering: bool) -> TextIO:
    if stream is None:
        raw, encoding = GuardedOutput(None), "utf-8"
    elif isinstance(stream, io.TextIOWrapper):
        stream.flush()
        line_buffering = stream.line_buffering
        raw, encoding = GuardedOutput(getattr(stream.buffer, "raw", stream.buffer)), stream.encoding
    else:
        return stream
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=encoding, errors=errors, line_buffering=line_buffering
    )


def _fill_closed_descriptors() -> None:
    """Open closed descriptors 0 to 2 on the null device, so that no later file takes their place."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # The system assigns the lowest free descriptor, which is this one.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003
