"""Published claims on one quantity in one unit, in order of time."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.errors import ArgumentError, Fault, nearest
from sim.formatting import compact
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

if TYPE_CHECKING:
    import pandas as pd

_DAYS_PER_PERIOD = {"hour": 1.0 / 24.0, "day": 1.0, "month": DAYS_PER_MONTH, "year": DAYS_PER_YEAR}
_PERIOD_NAMES = {"day": "a day", "month": "a month", "year": "a year", "hour": "an hour"}
_COUNTS = {"rounds": "shells"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with its figures in the unit of the chart; `bound` is ``≥``, ``≤`` or empty."""

    claimant: str
    munition: str
    date: dt.date | None
    low: float
    middle: float
    high: float
    confidence: str
    url: str
    bound: str = ""

    @property
    def figure(self) -> str:
        """Its figure as text: ``3M to 4M``, ``≥3M``."""
        if self.low < self.high:
            return f"{compact(self.low)} to {compact(self.high)}"
        return f"{self.bound}{compact(self.middle)}"


@dataclass(frozen=True, slots=True)
class ClaimsData:
    """Claims on one quantity.

    Attributes
    ----------
    quantity, unit : str
    claims : tuple of Claim
        In order of the period that they are about.
    others : int
        Claims in other units or without a figure.
    """

    verb: ClassVar[str] = "evidence"
    quantity: str
    unit: str
    claims: tuple[Claim, ...]
    others: int

    @property
    def munitions(self) -> tuple[str, ...]:
        """Names of the munitions that the claims are about, each once."""
        return tuple(dict.fromkeys(each.munition for each in self.claims))


def read_claims(table: pd.DataFrame, quantity: str) -> ClaimsData:
    """Return the claims of a table on a quantity, in the unit of most of them.

    Raises
    ------
    ArgumentError
        The table has no such quantity, or no figure of it.
    """
    known = sorted(set(table["quantity"].astype(str)))
    if quantity not in known:
        problem = f"there is no claim on {quantity!r}"
        raise ArgumentError([Fault(problem, allowed=", ".join(known), nearest=nearest(quantity, known))])
    rows = table[table["quantity"] == quantity].to_dict("records")
    figures = [row for row in rows if any(not math.isnan(row[name]) for name in ("low", "central", "high"))]
    if not figures:
        raise ArgumentError(
            [Fault(f"no claim on {quantity!r} has a number", allowed="a quantity with numbers")]
        )
    units = Counter(_split(row["unit"]) for row in figures)
    counted = Counter(name for name, _ in units.elements()).most_common(1)[0][0]
    period = Counter(each for name, each in units.elements() if name == counted).most_common(1)[0][0]
    same = [row for row in figures if _is_same(_split(row["unit"]), counted, period)]
    claims = sorted((_claim(row, period) for row in same), key=lambda each: each.date or dt.date.min)
    unit = f"{counted} {_PERIOD_NAMES[period]}" if period else counted
    return ClaimsData(quantity, unit, tuple(claims), len(rows) - len(claims))


def _split(unit: str) -> tuple[str, str]:
    """Return the noun of the counted things, and the period of a rate, or an empty string."""
    counted, _, period = unit.partition("/")
    if period not in _DAYS_PER_PERIOD:
        return unit, ""
    return _COUNTS.get(counted, counted), period


def _is_same(unit: tuple[str, str], counted: str, period: str) -> bool:
    return unit[0] == counted and bool(unit[1]) == bool(period)


def _claim(row: dict[Any, Any], period: str) -> Claim:
    own = _split(row["unit"])[1]
    factor = _DAYS_PER_PERIOD[period] / _DAYS_PER_PERIOD[own] if period else 1.0
    low, central, high = (float(row[name]) * factor for name in ("low", "central", "high"))
    ends = [each for each in (low, central, high) if not math.isnan(each)]
    middle = sum(ends) / len(ends) if math.isnan(central) else central
    bound = "" if len(ends) > 1 else "≥" if not math.isnan(low) else "≤" if not math.isnan(high) else ""
    dates = [_date(row[name]) for name in ("period_end", "period_start", "published")]
    date = next((day for day in dates if day is not None), None)
    words = (str(row["confidence"]), str(row["url"]), bound)
    munition = "" if row["munition"] != row["munition"] else str(row["munition"])
    return Claim(str(row["claimant"]), munition, date, min(ends), middle, max(ends), *words)


def _date(value: Any) -> dt.date | None:
    import pandas as pd

    return None if pd.isna(value) else pd.Timestamp(value).date()
