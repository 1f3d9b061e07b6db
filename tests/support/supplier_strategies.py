"""Hypothesis strategies for suppliers: routes or lots; offers, deliveries or unlimited cargo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.component_strategies import TIMES, ComponentDrawer
from tests.support.number_strategies import BOTH, Plain, integers_below, number

MIXES: dict[int, list[list[Any]]] = {
    0: [["100%"]],
    1: [["100%"]],
    2: [["60%", "40%"], ["25%", "75%"], ["100%", "0%"], [{"low": "20%", "high": "60%"}, "40%"]],
    3: [
        ["50%", "30%", "20%"],
        ["50%", "0%", "50%"],
        [{"low": 0, "high": 1}, "30%", {"choices": ["10%", "0%"]}],
    ],
}
DELIVERIES = 4


def supplier(drawer: ComponentDrawer) -> Plain:
    """Draw a supplier."""
    draw, boxed, munitions = drawer.draw, drawer.yes(), drawer.frame.munitions
    made: Plain = drawer.placed("to")
    if len(munitions) > 1 or drawer.yes(4):
        shares = drawer.pick(*MIXES[len(munitions)])
        made["mix"] = dict(zip(munitions or ("shells",), shares, strict=True))
    if boxed:
        made["shells_per_container"] = drawer.each(lambda: draw(number(50, 300, "", BOTH)))
    made |= drawer.optional(serviceable=lambda: drawer.each(drawer.share))
    if not drawer.yes(3):
        made["reserve"] = _reserve(drawer)
    if drawer.yes(3):
        made |= window(drawer)
    routed = not drawer.yes(4)
    how = drawer.pick("", "offered", "", "deliveries") if routed else drawer.pick("offered", "deliveries")
    made |= _amounts(drawer, how, boxed)
    if drawer.yes(4):
        unit = " containers" if boxed else drawer.shells("e2 shells", "e1 kg")
        made["under_way"] = draw(number(0, 60, unit, BOTH))
    if not routed:
        return made | {"lead_time": drawer.span()}
    unit = " containers" if boxed else "e2 shells"
    legs = [leg(drawer, position, unit, how) for position in range(drawer.pick(1, 1, 2, 3))]
    return made | {"route": legs}


def _reserve(drawer: ComponentDrawer) -> Any:
    stock = drawer.draw(number(0, 8, "k"))
    return {"stock": stock, "production": drawer.course(10, "e2/day")} if drawer.yes() else stock


def _amounts(drawer: ComponentDrawer, how: str, boxed: bool) -> Plain:
    if how == "offered":
        unit = "containers" if boxed else drawer.shells("e2 shells", "e1 kg")
        return {how: drawer.course(40, f"{unit}/day" if unit[0] == "e" else f" {unit}/day")}
    if how == "deliveries":
        unit = " containers" if boxed else "e2 shells"
        return {how: {drawer.day(): drawer.draw(number(5, 60, unit)) for _ in range(DELIVERIES)}}
    return {}


def leg(drawer: ComponentDrawer, position: int, unit: str, how: str) -> Plain:
    """Draw a leg; hired vehicles of a first leg without offers need a berth and a loading time."""
    made: Plain = {"capacity": drawer.draw(number(5, 40, unit, BOTH)), "travel": drawer.span()}
    makers: dict[str, Callable[[], Any]] = dict.fromkeys(("load", "unload"), drawer.span)
    made |= drawer.optional(
        **makers,
        berths=lambda: drawer.pick(1, 2),
        departs=lambda: drawer.pick("any", "full"),
        vehicles=lambda: drawer.pick(2, 3, 1, 4, 3, 2, 2, 3, 0),
    )
    if drawer.yes():
        # If unloading takes as long as a voyage, ships wait for each other.
        made |= {"unloading_berths": drawer.pick(1, 2, 1), "unload": drawer.pick(*TIMES)}
    if "vehicles" not in made and position == 0 and not how:
        made |= {"berths": drawer.pick(1, 2), "load": drawer.pick(*TIMES)}
    return made


def window(drawer: ComponentDrawer) -> Plain:
    """Draw `first` and `until`: dates, durations or distributions, the dates in order."""
    frame = drawer.frame
    day = drawer.draw(integers_below(frame.days + 4)) // 2 - 2
    kind = drawer.pick("none", "date", "dates", "days", "drawn")
    firsts: Plain = {
        "date": frame.date(day),
        "dates": {"low": frame.date(day), "high": frame.date(day + 9)},
        "days": f"{max(day, 0)} days",
        "drawn": {"low": f"{max(day, 0)} days", "high": f"{max(day, 0) + 8} days"},
    }
    made = {"first": firsts[kind]} if kind in firsts else {}
    earliest = 0 if kind == "none" else day if "date" in kind else max(day, 0)
    kind = drawer.pick("none", "date", "dates", "days", "drawn")
    length = drawer.draw(integers_below(30)) + 1
    untils: Plain = {
        "date": frame.date(earliest + length),
        "dates": {"low": frame.date(earliest), "high": frame.date(earliest + length)},
        "days": f"{length} days",
        "drawn": {"exponential": f"{length} days"},
    }
    return made | ({"until": untils[kind]} if kind in untils else {})
