"""Findings of a sweep: at which values an outcome holds, and its range over the points.

No finding rests on interpolation: a threshold is a solved break-even value that the sweep stores, or the two
neighbouring values of the grid.
"""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise
from typing import NamedTuple

from sim.findings.finding import Finding, Value
from sim.findings.sweep_figures import (
    Solved,
    SweepTables,
    VariedPath,
    counted_noun,
    end_phrase,
    lasting_shares,
    outcome_heading,
    point_values,
    scope_of,
    solved_value,
    varied_paths,
)
from sim.findings.target_words import TargetWords, share_phrase
from sim.findings.wording import counted_text
from sim.formatting import capitalised, integer, long_date, short_date
from sim.outcomes import EXHAUSTED, RATIONED_FROM, Outcome, outcome_named

NO_POINT_TEXT = "No point of this sweep could be run"
HALF = 0.5
#: Shares of runs of the chart of the sustainable rate.
SUSTAINABLE_LEVELS = (HALF, 0.95)
THRESHOLD, GRID, RANGE, SUSTAINABLE = "sweep_threshold", "sweep_grid", "sweep_range", "sustainable"
INTERVAL = "sweep_interval"
_TABLE = "sweep.csv"
_SOLVED = "breakeven.csv"


class Crossing(NamedTuple):
    """Two neighbouring values of the grid: the outcome holds at one and not at the other."""

    low: float
    high: float
    is_rising: bool


def sweep_findings(tables: SweepTables) -> list[Finding]:
    """Return the findings of a sweep: the headlines of its charts, each with the interval of its value."""
    varied = varied_paths(tables)
    if len(varied) > 2:
        return [_count_finding(tables, EXHAUSTED, HALF, GRID)]
    first = grid_finding if len(varied) == 2 else threshold_finding
    headline = first(tables, EXHAUSTED, HALF)
    found = [headline, interval_finding(tables, headline)]
    if len(varied) == 1 and is_consumption_rate(varied[0]):
        found.append(sustainable_finding(tables))
    return [finding for finding in found if finding is not None]


def is_consumption_rate(varied: VariedPath) -> bool:
    """Return whether a path is a rate of consumption."""
    steps = varied.path.split(".")
    return varied.is_numeric and steps[0] == "consumption" and "rate" in steps


def threshold_finding(tables: SweepTables, outcome: str, level: float) -> Finding:
    """Return at which values of the only path a date is not reached in a share of the runs."""
    (varied,) = varied_paths(tables)
    found = crossings(tables, varied, outcome, level) if varied.is_numeric else []
    if len(found) != 1:
        return _count_finding(tables, outcome, level, THRESHOLD)
    lead = f"{capitalised(clause(tables, outcome))}{_in_runs(tables, level)}"
    solved = solved_value(tables, varied.path, level) if outcome == EXHAUSTED else None
    text = _threshold_text(varied, found[0], solved)
    values: dict[str, Value] = {"outcome": outcome, "share": level, **_crossing_values(found[0], solved)}
    sources = (_TABLE if solved is None else _SOLVED,)
    return Finding(THRESHOLD, scope_of(tables), values, f"{lead} {text}", sources)


def sustainable_finding(tables: SweepTables) -> Finding:
    """Return the largest rate of consumption at which the stock lasts, in half and in 95 % of the runs."""
    (varied,) = varied_paths(tables)
    until = f"can be sustained until {end_phrase(tables)}"
    values: dict[str, Value] = {}
    parts: list[str] = []
    for level in SUSTAINABLE_LEVELS if tables.runs > 1 else (HALF,):
        found = crossings(tables, varied, EXHAUSTED, level)
        if len(found) != 1:
            continue
        solved = solved_value(tables, varied.path, level)
        values |= {f"{key}_{level:g}": value for key, value in _crossing_values(found[0], solved).items()}
        rate = _rate_text(varied, found[0], solved)
        parts.append(
            f"{rate} {until}{_in_runs(tables, level)}" if not parts else f"{rate}{_in_runs(tables, level)}"
        )
    if not parts:
        return _not_crossed_finding(tables, varied, until)
    return Finding(SUSTAINABLE, scope_of(tables), values, capitalised(", ".join(parts)), (_TABLE, _SOLVED))


def grid_finding(tables: SweepTables, outcome: str, level: float) -> Finding:
    """Return at which values of two paths a date is not reached in a share of the runs.

    The finding is about the point of the scenario, if its break-even value is stored; it picks no other.
    """
    if outcome == EXHAUSTED:
        for path, other in _both_ways(varied_paths(tables)):
            own = tables.own.get(other.path)
            solved = None if own is None else solved_value(tables, path.path, level, {other.path: own})
            if solved is not None and own is not None:
                return _own_finding(tables, path, other, (own, solved, level))
    return _count_finding(tables, outcome, level, GRID)


def range_finding(tables: SweepTables, outcome: str) -> Finding:
    """Return the range of the median of an outcome over the points."""
    measure = outcome_named(outcome)
    varied = varied_paths(tables)
    medians = [
        math.nan if bad else float(value)
        for bad, value in zip(tables.table["failed"], tables.table[f"{outcome}_p50"], strict=True)
    ]
    known = [value for value in medians if not math.isnan(value)]
    if not known:
        return _count_finding(tables, outcome, HALF, RANGE) if measure.is_date else _nothing(tables, RANGE)
    ends = ("", "")
    if len(varied) == 1 and not math.isnan(medians[0]) and not math.isnan(medians[-1]):
        values = point_values(tables, varied[0])
        low, high = medians[0], medians[-1]
        ends = f" with {varied[0].text(values[0])}", f" with {varied[0].text(values[-1])}"
    else:
        low, high = min(known), max(known)
    median = ", median of the runs" if tables.runs > 1 else ""
    lead = f"{outcome_heading(tables, measure)}{median}"
    texts = [format_value(tables, measure, value) for value in (low, high)]
    name = f" ({varied[0].name})" if ends[0] else ""
    is_alike = len({format_value(tables, measure, value) for value in known}) == 1
    sentence = (
        f"{lead}: {texts[0]} at {_every_point(tables)}"
        if is_alike
        else f"{lead}: {texts[0]}{ends[0]}, {texts[1]}{ends[1]}{name}"
        if ends[0]
        else f"{lead}: from {texts[0]} to {texts[1]}"
    )
    figures: dict[str, Value] = {"outcome": outcome, "low": low, "high": high}
    return Finding(RANGE, scope_of(tables), figures, sentence, (_TABLE,))


def line_headline(tables: SweepTables, outcome: str) -> Finding:
    """Return the headline of a line chart: a threshold, or the range of the median.

    A date that most runs reach at every point has a range; one that half of the runs never reach somewhere
    has a threshold.
    """
    if not outcome_named(outcome).is_date:
        return range_finding(tables, outcome)
    known = [share for share in lasting_shares(tables, outcome) if not math.isnan(share)]
    if not known or any(share >= HALF for share in known):
        return threshold_finding(tables, outcome, HALF)
    return range_finding(tables, outcome)


def heatmap_headline(tables: SweepTables, outcome: str, level: float) -> Finding:
    """Return the headline of a heat map: where a date is not reached, or the range of the median."""
    if outcome_named(outcome).is_date:
        return grid_finding(tables, outcome, level)
    return range_finding(tables, outcome)


def crossings(tables: SweepTables, varied: VariedPath, outcome: str, level: float) -> list[Crossing]:
    """Return the neighbouring values between which a date begins or ceases to hold in a share of the runs."""
    shares = zip(point_values(tables, varied), lasting_shares(tables, outcome), strict=True)
    known = sorted((value, share >= level) for value, share in shares if not math.isnan(share))
    return [Crossing(x, y, is_rising=after) for (x, before), (y, after) in pairwise(known) if before != after]


def clause(tables: SweepTables, outcome: str) -> str:
    """Return the clause for a date that is not reached: ``the stock lasts until 1 Sep 2025``."""
    held = "unmet" if outcome == RATIONED_FROM else outcome
    return TargetWords(held, end_phrase(tables), "", tables.stocks or 1, tables.names).clause


def format_value(tables: SweepTables, measure: Outcome, value: float) -> str:
    """Return one value of an outcome: a date, or a number with its unit."""
    if measure.is_date:
        return format_day(tables.start, value)
    return counted_text(measure, value, counted_noun(tables), tables.names.currency)


def format_day(start: dt.date | None, days: float, *, brief: bool = False) -> str:
    """Return a day from the start as a date, or as a day number if the start is unknown."""
    if start is None:
        return f"day {integer(days)}"
    day = start + dt.timedelta(days=round(days))
    return short_date(day) if brief else long_date(day)


def _both_ways(varied: list[VariedPath]) -> list[tuple[VariedPath, VariedPath]]:
    first, second = varied
    return [(first, second), (second, first)]


def _own_finding(
    tables: SweepTables, path: VariedPath, other: VariedPath, found: tuple[float, Solved, float]
) -> Finding:
    own, solved, level = found
    lead = f"At {other.text(own)} ({other.name}) {clause(tables, EXHAUSTED)}{_in_runs(tables, level)}"
    sentence = f"{lead} {_solved_text(path, solved)}"
    values: dict[str, Value] = {"path": path.path, other.path: own, "share": level, **_solved_values(solved)}
    return Finding(GRID, scope_of(tables), values, sentence, (_SOLVED,))


def _solved_text(varied: VariedPath, solved: Solved) -> str:
    side = "more" if solved.is_rising else "less"
    return f"with {varied.solved(solved.value)} or {side} ({varied.name})"


def _solved_values(solved: Solved) -> dict[str, Value]:
    return {"value": solved.value, "low": solved.low, "high": solved.high}


def interval_finding(tables: SweepTables, headline: Finding) -> Finding | None:
    """Return the 90 % interval of the break-even value in a headline; None if it has none within the grid."""
    low, high = headline.values.get("low"), headline.values.get("high")
    if "value" not in headline.values or not isinstance(low, float) or not isinstance(high, float):
        return None
    if low == high:
        return None
    path = str(headline.values.get("path", tables.paths[0]))
    varied = next(each for each in varied_paths(tables) if each.path == path)
    interval = f"{varied.solved_number(low)} to {varied.solved(high)}"
    sentence = f"90 % interval of the break-even value: {interval}"
    return Finding(INTERVAL, headline.scope, {"low": low, "high": high}, sentence, headline.sources)


def _threshold_text(varied: VariedPath, crossing: Crossing, solved: Solved | None) -> str:
    if solved is not None:
        return _solved_text(varied, solved)
    between = f"between {varied.number(crossing.low)} and {varied.text(crossing.high)}"
    return f"{f'from {between} on' if crossing.is_rising else f'up to {between}'} ({varied.name})"


def _rate_text(varied: VariedPath, crossing: Crossing, solved: Solved | None) -> str:
    if solved is not None:
        return varied.solved(solved.value)
    return f"between {varied.number(crossing.low)} and {varied.text(crossing.high)}"


def _crossing_values(crossing: Crossing, solved: Solved | None) -> dict[str, Value]:
    if solved is not None:
        return _solved_values(solved)
    return {"between_low": crossing.low, "between_high": crossing.high}


def _not_crossed_finding(tables: SweepTables, varied: VariedPath, until: str) -> Finding:
    points = zip(point_values(tables, varied), lasting_shares(tables, EXHAUSTED), strict=True)
    shares = {value: share for value, share in points if not math.isnan(share)}
    if not shares:
        return _nothing(tables, SUSTAINABLE)
    values: dict[str, Value] = {"share": HALF}
    if min(shares.values()) >= HALF:
        part = f" {_at_least(shares[max(shares)], HALF)}" if tables.runs > 1 else ""
        sentence = f"Even {varied.text(max(shares))} {until}{part}"
    elif max(shares.values()) < HALF:
        part = _in_runs(tables, HALF) if shares[min(shares)] or tables.runs == 1 else " in any run"
        sentence = f"Not even {varied.text(min(shares))} {until}{part}"
    else:
        return _count_finding(tables, EXHAUSTED, HALF, SUSTAINABLE)
    return Finding(SUSTAINABLE, scope_of(tables), values, sentence, (_TABLE,))


def _count_finding(tables: SweepTables, outcome: str, level: float, kind: str) -> Finding:
    """Return the clause that holds at all points, or at how many it holds."""
    known = [share for share in lasting_shares(tables, outcome) if not math.isnan(share)]
    if not known:
        return _nothing(tables, kind)
    held = clause(tables, outcome)
    inside = sum(share >= level for share in known)
    values: dict[str, Value] = {"outcome": outcome, "share": level, "points": len(known), "holds_at": inside}
    if tables.runs == 1 and inside in {0, len(known)}:
        sentence = f"{capitalised(held)} at {'every' if inside else 'no'} point{_could_be_run(tables)}"
    elif inside == len(known):
        sentence = f"{capitalised(held)} {_at_least(min(known), level)}, at {_every_point(tables)}"
    elif inside == 0:
        least = share_phrase(level).removeprefix("in ")
        part = "in no run" if max(known) == 0.0 else f"in less than {least}"
        sentence = f"{capitalised(held)} {part}, at {_every_point(tables)}"
    else:
        points = f"{integer(inside)} of {integer(len(known))} points{_could_be_run(tables)}"
        sentence = f"{capitalised(held)}{_in_runs(tables, level)} at {points}"
    return Finding(kind, scope_of(tables), values, sentence, (_TABLE,))


def _at_least(share: float, level: float) -> str:
    """Return ``in every run``, or ``in at least half of the runs`` where a share of them is short of it."""
    return share_phrase(1.0) if share == 1.0 else f"in at least {share_phrase(level).removeprefix('in ')}"


def _every_point(tables: SweepTables) -> str:
    return f"every point{_could_be_run(tables)}"


def _could_be_run(tables: SweepTables) -> str:
    """Return the clause that leaves out failed points; empty if there is none."""
    return " that could be run" if (tables.table["failed"] > 0).any() else ""


def _in_runs(tables: SweepTables, level: float) -> str:
    """Return a share of runs with a space before it; empty for a single run."""
    return f" {share_phrase(level)}" if tables.runs > 1 else ""


def _nothing(tables: SweepTables, kind: str) -> Finding:
    return Finding(kind, scope_of(tables), {}, NO_POINT_TEXT, (_TABLE,))
