"""Exceptions of this package, and helpers for their messages.

``SimError`` is the base class. Its subclasses name the cause: ``InputError`` a file, value or name of the
user, ``RunError`` the drawn inputs of a run, ``StorageError`` the disk, ``DrawingError`` the drawing
library, and ``Interrupted`` the keyboard. The command line prints each as one message and exits with its
status.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sim.language import localised


@dataclass(frozen=True, slots=True)
class Where:
    """Location of a value in a text.

    Attributes
    ----------
    file : str
        File name as the user wrote it, or a word in angle brackets for other sources.
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
    """One problem of the input.

    Attributes
    ----------
    problem : str
        The problem in one sentence, without a full stop.
    where : Where or None
        Location in a file; None without a file.
    path : str
        Path of the value (``shipments.dprk.route.0.travel``); empty for a whole file.
    allowed : str
        Allowed values.
    nearest : str
        Closest valid name; empty if none is close.
    is_conflict : bool
        Whether the values are valid one by one but contradict each other.
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
            text += f"; did you mean {_quoted(self.nearest)}?"
        return escape_control_characters(text)


class SimError(Exception):
    """Base class of the exceptions of this package."""

    exit_status = 1


class InputError(SimError):
    """The input is invalid; collects all faults at once.

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
    """A table of estimates is invalid, or a source is not a row of it."""


class ArgumentError(InputError):
    """An argument of a call or an option of the command line is out of range."""

    exit_status = 2


class RunError(SimError):
    """A run failed, although the file is valid."""

    exit_status = 3


class EngineError(SimError):
    """An engine, or its execution path, is not available on this system."""


class StorageError(SimError):
    """A result folder cannot be written, or is incomplete or modified."""


class DrawingError(SimError):
    """A chart cannot be drawn or written; its tables are saved."""


class Interrupted(SimError):  # noqa: N818 - the family reads better with its plain name
    """The user interrupted the program."""

    exit_status = 130


MAX_STEP_LENGTH = 80


def _quoted(name: str) -> str:
    """Return a name in quotes; as it stands if it holds both kinds, one of which would be escaped."""
    return name if "'" in name and '"' in name else repr(name)


def _shorten_step(step: str) -> str:
    return step if len(step) <= MAX_STEP_LENGTH else step[: MAX_STEP_LENGTH - 3] + "..."


def escape_control_characters(text: str) -> str:
    """Escape the characters of `text` that a terminal does not print."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text
    )


def format_count(amount: float | str, noun: str) -> str:
    """Return ``1 day``, ``0.5 days`` or ``1,000 runs``; a number in a string is not reformatted."""
    text = amount if isinstance(amount, str) else localised(f"{amount:,.0f}")
    return f"{text} {noun}" if text == "1" else f"{text} {noun}s"


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the known word closest to `word`; empty if none has a similarity of `cutoff` (0 to 1)."""
    matches = difflib.get_close_matches(word[:80], sorted(known), n=1, cutoff=cutoff)
    return matches[0] if matches else ""


#: Upper bound of the file names read from a folder.
_MAX_NAMES = 2_000


def nearest_path(path: Path) -> str:
    """Return the existing path closest to the missing `path`; empty if none is close."""
    closest = Path(path.anchor)
    for part in path.parts[bool(path.anchor) :]:
        step = part if os.path.lexists(closest / part) else _nearest_name(part, _folder_names(closest))
        if not step:
            return ""
        closest /= step
    return "" if closest == path else closest.as_posix()


def _nearest_name(name: str, known: Iterable[str]) -> str:
    """Return the file name closest to `name`, with or without the endings, which many files share."""
    stem = Path(name).stem
    return nearest(name, (each for each in known if nearest(stem.lower(), [Path(each).stem.lower()])))


def _folder_names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in islice(entries, _MAX_NAMES)]
    except OSError:
        return []
    return [name for name in names if not name.startswith(".")]
