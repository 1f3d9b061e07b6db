"""Munitions and their mixes, offers, deliveries and reserves: figures worked out by hand."""

from __future__ import annotations

import math

import pytest

from tests.support.scenario_builder import ScenarioBuilder
from tests.support.small_models import (
    DAY,
    TWO_MUNITIONS,
    RunView,
    approx,
    iso_date,
    leg_data,
    lots_data,
    scenario_data,
)

# Munitions, mixes and tonnes.


def test_tonnes_become_shells_by_the_mass_of_their_munition() -> None:
    sections = {
        "production": {"line": {"rate": {"b": "7 t/day"}}},
        "consumption": {"front": {"rate": {"a": "1 t/day"}}},
    }
    depot = {"stock": {"a": "100 t", "b": 3}, "unserviceable": {"b": "1 kt"}}
    run = RunView(scenario_data(3, munitions=TWO_MUNITIONS, depots={"depot": depot}, **sections))
    assert run.level("a") == approx([1980, 1960, 1940])
    assert run.level("b") == approx([283, 563, 843])
    assert run.ledger.closing[1, 0, "unserviceable"] == approx(40_000)


def test_a_mass_is_drawn_once_for_all_that_is_in_tonnes(desk: ScenarioBuilder) -> None:
    munitions = {"a": {"gross_mass": {"low": "40 kg", "high": "60 kg"}}}
    run = RunView(
        scenario_data(2, "60 t", munitions=munitions, production={"line": {"rate": "6 t/day"}}), seed=5, run=3
    )
    (u,) = desk.uniforms("munitions.a.gross_mass", 1, seed=5, run=3)
    mass = 40 + 20 * u
    assert run.level("a") == approx([66_000 / mass, 72_000 / mass])
    assert run.ledger.drawn == {"munitions.a.gross_mass": approx(mass)}


def test_a_mixed_offer_in_tonnes_weighs_as_its_mix() -> None:
    # 60 % of 50 kg and 40 % of 25 kg are 40 kg a shell.
    mix = {"a": "60%", "b": "40%"}
    run = RunView(
        scenario_data(4, {"a": 0}, munitions=TWO_MUNITIONS, shipments=lots_data("11 t/day", mix=mix))
    )
    assert run.flow("landed", "a") == approx([0, 165, 165, 165])
    assert run.flow("landed", "b") == approx([0, 110, 110, 110])
    deliveries = {iso_date(1): "8 t", iso_date(2): "2 t"}
    run = RunView(
        scenario_data(
            4, {"a": 0}, munitions=TWO_MUNITIONS, shipments=lots_data(None, deliveries=deliveries, mix=mix)
        )
    )
    assert run.flow("landed", "a") == approx([0, 0, 120, 30])


def test_a_container_holds_one_munition_and_the_mix_is_of_containers() -> None:
    shipments = lots_data(
        "10 containers/day", mix={"a": "30%", "b": "70%"}, shells_per_container={"a": 200, "b": 100}
    )
    run = RunView(scenario_data(2, {"a": 0}, munitions=TWO_MUNITIONS, shipments=shipments))
    assert (run.flow("landed", "a")[1], run.flow("landed", "b")[1]) == approx((600, 700))
    assert [(row.containers, row.shells) for row in run.voyages()] == [approx((10, 1300))] * 2


def test_drawn_shares_of_a_mix_are_brought_to_one(desk: ScenarioBuilder) -> None:
    mix = {"a": {"low": "20%", "high": "60%"}, "b": "40%"}
    run = RunView(
        scenario_data(2, {"a": 0}, munitions=TWO_MUNITIONS, shipments=lots_data("100/day", mix=mix)), seed=7
    )
    (u,) = desk.uniforms("shipments.ally.mix.a", 1, seed=7)
    share = 0.2 + 0.4 * u
    assert run.flow("landed", "a")[1] == approx(100 * share / (share + 0.4))
    assert run.flow("landed", "b")[1] == approx(40 / (share + 0.4))


def test_one_number_is_a_total_where_it_is_a_ceiling_and_each_ones_own_where_it_is_a_property() -> None:
    mix, front = {"a": "75%", "b": "25%"}, {"front": {"rate": {"a": "30/day", "b": "10/day"}}}
    shipments = lots_data("100/day", mix=mix, serviceable="80%", reserve=250)
    depot = {"stock": "5 days", "capacity": 1000, "unserviceable": {"a": 60, "b": 20}}
    work = {"shop": {"rate": "8/day", "yield": "50%"}}
    sections = {"shipments": shipments, "consumption": front, "refurbishment": work}
    run = RunView(scenario_data(5, munitions=TWO_MUNITIONS, depots={"depot": depot}, **sections))
    assert run.flow("landed", "a") == approx([0, 60, 60, 30, 0])
    assert run.flow("landed", "b") == approx([0, 20, 20, 10, 0])
    assert run.flow("rejected", "a") == approx([0, 15, 15, 7.5, 0])
    assert (run.flow("taken", "a")[0], run.flow("taken", "b")[0]) == approx((6, 2))
    assert (run.level("a")[0], run.level("b")[0]) == approx((150 + 3 - 30, 50 + 1 - 10))


def test_a_munition_nobody_fires_has_no_stock_in_days() -> None:
    run = RunView(
        scenario_data(1, "9 days", munitions=TWO_MUNITIONS, consumption={"front": {"rate": {"a": "10/day"}}})
    )
    assert (run.level("a"), run.level("b")) == ([80], [0])


# Offers, deliveries and reserves.


@pytest.mark.parametrize(
    ("lead", "days"),
    [
        ("0 days", [1, 2, 3, 4]),
        ("1 day", [1, 2, 3, 4]),
        ("36 h", [1, 2, 3, 4]),
        ("2 days", [2, 3, 4]),
        ("60 h", [2, 3, 4]),
    ],
)
def test_a_lot_arrives_when_its_lead_time_is_over_and_the_next_day_at_the_soonest(
    lead: str, days: list[int]
) -> None:
    run = RunView(scenario_data(5, shipments=lots_data(lead_time=lead)))
    assert run.flow("landed") == [100.0 if day in days else 0.0 for day in range(5)]
    assert [row.departed for row in run.voyages()] == [day * DAY for day in range(5)]
    seconds = {"0 days": DAY, "1 day": DAY, "36 h": 129_600, "2 days": 2 * DAY, "60 h": 216_000}[lead]
    arrived = [day * DAY + seconds for day in range(5)]
    assert [row.arrived for row in run.voyages()] == [
        second if second < 5 * DAY else None for second in arrived
    ]
    assert all(row.vehicle is None and row.containers is None for row in run.voyages())


def test_each_lot_draws_its_own_lead_time_by_its_day(desk: ScenarioBuilder) -> None:
    lead = {"low": "1 day", "high": "9 days"}
    run = RunView(scenario_data(12, shipments=lots_data(lead_time=lead, first="3 days")), seed=9)
    drawn = desk.uniforms("shipments.ally.lead_time", 12, seed=9)
    expected = [math.floor((day + 1 + 8 * drawn[day]) * DAY + 0.5) for day in range(3, 12)]
    assert [row.arrived or second for row, second in zip(run.voyages(), expected, strict=True)] == expected
    assert [row.arrived is None for row in run.voyages()] == [second >= 12 * DAY for second in expected]


def test_offers_count_from_first_up_to_until() -> None:
    run = RunView(scenario_data(8, shipments=lots_data(first="3 days", until="2 days")))
    assert run.departed(None) == [3, 4]
    run = RunView(scenario_data(8, shipments=lots_data(first="60 h", until=iso_date(5))))
    assert run.departed(None) == [3, 4]


def test_deliveries_leave_on_their_dates() -> None:
    deliveries = {iso_date(-1): 7, iso_date(0): 1000, iso_date(3): 300, iso_date(4): 50, iso_date(9): 9}
    run = RunView(
        scenario_data(
            6, shipments=lots_data(None, deliveries=deliveries, lead_time="2 days", until=iso_date(4))
        )
    )
    # What left the day before the start arrives on day 1.
    assert run.flow("landed") == [0, 7, 1000, 0, 0, 300]
    assert run.departed(None) == [-1, 0, 3]
    by_ship = {
        "ally": {"route": [leg_data()], "deliveries": {iso_date(1): "250 shells", iso_date(4): "30 shells"}}
    }
    run = RunView(scenario_data(7, shipments=by_ship))
    # Not full by default; the vehicle is back each midnight.
    assert [(row.departed / DAY, row.shells) for row in run.voyages(0)] == [
        (1, 100),
        (2, 100),
        (3, 50),
        (4, 30),
    ]


def test_a_first_leg_with_an_offer_waits_for_full_loads() -> None:
    hired = {"capacity": "100 shells", "travel": "12 h"}
    run = RunView(scenario_data(8, shipments={"ally": {"route": [hired], "offered": "40/day"}}))
    assert [(row.departed / DAY, row.shells, row.vehicle) for row in run.voyages(0)] == [
        (2, 100, None), (4, 100, None), (7, 100, None)
    ]  # fmt: skip
    run = RunView(
        scenario_data(3, shipments={"ally": {"route": [{**hired, "departs": "any"}], "offered": "40/day"}})
    )
    assert [row.shells for row in run.voyages(0)] == [40, 40, 40]
    run = RunView(
        scenario_data(3, shipments={"ally": {"route": [{**hired, "departs": "any"}], "offered": "250/day"}})
    )
    assert [row.shells for row in run.voyages(0)] == [100, 100, 50] * 3


def test_a_lot_takes_what_is_left_of_the_reserve() -> None:
    sent = [row.shells for row in RunView(scenario_data(5, shipments=lots_data(reserve=250))).voyages()]
    assert sent == [100, 100, 50]
    growing = {"stock": 250, "production": "30/day"}
    sent = [row.shells for row in RunView(scenario_data(6, shipments=lots_data(reserve=growing))).voyages()]
    assert sent == approx([100, 100, 100, 70, 30, 30])
    # The reserve grows before the first offer, too.
    sent = [
        row.shells
        for row in RunView(scenario_data(6, shipments=lots_data(reserve=growing, first="4 days"))).voyages()
    ]
    assert sent == approx([100, 100])


def test_the_last_load_of_a_reserve_leaves_as_it_is_and_one_that_grows_waits_for_a_full_one() -> None:
    for departs in ("any", "full"):
        ships = {"ally": {"route": [leg_data(departs=departs)], "reserve": 150}}
        assert [row.shells for row in RunView(scenario_data(5, shipments=ships)).voyages(0)] == [100, 50]
    ships = {"ally": {"route": [leg_data()], "reserve": {"stock": 150, "production": "40/day"}}}
    run = RunView(scenario_data(8, shipments=ships))
    # At the days' starts: 190, 130, 70, 110, 50, 90, 130.
    assert run.departed() == [0, 1, 3, 6]
    assert {row.shells for row in run.voyages(0)} == {100.0}


def test_a_load_that_a_growing_reserve_can_fill_leaves_though_not_full() -> None:
    ships = {
        "ally": {
            "route": [leg_data(departs="any")],
            "offered": "30/day",
            "reserve": {"stock": 0, "production": "30/day"},
        }
    }
    assert [row.shells for row in RunView(scenario_data(3, shipments=ships)).voyages(0)] == [30, 30, 30]


def test_a_reserve_is_counted_in_shells() -> None:
    mix, loads = {"a": "50%", "b": "50%"}, {"a": 100, "b": 300}
    shipments = lots_data("2 containers/day", reserve=700, mix=mix, shells_per_container=loads)
    run = RunView(scenario_data(4, {"a": 0}, munitions=TWO_MUNITIONS, shipments=shipments))
    assert [row.containers for row in run.voyages()] == approx([2, 1.5])
    assert sum(run.flow("landed", "a")) == approx(175)
    assert sum(run.flow("landed", "b")) == approx(525)
