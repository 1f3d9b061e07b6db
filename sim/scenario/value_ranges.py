"""Grids and ranges of values that a study varies, and their parsing."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.errors import ArgumentError, Fault, format_count
from sim.scenario.number_listing import ListedNumber
from sim.scenario.study_values import format_number, read_value
from sim.units import Unit, UnitError, parse, parse_date, quote

MAX_POINTS = 100_000_000
BARE = re.compile(r"-?[0-9.]+(?:[eE][+-]?[0-9]+)?")
#: Start of a number with a multiple or a unit, not of a date or file.
BEGINS_LIKE_A_NUMBER = re.compile(r"-?[0-9]+(?![0-9-])(?!.*\.ya?ml$)")
GRID_ALLOWED = "FROM:TO:COUNT, such as 20k/day:80k/day:13"


@dataclass(frozen=True)
class Grid:
    """Evenly spaced values over a closed interval.

    Attributes
    ----------
    low, high : str or number
        Bounds, as in a scenario file or in base units.
    count : int
        Number of values; at least 2.
    """

    low: Any
    high: Any
    count: int

    def values(self, path: str, listed: ListedNumber | None) -> tuple[Any, ...]:
        """Return the values: in base units if `listed` is a number, else as text."""
        if not 2 <= self.count <= MAX_POINTS:
            found = format_count(self.count, "value")
            raise ArgumentError([Fault(f"{found} of a grid", path=path, allowed="2 or more")])
        parts = [place / (self.count - 1) for place in range(self.count)]
        return interpolate(path, listed, self.low, self.high, parts, whole=False)


def interpolate(
    path: str, listed: ListedNumber | None, low: object, high: object, parts: Sequence[float], *, whole: bool
) -> tuple[Any, ...]:
    """Interpolate linearly between `low` and `high`, at fractions of 0 for `low` to 1 for `high`.

    `listed` is the number at the path, if it is one; counts are rounded to whole numbers if `whole`. Raise
    `ArgumentError` if a bound is not a number or date, or the bounds are of different kinds.
    """
    if listed is not None:
        ends = read_value(listed, low), read_value(listed, high)
        if ends[0] is not None and ends[1] is not None:
            numbers = _interpolate_numbers(ends[0], ends[1], parts)
            if listed.quantity.unit is Unit.DATE:
                after = listed.quantity.after
                return tuple(format_number(round(number), Unit.DATE, after) for number in numbers)
            return tuple(numbers)
    try:
        return _interpolate_texts(str(low), str(high), parts, whole=whole)
    except UnitError as error:
        raise ArgumentError([Fault(error.problem, path=path, allowed=error.allowed)]) from None


def _interpolate_texts(low: str, high: str, parts: Sequence[float], *, whole: bool) -> tuple[Any, ...]:
    if low[4:5] == "-":
        first, last = parse_date(low).toordinal(), parse_date(high).toordinal()
        days = [round(day) for day in _interpolate_numbers(first, last, parts)]
        return tuple(dt.date.fromordinal(day).isoformat() for day in days)
    one, other = parse(low), parse(high)
    if one.unit is not other.unit:
        raise UnitError(f"{low!r} and {high!r} are of different units", "two ends of one unit")
    if one.unit is Unit.NUMBER and one.value.is_integer() and other.value.is_integer():
        if whole:
            steps = other.value - one.value + 1
            return tuple(min(int(other.value), int(one.value + part * steps)) for part in parts)
        numbers = _interpolate_numbers(one.value, other.value, parts)
        return tuple(int(number) if number.is_integer() else number for number in numbers)
    return tuple(
        format_number(number, one.unit) for number in _interpolate_numbers(one.value, other.value, parts)
    )


def _interpolate_numbers(low: float, high: float, parts: Sequence[float]) -> list[float]:
    return [high if part == 1.0 else low + (high - low) * part for part in parts]


def parse_values(text: str) -> Grid | tuple[str, ...]:
    """Parse a grid or a list of values from the command line or a study file.

    ``20k/day:80k/day:13`` is a grid, ``a,b,c`` a list; text without colon or comma is a single value.

    Raise `UnitError` if the text is a malformed grid, a value is missing, or a comma looks like a decimal
    comma.
    """
    pieces = [piece.strip() for piece in text.split(":")]
    if len(pieces) == 1:
        return _parse_list(text)
    if len(pieces) != 3 or not all(pieces) or not pieces[2].isdecimal() or len(pieces[2]) > 9:
        raise UnitError(f"{text[:60]!r} is not a grid", GRID_ALLOWED)
    return Grid(pieces[0], pieces[1], int(pieces[2]))


def _parse_list(text: str) -> tuple[str, ...]:
    values = tuple(piece.strip() for piece in text.split(","))
    if not all(values):
        raise UnitError(f"{quote(text)}: a value is missing", "values with one comma between, such as 1M,2M")
    bare = [value for value in values if BARE.fullmatch(value)]
    others = [value for value in values if value not in bare and BEGINS_LIKE_A_NUMBER.match(value)]
    if bare and others:
        problem = f"{quote(text)} lists {bare[0]}, which has no unit, beside {others[0]}"
        after = values[values.index(bare[0]) + 1 :][:1]
        if not bare[0].lstrip("-").isdecimal() or not after or after[0] not in others:
            raise UnitError(problem, "a unit with each value")
        # Three digits after the comma are thousands as likely as a fraction.
        grouped = f" or {bare[0]}{after[0]}" if re.match(r"\d{3}(?!\d)", after[0]) else ""
        meant = f"{bare[0]}.{after[0]}{grouped}"
        raise UnitError(problem, f"a point in decimals, such as {meant}, or a unit with each value")
    return values


def parse_range(text: str) -> tuple[str, str]:
    """Parse the bounds of a range, ``LOW:HIGH``; raise `UnitError` if there are not exactly two bounds."""
    pieces = [piece.strip() for piece in text.split(":")]
    if len(pieces) != 2 or not all(pieces):
        raise UnitError(f"{text[:60]!r} is not a range", "LOW:HIGH, such as 2M/year:3M/year")
    return pieces[0], pieces[1]
