"""Independent reader of the headline of a chart of published claims, from the table of evidence.

It imports nothing of the package.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from tests.support.claims import Claims

_NUMBER = r"\d[\d,]*(?:\.\d+)?(?:k|M|bn)?"
_RANGE = rf"(?P<low>{_NUMBER})(?: to (?P<high>{_NUMBER}))?"
_FORMS = {
    "one": rf"One claim on (?P<name>[\w ]+): {_RANGE} (?P<unit>.+?), by (?P<by>.+)",
    "several": r"(?P<latest>The latest )?(?P<count>[\d,]+) claims on (?P<name>[\w ]+?)"
    r"(?P<mixed> \(of different munitions\))? "
    rf"(?:(?P<alike>all give)|range from) {_RANGE} (?P<unit>.+)",
}
_DAYS = {"hour": 1 / 24, "day": 1.0, "month": 365.25 / 12, "year": 365.25}
_PHRASES = {"hour": " an hour", "day": " a day", "month": " a month", "year": " a year"}


def read_published(table: pd.DataFrame, quantity: str, sentence: str) -> Claims:
    """Return the errors of the headline of the claims on a quantity."""
    reading = Claims()
    matches = ((form, re.fullmatch(pattern, sentence)) for form, pattern in _FORMS.items())
    form, match = next((each for each in matches if each[1]), ("unread", None))
    reading.begin(f"claims: {form}", sentence)
    if match is None:
        reading.unread()
        return reading
    found = match.groupdict()
    reading.claim(f"the quantity is {quantity}", holds=found["name"] == quantity.replace("_", " "))
    unit, claims = _claims(table, quantity)
    reading.claim(f"the unit of most claims is {unit}", holds=found["unit"] == unit)
    count = 1 if form == "one" else int(found["count"].replace(",", ""))
    shown = claims[len(claims) - count :]
    is_latest = form == "several" and found["latest"] is not None
    reading.claim(f"there are {len(claims)} claims", holds=count <= len(claims))
    if form == "several":
        reading.claim(f"there are {len(claims)} claims", holds=is_latest == (count < len(claims)))
    low, high = min(each["least"] for each in shown), max(each["most"] for each in shown)
    reading.number("the least", found["low"], low)
    reading.number("the most", found["high"] or found["low"], high)
    if form == "one":
        reading.claim(f"the claimant is {shown[0]['claimant']}", holds=found["by"] == shown[0]["claimant"])
    else:
        reading.claim(f"{low} to {high}", holds=(found["alike"] is not None) == (low == high))
        munitions = {each["munition"] for each in shown}
        holds = (found["mixed"] is not None) == (len(munitions) > 1)
        reading.claim(f"the munitions are {munitions}", holds=holds)
    return reading


def _claims(table: pd.DataFrame, quantity: str) -> tuple[str, list[Mapping[str, Any]]]:
    """Return the unit of most claims in words, and the claims that can be given in it, by date."""
    rows = [row for row in table[table["quantity"] == quantity].to_dict("records") if _ends(row)]
    things = Counter(_split(row["unit"])[0] for row in rows)
    thing = things.most_common(1)[0][0]
    periods = Counter(_split(row["unit"])[1] for row in rows if _split(row["unit"])[0] == thing)
    period = periods.most_common(1)[0][0]
    found = []
    for row in rows:
        own_thing, own = _split(row["unit"])
        if own_thing == thing and bool(own) == bool(period):
            factor = _DAYS[period] / _DAYS[own] if period else 1.0
            ends = [value * factor for value in _ends(row)]
            found.append({**row, "least": min(ends), "most": max(ends), "date": _date(row)})
    unit = f"{thing}{_PHRASES.get(period, '')}"
    return unit, [{str(k): v for k, v in row.items()} for row in sorted(found, key=lambda each: each["date"])]


def _ends(row: Mapping[Any, Any]) -> list[float]:
    return [float(row[name]) for name in ("low", "central", "high") if row[name] == row[name]]


def _split(unit: str) -> tuple[str, str]:
    thing, _, period = unit.partition("/")
    if period not in _DAYS:
        return unit, ""
    return "shells" if thing == "rounds" else thing, period


def _date(row: Mapping[Any, Any]) -> str:
    dates = (row[name] for name in ("period_end", "period_start", "published"))
    return next((str(each)[:10] for each in dates if each == each), "")
