"""Events, outages and losses, against a closed form or figures worked out by hand."""

from __future__ import annotations

import math
from typing import Any

from tests.support.scenario_builder import ScenarioBuilder
from tests.support.small_models import (
    DAY,
    TWO_MUNITIONS,
    Plain,
    RunView,
    approx,
    iso_date,
    leg_data,
    line_data,
    lots_data,
    scenario_data,
)

# Events and outages.


def produced(days: int, events: Plain | None = None, **settings: Any) -> list[float]:
    return RunView(scenario_data(days, production=line_data(**settings), events=events or {})).flow(
        "produced"
    )


def test_an_outage_halves_a_line_on_the_days_that_begin_in_it() -> None:
    outages = {"every": {"choices": ["3 days"]}, "last": "2 days", "share": "50%"}
    halved = {3, 4, 8, 9, 13, 14}
    assert produced(16, outages=outages) == [50.0 if day in halved else 100.0 for day in range(16)]
    outages = {"every": {"choices": ["60 h"]}, "last": {"choices": ["36 h"]}}
    # From 60 to 96 h, 156 to 192 h, 252 to 288 h: the first hour of days 3, 7 and 11.
    assert produced(13, outages=outages) == [0.0 if day in {3, 7, 11} else 100.0 for day in range(13)]


def test_a_gap_is_at_least_an_hour() -> None:
    # Each outage ends as a day begins: none covers the start of a day. With gaps of a minute they soon would.
    outages = {"every": {"choices": ["1 min"]}, "last": "23 h"}
    assert produced(200, outages=outages) == [100.0] * 200


def test_a_fixed_gap_is_the_mean_of_an_exponential(desk: ScenarioBuilder) -> None:
    days, every, last = 400, 20.0, 5
    made = produced(days, outages={"every": "20 days", "last": "5 days"})
    stopped, end = set(), 0
    for u in desk.uniforms("production.line.outages.every", 60):
        begin = end + math.floor(-every * math.log1p(-u) * DAY + 0.5)
        end = begin + last * DAY
        stopped |= {day for day in range(days) if begin <= day * DAY < end}
    assert made == [0.0 if day in stopped else 100.0 for day in range(days)]
    assert 40 < len(stopped) < 140


def test_factors_and_stops_that_overlap_are_multiplied() -> None:
    events = {
        "x": {"from": iso_date(1), "until": iso_date(4), "multiplies": "production.line.rate", "factor": 2},
        "y": {"date": iso_date(2), "stops": "production.line", "share": "25%"},
        "z": {"from": iso_date(3), "stops": "production.line", "share": "50%"},
        "before": {"date": iso_date(-1), "stops": "production.line"},
        "every": {
            "every": {"choices": ["6 days"]},
            "last": "1 day",
            "multiplies": "production.line.rate",
            "factor": 0.1,
        },
    }
    assert produced(8, events) == approx([100, 200, 150, 100, 50, 50, 5, 50])


def test_what_is_drawn_of_a_random_event_is_drawn_each_time(desk: ScenarioBuilder) -> None:
    again = {
        "every": {"choices": ["1 day"]},
        "last": "1 day",
        "stops": "production.line",
        "share": {"low": 0, "high": 1},
    }
    drawn = desk.uniforms("events.e.share", 3)
    assert produced(6, {"e": again}) == approx(
        [100, 100 - 100 * drawn[0], 100, 100 - 100 * drawn[1], 100, 100 - 100 * drawn[2]]
    )
    dated = {"from": iso_date(1), "stops": "production.line", "share": {"low": 0, "high": 1}}
    assert produced(3, {"e": dated}) == approx([100] + [100 - 100 * drawn[0]] * 2)


def test_a_rate_an_offer_and_a_requirement_are_multiplied() -> None:
    events = {
        "more": {"date": iso_date(1), "multiplies": "consumption.front.rate", "factor": 3},
        "calm": {"date": iso_date(2), "stops": "consumption.front", "share": "90%"},
        "gift": {"date": iso_date(1), "multiplies": "shipments.ally.offered", "factor": 1.5},
        "cut": {"date": iso_date(2), "stops": "shipments.ally", "share": "40%"},
    }
    run = RunView(
        scenario_data(
            5, 1000, shipments=lots_data(), consumption={"front": {"rate": "10/day"}}, events=events
        )
    )
    assert run.planned() == approx([10, 30, 1, 10, 10])
    assert run.flow("required") == run.planned()
    assert run.flow("landed") == approx([0, 100, 150, 60, 100])


def test_a_stopped_fleet_starts_nothing_and_goes_on_when_the_stop_ends() -> None:
    stop: Plain = {"shut": {"from": iso_date(2), "until": iso_date(4), "stops": "shipments.ally"}}
    ships = {"ally": {"route": [leg_data()]}}
    run = RunView(scenario_data(6, shipments=ships, events=stop))
    assert run.departed() == [0, 1, 4, 5]
    # A stop in mid-day: from 36 to 54 h; who is under way goes through and is back at 48 h.
    stop = {"shut": {"every": {"choices": ["36 h"]}, "last": "18 h", "stops": "shipments.ally.route.0"}}
    run = RunView(scenario_data(4, shipments=ships, events=stop))
    assert run.departed() == [0, 1, 2.25, 3.25]
    assert run.flow("landed") == [100, 100, 100, 100]
    slow = {"ally": {"route": [leg_data(travel="30 h")]}}
    assert RunView(scenario_data(4, shipments=slow, events=stop)).voyages(0)[0].arrived == 30 * 3600


def test_a_stop_of_a_later_leg_leaves_the_first_alone() -> None:
    stop = {"shut": {"from": iso_date(0), "until": iso_date(3), "stops": "shipments.ally.route.1"}}
    train = leg_data(vehicles=5, travel="6 h")
    run = RunView(scenario_data(5, shipments={"ally": {"route": [leg_data(), train]}}, events=stop))
    assert run.departed(0) == [0, 1, 2, 3, 4]
    assert run.departed(1) == [3, 3, 3, 3.5, 4.5]
    assert [row.vehicle for row in run.voyages(1)] == [0, 1, 2, 3, 4]


def test_an_offer_that_is_stopped_is_lost() -> None:
    stop = {"shut": {"from": iso_date(1), "until": iso_date(3), "stops": "shipments.ally"}}
    ships = {"ally": {"route": [leg_data(vehicles=9, departs="any")], "offered": "100/day"}}
    assert RunView(scenario_data(5, shipments=ships, events=stop)).departed() == [0, 3, 4]


# Losses.


def test_a_fire_takes_the_same_share_of_serviceable_and_unserviceable() -> None:
    depot = {"stock": {"a": 1000, "b": 200}, "unserviceable": {"a": 400}}
    event = {"fire": {"date": iso_date(1), "destroys": "25%"}}
    run = RunView(scenario_data(3, munitions=TWO_MUNITIONS, depots={"depot": depot}, events=event))
    assert (run.flow("lost", "a"), run.flow("lost", "b")) == ([0, 250, 0], [0, 50, 0])
    assert run.flow("scrapped", "a") == [0, 100, 0]
    # 400 of the 1,600 shells in stock are the same.
    event = {"fire": {"date": iso_date(1), "destroys": "400 shells"}}
    again = RunView(scenario_data(3, munitions=TWO_MUNITIONS, depots={"depot": depot}, events=event))
    assert (again.level("a"), again.level("b")) == (run.level("a"), run.level("b"))


def test_several_fires_of_a_day_leave_the_product_and_too_large_a_one_leaves_nothing() -> None:
    day = {"date": iso_date(0)}
    events = {
        "1": {**day, "destroys": "50%"},
        "2": {**day, "destroys": "20%"},
        "3": {**day, "destroys": "300 shells"},
    }
    run = RunView(scenario_data(1, 1200, events=events))
    assert run.level() == approx([1200 * 0.5 * 0.8 * 0.75])
    run = RunView(
        scenario_data(1, 1200, events={"1": {**day, "destroys": "5M shells"}, "2": {**day, "destroys": "1%"}})
    )
    assert run.level() == [0.0]
    assert run.flow("lost") == [1200]


def test_a_random_fire_burns_on_the_day_it_falls_on() -> None:
    event = {"fire": {"every": {"choices": ["60 h"]}, "destroys": "50%"}}  # at 60, 120 and 180 h
    assert RunView(scenario_data(8, 800, events=event)).level() == [800, 800, 400, 400, 400, 200, 200, 100]


def test_what_waits_at_the_gate_does_not_burn() -> None:
    depots = {"depot": {"stock": 100, "capacity": 100}}
    events = {"fire": {"date": iso_date(2), "destroys": "50%"}}
    shipments = lots_data(None, deliveries={iso_date(0): 40})
    run = RunView(scenario_data(5, depots=depots, shipments=shipments, events=events))
    assert run.level() == [100, 100, 50, 90, 90]
    assert run.flow("landed") == [0, 0, 0, 40, 0]
