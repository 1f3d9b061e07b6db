"""Titles of the drawdown and supply charts, and the label of the run-out date. Pure functions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.account import SUSTAINED_DAYS
from sim.charts.result_data import ChartData, parse_date
from sim.errors import format_count
from sim.formatting import integer, long_date, percent, rounded, short_date

#: Share of the requirement from which it counts as met.
MET_SHARE = 0.995
#: With fewer runs, the 5th and 95th percentiles are the smallest and the largest run.
FEW_RUNS = 20


@dataclass(frozen=True, slots=True)
class RunContext:
    """Context of a sentence about the stock.

    Attributes
    ----------
    runs : int
    is_constant : bool
        Whether all runs are the same.
    start, end : datetime.date
        First day, and the day after the last.
    stock : str
        Name of the stock: ``The stock``, ``The stock at front``.
    stocks : int
        Number of stocks with a consumer.
    """

    runs: int
    is_constant: bool
    start: dt.date
    end: dt.date
    stock: str = "The stock"
    stocks: int = 1

    @property
    def last_days(self) -> int:
        """Number of the last days over which sustained fire is a mean."""
        return min(SUSTAINED_DAYS, (self.end - self.start).days)

    @property
    def last_days_phrase(self) -> str:
        """Phrase for those days."""
        return "the last day" if self.last_days == 1 else f"the last {format_count(self.last_days, 'day')}"

    @property
    def range_phrase(self) -> str:
        """Phrase for the range from the 5th to the 95th percentile."""
        return "all runs" if self.runs < FEW_RUNS else "5–95 %"


def drawdown_headline(data: ChartData) -> str:
    """Return the title of a drawdown chart: the run-out date, and the fire after it."""
    context = make_context(data)
    if context.stocks == 0:
        return "No one fires from these stocks"
    verdict = exhaustion_clause(data.summary["exhausted"], context) + fire_clause(data.summary, context)
    return f"{verdict} (one run)" if context.runs == 1 else verdict


def make_context(data: ChartData) -> RunContext:
    """Return the context of a result; the stock is named if there are several."""
    firing = data.consuming_pairs
    stock = "The stock"
    if len(firing) == 1 and len(data.pairs) > 1:
        depot, munition = firing[0]
        several = len({name for _, name in data.pairs}) > 1
        stock = f"The {munition} stock at {depot}" if several else f"The stock at {depot}"
    return RunContext(data.runs, data.is_constant, data.start, data.end, stock, len(firing))


def exhaustion_clause(exhausted: Mapping[str, Any], context: RunContext) -> str:
    """Return the main clause of a title: the run-out date.

    Parameters
    ----------
    exhausted : mapping
        ``share, p05, p50, p95`` of a summary.
    context : RunContext
    """
    share, median = float(exhausted["share"]), parse_date(exhausted["p50"])
    many, end = context.stocks > 1, long_date(context.end)
    which = f"The first of {context.stocks} stocks" if many else context.stock
    if share == 0.0:
        every = "Both" if context.stocks == 2 else f"All {context.stocks}"
        lasts = f"{every} stocks last" if many else f"{context.stock} lasts"
        return f"{lasts} to {end}" + ("" if context.runs == 1 else " in every run")
    if median is None:
        inner = which[0].lower() + which[1:]
        rest = "all of them last" if many else "it lasts"
        share_of = f"In {percent(share)} of {format_count(context.runs, 'run')}"
        return f"{share_of} {inner} is gone before {end}; in the others {rest}"
    if context.runs == 1:
        return f"{which} is gone on {long_date(median)}"
    if context.is_constant:
        return f"{which} is gone on {long_date(median)} in every run"
    return f"{which} is gone by {long_date(median)} in half of the runs"


def fire_clause(summary: Mapping[str, Any], context: RunContext) -> str:
    """Return the second clause of a title: the sustained fire; empty if nothing was required.

    Parameters
    ----------
    summary : mapping
        With ``exhausted``, ``rationed`` and ``sustained``.
    context : RunContext
    """
    met, fired = summary["sustained"]["met"], summary["sustained"]["fire"]
    if met is None or met["p50"] is None:
        return ""
    share, median = float(summary["exhausted"]["share"]), parse_date(summary["exhausted"]["p50"])
    if float(summary["rationed"]["share"]) == 0.0:
        return " and the requirement is met throughout" if share == 0 else "; yet the requirement is met"
    if met["p50"] >= MET_SHARE:
        return "" if median is None else "; in the end fire meets the requirement again"
    level = f"{rounded(fired['p50'])} a day, {percent(met['p50'])} of the requirement"
    if share == 0.0:
        return f", but fire falls to {level}"
    if median is not None and median + dt.timedelta(days=context.last_days) <= context.end:
        return f"; fire then falls to {level}"
    return f"; fire over {context.last_days_phrase} is {level}"


def fire_sentence(summary: Mapping[str, Any], context: RunContext) -> str:
    """Return a sentence with the sustained fire and its range; empty if nothing was required."""
    met, fired = summary["sustained"]["met"], summary["sustained"]["fire"]
    if met is None or met["p50"] is None:
        return ""
    days = f"Fire over {context.last_days_phrase}"
    spread = ""
    if not context.is_constant:
        spread = f" ({context.range_phrase}: {rounded(fired['p05'])} to {rounded(fired['p95'])})"
        days += ", median"
    return f"{days}: {rounded(fired['p50'])} a day{spread}, {percent(met['p50'])} of the requirement."


def exhaustion_label(exhausted: Mapping[str, Any], context: RunContext, *, brief: bool = False) -> str:
    """Return the label of the run-out date, with its range.

    Parameters
    ----------
    exhausted : mapping
        ``share, p05, p50, p95`` of a summary.
    context : RunContext
    brief : bool
        Leave out the event and the name of the range, because the key shows them.
    """
    share = float(exhausted["share"])
    early, median, late = (parse_date(exhausted[name]) for name in ("p05", "p50", "p95"))
    end = f" before {short_date(context.end)}"
    part = "" if share == 1.0 else f" in {percent(share)} of the runs"
    if share == 0.0:
        where = "" if context.runs == 1 else " in any run"
        return f"not gone{where}" if brief else f"stock not gone{end}{where}"
    if median is None:
        first = "the first" if context.runs < FEW_RUNS else "the first 5 %"
        rest = f"; {first} by {short_date(early)}" if early else ""
        return f"gone{part}{rest}" if brief else f"stock gone{end}{part}{rest}"
    day = short_date(median) if brief else f"stock gone {short_date(median)}"
    if context.runs == 1 or context.is_constant:
        return day if context.runs == 1 or brief else f"{day} in every run"
    last = short_date(late) if late else f"after {short_date(context.end - dt.timedelta(days=1))}"
    spread = f"{short_date(early)} to {last}" if early and early != late else "the same day"
    name = "" if brief else f"{context.range_phrase}: "
    return f"{day} ({name}{spread})" + (f"; gone{part}" if part else "")


@dataclass(frozen=True, slots=True)
class MonthlyFlows:
    """Flows of a calendar month, in shells, over its days within the run.

    Attributes
    ----------
    name : str
        ``December 2023``.
    required, fired, inflow : float
        Means over runs; `inflow` includes shells that were not fired.
    """

    name: str
    required: float
    fired: float
    inflow: float


def supply_headline(months: Sequence[MonthlyFlows]) -> str:
    """Return the title of a supply chart.

    If the shortfall ends in a steady stretch, the title describes that stretch, otherwise all of the
    shortfall. In a steady stretch, every month is within five percentage points of the mean; it lasts at
    least three months and half of the shortfall.
    """
    required_months = [month for month in months if month.required > 0]
    if not required_months:
        return "Nothing is required"
    short = len(required_months)
    while short > 0 and required_months[short - 1].fired < MET_SHARE * required_months[short - 1].required:
        short -= 1
    if short == len(required_months):
        return _requirement_phrase(required_months)
    stretch = required_months[short:]
    steady = next((n for n in range(len(stretch)) if _is_steady(stretch[n:])), None)
    if steady is not None and 2 * (len(stretch) - steady) >= len(stretch):
        plateau = stretch[steady:]
        from_, share = _since_phrase(plateau, required_months), percent(_covered_share(plateau))
        return f"{from_} {_source_phrase(plateau)} {share} of the requirement"
    cover = f"{_source_phrase(stretch)} {percent(_covered_share(stretch))} of it"
    return f"{_since_phrase(stretch, required_months)} less than the requirement is fired: {cover}"


def _since_phrase(stretch: Sequence[MonthlyFlows], required_months: Sequence[MonthlyFlows]) -> str:
    return "In every month" if len(stretch) == len(required_months) else f"From {stretch[0].name}"


def _source_phrase(months: Sequence[MonthlyFlows]) -> str:
    fired, inflow = sum(month.fired for month in months), sum(month.inflow for month in months)
    return "supply and stock together cover" if fired > 1.1 * inflow else "supply covers"


def _covered_share(months: Sequence[MonthlyFlows]) -> float:
    return sum(month.fired for month in months) / sum(month.required for month in months)


def _is_steady(months: Sequence[MonthlyFlows]) -> bool:
    mean = _covered_share(months)
    return len(months) >= 3 and all(abs(month.fired / month.required - mean) <= 0.05 for month in months)


def _requirement_phrase(required_months: Sequence[MonthlyFlows]) -> str:
    missed = [month for month in required_months if month.fired < MET_SHARE * month.required]
    if missed:
        worst = min(missed, key=lambda month: month.fired / month.required)
        most = percent(worst.fired / worst.required)
        some = f"{integer(len(missed))} of {format_count(len(required_months), 'month')}"
        return f"The requirement is missed in {some}, most in {worst.name} ({most} met)"
    share = sum(month.inflow for month in required_months) / sum(month.required for month in required_months)
    if share >= 1.0:
        return "The requirement is met in every month, by supply alone"
    return (
        f"The requirement is met in every month, but supply covers {percent(share)} of it: the rest is stock"
    )
