"""One published estimate: a figure with its claimant, publisher, period and confidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields

#: Unit of a row without a number.
QUALITATIVE = "qualitative"
#: Confidence grades, best first.
CONFIDENCE = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One row of an evidence table; the attributes are the columns of the file, in order.

    Attributes
    ----------
    id : str
        Identifier that a scenario cites.
    quantity, munition : str
        The estimated quantity, and the munition it applies to.
    low, central, high : float or None
        In `unit`; each is optional. ``low`` alone means "at least", ``high`` alone "at most".
    unit : str
        Such as ``shells/year``; ``qualitative`` for a row without a number.
    period_start, period_end : datetime.date or None
        First and last day of the period that the estimate covers.
    published : datetime.date or None
    claimant, publisher : str
        Author of the claim, and the outlet that published it.
    url : str
        Empty if there is none.
    confidence : str
        ``A`` (best) to ``D``.
    note : str
    family : str
        Family of counting; its rows count the same things in the same way. Empty if unknown.
    derived_from : tuple of str
        Ids of the rows from which the figure was computed, or that it repeats.
    counts : str
        Things counted, such as ``munitions`` or ``containers``. Empty if there are none, or if unknown.
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
    family: str = ""
    derived_from: tuple[str, ...] = ()
    counts: str = ""

    def low_high(self) -> tuple[float, float] | None:
        """Return the range of the row in its unit, or None.

        A row with two different numbers spans them: ``central`` and ``high`` alone give the range from
        ``central`` to ``high``.
        """
        if self.low is not None and self.high is not None:
            return self.low, self.high
        numbers = self._numbers()
        return (min(numbers), max(numbers)) if len(numbers) > 1 else None

    def single(self) -> float | None:
        """Return the only number of the row in its unit, or None if it has several or none.

        Equal ``low`` and ``central`` count as one number ("at least 7M").
        """
        numbers = self._numbers()
        return next(iter(numbers)) if numbers and self.low_high() is None else None

    def figure(self) -> str:
        """Return the figure as text: ``250 to 375 (313) shells/container``."""
        if not self._numbers():
            return "no figure" if self.unit == QUALITATIVE else f"no figure ({self.unit})"
        text = self._unit_text()
        if self.central is not None and (" to " in text or len(self._numbers()) > 1):
            text += f" ({self._format(self.central)})"
        return f"{text} {self.unit}"

    def _numbers(self) -> set[float]:
        return {number for number in (self.low, self.central, self.high) if number is not None}

    def _unit_text(self) -> str:
        if self.low is not None and self.high is not None:
            ends = self._format(self.low), self._format(self.high)
            return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
        if self.low is not None:
            return f"at least {self._format(self.low)}"
        if self.high is not None:
            return f"at most {self._format(self.high)}"
        return self._format(self.central or 0.0)

    def _format(self, number: float) -> str:
        return f"{number:.15g}" if self.unit == "year" else format_number(number)


#: Columns of an evidence table, in order.
COLUMNS = tuple(field.name for field in fields(Estimate))
#: Columns that a table need not have.
OPTIONAL_COLUMNS = ("family", "derived_from", "counts")
#: Separator of the ids of a cell in tables of text.
ID_SEPARATOR = " "


def format_number(number: float) -> str:
    """Return a number with thousands separators: ``2,500,000``, ``0.75``."""
    return f"{number:,.15g}"
