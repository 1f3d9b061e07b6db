"""Axes of a study: the values of each varied path, parsed and checked before any run."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sim.errors import ArgumentError, Fault, ScenarioError, Where
from sim.scenario.attachment import DRAWS_KEY
from sim.scenario.joint_samples_reader import override_faults
from sim.scenario.number_listing import ListedNumber, numbers_by_path
from sim.scenario.order_line import find_level_conflict
from sim.scenario.path import is_within
from sim.scenario.quantity import Number, Quantity
from sim.scenario.scenario import Scenario
from sim.scenario.study_values import format_number, read_value
from sim.scenario.value_ranges import Grid
from sim.study.known_paths import suggest_paths
from sim.units import Unit

#: Settings that depend on others: each value is set in the scenario, which is then validated.
_SETTINGS_CHECKED_EACH = frozenset({"mix", "first", "until", "deliveries", "age", "shelf_life"})
#: Setting that determines the columns of the table.
_COLUMNS = "thresholds"


@dataclass(frozen=True)
class Axis:
    """A varied path and its values."""

    path: str
    #: As the caller wrote them.
    values: tuple[Any, ...]
    #: The same in base units; empty if each value requires a scenario of its own.
    numbers: tuple[float, ...] = ()

    @property
    def is_numeric(self) -> bool:
        """Whether the values are numbers that replace entries of a lowered scenario."""
        return bool(self.numbers)

    @cached_property
    def plain_numbers(self) -> tuple[float, ...]:
        """The values as plain numbers; empty if any is not a number."""
        return self.numbers or _plain_numbers(self.values)

    def table_value(self, place: int) -> float | str:
        """Return the value at an index, as the table shows it."""
        plain = self.plain_numbers
        return plain[place] if plain else str(self.values[place])


def read_axes(scenario: Scenario, vary: Mapping[str, Sequence[Any] | Grid]) -> list[Axis]:
    """Parse the values of every varied path.

    Raise `ArgumentError` with every path without a value and every value that its key does not accept.
    """
    known = numbers_by_path(scenario)
    axes: list[Axis] = []
    faults: list[Fault] = []
    for path, values in vary.items():
        if isinstance(values, str) or (not isinstance(values, Grid) and not len(values)):
            faults.append(Fault(f"{path} has no list of values", allowed="at least one value"))
            continue
        try:
            listed = known.get(path)
            each = values.values(path, listed) if isinstance(values, Grid) else tuple(values)
            axes.append(_read_axis(path, each, listed))
        except ArgumentError as error:
            faults += error.faults
    if not vary:
        faults.append(Fault("nothing is varied", allowed="a path and its values"))
    if faults:
        raise ArgumentError(faults)
    return axes


def check_paths(scenario: Scenario, axes: Sequence[Axis]) -> None:
    """Raise `ScenarioError` if a path is not in the scenario, or its key does not accept a value.

    Conflicts between the values of a point are not errors here. Of a numeric axis only the first value is
    checked, because all values are within their limits.
    """
    listed = numbers_by_path(scenario)
    for axis in axes:
        values = [
            _to_setting(value, listed.get(axis.path))
            for value in axis.values[: 1 if axis.is_numeric else None]
        ]
        # By repr: a value may be a dictionary, which is not hashable.
        distinct = {repr(value): value for value in values}
        faults = [fault for value in distinct.values() for fault in _invalid(scenario, axis.path, value)]
        if faults:
            near, allowed = ("", "") if axis.path in listed else suggest_paths(axis.path, listed)
            is_known = not (near or allowed)
            problem = f"there is no {axis.path}"
            raise ScenarioError(faults if is_known else [Fault(problem, allowed=allowed, nearest=near)])
    _check_columns(axes)
    if scenario.draws is not None and not any(axis.path == DRAWS_KEY for axis in axes):
        places = {axis.path: Where("<replace>", 1, 1) for axis in axes}
        if faults := list(override_faults(scenario.draws, places)):
            raise ScenarioError(faults)


def _invalid(scenario: Scenario, path: str, value: Any) -> list[Fault]:
    """Return why a key rejects a value, apart from conflicts with other values."""
    try:
        scenario.replace({path: value})
    except ScenarioError as error:
        return [fault for fault in error.faults if not fault.is_conflict]
    return []


def _check_columns(axes: Sequence[Axis]) -> None:
    for axis in axes:
        if is_within(axis.path, _COLUMNS):
            problem = f"{_COLUMNS} decide which columns the table has, and do not vary"
            raise ArgumentError([Fault(problem, path=axis.path, allowed="any other path")])


def conflicts(scenario: Scenario, axis: Axis, place: int) -> list[Fault]:
    """Return the conflicts of a value with the rest of the scenario, which has the other values of the point.

    Stock against capacity is not checked here: the engine compares them in every run (rule 15).
    """
    if not _may_conflict(scenario, axis.path, axis.numbers[place]):
        return []
    listed = numbers_by_path(scenario).get(axis.path)
    try:
        scenario.replace({axis.path: _to_setting(axis.numbers[place], listed)})
    except ScenarioError as error:
        return list(error.faults)
    return []


def _may_conflict(scenario: Scenario, path: str, number: float) -> bool:
    """Return whether a number that its key accepts may conflict with other settings."""
    section, name, *setting = path.split(".")
    if section == "events" and setting == ["share"]:
        # An event stops a whole fleet, never a share of it.
        return number != 1.0 and scenario.events[name].stops.startswith("shipments.")
    if section == "orders" and setting == ["review"]:
        return number < 1.0
    # Berths do not limit hired vehicles with zero loading time.
    return section == "shipments" and setting == ["route", "0", "load"] and number == 0.0


def order_conflicts(scenario: Scenario, axes: Sequence[Axis], point: Sequence[int]) -> list[Fault]:
    """Return the faults of order-up-to levels of a point that are below the reorder point.

    Numbers of numeric axes replace those of the scenario, both levels of a line at once.
    """
    numbers = {
        axis.path: axis.numbers[place]
        for axis, place in zip(axes, point, strict=True)
        if axis.is_numeric and axis.path.startswith("orders.")
    }
    lines = {path.split(".")[1]: scenario.orders[path.split(".")[1]] for path in numbers}
    found = (
        find_level_conflict(
            *(_with_number(level, numbers) for level in (line.reorder_point, line.order_up_to))
        )
        for line in lines.values()
    )
    return [fault for fault in found if fault is not None]


def _with_number(level: Number | None, numbers: Mapping[str, float]) -> Number | None:
    """Return a level, fixed at its number if it has one."""
    if not isinstance(level, Quantity) or level.path not in numbers:
        return level
    return replace(level, value=numbers[level.path], law=None)


def to_scenario_values(scenario: Scenario, path: str, values: Sequence[Any]) -> list[Any]:
    """Return values as written in a scenario file, numbers with the unit of their path."""
    listed = numbers_by_path(scenario).get(path)
    return [_to_setting(value, listed) for value in values]


def _read_axis(path: str, values: tuple[Any, ...], listed: ListedNumber | None) -> Axis:
    is_date = listed is not None and listed.quantity.unit is Unit.DATE
    if listed is None or is_date or not _SETTINGS_CHECKED_EACH.isdisjoint(listed.setting.split(".")):
        return Axis(path, tuple(_to_setting(value, listed) for value in values))
    read = [read_value(listed, value) for value in values]
    if any(number is None for number in read):
        return Axis(path, tuple(_to_setting(value, listed) for value in values))
    return Axis(path, values, tuple(number for number in read if number is not None))


def _to_setting(value: Any, listed: ListedNumber | None) -> Any:
    """Return a value in the form `Scenario.replace` accepts; numbers are in the base unit of the path."""
    plain = value.item() if hasattr(value, "item") else value
    if listed is None or isinstance(plain, bool) or not isinstance(plain, int | float):
        return plain
    return format_number(plain, listed.quantity.unit, listed.quantity.after)


def _plain_numbers(values: Sequence[Any]) -> tuple[float, ...]:
    try:
        found = tuple(float(value) for value in values if not isinstance(value, bool))
    except (TypeError, ValueError):
        return ()
    return found if len(found) == len(values) and all(map(math.isfinite, found)) else ()
