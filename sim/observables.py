"""Observables: numbers that the daily account of one run has, such as a stock on a date or fire in a window.

A published claim is about an observable. `evaluate` is the definition: a plain function of the daily account
of one run. The account is a long table as `sim.results.tables.daily` makes it, of one run: ``date``,
``depot``, ``munition``, ``kind``, ``quantity``, and for observables with origins also ``origin``. Kinds are
those of `sim.account.Kind`, and ``level`` for the closing level.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.account import Kind
from sim.errors import ArgumentError, Fault
from sim.units import Unit

LEVEL = "level"
RATIO_UNIT = Unit.NUMBER
Inputs = Mapping[str, float]
Mask = NDArray[np.bool_]


class Daily(Protocol):
    """Columns by name: a DataFrame, or a mapping of sequences."""

    def __contains__(self, key: Any, /) -> bool: ...
    def __getitem__(self, key: Any, /) -> Any: ...


class Measure(StrEnum):
    """How a flow over a window is measured."""

    AMOUNT = "amount"
    #: The amount over the days of the window.
    RATE = "rate"


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    def __post_init__(self) -> None:
        if self.last < self.first:
            problem = f"a window ends on {self.last}, before it starts, on {self.first}"
            raise ArgumentError([Fault(problem, allowed="a first day, and a last day that is not before it")])

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Part of the account; an empty tuple selects all.

    The ledger keeps fire by depot, so a consumer is selected by its depot, and a supplier, like a production
    line, as an origin.
    """

    depots: tuple[str, ...] = ()
    munitions: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()


WHOLE = Selection()


@dataclass(frozen=True, slots=True)
class Conversion:
    """Shells as containers or as kilograms, by the inputs of the run.

    Attributes
    ----------
    unit : Unit
        ``CONTAINERS``: shells are divided by the shells per container. ``KILOGRAMS``: they are multiplied by
        the gross mass.
    paths : tuple of (str, str)
        Munition, and path of its shells per container or its mass.
    """

    unit: Unit
    paths: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        if self.unit not in (Unit.CONTAINERS, Unit.KILOGRAMS):
            raise ArgumentError([Fault(f"shells do not become {self.unit}", allowed="containers, kg")])

    def convert(self, shells: float, munition: str, inputs: Inputs) -> float:
        """Return the shells of a munition in the unit."""
        path = dict(self.paths).get(munition, "")
        if path not in inputs:
            problem = f"nothing says how shells of {munition!r} become {self.unit}"
            raise ArgumentError([Fault(problem, path=path, allowed="an input of the run")])
        return shells / inputs[path] if self.unit is Unit.CONTAINERS else shells * inputs[path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Closing level of serviceable shells on a date."""

    date: dt.date
    where: Selection = WHOLE
    label: str = ""

    @property
    def unit(self) -> Unit:
        """Base unit."""
        return Unit.SHELLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Flow over a window, as an amount or as a rate a day; the sum over kinds."""

    kinds: tuple[Kind, ...]
    window: Window
    measure: Measure
    where: Selection = WHOLE
    conversion: Conversion | None = None
    label: str = ""

    @property
    def unit(self) -> Unit:
        """Base unit."""
        counted = Unit.SHELLS if self.conversion is None else self.conversion.unit
        return counted if self.measure is Measure.AMOUNT else _PER_DAY[counted]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cumulative:
    """Amount from the start of the run to the end of a date; the sum over kinds."""

    kinds: tuple[Kind, ...]
    date: dt.date
    where: Selection = WHOLE
    conversion: Conversion | None = None
    label: str = ""

    @property
    def unit(self) -> Unit:
        """Base unit."""
        return Unit.SHELLS if self.conversion is None else self.conversion.unit


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginShare:
    """Share that some origins have in a flow over a window."""

    kinds: tuple[Kind, ...]
    window: Window
    origins: tuple[str, ...]
    where: Selection = WHOLE
    label: str = ""

    @property
    def unit(self) -> Unit:
        """Base unit."""
        return Unit.SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowRatio:
    """Mean rate in a window, over that in a base window."""

    kinds: tuple[Kind, ...]
    window: Window
    base: Window
    where: Selection = WHOLE
    label: str = ""

    @property
    def unit(self) -> Unit:
        """Base unit."""
        return RATIO_UNIT


Observable = Level | Flow | Cumulative | OriginShare | WindowRatio
_PER_DAY = {
    Unit.SHELLS: Unit.SHELLS_A_DAY,
    Unit.CONTAINERS: Unit.CONTAINERS_A_DAY,
    Unit.KILOGRAMS: Unit.KILOGRAMS_A_DAY,
}


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
    account = _Account(daily)
    match observable:
        case Level(date=date, where=where):
            return account.total((LEVEL,), Window(date, date), where)
        case Flow(kinds=kinds, window=window, measure=measure, where=where, conversion=conversion):
            amount = account.amount(kinds, window, where, conversion, inputs or {})
            return amount / window.days if measure is Measure.RATE else amount
        case Cumulative(kinds=kinds, date=date, where=where, conversion=conversion):
            return account.amount(kinds, account.window_to(date), where, conversion, inputs or {})
        case OriginShare(kinds=kinds, window=window, origins=origins, where=where):
            of_origins = Selection(depots=where.depots, munitions=where.munitions, origins=origins)
            return _ratio(account.total(kinds, window, of_origins), account.total(kinds, window, where))
        case WindowRatio(kinds=kinds, window=window, base=base, where=where):
            rates = [account.total(kinds, each, where) / each.days for each in (window, base)]
            return _ratio(*rates)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


class _Account:
    """Columns of a daily account as arrays."""

    def __init__(self, daily: Daily) -> None:
        self._daily = daily
        self._date = np.asarray(self._column("date"), dtype="datetime64[D]")
        self._kind = self._texts("kind")
        self._quantity = np.asarray(self._column("quantity"), dtype=np.float64)

    def window_to(self, date: dt.date) -> Window:
        """Return the window from the first day of the account to a date."""
        first, last = self._ends()
        if not first <= date <= last:
            self._refuse(date)
        return Window(first, date)

    def amount(
        self,
        kinds: Sequence[Kind],
        window: Window,
        where: Selection,
        conversion: Conversion | None,
        inputs: Inputs,
    ) -> float:
        """Return the amount of some kinds in a window, in shells or converted munition by munition."""
        if conversion is None:
            return self.total(kinds, window, where)
        amount = 0.0
        for munition in where.munitions or sorted(set(self._texts("munition").tolist())):
            one = Selection(depots=where.depots, munitions=(munition,), origins=where.origins)
            amount += conversion.convert(self.total(kinds, window, one), munition, inputs)
        return amount

    def total(self, kinds: Sequence[str], window: Window, where: Selection) -> float:
        """Return the sum of the quantities of some kinds in a window and a selection, in shells."""
        first, last = self._ends()
        for date in (window.first, window.last):
            if not first <= date <= last:
                self._refuse(date)
        chosen: Mask = (self._date >= np.datetime64(window.first)) & (
            self._date <= np.datetime64(window.last)
        )
        chosen &= np.isin(self._kind, [str(kind) for kind in kinds])
        for column, names in (
            ("depot", where.depots),
            ("munition", where.munitions),
            ("origin", where.origins),
        ):
            if names:
                chosen &= self._has(column, names)
        return float(self._quantity[chosen].sum())

    def _has(self, column: str, names: Sequence[str]) -> Mask:
        texts = self._texts(column)
        missing = [name for name in names if column != "origin" and name not in texts]
        if missing:
            known = ", ".join(sorted(set(texts.tolist())))
            raise ArgumentError([Fault(f"the account has no {column} {missing[0]!r}", allowed=known)])
        return np.isin(texts, list(names))

    def _ends(self) -> tuple[dt.date, dt.date]:
        first, last = self._date.min().item(), self._date.max().item()
        return first, last

    def _refuse(self, date: dt.date) -> None:
        first, last = self._ends()
        raise ArgumentError([Fault(f"{date} is not in the account", allowed=f"{first} to {last}")])

    def _texts(self, column: str) -> NDArray[np.str_]:
        return np.asarray(self._column(column), dtype=np.str_)

    def _column(self, name: str) -> Any:
        if name not in self._daily:
            raise ArgumentError([Fault(f"the account has no column {name!r}", allowed=f"a column {name!r}")])
        return self._daily[name]
