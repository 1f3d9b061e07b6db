"""One ensemble, run again and again with changed inputs: the core of a page with sliders."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sim.engines.selection import make_engine, resolve_engine, run_on_path
from sim.results.table_names import check_tables
from sim.scenario.number_listing import is_uncertain
from sim.scenario.scenario import Scenario
from sim.scenario.unknown_stock import require_known
from sim.simulate.loading import Rules, ScenarioLike, as_scenario
from sim.simulate.running import DEFAULT_RUNS, check_arguments, choose_engine, make_result, run_ensemble

if TYPE_CHECKING:
    from sim.engines.compiled_engine import EngineMemory
    from sim.ensemble.native.paths import EnginePath
    from sim.results.result import Result

_NO_CHANGES: Mapping[str, Any] = MappingProxyType({})


class LiveEnsemble:
    """The runs of one scenario under one seed, with inputs that change from one call to the next.

    The compiled engine keeps its draws: an input that only the daily account reads, such as a stock or a
    rate, costs no draw, and one of a supplier only the draws of suppliers. The numbers are those of
    `sim.run`. Calls from several threads are safe.

    Parameters
    ----------
    scenario, runs, seed, engine, jobs, rules
        As for `sim.run`.
    tables : collection of str, optional
        Tables to make, as for `sim.run`: the fewer, the quicker.

    Examples
    --------
    >>> live = sim.LiveEnsemble("scenarios/white-house-2023.yaml", tables=("stock", "flows"))
    >>> live.run({"depots.tikhoretsk.stock": "4M"}).stock
    """

    def __init__(
        self,
        scenario: ScenarioLike,
        *,
        runs: int | None = None,
        seed: int = 1,
        engine: str = "auto",
        jobs: int | None = None,
        rules: Rules | None = None,
        tables: Collection[str] | None = None,
    ) -> None:
        self.scenario = as_scenario(scenario, rules)
        require_known(self.scenario, "a live ensemble")
        self.runs = (DEFAULT_RUNS if is_uncertain(self.scenario) else 1) if runs is None else runs
        check_arguments(self.runs, seed, engine, jobs)
        self.seed = seed
        self.tables = check_tables(tables)
        self._engine = choose_engine(resolve_engine(engine), self.scenario, self.runs)
        self._jobs = jobs
        self._memory: EngineMemory | None = None

    def run(self, changes: Mapping[str, Any] | Scenario = _NO_CHANGES) -> Result:
        """Run the ensemble with some inputs of the scenario changed.

        Parameters
        ----------
        changes : mapping of str to object, or Scenario
            New values by path, as for `Scenario.replace`; other inputs are those of the scenario. Or the
            changed scenario itself.

        Raises
        ------
        ScenarioError
            A path does not exist, or the changed scenario is invalid.
        RunError, EngineError
            As for `sim.run`.
        """
        changed = changes if isinstance(changes, Scenario) else self._with_changes(changes)

        def work(path: EnginePath) -> Result:
            used = make_engine(changed, path, memory=self._shared_memory())
            ensemble = run_ensemble(used, self.seed, self.runs, self._jobs, None, self.tables)
            return make_result(changed, ensemble, self.seed, used.name, path)

        return run_on_path(self._engine, work)

    def _with_changes(self, changes: Mapping[str, Any]) -> Scenario:
        return self.scenario.replace(changes) if changes else self.scenario

    def _shared_memory(self) -> EngineMemory:
        from sim.engines.compiled_engine import EngineMemory

        if self._memory is None:
            self._memory = EngineMemory(keeps_draws=True)
        return self._memory

    def __repr__(self) -> str:
        return f"<LiveEnsemble {self.scenario.full_title!r}: {self.runs} runs, seed {self.seed}>"
