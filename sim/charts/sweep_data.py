"""Chart data of a sweep: its table, variables, period and provenance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from sim.charts.frame import sources_note
from sim.charts.result_data import version_of
from sim.charts.style import Size
from sim.errors import ArgumentError, Fault, format_count, nearest
from sim.findings.finding import Finding
from sim.findings.sweep_figures import outcome_in_words
from sim.findings.sweep_findings import interval_finding
from sim.findings.wording import EXHAUSTED_MEANING
from sim.formatting import long_date
from sim.names import Names
from sim.outcomes import EXHAUSTED, Outcome, outcome_named

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from sim.results.provenance import Source
    from sim.study.sweep_result import Sweep

    Floats = NDArray[np.float64]


#: A finished sweep, in memory or read back from its folder.
SweepLike: TypeAlias = "Sweep"


@dataclass(frozen=True, slots=True)
class SweepData:
    """Chart data of one sweep.

    Attributes
    ----------
    table : DataFrame
        Columns as in ``sweep.parquet``.
    start, end : datetime.date or None
        First day, and the day after the last; None if unknown: dates are then shown as days from the start.
    units : mapping of str to str
        Base unit of each path (`sim.units.Unit`); a path without one has plain numbers.
    manifest : mapping
        ``version``, ``digest`` of the scenario and ``sources``, if known.
    names : Names
    own : mapping of str to float
        Value of each varied number in the scenario.
    stocks : int or None
        Number of stocks that have a consumer; None if unknown.
    breakeven : DataFrame or None
        Break-even values of the paths, as `sim.study.sweep_breakeven.solve_sweep` returns them.
    """

    verb: ClassVar[str] = "sweep"
    table: pd.DataFrame
    paths: tuple[str, ...]
    title: str
    runs: int
    seed: int
    start: dt.date | None = None
    end: dt.date | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)
    names: Names = field(default_factory=Names)
    own: Mapping[str, float] = field(default_factory=dict)
    stocks: int | None = None
    breakeven: pd.DataFrame | None = None

    @classmethod
    def of(cls, sweep: SweepData | Sweep) -> SweepData:
        """Return the chart data of a sweep."""
        if isinstance(sweep, SweepData):
            return sweep
        return cls(
            sweep.table,
            sweep.paths,
            sweep.title,
            sweep.runs,
            sweep.seed,
            sweep.start,
            sweep.end,
            sweep.units,
            study_manifest(sweep),
            sweep.names,
            sweep.own,
            sweep.stocks,
            sweep.breakeven,
        )

    @property
    def days(self) -> float:
        """Length of the period in days; if unknown, the last day in the table."""
        if self.start is not None and self.end is not None:
            return float((self.end - self.start).days)
        seen = [self.table[name].max() for name in self.table if str(name).endswith(("_p50", "_p95"))]
        known = [float(day) for name, day in zip(self._quantiles(), seen, strict=True) if self._day(name)]
        return max([day for day in known if day > 0], default=1.0)

    def dates(self, days: Iterable[float]) -> list[float | str | None]:
        """Return days from the start as dates in text, or as they are without a known start; None for nan."""
        start = self.start
        return [
            None if day != day else float(day) if start is None else _day_text(start, day) for day in days
        ]

    @property
    def end_phrase(self) -> str:
        """Phrase for the end of the period."""
        return long_date(self.end) if self.end is not None else "the end of the period"

    @property
    def failed(self) -> NDArray[np.bool_]:
        """Boolean mask of the points with failed runs."""
        import numpy as np

        return np.asarray(self.table["failed"].to_numpy(), dtype=np.int64) > 0

    def column(self, name: str) -> Floats:
        """Return a column as an array, nan for null."""
        import numpy as np

        return np.asarray(self.table[name].to_numpy(), dtype=np.float64)

    def measure(self, outcome: str) -> Outcome:
        """Return an outcome by name; raise `ArgumentError` if the sweep has none of this name."""
        known = [name.removesuffix("_p50") for name in self._quantiles() if name.endswith("_p50")]
        if outcome not in known:
            problem = f"this sweep has no outcome {outcome!r}"
            near = nearest(outcome, known)
            raise ArgumentError([Fault(problem, allowed=", ".join(known), nearest=near)])
        return outcome_in_words(outcome, self.names)

    def notes(self, size: Size, *more: str, event: str = "") -> list[str]:
        """Return the last notes of a chart: definitions, failed points, sources and provenance.

        `event` is the definition of the event of a stock, a note of its own that no other one cuts.
        """
        failed = int(self.failed.sum())
        if failed:
            more = (
                *more,
                f"At {format_count(failed, 'point')} runs failed; the column reason of the sweep says why.",
            )
        first = [" ".join(filter(None, more))] if any(more) else []
        work = f"{format_count(len(self.table), 'point')} of {format_count(self.runs, 'run')}"
        note = study_note(self.manifest, work, self.seed)
        return [*first, *filter(None, [event]), *source_notes(self.manifest, size), note]

    def _quantiles(self) -> list[str]:
        return [str(name) for name in self.table if str(name).endswith(("_p50", "_p95"))]

    def _day(self, column: str) -> bool:
        return outcome_named(column.rpartition("_")[0]).is_date


def interval_note(scan: SweepData, headline: Finding) -> str:
    """Return the note of the interval of the value in a headline; empty without one."""
    found = interval_finding(scan, headline)
    return "" if found is None else f"{found.sentence}."


def event_note(*outcomes: str) -> str:
    """Return the definition of the event of a stock, if one of some outcomes is its date; else nothing."""
    return EXHAUSTED_MEANING if EXHAUSTED in outcomes else ""


def study_manifest(study: object) -> dict[str, Any]:
    """Return version, digest of the scenario, and sources of a study, finished or read back."""
    sources: Iterable[Source] = getattr(getattr(study, "query", study), "sources", ())
    return {
        "version": version_of(study),
        "digest": getattr(study, "digest", ""),
        "sources": [source.as_dict() for source in sources],
    }


def study_note(manifest: Mapping[str, Any], work: str, seed: int) -> str:
    """Return the provenance note of a study: ``Model output, 400 points of 200 runs, seed 1, ...``."""
    digest = str(manifest.get("digest", "")).rsplit(":", 1)[-1][:8]
    scenario = f", scenario {digest}" if digest else ""
    version = f", munitions-sim\u00a0{manifest['version']}" if "version" in manifest else ""
    return f"Model output, {work}, seed {seed}{scenario}{version}."


def source_notes(manifest: Mapping[str, Any], size: Size) -> Sequence[str]:
    """Return the note of sources; empty if the sources are unknown."""
    return [sources_note(manifest, size)] if manifest.get("sources") else []


def _day_text(start: dt.date, day: float) -> str:
    return (start + dt.timedelta(days=round(day))).isoformat()
