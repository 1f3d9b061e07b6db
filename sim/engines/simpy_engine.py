"""The simpy model as an engine: one run after the other, in processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from sim.account import Axes
from sim.engines.engine import BlockOfRuns, Cells
from sim.engines.ledger_outcomes import block_from_ledgers, ledger_columns, run_outcomes
from sim.ensemble.pool import count_workers, map_blocks, split_runs
from sim.errors import Fault, RunError, ScenarioError
from sim.model.ledger import Ledger
from sim.model.run import run_once
from sim.model.world import RunInputs
from sim.outcomes import computed_by_engines
from sim.results.binning import NUMPY_BINNING, BinningBackend
from sim.results.block import Block
from sim.results.observed_runs import observe
from sim.results.run_sums import reduce_block
from sim.results.table_names import TABLES
from sim.results.trace_tables import Entries
from sim.scenario.number_listing import numbers_by_path
from sim.scenario.quantity import Day
from sim.scenario.result_axes import result_axes
from sim.scenario.scenario import Scenario
from sim.scenario.study_values import format_number

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class SimpyEngine:
    """The simpy model for one scenario; see `Engine`."""

    name: ClassVar[str] = "simpy"
    backend: ClassVar[Literal["processes", "threading"]] = "processes"
    is_fast: ClassVar[bool] = False
    binning: ClassVar[BinningBackend] = NUMPY_BINNING
    scenario: Scenario
    counted_from: int = 0
    """As in `Axes`."""

    @property
    def axes(self) -> Axes:
        """See `Engine.axes`."""
        return result_axes(self.scenario)

    def allocate(self, shape: tuple[int, ...]) -> Floats:
        """See `Engine.allocate`."""
        return np.empty(shape)

    def split(self, runs: int, workers: int) -> list[range]:
        """See `Engine.split`."""
        return split_runs(runs, workers)

    def run(self, block: BlockOfRuns) -> Block:
        """Simulate a block of runs, always all days; see `Engine.run`."""
        ledgers = [self._ledger(block.seed, run) for run in block.runs]
        found = block_from_ledgers(ledgers, self.counted_from)
        if block.observation is not None:
            columns = ledger_columns(ledgers) if block.observation.needs_origins else {}
            arrays = found.axes, found.level, found.flows, columns, found.drawn
            found = replace(found, observed=observe(block.observation, *arrays))
        return found if block.tables == TABLES else reduce_block(found, block.tables)

    def entries(self, seed: int, run: int) -> Entries:
        """See `Engine.entries`."""
        ledger = self._ledger(seed, run)
        return Entries(
            *(ledger.axes, ledger.columns, ledger.opening, ledger.closing, ledger.voyages, ledger.claims)
        )

    def cell_outcomes(
        self, cells: Cells, seed: int, runs: int, jobs: int | None
    ) -> tuple[Floats, dict[int, str]]:
        """Return the outcomes of cells, with a modified scenario for each; see `Engine.cell_outcomes`."""
        numbers = numbers_by_path(self.scenario)
        kinds = [(numbers[path].quantity.unit, numbers[path].quantity.after) for path in cells.paths]
        texts = [
            {
                path: format_number(value, *kind)
                for path, value, kind in zip(cells.paths, values, kinds, strict=True)
            }
            for values in cells.values.tolist()
        ]
        used = count_workers(jobs, runs * len(texts))
        tasks = [(changes, part) for changes in texts for part in split_runs(runs, used)]
        done = list(map_blocks(partial(_cell_block, self, seed), tasks, used))
        each = len(tasks) // len(texts)
        reasons: dict[int, str] = {}
        for place, (_, reason) in enumerate(done):
            if reason:
                reasons.setdefault(place // each, reason)
        rows = [[part for part, _ in done[c : c + each]] for c in range(0, len(done), each)]
        return np.stack([np.concatenate(parts, axis=1) for parts in rows], axis=1), reasons

    def _ledger(self, seed: int, run: int) -> Ledger:
        try:
            return run_once(self.scenario, seed, run)
        except RunError as error:
            raise RunError(f"run {run}: {error}") from _rule_error(error)


def event_days(scenario: Scenario, day: Day, seed: int, runs: int) -> NDArray[np.int64]:
    """Return a day in runs 0 to `runs` - 1, in days from the start, rounded as all days (rule 35).

    Parameters
    ----------
    scenario : Scenario
    day : datetime.date or Quantity
        A date, or one that counts from an event of the scenario.
    seed, runs : int
    """
    found = [RunInputs(scenario, seed, run).day_of(day) for run in range(runs)]
    return np.array(found, dtype=np.int64)


def _cell_block(whole: SimpyEngine, seed: int, task: tuple[Mapping[str, str], range]) -> tuple[Floats, str]:
    """Return outcomes of a cell, shape (outcomes, runs), nan for failed runs, and the first reason."""
    changes, runs = task
    scenario = whole.scenario
    axes = whole.axes
    names = computed_by_engines(scenario.thresholds, axes.consumers, axes.added_outcomes)
    failed = np.full((len(names), 1), np.nan)
    try:
        engine = replace(whole, scenario=scenario.replace(changes) if changes else scenario)
    except ScenarioError as error:
        return np.repeat(failed, len(runs), axis=1), f"run {runs.start}: {_fault_text(error.faults[0])}"
    columns: list[Floats] = []
    first = ""
    for run in runs:
        try:
            columns.append(run_outcomes(engine.run(BlockOfRuns(seed, range(run, run + 1)))))
        except RunError as error:
            first = first or str(error)
            columns.append(failed)
    return np.concatenate(columns, axis=1), first


def _fault_text(fault: Fault) -> str:
    """Return a fault as the reason of a failed run, without file position."""
    return f"{fault.path.rpartition('.')[0]}: {fault.problem}"


def _rule_error(error: RunError) -> BaseException | None:
    """Return the exception that a rationing rule in Python raised; None if there is none."""
    cause = error.__cause__
    while isinstance(cause, RunError):
        cause = cause.__cause__
    return cause
