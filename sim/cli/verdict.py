"""Verdict of a run: ten lines of text that can be quoted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from sim.account import INFLOW_KINDS, Kind
from sim.errors import format_count
from sim.formatting import integer, percent, short_date
from sim.results.ensemble_results import Ensemble, Floats
from sim.results.quantiles import quantiles
from sim.results.result import Result

LABEL_WIDTH = 24
_PERCENT_LABELS = {"p05": "5 %", "p50": "half", "p95": "95 %"}


def verdict_lines(result: Result) -> list[str]:
    """Return ten lines: requirement, inflow, gap, run-out date, fire and origins of the fire.

    Outcomes of a whole run are medians over runs, with the 5th and 95th percentiles in brackets. Daily
    figures and shares of origins are means over runs and days, and are labelled so.
    """
    ensemble, summary = result.ensemble, result.summary()
    axes = ensemble.axes
    end = axes.date(axes.days)
    planned = float(ensemble.planned.mean()) / axes.days
    inflow = _mean_inflow(ensemble)
    gap = planned - sum(inflow.values())
    several = summary["runs"] > 1
    runs = f"medians (5-95 %) of {summary['runs']:,} runs" if several else "1 run"
    return [
        f"{result.title}: {short_date(axes.start)} to {short_date(end)}, {runs}, seed {result.seed}",
        _line("Required", f"{_shells_text(planned)} as planned, on average over the period"),
        _line("Coming in", _inflow_text(inflow)),
        _line("Gap", _gap_text(gap, planned)),
        _line("Stock at the start", _opening_text(ensemble)),
        _line(
            "Exhausted",
            _date_text(summary["exhausted"], end, "less than one day of supply is left", several=several),
        ),
        _line(*_threshold_line(summary, end, several=several)),
        _line("Fire in the last 90 days", _sustained_text(summary, axes.days)),
        _line("In the whole period", _totals_text(summary["totals"], several=several)),
        _line("Who supplied the fire", _origins_text(summary["fire_by_origin"])),
    ]


def _line(label: str, text: str) -> str:
    return f"  {label:<{LABEL_WIDTH}} {text}"


def _mean_inflow(ensemble: Ensemble) -> dict[str, float]:
    """Return the mean daily inflow by origin, without transfers between depots."""
    axes, months = ensemble.axes, ensemble.months
    inflow = dict.fromkeys(axes.origins, 0.0)
    for kind in INFLOW_KINDS:
        if kind in months and kind is not Kind.RECEIVED:
            by_origin = months[kind].sum(axis=(0, 2)) / axes.days
            for origin, quantity in zip(axes.origins, by_origin, strict=True):
                inflow[origin] += float(quantity)
    return {origin: quantity for origin, quantity in inflow.items() if quantity > 0}


def _inflow_text(inflow: Mapping[str, float]) -> str:
    if not inflow:
        return "nothing"
    parts = ", ".join(f"{origin} {quantity:,.0f}" for origin, quantity in inflow.items())
    return f"{format_count(sum(inflow.values()), 'serviceable shell')} a day on average ({parts})"


def _gap_text(gap: float, planned: float) -> str:
    if planned <= 0:
        return "none: nothing is required"
    if gap <= 0:
        return f"none: {_shells_text(-gap)} more come in on average than are required"
    return f"{_shells_text(gap)}, {percent(gap / planned)} of the requirement, on average"


def _opening_text(ensemble: Ensemble) -> str:
    total, planned = ensemble.opening, ensemble.first_planned
    text = _range_text(total, _format_large)
    if not (planned > 0).all():
        return format_count(text, "shell")
    days = format_count(_range_text(total / planned, integer), "day")
    return f"{format_count(text, 'shell')}, {days} of supply"


def _range_text(values: Floats, format_value: Callable[[float], str]) -> str:
    low, middle, high = (format_value(float(value)) for value in quantiles(values, [5, 50, 95]))
    return middle if low == high else f"{middle} ({low} to {high})"


def _date_text(outcome: Mapping[str, Any], end: dt.date, meaning: str, *, several: bool) -> str:
    """Return percentiles of a date over all runs; runs that never reach it count as after the end."""
    if outcome["share"] == 0:
        return f"in no run ({meaning} on no day)"
    dates = {key: _format_iso(outcome[key]) for key in ("p05", "p50", "p95") if outcome[key] is not None}
    if outcome["share"] == 1:
        low, middle, high = dates.values()
        span = middle if low == high else f"{middle} (5-95 %: {low} to {high})"
        return f"{span}, in every run" if several else span
    part = f"in {percent(outcome['share'])} of runs"
    by = [f"{_PERCENT_LABELS[key]} by {date}" for key, date in dates.items()]
    reached = f" (of all runs {', '.join(by)})" if by else ""
    return f"{part}{reached}; in the others not before {short_date(end)}"


def _format_iso(text: str) -> str:
    return short_date(dt.date.fromisoformat(text))


def _threshold_line(summary: Mapping[str, Any], end: dt.date, *, several: bool) -> tuple[str, str]:
    below = summary["below"]
    if not below:
        return "Rationed", _date_text(
            summary["rationed"], end, "all that is required is fired", several=several
        )
    first = str(next(iter(below)))
    return f"Below {format_count(first, 'day')} of supply", _date_text(
        below[first], end, "as much is there", several=several
    )


def _sustained_text(summary: Mapping[str, Any], days: int) -> str:
    fire, met = summary["sustained"]["fire"], summary["sustained"]["met"]
    span = _shells_text(fire["p50"])
    if f"{fire['p05']:,.0f}" != f"{fire['p95']:,.0f}":
        span += f" ({fire['p05']:,.0f} to {fire['p95']:,.0f})"
    if met is not None:
        span += f", {percent(met['p50'])} of the requirement"
    return span if days >= 90 else f"{span} (the period has {format_count(days, 'day')})"


def _totals_text(totals: Mapping[str, float], *, several: bool) -> str:
    text = ", ".join(f"{_format_large(totals[kind])} {kind}" for kind in ("required", "fired", "unmet"))
    return f"{text} (each a median)" if several else text


def _shells_text(amount: float) -> str:
    return f"{format_count(amount, 'shell')} a day"


def _format_large(shells: float) -> str:
    return f"{shells / 1e6:,.1f}M" if shells >= 1e6 else f"{shells:,.0f}"


def _origins_text(shares: Mapping[str, float]) -> str:
    parts = [
        f"{'stock at the start' if name == 'initial' else name} {percent(share)}"
        for name, share in shares.items()
        if share > 0
    ]
    return f"{', '.join(parts)}, on average" if parts else "nothing was fired"
