"""Ticks of an axis: round numbers and calendar dates."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from itertools import pairwise

from sim.charts.text_layout import TextWidth
from sim.language import current_language

_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_DAY_STEPS = (1, 2, 7, 14, 28)
_MAX_DAYS_BY_DAY = 70
_ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0, 20.0)


def ticks_from_zero(top: float, most: int) -> list[float]:
    """Return at most `most` multiples of a round step from zero to `top`."""
    return ticks_between(0.0, top, most) if top > 0 else [0.0, 1.0]


def ticks_between(low: float, high: float, most: int) -> list[float]:
    """Return at most `most` multiples of a round step from `low` to `high`, `low` < `high`."""
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    for factor in _ROUND_STEPS:
        step = factor * power
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            break
    return [step * n for n in range(first, last + 1)]


def date_ticks(
    start: dt.date, end: dt.date, width: float, text_width: TextWidth
) -> list[tuple[dt.date, str]]:
    """Return the ticks of a time axis and their labels, as many as fit without overlap.

    Parameters
    ----------
    start, end : datetime.date
        Range of the axis.
    width : float
        Length of the axis in points.
    text_width : callable
        Returns the width of a label in points.

    Returns
    -------
    list of (datetime.date, str)
        The first tick of the axis and of each year has the year on a second line.
    """
    per_day = width / (end - start).days
    short = (end - start).days <= _MAX_DAYS_BY_DAY
    least: list[tuple[dt.date, str]] = []
    for step in _DAY_STEPS if short else _MONTH_STEPS:
        dates = _daily_dates(start, end, step) if short else _monthly_dates(start, end, step)
        marks = _label_dates(list(dates), "day" if short else "year" if step >= 12 else "month")
        least = least or marks[:1]
        clear = all(
            _min_distance(a, b, text_width) <= (b[0] - a[0]).days * per_day for a, b in pairwise(marks)
        )
        if marks and clear:
            return marks
    return least


def _min_distance(one: tuple[dt.date, str], other: tuple[dt.date, str], text_width: TextWidth) -> float:
    """Return the least distance between the centres of two labels."""
    widths = (max(map(text_width, text.split("\n"))) for _, text in (one, other))
    return sum(widths) / 2 + 1.2 * text_width("0")


def _daily_dates(start: dt.date, end: dt.date, step: int) -> Iterator[dt.date]:
    for days in range(0, (end - start).days + 1, step):
        yield start + dt.timedelta(days=days)


def _monthly_dates(start: dt.date, end: dt.date, step: int) -> Iterator[dt.date]:
    for month in range(start.year * 12, end.year * 12 + 12):
        day = dt.date(month // 12, month % 12 + 1, 1)
        if month % step == 0 and start <= day <= end:
            yield day


def _label_dates(days: list[dt.date], unit: str) -> list[tuple[dt.date, str]]:
    marks: list[tuple[dt.date, str]] = []
    year = None
    for day in days:
        language = current_language()
        label = {"year": _year, "month": language.month_tick, "day": language.day_tick}[unit]
        text = label(day)
        marks.append((day, text if unit == "year" or day.year == year else f"{text}\n{day.year}"))
        year = day.year
    return marks


def _year(day: dt.date) -> str:
    return str(day.year)
