"""Numbers in the units in which people tell them: shells a day, shells a year, days, percent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sim.charts.words import scale, short_date
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR, Unit

MINUS = "\u2212"
_SIZES = ((1e9, 1e9, "bn"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
#: What three figures round up to the next unit: 999,500 is 1M.
_ROUNDED = 0.9995
_LARGEST_PLAIN = 1e15
_LONGEST_PATH = 44


@dataclass(frozen=True, slots=True)
class Human:
    """How numbers of one kind are told.

    Attributes
    ----------
    noun : str
        What stands at an axis: ``shells a year``; empty for a plain number.
    suffix : str
        What stands behind one number: `` a year``.
    factor : float
        From base units.
    """

    noun: str = ""
    suffix: str = ""
    factor: float = 1.0

    def text(self, value: float) -> str:
        """Return one number: ``3.4M a year``, ``20k a day``, ``35 %``."""
        if self.noun == "date":
            return short_date(dt.date.fromordinal(round(value)))
        written = brief(value * self.factor)
        return f"{written}{' day' if (written, self.suffix) == ('1', ' days') else self.suffix}"

    def marks(self, values: Sequence[float]) -> list[str]:
        """Return the labels of a scale, for numbers that the factor is already in."""
        percent = " %" if self.suffix == " %" else ""
        return [f"{text.replace('-', MINUS)}{percent}" for text in scale(values)]


_OF_UNIT = {
    Unit.SHELLS: Human("shells"),
    Unit.CONTAINERS: Human("containers", " containers"),
    Unit.KILOGRAMS: Human("tonnes", " t", 1e-3),
    Unit.DAYS: Human("days", " days"),
    Unit.DATE: Human("date"),
    Unit.SHARE: Human("%", " %", 100.0),
    Unit.SHELLS_A_DAY: Human("shells a day", " a day"),
    Unit.NUMBER_A_DAY: Human("a month", " a month", DAYS_PER_MONTH),
    Unit.CONTAINERS_A_DAY: Human("containers a month", " containers a month", DAYS_PER_MONTH),
    Unit.KILOGRAMS_A_DAY: Human("tonnes a month", " t a month", DAYS_PER_MONTH / 1e3),
}
_A_YEAR = Human("shells a year", " a year", DAYS_PER_YEAR)


def human(unit: str, path: str = "") -> Human:
    """Return how numbers in a base unit are told: production by the year, all other shells by the day."""
    if unit == Unit.SHELLS_A_DAY and path.startswith("production."):
        return _A_YEAR
    return _OF_UNIT.get(Unit(unit), Human()) if unit in set(Unit) else Human()


def brief(value: float) -> str:
    """Return a number to three figures, as short as it can be: ``3.4M``, ``20k``, ``9,500``, ``−0.25``."""
    size = abs(value)
    if size >= _LARGEST_PLAIN or 0.0 < size < 1e-4:
        return f"{value:.3g}".replace("-", MINUS)
    for least, by, letter in _SIZES:
        if size >= least * _ROUNDED:
            return f"{_sign(value)}{_figures(size / by)}{letter}"
    return f"{_sign(value)}{_figures(size)}"


def short_path(path: str) -> str:
    """Return a path as a title tells it: without its first steps where it is long, for its end tells more."""
    steps = path.split(".")
    for first in range(len(steps)):
        rest = ".".join(steps[first:])
        if len(rest) + bool(first) <= _LONGEST_PATH:
            return f"…{rest}" if first else rest
    return f"…{path[1 - _LONGEST_PATH :]}"


def _sign(value: float) -> str:
    return MINUS if value < 0 else ""


def _figures(size: float) -> str:
    return f"{float(f'{size:.3g}'):,.10g}"
