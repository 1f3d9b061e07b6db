"""Automatic names: a name for readers from a key of the file."""

from __future__ import annotations

import re

from sim.formatting import capitalised

#: Abbreviations with a vowel; those without one are known by that.
_ABBREVIATIONS = frozenset({"eu", "himars", "icbm", "nato", "rok", "uae", "uk", "un", "us", "usa", "ussr"})
_LONGEST_ABBREVIATION = 4
_MEASURE = re.compile(r"(\d+(?:\.\d+)?)(mm|cm|km|kg|t|m)", re.IGNORECASE)
_SEPARATORS = re.compile("[-_]+")


def automatic_name(key: str, *, is_capital: bool = True) -> str:
    """Return a name from a key: ``Tikhoretsk``, ``East front``, ``DPRK``, ``152 mm``.

    Parameters
    ----------
    key : str
    is_capital : bool
        Whether the first word has a capital, as a name or at the start of a sentence.
    """
    words = [_word(word) for word in _SEPARATORS.split(key) if word]
    if not words:
        return key
    if is_capital:
        words[0] = capitalised(words[0])
    return " ".join(words)


def _word(word: str) -> str:
    measure = _MEASURE.fullmatch(word)
    if measure:
        return f"{measure[1]} {measure[2]}"
    return word.upper() if _is_abbreviation(word) else word


def _is_abbreviation(word: str) -> bool:
    if not word.islower() or not word.isalpha():
        return False
    is_short = 1 < len(word) <= _LONGEST_ABBREVIATION
    return word in _ABBREVIATIONS or (is_short and not set(word) & set("aeiouy"))
