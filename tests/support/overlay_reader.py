"""Independent reader of the headline of several runs on one drawdown, from the folder of each.

It imports nothing of the package.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tests.support.claims import Claims
from tests.support.folder_figures import First, RunFolder, StockFolder, plain
from tests.support.sentence_grammar import iso, share_agrees

_DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_SHARE = r"(?:under 1|over 99|\d+) %"
_EVENT = r"(?P<event>runs out|falls below one day of supply)"
_CLAUSES = {
    "lasts": rf"lasts to (?P<end>{_DATE})(?P<every> in every run)?",
    "some runs": rf"{_EVENT} in (?P<share>{_SHARE}) of runs",
    "half of all": rf"{_EVENT} in (?P<share>{_SHARE}) of runs, in half of all by (?P<date>{_DATE})",
    "half of them": rf"{_EVENT} in every run, in half of them by (?P<date>{_DATE})",
    "in every run": rf"{_EVENT} on (?P<date>{_DATE}) in every run",
    "on a day": rf"{_EVENT} on (?P<date>{_DATE})",
}
_SUBJECT = r"(?:the stock(?: (?:of|at) (?P<name>.+?))?|(?P<all>every stock)) "
_PLACE = r"(?P<run>.+?) comes (?P<place>first|last)(?:, with (?P<others>\d+) others?)?"
Order = tuple[str, float, str, str]


class OverlayReading(Claims):
    """The reader's results for one headline."""

    runs: Mapping[str, RunFolder]


def read_overlay(runs: Mapping[str, RunFolder], sentence: str, *, brief: bool = False) -> OverlayReading:
    """Return the errors of a headline about runs by name."""
    reading = OverlayReading()
    reading.runs = runs
    reading.begin("brief overlay" if brief else "overlay", sentence)
    known = {name: run for name, run in runs.items() if run.stocks}
    if sentence == "No one draws on these stocks":
        reading.claim("a run has a consumer", holds=not known)
        return reading
    lead = re.fullmatch(r"Of (?P<count>\d+) scenarios, (?P<rest>.+)", sentence)
    if lead is None:
        _in_turn(reading, known, sentence.split("; "), brief=brief)
        return reading
    reading.claim("there are more or less scenarios", holds=int(lead["count"]) == len(runs) > 2)
    _first_and_last(reading, known, lead["rest"].split("; "), brief=brief)
    return reading


def _in_turn(
    reading: OverlayReading, known: Mapping[str, RunFolder], clauses: Sequence[str], *, brief: bool
) -> None:
    reading.claim(f"{len(known)} have consumers", holds=len(clauses) == len(known) < 3)
    for (name, run), clause in zip(known.items(), clauses, strict=False):
        subject, _, text = clause.partition(": ")
        reading.claim(f"the scenario is {name}", holds=subject == name)
        _clause(reading, run, text, brief=brief)


def _first_and_last(
    reading: OverlayReading, known: Mapping[str, RunFolder], clauses: Sequence[str], *, brief: bool
) -> None:
    orders = {name: order_of(first_of(run).exhausted, run)[:2] for name, run in known.items()}
    lasting = [name for name, run in known.items() if first_of(run).exhausted.share == 0.0]
    reading.claim(f"{len(known)} have consumers", holds=len(known) > 2)
    every = re.fullmatch(r"(?:every one|(\d+) have a consumer, and every one) lasts to its end", clauses[0])
    if every:
        reading.claim(f"{lasting} last", holds=len(lasting) == len(known) and len(clauses) == 1)
        reading.claim("some have no consumer", holds=int(every[1] or len(reading.runs)) == len(known))
        return
    places = []
    for clause in clauses:
        last = re.fullmatch(r"(\d+) last to their end", clause)
        if last:
            reading.claim(f"{lasting} last", holds=int(last[1]) == len(lasting) > 1)
            places.append("lasting")
            continue
        head, _, text = clause.partition(": ")
        match = re.fullmatch(_PLACE, head)
        if match is None or match["run"] not in known:
            reading.unread()
            continue
        places.append(match["place"])
        own = orders[match["run"]]
        extreme = (min if match["place"] == "first" else max)(orders.values())
        reading.claim(f"the orders are {orders}", holds=own == extreme)
        alike = sum(order == own for order in orders.values()) - 1
        reading.claim(f"{alike} others are alike", holds=int(match["others"] or 0) == alike)
        _clause(reading, known[match["run"]], text, brief=brief)
    is_one = len(set(orders.values())) == 1
    expected = ["first"] if is_one else ["first", "lasting" if len(lasting) > 1 else "last"]
    reading.claim(f"the orders are {orders}", holds=places == expected)


def _clause(reading: OverlayReading, run: RunFolder, text: str, *, brief: bool) -> None:
    several = len(run.stocks) > 1
    matches = (
        (form, re.fullmatch(f"(?P<subject>{_SUBJECT})?{pattern}", text)) for form, pattern in _CLAUSES.items()
    )
    form, match = next((each for each in matches if each[1]), ("", None))
    if match is None:
        reading.unread()
        return
    reading.kinds[form] += 1
    name = match["name"]
    if not match["subject"]:
        reading.claim("no stock is named", holds=brief and not several)
    candidates = _candidates(run)
    if several and form != "lasts":
        named = [each for each in candidates if name and plain(each.name) == plain(name)]
        reading.claim(f"the first to run out is {[each.name for each in candidates]}", holds=bool(named))
        stock = (named or candidates)[0]
    else:
        reading.claim("one stock, or several", holds=bool(match["all"]) == several and not name)
        stock = candidates[0]
    _event(reading, run, stock, match.groupdict(), form)


def _event(
    reading: OverlayReading, run: RunFolder, stock: StockFolder, found: Mapping[str, str | None], form: str
) -> None:
    gone, many = stock.exhausted, run.runs > 1
    if form == "lasts":
        reading.claim(f"the share is {gone.share}", holds=gone.share == 0.0)
        reading.claim(f"the end is {run.end}", holds=iso(found["end"] or "") == run.end.isoformat())
        reading.claim("in every run", holds=bool(found["every"]) == many)
        return
    is_emptied = stock.is_emptied
    reading.claim(f"it is emptied: {is_emptied}", holds=(found["event"] == "runs out") == is_emptied)
    if "date" in found:
        reading.claim(f"the date is {gone.p50}", holds=iso(found["date"] or "") == gone.p50)
    else:
        reading.claim(f"the median is {gone.p50}", holds=gone.p50 is None)
    if found.get("share"):
        reading.claim(f"the share is {gone.share}", holds=share_agrees(found["share"] or "", gone.share))
        reading.claim(f"the share is {gone.share}", holds=0.0 < gone.share < 1.0)
    else:
        reading.claim(f"the share is {gone.share}", holds=gone.share == 1.0)
    if form == "in every run":
        reading.claim(f"the range is {gone.p05} to {gone.p95}", holds=many and gone.p05 == gone.p95)
    reading.claim("there is one run", holds=(form == "on a day") == (not many))


def order_of(gone: First, run: RunFolder) -> Order:
    """Return the rank of a first day: the median, the share of runs, the range."""
    end = run.end.isoformat()
    return gone.p50 or end, -gone.share, gone.p05 or end, gone.p95 or end


def _candidates(run: RunFolder) -> list[StockFolder]:
    """Return the first stocks to run out: of those that do, else of those that fall below a day of supply."""
    stocks = [each for each in run.stocks if each.is_emptied] or run.stocks
    first = min(order_of(each.exhausted, run) for each in stocks)
    return [each for each in stocks if order_of(each.exhausted, run) == first]


def first_of(run: RunFolder) -> StockFolder:
    """Return one of the first stocks to run out."""
    return _candidates(run)[0]
