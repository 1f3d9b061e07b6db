"""Result of a break-even search: table, sentences and files."""

from __future__ import annotations

import html
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from sim.errors import StorageError, format_count
from sim.results.csv_text import csv_bytes, csv_frame
from sim.results.notebook_hint import REPORT_HINT
from sim.results.storage import read_files
from sim.study.answer_io import SavedAnswer
from sim.study.near_miss import NearMiss
from sim.study.query_info import QueryResult, read_answer
from sim.study.target import Target

if TYPE_CHECKING:
    import pandas as pd

    from sim.findings.finding import Finding

TABLE = "breakeven.csv"
BREAKEVEN_VERB = "breakeven"
POINTS_TABLE = "breakeven-points.csv"
POINT_COLUMNS = ("value", "share")
COLUMNS = ("path", "unit", "value", "low", "high", "reached")


@dataclass(frozen=True)
class RequirementPoint:
    """Value at which the requirement is met in the same share of runs, beside one at which a stock lasts."""

    #: None if no value tried is the least or the most with which it is met.
    value: float | None
    #: Whether it is met above the value rather than below.
    is_rising: bool
    #: Share of runs in which it is met, at every value tried, in order.
    shares: tuple[float, ...]


@dataclass(frozen=True)
class BreakevenPoint:
    """Break-even value at one combination of the varied values, if there is one."""

    #: Values of the varied paths.
    at: tuple[float | str, ...]
    #: Lowest and highest value without failed runs: the bounds or a part of them; None if there is none.
    searched: tuple[float, float] | None
    #: best, worst: the value with the largest (smallest) share of runs that meet the target, and that share.
    best: tuple[float, float] | None
    worst: tuple[float, float] | None
    #: Reason of failed runs at other values within the bounds; empty if none failed.
    failure: str = ""
    #: The break-even value, at which the target is met; None if there is none within the bounds.
    value: float | None = None
    #: low, high: 90 % interval of the value; None if that end is beyond the bounds.
    low: float | None = None
    high: float | None = None
    #: Whether the target is met above the value rather than below.
    is_rising: bool | None = None
    #: Number of significant crossings of the required share.
    turns: int = 0
    #: Every value tried, with the share of runs that meet the target there, in order.
    tried: tuple[tuple[float, float], ...] = ()
    #: The same for the requirement, if the target is that the stock lasts and a value was found.
    requirement: RequirementPoint | None = None
    #: What happens at the best value, if no value meets the target.
    near_miss: NearMiss | None = None

    @property
    def is_found(self) -> bool:
        """Whether a break-even value exists within the bounds."""
        return self.value is not None

    @property
    def decides(self) -> bool | None:
        """Whether the share of runs varies within the bounds; None if no value could be evaluated."""
        if self.best is None or self.worst is None:
            return None
        return self.best[1] != self.worst[1]


@dataclass(frozen=True, repr=False, eq=False)
class Breakeven(QueryResult):
    """The value of a number at which a target is just met; a row of the table for each varied combination.

    Attributes
    ----------
    query : QueryInfo
    target : Target
    path, unit : str
        The number solved for, and its base unit; ``factor`` for a factor on a whole course.
    written : str
        The number as written in the file.
    varied : tuple of str
        Other varied paths; each combination of their values has its own break-even value.
    varied_numbers : tuple of (str, str)
        Base unit of each varied number, and its text in the file; empty for other settings.
    bounds : tuple of two float
        Search range in base units.
    found : tuple of BreakevenPoint
    is_certain : bool
        Whether nothing is uncertain, so that all runs are equal.
    describe : callable
        Returns the findings: see `sim.findings.breakeven_findings`.
    """

    verb: ClassVar[str] = BREAKEVEN_VERB
    file: ClassVar[str] = TABLE

    target: Target
    path: str
    unit: str
    written: str
    varied: tuple[str, ...]
    varied_numbers: tuple[tuple[str, str], ...]
    bounds: tuple[float, float]
    found: tuple[BreakevenPoint, ...]
    is_certain: bool
    describe: Callable[[Breakeven], Sequence[Finding]]

    @property
    def value(self) -> float | None:
        """The first break-even value, in base units; None if there is none within the bounds."""
        return self.found[0].value

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answers in sentences, one for each combination of the varied values."""
        return tuple(found.sentence for found in self.findings if found.kind == BREAKEVEN_VERB)

    @property
    def notes(self) -> tuple[str, ...]:
        """Caveats: notes of the scenario, multiple crossings, and values with failed runs."""
        own = (found.sentence for found in self.findings if found.kind == f"{BREAKEVEN_VERB}_caveat")
        return tuple(dict.fromkeys([*self.query.notes, *own]))

    @property
    def points(self) -> pd.DataFrame:
        """Every value tried: the varied values, ``value`` and ``share`` (of runs that meet the target).

        Where the answer names it for the requirement, also ``met_share``: of runs in which that is met.
        """
        import pandas as pd

        rows = [(*one.at, *tried) for one in self.found for tried in one.tried]
        table = pd.DataFrame(rows, columns=[*self.varied, *POINT_COLUMNS])
        beside = self.found[0].requirement
        return table if beside is None else table.assign(met_share=list(beside.shares))

    def figures(self) -> dict[str, Any]:
        """Return the content of ``summary.json`` without the findings."""
        return {
            **self.query.summary_head(),
            "solve": self.path,
            "unit": self.unit,
            "of": self.target.outcome,
            "holds": self.target.share,
            "from": (self.target.since or self.query.start).isoformat(),
            "until": self.target.until_text,
            **({} if self.target.level is None else {"level": self.target.level}),
            "stocks": [list(stock) for stock in self.query.stocks],
            "bounds": list(self.bounds),
            "varied": {path: self._kind(position) for position, path in enumerate(self.varied)},
            "units": {self.path: self.unit, **self._varied_units},
            "written": {self.path: self.written, **self._varied_text},
            "certain": self.is_certain,
            "answers": [self._summary_of(one) for one in self.found],
        }

    def __repr__(self) -> str:
        runs = format_count(self.query.runs, "run")
        return f"<Breakeven of {self.path}: {runs} a value, seed {self.query.seed}>"

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in self.sentences)
        return f"<p>{html.escape(self.query.title)}</p><ul>{lines}</ul>{REPORT_HINT}"

    @property
    def _varied_units(self) -> dict[str, str]:
        return {path: unit for path, (unit, _) in zip(self.varied, self.varied_numbers, strict=True)}

    @property
    def _varied_text(self) -> dict[str, str]:
        return {path: written for path, (_, written) in zip(self.varied, self.varied_numbers, strict=True)}

    def _texts(self) -> dict[str, bytes]:
        return {**super()._texts(), POINTS_TABLE: csv_bytes(self.points)}

    def _summary_of(self, one: BreakevenPoint) -> dict[str, Any]:
        return {
            **({"at": dict(zip(self.varied, one.at, strict=True))} if self.varied else {}),
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "reached": one.is_found,
            "holds_above": one.is_rising,
            "crossings": max(one.turns, int(one.is_found)),
            "decides": one.decides,
            "looked": None if one.searched is None else list(one.searched),
            "best": _share(one.best),
            "worst": _share(one.worst),
            "failed": one.failure,
            **({} if one.requirement is None else {"met": one.requirement.value}),
        }

    def _kind(self, position: int) -> str:
        return "text" if isinstance(self.found[0].at[position], str) else "number"

    def _table(self) -> pd.DataFrame:
        import pandas as pd

        varied = {path: [one.at[place] for one in self.found] for place, path in enumerate(self.varied)}
        found = {
            name: pd.Series([getattr(one, name) for one in self.found], dtype="float64")
            for name in ("value", "low", "high")
        }
        reached = [one.is_found for one in self.found]
        rows = range(len(self.found))
        return pd.DataFrame(
            {"path": self.path, "unit": self.unit, **varied, **found, "reached": reached}, index=rows
        )


def _share(found: tuple[float, float] | None) -> dict[str, float] | None:
    return None if found is None else dict(zip(("value", "share"), found, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class SavedBreakeven(SavedAnswer):
    """Break-even values read from their folder."""

    #: As `Breakeven.points`; None in a folder of an earlier version.
    points: pd.DataFrame | None = None


def read_breakeven(folder: str | os.PathLike[str]) -> SavedBreakeven:
    """Read break-even values from a folder; ``reached`` is text, ``True`` or ``False``.

    Raises
    ------
    StorageError
        If the folder holds none, or a file is missing, cannot be read, or was changed.
    """
    saved = read_answer(folder, SavedBreakeven, BREAKEVEN_VERB, TABLE, COLUMNS, _column_kind)
    if POINTS_TABLE not in saved.manifest["files"]:
        return saved
    data = read_files(Path(folder), saved.manifest["files"], [POINTS_TABLE])[POINTS_TABLE]
    figures = saved.summary()
    try:
        points = csv_frame(data, lambda column: _column_kind(figures, column))
    except ValueError as error:
        raise StorageError(f"{POINTS_TABLE} of {folder} cannot be read: {error}") from error
    return replace(saved, points=points)


def _column_kind(figures: Mapping[str, Any], column: str) -> str:
    if column in {"path", "unit", "reached"}:
        return "text"
    return str(figures.get("varied", {}).get(column, "number"))
