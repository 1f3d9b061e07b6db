"""Chart data of a break-even search: values, points tried, findings and provenance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sim.charts.style import Size
from sim.charts.sweep_data import source_notes, study_manifest, study_note
from sim.errors import ArgumentError, Fault, format_count
from sim.findings.breakeven_findings import CAVEAT, HEADLINE
from sim.findings.number_words import NumberWords
from sim.findings.target_words import TargetWords
from sim.findings.wording import LASTS_MEANING
from sim.formatting import NumberFormat, as_sentence, number_format
from sim.names import Names, Noun
from sim.outcomes import EXHAUSTED

if TYPE_CHECKING:
    import pandas as pd

_TIMES = NumberFormat("times", " times")


class BreakevenLike(Protocol):
    """Protocol of a break-even search for charts, finished or read back from its folder."""

    @property
    def table(self) -> pd.DataFrame:
        """Columns as in ``breakeven.csv``."""

    @property
    def points(self) -> pd.DataFrame | None:
        """Columns as in ``breakeven-points.csv``; None if unknown."""

    @property
    def names(self) -> Names:
        """Names for readers."""

    def summary(self) -> dict[str, Any]:
        """Return the content of ``summary.json``."""


@dataclass(frozen=True, slots=True)
class BreakevenData:
    """Chart data of one break-even search.

    Attributes
    ----------
    table, points : DataFrame
        Columns as in ``breakeven.csv`` and ``breakeven-points.csv``.
    summary : mapping
        Content of ``summary.json``.
    names : Names
    manifest : mapping
        ``version``, ``digest`` of the scenario and ``sources``, if known.
    """

    verb: ClassVar[str] = "breakeven"
    table: pd.DataFrame
    points: pd.DataFrame
    summary: Mapping[str, Any]
    names: Names = field(default_factory=Names)
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, found: BreakevenData | BreakevenLike) -> BreakevenData:
        """Return the chart data of a search.

        Raises
        ------
        ArgumentError
            The folder has no points: an earlier version wrote it.
        """
        if isinstance(found, BreakevenData):
            return found
        points = found.points
        summary = found.summary()
        if points is None or "findings" not in summary:
            problem = "this break-even has no breakeven-points.csv: an earlier version wrote it"
            raise ArgumentError([Fault(problem, allowed="the answer of `sim breakeven`, run again")])
        return cls(found.table, points, summary, found.names, study_manifest(found))

    @property
    def path(self) -> str:
        """The number solved for."""
        return str(self.summary["solve"])

    @property
    def varied(self) -> tuple[str, ...]:
        """Other varied paths."""
        return tuple(self.summary["varied"])

    @property
    def level(self) -> float:
        """Required share of runs."""
        return float(self.summary["holds"])

    def words(self, path: str) -> NumberWords:
        """Return the formatter of a number in sentences."""
        return NumberWords(path, self.summary["units"][path], self.summary["written"][path], self.noun)

    def number_format(self, path: str) -> NumberFormat:
        """Return the formatter of a number on an axis."""
        words = self.words(path)
        found = number_format(words.unit, path).in_currency(self.names.currency)
        return _TIMES if words.is_factor else found

    def caption(self, path: str) -> str:
        """Return the label of an axis: name and unit."""
        unit = self.number_format(path).noun
        name = self.names.path(path)
        return f"{name}, {unit}" if unit else name

    @property
    def noun(self) -> Noun:
        """Noun of the counted things."""
        return self.names.noun(munition for _, munition in self.summary["stocks"])

    @property
    def bounds(self) -> tuple[float, float]:
        """Search range."""
        low, high = self.summary["bounds"]
        return float(low), float(high)

    @property
    def is_single(self) -> bool:
        """Whether there is one run at each value, or all runs are equal."""
        return bool(self.summary["certain"]) or int(self.summary["runs"]) == 1

    @property
    def target_clause(self) -> str:
        """What must hold: ``the stock lasts until 1 Sep 2025``."""
        since = dt.date.fromisoformat(self.summary["from"])
        return TargetWords.of_period(
            self.summary["of"],
            self.summary["until"],
            since if since > dt.date.fromisoformat(self.summary["start"]) else None,
            len(self.summary["stocks"]),
            self.names,
            level=self.summary.get("level"),
            noun=self.noun,
        ).clause

    @property
    def headline(self) -> str:
        """Title of the chart."""
        return str(next(each["sentence"] for each in self.summary["findings"] if each["kind"] == HEADLINE))

    def provenance_notes(self, size: Size, *more: str) -> list[str]:
        """Return the last notes of a chart."""
        caveats = (each["sentence"] for each in self.summary["findings"] if each["kind"] == CAVEAT)
        first = " ".join(filter(None, [*more, *map(as_sentence, caveats)]))
        work = f"{format_count(int(self.summary['runs']), 'run')} at each value"
        return [
            *filter(None, [first, LASTS_MEANING if self.summary["of"] == EXHAUSTED else ""]),
            *source_notes(self.manifest, size),
            study_note(self.manifest, work, int(self.summary["seed"])),
        ]
