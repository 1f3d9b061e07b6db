"""Guns, barrels, growth and the order of a day, against figures worked out by hand."""

from __future__ import annotations

import itertools

from sim.account import NO_ORIGIN
from tests.support.small_models import TWO_MUNITIONS, RunView, approx, iso_date, line_data, scenario_data

# Guns and barrels.


def test_guns_cut_the_requirement_and_not_the_plan() -> None:
    front = {"front": {"rate": {"a": "300/day", "b": "100/day"}, "guns": 10, "rounds_per_gun": 20}}
    run = RunView(scenario_data(2, {"a": 500, "b": 500}, munitions=TWO_MUNITIONS, consumption=front))
    assert (run.flow("required", "a"), run.flow("fired", "b")) == ([150, 150], [50, 50])
    assert run.planned("a") == [300, 300]
    none = {"front": {"rate": "5/day", "guns": 0, "rounds_per_gun": 20}}
    assert RunView(scenario_data(2, 9, consumption=none)).flow("required") == [0, 0]


def test_barrels_wear_by_what_is_fired() -> None:
    front = {"rate": "500/day", "guns": 10, "rounds_per_gun": 10, "barrel_life": 50, "barrels": {"stock": 10}}
    run = RunView(scenario_data(30, "1M", consumption={"front": front}))
    # Ten rounds a barrel a day, of fifty: a fifth of the barrels is gone each day.
    assert run.flow("fired") == approx([100 * 0.8**day for day in range(30)])
    front["barrels"] = {"stock": 4, "production": "2/day"}
    fired = RunView(scenario_data(200, "1M", consumption={"front": front})).flow("fired")
    # 6 barrels, then 0.8 of them and 2 more, up to 10 = 2 / 0.2: the gain comes before the fire.
    assert fired == approx([100 - 40 * 0.8**day for day in range(200)])
    short = RunView(scenario_data(3, 60, consumption={"front": {**front, "barrels": {"stock": 10}}}))
    # Only fire wears barrels: 60 of 100 on the first day, nothing after.
    assert short.flow("required") == approx([100, 88, 88])


def test_each_consumer_wears_its_own_barrels() -> None:
    one = {"rate": "100/day", "guns": 10, "rounds_per_gun": 10, "barrel_life": 50, "barrels": {"stock": 10}}
    other = {"rate": "300/day"}
    run = RunView(scenario_data(2, 200, consumption={"one": one, "other": other}))
    # 200 for 400 required: half each; its 50 rounds wear one barrel of ten.
    assert run.flow("required") == approx([400, 390])


# Growth, and the order of a day.


def test_growth_compounds_by_the_month_for_each_munition_and_events_act_on_it() -> None:
    events = {"strike": {"from": iso_date(100), "stops": "production.line", "share": "50%"}}
    rate = {"a": "100/day", "b": "1 t/day"}
    run = RunView(
        scenario_data(
            200,
            {"a": 0},
            munitions=TWO_MUNITIONS,
            production={"line": {"rate": rate, "growth": "-2%"}},
            events=events,
        )
    )
    grown = [0.98 ** (day / 30.4375) * (0.5 if day >= 100 else 1.0) for day in range(200)]
    assert run.flow("produced", "a") == approx([100 * each for each in grown])
    assert run.flow("produced", "b") == approx([40 * each for each in grown])


STEPS = ("landings", "production", "refurbishment", "losses", "dispatch", "fire")


def in_order(order: tuple[str, ...]) -> dict[str, float]:
    """Work out one day with its steps in some order: 200 shells, room for 265, and much at once."""
    held = {"initial": 200.0, "line": 0.0, "refurbished": 0.0, "ally": 0.0}
    broken, gate, out = 0.0, 0, dict.fromkeys(("taken", "lost", "dispatched", "fired"), 0.0)

    def enter(origin: str, shells: float) -> None:
        nonlocal gate
        room = 0.0 if gate else 265.0 - sum(held.values())
        held[origin] += min(room, shells)
        gate += shells > room

    def leave(kind: str, shells: float) -> None:
        level = sum(held.values())
        out[kind] = min(shells, level)
        for origin in held:
            held[origin] *= 1.0 - out[kind] / level

    for step in order:
        if step == "landings":
            broken += 40.0
            enter("ally", 60.0)
        elif step == "production":
            enter("line", 10.0)
        elif step == "refurbishment":
            enter("refurbished", broken * 0.5)
            out["taken"], broken = broken, 0.0
        elif step == "losses":
            leave("lost", sum(held.values()) * 0.4)
            broken *= 0.6
        elif step == "dispatch":
            leave("dispatched", sum(held.values()) * 0.5)
        else:
            leave("fired", 30.0)
    return {**held, **out}


def test_the_steps_of_a_day_come_in_their_order_and_any_other_would_give_other_numbers() -> None:
    """Landings, production, refurbishment, losses, dispatch, fire: all 720 orders differ."""
    sections = {
        "depots": {"depot": {"stock": 200, "capacity": 265}, "rear": {"stock": 0}},
        "shipments": {
            "ally": {
                "to": "depot",
                "deliveries": {iso_date(0): 100},
                "lead_time": "1 day",
                "serviceable": "60%",
            }
        },
        "production": {
            "line": {"to": "depot", "rate": {"by_date": {iso_date(0): "0/day", iso_date(1): "10/day"}}}
        },
        "refurbishment": {"shop": {"at": "depot", "rate": "100/day", "yield": "50%"}},
        "transfers": {"rail": {"from": "depot", "to": "rear"}},
        "consumption": {
            "front": {"at": "depot", "rate": {"by_date": {iso_date(0): "0/day", iso_date(1): "30/day"}}}
        },
        "events": {
            "fire": {"date": iso_date(1), "at": "depot", "destroys": "40%"},
            "first": {"date": iso_date(0), "stops": "transfers.rail"},
            "half": {"date": iso_date(1), "stops": "transfers.rail", "share": "50%"},
        },
    }
    run = RunView(scenario_data(2, **sections))
    expected = in_order(STEPS)
    flows = {kind: run.flow(kind)[1] for kind in ("taken", "lost", "dispatched", "fired")}
    held = {
        origin: run.flow("held", origin=origin)[1] for origin in ("initial", "line", "refurbished", "ally")
    }
    assert {**held, **flows} == approx(expected)
    for order in itertools.permutations(STEPS):
        if order != STEPS:
            assert in_order(order) != approx(expected), order


def test_a_total_of_fire_stands_beside_its_parts() -> None:
    run = RunView(scenario_data(3, 250, production=line_data(), consumption={"front": {"rate": "150/day"}}))
    whole = run.ledger.columns[0, NO_ORIGIN, "fired"]
    parts = [run.flow("fired", origin=origin) for origin in ("initial", "line")]
    assert whole == approx([sum(day) for day in zip(*parts, strict=True)])
