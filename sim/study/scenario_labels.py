"""Scenarios of a study: loaded together, with short and unique labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from sim.errors import ArgumentError, Fault, ScenarioError
from sim.scenario.input_file import stem_of
from sim.scenario.scenario import Scenario
from sim.simulate import as_scenario

MIN_SCENARIOS = 2


def load_scenarios(given: Iterable[Any], load: Callable[[Any], Scenario] = as_scenario) -> list[Scenario]:
    """Return the validated scenarios; raise `ScenarioError` with the faults of all of them together."""
    checked: list[Scenario] = []
    faults: list[Fault] = []
    for each in given:
        try:
            checked.append(load(each))
        except ScenarioError as error:
            faults.extend(error.faults)
    if faults:
        raise ScenarioError(dict.fromkeys(faults))
    return checked


def labels_from_files(files: Sequence[Path]) -> list[str]:
    """Return the stems of files, or their relative paths if stems are duplicated.

    Absolute paths are never labels, because labels are written to results: duplicate stems are numbered.

    Raise `ArgumentError` if there are fewer than two files, or a file is given twice.
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
    """Return the names with a number appended to duplicates: ``Flat``, ``Flat (2)``."""
    taken: list[str] = []
    for name in names:
        number, found = 1, name
        while found in taken:
            number += 1
            found = f"{name} ({number})"
        taken.append(found)
    return taken


def check_count(scenarios: int) -> None:
    """Raise `ArgumentError` if there are fewer than two scenarios."""
    if scenarios < MIN_SCENARIOS:
        what = "1 scenario is" if scenarios == 1 else f"{scenarios} scenarios are"
        raise ArgumentError([Fault(f"{what} nothing to compare", allowed=f"{MIN_SCENARIOS} or more")])
