"""Run scenarios: load, choose the engine, run on all cores, aggregate.

The public API, the command line and every study use this module.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim import evidence
from sim.engines import ENGINES, Finding, findings, resolve_engine, run_on_path
from sim.errors import ArgumentError, Fault, RunError, ScenarioError, nearest
from sim.evidence import Table
from sim.outcomes import computed_by_engines, outcomes_of_run, with_formulas
from sim.scenario.citation import Citation
from sim.scenario.external_names import Rule
from sim.scenario.input_file import name_of
from sim.scenario.lint import lint
from sim.scenario.loader import load_file as load_file
from sim.scenario.loader import load_plain, with_rules
from sim.scenario.name_checks import NAME_PATTERN, NAMES_ALLOWED
from sim.scenario.number_listing import is_uncertain, list_numbers
from sim.scenario.path import is_within
from sim.scenario.rationing_rules import RULES
from sim.scenario.scenario import Scenario
from sim.scenario.study_values import format_number

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.ensemble.buffer_pool import BufferPool
    from sim.ensemble.native.paths import EnginePath
    from sim.ensemble.scenario_tables import Plan
    from sim.results.block import Block
    from sim.results.ensemble_results import Ensemble
    from sim.results.provenance import Source
    from sim.results.result import Result
    from sim.results.trace_tables import Entries, Trace

#: Above this number of runs the compiled engine is faster, including the time to load it.
MAX_SIMPY_RUNS = 100
DEFAULT_RUNS = 1000
RULE_ALLOWED = "a function (requirement, planned, level, cover, mean_inflow) -> shells"
MAX_SEED = 2**64 - 1
MAX_RUNS = 10_000_000
Progress = Callable[[int, int], None]
ScenarioLike = Scenario | str | os.PathLike[str] | Mapping[str, Any]
#: Rationing rules in Python, by name (rule 13).
Rules = Mapping[str, Rule]


def load(
    path: str | os.PathLike[str],
    settings: Sequence[str] = (),
    table: Table | None = None,
    rules: Rules | None = None,
    data: bytes | None = None,
) -> Scenario:
    """Read and validate a scenario file.

    Parameters
    ----------
    path : str or Path
    settings : sequence of str
        Overrides of the file, as ``PATH=VALUE``.
    table : Table, optional
        Published estimates that sources may cite, besides those of the file; by default the shipped ones.
    rules : mapping of str to callable, optional
        Rationing rules that the file may name, as for `run`.
    data : bytes, optional
        Content of the file, if already read: a pipe can be read only once.

    Raises
    ------
    ScenarioError
        Lists every fault with file, line, column and path.
    ArgumentError
        A rule has an invalid name or is not callable.
    """
    ids = (table or evidence.load()).ids()
    own = _check_rules(rules)
    return load_file(Path(path), ids, settings, ids_of=_IdReader(table), rules=own, data=data)


def as_scenario(source: ScenarioLike, rules: Rules | None = None, table: Table | None = None) -> Scenario:
    """Return a validated scenario from a scenario, a file or a dictionary, with rationing rules added."""
    if isinstance(source, Scenario):
        return with_rules(source, _check_rules(rules)) if rules else source
    if isinstance(source, Mapping):
        own = _check_rules(rules)
        ids = (table or evidence.load()).ids()
        return load_plain(source, ids, ids_of=_IdReader(table), rules=own)
    return load(source, table=table, rules=rules)


@dataclass(frozen=True)
class _IdReader:
    """Returns the ids of a user table merged with a base table; the shipped one if None."""

    base: Table | None

    def __call__(self, raw: bytes, name: str) -> Sequence[str]:
        return (self.base or evidence.load()).merged(evidence.table_of(raw, name)).ids()


def _check_rules(rules: Rules | None) -> Rules:
    faults = []
    for name, rule in (rules or {}).items():
        if name in RULES:
            faults.append(Fault(f"the rule {name!r} is there for every file", allowed="another name"))
        elif not isinstance(name, str) or not NAME_PATTERN.fullmatch(name):
            faults.append(Fault(f"{name!r} is not the name of a rule", allowed=NAMES_ALLOWED))
        elif not callable(rule):
            faults.append(Fault(f"the rule {name!r} is not a function", allowed=RULE_ALLOWED))
    if faults:
        raise ArgumentError(faults)
    return rules or {}


def evidence_of(scenario: Scenario, table: Table | None = None) -> Table:
    """Return the estimates that a scenario may cite: `table` or the shipped one, merged with its own."""
    base, own = table or evidence.load(), scenario.evidence
    return base if own is None else base.merged(evidence.table_of(own.data, own.file))


def warnings(scenario: ScenarioLike, table: Table | None = None) -> list[Fault]:
    """Lint a scenario: valid but suspicious settings, and values that differ from their cited sources.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
        As for `run`.
    table : Table, optional
        As for `load`.

    Raises
    ------
    ScenarioError
        The scenario is not valid.
    """
    checked = as_scenario(scenario, table=table)
    rows, draws = evidence_of(checked, table), checked.draws
    found = lint(checked)
    for listed in list_numbers(checked):
        quantity, value = listed.quantity, listed.quantity.value
        if draws is not None and quantity.path in draws:
            value = draws.median(quantity.path)
        for source in quantity.sources:
            row = rows.get(source) if isinstance(source, str) else None
            text = evidence.compare(row, listed.key, value) if row is not None else None
            if text:
                found.append(Fault(text, quantity.where, quantity.path))
    return found


def run(
    scenario: ScenarioLike,
    *,
    runs: int | None = None,
    seed: int = 1,
    engine: str = "auto",
    jobs: int | None = None,
    progress: Progress | None = None,
    rules: Rules | None = None,
) -> Result:
    """Simulate an ensemble of runs of a scenario.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
        A scenario, its file, or its plain data.
    runs : int, optional
        Number of runs; by default 1,000, or 1 if nothing is uncertain.
    seed : int
        0 to 2^64 - 1. Each run depends only on the seed and its run number.
    engine : {"auto", "simpy", "compiled", "native", "numba"}
        The readable simpy model, or the compiled engine with equal results. ``auto`` uses the compiled engine
        for many runs, and the simpy model if no compiled path works. ``native`` and ``numba`` force a path of
        the compiled engine. The environment variable ``MUNITIONS_SIM_ENGINE`` replaces ``auto``.
    jobs : int, optional
        Number of workers; by default all cores. The result does not depend on it.
    progress : callable, optional
        Called with (runs done, total runs).
    rules : mapping of str to callable, optional
        Rationing rules in Python that the scenario may name: functions (requirement, planned, level, cover,
        mean_inflow) -> shells, all floats; see `sim.scenario.rationing_rules.proportional` (rule 13).

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError
        The scenario is not valid.
    ArgumentError
        `runs`, `seed`, `engine` or `jobs` is out of range, or a rule has an invalid name.
    RunError
        The drawn values of a run are impossible, or a rationing rule raises or returns an invalid value.
    EngineError
        The engine cannot run on this machine.
    """
    checked = as_scenario(scenario, rules)
    count = (DEFAULT_RUNS if is_uncertain(checked) else 1) if runs is None else runs
    check_arguments(count, seed, engine, jobs)

    def work(path: EnginePath) -> Result:
        if path == "python":
            found, chosen = _run_simpy(checked, count, seed, jobs, progress), "simpy"
        else:
            found, chosen = _run_compiled(checked, count, seed, jobs, progress, path), "compiled"
        return _make_result(checked, found, seed, chosen, path)

    return run_on_path(_choose_engine(resolve_engine(engine), checked, count), _self_test, work)


def trace(
    scenario: ScenarioLike, run: int, *, seed: int = 1, engine: str = "auto", rules: Rules | None = None
) -> Trace:
    """Return every ledger entry and voyage of one run; both engines return the same.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
    run : int
        Run number from 0: the same run as in `sim.run` with the same seed.
    seed : int
    engine : {"auto", "simpy", "compiled"}
        ``auto`` is the simpy model.
    rules : mapping of str to callable, optional
        As for `run`.

    Raises
    ------
    ScenarioError, ArgumentError, RunError
        As for `run`.
    """
    from sim.results.trace_tables import Trace

    checked = as_scenario(scenario, rules)
    check_arguments(1, seed, engine, None)
    if not 0 <= run < MAX_RUNS:
        raise ArgumentError([Fault(f"there is no run {run}", allowed=f"0 to {MAX_RUNS - 1:,}")])
    chosen = _choose_engine(engine, checked, 1)
    entries = _compiled_entries if chosen == "compiled" else _simpy_entries
    return Trace(entries(checked, seed, run), checked.full_title, run, seed, chosen)


def _simpy_entries(scenario: Scenario, seed: int, run: int) -> Entries:
    from sim.model.run import run_once
    from sim.results.trace_tables import Entries

    try:
        ledger = run_once(scenario, seed, run)
    except RunError as error:
        raise RunError(f"run {run}: {error}") from _rule_error(error)
    return Entries(ledger.axes, ledger.columns, ledger.opening, ledger.closing, ledger.voyages)


def _compiled_entries(scenario: Scenario, seed: int, run: int) -> Entries:
    from sim.ensemble.entries import entries_of_run
    from sim.results.trace_tables import Entries

    plan = lower_scenario(scenario)
    found = entries_of_run(plan, seed, run)
    columns = {key: column.tolist() for key, column in found.columns.items()}
    return Entries(plan.axes, columns, found.opening, found.closing, found.voyages)


def check_arguments(runs: int, seed: int, engine: str, jobs: int | None) -> None:
    """Raise `ArgumentError` if the number of runs, seed, engine or number of workers is invalid."""
    faults = []
    if not 1 <= runs <= MAX_RUNS:
        faults.append(Fault(f"{runs} runs", allowed=f"1 to {MAX_RUNS:,}"))
    if not 0 <= seed <= MAX_SEED:
        faults.append(Fault(f"the seed {seed}", allowed="0 to 2^64 - 1"))
    if engine not in ENGINES:
        faults.append(
            Fault(
                f"there is no engine {engine!r}", allowed=", ".join(ENGINES), nearest=nearest(engine, ENGINES)
            )
        )
    if jobs is not None and jobs < 1:
        faults.append(Fault(f"{jobs} jobs", allowed="1 or more"))
    if faults:
        raise ArgumentError(faults)


def _choose_engine(engine: str, scenario: Scenario, runs: int) -> str:
    return "simpy" if engine == "auto" and (runs <= MAX_SIMPY_RUNS or scenario.own_rules) else engine


def _run_compiled(
    scenario: Scenario,
    runs: int,
    seed: int,
    jobs: int | None,
    progress: Progress | None,
    path: EnginePath,
) -> Ensemble:
    from sim.ensemble.binning_kernels import assign_bins, count_bins
    from sim.ensemble.buffer_pool import BufferPool
    from sim.ensemble.engine import runs_per_batch
    from sim.ensemble.lowering import lower
    from sim.ensemble.native.kernels import bound
    from sim.ensemble.native.paths import using
    from sim.ensemble.pool import count_workers, map_blocks
    from sim.results.aggregation import aggregate
    from sim.results.binning import BinningBackend

    plan = lower(scenario)
    size = runs_per_batch(plan)
    cut = [range(first, min(first + size, runs)) for first in range(0, runs, size)]
    workers, buffers = count_workers(jobs, runs), BufferPool()

    def blocks(days: range) -> Iterator[Block]:
        # The sizes of arrays depend on the range of days.
        buffers.release_all()
        return map_blocks(partial(compiled_block, plan, seed, days, buffers), cut, workers, "threading")

    counting = BinningBackend(bound(assign_bins, path), bound(count_bins, path))
    with using(path):
        found = _with_progress(blocks(range(plan.axes.days)), runs, progress)
        return aggregate(found, runs, blocks, workers, buffers.empty, counting)


def compiled_block(plan: Plan, seed: int, days: range, buffers: BufferPool, runs: range) -> Block:
    """Simulate runs with the compiled engine and return them as a block; the task of one worker.

    Parameters
    ----------
    plan : Plan
    seed : int
    days : range
        Days of which levels and flows are kept; unless they are all days, the block has nothing else.
    buffers : BufferPool
        Source of the daily arrays, which return to it when the block is freed.
    runs : range

    Raises
    ------
    RunError
        A run fails; the message has its number.
    """
    import numpy as np

    from sim.ensemble.engine import (
        KeepOptions,
        balance_errors,
        draw_block,
        monthly_sums,
        raise_failures,
        run_account,
        sustained_fire,
        voyage_builder,
    )
    from sim.results.block import PATH_RUNS, Block, LazyVoyages

    whole = len(days) == plan.axes.days
    path_runs = range(runs.start, min(runs.stop, PATH_RUNS))
    drawn = draw_block(plan, seed, runs, kept=len(path_runs), shelf=buffers)
    keep = KeepOptions(days.start, days.stop, flows=True, months=whole, is_whole=whole)
    kept = run_account(plan, drawn, keep, buffers)
    raise_failures(plan, drawn, kept)
    tally = kept.tally
    fire, met = sustained_fire(kept, plan.axes.days)
    builders = [voyage_builder(plan, drawn, plan.suppliers, place) for place in range(len(path_runs))]
    return Block(
        axes=plan.axes,
        runs=tuple(runs),
        level=_runs_first(tally.level),
        planned=_runs_first(tally.planned),
        flows={kind: _runs_first(flow) for kind, flow in kept.flows.items()},
        months={key: sums.T for key, sums in monthly_sums(plan, kept).items()},
        below=_runs_first(np.moveaxis(tally.below, 0, 1)),
        exhausted=_runs_first(tally.exhausted),
        rationed=_runs_first(tally.rationed),
        fire=_runs_first(fire),
        met=_runs_first(met),
        drawn={path: drawn.values[row] for path, row in sorted(plan.drawn.items())},
        balance=balance_errors(plan, drawn, kept) if whole else np.zeros(len(runs)),
        voyages=LazyVoyages(
            lambda: ((run, trip) for run, build in zip(path_runs, builders, strict=True) for trip in build())
        ),
    )


def _runs_first(figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an array with its last axis, the runs, moved first."""
    return figures.transpose(figures.ndim - 1, *range(figures.ndim - 1))


def _run_simpy(
    scenario: Scenario, runs: int, seed: int, jobs: int | None, progress: Progress | None
) -> Ensemble:
    from sim.ensemble.pool import count_workers, map_blocks, split_runs
    from sim.results.aggregation import aggregate

    used = count_workers(jobs, runs)
    blocks = map_blocks(partial(simpy_block, scenario, seed), split_runs(runs, used), used)
    return aggregate(_with_progress(blocks, runs, progress), runs)


def lower_scenario(scenario: Scenario) -> Plan:
    """Return the numeric tables of a scenario for the compiled engine; see `sim.ensemble.lowering`."""
    from sim.ensemble.lowering import lower

    return lower(scenario)


def outcome_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the outcomes of a run, in the order of `cell_outcomes`."""
    return tuple(outcome.name for outcome in outcomes_of_run(plan.axes.thresholds))


class Cells(NamedTuple):
    """Cells of a study: values of several numbers of one scenario.

    Attributes
    ----------
    scenario : Scenario
    plan : Plan
        The lowered scenario.
    paths : tuple of str
    values : array, shape (cells, paths)
        In base units; dates as ordinals.
    """

    scenario: Scenario
    plan: Plan
    paths: tuple[str, ...]
    values: NDArray[np.float64]


def cell_outcomes(
    cells: Cells, seed: int, runs: int, jobs: int | None, engine: str = "auto"
) -> tuple[NDArray[np.float64], dict[int, str]]:
    """Return the outcomes of every cell, and the reasons of failed cells, by index.

    The compiled engine uses `sim.ensemble.sweep_kernel.run_cells_parallel`.

    Parameters
    ----------
    cells : Cells
    seed : int
    runs : int
        Runs 0 to `runs` - 1 of each cell.
    jobs : int, optional
    engine : str
        As for `run`.

    Raises
    ------
    EngineError
        The engine cannot run on this machine.
    """

    def work(path: EnginePath) -> tuple[NDArray[np.float64], dict[int, str]]:
        if path == "python":
            return _simpy_cells(cells, seed, runs, jobs)
        return _compiled_cells(cells, seed, runs, jobs, path)

    values, reasons = run_on_path(resolve_engine(engine), _self_test, work)
    return _with_formulas(cells.plan.axes.thresholds, values), reasons


def _with_formulas(thresholds: Sequence[float], computed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return every outcome, given those that engines compute: the first axis of both."""
    import numpy as np

    names = computed_by_engines(thresholds)
    if len(names) == len(outcomes_of_run(thresholds)):
        return computed
    return np.stack(list(with_formulas(thresholds, dict(zip(names, computed, strict=True))).values()))


def engine_path(engine: str = "auto") -> EnginePath:
    """Return the engine path for studies on this machine; compile and self-test it on first use."""
    return run_on_path(resolve_engine(engine), _self_test, lambda path: path)


def engine_findings(engine: str = "auto") -> list[Finding]:
    """Return a finding for each path of an engine, up to the first that can run; see `sim.engines`."""
    return findings(resolve_engine(engine), _self_test)


def _compiled_cells(
    cells: Cells, seed: int, runs: int, jobs: int | None, path: EnginePath
) -> tuple[NDArray[np.float64], dict[int, str]]:
    from sim.ensemble.native.paths import using
    from sim.ensemble.sweep_kernel import run_cells_parallel

    # A number that the engine never reads has no row and no effect.
    rows = [cells.plan.rows.get(varied, ()) for varied in cells.paths]
    with using(path):
        return run_cells_parallel(cells.plan, seed, rows, cells.values, runs, jobs)


def _simpy_cells(
    cells: Cells, seed: int, runs: int, jobs: int | None
) -> tuple[NDArray[np.float64], dict[int, str]]:
    """Return the outcomes of cells from the simpy model, with a modified scenario for each cell."""
    import numpy as np

    from sim.ensemble.pool import count_workers, map_blocks, split_runs

    units = {listed.quantity.path: listed.quantity.unit for listed in list_numbers(cells.scenario)}
    texts = [
        {path: format_number(value, units[path]) for path, value in zip(cells.paths, values, strict=True)}
        for values in cells.values.tolist()
    ]
    used = count_workers(jobs, runs * len(texts))
    blocks = [(changes, block) for changes in texts for block in split_runs(runs, used)]
    done = list(map_blocks(partial(_simpy_outcomes, cells.scenario, seed), blocks, used))
    each = len(blocks) // len(texts)
    found = [
        np.concatenate([part for part, _ in done[c * each : (c + 1) * each]], axis=1)
        for c in range(len(texts))
    ]
    reasons: dict[int, str] = {}
    for place, (_, reason) in enumerate(done):
        if reason:
            reasons.setdefault(place // each, reason)
    return np.stack(found, axis=1), reasons


def _simpy_outcomes(
    scenario: Scenario, seed: int, work: tuple[Mapping[str, str], range]
) -> tuple[NDArray[np.float64], str]:
    """Return outcomes of a cell, shape (outcomes, runs), nan for failed runs, and the first reason."""
    import numpy as np

    from sim.results.run_outcomes import run_outcomes

    changes, runs = work
    failed = np.full((len(computed_by_engines(scenario.thresholds)), 1), np.nan)
    try:
        cell = scenario.replace(changes) if changes else scenario
    except ScenarioError as error:
        return np.repeat(failed, len(runs), axis=1), f"run {runs.start}: {_fault_text(error.faults[0])}"
    columns: list[NDArray[np.float64]] = []
    first = ""
    for run_number in runs:
        try:
            columns.append(run_outcomes(simpy_block(cell, seed, range(run_number, run_number + 1))))
        except RunError as error:
            first = first or str(error)
            columns.append(failed)
    return np.concatenate(columns, axis=1), first


def _fault_text(fault: Fault) -> str:
    """Return a fault as the reason of a failed run, without file position."""
    return f"{fault.path.rpartition('.')[0]}: {fault.problem}"


def _self_test(path: EnginePath) -> str:
    """Return the difference of a compiled path from the simpy model; empty if there is none."""
    import numpy as np

    from sim import self_test
    from sim.ensemble.buffer_pool import BufferPool
    from sim.ensemble.native import warm_up
    from sim.ensemble.native.paths import using
    from sim.ensemble.pool import map_blocks

    def cells_of(scenario: Scenario, plan: Plan) -> Cells:
        values = np.array(list(self_test.VARIED.values())).T
        return Cells(scenario, plan, tuple(self_test.VARIED), values)

    def simpy() -> tuple[Block, dict[str, NDArray[Any]]]:
        cells = _simpy_cells(cells_of(checked, plan), self_test.SEED, len(self_test.RUNS), 1)
        return simpy_block(checked, self_test.SEED, self_test.RUNS), {"cells": cells[0]}

    def compiled() -> tuple[Block, dict[str, NDArray[Any]]]:
        # In a thread, so that the main thread handles SIGINT during compilation.
        work = partial(compiled_block, plan, self_test.SEED, range(plan.axes.days), BufferPool())
        (block,) = map_blocks(work, [self_test.RUNS], 1, "threading")
        cells = _compiled_cells(cells_of(checked, plan), self_test.SEED, len(self_test.RUNS), 1, path)
        return block, {"cells": cells[0]}

    with using(path):
        # Compile the largest kernel in a background process, if it is not cached.
        warm_up.start()
        checked = self_test.scenario()
        plan = lower_scenario(checked)
        return self_test.difference(simpy, compiled)


def _with_progress(blocks: Iterable[Block], runs: int, progress: Progress | None) -> Iterator[Block]:
    """Yield the blocks and report progress."""
    done = 0
    for block in blocks:
        done += len(block.runs)
        yield block
        # Return its buffers to the pool before the next block.
        del block
        if progress is not None:
            progress(done, runs)


def simpy_block(scenario: Scenario, seed: int, runs: range) -> Block:
    """Simulate runs with the simpy model and return them as a block; the task of one worker.

    Raises
    ------
    RunError
        A run fails; the message has its number.
    """
    from sim.model.run import run_once
    from sim.results.ledger_outcomes import block_from_ledgers

    ledgers = []
    for number in runs:
        try:
            ledgers.append(run_once(scenario, seed, number))
        except RunError as error:
            raise RunError(f"run {number}: {error}") from _rule_error(error)
    return block_from_ledgers(ledgers)


def _rule_error(error: RunError) -> BaseException | None:
    """Return the exception that a rationing rule in Python raised; None if there is none."""
    cause = error.__cause__
    while isinstance(cause, RunError):
        cause = cause.__cause__
    return cause


def _make_result(scenario: Scenario, ensemble: Ensemble, seed: int, engine: str, path: EnginePath) -> Result:
    from sim.results.result import Result

    return Result(
        ensemble=ensemble,
        title=scenario.full_title,
        seed=seed,
        engine=engine,
        engine_path=str(path),
        scenario_text=scenario.text(),
        inputs=scenario.digests,
        **provenance_of(scenario)._asdict(),
    )


class ScenarioProvenance(NamedTuple):
    """Provenance of a scenario, for results.

    Attributes
    ----------
    sources : tuple of Source
        Published estimates that it cites.
    notes : tuple of str
        Caveats for the reader.
    evidence : str
        SHA-256 of the table of estimates.
    """

    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    evidence: str


def provenance_of(scenario: Scenario, varied: Sequence[str] = ()) -> ScenarioProvenance:
    """Return the provenance of a scenario; its warnings name files without folders.

    Parameters
    ----------
    scenario : Scenario
    varied : sequence of str
        Paths that a study varies; their sources are omitted.
    """
    table = evidence_of(scenario)
    notes = (
        *(str(_drop_folder(warning)) for warning in warnings(scenario)),
        *(f"the rule {name!r} is a function of Python that is not kept here" for name in scenario.own_rules),
    )
    return ScenarioProvenance(_sources(scenario, table, varied), notes, table.digest())


def _sources(scenario: Scenario, table: Table, varied: Sequence[str]) -> tuple[Source, ...]:
    quantities = (each.quantity for each in list_numbers(scenario))
    cited = (each for each in quantities if not any(is_within(each.path, path) for path in varied))
    found = dict.fromkeys(source for quantity in cited for source in quantity.sources)
    return tuple(made for source in found if (made := _cited_source(source, table)) is not None)


def _cited_source(source: str | Citation, table: Table) -> Source | None:
    """Return a source for results: a row of the table or a page; None for an id that the table lacks."""
    from sim.results.provenance import Source

    if isinstance(source, Citation):
        return Source(source.url, source.claimant, published=_iso(source.published))
    row = table.get(source)
    if row is None:
        return None
    return Source(row.id, row.claimant, row.publisher, _iso(row.published), row.confidence)


def _iso(date: dt.date | None) -> str:
    return date.isoformat() if date is not None else ""


def _drop_folder(warning: Fault) -> Fault:
    """Return a warning without folders in its file name, so that manifests are reproducible."""
    if warning.where is None:
        return warning
    return replace(warning, where=replace(warning.where, file=name_of(Path(warning.where.file))))
