"""Task of a sweep worker: evaluate points in one thread and encode them as a block."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import RunError, StorageError, escape_control_characters
from sim.results.os_error_text import describe_os_error
from sim.results.storage import PART_PREFIX
from sim.study.evaluation import evaluate
from sim.study.point_keys import engine_digest
from sim.study.point_space import PointGroup
from sim.study.point_statistics import Floats, point_statistics, statistic_columns

if TYPE_CHECKING:
    import pyarrow as pa

KILLED_REASON = "its worker was killed three times"


@dataclass(frozen=True)
class SweepTask:
    """Points to evaluate, with everything a worker needs."""

    #: Indices in the study.
    points: tuple[int, ...]
    #: Key of each point.
    keys: tuple[bytes, ...]
    groups: tuple[PointGroup, ...]
    #: Outcomes.
    names: tuple[str, ...]
    runs: int
    seed: int
    #: Digest of the code and versions of the submitting process.
    engine: str
    #: Engine, as for `simulate.run`.
    choice: str = "auto"


def encode_block(task: SweepTask) -> bytes:
    """Evaluate a task and return its block as bytes; for threads and remote workers.

    Raise `RunError` if the worker has another version of the code or of a package that results depend on.
    """
    if task.engine != engine_digest():
        raise RunError(
            "a worker has other versions of this package, Python, numpy or numba than this process"
        )
    return table_bytes(block_table(task, *evaluate_task(task)))


def write_temporary_block(folder: str, task: SweepTask) -> str:
    """Evaluate a task, write its block to a part file and return the file name; for local processes.

    Returning only the name spares the parent process from writing blocks.

    Raise `StorageError` if the file cannot be written.
    """
    data = encode_block(task)
    path = Path(folder) / f"{PART_PREFIX}{secrets.token_hex(8)}"
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        raise StorageError(f"cannot write {path.parent.name}: {describe_os_error(error)}") from None
    return path.name


def evaluate_task(
    task: SweepTask, *, jobs: int | None = 1
) -> tuple[Mapping[str, Floats], list[int], list[str]]:
    """Return statistics by column, and the number and reason of failed runs of each point."""
    count = len(task.points)
    found = {name: np.full(count, np.nan) for name in statistic_columns(task.names)}
    failed, reasons = [task.runs] * count, [""] * count
    for group in task.groups:
        _evaluate_group(task, group, jobs, found, failed, reasons)
    return found, failed, reasons


def _evaluate_group(
    task: SweepTask,
    group: PointGroup,
    jobs: int | None,
    found: Mapping[str, Floats],
    failed: list[int],
    reasons: list[str],
) -> None:
    answers = evaluate(
        group.scenario,
        group.axes,
        group.points,
        runs=task.runs,
        seed=task.seed,
        jobs=jobs,
        engine=task.choice,
    )
    for answer in answers:
        members = [group.members[place] for place in answer.points]
        for name, column in point_statistics(answer.names, answer.values).items():
            # A point may list consumers that others do not have.
            if name in found:
                found[name][members] = column
        failed_runs = np.isnan(answer.values[0]).sum(axis=1).tolist()
        for place, member, count in zip(answer.points, members, failed_runs, strict=True):
            failed[member] = count
            reasons[member] = escape_control_characters(answer.reasons.get(place, ""))


def killed_block(task: SweepTask) -> bytes:
    """Return the block of a task that kills its workers: every run failed."""
    count = len(task.points)
    found = {name: np.full(count, np.nan) for name in statistic_columns(task.names)}
    return table_bytes(block_table(task, found, [task.runs] * count, [KILLED_REASON] * count))


def block_table(
    task: SweepTask, found: Mapping[str, Floats], failed: Sequence[int], reasons: Sequence[str]
) -> pa.Table:
    """Return a block: key, failures and statistics of each point, with nan as null."""
    import pyarrow as pa

    return pa.table(
        {
            "key": pa.array(task.keys, pa.binary()),
            "failed": pa.array(failed, pa.int64()),
            "reason": pa.array(reasons, pa.string()),
            **{name: pa.array(column, pa.float64(), from_pandas=True) for name, column in found.items()},
        }
    )


def table_bytes(table: pa.Table) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", use_dictionary=False, write_statistics=False)
    return bytes(sink.getvalue().to_pybytes())
