"""Result of a comparison: table, summary and files."""

from __future__ import annotations

import datetime as dt
import html
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.errors import StorageError, escape_control_characters, format_count
from sim.formatting import distinct_percents
from sim.names import Names, merge_names
from sim.results.notebook_hint import REPORT_HINT
from sim.results.provenance import SHORT_DIGEST, Source, digest, merge_inputs
from sim.results.storage import read_manifest
from sim.scenario.override_notes import title_with_phrase
from sim.study.answer_io import SavedAnswer, WritableAnswer
from sim.study.paired_difference import Difference

if TYPE_CHECKING:
    import pandas as pd

    from sim.findings.finding import Finding

TABLE = "compare.csv"
COLUMNS = ("scenario", "outcome", "difference", "low", "high", "pairs", "censored")
_COLUMN_KINDS = {"scenario": "text", "outcome": "text", "pairs": "whole", "censored": "whole"}
_REQUIRED_KEYS = ("title", "runs", "seed", "engine", "start", "end", "first", "scenarios", "differences")


@dataclass(frozen=True)
class ComparedScenario:
    """One scenario of a comparison, with its provenance."""

    name: str
    title: str
    #: The resolved scenario.
    text: str
    #: inputs, sources, notes, evidence, names: as in `Result`.
    inputs: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: str = ""
    names: Names = field(default_factory=Names)
    #: Median of each column of the joint samples, by path.
    sampled: Mapping[str, float] = field(default_factory=dict)
    #: Pairs of depot and munition that have a consumer.
    stocks: int = 1
    #: Share of runs in which each stock is exhausted, by depot and munition; those that have a consumer.
    exhausted: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    #: Share of runs in which the requirement of each stock is not met.
    rationed: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    #: Overrides stated neither in the title nor in `Comparison.changed`.
    changed: str = ""

    @property
    def full_title(self) -> str:
        """The title with the overrides."""
        return title_with_phrase(self.title, self.changed)

    @property
    def data(self) -> bytes:
        """The resolved scenario as bytes."""
        return self.text.encode("utf-8", "backslashreplace")


@dataclass(frozen=True, repr=False, eq=False)
class Comparison(WritableAnswer):
    """Scenarios under common random numbers, each compared with the first.

    The differences of the table are in days (negative: earlier), shells or shells a day.

    Attributes
    ----------
    scenarios : tuple of ComparedScenario
        The first is the baseline.
    differences : tuple of Difference
        In order of scenario and outcome.
    seed, runs, engine, engine_path
        Common to all scenarios.
    start, end : datetime.date
        First day, and the day after the last.
    alike : tuple of (str, str)
        Pairs of names of scenarios with equal results in every run.
    changed : str
        Overrides common to all scenarios; empty if there are none.
    describe : callable
        Returns the findings: see `sim.findings.comparison_findings`.
    """

    verb: ClassVar[str] = "compare"
    file: ClassVar[str] = TABLE
    scenarios: tuple[ComparedScenario, ...]
    differences: tuple[Difference, ...]
    seed: int
    runs: int
    engine: str
    start: dt.date
    end: dt.date
    describe: Callable[[Comparison], Sequence[Finding]]
    alike: tuple[tuple[str, str], ...] = ()
    changed: str = ""
    engine_path: str = ""

    @property
    def title(self) -> str:
        """Titles of the other scenarios, then of the first, with the common overrides."""
        first, *others = (one.full_title for one in self.scenarios)
        title = f"{'; '.join(others)}, compared with {first}"
        return f"{title} (changed in all: {self.changed})" if self.changed else title

    @property
    def sources(self) -> tuple[Source, ...]:
        """Published estimates that the scenarios cite."""
        return tuple(sorted({source for one in self.scenarios for source in one.sources}))

    @property
    def names(self) -> Names:
        """Names for readers in all scenarios; where two differ, the earlier counts."""
        return merge_names(one.names for one in self.scenarios)

    @property
    def notes(self) -> tuple[str, ...]:
        """Caveats: scenarios with equal results, and the notes of each scenario."""
        same = (
            f"{one} and {other} give the same result in every run: nothing in which they differ matters here"
            for one, other in self.alike
        )
        return tuple(
            dict.fromkeys(
                [*map(escape_control_characters, same), *(n for one in self.scenarios for n in one.notes)]
            )
        )

    def figures(self) -> dict[str, Any]:
        """Return the content of ``summary.json`` without the findings."""
        by_scenario: dict[str, dict[str, Any]] = {one.name: {} for one in self.scenarios[1:]}
        for each in self.differences:
            shown = each._asdict()
            by_scenario[shown.pop("scenario")][shown.pop("outcome")] = shown
        return {
            "title": self.title,
            "runs": int(self.runs),
            "seed": int(self.seed),
            "engine": self.engine,
            "engine_path": self.engine_path,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "first": self.scenarios[0].name,
            **({"changed": self.changed} if self.changed else {}),
            "scenarios": {
                one.name: {
                    "title": one.title,
                    "digest": digest(one.data),
                    "stocks": one.stocks,
                    "exhausted": {depot: dict(by) for depot, by in one.exhausted.items()},
                    "rationed": {depot: dict(by) for depot, by in one.rationed.items()},
                    **({"changed": one.changed} if one.changed else {}),
                }
                for one in self.scenarios
            },
            "differences": by_scenario,
            "alike": [list(pair) for pair in self.alike],
        }

    def _origin(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "engine": self.engine,
            "engine_path": self.engine_path,
            "seed": self.seed,
            "runs": self.runs,
            "scenario": b"---\n".join(one.data for one in self.scenarios),
            "inputs": merge_inputs((one.name, one.inputs) for one in self.scenarios),
            "evidence": self.scenarios[0].evidence,
            "sources": self.sources,
            "names": self.names,
            "sampled": {file: one.sampled for file, one in self._scenario_files().items()},
        }

    def _marks(self) -> dict[str, Any]:
        return {
            "scenarios": {
                one.name: {
                    "title": one.full_title,
                    "digest": digest(one.data),
                    "short": digest(one.data)[:SHORT_DIGEST],
                    "file": file,
                }
                for file, one in self._scenario_files().items()
            }
        }

    def _texts(self) -> dict[str, bytes]:
        return {file: one.data for file, one in self._scenario_files().items()}

    def _scenario_files(self) -> dict[str, ComparedScenario]:
        """Return the scenarios by the names of their files in the folder."""
        return {f"scenario-{place}.yaml": one for place, one in enumerate(self.scenarios, 1)}

    def __repr__(self) -> str:
        names = ", ".join(one.name for one in self.scenarios)
        lead = f"Comparison of {names}: {format_count(self.runs, 'run')}, seed {self.seed}"
        return f"<{lead}. {self.findings[0].sentence}>"

    def _repr_html_(self) -> str:
        titles = {one.name: one.full_title for one in self.scenarios}
        head = "<tr><th>" + "</th><th>".join(("scenario", *_HEADINGS)) + "</th></tr>"
        body = "".join(_html_row(titles[each.scenario], each) for each in self.differences)
        lead = f"<p>{html.escape(self.findings[0].sentence)}</p>"
        return f"{lead}<table><caption>{html.escape(self.title)}</caption>{head}{body}</table>{REPORT_HINT}"

    def _table(self) -> pd.DataFrame:
        import pandas as pd

        columns = {name: [getattr(each, name) for each in self.differences] for name in COLUMNS}
        kinds = {"text": "str", "whole": "int64", "number": "float64"}
        return pd.DataFrame(
            {name: pd.Series(cells, dtype=kinds[_column_kind(name)]) for name, cells in columns.items()}
        )


_HEADINGS = ("outcome", "difference", "90 % interval", "censored")


def _html_row(title: str, each: Difference) -> str:
    if each.is_misleading and each.first_share is not None and each.other_share is not None:
        other, first = distinct_percents(each.other_share, each.first_share)
        shares = f"reached in {other} of runs, not {first}"
        cells = (title, each.outcome, shares, "", f"{each.censored} of {each.pairs}")
        return "<tr><td>" + "</td><td>".join(map(html.escape, cells)) + "</td></tr>"
    digits = 1 if each.unit == "days" else 0
    known = (x for x in (each.difference, each.low, each.high) if x is not None)
    mean, *ends = ("0" if round(x, digits) == 0.0 else f"{x:+,.{digits}f}" for x in known)
    cells = (
        title,
        each.outcome,
        f"{mean} {each.unit}",
        " to ".join(ends),
        f"{each.censored} of {each.pairs}" if each.censored else "",
    )
    return "<tr><td>" + "</td><td>".join(map(html.escape, cells)) + "</td></tr>"


def _column_kind(column: str) -> str:
    return _COLUMN_KINDS.get(column, "number")


def read_comparison(folder: str | os.PathLike[str]) -> SavedAnswer:
    """Read a comparison from a folder; its `table` has the columns of ``compare.csv``.

    Raises
    ------
    StorageError
        If the folder holds none, or a file is missing, cannot be read, or was changed.
    """
    path = Path(folder)
    found = read_manifest(path)
    if TABLE not in found["files"]:
        raise StorageError(f"{folder} is not a comparison: it has no {TABLE}; `sim compare` writes one")
    saved = SavedAnswer.read(path, found, TABLE, lambda _, column: _column_kind(column))
    missing = saved.missing(COLUMNS, _REQUIRED_KEYS)
    if missing:
        raise StorageError(f"{folder} is not a whole comparison: {missing[0]!r} is missing")
    return saved
