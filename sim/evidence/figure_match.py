"""Numbers in a search: whether a row gives a figure, spans it, or has it in its text."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sim.evidence.estimate import Estimate

_NUMBER = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,15})(\.\d{1,15})?(k|m|mn|bn)?")
_POWERS = {"k": 3, "m": 6, "mn": 6, "bn": 9, "thousand": 3, "million": 6, "billion": 9}
#: What a number without a multiple may leave out: 5 matches 5,000 and 5M too.
_POWERS_LEFT_OUT = (0, 3, 6)
_YEAR = re.compile(r"19\d\d|20\d\d")
_THOUSANDS_COMMA = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")

#: How a row matches a number, best first.
GIVEN, SPANNED, WRITTEN = range(3)


class SoughtNumber(NamedTuple):
    """A number of a search.

    Attributes
    ----------
    text : str
        The number as one word; empty if its multiple is given, since ``5M`` is not found as 5.
    values : tuple of float
        The figures that match it; empty for a year.
    """

    text: str
    values: tuple[float, ...]

    def match(self, row: Estimate, words: Collection[str]) -> int | None:
        """Return how a row with these words matches: `GIVEN`, `SPANNED`, `WRITTEN`, or None."""
        if not self.values:
            return _match_year(row, int(self.text), words)
        figures = (row.low, row.central, row.high)
        is_calibre = f"{self.text}mm" in words
        if is_calibre or any(value in figures for value in self.values):
            return GIVEN
        span = row.low_high()
        if span is not None and any(span[0] <= value <= span[1] for value in self.values):
            return SPANNED
        return WRITTEN if any(text in words for text in self._texts()) else None

    def _texts(self) -> set[str]:
        """Return the ways in which a text may write the number."""
        short = (
            f"{value / 10**power:.10g}{suffix}"
            for value in self.values
            for suffix, power in (("", 0), ("k", 3), ("m", 6))
        )
        return {*filter(None, [self.text]), *map(join_digits, short)}


def _match_year(row: Estimate, year: int, words: Collection[str]) -> int | None:
    """Return how a row matches a year: it is about that year, spans it, or has it in its text."""
    ends = [date.year for date in (row.period_start, row.period_end) if date is not None]
    if ends and min(ends) <= year <= max(ends):
        return GIVEN if len(set(ends)) == 1 else SPANNED
    is_written = str(year) in words or (row.published is not None and row.published.year == year)
    return WRITTEN if is_written else None


def split_numbers(words: Sequence[str]) -> tuple[list[SoughtNumber], list[str]]:
    """Return the numbers among the words of a search, and the other words, both in order.

    ``5 million`` is one number.
    """
    numbers: list[SoughtNumber] = []
    others: list[str] = []
    rest = list(reversed(words))
    while rest:
        word = rest.pop()
        found = _NUMBER.fullmatch(word)
        if found is None:
            others.append(word)
            continue
        whole, part, suffix = (group or "" for group in found.groups())
        scale = rest.pop() if not suffix and rest and rest[-1] in _POWERS else suffix
        numbers.append(_sought_number(word, f"{whole.replace(',', '')}{part}", scale))
    return numbers, others


def join_digits(text: str) -> str:
    """Return a text in which each number is one word: 10000 for ``10,000``, 2p5M for ``2.5M``."""
    return _DECIMAL_POINT.sub("p", _THOUSANDS_COMMA.sub("", text))


def _sought_number(word: str, digits: str, scale: str) -> SoughtNumber:
    if scale:
        return SoughtNumber("", (float(f"{digits}e{_POWERS[scale]}"),))
    if _YEAR.fullmatch(word):
        return SoughtNumber(word, ())
    return SoughtNumber(join_digits(word), tuple(float(f"{digits}e{power}") for power in _POWERS_LEFT_OUT))
