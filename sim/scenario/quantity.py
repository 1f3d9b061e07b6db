"""A number of the scenario: fixed or drawn, with its unit, its source and the place where it was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sim.errors import Where
from sim.scenario.laws import Law
from sim.units import Unit

#: Keys of a number that is written as a map; no component may bear one of them as its name.
QUANTITY_KEYS = frozenset(
    {
        *("low", "mode", "high", "mean", "sd", "cv", "median", "p95", "exponential", "choices"),
        *("value", "source", "note", "by_date", "between"),
    }
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, or a distribution of it.

    Attributes
    ----------
    value : float
        In base units; the median where the number is drawn. A date is its ordinal (days).
    unit : Unit
    law : Law or None
        How it is drawn; None for a fixed number.
    path : str
        The path as written, which names its stream of draws (rule 5).
    written : str
        The text as written.
    where : Where or None
        None for a default that no file names.
    sources : tuple of str
        Ids of rows of the evidence table.
    note : str
    """

    value: float
    unit: Unit
    law: Law | None = None
    path: str = ""
    written: str = ""
    where: Where | None = None
    sources: tuple[str, ...] = ()
    note: str = ""

    def at(self, u: float) -> float:
        """Return the number that the uniform `u` stands for."""
        return self.value if self.law is None else self.law.inverse(u)

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and the largest number that can come out."""
        return (self.value, self.value) if self.law is None else self.law.bounds()


@dataclass(frozen=True, slots=True)
class Course:
    """A number that changes over time (rule 29).

    Attributes
    ----------
    points : tuple of (date, Quantity)
        In order of date; the first holds before its date, the last after.
    between : {"step", "linear"}
    """

    points: tuple[tuple[dt.date, Quantity], ...]
    between: Literal["step", "linear"] = "step"
    path: str = ""
    where: Where | None = None
    sources: tuple[str, ...] = ()
    note: str = ""


Number = Quantity | Course
ByMunition = Mapping[str, Quantity]
CourseByMunition = Mapping[str, Number]


def fixed_quantity(value: float, unit: Unit) -> Quantity:
    """Return a default: a number that no file names."""
    return Quantity(value, unit, written="default")


def unit_of(number: Number) -> Unit:
    """Return the base unit of a number, or of the values of a course."""
    return number.unit if isinstance(number, Quantity) else number.points[0][1].unit
