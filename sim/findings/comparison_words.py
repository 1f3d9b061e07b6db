"""Words and numbers of one difference: amounts, signs, shares of runs, intervals."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sim.errors import format_count
from sim.findings.wording import rate_period
from sim.formatting import (
    MINUS,
    distinct_percents,
    integer,
    percent,
    plain_number,
    rounded,
    short_date,
    trimmed,
)
from sim.language import localised
from sim.names import SHELL, Noun, shorten_name

if TYPE_CHECKING:
    from sim.study.paired_difference import Difference

_MAX_TITLE_LENGTH = 40
#: Units of differences in percentage points, and of money.
_POINTS, _MONEY = ("share", "share of the requirement"), "money"
#: From here on, days have no decimal and shells are in millions.
_MIN_WHOLE_DAYS, _MIN_MILLION = 9.95, 999_500
#: Below this, a number of shells has decimals; below the second, it is given as below the third.
_MIN_WHOLE, _MIN_DECIMAL, _LEAST = 10.0, 0.005, 0.01
#: Below this, a number of millions would be 0.0.
_MIN_TENTH_OF_MILLION = 5e4
#: Largest rounding error of a difference of zero.
_ROUNDING = 1e-6


def format_amount(value: float, unit: str, beside: float = 0.0) -> str:
    """Return the size of a value without sign and unit: ``9.7`` (days), ``5.2M``, ``590,000``, ``0.26``.

    A size that would be rounded to 0 is ``under 1``, ``under 0.1``.

    Parameters
    ----------
    value : float
    unit : str
    beside : float
        Number shown next to it; both get the same rounding.
    """
    size = abs(value)
    if size < _ROUNDING:
        return "0"
    text = _size_text(value, unit, beside)
    digits = text.removesuffix("M")
    return f"under {text[:-1]}1" if digits == text and not digits.strip("0.,") else text


def _size_text(value: float, unit: str, beside: float) -> str:
    size, largest = abs(value), max(abs(value), abs(beside))
    if unit == "days":
        whole = abs(beside or value) >= _MIN_WHOLE_DAYS or (size.is_integer() and beside.is_integer())
        return integer(size) if whole else localised(f"{size:.1f}")
    if unit in _POINTS:
        return integer(size * 100) if max(size, abs(beside)) >= 0.1 else localised(f"{size * 100:.2g}")
    if largest >= _MIN_MILLION:
        is_least = size < _MIN_TENTH_OF_MILLION
        return f"under {localised('0.1M')}" if is_least else localised(f"{size / 1e6:,.1f}M")
    if size < _MIN_WHOLE:
        return f"under {localised(str(_LEAST))}" if size < _MIN_DECIMAL else trimmed(size, 2)
    return rounded(size) if size >= 100 else integer(size)


def days_phrase(value: float) -> str:
    """Return the size of a difference in days: ``1 day``, ``9.7 days``."""
    return format_count_text(format_amount(value, "days"))


def format_count_text(text: str) -> str:
    """Return a written number of days with its noun."""
    return f"{text} day" if is_one(text) else f"{text} days"


def is_one(text: str) -> bool:
    """Return whether the noun after a number as written is singular: ``1``, ``under 1``."""
    return text.removeprefix("under ") == "1"


def shorten_title(title: str) -> str:
    """Return a title, cut if it is long."""
    return shorten_name(title, _MAX_TITLE_LENGTH)


def shares_phrase(change: Difference) -> str:
    """Return in which share of runs a date is reached, and in the first: ``in 19 % of runs, not 1 %``."""
    first, other = change.first_share, change.other_share
    if first is None or other is None:
        return f"on days that are not compared, since {_censored_pairs(change)} are censored"
    looks_same = 0.0 < first < 1.0 and percent(first) == percent(other)
    if looks_same and change.is_share_unclear:
        return f"{share_words(other)} of both"
    return _two_shares(first, other)


def stock_shares_text(first: float, other: float, runs: int, end: dt.date) -> str:
    """Return in which share of runs one of several stocks is exhausted: ``in 19 % of runs, not 1 %``."""
    if runs > 1:
        return _two_shares(first, other)
    if not other:
        return "never" if first else "never, in either"
    return f"before {short_date(end)}, {'in both' if first else 'unlike in the first'}"


def _two_shares(first: float, other: float) -> str:
    if first == other:
        return f"{share_words(other)} of both"
    if 0.0 < first < 1.0 and 0.0 < other < 1.0:
        shown, of_first = distinct_percents(other, first)
        return f"in {shown} of runs, not {of_first}"
    instead = "none" if first == 0.0 else "every run" if first == 1.0 else percent(first)
    return f"{share_words(other)}, instead of {instead}"


def share_words(share: float) -> str:
    """Return ``in every run``, ``in no run`` or ``in 19 % of runs``."""
    if share in {0.0, 1.0}:
        return "in every run" if share else "in no run"
    return f"in {percent(share)} of runs"


def difference_line(
    change: Difference, less: str, more: str, end: dt.date, noun: Noun = SHELL, currency: str = ""
) -> str:
    """Return one difference with its interval, as a line of text.

    Parameters
    ----------
    change : Difference
    less, more : str
        Words after a negative and a positive difference: ``sooner``, ``later``.
    end : datetime.date
        The day after the last.
    noun : Noun
        Noun of the counted things.
    currency : str
        Currency of money.
    """
    if change.never:
        return f"never before {short_date(end)}, in any run of either"
    if change.is_misleading:
        return _share_line(change, end)
    if change.nothing:
        ends = (change.difference, change.low or 0.0, change.high or 0.0)
        return "no difference" if max(map(abs, ends)) < _ROUNDING else "next to no difference"
    text = _difference_with_interval(change, less, more, noun, currency)
    if not change.censored:
        return text
    return f"{text}; not reached before {short_date(end)} in {_censored_pairs(change)}"


def _share_line(change: Difference, end: dt.date) -> str:
    if change.pairs == 1 and change.other_share is not None:
        return f"before {short_date(end)}, unlike in the first" if change.other_share else "never"
    text = shares_phrase(change)
    low, high, difference = change.share_low, change.share_high, change.share_difference
    if low is None or high is None or difference is None or low == high:
        return text
    if change.is_share_unclear:
        return f"{text}; no clear difference"
    near, far = sorted((low, high), key=abs)
    ends = " to ".join(format_amount(each, "share", difference) for each in (near, far))
    word = "more" if difference > 0 else "fewer"
    return f"{text} ({ends} percentage points {word})"


def _censored_pairs(change: Difference) -> str:
    return f"{integer(change.censored)} of {format_count(change.pairs, 'pair')}"


def _difference_with_interval(change: Difference, less: str, more: str, noun: Noun, currency: str) -> str:
    is_rate = change.unit == "shells a day"
    ends_of_range = [end for end in (change.low, change.high) if end is not None]
    period = rate_period(*map(abs, (change.difference, *ends_of_range)))
    factor, per = (period.days, f" a {period.name}") if is_rate else (1.0, "")

    def side(value: float) -> str:
        word = more if value > 0 else less
        if change.unit == "days":
            return f"{days_phrase(value)} {word}"
        if change.unit in _POINTS:
            points = format_amount(value, change.unit, change.difference)
            return f"{points} percentage {'point' if is_one(points) else 'points'} {word}"
        if change.unit == _MONEY:
            return f"{format_amount(value, 'shells')} {currency or _MONEY} {word}"
        number = format_amount(value * factor, "shells")
        return f"{number} {word} {noun.one if is_one(number) else noun.many}{per}"

    if change.low is None or change.high is None:
        return side(change.difference)
    if change.unclear:
        return f"no clear difference ({side(change.low)} to {side(change.high)})"
    near, far = sorted((change.low, change.high), key=abs)
    unit = change.unit if change.unit == "days" or change.unit in _POINTS else "shells"
    ends = [format_amount(end * factor, unit, change.difference * factor) for end in (near, far)]
    text = " ".join(filter(None, (change.limit, side(change.difference))))
    return text if ends[0] == ends[1] else f"{text} ({' to '.join(ends)})"


def format_signed(value: float, unit: str, beside: float = 0.0) -> str:
    """Return a difference with its sign, in short form for the margin of a chart: ``−9.7``, ``+590k``."""
    size, factor = abs(value), 100.0 if unit in _POINTS else 1.0
    if size * factor < _ROUNDING:
        return "0"
    if unit in {"days", *_POINTS} or size < 9_995 or max(size, abs(beside)) >= _MIN_MILLION:
        text = format_amount(value, unit, beside)
    else:
        text = f"{rounded(float(f'{size / 1e3:.3g}'))}k"
    if text == "0" or text.startswith("under "):
        # An end of an interval that is not zero keeps its size and its sign.
        text = plain_number(float(f"{size * factor:.2g}"))
    return f"{'+' if value > 0 else MINUS}{text}"


def mark_label(change: Difference, *, spread: bool) -> str:
    """Return the label of a dot: the difference, its bound or the two shares; the interval if `spread`."""
    if change.never:
        return "in no run" if change.pairs > 1 else "never"
    if change.unit == "share" and change.pairs == 1:
        if not change.share_difference:
            return "reached in both"
        return "reached, unlike in the first" if change.other_share else "never, unlike in the first"
    if change.unit == "share" and change.first_share is not None and change.other_share is not None:
        other, first = distinct_percents(change.other_share, change.first_share)
        return f"{other} in both" if first == other else f"{other}, not {first}"
    if change.nothing:
        return "no change"
    sign = {"lower": "≥ ", "upper": "≤ "}.get(change.bound or "", "")
    text = f"{sign}{format_signed(change.difference, change.unit)}"
    if not spread or change.low is None or change.high is None or change.low == change.high:
        return text
    number = format_signed(change.difference, change.unit)
    ends = [format_signed(end, change.unit, change.difference) for end in (change.low, change.high)]
    return text if set(ends) == {number} else f"{text} ({' to '.join(ends)})"
