"""Hypothesis strategy for whole scenarios as plain dictionaries, with all features mixed.

The entry point is `whole_scenarios`. `component_strategies.py` and `supplier_strategies.py` draw the
components, `number_strategies.py` their numbers; `hard_cases.py` finds the hard cases that a run contains.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.support.age_strategies import with_ages
from tests.support.component_strategies import ComponentDrawer, ScenarioFrame
from tests.support.number_strategies import (
    BOTH,
    RUNS,
    SEEDS,
    Plain,
    example_settings,
    integers_below,
    number,
)
from tests.support.order_strategies import order_line, with_money
from tests.support.supplier_strategies import supplier

__all__ = [
    "RUNS",
    "SECTIONS",
    "SEEDS",
    "ComponentDrawer",
    "Plain",
    "ScenarioFrame",
    "example_settings",
    "frame_of",
    "replace_component",
    "whole_scenarios",
    "with_component",
    "with_named_depots",
]

SECTIONS = (
    *("depots", "production", "refurbishment", "shipments", "orders", "transfers", "consumption", "events"),
)
#: Days around a leap day, 1 September, and a turn of the year.
STARTS = tuple(map(dt.date.fromisoformat, ("2024-02-20", "2023-09-01", "2024-02-29", "2023-12-30")))
MASSES = {
    "152mm": "50 kg",
    "122mm": {"low": "20 kg", "high": "30 kg"},
    "rocket": {"choices": ["100 kg", "125 kg"]},
}
SUPPLIERS = ("ally", "10", "Zed")
DEPOTS = ("arsenal", "Front", "9th")
#: Keys of the depot of a component.
DEPOT_KEYS = {
    "production": "to",
    "refurbishment": "at",
    "shipments": "to",
    "orders": "to",
    "consumption": "at",
    "events": "at",
}
#: Settings that an event may multiply.
MULTIPLIED = {"shipments": "offered", "transfers": "capacity", "orders": "capacity"}


@st.composite
def whole_scenarios(draw: DrawFn, *, least_suppliers: int = 0, least_days: int = 1) -> Plain:
    """Draw a scenario with any combination of features.

    Parameters
    ----------
    least_suppliers : int
        0 to 3.
    least_days : int
        Least horizon: up to ten days in one of eight scenarios, else 20 to 54.

    Returns
    -------
    dict
        A scenario in file format, without sources, for `sim.simulate.as_scenario` or
        `sim.scenario.loader.load_plain(plain, None)`. It is valid, and no run of it fails: opening stocks
        fit into their depots.
    """
    frame = _frame(draw, least_days)
    drawer = ComponentDrawer(draw, frame)
    consumption = consumers(drawer)
    consuming = {part.get("at", frame.depots[0]) for part in consumption.values()}
    suppliers = drawer.some(SUPPLIERS, max(least_suppliers, drawer.pick(1, 0, 2)))
    whole: Plain = {
        "schema": 1,
        "start": frame.date(0),
        "end": frame.date(frame.days),
        **({"munitions": {m: {"gross_mass": MASSES[m]} for m in frame.munitions}} if frame.munitions else {}),
        "depots": {name: drawer.depot(name in consuming) for name in frame.depots},
        "production": {name: drawer.line() for name in drawer.some(["plant", "Works-2"])},
        "refurbishment": {name: drawer.workshop() for name in drawer.some(["shop", "Yard"])},
        "shipments": {name: supplier(drawer) for name in suppliers},
        "orders": {
            name: order_line(drawer, consumption)
            for name in drawer.some(["min", "Max"], drawer.pick(1, 0, 1))
        },
        "transfers": {},
        "consumption": consumption,
        "events": {},
    }
    if len(frame.depots) > 1:
        names = drawer.some(["rail", "Road", "barge"])
        whole["transfers"] = {name: drawer.transfer(consuming) for name in names}
    for name in drawer.some(["a", "B", "c", "d"]):
        whole["events"][name] = event(drawer, whole)
    for depot in whole["depots"].values() if drawer.yes(3) else ():
        depot |= {"objective": drawer.by_munition(lambda: drawer.draw(number(0, 20, "k")))}
    if drawer.yes():
        whole |= with_money(drawer, whole)
    if drawer.yes(3):
        whole |= with_ages(drawer, whole)
    return whole | drawer.optional(thresholds=lambda: [10, 2.5])


def consumers(drawer: ComponentDrawer) -> Plain:
    """Draw one to three consumers; in three of four scenarios several at one depot, with priorities."""
    if drawer.yes(4):
        return {name: drawer.consumer() for name in drawer.some(["south", "North"], 1)}
    drawn = {name: drawer.consumer() for name in drawer.some(["south", "North", "9"], 2)}
    place = {key: depot for key, depot in drawn["south"].items() if key == "at"}
    orders = drawer.pick((1, 2, 7), (2, 1, 2), (3, None, 1), (7, 2, 7))
    for order, (name, part) in zip(orders, list(drawn.items()), strict=False):
        drawn[name] = {key: value for key, value in part.items() if key != "at"} | place
        drawn[name] |= {} if order is None else {"priority": order}
        drawn[name] |= drawer.pick({"backlog": True}, {}, {"backlog": True}, {"backlog": False})
    return drawn


def _frame(draw: DrawFn, least_days: int) -> ScenarioFrame:
    code = draw(integers_below(8 * 35))
    days = 1 + code % 10 if code // 35 == 1 else 20 + code % 35
    start = STARTS[draw(integers_below(len(STARTS)))]
    munitions = tuple(MASSES)[: draw(integers_below(4))]
    return ScenarioFrame(start, max(least_days, days), DEPOTS[: 1 + draw(integers_below(3))], munitions)


def event(drawer: ComponentDrawer, whole: Plain) -> Plain:
    """Draw an event on an existing target, sometimes on that of another event."""
    act, target, is_fleet = _target(drawer, whole)
    made: Plain = {act: target}
    if act == "destroys":
        share = number(0, 100, "%", BOTH) if drawer.yes() else number(0, 9, "k shells")
        made = {"at": target, "destroys": drawer.draw(share)}
    elif act == "multiplies":
        made["factor"] = drawer.draw(number(0, 30, "e-1"))
    elif not is_fleet and drawer.yes():
        made["share"] = drawer.share()
    how = drawer.pick("every", "date") if act == "destroys" else drawer.pick("window", "every", "date")
    if how == "date":
        return made | {"date": drawer.day()}
    if how == "every":
        return made | {"every": drawer.span()} | ({} if act == "destroys" else {"last": drawer.span()})
    day = drawer.draw(integers_below(drawer.frame.days + 3)) - 2
    made["from"] = drawer.frame.date(day)
    return made | drawer.optional(until=lambda: drawer.frame.date(day + drawer.pick(3, 1, 9)))


def _target(drawer: ComponentDrawer, whole: Plain) -> tuple[str, str, bool]:
    """Draw the action and target of an event, and whether the target is a fleet."""
    found = [("destroys", depot, False) for depot in drawer.frame.depots]
    for section in ("production", "refurbishment", "consumption", "transfers", "shipments", "orders"):
        for name, part in whole[section].items():
            path = f"{section}.{name}"
            found.append(("stops", path, "route" in part or section == "orders"))
            key = MULTIPLIED.get(section, "rate")
            if key in part:
                found.append(("multiplies", f"{path}.{key}", False))
            found += [("stops", f"{path}.route.{leg}", True) for leg in range(len(part.get("route", ())))]
    taken = {other.get("at", "") or _target_of(other) for other in whole["events"].values()}
    again = [choice for choice in found if choice[1] in taken or choice[1].rpartition(".")[0] in taken]
    return tuple(drawer.pick(*(again if again and drawer.yes() else found)))


def _target_of(event: Plain) -> str:
    return str(event.get("stops") or event["multiplies"].rpartition(".")[0])


def frame_of(plain: Plain) -> ScenarioFrame:
    """Return the frame of a drawn scenario."""
    start, end = dt.date.fromisoformat(plain["start"]), dt.date.fromisoformat(plain["end"])
    # The only munition of a scenario may be listed for its price or its shelf life alone.
    munitions = tuple(name for name, part in plain.get("munitions", {}).items() if "gross_mass" in part)
    return ScenarioFrame(start, (end - start).days, tuple(plain["depots"]), munitions)


def with_named_depots(plain: Plain) -> Plain:
    """Return the scenario with all depots named, so that another can be added."""
    only = next(iter(plain["depots"]))

    def named(section: str, part: Plain) -> Plain:
        return part if section == "events" and "destroys" not in part else {DEPOT_KEYS[section]: only, **part}

    filled = {s: {name: named(s, part) for name, part in plain[s].items()} for s in DEPOT_KEYS}
    return {**plain, **filled}


def with_component(drawer: ComponentDrawer, plain: Plain, section: str) -> Plain:
    """Draw one more component of a section, for a scenario that names its depots."""
    consuming = {part["at"] for part in plain["consumption"].values()}
    makers: dict[str, Callable[[], Plain]] = {
        "depots": drawer.depot,
        "production": drawer.line,
        "refurbishment": drawer.workshop,
        "shipments": lambda: supplier(drawer),
        "orders": lambda: order_line(drawer, plain["consumption"]),
        "transfers": lambda: drawer.transfer(consuming),
        "consumption": drawer.consumer,
        "events": lambda: event(drawer, plain),
    }
    made = makers[section]()
    if section == "depots" and "shelf_life" in str(plain.get("munitions")):
        made["age"] = "1 day"
    if section in DEPOT_KEYS and (section != "events" or "destroys" in made):
        made = {DEPOT_KEYS[section]: drawer.frame.depots[0], **made}
    return made


def replace_component(plain: Plain, section: str, name: str, part: Plain) -> Plain:
    """Return a scenario with a component added or replaced."""
    return {**plain, section: {**plain[section], name: part}}
