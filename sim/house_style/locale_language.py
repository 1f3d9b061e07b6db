"""Dates and numbers of a language, from the CLDR tables of Babel."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.localedata import locale_identifiers
from babel.numbers import get_decimal_symbol, get_group_symbol

from sim.errors import nearest
from sim.language import ENGLISH, Language

_NO_BREAK = "\u00a0"
#: Spaces that a line break may not replace: all are written as the no-break space.
_SPACES = dict.fromkeys(map(ord, " \u2009\u202f"), _NO_BREAK)


class UnknownLanguageError(ValueError):
    """No language has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no language {name!r}")
        codes = {title.lower(): code for code, title in Locale("en").languages.items()}
        self.nearest = codes.get(name.lower()) or nearest(name, locale_identifiers())


@dataclass(frozen=True, slots=True)
class LocaleLanguage(Language):
    """Dates and numbers of a locale; spaces in them do not break."""

    locale: Locale

    def long_date(self, day: dt.date) -> str:
        """Return ``14. November 2023``."""
        return format_date(day, "long", self.locale).translate(_SPACES)

    def short_date(self, day: dt.date) -> str:
        """Return ``14. Nov. 2023``."""
        return self._skeleton("yMMMd", day)

    def month_name(self, day: dt.date) -> str:
        """Return ``November 2023``."""
        return self._skeleton("yMMMM", day)

    def month_tick(self, day: dt.date) -> str:
        """Return ``Nov``."""
        return self._skeleton("MMM", day)

    def day_tick(self, day: dt.date) -> str:
        """Return ``14. Nov.``."""
        return self._skeleton("MMMd", day)

    def number(self, text: str) -> str:
        """Return an English number with the signs of the locale: ``1.000,5``."""
        group = get_group_symbol(self.locale).translate(_SPACES)
        signs = {ord(","): group, ord("."): get_decimal_symbol(self.locale)}
        return text.translate(signs)

    def _skeleton(self, skeleton: str, day: dt.date) -> str:
        # Dates without a time have no time zone to convert to.
        moment = dt.datetime.combine(day, dt.time())
        return format_skeleton(skeleton, moment, locale=self.locale).translate(_SPACES)


def find_language(name: str) -> Language:
    """Return a language by its CLDR name, such as ``de`` or ``fr_CH``.

    Raises
    ------
    UnknownLanguageError
    """
    if name.lower() == "en":
        return ENGLISH
    try:
        return LocaleLanguage(Locale.parse(name.replace("-", "_")))
    except (UnknownLocaleError, ValueError, TypeError):
        raise UnknownLanguageError(name) from None
