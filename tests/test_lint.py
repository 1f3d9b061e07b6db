"""Warnings about valid but suspicious settings, with thresholds worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim import simulate
from sim.errors import Fault
from sim.scenario.lint import lint
from sim.scenario.loader import load_plain
from sim.scenario.scenario import Scenario

ROUTE: list[dict[str, Any]] = [
    # Away for 5 + 1 + 2 = 8 days to the second leg, and a day back: a voyage every 9 days.
    {"vehicles": 2, "capacity": "300 containers", "load": "5 days", "travel": "1 day", "unload": "2 days"},
    {"capacity": "75 containers", "load": "1 day", "travel": "16 days", "unload": "1 day"},
]
WAY = 5 + 1 + 2 + 1 + 16 + 1


def plain(days: int = 365, *, front: dict[str, Any] | None = None, **sections: Any) -> dict[str, Any]:
    ends = {365: "2024-08-31", 26: "2023-09-27", 27: "2023-09-28", 40: "2023-10-11"}
    return {
        "schema": 1,
        "start": "2023-09-01",
        "end": ends[days],
        "depots": {"store": {"stock": "1M"}},
        "consumption": {"front": {"rate": "1k/day", **(front or {})}},
        **sections,
    }


def supplied(days: int = 365, **settings: Any) -> Scenario:
    ally = {"route": ROUTE, "shells_per_container": 300, **settings}
    return load_plain(plain(days, shipments={"ally": ally}), None)


def told(scenario: Scenario) -> list[Fault]:
    return lint(scenario)


def test_nothing_is_said_of_the_shipped_files() -> None:
    for file in sorted((Path(__file__).parent.parent / "scenarios").glob("*.yaml")):
        # One story is about a claim far from its source, and its note says so.
        expected = 2 if file.stem == "spring-2024" else 0
        assert len(simulate.warnings(simulate.load(file))) == expected, file


def test_a_way_as_long_as_the_run_lands_nothing() -> None:
    assert WAY == 26
    assert told(supplied(27)) == []
    (warning,) = told(supplied(26))
    assert warning.path == "shipments.ally.route"
    assert "the way takes 26.0 days" in warning.problem
    assert "the run of 26 days" in warning.problem


def test_a_way_that_begins_late_counts_from_there() -> None:
    assert told(supplied(40, first="13 days")) == []
    (warning,) = told(supplied(40, first="14 days"))
    assert "begins on day 14" in warning.problem
    assert told(supplied(40, first="2023-09-14")) == []
    assert len(told(supplied(40, first="2023-09-15"))) == 1


def test_a_drawn_way_is_taken_at_its_median() -> None:
    """Half of {low: 8, high: 24} is 16 days, as above."""
    legs = [ROUTE[0], {**ROUTE[1], "travel": {"low": "8 days", "high": "24 days"}}]
    assert told(supplied(27, route=legs)) == []
    assert len(told(supplied(26, route=legs))) == 1


def test_loading_that_begins_after_the_end() -> None:
    for first in ("40 days", "2023-10-11"):
        (warning,) = told(supplied(40, first=first))
        assert warning.path == "shipments.ally.first"
        assert "loading begins after the run is over" in warning.problem


def test_a_reserve_that_is_gone_before_anything_lands() -> None:
    """By day 26 each of two ships has begun to load on days 0, 9 and 18: six loads of 90,000 shells."""
    assert told(supplied(reserve=540_001)) == []
    (warning,) = told(supplied(reserve=540_000))
    assert warning.path == "shipments.ally.reserve"
    assert "540,000 shells is gone before the first landing, 26.0 days" in warning.problem
    assert len(told(supplied(reserve={"low": "500k", "high": "580k"}))) == 1


def test_berths_slow_the_loading_of_a_reserve() -> None:
    """One berth, five days a load: six loads begin, on days 0, 5, ... 25, however many ships are hired."""
    first = {key: value for key, value in ROUTE[0].items() if key != "vehicles"}
    legs = [{**first, "berths": 1}, ROUTE[1]]
    assert told(supplied(reserve=540_001, route=legs)) == []
    assert len(told(supplied(reserve=540_000, route=legs))) == 1


def test_a_reserve_in_shells() -> None:
    leg = {"vehicles": 1, "capacity": "10k shells", "load": "1 day", "travel": "2 days"}
    settings = {"route": [leg], "shells_per_container": None}

    def made(reserve: int) -> Scenario:
        given = {key: value for key, value in {**settings, "reserve": reserve}.items() if value is not None}
        return load_plain(plain(shipments={"ally": given}), None)

    # The only ship lands its first load on day 3, and begins its second on day 5.
    assert told(made(10_001)) == []
    assert len(told(made(10_000))) == 1


def test_a_lead_time_as_long_as_the_run_delivers_nothing() -> None:
    def made(lead: str) -> Scenario:
        return load_plain(plain(40, production={"plant": {"rate": "1/day", "lead_time": lead}}), None)

    assert told(made("39 days")) == []
    (warning,) = told(made("40 days"))
    assert warning.path == "production.plant.lead_time"
    assert "nothing is delivered" in warning.problem


def test_nobody_consumes() -> None:
    text = plain()
    del text["consumption"]
    (warning,) = told(load_plain(text, None))
    assert "nobody consumes" in warning.problem


def test_a_variation_that_looks_like_a_slip() -> None:
    assert told(load_plain(plain(front={"daily_variation": 2}), None)) == []
    (warning,) = told(load_plain(plain(front={"daily_variation": 20}), None))
    assert "a daily variation of 20 is 2,000%" in warning.problem


def test_a_growth_that_looks_like_a_slip() -> None:
    def made(growth: object) -> Scenario:
        return load_plain(plain(production={"plant": {"rate": "1/day", "growth": growth}}), None)

    assert told(made("100%")) == []
    (warning,) = told(made(3))
    assert warning.path == "production.plant.growth"
    assert "a growth of 3 is 300% a month" in warning.problem


@pytest.mark.parametrize(
    ("when", "key"),
    [
        # The run of 40 days goes from 1 September to 10 October 2023.
        ({"date": "2023-08-31"}, "date"),
        ({"date": "2023-10-11"}, "date"),
        ({"date": "2032-09-15"}, "date"),
        ({"from": "2023-10-11"}, "from"),
        ({"from": "2023-08-01", "until": "2023-09-01"}, "from"),
        ({"date": "2023-09-01"}, ""),
        ({"date": "2023-10-10"}, ""),
        ({"from": "2023-08-01"}, ""),
        ({"from": "2023-08-01", "until": "2023-09-02"}, ""),
        ({"from": "2023-10-10", "until": "2030-01-01"}, ""),
        ({"every": "300 days", "last": "1 day"}, ""),
    ],
)
def test_an_event_that_falls_outside_the_run(when: dict[str, Any], key: str) -> None:
    event = {**when, "stops": "consumption.front"}
    warnings = told(load_plain(plain(40, events={"lull": event}), None))
    assert [warning.path for warning in warnings] == ([f"events.lull.{key}"] if key else [])
    assert all("falls outside the run" in warning.problem for warning in warnings)


def test_an_offer_that_has_lost_its_containers() -> None:
    def made(offer: str) -> Scenario:
        ally = {"offered": offer, "shells_per_container": 300, "lead_time": "5 days"}
        return load_plain(plain(shipments={"ally": ally}), None)

    assert told(made("1000 containers/month")) == []
    (warning,) = told(made("1000/month"))
    assert warning.path == "shipments.ally.shells_per_container"
    assert "counted in shells" in warning.problem


@pytest.mark.parametrize(
    ("path", "value", "word"),
    [
        # The row gives 2.5M a year alone: a factor of two is 1.25M to 5M.
        ("production.russia.rate", {"value": "5M/year", "source": "prod-2023-seed-2p5m"}, ""),
        ("production.russia.rate", {"value": "5.01M/year", "source": "prod-2023-seed-2p5m"}, "factor of two"),
        ("production.russia.rate", {"value": "1.25M/year", "source": "prod-2023-seed-2p5m"}, ""),
        ("production.russia.rate", {"value": "1.2M/year", "source": "prod-2023-seed-2p5m"}, "factor of two"),
        # The row gives 1M to 2M a year.
        ("production.russia.rate", {"value": "2M/year", "source": "prod-2023-west-official-1to2m"}, ""),
        (
            "production.russia.rate",
            {"value": "2.1M/year", "source": "prod-2023-west-official-1to2m"},
            "outside",
        ),
        # Half are duds: 50 % serviceable, and a factor of two is 25 % and more.
        ("shipments.dprk.serviceable", {"value": "25%", "source": "dud-2024-02-hur-half"}, ""),
        ("shipments.dprk.serviceable", {"value": "20%", "source": "dud-2024-02-hur-half"}, "factor of two"),
        # 250 to 375 in a container; of a range, the median counts.
        ("shipments.dprk.shells_per_container", {"low": 200, "high": 450, "source": "spc-osc-250to375"}, ""),
        (
            "shipments.dprk.shells_per_container",
            {"low": 300, "high": 460, "source": "spc-osc-250to375"},
            "outside",
        ),
        # 11 to 20 days by rail; the same source names no ship.
        (
            "shipments.dprk.route.1.travel",
            {"value": "21 days", "source": "rail-tsr-regular-11to20d"},
            "outside",
        ),
        ("shipments.dprk.route.0.travel", {"value": "21 days", "source": "rail-tsr-regular-11to20d"}, ""),
    ],
)
def test_a_value_is_held_against_its_source(path: str, value: dict[str, Any], word: str) -> None:
    brief = simulate.load(Path(__file__).parent.parent / "scenarios" / "white-house-2023.yaml")
    warnings = simulate.warnings(brief.replace({path: value}))
    assert [warning.path for warning in warnings] == ([path] if word else [])
    assert all(word in warning.problem for warning in warnings)


@pytest.mark.parametrize(
    ("rate", "told_of"),
    [
        ("10.000/day", "10.000/day is 10 shells/day: the point is a decimal point"),
        ("1.500 shells/day", "1.500 shells/day is 1.5 shells/day: the point is a decimal point"),
        # A multiple, another number of decimals, and less than one leave no doubt.
        ("1.443M/year", None),
        ("10.5/day", None),
        ("0.125/day", None),
    ],
)
def test_a_point_that_looks_like_a_sign_of_thousands_is_told(rate: str, told_of: str | None) -> None:
    plain = {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2024-02-01",
        "depots": {"d": {"stock": "1M"}},
        "consumption": {"front": {"rate": rate}},
    }
    found = [fault for fault in lint(load_plain(plain, None)) if fault.path == "consumption.front.rate"]
    assert [fault.problem for fault in found] == ([told_of] if told_of else [])


ORDERS: dict[str, Any] = {"works": {"order_up_to": "2M", "lead_time": "3 days"}}
MONEY: dict[str, Any] = {"currency": "EUR", "budget": {"rate": "1M EUR/year"}}
COSTLY: dict[str, Any] = {"munitions": {"shell": {"unit_cost": "5k EUR"}}}


@pytest.mark.parametrize(
    ("sections", "path", "words"),
    [
        (MONEY, "budget", "the budget has nothing to pay for: there is no order line"),
        ({**MONEY, "orders": ORDERS}, "orders.works", "the line has no unit_cost beside the budget"),
        (
            {"currency": "EUR", "orders": {"works": {**ORDERS["works"], "order_cost": "9k EUR"}}},
            "orders.works",
            "the line has no unit_cost beside an order_cost",
        ),
        (
            {"orders": {"works": {"order_up_to": "2M", "lead_time": "2 years"}}},
            "orders.works.lead_time",
            "the lead time of 730.5 days is no shorter than the run of 365 days: nothing is delivered",
        ),
    ],
)
def test_money_and_orders_that_come_to_nothing(sections: dict[str, Any], path: str, words: str) -> None:
    (warning,) = told(load_plain(plain(**sections), None))
    assert warning.path == path
    assert warning.problem.startswith(words)
    assert told(load_plain(plain(**MONEY, **COSTLY, orders=ORDERS), None)) == []


@pytest.mark.parametrize(
    ("points", "starts", "told_of"),
    [
        # The run is from 1 September 2023 to 31 August 2024: 1 January begins the one year within it.
        ({"2024-03-01": "2M EUR/year"}, None, {"2024-03-01": "never granted"}),
        ({"2023-11-01": "2M EUR/year"}, None, {"2023-11-01": "first granted on 2024-01-01"}),
        ({"2023-11-01": "2M EUR/year"}, "November", {}),
        ({"2024-01-01": "2M EUR/year", "2023-12-31": "3M EUR/year"}, None, {"2023-12-31": "never granted"}),
        # The first rate holds before its date too; what is before the start or after the end is no news.
        ({"2023-09-01": "2M EUR/year"}, None, {}),
        ({"war": "2M EUR/year"}, None, {}),
    ],
)
def test_a_rate_of_a_budget_within_a_year_is_told_when_it_is_granted(
    points: dict[str, str], starts: str | None, told_of: dict[str, str]
) -> None:
    budget: dict[str, Any] = {"rate": {"by_date": {"2023-05-01": "1M EUR/year", **points}}}
    if starts:
        budget["starts"] = starts
    events = {"war": {"date": "2023-11-01"}} if "war" in points else {}
    sections = {**MONEY, **COSTLY, "budget": budget, "orders": ORDERS, "events": events}
    found = [each for each in told(load_plain(plain(**sections), None)) if each.path.startswith("budget")]
    assert {each.path: each.problem for each in found} == {
        f"budget.rate.by_date.{date}": (
            f"the rate of {date} is {when}: a budget is granted on the first day of its year"
        )
        for date, when in told_of.items()
    }


@pytest.mark.parametrize(
    ("date", "runs"),
    [
        # The run ends on 31 August 2024: a quarter of 400 days is after it.
        ({"low": "2023-11-05", "high": "2024-12-09"}, "in about 25.0% of the runs"),
        ("2024-08-31", "in every run"),
        ("alarm + 365 days", "in about 50.0% of the runs"),
        ("2024-08-30", ""),
    ],
)
def test_an_event_after_the_end_from_which_dates_count(date: Any, runs: str) -> None:
    rate = {"by_date": {"2023-09-01": "0/day", "war": "1k/day"}}
    events: dict[str, Any] = {"war": {"date": date}}
    if "alarm" in date:
        events["alarm"] = {"date": {"low": "2023-08-02", "high": "2023-10-01"}}
    scenario = load_plain(plain(front={"rate": rate}, events=events), None)
    found = [each for each in told(scenario) if each.path == "events.war.date"]
    words = f"the event is after the end of the run {runs}, and other dates count from it"
    assert [each.problem for each in found] == [words] * bool(runs)
