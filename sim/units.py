"""Parse quantities with units, such as ``2.5M/year``, ``12 h`` or ``80%``.

Values are converted to base units: shells, containers, kilograms, days, shares, and each of the first three
a day. Any other text is an error with a suggestion.
"""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import NamedTuple

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
SECONDS_PER_DAY = 86400
MAX_VALUE = 1e15
#: 1,000 years, the upper bound of durations; drawn ones are cut to it (rule 1).
LONGEST_DAYS = 365_250.0
QUANTITY_ALLOWED = "a number with its unit, such as 60k/day, 12 h, 80%"

#: Power of ten of each multiple, and of units that are multiples of their base unit.
POWER_OF_MULTIPLE = {"k": 3, "M": 6, "bn": 9}
POWER_OF_UNIT = {"%": -2, "kg": 0, "t": 3, "kt": 6}
MULTIPLE_PATTERN = "|".join(POWER_OF_MULTIPLE)
PARTS_PER_DAY = {"s": 86400, "min": 1440, "h": 24, "hour": 24}
DAYS_PER_UNIT = {"day": 1.0, "week": 7.0, "month": DAYS_PER_MONTH, "year": DAYS_PER_YEAR}
#: Words for time in messages.
TIME_WORDS = [word for word in (*PARTS_PER_DAY, *DAYS_PER_UNIT) if word != "hour"]
MASS_UNITS = ("kg", "t", "kt")


class Unit(StrEnum):
    """Base unit of a number."""

    NUMBER = "number"
    SHELLS = "shells"
    CONTAINERS = "containers"
    KILOGRAMS = "kg"
    DAYS = "days"
    DATE = "date"
    SHARE = "share"
    NUMBER_A_DAY = "number/day"
    SHELLS_A_DAY = "shells/day"
    CONTAINERS_A_DAY = "containers/day"
    KILOGRAMS_A_DAY = "kg/day"
    MONEY = "money"
    MONEY_A_DAY = "money/day"


#: Base unit of each counted thing, in the singular.
COUNT_UNITS = {"shell": Unit.SHELLS, "round": Unit.SHELLS, "container": Unit.CONTAINERS}
PER_DAY_UNIT = {
    Unit.NUMBER: Unit.NUMBER_A_DAY,
    Unit.SHELLS: Unit.SHELLS_A_DAY,
    Unit.CONTAINERS: Unit.CONTAINERS_A_DAY,
    Unit.KILOGRAMS: Unit.KILOGRAMS_A_DAY,
    Unit.MONEY: Unit.MONEY_A_DAY,
}
UNITS_OF_MONEY = frozenset({Unit.MONEY, Unit.MONEY_A_DAY})
#: Code of a currency in an amount of money; ``money`` stands for the currency of the file. TEU and FEU are
#: what shipping calls a container.
CURRENCY_PATTERN = re.compile(r"\b(?!TEU\b|FEU\b)[A-Z]{3}\b")
CURRENCY_SIGNS = {"US$": "USD", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₴": "UAH", "₽": "RUB"}

FORM_OF_MONEY = "an amount of money is a number and the three letters of its currency"

#: Units of numbers in tonnes, which become shells by the mass of a munition.
UNITS_OF_MASS = (Unit.KILOGRAMS, Unit.KILOGRAMS_A_DAY)


class Amount(NamedTuple):
    """A number with its base unit.

    Attributes
    ----------
    value : float
        In `unit`.
    unit : Unit
    after : str
        Event from which a date counts; `value` is then a number of days after it. Empty for all else.
    """

    value: float
    unit: Unit
    after: str = ""


class UnitError(ValueError):
    """A text is not a quantity.

    Parameters
    ----------
    problem, allowed, nearest : str
        The problem, the allowed values, and the closest valid word.
    """

    def __init__(self, problem: str, allowed: str = QUANTITY_ALLOWED, nearest: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.allowed = allowed
        self.nearest = nearest

    def __reduce__(self) -> tuple[type[UnitError], tuple[str, str, str]]:
        return type(self), (self.problem, self.allowed, self.nearest)


MAX_SHOWN_LENGTH = 60
NUMBER_PATTERN = re.compile(r"(-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?)(?:[eE]([+-]?[0-9]{1,3}))?(?![0-9_.,:])")
UNIT_PATTERN = re.compile(rf" ?(?:({MULTIPLE_PATTERN})(?![A-Za-z]))? *([A-Za-z]+|%)?(?: *(/) *([A-Za-z]+))?")
GROUPED_PATTERN = re.compile(r"-?[0-9]{1,3}(?:(?:[,_' ][0-9]{3})+|(?:\.[0-9]{3}){2,})(?![0-9,_'.])")
DATE_PATTERN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEAR, _MONTH, _DAY = "(?P<year>(?:19|20|21)[0-9]{2})", "(?P<month>[0-9]{1,2})", "(?P<day>[0-9]{1,2})"
_NAME = r"(?P<month>(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6})\.?"
_SHORT_YEAR = "(?P<year>(?:(?:19|20|21)[0-9]{2}|[0-9]{2}))"
#: Dates as people write them; a group `either` marks a day and a month that may be the other way round.
DATE_SPELLINGS = tuple(
    map(
        re.compile,
        (
            rf"{_YEAR}[-/. ]{_MONTH}[-/. ]{_DAY}(?:[T ][0-9:.]+Z?)?",
            rf"{_YEAR}(?P<month>[0-9]{{2}})(?P<day>[0-9]{{2}})",
            rf"{_DAY}\. ?{_MONTH}\. ?{_SHORT_YEAR}",
            rf"{_DAY}(?P<either>[-/]){_MONTH}[-/]{_SHORT_YEAR}",
            rf"{_DAY}(?:st|nd|rd|th|\.)?(?: of)?[- ]{_NAME},?[- ]{_YEAR}",
            rf"{_NAME} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}",
            rf"{_YEAR}[- ]{_NAME}[- ]{_DAY}",
            rf"{_NAME},? {_YEAR}",
            rf"{_YEAR}[-/.]{_MONTH}",
            rf"{_MONTH}[/.]{_YEAR}",
            _YEAR,
        ),
    )
)


def quote(text: str) -> str:
    """Return `text` in quotes for a message, on one line and cut to 60 characters."""
    return repr(text if len(text) <= MAX_SHOWN_LENGTH else text[: MAX_SHOWN_LENGTH - 3] + "...")


def parse(text: str) -> Amount:
    """Parse a quantity.

    Parameters
    ----------
    text : str
        ``NUMBER [k, M, bn] [unit] [/ period]``.

    Returns
    -------
    Amount
        In base units; a period of a month is 365.25/12 days (rule 3).

    Raises
    ------
    UnitError
        If the text does not match the grammar.
    """
    text = text.strip(" ")
    number = NUMBER_PATTERN.match(text) if len(text) <= MAX_SHOWN_LENGTH else None
    if number is None:
        raise _number_error(text)
    rest = UNIT_PATTERN.fullmatch(text, number.end())
    if rest is None:
        raise _number_error(text)
    multiple, word, slash, period = rest.groups()
    power = POWER_OF_MULTIPLE.get(multiple, 0) + POWER_OF_UNIT.get(word, 0)
    amount = _apply_unit(_value(number, power, text), word, text)
    return _per_day(amount, period, text) if slash else amount


def parse_date(text: str) -> dt.date:
    """Parse a date such as ``2023-09-01``.

    Raises
    ------
    UnitError
        If the text is not a calendar date from 1900 to 2199.
    """
    allowed = "a date such as 2023-09-01"
    text = text.strip(" ")
    if not DATE_PATTERN.fullmatch(text):
        raise UnitError(f"{quote(text)} is not a date", allowed, suggest_date(text))
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        raise UnitError(f"{text!r} is not in the calendar", allowed) from None
    if not 1900 <= date.year <= 2199:
        raise UnitError(f"{text!r} is too far away", "1900-01-01 to 2199-12-31")
    return date


def suggest_date(text: str) -> str:
    """Convert a date such as ``1 July 2024`` or ``01.07.2024`` to ISO format; empty if it is none.

    Where day and month may be either way round, return both dates.
    """
    text = text.strip()
    for pattern in DATE_SPELLINGS if len(text) <= MAX_SHOWN_LENGTH else ():
        if found := pattern.fullmatch(text):
            parts = {"day": "1", "month": "1", **found.groupdict()}
            break
    else:
        return ""
    month = parts["month"]
    number = month if month.isdecimal() else str(MONTHS.index(month[:3].lower()) + 1)
    orders = [(number, parts["day"])]
    if "either" in parts:
        orders.append((parts["day"], number))
    year = f"20{parts['year']}"[-4:] if len(parts["year"]) == 2 else parts["year"]
    dates = [_date_text(year, *order) for order in orders]
    return " or ".join(dict.fromkeys(filter(None, dates)))


def _date_text(year: str, month: str, day: str) -> str:
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


def _value(number: re.Match[str], power: int, text: str) -> float:
    digits, exponent = number.groups()
    # One conversion instead of a product of two rounded numbers, so that 2.3M is exactly 2300000.
    value = float(f"{digits}e{int(exponent or 0) + power}")
    if not abs(value) <= MAX_VALUE:
        raise UnitError(f"{text!r} is too large", "numbers up to 1e15")
    if value == 0 and float(digits) != 0:
        raise UnitError(f"{text!r} is too small", "0, or a larger number")
    return value + 0.0


def _apply_unit(value: float, word: str | None, text: str) -> Amount:
    if word is None:
        return Amount(value, Unit.NUMBER)
    if word == "%":
        return Amount(value, Unit.SHARE)
    if word in MASS_UNITS:
        return Amount(value, Unit.KILOGRAMS)
    if word == Unit.MONEY or CURRENCY_PATTERN.fullmatch(word):
        return Amount(value, Unit.MONEY)
    singular = _singular(word)
    if singular in COUNT_UNITS:
        return Amount(value, COUNT_UNITS[singular])
    if singular in DAYS_PER_UNIT:
        return Amount(value * DAYS_PER_UNIT[singular], Unit.DAYS)
    if singular in PARTS_PER_DAY:
        return Amount(value / PARTS_PER_DAY[singular], Unit.DAYS)
    counted = ", ".join(f"{name}s" for name in COUNT_UNITS)
    multiples, masses = ", ".join(POWER_OF_MULTIPLE), ", ".join(MASS_UNITS)
    known = f"{multiples}; {counted}, {masses}, %; {', '.join(TIME_WORDS)}"
    units = [*COUNT_UNITS, *DAYS_PER_UNIT, *PARTS_PER_DAY, *MASS_UNITS]
    raise UnitError(f"unknown unit {word!r} in {text!r}", known, _closest_unit(word, units))


def _per_day(amount: Amount, period: str, text: str) -> Amount:
    if amount.unit not in PER_DAY_UNIT:
        what = "a share" if amount.unit is Unit.SHARE else "a duration"
        raise UnitError(f"{text!r}: {what} has no period", "shells, containers or tonnes a period")
    unit = PER_DAY_UNIT[amount.unit]
    singular = _singular(period)
    if singular in DAYS_PER_UNIT:
        return Amount(amount.value / DAYS_PER_UNIT[singular], unit)
    if singular in PARTS_PER_DAY:
        return Amount(amount.value * PARTS_PER_DAY[singular], unit)
    known = ", ".join(f"/{word}" for word in TIME_WORDS)
    raise UnitError(
        f"unknown period {period!r} in {text!r}",
        known,
        _closest_unit(period, [*DAYS_PER_UNIT, *PARTS_PER_DAY]),
    )


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 2 and word.endswith("s") else word


def _closest_unit(word: str, known: list[str]) -> str:
    slips = {"m": "M, min or month", "K": "k", "mn": "M", "hr": "h", "d": "day", "w": "week", "y": "year"}
    slips |= {"tonne": "t", "ton": "t", "percent": "%", "million": "M", "Mio": "M", "mln": "M"}
    slips |= {"thousand": "k", "billion": "bn"}
    slips |= {"eur": "EUR", "euro": "EUR", "usd": "USD", "dollar": "USD", "gbp": "GBP", "pound": "GBP"}
    if _singular(word) in slips:
        return slips[_singular(word)]
    from difflib import get_close_matches

    matches = get_close_matches(_singular(word.lower()), known, n=1)
    return matches[0] if matches else ""


_AMOUNT_OF_MONEY = re.compile(r" *([0-9]+(?:[,' _][0-9]{3})*(?:\.[0-9]+)?) ?(k|M|bn)? *((?:/ *[a-z]+)?)")
_GROUPING = re.compile(r"[,' _]")


def _money_error(text: str) -> UnitError | None:
    """Return the error of a number with the sign or the code of a currency before it; None for another."""
    sign = next((each for each in CURRENCY_SIGNS if each in text), "")
    first = re.match(r"([A-Z]{3}) ?(?=[0-9])", text)
    if sign:
        code, rest = CURRENCY_SIGNS[sign], text.replace(sign, "", 1)
    elif first:
        code, rest = first[1], text[first.end() :]
    else:
        return None
    amount, near = _AMOUNT_OF_MONEY.fullmatch(rest.strip()), ""
    if amount:
        number, multiple, period = amount.groups("")
        near = f"{_GROUPING.sub('', number)}{multiple} {code}{period}"
    problem = f"{quote(text)}: {FORM_OF_MONEY}"
    return UnitError(problem, "such as 2k EUR or 200M EUR/year", near)


def _number_error(text: str) -> UnitError:
    if not text:
        return UnitError("a quantity is missing")
    if money := _money_error(text):
        return money
    if comma := re.fullmatch(r"(-?[0-9]+),([0-9]{1,2}|[0-9]{4,})([^0-9.,].*)?", text):
        whole, part, rest = comma.groups("")
        problem = f"{quote(text)}: digits are not grouped, and decimals have a point"
        return UnitError(problem, f"{whole}.{part}{rest}")
    if re.match(r"-?[0-9]+([,_' ]|\.[0-9]+\.)[0-9]", text):
        grouped = GROUPED_PATTERN.match(text)
        meant = re.sub(r"[,_' .]", "", grouped.group()) + text[grouped.end() :] if grouped else ""
        return UnitError(f"{quote(text)}: digits are not grouped", "1000 or 1k, 2500000 or 2.5M", meant)
    if re.match(r"-?0[0-9]", text):
        return UnitError(f"{quote(text)}: a number does not begin with 0", "10, or 0.10")
    if re.match(r"[0-9]+:[0-9]", text):
        return UnitError(f"{quote(text)} is not a duration", "1.5 h, or 90 min")
    if re.match(r"[-+]?\.?(inf|nan)", text.lower()):
        return UnitError(f"{quote(text)} is not a finite number", "a finite number with its unit")
    if not text.isascii():
        return UnitError(f"{quote(text)} is not a quantity", "the digits 0 to 9 and a unit")
    return UnitError(f"{quote(text)} is not a quantity")
