"""The values of one path of a study: read once, before any run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import ArgumentError, Fault, ScenarioError, nearest
from sim.scenario.listing import Listed, numbers
from sim.scenario.scenario import Scenario
from sim.scenario.varying import read_value, written

#: Settings that the rest of the scenario must agree with: each value is put into the scenario and checked.
_CHECKED = ("mix", "first", "until", "deliveries")


@dataclass(frozen=True)
class Axis:
    """A path and its values.

    Attributes
    ----------
    path : str
    values : tuple
        As given.
    numbers : tuple of float
        The same in base units; empty where the values have to be put into the scenario one by one.
    """

    path: str
    values: tuple[Any, ...]
    numbers: tuple[float, ...] = ()

    @property
    def quick(self) -> bool:
        """Whether the values are numbers that a lowered scenario takes as they are."""
        return bool(self.numbers)

    def shown(self, place: int) -> float | str:
        """Return the value at a place as the table shows it."""
        return self.numbers[place] if self.numbers else str(self.values[place])


def axes_of(scenario: Scenario, vary: Mapping[str, Sequence[Any]]) -> list[Axis]:
    """Return what varies, with its values read.

    Raises
    ------
    ArgumentError
        With every path that has no value, or a value that its key does not take.
    """
    known = {listed.quantity.path: listed for listed in numbers(scenario)}
    axes: list[Axis] = []
    faults: list[Fault] = []
    for path, values in vary.items():
        if isinstance(values, str) or not len(values):
            faults.append(Fault(f"{path} has no list of values", allowed="at least one value"))
            continue
        try:
            axes.append(_axis(path, tuple(values), known.get(path)))
        except ArgumentError as error:
            faults += error.faults
    if not vary:
        faults.append(Fault("nothing is varied", allowed="a path and its values"))
    if faults:
        raise ArgumentError(faults)
    return axes


def check_paths(scenario: Scenario, axes: Sequence[Axis]) -> None:
    """Raise `ScenarioError` where a path or its first value does not go with the scenario."""
    listed = {each.quantity.path: each for each in numbers(scenario)}
    for axis in axes:
        try:
            scenario.replace({axis.path: _first(axis, listed.get(axis.path))})
        except ScenarioError as error:
            known = list(listed)
            near = None if axis.path in known else nearest(axis.path, known)
            faults = error.faults if near is None else [Fault(f"there is no {axis.path}", nearest=near)]
            raise ScenarioError(faults) from None


def _axis(path: str, values: tuple[Any, ...], listed: Listed | None) -> Axis:
    if listed is None or any(word in listed.setting for word in _CHECKED):
        return Axis(path, values)
    read = [read_value(listed, value) for value in values]
    if any(number is None for number in read):
        return Axis(path, values)
    return Axis(path, values, tuple(number for number in read if number is not None))


def _first(axis: Axis, listed: Listed | None) -> Any:
    """Return the first value of an axis as a file would have it: a plain number with its unit."""
    if axis.quick and listed is not None and not isinstance(axis.values[0], str):
        return written(listed, axis.numbers[0])
    return _text(axis.values[0])


def _text(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
