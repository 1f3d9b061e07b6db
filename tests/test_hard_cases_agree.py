"""Where the compiled engine goes another way than the readable model: hard cases by hand, in both engines.

The model looks at a fleet whenever something happens; the compiled one works out the next start at once.
Hours of the voyages are computed by hand as well, so that each case reaches its purpose.
"""

from __future__ import annotations

import datetime as dt

import pytest

from sim.account import Kind
from sim.ensemble.engine import list_voyages
from sim.model.run import run_once
from sim.scenario.loader import load_plain
from tests.support.engine_comparison import run_compiled, run_differences
from tests.support.scenario_strategies import Plain

HOUR, DAYS = 3600, 6
FRONT = {"front": {"rate": "10/day"}}


def plain(days: int = DAYS, **sections: object) -> Plain:
    end = dt.date(2023, 9, 1) + dt.timedelta(days=days)
    head = {"schema": 1, "start": "2023-09-01", "end": end.isoformat(), "depots": {"depot": {"stock": 0}}}
    return {**head, "consumption": FRONT, **sections}


def leg(**settings: object) -> Plain:
    return {"vehicles": 1, "capacity": "100 shells", "travel": "10 h", **settings}


def ally(*legs: Plain, events: Plain | None = None, **shipment: object) -> Plain:
    shipments = {"ally": {"route": list(legs), **shipment}}
    return plain(shipments=shipments, events=events or {})


def stop(begins: int, ends: int, target: str = "shipments.ally") -> Plain:
    dates = [(dt.date(2023, 9, 1) + dt.timedelta(days=day)).isoformat() for day in (begins, ends)]
    return {"stops": target, "from": dates[0], "until": dates[1]}


def every(gap: str, last: str, target: str = "shipments.ally") -> Plain:
    return {"stops": target, "every": {"choices": [gap]}, "last": last}


#: By name: a scenario, and the hours in which voyages of its last leg arrive, as far as they are given.
FLEETS: dict[str, tuple[Plain, list[int]]] = {
    # Three arrive at 10 h; one berth takes 4 h each: 14, 18, 22. Back at 24, 28, 32 and so on.
    "a far berth that returning ships wait for": (
        ally(leg(vehicles=3, unload="4 h", unloading_berths=1)),
        [14, 18, 22, 38, 42, 46, 62, 66, 70],
    ),
    # Ships 2 and 3 find both berths taken at 10 h, and go in as these fall free at 22 h.
    "two far berths and four ships": (
        ally(leg(vehicles=4, unload="12 h", unloading_berths=2)),
        [22, 22, 34, 34, 54, 54, 66, 66],
    ),
    "a far berth that is left in no time": (
        ally(leg(vehicles=3, unloading_berths=1)),
        [10, 10, 10, 30, 30, 30],
    ),
    "no time at either end": (ally(leg(vehicles=2, berths=1, unloading_berths=1)), [10, 10, 30, 30]),
    # Loading ends at 6, 12 and 18 h, each 10 h from the other end.
    "a near berth that frees as ships come back": (
        ally(leg(vehicles=3, load="6 h", travel="7 h", berths=1)),
        [13, 19, 25, 33, 39, 45],
    ),
    # Back at 20 and 40 h; closed from 24 h to 48 h, and again from 24 h to 72 h.
    "closures that overlap": (ally(leg(), events={"a": stop(1, 2), "b": stop(1, 3)}), [10, 30, 82, 102]),
    # Closed in [20, 26), [46, 52) and so on: the ship is back in the second in which it opens or shuts.
    "closed as it comes back": (ally(leg(), events={"a": every("20 h", "6 h")}), [10, 36, 62, 88, 114]),
    "open as it comes back": (
        ally(leg(travel="13 h"), events={"a": every("20 h", "6 h")}),
        [13, 39, 65, 91, 117],
    ),
    "closures end to end": (
        ally(leg(), events={"a": stop(0, 1), "b": stop(1, 2), "c": stop(2, 3)}),
        [82, 102, 122],
    ),
    "closed before the start": (ally(leg(), events={"a": stop(-9, -3), "b": stop(-2, 1)}), [34, 54, 74]),
    "closed for no time": (ally(leg(), events={"a": every("20 h", "0 h")}), [10, 30, 50, 70]),
    "first after the end": (ally(leg(), first="40 days"), []),
    "first at the end": (ally(leg(), first="2023-09-07"), []),
    "first in the last second": (ally(leg(), first={"choices": ["518399 s"]}), []),
    "first before the start": (ally(leg(), first="2023-08-01", until="2023-09-02"), [10, 30]),
    # Back at 24 h as 150 come, at 48 h as 80 come, at 72 h to the 30 that are left.
    "a delivery in the second of a return": (
        ally(
            leg(travel="12 h"),
            deliveries={"2023-09-01": "100 shells", "2023-09-02": "150 shells", "2023-09-03": "80 shells"},
        ),
        [12, 36, 60, 84],
    ),
    "an offer in the second of a return": (
        ally(leg(travel="12 h", vehicles=2), offered="100 shells/day"),
        [12, 36, 60, 84, 108, 132],
    ),
    # 60 a day: 100 are there on day 1 (120), on day 3 (140) and on day 4 (100).
    "full loads of a growing reserve": (
        ally(leg(vehicles=3, departs="full"), reserve={"stock": 0, "production": "60/day"}),
        [34, 82, 106],
    ),
    "a reserve that the first ships end": (ally(leg(vehicles=3), reserve="250"), [10, 10, 10]),
    "a reserve with nothing in it": (ally(leg(), reserve="0"), []),
    # Both land at 10 h, both leave at once on the second leg, back at 20 h where the next two land at 30 h.
    "legs that meet in one second": (ally(leg(vehicles=2), leg(vehicles=2, travel="5 h")), [15, 15, 35, 35]),
    # 200 come at 10, 30 and 50 h: 50, 100 and 150 are left after a load.
    "a second leg that waits for a full load": (
        ally(leg(vehicles=2), leg(capacity="150 shells", departs="full", travel="5 h")),
        [15, 35, 55, 65],
    ),
    "a third leg with one berth": (
        ally(
            leg(vehicles=2),
            leg(vehicles=2, travel="1 h"),
            leg(vehicles=3, berths=1, load="3 h", travel="1 h"),
        ),
        [15, 18, 35, 38],
    ),
    "hired on the second leg": (ally(leg(vehicles=2), {"capacity": "30 shells", "travel": "2 h"}), [12] * 7),
    "until the second of a return": (ally(leg(), until="40 h"), [10, 30]),
    "until a second after a return": (ally(leg(), until="144001 s"), [10, 30, 50]),
    "until the second of an offer": (
        ally(leg(vehicles=9), offered="100 shells/day", until="3 days"),
        [10, 34, 58],
    ),
    "no vehicles": (ally(leg(vehicles=0)), []),
    "the second leg shut as cargo comes": (
        ally(leg(), leg(travel="2 h"), events={"a": stop(0, 2, "shipments.ally.route.1")}),
        [50, 54, 58],
    ),
    "a travel shorter than an hour": (ally(leg(travel="1 min")), [1, 3, 5, 7]),
}


@pytest.mark.parametrize("name", FLEETS)
def test_a_fleet_starts_when_the_model_says_and_the_pencil(name: str) -> None:
    scenario, hours = load_plain(FLEETS[name][0], None), FLEETS[name][1]
    assert run_differences(scenario, 1, [0, 1]) == []
    ours = run_compiled(scenario, 1, [0])
    last = len(scenario.shipments["ally"].route) - 1
    trips = [trip for trip in list_voyages(ours.plan, ours.drawn) if trip.leg == last]
    arrived = sorted(trip.arrived for trip in trips if trip.arrived is not None)
    assert [second / HOUR for second in arrived[: len(hours)]] == hours
    ends = not hours or name.startswith(("until", "a reserve", "a delivery"))
    assert len(arrived) == len(hours) or not ends


LOT: Plain = {"offered": "300 shells/day", "lead_time": "36 h", "serviceable": "80%"}
DRAWN = {"choices": ["0 h", "12 h", "1 day", "60 h", "90 h"]}
CROWD = {
    "depot": {"stock": 100, "capacity": {"low": "400", "high": "900"}, "unserviceable": "2k"},
    "rear": {"stock": "20k"},
}
CROWDED = plain(
    30,
    depots=CROWD,
    production={
        "P": {"to": "depot", "rate": "70/day"},
        "a": {"to": "depot", "rate": "35/day", "lead_time": DRAWN},
    },
    refurbishment={"shop": {"at": "depot", "rate": "50/day", "yield": "60%"}},
    shipments={
        "z": {**LOT, "to": "depot"},
        "A": {**LOT, "to": "depot", "lead_time": "2 days"},
        "ally": {"to": "depot", "route": [leg(travel="12 h", vehicles=2)], "serviceable": "50%"},
        "b": {"to": "depot", "route": [leg(travel="12 h", vehicles=2, capacity="61 shells")]},
    },
    transfers={
        "t": {"from": "rear", "to": "depot", "capacity": "90/day", "lead_time": "1 day"},
        "T": {"from": "rear", "to": "depot", "capacity": "40/day"},
    },
    consumption={"front": {"at": "depot", "rate": "500/day", "daily_variation": "60%"}},
)
PULLS = plain(
    40,
    depots={"rear": {"stock": "2k"}, "front": {"stock": "3 days", "capacity": "900"}},
    production={"works": {"to": "rear", "rate": "90/day"}},
    transfers={
        "slow": {"from": "rear", "to": "front", "lead_time": DRAWN, "keep": "4 days"},
        "quick": {"from": "rear", "to": "front", "lead_time": {"exponential": "1 day"}, "capacity": "60/day"},
        "back": {"from": "front", "to": "rear", "lead_time": DRAWN, "capacity": "20/day"},
    },
    consumption={"front": {"at": "front", "rate": "120/day", "daily_variation": "40%"}},
)
BURNING = plain(
    30,
    depots={"depot": {"stock": "9k", "unserviceable": "4k"}},
    production={"works": {"rate": "300/day"}},
    shipments={"z": {**LOT, "lead_time": "0 h"}},
    events={
        "a": {"every": {"choices": ["1 h", "5 h", "4 days"]}, "destroys": {"low": "1%", "high": "30%"}},
        "B": {"every": {"choices": ["3 h", "3 days"]}, "destroys": {"exponential": "300 shells"}},
        "all": {"every": {"choices": ["9 days"]}, "destroys": {"choices": ["100%", "50%"]}},
        "late": {"date": "2023-12-01", "destroys": "50%"},
        "soon": {"date": "2023-08-01", "destroys": "50%"},
    },
)
OTHERS = {"a crowded gate": CROWDED, "drawn lead times of transfers": PULLS, "fires several a day": BURNING}


@pytest.mark.parametrize("name", OTHERS)
def test_the_account_agrees_where_much_falls_on_one_second(name: str) -> None:
    scenario = load_plain(OTHERS[name], None)
    assert run_differences(scenario, 11, range(6)) == []


def test_the_hard_cases_are_hard() -> None:
    crowded = run_once(load_plain(CROWDED, None), 11, 0)
    came = crowded.shipped["z"] - crowded.under_way["z"]
    assert came > 0.0
    assert crowded.under_way["z"] > 10 * 300, "little waits at the gate"
    pulled = run_once(load_plain(PULLS, None), 11, 0)
    assert max(pulled.total(0, Kind.RECEIVED)) > 1.5 * 120, "no two lots meet"
    burnt = run_once(load_plain(BURNING, None), 11, 0)
    assert sum(lost > 0 for lost in burnt.total(0, Kind.LOST)) > 15
    assert 0.0 in [
        held + shot for held, shot in zip(burnt.levels[0], burnt.total(0, Kind.FIRED), strict=True)
    ]
