"""Base classes of break-even and sensitivity results: provenance and files."""

from __future__ import annotations

import datetime as dt
import html
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from sim import simulate
from sim.account import Axes
from sim.errors import StorageError
from sim.names import Names
from sim.results.notebook_hint import REPORT_HINT
from sim.results.provenance import MANIFEST, VERB_KEY, Source, digest
from sim.results.result import SCENARIO_FILE, Result
from sim.results.storage import read_manifest
from sim.scenario.scenario import Scenario
from sim.study.answer_io import SavedAnswer, WritableAnswer

Saved = TypeVar("Saved", bound=SavedAnswer)


def consumed_stocks(axes: Axes) -> tuple[tuple[str, str], ...]:
    """Return the depot and munition of each stock that has a consumer."""
    pairs = zip(axes.pairs, axes.consuming, strict=True)
    return tuple((pair.depot, pair.munition) for pair, consumed in pairs if consumed)


@dataclass(frozen=True)
class QueryInfo:
    """Provenance of a result: scenario, runs, seed, engine and sources."""

    title: str
    #: The resolved scenario.
    text: str
    #: runs, seed, engine, engine_path: as in `Result`.
    runs: int
    seed: int
    engine: str
    engine_path: str
    #: inputs, sources, notes, evidence, names: as in `Result`.
    inputs: Mapping[str, str]
    sources: tuple[Source, ...]
    notes: tuple[str, ...]
    evidence: str
    names: Names
    #: start, end: first day, and the day after the last.
    start: dt.date
    end: dt.date
    #: Median of each column of the joint samples, by path.
    sampled: Mapping[str, float] = field(default_factory=dict)
    #: Depot and munition of each stock that has a consumer.
    stocks: tuple[tuple[str, str], ...] = ()

    @property
    def munitions(self) -> tuple[str, ...]:
        """Munitions that have a consumer."""
        return tuple(dict.fromkeys(munition for _, munition in self.stocks))

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
            stocks=consumed_stocks(simulate.lower_scenario(scenario).axes),
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
            sampled=result.sampled,
            stocks=consumed_stocks(result.ensemble.axes),
            start=result.ensemble.axes.start,
            end=result.ensemble.axes.date(result.ensemble.axes.days),
        )

    @property
    def data(self) -> bytes:
        """The resolved scenario as bytes."""
        return self.text.encode("utf-8", "backslashreplace")

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


@dataclass(frozen=True, repr=False, eq=False)
class QueryResult(WritableAnswer):
    """Result of a study of one scenario."""

    packages: ClassVar[tuple[str, ...]] = ("scipy", "SALib")

    query: QueryInfo

    @property
    def names(self) -> Names:
        """Names for readers of components, munitions and paths."""
        return self.query.names

    @property
    def digest(self) -> str:
        """SHA-256 of the resolved scenario."""
        return digest(self.query.data)

    @property
    def notes(self) -> tuple[str, ...]:
        """Caveats: notes of the scenario."""
        return self.query.notes

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{html.escape(found.sentence)}</li>" for found in self.findings)
        return f"<p>{html.escape(self.query.title)}</p><ul>{lines}</ul>{REPORT_HINT}"

    def _origin(self) -> dict[str, Any]:
        names = ("title", "engine", "engine_path", "seed", "runs", "inputs", "evidence", "sources", "names")
        sampled = {SCENARIO_FILE: self.query.sampled}
        return {
            "scenario": self.query.data,
            "sampled": sampled,
            **{name: getattr(self.query, name) for name in names},
        }

    def _texts(self) -> dict[str, bytes]:
        return {SCENARIO_FILE: self.query.data}


def verb_of(folder: str | os.PathLike[str]) -> str:
    """Return the command that wrote a result folder, as its manifest says.

    Raise `StorageError` if the folder is not a result, or an earlier version wrote it, which did not record
    the command.
    """
    verb = read_manifest(Path(folder)).get(VERB_KEY)
    if not isinstance(verb, str):
        raise StorageError(
            f"{folder}: {MANIFEST} has no {VERB_KEY!r}, as in an earlier version; repeat its command"
        )
    return verb


def read_answer(
    folder: str | os.PathLike[str],
    answer: type[Saved],
    verb: str,
    file: str,
    needed: tuple[str, ...],
    kinds: Callable[[Mapping[str, Any], str], str],
) -> Saved:
    """Read the table `file`, with the columns `needed`, of a folder that `verb` wrote.

    Raise `StorageError` if the folder holds something else, or a file is missing, cannot be read, or was
    changed.
    """
    path = Path(folder)
    found = read_manifest(path)
    if found.get(VERB_KEY) != verb:
        raise StorageError(f"{folder} has no {file}; `sim {verb}` writes one")
    saved = answer.read(path, found, file, kinds)
    missing = saved.missing(needed)
    if missing:
        raise StorageError(f"{folder} has no whole {file}: {missing[0]!r} is missing")
    return saved
