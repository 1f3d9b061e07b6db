"""Munitions and their mixes, offers, deliveries and reserves: figures worked out by hand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from by_hand import DAY, TWO, Run, date, leg, lots, near, plain

    from scenarios import Desk
else:
    from .by_hand import DAY, TWO, Run, date, leg, lots, near, plain


# Munitions, mixes and tonnes.


def test_tonnes_become_shells_by_the_mass_of_their_munition() -> None:
    sections = {
        "production": {"line": {"rate": {"b": "7 t/day"}}},
        "consumption": {"front": {"rate": {"a": "1 t/day"}}},
    }
    depot = {"stock": {"a": "100 t", "b": 3}, "unserviceable": {"b": "1 kt"}}
    run = Run(plain(3, munitions=TWO, depots={"depot": depot}, **sections))
    assert run.level("a") == near([1980, 1960, 1940])
    assert run.level("b") == near([283, 563, 843])
    assert run.ledger.closing[1, 0, "unserviceable"] == near(40_000)


def test_a_mass_is_drawn_once_for_all_that_is_in_tonnes(desk: Desk) -> None:
    munitions = {"a": {"gross_mass": {"low": "40 kg", "high": "60 kg"}}}
    run = Run(plain(2, "60 t", munitions=munitions, production={"line": {"rate": "6 t/day"}}), seed=5, run=3)
    (u,) = desk.uniforms("munitions.a.gross_mass", 1, seed=5, run=3)
    mass = 40 + 20 * u
    assert run.level("a") == near([66_000 / mass, 72_000 / mass])
    assert run.ledger.drawn == {"munitions.a.gross_mass": near(mass)}


def test_a_mixed_offer_in_tonnes_weighs_as_its_mix() -> None:
    # 60 % of 50 kg and 40 % of 25 kg are 40 kg a shell.
    mix = {"a": "60%", "b": "40%"}
    run = Run(plain(4, {"a": 0}, munitions=TWO, shipments=lots("11 t/day", mix=mix)))
    assert run.flow("landed", "a") == near([0, 165, 165, 165])
    assert run.flow("landed", "b") == near([0, 110, 110, 110])
    deliveries = {date(1): "8 t", date(2): "2 t"}
    run = Run(plain(4, {"a": 0}, munitions=TWO, shipments=lots(None, deliveries=deliveries, mix=mix)))
    assert run.flow("landed", "a") == near([0, 0, 120, 30])


def test_a_container_holds_one_munition_and_the_mix_is_of_containers() -> None:
    shipments = lots(
        "10 containers/day", mix={"a": "30%", "b": "70%"}, shells_per_container={"a": 200, "b": 100}
    )
    run = Run(plain(2, {"a": 0}, munitions=TWO, shipments=shipments))
    assert (run.flow("landed", "a")[1], run.flow("landed", "b")[1]) == near((600, 700))
    assert [(row.containers, row.shells) for row in run.voyages()] == [near((10, 1300))] * 2


def test_drawn_shares_of_a_mix_are_brought_to_one(desk: Desk) -> None:
    mix = {"a": {"low": "20%", "high": "60%"}, "b": "40%"}
    run = Run(plain(2, {"a": 0}, munitions=TWO, shipments=lots("100/day", mix=mix)), seed=7)
    (u,) = desk.uniforms("shipments.ally.mix.a", 1, seed=7)
    share = 0.2 + 0.4 * u
    assert run.flow("landed", "a")[1] == near(100 * share / (share + 0.4))
    assert run.flow("landed", "b")[1] == near(40 / (share + 0.4))


def test_one_number_is_a_total_where_it_is_a_ceiling_and_each_ones_own_where_it_is_a_property() -> None:
    mix, front = {"a": "75%", "b": "25%"}, {"front": {"rate": {"a": "30/day", "b": "10/day"}}}
    shipments = lots("100/day", mix=mix, serviceable="80%", reserve=250)
    depot = {"stock": "5 days", "capacity": 1000, "unserviceable": {"a": 60, "b": 20}}
    work = {"shop": {"rate": "8/day", "yield": "50%"}}
    sections = {"shipments": shipments, "consumption": front, "refurbishment": work}
    run = Run(plain(5, munitions=TWO, depots={"depot": depot}, **sections))
    assert run.flow("landed", "a") == near([0, 60, 60, 30, 0])
    assert run.flow("landed", "b") == near([0, 20, 20, 10, 0])
    assert run.flow("rejected", "a") == near([0, 15, 15, 7.5, 0])
    assert (run.flow("taken", "a")[0], run.flow("taken", "b")[0]) == near((6, 2))
    assert (run.level("a")[0], run.level("b")[0]) == near((150 + 3 - 30, 50 + 1 - 10))


def test_a_munition_nobody_fires_has_no_stock_in_days() -> None:
    run = Run(plain(1, "9 days", munitions=TWO, consumption={"front": {"rate": {"a": "10/day"}}}))
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
    run = Run(plain(5, shipments=lots(lead_time=lead)))
    assert run.flow("landed") == [100.0 if day in days else 0.0 for day in range(5)]
    assert [row.departed for row in run.voyages()] == [day * DAY for day in range(5)]
    seconds = {"0 days": DAY, "1 day": DAY, "36 h": 129_600, "2 days": 2 * DAY, "60 h": 216_000}[lead]
    arrived = [day * DAY + seconds for day in range(5)]
    assert [row.arrived for row in run.voyages()] == [
        second if second < 5 * DAY else None for second in arrived
    ]
    assert all(row.vehicle is None and row.containers is None for row in run.voyages())


def test_each_lot_draws_its_own_lead_time_by_its_day(desk: Desk) -> None:
    lead = {"low": "1 day", "high": "9 days"}
    run = Run(plain(12, shipments=lots(lead_time=lead, first="3 days")), seed=9)
    drawn = desk.uniforms("shipments.ally.lead_time", 12, seed=9)
    expected = [math.floor((day + 1 + 8 * drawn[day]) * DAY + 0.5) for day in range(3, 12)]
    assert [row.arrived or second for row, second in zip(run.voyages(), expected, strict=True)] == expected
    assert [row.arrived is None for row in run.voyages()] == [second >= 12 * DAY for second in expected]


def test_offers_count_from_first_up_to_until() -> None:
    run = Run(plain(8, shipments=lots(first="3 days", until="2 days")))
    assert run.departed(None) == [3, 4]
    run = Run(plain(8, shipments=lots(first="60 h", until=date(5))))
    assert run.departed(None) == [3, 4]


def test_deliveries_leave_on_their_dates() -> None:
    deliveries = {date(-1): 7, date(0): 1000, date(3): 300, date(4): 50, date(9): 9}
    run = Run(plain(6, shipments=lots(None, deliveries=deliveries, lead_time="2 days", until=date(4))))
    # What left the day before the start arrives on day 1.
    assert run.flow("landed") == [0, 7, 1000, 0, 0, 300]
    assert run.departed(None) == [-1, 0, 3]
    by_ship = {"ally": {"route": [leg()], "deliveries": {date(1): "250 shells", date(4): "30 shells"}}}
    run = Run(plain(7, shipments=by_ship))
    # Not full by default; the vehicle is back each midnight.
    assert [(row.departed / DAY, row.shells) for row in run.voyages(0)] == [
        (1, 100),
        (2, 100),
        (3, 50),
        (4, 30),
    ]


def test_a_first_leg_with_an_offer_waits_for_full_loads() -> None:
    hired = {"capacity": "100 shells", "travel": "12 h"}
    run = Run(plain(8, shipments={"ally": {"route": [hired], "offered": "40/day"}}))
    assert [(row.departed / DAY, row.shells, row.vehicle) for row in run.voyages(0)] == [
        (2, 100, None), (4, 100, None), (7, 100, None)
    ]  # fmt: skip
    run = Run(plain(3, shipments={"ally": {"route": [{**hired, "departs": "any"}], "offered": "40/day"}}))
    assert [row.shells for row in run.voyages(0)] == [40, 40, 40]
    run = Run(plain(3, shipments={"ally": {"route": [{**hired, "departs": "any"}], "offered": "250/day"}}))
    assert [row.shells for row in run.voyages(0)] == [100, 100, 50] * 3


def test_a_lot_takes_what_is_left_of_the_reserve() -> None:
    sent = [row.shells for row in Run(plain(5, shipments=lots(reserve=250))).voyages()]
    assert sent == [100, 100, 50]
    growing = {"stock": 250, "production": "30/day"}
    sent = [row.shells for row in Run(plain(6, shipments=lots(reserve=growing))).voyages()]
    assert sent == near([100, 100, 100, 70, 30, 30])
    # The reserve grows before the first offer, too.
    sent = [row.shells for row in Run(plain(6, shipments=lots(reserve=growing, first="4 days"))).voyages()]
    assert sent == near([100, 100])


def test_the_last_load_of_a_reserve_leaves_as_it_is_and_one_that_grows_waits_for_a_full_one() -> None:
    for departs in ("any", "full"):
        ships = {"ally": {"route": [leg(departs=departs)], "reserve": 150}}
        assert [row.shells for row in Run(plain(5, shipments=ships)).voyages(0)] == [100, 50]
    ships = {"ally": {"route": [leg()], "reserve": {"stock": 150, "production": "40/day"}}}
    run = Run(plain(8, shipments=ships))
    # At the days' starts: 190, 130, 70, 110, 50, 90, 130.
    assert run.departed() == [0, 1, 3, 6]
    assert {row.shells for row in run.voyages(0)} == {100.0}


def test_a_load_that_a_growing_reserve_can_fill_leaves_though_not_full() -> None:
    ships = {
        "ally": {
            "route": [leg(departs="any")],
            "offered": "30/day",
            "reserve": {"stock": 0, "production": "30/day"},
        }
    }
    assert [row.shells for row in Run(plain(3, shipments=ships)).voyages(0)] == [30, 30, 30]


def test_a_reserve_is_counted_in_shells() -> None:
    mix, loads = {"a": "50%", "b": "50%"}, {"a": 100, "b": 300}
    shipments = lots("2 containers/day", reserve=700, mix=mix, shells_per_container=loads)
    run = Run(plain(4, {"a": 0}, munitions=TWO, shipments=shipments))
    assert [row.containers for row in run.voyages()] == near([2, 1.5])
    assert sum(run.flow("landed", "a")) == near(175)
    assert sum(run.flow("landed", "b")) == near(525)
