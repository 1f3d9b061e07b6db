"""Independent reader of the answers of runs with an unknown stock, by counting runs with that stock.

The stock of a level is right if as many runs meet the requirement with it, and fewer with a little less.
It imports nothing of the package.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from scipy import stats

from tests.support.claims import Claims
from tests.support.folder_figures import RunFolder, plain
from tests.support.sentence_grammar import COUNT, PERIODS, agrees, iso

#: Relative distance of the neighbours of a stock.
NEAR = 2e-5
_TAIL = 0.05
_NUMBER = r"\d[\d,]*(?:\.\d+)?(?:k|M|bn)?"
_DAYS = r"(?:, (?P<{0}>[\d,]+ days?|less than a day) of supply)?"
_RUNS = r"(?: in (?P<runs>half of the runs|every run|[\d.]+ % of the runs))?"
_MORE = (
    rf"(?:; in (?P<share>[\d.]+) % of them (?:(?P<none>no stock suffices)|(?P<too>too)|"
    rf"(?P<with>with )?(?P<more>{_NUMBER}){_DAYS.format('more_days')}))?"
)
_RATES = (
    rf"(?P<required>{_NUMBER}) (?P<noun2>[a-z ]+?) a (?P<period>day|month|year) (?:is|are) required, "
    rf"(?:(?P<came>{_NUMBER}) comes? in|(?P<nothing>nothing) comes in)"
)
_ANSWERS = {
    "stock": rf"To meet the requirement until (?P<until>[\w ]+?){_RUNS}, the (?P<name>.+?) would have to be "
    rf"(?P<value>{_NUMBER}) (?P<noun>[a-z ]+?){_DAYS.format('days')}{_MORE}\. {_RATES}\.",
    "enough over the period": rf"Over the whole period enough comes in without any (?P<name>.+?); "
    rf"to meet the requirement on every day until (?P<until>[\w ]+?){_RUNS}, it would have to be "
    rf"(?P<value>{_NUMBER}) (?P<noun>[a-z ]+?){_DAYS.format('days')}{_MORE}\. {_RATES}\.",
    "no stock": rf"The requirement is met until (?P<until>[\w ]+?){_RUNS} without any (?P<name>.+?)"
    rf"{_MORE}\. {_RATES}\.",
    "nothing required": r"Nothing is required of these stocks\.",
}
_LEVEL = (
    rf"(?P<value>{_NUMBER}|none(?: needed)?|no stock suffices)"
    rf"(?: \(90 % interval (?P<low>{_NUMBER}|unknown) to (?P<high>{_NUMBER}|unknown)\))?"
    r" for (?P<share>half of the runs|[\d.]+ % of them)"
)
_LINE = (
    rf"(?:solved for: )?(?P<levels>.+ for .+?); the lines below, tables and charts have (?P<used>{_NUMBER})|"
    rf"solved: (?P<one>{_NUMBER}), as in the lines below, tables and charts"
)
#: Between two levels.
_NEXT = r"(?<=of the runs), "


class UnknownStockReading(Claims):
    """The reader's results for one result."""

    folder: RunFolder
    values: Mapping[str, Any]
    #: Makes the folder of the same runs with a known stock.
    run_with: Callable[[float], RunFolder]
    is_certain: bool

    def number(self, what: str, text: str, value: float, digits: int = COUNT) -> None:
        """Check a number as written, by default a count of things."""
        self.claim(f"{what} is {value:.10g}, not {text}", holds=agrees(text, value, digits))

    def meeting(self, stock: float) -> int:
        """Return the number of runs that meet the requirement to the end with a stock."""
        return int(self.run_with(stock).outcomes["rationed_from"].isna().sum())

    def is_rejected(self, count: int, share: float) -> bool:
        """Whether a number of runs is unlike a share of them, by the binomial distribution."""
        runs = self.folder.runs
        under = float(stats.binom.cdf(count, runs, share))
        return under < _TAIL or float(stats.binom.sf(count - 1, runs, share)) <= _TAIL


def read_unknown_stock(
    folder: RunFolder, run_with: Callable[[float], RunFolder], name: str, *, is_certain: bool
) -> UnknownStockReading:
    """Return the errors of the answer of a result whose stock was solved for.

    Parameters
    ----------
    folder : RunFolder
    run_with : callable
        Makes the folder of the same runs with a known stock.
    name : str
        Name of the stock in a sentence.
    is_certain : bool
        Whether all runs are alike.
    """
    reading = UnknownStockReading()
    reading.folder, reading.run_with, reading.is_certain = folder, run_with, is_certain
    answer, line, *_ = folder.summary["findings"]
    reading.values = answer["values"]
    _read_answer(reading, answer["sentence"], name)
    _read_line(reading, line["sentence"])
    return reading


def _read_answer(reading: UnknownStockReading, text: str, name: str) -> None:
    matches = ((form, re.fullmatch(pattern, text)) for form, pattern in _ANSWERS.items())
    form, match = next((each for each in matches if each[1]), ("unread", None))
    reading.begin(form, text)
    whole = reading.folder.whole
    if match is None:
        reading.unread()
        return
    if form == "nothing required":
        reading.claim(f"{whole.required} are required", holds=whole.required == 0.0)
        return
    found = match.groupdict()
    reading.claim(f"the end is {reading.folder.end}", holds=iso(found["until"]) == str(reading.folder.end))
    reading.claim(f"the stock is {name}", holds=plain(found["name"]) == plain(name))
    _share_of_runs(reading, found["runs"])
    value = reading.values["stock_0.5"]
    if form != "no stock":
        is_enough = whole.coming_in >= whole.required and len(reading.folder.stocks) == 1
        reading.claim("as much comes in as is required", holds=(form == "stock") or is_enough)
        reading.count("the stock", found["value"], value)
        _days(reading, found["days"], value)
        _noun(reading, found["noun"], found["value"])
    else:
        reading.claim(f"the stock is {value}", holds=value == 0.0)
    _level(reading, value, 0.5)
    reading.claim("a second share", holds=(found["share"] is None) == reading.is_certain)
    if found["share"]:
        reading.claim("the share is 0.95", holds=float(found["share"]) == 95.0)
        more = reading.values["stock_0.95"]
        reading.claim(f"the stock is {more}", holds=(more is None) == bool(found["none"]))
        reading.claim(f"the stock is {more}", holds=(more == 0.0) == bool(found["too"]))
        if found["more"]:
            reading.count("the stock of 95 %", found["more"], more)
            _days(reading, found["more_days"], more)
        _level(reading, more, 0.95)
    _rates(reading, found)


def _share_of_runs(reading: UnknownStockReading, text: str | None) -> None:
    reading.claim(f"all runs are alike: {reading.is_certain}", holds=(text is None) == reading.is_certain)
    if text:
        reading.claim("the share is half", holds=text == "half of the runs")


def _noun(reading: UnknownStockReading, text: str, number: str) -> None:
    one, many = reading.folder.whole.nouns
    noun = one if number == "1" else many
    reading.claim(f"the noun is {noun}", holds=text == noun)


def _days(reading: UnknownStockReading, text: str | None, value: float) -> None:
    """Check the days of supply: the median over runs of the stock, in days of a steady requirement."""
    if len(reading.folder.stocks) > 1:
        return
    middle = value * _days_of_one(reading)
    daily = reading.folder.stocks[0].daily_required
    is_steady = max(abs(each - daily[0]) for each in daily) <= 0.1 * daily[0]
    expected = is_steady and reading.values["stock_0.5"] != 0.0
    reading.claim(f"days of supply: {expected}", holds=(text is not None) == expected)
    if text == "less than a day":
        reading.claim(f"the days of supply are {middle:.6g}", holds=middle < 1.0)
    elif text:
        shown = int(text.split(" ")[0].replace(",", ""))
        reading.claim(
            f"the days of supply are {middle:.6g}", holds=abs(shown - middle) <= 0.5 + 1e-4 * middle
        )


def _days_of_one(reading: UnknownStockReading) -> float:
    """Return the days of supply of one shell: of the requirement of the first day, median over runs."""
    (stock,) = reading.folder.stocks
    drawn = "consumption.front.rate"
    if drawn in reading.folder.outcomes:
        rates = sorted(reading.folder.outcomes[drawn], reverse=True)
        return 1.0 / float(rates[math.ceil(len(rates) / 2) - 1])
    if stock.is_certain or not reading.values["stock_0.5"]:
        return 1.0 / stock.daily_required[0]
    return float(stock.found["opening_days"]["p50"] / reading.values["stock_0.5"])


def _level(reading: UnknownStockReading, value: float | None, share: float) -> None:
    """Count the runs that meet the requirement with a stock and with a little less."""
    runs = reading.folder.runs
    if value is None:
        most = reading.meeting(1e4 * (reading.folder.whole.required + 1.0))
        reading.claim(f"with any stock {most} of {runs} meet it", holds=most < share * runs)
        return
    least = math.ceil(share * runs - 1e-9)
    with_it = reading.meeting(value * (1 + NEAR))
    reading.claim(f"with {value} {with_it} of {runs} meet it", holds=with_it >= least)
    if value > 0.0:
        with_less = reading.meeting(value * (1 - NEAR))
        reading.claim(f"with less than {value} {with_less} of {runs} meet it", holds=with_less < least)


def _rates(reading: UnknownStockReading, found: Mapping[str, str]) -> None:
    whole, factor = reading.folder.whole, PERIODS[found["period"]] / reading.folder.days
    reading.number("the requirement", found["required"], whole.required * factor, 3)
    _noun(reading, found["noun2"], found["required"])
    if found["nothing"]:
        reading.claim(f"{whole.coming_in} come in", holds=whole.coming_in == 0.0)
    else:
        reading.number("what comes in", found["came"], whole.coming_in * factor)


def _read_line(reading: UnknownStockReading, text: str) -> None:
    reading.begin("line", text)
    match = re.fullmatch(_LINE, text)
    if match is None:
        reading.unread()
        return
    used = reading.values["stock_0.5"]
    reading.count("the stock of the runs", match["used"] or match["one"], used)
    # Depots beside that of the stock have more.
    opening = reading.folder.whole.opening
    is_open = opening.p50 >= used * (1 - 1e-9) and opening.p95 - opening.p05 <= 1e-9 * opening.p95
    reading.claim(f"the runs open with {opening}", holds=is_open)
    if match["one"]:
        reading.claim("not all runs are alike", holds=reading.is_certain)
        return
    levels = [re.fullmatch(_LEVEL, each) for each in re.split(_NEXT, match["levels"])]
    expected = ["half of the runs"] if reading.is_certain else ["half of the runs", "95 % of them"]
    shown = [level["share"] if level else "" for level in levels]
    reading.claim(f"the levels are {expected}", holds=shown == expected)
    for level, share in zip(levels, (0.5, 0.95), strict=False):
        if level:
            _solution(reading, level.groupdict(), share)


def _solution(reading: UnknownStockReading, found: Mapping[str, str | None], share: float) -> None:
    key = f"stock_{share:g}"
    value, low, high = (reading.values[f"{key}{end}"] for end in ("", "_low", "_high"))
    words = {"none": None, "no stock suffices": None, "none needed": 0.0}
    if found["value"] in words:
        reading.claim(f"the stock is {value}", holds=value == words[found["value"] or ""])
        return
    reading.count("the stock", found["value"] or "", value)
    if found["low"] is None:
        return
    for text, end in ((found["low"], low), (found["high"], high)):
        reading.claim(f"the end is {end}", holds=(text == "unknown") == (end is None))
        if end is not None and text:
            reading.count("the end of the interval", text, end)
    reading.claim(f"the ends are {low} and {high}", holds=(low or 0.0) <= value <= (high or math.inf))
    for end, factor in ((low, 1 - NEAR), (high, 1 + NEAR)):
        if end:
            inside = reading.meeting(end * (2 - factor))
            outside = reading.meeting(end * factor)
            reading.claim(f"beyond {end} {outside} meet it", holds=reading.is_rejected(outside, share))
            reading.claim(f"within {end} {inside} meet it", holds=not reading.is_rejected(inside, share))
