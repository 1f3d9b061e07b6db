"""The account of all stocks together by day: opening stock, cumulative flows, means over runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.account import INFLOW_KINDS, OUTFLOW_KINDS, Kind
from sim.charts.result_data import ChartData, ordinals
from sim.findings.stock_figures import OUTSIDE_INFLOW

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Account:
    """The account by day, in shells.

    Attributes
    ----------
    x : array, shape (days,)
        Ordinals of the dates.
    opening : float
        Stock before the first day.
    level : array, shape (days,)
        Closing level.
    supplied, fired, lost, expired, required : array, shape (days,)
        Up to the end of each day; `supplied` is without the opening stock.
    under_way : float
        Dispatched from one depot and not received at another by the end.
    """

    x: Floats
    opening: float
    level: Floats
    supplied: Floats
    fired: Floats
    lost: Floats
    expired: Floats
    required: Floats
    under_way: float

    @property
    def gone(self) -> Floats:
        """What left without being fired: lost or expired, up to the end of each day."""
        return self.lost + self.expired

    def ways_out(self, least: float) -> str:
        """Return how shells left other than by fire, where more than `least` did: `` or lost or expired``."""
        ways = {"lost": self.lost, "expired": self.expired}
        return "".join(f" or {way}" for way, shells in ways.items() if float(shells[-1]) > least)


def make_account(data: ChartData) -> Account:
    """Return the account of a result.

    The opening stock is the level at the end of the first day less the flows of that day.
    """
    import numpy as np

    level = _by_day(data.stock)
    days = level.index
    flows = {
        kind: _by_day(data.flows[data.flows["kind"] == kind.value]).reindex(days, fill_value=0.0)
        for kind in Kind
    }
    first = sum(float(flows[kind].iloc[0]) for kind in INFLOW_KINDS)
    first -= sum(float(flows[kind].iloc[0]) for kind in OUTFLOW_KINDS)
    running: dict[Kind, Floats] = {
        kind: np.cumsum(series.to_numpy(dtype=np.float64), dtype=np.float64) for kind, series in flows.items()
    }
    return Account(
        np.unique(ordinals(data.stock["date"])),
        float(level.iloc[0]) - first,
        np.asarray(level, dtype=np.float64),
        sum((running[kind] for kind in OUTSIDE_INFLOW), start=0.0 * running[Kind.FIRED]),
        running[Kind.FIRED],
        running[Kind.LOST],
        running[Kind.EXPIRED],
        running[Kind.REQUIRED],
        float(running[Kind.DISPATCHED][-1] - running[Kind.RECEIVED][-1]),
    )


def _by_day(table: pd.DataFrame) -> pd.Series[float]:
    days = ordinals(table["date"])
    return table["mean"].groupby(days, sort=True).sum()
