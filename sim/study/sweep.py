"""Sweep: outcomes over a grid or a design, under common random numbers."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.errors import ArgumentError, Fault
from sim.simulate import Progress, ScenarioLike
from sim.study.designs import Design
from sim.study.point_space import Vary, point_ranges
from sim.study.study_definition import Study, make_study
from sim.study.sweep_result import Sweep, make_sweep, read_sweep
from sim.study.sweep_runner import ExecutionOptions, run_sweep
from sim.study.sweep_task import SweepTask, block_table, evaluate_task

DEFAULT_RUNS = 200
#: Points evaluated together in memory.
_POINTS_PER_BATCH = 400


def sweep(
    scenario: ScenarioLike,
    vary: Vary | None = None,
    *,
    runs: int = DEFAULT_RUNS,
    seed: int = 1,
    design: Design | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
    out: str | os.PathLike[str] | None = None,
    backend: str = "auto",
    address: str = "",
    block: int | None = None,
    fail_fast: bool = False,
    solve: bool = True,
) -> Sweep:
    """Run a scenario at many points under common random numbers.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
        As for `sim.run`.
    vary : mapping of str to sequence or Grid
        Values by path. Text is parsed as in a scenario file (``"2.5M/year"``); plain numbers are in base
        units: shells, shells a day, days, shares. Other values (a rule, vehicles, a date) are set with
        `Scenario.replace`. Values of ``scenario`` are whole scenarios that replace the given one: files, or a
        mapping from names to scenarios.
    runs : int
        Replications at each point; run k has the same draws at every point.
    seed
        As for `sim.run`; it also determines the points of a design.
    design : Design, optional
        Space-filling points over ranges, in place of `vary`.
    jobs : int, optional
        Number of workers; by default all cores. The table does not depend on it.
    progress : callable, optional
        Called with (runs done, total runs).
    out : path, optional
        Folder for finished blocks; repeating the call resumes an unfinished sweep. Without it the sweep runs
        in memory, in threads of this process.
    backend : str
        With `out`: ``loky`` (local processes), ``dask``, ``threading``, or a backend registered with joblib;
        ``auto`` uses threads for a second or two of work, and processes for more.
    address : str
        ``HOST:PORT`` of the dask scheduler.
    block : int, optional
        Points per block, with `out`; the table does not depend on it.
    fail_fast : bool
        With `out`: stop at the first point with a failed run, instead of recording its reason in the table.
    solve : bool
        With `out`: solve for the break-even values of a grid over one or two numbers, and store them. A sweep
        in memory does so when `Sweep.breakeven` is read, or a chart needs it.

    Returns
    -------
    Sweep
        Its `table` has a row for each point; the last path varies fastest.

    Raises
    ------
    ScenarioError
        The scenario is not valid, or a value conflicts with it.
    ArgumentError
        A path or value is not valid, or an argument is out of range.
    RunError
        The scenario uses a rationing rule in Python, which the compiled engine does not support; a run fails
        under `fail_fast`; a cluster does not answer or disconnects.
    StorageError
        The folder holds something else, is in use, or cannot be written.
    """
    study = make_study(scenario, vary or {}, design=design, runs=runs, seed=seed, jobs=jobs)
    options = ExecutionOptions(backend, address, jobs, block, fail_fast, solve)
    check_options(options)
    if out is None:
        return make_sweep(study, _sweep_in_memory(study, jobs, progress))
    folder = Path(out)
    run_sweep(study, folder, options, logging.getLogger("sim").warning, progress)
    return read_sweep(folder)


def check_options(options: ExecutionOptions) -> None:
    """Raise `ArgumentError` if execution options are invalid."""
    faults = []
    if options.block is not None and options.block < 1:
        faults.append(Fault(f"a block of {options.block} points", allowed="1 or more"))
    if options.backend == "dask" and not options.address:
        faults.append(Fault("dask has no address", allowed="HOST:PORT of its scheduler"))
    if options.address and options.backend != "dask":
        faults.append(Fault("an address is for dask alone", allowed="with the backend dask"))
    if faults:
        raise ArgumentError(faults)


def _sweep_in_memory(
    study: Study, jobs: int | None, progress: Progress | None
) -> Iterator[tuple[range, Any]]:
    """Yield the statistics of all points in order; each batch runs in threads of the engine."""
    total = len(study.space) * study.runs
    for points in point_ranges(study.space, _POINTS_PER_BATCH):
        task = SweepTask(
            tuple(points),
            (b"",) * len(points),
            study.space.groups(points),
            study.names,
            study.runs,
            study.seed,
            "",
        )
        yield points, block_table(task, *evaluate_task(task, jobs=jobs))
        if progress is not None:
            progress(points.stop * study.runs, total)
