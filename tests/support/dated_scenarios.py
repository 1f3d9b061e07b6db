"""Hypothesis strategy for scenarios whose dates are drawn or count from events (rule 35).

It takes a whole scenario and lets some of its dates count from three events without an effect. So all other
features mix with these dates.
"""

from __future__ import annotations

import datetime as dt
import random
import re
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from tests.support.scenario_strategies import Plain, whole_scenarios

#: From the rare date before the start to the rare one after the end.
OFFSETS = (-40, -9, -1, 0, 0, 3, 10, 30, 80)


@st.composite
def dated_scenarios(draw: DrawFn) -> Plain:
    """Draw a scenario in file format, as `whole_scenarios`, with dates that differ by run."""
    plain = draw(whole_scenarios(least_suppliers=1))
    chance = random.Random(draw(st.integers(0, 2**32 - 1)))
    made: Plain = _move_dates(plain, chance)
    for event in made["events"].values():
        if "until" in event and not (_is_date(event["from"]) and _is_date(event["until"])):
            # A window of dates that count from events may end before it begins.
            del event["until"]
    made["events"] = {**made["events"], **_references(plain, chance)}
    made["consumption"] = {
        name: _with_activities(_at_war(part, chance, plain), chance, plain)
        for name, part in made["consumption"].items()
    }
    for name in ("peace", "warning", "war"):
        others = {**made, "events": {key: part for key, part in made["events"].items() if key != name}}
        if name not in repr(others):
            made = others
    return made


def mixed_scenarios() -> SearchStrategy[Plain]:
    """Draw a scenario with any combination of features; in one half, dates differ by run."""
    return st.one_of(whole_scenarios(), dated_scenarios())


def _references(plain: Plain, chance: random.Random) -> Plain:
    start, end = dt.date.fromisoformat(plain["start"]), dt.date.fromisoformat(plain["end"])
    early, late = start - dt.timedelta(chance.choice((1, 9, 50))), end + dt.timedelta(chance.choice((0, 5)))
    low, high = early.isoformat(), late.isoformat()
    choices = [low, start.isoformat(), high]
    war = chance.choice(
        (low, {"low": low, "high": high}, {"low": low, "mode": high, "high": high}, {"choices": choices})
    )
    warning = chance.choice(
        (
            "war - 10 days",
            {"low": "war - 30 days", "high": "war"},
            {"mean": "war", "sd": "9 days"},
            {"choices": {"war - 20 days": 1, "war + 36 h": 2}},
        )
    )
    return {"war": {"date": war}, "warning": {"date": warning}, "peace": {"from": "warning + 0.5 months"}}


def _relative(chance: random.Random, *, is_key: bool = False) -> Any:
    event, days = chance.choice(("war", "warning", "peace")), chance.choice(OFFSETS)
    text = event if days == 0 else f"{event} {'-' if days < 0 else '+'} {abs(days)} days"
    if is_key or chance.random() < 0.7:
        return text
    return {"low": text, "high": f"{event} + {max(days, 0) + chance.choice((0, 1, 20))} days"}


def _moved_keys(points: Plain, chance: random.Random) -> Plain:
    """Let some dates that are keys count from an event; two that coincide are one."""
    return {
        _relative(chance, is_key=True) if chance.random() < 0.6 else date: one for date, one in points.items()
    }


def _move_dates(value: Any, chance: random.Random) -> Any:
    if isinstance(value, list):
        return [_move_dates(each, chance) for each in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for key, child in value.items():
        if key in {"by_date", "deliveries"}:
            made[key] = _moved_keys(child, chance)
        elif key in {"date", "from", "until", "first"} and _is_date(child) and chance.random() < 0.6:
            made[key] = _relative(chance)
        else:
            made[key] = _move_dates(child, chance)
    ends = [made[key] for key in ("from", "first", "until") if key in made]
    if len(ends) == 2 and len(set(map(_event_of, ends))) == 1:
        # Of a window that counts from one event, or from none, the file says which end comes first.
        made |= {key: value[key] for key in ("from", "first", "until") if key in value}
    return made


def _event_of(date: Any) -> str:
    text = str(date.get("low", "") if isinstance(date, dict) else date)
    return "" if text[:4].isdigit() and text[4:5] == "-" else text.split(" ")[0]


def _is_date(value: Any) -> bool:
    text = value.get("low", "") if isinstance(value, dict) else value
    return isinstance(text, str) and text[4:5] == "-"


def _with_activities(consumer: Plain, chance: random.Random, plain: Plain) -> Plain:
    """Let a consumer have activities, beside its rate or in its place."""
    if chance.random() < 0.4:
        return consumer
    munitions = list(consumer["rate"]) if isinstance(consumer["rate"], dict) else []
    named = set(munitions) & set(plain.get("munitions", ()))
    amounts = (
        "900",
        {"poisson": "400"},
        {"mean": "300", "cv": 0.7, "shape": "gamma"},
        {"low": "0", "high": "2k"},
    )

    def quantity() -> Any:
        one = chance.choice(amounts)
        return dict.fromkeys(sorted(named), one) if named else one

    made: Plain = {
        "salute": {
            "quantity": quantity(),
            "on": ["war", plain["start"], {"low": "war", "high": "war + 9 days"}],
        },
        "exercise": {
            "quantity": quantity(),
            "every": chance.choice(("1 day", "30 h", "9 days")),
            "chance": "60%",
        },
        "school": {
            "quantity": quantity(),
            "every": "1 week",
            "first": chance.choice(("warning", "3 days", plain["end"])),
        },
    }
    picked = {name: {"quantity": quantity(), **part} for name, part in made.items() if chance.random() < 0.6}
    if not picked:
        return consumer
    rest = {key: part for key, part in consumer.items() if key != "rate" or chance.random() < 0.7}
    return {**rest, "activities": picked}


def _more(digits: re.Match[str]) -> str:
    return str(3 * int(digits[0]) + 1)


def _at_war(consumer: Plain, chance: random.Random, plain: Plain) -> Plain:
    """Let the rate of a consumer change with the war, if it is one number, and its guns."""
    if "guns" in consumer:
        points = {"war": consumer["guns"], "peace": 7, plain["start"]: {"low": 1, "high": 30}}
        consumer = {**consumer, "guns": {"by_date": points, "between": chance.choice(("step", "linear"))}}
    rate = consumer["rate"]
    if not isinstance(rate, str) or chance.random() < 0.5:
        return consumer
    course = {"by_date": {plain["start"]: rate, "war": re.sub(r"^\d+", _more, rate)}}
    return {**consumer, "rate": course}
