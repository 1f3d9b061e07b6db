"""Read the tables of a result folder."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.errors import StorageError
from sim.names import Names
from sim.outcomes import CLOSING_STOCK, EXHAUSTED, RATIONED_FROM, SUSTAINED_FIRE, outcome_named
from sim.results.csv_text import csv_frame
from sim.results.json_text import parse_json
from sim.results.provenance import Source, names_in
from sim.results.storage import read_files, read_manifest

if TYPE_CHECKING:
    import pandas as pd

SUMMARY_FILE = "summary.json"
#: Key columns that each table of a result folder must have.
TABLE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "stock": ("date", "depot", "munition", "mean", "p05", "p25", "p50", "p75", "p95"),
    "flows": ("date", "depot", "munition", "kind", "mean", "p05", "p50", "p95"),
    "origins": ("month", "depot", "munition", "origin", "kind", "mean"),
    "paths": ("run", "date", "depot", "munition", "level"),
    "outcomes": ("run", EXHAUSTED, RATIONED_FROM, CLOSING_STOCK, SUSTAINED_FIRE),
    "shipments": ("supplier", "leg", "vehicle", "departed", "arrived", "containers", "shells"),
}
#: Key columns of the tables that only some results have: by consumer, and with order lines.
ADDED_TABLE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "consumers": ("date", "consumer", "munition", "kind", "mean", "p05", "p50", "p95"),
    "money": ("month", "kind", "mean", "p05", "p50", "p95"),
    "orders": ("run", "line", "number", "placed", "made", "arrived", "shells"),
}
CONSUMERS_FILE = "consumers.csv"
_TEXT_COLUMNS = frozenset(
    {
        *("date", "month", "depot", "munition", "kind", "origin", "supplier", "departed", "consumer"),
        *("line", "placed"),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """Tables of a saved result, under the same names as in `Result`."""

    verb: ClassVar[str] = "run"
    #: stock, flows, origins, paths, outcomes, shipments, consumers: columns as in the files; consumers has no
    #: rows unless results are listed by consumer.
    stock: pd.DataFrame
    flows: pd.DataFrame
    origins: pd.DataFrame
    paths: pd.DataFrame
    outcomes: pd.DataFrame
    shipments: pd.DataFrame
    consumers: pd.DataFrame
    #: As in ``manifest.json``.
    manifest: dict[str, Any]
    _summary: dict[str, Any]
    #: As ``orders.csv``; None for a scenario without order lines.
    orders: pd.DataFrame | None = None
    #: As ``money.csv``; None for a scenario without a currency.
    money: pd.DataFrame | None = None

    @property
    def title(self) -> str:
        """Title of the scenario."""
        return str(self._summary["title"])

    @property
    def seed(self) -> int:
        """Seed of the draws."""
        return int(self._summary["seed"])

    @property
    def engine(self) -> str:
        """Engine of the runs."""
        return str(self._summary["engine"])

    @property
    def sources(self) -> tuple[Source, ...]:
        """Estimates that the scenario cites."""
        return tuple(Source(**source) for source in self.manifest.get("sources", ()))

    @property
    def names(self) -> Names:
        """Names for readers of components, munitions and paths."""
        return names_in(self.manifest)

    @property
    def digest(self) -> str:
        """SHA-256 of the resolved scenario."""
        return str(self.manifest.get("scenario", {}).get("digest", ""))

    def figures(self) -> dict[str, Any]:
        """Return the content of ``summary.json``, without the findings."""
        return {key: found for key, found in self._summary.items() if key != "findings"}

    def summary(self) -> dict[str, Any]:
        """Return the content of ``summary.json``."""
        return copy.deepcopy(self._summary)


def read_folder(folder: str | os.PathLike[str]) -> Tables:
    """Return the tables of a result folder.

    Raises
    ------
    StorageError
        If the folder is not a result folder, or a file is missing, unreadable or modified.
    """
    path = Path(folder)
    manifest = read_manifest(path)
    summary = read_files(path, manifest["files"], [SUMMARY_FILE])[SUMMARY_FILE]
    frames = read_tables(path, manifest["files"])
    try:
        figures = parse_json(summary)
    except ValueError as error:
        raise StorageError(f"{path / SUMMARY_FILE} cannot be read: {error}") from error
    missing = [key for key in ("title", "seed", "engine", "runs") if key not in figures]
    if missing:
        raise StorageError(f"{path / SUMMARY_FILE} has no {missing[0]!r}")
    return Tables(**frames, manifest=manifest, _summary=figures)


def read_tables(folder: str | os.PathLike[str], listed: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Return the tables of runs in a folder by name, checked against the digests in `listed`.

    Without results by consumer, `consumers` has no rows. Raise `StorageError` if a file is missing,
    unreadable or modified.
    """
    path = Path(folder)
    added = {name: columns for name, columns in ADDED_TABLE_COLUMNS.items() if f"{name}.csv" in listed}
    columns = {**TABLE_COLUMNS, **added}
    data = read_files(path, listed, [f"{table}.csv" for table in columns])
    frames = {
        table: _read_table(path, table, needed, data[f"{table}.csv"]) for table, needed in columns.items()
    }
    return frames if "consumers" in frames else frames | {"consumers": _no_consumers()}


def _no_consumers() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(columns=list(ADDED_TABLE_COLUMNS["consumers"]))


def _read_table(folder: Path, table: str, columns: Sequence[str], data: bytes) -> pd.DataFrame:
    path = folder / f"{table}.csv"
    try:
        frame = csv_frame(data, _column_kind)
    except ValueError as error:
        raise StorageError(f"{path} cannot be read: {error}") from error
    for column in columns:
        if column not in frame.columns:
            raise StorageError(f"{path} has no column {column!r}")
    return frame


def _column_kind(column: str) -> str:
    if column in _TEXT_COLUMNS:
        return "text"
    if column in ("arrived", "made") or outcome_named(column).is_date:
        return "date"
    if column in ("leg", "vehicle"):
        return "whole or none"
    return "whole" if column in ("run", "number") else "number"
