"""A finished ensemble: its tables, its summary, and the way to disk."""

from __future__ import annotations

import html
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.errors import Fault, InputError
from sim.results.block import Block, check_daily_rows
from sim.results.csv_text import csv_pieces
from sim.results.ensemble_results import Ensemble
from sim.results.json_text import json_bytes
from sim.results.provenance import LOG, MANIFEST, Source, digest, make_manifest
from sim.results.reader import SUMMARY_FILE, TABLE_COLUMNS
from sim.results.storage import Content, Drawings, iter_content, write_folder
from sim.results.summary import make_summary

if TYPE_CHECKING:
    import pandas as pd

SCENARIO_FILE = "scenario.yaml"
#: Rows of a long table that are text at a time: some ten megabytes.
_ROWS_PER_PIECE = 10_000


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """The runs of one scenario under one seed.

    Attributes
    ----------
    ensemble : Ensemble
        The runs, gathered.
    title, seed, engine
        As in the summary.
    scenario_text : str
        The resolved scenario, as ``scenario.yaml`` holds it.
    inputs : mapping of str to str
        From the relative names of input files to their SHA-256.
    sources : tuple of Source
        The estimates that the scenario names.
    notes : tuple of str
        What a reader of the figures should be told.
    evidence : str
        Digest of the table of estimates; empty where there is none.
    engine_path : str
        How the engine ran: ``native``, ``numba`` or ``python``.
    """

    verb: ClassVar[str] = "run"
    ensemble: Ensemble
    title: str
    seed: int
    engine: str
    scenario_text: str
    inputs: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: str = ""
    engine_path: str = ""

    @cached_property
    def stock(self) -> pd.DataFrame:
        """Closing level of each pair and day in shells: mean and quantiles over runs."""
        return self._table("stock")

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Flow of each pair, day and kind in shells a day: mean and quantiles over runs."""
        return self._table("flows")

    @cached_property
    def origins(self) -> pd.DataFrame:
        """Shells by month, pair, origin and kind: mean over runs."""
        return self._table("origins")

    @cached_property
    def paths(self) -> pd.DataFrame:
        """Closing level of each pair and day, in shells, in runs 0 to 4."""
        return self._table("paths")

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """One row a run: first dates, shells, and inputs drawn once a run."""
        return self._table("outcomes")

    @cached_property
    def shipments(self) -> pd.DataFrame:
        """Voyages and lots of runs 0 to 4."""
        return self._table("shipments")

    @property
    def block(self) -> Block:
        """Every figure of every run, as arrays.

        Raises
        ------
        InputError
            Where they are too many to have been kept: more than ten million with the level of each day.
        """
        kept = self.ensemble.block
        if kept is None:
            check_daily_rows(self.ensemble.axes, len(self.ensemble.runs))
            raise InputError([Fault("the single runs were not kept")])
        return kept

    @cached_property
    def daily(self) -> pd.DataFrame:
        """Every run, day, pair and kind in one long table, `level` among the kinds.

        Raises
        ------
        InputError
            Where that would be more than ten million rows.
        """
        from sim.results.tables import daily

        return daily(self.block)

    @property
    def ends(self) -> pd.DataFrame:
        """Date of exhaustion and closing stock of the first run, and of one that differs if any does."""
        return self._table("ends")

    @property
    def digest(self) -> str:
        """SHA-256 of the resolved scenario."""
        return digest(self._scenario())

    def summary(self) -> dict[str, Any]:
        """Return what ``summary.json`` holds."""
        return make_summary(self.ensemble, self.title, self.seed, self.engine, self.engine_path)

    def files(self, drawings: Mapping[str, bytes] | None = None, *, log: str = "") -> dict[str, bytes]:
        """Return the files of the result folder by name, drawings and log where they are given.

        The tables are made afresh from the ensemble: what was done to `stock` and its like is not in them.
        """
        contents = self._contents(drawings, log)
        files = {name: b"".join(iter_content(content)) for name, content in contents.items()}
        files[MANIFEST] = self._manifest({name: digest(data) for name, data in files.items()})
        return files

    def save(
        self,
        folder: str | os.PathLike[str],
        drawings: Drawings | None = None,
        log: str = "",
    ) -> Path:
        """Write the result folder, whole or not at all, and return it; folders above it are made.

        Parameters
        ----------
        folder : str or path-like
        drawings : mapping of str to bytes, or callable, optional
            Charts by file name. A callable is called when the tables are saved, and what it raises is raised
            then; its charts join the folder.
        log : str, optional

        Raises
        ------
        StorageError
            Where the folder holds something else, or the disk refuses.
        """
        path = Path(folder)
        contents = self._contents(None if callable(drawings) else drawings, log)
        write_folder(path, contents, parents=True, seal=self._manifest, drawings=drawings)
        return path

    def _contents(self, drawings: Mapping[str, bytes] | None, log: str) -> dict[str, Content]:
        """Return all files but the manifest; a table is made when its turn comes, of long ones some rows."""
        contents: dict[str, Content] = {SUMMARY_FILE: json_bytes(self.summary())}
        contents |= {f"{table}.csv": partial(self._csv, table) for table in TABLE_COLUMNS}
        contents |= {SCENARIO_FILE: self._scenario(), **(drawings or {})}
        if log:
            contents[LOG] = log.encode("utf-8", "backslashreplace")
        return contents

    def _csv(self, table: str) -> Iterator[bytes]:
        from sim.results.tables import outcomes_in_parts

        long = table == "outcomes"
        yield from csv_pieces(
            outcomes_in_parts(self.ensemble, _ROWS_PER_PIECE) if long else iter([self._table(table)])
        )

    def _manifest(self, digests: Mapping[str, str]) -> bytes:
        found = make_manifest(
            title=self.title,
            engine=self.engine,
            engine_path=self.engine_path,
            seed=self.seed,
            runs=len(self.ensemble.runs),
            scenario=self._scenario(),
            inputs=self.inputs,
            evidence=self.evidence,
            sources=self.sources,
            notes=self.notes,
            files=digests,
        )
        return json_bytes({**found, "bands": self.ensemble.method})

    def __repr__(self) -> str:
        runs = len(self.ensemble.runs)
        return f"<Result {self.title!r}: {runs} run{'s' * (runs != 1)}, seed {self.seed}, {self.engine}>"

    def _repr_html_(self) -> str:
        found = self.summary()
        rows = {
            "runs": found["runs"],
            "seed": found["seed"],
            "exhausted": _format_dates(found["exhausted"]),
            "rationed from": _format_dates(found["rationed"]),
            "sustained fire, shells a day": _format_range(found["sustained"]["fire"]),
            "closing stock, shells": _format_range(found["closing_stock"]),
        }
        body = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows.items())
        return f"<table><caption>{html.escape(self.title)}</caption>{body}</table>"

    def _table(self, name: str) -> pd.DataFrame:
        from sim.results import tables

        make = getattr(tables, name)
        frame: pd.DataFrame = make(self.ensemble)
        return frame

    def _scenario(self) -> bytes:
        return self.scenario_text.encode("utf-8", "backslashreplace")


def _format_range(found: Mapping[str, Any]) -> str:
    return f"median {found['p50']:,.0f}, 5–95 %: {found['p05']:,.0f} to {found['p95']:,.0f}"


def _format_dates(found: Mapping[str, Any]) -> str:
    share = f"{found['share']:.0%} of runs"
    return f"{share}, median {found['p50']}" if found["p50"] else share
