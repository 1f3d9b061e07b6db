"""Result of a sweep: a tidy table with a row for each point, in memory or read from a folder."""

from __future__ import annotations

import datetime as dt
import html
import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from sim.errors import StorageError, format_count
from sim.formatting import plain_number
from sim.names import Names
from sim.results.csv_text import csv_bytes, csv_frame
from sim.results.json_text import json_bytes
from sim.results.notebook_hint import REPORT_HINT
from sim.results.provenance import LOG, MANIFEST, Source, digest, names_in
from sim.results.reader import SUMMARY_FILE
from sim.results.storage import read_files, read_manifest, write_folder
from sim.study.study_definition import SWEEP_VERB, FailureCount, Study
from sim.study.sweep_breakeven import TEXT_COLUMNS, solve_sweep
from sim.study.sweep_table import TABLE, table_rows, table_schema, write_table

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import xarray as xr


#: Suffixes of the columns that a notebook shows, and the number of rows.
_REPR_COLUMNS = ("failed", "exhausted_share", "exhausted_p50", "sustained_fire_p50")
_REPR_ROWS = 12
#: The table as text, and the break-even values of its paths.
CSV_TABLE = "sweep.csv"
BREAKEVEN = "breakeven.csv"
#: Above this number of points there is no CSV file: it would be ten times as large as the Parquet file.
MAX_CSV_POINTS = 100_000


@dataclass(frozen=True, repr=False, eq=False)
class Sweep:
    """Outcomes at many points.

    Attributes
    ----------
    title : str
    paths : tuple of str
        Varied paths.
    outcomes : tuple of str
    runs, seed : int
    table : DataFrame
        A row for each point: ``point``, a column for each path (numbers in base units), ``runs, failed,
        reason``, then for each outcome ``NAME_mean, NAME_se, NAME_p05, NAME_p50, NAME_p95``. Dates, in days
        from the start, also have ``NAME_share``, the share of runs that reach the date. Their percentiles
        above that share are null, and so are mean and standard error if any run is censored.
    shape : tuple of int
        Number of values of each path; for a design, the number of points.
    is_grid : bool
        Whether the points are all combinations of the values; False for a design.
    manifest : mapping
        As in ``manifest.json`` for a sweep read from a folder; else empty.
    saved_breakeven : DataFrame or None
        Break-even values read from the folder.
    """

    verb: ClassVar[str] = SWEEP_VERB
    title: str
    paths: tuple[str, ...]
    outcomes: tuple[str, ...]
    runs: int
    seed: int
    table: pd.DataFrame
    shape: tuple[int, ...] = ()
    is_grid: bool = True
    manifest: Mapping[str, Any] = field(default_factory=dict)
    saved_breakeven: pd.DataFrame | None = None
    _study: Study | None = None

    @cached_property
    def breakeven(self) -> pd.DataFrame | None:
        """Break-even values of the paths, as ``breakeven.csv``; None if there are none.

        A sweep in memory solves for them when they are first read.
        """
        return self.saved_breakeven if self._study is None else solve_sweep(self._study, self.table)

    @property
    def own(self) -> Mapping[str, float]:
        """Value of each varied number in the scenario, or its median."""
        return dict(self._about.get("own", {}))

    @property
    def stocks(self) -> int | None:
        """Number of stocks that have a consumer; None if unknown."""
        found = self._about.get("stocks")
        return None if found is None else int(found)

    @property
    def failed(self) -> int:
        """Number of points with a failed run."""
        return int((self.table["failed"] > 0).sum())

    @property
    def sources(self) -> tuple[Source, ...]:
        """Published estimates that the scenarios cite."""
        if self._study is not None:
            return self._study.sources
        return tuple(Source(**source) for source in self.manifest.get("sources", ()))

    @property
    def digest(self) -> str:
        """SHA-256 of the resolved scenarios."""
        if self._study is not None:
            return digest(self._study.resolved)
        return str(self.manifest.get("scenario", {}).get("digest", ""))

    @property
    def names(self) -> Names:
        """Names for readers of components, munitions and paths."""
        return self._study.labels if self._study is not None else names_in(self.manifest)

    @property
    def start(self) -> dt.date | None:
        """The first day; None if the scenarios differ."""
        return self._date("start")

    @property
    def end(self) -> dt.date | None:
        """The day after the last; None if the scenarios differ."""
        return self._date("end")

    @property
    def units(self) -> Mapping[str, str]:
        """Base unit of each numeric path."""
        return dict(self._about.get("units", {}))

    @property
    def _about(self) -> Mapping[str, Any]:
        return self._study.shape() if self._study is not None else self.manifest.get("sweep", {})

    def _date(self, name: str) -> dt.date | None:
        text = self._about.get(name)
        return None if text is None else dt.date.fromisoformat(text)

    def to_xarray(self) -> xr.Dataset:
        """Return the table as a Dataset with a dimension for each path, or ``point`` for a design.

        Returns
        -------
        Dataset
            Variables are the columns of the table. Coordinates are the values of the paths; for a design they
            are along ``point``.
        """
        import xarray as xr

        table = self.table
        columns = [name for name in table.columns if name not in {"point", *self.paths}]
        attributes = {"title": self.title, "runs": self.runs, "seed": self.seed}
        if not self.is_grid:
            along = {"point": table["point"].to_numpy()}
            values = {path: ("point", table[path].to_numpy()) for path in self.paths}
            along_point: dict[str, Any] = {name: ("point", table[name].to_numpy()) for name in columns}
            return xr.Dataset(along_point, {**along, **values}, attributes)
        data: dict[str, Any] = {
            name: (self.paths, table[name].to_numpy().reshape(self.shape)) for name in columns
        }
        return xr.Dataset(data, self._values(), attributes)

    def _values(self) -> dict[str, Any]:
        """Return the values of each path of a grid, in order."""
        values = {}
        for position, path in enumerate(self.paths):
            step = int(np.prod(self.shape[position + 1 :], dtype=np.int64))
            values[path] = self.table[path].to_numpy()[: step * self.shape[position] : step]
        return values

    def save(self, folder: str | os.PathLike[str], log: str = "") -> Path:
        """Write the result folder of a sweep in memory atomically and return its path.

        Raises
        ------
        StorageError
            The folder holds something else or cannot be written, or the sweep was read from a folder.
        """
        path = Path(folder)
        if self._study is None:
            raise StorageError("this sweep was read from its folder, and is there already")
        table = _to_arrow(self.table, self._study)
        failures = FailureCount()
        failures.count(table)
        span = range(len(self.table))
        files: dict[str, bytes] = {
            TABLE: b"".join(write_table(self._study, iter([(span, table)]))),
            SUMMARY_FILE: json_bytes(self._study.summary(failures)),
            **text_tables(self._study, self.table, self.breakeven),
            **self._study.texts,
        }
        manifest = self._study.manifest({name: digest(data) for name, data in files.items()})
        if log:
            files[LOG] = log.encode("utf-8", "backslashreplace")
        write_folder(path, {**files, MANIFEST: json_bytes(manifest)}, parents=True)
        return path

    def __repr__(self) -> str:
        work = f"{format_count(len(self.table), 'point')}, {format_count(self.runs, 'run')} each"
        return f"<Sweep of {self.title!r}: {work}, seed {self.seed}>"

    def _repr_html_(self) -> str:
        columns = ["point", *self.paths, *(name for name in self.table if str(name).endswith(_REPR_COLUMNS))]
        shown = self.table[columns].head(_REPR_ROWS)
        body: str = shown.to_html(index=False, border=0, na_rep="", float_format=plain_number)
        rest = f"<p>{len(self.table) - _REPR_ROWS:,} more points</p>" if len(self.table) > _REPR_ROWS else ""
        return f"<p>{html.escape(repr(self))}</p>{body}{rest}{REPORT_HINT}"


def make_sweep(study: Study, chunks: Iterator[tuple[range, pa.Table]]) -> Sweep:
    """Return a sweep in memory from consecutive blocks of statistics."""
    import pandas as pd

    frames = [table_rows(study, points, found).to_pandas() for points, found in chunks]
    table = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    space = study.space
    return Sweep(
        study.title,
        space.paths,
        study.names,
        study.runs,
        study.seed,
        table,
        space.shape,
        space.is_grid,
        _study=study,
    )


def read_sweep(folder: str | os.PathLike[str]) -> Sweep:
    """Read a sweep from a folder.

    Raises
    ------
    StorageError
        If the folder holds none, the sweep is not finished, or its table is missing or was changed.
    """
    path = Path(folder)
    found = read_manifest(path)
    if found.get("unfinished"):
        raise StorageError(f"{path} is not finished: the same command goes on with it")
    if TABLE not in found["files"] or not isinstance(found.get("sweep"), dict):
        raise StorageError(f"{path} is not a sweep: it has no {TABLE}; `sim sweep` writes one")
    data = read_files(path, found["files"], [name for name in (TABLE, BREAKEVEN) if name in found["files"]])
    about = found["sweep"]
    return Sweep(
        found["scenario"]["title"],
        tuple(about["paths"]),
        tuple(about["outcomes"]),
        int(found["runs"]),
        int(found["seed"]),
        read_parquet(data[TABLE]),
        tuple(about["shape"]),
        about["design"] is None,
        found,
        _read_breakeven(path, data[BREAKEVEN]) if BREAKEVEN in data else None,
    )


def read_parquet(data: bytes, columns: list[str] | None = None) -> pd.DataFrame:
    """Return a table of a sweep, or some of its columns, read in this thread alone.

    The threads that `pyarrow.parquet.read_table` starts abort a process that ends soon after.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(io.BytesIO(data), pre_buffer=False) as file:
        table: pd.DataFrame = file.read(columns, use_threads=False).to_pandas(use_threads=False)
    return table


def _read_breakeven(folder: Path, data: bytes) -> pd.DataFrame:
    try:
        found = csv_frame(data, lambda column: "text" if column in TEXT_COLUMNS else "number")
    except ValueError as error:
        raise StorageError(f"{BREAKEVEN} of {folder} cannot be read: {error}") from error
    known = {"True": True, "False": False}
    reached, rises = ([known.get(text) for text in found[name]] for name in ("reached", "rises"))
    found["reached"], found["rises"] = reached, rises
    return found


def text_tables(study: Study, table: pd.DataFrame, breakeven: pd.DataFrame | None) -> dict[str, bytes]:
    """Return the points of a sweep, unless there are too many, and its break-even values as CSV files."""
    files = {CSV_TABLE: csv_bytes(table)} if len(study.space) <= MAX_CSV_POINTS else {}
    return files if breakeven is None else {**files, BREAKEVEN: csv_bytes(breakeven)}


def _to_arrow(table: pd.DataFrame, study: Study) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_pandas(table, table_schema(study), preserve_index=False)
