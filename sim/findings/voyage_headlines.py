"""Headlines of the charts of voyages: the arrivals of a timeline, and the fullest day of a pipeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise

from sim.errors import format_count
from sim.findings.finding import Finding, Scope, Value
from sim.formatting import count_text, long_date, percent

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


def pipeline_headline(
    scope: Scope, runs: str, noun: str, peak: tuple[dt.date, Mapping[str, float]]
) -> Finding:
    """Return the headline of a pipeline chart: its fullest day, and where most of the cargo is then."""
    day, stages = peak
    total = sum(stages.values())
    if total == 0.0:
        return Finding(
            "pipeline", scope, {"total": 0.0}, "No cargo is under way at the end of a day", _SOURCES
        )
    most = max(stages, key=lambda name: stages[name])
    values: dict[str, Value] = {
        "date": day.isoformat(),
        "total": total,
        "largest": most,
        "share": stages[most] / total,
    }
    share = "all" if len([each for each in stages.values() if each]) == 1 else percent(stages[most] / total)
    cargo = f"{count_text(total)} {noun}"
    sentence = f"At most {cargo} are in the pipeline, on {long_date(day)}, {share} of them {most}"
    return Finding("pipeline", scope, values, f"{sentence} ({runs})", _SOURCES)
