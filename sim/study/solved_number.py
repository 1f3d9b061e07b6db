"""The number that a break-even search solves for: a number of the file, or a factor on a whole course."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from sim.errors import ArgumentError, Fault, ScenarioError, format_count
from sim.formatting import plain_number
from sim.scenario.event_targets import MULTIPLIABLE_SETTINGS
from sim.scenario.number_listing import ListedNumber, list_cited_numbers, numbers_by_path
from sim.scenario.path import is_within
from sim.scenario.scenario import Scenario
from sim.scenario.study_values import format_number, read_value
from sim.study.axis import Axis
from sim.study.known_paths import first_paths, suggest_paths

Bounds = tuple[float | str, float | str]

DEFAULT_BOUND_FACTOR = 10.0
#: Unit of a factor on a whole course.
FACTOR_UNIT = "factor"
#: Settings without a break-even value: shares that depend on each other, and dates.
_UNSOLVABLE_SETTINGS = ("mix", "first", "until")
_MULTIPLIABLE = {(section, setting) for section, setting, _ in MULTIPLIABLE_SETTINGS}


@dataclass(frozen=True)
class SolvedNumber:
    """A number to solve for."""

    #: As the caller gives it.
    path: str
    #: Base unit, or `FACTOR_UNIT`.
    unit: str
    #: The number as written in the file.
    written: str
    #: The number that takes the values, in `scenario`.
    listed: ListedNumber
    #: The scenario; for a factor, with an event that multiplies the whole course.
    scenario: Scenario

    def axis(self, values: Sequence[float]) -> Axis:
        """Return an axis of values; deliveries are text, because they are validated with the scenario."""
        path = self.listed.quantity.path
        if "deliveries" in self.listed.setting:
            return Axis(path, tuple(self.text(value) for value in values))
        return Axis(path, tuple(values), tuple(values))

    def text(self, value: float) -> str:
        """Return a value as a scenario file has it."""
        return format_number(value, self.listed.quantity.unit, self.listed.quantity.after)

    def with_value(self, value: float) -> Scenario:
        """Return the scenario with a value."""
        return self.scenario.replace({self.listed.quantity.path: self.text(value)})

    def read_bounds(self, given: Bounds | None) -> tuple[float, float]:
        """Return the search range in base units, by default from a tenth to ten times the value.

        Raise `ArgumentError` if the bounds are no range, or there is no default.
        """
        quantity, dimension = self.listed.quantity, self.listed.dimension
        if given is None:
            if quantity.unit == "share" and dimension.ceiling == 1.0:
                return 0.0, 1.0
            if quantity.value > 0.0:
                highest = min(quantity.value * DEFAULT_BOUND_FACTOR, dimension.ceiling)
                return quantity.value / DEFAULT_BOUND_FACTOR, highest
            problem = f"{plain_number(quantity.value)} has no tenth and no tenfold to look between"
            raise ArgumentError([Fault(problem, path=self.path, allowed="bounds FROM:TO")])
        ends = [read_value(self.listed, end) for end in given]
        low, high = (end if end is not None else np.nan for end in ends)
        if not low < high:
            problem = f"the bounds {given[0]} to {given[1]} are no range in {self.unit}"
            raise ArgumentError([Fault(problem, path=self.path, allowed="FROM:TO, the lower first")])
        return low, high


def find_number(scenario: Scenario, path: str) -> SolvedNumber:
    """Return the number to solve for.

    Raise `ArgumentError` if there is no such number, or it cannot be solved for.
    """
    known = numbers_by_path(scenario)
    listed = known.get(path)
    if listed is None:
        inside = [each for each in known if each.startswith(f"{path}.")]
        if any(".by_date." in each.removeprefix(path) for each in inside):
            return _find_factor(scenario, path, inside)
        if inside:
            raise ArgumentError([_several_numbers_fault(path, inside)])
        if any(is_within(each.quantity.path, path) for each in list_cited_numbers(scenario)):
            problem = "ages that are spread over a stock are not solved for"
            raise ArgumentError(
                [Fault(problem, path=path, allowed=f"--vary {path}=..., or any other number")]
            )
        raise ArgumentError([_no_number_fault(path, known)])
    if listed.quantity.unit == "date" or any(word in listed.setting for word in _UNSOLVABLE_SETTINGS):
        problem = "a date, or a share of a mix, is not solved for"
        raise ArgumentError([Fault(problem, path=path, allowed="any other number")])
    return SolvedNumber(path, str(listed.quantity.unit), listed.quantity.written, listed, scenario)


def _no_number_fault(path: str, known: Collection[str]) -> Fault:
    """Return the fault of a path without a number; a component or a setting alone names its paths."""
    near, allowed = suggest_paths(path, known)
    problem = f"there is no number {path!r} in the scenario"
    return Fault(problem, allowed=allowed or "a path that `sim show` lists", nearest=near)


def _several_numbers_fault(path: str, inside: Sequence[str]) -> Fault:
    """Return the fault of a path that is no single number: a map by munition, a component."""
    near = inside[0] if len(inside) == 1 else ""
    problem = f"{path} holds {format_count(len(inside), 'number')}, and one number is solved for"
    return Fault(problem, allowed=first_paths(inside), nearest=near)


def _find_factor(scenario: Scenario, path: str, dates: Sequence[str]) -> SolvedNumber:
    """Return a factor on the whole course at a path."""
    # The budget has no name between the two.
    section, *_, setting = path.split(".", 2)
    if (section, setting) not in _MULTIPLIABLE:
        problem = "this course has no factor"
        raise ArgumentError(
            [Fault(problem, path=path, allowed=f"a number of the course: {', '.join(dates)}")]
        )
    name = "whole-course"
    while name in scenario.events:
        name += "-"
    event = {"multiplies": path, "from": scenario.start.isoformat(), "factor": "1"}
    try:
        change = {f"events.{name}": event} if scenario.events else {"events": {name: event}}
        changed = scenario.replace(change)
    except ScenarioError as error:
        raise ArgumentError(error.faults) from None
    listed = numbers_by_path(changed)[f"events.{name}.factor"]
    return SolvedNumber(path, FACTOR_UNIT, "1", listed, changed)
