"""Each feature of the whole model alone, against a closed form or figures worked out by hand."""

from __future__ import annotations

import datetime as dt
import itertools
import math
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from scenarios import Desk

from sim.account import Pair, Voyage
from sim.errors import RunError, ScenarioError
from sim.model.ledger import PLAIN
from sim.model.run import run_once
from sim.scenario.loading import from_plain

Plain = dict[str, Any]
START = dt.date(2024, 1, 1)
TWO: Plain = {"a": {"gross_mass": "50 kg"}, "b": {"gross_mass": "25 kg"}}
HALF_DAY, DAY = 43_200, 86_400


def date(day: int) -> str:
    return (START + dt.timedelta(days=day)).isoformat()


def plain(days: int, stock: Any = 0, **sections: Any) -> Plain:
    """Return a scenario with the depot ``depot``, unless `depots` replaces it."""
    return {
        "schema": 1,
        "start": date(0),
        "end": date(days),
        "depots": {"depot": {"stock": stock}},
        **sections,
    }


class Run:
    """A run, read by names."""

    def __init__(self, scenario: Plain, seed: int = 1, run: int = 0) -> None:
        self.ledger = run_once(from_plain(scenario, None), seed, run)
        assert self.ledger.balance_error() <= 1e-12

    def level(self, munition: str = "shells", depot: str = "depot") -> list[float]:
        return self.ledger.levels[self.ledger.axes.pairs.index(Pair(depot, munition))]

    def flow(
        self, kind: str, munition: str = "shells", depot: str = "depot", origin: str = ""
    ) -> list[float]:
        pair = self.ledger.axes.pairs.index(Pair(depot, munition))
        if not origin:
            return self.ledger.total(pair, kind)
        columns = self.ledger.columns
        return columns.get(
            (pair, self.ledger.axes.origins.index(origin), kind), [0.0] * self.ledger.axes.days
        )

    def planned(self, munition: str = "shells", depot: str = "depot") -> list[float]:
        return self.ledger.planned[self.ledger.axes.pairs.index(Pair(depot, munition))]

    def voyages(self, leg: int | None = None) -> list[Voyage]:
        return [row for row in self.ledger.voyages if row.leg == leg]

    def departed(self, leg: int | None = 0) -> list[float]:
        return [row.departed / DAY for row in self.voyages(leg)]


def near(numbers: Any) -> Any:
    return pytest.approx(numbers, rel=1e-12, abs=1e-12)


def leg(**settings: Any) -> Plain:
    """Return a leg: one vehicle of 100 shells, away for a day."""
    return {"vehicles": 1, "capacity": "100 shells", "travel": "12 h", **settings}


def lots(offered: Any = "100/day", **settings: Any) -> Plain:
    """Return suppliers: one that sends lots, a day on the way."""
    return {"ally": {"lead_time": "1 day", **({"offered": offered} if offered else {}), **settings}}


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
    assert run.flow("landed") == [0, 0, 1000, 0, 0, 300]
    assert run.departed(None) == [0, 3]
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


# Events and outages.


def line(**settings: Any) -> Plain:
    return {"line": {"rate": "100/day", **settings}}


def produced(days: int, events: Plain | None = None, **settings: Any) -> list[float]:
    return Run(plain(days, production=line(**settings), events=events or {})).flow("produced")


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


def test_a_fixed_gap_is_the_mean_of_an_exponential(desk: Desk) -> None:
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
        "x": {"from": date(1), "until": date(4), "multiplies": "production.line.rate", "factor": 2},
        "y": {"date": date(2), "stops": "production.line", "share": "25%"},
        "z": {"from": date(3), "stops": "production.line", "share": "50%"},
        "before": {"date": date(-1), "stops": "production.line"},
        "every": {
            "every": {"choices": ["6 days"]},
            "last": "1 day",
            "multiplies": "production.line.rate",
            "factor": 0.1,
        },
    }
    assert produced(8, events) == near([100, 200, 150, 100, 50, 50, 5, 50])


def test_what_is_drawn_of_a_random_event_is_drawn_each_time(desk: Desk) -> None:
    again = {
        "every": {"choices": ["1 day"]},
        "last": "1 day",
        "stops": "production.line",
        "share": {"low": 0, "high": 1},
    }
    drawn = desk.uniforms("events.e.share", 3)
    assert produced(6, {"e": again}) == near(
        [100, 100 - 100 * drawn[0], 100, 100 - 100 * drawn[1], 100, 100 - 100 * drawn[2]]
    )
    dated = {"from": date(1), "stops": "production.line", "share": {"low": 0, "high": 1}}
    assert produced(3, {"e": dated}) == near([100] + [100 - 100 * drawn[0]] * 2)


def test_a_rate_an_offer_and_a_requirement_are_multiplied() -> None:
    events = {
        "more": {"date": date(1), "multiplies": "consumption.front.rate", "factor": 3},
        "calm": {"date": date(2), "stops": "consumption.front", "share": "90%"},
        "gift": {"date": date(1), "multiplies": "shipments.ally.offered", "factor": 1.5},
        "cut": {"date": date(2), "stops": "shipments.ally", "share": "40%"},
    }
    run = Run(plain(5, 1000, shipments=lots(), consumption={"front": {"rate": "10/day"}}, events=events))
    assert run.planned() == near([10, 30, 1, 10, 10])
    assert run.flow("required") == run.planned()
    assert run.flow("landed") == near([0, 100, 150, 60, 100])


def test_a_stopped_fleet_starts_nothing_and_goes_on_when_the_stop_ends() -> None:
    stop: Plain = {"shut": {"from": date(2), "until": date(4), "stops": "shipments.ally"}}
    ships = {"ally": {"route": [leg()]}}
    run = Run(plain(6, shipments=ships, events=stop))
    assert run.departed() == [0, 1, 4, 5]
    # A stop in mid-day: from 36 to 54 h; who is under way goes through and is back at 48 h.
    stop = {"shut": {"every": {"choices": ["36 h"]}, "last": "18 h", "stops": "shipments.ally.route.0"}}
    run = Run(plain(4, shipments=ships, events=stop))
    assert run.departed() == [0, 1, 2.25, 3.25]
    assert run.flow("landed") == [100, 100, 100, 100]
    slow = {"ally": {"route": [leg(travel="30 h")]}}
    assert Run(plain(4, shipments=slow, events=stop)).voyages(0)[0].arrived == 30 * 3600


def test_a_stop_of_a_later_leg_leaves_the_first_alone() -> None:
    stop = {"shut": {"from": date(0), "until": date(3), "stops": "shipments.ally.route.1"}}
    train = leg(vehicles=5, travel="6 h")
    run = Run(plain(5, shipments={"ally": {"route": [leg(), train]}}, events=stop))
    assert run.departed(0) == [0, 1, 2, 3, 4]
    assert run.departed(1) == [3, 3, 3, 3.5, 4.5]
    assert [row.vehicle for row in run.voyages(1)] == [0, 1, 2, 3, 4]


def test_an_offer_that_is_stopped_is_lost() -> None:
    stop = {"shut": {"from": date(1), "until": date(3), "stops": "shipments.ally"}}
    ships = {"ally": {"route": [leg(vehicles=9, departs="any")], "offered": "100/day"}}
    assert Run(plain(5, shipments=ships, events=stop)).departed() == [0, 3, 4]


# Losses.


def test_a_fire_takes_the_same_share_of_serviceable_and_unserviceable() -> None:
    depot = {"stock": {"a": 1000, "b": 200}, "unserviceable": {"a": 400}}
    event = {"fire": {"date": date(1), "destroys": "25%"}}
    run = Run(plain(3, munitions=TWO, depots={"depot": depot}, events=event))
    assert (run.flow("lost", "a"), run.flow("lost", "b")) == ([0, 250, 0], [0, 50, 0])
    assert run.flow("scrapped", "a") == [0, 100, 0]
    # 400 shells of the 1,600 that lie there are the same.
    event = {"fire": {"date": date(1), "destroys": "400 shells"}}
    again = Run(plain(3, munitions=TWO, depots={"depot": depot}, events=event))
    assert (again.level("a"), again.level("b")) == (run.level("a"), run.level("b"))


def test_several_fires_of_a_day_leave_the_product_and_too_large_a_one_leaves_nothing() -> None:
    day = {"date": date(0)}
    events = {
        "1": {**day, "destroys": "50%"},
        "2": {**day, "destroys": "20%"},
        "3": {**day, "destroys": "300 shells"},
    }
    run = Run(plain(1, 1200, events=events))
    assert run.level() == near([1200 * 0.5 * 0.8 * 0.75])
    run = Run(plain(1, 1200, events={"1": {**day, "destroys": "5M shells"}, "2": {**day, "destroys": "1%"}}))
    assert run.level() == [0.0]
    assert run.flow("lost") == [1200]


def test_a_random_fire_burns_on_the_day_it_falls_on() -> None:
    event = {"fire": {"every": {"choices": ["60 h"]}, "destroys": "50%"}}  # at 60, 120 and 180 h
    assert Run(plain(8, 800, events=event)).level() == [800, 800, 400, 400, 400, 200, 200, 100]


def test_what_waits_at_the_gate_does_not_burn() -> None:
    depots = {"depot": {"stock": 100, "capacity": 100}}
    events = {"fire": {"date": date(2), "destroys": "50%"}}
    shipments = lots(None, deliveries={date(0): 40})
    run = Run(plain(5, depots=depots, shipments=shipments, events=events))
    assert run.level() == [100, 100, 50, 90, 90]
    assert run.flow("landed") == [0, 0, 0, 40, 0]


# Refurbishment.


def test_a_workshop_takes_munitions_and_origins_in_proportion() -> None:
    depot = {"stock": {"a": 0}, "unserviceable": {"a": 150, "b": 100}}
    shipments = lots(None, deliveries={date(0): 150}, mix={"a": 1}, serviceable="0%")
    work = {
        "shop": {
            "rate": {"by_date": {date(0): "0/day", date(1): "40/day"}},
            "yield": {"a": "50%", "b": "100%"},
        }
    }
    run = Run(plain(2, munitions=TWO, depots={"depot": depot}, shipments=shipments, refurbishment=work))
    assert [
        run.flow("taken", m, origin=o)[1] for m, o in (("a", "initial"), ("a", "ally"), ("b", "initial"))
    ] == near([15, 15, 10])
    assert [run.flow("refurbished", m)[1] for m in "ab"] == near([15, 10])
    assert [run.flow("scrapped", m)[1] for m in "ab"] == near([15, 0])
    assert run.flow("refurbished", "b", origin="refurbished") == near([0, 10])
    assert run.level("a") == near([0, 15])


def test_several_workshops_take_in_order_of_name_and_not_more_than_there_is() -> None:
    depots = {"depot": {"stock": 0, "unserviceable": 100}}
    work = {"z": {"rate": "100/day", "yield": "10%"}, "A": {"rate": "60/day", "yield": "50%"}}
    run = Run(plain(2, depots=depots, refurbishment=work))
    assert run.flow("refurbished") == near([60 * 0.5 + 40 * 0.1, 0])
    assert run.flow("taken") == near([100, 0])
    events = {"slow": {"date": date(0), "multiplies": "refurbishment.A.rate", "factor": 0.5}}
    run = Run(
        plain(
            2,
            depots=depots,
            refurbishment=work,
            events=events | {"shut": {"date": date(0), "stops": "refurbishment.z"}},
        )
    )
    assert run.flow("refurbished") == near([15, 30 + 1])


# Transfers.


def two_depots(here: Any, there: Any, days: int, transfers: Plain, **sections: Any) -> Run:
    depots = {
        "here": {"stock": here},
        "there": there if isinstance(there, dict) and "stock" in there else {"stock": there},
    }
    return Run(plain(days, depots=depots, transfers=transfers, **sections))


def test_a_push_sends_all_or_its_capacity_over_munitions_in_proportion() -> None:
    rail = {"from": "here", "to": "there"}
    run = two_depots({"a": 100, "b": 50}, {"a": 0}, 3, {"rail": rail}, munitions=TWO)
    assert run.flow("dispatched", "a", "here") == [100, 0, 0]
    assert run.flow("received", "b", "there") == [0, 50, 0]
    run = two_depots(
        {"a": 100, "b": 50},
        {"a": 0},
        4,
        {"rail": {**rail, "capacity": "30/day", "lead_time": "2 days"}},
        munitions=TWO,
    )
    assert run.flow("dispatched", "a", "here") == near([20] * 4)
    assert run.flow("received", "b", "there") == near([0, 0, 10, 10])
    assert run.flow("received", "a", "there", "initial") == near([0, 0, 20, 20])


def test_a_pull_counts_what_is_under_way() -> None:
    rail = {"rail": {"from": "here", "to": "there", "keep": "5 days", "lead_time": "3 days"}}
    front = {"front": {"at": "there", "rate": "10/day"}}
    run = two_depots(1000, 20, 5, rail, consumption=front)
    # Wanted: 50 - 20; then 50 less what is there and under way, which is what was fired.
    assert run.flow("dispatched", depot="here") == [30, 10, 10, 0, 10]
    assert run.flow("received", depot="there") == [0, 0, 0, 30, 10]
    assert run.level(depot="there") == [10, 0, 0, 20, 20]


def test_a_pull_counts_what_waits_at_the_gate() -> None:
    rail = {"rail": {"from": "here", "to": "there", "keep": "5 days"}}
    front = {"front": {"at": "there", "rate": "10/day"}}
    run = two_depots(1000, {"stock": 20, "capacity": 25}, 4, rail, consumption=front)
    # Day 1: 30 come, 15 enter, 15 wait: 25 there and 15 at the gate leave 10 to want.
    assert run.flow("dispatched", depot="here") == [30, 10, 10, 10]
    assert run.flow("received", depot="there") == [0, 15, 10, 10]
    assert run.level(depot="there") == [10, 15, 15, 15]


def test_transfers_that_together_exceed_a_level_are_scaled_alike() -> None:
    ways = {
        "r1": {"from": "here", "to": "there", "capacity": "60/day"},
        "r2": {"from": "here", "to": "there", "capacity": "120/day"},
    }
    run = two_depots(90, 0, 2, ways)
    assert run.flow("dispatched", depot="here") == [90, 0]
    depots = {"here": {"stock": 90}, "east": {"stock": 0}, "west": {"stock": 0}}
    ways["r2"]["to"], ways["r1"]["to"] = "east", "west"
    run = Run(plain(2, depots=depots, transfers=ways))
    # r2 alone could send all 90: it is cut to its capacity first, 60 and 90, and then both by 90 / 150.
    assert (run.level(depot="west")[1], run.level(depot="east")[1]) == near((36, 54))
    assert run.level(depot="here")[0] == 0.0


def test_events_change_a_transfers_capacity() -> None:
    events = {
        "slow": {"date": date(1), "multiplies": "transfers.rail.capacity", "factor": 0.5},
        "shut": {"date": date(2), "stops": "transfers.rail", "share": "75%"},
    }
    run = two_depots(
        1000, 0, 4, {"rail": {"from": "here", "to": "there", "capacity": "40/day"}}, events=events
    )
    assert run.flow("dispatched", depot="here") == [40, 20, 10, 40]
    shut = {"shut": {"date": date(0), "stops": "transfers.rail", "share": "75%"}}
    run = two_depots(1000, 0, 2, {"rail": {"from": "here", "to": "there"}}, events=shut)
    assert run.flow("dispatched", depot="here") == [250, 750]


# The gate.


def test_the_gate_lets_in_first_come_first_served() -> None:
    depots = {"depot": {"stock": 40, "capacity": 100}}
    shipments = {
        "zulu": {"deliveries": {date(0): 50}, "lead_time": "30 h"},
        "ally": {"deliveries": {date(0): 80}, "lead_time": "32 h"},
    }
    sections = {
        "shipments": shipments,
        "production": line(rate="5/day"),
        "consumption": {"front": {"rate": "20/day"}},
    }
    run = Run(plain(5, depots=depots, **sections))
    # Day 0: 45 - 20. Day 1: zulu's 50 enter and 25 of ally's; 55 of ally's wait, behind the 5 that the line
    # made at the day's start. Then there is room for 20 a day, and what is made later waits behind ally's.
    assert run.level() == near([25, 80, 80, 80, 80])
    assert run.flow("landed", origin="zulu") == near([0, 50, 0, 0, 0])
    assert run.flow("landed", origin="ally") == near([0, 25, 15, 20, 20])
    assert run.flow("produced") == near([5, 0, 5, 0, 0])


def test_a_mixed_lot_enters_in_proportion_and_what_is_rejected_needs_no_room() -> None:
    depots = {"depot": {"stock": {"a": 50}, "capacity": 100}}
    ally = lots(
        None, deliveries={date(0): 200}, mix={"a": "60%", "b": "40%"}, serviceable={"a": "50%", "b": "75%"}
    )
    front = {"front": {"rate": {"a": "10/day"}}}
    run = Run(plain(4, munitions=TWO, depots=depots, shipments=ally, consumption=front))
    # 60 and 60 serviceable, 60 and 20 not: of 120 the room takes 60, then 10 a day.
    assert (run.flow("landed", "a"), run.flow("landed", "b")) == (near([0, 30, 5, 5]), near([0, 30, 5, 5]))
    assert (run.flow("rejected", "a"), run.flow("rejected", "b")) == ([0, 60, 0, 0], [0, 20, 0, 0])


def test_a_stock_above_the_capacity_is_an_error_or_where_it_is_drawn_a_failed_run(desk: Desk) -> None:
    with pytest.raises(ScenarioError):
        from_plain(plain(3, depots={"depot": {"stock": 101, "capacity": 100}}), None)
    drawn = from_plain(plain(3, depots={"depot": {"stock": {"choices": [101, 99]}, "capacity": 100}}), None)
    for run, u in enumerate(desk.uniforms("depots.depot.stock", 1, run=each)[0] for each in range(9)):
        if u < 0.5:
            with pytest.raises(RunError, match="depot"):
                run_once(drawn, 1, run)
        else:
            assert run_once(drawn, 1, run).levels[0][0] == 99


# Guns and barrels.


def test_guns_cut_the_requirement_and_not_the_plan() -> None:
    front = {"front": {"rate": {"a": "300/day", "b": "100/day"}, "guns": 10, "rounds_per_gun": 20}}
    run = Run(plain(2, {"a": 500, "b": 500}, munitions=TWO, consumption=front))
    assert (run.flow("required", "a"), run.flow("fired", "b")) == ([150, 150], [50, 50])
    assert run.planned("a") == [300, 300]
    none = {"front": {"rate": "5/day", "guns": 0, "rounds_per_gun": 20}}
    assert Run(plain(2, 9, consumption=none)).flow("required") == [0, 0]


def test_barrels_wear_by_what_is_fired() -> None:
    front = {"rate": "500/day", "guns": 10, "rounds_per_gun": 10, "barrel_life": 50, "barrels": {"stock": 10}}
    run = Run(plain(30, "1M", consumption={"front": front}))
    # Ten rounds a barrel a day, of fifty: a fifth of the barrels is gone each day.
    assert run.flow("fired") == near([100 * 0.8**day for day in range(30)])
    front["barrels"] = {"stock": 4, "production": "2/day"}
    fired = Run(plain(200, "1M", consumption={"front": front})).flow("fired")
    # 6 barrels, then 0.8 of them and 2 more, up to 10 = 2 / 0.2: the gain comes before the fire.
    assert fired == near([100 - 40 * 0.8**day for day in range(200)])
    short = Run(plain(3, 60, consumption={"front": {**front, "barrels": {"stock": 10}}}))
    # Only what is fired wears: 60 of 100 on the first day, nothing after.
    assert short.flow("required") == near([100, 88, 88])


def test_each_consumer_wears_its_own_barrels() -> None:
    one = {"rate": "100/day", "guns": 10, "rounds_per_gun": 10, "barrel_life": 50, "barrels": {"stock": 10}}
    other = {"rate": "300/day"}
    run = Run(plain(2, 200, consumption={"one": one, "other": other}))
    # 200 for 400 required: half each; its 50 rounds wear one barrel of ten.
    assert run.flow("required") == near([400, 390])


# Growth, and the order of a day.


def test_growth_compounds_by_the_month_for_each_munition_and_events_act_on_it() -> None:
    events = {"strike": {"from": date(100), "stops": "production.line", "share": "50%"}}
    rate = {"a": "100/day", "b": "1 t/day"}
    run = Run(
        plain(
            200, {"a": 0}, munitions=TWO, production={"line": {"rate": rate, "growth": "-2%"}}, events=events
        )
    )
    grown = [0.98 ** (day / 30.4375) * (0.5 if day >= 100 else 1.0) for day in range(200)]
    assert run.flow("produced", "a") == near([100 * each for each in grown])
    assert run.flow("produced", "b") == near([40 * each for each in grown])


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
    """Landings, production, refurbishment, losses, dispatch, fire: all 720 orders are told apart."""
    sections = {
        "depots": {"depot": {"stock": 200, "capacity": 265}, "rear": {"stock": 0}},
        "shipments": {
            "ally": {"to": "depot", "deliveries": {date(0): 100}, "lead_time": "1 day", "serviceable": "60%"}
        },
        "production": {"line": {"to": "depot", "rate": {"by_date": {date(0): "0/day", date(1): "10/day"}}}},
        "refurbishment": {"shop": {"at": "depot", "rate": "100/day", "yield": "50%"}},
        "transfers": {"rail": {"from": "depot", "to": "rear"}},
        "consumption": {"front": {"at": "depot", "rate": {"by_date": {date(0): "0/day", date(1): "30/day"}}}},
        "events": {
            "fire": {"date": date(1), "at": "depot", "destroys": "40%"},
            "first": {"date": date(0), "stops": "transfers.rail"},
            "half": {"date": date(1), "stops": "transfers.rail", "share": "50%"},
        },
    }
    run = Run(plain(2, **sections))
    expected = in_order(STEPS)
    flows = {kind: run.flow(kind)[1] for kind in ("taken", "lost", "dispatched", "fired")}
    held = {
        origin: run.flow("held", origin=origin)[1] for origin in ("initial", "line", "refurbished", "ally")
    }
    assert {**held, **flows} == near(expected)
    for order in itertools.permutations(STEPS):
        if order != STEPS:
            assert in_order(order) != near(expected), order


def test_a_total_of_fire_stands_beside_its_parts() -> None:
    run = Run(plain(3, 250, production=line(), consumption={"front": {"rate": "150/day"}}))
    whole = run.ledger.columns[0, PLAIN, "fired"]
    parts = [run.flow("fired", origin=origin) for origin in ("initial", "line")]
    assert whole == near([sum(day) for day in zip(*parts, strict=True)])
