"""Metamorphic relations between two scenarios that differ in shells: doubled, none or more."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from sim.account import Kind
from tests.support.run_queries import Plain, columns_by_name, run_case
from tests.support.scenario_strategies import (
    RUNS,
    SECTIONS,
    SEEDS,
    ComponentDrawer,
    example_settings,
    frame_of,
    replace_component,
    whole_scenarios,
    with_component,
    with_named_depots,
)
from tests.support.supplier_strategies import supplier

#: Numbers that count shells or their mass, with any other keys.
IN_SHELLS = (
    *("stock", "unserviceable", "capacity", "rate", "shells_per_container", "reserve", "rounds_per_gun"),
    *("barrel_life", "offered", "deliveries", "under_way", "destroys", "objective"),
    # The cost of an order counts as much beside that of its shells when there are twice as many.
    *("reorder_point", "order_up_to", "order_quantity", "order_cost"),
)
AS_IT_IS = ("cv", "note", "between")


def doubled(value: Any) -> Any:
    """Return a number, a distribution or a course with twice the shells; shares, days and boxes stay."""
    if isinstance(value, dict):
        if "choices" in value and isinstance(value["choices"], dict):
            return {"choices": {doubled(key): weight for key, weight in value["choices"].items()}}
        return {key: inner if key in AS_IT_IS else doubled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [doubled(item) for item in value]
    if re.search(r"%|days|container", value):
        return value
    number, rest = re.fullmatch(r"([0-9.]+(?:e[12])?)(.*)", value).groups()  # type: ignore[union-attr]
    return f"{2 * float(number)!r}{rest}"


def double(plain: Plain) -> Plain:
    def of(part: Plain) -> Plain:
        made = {key: doubled(value) if key in IN_SHELLS else value for key, value in part.items()}
        if "route" in part:
            made["route"] = [{**leg, "capacity": doubled(leg["capacity"])} for leg in part["route"]]
        return made

    sections = {section: {name: of(part) for name, part in plain[section].items()} for section in SECTIONS}
    budget = {key: doubled(part) if key == "rate" else part for key, part in plain.get("budget", {}).items()}
    return {**plain, **sections, **({"budget": budget} if budget else {})}


@pytest.mark.slow
@example_settings(50, campaign=500)
@given(whole_scenarios(), SEEDS, RUNS)
def test_twice_the_shells_in_everything_is_twice_the_shells_in_the_end(
    plain: Plain, seed: int, run: int
) -> None:
    one, two = run_case(plain, seed, run).ledger, run_case(double(plain), seed, run).ledger
    assert two.levels == [[2 * shells for shells in level] for level in one.levels]
    assert two.columns == {key: [2 * shells for shells in days] for key, days in one.columns.items()}
    assert two.opening == {key: 2 * shells for key, shells in one.opening.items()}
    assert two.closing == {key: 2 * shells for key, shells in one.closing.items()}
    assert two.shipped == {supplier: 2 * shells for supplier, shells in one.shipped.items()}
    assert two.voyages == [trip._replace(shells=2 * trip.shells) for trip in one.voyages]


#: Why a supplier brings nothing.
NOTHING: tuple[Plain, ...] = (
    {"first": "400 days"},
    {"first": "2020-01-01", "until": "2020-03-01"},
    {"reserve": "0"},
    {"serviceable": "0%"},
)


@st.composite
def idle_suppliers(draw: DrawFn) -> tuple[Plain, str, Plain]:
    """Draw a scenario, and a supplier that brings nothing."""
    plain = with_named_depots(draw(whole_scenarios()))
    to = next(iter(plain["depots"]))
    drawn = supplier(ComponentDrawer(draw, frame_of(plain)))
    idle = {"to": to, **{key: value for key, value in drawn.items() if key != "under_way"}}
    if "deliveries" in idle:
        # What left before the start is no part of a reserve, and of no window that a `first` opens later.
        within = {date: cargo for date, cargo in idle["deliveries"].items() if date >= plain["start"]}
        idle["deliveries"] = within or {plain["start"]: 0}
    # Unserviceable landings feed a workshop, and burn in place of serviceable shells.
    feels = [part for section in ("refurbishment", "events") for part in plain[section].values()]
    broken = any(part.get("at") == idle["to"] for part in feels)
    why = draw(st.sampled_from(NOTHING[: len(NOTHING) - broken]))
    if "route" in idle and draw(st.booleans()):
        idle["route"][0]["vehicles"] = 0
    else:
        idle = {key: value for key, value in idle.items() if key != "until"} | why
    return plain, draw(st.sampled_from(["0idle", "idle", "zz"])), idle


@pytest.mark.slow
@example_settings(50, campaign=500)
@given(idle_suppliers(), SEEDS, RUNS)
def test_a_supplier_of_nothing_changes_nothing(drawn: tuple[Plain, str, Plain], seed: int, run: int) -> None:
    plain, name, idle = drawn
    without = run_case(plain, seed, run).ledger
    beside = run_case(replace_component(plain, "shipments", name, idle), seed, run).ledger
    assert repr(beside.levels) == repr(without.levels)
    kept = {key: days for key, days in columns_by_name(beside).items() if key[2] != name}
    assert repr(sorted(kept.items())) == repr(sorted(columns_by_name(without).items()))
    landed = [
        days
        for (_, _, origin, kind), days in columns_by_name(beside).items()
        if origin == name and kind in (Kind.LANDED, Kind.FIRED)
    ]
    assert not any(any(days) for days in landed)


def unlinked(plain: Plain) -> Plain:
    """Return the scenario with nothing by which more shells can be the worse for anyone.

    A full depot turns ships away, a transfer takes from one to give to another, `controlled` fire looks at
    inflow alone, worn barrels fire less, guns that make up for one munition fire less of another, who has
    more orders less, and a workshop that gets expired shells of one munition repairs less of another.
    """
    munitions = {
        name: {key: value for key, value in part.items() if key != "expired"}
        for name, part in plain.get("munitions", {}).items()
    }
    depots = {
        name: {key: value for key, value in part.items() if key != "capacity"}
        for name, part in plain["depots"].items()
    }
    fronts = {}
    for name, part in plain["consumption"].items():
        kept = {key: value for key, value in part.items() if key not in ("barrels", "barrel_life", "backlog")}
        if kept.get("rationing", {}).get("rule") == "controlled":
            kept["rationing"] = {**kept["rationing"], "rule": "none"}
        fronts[name] = kept
    named = re.compile(r"(?:transfers|orders)\.")
    acts = {name: event for name, event in plain["events"].items() if not named.search(str(event.values()))}
    cut = {"munitions": munitions} if munitions else {}
    gone: Plain = {"transfers": {}, "orders": {}}
    return {**plain, **cut, **gone, "depots": depots, "consumption": fronts, "events": acts}


@st.composite
def more_of_it(draw: DrawFn) -> tuple[Plain, Plain]:
    """Draw a scenario, and the same with more in stock, or with a production line more."""
    plain = unlinked(with_named_depots(draw(whole_scenarios())))
    if draw(st.booleans()):
        line = with_component(ComponentDrawer(draw, frame_of(plain)), plain, "production")
        return plain, replace_component(plain, "production", "zz", line)
    small, more = draw(st.integers(0, 20_000)), draw(st.integers(1, 60_000))
    munitions = tuple(plain.get("munitions", ()))

    def stocked(shells: int) -> Plain:
        stock: Any = dict.fromkeys(munitions, shells) or shells
        return {**plain, "depots": {name: {**part, "stock": stock} for name, part in plain["depots"].items()}}

    return stocked(small), stocked(small + more)


@pytest.mark.slow
@example_settings(50, campaign=500)
@given(more_of_it(), SEEDS, RUNS)
def test_more_shells_never_run_out_earlier(both: tuple[Plain, Plain], seed: int, run: int) -> None:
    less, more = (run_case(plain, seed, run).ledger for plain in both)
    for planned, lows, highs in zip(less.planned, less.levels, more.levels, strict=True):
        exhausted = False
        for plan, low, high in zip(planned, lows, highs, strict=True):
            # Levels that are the same but for their origins may differ in the last digit.
            margin = 1e-9 * (high + plan)
            assert high >= low - margin
            exhausted = exhausted or low < plan + margin
            assert exhausted or high >= plan
