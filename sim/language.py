"""Language of dates and numbers: English, or another for the time of one drawing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

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


class Language:
    """Dates and the signs of numbers in English; a subclass has those of another language."""

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


ENGLISH = Language()
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
