"""Answer of a run, in one sentence: whether supply meets the requirement, and which number decides it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from sim.account import ENOUGH
from sim.errors import format_count
from sim.findings.finding import Finding, Value
from sim.findings.stock_figures import LEAST_STOCK, StockFigures
from sim.findings.wording import NEARLY_ALL, RatePeriod, agreeing, period_phrase, rate_period, share_of_runs
from sim.formatting import SOLVED_DIGITS, count_text, month_name, percent, short_date

#: Share of runs whose stock must grow for a stock that grows.
_GROWING = 0.95
#: Days, and share of them, within which an even difference must use up the opening stock to explain a date.
_EXPLAINED_DAYS, _EXPLAINED_SHARE = 10, 0.1
#: Difference of two shares of runs that counts as none.
_SAME_SHARE = 0.005
_SOURCES = (
    "flows.csv: required, fired (mean)",
    "origins.csv: landed, produced, refurbished (mean)",
    "outcomes.csv: rationed_from, exhausted, closing_stock",
)


class Case(IntEnum):
    """Cases of an answer, from the best to the worst."""

    NOTHING_REQUIRED = 0
    GROWS = 1
    LASTS = 2
    IN_DOUBT = 3
    RATIONED = 4
    SHORT = 5


def case_of(figures: StockFigures) -> Case:
    """Return the case of a stock, or of all stocks together."""
    if figures.nothing_required == 1.0:
        return Case.NOTHING_REQUIRED
    if figures.short.share == 0.0:
        is_growing = figures.grows >= _GROWING and figures.change.middle >= LEAST_STOCK
        return Case.GROWS if is_growing else Case.LASTS
    if figures.short.share < NEARLY_ALL:
        return Case.IN_DOUBT
    return Case.RATIONED if figures.held_back >= 0.5 else Case.SHORT


def answer(overall: StockFigures, stocks: Sequence[StockFigures]) -> Finding:
    """Return the first line of a verdict.

    With several stocks the worst decides, and is named; of two in the same case, the one that meets less of
    its requirement.
    """
    deciding = overall
    if len(stocks) > 1:
        deciding = max(
            stocks, key=lambda each: (case_of(each), each.unmet / each.required if each.required else 0.0)
        )
    case = case_of(deciding)
    # Rates are of all depots together; what is in doubt is about the one with a consumer.
    named = deciding if len(stocks) > 1 else stocks[0] if stocks and case is Case.IN_DOUBT else None
    where = f" ({named.name})" if named is not None and named.name else ""
    sentence = _SENTENCES[case](deciding, where)
    return Finding(
        "answer", deciding.scope, {"case": case.name.lower(), **_values(deciding)}, sentence, _SOURCES
    )


def _values(figures: StockFigures) -> dict[str, Value]:
    met = figures.last_met
    return {
        "required_a_day": figures.required / figures.days,
        "planned_a_day": figures.planned / figures.days,
        "coming_in_a_day": figures.coming_in / figures.days,
        "short_share": figures.short.share,
        "short_from_p50": None if figures.short.middle is None else figures.short.middle.isoformat(),
        "exhausted_share": figures.runs_out.share,
        "closing_p50": figures.closing.middle,
        "change_p50": figures.change.middle,
        "unmet_share": figures.unmet / figures.required if figures.required else None,
        "last_fire_p50": figures.last_fire.middle,
        "last_met_p50": None if met is None else met.middle,
    }


def _nothing_required(_figures: StockFigures, where: str) -> str:
    return f"Nothing is required of these stocks{where}."


def _grows(figures: StockFigures, where: str) -> str:
    gained = count_text(figures.change.middle)
    verb = agreeing(gained, "piles", "pile")
    gain = f"{gained} {verb} up in {period_phrase(figures.start, figures.end)}."
    return f"{_adds_up(figures, where)}: {_supply_first(figures)}. {gain}"


def _lasts(figures: StockFigures, where: str) -> str:
    until = f" until {short_date(figures.end)}"
    left = _left(figures)
    if figures.coming_in >= figures.required:
        return f"{_adds_up(figures, where, until)}: {_supply_first(figures)}; {left}."
    cover = "the opening stock covers the difference"
    return f"{_adds_up(figures, where, until)}: {_supply_first(figures)}; {cover}, and {left}."


def _adds_up(figures: StockFigures, where: str, until: str = "") -> str:
    needs_cut = figures.is_cut_by_guns and not figures.meets_plan
    return f"It adds up{where}{until}" + (" only because guns are missing" if needs_cut else "")


def _in_doubt(figures: StockFigures, where: str) -> str:
    part = f"in {percent(figures.short.share)} of runs"
    end = short_date(figures.end)
    gone = figures.runs_out.share
    if gone > 0.0 and figures.is_emptied and abs(gone - figures.short.share) < _SAME_SHARE:
        part = f"in {percent(gone)} of runs"
        return f"It may not add up{where}: {part} the stock runs out before {end}."
    event = f"less than is required is {figures.verb.past} at some time before {end}"
    return f"It may not add up{where}: {part} {event}."


def _short(figures: StockFigures, where: str) -> str:
    lead = f"It does not add up{where}"
    if figures.coming_in >= figures.required:
        unmet = percent(figures.unmet / figures.required)
        gap = f"{unmet} of the requirement is not met{_met_in_the_end(figures)}."
        return f"{lead}, although {_supply_first(figures, ' and ')}: {gap}"
    return f"{lead}: {rates_text(figures)}. {_cover(figures)}"


def _cover(figures: StockFigures) -> str:
    first = figures.short.middle
    if first is None or first == figures.start:
        nothing = (
            "There is no opening stock"
            if figures.opening.high == 0.0
            else "The opening stock does not suffice"
        )
        return f"{nothing} to cover the difference, not even on the first day."
    in_median = "" if figures.short.low == figures.short.high else " in the median run"
    what = "The requirement is met"
    if _explains(figures, (first - figures.start).days):
        what = "The opening stock covers the difference"
    return f"{what} until {month_name(first)}{in_median}."


def _explains(figures: StockFigures, days: int) -> bool:
    """Return whether the opening stock, used up at the mean difference a day, lasts about so many days.

    Where it lasts for more or less, inflow or requirement change over time, and something else sets the date.
    """
    if figures.opening.middle <= 0.0:
        return False
    covered = figures.opening.middle * figures.days / (figures.required - figures.coming_in)
    return abs(covered - days) <= max(_EXPLAINED_DAYS, _EXPLAINED_SHARE * days)


def _rationed(figures: StockFigures, where: str) -> str:
    first, met = figures.short.middle, figures.last_met
    since = f"from {short_date(first or figures.start)} on"
    if not figures.stays_short or (met is not None and met.middle >= ENOUGH):
        since = f"for the first time on {short_date(first or figures.start)}"
    in_median = "" if figures.short.low == figures.short.high else " in the median run"
    period = rate_period(figures.last_fire.middle)
    span = f"the last {format_count(figures.last_days, 'day')}"
    fire = period.number(figures.last_fire.middle)
    level = f"{fire} a {period.name} {agreeing(fire, 'is', 'are')} {figures.verb.past} in {span}"
    share = "" if met is None else f", {percent(met.middle)} of the requirement"
    if met is not None and not figures.medians_agree:
        share = f", and {percent(met.middle)} of the requirement is met, each a median"
    rates = f": {rates_text(figures)}"
    if figures.coming_in >= figures.required:
        rates = f", although {_supply_first(figures, ' and ')}"
    return f"It does not add up{where}{rates}. Rationed {since}{in_median}; {level}{share}."


class _Rates(NamedTuple):
    """Requirement and inflow as text, and the period of both."""

    required: str
    coming_in: str
    period: RatePeriod


def _rates(figures: StockFigures) -> _Rates:
    """Return both rates; to four digits if they differ and three do not tell them apart."""
    rates = figures.required / figures.days, figures.coming_in / figures.days
    period = rate_period(*rates)
    required, coming_in = map(period.number, rates)
    if required == coming_in:
        required, coming_in = (period.number(rate, SOLVED_DIGITS) for rate in rates)
    return _Rates(required, coming_in, period)


def _met_in_the_end(figures: StockFigures) -> str:
    """Return the clause of an early gap: the last days have none; empty if they have, or are all days."""
    is_met = figures.last_mean_fire >= figures.last_required * ENOUGH
    if figures.last_days == figures.days or not is_met:
        return ""
    return f", none of it in the last {format_count(figures.last_days, 'day')}"


def _supply_first(figures: StockFigures, joint: str = ", ") -> str:
    required, came, period = _rates(figures)
    if figures.coming_in == 0.0:
        return f"nothing comes in, {_needed(figures, required, period)}"
    inflow = f"{figures.noun.counted(came)} a {period.name} {agreeing(came, 'comes', 'come')} in"
    return f"{inflow}{joint}{required} {agreeing(required, 'is', 'are')} required{_plan(figures)}"


def rates_text(figures: StockFigures) -> str:
    """Return requirement and inflow: ``60,000 shells a day are required, 13,800 come in``."""
    required, came, period = _rates(figures)
    inflow = f"{came} {agreeing(came, 'comes', 'come')} in" if figures.coming_in else "nothing comes in"
    return f"{_needed(figures, required, period)}, {inflow}"


def _needed(figures: StockFigures, required: str, period: RatePeriod) -> str:
    verb = agreeing(required, "is", "are")
    return f"{_requirement(figures, required, period)} {verb} required{_plan(figures)}"


def requirement_text(figures: StockFigures) -> str:
    """Return the requirement with its noun, in the period that suits it: ``60,000 shells a day``."""
    required, _, period = _rates(figures)
    per_day = figures.required / figures.days
    if rate_period(per_day) != period:
        period = rate_period(per_day)
        required = period.number(per_day)
    return _requirement(figures, required, period)


def _requirement(figures: StockFigures, required: str, period: RatePeriod) -> str:
    return f"{figures.noun.counted(required)} a {period.name}"


def _plan(figures: StockFigures) -> str:
    """Return the planned requirement in brackets if guns are missing for it."""
    if not figures.is_cut_by_guns:
        return ""
    per_day = figures.planned / figures.days
    period = rate_period(per_day)
    planned = period.number(per_day)
    verb = agreeing(planned, "was", "were")
    return f" (the guns left can fire no more; {planned} a {period.name} {verb} planned)"


def _left(figures: StockFigures) -> str:
    if figures.closing.middle < LEAST_STOCK:
        return "none is left"
    closing = count_text(figures.closing.middle)
    return f"{closing} {agreeing(closing, 'is', 'are')} left"


_SENTENCES = {
    Case.NOTHING_REQUIRED: _nothing_required,
    Case.GROWS: _grows,
    Case.LASTS: _lasts,
    Case.IN_DOUBT: _in_doubt,
    Case.RATIONED: _rationed,
    Case.SHORT: _short,
}


def single_line(figures: StockFigures) -> str:
    """Return the answer for one of several stocks as a line of a table."""
    case = case_of(figures)
    if case is Case.NOTHING_REQUIRED:
        return "nothing is required"
    rates = rates_text(figures)
    if case is Case.IN_DOUBT:
        return f"may not add up: {rates}; short {share_of_runs(figures.short.share, figures.runs)}"
    if case in {Case.RATIONED, Case.SHORT}:
        return f"does not add up: {rates}; {percent(1 - figures.unmet / figures.required)} is met"
    return f"adds up: {rates}; {_left(figures)}"
