"""A thousand containers a month that go on, and a thousand alone: both scenarios, worked out by hand.

Output is 2.5M a year: 2,500,000 / 365.25 = 6,845 a day, 11.4 % of the 60,000 required.

The thousand alone are three voyages of 300 and one of 100. At 317 shells each on average, 70 % serviceable,
they hold 222,000 shells, which cover the gap of 53,155 a day for four days. In the last 90 days none is left.

Where the pace continues, a ship loads for 10 days, sails 1.8 days out and 1.8 back, and unloads for 5: 18.7
days on average. In 731 days two ships load 2 x 731 / 18.7 = 78 times, 23,500 containers, which bring 7,100
shells a day. With the output that is 14,000 a day, 23 % of the requirement.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import sim
from sim.results.result import Result

SCENARIOS = Path(__file__).parent.parent / "scenarios"
RUSSIAN_OUTPUT = 2_500_000 / 365.25


def run(name: str) -> Result:
    return sim.run(SCENARIOS / f"{name}.yaml", runs=20, engine="simpy")


@pytest.fixture(scope="module")
def alone() -> Result:
    return run("thousand-containers")


@pytest.fixture(scope="module")
def ongoing() -> Result:
    return run("white-house-2023")


def containers_by_run(result: Result) -> list[float]:
    by_sea = result.shipments[result.shipments["leg"] == 0]
    return [float(total) for total in by_sea.groupby("run")["containers"].sum()]


def test_the_thousand_are_all_that_comes(alone: Result) -> None:
    assert containers_by_run(alone) == [1000.0] * 5
    assert alone.shipments.query("run == 0 and leg == 0")["containers"].tolist() == [300, 300, 300, 100]


def test_after_the_thousand_the_front_fires_russian_output_alone(alone: Result) -> None:
    sustained = alone.summary()["sustained"]
    for quantile in ("p05", "p50", "p95"):
        assert sustained["fire"][quantile] == pytest.approx(RUSSIAN_OUTPUT, rel=1e-6)
    assert sustained["met"]["p50"] == pytest.approx(RUSSIAN_OUTPUT / 60_000, rel=0.05)


def test_the_pace_goes_on_for_two_years_in_the_main_scenario(ongoing: Result) -> None:
    voyages = 2 * 731 / (10 + 11 / 6 + 5 + 11 / 6)
    assert sum(containers_by_run(ongoing)) / 5 == pytest.approx(300 * voyages, rel=0.03)
    assert 300 * voyages == pytest.approx(23_500, rel=0.01)


def test_the_pace_doubles_the_fire_of_the_last_90_days(ongoing: Result) -> None:
    landed = 23_500 * (200 + 300 + 450) / 3 * 0.7 / 731
    expected = RUSSIAN_OUTPUT + landed
    assert ongoing.summary()["sustained"]["fire"]["p50"] == pytest.approx(expected, rel=0.1)
    assert expected / 60_000 == pytest.approx(0.23, abs=0.005)


def test_the_thousand_move_the_run_out_date_by_about_four_days(alone: Result) -> None:
    gap = 60_000 - RUSSIAN_OUTPUT
    without = sim.run(SCENARIOS / "without-dprk.yaml", runs=20, engine="simpy")
    dates, earlier = (pd.to_datetime(each.outcomes["exhausted"]) for each in (alone, without))
    shift = (dates - earlier).dt.days.mean()
    assert shift == pytest.approx(1000 * 950 / 3 * 0.7 / gap, abs=1.0)
