"""Independent reader of the headlines of the gallery of charts of a run, from the tables of its folder.

Survival, cumulative, days of supply, mix, service, money, account, timeline, pipeline and map. It imports
nothing of the package.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import pandas as pd

from tests.support.claims import Claims, is_rounded
from tests.support.folder_figures import OUTSIDE, RunFolder, StockFolder, plain
from tests.support.sentence_grammar import COUNT, agrees, iso, iso_month, share_agrees, value_of

_NUMBER = r"−?\d[\d,]*(?:\.\d+)?(?:k|M|bn)?"
_DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_SHARE = r"(?:[Uu]nder 1|[Oo]ver 99|\d+) %"
_MONTH = r"[A-Z][a-z]+ \d{4}"
_DAYS = rf"(?:{_NUMBER}) days?"
_COSTS = r"(?:orders|holding|shortage)"
#: Days of the mean requirement in days of supply.
_WINDOW = 30
_NOTHING = 1e-9
_STAGES = {"sea": "at sea", "rail": "on rail", "road": "on the road", "air": "in the air"}
#: What happens to an exhausted stock; the second words are the weaker ones.
EVENT = r"(?P<event>runs out|falls below one day of supply)"
#: The stock on a date, without a date, and before it.
HAPPENS = rf"(?P<happens>[Tt]he (?:stock(?: (?:at|of) .+?)?|first stock)) {EVENT}"
LASTS = r"(?P<lasts>[Tt]he stock(?: (?:at|of) .+?)?|[Ee]very stock) lasts"
UNBROKEN = (
    r"(?P<unbroken>the stock(?: (?:at|of) .+?)? has not|no stock has) "
    r"(?P<ended>run out|fallen below one day of supply)"
)
_QUAY = "at a quay between legs"
GRAMMAR: Mapping[str, Mapping[str, str]] = {
    "survival": {
        "no consumer": r"No one draws on these stocks",
        "lasts": rf"{LASTS} beyond (?P<last>{_DATE})(?P<every> in every run)?",
        "on a day": rf"{HAPPENS} on (?P<date>{_DATE})(?P<every> in every run)?",
        "falls to": rf"The chance that {UNBROKEN} falls to (?P<share>{_SHARE}) by (?P<last>{_DATE})",
        "below half": rf"The chance that {UNBROKEN} falls below one half on (?P<half>{_DATE}) "
        rf"and is (?P<share>{_SHARE}) on (?P<last>{_DATE})",
        "all run out": rf"The chance that {UNBROKEN} falls below one half on (?P<half>{_DATE}); "
        rf"by (?P<late>{_DATE}) (?P<which>it|one) has (?P=ended) in every run",
    },
    "cumulative": {
        "nothing required": rf"No (?P<noun>[a-z ]+) are required; by (?P<last>{_DATE}) "
        rf"(?P<supplied>{_NUMBER}) (?:was|were) there or came in",
        "all": rf"(?:All|The) (?P<required>{_NUMBER}) (?P<noun>[a-z ]+?) required by (?P<last>{_DATE}) "
        rf"(?:is|are) (?P<past>[a-z ]+); (?P<supplied>{_NUMBER}) (?:was|were) at hand",
        "some": rf"By (?P<last>{_DATE}) (?P<required>{_NUMBER}) (?P<noun>[a-z ]+?) (?:is|are) required and "
        rf"(?P<rest>all but )?(?P<used>{_NUMBER}) (?P<past>[a-z ]+); "
        rf"(?P<supplied>{_NUMBER}) (?:was|were) there or came in",
    },
    "days-of-supply": {
        "crossings": rf"(?:(?P<name>.+): the|The) (?P<median>median )?stock "
        rf"(?:starts below (?P<begins>{_DAYS}) of supply)?(?: and )?"
        rf"(?:falls below (?P<first>{_DAYS})(?: of supply)? on (?P<first_date>{_DATE}))?"
        rf"(?: and falls below (?P<next>{_DAYS}) on (?P<next_date>{_DATE}))?",
        "never": rf"(?:(?P<name>.+): the|The) (?P<median>median )?stock is never below (?P<least>{_DAYS}) "
        rf"of supply, on (?P<date>{_DATE})",
    },
    "mix": {
        "mix": rf"(?P<share>{_SHARE}) of what is (?P<past>[a-z ]+) in (?P<month>{_MONTH}) "
        r"comes from (?P<origin>.+?)"
        rf"(?:, and (?P<same>{_SHARE}) in (?P<last>{_MONTH})|; "
        rf"in (?P<last2>{_MONTH}) (?P<other>{_SHARE}) from (?P<origin2>.+))?",
    },
    "service": {
        "all": r"The requirement of every consumer is met in every month",
        "least": rf"(?:In every month|(?:In|(?P<range>From)) (?P<month>{_MONTH})"
        rf"(?: to (?P<to>{_MONTH})| on)?(?: and in (?P<others>[\d,]+) other months?)?) "
        rf"(?P<share>{_SHARE}) of the requirement of (?P<name>.+?) is met"
        r"(?P<least>, the least of all months)?"
        rf"(?:; of that of (?P<rival>.+?) (?P<low>{_SHARE})(?: to (?P<high>{_SHARE}))?)?",
    },
    "money": {
        "nothing": r"Nothing is spent, and holding and shortage cost nothing",
        "cost": rf"By (?P<last>{_DATE}) the cost is (?P<total>{_NUMBER}) (?P<currency>[A-Z]{{3}})"
        rf"(?:, all of it for (?P<only>{_COSTS})|: (?P<parts>{_SHARE} for {_COSTS}"
        rf"(?:, {_SHARE} for {_COSTS})? and {_SHARE} for {_COSTS}))"
        rf"(?:; (?P<budget>{_SHARE}) of the budget is spent)?",
    },
    "account": {
        "account": rf"The stock (?:stays at (?P<level>{_NUMBER})|(?P<verb>grows|falls) from "
        rf"(?P<opening>{_NUMBER}) to (?P<closing>{_NUMBER})): "
        rf"(?P<came>{_NUMBER}) come in and (?P<went>{_NUMBER}) go out",
    },
    "timeline": {
        "nothing": rf"In run (?P<run>\d+) no cargo reaches a depot by (?P<last>{_DATE})",
        "arrivals": rf"In run (?P<run>\d+) the first cargo reaches a depot on (?P<first>{_DATE})(?:"
        rf"(?P<only>; it is the only one)|, then at least one (?:every (?P<wait>\d+) days|(?P<daily>a day)) "
        rf"to (?P<to>{_DATE}))",
    },
    "pipeline": {
        "nothing": r"No cargo is under way at the end of a day",
        "most": rf"At most (?P<total>{_NUMBER}) (?P<noun>[a-z ]+?) (?:is|are) in the pipeline, "
        rf"(?:on (?P<date>{_DATE})|on average in (?:the week from (?P<week>{_DATE})|(?P<month>{_MONTH}))), "
        rf"(?P<share>all|{_SHARE}) of (?:it|them) (?P<stage>[a-z ]+) "
        r"\((?:one run|mean of (?P<runs>\d+) runs)\)",
    },
    "map": {
        "nothing": rf"Nothing is under way on (?P<date>{_DATE}); "
        rf"(?P<stock>no|{_NUMBER}) (?P<noun>[a-z ]+?) (?:is|are) in store",
        "cargo": rf"On (?P<date>{_DATE}) (?P<total>{_NUMBER}) (?P<noun>[a-z ]+?) (?:is|are) under way, "
        rf"(?P<share>all|{_SHARE}) of (?:it|them) (?P<where>.+); "
        rf"(?P<stock>none|{_NUMBER}) (?:is|are) in store",
    },
}


class GalleryReading(Claims):
    """The reader's results for the headlines of one run."""

    folder: RunFolder
    voyages: pd.DataFrame

    def number(self, what: str, text: str, value: float, digits: int = COUNT) -> None:
        """Check a number as written, by default a count of things."""
        self.claim(f"{what} is {value:.10g}, not {text}", holds=agrees(text, value, digits))

    def until(self, text: str) -> None:
        """Check a last day."""
        last = self.folder.end - dt.timedelta(days=1)
        self.claim(f"the last day is {last}", holds=iso(text) == last.isoformat())

    def date(self, what: str, text: str, day: object) -> None:
        """Check a date."""
        self.claim(f"{what} is {day}", holds=iso(text) == str(day))

    def words(self, found: Mapping[str, str | None]) -> None:
        """Check a noun and a verb."""
        if found.get("noun"):
            # What is counted is the total or the requirement; of the stock of a map, if nothing is under way.
            numbers = (found.get(key) for key in ("required", "total", "stock"))
            number = next((text for text in numbers if text), None)
            noun = self.folder.whole.nouns[number != "1"]
            self.claim(f"the noun is {noun}", holds=found["noun"] == noun)
        if found.get("past"):
            self.claim(f"the verb is {self.folder.whole.past}", holds=found["past"] == self.folder.whole.past)

    def share(self, text: str, share: float) -> None:
        """Check a percentage."""
        self.claim(f"the share is {share}", holds=share_agrees(text[0].lower() + text[1:], share))


def read_gallery(folder: RunFolder, voyages: pd.DataFrame, headlines: Mapping[str, str]) -> GalleryReading:
    """Return the errors of the headlines of a run by kind of chart.

    Parameters
    ----------
    folder : RunFolder
    voyages : DataFrame
        ``shipments.csv``.
    headlines : mapping of str to str
    """
    reading = GalleryReading()
    reading.folder, reading.voyages = folder, voyages
    for kind, text in headlines.items():
        matches = ((form, re.fullmatch(pattern, text)) for form, pattern in GRAMMAR[kind].items())
        form, match = next((each for each in matches if each[1]), ("unread", None))
        reading.begin(f"{kind}: {form}", text)
        if match is None:
            reading.unread()
            continue
        reading.words(match.groupdict())
        _READERS[kind](reading, form, match.groupdict())
    return reading


Found = Mapping[str, Any]


def event_words(reading: Claims, found: Mapping[str, str | None], *, is_only_low: bool) -> None:
    """Check the choice of the words: whether a stock is exhausted without running out."""
    for words in ("event", "ended"):
        text = found.get(words)
        if text:
            reading.claim(f"a stock is only low: {is_only_low}", holds=("one day" in text) == is_only_low)


def stock_words(reading: Claims, found: Mapping[str, str | None], only: str | None) -> None:
    """Check the words for the stock: the only one that consumers draw on, with its place, or several."""
    stock = f"the stock{only or ''}"
    expected = {"happens": "the first stock", "lasts": "every stock", "unbroken": "no stock has"}
    if only is not None:
        expected = {"happens": stock, "lasts": stock, "unbroken": f"{stock} has not"}
    for words, text in expected.items():
        if found.get(words):
            reading.claim(f"the stock is {text}", holds=plain(found[words] or "") == plain(text))


def only_stock(folder: RunFolder) -> str | None:
    """Return the place of the only stock, empty without others; None if consumers draw on several."""
    if len(folder.stocks) != 1 or not folder.only_name:
        return None if len(folder.stocks) > 1 else ""
    has_munition = len({munition for _, munition in folder.drawn_on_or_all}) > 1
    return f" {'of' if has_munition else 'at'} {folder.only_name}"


def _survival(reading: GalleryReading, form: str, found: Found) -> None:
    folder = reading.folder
    dates = sorted(day for day in folder.outcomes["exhausted"] if not isinstance(day, float))
    share = 1.0 - len(dates) / folder.runs
    if found.get("last"):
        reading.until(found["last"])
    event_words(reading, found, is_only_low=any(stock.is_only_low for stock in folder.stocks))
    stock_words(reading, found, only_stock(folder))
    if form == "no consumer":
        reading.claim("there are consumers", holds=not folder.stocks)
    elif form == "lasts":
        reading.claim(f"{len(dates)} run out", holds=not dates and bool(found["every"]) == (folder.runs > 1))
    elif form == "on a day":
        reading.claim(f"the dates are {set(dates)}", holds=len(set(dates)) == 1 and share == 0.0)
        reading.date("the date", found["date"], dates[0] if dates else None)
        reading.claim("one run", holds=bool(found["every"]) == (folder.runs > 1))
    else:
        below = [day for place, day in enumerate(dates, 1) if 2 * (folder.runs - place) < folder.runs]
        reading.claim(f"fewer than half last: {below[:1]}", holds=bool(below) == (form != "falls to"))
        if found.get("share"):
            reading.share(found["share"], share)
        if below and found.get("half"):
            reading.date("the day of one half", found["half"], below[0])
        if form == "all run out":
            reading.date("the last run-out date", found["late"], dates[-1])
            reading.claim(f"{share} last", holds=share == 0.0)
            reading.claim("one of several", holds=(found["which"] == "one") == (len(folder.stocks) > 1))


def _cumulative(reading: GalleryReading, form: str, found: Found) -> None:
    whole = reading.folder.whole
    reading.until(found["last"])
    opening, required = _opening(reading.folder), whole.required
    reading.count("what was there or came in", found["supplied"], _clean(opening + whole.coming_in))
    is_met = whole.not_fired <= 1e-9 * required
    if form == "nothing required":
        reading.claim(f"{required} are required", holds=required == 0.0)
        return
    reading.count("the requirement", found["required"], required)
    if form == "all":
        reading.claim(f"{whole.not_fired} are not fired", holds=is_met)
        return
    reading.claim("all is met", holds=not is_met)
    if found["rest"]:
        reading.count("what is not fired", found["used"], whole.not_fired)
    else:
        reading.count("what is fired", found["used"], whole.fired)
        reading.claim("both look the same", holds=found["used"] != found["required"])


def _opening(folder: RunFolder) -> float:
    """Return the mean stock before the first day."""
    first = folder.dates[0]
    flows = folder.flows[folder.flows["date"] == first].groupby("kind")["mean"].sum()
    level = float(folder.stock.loc[folder.stock["date"] == first, "mean"].sum())
    came = sum(float(flows.get(kind, 0.0)) for kind in (*OUTSIDE, "received"))
    went = ("lost", "expired", "dispatched", "fired")
    return level + sum(float(flows.get(kind, 0.0)) for kind in went) - came


def _clean(value: float) -> float:
    return 0.0 if abs(value) < 1e-6 else value


def _cover(reading: GalleryReading, form: str, found: Found) -> None:
    folder = reading.folder
    named = [each for each in folder.stocks if plain(each.name) == plain(found["name"] or "")]
    reading.claim(f"the stocks are {[each.name for each in folder.stocks]}", holds=len(named) == 1)
    if folder.runs > 1:
        reading.claim("it is the median", holds=found["median"] is not None)
    if not named:
        return
    days, limits = _days_of_supply(named[0]), sorted({1.0, *map(float, folder.covers)}, reverse=True)
    order = {each.name: _fall(_days_of_supply(each), limits[-1]) for each in folder.stocks}
    known = {name: fall for name, fall in order.items() if fall is not None}
    reading.claim(f"the stocks fall at {known}", holds=order[named[0].name] == min(known.values()))
    crossings = {limit: next((day for day, cover in days.items() if cover < limit), None) for limit in limits}
    first_day = next(iter(days))
    if form == "never":
        least = min(days.values())
        reading.claim(f"the days are {crossings}", holds=not any(crossings.values()))
        reading.claim(f"the least is {least}", holds=is_rounded(found["least"].split(" ")[0], least, 3))
        reading.claim("it is that on another day", holds=math.isclose(days[iso(found["date"])], least))
        return
    begins = [limit for limit in limits if days[first_day] < limit]
    falls = {limit: day for limit, day in crossings.items() if day and limit not in begins}
    shown = [found[key] for key in ("begins", "first", "next")]
    ends = list(dict.fromkeys([*list(falls)[:1], *list(falls)[-1:]]))
    expected = [begins[-1] if begins else None, *ends, *([None] * (2 - len(ends)))]
    for text, limit in zip(shown, expected, strict=True):
        is_said = (text is None) == (limit is None)
        is_right = is_said and (text is None or is_rounded(text.split(" ")[0], limit or 0.0, 3))
        reading.claim(f"the limits are {expected}", holds=is_right)
    for key, limit in zip(("first_date", "next_date"), ends, strict=False):
        if found[key]:
            reading.date(f"the day below {limit}", found[key], falls[limit])


def _days_of_supply(stock: StockFolder) -> dict[str, float]:
    """Return the median stock by day, in days of the mean requirement of the last thirty."""
    rows = stock._mine(stock.folder.stock)
    levels = dict(zip(rows["date"], rows["p50"], strict=True))
    need = stock.daily_required
    most = max(_means(need))
    return {
        day: float(levels[day]) / mean
        for day, mean in zip(stock.folder.dates, _means(need), strict=True)
        if mean > _NOTHING * most
    }


def _means(values: list[float]) -> list[float]:
    windows = (values[max(0, place - _WINDOW + 1) : place + 1] for place in range(len(values)))
    return [math.fsum(window) / len(window) for window in windows]


def _fall(days: Mapping[str, float], limit: float) -> tuple[str, float] | None:
    if not days:
        return None
    return next((day for day, cover in days.items() if cover < limit), "never"), min(days.values())


def _mix(reading: GalleryReading, _: str, found: Found) -> None:
    rows = reading.folder.origins
    months: dict[str, Counter[str]] = {}
    for month, origin, kind, mean in rows[["month", "origin", "kind", "mean"]].itertuples(index=False):
        if kind == "fired" and mean > 0.0:
            months.setdefault(str(month), Counter())[plain(reading.folder.origin(str(origin)))] += mean
    shares = {
        month: {name: each / sums.total() for name, each in sums.items()} for month, sums in months.items()
    }
    sums = sum(months.values(), start=Counter[str]())
    opening = plain(reading.folder.origin("initial"))
    ranked = sorted((name for name in sums if name != opening), key=lambda name: -sums[name])
    # A chart has colours for five origins beside the opening stock, of which one may be all others.
    others = ranked[4:] if len(ranked) > 5 else []
    last = found["last"] or found["last2"]
    ends = [min(shares), max(shares)]
    reading.claim(f"the first month is {ends[0]}", holds=iso_month(found["month"]) == ends[0])
    reading.claim(f"the months are {ends}", holds=(iso_month(last) if last else ends[0]) == ends[1])
    _largest(reading, shares[ends[0]], others, found["origin"], found["share"])
    if not last:
        return
    if found["origin2"]:
        _largest(reading, shares[ends[1]], others, found["origin2"], found["other"])
    else:
        # The largest origin of a group may be another one in the last month.
        origin = re.sub(r"( other origins), .*", r"\1", found["origin"])
        _largest(reading, shares[ends[1]], others, origin, found["same"])


_GROUP = re.compile(
    r"(?P<count>\d+) other origins(?:, all of it from (?P<only>.+)|"
    rf", the largest of them (?P<most>.+) \((?P<share>{_SHARE})\))?"
)


def _largest(
    reading: GalleryReading, shares: Mapping[str, float], others: list[str], origin: str, text: str
) -> None:
    group = {name: shares[name] for name in others if name in shares}
    rest = [share for name, share in shares.items() if name not in group]
    most = max([*rest, sum(group.values())])
    match = _GROUP.fullmatch(origin)
    if match:
        reading.claim(f"the other origins are {others}", holds=int(match["count"]) == len(others) > 0)
        reading.claim(f"the shares are {shares}", holds=math.isclose(sum(group.values()), most))
        reading.share(text, sum(group.values()))
        named = match["only"] or match["most"]
        if named:
            largest = group.get(plain(named), 0.0)
            reading.claim(f"the shares are {group}", holds=largest == max(group.values()))
            reading.claim(f"the shares are {group}", holds=(match["only"] is not None) == (len(group) == 1))
            if match["share"]:
                reading.share(match["share"], largest)
        return
    own = shares.get(plain(origin))
    reading.claim(f"the shares are {shares}", holds=own is not None and math.isclose(own, most, rel_tol=1e-9))
    reading.share(text, own or 0.0)


def _service(reading: GalleryReading, form: str, found: Found) -> None:
    rows = reading.folder.by_consumer
    sums: dict[tuple[str, str], dict[str, float]] = {}
    for date, consumer, kind, mean in rows[["date", "consumer", "kind", "mean"]].itertuples(index=False):
        own = sums.setdefault((str(date)[:7], plain(reading.folder.label("consumption", str(consumer)))), {})
        own[str(kind)] = own.get(str(kind), 0.0) + float(mean)
    met = {key: 1 - own["unmet"] / own["required"] for key, own in sums.items() if own["required"] > 0.0}
    least = min(met.values())
    if form == "all":
        reading.claim(f"the least share is {least}", holds=least == 1.0)
        return
    own = {month: share for (month, name), share in met.items() if name == plain(found["name"])}
    reading.claim(f"the consumers are {met.keys()}", holds=bool(own))
    if not own:
        return
    first = iso_month(found["month"]) if found["month"] else min(own)
    last = first if found["month"] and not found["range"] else max(own)
    last = iso_month(found["to"]) if found["to"] else last
    months = sorted(month for month in own if first <= month <= last)
    reading.claim(f"the months are {list(own)}", holds=[first, last] == [*months[:1], *months[-1:]])
    reading.claim(
        "it is not met in some months alone", holds=bool(found["least"]) == (len(months) < len(own))
    )
    for month in months:
        reading.share(found["share"], own[month])
    beside = [max(filter(first.__gt__, own), default=""), min(filter(last.__lt__, own), default="")]
    reading.claim(
        f"it looks the same in {beside}",
        holds=not any(month and share_agrees(found["share"], own[month]) for month in beside),
    )
    elsewhere = {
        month for month, share in own.items() if month not in months and share_agrees(found["share"], share)
    }
    reading.claim(
        f"it is as little in {sorted(elsewhere)}",
        holds=value_of(found["others"] or "0") == len(elsewhere),
    )
    longest = max(_least_spans(own, found["share"], least), default=0)
    reading.claim(f"the longest span has {longest} months", holds=len(months) == longest)
    lowest = min(own[month] for month in months)
    reading.claim(
        f"the least share is {least}", holds=math.isclose(lowest, least, abs_tol=1e-9) and least < 1.0
    )
    others: dict[str, list[float]] = {}
    for (month, name), share in met.items():
        if (month in months or month in elsewhere) and name != plain(found["name"]):
            others.setdefault(name, []).append(share)
    reading.claim(f"the others are {others}", holds=bool(found["rival"]) == bool(others))
    if found["rival"]:
        shares = others.get(plain(found["rival"]), [2.0])
        most = max(map(min, others.values()), default=2.0)
        reading.claim(
            f"the best of the others is {most}", holds=math.isclose(min(shares), most, abs_tol=1e-9)
        )
        reading.share(found["low"], min(shares))
        reading.share(found["high"] or found["low"], max(shares))


def _least_spans(own: Mapping[str, float], share: str, least: float) -> list[int]:
    """Lengths in months of the spans of a share as written that contain a month of the least share."""
    lengths, span = [], []
    for month in [*sorted(own), ""]:
        if month and share_agrees(share, own[month]):
            span.append(own[month])
            continue
        if span and math.isclose(min(span), least, abs_tol=1e-9):
            lengths.append(len(span))
        span = []
    return lengths


def _money(reading: GalleryReading, form: str, found: Found) -> None:
    sums = reading.folder.money.groupby("kind")["mean"].sum()
    parts = {"orders": sums["spent"], "holding": sums["holding"], "shortage": sums["shortage"]}
    total = float(sum(parts.values()))
    if form == "nothing":
        reading.claim(f"the cost is {total}", holds=total == 0.0)
        return
    reading.until(found["last"])
    reading.number("the cost", found["total"], total, 3)
    reading.claim("the currency", holds=found["currency"] == reading.folder.words["currency"])
    said = [found["only"]] if found["only"] else re.findall(_COSTS, found["parts"] or "")
    order = sorted((name for name in parts if parts[name] > 0.0), key=lambda name: -parts[name])
    reading.claim(f"the costs are {parts}", holds=said == order)
    for name, text in zip(said, re.findall(_SHARE, found["parts"] or ""), strict=False):
        reading.share(text, float(parts[name]) / total)
    granted = float(sums.get("granted", 0.0))
    reading.claim(f"the budget is {granted}", holds=bool(found["budget"]) == (granted > 0.0))
    if found["budget"]:
        reading.share(found["budget"], float(parts["orders"]) / granted)


def _account(reading: GalleryReading, _: str, found: Found) -> None:
    folder = reading.folder
    opening = _opening(folder)
    closing = float(folder.stock.loc[folder.stock["date"] == folder.dates[-1], "mean"].sum())
    flows = folder.flows.groupby("kind")["mean"].sum()
    came = folder.whole.coming_in
    went = float(flows["fired"] + flows["lost"] + max(0.0, flows["dispatched"] - flows["received"]))
    went += float(flows.get("expired", 0.0))
    texts = [
        found["opening"] or found["level"],
        found["came"],
        found["went"],
        found["closing"] or found["level"],
    ]
    shown = [value_of(text) for text in texts]
    largest = max(opening, closing, 1e-9, *folder.whole.inflow.values(), float(flows["fired"]))
    step = 10.0 ** (math.floor(math.log10(largest)) + 1 - 4)
    for what, value, figure in zip(
        ("opening", "inflow", "outflow", "closing"), shown, (opening, came, went, closing), strict=True
    ):
        # What rounding leaves of up to some ten flows goes to them.
        many = 0.51 if what in {"opening", "closing"} else 6.0
        reading.claim(f"the {what} is {figure}", holds=abs(value - figure) <= many * step)
    total = shown[0] + shown[1] - shown[2]
    reading.claim(f"the figures add up to {total}", holds=math.isclose(total, shown[3], abs_tol=step * 1e-3))
    if found["level"] is None:
        grows = found["verb"] == "grows"
        reading.claim(f"it goes from {opening} to {closing}", holds=(closing > opening) == grows)


def _arrivals(voyages: pd.DataFrame, last: Mapping[str, float]) -> list[dt.date]:
    """Return the days on which cargo reaches a depot: at the end of the last leg."""
    legs = zip(voyages["supplier"], voyages["leg"], strict=True)
    own = voyages[[leg != leg or leg == last[name] for name, leg in legs]]
    return sorted(dt.date.fromisoformat(str(time)[:10]) for time in own["arrived"].dropna())


def _last_legs(reading: GalleryReading) -> dict[str, float]:
    """Return the last leg of each supplier with legs, by the names of all."""
    named = {**reading.folder.words.get("routes", {}), **reading.folder.words.get("labels", {})}
    found = {}
    for supplier, legs in reading.voyages.groupby("supplier")["leg"]:
        of = [int(path.split(".")[3]) for path in named if path.startswith(f"shipments.{supplier}.route.")]
        found[str(supplier)] = max([*of, *legs.dropna()], default=math.nan)
    return found


def _timeline(reading: GalleryReading, form: str, found: Found) -> None:
    own = reading.voyages[reading.voyages["run"] == int(found["run"])]
    arrivals = _arrivals(own, _last_legs(reading))
    if form == "nothing":
        reading.until(found["last"])
        reading.claim(f"{len(arrivals)} arrive", holds=not arrivals)
        return
    reading.claim("nothing arrives", holds=bool(arrivals))
    if not arrivals:
        return
    reading.date("the first arrival", found["first"], arrivals[0])
    reading.claim(f"{len(arrivals)} arrive", holds=(found["only"] is not None) == (len(arrivals) == 1))
    if len(arrivals) > 1:
        wait = max((after - before).days for before, after in pairwise(arrivals))
        said = 1 if found["daily"] else int(found["wait"] or 0)
        reading.claim(f"the longest wait is {wait}", holds=said == max(1, wait))
        reading.date("the last arrival", found["to"], arrivals[-1])


def _cargo(reading: GalleryReading) -> list[Counter[str]]:
    """Return the shells of the saved runs by stage at the end of each day."""
    folder, last = reading.folder, _last_legs(reading)
    daily: list[Counter[str]] = [Counter() for _ in folder.dates]
    columns = ["supplier", "leg", "departed", "arrived", "shells"]
    for supplier, leg, departed, arrived, shells in reading.voyages[columns].itertuples(index=False):
        begin, end = (_day(folder, time, len(daily)) for time in (departed, arrived))
        _add(daily[begin:end], _stage(folder, supplier, leg), shells)
        # Between two legs the cargo is at a quay.
        if leg == leg and leg < last[supplier]:
            _add(daily[end:], _QUAY, shells)
        if leg == leg and leg > 0:
            _add(daily[begin:], _QUAY, -shells)
    return daily


def _add(days: list[Counter[str]], stage: str, shells: float) -> None:
    for day in days:
        day[stage] += shells  # type: ignore[assignment]


def _stage(folder: RunFolder, supplier: str, leg: float) -> str:
    route = folder.words.get("routes", {}).get(f"shipments.{supplier}.route.{leg:g}", "")
    words = route.replace(",", " ").split()
    return _STAGES.get(words[1], "under way") if words[:1] == ["by"] and len(words) > 1 else "under way"


def _pipeline(reading: GalleryReading, form: str, found: Found) -> None:
    folder, daily = reading.folder, _cargo(reading)
    runs = folder.paths["run"].nunique()
    if form == "nothing":
        most = max(sum(each.values()) / runs for each in daily)
        reading.claim(f"up to {most} are under way", holds=most <= 1e-6)
        return
    bins = _bins(folder, found)
    means = {first: _mean_stages([daily[place] for place in own], runs) for first, own in bins.items()}
    totals = {first: sum(each.values()) for first, each in means.items()}
    most = max(totals.values())
    reading.count("the largest total", found["total"], most)
    said = iso_month(found["month"]) if found["month"] else iso(found["week"] or found["date"])
    reading.claim(f"the bins begin on {list(bins)[:3]}", holds=said in bins)
    if said not in bins:
        return
    reading.claim(f"then it is {totals[said]}", holds=math.isclose(totals[said], most, rel_tol=1e-9))
    stages = {name: value for name, value in means[said].items() if value > 1e-9 * most}
    own = stages.get(found["stage"], 0.0)
    reading.claim(f"the stages are {stages}", holds=math.isclose(own, max(stages.values()), rel_tol=1e-9))
    if found["share"] == "all":
        reading.claim(f"the stages are {stages}", holds=len(stages) == 1)
    else:
        reading.share(found["share"], own / totals[said])
    reading.claim(f"{runs} runs are saved", holds=int(found["runs"] or 1) == runs)


def _bins(folder: RunFolder, found: Found) -> dict[str, list[int]]:
    """Return the days of each bin by its first day, or by the month: days, weeks or calendar months."""
    bins: dict[str, list[int]] = {}
    for place, day in enumerate(folder.dates):
        week = folder.dates[place - place % 7]
        bins.setdefault(day[:7] if found["month"] else week if found["week"] else day, []).append(place)
    return bins


def _mean_stages(days: list[Counter[str]], runs: int) -> Counter[str]:
    total: Counter[str] = Counter()
    for day in days:
        total.update(day)
    return Counter({name: value / runs / len(days) for name, value in total.items()})


def _map(reading: GalleryReading, form: str, found: Found) -> None:
    folder = reading.folder
    totals = [sum(each.values()) for each in _cargo(reading)]
    most = max(totals, default=0.0)
    place = next((n for n, total in enumerate(totals) if total > (1 - 1e-9) * most), 0)
    day = folder.dates[place if most > 0.0 and not reading.voyages.empty else -1]
    said = iso(found["date"])
    is_most = said in folder.dates and totals[folder.dates.index(said)] > (1 - 1e-9) * most
    reading.claim(f"the day is {day}", holds=said == day or (most > 0.0 and is_most))
    stock = float(folder.stock.loc[folder.stock["date"] == said, "mean"].sum())
    if found["stock"] in {"no", "none"}:
        reading.claim(f"the stock is {stock}", holds=stock < 0.5)
    elif stock < 1000:
        reading.claim(f"the stock is {stock}", holds=abs(value_of(found["stock"]) - stock) <= 0.5 + 1e-9)
    else:
        reading.number("the stock", found["stock"], stock)
    items = _under_way(reading, said)
    total = sum(items.values())
    if form == "nothing":
        reading.claim(f"{total} are under way", holds=total <= 1e-9 * max(stock, most, 1.0))
        return
    reading.number("what is under way", found["total"], total)
    largest = max(items.values())
    if found["share"] == "all":
        reading.claim(f"the parts are {items}", holds=math.isclose(largest, total, rel_tol=1e-8))
    else:
        reading.share(found["share"], largest / total)
    stages = {stage for (stage, *_), value in items.items() if math.isclose(value, largest, rel_tol=1e-9)}
    named = found["where"].partition(",")[0]
    named = "under way" if named.startswith("from ") else named
    reading.claim(f"the largest is {stages}", holds=named in stages)


def _under_way(reading: GalleryReading, day: str) -> dict[tuple[str, str], float]:
    """Return the mean cargo at the end of a day by stage and by the words of its route."""
    folder, last = reading.folder, _last_legs(reading)
    now, runs = folder.dates.index(day), folder.paths["run"].nunique()
    items: defaultdict[tuple[str, str], float] = defaultdict(float)
    columns = ["supplier", "leg", "departed", "arrived", "shells"]
    for supplier, leg, departed, arrived, shells in reading.voyages.reindex(columns=columns).itertuples(
        index=False
    ):
        begin, end = (_day(folder, time, folder.days) for time in (departed, arrived))
        if begin <= now < end:
            items[_stage(folder, supplier, leg), _ends_of(folder, supplier, leg)] += shells / runs
        if leg == leg and leg < last[supplier] and end <= now:
            items[_QUAY, _quay_of(folder, supplier, leg + 1)] += shells / runs
        if leg == leg and leg > 0 and begin <= now:
            items[_QUAY, _quay_of(folder, supplier, leg)] -= shells / runs
    flows = folder.flows[folder.flows["date"] <= day].groupby("kind")["mean"].sum()
    items["between depots", ""] += float(flows.get("dispatched", 0.0) - flows.get("received", 0.0))
    most = max(items.values(), default=0.0)
    return {key: value for key, value in items.items() if value > 1e-9 * most} or {("", ""): 0.0}


def _ends_of(folder: RunFolder, supplier: str, leg: float) -> str:
    """Return where a leg begins and ends, which legs of several suppliers may share."""
    words = str(folder.words.get("routes", {}).get(f"shipments.{supplier}.route.{leg:g}", ""))
    ends = words.rpartition(", ")[2]
    return ends.casefold() if " to " in ends else f"{supplier} {leg:g}"


def _quay_of(folder: RunFolder, supplier: str, leg: float) -> str:
    return _ends_of(folder, supplier, leg).partition(" to ")[0]


def _day(folder: RunFolder, time: object, days: int) -> int:
    """Return the number of the day of a time; the day after the last for a time beyond it, or none."""
    if time != time:
        return days
    return min(max(0, (dt.date.fromisoformat(str(time)[:10]) - folder.start).days), days)


_READERS: Mapping[str, Callable[[GalleryReading, str, Found], None]] = {
    "survival": _survival,
    "cumulative": _cumulative,
    "days-of-supply": _cover,
    "mix": _mix,
    "service": _service,
    "money": _money,
    "account": _account,
    "timeline": _timeline,
    "pipeline": _pipeline,
    "map": _map,
}
