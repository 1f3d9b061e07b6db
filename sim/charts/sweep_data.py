"""What a chart of a sweep is made from: its table, and the few words that go with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sim.charts.frame import sources_note
from sim.charts.result_data import parse_date
from sim.charts.style import Size
from sim.errors import ArgumentError, Fault, format_count, nearest
from sim.formatting import NumberFormat, long_date, number_format, shorten_path
from sim.outcomes import Outcome, outcome_named

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


class SweepLike(Protocol):
    """A finished sweep, in memory or read back: what a chart needs of it.

    Where it also has ``start, end, units, digest`` or ``sources`` (or its ``manifest["sweep"]`` has the first
    three), dates are told as dates, numbers in human units, and the provenance in full.
    """

    @property
    def title(self) -> str:
        """Of the scenario."""

    @property
    def paths(self) -> tuple[str, ...]:
        """What varied."""

    @property
    def runs(self) -> int:
        """At each point."""

    @property
    def seed(self) -> int:
        """Of the draws."""

    @property
    def table(self) -> pd.DataFrame:
        """A row a point, columns as in ``sweep.parquet``."""


#: Settings with a name that reads better than their path.
_NOUN_OF_SETTING = {("consumption", "rate"): "consumption", ("production", "rate"): "production"}
_NOUN_OF_SETTING |= {("depots", "stock"): "opening stock"}


@dataclass(frozen=True, slots=True)
class SweepVariable:
    """One path that was varied.

    Attributes
    ----------
    path, noun : str
        `noun` is what a sentence calls it: ``production``, or the path.
    human : Human
    values : tuple of float, or of str where they are no numbers
        Those that occur, in order.
    """

    path: str
    noun: str
    number_format: NumberFormat
    values: tuple[Any, ...]

    @property
    def is_numeric(self) -> bool:
        """Whether the values are numbers."""
        return all(isinstance(value, float) for value in self.values)

    @property
    def caption(self) -> str:
        """What stands at its axis: the path, and the unit where there is one."""
        return (
            f"{self.path}, {self.number_format.noun}"
            if self.number_format.noun and self.is_numeric
            else self.path
        )

    def format_value(self, value: float) -> str:
        """Return ``production of 3.4M a year``."""
        return f"{self.noun} of {self.number_format.text(value)}"


@dataclass(frozen=True, slots=True)
class Scan:
    """The table of one sweep.

    Attributes
    ----------
    table : DataFrame
        Columns as in ``sweep.parquet``.
    paths : tuple of str
        What varied.
    title : str
        Of the scenario.
    runs, seed : int
    start, end : datetime.date or None
        First day, and the day after the last; None where not known: days are then told from the start.
    units : mapping of str to str
        The base unit of each path (`sim.units.Unit`); a path without one is told in plain numbers.
    manifest : mapping
        ``version``, ``digest`` of the scenario and ``sources``, as far as known.
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

    @classmethod
    def of(cls, sweep: Scan | SweepLike) -> Scan:
        """Return what a chart is made from; what a sweep does not know of itself is left out."""
        if isinstance(sweep, Scan):
            return sweep
        from sim.results.provenance import package_versions

        saved = getattr(sweep, "manifest", {})
        about = saved.get("sweep", {})
        units = getattr(sweep, "units", None) or about.get("units", {})
        start, end = (parse_date(getattr(sweep, name, None) or about.get(name)) for name in ("start", "end"))
        digest = getattr(sweep, "digest", "") or saved.get("scenario", {}).get("digest", "")
        used = saved.get("versions", None) or package_versions()
        named = [source._asdict() for source in getattr(sweep, "sources", ())]
        manifest = {"version": used["munitions-sim"], "digest": digest, "sources": named}
        paths = tuple(sweep.paths)
        return cls(sweep.table, paths, sweep.title, sweep.runs, sweep.seed, start, end, units, manifest)

    @property
    def days(self) -> float:
        """Length of the period; where it is not known, the last day that any figure tells."""
        if self.start is not None and self.end is not None:
            return float((self.end - self.start).days)
        seen = [self.table[name].max() for name in self.table if str(name).endswith(("_p50", "_p95"))]
        known = [float(day) for name, day in zip(self._quantiles(), seen, strict=True) if self._day(name)]
        return max([day for day in known if day > 0], default=1.0)

    @property
    def end_phrase(self) -> str:
        """The end of the period in words."""
        return long_date(self.end) if self.end is not None else "the end of the period"

    @property
    def failed(self) -> NDArray[np.bool_]:
        """Which points have a run that failed."""
        import numpy as np

        return np.asarray(self.table["failed"].to_numpy(), dtype=np.int64) > 0

    def column(self, name: str) -> Floats:
        """Return a column as numbers, nan where null."""
        import numpy as np

        return np.asarray(self.table[name].to_numpy(), dtype=np.float64)

    def measure(self, outcome: str) -> Outcome:
        """Return an outcome in words.

        Raises
        ------
        ArgumentError
            The sweep has no such outcome.
        """
        known = [name.removesuffix("_p50") for name in self._quantiles() if name.endswith("_p50")]
        if outcome not in known:
            problem = f"this sweep has no outcome {outcome!r}"
            near = nearest(outcome, known)
            raise ArgumentError([Fault(problem, allowed=", ".join(known), nearest=near)])
        return outcome_named(outcome)

    def variables(self) -> list[SweepVariable]:
        """Return what varied, in the order of the sweep."""
        nouns = [self._noun(path) for path in self.paths]
        return [
            SweepVariable(
                path,
                noun if nouns.count(noun) == 1 else shorten_path(path),
                number_format(self.units.get(path, ""), path),
                self._values(path),
            )
            for path, noun in zip(self.paths, nouns, strict=True)
        ]

    def study_note(self) -> str:
        """Return the note that names the study."""
        return study_note(
            self.manifest,
            f"{format_count(len(self.table), 'point')} of {format_count(self.runs, 'run')}",
            self.seed,
        )

    def notes(self, size: Size, *more: str) -> list[str]:
        """Return the last notes of a chart: what it needs, its inputs, and the study that made it."""
        failed = int(self.failed.sum())
        if failed:
            more = (
                *more,
                f"At {format_count(failed, 'point')} runs failed; the column reason of the sweep says why.",
            )
        told = [" ".join(filter(None, more))] if any(more) else []
        return [*told, *source_notes(self.manifest, size), self.study_note()]

    def _quantiles(self) -> list[str]:
        return [str(name) for name in self.table if str(name).endswith(("_p50", "_p95"))]

    def _day(self, column: str) -> bool:
        return outcome_named(column.rpartition("_")[0]).is_date

    def _values(self, path: str) -> tuple[Any, ...]:
        from pandas.api.types import is_numeric_dtype

        column = self.table[path]
        if is_numeric_dtype(column):
            return tuple(sorted({float(value) for value in column}))
        return tuple(dict.fromkeys(str(value) for value in column))

    def _noun(self, path: str) -> str:
        steps = path.split(".")
        return _NOUN_OF_SETTING.get((steps[0], steps[-1]), shorten_path(path))


def study_note(manifest: Mapping[str, Any], work: str, seed: int) -> str:
    """Return the note that names a study: ``Model output, 400 points of 200 runs, seed 1, ...``."""
    digest = str(manifest.get("digest", "")).rsplit(":", 1)[-1][:8]
    scenario = f", scenario {digest}" if digest else ""
    version = f", munitions-sim\u00a0{manifest['version']}" if "version" in manifest else ""
    return f"Model output, {work}, seed {seed}{scenario}{version}."


def source_notes(manifest: Mapping[str, Any], size: Size) -> Sequence[str]:
    """Return the note that names the sources; none where it is not known what they are."""
    return [sources_note(manifest, size)] if manifest.get("sources") else []
