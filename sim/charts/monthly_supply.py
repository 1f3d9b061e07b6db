"""Flows of a result, summed to calendar months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.account import INITIAL
from sim.charts.result_data import ChartData, ordinals
from sim.charts.style import ORIGINS
from sim.findings.drawdown_headline import MET_SHARE
from sim.findings.stock_figures import OUTSIDE_INFLOW

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]

OTHER_ORIGINS = "other origins"
_SUMMED = ("required", "unmet", "inflow")


@dataclass(frozen=True, slots=True)
class MonthlySupply:
    """Supply and requirement of one munition by calendar month: means over runs, in shells a day.

    Attributes
    ----------
    munition : str
    edges : array, shape (M + 1,)
        Ordinals of the first days of months, and of the end. The first and last month may be partial.
    days : array, shape (M,)
        Number of days of each month within the run.
    fired : mapping of str to array, shape (M,)
        By origin, the initial stock last.
    required, unmet, inflow : array, shape (M,)
        `unmet` is required less fired; `inflow` is what comes in from outside the depots.
    """

    munition: str
    edges: Floats
    days: Floats
    fired: dict[str, Floats]
    required: Floats
    unmet: Floats
    inflow: Floats

    @property
    def is_short(self) -> bool:
        """Whether fire is below the requirement in any month."""
        return bool((self.unmet > (1.0 - MET_SHARE) * self.required).any())


def fired_munitions(data: ChartData) -> list[str]:
    """Return the munitions with a consumer, in the order of the result; all if there is no consumer."""
    return list(dict.fromkeys(munition for _, munition in data.consuming_pairs or data.pairs))


def named_origins(data: ChartData) -> list[str]:
    """Return the origins shown separately in a chart, without the initial stock.

    If there are more than there are colours, the smallest are left out: they share one entry.
    """
    sums, most = _fired_sums(data), len(ORIGINS)
    largest = sorted(sums, key=lambda name: -sums[name])[: most - 1]
    return list(sums) if len(sums) <= most else [name for name in sums if name in largest]


def other_origins(data: ChartData) -> list[str]:
    """Return the origins that share one entry in a chart, the largest first."""
    sums, named = _fired_sums(data), named_origins(data)
    return sorted((name for name in sums if name not in named), key=lambda name: -sums[name])


def _fired_sums(data: ChartData) -> dict[str, float]:
    """Return what is fired from each origin but the initial stock."""
    fired_rows = data.origins[(data.origins["kind"] == "fired") & (data.origins["origin"] != INITIAL)]
    sums = {str(name): float(rows["mean"].sum()) for name, rows in fired_rows.groupby("origin", sort=False)}
    return {name: total for name, total in sums.items() if total > 0.0}


def monthly_supply(data: ChartData, munition: str, names: Sequence[str]) -> MonthlySupply:
    """Return supply against requirement for one munition, over all depots.

    Parameters
    ----------
    data : ChartData
    munition : str
    names : sequence of str
        Origins shown separately; all others but the initial stock are added up.
    """
    import numpy as np

    edges = month_edges(data.start, data.end)
    days = np.diff(edges)
    requirements = data.flows[(data.flows["munition"] == munition) & (data.flows["kind"] == "required")]
    wanted = requirements["mean"].to_numpy(dtype=float)
    required = _sums(_month_places(requirements["date"], edges), wanted, edges) / days
    rows = data.origins[data.origins["munition"] == munition]
    months, means = _month_places(rows["month"].astype(str), edges), rows["mean"].to_numpy(dtype=float)
    is_fired = (rows["kind"] == "fired").to_numpy()
    shown = {*names, INITIAL}
    labels = np.array([name if name in shown else OTHER_ORIGINS for name in rows["origin"]], dtype=object)
    sums = {}
    for name in (*names, OTHER_ORIGINS, INITIAL):
        own = is_fired & (labels == name)
        sums[name] = _sums(months[own], means[own], edges) / days
    fired = {name: row for name, row in sums.items() if row.any()}
    comes_in = rows["kind"].isin(OUTSIDE_INFLOW).to_numpy()
    inflow = _sums(months[comes_in], means[comes_in], edges) / days
    total = sum(fired.values(), start=0.0 * days)
    unmet = np.maximum(required - total, 0.0)
    return MonthlySupply(munition, edges, days, fired, required, unmet, inflow)


def sum_supply(data: ChartData, names: Sequence[str]) -> MonthlySupply:
    """Return the supply of all fired munitions together; `names` as for `monthly_supply`."""
    parts = [monthly_supply(data, each, names) for each in fired_munitions(data)]
    first = parts[0]
    origins = dict.fromkeys(origin for part in parts for origin in part.fired)
    return MonthlySupply(
        "",
        first.edges,
        first.days,
        {
            origin: sum(
                (part.fired[origin] for part in parts if origin in part.fired), start=0.0 * first.days
            )
            for origin in origins
        },
        *(sum((getattr(part, name) for part in parts), start=0.0 * first.days) for name in _SUMMED),
    )


def month_edges(start: dt.date, end: dt.date) -> Floats:
    """Return the ordinals of `start`, of the first days of months after it, and of `end`."""
    import numpy as np

    firsts = (
        dt.date(m // 12, m % 12 + 1, 1)
        for m in range(start.year * 12 + start.month, end.year * 12 + end.month)
    )
    inner = [day.toordinal() for day in firsts if start < day < end]
    return np.array([start.toordinal(), *inner, end.toordinal()], dtype=float)


def _month_places(dates: pd.Series[Any], edges: Floats) -> Ints:
    """Return the month of each date; one that starts before the run counts as the first of the run."""
    import numpy as np

    day = np.clip(ordinals(dates), edges[0], edges[-1] - 1)
    return np.searchsorted(edges, day, side="right") - 1


def _sums(months: Ints, means: Floats, edges: Floats) -> Floats:
    import numpy as np

    sums = np.zeros(len(edges) - 1)
    np.add.at(sums, months, means)
    return sums
