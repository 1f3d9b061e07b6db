"""What a chart is made from: the saved tables of a result, as they stand in its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ChartData:
    """The tables of one result.

    Attributes
    ----------
    stock, flows, origins, paths, outcomes : pandas.DataFrame
        Columns as in the CSV files of a result folder; dates as text or as dates.
    summary, manifest : mapping
        ``summary.json`` and ``manifest.json``. Of the manifest a chart reads ``version``, ``seed``,
        ``runs``, ``scenario`` (``digest``, ``title``) and ``sources`` (a list of ``id, claimant,
        publisher, published``).
    """

    stock: pd.DataFrame
    flows: pd.DataFrame
    origins: pd.DataFrame
    paths: pd.DataFrame
    outcomes: pd.DataFrame
    summary: Mapping[str, Any]
    manifest: Mapping[str, Any]

    @property
    def runs(self) -> int:
        """Number of runs."""
        return int(self.summary["runs"])

    @property
    def start(self) -> dt.date:
        """First day of the run."""
        return dt.date.fromordinal(int(ordinals(self.stock["date"]).min()))

    @property
    def end(self) -> dt.date:
        """The day after the last day of the run."""
        return dt.date.fromordinal(int(ordinals(self.stock["date"]).max()) + 1)

    @property
    def consuming(self) -> tuple[Place, ...]:
        """Every (depot, munition) that has a consumer, in the order of the summary."""
        pairs = self.summary["pairs"]
        return tuple((depot, munition) for depot in pairs for munition in pairs[depot])

    @property
    def places(self) -> tuple[Place, ...]:
        """Every (depot, munition), those with a consumer first, then in the order of the table."""
        held = dict.fromkeys(zip(self.stock["depot"], self.stock["munition"], strict=True))
        return tuple(dict.fromkeys([*self.consuming, *held]))

    @property
    def alike(self) -> bool:
        """Whether every run came out the same (true of a single run)."""
        level = bool((self.stock["p05"] == self.stock["p95"]).all())
        ends = self.outcomes[["exhausted", "closing_stock"]].drop_duplicates()
        return level and len(ends) <= 1


def ordinals(dates: pd.Series[Any]) -> NDArray[np.float64]:
    """Return dates (text, ``datetime.date`` or numpy) as numbers: ``date.toordinal()``."""
    import numpy as np
    import pandas as pd

    days = pd.to_datetime(dates).to_numpy().astype("datetime64[D]").astype(np.int64)
    return (days + dt.date(1970, 1, 1).toordinal()).astype(np.float64)


def as_date(value: object) -> dt.date | None:
    """Return a date of a summary (ISO text, a date, or nothing) as a date; None where censored."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return dt.date.fromisoformat(value[:10]) if isinstance(value, str) and value else None
