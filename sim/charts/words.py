"""Numbers, shares and dates as a reader expects them, whatever the machine's language."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

from sim.errors import counted

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_UNITS = ((1e9, "bn"), (1e6, "M"), (1e3, "k"))


def number(value: float) -> str:
    """Return a whole number with thousands separators: ``1,000``."""
    return f"{value:,.0f}"


def about(value: float) -> str:
    """Return a number to three significant figures, with thousands separators: ``17,300``."""
    if value == 0 or not math.isfinite(value):
        return number(value)
    places = 2 - math.floor(math.log10(abs(value)))
    return f"{round(value, places):,.{max(0, places)}f}" if abs(value) < 100 else number(round(value, places))


def percent(share: float) -> str:
    """Return a share in percent; what is not quite none or all never reads as none or all."""
    if 0.0 < share < 0.01:
        return "under 1 %"
    if 0.99 < share < 1.0:
        return "over 99 %"
    return f"{share * 100:.0f} %"


def long_date(day: dt.date) -> str:
    """Return ``14 November 2023``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: dt.date) -> str:
    """Return ``14 Nov 2023``."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def month_name(day: dt.date) -> str:
    """Return ``November 2023``."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def count(amount: int, noun: str) -> str:
    """Return ``1 run``, ``1,000 runs``."""
    return counted(amount, noun)


def sentence(note: str) -> str:
    """Return a note as a sentence: with a capital, unless a file or a path opens it, and a stop."""
    first = note.split(" ")[0]
    text = f"{note[:1].upper()}{note[1:]}" if first.isalpha() else note
    return text if text.endswith((".", "!", "?")) else f"{text}."


def scale(values: Sequence[float]) -> list[str]:
    """Return the labels of a scale, all in one unit: ``0, 0.5M, 1M``."""
    top = max((abs(value) for value in values), default=0.0)
    size, unit = next(((size, unit) for size, unit in _UNITS if top >= size), (1.0, ""))
    return [f"{value / size:,.10g}{unit}" if value else "0" for value in values]
