"""Conversion of study values to and from the base unit of a number."""

from __future__ import annotations

from sim.errors import ArgumentError, Fault
from sim.scenario.amount_text import suggest_amount
from sim.scenario.number_listing import ListedNumber
from sim.scenario.relative_dates import date_text
from sim.units import MAX_VALUE, SECONDS_PER_DAY, Unit, UnitError


def read_value(listed: ListedNumber, value: object) -> float | None:
    """Return a value in the base unit of a number, or None if its unit differs.

    The value is text as in a scenario file, or a number in base units. Raise `ArgumentError` if it is not a
    number, is of another dimension or is out of range.
    """
    try:
        if isinstance(value, str):
            amount = listed.dimension.read(value)
            is_alike = amount.unit is listed.quantity.unit and amount.after == listed.quantity.after
            return amount.value if is_alike else None
        number = _check_number(value, listed.dimension.allowed)
        listed.dimension.check(number, repr(number), listed.quantity.unit)
    except UnitError as error:
        near = suggest_amount(str(value), listed.dimension) or error.nearest
        fault = Fault(error.problem, path=listed.quantity.path, allowed=error.allowed, nearest=near)
        raise ArgumentError([fault]) from None
    return number


def _check_number(value: object, allowed: str) -> float:
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise UnitError(f"{value!r} is no number", allowed)
    number = float(value)
    if not abs(number) <= MAX_VALUE * SECONDS_PER_DAY:
        raise UnitError(f"{number!r} is too large", "numbers up to 1e15")
    return number


def format_number(number: float, unit: Unit, after: str = "") -> str:
    """Format a number in a base unit as in a scenario file; a date may count from the event `after`."""
    if unit is Unit.DATE:
        return date_text(number, after)
    if unit in {Unit.NUMBER, Unit.SHARE}:
        return repr(float(number))
    if unit is Unit.NUMBER_A_DAY:
        return f"{float(number)!r}/day"
    return f"{float(number)!r} {unit}"
