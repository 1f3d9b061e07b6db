"""Run a scenario: an ensemble of runs, in parallel blocks, or every ledger entry of one run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.engines.engine import BlockOfRuns, Engine
from sim.engines.selection import ENGINES, make_engine, resolve_engine, run_on_path
from sim.errors import ArgumentError, Fault, nearest
from sim.results.table_names import DAILY, check_tables
from sim.scenario.number_listing import is_uncertain, list_numbers
from sim.scenario.result_axes import result_axes
from sim.scenario.scenario import Scenario
from sim.scenario.unknown_stock import require_known
from sim.simulate.loading import Rules, ScenarioLike, as_scenario
from sim.simulate.provenance import provenance_of

if TYPE_CHECKING:
    from sim.ensemble.native.paths import EnginePath
    from sim.observables import Observable
    from sim.results.block import Block
    from sim.results.ensemble_results import Ensemble
    from sim.results.observed_runs import Observation
    from sim.results.result import Result
    from sim.results.trace_tables import Trace

#: Above this number of runs the compiled engine is faster, including the time to load it.
MAX_SIMPY_RUNS = 100
DEFAULT_RUNS = 1000
MAX_SEED = 2**64 - 1
MAX_RUNS = 10_000_000
Progress = Callable[[int, int], None]


def run(
    scenario: ScenarioLike,
    *,
    runs: int | None = None,
    seed: int = 1,
    engine: str = "auto",
    jobs: int | None = None,
    progress: Progress | None = None,
    rules: Rules | None = None,
    tables: Collection[str] | None = None,
    observe: Sequence[Observable] = (),
) -> Result:
    """Simulate an ensemble of runs of a scenario whose opening stocks are known.

    `sim.run` solves for an unknown stock and calls this function. It describes the parameters and the
    exceptions, which are the same.
    """
    checked = as_scenario(scenario, rules)
    require_known(checked, "`sim.simulate.run`")
    count = (DEFAULT_RUNS if is_uncertain(checked) else 1) if runs is None else runs
    check_arguments(count, seed, engine, jobs)
    wanted = check_tables(tables, may_be_empty=bool(observe))
    observation = observation_of(checked, observe) if observe else None

    def work(path: EnginePath) -> Result:
        used = make_engine(checked, path)
        ensemble = run_ensemble(used, seed, count, jobs, progress, wanted, observation)
        result = make_result(checked, ensemble, seed, used.name, path)
        return result if observation is None else replace(result, observables=tuple(observation.columns))

    return run_on_path(choose_engine(resolve_engine(engine), checked, count), work)


def observation_of(scenario: Scenario, observables: Sequence[Observable]) -> Observation:
    """Return observables with the fixed inputs of a scenario.

    Raises
    ------
    ArgumentError
        The account of the scenario does not have an observable.
    """
    from sim.results.observed_runs import Observation, check_observables

    numbers = [listed for listed in list_numbers(scenario) if not listed.is_drawn_each_time]
    fixed = {one.quantity.path: one.quantity.value for one in numbers if one.quantity.law is None}
    check_observables(observables, result_axes(scenario), [one.quantity.path for one in numbers])
    return Observation(tuple(observables), fixed)


def make_result(
    scenario: Scenario, ensemble: Ensemble, seed: int, engine: str, engine_path: EnginePath
) -> Result:
    """Return the result of an ensemble, with the findings and provenance of its scenario."""
    from sim.findings.run_findings import run_findings
    from sim.results.result import Result

    return Result(
        ensemble=ensemble,
        title=scenario.full_title,
        seed=seed,
        engine=engine,
        engine_path=str(engine_path),
        scenario_text=scenario.text(),
        inputs=scenario.digests,
        gun_ceiling=any(consumer.has_guns for consumer in scenario.consumption.values()),
        describe=run_findings,
        **provenance_of(scenario)._asdict(),
    )


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
    require_known(checked, "a trace")
    check_arguments(1, seed, engine, None)
    if not 0 <= run < MAX_RUNS:
        raise ArgumentError([Fault(f"there is no run {run}", allowed=f"0 to {MAX_RUNS - 1:,}")])

    def work(path: EnginePath) -> Trace:
        used = make_engine(checked, path)
        return Trace(used.entries(seed, run), checked.full_title, run, seed, used.name)

    return run_on_path(choose_engine(engine, checked, 1), work)


def run_ensemble(
    engine: Engine,
    seed: int,
    runs: int,
    jobs: int | None,
    progress: Progress | None,
    tables: tuple[str, ...],
    observation: Observation | None = None,
) -> Ensemble:
    """Run an ensemble in parallel blocks, and return it with the tables named; arguments as for `run`."""
    from sim.ensemble.pool import count_workers, map_blocks
    from sim.results.aggregation import aggregate
    from sim.results.block import is_small

    needed = tuple(name for name in tables if name != DAILY or is_small(engine.axes, runs))
    workers = count_workers(jobs, runs)
    parts = engine.split(runs, workers)

    def blocks(days: range | None = None) -> Iterator[Block]:
        # Blocks of some days come after those of all, which have the observables.
        observed = observation if days is None else None
        tasks = [BlockOfRuns(seed, part, days, needed, observed) for part in parts]
        return map_blocks(engine.run, tasks, workers, engine.backend)

    return aggregate(
        _with_progress(blocks(), runs, progress),
        runs,
        blocks if engine.is_fast else None,
        workers if engine.is_fast else 1,
        engine.allocate,
        engine.binning,
        tables,
    )


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


def choose_engine(engine: str, scenario: Scenario, runs: int) -> str:
    """Return the engine for a number of runs: ``auto`` is the simpy model for few runs, or for own rules."""
    return "simpy" if engine == "auto" and (runs <= MAX_SIMPY_RUNS or scenario.own_rules) else engine
