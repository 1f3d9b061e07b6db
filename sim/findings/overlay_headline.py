"""Headline and labels of several runs in one drawdown chart: when the stock of each runs out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sim.errors import format_count
from sim.findings.drawdown_headline import run_out_event
from sim.findings.finding import Finding, Value
from sim.findings.first_stock import first_to_run_out, run_out_order
from sim.findings.stock_figures import ResultTables, StockFigures, overall_figures, stock_figures
from sim.formatting import long_date, percent, short_date

_SOURCES = ("summary.json: exhausted", "stock.csv: p50")


class NamedRun(NamedTuple):
    """The tables of one scenario, and its name in the chart."""

    name: str
    tables: ResultTables


def overlay_headline(runs: Sequence[NamedRun], *, brief: bool = False) -> Finding:
    """Return the headline: when the stock runs out in each of two scenarios, or in the first and the last.

    With several stocks it names the first of a scenario to run out. If `brief`, dates are short
    and a single stock is not named.
    """
    firsts = [(run, earliest_stock(run.tables)) for run in runs]
    known = [(run, stock) for run, stock in firsts if stock is not None]
    scope = overall_figures(runs[0].tables).scope
    if not known:
        return Finding("overlay_headline", scope, {}, "No one draws on these stocks", _SOURCES)
    if len(known) < 3:
        clauses = [f"{run.name}: {_clause(run, stock, brief=brief)}" for run, stock in known]
    else:
        clauses = _first_and_last(known, len(runs), brief=brief)
    values: dict[str, Value] = {}
    for run, stock in known:
        middle = stock.runs_out.middle
        values[f"exhausted_share: {run.name}"] = stock.runs_out.share
        values[f"exhausted_p50: {run.name}"] = None if middle is None else middle.isoformat()
    return Finding("overlay_headline", scope, values, "; ".join(clauses), _SOURCES)


def _first_and_last(
    known: Sequence[tuple[NamedRun, StockFigures]], scenarios: int, *, brief: bool
) -> list[str]:
    ranked = sorted(known, key=lambda each: run_out_order(each[1].runs_out, each[1].end))
    lasting = [each for each in known if each[1].runs_out.share == 0.0]
    of_all = f"Of {format_count(scenarios, 'scenario')}, "
    if len(lasting) == len(known):
        every = "every one" if len(known) == scenarios else f"{len(known)} have a consumer, and every one"
        return [f"{of_all}{every} lasts to its end"]
    with_first, with_last = (_alike(known, each) for each in (ranked[0], ranked[-1]))
    clauses = [f"{of_all}{_place(ranked[0], 'first', with_first, brief=brief)}"]
    if with_first == len(known) - 1:
        return clauses
    if len(lasting) > 1:
        return [*clauses, f"{len(lasting)} last to their end"]
    return [*clauses, _place(ranked[-1], "last", with_last, brief=brief)]


def _alike(known: Sequence[tuple[NamedRun, StockFigures]], one: tuple[NamedRun, StockFigures]) -> int:
    """Return the number of other scenarios whose stock runs out on the same day in as many runs."""

    def order(stock: StockFigures) -> tuple[dt.date, float]:
        return run_out_order(stock.runs_out, stock.end)[:2]

    return sum(order(stock) == order(one[1]) for _, stock in known) - 1


def _place(one: tuple[NamedRun, StockFigures], place: str, others: int, *, brief: bool) -> str:
    """Return which scenario comes first or last: ``A comes first, with 1 other: the stock ...``."""
    beside = f", with {format_count(others, 'other')}" if others else ""
    return f"{one[0].name} comes {place}{beside}: {_clause(*one, brief=brief)}"


def _clause(run: NamedRun, stock: StockFigures, *, brief: bool) -> str:
    text = run_out_clause(stock, short_date if brief else long_date)
    if not stock.name:
        return text if brief else f"the stock {text}"
    if stock.runs_out.share == 0.0 and not run.tables.names.stock:
        return f"every stock {text}"
    munition = run.tables.names.munition(str(stock.scope.munition))
    place = "of" if stock.name.startswith(munition) else "at"
    return f"the stock {place} {stock.name} {text}"


def earliest_stock(tables: ResultTables) -> StockFigures | None:
    """Return the stock that runs out first; None if no consumer draws on any."""
    stocks = stock_figures(tables)
    return first_to_run_out(stocks).figures if stocks else None


def run_out_clause(stock: StockFigures, date_text: Callable[[dt.date], str]) -> str:
    """Return when a stock runs out and in which runs: ``runs out in every run, in half of them by DATE``."""
    first, many = stock.runs_out, stock.runs > 1
    if first.share == 0.0:
        return f"lasts to {date_text(stock.end)}{' in every run' if many else ''}"
    event = run_out_event(stock)
    if first.middle is None:
        return f"{event} in {percent(first.share)} of runs"
    day = date_text(first.middle)
    if not many:
        return f"{event} on {day}"
    if first.share < 1.0:
        return f"{event} in {percent(first.share)} of runs, in half of all by {day}"
    if first.low == first.high:
        return f"{event} on {day} in every run"
    return f"{event} in every run, in half of them by {day}"
