"""Headline of the drawdown chart: when the stock runs out, and how much of the requirement is met then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from sim.account import ENOUGH
from sim.errors import format_count
from sim.findings.finding import Finding, Value
from sim.findings.first_stock import FirstStock, first_to_run_out
from sim.findings.stock_figures import SAME_SHARE, Range, StockFigures
from sim.findings.wording import (
    BELOW_A_DAY,
    RUNS_OUT,
    agreeing,
    first_day_text,
    rate_period,
    stock_event,
)
from sim.formatting import capitalised, count_text, long_date, percent

#: Share of the requirement of a month from which no gap is seen.
MET_SHARE = 0.995
#: Share of runs that end empty, up to which the stock is said to recover.
_FEW_EMPTY = 0.05
_SOURCES = (
    "summary.json: exhausted, rationed, sustained, closing_stock",
    "stock.csv: p50",
    "flows.csv: required, fired (mean)",
)


def drawdown_headline(overall: StockFigures, stocks: Sequence[StockFigures]) -> Finding:
    """Return the headline of a drawdown chart.

    With several stocks it names the first to run out, and gives the requirement of all together.
    """
    if not stocks:
        return Finding("drawdown_headline", overall.scope, {}, "No one draws on these stocks", _SOURCES)
    if overall.nothing_required == 1.0:
        return Finding(
            "drawdown_headline", overall.scope, {}, "Nothing is required of these stocks", _SOURCES
        )
    found = first_to_run_out(stocks)
    first = found.figures
    clause = _stock_clause(found, several=len(stocks) > 1)
    sentence = clause + _requirement_clause(overall)
    values: dict[str, Value] = {
        "exhausted_share": first.runs_out.share,
        "exhausted_p50": None if first.runs_out.middle is None else first.runs_out.middle.isoformat(),
        "closing_p50": first.closing.middle,
        "short_share": overall.short.share,
        "last_fire_p50": overall.last_fire.middle,
        "last_met_p50": None if overall.last_met is None else overall.last_met.middle,
        "last_met_mean": overall.last_mean_fire / overall.last_required if overall.last_required else None,
    }
    return Finding("drawdown_headline", first.scope, values, sentence, _SOURCES)


def run_out_label(stock: StockFigures) -> str:
    """Return the label of the run-out date in a chart: the event, the runs it holds for, and its range."""
    if stock.runs_out.share == 0.0:
        return "Never runs out" + (", in any run" if stock.runs > 1 else "")
    event = run_out_event(stock)
    text = first_day_text(stock.runs_out, stock.runs, stock.end)
    return capitalised(f"{event} {text}")


def run_out_event(stock: StockFigures, *, plural: bool = False) -> str:
    """Return what happens to an exhausted stock: it runs out, or falls below one day of supply."""
    event = stock_event(is_emptied=stock.is_emptied)
    return event.base if plural else event.verb


def event_meanings(stocks: Iterable[StockFigures]) -> str:
    """Return the definitions of the events that `run_out_event` names; empty without a stock."""
    said = {stock_event(is_emptied=stock.is_emptied or stock.runs_out.share == 0.0) for stock in stocks}
    return " ".join(event.meaning for event in (RUNS_OUT, BELOW_A_DAY) if event in said)


def _stock_clause(first: FirstStock, *, several: bool) -> str:
    stock = first.figures
    subject = "stocks" if first.others else "stock"
    name = f"{first.name}: the {subject}" if stock.name else f"The {subject}"
    share = stock.runs_out.share
    many = stock.runs > 1
    if share == 0.0:
        every = ", in every run" if many else ""
        if several:
            return f"Every stock lasts to {long_date(stock.end)}{every}"
        grows = stock.grows == 1.0 and stock.change.middle > 0
        if grows:
            return f"{name} grows to {count_text(stock.closing.middle)} by {long_date(stock.end)}"
        return f"{name} lasts to {long_date(stock.end)}{every}"
    alone = " first" if several and not first.others else ""
    return f"{name} {run_out_event(stock, plural=first.others > 0)}{alone}{_when(stock)}{_recovery(stock)}"


def _when(stock: StockFigures) -> str:
    day, share, many = stock.runs_out.middle, stock.runs_out.share, stock.runs > 1
    if day is None:
        return f" in {percent(share)} of runs"
    on = _on(day, stock.start)
    if not many:
        return on
    if stock.runs_out.low == stock.runs_out.high and share == 1.0:
        return f"{on} in every run"
    half = f"in half of {'them' if share == 1.0 else 'all runs'} by {long_date(day)}"
    return f" in {'every run' if share == 1.0 else f'{percent(share)} of runs'}, {half}"


def _on(day: dt.date, start: dt.date) -> str:
    return " on the first day" if day == start else f" on {long_date(day)}"


def _recovery(stock: StockFigures) -> str:
    if stock.runs_out.share < 1.0 or stock.ends_empty > _FEW_EMPTY:
        return ""
    closing = count_text(stock.closing.middle)
    return f", but {closing} {agreeing(closing, 'is', 'are')} there in the end"


def _requirement_clause(overall: StockFigures) -> str:
    """Return how much of the requirement is met in the end, as the bars of the chart show it: in the mean.

    Where the median looks the same, it is given, as in the verdict.
    """
    if overall.short.share == 0.0:
        return "; the requirement is met throughout"
    met = overall.last_met
    if met is None:
        return ""
    span = "the last day" if overall.last_days == 1 else f"the last {format_count(overall.last_days, 'day')}"
    mean = overall.last_mean_fire / overall.last_required
    is_alike = overall.medians_agree and abs(mean - met.middle) < SAME_SHARE
    rate = overall.last_fire.middle if is_alike else overall.last_mean_fire
    fired = f"{rate_period(rate).text(rate)} are {overall.verb.past}{'' if is_alike else ' on average'}"
    if overall.is_cut_by_guns:
        is_met = met.middle >= ENOUGH and mean >= MET_SHARE
        return f"; in {span} {fired}{', all that the guns left can fire' if is_met else ''}"
    if met.middle >= ENOUGH:
        return f"; in {span} the requirement is met{_met_in_runs(met, mean)}"
    return f"; in {span} {fired}, {percent(met.middle if is_alike else mean)} of the requirement"


def _met_in_runs(met: Range, mean: float) -> str:
    """Return in which runs the requirement is met in the last days, if not in all.

    Where a part of the bars is visibly unmet, the clause gives the share met.
    """
    if mean >= ENOUGH:
        return ""
    together = "" if mean >= MET_SHARE else f", and {percent(mean)} of it over all runs"
    return f" in {'at least 95 % of runs' if met.low >= ENOUGH else 'the median run'}{together}"
