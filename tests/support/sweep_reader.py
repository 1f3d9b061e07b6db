"""Independent reader of the sentences of a sweep: each against the tables of its folder.

`read_sweep_folder` parses each sentence by a grammar of its own, and computes its numbers and claims again
from ``sweep.csv``, ``breakeven.csv`` and ``summary.json``. It imports nothing of the package.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from scipy import stats

from tests.support.claims import Claims, name_of_path
from tests.support.sentence_grammar import PERIODS, iso

_TAIL = 0.05
_NUMBER = r"−?\d[\d,]*(?:\.\d+)?(?:k|M|bn)?"
_DAY = r"\d{1,2} [A-Z][a-z]{2} \d{4}"
_LONG_DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_UNIT = r"(?: %| [A-Z]{3}| [a-z][a-z ]*?)?"
_CLAUSE = (
    r"(?P<clause>[Tt]he stock lasts|[Ee]very stock lasts|[Tt]he requirement is met|"
    r"[Tt]he requirement of (?P<consumer>.+?) is met|"
    r"[Aa]t least [\d.]+ days? of supply (?:is|are) left(?: in every stock)?) "
    rf"until (?P<until>{_DAY}|the end of the period)"
)
_RUNS = r"(?: in (?P<runs>half|[\d.]+ %) of the runs)?"
_SOLVED = rf"with (?P<value>{_NUMBER})(?P<unit>{_UNIT}) or (?P<side>more|less) \((?P<name>.+)\)"
_BETWEEN = rf"between (?P<low>{_NUMBER}) and (?P<high>{_NUMBER})(?P<unit>{_UNIT})"
_RATE = rf"(?:between {_NUMBER} and {_NUMBER}|{_NUMBER})(?:{_UNIT})"
_MEASURE = rf"(?:{_LONG_DAY}|{_NUMBER}(?:{_UNIT}))"
_MEDIAN = r"(?P<median>, median of the runs)?"
_PLACE = rf"(?:{_NUMBER}{_UNIT}|[a-z]+)"
_LEVEL = r"(?:[Oo]ver )?[\d.]+ %"
_FRONTIER = (
    rf"(?:(?P<met>{_LEVEL}) of the requirement(?: of (?P<of_consumer>.+?))? is met|"
    rf"{_CLAUSE} in (?P<held>{_LEVEL}) of the runs) for (?P<cost>{_NUMBER}{_UNIT}) with (?P<at>.+?)"
    rf"(?:, (?:in )?(?P<most>{_LEVEL}) for (?P<most_cost>{_NUMBER}{_UNIT}) with (?P<most_at>.+?))? "
    r"\((?P<names>.+)\); (?:no point(?P<none> that could be run)? is dominated|"
    r"(?P<rest>[\d,]+) of (?P<points>[\d,]+) points?(?P<run> that could be run)? (?:is|are) dominated"
    r"(?:, (?P<unclear>all |[\d,]+ |)with overlapping intervals)?)"
)
_FORMS = {
    "frontier": _FRONTIER,
    "solved": rf"{_CLAUSE}{_RUNS} {_SOLVED}",
    "own point": rf"At (?P<own>{_NUMBER})(?P<own_unit>{_UNIT}) \((?P<own_name>.+?)\) "
    rf"{_CLAUSE}{_RUNS} {_SOLVED}",
    "between": rf"{_CLAUSE}{_RUNS} (?P<direction>from|up to) {_BETWEEN}(?: on)? \((?P<name>.+)\)",
    "every point": rf"{_CLAUSE} in "
    r"(?P<part>every run|no run|(?:at least|less than) (?:half|[\d.]+ %) of the runs), "
    r"at (?P<points>every point(?: that could be run)?)",
    "every point of one run": rf"{_CLAUSE} at (?P<every>every|no) (?P<points>point(?: that could be run)?)",
    "some points": rf"{_CLAUSE}{_RUNS} at (?P<count>[\d,]+) of (?P<of>[\d,]+) points"
    r"(?P<run> that could be run)?",
    "interval": rf"90 % interval of the break-even value: "
    rf"(?P<low>{_NUMBER}) to (?P<high>{_NUMBER})(?P<unit>{_UNIT})",
    "sustained": rf"(?P<first>[Bb]etween {_NUMBER} and {_NUMBER}{_UNIT}|{_NUMBER}{_UNIT}) can be sustained "
    rf"until (?P<until>{_DAY}|the end of the period){_RUNS}"
    r"(?:, (?P<second>.+) in (?P<second_runs>[\d.]+ %) of the runs)?",
    "sustained nowhere": rf"(?P<even>Even|Not even) (?P<value>{_NUMBER})(?P<unit>{_UNIT}) can be sustained "
    rf"until (?P<until>{_DAY}|the end of the period)"
    r"(?: in (?P<part>at least half of the runs|half of the runs|every run|any run))?",
    "range at ends": rf"(?P<heading>.+?){_MEDIAN}: (?P<from>{_MEASURE}) with (?P<first>{_PLACE}), "
    rf"(?P<to>{_MEASURE}) with (?P<last>{_PLACE}) \((?P<name>.+)\)",
    "one value": rf"(?P<heading>.+?){_MEDIAN}: (?P<from>{_MEASURE}) at (?P<points>every point"
    r"(?: that could be run)?)",
    "range": rf"(?P<heading>.+?){_MEDIAN}: from (?P<from>{_MEASURE}) to (?P<to>{_MEASURE})",
    "nothing": r"No point of this sweep could be run",
}
_HEADINGS = {
    "exhausted": "Day on which the stock runs out",
    "rationed_from": "Day on which the requirement is not met",
    "closing_stock": "Stock at the end",
    "required": "{Many} required",
    "fired": "{Many} {past}",
    "unmet": "{Many} required but not {past}",
    "produced": "{Many} produced",
    "landed": "{Many} landed",
    "lost": "{Many} lost",
    "delivered": "{Many} delivered",
    "ordered": "{Many} ordered",
    "orders": "Orders placed",
    "spent": "Money spent on orders",
    "holding": "Cost of holding",
    "shortage": "Cost of shortage",
    "cost": "Total cost",
    "required.": "{Many} required by {name}",
    "fired.": "{Many} {past} by {name}",
    "unmet.": "{Many} required by {name} but not {past}",
    "met.": "Share of the requirement of {name} that is met",
    "backlog.": "Backlog of {name} at the end",
    "rationed_from.": "Day on which {name} falls short",
    "expired": "{Many} expired",
}
_MONEY = ("spent", "holding", "shortage", "cost")


#: Value and share of runs of points in order.
Curve = list[tuple[float, float]]


class Said(NamedTuple):
    """A sentence, where it is said, and the outcome and share of runs that it is about."""

    place: str
    sentence: str
    outcome: str = "exhausted"
    level: float = 0.5


@dataclass(frozen=True)
class SweepFolder:
    """Tables of a saved sweep."""

    table: pd.DataFrame
    solved: pd.DataFrame | None
    summary: Mapping[str, Any]
    words: Mapping[str, Any]

    @classmethod
    def read(cls, folder: Path) -> SweepFolder:
        solved = folder / "breakeven.csv"
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        return cls(
            pd.read_csv(folder / "sweep.csv"),
            pd.read_csv(solved) if solved.exists() else None,
            json.loads((folder / "summary.json").read_text("utf-8")),
            manifest["scenario"].get("names", {}),
        )

    @property
    def paths(self) -> list[str]:
        return list(self.summary["paths"])

    @property
    def runs(self) -> int:
        return int(self.summary["runs"])

    @cached_property
    def valid(self) -> pd.DataFrame:
        """Points without failed runs."""
        return self.table[self.table["failed"] == 0]

    @property
    def is_whole(self) -> bool:
        return len(self.valid) == len(self.table)

    def lasting(self, outcome: str) -> list[float]:
        """Share of runs at each valid point in which a date is not reached."""
        return [round(1.0 - float(share), 12) for share in self.valid[f"{outcome}_share"]]

    def curve(self, path: str, outcome: str, at: Mapping[str, float] | None = None) -> Curve:
        """Value and share of each valid point in order, at a value of the other path."""
        points = zip(_records(self.valid), self.lasting(outcome), strict=True)
        return sorted(
            (float(row[path]), share)
            for row, share in points
            if all(math.isclose(row[other], value) for other, value in (at or {}).items())
        )

    def row(self, path: str, level: float, at: Mapping[str, float] | None = None) -> Mapping[str, Any] | None:
        """Break-even value of a path as stored, at a value of the other path."""
        if self.solved is None:
            return None
        found = [
            row
            for row in _records(self.solved)
            if row["path"] == path and row["holds"] == level and row["reached"]
            and all(math.isclose(row[other], value) for other, value in (at or {}).items())
        ]  # fmt: skip
        return found[0] if len(found) == 1 else None

    @property
    def noun(self) -> str:
        """Plural of the noun of the shells."""
        found = {word["many"] for word in self.words.get("nouns", {}).values()}
        return found.pop() if len(found) == 1 else "items" if found else "shells"

    @property
    def currency(self) -> str:
        return str(self.words.get("currency", ""))

    def consumer(self, outcome: str) -> str:
        """Name for readers of the consumer of an outcome; empty for another outcome."""
        name = outcome.partition(".")[2]
        return str(self.words.get("labels", {}).get(f"consumption.{name}") or name.capitalize())

    @property
    def past(self) -> str:
        found = {word["past"] for word in self.words.get("verbs", {}).values()} or {"fired"}
        return found.pop() if len(found) == 1 else "used"

    @property
    def last_days(self) -> str:
        """The last 90 days, or all of a shorter period."""
        start, end = self.summary["start"], self.summary["end"]
        if start is None or end is None:
            return "the last 90 days at most"
        days = min(90, (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days)
        return "the last day" if days == 1 else f"the last {days} days"

    def agreeing(self, unit: str, number: str) -> str:
        """Return a unit as it follows a number: `` shell`` and `` day`` after 1."""
        if number != "1":
            return unit
        one = {word["many"]: word["one"] for word in self.words.get("nouns", {}).values()}
        return unit.replace(self.noun, one.get(self.noun, self.noun[:-1])).replace(" days", " day")

    def unit(self, path: str) -> tuple[str, float]:
        """Unit of the values of a path in a sentence, and its factor."""
        base = self.summary["units"][path]
        if base == "money":
            return f" {self.currency}", 1.0
        if base == "shells/day":
            if path.startswith("production."):
                return f" {self.noun} a year", 365.25
            largest = float(self.table[path].max())
            for period, days in PERIODS.items():
                if largest * days >= 10 or period == "year" or largest == 0.0:
                    return f" {self.noun} a {period}", days
        return {"shells": (f" {self.noun}", 1.0), "share": (" %", 100.0), "days": (" days", 1.0)}.get(
            base, ("", 1.0)
        )

    def name(self, path: str) -> str:
        """Name of a path for readers."""
        return name_of_path(self.words, path)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


class SweepReading(Claims):
    """The reader's results for a sweep."""

    folder: SweepFolder

    def path_named(self, name: str | None) -> str:
        """Return the varied path of a name."""
        found = [path for path in self.folder.paths if self.folder.name(path) == name]
        self.claim(f"the paths are {list(map(self.folder.name, self.folder.paths))}", holds=len(found) == 1)
        return found[0] if found else self.folder.paths[0]

    def value(self, what: str, text: str, unit: str | None, path: str, value: float, digits: int) -> None:
        """Check a value of a path, and its unit."""
        expected, factor = self.folder.unit(path)
        self.number(what, text, value * factor, digits)
        if unit is not None:
            own = self.folder.agreeing(expected, text)
            self.claim(f"the unit is {own!r}, not {unit!r}", holds=unit == own)


def read_sweep_folder(folder: Path, sentences: Sequence[Said]) -> SweepReading:
    """Return the errors of the sentences about the sweep in a folder."""
    reading = SweepReading()
    reading.folder = SweepFolder.read(folder)
    for number, said in enumerate(sentences):
        _read(reading, said, sentences[number - 1] if number else None)
    return reading


def _read(reading: SweepReading, said: Said, before: Said | None) -> None:
    matches = ((form, re.fullmatch(pattern, said.sentence)) for form, pattern in _FORMS.items())
    form, match = next((each for each in matches if each[1]), ("unread", None))
    if match is None:
        reading.begin(form, said.sentence)
        reading.unread()
        return
    reading.begin(form, said.sentence)
    found = match.groupdict()
    valid = reading.folder.valid
    if form == "nothing":
        reading.claim(f"{len(valid)} points have results", holds=valid.empty)
        return
    reading.claim("no point has a result", holds=not valid.empty)
    if found.get("until"):
        _until(reading, found["until"])
    if found.get("clause"):
        _clause(reading, said, found["clause"])
    _check(reading, said, found, (form, before))


def _check(
    reading: SweepReading, said: Said, found: Mapping[str, str], context: tuple[str, Said | None]
) -> None:
    """Check the numbers of a sentence by its form, given the sentence before it."""
    form, before = context
    if form == "frontier":
        _frontier(reading, said, found)
    elif form.startswith(("solved", "own")):
        _solved(reading, said, found)
    elif form == "between":
        path = reading.path_named(found["name"])
        _runs(reading, found["runs"], said.level)
        _between(reading, said, found, path, is_rising=found["direction"] == "from")
    elif "every" in found:
        _every(reading, said, found)
    elif form in {"every point", "some points"}:
        _count(reading, said, found, form)
    elif form == "interval":
        _interval(reading, said, found, before)
    elif form.startswith("sustained"):
        _sustained(reading, found, form)
    else:
        _range(reading, said, found, form)


def _until(reading: SweepReading, until: str) -> None:
    end = reading.folder.summary["end"]
    is_right = end is None if until == "the end of the period" else iso(until) == end
    reading.claim(f"the end is {end}", holds=is_right)


def _clause(reading: SweepReading, said: Said, clause: str) -> None:
    several = (reading.folder.summary["stocks"] or 1) > 1
    days = said.outcome.removeprefix("below_")
    words = {
        "exhausted": "every stock lasts" if several else "the stock lasts",
        "rationed_from": "the requirement is met",
    }.get(
        said.outcome,
        f"at least {days} day{' is' if days == '1' else 's are'} left{' in every stock' if several else ''}",
    )
    if said.outcome.startswith("rationed_from."):
        words = f"the requirement of {reading.folder.consumer(said.outcome).lower()} is met"
    text = clause.replace(" of supply", "").lower()
    reading.claim(f"the outcome is {said.outcome}, of {several and 'several stocks'}", holds=text == words)


def _runs(reading: SweepReading, text: str | None, level: float) -> None:
    if reading.folder.runs == 1:
        reading.claim("there is one run", holds=text is None)
        return
    reading.claim(f"the share is {level}", holds=text is not None and _share(text) == level)


def _share(text: str) -> float:
    return 0.5 if text == "half" else float(text.removesuffix(" %")) / 100


def _holds_beyond(
    reading: SweepReading,
    curve: Sequence[tuple[float, float]],
    value: float,
    level: float,
    *,
    is_rising: bool,
) -> None:
    """Check that at each point a share of runs holds just on one side of a value."""
    for at, share in curve:
        if not math.isclose(at, value):
            is_beyond = (at > value) == is_rising
            reading.claim(f"at {at} the share is {share}", holds=(share >= level) == is_beyond)
    ends = [at for at, _ in curve]
    reading.claim(f"the values are {ends}", holds=min(ends) <= value <= max(ends))


def _solved(reading: SweepReading, said: Said, found: Mapping[str, str]) -> None:
    folder = reading.folder
    path = reading.path_named(found["name"])
    at = {}
    if "own" in found:
        other = reading.path_named(found["own_name"])
        own = folder.summary["own"][other]
        reading.claim("two paths vary", holds=path != other and len(folder.paths) == 2)
        reading.value("its own value", found["own"], found["own_unit"], other, own, 3)
        at = {other: own}
    _runs(reading, found["runs"], said.level)
    row = folder.row(path, said.level, at)
    reading.claim("no break-even value is stored", holds=row is not None)
    if row is None:
        return
    reading.value("the value", found["value"], found["unit"], path, row["value"], 4)
    reading.claim(f"it rises: {row['rises']}", holds=bool(row["rises"]) == (found["side"] == "more"))
    curve = folder.curve(path, "exhausted", at)
    if curve:
        _holds_beyond(reading, curve, row["value"], said.level, is_rising=found["side"] == "more")
    else:
        values = sorted({float(each) for each in folder.table[next(iter(at))]})
        reading.claim(
            f"{at} is not within {values}", holds=values[0] <= next(iter(at.values())) <= values[-1]
        )


def _between(
    reading: SweepReading,
    said: Said,
    found: Mapping[str, str],
    path: str,
    *,
    is_rising: bool,
    curve_of: str = "",
) -> None:
    """Check two neighbours of the grid, at one of which a share of runs holds."""
    folder = reading.folder
    curve = folder.curve(path, said.outcome)
    changes = [
        (low, high, after >= said.level)
        for (low, before), (high, after) in pairwise(curve)
        if (before >= said.level) != (after >= said.level)
    ]
    reading.claim(f"the share changes at {changes}", holds=len(changes) == 1)
    if len(changes) != 1:
        return
    low, high, rises = changes[0]
    reading.value("the value below", found["low"], None, path, low, 3)
    reading.value("the value above", found["high"], found["unit"], path, high, 3)
    reading.claim(f"it rises: {rises}", holds=rises == is_rising)
    reading.claim(
        "it is solved for", holds=said.outcome != "exhausted" or folder.row(path, said.level) is None
    )


def _count(reading: SweepReading, said: Said, found: Mapping[str, str], form: str) -> None:
    shares = reading.folder.lasting(said.outcome)
    enough = [share >= said.level for share in shares]
    words = found.get("points") or f"points{found['run'] or ''}"
    is_whole = reading.folder.is_whole
    reading.claim(f"all points could be run: {is_whole}", holds=words.endswith("run") != is_whole)
    if form == "some points":
        _runs(reading, found["runs"], said.level)
        reading.claim(f"{sum(enough)} points", holds=int(found["count"].replace(",", "")) == sum(enough))
        reading.claim(f"of {len(shares)}", holds=int(found["of"].replace(",", "")) == len(shares))
        return
    part, least, most = found["part"], min(shares), max(shares)
    reading.claim(f"the shares are {least} to {most}", holds=least > 0.0 or part != "every run")
    level = re.search(r"(half|[\d.]+ %) of", part)
    holds = {
        "every": least == 1.0,
        "no": most == 0.0,
        "at": all(enough) and least < 1.0,
        "less": not any(enough) and most > 0.0,
    }[part.split(" ")[0]]
    reading.claim(f"the shares are {least} to {most}", holds=holds)
    if level:
        _runs(reading, level[1], said.level)


def _every(reading: SweepReading, said: Said, found: Mapping[str, str]) -> None:
    """Check that the outcome of the only run holds at every point, or at none."""
    shares, is_whole = reading.folder.lasting(said.outcome), reading.folder.is_whole
    reading.claim("there are several runs", holds=reading.folder.runs == 1)
    reading.claim(f"all points could be run: {is_whole}", holds=found["points"].endswith("run") != is_whole)
    wanted = 1.0 if found["every"] == "every" else 0.0
    reading.claim(f"the shares are {shares}", holds=set(shares) == {wanted})


def _interval(reading: SweepReading, said: Said, found: Mapping[str, str], before: Said | None) -> None:
    folder = reading.folder
    name = re.search(r"\(([^()]+)\)$", before.sentence) if before else None
    reading.claim("it follows no break-even value", holds=name is not None)
    if name is None or before is None:
        return
    path = reading.path_named(name[1])
    at = {other: folder.summary["own"][other] for other in folder.paths if other != path}
    row = folder.row(path, before.level, at)
    reading.claim("no break-even value is stored", holds=row is not None)
    if row is None:
        return
    reading.value("the lower end", found["low"], None, path, row["low"], 4)
    reading.value("the upper end", found["high"], found["unit"], path, row["high"], 4)
    reading.claim(f"the value is {row['value']}", holds=row["low"] <= row["value"] <= row["high"])
    for value, share in folder.curve(path, "exhausted", at):
        count = round(share * folder.runs)
        under = float(stats.binom.cdf(count, folder.runs, before.level))
        over = float(stats.binom.sf(count - 1, folder.runs, before.level))
        is_outside = not row["low"] <= value <= row["high"]
        is_unlike = under < _TAIL or over <= _TAIL
        at_end = math.isclose(value, row["low"]) or math.isclose(value, row["high"])
        reading.claim(f"at {value} {count} of {folder.runs} last", holds=at_end or is_outside == is_unlike)


def _sustained(reading: SweepReading, found: Mapping[str, str], form: str) -> None:
    folder = reading.folder
    (path,) = folder.paths
    reading.claim("the path is a rate of consumption", holds=path.startswith("consumption."))
    if form == "sustained nowhere":
        curve = folder.curve(path, "exhausted")
        is_even = found["even"] == "Even"
        value, most = curve[-1] if is_even else curve[0]
        reading.value("the value", found["value"], found["unit"], path, value, 3)
        part = {True: "every run", False: "at least half of the runs"}[most == 1.0]
        if not is_even:
            part = {True: "any run", False: "half of the runs"}[most == 0.0]
        reading.claim(f"the part is {part}", holds=found["part"] == (None if folder.runs == 1 else part))
        for at, share in curve:
            reading.claim(f"at {at} the share is {share}", holds=(share >= 0.5) == is_even)
        return
    first = _share(found["runs"]) if found["runs"] else 0.5
    _runs(reading, found["runs"], first)
    parts = [(found["first"], first)]
    if found["second"]:
        reading.claim("half of the runs come first", holds=first == 0.5)
        parts.append((found["second"], _share(found["second_runs"])))
    for text, level in parts:
        reading.claim("the shares are half and 95 %", holds=level in {0.5, 0.95})
        _rate(reading, path, text, level)
    crossed = [level for level in (0.5, 0.95)[: 1 + (folder.runs > 1)] if _is_crossed(folder, path, level)]
    reading.claim(f"the share changes for {crossed}", holds=crossed == [level for _, level in parts])


def _is_crossed(folder: SweepFolder, path: str, level: float) -> bool:
    shares = [share >= level for _, share in folder.curve(path, "exhausted")]
    return sum(one != other for one, other in pairwise(shares)) == 1


def _rate(reading: SweepReading, path: str, text: str, level: float) -> None:
    said = Said("", text, "exhausted", level)
    between = re.fullmatch(f"(?i:{_BETWEEN})", text)
    if between:
        _between(reading, said, between.groupdict(), path, is_rising=False)
        return
    solved = re.fullmatch(rf"(?P<value>{_NUMBER})(?P<unit>{_UNIT})", text)
    row = reading.folder.row(path, level)
    reading.claim("no break-even value is stored", holds=bool(solved) and row is not None)
    if solved and row is not None:
        reading.value("the rate", solved["value"], solved["unit"], path, row["value"], 4)
        reading.claim("more cannot be sustained", holds=not row["rises"])
        _holds_beyond(reading, reading.folder.curve(path, "exhausted"), row["value"], level, is_rising=False)


def _range(reading: SweepReading, said: Said, found: Mapping[str, str], form: str) -> None:
    folder = reading.folder
    many = folder.noun
    lead = (
        "Fire" if (many, folder.past) == ("shells", "fired") else f"{many.capitalize()} {folder.past} a day"
    )
    last = f"{lead} over {folder.last_days}"
    cover = said.outcome.removeprefix("below_")
    heading = _HEADINGS.get(
        said.outcome,
        f"Day on which less than {cover} day{' of supply is' if cover == '1' else 's of supply are'} left",
    )
    figure, _, consumer = said.outcome.partition(".")
    if consumer and f"{figure}." in _HEADINGS:
        heading = _HEADINGS[f"{figure}."].replace("{name}", folder.consumer(said.outcome))
    heading = heading.replace("{Many}", many.capitalize()).replace("{past}", folder.past)
    if (folder.summary["stocks"] or 1) > 1:
        heading = heading.replace("the stock", "the first stock")
    heading = last if said.outcome == "sustained_fire" else heading
    reading.claim(f"the heading is {heading}", holds=found["heading"] == heading)
    medians = [float(value) for value in folder.valid[f"{said.outcome}_p50"]]
    reading.claim("a median of one run", holds=bool(found["median"]) == (folder.runs > 1))
    reading.claim("a median is not known", holds=not any(map(math.isnan, medians)))
    if form == "one value":
        is_whole = folder.is_whole
        reading.claim(
            f"all points could be run: {is_whole}", holds=found["points"].endswith("run") != is_whole
        )
        for value in medians:
            _measure(reading, said, found["from"], value)
    elif form == "range":
        _measure(reading, said, found["from"], min(medians))
        _measure(reading, said, found["to"], max(medians))
    else:
        (path,) = folder.paths
        ends = folder.table["failed"].iloc[[0, -1]]
        reading.claim("the first and the last value have results", holds=not ends.any())
        reading.path_named(found["name"])
        values = list(folder.valid[path])
        for text, value in ((found["first"], values[0]), (found["last"], values[-1])):
            number = re.fullmatch(rf"({_NUMBER})({_UNIT})", text)
            if number:
                reading.value("the value", number[1], number[2], path, float(value), 3)
            else:
                reading.claim(f"the value is {value}", holds=text == value)
        _measure(reading, said, found["from"], medians[0])
        _measure(reading, said, found["to"], medians[-1])


def _frontier(reading: SweepReading, said: Said, found: Mapping[str, str]) -> None:
    """Check both ends of the frontier, and the number of points that another point beats."""
    folder, service = reading.folder, said.outcome
    rows = _records(folder.valid)
    if service == "met":
        levels = [1.0 - row["unmet_mean"] / row["required_mean"] for row in rows]
    elif service.startswith("met."):
        levels = [row[f"{service}_mean"] for row in rows]
        name = folder.consumer(service)
        reading.claim(f"the consumer is {name}", holds=found["of_consumer"] == name)
    else:
        levels = folder.lasting(service)
    points = [
        (float(f"{row['cost_mean']:.9g}"), float(f"{level:.9g}"), row)
        for row, level in zip(rows, levels, strict=True)
    ]
    best = [
        own
        for own in points
        if not any(
            cost <= own[0] and level >= own[1] and (cost, level) != own[:2] for cost, level, _ in points
        )
    ]
    best.sort(key=lambda point: point[0])
    ends = best[:1] if best[0][1] == best[-1][1] else [best[0], best[-1]]
    reading.claim(f"the frontier has {len(ends)} ends", holds=len(ends) == 1 + bool(found["most"]))
    texts = [(found["met"] or found["held"], found["cost"], found["at"])]
    texts.append((found["most"], found["most_cost"], found["most_at"]))
    for (level_text, cost_text, at), (cost, level, row) in zip(texts, ends, strict=False):
        if level_text.lower() == "over 99.99 %":
            reading.claim(f"the service is {level}", holds=0.9999 < level < 1.0)
        else:
            reading.number("the service", level_text.removesuffix(" %"), 100 * level, 4)
            reading.claim(f"the service is {level}", holds=level_text != "100 %" or level == 1.0)
        number, _, unit = cost_text.partition(" ")
        reading.number("the cost", number, cost)
        reading.claim(f"the currency is {folder.currency}", holds=unit == folder.currency)
        for text, path in zip(at.split(" and "), folder.paths, strict=True):
            match = re.fullmatch(rf"({_NUMBER})({_UNIT})", text)
            reading.claim(f"{text} has a value", holds=match is not None)
            if match:
                reading.value("the value", match[1], match[2], path, row[path], 3)
    names = " and ".join(folder.name(path) for path in folder.paths)
    reading.claim(f"the paths are {names}", holds=found["names"] == names)
    rest = len(points) - len(best)
    said_rest = int((found["rest"] or "0").replace(",", ""))
    reading.claim(f"{rest} are dominated", holds=said_rest == rest)
    if found["points"]:
        reading.claim(f"there are {len(points)}", holds=int(found["points"].replace(",", "")) == len(points))
    unclear = _unclear_points(folder, service, points)
    text = "0" if found["unclear"] is None else found["unclear"].replace(",", "").strip()
    said_unclear = rest if text in {"", "all"} else int(text)
    reading.claim(f"the intervals of {unclear} overlap", holds=said_unclear == unclear)
    reading.claim(f"{rest} are all of them", holds=text not in {"", "all"} or (text == "all") == (rest > 1))
    could = bool(found["run"] or found["none"])
    reading.claim("all points could be run", holds=could != folder.is_whole)


def _unclear_points(folder: SweepFolder, service: str, points: Sequence[tuple[float, float, Any]]) -> int:
    """Return how many points are beaten, but by none whose 90 % interval of cost or service is apart."""
    runs = folder.runs
    if runs == 1:
        return 0

    def intervals(level: float, row: Any) -> tuple[tuple[float, float], tuple[float, float]]:
        paid = row["cost_mean"], row["cost_se"]
        if service == "met":
            need, part = row["required_mean"], 1.0 - level
            error = (row["unmet_se"] + part * row["required_se"]) / need if need else 0.0
        elif service.startswith("met."):
            error = row[f"{service}_se"]
        else:
            test = stats.binomtest(round(level * runs), runs).proportion_ci(0.9)
            return t_interval(*paid), (test.low, test.high)
        return t_interval(*paid), t_interval(level, error)

    def t_interval(mean: float, error: float) -> tuple[float, float]:
        half = stats.t(runs - 1).ppf(0.95) * error
        return mean - half, mean + half

    def apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
        return max(one[0], other[0]) > min(one[1], other[1])

    count = 0
    for cost, level, row in points:
        own = intervals(level, row)
        beaten = [
            intervals(other_level, other)
            for other_cost, other_level, other in points
            if other_cost <= cost and other_level >= level and (other_cost, other_level) != (cost, level)
        ]
        count += bool(beaten) and not any(apart(own[0], each[0]) or apart(own[1], each[1]) for each in beaten)
    return count


def _measure(reading: SweepReading, said: Said, text: str, value: float) -> None:
    """Check a median of an outcome: a date, or a number with its unit."""
    start = reading.folder.summary["start"]
    if said.outcome.startswith(("exhausted", "rationed_from", "below_")):
        day = dt.date.fromisoformat(start) + dt.timedelta(days=round(value))
        reading.claim(f"the date is {day}", holds=iso(text) == day.isoformat())
        return
    match = re.fullmatch(rf"({_NUMBER})({_UNIT})", text)
    assert match
    many = reading.folder.noun
    unit = " a day" if said.outcome == "sustained_fire" else reading.folder.agreeing(f" {many}", match[1])
    unit = f" {reading.folder.currency}" if said.outcome in _MONEY else unit
    unit = "" if said.outcome == "orders" else " %" if said.outcome.startswith("met.") else unit
    value = value * 100 if said.outcome.startswith("met.") else value
    reading.number("the median", match[1], value)
    reading.claim(f"the unit is {unit!r}", holds=match[2] == unit)
