"""One published estimate: a number, who said it, where, and about when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

#: The unit of a row that says something without a number.
QUALITATIVE = "qualitative"
#: The letters of confidence, best first.
CONFIDENCE = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One row of a table of evidence; the attributes are the columns of the file, in its order.

    Attributes
    ----------
    id : str
        The name by which a scenario cites the row.
    quantity, munition : str
        What is estimated, and of what.
    low, central, high : float or None
        In `unit`. A row may give any of them, or none. ``low`` alone reads "at least", ``high`` alone
        "at most".
    unit : str
        Such as ``shells/year``; ``qualitative`` for a row without a number.
    period_start, period_end : datetime.date or None
        The first and the last day that the estimate speaks of.
    published : datetime.date or None
    claimant, publisher : str
        Who made the claim, and who printed it.
    url : str
        Empty where there is none.
    confidence : str
        ``A`` (best) to ``D``.
    note : str
    """

    id: str
    quantity: str
    munition: str
    low: float | None
    central: float | None
    high: float | None
    unit: str
    period_start: dt.date | None
    period_end: dt.date | None
    published: dt.date | None
    claimant: str
    publisher: str
    url: str
    confidence: str
    note: str

    def low_high(self) -> tuple[float, float] | None:
        """Return the range that the row gives, in its unit, or None.

        A row with two different numbers spans them: with a central and a high value alone, the range
        runs from the one to the other.
        """
        if self.low is not None and self.high is not None:
            return self.low, self.high
        given = self._number_text()
        return (min(given), max(given)) if len(given) > 1 else None

    def single(self) -> float | None:
        """Return the one number of a row that gives one alone, in its unit, or None.

        ``low`` and ``central`` of the same size are one number ("at least 7M").
        """
        given = self._number_text()
        return next(iter(given)) if given and self.low_high() is None else None

    def figure(self) -> str:
        """Return the number as a reader would say it: ``250 to 375 (313) shells/container``."""
        if not self._number_text():
            return "no figure" if self.unit == QUALITATIVE else f"no figure ({self.unit})"
        text = self._unit_text()
        if self.central is not None and self._is_new_in(text):
            text += f" ({self._number(self.central)})"
        return f"{text} {self.unit}"

    def _number_text(self) -> set[float]:
        return {number for number in (self.low, self.central, self.high) if number is not None}

    def _unit_text(self) -> str:
        if self.low is not None and self.high is not None:
            ends = self._number(self.low), self._number(self.high)
            return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
        if self.low is not None:
            return f"at least {self._number(self.low)}"
        if self.high is not None:
            return f"at most {self._number(self.high)}"
        return self._number(self.central or 0.0)

    def _is_new_in(self, extent: str) -> bool:
        return " to " in extent or len(self._number_text()) > 1

    def _number(self, number: float) -> str:
        return f"{number:.15g}" if self.unit == "year" else format_number(number)


#: The columns of a table of evidence, in order.
COLUMNS = tuple(field.name for field in fields(Estimate))


def format_number(number: float) -> str:
    """Return a number with its thousands apart: ``2,500,000``, ``0.75``."""
    return f"{number:,.15g}"
