"""Points of a study as a lazy product of axes: scenario and values by index."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from sim import simulate
from sim.errors import ArgumentError, Fault, ScenarioError
from sim.scenario.attachment import DRAWS_KEY
from sim.scenario.input_file import stem_of
from sim.scenario.joint_samples import JointSamples
from sim.scenario.number_listing import numbers_by_path
from sim.scenario.scenario import Scenario
from sim.scenario.value_ranges import MAX_POINTS
from sim.study.axis import Axis, check_paths, read_axes
from sim.study.designs import Design, Grid
from sim.study.evaluation import Point
from sim.study.scenario_labels import load_scenarios, number_duplicates

#: Path of the axis whose values are scenarios.
SCENARIO = "scenario"
#: Values of each path: a sequence or a `Grid`; for ``scenario`` also a mapping of names to scenarios.
Vary = Mapping[str, Any]


@dataclass(frozen=True)
class ScenarioAxes:
    """A scenario of a study, with the axes parsed for it."""

    #: Label in the column ``scenario``.
    name: str
    scenario: Scenario
    #: All axes except that of scenarios.
    axes: tuple[Axis, ...]


@dataclass(frozen=True)
class PointGroup:
    """Points that share a scenario."""

    scenario: Scenario
    axes: tuple[Axis, ...]
    #: Indices on the axes.
    points: tuple[Point, ...]
    #: Positions in the requested sequence of points.
    members: tuple[int, ...]


@dataclass(frozen=True)
class PointSpace:
    """The points of a study, in order."""

    scenarios: tuple[ScenarioAxes, ...]
    #: Varied paths in order, with ``scenario`` if scenarios vary.
    paths: tuple[str, ...]
    #: Number of values of each path; for a design, the number of points.
    shape: tuple[int, ...]
    #: Whether the points are all combinations of the values; False for a design.
    is_grid: bool = True

    def __len__(self) -> int:
        return math.prod(self.shape)

    def locate(self, point: int) -> tuple[int, Point]:
        """Return the scenario index of a point, and the index of its value on each axis."""
        if not self.is_grid:
            return 0, (point,) * len(self.paths)
        found = []
        for size in reversed(self.shape):
            point, place = divmod(point, size)
            found.append(place)
        where = list(reversed(found))
        if SCENARIO not in self.paths:
            return 0, tuple(where)
        return where.pop(self.paths.index(SCENARIO)), tuple(where)

    def groups(self, points: Sequence[int]) -> tuple[PointGroup, ...]:
        """Return points grouped by scenario, with the axes reduced to the values in use."""
        found: dict[int, list[tuple[int, Point]]] = {}
        for member, point in enumerate(points):
            which, places = self.locate(point)
            found.setdefault(which, []).append((member, places))
        return tuple(self._group(which, each) for which, each in found.items())

    def _group(self, which: int, each: list[tuple[int, Point]]) -> PointGroup:
        entry = self.scenarios[which]
        axes, columns = [], []
        for column, axis in enumerate(entry.axes):
            used = sorted({places[column] for _, places in each})
            at = {place: position for position, place in enumerate(used)}
            values, given = (
                tuple(row[place] for place in used) if row else () for row in (axis.values, axis.numbers)
            )
            axes.append(Axis(axis.path, values, given))
            columns.append([at[places[column]] for _, places in each])
        points = tuple(zip(*columns, strict=True)) if columns else ((),) * len(each)
        return PointGroup(entry.scenario, tuple(axes), points, tuple(member for member, _ in each))

    def columns(self, points: Sequence[int]) -> dict[str, list[Any]]:
        """Return the values of points by path, as the table shows them."""
        shown: dict[str, list[Any]] = {path: [] for path in self.paths}
        for point in points:
            which, places = self.locate(point)
            if SCENARIO in shown:
                shown[SCENARIO].append(self.scenarios[which].name)
            for axis, place in zip(self.scenarios[0].axes, places, strict=True):
                shown[axis.path].append(axis.table_value(place))
        return shown

    def is_number(self, path: str) -> bool:
        """Return whether the column of a path is numeric."""
        return any(axis.path == path and bool(axis.plain_numbers) for axis in self.scenarios[0].axes)

    @cached_property
    def _draws(self) -> dict[str, JointSamples]:
        """Varied tables of joint samples, by the repr of their value."""
        found = {}
        for entry in self.scenarios:
            for value in (value for axis in entry.axes if axis.path == DRAWS_KEY for value in axis.values):
                with suppress(ScenarioError):
                    if (draws := entry.scenario.replace({DRAWS_KEY: value}).draws) is not None:
                        found[repr(value)] = draws
        return found

    @property
    def draws(self) -> tuple[tuple[str, str], ...]:
        """Name and SHA-256 of each varied table of joint samples."""
        return tuple((draws.name, draws.digest) for draws in self._draws.values())

    def texts(self, point: int) -> tuple[int, list[str]]:
        """Return the scenario index of a point, and its values as unambiguous text, sorted by path."""
        which, places = self.locate(point)
        axes = self.scenarios[which].axes
        return which, sorted(
            f"{axis.path}={axis.numbers[place] if axis.is_numeric else self._text(axis, place)}"
            for axis, place in zip(axes, places, strict=True)
        )

    def _text(self, axis: Axis, place: int) -> str:
        text = repr(axis.values[place])
        # The digest identifies a table of joint samples; its file may change.
        return (
            f"{text} {self._draws[text].digest}" if axis.path == DRAWS_KEY and text in self._draws else text
        )


def make_space(scenario: Scenario, vary: Vary, design: Design | None, seed: int) -> PointSpace:
    """Return the points of a study with all values parsed and checked.

    Raise `ArgumentError` if a path has no value or an invalid one, or `vary` is given with a design;
    `ScenarioError` if a path does not exist, a value conflicts with the scenario, or a scenario is not valid.
    """
    if design is None:
        return _grid_space(scenario, vary)
    if vary:
        raise ArgumentError([Fault("a design goes with nothing else that varies", allowed="ranges alone")])
    design.check()
    axes = tuple(read_axes(scenario, design.values(numbers_by_path(scenario), seed)))
    check_paths(scenario, axes)
    return PointSpace(
        (ScenarioAxes("", scenario, axes),),
        tuple(axis.path for axis in axes),
        (design.points,),
        is_grid=False,
    )


def _grid_space(scenario: Scenario, vary: Vary) -> PointSpace:
    others = {path: values for path, values in vary.items() if path != SCENARIO}
    named = _load_scenarios(vary[SCENARIO]) if SCENARIO in vary else {"": scenario}
    entries = []
    faults: list[Fault] = []
    for name, each in named.items():
        try:
            axes = tuple(read_axes(each, others)) if others or not name else ()
            check_paths(each, axes)
        except ScenarioError as error:
            labelled = (replace(fault, problem=f"{fault.problem} (in {name})") for fault in error.faults)
            faults.extend(labelled if name else error.faults)
            continue
        entries.append(ScenarioAxes(name, each, axes))
    if faults:
        raise ScenarioError(dict.fromkeys(faults))
    _check_thresholds(entries)
    sizes = {axis.path: len(axis.values) for axis in entries[0].axes} | {SCENARIO: len(entries)}
    shape = tuple(sizes[path] for path in vary)
    if math.prod(shape) > MAX_POINTS:
        raise ArgumentError([Fault(f"{math.prod(shape):,} points", allowed=f"at most {MAX_POINTS:,}")])
    return PointSpace(tuple(entries), tuple(vary), shape)


def _load_scenarios(given: Any) -> dict[str, Scenario]:
    """Return the scenarios of an axis by name: the stem of a file, else the title."""
    if isinstance(given, Grid | str) or not len(given):
        raise ArgumentError([Fault("scenario has no list of files", allowed="a.yaml,b.yaml")])
    if isinstance(given, Mapping):
        return {str(name): simulate.as_scenario(each) for name, each in given.items()}
    found = load_scenarios(given)
    names = [
        stem_of(Path(each)) if isinstance(each, str | os.PathLike) else scenario.title
        for each, scenario in zip(given, found, strict=True)
    ]
    return dict(zip(number_duplicates(names), found, strict=True))


def _check_thresholds(entries: Sequence[ScenarioAxes]) -> None:
    """Raise `ScenarioError` if thresholds differ, which determine the columns."""
    first = entries[0]
    faults = [
        Fault(
            f"{entry.name} has other thresholds than {first.name}",
            entry.scenario.tree.where,
            "thresholds",
            "the same in all scenarios of a sweep",
        )
        for entry in entries
        if entry.scenario.thresholds != first.scenario.thresholds
    ]
    if faults:
        raise ScenarioError(faults)


def point_ranges(space: PointSpace, step: int) -> Iterator[range]:
    """Yield the points of a space as consecutive ranges of at most `step`."""
    for first in range(0, len(space), step):
        yield range(first, min(first + step, len(space)))
