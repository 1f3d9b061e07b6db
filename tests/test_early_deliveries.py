"""Deliveries that left before the start land if they are on their way; else a warning says so."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.account import Kind
from sim.model.run import run_once
from sim.scenario.lint import lint
from sim.scenario.loader import load_plain
from sim.scenario.scenario import Scenario
from tests.support.engine_comparison import run_differences
from tests.support.reference_model import ReferenceRun
from tests.support.scenario_builder import ScenarioBuilder
from tests.test_reference_model import differences

DAYS = 12
#: All runs start on 2023-09-01.
SHIPPED = {"2023-08-25": "100 shells", "2023-09-02": "7 shells"}


def scenario(days: int = DAYS, room: Any = None, **ally: Any) -> Scenario:
    supplier = {"deliveries": SHIPPED, "lead_time": "10 days", **ally}
    supplier = {key: value for key, value in supplier.items() if value not in (None, {})}
    depot = {"depot": {"stock": 5, **({"capacity": room} if room else {})}}
    front = {"front": {"rate": "0/day"}}
    plain = ScenarioBuilder.plain(days, depots=depot, shipments={"ally": supplier}, consumption=front)
    return load_plain(plain, None)


def landed(given: Scenario, run: int = 0) -> dict[int, float]:
    """Return what lands by day, after a look at both engines and at the second account."""
    assert run_differences(given, 1, [run]) == []
    ledger = run_once(given, 1, run)
    assert differences(ledger, ReferenceRun(given, 1, run)) == []
    assert ledger.balance_error() < 1e-12
    return {day: shells for day, shells in enumerate(ledger.total(0, Kind.LANDED)) if shells}


def warned(given: Scenario) -> list[str]:
    return [f"{fault.path}: {fault.problem}" for fault in lint(given)]


def test_a_delivery_on_its_way_at_the_start_lands() -> None:
    """Seven days before the start and ten days under way: day 3. The other leaves on day 1: day 11."""
    given = scenario()
    assert landed(given) == {3: 100.0, 11: 7.0}
    assert warned(given) == []
    first = run_once(given, 1, 0).voyages[0]
    assert (first.departed, first.arrived) == (-7 * 86400, 3 * 86400)


def test_the_hour_of_its_arrival_counts_from_its_date() -> None:
    """At a depot with a gate too: 7 days and 7 hours after the 25th is day 0, at 7 o'clock."""
    assert landed(scenario(lead_time="175 h", room=1000)) == {0: 100.0, 8: 7.0}


def test_what_arrives_before_the_start_is_in_the_stock_and_said_to_be() -> None:
    given = scenario(lead_time="6 days")
    assert landed(given) == {7: 7.0}
    assert warned(given) == [
        "shipments.ally.deliveries.2023-08-25: the delivery of 2023-08-25 arrives before the start: it is"
        " part of the stock, and left out"
    ]


def test_what_arrives_in_the_second_of_the_start_lands() -> None:
    assert landed(scenario(lead_time="7 days")) == {0: 100.0, 8: 7.0}
    assert landed(scenario(lead_time="604799 s")) == {7: 7.0}
    assert landed(scenario(deliveries={"2023-08-31": "3 shells"}, lead_time="0 s")) == {0: 3.0}


def test_a_delivery_under_way_at_the_end_is_under_way() -> None:
    given = scenario(days=3)
    assert landed(given) == {}
    ledger = run_once(given, 1, 0)
    assert ledger.under_way["ally"] == ledger.shipped["ally"] == 107.0


def test_first_and_until_bound_it_like_any_other() -> None:
    assert landed(scenario(first="2023-08-25")) == {3: 100.0, 11: 7.0}
    for first in ("2023-08-26", "0 days"):
        given = scenario(first=first)
        assert landed(given) == {11: 7.0}
        (warning,) = warned(given)
        assert "the delivery of 2023-08-25 is outside first and until" in warning
    given = scenario(until="2023-09-02")
    assert landed(given) == {3: 100.0}
    assert "the delivery of 2023-09-02 is outside" in warned(given)[0]


def test_a_reserve_is_what_is_there_at_the_start() -> None:
    assert landed(scenario(reserve=4)) == {3: 100.0, 11: 4.0}


def test_an_event_stops_what_leaves_and_not_what_has_left() -> None:
    given = scenario().replace(
        {"events": {"shut": {"from": "2023-08-01", "until": "2023-09-03", "stops": "shipments.ally"}}}
    )
    assert landed(given) == {3: 100.0}


@pytest.mark.parametrize("run", range(8))
def test_a_drawn_lead_time_has_a_stream_of_its_own(run: int, desk: type[ScenarioBuilder]) -> None:
    """A day's lot takes occurrence = day; a day before the start has none."""
    (u,) = desk.uniforms("shipments.ally.lead_time.2023-08-25", 1, run=run)
    given = scenario(lead_time={"low": "0 days", "high": "20 days"}, deliveries={"2023-08-25": 100})
    second = -7 * 86400 + max(86400, int(u * 20 * 86400 + 0.5))
    assert landed(given, run) == ({second // 86400: 100.0} if 0 <= second < DAYS * 86400 else {})


def test_drawn_cargoes_of_several_munitions_in_tonnes_land() -> None:
    mix = {"a": {"low": "20%", "high": "70%"}, "b": "50%"}
    masses = {"a": {"gross_mass": {"low": "40 kg", "high": "60 kg"}}, "b": {"gross_mass": "25 kg"}}
    early = {"2023-08-28": {"low": "1 t", "high": "9 t"}, "2023-08-30": "2 t", "2023-09-04": "1 t"}
    ally = {"deliveries": early, "mix": mix, "lead_time": {"exponential": "4 days"}, "serviceable": "80%"}
    plain = ScenarioBuilder.plain(DAYS, {"a": 1}, munitions=masses, shipments={"ally": ally})
    given = load_plain(plain, None)
    assert run_differences(given, 1, range(9)) == []
    for run in range(9):
        assert differences(run_once(given, 1, run), ReferenceRun(given, 1, run)) == []


def test_with_a_route_nothing_is_on_its_way_and_a_warning_says_so() -> None:
    plain = ScenarioBuilder.route(DAYS, ScenarioBuilder.leg(), deliveries=SHIPPED)
    given = load_plain({**plain, "consumption": {"front": {"rate": "1/day"}}}, None)
    assert landed(given) == {2: 7.0}
    (warning,) = warned(given)
    assert "before the start, when all vehicles wait empty" in warning


def test_a_delivery_after_the_end_is_warned_of() -> None:
    given = scenario(deliveries={"2023-09-02": "7 shells", "2042-09-05": "9 shells"})
    assert landed(given) == {11: 7.0}
    assert warned(given) == [
        "shipments.ally.deliveries.2042-09-05: the run ends before the delivery of 2042-09-05: it never"
        " leaves"
    ]


def test_a_sweep_over_the_lead_time_gives_what_single_runs_give() -> None:
    """At 3 days nothing of the 25th is on its way, at 10 it is, whichever of them the file has."""
    for base in ("3 days", "10 days"):
        swept = sim.sweep(
            scenario(lead_time=base), {"shipments.ally.lead_time": ["3 days", "10 days"]}, runs=2
        )
        assert swept.table["landed_mean"].tolist() == [7.0, 107.0]


def test_cargo_under_way_at_the_start_arrives_evenly_over_the_lead_time() -> None:
    """Four days and six hours: it left in four parts, and that of day -4 arrives on day 0, at 6 o'clock."""
    given = scenario(deliveries={}, under_way="20 shells", lead_time="102 h", reserve=100)
    assert landed(given) == dict.fromkeys(range(4), 5.0)
    rows = [(each.departed, each.arrived) for each in run_once(given, 1, 0).voyages]
    assert rows == [((day - 4) * 86400, day * 86400 + 6 * 3600) for day in range(4)]


def test_cargo_under_way_joins_what_is_offered_without_a_gap() -> None:
    """Five a day are offered, and a lead time of them is under way: five land on every day."""
    given = scenario(deliveries={}, offered="5/day", under_way="15 shells", lead_time="3 days", room=100)
    assert landed(given) == dict.fromkeys(range(DAYS), 5.0)


def test_cargo_under_way_by_a_route_needs_its_legs_but_no_vehicle() -> None:
    """A day of loading, two at sea, two on rail: 30 a day for five days; the first voyage lands on day 5."""
    legs = [
        {"vehicles": 1, "capacity": "7 shells", "load": "1 day", "travel": "2 days", "berths": 1},
        {"capacity": "100 shells", "travel": "2 days"},
    ]
    route: dict[str, Any] = {"deliveries": {}, "lead_time": None, "route": legs, "until": "1 day"}
    found = landed(scenario(**route, under_way={"low": "150 shells", "high": "150 shells"}))
    assert found == {**dict.fromkeys(range(5), 30.0), 5: 7.0}


def test_cargo_under_way_for_longer_than_the_run_is_under_way_at_its_end() -> None:
    """One of 24 parts a day lands in three days; the rest is one row of shipments.csv."""
    given = scenario(days=3, deliveries={}, under_way="240 shells", lead_time="24 days")
    assert landed(given) == dict.fromkeys(range(3), 10.0)
    ledger = run_once(given, 1, 0)
    assert (ledger.shipped["ally"], ledger.under_way["ally"]) == (240.0, 210.0)
    assert [each.arrived is None for each in ledger.voyages] == [False, False, False, True]


def test_what_is_under_way_lands_once_in_less_than_a_day_and_can_be_all_that_comes() -> None:
    assert landed(scenario(deliveries={}, under_way="8 shells", lead_time="5 h")) == {0: 8.0}
    boxes: dict[str, Any] = {"under_way": "2 containers", "shells_per_container": 50, "serviceable": "80%"}
    assert landed(scenario(deliveries={}, **boxes, lead_time="2 days")) == {0: 40.0, 1: 40.0}


@pytest.mark.parametrize(
    ("ally", "said"),
    [
        ({"under_way": "3/day"}, "'3/day' is not a delivery: it has a period"),
        ({"under_way": "3 containers"}, "what is under way is not counted like the rest"),
        ({"under_way": "3 t"}, "tonnes of shells need its gross_mass"),
        (
            {"deliveries": {}, "lead_time": None, "under_way": "3"},
            "under_way without a route needs a lead_time",
        ),
        ({"deliveries": {}}, "somebody must say how much comes"),
    ],
)
def test_cargo_under_way_that_makes_no_sense_gives_one_message(ally: Any, said: str) -> None:
    with pytest.raises(sim.ScenarioError) as raised:
        scenario(**ally)
    assert [said in fault.problem for fault in raised.value.faults] == [True]
