"""Standard streams that a closed or full end cannot break.

A command that has worked for an hour must not lose its result because its terminal, its log file or the
reader of its pipe is gone. Writing therefore never raises; what was lost is reported at the end.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from typing import TextIO

import typer

from sim.results.storage import describe_os_error

LOST = 1


class GuardedOutput(io.RawIOBase):
    """Raw end of an output stream: keeps the first error of a write instead of raising it.

    Parameters
    ----------
    inner : io.RawIOBase or None
        The raw stream to write to; None where the stream was closed from the start.

    Attributes
    ----------
    lost : OSError or None
        Why something that was written did not get out.
    """

    def __init__(self, inner: io.RawIOBase | None) -> None:
        self._inner = inner
        self.lost: OSError | None = None

    def writable(self) -> bool:
        """Return True, as an output stream does."""
        return True

    def isatty(self) -> bool:
        """Return whether a terminal is at the other end."""
        return self._inner is not None and self._inner.isatty()

    def fileno(self) -> int:
        """Return the descriptor; raises `OSError` where the stream was closed from the start."""
        if self._inner is None:
            raise io.UnsupportedOperation("the stream is closed")
        return self._inner.fileno()

    def write(self, data: object) -> int:
        """Write some bytes, and return how many are done with; after the first error, all of them."""
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
        # A pipe that its owner set to non-blocking takes nothing while it is full.
        while (count := self._inner.write(view)) is None:
            select.select([], [self._inner.fileno()], [])
        return count


def guard_streams() -> None:
    """Make standard output and error safe to write to, whatever they are connected to."""
    _fill_closed_descriptors()
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115, PTH123 - as long as the process
    # A name of a file or a letter of a note that the terminal cannot show must not stop the work.
    sys.stdout = _guarded(sys.stdout, "backslashreplace", line_buffering=False)
    sys.stderr = _guarded(sys.stderr, "backslashreplace", line_buffering=True)


def status_after_output(status: int) -> int:
    """Return the exit status of a command, which fails where its output was lost; say so on standard error.

    A reader that has gone, as ``head`` does, knows it: nothing is said of that.
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
    """Connect closed descriptors 0, 1 and 2 to nothing, lest a file that is opened later gets one of them."""
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            # The lowest free descriptor is this one.
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003
