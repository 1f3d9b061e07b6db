"""Base classes of break-even and sensitivity results: provenance and files."""

from __future__ import annotations

import datetime as dt
import os
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim import simulate
from sim.errors import StorageError
from sim.names import Names
from sim.results.csv_text import csv_bytes
from sim.results.json_text import json_bytes
from sim.results.provenance import LOG, MANIFEST, Source, make_manifest, package_versions
from sim.results.reader import SUMMARY_FILE
from sim.results.result import SCENARIO_FILE, Result
from sim.results.storage import read_manifest
from sim.scenario.scenario import Scenario
from sim.study.answer_io import SavedAnswer, WritableAnswer

if TYPE_CHECKING:
    import pandas as pd

VERB = "verb"


@dataclass(frozen=True)
class QueryInfo:
    """Provenance of a result: scenario, runs, seed, engine and sources.

    Attributes
    ----------
    title : str
    text : str
        The resolved scenario.
    runs, seed, engine, engine_path
        As in `Result`.
    inputs, sources, notes, evidence, names
        As in `Result`.
    start, end : datetime.date
        First day, and the day after the last.
    """

    title: str
    text: str
    runs: int
    seed: int
    engine: str
    engine_path: str
    inputs: Mapping[str, str]
    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    evidence: str
    names: Names
    start: dt.date
    end: dt.date

    @classmethod
    def from_scenario(
        cls, scenario: Scenario, *, runs: int, seed: int, varied: Sequence[str] = ()
    ) -> QueryInfo:
        """Return the provenance of a study of a scenario that varies the paths `varied`."""
        path = str(simulate.engine_path())
        return cls(
            title=scenario.title_apart_from(varied),
            text=scenario.text(),
            runs=runs,
            seed=seed,
            engine="simpy" if path == "python" else "compiled",
            engine_path=path,
            inputs=scenario.digests,
            start=scenario.start,
            end=scenario.end,
            **simulate.provenance_of(scenario)._asdict(),
        )

    @classmethod
    def from_result(cls, result: Result) -> QueryInfo:
        """Return the provenance of a study of an existing ensemble."""
        return cls(
            title=result.title,
            text=result.scenario_text,
            runs=len(result.ensemble.runs),
            seed=result.seed,
            engine=result.engine,
            engine_path=result.engine_path,
            inputs=result.inputs,
            sources=result.sources,
            notes=result.notes,
            evidence=result.evidence,
            names=result.names,
            start=result.ensemble.axes.start,
            end=result.ensemble.axes.date(result.ensemble.axes.days),
        )

    def summary_head(self) -> dict[str, Any]:
        """Return the first entries of every summary."""
        return {
            "title": self.title,
            "runs": int(self.runs),
            "seed": int(self.seed),
            "engine": self.engine,
            "engine_path": self.engine_path,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
        }

    def files(
        self,
        marks: Mapping[str, str],
        table: tuple[str, pd.DataFrame],
        summary: Mapping[str, Any],
        notes: tuple[str, ...],
        drawings: Mapping[str, bytes] | None = None,
        log: str = "",
    ) -> dict[str, bytes]:
        """Return the files of the result folder by name.

        Parameters
        ----------
        marks : mapping of str to str
            Entries of the manifest that identify the kind of answer, the verb first.
        table : tuple of (str, DataFrame)
            File name and content.
        summary : mapping
        notes : tuple of str
            Notes of the scenario and of the answer.
        drawings : mapping of str to bytes, optional
        log : str
        """
        name, frame = table
        text = self.text.encode("utf-8", "backslashreplace")
        files = {
            SUMMARY_FILE: json_bytes(summary),
            name: csv_bytes(frame),
            SCENARIO_FILE: text,
            **(drawings or {}),
        }
        if log:
            files[LOG] = log.encode("utf-8", "backslashreplace")
        found = make_manifest(
            title=self.title,
            engine=self.engine,
            engine_path=self.engine_path,
            seed=self.seed,
            runs=self.runs,
            scenario=text,
            inputs=self.inputs,
            evidence=self.evidence,
            sources=self.sources,
            notes=notes,
            files=files,
            used=dict(
                sorted({**package_versions(), "scipy": version("scipy"), "SALib": version("SALib")}.items())
            ),
            names=self.names,
        )
        files[MANIFEST] = json_bytes({**found, **marks})
        return files


@dataclass(frozen=True, repr=False, eq=False)
class QueryResult(WritableAnswer):
    """Result of a study of one scenario.

    Attributes
    ----------
    file : str
        File name of the table.
    query : QueryInfo
    """

    file: ClassVar[str]

    query: QueryInfo

    @property
    def names(self) -> Names:
        """Names for readers of components, munitions and paths."""
        return self.query.names

    @property
    @abstractmethod
    def notes(self) -> tuple[str, ...]:
        """Caveats for the reader."""

    @abstractmethod
    def summary(self) -> dict[str, Any]:
        """Return the content of ``summary.json``: text, integers, finite floats and None."""

    def files(self, drawings: Mapping[str, bytes] | None = None, *, log: str = "") -> dict[str, bytes]:
        """Return the files of the result folder by name, with the drawings and the log if given."""
        table = self.file, self._table()
        return self.query.files(self._marks, table, self.summary(), self.notes, drawings, log)

    @property
    @abstractmethod
    def _marks(self) -> Mapping[str, str]:
        """Entries of the manifest that identify the kind of answer, the verb first."""

    @abstractmethod
    def _table(self) -> pd.DataFrame:
        """Return a new table: a caller may have changed an earlier one."""


def verb_of(folder: str | os.PathLike[str]) -> str:
    """Return the verb in the manifest of a result folder; empty if it has none.

    Raises
    ------
    StorageError
        If the folder is not a result.
    """
    return str(read_manifest(Path(folder)).get(VERB, ""))


def read_answer(
    folder: str | os.PathLike[str],
    verb: str,
    file: str,
    needed: tuple[str, ...],
    kinds: Callable[[Mapping[str, Any], str], str],
) -> SavedAnswer:
    """Read an answer from a folder.

    Parameters
    ----------
    folder : path
    verb, file : str
        Verb that wrote the folder, and the file name of the table.
    needed : tuple of str
        Required columns of the table.
    kinds : callable
        Maps the summary and a column name to the kind of the column, as for `csv_frame`.

    Raises
    ------
    StorageError
        If the folder holds something else, or a file is missing, cannot be read, or was changed.
    """
    path = Path(folder)
    found = read_manifest(path)
    if found.get(VERB) != verb:
        raise StorageError(f"{folder} has no {file}; `sim {verb}` writes one")
    saved = SavedAnswer.read(path, found, file, kinds)
    missing = saved.missing(needed)
    if missing:
        raise StorageError(f"{folder} has no whole {file}: {missing[0]!r} is missing")
    return saved
