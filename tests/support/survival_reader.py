"""Independent reader of the headline of several runs on one survival chart, from the folder of each.

It imports nothing of the package.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import pandas as pd

from tests.support.claims import Claims
from tests.support.folder_figures import RunFolder
from tests.support.gallery_reader import (
    HAPPENS,
    LASTS,
    UNBROKEN,
    event_words,
    only_stock,
    read_gallery,
    stock_words,
)
from tests.support.sentence_grammar import iso, share_agrees

_DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_SHARE = r"(?:under 1|over 99|\d+) %"
_NAME = "\u201c{}\u201d"
_LEAD = rf"(?P<many>In more than half of the runs )?{HAPPENS}"
_FORMS = {
    "no consumer": r"No one draws on these stocks",
    "all last": rf"In every scenario {LASTS} to the end(?P<every> in every run)?",
    "shares": rf"The chance that {UNBROKEN} at the end is (?P<least>{_SHARE}) with (?P<first>.+) and "
    rf"(?P<most>{_SHARE}) with (?P<last>.+)",
    "all together": rf"{_LEAD} (?:on|by) (?P<date>{_DATE}) in every scenario",
    "one lasts": rf"{_LEAD}(?P<order> first)? "
    rf"(?:on|by) (?P<date>{_DATE}) with (?P<first>.+); "
    rf"(?:in (?P<most>{_SHARE}) of runs )?(?P<kept>it lasts|every stock lasts) to the end with (?P<last>.+)",
    "in turn": rf"{_LEAD}(?P<order> first)? "
    rf"(?:on|by) (?P<date>{_DATE}) with (?P<first>.+), "
    rf"(?:last )?(?:on|by) (?P<later>{_DATE}) with (?P<last>.+)",
}


class SurvivalReading(Claims):
    """What the reader finds in one headline."""

    runs: Mapping[str, RunFolder]

    def below_half(self, name: str) -> dt.date | None:
        """First day on which fewer than half of the runs have not run out."""
        run = self.runs[name]
        dates = sorted(day for day in run.outcomes["exhausted"] if not isinstance(day, float))
        gone = (day for place, day in enumerate(dates, 1) if 2 * (run.runs - place) < run.runs)
        return next((dt.date.fromisoformat(str(day)) for day in gone), None)

    def left(self, name: str) -> float:
        """Share of runs that have not run out at the end."""
        run = self.runs[name]
        return sum(isinstance(day, float) for day in run.outcomes["exhausted"]) / run.runs

    def named(self, text: str) -> str:
        """Return the scenario of a name in quotation marks."""
        found = [name for name in self.runs if text == _NAME.format(name)]
        self.claim(f"the scenarios are {list(self.runs)}", holds=len(found) == 1)
        return found[0] if found else next(iter(self.runs))


def read_survival(runs: Mapping[str, RunFolder], sentence: str) -> SurvivalReading:
    """Return what is wrong with a headline about runs by name."""
    reading = SurvivalReading()
    reading.runs = {name: run for name, run in runs.items() if run.stocks}
    if len(reading.runs) == 1:
        (name,) = reading.runs
        text = sentence.removeprefix(f"{_NAME.format(name)}: ")
        reading.claim(f"the scenario is {name}", holds=text != sentence)
        alone = {"survival": f"{text[:1].upper()}{text[1:]}"}
        reading.add(read_gallery(reading.runs[name], pd.DataFrame(), alone))
        return reading
    matches = ((form, re.fullmatch(pattern, sentence)) for form, pattern in _FORMS.items())
    form, match = next((each for each in matches if each[1]), ("unread", None))
    reading.begin(f"survival: {form}", sentence)
    if match is None:
        reading.unread()
        return reading
    if form == "no consumer":
        reading.claim(f"{list(reading.runs)} have consumers", holds=not reading.runs)
        return reading
    reading.claim("a scenario has consumers", holds=bool(reading.runs))
    if reading.runs:
        _check(reading, form, match.groupdict())
    return reading


def _check(reading: SurvivalReading, form: str, found: Mapping[str, str | None]) -> None:
    halves = {name: reading.below_half(name) for name in reading.runs}
    left = {name: reading.left(name) for name in reading.runs}
    is_single = all(run.runs == 1 for run in reading.runs.values())
    is_only_low = any(stock.is_only_low for run in reading.runs.values() for stock in run.stocks)
    event_words(reading, found, is_only_low=is_only_low)
    only = {only_stock(run) for run in reading.runs.values()}
    stock = only.pop() if len(only) == 1 else None if None in only else ""
    stock_words(reading, found, stock)
    if form == "all last":
        reading.claim(f"the shares are {left}", holds=set(left.values()) == {1.0})
        reading.claim("one run each", holds=(found["every"] is None) == is_single)
        return
    if form == "shares":
        reading.claim(f"the days are {halves}", holds=not any(halves.values()))
        first, last = reading.named(str(found["first"])), reading.named(str(found["last"]))
        reading.claim(f"the shares are {left}", holds=left[first] == min(left.values()))
        reading.claim(f"the shares are {left}", holds=left[last] == max(left.values()) and first != last)
        reading.claim(f"the share is {left[first]}", holds=share_agrees(str(found["least"]), left[first]))
        reading.claim(f"the share is {left[last]}", holds=share_agrees(str(found["most"]), left[last]))
        return
    reading.claim("one run each", holds=(found["many"] is None) == is_single)
    _dates(reading, form, found, halves)
    if form == "one lasts":
        last = reading.named(str(found["last"]))
        reading.claim(f"the day is {halves[last]}", holds=halves[last] is None)
        reading.claim(f"the shares are {left}", holds=left[last] == max(left.values()))
        reading.claim("a share is given", holds=(found["most"] is None) == is_single)
        reading.claim("one stock", holds=(found["kept"] == "it lasts") == (stock is not None))
        if found["most"]:
            reading.claim(f"the share is {left[last]}", holds=share_agrees(found["most"], left[last]))


def _dates(
    reading: SurvivalReading,
    form: str,
    found: Mapping[str, str | None],
    halves: Mapping[str, dt.date | None],
) -> None:
    days = [day for day in halves.values() if day is not None]
    early = iso(str(found["date"]))
    reading.claim(f"the days are {days}", holds=bool(days) and early == min(days).isoformat())
    if form == "all together":
        is_same = len(days) == len(halves) and len(set(days)) == 1
        reading.claim(f"the days are {halves}", holds=is_same)
        return
    first = reading.named(str(found["first"]))
    reading.claim(f"the day is {halves[first]}", holds=str(halves[first]) == early)
    reading.claim(f"{len(halves)} scenarios", holds=(found["order"] is not None) == (len(halves) > 2))
    if form == "in turn":
        last = reading.named(str(found["last"]))
        later = iso(str(found["later"]))
        reading.claim(f"the days are {halves}", holds=len(days) == len(halves) and later > early)
        reading.claim(f"the last day is {max(days)}", holds=later == max(days).isoformat())
        reading.claim(f"the day is {halves[last]}", holds=str(halves[last]) == later)
