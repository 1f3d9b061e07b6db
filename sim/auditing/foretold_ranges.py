"""Ranges of the account month by month after a date, from the inputs that the claims leave."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from sim.account import Kind
from sim.auditing.posterior import QUANTILES, Posterior
from sim.observables import Flow, Level, Measure, Observable, Window
from sim.scenario.scenario import Scenario
from sim.simulate import GivenInputs

#: Kinds of each number that is a mean a day.
_RATES = (
    ("fire", (Kind.FIRED,)),
    ("output", (Kind.PRODUCED, Kind.REFURBISHED)),
    ("arrivals", (Kind.LANDED,)),
)
STOCK = "stock"


class ForetoldRange(NamedTuple):
    """Range of one number in one month.

    Attributes
    ----------
    number : str
        ``stock`` on the last day, or ``fire``, ``output`` or ``arrivals`` a day.
    window : Window
    unit : Unit
    quantiles : tuple of float
        5, 25, 50, 75 and 95 %.
    """

    number: str
    window: Window
    unit: str
    quantiles: tuple[float, ...]


def foretold_ranges(
    scenario: Scenario, posterior: Posterior, as_of: dt.date, until: dt.date, jobs: int | None
) -> tuple[ForetoldRange, ...]:
    """Return the ranges of stock, fire, output and arrivals in each month between two dates."""
    named = [
        (name, window, one) for window in months(as_of, until) for name, one in _observables(window).items()
    ]
    short = scenario.replace({"end": (until + dt.timedelta(days=1)).isoformat()})
    runs = GivenInputs(short, posterior.paths, [one for *_, one in named], seed=posterior.seed, jobs=jobs)
    found = np.quantile(runs.observed(posterior.inputs, posterior.numbers), QUANTILES, axis=0).T
    return tuple(
        ForetoldRange(name, window, one.unit, tuple(row))
        for (name, window, one), row in zip(named, found.tolist(), strict=True)
    )


def months(as_of: dt.date, until: dt.date) -> Iterator[Window]:
    """Yield the months between two dates, the first one from the day after the first date."""
    first = as_of + dt.timedelta(days=1)
    while first <= until:
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        yield Window(first, min(last, until))
        first = last + dt.timedelta(days=1)


def _observables(window: Window) -> dict[str, Observable]:
    rates: dict[str, Observable] = {
        name: Flow(kinds=kinds, window=window, measure=Measure.RATE) for name, kinds in _RATES
    }
    return {STOCK: Level(date=window.last), **rates}
