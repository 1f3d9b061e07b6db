"""The values of one path of a study: read once, before any run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.errors import ArgumentError, Fault, ScenarioError, nearest
from sim.scenario.listing import Listed, numbers
from sim.scenario.scenario import Scenario
from sim.scenario.spread import Grid
from sim.scenario.varying import number_text, read_value

#: Settings that the rest of the scenario must agree with: each value is put into the scenario and checked.
_CHECKED = ("mix", "first", "until", "deliveries")
#: Values of one path that are put into the scenario one by one before any run.
MOST_CHECKED = 1000


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

    @cached_property
    def plain(self) -> tuple[float, ...]:
        """The values as plain numbers; empty where one of them is none."""
        return self.numbers or _plain(self.values)

    def shown(self, place: int) -> float | str:
        """Return the value at a place as the table shows it."""
        plain = self.plain
        return plain[place] if plain else str(self.values[place])


def axes_of(scenario: Scenario, vary: Mapping[str, Sequence[Any] | Grid]) -> list[Axis]:
    """Return what varies, with its values read.

    Parameters
    ----------
    scenario : Scenario
    vary : mapping of str to sequence or Grid

    Raises
    ------
    ArgumentError
        With every path that has no value, or a value that its key does not take.
    """
    known = {listed.quantity.path: listed for listed in numbers(scenario)}
    axes: list[Axis] = []
    faults: list[Fault] = []
    for path, values in vary.items():
        if isinstance(values, str) or (not isinstance(values, Grid) and not len(values)):
            faults.append(Fault(f"{path} has no list of values", allowed="at least one value"))
            continue
        try:
            listed = known.get(path)
            each = values.values(path, listed) if isinstance(values, Grid) else tuple(values)
            axes.append(_axis(path, each, listed))
        except ArgumentError as error:
            faults += error.faults
    if not vary:
        faults.append(Fault("nothing is varied", allowed="a path and its values"))
    if faults:
        raise ArgumentError(faults)
    return axes


def check_paths(scenario: Scenario, axes: Sequence[Axis]) -> None:
    """Raise `ScenarioError` where a path, or a value by itself, does not go with the scenario.

    Of values that a lowered scenario takes as they are, the first stands for all: they are in their limits.
    """
    listed = {each.quantity.path: each for each in numbers(scenario)}
    for axis in axes:
        values = axis.values[: 1 if axis.quick else MOST_CHECKED]
        faults: list[Fault] = []
        for value in values:
            try:
                scenario.replace({axis.path: _text(value, listed.get(axis.path))})
            except ScenarioError as error:
                faults += error.faults
        if faults:
            near = "" if axis.path in listed else nearest(axis.path, listed)
            raise ScenarioError([Fault(f"there is no {axis.path}", nearest=near)] if near else faults)


def written(scenario: Scenario, path: str, values: Sequence[Any]) -> list[Any]:
    """Return values as a scenario file would have them, numbers with the unit of their path."""
    listed = next((each for each in numbers(scenario) if each.quantity.path == path), None)
    return [_text(value, listed) for value in values]


def _axis(path: str, values: tuple[Any, ...], listed: Listed | None) -> Axis:
    if listed is None or any(word in listed.setting for word in _CHECKED):
        return Axis(path, tuple(_text(value, listed) for value in values))
    read = [read_value(listed, value) for value in values]
    if any(number is None for number in read):
        return Axis(path, tuple(_text(value, listed) for value in values))
    return Axis(path, values, tuple(number for number in read if number is not None))


def _text(value: Any, listed: Listed | None) -> Any:
    """Return a value as `Scenario.replace` takes it: a bare number is in the base unit of its path."""
    plain = value.item() if hasattr(value, "item") else value
    if listed is None or isinstance(plain, bool) or not isinstance(plain, int | float):
        return plain
    return number_text(plain, listed.quantity.unit)


def _plain(values: Sequence[Any]) -> tuple[float, ...]:
    try:
        found = tuple(float(value) for value in values if not isinstance(value, bool))
    except (TypeError, ValueError):
        return ()
    return found if len(found) == len(values) and all(map(math.isfinite, found)) else ()
