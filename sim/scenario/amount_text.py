"""Amounts as people write them: ``10000 per day`` for ``10000/day``, ``3 million/year`` for ``3M/year``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sim.scenario.dimension import Dimension
from sim.scenario.range_text import suggest_distribution
from sim.units import MAX_SHOWN_LENGTH, UnitError, suggest_date


class _Rewrite(NamedTuple):
    """A spelling and the form of the grammar."""

    pattern: re.Pattern[str]
    form: str | Callable[[re.Match[str]], str]


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _forms(**words: str) -> dict[str, str]:
    """Return the form of the grammar of each word, from the words of each form."""
    return {word: form for form, said in words.items() for word in said.split()}


_COUNTS = _forms(**{"0.5": "half", "1": "one a", "2": "two", "3": "three", "4": "four", "5": "five"})
_COUNTS |= _forms(**{"6": "six", "7": "seven", "8": "eight", "9": "nine", "10": "ten", "12": "twelve"})
_COUNTS["half a"] = "0.5"
_MULTIPLES = _forms(
    k="thousand thousands thsd tsd k", M="million millions mln mn mio mil mm", bn="billion billions bln b"
)
_PERIODS = _forms(
    day="d dy day days diem",
    week="w wk week weeks",
    month="mo mth mon month months",
    year="y yr a year years annum",
    h="hr hour hours",
)
_ADVERBS = _forms(day="daily", week="weekly", month="monthly", year="yearly annually")
_DURATIONS = _forms(
    days="d dy",
    weeks="w wk wks",
    months="mo mth mths",
    years="y yr yrs",
    h="hr hrs",
    min="minute minutes",
    s="sec second seconds",
)
_UNITS = {
    **_forms(
        t="tonnes tonne tons ton",
        kt="kilotonnes kilotons",
        kg="kilograms kilos kgs",
        shells="rds rnds projectiles",
        containers="teu teus",
    ),
    **dict.fromkeys(("percent", "per cent", "pct"), "%"),
    **dict.fromkeys(("metric tons", "metric tonnes"), "t"),
}
#: Nouns after a count that can be left out.
_NOUNS = "pcs|pieces|units|items|missiles|rockets|drones|blankets|mines|munitions"
_APPROXIMATE = r"~|≈|about|around|approximately|approx\.?|circa|ca?\.|roughly"
_AFTER_DIGIT = r"(?<=[0-9.])"
_END = r"(?![A-Za-z])"


def _spelled(words: dict[str, str], before: str = "", after: str = _END) -> _Rewrite:
    """Return the rewrite of each word, in any case."""
    pattern = re.compile(rf"{before}({_any_of(words)}){after}", re.IGNORECASE)
    return _Rewrite(pattern, lambda found: words[found[1].lower()])


_REWRITES = (
    _Rewrite(re.compile(r"[\u00a0\u2007\u2009\u202f]"), " "),
    _Rewrite(re.compile(rf"^(?:{_APPROXIMATE}) *(?=[0-9.])", re.IGNORECASE), ""),
    _Rewrite(re.compile(r"^(?:between|from) +(.+?) +(?:and|to) +", re.IGNORECASE), r"\1 to "),
    _spelled(_COUNTS, before=r"(?:^|(?<=to ))", after=r"(?= +[a-z])"),
    _Rewrite(re.compile(r"^\+(?=[0-9.])"), ""),
    _Rewrite(re.compile(r"(?<![0-9])\.(?=[0-9])"), "0."),
    _Rewrite(re.compile(r"(?<=[0-9])[,_'’ ](?=[0-9]{3}(?![0-9]))"), ""),
    _Rewrite(re.compile(r"(?<=[0-9]) *[x×*] *10(?:\^|\*\*)(?=[0-9])"), "e"),
    _Rewrite(re.compile(r"^10(?:\^|\*\*)(?=[0-9])"), "1e"),
    _Rewrite(re.compile(r" *\b(?:p\. ?a\.?|pa)(?= *$)", re.IGNORECASE), "/year"),
    _Rewrite(
        re.compile(rf" *(?:/|\b(?:per|an?|each|every)\b) *({_any_of(_PERIODS)})(?= *$)", re.IGNORECASE),
        lambda found: f"/{_PERIODS[found[1].lower()]}",
    ),
    _Rewrite(
        re.compile(rf" *(?:/ *)?\b({_any_of(_ADVERBS)})(?= *$)", re.IGNORECASE),
        lambda found: f"/{_ADVERBS[found[1].lower()]}",
    ),
    _Rewrite(re.compile(r"(/[a-z]+) +([A-Za-z]+)(?= *$)"), r" \2\1"),
    _Rewrite(
        re.compile(rf"{_AFTER_DIGIT} *({_any_of(_MULTIPLES)})(?: +of\b)?{_END}", re.IGNORECASE),
        lambda found: _MULTIPLES[found[1].lower()],
    ),
    _spelled(_UNITS, before=r"(?<=[0-9kMn ])"),
    _Rewrite(re.compile(rf"(?<=[0-9kMn]) *\b(?:{_NOUNS}){_END}", re.IGNORECASE), ""),
    _Rewrite(
        re.compile(rf"{_AFTER_DIGIT} *({_any_of(_DURATIONS)})(?= *$)", re.IGNORECASE),
        lambda found: f" {_DURATIONS[found[1].lower()]}",
    ),
)
_SPREAD = re.compile(
    r"(?P<middle>[^±+]*[^±+ ]) *(?:±|\+ ?/? ?-) *(?P<half>[0-9.]+ *(?:%|[A-Za-z]*))(?P<period> */.*)?"
)


def suggest_amount(text: str, dimension: Dimension) -> str:
    """Convert an amount of this dimension to the grammar of the file; empty if nothing near is valid.

    Parameters
    ----------
    text : str
        Text of the user that the grammar rejects.
    dimension : Dimension
        A suggestion is a number, a date or a distribution of it.
    """
    if len(text) > MAX_SHOWN_LENGTH:
        return ""
    if dimension.has_dates and (date := suggest_date(text)):
        return date
    form = rewrite(text)
    found = suggest_distribution(text, dimension) or suggest_distribution(form, dimension)
    # The text itself is no suggestion, even if the dimension has it: a coefficient of variation in shells.
    is_other = form != text.strip()
    return found or _suggest_spread(form, dimension) or (form if is_other and _reads(form, dimension) else "")


def rewrite(text: str) -> str:
    """Return a text with the spellings of people replaced by those of the grammar, valid or not."""
    for pattern, form in _REWRITES:
        text = pattern.sub(form, text.strip())
    return text


def _suggest_spread(text: str, dimension: Dimension) -> str:
    """Return the range of ``1M ± 200k``, and the deviation of ``1M ± 20%``, read as one of them."""
    found = _SPREAD.fullmatch(text)
    if found is None or not _reads(found["middle"], dimension):
        return ""
    if found["half"].endswith("%"):
        return f"{{mean: {found['middle']}, cv: {found['half']}}}"
    return f"{{mean: {found['middle']}, sd: {found['half']}}}" if _reads(found["half"], dimension) else ""


def _reads(text: str, dimension: Dimension) -> bool:
    try:
        dimension.read(text)
    except UnitError:
        return False
    return True
