"""Numbers at and beyond their limits: errors of the file, cuts, and runs that fail alike in both engines."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.errors import RunError, ScenarioError
from sim.model.run import run_once
from sim.scenario import limits
from sim.scenario.laws import lognormal_of_median_p95
from sim.scenario.loader import load_plain
from sim.scenario.scenario import Scenario
from tests.support.engine_comparison import failure_messages, run_differences
from tests.support.reference_model import ReferenceRun
from tests.support.scenario_builder import ScenarioBuilder
from tests.test_reference_model import differences

Plain = dict[str, Any]
#: As long a tail as a file can write: three draws in a hundred are beyond the seconds of 64 bits.
ENDLESS = {"median": "1e-250 days", "p95": "1000 years"}
RUNS = range(100)
FRONT = {"front": {"rate": "100/day"}}


def with_duration(duration: Any) -> dict[str, Plain]:
    """Return scenarios that have a duration in turn in each place where one can stand."""
    leg = ScenarioBuilder.leg()
    stop = {"stops": "consumption.front", "every": "5 days", "last": "1 day"}
    depots = {"depot": {"stock": 100}, "rear": {"stock": 100}}
    move: Plain = {"from": "rear", "to": "depot"}
    here = {"front": {**FRONT["front"], "at": "depot"}}
    lots = {"ally": {"offered": "5 shells/day", "lead_time": duration}}
    return {
        "first": ScenarioBuilder.route(9, leg, first=duration),
        "until": ScenarioBuilder.route(9, leg, until=duration),
        **{name: ScenarioBuilder.route(9, {**leg, name: duration}) for name in ("load", "travel", "unload")},
        "an unloading berth": ScenarioBuilder.route(
            9, {**leg, "vehicles": 3, "unload": duration, "unloading_berths": 1}
        ),
        "a loading berth": ScenarioBuilder.route(9, {**leg, "vehicles": 3, "load": duration, "berths": 1}),
        "a lot": ScenarioBuilder.plain(9, shipments=lots),
        "production": ScenarioBuilder.plain(
            9, production={"works": {"rate": "9/day", "lead_time": duration}}
        ),
        "outages": ScenarioBuilder.plain(
            9, production={"works": {"rate": "9/day", "outages": {"every": duration, "last": duration}}}
        ),
        "a transfer": ScenarioBuilder.plain(
            9, depots=depots, transfers={"t": {**move, "capacity": "5/day", "lead_time": duration}}
        ),
        "keep": ScenarioBuilder.plain(
            9, depots=depots, transfers={"t": {**move, "keep": duration}}, consumption=here
        ),
        "every": ScenarioBuilder.plain(9, 900, consumption=FRONT, events={"e": {**stop, "every": duration}}),
        "last": ScenarioBuilder.plain(9, 900, consumption=FRONT, events={"e": {**stop, "last": duration}}),
        "cover": ScenarioBuilder.plain(
            9,
            900,
            consumption={"front": {"rate": "1/day", "rationing": {"rule": "controlled", "cover": duration}}},
        ),
        "a stock": ScenarioBuilder.plain(9, duration, consumption=FRONT),
    }


PLACES = tuple(with_duration("1 day"))


def test_a_run_has_at_most_36600_days() -> None:
    # A century from 2000 has 25 leap years, 36,525 days; 75 days later is 17 March.
    whole = {**ScenarioBuilder.plain(9), "start": "2000-01-01", "end": "2100-03-17"}
    assert load_plain(whole, None).days == 36_600
    with pytest.raises(ScenarioError, match=r"the run has 36,601 days; allowed: at most 36,600 days"):
        load_plain({**whole, "end": "2100-03-18"}, None)


def test_the_page_of_the_model_has_the_limits_of_a_run() -> None:
    page = " ".join((Path(__file__).parent.parent / "docs" / "model.md").read_text("utf-8").split())
    assert f"an event recurs more than {limits.MOST_OCCURRENCES:,} times" in page
    assert f"a leg makes more than {limits.MOST_VOYAGES:,} voyages" in page
    assert f"more than {limits.MOST_VOYAGES:,} voyages" in limits.too_many_voyages("shipments.a.route.0")


@pytest.mark.parametrize("place", PLACES)
def test_a_duration_of_more_than_a_thousand_years_is_an_error_of_the_file(place: str) -> None:
    for duration in ("1001 years", "1e15 days", {"low": "1 day", "high": "365251 days"}):
        with pytest.raises(ScenarioError, match=r"is longer than 1,000 years; allowed: at most 1000 years"):
            load_plain(with_duration(duration)[place], None)
    assert run_differences(load_plain(with_duration("1000 years")[place], None), 1, [0]) == []


@pytest.mark.parametrize("place", PLACES)
def test_a_duration_that_is_drawn_without_end_is_cut(place: str) -> None:
    scenario = load_plain(with_duration(ENDLESS)[place], None)
    assert run_differences(scenario, 5, RUNS) == []
    for run in RUNS[::5]:
        assert differences(run_once(scenario, 5, run), ReferenceRun(scenario, 5, run)) == []


def test_the_tail_of_the_cut_draws_is_beyond_the_clock() -> None:
    """The story above is none if no draw is too long: 86,400 x 1e15 days are 2^66 seconds."""
    law = lognormal_of_median_p95(1e-250, 365_250.0)
    assert law.inverse(0.97) > 1e15


def test_a_quotient_that_overflows_makes_a_law_all_the_same() -> None:
    """309 orders of magnitude between the median and the 95 % quantile, at 1.644854 standard deviations."""
    law = lognormal_of_median_p95(1e-300, 1e9)
    assert math.log10(law.inverse(0.9)) == pytest.approx(-300 + 309 * 1.2815516 / 1.6448536, rel=1e-6)
    assert law.median() == pytest.approx(1e-300)


def grown(growth: Any, years: int = 50) -> Scenario:
    plain = ScenarioBuilder.plain(years * 365, production={"works": {"rate": "100/day", "growth": growth}})
    return load_plain(plain, None)


def test_growth_beyond_all_numbers_fails_the_run_in_both_engines() -> None:
    """Four times as much a month: 100 x 4^m passes 1e24 where m = 36.54, on day 1,112.2."""
    assert math.ceil(math.log(1e22) / math.log(4) * 30.4375) == 1113
    modelled, compiled = failure_messages(grown("300%"), 1, [0])
    assert modelled == compiled == "run 0: production.works.rate: more than 1e+24 on day 1113"


#: Settings that take a number beyond the range, and the reason that is given.
BEYOND: dict[str, tuple[Plain, str]] = {
    "a factor on a rate": (
        ScenarioBuilder.plain(
            9,
            consumption={"front": {"rate": "1e12/day"}},
            events={"e": {"date": "2023-09-03", "multiplies": "consumption.front.rate", "factor": 1e13}},
        ),
        "consumption.front.rate: more than 1e+24 on day 2",
    ),
    "a factor on an offer": (
        ScenarioBuilder.plain(
            9,
            shipments={"ally": {"offered": "1e12 shells/day", "lead_time": "1 day"}},
            events={"e": {"date": "2023-09-04", "multiplies": "shipments.ally.offered", "factor": 1e13}},
        ),
        "shipments.ally.offered: more than 1e+24 on day 3",
    ),
    "a draw": (
        ScenarioBuilder.plain(
            9, {"median": "1e-250", "p95": "1e15"}, consumption={"front": {"rate": "1/day"}}
        ),
        "depots.depot.stock: more than 1e+24 was drawn",
    ),
    "a mass": (
        ScenarioBuilder.plain(
            9,
            "5 t",
            munitions={"shells": {"gross_mass": {"low": "0 kg", "high": "1e-8 kg"}}},
        ),
        "munitions.shells.gross_mass: less than 1e-09 was drawn",
    ),
    "a capacity": (
        ScenarioBuilder.route(9, ScenarioBuilder.leg(capacity={"low": "0 shells", "high": "1e-8 shells"})),
        "shipments.dprk.route.0.capacity: less than 1e-09 was drawn",
    ),
    "events without end": (
        ScenarioBuilder.plain(
            999,
            consumption=FRONT,
            events={"e": {"every": "1 s", "last": "0 s", "stops": "consumption.front"}},
        ),
        "events.e.every: more than 10,000 occurrences in a run",
    ),
    "outages without end": (
        ScenarioBuilder.plain(
            999, production={"works": {"rate": "1/day", "outages": {"every": "1 s", "last": "0 s"}}}
        ),
        "production.works.outages.every: more than 10,000 occurrences in a run",
    ),
}


@pytest.mark.parametrize("name", BEYOND)
def test_a_number_out_of_range_fails_the_run_with_one_reason(name: str) -> None:
    plain, reason = BEYOND[name]
    scenario, failed = load_plain(plain, None), 0
    # What recurs without end takes the model long, and fails in every run.
    runs = range(4 if "without end" in name else 120)
    for run in runs:
        modelled, compiled = failure_messages(scenario, 1, [run])
        assert modelled == compiled
        assert modelled in {"", f"run {run}: {reason}"}
        failed += bool(modelled)
    assert failed > 0
    modelled, compiled = failure_messages(scenario, 1, runs)
    assert modelled == compiled


def test_a_number_that_others_are_divided_by_is_not_next_to_nothing() -> None:
    plain = ScenarioBuilder.route(9, ScenarioBuilder.leg(capacity="1e-10 shells"))
    with pytest.raises(ScenarioError, match="is less than a capacity can be; allowed: at least 1e-09"):
        load_plain(plain, None)


def test_a_sweep_over_growth_has_failed_points_and_no_infinite_number() -> None:
    table = sim.sweep(grown("1%"), {"production.works.growth": [0.01, 3.0]}, runs=4).table
    assert table["failed"].tolist() == [0, 4]
    assert "more than 1e+24 on day 1113" in table["reason"][1]
    numbers = table.select_dtypes("number").drop(
        columns=["point", "production.works.growth", "runs", "failed"]
    )
    assert not np.isinf(numbers.to_numpy()).any()
    assert table["produced_mean"][0] > 100 * 365
    assert numbers.iloc[1].isna().all()


def test_a_value_beyond_all_numbers_is_refused_by_a_study() -> None:
    with pytest.raises(sim.errors.ArgumentError, match="too large"):
        sim.sweep(grown("1%"), {"production.works.rate": [1.0, math.inf]}, runs=2)


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_run_that_overflows_ends_with_its_reason(engine: str) -> None:
    with pytest.raises(RunError, match="more than 1e\\+24 on day 1113"):
        sim.run(grown("300%"), runs=2, engine=engine)


def test_claims_on_a_crumb_are_shared_out_all_the_same() -> None:
    """The share of a tiny stock for each of two transfers rounds to zero: the last takes all of it."""
    depots = {"a": {"stock": "5e-324"}, "b": {"stock": 0}, "c": {"stock": 0}, "d": {"stock": 0}}
    moves = {
        "t": {"from": "a", "to": "b", "keep": "999 days"},
        "u": {"from": "a", "to": "c", "keep": "999 days"},
        "v": {"from": "b", "to": "d"},
    }
    fronts = {name: {"at": name, "rate": "1e15/day"} for name in ("b", "c")}
    scenario = load_plain(ScenarioBuilder.plain(3, depots=depots, transfers=moves, consumption=fronts), None)
    assert run_differences(scenario, 1, [0]) == []
    received = run_once(scenario, 1, 0).total(2, "received")
    assert received == [0.0, 5e-324, 0.0]


def test_closures_by_the_thousand_shut_a_leg_as_they_always_did() -> None:
    """Shut for an hour again and again, by two events at once; the second account tries each window."""
    plain = ScenarioBuilder.route(
        60, ScenarioBuilder.leg(vehicles=3, travel="7 h", load="1 h", capacity="10 shells")
    )
    gaps = {"choices": ["1 h", "2 h", "5 h"]}
    stop = {"stops": "shipments.dprk", "every": gaps}
    plain["events"] = {"e": {**stop, "last": "1 h"}, "f": {**stop, "last": {"choices": ["0 s", "3 h"]}}}
    scenario = load_plain(plain, None)
    assert run_differences(scenario, 3, range(6)) == []
    for run in range(6):
        assert differences(run_once(scenario, 3, run), ReferenceRun(scenario, 3, run)) == []
