"""Chart data of a sensitivity study: its table, period, medians and provenance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from sim.charts.result_data import parse_date
from sim.charts.style import Size
from sim.charts.sweep_data import event_note, source_notes, study_manifest, study_note
from sim.errors import ArgumentError, Fault, format_count, nearest
from sim.findings.sensitivity_figures import SensitivityFigures, indices_of_rows
from sim.formatting import as_sentence, integer, percent
from sim.names import Names
from sim.outcomes import Outcome, outcome_named

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.answer_io import SavedAnswer
    from sim.study.sensitivity_result import Sensitivity


#: What Morris and Sobol explain.
MEANS_NOTE = "Outcomes are means of the runs at each point."
#: A finished sensitivity study, in memory or read back from its folder.
SensitivityLike: TypeAlias = "Sensitivity | SavedAnswer"


@dataclass(frozen=True, slots=True)
class SensitivityData:
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
    names : Names
    censored : mapping of str to float
        Share of runs in which a date is not reached, by outcome.
    stocks : int
        Number of stocks that have a consumer.
    points : int or None
        Number of points of the inputs; None if unknown.
    event : str
        Definition of the event of a stock, for a chart of its date.
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
    names: Names = field(default_factory=Names)
    censored: Mapping[str, float] = field(default_factory=dict)
    stocks: int = 1
    points: int | None = None
    event: str = ""

    @classmethod
    def of(cls, study: SensitivityData | SensitivityLike) -> SensitivityData:
        """Return the chart data of a study; fields missing in the folder keep their defaults."""
        if isinstance(study, SensitivityData):
            return study
        summary = study.summary()
        saved = getattr(study, "manifest", {})
        medians = {name: found.get("median") for name, found in summary.get("outcomes", {}).items()}
        return cls(
            study.table,
            summary["title"],
            summary["runs"],
            summary["seed"],
            parse_date(summary.get("start")),
            parse_date(summary.get("end")),
            {name: float(median) for name, median in medians.items() if median is not None},
            study_manifest(study),
            tuple(getattr(study, "notes", ()) or saved.get("notes", ())),
            summary.get("confidence"),
            study.names,
            {name: found["censored"] for name, found in summary.get("outcomes", {}).items()},
            len(summary.get("stocks", [()])),
            summary.get("points"),
        )

    @property
    def interval(self) -> str:
        """Phrase for the interval."""
        return "its interval" if self.confidence is None else f"its {percent(self.confidence)} interval"

    @property
    def figures(self) -> SensitivityFigures:
        """Figures for the findings."""
        columns = (self.table[name] for name in ("outcome", "path", "index", "value", "low", "high"))
        indices = indices_of_rows(zip(*columns, strict=True))
        rest = (self.start, self.end, self.runs, self.names, self.stocks)
        return SensitivityFigures(indices, self.base, self.censored, *rest)

    def about(self, outcome: str) -> SensitivityData:
        """Return the data with the notes on one outcome, and without those on others alone."""
        figures = self.figures
        others = tuple(f"{figures.noun(each)} is not reached" for each in figures.indices if each != outcome)
        left_out = (*others, "no input affects ")
        kept = [note for note in self.notes if not note.startswith(left_out)]
        return replace(self, notes=kept, event=event_note(outcome))

    def measure(self, outcome: str | None) -> Outcome:
        """Return an outcome by name, by default the first that an input affects.

        Raises `ArgumentError` if the table has no such outcome, or no rows.
        """
        known = list(dict.fromkeys(map(str, self.table["outcome"])))
        if not known:
            raise ArgumentError([Fault("this sensitivity table has no rows", allowed="at least one input")])
        if outcome is not None and outcome not in known:
            problem = f"this sensitivity table has no outcome {outcome!r}"
            raise ArgumentError([Fault(problem, allowed=", ".join(known), nearest=nearest(outcome, known))])
        return outcome_named(outcome or self.figures.default_outcome())

    def provenance_notes(self, size: Size, *more: str) -> list[str]:
        """Return the last notes of a chart."""
        notes = [" ".join(filter(None, more)), " ".join(map(as_sentence, self.notes))]
        work = format_count(self.runs, "run")
        if self.figures.method != "rank":
            work += " at each point" if self.points is None else f" at each of {integer(self.points)} points"
        return [
            *filter(None, [*notes, self.event]),
            *source_notes(self.manifest, size),
            study_note(self.manifest, work, self.seed),
        ]
