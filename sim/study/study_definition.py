"""Definition of a sweep: points, runs, seed and outcomes, with its files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sim import simulate
from sim.errors import ArgumentError, Fault
from sim.names import Names, merge_names
from sim.results.json_text import json_bytes
from sim.results.provenance import Source, make_manifest, merge_inputs, package_versions
from sim.results.storage import safe_name
from sim.scenario.number_listing import numbers_by_path
from sim.scenario.scenario import Scenario
from sim.scenario.unknown_stock import require_all_known
from sim.simulate import ScenarioLike
from sim.study.axis import to_scenario_values
from sim.study.designs import Design, Grid
from sim.study.point_keys import PointKeys, engine_digest, engine_versions
from sim.study.point_space import SCENARIO, PointSpace, ScenarioAxes, Vary, make_space
from sim.study.sweep_task import SweepTask

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.ensemble.scenario_tables import Plan

SWEEP_VERB = "sweep"
SCENARIO_FILE = "scenario.yaml"
STUDY_FILE = "study.yaml"
ENGINE = "compiled"
#: Engine of the workers, by the path chosen here. A worker self-tests native code on its own machine; it uses
#: a fallback directly, without logging it again.
_CHOICES = {"native": "auto", "numba": "numba", "python": "simpy"}


@dataclass
class FailureCount:
    """Number of failed points and runs."""

    #: points, runs: points with a failed run, and all failed runs.
    points: int = 0
    runs: int = 0
    #: Reason at the first such point.
    reason: str = ""

    def count(self, table: pa.Table) -> None:
        """Add the columns ``failed`` and ``reason`` of a block."""
        failed = [place for place, runs in enumerate(table["failed"].to_pylist()) if runs]
        if failed and not self.points:
            self.reason = table["reason"][failed[0]].as_py()
        self.points += len(failed)
        self.runs += sum(table["failed"][place].as_py() for place in failed)


@dataclass(frozen=True)
class Study:
    """Definition of a sweep."""

    title: str
    space: PointSpace
    #: Outcomes.
    names: tuple[str, ...]
    runs: int
    seed: int
    #: As the caller gave it.
    vary: Vary
    design: Design | None = None

    @cached_property
    def identity(self) -> PointKeys:
        """Generator of the keys of the points."""
        return PointKeys(self.space, self.runs, self.seed)

    def task(self, points: tuple[int, ...]) -> SweepTask:
        """Return the task of a worker for some points."""
        keys = tuple(self.identity.key(point) for point in points)
        groups = self.space.groups(points)
        choice = _CHOICES[self.engine_path]
        return SweepTask(points, keys, groups, self.names, self.runs, self.seed, engine_digest(), choice)

    @cached_property
    def engine_path(self) -> str:
        """Path of the engine in this process: ``native``, ``numba`` or ``python``."""
        return str(simulate.engine_path())

    @property
    def engine(self) -> str:
        """Engine of this path: ``simpy`` or ``compiled``."""
        return "simpy" if self.engine_path == "python" else ENGINE

    @cached_property
    def origins(self) -> tuple[simulate.ScenarioProvenance, ...]:
        """Provenance of each scenario."""
        return tuple(
            simulate.provenance_of(entry.scenario, self.space.paths) for entry in self.space.scenarios
        )

    @cached_property
    def _inputs(self) -> dict[str, str]:
        return merge_inputs((entry.name, entry.scenario.digests) for entry in self.space.scenarios)

    @cached_property
    def draws(self) -> dict[str, str]:
        """SHA-256 of each table of joint samples, of a scenario or varied, by name."""
        own = {
            entry.scenario.draws.digest for entry in self.space.scenarios if entry.scenario.draws is not None
        }
        found = {name: digest for name, digest in self._inputs.items() if digest in own}
        return {**merge_inputs(("", {name: digest}) for name, digest in self.space.draws), **found}

    @property
    def notes(self) -> tuple[str, ...]:
        """Caveats for the reader: notes of all scenarios."""
        return tuple(dict.fromkeys(note for origin in self.origins for note in origin.notes))

    @property
    def sources(self) -> tuple[Source, ...]:
        """Published estimates that the scenarios cite, except for varied numbers."""
        return tuple(sorted({source for origin in self.origins for source in origin.sources}))

    @cached_property
    def labels(self) -> Names:
        """Names for readers in all scenarios; where two differ, the earlier counts."""
        return merge_names(origin.names for origin in self.origins)

    @cached_property
    def texts(self) -> dict[str, bytes]:
        """Files that define the study: each resolved scenario, and the study file."""
        files = {
            self._file_name(entry.name): entry.scenario.text().encode("utf-8", "backslashreplace")
            for entry in self.space.scenarios
        }
        return {**files, STUDY_FILE: json_bytes(self.to_plain())}

    @property
    def resolved(self) -> bytes:
        """The resolved scenarios, as stored."""
        return b"---\n".join(data for name, data in self.texts.items() if name != STUDY_FILE)

    def to_plain(self) -> dict[str, Any]:
        """Return the study as the plain data of a study file."""
        first = self._file_name(self.space.scenarios[0].name)
        plain: dict[str, Any] = {"study": "sweep", "title": self.title, "scenario": first}
        if self.design is None:
            plain["vary"] = {path: self._values(path) for path in self.space.paths}
        else:
            plain |= {"design": self.design.kind, "points": self.design.points}
            plain["range"] = {path: f"{low}:{high}" for path, (low, high) in self.design.ranges.items()}
        return {**plain, "runs": int(self.runs), "seed": int(self.seed)}

    def manifest(self, files: Mapping[str, bytes | str], **more: object) -> dict[str, Any]:
        """Return the content of ``manifest.json``, with additional entries."""
        found = make_manifest(
            verb=SWEEP_VERB,
            title=self.title,
            engine=self.engine,
            engine_path=self.engine_path,
            seed=self.seed,
            runs=self.runs,
            scenario=self.resolved,
            inputs={**self._inputs, **self.draws},
            evidence=self.origins[0].evidence,
            sources=self.sources,
            notes=self.notes,
            files=files,
            used=dict(sorted({**package_versions(), **engine_versions()}.items())),
            names=self.labels,
            sampled={
                self._file_name(entry.name): origin.sampled
                for entry, origin in zip(self.space.scenarios, self.origins, strict=True)
            },
        )
        return {**found, "sweep": self.shape(), **more}

    def shape(self) -> dict[str, Any]:
        """Return the metadata of the table: varied paths, shape, outcomes, period and units."""
        return {
            "paths": list(self.space.paths),
            "shape": list(self.space.shape),
            "design": None if self.design is None else self.design.kind,
            "points": len(self.space),
            "outcomes": list(self.names),
            "start": self._common_value(lambda scenario: scenario.start.isoformat()),
            "end": self._common_value(lambda scenario: scenario.end.isoformat()),
            "units": self._units(),
            "own": self._own(),
            "stocks": self._common_stocks(),
        }

    def _common_value(self, value_of: Callable[[Scenario], str]) -> str | None:
        """Return a value common to all scenarios; None if they differ."""
        found = {value_of(entry.scenario) for entry in self.space.scenarios}
        return found.pop() if len(found) == 1 else None

    def _units(self) -> dict[str, str]:
        known = numbers_by_path(self.space.scenarios[0].scenario)
        return {path: str(known[path].quantity.unit) for path in self.space.paths if path in known}

    def _own(self) -> dict[str, float]:
        """Return the value of each varied number in the scenario, or its median; empty for several."""
        first, *others = (numbers_by_path(entry.scenario) for entry in self.space.scenarios)
        known = {} if others else first
        found = {path: known[path].quantity for path in self.space.paths if path in known}
        return {path: float(number.value) for path, number in found.items() if not number.is_unknown}

    def _common_stocks(self) -> int | None:
        """Return the number of stocks that have a consumer; None if the scenarios differ."""
        plans = (simulate.lower_scenario(entry.scenario) for entry in self.space.scenarios)
        found = {sum(plan.axes.consuming) for plan in plans}
        return found.pop() if len(found) == 1 else None

    def summary(self, failures: FailureCount) -> dict[str, Any]:
        """Return the content of ``summary.json``: the definition, and the number of failures."""
        return {
            "title": self.title,
            "runs": int(self.runs),
            "seed": int(self.seed),
            "engine": self.engine,
            "engine_path": self.engine_path,
            **self.shape(),
            "failed_points": failures.points,
            "failed_runs": failures.runs,
        }

    def _file_name(self, name: str) -> str:
        return f"scenario-{safe_name(name)}.yaml" if name else SCENARIO_FILE

    def _values(self, path: str) -> str | list[str]:
        if path == SCENARIO:
            return [self._file_name(entry.name) for entry in self.space.scenarios]
        given = self.vary[path]
        if isinstance(given, Grid):
            return f"{given.low}:{given.high}:{given.count}"
        return [str(value) for value in to_scenario_values(self.space.scenarios[0].scenario, path, given)]


def make_study(
    scenario: ScenarioLike,
    vary: Vary,
    *,
    design: Design | None,
    runs: int,
    seed: int,
    jobs: int | None,
    title: str = "",
) -> Study:
    """Return a validated study.

    Raise `ScenarioError`, `ArgumentError` as for `sim.sweep`; all faults of one kind together; `RunError` if
    the scenario uses a rationing rule in Python, which the compiled engine does not support.
    """
    faults: list[Fault] = []
    try:
        simulate.check_arguments(runs, seed, ENGINE, jobs)
    except ArgumentError as error:
        faults += error.faults
    checked = simulate.as_scenario(scenario)
    space = None
    try:
        space = make_space(checked, vary, design, seed)
    except ArgumentError as error:
        faults += error.faults
    if faults or space is None:
        raise ArgumentError(faults)
    scenarios = [entry.scenario for entry in space.scenarios]
    require_all_known(scenarios, "a sweep over other numbers", space.paths)
    plans = [simulate.lower_scenario(_with_listing(entry)) for entry in space.scenarios]
    names = _common_outcomes(plans)
    full_title = title or checked.title_apart_from(space.paths)
    return Study(full_title, space, names, runs, seed, dict(vary), design)


def _with_listing(entry: ScenarioAxes) -> Scenario:
    """Return a scenario with results listed by consumer if a varied setting asks for it."""
    asks = any(re.fullmatch(r"consumption\.[^.]+\.(priority|backlog)", axis.path) for axis in entry.axes)
    return entry.scenario.by_consumer() if asks else entry.scenario


def _common_outcomes(plans: Sequence[Plan]) -> tuple[str, ...]:
    """Return the outcomes that all scenarios have; not all may list the same consumers."""
    named = [simulate.outcome_names(plan) for plan in plans]
    return tuple(name for name in named[0] if all(name in each for each in named))
