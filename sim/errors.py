"""The closed family of errors: everything that this package raises on purpose.

``SimError`` is the root. Its children say whose move it is: ``InputError`` is the user's (a file, a
value, a name), ``RunError`` is the world's that the file describes, ``StorageError`` the disk's,
``DrawingError`` the drawing library's and ``Interrupted`` the keyboard's. The command line turns each
into one message and an exit status.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a text: where a value was written.

    Attributes
    ----------
    file : str
        File name as the user gave it, or a word in angle brackets for other origins.
    line, column : int
        Counted from 1.
    """

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the input.

    Attributes
    ----------
    problem : str
        What is wrong, in one sentence without a closing stop.
    where : Where or None
        The place in a file; None where no file is at fault.
    path : str
        The path of the value (``shipments.dprk.route.0.travel``), empty for a whole file.
    allowed : str
        What may stand there.
    nearest : str
        The nearest right name, empty where none is near.
    is_conflict : bool
        Whether each value is valid by itself and the values do not fit each other.
    """

    problem: str
    where: Where | None = None
    path: str = ""
    allowed: str = ""
    nearest: str = ""
    is_conflict: bool = False

    def __str__(self) -> str:
        path = ".".join(_shorten_step(step) for step in self.path.split("."))
        head = ": ".join(str(part) for part in (self.where, path) if part)
        text = f"{head}: {self.problem}" if head else self.problem
        if self.allowed:
            text += f"; allowed: {self.allowed}"
        if self.nearest:
            text += f"; did you mean {self.nearest!r}?"
        return escape_control_characters(text)


class SimError(Exception):
    """Root of every error that this package raises on purpose."""

    exit_status = 1


class InputError(SimError):
    """The input is wrong: one or more faults, all of them at once.

    Parameters
    ----------
    faults : iterable of Fault
        At least one.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class ScenarioError(InputError):
    """A scenario file, an override or a plain dictionary is not a valid scenario."""


class EvidenceError(InputError):
    """A table of estimates is not whole, or a source is no row of it."""


class ArgumentError(InputError):
    """An argument of a call, or an option of the command line, is out of its range."""

    exit_status = 2


class RunError(SimError):
    """A run could not be carried through, although the file is valid."""

    exit_status = 3


class EngineError(SimError):
    """An engine, or the way in which it was to run, cannot run on this system."""


class StorageError(SimError):
    """A result folder cannot be written, or is not whole."""


class DrawingError(SimError):
    """A chart cannot be drawn or written; the tables that it shows are saved."""


class Interrupted(SimError):  # noqa: N818 - the family reads better with its plain name
    """The user stopped the work."""

    exit_status = 130


MAX_STEP_LENGTH = 80


def _shorten_step(step: str) -> str:
    return step if len(step) <= MAX_STEP_LENGTH else step[: MAX_STEP_LENGTH - 3] + "..."


def escape_control_characters(text: str) -> str:
    """Return `text` with every character that a terminal would obey, and not show, as an escape."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text
    )


def format_count(amount: float | str, noun: str) -> str:
    """Return ``1 day``, ``0.5 days``, ``1,000 runs``; a number given as text stays as it is written."""
    text = amount if isinstance(amount, str) else f"{amount:,.0f}"
    return f"{text} {noun}" if text == "1" else f"{text} {noun}s"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like `word`, or an empty string where none is near."""
    found = difflib.get_close_matches(word[:80], sorted(known), n=1, cutoff=0.6)
    return found[0] if found else ""


#: Of a folder with more names than this only some are looked at.
_MAX_NAMES = 2_000


def nearest_path(path: Path) -> str:
    """Return the path that is there and most like `path`, which is not; empty where none is near."""
    found = Path(path.anchor)
    for part in path.parts[bool(path.anchor) :]:
        step = part if os.path.lexists(found / part) else nearest(part, _folder_names(found))
        if not step:
            return ""
        found /= step
    return "" if found == path else found.as_posix()


def _folder_names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _MAX_NAMES)]
    except OSError:
        return []
    return [name for name in names if not name.startswith(".")]
