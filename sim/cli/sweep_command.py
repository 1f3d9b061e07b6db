"""``sim sweep``: run a scenario at many points, store finished points, write the table."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import typer

from sim import simulate
from sim.cli.command_options import default_folder
from sim.cli.json_output import print_json
from sim.cli.progress_display import progress_bar
from sim.cli.result_output import print_warnings
from sim.cli.working_folder import leave_deleted
from sim.errors import (
    ArgumentError,
    Fault,
    InputError,
    RunError,
    ScenarioError,
    Where,
    escape_control_characters,
    format_count,
)
from sim.findings.sweep_findings import sweep_findings
from sim.findings.wording import LASTS_MEANING
from sim.results.json_text import parse_json
from sim.results.reader import SUMMARY_FILE
from sim.scenario.extends import read_limited
from sim.scenario.input_file import stem_of
from sim.scenario.override_notes import title_with_changes, without_varied
from sim.scenario.scenario import Scenario
from sim.scenario.study_file import LoadedStudy, is_study, read_study
from sim.scenario.value_ranges import parse_range, parse_values
from sim.study.designs import Design
from sim.study.point_space import SCENARIO
from sim.study.scenario_labels import labels_from_files, load_scenarios
from sim.study.study_definition import Study, make_study
from sim.study.sweep import DEFAULT_RUNS, check_options
from sim.study.sweep_result import BREAKEVEN, CSV_TABLE, read_sweep
from sim.study.sweep_runner import ExecutionOptions, SweepStatus, check_sweep_target, run_sweep
from sim.study.sweep_table import TABLE

BACKENDS = ("auto", "loky", "dask")


class SweepOptions(NamedTuple):
    """Options of ``sim sweep``; None selects the value of the study file, or the default."""

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
    solve: bool
    json: bool
    quiet: bool


def run(options: SweepOptions) -> None:
    """Run ``sim sweep``."""
    execution = _execution_options(options)
    study = _make_study(options)
    folder = options.out if options.out is not None else default_folder("sweep", options.file)
    check_sweep_target(folder)
    leave_deleted()
    print_warnings(study.notes)
    with progress_bar(wanted=not options.quiet) as progress:
        status = run_sweep(study, folder, execution, lambda text: typer.echo(text, err=True), progress)
    report(study, status, folder, options)


def _execution_options(options: SweepOptions) -> ExecutionOptions:
    execution = ExecutionOptions(
        options.backend,
        options.address,
        options.jobs,
        options.block,
        options.fail_fast,
        options.solve,
        ["sim", *sys.argv[1:]],
    )
    if options.backend not in BACKENDS:
        raise ArgumentError(
            [Fault(f"there is no backend {options.backend!r}", allowed=", ".join(BACKENDS[1:]))]
        )
    check_options(execution)
    return execution


def _make_study(options: SweepOptions) -> Study:
    data = read_limited(options.file, None)
    if is_study(data):
        return _study_from_file(options, read_study(options.file, data))
    vary, ranges = _parse_pairs(options.vary, "--vary"), _parse_pairs(options.ranges, "--range")
    design = None
    if options.design is not None or ranges or options.points is not None:
        design = Design(options.design or "none", options.points or 0, _read_all(ranges, {}, parse_range))
    return make_study(
        simulate.load(options.file, options.settings, data=data),
        _parse_values(vary, {}, Path(), options.settings),
        design=design,
        runs=DEFAULT_RUNS if options.runs is None else options.runs,
        seed=1 if options.seed is None else options.seed,
        jobs=options.jobs,
    )


def _study_from_file(options: SweepOptions, text: LoadedStudy) -> Study:
    """Return the study of a study file; `--runs`, `--seed` and `--set` take precedence over the file."""
    if options.vary or options.ranges or options.design is not None or options.points is not None:
        problem = f"{options.file} is a study, which says itself what varies"
        raise ArgumentError([Fault(problem, allowed="--vary, --design and --range with a scenario")])
    keys = text.keys
    settings = (*(f"{path}={value}" for path, value in keys.set_.items()), *options.settings)
    design = (
        Design(keys.design, keys.points, _read_all(keys.range, text.positions, parse_range))
        if keys.design
        else None
    )
    try:
        scenario = simulate.load(text.scenario, settings)
        return make_study(
            scenario,
            _parse_values(keys.vary, text.positions, text.folder, settings),
            design=design,
            runs=(keys.runs or DEFAULT_RUNS) if options.runs is None else options.runs,
            seed=keys.seed if options.seed is None else options.seed,
            jobs=options.jobs,
            title=_study_title(keys.title, scenario, options, [*keys.vary, *keys.range]),
        )
    except InputError as error:
        faults = list(_locate_faults(error.faults, text.positions))
        is_in_file = any(fault.where is not None for fault in faults)
        raise (ScenarioError if is_in_file else type(error))(faults) from None


def _study_title(title: str, scenario: Scenario, options: SweepOptions, varied: Sequence[str]) -> str:
    """Return the title of a study, with the overrides of `--set` appended."""
    overridden = {setting.partition("=")[0].strip() for setting in options.settings}
    changes = {path: value for path, value in scenario.changes.items() if path in overridden}
    return title_with_changes(title, without_varied(changes, varied), scenario.change_names) if title else ""


def _locate_faults(faults: Sequence[Fault], places: Mapping[str, Where]) -> Iterator[Fault]:
    """Yield faults with the position of their path in the study file."""
    for fault in faults:
        inside = fault.where is None or fault.where.file.startswith(("<", "--set"))
        where = places.get(fault.path) if inside else None
        yield replace(fault, where=where) if where is not None else fault


def _parse_pairs(arguments: Sequence[str], option: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    faults = []
    for argument in arguments:
        path, equals, value = (part.strip() for part in argument.partition("="))
        if not (path and equals and value):
            faults.append(
                Fault(f"{option} {argument[:80]!r} is not PATH=VALUES", allowed="a path and its values")
            )
        elif path in pairs:
            faults.append(Fault(f"{option} names {path} twice", allowed="each path once"))
        pairs[path] = value
    if faults:
        raise ArgumentError(faults)
    return pairs


def _parse_values(
    texts: Mapping[str, str | tuple[str, ...]],
    places: Mapping[str, Where],
    folder: Path,
    settings: Sequence[str],
) -> dict[str, Any]:
    vary = _read_all(texts, places, lambda text: parse_values(text) if isinstance(text, str) else text)
    if isinstance(vary.get(SCENARIO), tuple):
        vary[SCENARIO] = _load_scenarios([folder / name for name in vary[SCENARIO]], settings)
    return vary


def _read_all(texts: Mapping[str, Any], places: Mapping[str, Where], parse: Any) -> dict[str, Any]:
    """Parse the text of each path; raise one error that lists every invalid text."""
    values = {}
    faults = []
    for path, text in texts.items():
        try:
            values[path] = parse(text)
        except ValueError as error:
            allowed = getattr(error, "allowed", "")
            faults.append(Fault(str(error), places.get(path), path, allowed))
    if faults:
        raise (ScenarioError if places else ArgumentError)(faults)
    return values


def _load_scenarios(files: Sequence[Path], settings: Sequence[str]) -> dict[str, Scenario]:
    names = labels_from_files(files) if len(files) > 1 else map(stem_of, files)
    scenarios = load_scenarios(files, lambda file: simulate.load(file, settings))
    return dict(zip(names, scenarios, strict=True))


def report(study: Study, status: SweepStatus, folder: Path, options: SweepOptions) -> None:
    """Print the summary as JSON or as text; raise `RunError` at the end if runs failed."""
    findings = sweep_findings(read_sweep(folder))
    if options.json:
        summary = parse_json((folder / SUMMARY_FILE).read_bytes())
        told = {"reused": status.reused, "findings": [finding.to_json() for finding in findings]}
        print_json({**summary, **told})
    elif not options.quiet:
        runs = f"{format_count(study.runs, 'run')} each, seed {study.seed}"
        reused = f" ({status.reused:,} were there)" if status.reused else ""
        typer.echo(f"{study.title}: {format_count(status.points, 'point')}, {runs}{reused}")
        typer.echo(
            f"Failed: {format_count(status.failed_points, 'point')}"
            if status.failed_points
            else "None failed"
        )
        for finding in findings:
            typer.echo(escape_control_characters(f"  {finding.sentence}"))
        if any(" lasts until " in finding.sentence for finding in findings):
            typer.echo(LASTS_MEANING)
        tables = [name for name in (CSV_TABLE, BREAKEVEN) if (folder / name).exists()]
        typer.echo(f"Table: {folder / TABLE}{''.join(f', {name}' for name in tables)}")
    if status.failed_points:
        points = format_count(status.failed_points, "point")
        failed = f"{format_count(status.failed_runs, 'run')} of {points} failed"
        raise RunError(f"{failed}, the first because: {status.first_reason}")
