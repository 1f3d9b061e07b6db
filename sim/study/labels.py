"""What the scenarios of a comparison are called in its table: short, and each by another name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.errors import ArgumentError, Fault
from sim.scenario.input_file import stem_of

MIN_SCENARIOS = 2


def labels_from_files(files: Sequence[Path]) -> list[str]:
    """Return the stems of some files, or the paths as they were given where stems are alike.

    An absolute path is never a name, for names go into results: alike stems are numbered then.

    Raises
    ------
    ArgumentError
        Fewer than two files, or one of them twice.
    """
    check_count(len(files))
    seen: set[Path] = set()
    for file in files:
        if file.resolve() in seen:
            raise ArgumentError([Fault(f"{file} is given twice", allowed="different files")])
        seen.add(file.resolve())
    stems = [stem_of(file) for file in files]
    if len(set(stems)) == len(stems):
        return stems
    if any(file.is_absolute() for file in files):
        return number_duplicates(stems)
    return [file.as_posix() for file in files]


def number_duplicates(names: Sequence[str]) -> list[str]:
    """Return the names, a number behind each that was there before: ``Flat``, ``Flat (2)``."""
    taken: list[str] = []
    for name in names:
        number, found = 1, name
        while found in taken:
            number += 1
            found = f"{name} ({number})"
        taken.append(found)
    return taken


def check_count(scenarios: int) -> None:
    """Raise `ArgumentError` where there is nothing to compare."""
    if scenarios < MIN_SCENARIOS:
        what = "1 scenario is" if scenarios == 1 else f"{scenarios} scenarios are"
        raise ArgumentError([Fault(f"{what} nothing to compare", allowed=f"{MIN_SCENARIOS} or more")])
