"""Run of a scenario whose opening stock is unknown: solve for the stock, then run with it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim import simulate
from sim.errors import RunError
from sim.formatting import compact, exact_percent, four_figures
from sim.names import as_subject, shorten_name
from sim.outcomes import UNMET
from sim.results.table_names import check_tables
from sim.scenario.labels import names_of
from sim.scenario.number_listing import is_uncertain
from sim.scenario.override_notes import MAX_TITLE_LENGTH
from sim.scenario.scenario import Scenario
from sim.scenario.unknown_stock import require_known, unknown_stocks
from sim.simulate import Progress, Rules, ScenarioLike

if TYPE_CHECKING:
    from sim.observables import Observable
    from sim.results.result import Result
    from sim.study.breakeven_result import Breakeven

#: Shares of runs for which the stock is solved; the runs have the stock of the first.
SHARES = (0.5, 0.95)


@dataclass(frozen=True, slots=True)
class SolvedLevel:
    """Opening stock with which the requirement is met until the end in a share of runs.

    Attributes
    ----------
    share : float
    value : float or None
        In shells; 0 if no stock is needed, None if no stock suffices.
    low, high : float or None
        90 % interval of the value; None if that end is beyond the search.
    """

    share: float
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class SolvedStock:
    """Opening stock of a file that leaves it unknown.

    Attributes
    ----------
    path : str
    levels : tuple of SolvedLevel
        One for each share of `SHARES`; a single one if all runs are equal.
    is_certain : bool
        Whether there is one run, or all runs are equal.
    """

    path: str
    levels: tuple[SolvedLevel, ...]
    is_certain: bool

    @property
    def used(self) -> float:
        """The stock with which the runs are made, in shells."""
        return self.levels[0].value or 0.0


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
    """Simulate an ensemble of runs of a scenario.

    If an opening stock is ``unknown``, the first finding is the stock with which the requirement
    is met until the end, in half of the runs and in 95 % of them; the runs then have the stock of the first.

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
    tables : collection of str, optional
        Tables to make, of ``stock``, ``flows``, ``origins``, ``paths``, ``outcomes``, ``shipments`` and
        ``daily``; by default all. Fewer take less time, and have the same numbers. The summary needs
        ``origins`` and ``outcomes``, findings also ``stock`` and ``flows``, a folder all but ``daily``.
    observe : sequence of Observable, optional
        Numbers to evaluate in each run, for ``result.observed``; see `sim.observables`. With ``tables=()``
        the run makes nothing else.

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError
        The scenario is not valid, or leaves two stocks unknown.
    ArgumentError
        `runs`, `seed`, `engine` or `jobs` is out of range, a rule or table has an invalid name, or the
        account does not have an observable.
    RunError
        The drawn values of a run are impossible, or a rationing rule raises or returns an invalid value. Or
        no opening stock meets the requirement.
    EngineError
        The engine cannot run on this machine.
    """
    checked = simulate.as_scenario(scenario, rules)
    unknown = unknown_stocks(checked)
    if not unknown:
        return simulate.run(
            checked,
            runs=runs,
            seed=seed,
            engine=engine,
            jobs=jobs,
            progress=progress,
            tables=tables,
            observe=observe,
        )
    path = unknown[0].path
    require_known(checked, "`sim run`, which solves for one stock,", [path])
    count = runs if runs is not None else simulate.DEFAULT_RUNS if is_uncertain(checked) else 1
    simulate.check_arguments(count, seed, engine, jobs)
    check_tables(tables, may_be_empty=bool(observe))
    solved = _solve(checked, path, runs=count, seed=seed, jobs=jobs, progress=progress)
    known = _with_stock(checked, solved)
    result = simulate.run(
        known,
        runs=count,
        seed=seed,
        engine=engine,
        jobs=jobs,
        progress=progress,
        tables=tables,
        observe=observe,
    )
    return replace(
        result,
        notes=(_note(known, solved), *result.notes),
        describe=lambda tables: simulate.describe_solved_stock(tables, solved),
    )


def _solve(
    scenario: Scenario, path: str, *, runs: int, seed: int, jobs: int | None, progress: Progress | None
) -> SolvedStock:
    from sim.study.breakeven import breakeven

    is_certain = runs == 1 or not is_uncertain(scenario)
    found = [
        breakeven(scenario, path, of=UNMET, holds=share, runs=runs, seed=seed, jobs=jobs, progress=progress)
        for share in (SHARES[:1] if is_certain else SHARES)
    ]
    levels = tuple(map(_level, found))
    if levels[0].value is None:
        raise RunError(f"{path} is unknown, and no stock suffices. {found[0].findings[0].sentence}")
    return SolvedStock(path, levels, is_certain)


def _level(found: Breakeven) -> SolvedLevel:
    (one,) = found.found
    share = found.target.share
    if one.worst is not None and one.worst[1] >= share:
        return SolvedLevel(share, 0.0, 0.0, 0.0)
    return SolvedLevel(share, one.value, one.low, one.high)


def _with_stock(scenario: Scenario, solved: SolvedStock) -> Scenario:
    """Return the scenario with the solved stock, which its title and the note on the number say."""
    end = f" (opening stock solved: {compact(solved.used)})"
    title = scenario.title_apart_from([solved.path])
    room = MAX_TITLE_LENGTH - len(end)
    number = {"value": f"{solved.used!r} shells", "note": f"Unknown in the file. {_solution(solved)}"}
    return scenario.replace({solved.path: number, "title": f"{shorten_name(title, room)}{end}"})


def _solution(solved: SolvedStock) -> str:
    share = solved.levels[0].share
    of_runs = "half of the runs" if share == 0.5 else f"{exact_percent(share)} of the runs"
    in_runs = "" if solved.is_certain else f" in {of_runs}"
    return f"Solved so that the requirement is met until the end{in_runs}."


def _note(scenario: Scenario, solved: SolvedStock) -> str:
    """Return the note with the solved opening stock of the runs; `scenario` has it."""
    names = names_of(scenario)
    noun = names.noun(scenario.munitions).counted(four_figures(solved.used))
    name = as_subject(names.path(solved.path))
    return f"{name} is unknown in the file; runs, tables and charts have {noun}. {_solution(solved)}"
