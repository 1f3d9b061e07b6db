"""Parsing of a claim's figure: its unit, and its low, central and high value in base units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sim.auditing.claims import Bound, Reason
from sim.errors import SimError, nearest
from sim.evidence import Estimate
from sim.units import DAYS_PER_UNIT, POWER_OF_UNIT, Unit

_COUNTED: Mapping[str, tuple[Unit, float]] = {
    "shells": (Unit.SHELLS, 1.0),
    "rounds": (Unit.SHELLS, 1.0),
    "containers": (Unit.CONTAINERS, 1.0),
    "tonnes": (Unit.KILOGRAMS, 10.0 ** POWER_OF_UNIT["t"]),
}
RATIO = "ratio"


class NotReadError(SimError):
    """A claim is not comparable."""

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.sentence = sentence

    def __reduce__(self) -> tuple[type[NotReadError], tuple[Reason, str]]:
        return type(self), (self.reason, self.sentence)


class ClaimUnit(NamedTuple):
    """Unit of a figure.

    Attributes
    ----------
    counted : Unit
        ``SHELLS``, ``CONTAINERS`` or ``KILOGRAMS``.
    scale : float
        Counted units of one unit of the figure.
    days : float or None
        Days of the period of a rate; None for an amount.
    """

    counted: Unit
    scale: float
    days: float | None

    @property
    def is_a_year(self) -> bool:
        """Whether the figure is a rate a year."""
        return self.days == DAYS_PER_UNIT["year"]


class Figure(NamedTuple):
    """Low, central and high in base units, and the kind of bound."""

    low: float | None
    central: float | None
    high: float | None
    bound: Bound


def read_unit(estimate: Estimate) -> ClaimUnit:
    """Return the unit of an estimate; raise `NotReadError` if the account has no such unit."""
    counted, _, period = estimate.unit.partition("/")
    if period == "hour":
        raise NotReadError(
            Reason.HOUR, "a rate an hour is that of an hour of a peak, and the account has days"
        )
    if counted not in _COUNTED or (period and period not in DAYS_PER_UNIT):
        raise NotReadError(Reason.OTHER_UNIT, f"the account has nothing in the unit {estimate.unit!r}")
    unit, scale = _COUNTED[counted]
    return ClaimUnit(unit, scale, DAYS_PER_UNIT[period] if period else None)


def suggest_unit(text: str, *, has_rate: bool, has_cargo: bool) -> tuple[str, str]:
    """Return the allowed units, and the one nearest to a text or an empty string.

    Parameters
    ----------
    text : str
    has_rate : bool
        Whether the quantity can be a rate.
    has_cargo : bool
        Whether it can be in containers or tonnes.
    """
    things = [thing for thing, (unit, _) in _COUNTED.items() if has_cargo or unit is Unit.SHELLS]
    allowed = f"{', '.join(things[:-1])} or {things[-1]}"
    if has_rate:
        *periods, last = (f"/{period}" for period in DAYS_PER_UNIT)
        allowed += f", for a rate with {', '.join(periods)} or {last}"
    thing, slash, period = text.partition("/")
    near = [nearest(thing, things)]
    if slash and has_rate:
        near.append(nearest(period, DAYS_PER_UNIT))
    return allowed, "/".join(near) if all(near) else ""


def check_numbers(estimate: Estimate) -> None:
    """Raise `NotReadError` if an estimate has no number, low above high, or a figure of zero."""
    numbers = [number for number in (estimate.low, estimate.central, estimate.high) if number is not None]
    if not numbers:
        raise NotReadError(Reason.NO_NUMBER, "the claim has no number")
    if numbers != sorted(numbers):
        text = ", ".join(f"{number:g}" for number in numbers)
        raise NotReadError(Reason.LOW_ABOVE_HIGH, f"low, central and high are out of order: {text}")
    if numbers[-1] == 0.0:
        raise NotReadError(Reason.ZERO, "zero is off by no factor, and errors of claims are factors")


def read_figure(estimate: Estimate, scale: float) -> Figure:
    """Return the figure of an estimate times `scale`.

    Low alone, or low and the same central, is "at least"; high alone, or high and the same central, "at
    most". A low of zero bounds nothing.
    """
    low, central, high = estimate.low or None, estimate.central, estimate.high
    if low is not None and high is None and central in (None, low):
        bound, central = Bound.AT_LEAST, None
    elif high is not None and low is None and central in (None, high):
        bound, central = Bound.AT_MOST, None
    else:
        bound = Bound.RANGE if low is not None and high is not None else Bound.CENTRAL
    scaled = [None if number is None else number * scale for number in (low, central, high)]
    return Figure(scaled[0], scaled[1], scaled[2], bound)


def as_upper_bound(figure: Figure) -> Figure:
    """Return the largest number of a figure as "at most"."""
    top = max(number for number in figure[:3] if number is not None)
    return Figure(None, None, top, Bound.AT_MOST)
