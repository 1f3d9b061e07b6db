"""A sweep gives at every point the result of a run of that scenario; invalid sweeps are errors."""

from __future__ import annotations

import math

import pytest

import sim
from sim.errors import ArgumentError, InputError, ScenarioError

PLAIN = {
    "schema": 1,
    "start": "2024-01-01",
    "end": "2024-05-01",
    "thresholds": [30],
    "depots": {"d": {"stock": {"low": "2M", "high": "4M"}}},
    "production": {"line": {"rate": "10k/day"}},
    "shipments": {
        "ally": {
            "serviceable": "90%",
            "route": [
                {
                    "vehicles": 2,
                    "capacity": "20k shells",
                    "load": "1 day",
                    "travel": {"low": "2 days", "mode": "3 days", "high": "6 days"},
                }
            ],
        }
    },
    "consumption": {"front": {"rate": "60k/day", "daily_variation": "20%"}},
}
DAYS = 121


def test_a_certain_scenario_gives_what_a_pencil_gives() -> None:
    plain = {
        **PLAIN,
        "depots": {"d": {"stock": "1M"}},
        "shipments": {},
        "consumption": {"front": {"rate": "60k/day"}},
    }
    table = sim.sweep(plain, {"production.line.rate": ["0/day", "10k/day", "60k/day"]}, runs=1).table
    # The level after day d is 1M - (d + 1) (60k - made): below a day's 60k once (d + 1) (60k - made) > 940k.
    assert table["exhausted_p50"].tolist()[:2] == [940_000 // 60_000, 940_000 // 50_000]
    assert math.isnan(table["exhausted_p50"][2])
    assert table["exhausted_share"].tolist() == [1.0, 1.0, 0.0]
    assert table["closing_stock_p50"][2] == pytest.approx(1e6)
    assert table["produced_mean"].tolist() == pytest.approx([0.0, 10e3 * DAYS, 60e3 * DAYS])
    assert table["production.line.rate"].tolist() == [0.0, 10e3, 60e3]


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("production.line.rate", ["0/day", "20k/day"]),
        ("consumption.front.rate", ["20k/day", "80k/day"]),
        ("depots.d.stock", ["1M", "3M"]),
        ("shipments.ally.serviceable", ["50%", "100%"]),
        ("shipments.ally.route.0.travel", ["2 days", "5 days"]),
        ("shipments.ally.route.0.vehicles", [1, 3]),
        ("consumption.front.daily_variation", ["0%", "40%"]),
    ],
)
def test_a_point_is_the_run_of_that_scenario(path: str, values: list[object]) -> None:
    swept = sim.sweep(PLAIN, {path: values}, runs=9, seed=5)
    for place, value in enumerate(values):
        changed = sim.simulate.as_scenario(PLAIN).replace({path: value})
        alone = sim.run(changed, runs=9, seed=5, engine="simpy", jobs=1).outcomes
        row = swept.table.iloc[place]
        for name in ("closing_stock", "fired", "landed", "unmet", "sustained_fire", "produced"):
            ordered = sorted(alone[name])
            assert row[f"{name}_mean"] == pytest.approx(alone[name].mean(), rel=1e-9, abs=1e-9)
            # Of nine runs, the fifth is the median and the ninth the 95 % quantile: inverted CDF.
            assert row[f"{name}_p50"] == pytest.approx(ordered[4], rel=1e-9, abs=1e-9)
            assert row[f"{name}_p95"] == pytest.approx(ordered[8], rel=1e-9, abs=1e-9)
        assert row["exhausted_share"] == pytest.approx(alone["exhausted"].notna().mean())


def test_points_stand_in_order_and_workers_change_nothing() -> None:
    vary: dict[str, list[object]] = {
        "shipments.ally.route.0.vehicles": [2, 1],
        "consumption.front.rate": ["50k/day", "20k/day", "70k/day"],
    }
    one = sim.sweep(PLAIN, vary, runs=130, jobs=1).table
    two = sim.sweep(PLAIN, vary, runs=130, jobs=2).table
    assert one["shipments.ally.route.0.vehicles"].tolist() == [2.0] * 3 + [1.0] * 3
    assert one["consumption.front.rate"].tolist() == [50e3, 20e3, 70e3] * 2
    assert one["point"].tolist() == list(range(6))
    assert one.equals(two)


def test_plain_numbers_are_in_base_units() -> None:
    text = sim.sweep(
        PLAIN, {"production.line.rate": ["10k/day"], "shipments.ally.route.0.travel": ["2 days"]}, runs=3
    )
    plain = sim.sweep(PLAIN, {"production.line.rate": [10e3], "shipments.ally.route.0.travel": [2]}, runs=3)
    assert text.table.equals(plain.table)


def test_more_runs_keep_the_first_ones() -> None:
    few = sim.sweep(PLAIN, {"depots.d.stock": ["1M"]}, runs=1).table
    again = sim.run(
        sim.simulate.as_scenario(PLAIN).replace({"depots.d.stock": "1M"}), runs=300, engine="compiled"
    ).outcomes
    assert few["fired_p50"][0] == pytest.approx(again["fired"][0], rel=1e-12)


def test_a_point_that_fails_is_a_row_with_its_reason() -> None:
    plain = {**PLAIN, "depots": {"d": {"stock": {"low": "2M", "high": "4M"}, "capacity": "5M"}}}
    table = sim.sweep(plain, {"depots.d.stock": ["1M", "6M"]}, runs=3).table
    assert table["failed"].tolist() == [0, 3]
    assert table["reason"][0] == ""
    assert table["reason"][1] == "run 0: depots.d: the stock at the start, 6,000,000, exceeds its capacity"
    assert math.isnan(table["fired_mean"][1])
    assert math.isnan(table["exhausted_share"][1])


def test_failed_points_are_counted_by_their_runs() -> None:
    plain = {**PLAIN, "depots": {"d": {"stock": {"low": "2M", "high": "4M"}, "capacity": "5M"}}}
    assert sim.sweep(plain, {"depots.d.stock": ["1M", "6M", "2M", "7M"]}, runs=1).failed == 2
    # Stocks of 2 to 4 million: no depot of 3 million holds all of them, and some are less.
    some = sim.sweep(PLAIN, {"depots.d.capacity": ["3M", "5M"]}, runs=40)
    assert 0 < some.table["failed"][0] < 40
    assert some.failed == 1


def test_wrong_runs_and_wrong_values_are_reported_together() -> None:
    with pytest.raises(ArgumentError) as caught:
        sim.sweep(PLAIN, {"production.line.rate": []}, runs=0)
    assert [fault.problem for fault in caught.value.faults] == [
        "0 runs",
        "production.line.rate has no list of values",
    ]


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ({"production.line.rate": ["10k"]}, "it has no period"),
        ({"production.line.rate": [-1.0]}, "less than a rate can be"),
        ({"shipments.ally.serviceable": [1.5]}, "more than a share can be"),
        ({"production.line.rate": []}, "has no list of values"),
        ({"production.line.rate": "10k/day"}, "has no list of values"),
        ({}, "nothing is varied"),
        ({"production.lime.rate": ["10k/day"]}, "production.lime.rate"),
    ],
)
def test_what_cannot_be_varied_is_said_before_any_run(vary: dict[str, list[object]], says: str) -> None:
    with pytest.raises(InputError, match="(?s)" + says.replace(".", r"\.")) as caught:
        sim.sweep(PLAIN, vary, runs=2)
    assert isinstance(caught.value, ArgumentError | ScenarioError)


def test_what_a_sweep_varies_itself_is_cited_from_no_source() -> None:
    stock, made = "stock-2023-10-kiviselg-4m", "prod-2023-seed-2p5m"
    scenario = {
        **PLAIN_CITED,
        "depots": {"d": {"stock": {"value": "4M", "source": stock}}},
        "production": {
            "line": {"rate": {"value": "2.5M/year", "source": made}},
            "mill": {"rate": {"value": {"by_date": {"2024-01-01": "1k/day"}}, "source": made}},
        },
    }

    def cited(*paths: str) -> set[str]:
        vary = {path: ["1k/day", "2k/day"] for path in paths}
        return {source.id for source in sim.sweep(scenario, vary, runs=1).sources}

    assert cited("consumption.front.rate") == {stock, made}
    assert cited("production.line.rate") == {stock, made}, "the mill still cites it"
    assert cited("production.line.rate", "production.mill.rate") == {stock}


PLAIN_CITED = {
    "schema": 1,
    "title": "Cited",
    "start": "2024-01-01",
    "end": "2024-02-01",
    "consumption": {"front": {"rate": "10k/day"}},
}
