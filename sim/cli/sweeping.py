"""``sim sweep``: run a scenario at many points, keep what is finished, write the table."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import typer

from sim import simulate
from sim.cli.order import default_folder
from sim.cli.progress import progress_bar
from sim.cli.working_folder import leave_deleted
from sim.errors import (
    ArgumentError,
    Fault,
    InputError,
    RunError,
    ScenarioError,
    Where,
    counted,
)
from sim.results.jsontext import json_bytes, json_data
from sim.results.saved import SUMMARY
from sim.scenario.changes import apart_from, titled
from sim.scenario.input_file import stem_of
from sim.scenario.merging import bytes_of
from sim.scenario.scenario import Scenario
from sim.scenario.spread import range_of, values_of
from sim.scenario.study import StudyText, is_study, read_study
from sim.study.designs import Design
from sim.study.folder import Manner, Outcome, carry_out, check_target_of_sweep
from sim.study.naming import names_of_files
from sim.study.space import SCENARIO
from sim.study.study import Study, study_of
from sim.study.sweep import RUNS, check_manner
from sim.study.tabling import TABLE

BACKENDS = ("auto", "loky", "dask")


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asks of a sweep.

    Attributes
    ----------
    file : Path
        A scenario, or a study.
    vary, ranges, settings : tuple of str
        ``PATH=...`` words.
    design : str or None
    points, runs, seed, jobs, block : int or None
        None where the default, or what the study says, is wanted.
    out : Path or None
    backend, address : str
    fail_fast, json, quiet : bool
    """

    file: Path
    vary: tuple[str, ...]
    design: str | None
    points: int | None
    ranges: tuple[str, ...]
    runs: int | None
    seed: int | None
    settings: tuple[str, ...]
    out: Path | None
    backend: str
    address: str
    jobs: int | None
    block: int | None
    fail_fast: bool
    json: bool
    quiet: bool


def run(order: Order) -> None:
    """Carry out the order."""
    manner = _manner(order)
    study = _study(order)
    folder = order.out if order.out is not None else default_folder("sweep", order.file)
    check_target_of_sweep(folder)
    leave_deleted()
    for note in study.notes:
        typer.echo(f"warning: {note}", err=True)
    with progress_bar(wanted=not order.quiet) as progress:
        found = carry_out(study, folder, manner, lambda text: typer.echo(text, err=True), progress)
    report(study, found, folder, order)


def _manner(order: Order) -> Manner:
    manner = Manner(
        order.backend, order.address, order.jobs, order.block, order.fail_fast, ["sim", *sys.argv[1:]]
    )
    if order.backend not in BACKENDS:
        raise ArgumentError(
            [Fault(f"there is no backend {order.backend!r}", allowed=", ".join(BACKENDS[1:]))]
        )
    check_manner(manner)
    return manner


def _study(order: Order) -> Study:
    data = bytes_of(order.file, None)
    if is_study(data):
        return _of_file(order, read_study(order.file, data))
    vary, ranges = _pairs(order.vary, "--vary"), _pairs(order.ranges, "--range")
    design = None
    if order.design is not None or ranges or order.points is not None:
        design = Design(order.design or "none", order.points or 0, _ranges(ranges, {}))
    return study_of(
        simulate.load(order.file, order.settings, data=data),
        _values(vary, {}, Path(), order.settings),
        design=design,
        runs=RUNS if order.runs is None else order.runs,
        seed=1 if order.seed is None else order.seed,
        jobs=order.jobs,
    )


def _of_file(order: Order, text: StudyText) -> Study:
    """Return the study that a file describes; `--runs`, `--seed` and `--set` go before what it says."""
    if order.vary or order.ranges or order.design is not None or order.points is not None:
        problem = f"{order.file} is a study, which says itself what varies"
        raise ArgumentError([Fault(problem, allowed="--vary, --design and --range with a scenario")])
    keys = text.keys
    settings = (*(f"{path}={value}" for path, value in keys.set_.items()), *order.settings)
    design = Design(keys.design, keys.points, _ranges(keys.range, text.places)) if keys.design else None
    try:
        scenario = simulate.load(text.scenario, settings)
        return study_of(
            scenario,
            _values(keys.vary, text.places, text.folder, settings),
            design=design,
            runs=(keys.runs or RUNS) if order.runs is None else order.runs,
            seed=keys.seed if order.seed is None else order.seed,
            jobs=order.jobs,
            title=_title(keys.title, scenario, order, [*keys.vary, *keys.range]),
        )
    except InputError as error:
        raise type(error)(_placed(error.faults, text.places)) from None


def _title(title: str, scenario: Scenario, order: Order, varied: Sequence[str]) -> str:
    """Return the title of a study; it knows what its own file sets, and not what `--set` does."""
    asked = {setting.partition("=")[0].strip() for setting in order.settings}
    changes = {path: value for path, value in scenario.changes.items() if path in asked}
    return titled(title, apart_from(changes, varied)) if title else ""


def _placed(faults: Sequence[Fault], places: Mapping[str, Where]) -> Iterator[Fault]:
    """Yield faults with the place in the study of the path that they are about."""
    for fault in faults:
        inside = fault.where is None or fault.where.file.startswith(("<", "--set"))
        where = places.get(fault.path) if inside else None
        yield replace(fault, where=where) if where is not None else fault


def _pairs(words: Sequence[str], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    faults = []
    for word in words:
        path, equals, value = (part.strip() for part in word.partition("="))
        if not (path and equals and value):
            faults.append(
                Fault(f"{option} {word[:80]!r} is not PATH=VALUES", allowed="a path and its values")
            )
        elif path in pairs:
            faults.append(Fault(f"{option} names {path} twice", allowed="each path once"))
        pairs[path] = value
    if faults:
        raise ArgumentError(faults)
    return pairs


def _ranges(given: Mapping[str, str], places: Mapping[str, Where]) -> dict[str, tuple[str, str]]:
    return _read(given, places, range_of)


def _values(
    given: Mapping[str, str | tuple[str, ...]],
    places: Mapping[str, Where],
    folder: Path,
    settings: Sequence[str],
) -> dict[str, Any]:
    vary = _read(given, places, lambda text: values_of(text) if isinstance(text, str) else text)
    if isinstance(vary.get(SCENARIO), tuple):
        vary[SCENARIO] = _scenarios([folder / name for name in vary[SCENARIO]], settings)
    return vary


def _read(given: Mapping[str, Any], places: Mapping[str, Where], reader: Any) -> dict[str, Any]:
    """Return what a reader makes of each text; raises with every one that is amiss."""
    found = {}
    faults = []
    for path, text in given.items():
        try:
            found[path] = reader(text)
        except ValueError as error:
            allowed = getattr(error, "allowed", "")
            faults.append(Fault(str(error), places.get(path), path, allowed))
    if faults:
        raise (ScenarioError if places else ArgumentError)(faults)
    return found


def _scenarios(files: Sequence[Path], settings: Sequence[str]) -> dict[str, Any]:
    names = names_of_files(files) if len(files) > 1 else [stem_of(file) for file in files]
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for name, file in zip(names, files, strict=True):
        try:
            found[name] = simulate.load(file, settings)
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(dict.fromkeys(faults))
    return found


def report(study: Study, found: Outcome, folder: Path, order: Order) -> None:
    """Print the summary as JSON, or what came of it; raises where runs failed, after all is written."""
    if order.json:
        summary = json_data((folder / SUMMARY).read_bytes())
        sys.stdout.write(json_bytes({**summary, "reused": found.reused}).decode())
    elif not order.quiet:
        points = f"{counted(found.points, 'point')}, {counted(study.runs, 'run')} each, seed {study.seed}"
        there = f" ({found.reused:,} were there)" if found.reused else ""
        typer.echo(f"{study.title}: {points}{there}")
        typer.echo(
            f"Failed: {counted(found.failed_points, 'point')}" if found.failed_points else "None failed"
        )
        typer.echo(f"Table: {folder / TABLE}")
    if found.failed_points:
        what = f"{counted(found.failed_runs, 'run')} of {counted(found.failed_points, 'point')} failed"
        raise RunError(f"{what}, the first because: {found.first_reason}")
