"""Physical dimension of a scenario number: accepted units, base unit and limits."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sim.scenario.limits import LEAST
from sim.scenario.relative_dates import NO_DATED_EVENTS, DatedEvents
from sim.units import (
    CURRENCY_PATTERN,
    FORM_OF_MONEY,
    LONGEST_DAYS,
    UNITS_OF_MONEY,
    Amount,
    Unit,
    UnitError,
    parse,
    parse_date,
)

DATE_START = re.compile("[0-9]{3,}-")
SHELLS_UNITS = {Unit.NUMBER: Unit.SHELLS, Unit.SHELLS: Unit.SHELLS}
DAYS_UNITS = {Unit.DAYS: Unit.DAYS}
UNIT_HINTS = {Unit.NUMBER: "it has no unit", Unit.SHARE: "it is a share", Unit.DAYS: "it is a duration"}
SHARE_UNITS = {Unit.NUMBER: Unit.SHARE, Unit.SHARE: Unit.SHARE}


@dataclass(frozen=True)
class Dimension:
    """Accepted units and limits of a number."""

    #: Name with its article, for messages.
    name: str
    #: Base unit by written unit.
    units: Mapping[Unit, Unit] = field(default_factory=dict)
    #: Description of accepted values, for messages.
    allowed: str = ""
    #: floor, ceiling: inclusive limits in base units.
    floor: float = 0.0
    ceiling: float = math.inf
    #: Whether numbers below `LEAST` are rejected, because other numbers are divided by this one.
    is_positive: bool = False
    #: Whether dates are accepted.
    has_dates: bool = False
    #: Exclusive lower limit of a number without a unit; a smaller one is likely a mistake.
    bare_above: float = -math.inf
    #: Whether a file may leave the number unknown.
    has_unknown: bool = False
    #: Currency of the file, of an amount of money; None for any.
    currency: str | None = None

    #: Events from which a date may count.
    events: DatedEvents = NO_DATED_EVENTS

    def read(self, text: str) -> Amount:
        """Parse one number of this dimension.

        Raise `UnitError` if the text is not a quantity, is of another dimension or is out of range.
        """
        if self.has_dates and (relative := self.events.read(text)) is not None:
            return relative
        if self.has_dates and DATE_START.match(text.strip()):
            return Amount(float(parse_date(text).toordinal()), Unit.DATE)
        try:
            amount = parse(text)
        except UnitError as error:
            if error.problem.endswith("is not a quantity"):
                problem = error.problem.removesuffix("a quantity") + self.name
                raise UnitError(problem, self.allowed, error.nearest) from None
            if error.problem.startswith("unknown unit") or error.problem.endswith("a share has no period"):
                raise UnitError(error.problem, self.allowed, error.nearest) from None
            if self.currency and error.problem.endswith(FORM_OF_MONEY):
                raise self._money_error(error, self.currency) from None
            raise
        if amount.unit in UNITS_OF_MONEY:
            self._check_currency(text)
        base = self.units.get(amount.unit)
        if base is None:
            raise UnitError(f"{text!r} is not {self.name}: {self._find_problem(amount)}", self.allowed)
        self.check(amount.value, text, base)
        if amount.unit is Unit.NUMBER and amount.value <= self.bare_above:
            raise UnitError(f"{text!r} has no unit", self.allowed)
        return Amount(amount.value, base)

    def in_currency(self, currency: str | None) -> Dimension:
        """Return the dimension for a file with a currency; None for any."""
        return replace(self, currency=currency) if UNITS_OF_MONEY & self.units.keys() else self

    def _check_currency(self, text: str) -> None:
        """Raise `UnitError` if an amount of money is not in the currency of the file."""
        code = CURRENCY_PATTERN.search(text)
        if code and self.currency and code[0] != self.currency:
            problem = f"{text!r} is not in {self.currency}, the currency of the file"
            raise UnitError(problem, f"amounts in {self.currency}")

    @staticmethod
    def _money_error(error: UnitError, currency: str) -> UnitError:
        """Return the error of a sign or a code before an amount, for a file with a currency.

        An amount in another currency has no nearest one: it is not converted.
        """
        code = CURRENCY_PATTERN.search(error.nearest)
        near = error.nearest if code and code[0] == currency else ""
        allowed = f"in {currency}, the currency of the file, such as 2k {currency} or 200M {currency}/year"
        return UnitError(error.problem, allowed, near)

    def check(self, value: float, text: str, unit: Unit) -> None:
        """Raise `UnitError` if a number in base units, written as `text`, is out of range."""
        if unit is Unit.DAYS and value > LONGEST_DAYS:
            raise UnitError(f"{text!r} is longer than 1,000 years", "at most 1000 years")
        if value > self.ceiling:
            meant = f"; {value:g}% is {value / 100:g}" if value <= 100 and "%" not in text else ""
            raise UnitError(f"{text!r} is more than {self.name} can be{meant}", self.allowed)
        if value < self.floor or (self.floor == 0 and text.lstrip().startswith("-")):
            raise UnitError(f"{text!r} is less than {self.name} can be", self.allowed)
        if self.is_positive and value == 0:
            raise UnitError(f"{text!r}: {self.name} is more than zero", self.allowed)
        if self.is_positive and value < LEAST:
            raise UnitError(f"{text!r} is less than {self.name} can be", f"at least {LEAST:g}")

    def _find_problem(self, amount: Amount) -> str:
        is_rate = any(unit.endswith("/day") for unit in self.units)
        has_period = amount.unit.endswith("/day")
        if is_rate and amount.unit is Unit.NUMBER_A_DAY:
            return "the unit of money is missing"
        if is_rate and amount.unit in {Unit.NUMBER, Unit.SHELLS}:
            return "it has no period"
        if amount.unit is Unit.MONEY and Unit.MONEY_A_DAY in self.units:
            return "it has no period"
        if has_period and not is_rate:
            return "it has a period"
        return UNIT_HINTS.get(amount.unit, f"it is in {amount.unit}")


SHELLS = Dimension("a number of shells", SHELLS_UNITS, "shells, such as 4M or 250k shells")
STOCK = Dimension(
    "a stock",
    {**SHELLS_UNITS, Unit.DAYS: Unit.DAYS, Unit.KILOGRAMS: Unit.KILOGRAMS},
    "shells, tonnes, days of supply or unknown, such as 4M, 300 kt or 60 days",
    has_unknown=True,
)
MARK = Dimension(
    "an amount of stock",
    {**SHELLS_UNITS, Unit.DAYS: Unit.DAYS, Unit.KILOGRAMS: Unit.KILOGRAMS},
    "shells, tonnes or days of supply, such as 40k, 3 kt or 30 days",
)
LEVEL = Dimension(
    "a quantity of shells",
    {**SHELLS_UNITS, Unit.KILOGRAMS: Unit.KILOGRAMS},
    "shells or tonnes, such as 250k or 20 kt",
)
SHELLS_A_DAY = {Unit.NUMBER_A_DAY: Unit.SHELLS_A_DAY, Unit.SHELLS_A_DAY: Unit.SHELLS_A_DAY}
RATE = Dimension(
    "a rate",
    {**SHELLS_A_DAY, Unit.KILOGRAMS_A_DAY: Unit.KILOGRAMS_A_DAY},
    "shells or tonnes a period, such as 2.5M/year, 60k/day or 10 kt/month",
)
THROUGHPUT = Dimension("a rate of shells", SHELLS_A_DAY, "shells a period, such as 60k/month or 25k/day")
OFFER = Dimension(
    "an offer",
    {
        **SHELLS_A_DAY,
        Unit.CONTAINERS_A_DAY: Unit.CONTAINERS_A_DAY,
        Unit.KILOGRAMS_A_DAY: Unit.KILOGRAMS_A_DAY,
    },
    "containers, shells or tonnes a period, such as 1000 containers/month",
)
DELIVERY = Dimension(
    "a delivery",
    {**SHELLS_UNITS, Unit.CONTAINERS: Unit.CONTAINERS, Unit.KILOGRAMS: Unit.KILOGRAMS},
    "containers, shells or tonnes, such as 300 containers",
)
MASS = Dimension(
    "a mass", {Unit.KILOGRAMS: Unit.KILOGRAMS}, "kg of a crated round, such as 77 kg", is_positive=True
)
FACTOR = Dimension("a factor", SHARE_UNITS, "a number from 0, such as 1.6")
DAMAGE = Dimension(
    "a damage", SHELLS_UNITS, "a share such as 8%, or shells such as 30k shells", bare_above=100.0
)
NUMBER = Dimension("a number", {Unit.NUMBER: Unit.NUMBER}, "a plain number from 0, such as 2000")
NUMBER_A_DAY = Dimension(
    "a rate of barrels", {Unit.NUMBER_A_DAY: Unit.NUMBER_A_DAY}, "a number a period, such as 20/month"
)
ROUNDS = Dimension("a number of rounds", SHELLS_UNITS, "rounds, such as 2000", is_positive=True)
DURATION = Dimension("a duration", DAYS_UNITS, "a number of s, min, h, days, weeks, months or years")
LIFE = Dimension(
    "a shelf life",
    DAYS_UNITS,
    "a duration such as 20 years or 42 days",
    floor=1.0,
)
SHARE = Dimension("a share", SHARE_UNITS, "a share from 0 to 1, or 0% to 100%", ceiling=1.0)
DAMAGE_SHARE = replace(SHARE, allowed=DAMAGE.allowed)
VARIATION = Dimension("a coefficient of variation", SHARE_UNITS, "a number from 0, such as 20% or 0.2")
GROWTH = Dimension(
    "a growth", SHARE_UNITS, "a share a month above -100%, such as 3%", floor=math.nextafter(-1.0, 0.0)
)
LOAD = Dimension("a load of shells", SHELLS_UNITS, "shells in a container, such as 300", is_positive=True)
CAPACITY = Dimension(
    "a capacity",
    {Unit.NUMBER: Unit.CONTAINERS, Unit.CONTAINERS: Unit.CONTAINERS, Unit.SHELLS: Unit.SHELLS},
    "containers or shells, such as 300 containers or 20k shells",
    is_positive=True,
)
MOMENT = Dimension(
    "a date or a duration",
    DAYS_UNITS,
    "a date such as 2023-09-01, or a duration such as 30 days",
    has_dates=True,
)
DATE = Dimension("a date", {}, "a date such as 2023-09-01", has_dates=True)
PLAIN = Dimension(
    "a plain number", {Unit.NUMBER: Unit.NUMBER, Unit.SHARE: Unit.NUMBER}, "a number of zero or more"
)
MONEY = Dimension("an amount of money", {Unit.MONEY: Unit.MONEY}, "money with its currency, such as 2k EUR")
FUNDS = Dimension(
    "a rate of money", {Unit.MONEY_A_DAY: Unit.MONEY_A_DAY}, "money a period, such as 200M EUR/year"
)
HOLDING = Dimension(
    "a holding cost",
    {Unit.MONEY_A_DAY: Unit.MONEY_A_DAY, Unit.SHARE: Unit.SHARE},
    "money a shell and period such as 40 EUR/year, or a share of the unit cost a year such as 5%",
)
