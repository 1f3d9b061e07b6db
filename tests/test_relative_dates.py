"""Dates that are drawn or count from an event (rule 35): one causal chain in every run of both engines."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import sim
import sim.evidence
from sim.account import SPENT, Kind
from sim.errors import ScenarioError
from sim.exploring.controls import control_groups
from sim.model.run import run_once
from sim.scenario.loader import load_plain
from sim.scenario.scenario import Scenario
from tests.support.dated_scenarios import dated_scenarios
from tests.support.engine_comparison import run_compiled, run_differences
from tests.support.reference_model import ReferenceRun
from tests.support.scenario_strategies import SEEDS, example_settings
from tests.test_reference_model import differences

Plain = dict[str, Any]
DEMAND, OUTPUT = 1000, 100
STOCK = 1_000_000
WAR_ANY_DAY: Plain = {"date": {"low": "2026-06-01", "high": "2027-06-01"}}


def surge(events: Plain, output: Plain, between: str = "step") -> Plain:
    """Peace at 100 shells a day in and out; in war 1,000 a day are fired, and output rises by `output`."""
    rate = {"by_date": {"2026-01-01": f"{OUTPUT}/day", **output}, "between": between}
    fire = {"by_date": {"2026-01-01": f"{OUTPUT}/day", "war": f"{DEMAND}/day"}}
    return {
        "schema": 1,
        "start": "2026-01-01",
        "end": "2028-01-01",
        "depots": {"depot": {"stock": STOCK}},
        "production": {"works": {"rate": rate}},
        "consumption": {"front": {"rate": fire}},
        "events": events,
    }


def taken_from_store(plain: Plain, runs: int, engine: str = "compiled") -> NDArray[np.float64]:
    """Return the shells that each run takes from store until output covers demand."""
    outcomes = sim.run(plain, runs=runs, engine=engine, tables=("outcomes",)).outcomes
    return STOCK - outcomes["closing_stock"].to_numpy()


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_a_surge_90_days_after_war_takes_90_days_of_the_gap_from_store(engine: str) -> None:
    steps = surge({"war": WAR_ANY_DAY}, {"war + 90 days": f"{DEMAND}/day"})
    assert taken_from_store(steps, 20, engine) == pytest.approx(np.full(20, 81_000.0), rel=1e-12)
    ramp = surge(
        {"war": WAR_ANY_DAY}, {"war": f"{OUTPUT}/day", "war + 90 days": f"{DEMAND}/day"}, between="linear"
    )
    assert taken_from_store(ramp, 20, engine) == pytest.approx(np.full(20, 40_950.0), rel=1e-12)


def test_the_reserve_for_an_uncertain_warning_is_that_of_the_closed_form() -> None:
    events = {
        "war": WAR_ANY_DAY,
        "warning": {"date": {"low": "war - 120 days", "high": "war"}},
        "surge": {"date": "warning + 120 days"},
    }
    taken = taken_from_store(surge(events, {"surge": f"{DEMAND}/day"}), 2000)
    # Uniform on 0 to 120 days of a gap of 900: a standard deviation of 900 * 120 / sqrt(12).
    assert taken.mean() == pytest.approx(54_000, abs=4 * 900 * 120 / 12**0.5 / 2000**0.5)
    # Four standard errors of the share of runs below the 95 % quantile.
    assert (taken <= 102_600).mean() == pytest.approx(0.95, abs=4 * (0.95 * 0.05 / 2000) ** 0.5)


def test_in_no_run_does_industry_surge_before_the_war_it_answers() -> None:
    events = {
        "war": {"date": {"low": "2025-06-01", "mode": "2026-06-01", "high": "2028-06-01"}},
        "mobilisation": {"date": {"choices": ["war", "war + 10 days", "war + 1 year"]}},
        "surge": {
            "from": "mobilisation + 30 days",
            "until": "mobilisation + 200 days",
            "multiplies": "production.works.rate",
            "factor": 5,
        },
    }
    runs = run_compiled(scenario(surge(events, {})), 3, range(200))
    war, mobilised = (
        runs.drawn.values[runs.plan.drawn[f"events.{name}.date"]] for name in ("war", "mobilisation")
    )
    assert war.min() < 0 < 730 < war.max()
    # A year is 365.25 days, and a day the nearest one.
    assert set(mobilised - war) == {0.0, 10.0, 365.0}
    surged = runs.kept.flows[Kind.PRODUCED][0] > OUTPUT * 4.99
    days = np.arange(730)[:, np.newaxis]
    assert (surged == ((mobilised + 30 <= days) & (days < mobilised + 200))).all()
    assert not surged[(days < war) & np.ones_like(surged)].any()


def everywhere() -> Plain:
    """Dates of every kind wherever a date stands, some of them before the start and after the end."""
    return {
        "schema": 1,
        "start": "2026-01-01",
        "end": "2026-09-01",
        "munitions": {"a": {"gross_mass": "45 kg"}, "b": {"gross_mass": {"low": "20 kg", "high": "30 kg"}}},
        "depots": {"depot": {"stock": {"a": "20k", "b": "9k"}, "capacity": {"low": "30k", "high": "60k"}}},
        "events": {
            "war": {"date": {"low": "2025-10-01", "high": "2026-11-01"}},
            "warning": {"date": {"mean": "war - 60 days", "sd": "40 days"}},
            "early": {"from": "warning - 200 days", "until": {"low": "war", "high": "war + 90 days"}},
            "strike": {"date": "war + 20 days", "destroys": {"low": "10%", "high": "60%"}},
            "peace": {
                "from": {"low": "war + 1 month", "high": "war + 3 months"},
                "multiplies": "consumption.front.rate",
                "factor": 0.3,
            },
            "blockade": {"from": "war", "until": "warning + 9 days", "stops": "shipments.fleet"},
            "stop": {"from": "early", "until": "war", "stops": "production.works", "share": "40%"},
        },
        "production": {
            "works": {
                "rate": {
                    "a": {
                        "by_date": {
                            "2026-02-01": {"low": "50/day", "high": "90/day"},
                            "warning + 2 weeks": "300/day",
                            "war + 40 days": "400/day",
                            "2026-06-01": "700/day",
                        },
                        "between": "linear",
                    },
                    "b": {
                        "by_date": {
                            "peace": "3 t/day",
                            "war - 30 days": {"low": "1 t/day", "high": "4 t/day"},
                        }
                    },
                },
                "lead_time": {"low": "0 days", "high": "20 days"},
            }
        },
        "shipments": {
            "lots": {
                "deliveries": {
                    "2026-03-01": {"low": "500", "high": "900"},
                    "war - 20 days": {"low": "300", "high": "800"},
                    "war + 30 days": 700,
                    "2025-12-20": 400,
                    "warning": 250,
                },
                "mix": {"a": "50%", "b": "50%"},
                "lead_time": {"low": "5 days", "high": "60 days"},
                "until": {"low": "war + 20 days", "high": "war + 60 days"},
            },
            "fleet": {
                "first": {"low": "warning", "high": "warning + 10 days"},
                "until": "war + 100 days",
                "mix": {"a": "30%", "b": "70%"},
                "route": [
                    {"vehicles": 2, "capacity": "300 shells", "travel": {"low": "2 days", "high": "5 days"}}
                ],
            },
            "train": {
                "deliveries": {"war": "3k", "early + 150 days": {"low": "100", "high": "2k"}},
                "mix": {"a": "100%", "b": "0%"},
                "route": [{"vehicles": 1, "capacity": "700 shells", "travel": "1 day", "departs": "any"}],
            },
        },
        "consumption": {
            "front": {
                "rate": {
                    "a": {"by_date": {"2026-01-01": "50/day", "war": "600/day"}},
                    "b": {"by_date": {"2026-01-01": "20/day", "war + 1 day": "200/day"}, "between": "linear"},
                },
                "daily_variation": "30%",
                "rationing": {"rule": "proportional", "cover": "21 days"},
            }
        },
    }


def scenario(plain: Plain) -> Scenario:
    return load_plain(plain, None)


def test_the_engines_agree_on_dates_of_every_kind_everywhere() -> None:
    assert run_differences(scenario(everywhere()), 7, range(24)) == []


@pytest.mark.slow
@example_settings(30, 20_000)
@given(dated_scenarios(), SEEDS, st.integers(0, 5000))
def test_the_engines_agree_where_dates_of_every_feature_differ_by_run(
    plain: Plain, seed: int, run: int
) -> None:
    assert run_differences(scenario(plain), seed, range(run, run + 4), [run, run + 1]) == []


@pytest.mark.slow
@example_settings(15, 10_000)
@given(dated_scenarios(), SEEDS, st.integers(0, 5000))
def test_a_second_account_settles_the_same_dates(plain: Plain, seed: int, run: int) -> None:
    whole = scenario(plain)
    assert differences(run_once(whole, seed, run), ReferenceRun(whole, seed, run)) == []


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("events.surge.date", "wra + 90 days", "unknown event 'wra'"),
        ("events.surge.date", "wars", "unknown event 'wars'"),
        ("events.surge.date", "war + 90", "is not a duration"),
        ("events.surge.date", "war + 90 shells", "is not a duration"),
        ("events.surge.date", "raids + 9 days", "recurs, and has no date"),
        ("events.surge.date", "2026-06-01 + 90 days", "a date counts from an event"),
        ("events.surge.date", {"low": "war", "high": "2027-01-01"}, "count from one event"),
        ("events.surge.date", "surge + 1 day", "circle: surge from surge"),
        ("events.war.date", "surge - 1 day", "circle: surge from war from surge"),
        ("events.surge.factor", 2, "the event does nothing"),
        ("depots.depot.stock", {"poisson": "30 kt"}, "a Poisson number counts whole shells"),
        ("depots.depot.stock", {"mean": "1M", "cv": 0.3, "shape": "gama"}, "'gama' is no shape of mean, cv"),
        ("depots.depot.stock", {"mean": "1M", "cv": 50, "shape": "gamma"}, "out of range"),
        ("depots.depot.stock", {"low": "2M", "mode": "1M", "high": "3M", "shape": "pert"}, "not in order"),
        ("consumption.front.activities", {"a": {"quantity": 5}}, "one kind of time"),
        ("consumption.front.activities", {"a": {"quantity": 5, "every": "6 h"}}, "once a day at most"),
        ("consumption.front.activities", {"a": {"quantity": 5, "on": "2026-05-01"}}, "a list of dates"),
        ("consumption.front.activities", {"a": {"quantity": 5, "on": ["wra"]}}, "unknown event 'wra'"),
        ("consumption.front.activities", {"a": {"quantity": "9/day", "on": ["war"]}}, "it has a period"),
        ("production.works.rate.by_date", {"war + 1.5 years": "1/day"}, "a key has no point"),
        (
            "production.works.rate.by_date",
            {"war+9 days": "1/day", "war + 9 days": "2/day"},
            "stands here twice",
        ),
    ],
)
def test_a_date_that_cannot_be_known_is_one_clear_message(path: str, value: object, message: str) -> None:
    raids = {"every": "30 days", "destroys": "1%"}
    events = {"war": WAR_ANY_DAY, "surge": {"date": "war + 90 days"}, "raids": raids}
    right = scenario(surge(events, {"surge": "1k/day"}))
    with pytest.raises(ScenarioError) as error:
        right.replace({path: value})
    (fault,) = error.value.faults
    assert message in str(fault)
    assert fault.path.split(".")[:1] == path.split(".")[:1]


def test_a_resolved_scenario_with_relative_dates_reads_back_as_itself(tmp_path: Any) -> None:
    whole = scenario(everywhere())
    path = tmp_path / "scenario.yaml"
    path.write_text(whole.text(), encoding="utf-8")
    assert sim.load(path).account_digest() == whole.account_digest()
    assert sim.load(path).text() == whole.text()


@pytest.mark.parametrize("engine", ["simpy", "compiled"])
def test_activities_are_required_on_their_days(engine: str) -> None:
    plain = surge({"war": {"date": "2026-03-01"}}, {})
    plain["consumption"] = {
        "school": {
            "activities": {
                "exercise": {"quantity": 700, "every": "90 days", "first": "2026-01-11"},
                "salute": {"quantity": "1k", "on": ["war + 1 day", "2026-07-14", "2025-12-31"]},
                "never": {"quantity": "9k", "every": "1 day", "chance": 0},
            }
        }
    }
    plain["events"]["leave"] = {"date": "2026-07-14", "stops": "consumption.school"}
    daily = sim.run(plain, runs=1, engine=engine, tables=("flows",)).flows
    required = daily[daily["kind"] == "required"].set_index("date")["mean"]
    # Day 10 and every 90 days; a day after the war; not while an event stops the consumer.
    expected = {f"{day:%Y-%m-%d}": 700.0 for day in pd.date_range("2026-01-11", "2027-12-31", freq="90D")}
    expected |= {"2026-03-02": 1000.0}
    found = {f"{pd.Timestamp(str(day)):%Y-%m-%d}": shells for day, shells in required.items() if shells}
    assert found == expected


def test_the_chance_of_an_activity_is_the_share_of_times_that_it_takes_place() -> None:
    plain = surge({}, {})
    exercise = {"quantity": {"poisson": 6}, "every": "1 day", "chance": "25%"}
    plain["consumption"] = {"school": {"activities": {"exercise": exercise}}}
    required = sim.run(plain, runs=100, engine="compiled", tables=("outcomes",)).outcomes["required"]
    # 73,000 days: a Poisson number of mean 6 in a quarter of them, of variance (6 + 36) / 4 - 1.5^2 a day.
    assert required.sum() / 73_000 == pytest.approx(1.5, abs=4 * ((42 / 4 - 2.25) / 73_000) ** 0.5)
    assert (required % 1 == 0).all()


def test_an_event_without_a_use_is_a_fault_and_one_with_a_use_is_no_switch() -> None:
    events = {"war": WAR_ANY_DAY, "surge": {"date": "war + 90 days"}, "lone": {"date": "war"}}
    with pytest.raises(ScenarioError) as error:
        scenario(surge(events, {"surge": "1k/day"}))
    (fault,) = error.value.faults
    assert "events.lone: the event does nothing, and no date counts from it" in str(fault)
    del events["lone"]
    whole = scenario(surge(events, {"surge": "1k/day"}))
    table = sim.evidence.load()
    switches = {group.path: group.can_switch for group in control_groups(whole, table)}
    # Neither can be switched off: the surge counts from the war, and the output from the surge.
    assert not switches["events.war"]
    assert "events.surge" not in switches
    controls = [control for group in control_groups(whole, table) for control in group.controls]
    texts = {control.path: control.texts for control in controls}
    assert texts["events.war.date"][:1] == ("2026-06-01",)


def test_a_budget_that_follows_an_event_is_a_use_of_it() -> None:
    plain = surge({"crisis": {"date": "2026-07-01"}}, {})
    plain["consumption"]["front"]["rate"] = f"{OUTPUT}/day"
    plain |= {
        "currency": "EUR",
        "orders": {"lot": {"order_up_to": "2M", "unit_cost": "1 EUR"}},
        "budget": {"rate": {"by_date": {"2026-01-01": "0 EUR/year", "crisis + 10 days": "365250 EUR/year"}}},
    }
    first = load_plain(plain, None)
    assert run_differences(first, 1, [0]) == []
    # A year of account has the rate of its first day: nothing in 2026, and all of 2027.
    assert sum(run_once(first, 1, 0).counted[SPENT]) == 365_250
