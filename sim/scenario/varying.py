"""Values that a study puts in the place of a number."""

from __future__ import annotations

import datetime as dt

from sim.errors import ArgumentError, Fault
from sim.scenario.listing import Listed
from sim.units import Unit, UnitError

_BARE = {Unit.NUMBER: "", Unit.SHARE: "", Unit.NUMBER_A_DAY: "/day"}


def read_value(listed: Listed, value: object) -> float | None:
    """Return a value in the base unit of a number; None where it is in another unit than the number.

    Parameters
    ----------
    listed : Listed
    value : str or number
        Text as in a scenario file, or a number in base units.

    Raises
    ------
    ArgumentError
        It is no number, of another dimension, or out of its limits.
    """
    try:
        if isinstance(value, str):
            amount = listed.dimension.read(value)
            return amount.value if amount.unit is listed.quantity.unit else None
        number = _number(value, listed.dimension.allowed)
        listed.dimension.check(number, repr(number))
    except UnitError as error:
        fault = Fault(error.problem, path=listed.quantity.path, allowed=error.allowed, nearest=error.nearest)
        raise ArgumentError([fault]) from None
    return number


def written(listed: Listed, number: float) -> str:
    """Return a number in base units as a scenario file writes it."""
    unit = listed.quantity.unit
    if unit is Unit.DATE:
        return dt.date.fromordinal(round(number)).isoformat()
    return f"{number!r}{_BARE[unit]}" if unit in _BARE else f"{number!r} {unit}"


def _number(value: object, allowed: str) -> float:
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise UnitError(f"{value!r} is no number", allowed)
    return float(value)
