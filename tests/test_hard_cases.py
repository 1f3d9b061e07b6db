"""The scenario strategies reach each hard case in at least 10 % of scenarios."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import seed as hypothesis_seed

from tests.support.dated_scenarios import mixed_scenarios
from tests.support.hard_cases import HARD_CASES, hard_cases
from tests.support.run_queries import run_case
from tests.support.scenario_strategies import RUNS, SEEDS, Plain, example_settings

CASES = 400
LEAST = 0.1


@pytest.mark.slow
def test_the_generated_scenarios_reach_every_hard_place() -> None:
    seen: Counter[str] = Counter()

    # The same cases each time: a share near a tenth would be below it in some samples of four hundred.
    @hypothesis_seed(2)
    @example_settings(CASES, CASES)
    @given(mixed_scenarios(), SEEDS, RUNS)
    def look(plain: Plain, seed: int, run: int) -> None:
        case = run_case(plain, seed, run)
        seen.update(["cases", *hard_cases(case.scenario, case.ledger, seed)])

    look()
    assert seen["cases"] >= CASES
    counts = ", ".join(f"{place} {seen[place]}" for place in HARD_CASES)
    rare = [place for place in HARD_CASES if seen[place] < LEAST * seen["cases"]]
    assert not rare, f"of {seen['cases']} cases: {counts}"


#: Half a month in which nothing is random and nothing is scarce.
EASY: Plain = {
    "schema": 1,
    "start": "2023-09-01",
    "end": "2023-09-16",
    "depots": {"depot": {"stock": "90k"}},
    "consumption": {"front": {"rate": "1k/day"}},
}
SHIP: Plain = {"vehicles": 1, "capacity": "2k shells", "load": "5 h", "travel": "30 h", "unload": "7 h"}


def ally(**changes: object) -> Plain:
    """Return one ship that shuttles, at first without a queue."""
    supplier = {key: value for key, value in changes.items() if key not in SHIP and key != "unloading_berths"}
    leg = {**SHIP, **{key: value for key, value in changes.items() if key not in supplier}}
    return {**EASY, "shipments": {"ally": {"route": [leg], **supplier}}}


def rail(**transfer: object) -> Plain:
    depots = {"depot": {"stock": "90k"}, "front": {"stock": "9k"}}
    transfers = {"rail": {"from": "depot", "to": "front", **transfer}}
    consumption = {"front": {"rate": "1k/day", "at": "front"}}
    return {**EASY, "depots": depots, "transfers": transfers, "consumption": consumption}


def events(*acts: Plain) -> Plain:
    made = {f"e{number}": act for number, act in enumerate(acts)}
    return {**EASY, "production": {"works": {"rate": "100/day"}}, "events": made}


def served(priority: int) -> Plain:
    fronts = {"front": {"rate": "1k/day", "priority": 1}, "guard": {"rate": "1k/day", "priority": priority}}
    return {**EASY, "depots": {"depot": {"stock": "5.5k"}}, "consumption": fronts}


def owed(later: str) -> Plain:
    made = {"by_date": {"2023-09-01": "0/day", "2023-09-08": later}}
    fronts = {"front": {"rate": "1k/day", "backlog": True}}
    works = {"works": {"rate": made}}
    return {**EASY, "depots": {"depot": {"stock": "5.5k"}}, "consumption": fronts, "production": works}


def ordering(**line: object) -> Plain:
    """Return a depot that orders every three days, and receives a day later."""
    works = {"order_up_to": "90k", "review": "3 days", "lead_time": "1 day", **line}
    return {**EASY, "orders": {"works": works}}


def funds(rate: str) -> Plain:
    return {"currency": "EUR", "budget": {"rate": rate}}


def ageing(age: str) -> Plain:
    """Return half a month that begins with a stock of an age, and with a shelf life of two years."""
    stock = {"depot": {"stock": "90k", "age": age}}
    return {**EASY, "munitions": {"shell": {"shelf_life": "2 years"}}, "depots": stock}


def dated(warning: str) -> Plain:
    """Return half a month in which war begins on the third day, with a date that counts from it."""
    made = {"war": {"date": "2023-09-03"}, "warning": {"date": warning}}
    return {**EASY, "production": {"works": {"rate": {"by_date": {"warning": "1k/day"}}}}, "events": made}


RATION: Plain = {"front": {"rate": "1k/day", "rationing": {"rule": "proportional", "cover": "100 days"}}}
OUT = {"stops": "production.works", "from": "2023-09-03", "until": "2023-09-06"}
#: Each reaches its places alone, worked out by hand.
EXACTLY: tuple[tuple[str, Plain, set[str]], ...] = (
    ("an easy fortnight", EASY, set()),
    ("one ship", ally(), set()),
    ("a drawn travel", ally(travel={"low": "30 h", "high": "31 h"}), {"random durations"}),
    ("two ships in step", ally(vehicles=2), {"ties in time"}),
    (
        "two ships in step, one berth",
        ally(vehicles=2, unloading_berths=1),
        {"ties in time", "queues for a berth"},
    ),
    ("a ship of whole days", ally(load="1 day", travel="1 day", unload="0 h"), {"arrivals at midnight"}),
    ("a reserve of three loads", ally(reserve="6k"), {"ending reserves"}),
    ("a reserve of two loads and a half", ally(reserve="5k"), {"ending reserves", "partial loads"}),
    ("a reserve that is never reached", ally(reserve="60k"), set()),
    ("a reserve that grows", ally(reserve={"stock": "2k", "production": "2k/day"}), {"growing reserves"}),
    ("a stock of five days and a half", {**EASY, "depots": {"depot": {"stock": "5.5k"}}}, {"dry stocks"}),
    (
        "a depot that fills",
        {**ally(), "depots": {"depot": {"stock": "90k", "capacity": "90100"}}},
        {"full gates"},
    ),
    ("a depot with room", {**ally(), "depots": {"depot": {"stock": "90k", "capacity": "200k"}}}, set()),
    ("a transfer of all", rail(), {"transfers that ask too much"}),
    ("a transfer of a part", rail(capacity="1k/day"), set()),
    ("a ration", {**EASY, "consumption": RATION}, {"fire held back"}),
    ("two priorities", served(priority=2), {"dry stocks", "priorities that bite"}),
    ("one priority", served(priority=1), {"dry stocks"}),
    ("a backlog that is served", owed("2k/day"), {"dry stocks", "backlogs served"}),
    ("a backlog that waits", owed("0/day"), {"dry stocks"}),
    ("an order every three days", ordering(), set()),
    ("an order of a day", ordering(lead_time="6 h"), {"orders that arrive at once"}),
    ("orders that queue", ordering(capacity="500/day"), {"orders that queue"}),
    ("orders in turn", ordering(capacity="8k/day"), set()),
    ("a budget that cuts", {**ordering(unit_cost="1 EUR"), **funds("9k EUR/year")}, {"budgets that cut"}),
    ("a budget that pays", {**ordering(unit_cost="1 EUR"), **funds("9M EUR/year")}, set()),
    # Of September 2021: it expires on 2 September 2023, since two years are 730.5 days.
    ("a stock that expires", ageing("729 days"), {"expiry"}),
    ("a stock that ages", ageing("22 months"), set()),
    ("two events in turn", events(OUT, {**OUT, "from": "2023-09-06", "until": "2023-09-08"}), set()),
    ("two events at once", events(OUT, {**OUT, "from": "2023-09-05"}), {"overlapping events"}),
    ("an event before the start", dated("war - 9 days"), {"relative dates before the start"}),
    ("an event on the first day", dated("war - 2 days"), set()),
    (
        "two events at once on different things",
        events(OUT, {"multiplies": "consumption.front.rate", "factor": "0.5", "date": "2023-09-04"}),
        set(),
    ),
)


@pytest.mark.parametrize(
    ("plain", "places"), [case[1:] for case in EXACTLY], ids=[case[0] for case in EXACTLY]
)
def test_a_hard_place_is_seen_where_it_is_and_nowhere_else(plain: Plain, places: set[str]) -> None:
    case = run_case(plain, 1, 0)
    assert hard_cases(case.scenario, case.ledger, 1) == places
