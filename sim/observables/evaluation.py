"""Evaluation of observables: on the daily account of one run, which defines them, and on many runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from sim.account import Kind
from sim.observables.daily_account import Daily, DailyAccount
from sim.observables.observable import (
    LEVEL,
    Conversion,
    Cumulative,
    Floats,
    Flow,
    Inputs,
    Level,
    Measure,
    Observable,
    OriginShare,
    Selection,
    Window,
    WindowRatio,
)


class Account(Protocol):
    """The daily account of one or more runs."""

    @property
    def munitions(self) -> Sequence[str]:
        """Names of the munitions, sorted."""
        ...

    def window_to(self, date: dt.date) -> Window:
        """Return the window from the first day of the account to a date."""
        ...

    def total(self, kinds: Sequence[str], window: Window, where: Selection) -> Floats:
        """Return the sum of some kinds in a window and a selection in shells, shape (runs,).

        Quantities are added in the order of the rows of the daily table, one after the other.
        """
        ...


def evaluate(observable: Observable, daily: Daily, inputs: Inputs | None = None) -> float:
    """Return the value of an observable in one run, in its base unit.

    Parameters
    ----------
    observable : Observable
    daily : DataFrame or mapping of str to sequence
        Columns of the daily account of one run; dates as dates or ISO text.
    inputs : mapping of str to float, optional
        Inputs of the run by path, in base units; needed for a conversion.

    Returns
    -------
    float
        nan for a share or a ratio whose divisor is zero.

    Raises
    ------
    ArgumentError
        If a date is not in the account, the selection is not, a column is missing, or an input of a
        conversion is.
    """
    return float(evaluate_runs(observable, DailyAccount(daily), inputs or {})[0])


def evaluate_runs(observable: Observable, account: Account, inputs: Inputs) -> Floats:
    """Return the value of an observable in each run of an account, shape (runs,); see `evaluate`."""
    match observable:
        case Level(date=date, where=where):
            return account.total((LEVEL,), Window(date, date), where)
        case Flow(kinds=kinds, window=window, measure=measure, where=where, conversion=conversion):
            amount = _amount(account, kinds, window, where, conversion, inputs)
            return amount / window.days if measure is Measure.RATE else amount
        case Cumulative(kinds=kinds, date=date, where=where, conversion=conversion):
            return _amount(account, kinds, account.window_to(date), where, conversion, inputs)
        case OriginShare(kinds=kinds, window=window, origins=origins, where=where):
            of_origins = Selection(depots=where.depots, munitions=where.munitions, origins=origins)
            return _ratio(account.total(kinds, window, of_origins), account.total(kinds, window, where))
        case WindowRatio(kinds=kinds, window=window, base=base, where=where):
            rate, before = (account.total(kinds, each, where) / each.days for each in (window, base))
            return _ratio(rate, before)


def _amount(
    account: Account,
    kinds: Sequence[Kind],
    window: Window,
    where: Selection,
    conversion: Conversion | None,
    inputs: Inputs,
) -> Floats:
    """Return the amount of some kinds in a window, in shells or converted munition by munition."""
    if conversion is None:
        return account.total(kinds, window, where)
    amount: Floats = np.zeros(1)
    for munition in where.munitions or account.munitions:
        one = Selection(depots=where.depots, munitions=(munition,), origins=where.origins)
        amount = amount + conversion.convert(account.total(kinds, window, one), munition, inputs)
    return amount


def _ratio(part: Floats, whole: Floats) -> Floats:
    found: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0.0)
    return found
