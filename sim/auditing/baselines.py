"""Baselines of a backtest: what follows from earlier figures alone.

The figures are independent claims of the first date on the same number: quantity, munitions, suppliers, unit.
Those of the family of the claimant count; without any those of all families; without any bounds as well.

- **Persistence**: the last figure goes on: a stock or a rate as it is, an amount as the same rate. A
  cumulative count grows at its last rate: between its last two days, or of a single day since its period
  began.
- **Linear trend**: least squares through the logarithms of stocks or rates by the middle of their period, or
  through the counts of a cumulative count. With figures of one day alone it is persistence.

Both are medians of a lognormal distribution, whose spread is that of the last figure and of the claim
together.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from sim.auditing import periods
from sim.auditing.claims import Match
from sim.auditing.independence import period_of
from sim.observables import Cumulative, Flow, Measure, Window

#: Least number of shells, containers or kilograms: no figure is below it.
LEAST = 1.0


class Baseline(NamedTuple):
    """What earlier figures foretell of a claim.

    Attributes
    ----------
    persistence, trend : float
        In the unit of the claim.
    spread : float
        Standard deviation of the logarithm.
    """

    persistence: float
    trend: float
    spread: float


def baseline_of(claim: Match, known: Sequence[Match]) -> Baseline | None:
    """Return what earlier figures foretell of a claim; None if there is none."""
    earlier = _earlier(claim, known)
    if not earlier:
        return None
    last = earlier[-1]
    made = _of_counts if isinstance(claim.observable, Cumulative) else _of_rates
    persistence, trend = made(claim, earlier)
    spread = math.hypot(last.spread, claim.spread)
    return Baseline(max(persistence, LEAST), max(trend, LEAST), spread)


def _earlier(claim: Match, known: Sequence[Match]) -> list[Match]:
    """Return the earlier figures on the number of a claim, the last one by period last."""
    same = [row for row in known if _number(row) == _number(claim)]
    figures = [row for row in same if not row.is_bound]
    family = [row for row in figures if row.estimate.family == claim.estimate.family]
    return sorted(family or figures or same, key=_order)


def _order(row: Match) -> tuple[dt.date, dt.date, str]:
    return period_of(row).last, row.estimate.published or dt.date.min, row.estimate.id


def _number(row: Match) -> tuple[object, ...]:
    where, conversion = row.observable.where, getattr(row.observable, "conversion", None)
    unit = None if conversion is None else conversion.unit
    return row.estimate.quantity, type(row.observable), where.munitions, where.origins, unit


def _of_rates(claim: Match, earlier: Sequence[Match]) -> tuple[float, float]:
    days = _days_of_amount(claim)
    rates = [row.middle / _days_of_amount(row) for row in earlier]
    middles = [_middle(period_of(row)) for row in earlier]
    persistence = rates[-1] * days
    if len(set(middles)) == 1:
        return persistence, persistence
    slope, level = np.polyfit(middles, np.log(rates), 1)
    return persistence, math.exp(level + slope * _middle(period_of(claim))) * days


def _of_counts(claim: Match, earlier: Sequence[Match]) -> tuple[float, float]:
    """Return persistence of the rate and the trend of a cumulative count."""
    day, last = _middle(period_of(claim)), earlier[-1]
    days = [_middle(period_of(row)) for row in earlier]
    counts = [row.middle for row in earlier]
    before = [place for place, each in enumerate(days) if each < days[-1]]
    if not before:
        length = periods.period_of(last.estimate).days
        persistence = counts[-1] * (1.0 + (day - days[-1]) / length)
        return persistence, persistence
    other = before[-1]
    rate = max(0.0, (counts[-1] - counts[other]) / (days[-1] - days[other]))
    slope, level = np.polyfit(np.subtract(days, days[-1]), counts, 1)
    return counts[-1] + rate * (day - days[-1]), float(level + slope * (day - days[-1]))


def _days_of_amount(row: Match) -> int:
    """Return the days that an amount is over; 1 for a stock or a rate."""
    observable = row.observable
    if isinstance(observable, Flow) and observable.measure is Measure.AMOUNT:
        return observable.window.days
    return 1


def _middle(window: Window) -> float:
    return (window.first.toordinal() + window.last.toordinal()) / 2.0
