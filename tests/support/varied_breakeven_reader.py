"""Independent reader of break-even searches at several values of other numbers, their reasons and caveats.

Each answer is checked against the values tried at its point by `breakeven_reader`; a reason against a run
at the value that it names. It imports nothing of the package.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from tests.support.breakeven_reader import BreakevenReading, read_answer
from tests.support.claims import Claims, is_rounded, name_of_path
from tests.support.folder_figures import First, RunFolder, plain
from tests.support.sentence_grammar import iso

_NUMBER = r"\d[\d,]*(?:\.\d+)?(?:M|bn)?"
_DATE = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_PERIODS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_ARRIVES = rf"Nothing from (?P<origin>.+?) arrives before (?P<day>{_DATE}|[A-Z][a-z]+ \d{{4}})\."
_EVENT = r"(?:the|less) [a-z ]+?(?: [\d.]+ days? of supply)?(?: for the first time)?"
_MISSED = (
    rf"With (?P<value>{_NUMBER})(?P<unit>[a-z %]*?) (?P<event>{_EVENT})(?P<median> in the median run)?"
    rf" on (?P<missed>{_DATE})\."
)
_CROSSES = (
    r"the share of runs crosses (?P<share>[\d.]+ %) at (?P<times>\d+) values or more; "
    r"the lowest of them is given"
)
_SEARCHED = rf"searched from (?P<from>{_NUMBER}) to (?P<to>{_NUMBER})(?P<unit>[a-z %]*?) only; elsewhere .+"
_NONE = r"no break-even value at any of (?P<points>[\d,]+) points"
_EVENTS = {
    "the stock runs out": "exhausted",
    "the first stock runs out": "exhausted",
    "less than the requirement is met for the first time": "rationed_from",
}
RunWith = Callable[[Mapping[str, Any], float], RunFolder]


class VariedReading(Claims):
    """The reader's results for one search."""

    summary: Mapping[str, Any]
    words: Mapping[str, Any]
    table: pd.DataFrame
    points: pd.DataFrame

    @property
    def varied(self) -> list[str]:
        return list(self.summary["varied"])

    @property
    def name(self) -> str:
        return name_of_path(self.words, self.summary["solve"])

    def at(self, answer: Mapping[str, Any], table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a table at the varied values of an answer."""
        for path, value in answer.get("at", {}).items():
            table = table[table[path] == value]
        return table

    def shows(self, text: str, path: str, value: float) -> bool:
        """Return whether a text is a value of a path, with its unit."""
        match = re.fullmatch(rf"({_NUMBER})( [a-z %]*)?", text)
        if match is None:
            return False
        unit = match[2] or ""
        period = re.search(r" a (day|week|month|year)", unit)
        is_rate = self.summary["units"][path] == "shells/day"
        factor = _PERIODS[period[1]] if period else self.period(path) if is_rate else 1.0
        return is_rounded(match[1], value * (factor if is_rate else 1.0), 4)

    def period(self, path: str) -> float:
        """Days of the period of a rate as the file has it."""
        match = re.search(r"/ *(day|week|month|year)", self.summary["written"][path])
        return _PERIODS[match[1]] if match else 1.0


def read_varied_breakeven(folder: Path, run_with: RunWith) -> VariedReading:
    """Return the errors of the sentences of the search in a folder.

    Parameters
    ----------
    folder : Path
    run_with : callable
        Makes the folder of the runs at varied values (by path) and a value of the solved number.
    """
    reading = VariedReading()
    reading.summary = json.loads((folder / "summary.json").read_text("utf-8"))
    reading.words = json.loads((folder / "manifest.json").read_text("utf-8"))["scenario"].get("names", {})
    reading.table = pd.read_csv(folder / "breakeven.csv")
    reading.points = pd.read_csv(folder / "breakeven-points.csv")
    findings = reading.summary["findings"]
    answers = [each["sentence"] for each in findings if each["kind"] == "breakeven"]
    reading.claim(f"{len(answers)} answers", holds=len(answers) == len(reading.summary["answers"]))
    for text, answer in zip(answers, reading.summary["answers"], strict=False):
        _answer(reading, text, answer, run_with)
    for finding in findings:
        if finding["kind"] == "breakeven_headline" and reading.varied:
            _headline(reading, finding["sentence"])
        elif finding["kind"] == "breakeven_caveat":
            _caveat(reading, finding["sentence"])
    return reading


def _lead(reading: VariedReading, text: str, answer: Mapping[str, Any]) -> str:
    """Check the name and the varied values before a sentence, and return the rest."""
    parts = answer.get("at", {})
    names = [re.escape(name_of_path(reading.words, path)) for path in parts]
    inside = "; ".join(f"{name}: (.+?)" for name in names)
    match = re.match(re.escape(reading.name) + (rf" \({inside}\)" if parts else "") + ": ", text)
    reading.claim(f"it is about {reading.name} at {parts}", holds=match is not None)
    if match is None:
        return ""
    for said, (path, value) in zip(match.groups(), parts.items(), strict=True):
        is_right = said == value if isinstance(value, str) else reading.shows(said, path, value)
        reading.claim(f"{path} is {value}", holds=is_right)
    return text[match.end() :]


def _answer(reading: VariedReading, text: str, answer: Mapping[str, Any], run_with: RunWith) -> None:
    reading.begin("varied answer" if reading.varied else "answer", text)
    rest = _lead(reading, text, answer)
    points = reading.at(answer, reading.points).sort_values("value")
    value = float(reading.at(answer, reading.table)["value"].iloc[0])
    pairs = list(zip(points["value"].tolist(), points["share"].tolist(), strict=True))
    one = BreakevenReading(pairs, reading.summary, value)
    if hasattr(one, "met") and "met_share" in points:
        one.met = points["met_share"].tolist()
    read_answer(one, f"{reading.name}: {rest}")
    reading.claims += one.claims
    reading.failures += one.failures
    reading.kinds += one.kinds
    if not math.isnan(value):
        reading.claim("a reason beside a value", holds="Nothing from" not in rest and "With " not in rest)
        return
    if "arrives before" in rest or " With " in rest:
        _reason(reading, rest, answer, run_with, pairs)


def _reason(
    reading: VariedReading,
    text: str,
    answer: Mapping[str, Any],
    run_with: RunWith,
    points: list[tuple[float, float]],
) -> None:
    """Check why no value holds: the first arrival, and the day on which the target is missed."""
    arrives, missed = re.search(_ARRIVES, text), re.search(_MISSED, text)
    reading.claim("no rule of the grammar reads the reason", holds=bool(arrives or missed))
    most = max(share for _, share in points)
    best = [value for value, share in points if share == most]
    value = float(answer["best"]["value"])
    if missed:
        said = f"{missed['value']}{missed['unit']}"
        near = [each for each in best if reading.shows(said, reading.summary["solve"], each)]
        reading.claim(f"the best values are {best}", holds=bool(near))
        value = near[0] if near else value
    runs = run_with(answer.get("at", {}), value)
    if arrives:
        reading.kinds["reason: arrival"] += 1
        rows = runs.origins[runs.origins["kind"].isin(["produced", "landed"]) & (runs.origins["mean"] > 0)]
        own = rows[[plain(runs.origin(str(name))) == plain(arrives["origin"]) for name in rows["origin"]]]
        if re.fullmatch(_DATE, arrives["day"]):
            day = iso(arrives["day"])
            months = set(own["month"])
            is_first = day[:7] == min(months, default=runs.end.isoformat()[:7])
            reading.claim(f"it arrives in {months}", holds=is_first or (not months and day == str(runs.end)))
            if len(set(rows["origin"])) == 1:
                kinds = runs.flows[runs.flows["kind"].isin(["produced", "landed"]) & (runs.flows["mean"] > 0)]
                reading.claim(f"it arrives on {kinds['date'].min()}", holds=day == kinds["date"].min())
    if missed:
        reading.kinds["reason: miss"] += 1
        cover = re.search(r"below ([\d.]+) days?", missed["event"])
        column = f"below_{cover[1]}" if cover else _EVENTS[missed["event"]]
        dates = [None if isinstance(each, float) else str(each) for each in runs.outcomes[column]]
        middle = First.of_dates(dates).p50
        reading.claim(f"it is missed on {middle}", holds=iso(missed["missed"]) == middle)
        is_single = reading.summary["certain"] or runs.runs == 1
        reading.claim("one run", holds=(missed["median"] is None) == is_single)


def _headline(reading: VariedReading, text: str) -> None:
    reading.begin("varied headline", text)
    found = [
        (tuple(answer["at"].values()), answer["value"])
        for answer in reading.summary["answers"]
        if answer["value"] is not None
    ]
    rest = _lead(reading, text, {})
    none = re.fullmatch(_NONE, rest)
    if none:
        count = int(none["points"].replace(",", ""))
        is_right = not found and count == len(reading.summary["answers"])
        reading.claim(f"{len(found)} values are found", holds=is_right)
        return
    parts = rest.removeprefix("break-even at ").split(", at ")
    if not rest.startswith("break-even at ") or not found:
        reading.unread()
        return
    # By the first varied value.
    ordered = sorted(found, key=lambda each: each[0][0])
    ends = ordered[:1] if len(ordered) == 1 else [ordered[0], ordered[-1]]
    reading.claim(f"the values are {found}", holds=len(parts) == len(ends))
    for part, (at, value) in zip(parts, ends, strict=False):
        said, _, places = part.partition(" with ")
        reading.claim(f"the value is {value}", holds=reading.shows(said, reading.summary["solve"], value))
        shown = places.split(" and ")
        for place, path, each in zip(shown, reading.varied, at, strict=True):
            same = place == each if isinstance(each, str) else reading.shows(place, path, each)
            reading.claim(f"{path} is {each}", holds=same)


def _caveat(reading: VariedReading, text: str) -> None:
    reading.begin("caveat", text)
    for answer in reading.summary["answers"]:
        lead = VariedReading()
        lead.summary, lead.words, lead.current = reading.summary, reading.words, text
        rest = _lead(lead, text, answer)
        if not lead.failures:
            break
    points = reading.at(answer, reading.points).sort_values("value")
    crosses, searched = re.fullmatch(_CROSSES, rest), re.fullmatch(_SEARCHED, rest)
    if crosses:
        holds = reading.summary["holds"]
        enough = [share >= holds for share in points["share"]]
        turns = sum(one != other for one, other in pairwise(enough))
        share = float(crosses["share"].removesuffix(" %")) / 100
        reading.claim(f"the share is {holds}", holds=math.isclose(share, holds))
        reading.claim(f"it crosses {turns} times", holds=1 < int(crosses["times"]) <= turns)
        value = reading.at(answer, reading.table)["value"].iloc[0]
        lowest = next(place for place, (one, other) in enumerate(pairwise(enough)) if one != other)
        ends = points["value"].tolist()[lowest : lowest + 2]
        reading.claim(f"the lowest lies between {ends}", holds=value in ends)
    elif searched:
        path = reading.summary["solve"]
        for key, value in (("from", points["value"].min()), ("to", points["value"].max())):
            said = f"{searched[key]}{searched['unit']}"
            reading.claim(f"it was searched {key} {value}", holds=reading.shows(said, path, value))
    else:
        reading.unread()
