"""Headlines of the charts of voyages: arrivals of a timeline; fullest day, week or month of a pipeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from sim.errors import format_count
from sim.findings.finding import Finding, Scope, Value
from sim.findings.wording import agreeing
from sim.formatting import count_text, long_date, month_name, percent
from sim.names import Noun

_SOURCES = ("shipments.csv",)


def timeline_headline(scope: Scope, run: int, arrivals: Sequence[dt.date]) -> Finding:
    """Return the headline of a timeline: the first arrival at a depot, and the longest wait for the next."""
    values: dict[str, Value] = {"arrivals": len(arrivals)}
    end = dt.date.fromisoformat(scope.end) - dt.timedelta(days=1)
    if not arrivals:
        return Finding(
            "timeline", scope, values, f"In run {run} no cargo reaches a depot by {long_date(end)}", _SOURCES
        )
    values["first"] = arrivals[0].isoformat()
    lead = f"In run {run} the first cargo reaches a depot on {long_date(arrivals[0])}"
    if len(arrivals) == 1:
        return Finding("timeline", scope, values, f"{lead}; it is the only one", _SOURCES)
    wait, since = max(((b - a).days, a) for a, b in pairwise(arrivals))
    values |= {"longest_wait": wait, "longest_wait_from": since.isoformat()}
    every = "one a day" if wait <= 1 else f"one every {format_count(wait, 'day')}"
    sentence = f"{lead}, then at least {every} to {long_date(arrivals[-1])}"
    return Finding("timeline", scope, values, sentence, _SOURCES)


class FullestBin(NamedTuple):
    """The day, week or month with most cargo under way: its first day, and the mean cargo by stage."""

    name: str
    day: dt.date
    stages: Mapping[str, float]

    @property
    def phrase(self) -> str:
        """When it is: ``on 14 May 2025``, ``on average in the week from 8 May 2025``."""
        if self.name == "day":
            return f"on {long_date(self.day)}"
        when = month_name(self.day) if self.name == "month" else f"the week from {long_date(self.day)}"
        return f"on average in {when}"


def pipeline_headline(scope: Scope, runs: str, noun: Noun, fullest: FullestBin) -> Finding:
    """Return the headline of a pipeline chart: its fullest bin, and where most of the cargo is then."""
    stages = fullest.stages
    total = sum(stages.values())
    if total == 0.0:
        return Finding(
            "pipeline", scope, {"total": 0.0}, "No cargo is under way at the end of a day", _SOURCES
        )
    most = max(stages, key=lambda name: stages[name])
    values: dict[str, Value] = {
        "date": fullest.day.isoformat(),
        "bin": fullest.name,
        "total": total,
        "largest": most,
        "share": stages[most] / total,
    }
    share = "all" if len([each for each in stages.values() if each]) == 1 else percent(stages[most] / total)
    number = count_text(total)
    cargo, them = f"{noun.counted(number)} {agreeing(number, 'is', 'are')}", agreeing(number, "it", "them")
    sentence = f"At most {cargo} in the pipeline, {fullest.phrase}, {share} of {them} {most}"
    return Finding("pipeline", scope, values, f"{sentence} ({runs})", _SOURCES)
