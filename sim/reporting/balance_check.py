"""Balance of the saved tables of a run: closing levels against flows, day by day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.account import INFLOW_KINDS, OUTFLOW_KINDS

if TYPE_CHECKING:
    from sim.results.reader import Tables

_PAIR = ["depot", "munition"]


def saved_balance_error(tables: Tables) -> float:
    """Return the largest difference between the change of a mean level and the mean flows of that day.

    It is relative to the gross turnover of the stock: its first level and all its flows. The first day has
    no level before it, and is left out.
    """
    import pandas as pd

    signs = {**dict.fromkeys(INFLOW_KINDS, 1.0), **dict.fromkeys(OUTFLOW_KINDS, -1.0)}
    flows = tables.flows[tables.flows["kind"].isin(list(signs))]
    flows = flows.assign(net=flows["mean"] * flows["kind"].map(signs))
    by_day = flows.groupby([*_PAIR, "date"])[["net", "mean"]].sum()
    levels = tables.stock.set_index([*_PAIR, "date"])["mean"].sort_index()
    day = pd.DataFrame({"level": levels, "net": by_day["net"], "gross": by_day["mean"]}).fillna(0.0)
    pairs = day.groupby(level=_PAIR)
    turnover = pairs["gross"].sum() + pairs["level"].first()
    error = (pairs["level"].diff() - day["net"]).abs().groupby(level=_PAIR).max()
    return float((error / turnover.where(turnover > 0.0, 1.0)).max())
