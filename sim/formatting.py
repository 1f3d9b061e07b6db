"""Formatting of numbers, shares, rates and dates, in English or in the language of a drawing.

Significant digits: a figure of runs has three (`significant`, `compact`, `rounded`), and a count of things no
decimals from ten on (`count_text`). A solved value has four (`four_figures`). A number of a scenario is as
its file has it; converted to other units it has four (`plain_number`).
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.language import current_language, localised
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR, Unit

#: Significant digits of a figure of runs, and of a solved or converted number.
RUN_DIGITS, SOLVED_DIGITS = 3, 4
#: Digits up to which a number is one that a person wrote.
_MOST_EXACT = 6
_AXIS_SIZES = ((1e9, "bn"), (1e6, "M"), (1e3, "k"))


def integer(value: float) -> str:
    """Return a whole number with thousands separators: ``1,000``; never ``-0``."""
    text = f"{value:,.0f}"
    return "0" if text == "-0" else localised(text)


def plain_number(value: float, digits: int = SOLVED_DIGITS) -> str:
    """Return a number as a person writes it: ``4,000,000``, ``1,234.5``, ``6,845`` for 6,844.627.

    A whole number keeps its digits, and so does one that has at most six; any other has `digits`.
    """
    number = plain_value(value, digits)
    if number == 0 or not math.isfinite(number):
        return integer(number)
    places = max(0, max(digits, _MOST_EXACT) - 1 - math.floor(math.log10(abs(number))))
    return localised(_without_zeros(f"{number:,.{places}f}"))


def plain_value(value: float, digits: int = SOLVED_DIGITS) -> float:
    """Return the number that `plain_number` writes."""
    if value == 0 or not math.isfinite(value) or value == round(value):
        return value
    is_exact = float(f"{value:.{_MOST_EXACT}g}") == value
    return float(f"{value:.{_MOST_EXACT if is_exact else digits}g}")


def rounded(value: float, digits: int = RUN_DIGITS) -> str:
    """Return a number to significant figures, by default three, with thousands separators: ``17,300``."""
    if value == 0 or not math.isfinite(value):
        return integer(value)
    size = rounded_value(value, digits)
    # The decimals of the rounded number: 99.96 is 100, not 100.0.
    places = digits - 1 - math.floor(math.log10(abs(size)))
    return localised(f"{size:,.{places}f}") if places > 0 else integer(size)


def rounded_value(value: float, digits: int = RUN_DIGITS) -> float:
    """Return the number that `rounded` writes."""
    if value == 0 or not math.isfinite(value):
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def significant(value: float, digits: int = RUN_DIGITS) -> str:
    """Return a number to significant digits, without zeros after the point: ``13,800``, ``9.25``, ``9``."""
    number = float(f"{value:.{digits if value >= 1000 else RUN_DIGITS}g}")
    return integer(number) if number.is_integer() else trimmed(number, RUN_DIGITS)


def count_text(value: float) -> str:
    """Return a number of things in short form: ``3.4M``, ``95``, ``1.3``.

    Without decimals from ten on, and with two digits below.
    """
    if abs(value) >= 999.5 or value == 0.0:
        return compact(value)
    if abs(value) >= 9.95:
        return f"{_sign(value)}{integer(abs(value))}"
    return compact(float(f"{value:.2g}"))


def percent(share: float) -> str:
    """Return a share in percent; shares near 0 and 1 never round to 0 % or 100 %."""
    if 0.0 < share < 0.01:
        return "under 1 %"
    if 0.99 < share < 1.0:
        return "over 99 %"
    return f"{integer(share * 100)} %"


def exact_percent(share: float) -> str:
    """Return a share in percent to four significant figures: ``97.5 %``."""
    return localised(f"{share * 100:.4g} %")


def service_percent(share: float) -> str:
    """Return a share in percent to four significant figures; a share below 1 is never 100 %."""
    text = exact_percent(share)
    return f"over {exact_percent(0.9999)}" if share < 1.0 and text == exact_percent(1.0) else text


def distinct_percents(one: float, other: float) -> tuple[str, str]:
    """Return two shares in percent; with four significant figures if the rounded ones look the same."""
    texts = percent(one), percent(other)
    return texts if one == other or texts[0] != texts[1] else (exact_percent(one), exact_percent(other))


def four_figures(value: float) -> str:
    """Return a number to four significant figures, in millions or billions if large: ``2.484M``.

    Decimals do not end in zeros: ``2.5`` for 2.500.
    """
    if value == 0.0:
        return "0"
    number = rounded_value(value, SOLVED_DIGITS)
    for least, letter in _AXIS_SIZES[:2]:
        if abs(number) >= least:
            return localised(f"{number / least:.{SOLVED_DIGITS}g}{letter}")
    places = SOLVED_DIGITS - 1 - math.floor(math.log10(abs(number)))
    return localised(_without_zeros(f"{number:,.{max(0, places)}f}"))


def trimmed(value: float, digits: int) -> str:
    """Return a number to significant digits, without zeros at the end of its decimals: ``9.25``."""
    return localised(f"{value:,.{digits}g}")


def signed(value: float, places: int) -> str:
    """Return a number with its sign and a fixed number of decimals: ``+0.78``."""
    return localised(f"{value:+,.{places}f}").replace("-", MINUS)


def _without_zeros(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def long_date(day: dt.date) -> str:
    """Return ``14 November 2023``."""
    return current_language().long_date(day)


def short_date(day: dt.date) -> str:
    """Return ``14 Nov 2023``."""
    return current_language().short_date(day)


def month_name(day: dt.date) -> str:
    """Return ``November 2023``."""
    return current_language().month_name(day)


def capitalised(text: str) -> str:
    """Return a text with a capital at its start, all else as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def as_sentence(note: str) -> str:
    """Return a note as a sentence, with a full stop, and a capital unless it starts with a file or path."""
    first = note.split(" ")[0]
    text = capitalised(note) if first.isalpha() else note
    return text if text.endswith((".", "!", "?")) else f"{text}."


def axis_labels(values: Sequence[float]) -> list[str]:
    """Return tick labels, all in one unit: ``0, 0.5M, 1M``."""
    top = max((abs(value) for value in values), default=0.0)
    size, unit = next(((size, unit) for size, unit in _AXIS_SIZES if top >= size), (1.0, ""))
    return [localised(f"{value / size:,.10g}{unit}") if value else "0" for value in values]


MINUS = "\u2212"
_COMPACT_SIZES = ((1e9, 1e9, "bn"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))
#: From this share of a unit on, three significant figures round up to it: 999,500 is 1M.
_ROUNDED = 0.9995
_LARGEST_PLAIN = 1e15


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Format of the numbers of one unit.

    Attributes
    ----------
    noun : str
        Axis label: ``shells a year``; empty for a plain number.
    suffix : str
        Text after a number: `` a year``.
    factor : float
        Converts from base units.
    one : str
        The noun after 1: ``shell a year``; empty for one without a singular.
    """

    noun: str = ""
    suffix: str = ""
    factor: float = 1.0
    one: str = ""

    def in_currency(self, currency: str) -> NumberFormat:
        """Return the format with the letters of a currency in place of ``money``; unchanged without any."""
        return replace(self, noun=self.noun.replace("money", currency)) if currency else self

    def text(self, value: float) -> str:
        """Return one number: ``3.4M a year``, ``20k a day``, ``35 %``."""
        if self.noun == "date":
            return short_date(dt.date.fromordinal(round(value)))
        written = compact(value * self.factor)
        return self.with_noun(written) if self.suffix == f" {self.noun}" else f"{written}{self.suffix}"

    def with_noun(self, written: str) -> str:
        """Return a number as written with the noun: ``20k shells a day``, ``1 day``."""
        if self.noun in {"", "date"}:
            return written
        return f"{written} {self.one if written == '1' and self.one else self.noun}"

    def marks(self, values: Sequence[float]) -> list[str]:
        """Return tick labels of numbers to which the factor is already applied."""
        percent = " %" if self.suffix == " %" else ""
        return [f"{text.replace('-', MINUS)}{percent}" for text in axis_labels(values)]


_BY_UNIT = {
    Unit.SHELLS: NumberFormat("shells", one="shell"),
    Unit.CONTAINERS: NumberFormat("containers", " containers", one="container"),
    Unit.KILOGRAMS: NumberFormat("tonnes", " t", 1e-3, "tonne"),
    Unit.DAYS: NumberFormat("days", " days", one="day"),
    Unit.DATE: NumberFormat("date"),
    Unit.SHARE: NumberFormat("%", " %", 100.0),
    Unit.SHELLS_A_DAY: NumberFormat("shells a day", " a day", one="shell a day"),
    Unit.NUMBER_A_DAY: NumberFormat("a month", " a month", DAYS_PER_MONTH),
    Unit.MONEY: NumberFormat("money"),
    Unit.MONEY_A_DAY: NumberFormat("money a year", " a year", DAYS_PER_YEAR),
    Unit.CONTAINERS_A_DAY: NumberFormat(
        "containers a month", " containers a month", DAYS_PER_MONTH, "container a month"
    ),
    Unit.KILOGRAMS_A_DAY: NumberFormat("tonnes a month", " t a month", DAYS_PER_MONTH / 1e3, "tonne a month"),
}
_A_YEAR = NumberFormat("shells a year", " a year", DAYS_PER_YEAR, "shell a year")


def number_format(unit: str, path: str = "") -> NumberFormat:
    """Return the format of a base unit: production per year, all other rates of shells per day."""
    if unit == Unit.SHELLS_A_DAY and path.startswith("production."):
        return _A_YEAR
    return _BY_UNIT.get(Unit(unit), NumberFormat()) if unit in set(Unit) else NumberFormat()


def compact(value: float) -> str:
    """Return a short form with three significant figures: ``3.4M``, ``20k``, ``9,500``, ``−0.25``."""
    size = abs(value)
    if size >= _LARGEST_PLAIN or 0.0 < size < 1e-4:
        return localised(f"{value:.3g}").replace("-", MINUS)
    for least, by, letter in _COMPACT_SIZES:
        if size >= least * _ROUNDED:
            return f"{_sign(value)}{_three_figures(size / by)}{letter}"
    return f"{_sign(value)}{_three_figures(size)}"


def _sign(value: float) -> str:
    return MINUS if value < 0 else ""


def _three_figures(size: float) -> str:
    return localised(f"{float(f'{size:.3g}'):,.10g}")
