"""Findings of a run whose opening stock the file leaves unknown: the stock that would suffice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.errors import format_count
from sim.findings.answer import Case, case_of, rates_text
from sim.findings.finding import Finding, Value
from sim.findings.run_findings import run_findings
from sim.findings.stock_figures import (
    ResultTables,
    StockFigures,
    is_steady,
    overall_figures,
    stock_figures,
)
from sim.findings.target_words import share_phrase
from sim.formatting import capitalised, count_text, exact_percent, integer, long_date, short_date
from sim.names import as_subject

if TYPE_CHECKING:
    from sim.study.unknown_stock import SolvedLevel, SolvedStock

LABEL = "Unknown stock"
HEADLINE = "drawdown_headline"
_SOURCES = ("break-even search: unmet", "flows.csv: required (mean)", "summary.json: opening_days")


def solved_stock_findings(tables: ResultTables, solved: SolvedStock) -> list[Finding]:
    """Return every statement about a result whose opening stock was solved for; the answer first."""
    first, *rest = run_findings(tables)
    overall, stocks = overall_figures(tables), stock_figures(tables)
    if case_of(overall) is Case.NOTHING_REQUIRED:
        return [first, _runs_have(overall, solved), *rest]
    rest = [_headline(tables, each, stocks, solved) if each.kind == HEADLINE else each for each in rest]
    return [_answer(tables, first, overall, stocks, solved), _runs_have(overall, solved), *rest]


def _answer(
    tables: ResultTables,
    first: Finding,
    overall: StockFigures,
    stocks: Sequence[StockFigures],
    solved: SolvedStock,
) -> Finding:
    own = _own_stock(solved, stocks)
    days = None
    if solved.used and own is not None and own.opening_days is not None and is_steady(tables, own):
        days = own.opening_days.middle / solved.used
    need = _need(_stock_name(tables, solved, stocks), overall, own, solved, days)
    others = "".join(f"; {_further(level, days, solved.used)}" for level in solved.levels[1:])
    values: dict[str, Value] = {**first.values, "case": "unknown_stock", "path": solved.path}
    for level in solved.levels:
        key = f"stock_{level.share:g}"
        values |= {key: level.value, f"{key}_low": level.low, f"{key}_high": level.high}
    return replace(
        first,
        scope=overall.scope,
        values=values,
        sentence=f"{need}{others}. {capitalised(rates_text(overall))}.",
        sources=_SOURCES,
    )


def _need(
    name: str, overall: StockFigures, own: StockFigures | None, solved: SolvedStock, days: float | None
) -> str:
    """Return the clause of the stock with which the runs are made."""
    end, share = short_date(overall.end), _share(solved)
    if solved.used == 0.0:
        return f"The requirement is met until {end}{share} without any {name}"
    stock = f"{overall.noun.counted(count_text(solved.used))}{_supply(solved.used, days)}"
    if own is None or own.coming_in < own.required:
        subject = f"the {as_subject(name)} would have to be"
        return f"To meet the requirement until {end}{share}, {subject} {stock}"
    enough = f"Over the whole period enough comes in without any {name}"
    return f"{enough}; to meet the requirement on every day until {end}{share}, it would have to be {stock}"


def _stock_name(tables: ResultTables, solved: SolvedStock, stocks: Sequence[StockFigures]) -> str:
    name = tables.names.path(solved.path) if len(stocks) > 1 else "opening stock"
    return f"{name[0].lower()}{name[1:]}"


def _share(solved: SolvedStock) -> str:
    """Return in which share of the runs the requirement is met, with a space before it."""
    return "" if solved.is_certain else f" {share_phrase(solved.levels[0].share)}"


def _further(level: SolvedLevel, days: float | None, used: float) -> str:
    where = f"in {exact_percent(level.share)} of them"
    if level.value is None:
        return f"{where} no stock suffices"
    stock = f"{count_text(level.value)}{_supply(level.value, days)}"
    return f"{where} too" if level.value == 0.0 else f"{where} {stock}" if used else f"{where} with {stock}"


def _headline(
    tables: ResultTables, headline: Finding, stocks: Sequence[StockFigures], solved: SolvedStock
) -> Finding:
    """Return the headline of the drawdown chart: with which stock the requirement is met."""
    end = long_date(dt.date.fromisoformat(headline.scope.end))
    lead = f"The requirement is met until {end}{_share(solved)}"
    name = _stock_name(tables, solved, stocks)
    stock = overall_figures(tables).noun.counted(count_text(solved.used))
    have = f"with an {name} of {stock}" if len(stocks) < 2 else f"if the {as_subject(name)} is {stock}"
    sentence = f"{lead} {have if solved.used else f'without any {name}'}"
    return replace(headline, sentence=sentence, values={**headline.values, "stock": solved.used})


def _supply(value: float, days: float | None) -> str:
    if days is None:
        return ""
    supply = "less than a day" if value * days < 1.0 else format_count(integer(value * days), "day")
    return f", {supply} of supply"


def _own_stock(solved: SolvedStock, stocks: Sequence[StockFigures]) -> StockFigures | None:
    """Return the figures of the solved stock; None if it has no consumer, or several munitions."""
    depot = solved.path.split(".")[1]
    own = [each for each in stocks if each.scope.depot == depot and _is_of(each, solved.path)]
    return own[0] if len(own) == 1 else None


def _is_of(stock: StockFigures, path: str) -> bool:
    munition = path.split(".")[3:]
    return not munition or munition == [stock.scope.munition]


def _runs_have(overall: StockFigures, solved: SolvedStock) -> Finding:
    """Return the stock that runs, tables and charts have, and the intervals of the solution."""
    used = count_text(solved.used)
    if solved.is_certain:
        text = f"solved: {used}, as in the lines below, tables and charts"
    else:
        text = f"{', '.join(map(_solution, solved.levels))}; the lines below, tables and charts have {used}"
    values: dict[str, Value] = {"path": solved.path, "used": solved.used}
    return Finding("unknown_stock", overall.scope, values, text, _SOURCES[:1], LABEL)


def _solution(level: SolvedLevel) -> str:
    share = "half of the runs" if level.share == 0.5 else f"{exact_percent(level.share)} of them"
    if level.value is None:
        return f"no stock suffices for {share}"
    if level.value == 0.0:
        return f"none needed for {share}"
    ends = [None if end is None else count_text(end) for end in (level.low, level.high)]
    if ends[0] == ends[1]:
        return f"{count_text(level.value)} for {share}"
    low, high = (end or "unknown" for end in ends)
    return f"{count_text(level.value)} (90 % interval {low} to {high}) for {share}"
