"""Headline of the supply chart: the largest gap between what is required and what is met, month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sim.account import INITIAL
from sim.findings.finding import Finding, Value
from sim.findings.headlines import MET_SHARE
from sim.findings.stock_figures import ResultTables, StockFigures
from sim.formatting import month_name, percent

_SOURCES = ("flows.csv: required, fired (mean)", "summary.json: fire_by_origin")


class MonthFlows(NamedTuple):
    """Requirement and fire of one calendar month within the period: means over runs, in shells."""

    month: str
    required: float
    fired: float

    @property
    def name(self) -> str:
        """The month in words: ``November 2023``."""
        return month_name(dt.date.fromisoformat(f"{self.month}-01"))

    @property
    def is_short(self) -> bool:
        """Whether more than half a percent of the requirement is not met."""
        return self.fired < MET_SHARE * self.required


def months_of(tables: ResultTables) -> list[MonthFlows]:
    """Return the months of a result in order."""
    flows = tables.flows
    months = flows["date"].astype(str).str[:7]
    sums = flows.groupby([months, "kind"])["mean"].sum()
    return [
        MonthFlows(month, float(sums[month, "required"]), float(sums[month, "fired"]))
        for month in dict.fromkeys(months)
    ]


def supply_headline(tables: ResultTables, overall: StockFigures) -> Finding:
    """Return the headline of a supply chart: the largest gap, or that there is none."""
    months = [month for month in months_of(tables) if month.required > 0.0]
    if not months:
        return Finding("supply_headline", overall.scope, {}, "Nothing is required", _SOURCES)
    gaps = _gaps(months)
    if not gaps:
        share = overall.fired_from.get(tables.names.origin(INITIAL), 0.0)
        stock = f"; {percent(share)} of it from the opening stock" if share > 0.0 else ""
        values: dict[str, Value] = {"opening_share": share, "short_share": overall.short.share}
        part = "The requirement" if overall.short.share == 0.0 else "Over 99 % of the requirement"
        return Finding(
            "supply_headline",
            overall.scope,
            values,
            f"{part} is met in every month{stock}",
            _SOURCES,
        )
    gap = max(gaps, key=lambda each: sum(month.required - month.fired for month in each))
    met = sum(month.fired for month in gap) / sum(month.required for month in gap)
    others = sum(len(each) for each in gaps) - len(gap)
    also = f", and some of it in {others} other month{'s' * (others > 1)}" if others else ""
    sentence = f"{_when(gap, months)} {percent(1.0 - met)} of the requirement is not met{also}"
    values = {"from": gap[0].month, "to": gap[-1].month, "unmet_share": 1.0 - met, "other_months": others}
    return Finding("supply_headline", overall.scope, values, sentence, _SOURCES)


def _gaps(months: Sequence[MonthFlows]) -> list[list[MonthFlows]]:
    """Return the stretches of consecutive months in which the requirement is not met."""
    gaps: list[list[MonthFlows]] = []
    before = False
    for month in months:
        if month.is_short:
            if not before:
                gaps.append([])
            gaps[-1].append(month)
        before = month.is_short
    return gaps


def _when(gap: Sequence[MonthFlows], months: Sequence[MonthFlows]) -> str:
    first, last = gap[0], gap[-1]
    if len(gap) == len(months):
        return "Over the whole period" if len(gap) > 1 else f"In {first.name}"
    if last == months[-1] and len(gap) > 1:
        return f"From {first.name} on"
    if len(gap) == 1:
        return f"In {first.name}"
    start = first.name if first.month[:4] != last.month[:4] else first.name.split(" ")[0]
    return f"From {start} to {last.name}"
