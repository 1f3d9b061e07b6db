"""Headline of the chart of the requirement met by consumer: the months in which least of it is met."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sim.errors import format_count
from sim.findings.finding import Finding, Scope, Value
from sim.formatting import month_name, percent

#: Difference of two shares up to which they are the same but for rounding errors.
_SAME = 1e-9
_SOURCES = ("consumers.csv: required, unmet (mean)",)


class MonthMet(NamedTuple):
    """Share of the requirement of a consumer that is met in a month, by name of the consumer."""

    consumer: str
    month: dt.date
    share: float


def service_headline(scope: Scope, met: Sequence[MonthMet]) -> Finding:
    """Return the headline: the least share of a month, and that of another consumer in the same months.

    Months next to each other whose shares look the same are named together. Of several such spans with the
    least share the longest is named, and the months of the others are counted.

    Parameters
    ----------
    scope : Scope
    met : sequence of MonthMet
        In order, of the months in which a consumer has a requirement; at least one.
    """
    least = min(met, key=lambda each: (each.share, each.month))
    own = [each for each in met if each.consumer == least.consumer]
    spans = [_stretch(own, each) for each in own if each.share - least.share <= _SAME]
    months = max(spans, key=len)
    shares = {each.month: each.share for each in own}
    alike = [each.month for each in own if percent(each.share) == percent(least.share)]
    values: dict[str, Value] = {
        "consumer": least.consumer,
        "month": min(months, key=shares.__getitem__).isoformat(),
        "share": least.share,
        "from": months[0].isoformat(),
        "to": months[-1].isoformat(),
    }
    if least.share == 1.0:
        sentence = "The requirement of every consumer is met in every month"
        return Finding("service_headline", scope, values, sentence, _SOURCES)
    when = _when(months, [each.month for each in own])
    if len(alike) > len(months):
        when += f" and in {format_count(len(alike) - len(months), 'other month')}"
    rank = "" if len(months) == len(own) else ", the least of all months"
    sentence = f"{when} {percent(least.share)} of the requirement of {least.consumer} is met{rank}"
    sentence += _of_another([each for each in met if each.month in alike], least.consumer)
    return Finding("service_headline", scope, values, sentence, _SOURCES)


def _stretch(own: Sequence[MonthMet], least: MonthMet) -> list[dt.date]:
    """Return the months around that of the least share in which it looks the same."""
    first = last = own.index(least)
    while first and percent(own[first - 1].share) == percent(least.share):
        first -= 1
    while last + 1 < len(own) and percent(own[last + 1].share) == percent(least.share):
        last += 1
    return [each.month for each in own[first : last + 1]]


def _when(months: Sequence[dt.date], every: Sequence[dt.date]) -> str:
    first, last = month_name(months[0]), month_name(months[-1])
    if len(months) == 1:
        return f"In {first}"
    if len(months) == len(every):
        return "In every month"
    return f"From {first} on" if months[-1] == every[-1] else f"From {first} to {last}"


def _of_another(met: Sequence[MonthMet], consumer: str) -> str:
    """Return the clause of the other consumer of which most is met in these months; empty without one."""
    shares: dict[str, list[float]] = {}
    for each in met:
        if each.consumer != consumer:
            shares.setdefault(each.consumer, []).append(each.share)
    if not shares:
        return ""
    most = max(shares, key=lambda name: min(shares[name]))
    low, high = percent(min(shares[most])), percent(max(shares[most]))
    return f"; of that of {most} {low if low == high else f'{low} to {high}'}"
