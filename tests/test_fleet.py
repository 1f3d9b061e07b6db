"""Fleets, legs and landings against timetables worked out by hand (rules 20 to 26)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.support.scenario_builder import LedgerView, ScenarioBuilder

DAY = 86_400
HOUR = 3_600


def in_days(seconds: list[int]) -> list[float]:
    return [second / DAY for second in seconds]


def landings(books: LedgerView) -> dict[int, float]:
    """Return what landed, by day."""
    return {day: shells for day, shells in enumerate(books.flow("landed")) if shells > 0}


def test_identical_ships_bring_their_capacity_once_a_cycle(desk: ScenarioBuilder) -> None:
    ship = desk.leg(vehicles=3, capacity="200 shells", load="2 days", travel="3 days", unload="1 day")
    books = desk.books(desk.route(900, ship))
    # A cycle is 2 + 3 + 1 + 3 = 9 days, and the first landing is after 6.
    assert landings(books) == dict.fromkeys(range(6, 900, 9), 600)
    assert sum(books.flow("landed")) == 3 * 200 * 900 / 9
    assert books.level()[-1] == 60_000
    assert books.ledger.balance_error() == 0


def test_one_loading_berth_lets_ships_leave_one_after_the_other(desk: ScenarioBuilder) -> None:
    ship = desk.leg(vehicles=3, berths=1, load="2 days", unload="1 day")
    books = desk.books(desk.route(40, ship))
    # Three loads take six days and a ship is back after five: the berth never rests.
    assert in_days(books.departed()) == [2.0 * n for n in range(1, 20)]
    assert [trip.vehicle for trip in books.voyages()] == [n % 3 for n in range(19)]
    assert landings(books) == dict.fromkeys(range(4, 40, 2), 100)


def test_one_unloading_berth_lets_ships_unload_in_order_of_arrival(desk: ScenarioBuilder) -> None:
    ship = desk.leg(vehicles=3, unloading_berths=1, unload="2 days")
    books = desk.books(desk.route(40, ship))
    assert in_days(books.departed())[:4] == [0, 0, 0, 4]
    arrived = [(trip.vehicle, trip.arrived) for trip in books.voyages() if trip.arrived]
    assert arrived == [(n % 3, (3 + 2 * n) * DAY) for n in range(19)]


def test_a_slow_first_leg_leaves_nothing_at_the_second_quay(desk: ScenarioBuilder) -> None:
    ship = desk.leg(capacity="300 containers", load="1 day", travel="3 days", unload="1 day")
    train = desk.leg(capacity="75 containers", vehicles=4, load="1 day", travel="2 days", unload="1 day")
    books = desk.books(desk.route(60, ship, train, shells_per_container=10))
    assert landings(books) == dict.fromkeys(range(9, 60, 8), 3000)
    assert in_days(books.departed(1)) == [float(day) for day in range(6, 60, 8) for _ in range(4)]


def test_a_slow_second_leg_lets_its_quay_grow(desk: ScenarioBuilder) -> None:
    ship = desk.leg(capacity="300 containers", vehicles=2, load="1 day", travel="3 days", unload="1 day")
    train = desk.leg(capacity="75 containers", vehicles=2, load="1 day", travel="2 days", unload="1 day")

    def at_the_quay(books: LedgerView) -> float:
        unloaded = sum(trip.containers or 0 for trip in books.voyages(0) if trip.arrived is not None)
        return unloaded - sum(trip.containers or 0 for trip in books.voyages(1))

    books = desk.books(desk.route(61, ship, train, shells_per_container=10))
    # Ships unload 600 on days 5, 13 ... 53; trains load 150 on days 5, 11 ... 59 and land four days later.
    assert at_the_quay(books) == 7 * 600 - 10 * 150
    assert landings(books) == dict.fromkeys(range(9, 61, 6), 1500)
    assert books.ledger.shipped == {"dprk": 8 * 6000}
    assert books.ledger.under_way == {"dprk": 27_000 + 1_500 + 6_000}
    # 75 a day come and 25 leave, so 24 days later there are 1,200 more.
    later = desk.books(desk.route(85, ship, train, shells_per_container=10))
    assert at_the_quay(later) - at_the_quay(books) == 24 * (75 - 25)


def test_a_ship_load_fills_four_hired_trains_at_once(desk: ScenarioBuilder) -> None:
    ship = desk.leg(capacity="300 containers")
    train = {"capacity": "75 containers", "load": "12 h", "travel": "2 days", "unload": "12 h"}
    books = desk.books(desk.route(5, ship, train, shells_per_container=300))
    assert [(trip.departed / DAY, trip.containers) for trip in books.voyages(1)[:4]] == [(1.5, 75)] * 4
    assert [trip.vehicle for trip in books.voyages(1)] == [None] * 8
    assert landings(books) == {4: 90_000}


def test_one_train_carries_a_ship_load_in_five_turns(desk: ScenarioBuilder) -> None:
    ship = desk.leg(capacity="310 containers")
    train = desk.leg(capacity="75 containers", load="1 day", unload="1 day")
    books = desk.books(desk.route(30, ship, train, shells_per_container=1, reserve=310))
    assert [(trip.departed / DAY, trip.containers) for trip in books.voyages(1)] == [
        *((2, 75), (6, 75), (10, 75), (14, 75)),
        (18, pytest.approx(10)),
    ]
    assert landings(books) == {4: 75, 8: 75, 12: 75, 16: 75, 20: pytest.approx(10)}


@pytest.mark.parametrize(
    ("departs", "trains"),
    [
        ("any", [(1, 75), (1, 25), (3, 75), (3, 25), (5, 75), (5, 25), (7, 75), (7, 25)]),
        ("full", [(1, 75), (3, 75), (5, 75), (5, 75), (7, 75)]),
    ],
)
def test_a_train_that_departs_full_waits_for_its_load(
    desk: ScenarioBuilder, departs: str, trains: list[Any]
) -> None:
    train = {"capacity": "75 shells", "travel": "1 day", "departs": departs}
    books = desk.books(desk.route(9, desk.leg(), train, reserve=400))
    assert [(trip.departed / DAY, trip.shells) for trip in books.voyages(1)] == trains
    left = 400 - sum(shells for _, shells in trains)
    assert books.ledger.under_way == {"dprk": left}


def test_what_ends_brings_its_cargo_before_anything_starts(desk: ScenarioBuilder) -> None:
    # The train (voyage 0) is back in the second in which the ship's voyage 1 unloads; 25 wait already.
    train = desk.leg(capacity="75 shells", load="1 day", unload="1 day")
    books = desk.books(desk.route(20, desk.leg(travel="2 days"), train))
    assert [trip.shells for trip in books.voyages(1)] == [75] * 5
    assert in_days(books.departed(1)) == [3, 7, 11, 15, 19]


def test_a_berth_is_free_in_the_second_in_which_loading_ends(desk: ScenarioBuilder) -> None:
    books = desk.books(desk.route(3, desk.leg(vehicles=9, berths=2, load="5 h", travel="9 days")))
    assert [second / HOUR for second in books.departed()] == [5, 5, 10, 10, 15, 15, 20, 20, 25]


def test_who_waits_longest_starts_first_and_then_by_position(desk: ScenarioBuilder) -> None:
    # A load comes on days 1, 3, 5 ...; a train is back after two days, when others have waited since day 0.
    books = desk.books(desk.route(12, desk.leg(), desk.leg(vehicles=3)))
    assert in_days(books.departed(1)) == [1, 3, 5, 7, 9, 11]
    assert [trip.vehicle for trip in books.voyages(1)] == [0, 1, 2, 0, 1, 2]


def test_a_landing_at_midnight_belongs_to_the_new_day(desk: ScenarioBuilder) -> None:
    for travel, day in (("518400 s", 6), ("518399 s", 5), ("518401 s", 6)):
        plain = desk.route(8, desk.leg(travel=travel))
        books = desk.books({**plain, "consumption": {"front": {"rate": "30/day"}}})
        assert landings(books) == {day: 100}, travel
        assert books.flow("fired") == [0] * day + [30] * (8 - day), travel
        assert books.level()[: day + 1] == [0] * day + [70], travel


def test_what_arrives_when_the_run_ends_is_not_in_it(desk: ScenarioBuilder) -> None:
    on_time, late = (desk.books(desk.route(6, desk.leg(travel=f"{6 * DAY - early} s"))) for early in (1, 0))
    assert landings(on_time) == {5: 100}
    assert landings(late) == {}
    assert [trip.arrived for trip in late.voyages()] == [None]
    assert late.ledger.under_way == {"dprk": 100}


def test_the_last_load_is_what_is_left_of_the_reserve(desk: ScenarioBuilder) -> None:
    for departs in ("any", "full"):
        leg = desk.leg(capacity="300 shells", departs=departs)
        books = desk.books(desk.route(20, leg, reserve=1000))
        assert [trip.shells for trip in books.voyages()] == [300, 300, 300, 100], departs
        assert landings(books) == {1: 300, 3: 300, 5: 300, 7: 100}
    small = desk.books(desk.route(20, desk.leg(vehicles=5), reserve=30))
    assert [trip.shells for trip in small.voyages()] == [30]
    assert desk.books(desk.route(20, desk.leg(), reserve=0)).voyages() == []


def test_a_reserve_is_counted_in_shells_and_carried_in_containers(desk: ScenarioBuilder) -> None:
    leg = desk.leg(capacity="10 containers", vehicles=9)
    books = desk.books(desk.route(3, leg, reserve=100, shells_per_container=3))
    assert [trip.shells for trip in books.voyages()] == pytest.approx([30, 30, 30, 10], rel=1e-12)
    assert [trip.containers for trip in books.voyages()] == pytest.approx([10, 10, 10, 10 / 3], rel=1e-12)


@pytest.mark.parametrize(
    ("capacity", "reserve", "loads"), [("33.3 shells", 99.9, 3), ("1.001k shells", "10.01k", 10)]
)
def test_a_reserve_of_whole_loads_leaves_no_last_load_of_nothing(
    desk: ScenarioBuilder, capacity: str, reserve: Any, loads: int
) -> None:
    books = desk.books(desk.route(3, desk.leg(capacity=capacity, vehicles=20), reserve=reserve))
    assert len(books.voyages()) == loads


def test_no_travel_is_shorter_than_an_hour_there_or_back(desk: ScenarioBuilder) -> None:
    for travel in ("0 h", "1 min", "3599 s", "1 h"):
        books = desk.books(desk.route(1, desk.leg(travel=travel)))
        assert [second / HOUR for second in books.departed()] == list(range(0, 24, 2)), travel
        assert [trip.arrived for trip in books.voyages()] == list(range(HOUR, 24 * HOUR, 2 * HOUR)), travel


def test_durations_are_rounded_to_whole_seconds(desk: ScenarioBuilder) -> None:
    for travel, seconds in (("3600.4 s", 3600), ("3600.5 s", 3601), ("3601.4 s", 3601)):
        books = desk.books(desk.route(1, desk.leg(travel=travel, load="0.6 s")))
        assert books.voyages()[0].departed == 1
        assert books.voyages()[0].arrived == 1 + seconds, travel


@pytest.mark.parametrize(("until", "starts"), [("10 h", 5), ("36001 s", 6), ("35999 s", 5), ("0 h", 0)])
def test_loading_starts_from_first_and_before_until(desk: ScenarioBuilder, until: str, starts: int) -> None:
    books = desk.books(desk.route(4, desk.leg(travel="1 h"), first="30 h", until=until))
    assert [second / HOUR for second in books.departed()] == [30 + 2 * n for n in range(starts)]
    assert sum(books.flow("landed")) == 100 * starts


def test_what_has_started_before_until_goes_through(desk: ScenarioBuilder) -> None:
    train = desk.leg(capacity="50 shells")
    books = desk.books(desk.route(20, desk.leg(), train, first="2023-09-03", until="2023-09-05"))
    # One ship sails on day 2 and would sail again on day 4; trains go on days 3 and 5.
    assert in_days(books.departed(0)) == [2]
    assert in_days(books.departed(1)) == [3, 5]
    assert landings(books) == {4: 50, 6: 50}


def test_a_first_before_the_start_is_the_start_and_until_still_counts_from_it(desk: ScenarioBuilder) -> None:
    early = desk.books(desk.route(9, desk.leg(), first="2023-08-01"))
    assert in_days(early.departed()) == [0, 2, 4, 6, 8]
    # Four days from 30 August end as 3 September begins, when the ship is back.
    books = desk.books(desk.route(9, desk.leg(), first="2023-08-30", until="4 days"))
    assert in_days(books.departed()) == [0]


def test_a_drawn_window_runs_from_its_own_first(desk: ScenarioBuilder) -> None:
    first = {"low": dt.date(2023, 9, 2), "high": dt.date(2023, 9, 6)}
    plain = desk.route(20, desk.leg(travel="1 h"), first=first, until="5 h")
    (u,) = desk.uniforms("shipments.dprk.first", 1, seed=4, run=2)
    books = desk.books(plain, seed=4, run=2)
    opens = int((1 + 4 * u) * DAY + 0.5)
    assert books.departed() == [opens, opens + 2 * HOUR, opens + 4 * HOUR]
    assert books.ledger.drawn == {"shipments.dprk.first": pytest.approx(1 + 4 * u)}


def test_loading_in_no_time_lets_all_leave_at_once(desk: ScenarioBuilder) -> None:
    books = desk.books(desk.route(2, desk.leg(vehicles=7, berths=2, load="0 days")))
    assert books.departed() == [0] * 7
    assert landings(books) == {1: 700}


def test_hired_ships_are_bounded_by_their_berths_alone(desk: ScenarioBuilder) -> None:
    leg = {"capacity": "100 shells", "berths": 2, "load": "1 day", "travel": "3 days", "unload": "12 h"}
    books = desk.books(desk.route(10, leg))
    assert landings(books) == dict.fromkeys(range(4, 10), 200)


def test_without_vehicles_nothing_comes(desk: ScenarioBuilder) -> None:
    books = desk.books(desk.route(10, desk.leg(vehicles=0)))
    assert books.voyages() == []
    assert landings(books) == {}


def test_what_lands_unserviceable_is_rejected(desk: ScenarioBuilder) -> None:
    plain = desk.route(4, desk.leg(), serviceable="70%")
    books = desk.books({**plain, "depots": {"depot": {"stock": 5, "unserviceable": 9}}})
    assert books.flow("landed") == pytest.approx([0, 70, 0, 70], abs=0)
    assert books.flow("rejected") == pytest.approx([0, 30, 0, 30], abs=0)
    assert books.level() == pytest.approx([5, 75, 75, 145])
    assert books.ledger.closing[0, 0, "unserviceable"] == 9
    assert books.ledger.closing[0, 1, "unserviceable"] == pytest.approx(60)


def test_every_container_of_a_run_holds_the_same(desk: ScenarioBuilder) -> None:
    plain = desk.route(9, desk.leg(capacity="3 containers"), shells_per_container={"low": 200, "high": 400})
    for run in range(3):
        (u,) = desk.uniforms("shipments.dprk.shells_per_container", 1, run=run)
        books = desk.books(plain, run=run)
        assert [trip.shells for trip in books.voyages()] == pytest.approx(
            [3 * (200 + 200 * u)] * 5, rel=1e-12
        )


def test_suppliers_go_their_own_ways(desk: ScenarioBuilder) -> None:
    near = {"route": [desk.leg(capacity="10 shells")]}
    far = {"route": [desk.leg(travel="4 days")], "serviceable": "50%"}
    alone = desk.books(desk.plain(10, shipments={"near": near}))
    both = desk.books(desk.plain(10, shipments={"far": far, "near": near}))
    assert both.of_origin("landed", "near") == alone.of_origin("landed", "near")
    assert both.of_origin("landed", "far") == [0, 0, 0, 0, 50, 0, 0, 0, 0, 0]
    assert both.held(9) == {"initial": 0, "far": 50, "near": 50}
