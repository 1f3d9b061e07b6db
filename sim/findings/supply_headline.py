"""Headline of the supply chart: the largest gap between requirement and fire, month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sim.account import INITIAL, Kind
from sim.errors import format_count
from sim.findings.drawdown_headline import MET_SHARE
from sim.findings.finding import Finding, Value
from sim.findings.stock_figures import ResultTables, StockFigures
from sim.findings.wording import in_words
from sim.formatting import month_name, percent

_SOURCES = ("flows.csv: required, fired (mean)", "origins.csv: fired (mean)")


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


class MunitionGap(NamedTuple):
    """The largest gap of one munition, over all depots.

    Attributes
    ----------
    name : str
        Name of the munition for readers.
    months : list of MonthFlows
        Consecutive months in which the requirement is not met.
    others : int
        Number of other months in which it is not met.
    of : list of MonthFlows
        All months in which the munition is required.
    """

    name: str
    months: list[MonthFlows]
    others: int
    of: list[MonthFlows]

    @property
    def unmet_share(self) -> float:
        """Share of the requirement that is not met in these months."""
        return 1.0 - sum(each.fired for each in self.months) / sum(each.required for each in self.months)


def months_of(tables: ResultTables, munition: str) -> list[MonthFlows]:
    """Return the months in which a munition is required, in order: sums over all depots."""
    flows = tables.flows[tables.flows["munition"] == munition]
    flows = flows[flows["kind"].isin(["required", "fired"])]
    months = flows["date"].astype(str).str[:7]
    sums = flows.groupby([months, "kind"])["mean"].sum()
    found = [
        MonthFlows(month, float(sums[month, "required"]), float(sums[month, "fired"]))
        for month in dict.fromkeys(months)
    ]
    return [month for month in found if month.required > 0.0]


def supply_headline(tables: ResultTables, overall: StockFigures) -> Finding:
    """Return the headline of a supply chart: the largest gap, or that there is none.

    Of several munitions it names that with the largest unmet share: no sum over munitions hides a gap.
    """
    munitions = list(dict.fromkeys(map(str, tables.flows["munition"])))
    by_munition = {munition: months_of(tables, munition) for munition in munitions}
    required = {munition: months for munition, months in by_munition.items() if months}
    if not required:
        return Finding("supply_headline", overall.scope, {}, "Nothing is required", _SOURCES)
    names = tables.names.munitions(required)
    gaps = [gap for munition, months in required.items() for gap in _largest_gap(names[munition], months)]
    shares = {f"unmet_share of {name}": share for name, share in unmet_shares(tables).items()}
    if not gaps:
        share = _opening_share(tables)
        stock = f"; {percent(share)} of it from the opening stock" if share > 0.0 else ""
        part = "The requirement" if overall.short.share == 0.0 else "Over 99 % of the requirement"
        text = f"{part} is met in every month{stock}"
        return Finding("supply_headline", overall.scope, {"opening_share": share, **shares}, text, _SOURCES)
    gap = max(gaps, key=lambda each: each.unmet_share)
    values: dict[str, Value] = {
        "munition": gap.name,
        "from": gap.months[0].month,
        "to": gap.months[-1].month,
        "unmet_share": gap.unmet_share,
        "other_months": gap.others,
        **shares,
    }
    sentence = _gap_sentence(gap, gaps, several=len(required) > 1)
    return Finding("supply_headline", overall.scope, values, sentence, _SOURCES)


def _opening_share(tables: ResultTables) -> float:
    """Return the share of the opening stock in all that is fired: of the means, which the bars show."""
    fired = tables.origins[tables.origins["kind"] == Kind.FIRED.value]
    whole = float(fired["mean"].sum())
    return float(fired.loc[fired["origin"] == INITIAL, "mean"].sum()) / whole if whole else 0.0


def unmet_shares(tables: ResultTables) -> dict[str, float]:
    """Return the share of the requirement that is not met: by munition and depot, then in all."""
    kinds = tables.flows[tables.flows["kind"].isin(["required", "fired"])]
    sums = kinds.groupby(["depot", "munition", "kind"], sort=False)["mean"].sum()
    pairs = dict.fromkeys((depot, munition) for depot, munition, _ in sums.index)
    flows = {pair: (float(sums[*pair, "required"]), float(sums[*pair, "fired"])) for pair in pairs}
    flows = {pair: each for pair, each in flows.items() if each[0] > 0.0}
    found = {
        f"{munition} at {depot}": max(0.0, 1.0 - fired / needed)
        for (depot, munition), (needed, fired) in flows.items()
    }
    whole = [sum(each) for each in zip(*flows.values(), strict=True)]
    return {**found, "all": max(0.0, 1.0 - whole[1] / whole[0])} if len(found) > 1 else found


def _largest_gap(name: str, months: list[MonthFlows]) -> list[MunitionGap]:
    """Return the gap of a munition with the largest amount not met; nothing if it has none."""
    gaps = _gaps(months)
    if not gaps:
        return []
    largest = max(gaps, key=lambda each: sum(month.required - month.fired for month in each))
    return [MunitionGap(name, largest, sum(map(len, gaps)) - len(largest), months)]


def _gap_sentence(gap: MunitionGap, gaps: Sequence[MunitionGap], *, several: bool) -> str:
    of = f" of {gap.name}" if several else ""
    also = f", and some of it in {format_count(gap.others, 'other month')}" if gap.others else ""
    rest = len(gaps) - 1
    if several and rest:
        other = next(each.name for each in gaps if each is not gap)
        also += (
            f"; some of that of {other if rest == 1 else in_words(rest, 'other munition')} is not met either"
        )
    share = percent(gap.unmet_share)
    return f"{_when(gap.months, gap.of)} {share} of the requirement{of} is not met{also}"


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
        return f"Over the months from {first.name} on"
    if len(gap) == 1:
        return f"In {first.name}"
    start = first.name if first.month[:4] != last.month[:4] else first.name.split(" ")[0]
    return f"Over the months from {start} to {last.name}"
