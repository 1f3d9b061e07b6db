"""Orders by stock: published and closed cases, and what a planner counts by hand (rule 37)."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest

import sim
from sim.account import ClaimKind, Kind, PlacedOrder
from sim.model.ledger import Ledger
from sim.model.run import run_once
from sim.scenario.loader import load_plain
from sim.scenario.scenario import Scenario
from sim.units import SECONDS_PER_DAY
from tests.support.engine_comparison import account_of, run_differences

Plain = dict[str, Any]


def stepped(*by_day: float) -> Plain:
    """Return a rate that is another one on each day from 1 January."""
    return {"by_date": {f"2024-01-{day + 1:02d}": f"{rate}/day" for day, rate in enumerate(by_day)}}


def scenario_of(
    stock: str, front: Plain | str, days: int, depot: Plain | None = None, **line: Any
) -> Scenario:
    """Return a scenario of one depot, one consumer (or its rate) and one order line."""
    has_keys = isinstance(front, dict) and "rate" in front
    plain: Plain = {
        "schema": 1,
        "start": "2024-01-01",
        "end": f"2024-01-{days + 1:02d}",
        "depots": {"store": {"stock": stock, **(depot or {})}},
        "consumption": {"front": front if has_keys else {"rate": front}},
        "orders": {"works": line},
    }
    return load_plain(plain, None)


def delivered(ledger: Ledger) -> list[float]:
    return ledger.total(0, Kind.DELIVERED)


def days_of(order: PlacedOrder) -> tuple[float | None, ...]:
    """Return when an order is placed, made and arrives, in days from the start."""
    seconds = order.placed, order.made, order.arrived
    return tuple(None if second is None else second / SECONDS_PER_DAY for second in seconds)


def test_a_base_stock_of_13_leaves_what_the_overview_of_stockpyl_leaves() -> None:
    ledger = account_of(scenario_of("13", stepped(12, 6, 11, 14), 4, order_up_to="13"))
    # Its last level is -1: here what is unmet is lost.
    assert ledger.levels[0] == [1.0, 7.0, 2.0, 0.0]
    assert delivered(ledger) == [0.0, 12.0, 6.0, 11.0]
    # Nothing is ordered after the last day.
    assert ledger.counted == {"ordered": [29.0], "orders": [3.0]}


def test_min_max_orders_up_to_the_mark_when_the_position_has_come_down_to_the_point() -> None:
    ledger = account_of(
        scenario_of("100", "20/day", 10, reorder_point="40", order_up_to="120", lead_time="2 days")
    )
    # At the close of day 2 there are 40: 80 count as placed on day 3, and arrive on day 5. Without what is
    # under way, the position would be 20 and 0 on the next two days, and more would be ordered.
    assert ledger.levels[0] == [80.0, 60.0, 40.0, 20.0, 0.0, 60.0, 40.0, 20.0, 0.0, 60.0]
    assert [days_of(order) for order in ledger.orders] == [(3, 3, 5), (7, 7, 9)]
    assert [order.shells for order in ledger.orders] == [80.0, 80.0]


def test_lots_are_of_one_size_and_may_leave_the_position_below_the_point() -> None:
    ledger = account_of(
        scenario_of("100", "30/day", 6, reorder_point="50", order_quantity="20", lead_time="1 day")
    )
    # 70, 40: a lot is placed at every review from then on, since 20 a day are less than 30.
    assert delivered(ledger) == [0.0, 0.0, 0.0, 20.0, 20.0, 20.0]
    assert ledger.levels[0] == [70.0, 40.0, 10.0, 0.0, 0.0, 0.0]


def test_marks_in_days_of_supply_follow_the_plan_of_the_day() -> None:
    ledger = account_of(scenario_of("50", stepped(10, 10, 20, 20), 4, order_up_to="5 days"))
    # The close of day 1 is 40 + 10 - 10 = 40 of 50; that of day 2 is 30 of 100.
    assert delivered(ledger) == [0.0, 10.0, 10.0, 70.0]


def test_reviews_at_intervals_begin_on_the_first_day_and_end_before_the_last() -> None:
    ledger = account_of(
        scenario_of(
            "100", "10/day", 20, order_up_to="100", review="36 h", first="2024-01-03", until="2024-01-10"
        )
    )
    # From 3 January, day 2, every 1.5 days: the closes of days 2, 4, 5, 7 and 8.
    assert [days_of(order)[0] for order in ledger.orders] == [3, 5, 6, 8, 9]


def test_a_supplier_makes_orders_one_after_the_other() -> None:
    ledger = account_of(
        scenario_of("100", "30/day", 8, order_up_to="100", capacity="20/day", lead_time="1 day")
    )
    # 30 are ordered at the close of each day: day 2 ends the first, and 10 of its shells are of the second.
    made = [(days_of(order)[1], order.shells) for order in ledger.orders]
    assert made[:4] == [(2.0, 30.0), (3.0, 30.0), (5.0, 30.0), (6.0, 30.0)]
    assert delivered(ledger)[:7] == [0.0, 0.0, 0.0, 30.0, 30.0, 0.0, 30.0]
    assert [order.made for order in ledger.orders[-2:]] == [None, None]


def test_a_capacity_that_never_binds_changes_nothing() -> None:
    rate = stepped(7, 30, 0, 22, 9)
    line: Plain = {"order_up_to": "60", "lead_time": "30 h"}
    free = account_of(scenario_of("60", rate, 5, **line))
    bound = account_of(scenario_of("60", rate, 5, **line, capacity="1k/day"))
    assert free.levels == bound.levels
    assert free.orders == bound.orders


def test_a_surge_of_the_supplier_is_a_course() -> None:
    ledger = account_of(
        scenario_of("100", "30/day", 6, order_up_to="100", capacity=stepped(0, 0, 0, 90)),
    )
    # Three orders of 30 wait until 4 January, when 90 are made in one day.
    assert delivered(ledger) == [0.0, 0.0, 0.0, 90.0, 30.0, 30.0]


def test_what_does_not_fit_waits_at_the_gate_and_counts_there() -> None:
    ledger = account_of(scenario_of("50", "10/day", 5, {"capacity": "60"}, order_up_to="90"))
    # 50 are ordered at the close of day 0; 20 of them fit, 30 wait: the position is 90 less a day's fire.
    assert delivered(ledger) == [0.0, 20.0, 10.0, 10.0, 10.0]
    assert [order.shells for order in ledger.orders] == [50.0, 10.0, 10.0, 10.0]


def test_lead_times_are_drawn_for_each_order_by_its_number() -> None:
    scenario = scenario_of(
        "500", "10/day", 30, order_up_to="500", lead_time={"choices": ["1 day", "9 days"]}, review="2 days"
    )
    first, other = account_of(scenario), run_once(scenario, 1, 1)
    took = [order.arrived - order.made for order in first.orders if order.arrived and order.made]
    assert set(took) == {SECONDS_PER_DAY, 9 * SECONDS_PER_DAY}
    assert first.orders != other.orders


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({}, "nothing says what to order"),
        ({"reorder_point": "10"}, "reorder_point make no policy"),
        ({"reorder_point": "50", "order_up_to": "40"}, "order_up_to is below the reorder_point"),
        ({"order_up_to": "40", "review": "12 h"}, "stocks are counted once a day"),
        ({"order_up_to": "40", "munition": "other"}, "unknown munition 'other'"),
        ({"order_up_to": "40", "first": "2024-01-05", "until": "2024-01-05"}, "until is not after first"),
    ],
)
def test_a_line_that_makes_no_sense_gives_one_message(line: Plain, message: str) -> None:
    from sim.errors import ScenarioError

    with pytest.raises(ScenarioError) as raised:
        scenario_of("100", "10/day", 5, **line)
    assert [fault.problem for fault in raised.value.faults if message in fault.problem]
    assert len(raised.value.faults) == 1


@pytest.mark.parametrize(("rate", "years"), [("100/year", 18.0), ("350/year", 6.57)])
def test_years_to_replace_1600_after_a_lead_of_24_months(rate: str, years: float) -> None:
    # Stinger: 1,600 given away, at 100 or 350 a year, and nothing in the first two years.
    plain: Plain = {
        "schema": 1,
        "start": "2022-01-01",
        "end": "2042-01-01",
        "depots": {"store": {"stock": "0", "objective": "1600"}},
        "production": {"line": {"rate": rate, "lead_time": "24 months"}},
    }
    scenario = load_plain(plain, None)
    assert run_differences(scenario, 1, [0]) == []
    result = sim.run(scenario, runs=1)
    reached = dt.date.fromisoformat(str(result.outcomes["reaches"][0]))
    assert (reached - dt.date(2022, 1, 1)).days / 365.25 == pytest.approx(years, abs=0.005)
    found = sim.breakeven(
        scenario,
        "production.line.rate",
        bounds=("50/year", "1000/year"),
        of="reaches",
        runs=1,
        until="2028-01-01",
    )
    # 1,600 in the four years that are left of six; an output of a day is 0.07 % of them.
    assert found.value == pytest.approx(1600 / (4 * 365.25), rel=1e-3)
    assert found.sentences[0].endswith("or more the stock reaches its objective before 1 Jan 2028.")


def test_the_last_of_several_objectives_is_reached_in_the_days_of_supply_of_the_plan() -> None:
    plain: Plain = {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2024-01-21",
        "munitions": {"a": {"gross_mass": "50 kg"}, "b": {}},
        "depots": {"store": {"stock": {"a": 0, "b": 0}, "objective": {"a": "1 t", "b": "4 days"}}},
        "production": {"line": {"rate": {"a": "5/day", "b": "30/day"}}},
        "consumption": {"front": {"rate": {"b": "20/day"}}},
    }
    scenario = load_plain(plain, None)
    assert run_differences(scenario, 1, [0]) == []
    # 20 shells of a are there at the close of day 3, 80 of b at that of day 7.
    assert str(sim.run(scenario, runs=1).outcomes["reaches"][0]) == "2024-01-08"


def test_a_base_stock_of_13_with_backlog_ends_at_minus_1() -> None:
    front = {"rate": stepped(12, 6, 11, 14, 0), "backlog": "true"}
    ledger = account_of(scenario_of("13", front, 5, order_up_to="13"))
    backlog = ledger.claims[0][ClaimKind.BACKLOG]
    net = [level - waiting for level, waiting in zip(ledger.levels[0], backlog, strict=True)]
    assert net == [1.0, 7.0, 2.0, -1.0, 13.0]
    # The position of -1 is brought up to 13: 14 are ordered, of which 1 serves who waited.
    assert delivered(ledger) == [0.0, 12.0, 6.0, 11.0, 14.0]


def test_no_order_is_placed_or_made_before_the_event_that_it_waits_for() -> None:
    """A war on a drawn day: orders begin with it, and the supplier makes something 20 days after."""
    plain: Plain = {
        "schema": 1,
        "start": "2024-01-01",
        "end": "2024-05-01",
        "depots": {"store": {"stock": 100}},
        "consumption": {"front": {"rate": "10/day"}},
        "orders": {
            "works": {
                "order_up_to": "900",
                "first": "war",
                "capacity": {"by_date": {"2024-01-01": "0/day", "war + 20 days": "40/day"}},
            }
        },
        "events": {"war": {"date": {"low": "2024-01-10", "high": "2024-04-01"}}},
    }
    scenario = load_plain(plain, None)
    assert run_differences(scenario, 1, range(8)) == []
    wars = set()
    for run in range(8):
        ledger = run_once(scenario, 1, run)
        war = ledger.drawn["events.war.date"]
        wars.add(war)
        placed, made, _ = days_of(ledger.orders[0])
        # The review of the day of the war; 800 and 10 for each day before are made at 40 a day.
        assert placed == war + 1
        short = 900 - max(0.0, 100 - 10 * (war + 1))
        assert made == war + 20 + math.ceil(short / 40) - 1 < 121
    assert len(wars) > 5


def test_an_event_stops_reviews_and_another_the_supplier() -> None:
    """No order on days 2 and 3; on day 6 the supplier makes a quarter."""
    scenario = scenario_of("200", "30/day", 9, order_up_to="200", capacity="60/day").replace(
        {
            "events": {
                "embargo": {"from": "2024-01-03", "until": "2024-01-05", "stops": "orders.works"},
                "strike": {"date": "2024-01-07", "multiplies": "orders.works.capacity", "factor": 0.25},
            }
        }
    )
    ledger = account_of(scenario)
    # What is not ordered on the evenings of days 2 and 3 is ordered on that of day 4: 90.
    assert [order.shells for order in ledger.orders] == [30.0, 30.0, 90.0, 30.0, 30.0, 30.0]
    # 60 of the 90 are made on day 5, and 15 on day 6; the rest and 30 more on day 7.
    assert [days_of(order)[1] for order in ledger.orders] == [1.0, 2.0, 7.0, 7.0, 8.0, 8.0]
