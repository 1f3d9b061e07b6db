"""Headline of the drawdown chart: what happens to the stock, and how much of the requirement is met then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sim.errors import format_count
from sim.findings.finding import Finding, Value
from sim.findings.stock_figures import ResultTables, StockFigures
from sim.findings.wording import first_day_text, rate_period
from sim.formatting import compact, long_date, percent

#: Share of the requirement from which it counts as met.
MET_SHARE = 0.995
#: Part of a day of supply up to which a median level is drawn as nothing.
_EMPTY_PART = 0.05
#: Share of runs that end empty, up to which the stock is said to recover.
_FEW_EMPTY = 0.05
_SOURCES = ("summary.json: exhausted, rationed, sustained, closing_stock", "stock.csv: p50")


def drawdown_headline(tables: ResultTables, overall: StockFigures, stocks: Sequence[StockFigures]) -> Finding:
    """Return the headline of a drawdown chart.

    With several stocks it speaks of the first to run out, by name, and of the requirement of all together.
    """
    if not stocks:
        return Finding("drawdown_headline", overall.scope, {}, "No one draws on these stocks", _SOURCES)
    if overall.nothing_required == 1.0:
        return Finding(
            "drawdown_headline", overall.scope, {}, "Nothing is required of these stocks", _SOURCES
        )
    first = min(stocks, key=lambda each: (each.runs_out.middle or each.end, -each.runs_out.share))
    clause = _stock_clause(first, _level_after(tables, first), several=len(stocks) > 1)
    sentence = clause + _requirement_clause(overall)
    values: dict[str, Value] = {
        "exhausted_share": first.runs_out.share,
        "exhausted_p50": None if first.runs_out.middle is None else first.runs_out.middle.isoformat(),
        "closing_p50": first.closing.middle,
        "short_share": overall.short.share,
        "last_fire_p50": overall.last_fire.middle,
        "last_met_p50": None if overall.last_met is None else overall.last_met.middle,
    }
    return Finding("drawdown_headline", first.scope, values, sentence, _SOURCES)


def run_out_label(tables: ResultTables, stock: StockFigures) -> str:
    """Return the label of the run-out date in a chart: the event, the runs it holds for, and its range."""
    if stock.runs_out.share == 0.0:
        return "Never runs out" + (", in any run" if stock.runs > 1 else "")
    event = run_out_event(tables, stock)
    text = first_day_text(stock.runs_out, stock.runs, stock.end)
    return f"{event[0].upper()}{event[1:]} {text}"


def run_out_event(tables: ResultTables, stock: StockFigures) -> str:
    """Return what happens to a stock that counts as exhausted: it runs out, or nearly does."""
    return _event(_level_after(tables, stock))


def _event(level_after: float) -> str:
    return "runs out" if level_after <= _EMPTY_PART else "falls below one day of supply"


def _level_after(tables: ResultTables, stock: StockFigures) -> float:
    """Return the median level of a stock in days of supply, on the day after half of the runs ran out."""
    gone = stock.runs_out.middle
    if gone is None:
        return 0.0
    rows = tables.stock
    rows = rows[(rows["depot"] == stock.scope.depot) & (rows["munition"] == stock.scope.munition)]
    dates = rows["date"].astype(str).str[:10]
    after = rows.loc[dates > gone.isoformat(), "p50"]
    level = float((rows["p50"] if after.empty else after.head(1)).iloc[-1])
    return level * stock.days / stock.required if stock.required else 0.0


def _stock_clause(stock: StockFigures, level_after: float, *, several: bool) -> str:
    name = f"{stock.name}: the stock" if several and stock.name else "The stock"
    share = stock.runs_out.share
    many = stock.runs > 1
    if share == 0.0:
        every = ", in every run" if many else ""
        if several:
            return f"Every stock lasts to {long_date(stock.end)}{every}"
        grows = stock.grows == 1.0 and stock.change.middle > 0
        if grows:
            return f"{name} grows to {compact(stock.closing.middle)} by {long_date(stock.end)}"
        return f"{name} lasts to {long_date(stock.end)}{every}"
    first = " first" if several else ""
    return f"{name} {_event(level_after)}{first}{_when(stock)}{_recovery(stock)}"


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
    return f", but {compact(stock.closing.middle)} are there in the end"


def _requirement_clause(overall: StockFigures) -> str:
    if overall.short.share == 0.0:
        return "; the requirement is met throughout"
    met = overall.last_met
    if met is None:
        return ""
    span = "the last day" if overall.last_days == 1 else f"the last {format_count(overall.last_days, 'day')}"
    period = rate_period(overall.last_fire.middle)
    rate = f"{period.text(overall.last_fire.middle)} are {overall.verb.past}"
    if overall.is_cut_by_guns:
        return (
            f"; in {span} {rate}, all that the guns left can fire"
            if met.middle >= MET_SHARE
            else f"; in {span} {rate}"
        )
    if met.middle >= MET_SHARE:
        in_median = " in the median run" if met.low < MET_SHARE else ""
        return f"; in {span} the requirement is met{in_median}"
    return f"; in {span} {rate}, {percent(met.middle)} of the requirement"
