"""Findings of a run whose opening stock the file leaves unknown: the stock that would suffice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.findings.answer import Case, case_of, rates_text
from sim.findings.finding import Finding, Value
from sim.findings.run_findings import run_findings
from sim.findings.stock_figures import ResultTables, StockFigures, overall_figures, stock_figures
from sim.findings.target_words import share_phrase
from sim.formatting import compact, exact_percent, integer, short_date

if TYPE_CHECKING:
    from sim.study.unknown_stock import SolvedLevel, SolvedStock

LABEL = "Unknown stock"
_SOURCES = ("break-even search: unmet", "flows.csv: required (mean)", "summary.json: opening_days")


def solved_stock_findings(tables: ResultTables, solved: SolvedStock) -> list[Finding]:
    """Return every statement about a result whose opening stock was solved for; the answer first."""
    first, *rest = run_findings(tables)
    overall, stocks = overall_figures(tables), stock_figures(tables)
    if case_of(overall) is Case.NOTHING_REQUIRED:
        return [first, _runs_have(overall, solved), *rest]
    return [_answer(tables, first, overall, stocks, solved), _runs_have(overall, solved), *rest]


def _answer(
    tables: ResultTables,
    first: Finding,
    overall: StockFigures,
    stocks: Sequence[StockFigures],
    solved: SolvedStock,
) -> Finding:
    days = _days_of_supply(solved, stocks)
    name = tables.names.path(solved.path) if len(stocks) > 1 else "opening stock"
    name = f"the {name[0].lower()}{name[1:]}"
    end = short_date(overall.end)
    lead, *more = solved.levels
    share = "" if solved.is_certain else f" {share_phrase(lead.share)}"
    if lead.value == 0.0:
        need = f"The requirement is met until {end}{share} without {name.replace('the ', 'any ', 1)}"
    else:
        stock = f"{compact(solved.used)} {overall.noun.many}{_supply(solved.used, days)}"
        need = f"To meet the requirement until {end}{share}, {name} would have to be {stock}"
    others = "".join(f"; {_further(level, days)}" for level in more)
    values: dict[str, Value] = {**first.values, "case": "unknown_stock", "path": solved.path}
    for level in solved.levels:
        key = f"stock_{level.share:g}"
        values |= {key: level.value, f"{key}_low": level.low, f"{key}_high": level.high}
    return replace(
        first,
        scope=overall.scope,
        values=values,
        sentence=f"{need}{others}. {_capital(rates_text(overall))}.",
        sources=_SOURCES,
    )


def _further(level: SolvedLevel, days: float | None) -> str:
    where = f"in {exact_percent(level.share)} of them"
    if level.value is None:
        return f"{where} no stock suffices"
    return f"{where} {compact(level.value)}{_supply(level.value, days)}" if level.value else f"{where} too"


def _supply(value: float, days: float | None) -> str:
    return "" if days is None else f", {integer(value * days)} days of supply"


def _days_of_supply(solved: SolvedStock, stocks: Sequence[StockFigures]) -> float | None:
    """Return the days of supply of one shell, median over runs; None if the stock has no consumer."""
    if not solved.used:
        return None
    depot = solved.path.split(".")[1]
    own = [each for each in stocks if each.scope.depot == depot and _is_of(each, solved.path)]
    if len(own) != 1 or own[0].opening_days is None:
        return None
    return own[0].opening_days.middle / solved.used


def _is_of(stock: StockFigures, path: str) -> bool:
    munition = path.split(".")[3:]
    return not munition or munition == [stock.scope.munition]


def _runs_have(overall: StockFigures, solved: SolvedStock) -> Finding:
    """Return the stock that runs, tables and charts have, and the intervals of the solution."""
    sought = ", ".join(map(_solution, solved.levels))
    text = f"solved for: {sought}; the lines below, tables and charts have {compact(solved.used)}"
    values: dict[str, Value] = {"path": solved.path, "used": solved.used}
    return Finding("unknown_stock", overall.scope, values, text, _SOURCES[:1], LABEL)


def _solution(level: SolvedLevel) -> str:
    share = "half of the runs" if level.share == 0.5 else f"{exact_percent(level.share)} of them"
    if level.value is None:
        return f"none for {share}"
    ends = [None if end is None else compact(end) for end in (level.low, level.high)]
    if level.value == 0.0 or ends[0] == ends[1]:
        return f"{compact(level.value)} for {share}"
    low, high = (end or "unknown" for end in ends)
    return f"{compact(level.value)} (90 % interval {low} to {high}) for {share}"


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
