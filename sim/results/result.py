"""Result of an ensemble: tables, summary, and saving to a folder."""

from __future__ import annotations

import copy
import html
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.errors import Fault, InputError
from sim.names import Names
from sim.results.block import Block, check_daily_rows
from sim.results.csv_text import csv_pieces
from sim.results.ensemble_results import Ensemble
from sim.results.json_text import json_bytes
from sim.results.notebook_hint import REPORT_HINT
from sim.results.provenance import LOG, MANIFEST, Source, digest, make_manifest
from sim.results.reader import CONSUMERS_FILE, SUMMARY_FILE, TABLE_COLUMNS
from sim.results.storage import Content, Drawings, iter_content, write_folder
from sim.results.summary import make_summary
from sim.results.table_names import (
    CONSUMERS,
    DAILY,
    FIGURES_TABLES,
    FINDINGS_TABLES,
    OUTCOMES,
    SHIPMENTS,
    TABLES,
    require_tables,
)

if TYPE_CHECKING:
    import pandas as pd

    from sim.findings.finding import Finding

SCENARIO_FILE = "scenario.yaml"
#: Rows of a long table converted to text at a time: some ten megabytes.
_ROWS_PER_PIECE = 10_000


def _find_nothing(_result: Result) -> Sequence[Finding]:
    return ()


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """The runs of one scenario under one seed.

    Attributes
    ----------
    ensemble : Ensemble
        The aggregated runs.
    title, seed, engine
        As in the summary.
    scenario_text : str
        The resolved scenario, as ``scenario.yaml`` holds it.
    inputs : mapping of str to str
        SHA-256 of input files by relative name.
    sources : tuple of Source
        Estimates that the scenario cites.
    notes : tuple of str
        Notes for readers of the figures.
    evidence : str
        Digest of the table of estimates; empty if there is none.
    engine_path : str
        Execution path of the engine: ``native``, ``numba`` or ``python``.
    names : Names
        Names for readers of components, munitions and paths.
    sampled : mapping of str to float
        Median of each column of the joint samples, by path.
    gun_ceiling : bool
        Whether guns limit the fire of a consumer.
    describe : callable
        Returns the findings: see `sim.findings`.
    observables : tuple of str or int
        Columns of `observed`.
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
    names: Names = field(default_factory=Names)
    sampled: Mapping[str, float] = field(default_factory=dict)
    gun_ceiling: bool = False
    describe: Callable[[Result], Sequence[Finding]] = _find_nothing
    observables: tuple[str | int, ...] = ()

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

    @cached_property
    def orders(self) -> pd.DataFrame:
        """Orders of runs 0 to 4; no rows for a scenario without order lines."""
        self._require("`result.orders`", (SHIPMENTS,))
        return self._make("orders")

    @cached_property
    def money(self) -> pd.DataFrame:
        """Money by month and kind, in the currency of the scenario: mean and quantiles over runs."""
        self._require("`result.money`", (OUTCOMES,))
        if not self.ensemble.axes.currency:
            raise InputError([Fault("the scenario names no money", allowed="a scenario with a currency")])
        return self._make("money")

    @cached_property
    def consumers(self) -> pd.DataFrame:
        """Figures of each consumer, munition, day and kind: mean and quantiles over runs.

        It has no rows unless a consumer of the scenario has a priority, a backlog or a
        shortage cost.
        """
        return self._table("consumers")

    @property
    def block(self) -> Block:
        """All figures of all runs, as arrays.

        Raises
        ------
        InputError
            If there are more than ten million with the daily level, which are not kept.
        """
        self._require("the table of single days", (DAILY,))
        kept = self.ensemble.block
        if kept is None:
            check_daily_rows(self.ensemble.axes, len(self.ensemble.runs))
            raise InputError([Fault("the single runs were not kept")])
        return kept

    @cached_property
    def daily(self) -> pd.DataFrame:
        """Long table of all runs, days, pairs and kinds, with `level` as one of the kinds.

        Raises
        ------
        InputError
            If the table would have more than ten million rows.
        """
        from sim.results.tables import daily

        return daily(self.block)

    @cached_property
    def observed(self) -> pd.DataFrame:
        """Value of each observable in each run: a row a run, a column an observable.

        Raises
        ------
        InputError
            If the run observed nothing.
        """
        import pandas as pd

        values = self.ensemble.observed
        if values is None:
            allowed = "a run with observe=[...]; see `sim.observables`"
            raise InputError([Fault("the run observed nothing", allowed=allowed)])
        return pd.DataFrame(values, pd.Index(self.ensemble.runs, name="run"), list(self.observables))

    @property
    def ends(self) -> pd.DataFrame:
        """Run-out date and closing stock of the first run, and of one that differs if there is one."""
        self._require("a chart", (OUTCOMES,))
        return self._make("ends")

    @property
    def digest(self) -> str:
        """SHA-256 of the resolved scenario."""
        return digest(self._scenario())

    def figures(self) -> dict[str, Any]:
        """Return the content of ``summary.json``, without the findings."""
        return self._figures

    @cached_property
    def _figures(self) -> dict[str, Any]:
        self._require("the summary", FIGURES_TABLES)
        found = make_summary(self.ensemble, self.title, self.seed, self.engine, self.engine_path)
        return {**found, "gun_ceiling": self.gun_ceiling}

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Statements about the runs, each with its numbers: see `sim.findings.finding.Finding`."""
        self._require("the list of findings", FINDINGS_TABLES)
        return tuple(self.describe(self))

    def summary(self) -> dict[str, Any]:
        """Return the content of ``summary.json``."""
        return {**copy.deepcopy(self._figures), "findings": [found.to_json() for found in self.findings]}

    def files(self, drawings: Mapping[str, bytes] | None = None, *, log: str = "") -> dict[str, bytes]:
        """Return the files of the result folder by name, with drawings and log if given.

        Tables are made anew from the ensemble, so they do not contain changes to `stock` and the like.
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
        """Write the result folder atomically, with its parents, and return its path.

        Parameters
        ----------
        folder : str or path-like
        drawings : mapping of str to bytes, or callable, optional
            Charts by file name. A callable is called after the tables are saved, and its exceptions
            propagate.
        log : str, optional

        Raises
        ------
        StorageError
            If the folder has other content, or a write fails.
        """
        path = Path(folder)
        contents = self._contents(None if callable(drawings) else drawings, log)
        write_folder(path, contents, parents=True, seal=self._manifest, drawings=drawings)
        return path

    def _contents(self, drawings: Mapping[str, bytes] | None, log: str) -> dict[str, Content]:
        """Return all files but the manifest; tables are created lazily, long ones in pieces."""
        listed = (CONSUMERS,) if self.ensemble.axes.claims else ()
        self._require("a result folder", (*TABLE_COLUMNS, *listed))
        contents: dict[str, Content] = {SUMMARY_FILE: json_bytes(self.summary())}
        contents |= {f"{table}.csv": partial(self._csv, table) for table in TABLE_COLUMNS}
        if self.ensemble.axes.currency:
            contents["money.csv"] = lambda: csv_pieces([self.money])
        if self.ensemble.axes.orders:
            contents["orders.csv"] = lambda: csv_pieces([self.orders])
        if self.ensemble.axes.claims:
            contents[CONSUMERS_FILE] = partial(self._csv, CONSUMERS)
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
            verb=self.verb,
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
            names=self.names,
            sampled={SCENARIO_FILE: self.sampled},
        )
        return json_bytes({**found, "bands": self.ensemble.method})

    def __repr__(self) -> str:
        runs = len(self.ensemble.runs)
        made = self.ensemble.tables
        part = "" if made == TABLES else f", {', '.join(made)} only"
        end = f"seed {self.seed}, {self.engine}{part}"
        return f"<Result {self.title!r}: {runs} run{'s' * (runs != 1)}, {end}>"

    def _repr_html_(self) -> str:
        if not set(FIGURES_TABLES) <= set(self.ensemble.tables):
            return f"<p>{html.escape(repr(self))}</p>"
        summary = self.figures()
        rows = {
            "runs": summary["runs"],
            "seed": summary["seed"],
            "exhausted": _format_dates(summary["exhausted"]),
            "rationed from": _format_dates(summary["rationed"]),
            "sustained fire, shells a day": _format_range(summary["sustained"]["fire"]),
            "closing stock, shells": _format_range(summary["closing_stock"]),
        }
        body = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in rows.items())
        return f"<table><caption>{html.escape(self.title)}</caption>{body}</table>{REPORT_HINT}"

    def _require(self, what: str, needed: Sequence[str]) -> None:
        require_tables(what, needed, self.ensemble.tables)

    def _table(self, name: str) -> pd.DataFrame:
        self._require(f"`result.{name}`", (name,))
        return self._make(name)

    def _make(self, name: str) -> pd.DataFrame:
        from sim.results import tables

        make = getattr(tables, name)
        frame: pd.DataFrame = make(self.ensemble)
        return frame

    def _scenario(self) -> bytes:
        return self.scenario_text.encode("utf-8", "backslashreplace")


def _format_range(figures: Mapping[str, Any]) -> str:
    return f"median {figures['p50']:,.0f}, 5–95 %: {figures['p05']:,.0f} to {figures['p95']:,.0f}"


def _format_dates(figures: Mapping[str, Any]) -> str:
    share = f"{figures['share']:.0%} of runs"
    return f"{share}, median {figures['p50']}" if figures["p50"] else share
