"""Outcomes of the cells of a study, from the engine of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engines import selection
from sim.engines.engine import Cells
from sim.engines.selection import Finding, make_engine, resolve_engine, run_on_path
from sim.outcomes import computed_by_engines, outcomes_of_run, with_formulas
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.account import Axes
    from sim.ensemble.native.paths import EnginePath
    from sim.ensemble.scenario_tables import Plan
    from sim.scenario.quantity import Day


def lower_scenario(scenario: Scenario) -> Plan:
    """Return the numeric tables of a scenario for the compiled engine; see `sim.ensemble.lowering`."""
    from sim.ensemble.lowering import lower

    return lower(scenario)


def outcome_names(plan: Plan) -> tuple[str, ...]:
    """Return the names of the outcomes of a run, in the order of `cell_outcomes`."""
    axes = plan.axes
    found = outcomes_of_run(axes.thresholds, axes.consumers, axes.added_outcomes)
    return tuple(outcome.name for outcome in found)


def cell_outcomes(
    cells: Cells, seed: int, runs: int, jobs: int | None, engine: str = "auto"
) -> tuple[NDArray[np.float64], dict[int, str]]:
    """Return the outcomes of every cell, and the reasons of failed cells, by index.

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
        return make_engine(cells.scenario, path, cells.plan).cell_outcomes(cells, seed, runs, jobs)

    values, reasons = run_on_path(resolve_engine(engine), work)
    return _with_formulas(cells.plan.axes, values), reasons


def _with_formulas(axes: Axes, computed: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return every outcome, given those that engines compute: the first axis of both."""
    import numpy as np

    parts = axes.consumers, axes.added_outcomes
    by_name = dict(zip(computed_by_engines(axes.thresholds, *parts), computed, strict=True))
    return np.stack(list(with_formulas(axes.thresholds, by_name, *parts).values()))


def event_days(scenario: Scenario, day: Day, seed: int, runs: int) -> NDArray[np.int64]:
    """Return a day that may count from an event in each run; see `sim.engines.simpy_engine`."""
    from sim.engines import simpy_engine

    return simpy_engine.event_days(scenario, day, seed, runs)


def engine_path(engine: str = "auto") -> EnginePath:
    """Return the engine path for studies on this machine; compile and self-test it on first use."""
    return run_on_path(resolve_engine(engine), lambda path: path)


def engine_findings(engine: str = "auto") -> list[Finding]:
    """Return a finding for each path of an engine, up to the first that can run; see `sim.engines`."""
    return selection.findings(resolve_engine(engine))
