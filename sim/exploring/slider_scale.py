"""Scale of a slider: round values over the range of a number, as text of a file and for readers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from sim.formatting import NumberFormat, number_format, short_date
from sim.scenario.laws import Law
from sim.scenario.number_listing import ListedNumber
from sim.scenario.quantity import Quantity
from sim.scenario.relative_dates import date_text
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR, Unit, UnitError, parse_date

#: Steps that a slider has about.
_STEPS = 100
#: A fixed number has a slider from nothing to this many times its value.
_TIMES = 2.0
#: Vehicles of a fleet go up to this many times their number.
_MORE_VEHICLES = 4
#: Probability that a slider leaves out at each end of an unbounded distribution.
_TAIL = 0.005
#: Rounding error of a date.
_ROUNDING = 1e-9
#: Beyond this a bound of a distribution is none.
_UNBOUNDED = 1e14
#: Below this many kilograms a mass is not in tonnes.
_TONNE = 1000.0
_KILOGRAMS = NumberFormat("kg", " kg")


@dataclass(frozen=True, slots=True)
class Scale:
    """Positions of a slider.

    Attributes
    ----------
    texts, shown : tuple of str
        Values as in a scenario file, and for readers.
    start : int
        Position closest to the value of the file.
    values : tuple of float
        In base units.
    """

    texts: tuple[str, ...]
    shown: tuple[str, ...]
    start: int
    values: tuple[float, ...]

    def nearest(self, value: float) -> int:
        """Return the position closest to a value in base units."""
        return min(range(len(self.values)), key=lambda position: abs(self.values[position] - value))


@dataclass(frozen=True, slots=True)
class _Writing:
    """How a unit is written in a file: text around a number, and the factor from base units."""

    after: str
    factor: float = 1.0


_WRITING = {
    Unit.NUMBER: _Writing(""),
    Unit.SHELLS: _Writing(" shells"),
    Unit.CONTAINERS: _Writing(" containers"),
    Unit.KILOGRAMS: _Writing(" t", 1e-3),
    Unit.DAYS: _Writing(" days"),
    Unit.SHARE: _Writing("%", 100.0),
    Unit.NUMBER_A_DAY: _Writing("/month", DAYS_PER_MONTH),
    Unit.SHELLS_A_DAY: _Writing("/day"),
    Unit.CONTAINERS_A_DAY: _Writing(" containers/month", DAYS_PER_MONTH),
    Unit.MONEY: _Writing(" money"),
    Unit.MONEY_A_DAY: _Writing(" money/year", DAYS_PER_YEAR),
    Unit.KILOGRAMS_A_DAY: _Writing(" t/month", DAYS_PER_MONTH / 1e3),
}
_A_YEAR = _Writing("/year", DAYS_PER_YEAR)


def law_scale(listed: ListedNumber, law: Law) -> Scale | None:
    """Return the scale of a drawn number, over its range; of an unbounded one, without the tails."""
    low, high = law.bounds()
    low = low if abs(low) < _UNBOUNDED else law.inverse(_TAIL)
    high = high if abs(high) < _UNBOUNDED else law.inverse(1.0 - _TAIL)
    if low == 0.0 and law.inverse(_TAIL) > 0.0 and listed.dimension.is_positive:
        low = law.inverse(_TAIL)
    if listed.quantity.unit is Unit.DATE:
        # No day beyond an end of the range, such as half a day after half a year.
        ends = math.ceil(low - _ROUNDING), math.floor(high + _ROUNDING)
        return _date_scale(*ends, round(listed.quantity.value), listed.quantity.after)
    return _scale(listed, low, high)


def fixed_scale(listed: ListedNumber) -> Scale | None:
    """Return the scale of a fixed number: from 0 to twice the number, of a share to 100 %.

    None for a date, and for a zero that is no share.
    """
    value, unit = listed.quantity.value, listed.quantity.unit
    if unit is Unit.DATE:
        return None
    if unit is Unit.SHARE and 0.0 <= value <= 1.0 and listed.dimension.floor == 0.0:
        return _scale(listed, 0.0, 1.0)
    return _scale(listed, 0.0, value * _TIMES) if value > 0.0 else None


def count_scale(count: int) -> Scale:
    """Return the scale of a number of vehicles, from 1."""
    counts = range(1, count * _MORE_VEHICLES + 1)
    texts = tuple(map(str, counts))
    return Scale(texts, texts, count - 1, tuple(map(float, counts)))


def value_text(value: float, unit: Unit, after: str = "") -> str:
    """Return a number in base units as text of a scenario file: ``2500000/year``, ``35%``."""
    if unit is Unit.DATE:
        return date_text(round(value), after)
    writing = _WRITING[unit]
    return f"{_plain(Decimal(repr(value * writing.factor)))}{writing.after}"


def _date_scale(low: int, high: int, value: int, after: str) -> Scale | None:
    if low >= high:
        return None
    step = max(1, (high - low) // _STEPS)
    days = range(low, high + 1, step)
    texts = tuple(date_text(day, after) for day in days)
    shown = texts if after else tuple(short_date(parse_date(text)) for text in texts)
    return Scale(texts, shown, (value - low) // step, tuple(map(float, days)))


def _scale(listed: ListedNumber, low: float, high: float) -> Scale | None:
    quantity = listed.quantity
    writing, form = _forms(listed, high)
    positions = [
        (each, f"{_plain(each)}{writing.after}")
        for each in _round_values(low * writing.factor, high * writing.factor, quantity.unit)
    ]
    valid = [(number, text) for number, text in positions if _is_valid(listed, text)]
    if len(valid) < 2:
        return None
    base = tuple(float(number) / writing.factor for number, _ in valid)
    found = Scale(tuple(text for _, text in valid), tuple(form.text(each) for each in base), 0, base)
    return replace(found, start=found.nearest(quantity.value))


def format_up_to(high: float, quantity: Quantity) -> NumberFormat:
    """Return the format of values of a quantity up to `high`: a mass below a tonne is in kilograms."""
    if quantity.unit is Unit.KILOGRAMS and high < _TONNE:
        return _KILOGRAMS
    return number_format(quantity.unit, quantity.path)


def _forms(listed: ListedNumber, high: float) -> tuple[_Writing, NumberFormat]:
    unit, form = listed.quantity.unit, format_up_to(high, listed.quantity)
    if form is _KILOGRAMS:
        return _Writing(" kg"), form
    if unit is Unit.SHELLS_A_DAY and listed.quantity.path.startswith("production."):
        return _A_YEAR, form
    return _WRITING[unit], replace(form, suffix="") if unit is Unit.NUMBER else form


def _round_values(low: float, high: float, unit: Unit) -> Iterator[Decimal]:
    """Yield multiples of a round step from `low` to `high`, both ends included."""
    step = _round_step((high - low) / _STEPS)
    if unit is Unit.NUMBER:
        step = max(step, Decimal(1))
    first, last = math.ceil(low / float(step) - 1e-9), math.floor(high / float(step) + 1e-9)
    for position in range(first, last + 1):
        yield step * position


def _round_step(least: float) -> Decimal:
    """Return the smallest of 1, 2 and 5 times a power of ten that is not below `least`."""
    power = math.floor(math.log10(least))
    return next(
        step for times in (1, 2, 5, 10) if float(step := Decimal(times).scaleb(power)) >= least * (1.0 - 1e-9)
    )


def _is_valid(listed: ListedNumber, text: str) -> bool:
    try:
        return listed.dimension.read(text).unit is listed.quantity.unit
    except UnitError:
        return False


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")
