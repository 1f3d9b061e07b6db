"""Chart data of a backtest: its scores and provenance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from sim.charts.sweep_data import study_manifest
from sim.errors import ArgumentError, Fault

if TYPE_CHECKING:
    import pandas as pd

    from sim.auditing.backtest_result import Backtest
    from sim.study.answer_io import SavedAnswer

#: A finished backtest, in memory or read back from its folder.
BacktestLike: TypeAlias = "Backtest | SavedAnswer"
_HEADLINE = "backtest_headline"


@dataclass(frozen=True, slots=True)
class BacktestData:
    """Chart data of one backtest.

    Attributes
    ----------
    table : pandas.DataFrame
        Columns as in ``scores.csv``.
    title, headline : str
        Title of the scenario, and headline of the chart; empty if no claim is scored.
    as_of, until : datetime.date
    seed : int
    manifest : mapping
        ``version``, ``digest`` of the scenario and ``sources``.
    """

    verb: ClassVar[str] = "backtest"
    table: pd.DataFrame
    title: str
    headline: str
    as_of: dt.date
    until: dt.date
    seed: int
    manifest: Mapping[str, Any]

    @classmethod
    def of(cls, found: BacktestData | BacktestLike) -> BacktestData:
        """Return the chart data of a backtest."""
        if isinstance(found, BacktestData):
            return found
        summary = found.summary()
        headlines = (one["sentence"] for one in summary["findings"] if one["kind"] == _HEADLINE)
        return cls(
            found.table,
            summary["title"],
            next(headlines, ""),
            dt.date.fromisoformat(summary["as_of"]),
            dt.date.fromisoformat(summary["until"]),
            summary["seed"],
            study_manifest(found),
        )

    def scored(self) -> pd.DataFrame:
        """Return the scored claims by quantity, and of each by date.

        Raise `ArgumentError` if there is none.
        """
        if not len(self.table):
            problem = "this backtest scores no claim"
            raise ArgumentError([Fault(problem, allowed="a backtest of a time with comparable claims")])
        return self.table.sort_values(["quantity", "last", "first", "claim"], kind="stable")
