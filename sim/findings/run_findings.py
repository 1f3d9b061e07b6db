"""All findings of a result: the answer, and the lines that follow it in a verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from sim.errors import format_count
from sim.findings.answer import answer, case_of, requirement_text, single_line
from sim.findings.consumer_lines import consumer_lines
from sim.findings.drawdown_headline import drawdown_headline
from sim.findings.finding import Finding, Value
from sim.findings.first_stock import FirstStock, first_stock, first_to_run_out
from sim.findings.objective_line import objective_line
from sim.findings.order_cuts_line import order_cuts_line
from sim.findings.stock_figures import (
    LEAST_STOCK,
    FirstDay,
    Range,
    ResultTables,
    StockFigures,
    is_steady,
    overall_figures,
    stock_figures,
)
from sim.findings.supply_headline import supply_headline
from sim.findings.wording import FEW_RUNS, first_day_text, period_phrase, range_text, rate_period, stock_event
from sim.formatting import count_text, integer, percent

#: Stocks that get a line of their own.
MAX_STOCK_LINES = 4
MARGIN_NOTE = (
    "Rates, totals and origins are means of the runs; stocks, dates and the last days are medians,\n"
    "with the range of nine runs in ten in brackets."
)


def run_findings(tables: ResultTables) -> list[Finding]:
    """Return every statement about a result, in the order of its verdict; headlines of charts last."""
    overall, stocks = overall_figures(tables), stock_figures(tables)
    return [*_verdict(tables, overall, stocks), supply_headline(tables, overall)]


def verdict_findings(tables: ResultTables) -> list[Finding]:
    """Return the statements of a verdict and the headline of the drawdown, which come first in a result."""
    return _verdict(tables, overall_figures(tables), stock_figures(tables))


def _verdict(tables: ResultTables, overall: StockFigures, stocks: Sequence[StockFigures]) -> list[Finding]:
    found = [answer(overall, stocks)]
    if len(stocks) > 1:
        found += [_stock_line(each) for each in stocks[:MAX_STOCK_LINES]]
    return [
        *found,
        *_required(overall),
        *_coming_in(overall),
        *_opening_stock(tables, overall, stocks),
        *_runs_out(overall, stocks),
        *_below(overall, stocks),
        *objective_line(tables, overall.scope),
        *consumer_lines(tables, overall.scope),
        *order_cuts_line(tables, overall),
        *_last_days(overall),
        *_totals(overall),
        *_expired(overall),
        *_closing_stock(overall, stocks),
        *_fired_from(overall),
        drawdown_headline(overall, stocks),
    ]


Lines = Iterator[Finding]
Stocks = Sequence[StockFigures]


def _stock_line(figures: StockFigures) -> Finding:
    values: dict[str, Value] = {
        "case": case_of(figures).name.lower(),
        "required_a_day": figures.required / figures.days,
        "coming_in_a_day": figures.coming_in / figures.days,
        "short_share": figures.short.share,
        "closing_p50": figures.closing.middle,
        "unmet_share": figures.unmet / figures.required if figures.required else None,
    }
    sources = ("flows.csv: required, fired (mean)", "origins.csv", "summary.json: pairs")
    return Finding("stock", figures.scope, values, single_line(figures), sources, figures.name)


def _required(figures: StockFigures) -> Lines:
    if not figures.required:
        return
    per_day = figures.required / figures.days
    text = requirement_text(figures)
    values = {"required_a_day": per_day}
    yield Finding("required", figures.scope, values, text, ("flows.csv: required (mean)",), "Required")


def _coming_in(figures: StockFigures) -> Lines:
    by_origin = {origin: amount / figures.days for origin, amount in figures.inflow.items()}
    total = sum(by_origin.values())
    period = rate_period(total)
    parts = ", ".join(f"{origin} {period.number(rate)}" for origin, rate in by_origin.items())
    text = (
        "nothing"
        if not by_origin
        else period.text(total)
        + (f": {parts}" if len(by_origin) > 1 else f", all of it {parts.rsplit(' ', 1)[0]}")
    )
    values: dict[str, Value] = {"coming_in_a_day": total, **by_origin}
    source = "origins.csv: landed, produced, refurbished (mean)"
    yield Finding("coming_in", figures.scope, values, text, (source,), "Coming in")


def _opening_stock(tables: ResultTables, figures: StockFigures, stocks: Stocks) -> Lines:
    text = figures.noun.counted(range_text(figures.opening)) if figures.opening.high else "none"
    if stocks and stocks[0].name:
        text += ", in all depots"
    elif figures.opening_days is not None and figures.opening.high:
        text += f", {format_count(range_text(figures.opening_days, _days_text), 'day')} of supply"
        if not is_steady(tables, stocks[0]):
            text += " at the requirement of the first day"
    values = {
        **_percentiles("opening", figures.opening),
        **_percentiles("days_of_supply", figures.opening_days),
    }
    yield Finding(
        "opening_stock", figures.scope, values, text, ("summary.json: opening_stock",), "Opening stock"
    )


def _runs_out(figures: StockFigures, stocks: Stocks) -> Lines:
    if not stocks:
        return
    first = first_to_run_out(stocks)
    is_emptied = first.figures.is_emptied or first.figures.runs_out.share == 0.0
    label = stock_event(is_emptied=is_emptied).label
    yield from _first_of("runs_out", label, figures, stocks, first, lambda each: each.runs_out)


def _below(figures: StockFigures, stocks: Stocks) -> Lines:
    # Below one day of supply is the line before.
    cover = next((cover for cover in figures.below if cover != "1"), None)
    if cover is None:
        return
    label = f"Below {format_count(cover, 'day')}"

    def below(each: StockFigures) -> FirstDay:
        return each.below[cover]

    if stocks:
        yield from _first_of(f"below_{cover}", label, figures, stocks, first_stock(stocks, below), below)


def _first_of(
    kind: str,
    label: str,
    figures: StockFigures,
    stocks: Stocks,
    earliest: FirstStock,
    first: Callable[[StockFigures], FirstDay],
) -> Lines:
    """Yield the first day of an event; of several stocks, that of the first to reach it, by name."""
    source = f"outcomes.csv: {'exhausted' if kind == 'runs_out' else kind}"
    if len(stocks) < 2 or first(figures).share == 0.0:
        name = f"{stocks[0].name}: " if len(stocks) == 1 and stocks[0].name else ""
        for found in _first_day(kind, label, figures, first(figures), source):
            yield replace(found, sentence=f"{name}{found.sentence}")
        return
    found_first = first(earliest.figures)
    # None where the plan of the first stock is of guns that are not there.
    for found in _first_day(kind, label, earliest.figures, found_first, "summary.json: pairs"):
        label = f"First {label[0].lower()}{label[1:]}"
        yield replace(found, label=label, sentence=f"{earliest.name}: {found.sentence}")


def _first_day(kind: str, label: str, figures: StockFigures, first: FirstDay, source: str) -> Lines:
    if figures.nothing_required == 1.0:
        return
    text = first_day_text(first, figures.runs, figures.end)
    yield Finding(kind, figures.scope, first.values(), text, (source,), label)


def _last_days(figures: StockFigures) -> Lines:
    if figures.last_met is None:
        return
    period = rate_period(figures.last_fire.middle)
    fire = f"{range_text(figures.last_fire, period.number)} a {period.name}"
    share = f"{range_text(figures.last_met, percent)} of the requirement"
    joined = f", {share}" if figures.medians_agree else f"; {share} met, each a median"
    text = f"{fire} {figures.verb.past}{joined}"
    values = {**_percentiles("fire", figures.last_fire), **_percentiles("met", figures.last_met)}
    label = f"Last {format_count(figures.last_days, 'day')}"
    yield Finding("last_days", figures.scope, values, text, ("outcomes.csv: sustained_fire",), label)


def _totals(figures: StockFigures) -> Lines:
    if not figures.required:
        return
    past = figures.verb.past
    required = f"{count_text(figures.required)} required"
    text = f"{required}, all {past}"
    if figures.short.share > 0.0:
        text = f"{required}, {count_text(figures.fired)} {past}, {count_text(figures.unmet)} not"
    values = {"required": figures.required, "fired": figures.fired, "unmet": figures.unmet}
    label = f"In {period_phrase(figures.start, figures.end)}"
    yield Finding("totals", figures.scope, values, text, ("flows.csv: required, fired (mean)",), label)


def _expired(figures: StockFigures) -> Lines:
    if figures.expired > 0.0:
        text = f"{figures.noun.counted(count_text(figures.expired))} past their shelf life"
        sources = ("flows.csv: expired (mean)",)
        yield Finding("expired", figures.scope, {"expired": figures.expired}, text, sources, "Expired")


def _closing_stock(figures: StockFigures, stocks: Stocks) -> Lines:
    text = f"{range_text(figures.closing)}{', in all depots' if stocks and stocks[0].name else ''}"
    if figures.closing.high < LEAST_STOCK:
        text = (
            "none"
            if figures.runs == 1
            else "none in any run"
            if figures.runs < FEW_RUNS
            else "none in at least 95 % of runs"
        )
    values = _percentiles("closing", figures.closing)
    yield Finding(
        "closing_stock", figures.scope, values, text, ("outcomes.csv: closing_stock",), "Closing stock"
    )


def _fired_from(figures: StockFigures) -> Lines:
    shares = {origin: share for origin, share in figures.fired_from.items() if share > 0.0}
    ordered = sorted(shares.items(), key=lambda each: -each[1])
    text = (
        ", ".join(f"{origin} {percent(share)}" for origin, share in ordered)
        or f"nothing was {figures.verb.past}"
    )
    label = f"{figures.verb.past.capitalize()} from"
    yield Finding("fired_from", figures.scope, dict(ordered), text, ("summary.json: fire_by_origin",), label)


def _days_text(days: float) -> str:
    """Return days of supply: whole from ten on, and with two digits below."""
    return integer(days) if days >= 10.0 else count_text(days)


def _percentiles(name: str, found: Range | None) -> dict[str, Value]:
    return {
        f"{name}_{key}": value for key, value in zip(("p05", "p50", "p95"), found or (), strict=bool(found))
    }
