"""Whole scenarios as plain dictionaries, drawn by Hypothesis: every feature that there is, mixed.

Numbers are small and round on purpose: then ships meet at the same second, stocks run dry and reserves
end within a few weeks. `scenarios` is the door; the rest are its parts.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

Plain = dict[str, Any]
THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
SEEDS = st.integers(0, 2**64 - 1)
RUNS = st.integers(0, 5000)
RULES = ("none", "proportional", "controlled")
DEPOTS, LINES = ("d", "D-2", "a_1"), ("plant", "Works-2", "old_1")
SUPPLIERS, CONSUMERS = ("ally", "Zed", "10"), ("south", "North", "east-1")


def examples(usual: int = 200, thorough: int = 10_000) -> settings:
    """Return the settings of a property; ``HYPOTHESIS_PROFILE=thorough`` tries more, anew each time."""
    return settings(
        max_examples=thorough if THOROUGH else usual,
        deadline=None,
        derandomize=not THOROUGH,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


class Span(NamedTuple):
    """The horizon of a scenario, and the depots in it."""

    start: dt.date
    days: int
    depots: tuple[str, ...]

    def date(self, day: int) -> str:
        return (self.start + dt.timedelta(days=day)).isoformat()


Shape = Callable[[Callable[[int], str], int, int, int], Any]
FIXED: tuple[Shape, ...] = (
    lambda text, a, _b, _c: text(a),
    lambda text, _a, b, _c: text(b),
    lambda text, _a, _b, c: text(c),
    lambda text, _a, b, _c: {"value": text(b), "note": "as published"},
)
BOUNDED: tuple[Shape, ...] = (
    lambda text, a, _b, c: {"low": text(a), "high": text(c)},
    lambda text, a, b, c: {"low": text(a), "mode": text(b), "high": text(c)},
    lambda text, a, b, c: {"choices": [text(b), text(c), text(a)]},
    lambda text, a, _b, c: {"value": {"choices": {text(c): 1, **({text(a): 2.5} if a != c else {})}}},
)
UNBOUNDED: tuple[Shape, ...] = (
    lambda text, a, b, _c: {"mean": text(b), "sd": text(a)},
    lambda text, _a, b, _c: {"mean": text(max(1, b)), "cv": 0.5},
    lambda text, _a, b, c: {"median": text(max(1, b)), "p95": text(max(1, c))},
    lambda text, _a, b, _c: {"exponential": text(max(1, b))},
)
BOTH = (*FIXED, *FIXED, *BOUNDED)
ALL = (*FIXED, *FIXED, *BOUNDED, *UNBOUNDED)
LEVELS = 24


# Building a strategy costs more than drawing from it, and one large integer less than four small ones.
@cache
def number(low: int, high: int, unit: str, shapes: tuple[Shape, ...] = ALL) -> SearchStrategy[Any]:
    """Return numbers about `low` to `high` in one of some shapes; the simplest is `low` in the first."""

    def read(code: int) -> Any:
        code, shape = divmod(code, len(shapes))
        places = sorted((code % LEVELS, code // LEVELS % LEVELS, code // LEVELS**2))
        first, middle, last = (low + (high - low) * place // (LEVELS - 1) for place in places)
        return shapes[shape](lambda n: f"{n}{unit}", first, middle, last)

    return st.integers(0, len(shapes) * LEVELS**3 - 1).map(read)


ROUND = st.sampled_from(["6 h", "12 h", "1 day", "2 days"])
HANDLING = st.one_of(st.sampled_from(["0 h", "12 h", "1 day"]), number(0, 60, " h"))
LOADING = st.one_of(ROUND, number(2, 60, " h", BOTH))
TRAVEL = st.one_of(ROUND, st.sampled_from(["20 min", "3 h", "18 h"]), number(1, 150, " h"))
STOCKS = st.one_of(st.just("0"), number(0, 60, "k"))
RESERVES = st.one_of(number(0, 12, "k"), number(1, 12_000, ""))
BERTHS = st.integers(1, 3)
DEPARTS = st.sampled_from(["any", "full"])
VEHICLES = st.sampled_from([None, 1, 2, 3, 2, 1, 0])
BETWEEN = st.sampled_from(["", "step", "linear", "linear"])
#: One in eight up to ten days, one in eight beyond forty, up to 120.
HORIZONS = st.integers(0, 79).map(
    lambda n: n + 1 if n < 10 else (n - 10) // 2 + 11 if n < 70 else 8 * (n - 64)
)
#: The first of September, the days about a leap day, and a turn of the year.
STARTS = st.sampled_from(["2023-09-01", "2024-02-20", "2024-02-29", "2023-12-30"]).map(dt.date.fromisoformat)
THRESHOLDS = st.just([10, 2.5])
below = cache(lambda count: st.integers(0, count - 1))
one_of = cache(lambda *words: st.sampled_from(words))
days_about = cache(lambda days: st.lists(st.integers(-5, days + 5), min_size=1, max_size=3, unique=True))


@cache
def named(names: tuple[str, ...], least: int = 0) -> SearchStrategy[list[str]]:
    """Return some of the names, in any order."""
    return st.lists(st.sampled_from(names), min_size=least, max_size=len(names), unique=True)


def optional(draw: DrawFn, **values: SearchStrategy[Any]) -> Plain:
    """Draw each of some settings, or leave it out."""
    mask = draw(below(2 ** len(values)))
    return {key: draw(value) for place, (key, value) in enumerate(values.items()) if mask >> place & 1}


def placed(draw: DrawFn, span: Span, key: str) -> Plain:
    """Draw the depot of a component; the only one may be left out."""
    depot = draw(one_of("", *span.depots) if len(span.depots) == 1 else one_of(*span.depots))
    return {key: depot} if depot else {}


def rate(draw: DrawFn, span: Span, high: int) -> Any:
    """Draw a rate up to `high` hundred shells a day: fixed, drawn, or a course of one to three dates."""
    form = draw(below(6))
    if form < 2:
        return draw(number(0, high, "e2/day"))
    if form < 4:
        return "0/day" if form == 2 else draw(number(0, 3 * high, "k/month"))
    points = {span.date(day): draw(number(0, high, "e2/day")) for day in draw(days_about(span.days))}
    between = draw(BETWEEN)
    return {"by_date": points, **({"between": between} if between else {})}


def line(draw: DrawFn, span: Span) -> Plain:
    """Draw a production line."""
    made = {"rate": rate(draw, span, 20), **placed(draw, span, "to")}
    growth = {} if "by_date" in made["rate"] else {"growth": number(-30, 30, "%", BOTH)}
    return made | optional(draw, lead_time=number(0, 12, " days"), **growth)


def leg(draw: DrawFn, position: int, unit: str) -> Plain:
    """Draw a leg; on the first, hired vehicles need a berth and a time to load."""
    made = {"capacity": draw(number(5, 60, unit, BOTH)), "travel": draw(TRAVEL)}
    made |= optional(
        draw, load=HANDLING, unload=HANDLING, berths=BERTHS, unloading_berths=BERTHS, departs=DEPARTS
    )
    vehicles = draw(VEHICLES)
    if vehicles is not None:
        made["vehicles"] = vehicles
    elif position == 0:
        made |= {"berths": draw(BERTHS), "load": draw(LOADING)}
    return made


def window(draw: DrawFn, span: Span) -> Plain:
    """Draw `first` and `until`: dates, durations or distributions, the dates in order."""
    day = draw(st.integers(-3, span.days))
    kind = draw(one_of("none", "none", "date", "dates", "days", "drawn"))
    firsts: Plain = {
        "date": span.date(day),
        "dates": {"low": span.date(day), "high": span.date(day + 9)},
        "days": f"{max(day, 0)} days",
        "drawn": {"low": f"{max(day, 0)} days", "high": f"{max(day, 0) + 8} days"},
    }
    made = {"first": firsts[kind]} if kind in firsts else {}
    earliest = 0 if kind == "none" else day if "date" in kind else max(day, 0)
    kind = draw(one_of("none", "none", "date", "dates", "days", "drawn"))
    length = draw(below(40)) + 1
    untils: Plain = {
        "date": span.date(earliest + length),
        "dates": {"low": span.date(earliest), "high": span.date(earliest + length)},
        "days": f"{length} days",
        "drawn": {"low": "0 days", "mode": f"{length / 2} days", "high": f"{length} days"},
    }
    return made | ({"until": untils[kind]} if kind in untils else {})


def supplier(draw: DrawFn, span: Span) -> Plain:
    """Draw a supplier with one to three legs, in containers or in shells."""
    unit = draw(one_of(" containers", "", "e2 shells"))
    route = [leg(draw, position, unit) for position in range(draw(one_of(1, 1, 2, 2, 3)))]
    made = {"route": route, **placed(draw, span, "to"), **window(draw, span)}
    if unit != "e2 shells":
        made["shells_per_container"] = draw(number(50, 300, "", BOTH))
    return made | optional(draw, serviceable=number(0, 100, "%"), reserve=RESERVES)


def consumer(draw: DrawFn, span: Span, rules: Sequence[str]) -> Plain:
    """Draw a consumer."""
    made = {"rate": rate(draw, span, 40), **placed(draw, span, "at")}
    rule = draw(one_of("", *rules))
    if rule:
        made["rationing"] = {"rule": rule, "cover": draw(number(1, 40, " days"))}
        if rule == "none" and draw(st.booleans()):
            del made["rationing"]["cover"]
    return made | optional(draw, daily_variation=number(0, 150, "%", BOTH))


def depot(draw: DrawFn, name: str, consuming: set[str]) -> Plain:
    """Draw a depot; one with a consumer may count its stock in days."""
    in_days = name in consuming and draw(below(4)) == 1
    stock = draw(number(0, 30, " days") if in_days else STOCKS)
    return {"stock": stock, **optional(draw, unserviceable=number(0, 20, "k"))}


@st.composite
def scenarios(
    draw: DrawFn,
    *,
    most_depots: int = 3,
    least_suppliers: int = 0,
    least_days: int = 1,
    rules: Sequence[str] = RULES,
) -> Plain:
    """Draw a whole scenario."""
    where = draw(named(DEPOTS[:most_depots], 1))
    span = Span(draw(STARTS), max(least_days, draw(HORIZONS)), tuple(where))
    who = {name: consumer(draw, span, rules) for name in draw(named(CONSUMERS, 1))}
    consuming = {front.get("at", where[0]) for front in who.values()}
    whole: Plain = {
        "schema": 1,
        "start": span.date(0),
        "end": span.date(span.days),
        "depots": {name: depot(draw, name, consuming) for name in where},
        "production": {name: line(draw, span) for name in draw(named(LINES))},
        "shipments": {name: supplier(draw, span) for name in draw(named(SUPPLIERS, least_suppliers))},
        "consumption": who,
    }
    return whole | optional(draw, thresholds=THRESHOLDS)


def explicit(plain: Plain) -> Plain:
    """Return the scenario with every depot named, so that another can be added."""
    only = next(iter(plain["depots"]))
    keys = {"production": "to", "shipments": "to", "consumption": "at"}
    filled = {
        section: {name: {key: only, **part} for name, part in plain[section].items()}
        for section, key in keys.items()
    }
    return {**plain, **filled}
