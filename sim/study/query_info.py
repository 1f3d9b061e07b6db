"""What the answers to a question share: what was asked of which scenario, and the way to disk and back."""

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
    """What was asked, and of what.

    Attributes
    ----------
    title : str
    text : str
        The resolved scenario.
    runs, seed, engine, engine_path
        As of a `Result`.
    inputs, sources, notes, evidence
        As of a `Result`.
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
    start: dt.date
    end: dt.date

    @classmethod
    def from_scenario(
        cls, scenario: Scenario, *, runs: int, seed: int, varied: Sequence[str] = ()
    ) -> QueryInfo:
        """Return what is asked of a scenario, of which `varied` are paths."""
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
        """Return what is asked of an ensemble that is there."""
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
            start=result.ensemble.axes.start,
            end=result.ensemble.axes.date(result.ensemble.axes.days),
        )

    def summary_head(self) -> dict[str, Any]:
        """Return what every summary opens with."""
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
            What the manifest says of the kind of the answer: its verb first.
        table : tuple of (str, DataFrame)
            The name of the file, and what it holds.
        summary : mapping
        notes : tuple of str
            Of the scenario and of the answer.
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
        )
        files[MANIFEST] = json_bytes({**found, **marks})
        return files


@dataclass(frozen=True, repr=False, eq=False)
class QueryResult(WritableAnswer):
    """What was found where one scenario was asked of.

    Attributes
    ----------
    file : str
        Of the table.
    asked : Asked
    """

    file: ClassVar[str]

    query: QueryInfo

    @property
    @abstractmethod
    def notes(self) -> tuple[str, ...]:
        """What a reader should be told."""

    @abstractmethod
    def summary(self) -> dict[str, Any]:
        """Return what ``summary.json`` holds: text, whole numbers, finite floats and None only."""

    def files(self, drawings: Mapping[str, bytes] | None = None, *, log: str = "") -> dict[str, bytes]:
        """Return the files of the result folder by name, drawings and log where they are given."""
        table = self.file, self._table()
        return self.query.files(self._marks, table, self.summary(), self.notes, drawings, log)

    @property
    @abstractmethod
    def _marks(self) -> Mapping[str, str]:
        """What the manifest says of the kind of the answer: its verb first."""

    @abstractmethod
    def _table(self) -> pd.DataFrame:
        """Return the table afresh: the one that was handed out may have been changed."""


def verb_of(folder: str | os.PathLike[str]) -> str:
    """Return the verb that wrote a result folder, as far as its manifest says; empty where it does not.

    Raises
    ------
    StorageError
        Where the folder is no result.
    """
    return str(read_manifest(Path(folder)).get(VERB, ""))


def read_answer(
    folder: str | os.PathLike[str],
    verb: str,
    file: str,
    needed: tuple[str, ...],
    kinds: Callable[[Mapping[str, Any], str], str],
) -> SavedAnswer:
    """Return the answer that a folder holds.

    Parameters
    ----------
    folder : path
    verb, file : str
        What was asked, and the file of its table.
    needed : tuple of str
        Columns that the table must have.
    kinds : callable
        From the summary and the name of a column to its kind, as for `csv_frame`.

    Raises
    ------
    StorageError
        Where the folder holds another thing, or a file is missing, cannot be read, or was changed.
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
