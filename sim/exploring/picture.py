"""Data of the chart of the live page for one setting: the fan of each stock, and the fire by month."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.account import Kind
from sim.charts.monthly_supply import fired_munitions, named_origins, sum_supply
from sim.charts.origin_styles import origin_styles
from sim.charts.result_data import ChartData, PairKey
from sim.charts.supply_bars import origin_label
from sim.findings.stock_figures import stock_heading

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sim.results.result import Result

    Floats = NDArray[np.float64]

#: Most days of a fan: a screen resolves no more.
_MOST_DAYS = 250
#: Most stocks with a fan of their own.
MOST_FANS = 3
PERCENTS = ("p05", "p25", "p50", "p75", "p95")


@dataclass(frozen=True, slots=True)
class Fan:
    """A stock over time: percentiles over runs on some days.

    Attributes
    ----------
    heading : str
    days : sequence of str
        ISO dates.
    levels : mapping of str to sequence of float
        Shells by percentile: ``p05``, ``p25``, ``p50``, ``p75``, ``p95``.
    """

    heading: str
    days: Sequence[str]
    levels: Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class FireSeries:
    """One part of the fire: label, colour, and shells a day in each month."""

    label: str
    colour: str
    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class Fire:
    """The fire of all consumers by month, means over runs.

    Attributes
    ----------
    heading, past : str
        `past` is what consumers do: ``fired``.
    edges : sequence of str
        ISO dates: first day of each month, and the end.
    parts : tuple of FireSeries
        By origin, from the bottom of the stack.
    required, unmet : sequence of float
        Shells a day.
    """

    heading: str
    past: str
    edges: Sequence[str]
    parts: tuple[FireSeries, ...]
    required: Sequence[float]
    unmet: Sequence[float]

    @property
    def total(self) -> list[float]:
        """Shells fired a day, of all origins."""
        return [sum(amounts) for amounts in zip(*(part.values for part in self.parts), strict=True)] or [
            0.0 for _ in self.required
        ]


@dataclass(frozen=True, slots=True)
class Picture:
    """Data of the chart of one setting.

    Attributes
    ----------
    start, end : datetime.date
        First day, and the day after the last.
    runs : int
    fans : tuple of Fan
    hidden_stocks : int
        Stocks without a fan.
    fire : Fire
    """

    start: dt.date
    end: dt.date
    runs: int
    fans: tuple[Fan, ...]
    hidden_stocks: int
    fire: Fire


def make_picture(result: Result) -> Picture:
    """Return the picture data of a result."""
    data = _chart_data(result)
    pairs = data.pairs
    shown = (data.consuming_pairs or pairs)[:MOST_FANS]
    return Picture(
        data.start,
        data.end,
        data.runs,
        tuple(_fan(data, pair, pairs) for pair in shown),
        len(pairs) - len(shown),
        _fire(data),
    )


def _chart_data(result: Result) -> ChartData:
    """Return the tables that fans and fire read: no single runs, and of the flows two kinds."""
    stock, flows = result.stock, result.flows
    return ChartData(
        stock,
        flows[flows["kind"].isin([Kind.REQUIRED.value, Kind.FIRED.value])],
        result.origins,
        stock.iloc[:0],
        stock.iloc[:0],
        result.figures(),
        {"scenario": {"title": result.title}},
        result.names,
    )


def _fan(data: ChartData, pair: PairKey, pairs: Sequence[PairKey]) -> Fan:
    rows = data.stock_of(pair)
    step = math.ceil(len(rows) / _MOST_DAYS)
    # The last day is always there.
    kept = rows.iloc[(len(rows) - 1) % step :: step]
    return Fan(
        stock_heading(data.names, list(pairs), *pair),
        kept["date"].tolist(),
        {name: _rounded(kept[name].to_numpy(dtype=float)) for name in PERCENTS},
    )


def _fire(data: ChartData) -> Fire:
    supply = sum_supply(data, named_origins(data))
    looks = origin_styles(data)
    parts = tuple(
        FireSeries(
            origin_label(data.names, origin), str(looks[origin]["facecolor"]), _rounded(supply.fired[origin])
        )
        for origin in looks
        if origin in supply.fired
    )
    past = data.names.verb(data.names.verbs).past
    edges = [dt.date.fromordinal(int(day)).isoformat() for day in supply.edges]
    heading = f"{data.names.noun(fired_munitions(data)).many.capitalize()} {past} a day"
    return Fire(heading, past, edges, parts, _rounded(supply.required), _rounded(supply.unmet))


def _rounded(values: Floats) -> list[int]:
    """Return whole shells: a screen shows no more, and the message is shorter."""
    return [int(each) for each in values.round()]
