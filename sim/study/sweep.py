"""A sweep: outcomes over a grid of values or a design, every point under the same draws."""

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
#: Points that are worked out together in memory.
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
) -> Sweep:
    """Run a scenario at many points, with the same draws at every one of them.

    Parameters
    ----------
    scenario : Scenario, str, Path or dict
        As for `sim.run`.
    vary : mapping of str to sequence or Grid
        Values by path. Text is read as in a scenario file (``"2.5M/year"``); plain numbers are in base
        units: shells, shells a day, days, shares. What is no number (a rule, vehicles, a date) is varied
        as well, as `Scenario.replace` would. Under ``scenario``, whole scenarios take the place of the
        one given: files, or a mapping from names to scenarios.
    runs : int
        Replications at each point; run k has the same draws at all of them.
    seed
        As for `sim.run`; a design is made from it as well.
    design : Design, optional
        In place of `vary`: points that fill some ranges.
    jobs : int, optional
        Workers; by default all cores. The table does not depend on them.
    progress : callable, optional
        Called with (runs done, runs to do).
    out : path, optional
        A folder that keeps finished blocks: the same call goes on with what is there. Without it everything
        is in memory, and threads of this process do the work.
    backend : str
        With `out`: ``loky`` (processes here), ``dask``, ``threading``, or a backend that was registered
        with joblib; ``auto`` takes threads for a second or two of work and processes for more.
    address : str
        ``HOST:PORT`` of the scheduler, for dask.
    block : int, optional
        Points of a block, with `out`; the table does not depend on it.
    fail_fast : bool
        With `out`: end at the first point of which a run fails, in place of a row that says why.

    Returns
    -------
    Sweep
        Its `table` has a row for each point, the last path running fastest.

    Raises
    ------
    ScenarioError
        The scenario is not valid, or a value does not go with it.
    ArgumentError
        A path or value is not valid, or a number is out of its range.
    RunError
        The scenario rations by a rule of your own, which the compiled engine does not follow; of
        `fail_fast`; a cluster that does not answer or has gone.
    StorageError
        The folder holds something else or is in use, or the disk refuses.
    """
    study = make_study(scenario, vary or {}, design=design, runs=runs, seed=seed, jobs=jobs)
    manner = ExecutionOptions(backend, address, jobs, block, fail_fast)
    check_options(manner)
    if out is None:
        return make_sweep(study, _sweep_in_memory(study, jobs, progress))
    folder = Path(out)
    run_sweep(study, folder, manner, logging.getLogger("sim").warning, progress)
    return read_sweep(folder)


def check_options(options: ExecutionOptions) -> None:
    """Raise `ArgumentError` where a way to carry a sweep out cannot be."""
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
    """Yield the figures of all points in order; threads of the engine share each part."""
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
