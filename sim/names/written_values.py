"""Values of a scenario file as a person writes them: ``30,000 a day`` for ``30k/day``."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from sim.formatting import short_date
from sim.units import MULTIPLE_PATTERN, POWER_OF_MULTIPLE

#: A date, or a number with its unit; not a part of a name or a path.
_WRITTEN = re.compile(
    r"(?<![\w.,/:-])(?:(?P<date>\d{4}-\d{2}-\d{2})|"
    r"(?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?)(?:[eE](?P<exponent>[+-]?\d{1,2}))?"
    rf"(?: ?(?P<multiple>{MULTIPLE_PATTERN})(?![A-Za-z]))?"
    r"(?: *(?P<unit>[A-Za-z]+\b|%))?(?: */ *(?P<period>[A-Za-z]+))?)(?!\w|[.:-]\S)"
)
_CITED = re.compile(r", (?:source|note): [^{}\[\]]*\}")
_VALUE = re.compile(r"\{value: ([^{},]+)\}")
_RANGE = re.compile(r"\{low: ([^{},]+), (?:mode: ([^{},]+), )?high: ([^{},]+)\}")


def value_in_words(text: str) -> str:
    """Return a value of a scenario file for readers: ``30k/day`` as ``30,000 a day``.

    Numbers, dates and ranges are rewritten, and the source of a number is left out; anything else stays as
    written.
    """
    plain = _VALUE.sub(r"\1", _CITED.sub("}", text))
    words, done = "", 0
    for match in _RANGE.finditer(plain):
        words += _plain_words(plain[done : match.start()]) + _range_text(match)
        done = match.end()
    return words + _plain_words(plain[done:])


def _plain_words(text: str) -> str:
    return _WRITTEN.sub(
        lambda match: _amount_text(match) if match["date"] is None else _date_text(match["date"]), text
    )


def _range_text(match: re.Match[str]) -> str:
    low, mode, high = (_plain_words(text) if text else "" for text in match.groups())
    unit = high[len(high.split(" ")[0]) :]
    if unit and low.endswith(unit):
        low = low.removesuffix(unit)
    return f"{low} to {high}, most likely {mode.removesuffix(unit)}" if mode else f"{low} to {high}"


def _date_text(text: str) -> str:
    try:
        return short_date(dt.date.fromisoformat(text))
    except ValueError:
        return text


def _amount_text(match: re.Match[str]) -> str:
    power = int(match["exponent"] or 0) + POWER_OF_MULTIPLE.get(match["multiple"], 0)
    number = format(Decimal(match["number"]).scaleb(power), ",f")
    whole, _, decimals = number.partition(".")
    text = f"{whole}.{decimals}" if decimals.strip("0") else whole
    unit = f" {match['unit']}" if match["unit"] else ""
    period = f" a {match['period']}" if match["period"] else ""
    return f"{text}{unit}{period}"
