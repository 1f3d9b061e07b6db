"""Types of observables: the quantity, place, munitions and days of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from sim.account import Kind
from sim.errors import ArgumentError, Fault
from sim.units import Unit

LEVEL = "level"
Floats = NDArray[np.float64]
#: Inputs by path in base units: of one run, or an array of those of several.
Inputs = Mapping[str, float] | Mapping[str, Floats]


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

    def convert(self, shells: Floats, munition: str, inputs: Inputs) -> Floats:
        """Return the shells of a munition in the unit, run by run."""
        path = dict(self.paths).get(munition, "")
        if path not in inputs:
            problem = f"nothing says how shells of {munition!r} become {self.unit}"
            raise ArgumentError([Fault(problem, path=path, allowed="an input of the run")])
        each: Floats = np.asarray(inputs[path], dtype=np.float64)
        converted: Floats = shells / each if self.unit is Unit.CONTAINERS else shells * each
        return converted


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
        return Unit.NUMBER


Observable = Level | Flow | Cumulative | OriginShare | WindowRatio
_PER_DAY = {
    Unit.SHELLS: Unit.SHELLS_A_DAY,
    Unit.CONTAINERS: Unit.CONTAINERS_A_DAY,
    Unit.KILOGRAMS: Unit.KILOGRAMS_A_DAY,
}
