"""Headline of the chart of the requirement met by consumer: the month in which least of it is met."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sim.findings.finding import Finding, Scope, Value
from sim.formatting import month_name, percent

_SOURCES = ("consumers.csv: required, unmet (mean)",)


class MonthMet(NamedTuple):
    """Share of the requirement of a consumer that is met in a month, by name of the consumer."""

    consumer: str
    month: dt.date
    share: float


def service_headline(scope: Scope, met: Sequence[MonthMet]) -> Finding:
    """Return the headline: the least share of a month, and the largest of another consumer in that month.

    Parameters
    ----------
    scope : Scope
    met : sequence of MonthMet
        Of the months in which a consumer has a requirement; at least one.
    """
    least = min(met, key=lambda each: (each.share, each.month))
    values: dict[str, Value] = {
        "consumer": least.consumer,
        "month": least.month.isoformat(),
        "share": least.share,
    }
    if least.share == 1.0:
        sentence = "The requirement of every consumer is met in every month"
        return Finding("service_headline", scope, values, sentence, _SOURCES)
    lead = f"In {month_name(least.month)} {percent(least.share)}"
    sentence = f"{lead} of the requirement of {least.consumer} is met"
    others = [each for each in met if each.month == least.month and each.consumer != least.consumer]
    if others:
        most = max(others, key=lambda each: each.share)
        sentence += f", and {percent(most.share)} of that of {most.consumer}"
    return Finding("service_headline", scope, values, sentence, _SOURCES)
