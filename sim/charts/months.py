"""The tables of a result, summed to calendar months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.charts.data import ChartData, ordinals
from sim.charts.findings import Month
from sim.charts.words import month_name

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

INITIAL = "initial"
OTHERS = "other origins"
#: What comes into the whole system. Received shells only change depots.
_INFLOW = ("landed", "produced", "refurbished")


@dataclass(frozen=True, slots=True)
class Supply:
    """Supply and requirement of one munition by calendar month: means over runs, in shells a day.

    Attributes
    ----------
    munition : str
    edges : array, shape (M + 1,)
        Ordinals of the days at which months begin, and the end. The first and last month may be partial.
    days : array, shape (M,)
        Days of each month that are in the run.
    fired : mapping of str to array, shape (M,)
        By origin, the initial stock last.
    required, unmet, inflow : array, shape (M,)
        `unmet` is what was required and not fired; `inflow` what landed, was produced and refurbished.
    """

    munition: str
    edges: Floats
    days: Floats
    fired: dict[str, Floats]
    required: Floats
    unmet: Floats
    inflow: Floats

    def months(self) -> list[Month]:
        """Return the months in words and in shells, for a finding."""
        total = sum(self.fired.values(), start=0.0 * self.days)
        return [
            Month(
                month_name(dt.date.fromordinal(int(self.edges[m]))),
                *(float(row[m] * self.days[m]) for row in (self.required, total, self.inflow)),
            )
            for m in range(len(self.days))
        ]


def munitions(data: ChartData) -> list[str]:
    """Return the munitions that someone fires, in the order of the result; all where no one does."""
    return list(dict.fromkeys(munition for _, munition in data.consuming or data.places))


def supply(data: ChartData, munition: str, *, most: int) -> Supply:
    """Return supply against requirement for one munition, over all depots.

    Parameters
    ----------
    data : ChartData
    munition : str
    most : int
        The largest number of origins beside the initial stock; the smallest share one name.
    """
    import numpy as np

    edges = _edges(data.start, data.end)
    days = np.diff(edges)
    asked = data.flows[(data.flows["munition"] == munition) & (data.flows["kind"] == "required")]
    required = _by_month(asked, "date", edges) / days
    rows = data.origins[data.origins["munition"] == munition]
    shot = rows[rows["kind"] == "fired"]
    names = list(dict.fromkeys(shot["origin"]))
    fired = {name: _by_month(shot[shot["origin"] == name], "month", edges) / days for name in names}
    inflow = _by_month(rows[rows["kind"].isin(_INFLOW)], "month", edges) / days
    total = sum(fired.values(), start=0.0 * days)
    return Supply(
        munition, edges, days, _ranked(fired, most), required, np.maximum(required - total, 0.0), inflow
    )


def together(parts: Sequence[Supply]) -> list[Month]:
    """Return the months of several munitions, shells added up."""
    rows = [part.months() for part in parts]
    return [
        Month(
            same[0].name,
            *(sum(getattr(month, name) for month in same) for name in ("required", "fired", "inflow")),
        )
        for same in zip(*rows, strict=True)
    ]


def _edges(start: dt.date, end: dt.date) -> Floats:
    import numpy as np

    firsts = (
        dt.date(m // 12, m % 12 + 1, 1)
        for m in range(start.year * 12 + start.month, end.year * 12 + end.month)
    )
    inner = [day.toordinal() for day in firsts if start < day < end]
    return np.array([start.toordinal(), *inner, end.toordinal()], dtype=float)


def _by_month(rows: pd.DataFrame, column: str, edges: Floats) -> Floats:
    """Sum the means by month. A month's own date may lie before the run: its first day stands for it."""
    import numpy as np

    if rows.empty:
        return np.zeros(len(edges) - 1)
    values: pd.Series[Any] = rows[column]
    day = np.clip(ordinals(values.astype(str) if column == "month" else values), edges[0], edges[-1] - 1)
    place = np.searchsorted(edges, day, side="right") - 1
    sums = np.zeros(len(edges) - 1)
    np.add.at(sums, place, rows["mean"].to_numpy(dtype=float))
    return sums


def _ranked(fired: dict[str, Floats], most: int) -> dict[str, Floats]:
    """Return steady supply first and the initial stock last, small origins as one."""
    new = {name: row for name, row in fired.items() if name != INITIAL and row.sum() > 0}
    if len(new) > most:
        by_size = sorted(new, key=lambda name: -float(new[name].sum()))
        kept = set(by_size[: most - 1])
        rest = [new[name] for name in new if name not in kept]
        new = {name: row for name, row in new.items() if name in kept}
        new[OTHERS] = sum(rest[1:], start=rest[0])
    return new | ({INITIAL: fired[INITIAL]} if INITIAL in fired else {})
