"""Chart data of a sensitivity study: its table, period, medians and provenance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from sim.charts.result_data import parse_date
from sim.charts.style import Size
from sim.charts.sweep_data import source_notes, study_manifest, study_note
from sim.errors import ArgumentError, Fault, format_count, nearest
from sim.formatting import as_sentence, percent
from sim.outcomes import Outcome, outcome_named

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.answer_io import SavedAnswer
    from sim.study.sensitivity_result import Sensitivity


@dataclass(frozen=True, slots=True)
class Index:
    """Sensitivity index of one input; nan beyond the end of the period, or without an interval."""

    value: float
    low: float
    high: float


#: A finished sensitivity study, in memory or read back from its folder.
SensitivityLike: TypeAlias = "Sensitivity | SavedAnswer"


@dataclass(frozen=True, slots=True)
class Drivers:
    """Chart data of one sensitivity study.

    Attributes
    ----------
    table : DataFrame
        Columns as in ``sensitivity.csv``: ``outcome, path, index, value, low, high``.
    start, end : datetime.date or None
        First day, and the day after the last; None if unknown.
    base : mapping of str to float
        Median of each outcome with all inputs drawn, the centre of a tornado. If unknown, bars extend from
        the low to the high value.
    manifest : mapping
        ``version``, ``digest`` of the scenario and ``sources``, if known.
    notes : sequence of str
        Notes for the reader, such as the handling of censored outcomes.
    confidence : float or None
        Confidence level of the intervals, such as 0.9; None if unknown.
    """

    verb: ClassVar[str] = "sensitivity"
    table: pd.DataFrame
    title: str
    runs: int
    seed: int
    start: dt.date | None = None
    end: dt.date | None = None
    base: Mapping[str, float] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)
    notes: Sequence[str] = ()
    confidence: float | None = None

    @classmethod
    def of(cls, study: Drivers | SensitivityLike) -> Drivers:
        """Return the chart data of a study; what a folder does not hold keeps its default."""
        if isinstance(study, Drivers):
            return study
        summary = study.summary()
        saved = getattr(study, "manifest", {})
        query: Any = getattr(study, "query", study)
        manifest = study_manifest(study, query.sources)
        medians = {name: found.get("median") for name, found in summary.get("outcomes", {}).items()}
        return cls(
            study.table,
            summary["title"],
            summary["runs"],
            summary["seed"],
            parse_date(summary.get("start")),
            parse_date(summary.get("end")),
            {name: float(median) for name, median in medians.items() if median is not None},
            manifest,
            tuple(getattr(study, "notes", ()) or saved.get("notes", ())),
            summary.get("confidence"),
        )

    @property
    def interval(self) -> str:
        """Phrase for the interval."""
        return "its interval" if self.confidence is None else f"its {percent(self.confidence)} interval"

    @property
    def days(self) -> float:
        """Length of the period in days; 1 if unknown."""
        return float((self.end - self.start).days) if self.start and self.end else 1.0

    def measure(self, outcome: str | None) -> Outcome:
        """Return an outcome by name, by default the first of the table.

        Raises `ArgumentError` if the table has no such outcome, or no rows.
        """
        known = list(dict.fromkeys(map(str, self.table["outcome"])))
        if not known:
            raise ArgumentError([Fault("this sensitivity table has no rows", allowed="at least one input")])
        if outcome is not None and outcome not in known:
            problem = f"this sensitivity table has no outcome {outcome!r}"
            raise ArgumentError([Fault(problem, allowed=", ".join(known), nearest=nearest(outcome, known))])
        return outcome_named(outcome or known[0])

    def indices(self, outcome: str) -> dict[str, dict[str, Index]]:
        """Return the indices of each input by path, then by name of the index."""
        found: dict[str, dict[str, Index]] = {}
        rows = self.table[self.table["outcome"] == outcome]
        columns = (rows[name] for name in ("path", "index", "value", "low", "high"))
        for path, index, *figures in zip(*columns, strict=True):
            found.setdefault(str(path), {})[str(index)] = Index(*map(_to_float, figures))
        return found

    def provenance_notes(self, size: Size, *more: str) -> list[str]:
        """Return the last notes of a chart."""
        notes = [" ".join(filter(None, more)), " ".join(map(as_sentence, self.notes))]
        work = format_count(self.runs, "run")
        return [
            *filter(None, notes),
            *source_notes(self.manifest, size),
            study_note(self.manifest, work, self.seed),
        ]


def _to_float(value: Any) -> float:
    return float("nan") if value is None else float(value)
