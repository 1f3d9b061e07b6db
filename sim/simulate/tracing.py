"""Trace one run: every ledger entry and voyage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engines.selection import make_engine, run_on_path
from sim.errors import ArgumentError, Fault
from sim.simulate.loading import Rules, ScenarioLike, as_scenario
from sim.simulate.running import MAX_RUNS, check_arguments, choose_engine

if TYPE_CHECKING:
    from sim.ensemble.native.paths import EnginePath
    from sim.results.trace_tables import Trace


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

    def work(path: EnginePath) -> Trace:
        used = make_engine(checked, path)
        return Trace(used.entries(seed, run), checked.full_title, run, seed, used.name)

    return run_on_path(choose_engine(engine, checked, 1), work)
