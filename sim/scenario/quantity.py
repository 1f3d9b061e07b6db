"""Numbers of a scenario: fixed or drawn, with unit, source and position."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sim.errors import Where
from sim.scenario.citation import Source
from sim.scenario.laws import SHAPES, Law
from sim.units import Unit

#: Text of a number that the file leaves unknown.
UNKNOWN = "unknown"
#: Keys of a number written as a map; reserved, not allowed as component names.
QUANTITY_KEYS = frozenset(
    {
        *(key for shape in SHAPES for key in shape),
        *("value", "source", "note", "by_date", "between"),
    }
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a distribution, with its unit."""

    #: In base units; the median if the number is drawn. A date is its ordinal (days).
    value: float
    unit: Unit
    #: Distribution; None for a fixed number.
    law: Law | None = None
    #: Path as written, which names the stream of draws (rule 5).
    path: str = ""
    #: The text as written.
    written: str = ""
    #: Position; None for a default.
    where: Where | None = None
    #: Evidence ids, and pages cited on the spot.
    sources: tuple[Source, ...] = ()
    note: str = ""
    #: Whether the file leaves the number unknown; the value is then nan, so that no engine can run with it.
    is_unknown: bool = False
    #: Event from which a date counts, whose `value` and draw are then days after it (rule 35); else empty.
    after: str = ""

    def at(self, u: float) -> float:
        """Return the draw for a uniform `u`; the value if fixed."""
        return self.value if self.law is None else self.law.inverse(u)

    def bounds(self) -> tuple[float, float]:
        """Return the smallest and largest possible number."""
        return (self.value, self.value) if self.law is None else self.law.bounds()


#: A calendar day: fixed, or drawn or counted from an event (rule 35).
Day = dt.date | Quantity


@dataclass(frozen=True, slots=True)
class Course:
    """A number that changes over time (rule 29)."""

    #: In date order, or in file order if a date counts from an event; the first also applies before its date,
    #: the last after.
    points: tuple[tuple[Day, Quantity], ...]
    #: One of "step", "linear".
    between: Literal["step", "linear"] = "step"
    path: str = ""
    where: Where | None = None
    sources: tuple[Source, ...] = ()
    note: str = ""


Number = Quantity | Course
ByMunition = Mapping[str, Quantity]
CourseByMunition = Mapping[str, Number]


def fixed_quantity(value: float, unit: Unit) -> Quantity:
    """Return a fixed quantity without a position, for defaults."""
    return Quantity(value, unit, written="default")


def day_text(day: Day) -> str:
    """Return a day as written."""
    return day.written if isinstance(day, Quantity) else day.isoformat()


def unit_of(number: Number) -> Unit:
    """Return the base unit of a number, or of the points of a course."""
    return number.unit if isinstance(number, Quantity) else number.points[0][1].unit
