"""Phrases shared by sentences: rates, ranges, periods, shares of runs and first days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sim.errors import format_count
from sim.findings.finding import Finding
from sim.findings.stock_figures import FirstDay, Range, StockFigures
from sim.formatting import RUN_DIGITS, count_text, integer, percent, short_date, significant
from sim.names import Noun
from sim.outcomes import Outcome, OutcomeKind
from sim.units import DAYS_PER_MONTH, DAYS_PER_YEAR

#: Definitions of the events of a stock (rule 30).
RUNS_OUT_MEANING = "Runs out: less than one day of the planned requirement is left."
BELOW_A_DAY_MEANING = (
    "Below 1 day of supply: less than one day of the planned requirement is left; it may still be met."
)
#: Of the outcome `exhausted` where it is unknown whether the requirement is met all the same.
EXHAUSTED_MEANING = "Runs out: less than one day of the planned requirement is left; less may still meet it."
#: How fire is attributed to origins (rule 10).
ORIGINS_MEANING = "A stock is used in proportion to the origins in it."
LASTS_MEANING = (
    "Lasts: on every day at least one day of the planned requirement is left; less may still meet it."
)
#: With fewer runs, the 5th and 95th percentiles are the smallest and the largest run.
FEW_RUNS = 20
#: A rate below this many a day is given for a month, and one below it a month for a year.
_LEAST_READABLE = 10.0
_WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
#: Share of runs from which a statement is about all of them.
NEARLY_ALL = 0.99


class StockEvent(NamedTuple):
    """What happens to an exhausted stock: forms of a verb, a label, and the definition.

    Attributes
    ----------
    verb, base, participle : str
        ``runs out``, ``run out`` and ``run out``.
    label : str
    meaning : str
    """

    verb: str
    base: str
    participle: str
    label: str
    meaning: str

    @property
    def is_weak(self) -> bool:
        """Whether the stock only falls below a day of supply, which may still meet the requirement."""
        return self.label == _BELOW_A_DAY_LABEL


_BELOW_A_DAY_LABEL = "Below 1 day"
RUNS_OUT = StockEvent("runs out", "run out", "run out", "Runs out", RUNS_OUT_MEANING)
BELOW_A_DAY = StockEvent(
    "falls below one day of supply",
    "fall below one day of supply",
    "fallen below one day of supply",
    _BELOW_A_DAY_LABEL,
    BELOW_A_DAY_MEANING,
)
#: Where it is unknown whether the requirement is met.
EXHAUSTED_EVENT = RUNS_OUT._replace(meaning=EXHAUSTED_MEANING)


def stock_event(*, is_emptied: bool | None) -> StockEvent:
    """Return what happens to an exhausted stock; `is_emptied` is None where this is unknown."""
    if is_emptied is None:
        return EXHAUSTED_EVENT
    return RUNS_OUT if is_emptied else BELOW_A_DAY


def event_of_stocks(stocks: Iterable[StockFigures]) -> StockEvent:
    """Return what happens to the stocks of a result: they run out only if each that is exhausted does."""
    return stock_event(is_emptied=all(each.is_emptied or each.runs_out.share == 0.0 for each in stocks))


@dataclass(frozen=True, slots=True)
class RatePeriod:
    """Period of the rates of one sentence.

    Attributes
    ----------
    name : str
        ``day``, ``month`` or ``year``.
    days : float
    """

    name: str
    days: float

    def number(self, per_day: float, digits: int = RUN_DIGITS) -> str:
        """Return a rate without its period: ``13,800``."""
        return significant(per_day * self.days, digits)

    def text(self, per_day: float) -> str:
        """Return a rate with its period: ``13,800 a day``."""
        return f"{self.number(per_day)} a {self.name}"


_PERIODS = (RatePeriod("day", 1.0), RatePeriod("month", DAYS_PER_MONTH), RatePeriod("year", DAYS_PER_YEAR))


def rate_period(*per_day: float) -> RatePeriod:
    """Return the shortest period in which the largest of some rates has two digits; at most a year."""
    largest = max(per_day, default=0.0)
    if largest == 0.0:
        return _PERIODS[0]
    return next((each for each in _PERIODS if largest * each.days >= _LEAST_READABLE), _PERIODS[-1])


def agreeing(number: str, one: str, many: str) -> str:
    """Return the form of a verb for a number as written: ``is`` for 1, ``are`` for 2."""
    return one if number == "1" else many


def range_text(found: Range, text: Callable[[float], str] = count_text) -> str:
    """Return a median and its range: ``4.55M (3.52M to 6.24M)``; the median alone if they look the same."""
    low, middle, high = map(text, found)
    return middle if low == middle == high else f"{middle} ({low} to {high})"


def period_phrase(start: dt.date, end: dt.date) -> str:
    """Return the length of a period: ``two years``, ``7 months``, ``400 days``."""
    months = 12 * (end.year - start.year) + end.month - start.month
    if start.day == end.day and months:
        years, rest = divmod(months, 12)
        return in_words(months, "month") if rest or not years else in_words(years, "year")
    return format_count((end - start).days, "day")


def in_words(count: int, noun: str) -> str:
    """Return a count with its noun, in words up to twelve: ``two years``, ``18 months``."""
    word = "a" if count == 1 else _WORDS[count] if count < len(_WORDS) else integer(count)
    return f"{word} {noun}{'s' * (count > 1)}"


def share_of_runs(share: float, runs: int) -> str:
    """Return a share of runs: ``in every run``, ``in 15 % of runs``, ``never, in any run``."""
    if runs == 1:
        return "" if share else "never"
    if share in {0.0, 1.0}:
        return "in every run" if share else "never, in any run"
    return f"in {percent(share)} of runs"


def label_meanings(findings: Iterable[Finding]) -> list[str]:
    """Return the definitions that findings need: events of stocks, and the attribution of fire to origins."""
    found = list(findings)
    ends = {each.label.lower() for each in found}
    meanings = (("runs out", RUNS_OUT_MEANING), ("below 1 day", BELOW_A_DAY_MEANING))
    said = [meaning for end, meaning in meanings if any(label.endswith(end) for label in ends)]
    several = any(each.kind == "fired_from" and len(each.values) > 1 for each in found)
    return [*said, f"Origins: {ORIGINS_MEANING[0].lower()}{ORIGINS_MEANING[1:]}"] if several else said


def first_day_text(first: FirstDay, runs: int, end: dt.date) -> str:
    """Return the text of a first day, its share of runs and its range.

    ``in every run; in half of them by 4 Dec 2023 (9 Nov 2023 to 10 Jan 2024)``. The range holds nine runs in
    ten; a percentile beyond the end is the end.
    """
    if first.share == 0.0:
        return share_of_runs(0.0, runs)
    if runs == 1:
        assert first.middle is not None  # noqa: S101 - one run that reaches the day
        return f"on {short_date(first.middle)}"
    lead = share_of_runs(first.share, runs)
    if first.low == first.high and first.middle is not None:
        return (
            f"{lead}, on {short_date(first.middle)}"
            if first.share == 1.0
            else f"{lead}, half of all by {short_date(first.middle)}"
        )
    if first.middle is None:
        early = "" if first.low is None or runs < FEW_RUNS else f", in 5 % of all by {short_date(first.low)}"
        return f"{lead} before {short_date(end)}{early}"
    half = "half of them" if first.share == 1.0 else "half of all runs"
    low = short_date(first.low) if first.low else short_date(first.middle)
    high = short_date(first.high) if first.high else f"after {short_date(end - dt.timedelta(days=1))}"
    return f"{lead}; in {half} by {short_date(first.middle)} ({low} to {high})"


def counted_text(measure: Outcome, value: float, counted: Noun, currency: str) -> str:
    """Return a value of an outcome with its unit: things counted, or money in a currency."""
    text = measure.number_format.text(value)
    if measure.kind is OutcomeKind.MONEY:
        return measure.number_format.in_currency(currency).with_noun(text)
    return (
        text if measure.number_format.suffix or measure.kind is OutcomeKind.COUNT else counted.counted(text)
    )
