"""Headline of the chart of the supply mix: the largest origin in the first and in the last month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sim.findings.finding import Finding, Value
from sim.findings.stock_figures import StockFigures
from sim.formatting import capitalised, month_name, percent

_SOURCES = ("origins.csv: fired (mean)",)


class MonthMix(NamedTuple):
    """Shares of one month by name of the origin.

    Attributes
    ----------
    month : datetime.date
    shares : mapping of str to float
        By origin, or group of origins.
    groups : mapping of str to mapping
        Shares of the origins of a group, by its name.
    """

    month: dt.date
    shares: Mapping[str, float]
    groups: Mapping[str, Mapping[str, float]] = {}

    @property
    def largest(self) -> str:
        """Name of the origin with the largest share."""
        return max(self.shares, key=lambda name: self.shares[name])

    @property
    def source(self) -> str:
        """The largest origin in a sentence; of a group also its largest origin, with its share."""
        origins = {name: share for name, share in self.groups.get(self.largest, {}).items() if share > 0.0}
        if not origins:
            return self.largest
        most = max(origins, key=lambda name: origins[name])
        if len(origins) == 1:
            return f"{self.largest}, all of it from {most}"
        return f"{self.largest}, the largest of them {most} ({percent(origins[most])})"


def mix_headline(overall: StockFigures, months: Sequence[MonthMix]) -> Finding:
    """Return the headline of a chart of the supply mix; `months` are those with fire, in order."""
    past = overall.verb.past
    if not months:
        return Finding("mix_headline", overall.scope, {}, f"Nothing is {past}", _SOURCES)
    first, last = months[0], months[-1]
    one, other = first.largest, last.largest
    values: dict[str, Value] = {
        "first": one,
        "first_share": first.shares[one],
        "last": other,
        "last_share": last.shares[other],
    }
    of = f"{percent(first.shares[one])} of what is {past} in {month_name(first.month)}"
    begin = f"{of} comes from {first.source}"
    if len(months) == 1:
        sentence = begin
    elif one == other:
        end = f"{percent(last.shares[one])} in {month_name(last.month)}"
        sentence = f"{begin}, and {end}"
    else:
        sentence = f"{begin}; in {month_name(last.month)} {percent(last.shares[other])} from {last.source}"
    return Finding("mix_headline", overall.scope, values, capitalised(sentence), _SOURCES)
