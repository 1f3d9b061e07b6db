"""Chart data of a result: its tables, as saved in its folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from sim.names import Names

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from sim.results.reader import Tables
    from sim.results.result import Result

    #: A result, finished or read back from its folder, or its chart data.
    ResultLike: TypeAlias = "ChartData | Result | Tables"

PairKey = tuple[str, str]


@dataclass(frozen=True)
class ChartData:
    """The tables of one result.

    Attributes
    ----------
    stock, flows, origins, paths, outcomes : pandas.DataFrame
        Columns as in the CSV files of a result folder; dates as text or as dates. Of the outcomes, only
        ``exhausted`` and ``closing_stock`` are read, to see whether they vary over runs.
    summary, manifest : mapping
        ``summary.json`` and ``manifest.json``. Of the manifest, ``version``, ``seed``,
        ``scenario`` (``digest``, ``title``) and ``sources`` (a list of ``id, claimant, publisher,
        published``) are read.
    names : Names
        Display names of the components.
    headline : str
        Headline of the drawdown chart among the findings of a result with a solved stock; else empty.
    caveat : str
        First note of the drawdown chart, on the inputs of the runs; empty for none.
    """

    verb: ClassVar[str] = "run"
    stock: pd.DataFrame
    flows: pd.DataFrame
    origins: pd.DataFrame
    paths: pd.DataFrame
    outcomes: pd.DataFrame
    summary: Mapping[str, Any]
    manifest: Mapping[str, Any]
    names: Names = field(default_factory=Names)
    #: As ``shipments.csv``; None if unknown. Only charts of voyages read it, from the result itself.
    shipments: pd.DataFrame | None = None
    headline: str = ""
    caveat: str = ""

    @classmethod
    def of(cls, result: Result | Tables) -> ChartData:
        """Return the chart data of a result, finished or read back from its folder."""
        from sim.results.reader import Tables

        summary = result.figures()
        manifest = {
            "version": version_of(result),
            "seed": result.seed,
            "scenario": {"digest": result.digest, "title": result.title},
            "sources": [source.as_dict() for source in result.sources],
        }
        outcomes = result.outcomes if isinstance(result, Tables) else result.ends
        tables = (result.stock, result.flows, result.origins, result.paths, outcomes)
        return cls(*tables, summary, manifest, result.names, headline=_solved_headline(result))

    def figures(self) -> Mapping[str, Any]:
        """Return ``summary.json``, for the findings."""
        return self.summary

    @property
    def runs(self) -> int:
        """Number of runs."""
        return int(self.summary["runs"])

    @cached_property
    def start(self) -> dt.date:
        """First day of the run."""
        return self._day(0)

    @cached_property
    def end(self) -> dt.date:
        """The day after the last day of the run."""
        return self._day(-1) + dt.timedelta(days=1)

    @cached_property
    def consuming_pairs(self) -> tuple[PairKey, ...]:
        """All (depot, munition) pairs with a consumer, in the order of the stock table."""
        pairs = self.summary["pairs"]
        return tuple(place for place in self._held if place[1] in pairs.get(place[0], ()))

    @cached_property
    def pairs(self) -> tuple[PairKey, ...]:
        """All (depot, munition) pairs, those with a consumer first, then in the order of the stock table."""
        return tuple(dict.fromkeys([*self.consuming_pairs, *self._held]))

    @cached_property
    def _held(self) -> tuple[PairKey, ...]:
        places = zip(self.stock["depot"].tolist(), self.stock["munition"].tolist(), strict=True)
        return tuple(dict.fromkeys(places))

    def _day(self, row: int) -> dt.date:
        day = parse_date(self.stock["date"].iloc[row])
        assert day is not None  # noqa: S101 - every row has a date
        return day

    def stock_of(self, pair: PairKey) -> pd.DataFrame:
        """Return the rows of the stock table of one stock, in order of date, with ordinals ``x``."""
        rows = self.stock[(self.stock["depot"] == pair[0]) & (self.stock["munition"] == pair[1])]
        return rows.assign(x=ordinals(rows["date"])).sort_values("x", kind="stable")

    @property
    def is_constant(self) -> bool:
        """Whether all runs are the same (true of a single run)."""
        level = bool((self.stock["p05"] == self.stock["p95"]).all())
        ends = self.outcomes[["exhausted", "closing_stock"]].drop_duplicates()
        return level and len(ends) <= 1


def make_chart_data(result: ResultLike) -> ChartData:
    """Return the chart data of a result in any form."""
    return result if isinstance(result, ChartData) else ChartData.of(result)


def _solved_headline(result: Result | Tables) -> str:
    """Return the headline of a result whose opening stock was solved for; else nothing."""
    sentences = {each["kind"]: str(each["sentence"]) for each in result.summary().get("findings", ())}
    return sentences.get("drawdown_headline", "") if "unknown_stock" in sentences else ""


def version_of(result: object) -> str:
    """Return the version of this package that made a result, in memory or read back from its folder."""
    from sim.results.provenance import package_versions

    manifest = getattr(result, "manifest", None)
    versions = manifest.get("versions", {}) if manifest else package_versions()
    return str(versions.get("munitions-sim", "of unknown version"))


def ordinals(dates: pd.Series[Any]) -> NDArray[np.float64]:
    """Return dates (text, ``datetime.date`` or numpy) as numbers: ``date.toordinal()``."""
    import numpy as np
    import pandas as pd

    days = pd.to_datetime(dates).to_numpy().astype("datetime64[D]").astype(np.int64)
    return (days + dt.date(1970, 1, 1).toordinal()).astype(np.float64)


def parse_date(value: object) -> dt.date | None:
    """Return a date of a summary (ISO text, date or None) as a date; None if censored."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return dt.date.fromisoformat(value[:10]) if isinstance(value, str) and value else None
