"""Independent reader of the answers of a break-even search: each against the values that were tried.

`read_breakeven` parses each answer by a grammar of its own, and counts the runs that meet the target at the
printed value and its neighbours in ``breakeven-points.csv``. It imports nothing of the package.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
from scipy import stats

from tests.support.sentence_grammar import iso

#: Relative width within which the value is found.
NARROW = 1.1e-6
_TAIL = 0.05
_NUMBER = r"\d[\d,]*(?:\.\d+)?(?:M|bn)?"
_SIZES = {"M": 1e6, "bn": 1e9}
_PERIODS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_DAY = r"\d+ \w+ \d{4}"
_CLAUSE = (
    r"(?:(?P<amount>at (?:least|most) [\d,.]+[\w% ]*?(?:is met|fired|required|left after the last day|"
    r"not met|wait after the last day)(?: by [\w ]+?)?|the [a-z ]+ is at most [\d,.]+M? [A-Z]{3})|"
    r"(?P<clause>the stock lasts|every stock lasts|no consumer is rationed|"
    r"the requirement(?: of [\w ]+)? is met|"
    r"(?:the|every) stock is at one day of supply or more|"
    r"at least [\d.]+ days? of supply (?:is|are) left(?: in every stock)?)"
    r"(?: on every day from (?P<since>\d+ \w+ \d{4}))? "
    rf"until (?P<until>{_DAY}|[\d.]+ [a-z]+ (?:after|before) [\w ]+?))"
)
_RUNS = r"(?: in (?P<runs>every run|half of the runs|[\d.]+ % of the runs))?"
_WITHIN = rf"between (?P<from>{_NUMBER}) and (?P<to>{_NUMBER})(?P<unit>[a-z %]*?)"
_FORMS = {
    "value": rf"with (?P<value>{_NUMBER})(?P<unit>[a-z %]*?)(?: or (?P<side>more|less))? {_CLAUSE}{_RUNS}"
    rf"(?: \(90 % interval (?P<under>under )?(?P<low>{_NUMBER}) to (?P<over>over )?(?P<high>{_NUMBER})\))?"
    rf"(?P<beside>; (?P<often>in as many runs )?the requirement is met with "
    rf"(?:(?P<met>{_NUMBER}) or (?P<met_side>more|less)|(?P<extent>every|no) value tried))?",
    "no value in any run": rf"there is no value {_WITHIN} with which {_CLAUSE}(?P<any> in any run)?",
    "whatever the value": rf"{_CLAUSE}{_RUNS}, whatever the value {_WITHIN}",
    "every value": rf"with every value {_WITHIN} {_CLAUSE}{_RUNS}; the break-even value is not among them",
    "at best": rf"there is no value {_WITHIN} with which {_CLAUSE}{_RUNS}; "
    rf"at best in (?P<best>[\d.]+) % of them, with (?P<value>{_NUMBER})[a-z %]*",
}
_HEADLINE = (
    rf"(?i:{_CLAUSE}){_RUNS} with (?P<value>{_NUMBER})(?P<unit>[a-z %]*?)(?: or (?P<side>more|less))? \(.+\)"
)
_REASON = r"(?: Nothing from .+? arrives before [\w ]+\.)?(?: With .+? on \d+ \w+ \d{4}\.)?"


@dataclass
class BreakevenReading:
    """The reader's results for a folder: see `Reading`."""

    points: list[tuple[float, float]]
    summary: Mapping[str, Any]
    value: float
    #: Share of runs in which the requirement is met, by value tried; None if the folder has none.
    met: list[float] | None = None
    failures: list[str] = field(default_factory=list)
    sentences: int = 0
    claims: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    current: str = ""
    factor: float = 1.0

    def claim(self, what: str, *, holds: bool) -> None:
        """Count a claim, and report it unless it holds."""
        self.claims += 1
        if not holds:
            self.failures.append(f"{self.current!r}: {what}")

    def number(self, what: str, text: str, value: float) -> None:
        """Check a number as written, in base units."""
        self.claim(f"{what} is {value:.10g}, not {text}", holds=self._agrees(text, value * self.factor))

    def _agrees(self, text: str, value: float) -> bool:
        found = re.fullmatch(r"([\d,.]+)(M|bn|)", text)
        assert found
        shown = float(found[1].replace(",", "")) * _SIZES.get(found[2], 1.0)
        if shown == 0.0 or value == 0.0:
            return shown == 0.0 and abs(value) < 1e-9
        digits = 3 if self.summary["unit"] == "factor" else 4
        place = 10.0 ** (math.floor(math.log10(shown)) - digits + 1)
        return abs(shown - value) <= place / 2 * (1 + 1e-6)

    @property
    def share(self) -> float:
        """Required share of runs."""
        return float(self.summary["holds"])

    @property
    def runs(self) -> int:
        return int(self.summary["runs"])

    @property
    def is_single(self) -> bool:
        """Whether there is one run, or nothing is drawn."""
        return self.runs == 1 or bool(self.summary["certain"])

    def is_rejected(self, share: float) -> bool:
        """Whether a share of runs is unlike the required one, by the binomial distribution."""
        count = round(share * self.runs)
        under = float(stats.binom.cdf(count, self.runs, self.share))
        over = float(stats.binom.sf(count - 1, self.runs, self.share))
        return under < _TAIL or over <= _TAIL


def read_breakeven(folder: Path) -> BreakevenReading:
    """Return the errors of the answer in a folder without varied values."""
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    table = pd.read_csv(folder / "breakeven-points.csv")
    points = sorted(zip(table["value"].tolist(), table["share"].tolist(), strict=True))
    value = pd.read_csv(folder / "breakeven.csv")["value"].tolist()[0]
    met = table.sort_values("value")["met_share"].tolist() if "met_share" in table else None
    reading = BreakevenReading(points, summary, value, met)
    for finding in summary["findings"]:
        text = finding["sentence"]
        if finding["kind"] == "breakeven":
            reading.sentences += 1
            read_answer(reading, text)
        elif finding["kind"] == "breakeven_headline":
            reading.sentences += 1
            _read_headline(reading, text)
    return reading


def read_answer(reading: BreakevenReading, text: str) -> None:
    """Check an answer: ``NAME: with ... the stock lasts``."""
    reading.current = text
    said = text.partition(": ")[2]
    for form, pattern in _FORMS.items():
        match = re.fullmatch(rf"{pattern}\.{_REASON}", said)
        if match:
            reading.kinds[form] += 1
            _check(reading, form, match.groupdict())
            return
    reading.claim("no rule of the grammar reads this", holds=False)


def _read_headline(reading: BreakevenReading, text: str) -> None:
    """Check a headline: the value with its side, or the same as the answer where there is none."""
    reading.current = text
    match = re.fullmatch(_HEADLINE, text)
    if match is None:
        read_answer(reading, f"{text}.")
        return
    found = match.groupdict()
    reading.kinds["headline"] += 1
    reading.claim("a small letter at the start", holds=text[0].isupper())
    _check(reading, "value", {**found, "clause": (found["clause"] or "").lower()})


def _check(reading: BreakevenReading, form: str, found: Mapping[str, str | None]) -> None:
    unit = found["unit"] or ""
    period = re.search(r" a (day|week|month|year)", unit)
    reading.factor = _PERIODS[period[1]] if period else 100.0 if " %" in unit else 1.0
    until = reading.summary["until"]
    if found["amount"] is None:
        reading.claim(f"the end is {until}", holds=_until(found["until"] or "") == until)
        _dated(reading, found)
    else:
        reading.kinds["amount"] += 1
        words = _amount_clause(reading.summary)
        reading.claim(f"the target is {words}", holds=found["amount"].casefold() == words.casefold())
    shares = [share for _, share in reading.points]
    is_enough = [share >= reading.share for share in shares]
    if form == "value":
        _value(reading, found)
        return
    reading.number("the lower bound", found["from"] or "", reading.points[0][0])
    reading.number("the upper bound", found["to"] or "", reading.points[-1][0])
    if form == "whatever the value":
        reading.claim(f"shares are {min(shares)} to {max(shares)}", holds=len(set(shares)) == 1)
        _runs(reading, found["runs"], shares[0])
    elif form == "every value":
        reading.claim(f"the least share is {min(shares)}", holds=all(is_enough))
        _runs(reading, found["runs"], reading.share)
    elif form == "at best":
        reading.claim(f"the largest share is {max(shares)}", holds=not any(is_enough))
        best = float(found["best"] or "") / 100
        reading.claim(f"the largest share is {max(shares)}", holds=abs(best - max(shares)) < 5e-5)
        best_values = [value for value, share in reading.points if share == max(shares)]
        agreeing = any(reading._agrees(found["value"] or "", each * reading.factor) for each in best_values)
        reading.claim(f"the best values are {best_values}", holds=agreeing)
        _runs(reading, found["runs"], reading.share)
    else:
        reading.claim(f"the largest share is {max(shares)}", holds=not any(is_enough))
        reading.claim("in any run", holds=bool(found["any"]) != reading.is_single)
        reading.claim(f"the largest share is {max(shares)}", holds=max(shares) == 0.0)


def _until(text: str) -> str:
    """Return the end of a period as a summary has it: an ISO date, or ``war + 18 months``."""
    counted = re.fullmatch(r"([\d.]+ [a-z]+) (after|before) (.+)", text)
    if counted is None:
        return iso(text)
    return f"{counted[3]} {'+' if counted[2] == 'after' else '-'} {counted[1]}"


def _amount_clause(summary: Mapping[str, Any]) -> str:
    """Return the words of a target that is an amount over all days."""
    figure, _, consumer = str(summary["of"]).partition(".")
    level, of = float(summary["level"]), f" of {consumer}" if consumer else ""
    by = f" by {consumer}" if consumer else ""
    shells = f"{level:,.0f} shells"
    return {
        "met": f"at least {100 * level:g} % of the requirement{of} is met",
        "fired": f"at least {shells} are fired{by}",
        "required": f"at most {shells} are required{by}",
        "closing_stock": f"at least {shells} are left after the last day",
        "unmet": f"at most {shells} of the requirement{of} are not met",
        "backlog": f"at most {shells} of the requirement{of} wait after the last day",
    }[figure]


def _dated(reading: BreakevenReading, found: Mapping[str, str | None]) -> None:
    """Check what must not occur, on which days."""
    target = reading.summary["of"]
    several, days = len(reading.summary["stocks"]) > 1, target.removeprefix("below_")
    since = reading.summary["from"]
    is_later = since > reading.summary["start"]
    said_since = iso(found["since"]) if found["since"] else reading.summary["start"]
    reading.claim(f"it counts from {since}", holds=said_since == since)
    lasts = "is at one day of supply or more" if is_later else "lasts"
    words = {
        "exhausted": f"every stock {lasts}" if several else f"the stock {lasts}",
        "rationed_from": "no consumer is rationed",
        "unmet": "the requirement is met",
    }.get(target, f"at least {days} day{' is' if days == '1' else 's are'} left")
    figure, _, consumer = target.partition(".")
    if figure == "unmet" and consumer:
        words = f"the requirement of {consumer} is met"
    said = re.sub(" of supply(?! or more)| in every stock", "", str(found["clause"]))
    reading.claim(f"the target is {target}", holds=said.casefold() == words.casefold())
    if target.startswith("below"):
        reading.claim("in every stock", holds=str(found["clause"]).endswith("in every stock") == several)


def _runs(reading: BreakevenReading, text: str | None, share: float) -> None:
    """Check in which share of runs the target is met."""
    if reading.is_single:
        reading.claim("a share of one run", holds=text is None)
        return
    assert text is not None
    words = {"every run": 1.0, "half of the runs": 0.5}
    said = words[text] if text in words else float(text.split(" ")[0]) / 100
    reading.claim(f"the share is {share}", holds=abs(said - share) < 5e-5)


def _value(reading: BreakevenReading, found: Mapping[str, str | None]) -> None:
    """Check the value and its interval by the shares at the value tried there and at its neighbours."""
    value, points = reading.value, reading.points
    reading.number("the value", found["value"] or "", value)
    _runs(reading, found["runs"], reading.share)
    values = [each for each, _ in points]
    at = min(range(len(points)), key=lambda place: abs(values[place] - value))
    step = -1 if found["side"] == "more" else 1
    is_enough = [share >= reading.share for _, share in points]
    if found["side"] is None:
        # With several crossings there is no side: the lowest is given.
        crossings = [place for place, (one, other) in enumerate(pairwise(is_enough)) if one != other]
        reading.claim("a side", holds=len(crossings) > 1)
        reading.claim(f"the crossings are {crossings}", holds=at - min(crossings, default=-9) in {0, 1})
        return
    reading.claim(f"{value} was not tried", holds=math.isclose(values[at], value, rel_tol=1e-12))
    reading.claim(f"there the share is {points[at][1]}", holds=points[at][1] >= reading.share)
    if not 0 <= at + step < len(points):
        reading.claim("no value was tried on the other side", holds=False)
        return
    near, share = points[at + step]
    reading.claim(f"at {near} the share is {share}", holds=share < reading.share)
    wide = abs(near - value) / max(abs(near), abs(value))
    reading.claim(f"the next value is {near}", holds=wide <= NARROW)
    beyond = points[at:] if step < 0 else points[: at + 1]
    short = [each for each in beyond if each[1] < reading.share]
    reading.claim(f"beyond it are {short}", holds=not short)
    if "low" not in found:
        return
    _requirement(reading, found)
    # No sample of runs bounds the value that holds in every run.
    has_none = reading.is_single or reading.share == 1.0
    reading.claim("an interval of one run", holds=bool(found["low"]) != has_none)
    if found["low"]:
        _end(reading, found["low"], 1, is_open=bool(found["under"]))
        _end(reading, found["high"] or "", -1, is_open=bool(found["over"]))


def _requirement(reading: BreakevenReading, found: Mapping[str, str | None]) -> None:
    """Check the value at which the requirement is met in as many runs as the stock lasts in."""
    shares, values = reading.met, [each for each, _ in reading.points]
    if shares is None:
        reading.claim("no share of runs that meet the requirement", holds=found["beside"] is None)
        return
    is_enough = [share >= reading.share for share in shares]
    if found["beside"] is None:
        # Both look the same: there is a change at the value as written.
        changes = [at for at in range(1, len(values)) if is_enough[at] != is_enough[at - 1]]
        near = [reading._agrees(found["value"] or "", values[at] * reading.factor) for at in changes]
        before = [reading._agrees(found["value"] or "", values[at - 1] * reading.factor) for at in changes]
        reading.claim("the requirement is met from another value on", holds=any(near) or any(before))
        return
    reading.kinds["requirement beside"] += 1
    reading.claim("as many of one run", holds=bool(found["often"]) != reading.is_single)
    if found["extent"]:
        reading.claim(f"{sum(is_enough)} of {len(is_enough)} suffice", holds=len(set(is_enough)) == 1)
        reading.claim("the first value", holds=is_enough[0] == (found["extent"] == "every"))
        return
    step = -1 if found["met_side"] == "more" else 1
    edges = [
        at
        for at in range(len(values))
        if is_enough[at] and 0 <= at + step < len(values) and not is_enough[at + step]
    ]
    reading.claim("one edge", holds=len(edges) == 1)
    for at in edges:
        reading.number("the value", found["met"] or "", values[at])
        wide = abs(values[at] - values[at + step]) / max(map(abs, (values[at], values[at + step])))
        reading.claim(f"the next value is {values[at + step]}", holds=wide <= NARROW)


def _end(reading: BreakevenReading, text: str, inward: int, *, is_open: bool) -> None:
    """Check an end of the interval: the last value, from inside, at which the share is rejected."""
    points = reading.points if inward > 0 else reading.points[::-1]
    if is_open:
        reading.number("the bound", text, points[0][0])
        reading.claim("the bound is rejected", holds=not reading.is_rejected(points[0][1]))
        return
    inside = next((place for place, (_, share) in enumerate(points) if not reading.is_rejected(share)), None)
    if inside is None:
        # The share jumps over the interval, whose ends are then values tried.
        is_tried = any(reading._agrees(text, value * reading.factor) for value, _ in points)
        reading.claim("the end of the interval was not tried", holds=is_tried)
        return
    reading.claim("no value outside was tried", holds=inside > 0)
    if inside > 0:
        outer, inner = points[inside - 1][0], points[inside][0]
        reading.number("the end of the interval", text, outer)
        wide = abs(outer - inner) / max(abs(outer), abs(inner))
        reading.claim(f"the next value is {inner}", holds=wide <= NARROW)
