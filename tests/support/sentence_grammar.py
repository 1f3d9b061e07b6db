"""Grammar of the sentences of a run, and the numbers in them with the digits that they show.

Written from the sentences alone; it imports nothing of the package.
"""

from __future__ import annotations

import datetime as dt
import math
import re

MONTHS = ["January", "February", "March", "April", "May", "June"]
MONTHS += ["July", "August", "September", "October", "November", "December"]
_SHORT = "|".join(month[:3] for month in MONTHS)
_LONG = "|".join(MONTHS)
_SIZES = {"k": 1e3, "M": 1e6, "bn": 1e9, "": 1.0}
#: Days of a rate's period, and days of supply by phrase.
PERIODS = {"day": 1.0, "month": 365.25 / 12, "year": 365.25}
#: Words for counts, by count.
COUNTS = ["no", "a", "two", "three", "four", "five", "six"]
COUNTS += ["seven", "eight", "nine", "ten", "eleven", "twelve"]
#: Digits of a count of things.
COUNT = 0
_NUMBER = r"−?\d[\d,]*(?:\.\d+)?(?:k|M|bn)?"
_BLANKS = {
    "N": _NUMBER,
    "PCT": r"(?:under 1|over 99|\d+) %",
    "DATE": rf"\d{{1,2}} (?:{_SHORT}) \d{{4}}",
    "LDATE": rf"\d{{1,2}} (?:{_LONG}) \d{{4}}",
    "MONTH": rf"(?:{_LONG}) \d{{4}}",
    "PER": "day|month|year",
    "SPAN": r"(?:\d[\d,]*|[a-z]+) (?:days?|months?|years?)",
    "NOUN": "[a-z][a-z ]*?",
    "VERB": "[a-z][a-z ]*?",
    "NAME": ".+?",
    "INT": r"\d[\d,]*",
}


def sentence(text: str) -> re.Pattern[str]:
    """Return the pattern of a sentence with blanks: ``{required:N}`` is a number named required."""
    escaped = re.sub(r"(?<![\\?)\]])\.(?=$| |\))", r"\.", text)
    filled = re.sub(r"\{(\w+):([A-Z]+)\}", lambda blank: f"(?P<{blank[1]}>{_BLANKS[blank[2]]})", escaped)
    return re.compile(filled)


def value_of(text: str) -> float:
    """Return the value of a number as written: ``2.4M``."""
    found = re.fullmatch(r"(−?)([\d,]+(?:\.\d+)?)(k|M|bn|)", text)
    if found is None:
        raise ValueError(f"{text!r} is not a number")
    value = float(found[2].replace(",", "")) * _SIZES[found[3]]
    return -value if found[1] else value


def agrees(text: str, value: float, digits: int, least: float = 1e-9) -> bool:
    """Return whether a number as written is a value rounded to the digits that it shows.

    Parameters
    ----------
    text : str
    value : float
    digits : int
        Significant digits of a number of its kind: zeros at the end of a larger number are none. `COUNT` for
        three, no decimals from ten on, and two digits below.
    least : float
        Size below which a value may be written as 0.
    """
    shown = value_of(text)
    if shown == 0.0 or value == 0.0:
        return abs(value) < least and shown == 0.0
    first = math.floor(math.log10(abs(shown)))
    is_count, digits = digits == COUNT, digits or 3
    # Zeros at the end are dropped: 2.4M is 2.40M to three digits. From 100 on no number has decimals, and
    # below it none has more than three digits.
    place = 10.0 ** (first - digits + 1)
    if text[-1].isdigit():
        place = max(place, 1.0 if first >= 2 else 10.0 ** (first - 2))
        if is_count:
            place = max(place, 1.0) if first >= 1 else 10.0 ** (first - 1)
    return abs(shown - value) <= place / 2 * (1 + 1e-6)


def share_agrees(text: str, share: float) -> bool:
    """Return whether a percentage as written is a share: 0 % and 100 % are exact."""
    if text == "under 1 %":
        return 0.0 < share < 0.01
    if text == "over 99 %":
        return 0.99 < share < 1.0
    shown = int(text.removesuffix(" %")) / 100
    if shown in {0.0, 1.0}:
        return abs(share - shown) < 1e-9
    return abs(share - shown) <= 0.005 + 1e-9


def iso(text: str) -> str:
    """Return a date as written as ISO text: ``4 Dec 2023``, ``4 December 2023``."""
    day, month, year = text.split()
    number = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(month))
    return dt.date(int(year), number, int(day)).isoformat()


def iso_month(text: str) -> str:
    """Return a month as written as ISO text: ``2023-12``."""
    name, year = text.split()
    return f"{year}-{MONTHS.index(name) + 1:02d}"


def end_of_span(text: str, start: dt.date) -> dt.date:
    """Return the day after a span such as ``two years`` or ``20 days`` from a first day."""
    number, unit = text.split()
    count = COUNTS.index(number) if number in COUNTS else int(number.replace(",", ""))
    if unit.startswith("day"):
        return start + dt.timedelta(days=count)
    months = start.year * 12 + start.month - 1 + count * (12 if unit.startswith("year") else 1)
    return dt.date(months // 12, months % 12 + 1, start.day)
