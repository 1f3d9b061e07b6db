"""Language of dates and numbers: English, or another for the time of one drawing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Language(Protocol):
    """Dates, and the signs of numbers, in one language."""

    def long_date(self, day: dt.date) -> str:
        """Return a date with the full name of the month."""
        ...

    def short_date(self, day: dt.date) -> str:
        """Return a date with the short name of the month."""
        ...

    def month_name(self, day: dt.date) -> str:
        """Return a month with its year."""
        ...

    def month_tick(self, day: dt.date) -> str:
        """Return the short name of a month, without its year."""
        ...

    def day_tick(self, day: dt.date) -> str:
        """Return a day with the short name of its month, without the year."""
        ...

    def number(self, text: str) -> str:
        """Return an English number with the signs of the language: ``1,000.5``."""
        ...


class English:
    """Dates in the order day, month, year; numbers with a point and commas."""

    def long_date(self, day: dt.date) -> str:
        """Return ``14 November 2023``."""
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def short_date(self, day: dt.date) -> str:
        """Return ``14 Nov 2023``."""
        return f"{self.day_tick(day)} {day.year}"

    def month_name(self, day: dt.date) -> str:
        """Return ``November 2023``."""
        return f"{MONTHS[day.month - 1]} {day.year}"

    def month_tick(self, day: dt.date) -> str:
        """Return ``Nov``."""
        return MONTHS[day.month - 1][:3]

    def day_tick(self, day: dt.date) -> str:
        """Return ``14 Nov``."""
        return f"{day.day} {self.month_tick(day)}"

    def number(self, text: str) -> str:
        """Return the text."""
        return text


ENGLISH = English()
_current: ContextVar[Language] = ContextVar("language", default=ENGLISH)


def current_language() -> Language:
    """Return the language of dates and numbers: English outside `use_language`."""
    return _current.get()


@contextmanager
def use_language(language: Language) -> Iterator[None]:
    """Context manager: write dates and numbers in a language, in this thread or task alone."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)


def localised(number: str) -> str:
    """Return a number, written as ``1,000.5``, with the signs of the current language."""
    return _current.get().number(number)
