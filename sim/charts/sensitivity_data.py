"""What a chart of a sensitivity study is made from: its table, and the few words that go with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sim.charts.result_data import parse_date
from sim.charts.style import Size
from sim.charts.sweep_data import source_notes, study_note
from sim.errors import ArgumentError, Fault, format_count, nearest
from sim.formatting import as_sentence, percent
from sim.outcomes import Outcome, outcome_named

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Index:
    """One index of one input.

    Attributes
    ----------
    value : float
        nan where the outcome lies beyond the end of the period.
    low, high : float
        Its interval; nan for none.
    """

    value: float
    low: float
    high: float


class SensitivityLike(Protocol):
    """A sensitivity study, in memory or read back: what a chart needs of it.

    Its summary has ``title, runs, seed``; ``start`` and ``end``, ``confidence`` and the ``median`` of each of
    its ``outcomes`` where they are known.
    """

    @property
    def table(self) -> pd.DataFrame:
        """Columns as in ``sensitivity.csv``."""

    def summary(self) -> dict[str, Any]:
        """Return what ``summary.json`` holds."""


@dataclass(frozen=True, slots=True)
class Drivers:
    """The table of one sensitivity study.

    Attributes
    ----------
    table : DataFrame
        Columns as in ``sensitivity.csv``: ``outcome, path, index, value, low, high``.
    title : str
        Of the scenario.
    runs, seed : int
    start, end : datetime.date or None
        First day, and the day after the last; None where not known.
    base : mapping of str to float
        By outcome, its median with all inputs drawn; what a tornado is drawn around. Where it is not known,
        bars go from the low to the high value.
    manifest : mapping
        ``version``, ``digest`` of the scenario and ``sources``, as far as known.
    notes : sequence of str
        What a reader should be told: how censored outcomes are handled.
    confidence : float or None
        Share of the intervals, such as 0.9; None where not known.
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
        """Return what a chart is made from; what a study does not know of itself is left out."""
        if isinstance(study, Drivers):
            return study
        from sim.results.provenance import package_versions

        told = study.summary()
        saved = getattr(study, "manifest", {})
        asked = getattr(study, "query", study)
        manifest = {
            "version": (saved.get("versions", None) or package_versions())["munitions-sim"],
            "digest": saved.get("scenario", {}).get("digest", "") or getattr(asked, "digest", ""),
            "sources": [source._asdict() for source in getattr(asked, "sources", ())],
        }
        medians = {name: found.get("median") for name, found in told.get("outcomes", {}).items()}
        return cls(
            study.table,
            told["title"],
            told["runs"],
            told["seed"],
            parse_date(told.get("start")),
            parse_date(told.get("end")),
            {name: float(median) for name, median in medians.items() if median is not None},
            manifest,
            tuple(getattr(study, "notes", ()) or saved.get("notes", ())),
            told.get("confidence"),
        )

    @property
    def interval(self) -> str:
        """The interval in words."""
        return "its interval" if self.confidence is None else f"its {percent(self.confidence)} interval"

    @property
    def days(self) -> float:
        """Length of the period; 1 where it is not known."""
        return float((self.end - self.start).days) if self.start and self.end else 1.0

    def measure(self, outcome: str | None) -> Outcome:
        """Return an outcome in words; the first of the table where none is named.

        Raises
        ------
        ArgumentError
            The table has no such outcome, or no row at all.
        """
        known = list(dict.fromkeys(map(str, self.table["outcome"])))
        if not known:
            raise ArgumentError([Fault("this sensitivity table has no rows", allowed="at least one input")])
        if outcome is not None and outcome not in known:
            problem = f"this sensitivity table has no outcome {outcome!r}"
            raise ArgumentError([Fault(problem, allowed=", ".join(known), nearest=nearest(outcome, known))])
        return outcome_named(outcome or known[0])

    def indices(self, outcome: str) -> dict[str, dict[str, Index]]:
        """Return the indices of each input: by path, then by name of the index."""
        found: dict[str, dict[str, Index]] = {}
        rows = self.table[self.table["outcome"] == outcome]
        columns = (rows[name] for name in ("path", "index", "value", "low", "high"))
        for path, index, *figures in zip(*columns, strict=True):
            found.setdefault(str(path), {})[str(index)] = Index(*map(_to_float, figures))
        return found

    def provenance_notes(self, size: Size, *more: str) -> list[str]:
        """Return the last notes of a chart."""
        told = [" ".join(filter(None, more)), " ".join(map(as_sentence, self.notes))]
        work = format_count(self.runs, "run")
        return [
            *filter(None, told),
            *source_notes(self.manifest, size),
            study_note(self.manifest, work, self.seed),
        ]


def _to_float(value: Any) -> float:
    return float("nan") if value is None else float(value)
