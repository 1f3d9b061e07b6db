"""Headline of the chart of days of supply: when the median falls below each threshold."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.errors import format_count
from sim.findings.finding import Finding, Scope, Value
from sim.formatting import compact, long_date

_SOURCES = ("stock.csv: p50", "flows.csv: required (mean)")


@dataclass(frozen=True, slots=True)
class Cover:
    """Median days of supply of one stock.

    Attributes
    ----------
    name : str
        Empty if there is only one stock.
    days : mapping of datetime.date to float
        In order of date, without days on which nothing is required.
    thresholds : sequence of float
        In days, the largest first.
    """

    name: str
    days: Mapping[dt.date, float]
    thresholds: Sequence[float]

    def crossing(self, threshold: float) -> dt.date | None:
        """Return the first day on which the median is below a threshold; None if there is none."""
        return next((day for day, cover in self.days.items() if cover < threshold), None)


def cover_headline(scope: Scope, covers: Sequence[Cover]) -> Finding:
    """Return the headline of a chart of days of supply; of several stocks, about the first to fall."""
    covers = [cover for cover in covers if cover.days]
    if not covers:
        return Finding("cover_headline", scope, {}, "Nothing is required of these stocks", _SOURCES)
    first = min(covers, key=_fall)
    crossings = {threshold: first.crossing(threshold) for threshold in first.thresholds}
    values: dict[str, Value] = {
        f"below_{threshold:g}": None if day is None else day.isoformat()
        for threshold, day in crossings.items()
    }
    stock = "stock" if scope.runs == 1 else "median stock"
    lead = f"{first.name}: the {stock}" if first.name else f"The {stock}"
    opening = next(iter(first.days.values()))
    begins = [threshold for threshold in first.thresholds if opening < threshold]
    falls = {each: day for each, day in crossings.items() if day is not None and each not in begins}
    clauses = [f"starts below {days_text(begins[-1])} of supply"] if begins else []
    # The first and the last threshold say enough; the chart has all.
    clauses += [
        f"falls below {days_text(each)}{'' if clauses or place else ' of supply'} on {long_date(falls[each])}"
        for place, each in enumerate(dict.fromkeys([*list(falls)[:1], *list(falls)[-1:]]))
    ]
    sentence = f"{lead} {' and '.join(clauses)}"
    if not clauses:
        day, least = min(first.days.items(), key=lambda each: each[1])
        sentence = f"{lead} is never below {days_text(least)} of supply, on {long_date(day)}"
        values["least"] = least
    values["opening"] = opening
    return Finding("cover_headline", scope, values, sentence, _SOURCES)


def days_text(cover: float) -> str:
    """Return days of supply as text: ``1 day``, ``12.5 days``."""
    return format_count(compact(cover), "day")


def _fall(cover: Cover) -> tuple[float, float]:
    day = cover.crossing(cover.thresholds[-1])
    return (math.inf if day is None else day.toordinal(), min(cover.days.values()))
