"""Values of a point are validated together: valid points run, the others become rows with a reason."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.errors import InputError, RunError
from tests.support.small_sweep import table_bytes

PLAIN: dict[str, Any] = {
    "schema": 1,
    "title": "Plain",
    "start": "2024-01-01",
    "end": "2024-03-01",
    "thresholds": [30],
    "depots": {"d": {"stock": "4M", "capacity": "5M"}},
    "production": {"line": {"rate": "10k/day"}},
    "consumption": {"front": {"rate": "60k/day"}},
}
MIXED = {
    **PLAIN,
    "munitions": {"a": {}, "b": {}},
    "depots": {"d": {"stock": {"a": "1M", "b": "1M"}}},
    "production": {},
    "consumption": {"front": {"rate": {"a": "1k/day", "b": "1k/day"}}},
    "shipments": {
        "ally": {
            "mix": {"a": "50%", "b": "50%"},
            "shells_per_container": 300,
            "offered": "30 containers/day",
            "lead_time": "5 days",
        }
    },
}
HIRED = {
    **PLAIN,
    "shipments": {
        "ally": {"route": [{"berths": 2, "capacity": "20k shells", "load": "1 day", "travel": "3 days"}]}
    },
    "events": {"strike": {"stops": "shipments.ally.route.0", "share": "100%", "from": "2024-02-01"}},
}
ORDERED = {
    **PLAIN,
    "depots": {"d": {"stock": "4M"}},
    "orders": {
        "blood": {
            "reorder_point": "1M",
            "order_up_to": "2M",
            "review": "2 days",
            "lead_time": "3 days",
        }
    },
}


def with_event(**when: str) -> dict[str, Any]:
    return {**PLAIN, "events": {"strike": {"stops": "production.line", **when}}}


def points(scenario: dict[str, Any], vary: Mapping[str, Sequence[Any]]) -> dict[tuple[Any, ...], Any]:
    """Return the rows of a sweep by the values of their points."""
    found = sim.sweep(scenario, vary, runs=3).table
    places = itertools.product(*vary.values())
    return dict(zip(places, found.to_dict("records"), strict=True))


#: Of each group of settings: a scenario, values of which none goes with the file alone, the points that are
#: right, and the message for the others.
TOGETHER: dict[str, tuple[dict[str, Any], dict[str, list[Any]], set[tuple[Any, ...]], str]] = {
    "stock and capacity": (
        PLAIN,
        {"depots.d.stock": ["6M", "7M"], "depots.d.capacity": ["6.5M", "8M"]},
        {("6M", "6.5M"), ("6M", "8M"), ("7M", "8M")},
        "depots.d: the stock at the start, 7,000,000, exceeds its capacity",
    ),
    "stock in days and capacity": (
        PLAIN,
        {"depots.d.stock": ["100 days", "130 days"], "depots.d.capacity": ["6.5M", "8M"]},
        {("100 days", "6.5M"), ("100 days", "8M"), ("130 days", "8M")},
        "depots.d: the stock at the start, 7,800,000, exceeds its capacity",
    ),
    "start and end": (
        PLAIN,
        {"start": ["2025-01-01", "2026-01-01"], "end": ["2025-03-01", "2026-03-01"]},
        {("2025-01-01", "2025-03-01"), ("2025-01-01", "2026-03-01"), ("2026-01-01", "2026-03-01")},
        "end: the end is not after the start; allowed: a date after 2026-01-01",
    ),
    "window": (
        with_event(**{"from": "2024-01-05", "until": "2024-01-10"}),
        {
            "events.strike.from": ["2024-02-01", "2024-02-10"],
            "events.strike.until": ["2024-02-05", "2024-02-20"],
        },
        {("2024-02-01", "2024-02-05"), ("2024-02-01", "2024-02-20"), ("2024-02-10", "2024-02-20")},
        "events.strike.until: until is not after from; allowed: a date after 2024-02-10",
    ),
    "shares of a mix": (
        MIXED,
        {"shipments.ally.mix.a": ["40%", "70%"], "shipments.ally.mix.b": ["60%", "30%"]},
        {("40%", "60%"), ("70%", "30%")},
        "shipments.ally.mix: the shares of the mix add up to ",
    ),
    "ends of a distribution": (
        {**PLAIN, "depots": {"d": {"stock": {"low": "2M", "high": "4M"}}}},
        {"depots.d.stock.low": ["5M", "7M"], "depots.d.stock.high": ["6M", "8M"]},
        {("5M", "6M"), ("5M", "8M"), ("7M", "8M")},
        "depots.d.stock: low is above high; allowed: low <= high",
    ),
    "units of a course": (
        {
            **PLAIN,
            "munitions": {"a": {"gross_mass": "50 kg"}},
            "production": {"line": {"rate": {"by_date": {"2024-01-01": "1k/day", "2024-02-01": "2k/day"}}}},
        },
        {
            "production.line.rate.by_date.2024-01-01": ["50 t/day", "100 t/day"],
            "production.line.rate.by_date.2024-02-01": ["50 t/day", "1k/day"],
        },
        {("50 t/day", "50 t/day"), ("100 t/day", "50 t/day")},
        "production.line.rate.by_date: the values of a course differ in unit; allowed: one unit",
    ),
    "first and until of a shipment": (
        {
            **PLAIN,
            "shipments": {
                "ally": {
                    "first": "2024-01-05",
                    "until": "2024-01-10",
                    "offered": "1k/day",
                    "lead_time": "2 days",
                }
            },
        },
        {
            "shipments.ally.first": ["2024-02-01", "2024-02-10"],
            "shipments.ally.until": ["2024-02-05", "2024-02-20"],
        },
        {("2024-02-01", "2024-02-05"), ("2024-02-01", "2024-02-20"), ("2024-02-10", "2024-02-20")},
        "shipments.ally.until: until is not after first; allowed: a later date, or a duration",
    ),
    "berths that bound nothing": (
        HIRED,
        {"shipments.ally.route.0.load": ["1 day", "0 days"], "shipments.ally.route.0.vehicles": [3]},
        {("1 day", 3), ("0 days", 3)},
        "",
    ),
    "berths that bound nothing, of hired vehicles": (
        HIRED,
        {"shipments.ally.route.0.load": ["1 day", "0 days", "2 days"]},
        {("1 day",), ("2 days",)},
        "shipments.ally.route.0.load: hired vehicles that load in no time are not bounded by berths",
    ),
    "order-up-to level and reorder point": (
        ORDERED,
        {"orders.blood.order_up_to": ["500k", "3M"], "orders.blood.reorder_point": ["400k", "2M"]},
        {("500k", "400k"), ("3M", "400k"), ("3M", "2M")},
        "orders.blood.order_up_to: order_up_to is below the reorder_point: an order would restore "
        "less than it; allowed: at least the reorder_point",
    ),
    "reviews of less than a day": (
        ORDERED,
        {"orders.blood.review": ["2 days", "0.5 days"]},
        {("2 days",)},
        "orders.blood.review: a review every 0.5 days: stocks are counted once a day",
    ),
    "a fleet that is half stopped": (
        HIRED,
        {"events.strike.share": ["50%", "100%"]},
        {("100%",)},
        "events.strike.share: a fleet is stopped wholly; allowed: 100%",
    ),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_a_point_whose_values_go_together_is_the_run_of_that_scenario(name: str) -> None:
    scenario, vary, right, says = TOGETHER[name]
    for values, row in points(scenario, vary).items():
        if values not in right:
            assert row["failed"] == 3, values
            assert says in row["reason"]
            assert "<" not in row["reason"].partition("low <=")[0], "no place in a file that is none"
            assert math.isnan(row["fired_mean"])
            continue
        changed = sim.simulate.as_scenario(scenario).replace(dict(zip(vary, values, strict=True)))
        alone = sim.run(changed, runs=3, engine="simpy", jobs=1).outcomes
        assert (row["failed"], row["reason"]) == (0, ""), values
        assert row["fired_mean"] == pytest.approx(alone["fired"].mean(), rel=1e-9)
        assert row["closing_stock_mean"] == pytest.approx(alone["closing_stock"].mean(), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("name", TOGETHER)
def test_the_order_of_values_and_of_paths_changes_no_row(name: str) -> None:
    scenario, vary, _, _ = TOGETHER[name]
    before = points(scenario, vary)
    backwards = {path: values[::-1] for path, values in reversed(vary.items())}
    after = {values[::-1]: row for values, row in points(scenario, backwards).items()}
    for values, row in before.items():
        other = after[values]
        for column in row.keys() - {"point"}:
            assert row[column] == other[column] or row[column] != row[column], (values, column)


@pytest.mark.parametrize("seed", range(4))
def test_a_design_has_a_row_for_every_point_whatever_its_seed(seed: int) -> None:
    ranges = {"depots.d.stock": ("1M", "9M"), "depots.d.capacity": ("1M", "9M")}
    rows = sim.sweep(PLAIN, design=sim.Design("lhs", 16, ranges), runs=2, seed=seed).table
    assert len(rows) == 16
    full = rows["depots.d.stock"] > rows["depots.d.capacity"]
    assert full.any()
    assert rows["failed"].tolist() == [2 if each else 0 for each in full]
    days = {
        "events.strike.from": ("2024-01-01", "2024-02-20"),
        "events.strike.until": ("2024-01-01", "2024-02-20"),
    }
    window = with_event(**{"from": "2024-01-05", "until": "2024-01-10"})
    rows = sim.sweep(window, design=sim.Design("lhs", 16, days), runs=2, seed=seed).table
    late = rows["events.strike.from"] >= rows["events.strike.until"]
    assert late.any()
    assert rows["failed"].tolist() == [2 if each else 0 for each in late]


@pytest.mark.parametrize(
    ("path", "right", "wrong", "says"),
    [
        ("end", "2024-02-01", "2024-02-31", "end"),
        ("events.strike.until", "2024-01-20", "20 days", "events.strike.until"),
        ("shipments.ally.mix.a", "50%", "150%", "more than a share can be"),
        ("shipments.ally.mix.a", "50%", "1k/day", "shipments.ally.mix.a"),
        ("events.strike.stops", "production.line", "production.lime", "did you mean 'production.line'"),
        ("production.line.rate", "1k/day", "1k", "it has no period"),
        ("production.line.rate", "1k/day", "a lot", "production.line.rate"),
    ],
)
def test_a_value_that_cannot_be_read_is_an_error_wherever_it_stands(
    path: str, right: str, wrong: str, says: str
) -> None:
    window = with_event(**{"from": "2024-01-05", "until": "2024-01-10"})
    scenario = MIXED if path.startswith("shipments") else window
    for values in ([right, wrong], [wrong, right]):
        with pytest.raises(InputError, match=says):
            sim.sweep(scenario, {path: values}, runs=2)


def test_what_a_table_of_draws_gives_is_not_varied_whatever_the_first_value_is(tmp_path: Path) -> None:
    (tmp_path / "draws.csv").write_text("depots.d.stock\n1M\n2M\n")
    scenario = {**PLAIN, "draws": str(tmp_path / "draws.csv")}
    for values in (["1M", "6M"], ["6M", "1M"]):
        with pytest.raises(InputError, match=r"draws\.csv gives depots\.d\.stock in every run"):
            sim.sweep(scenario, {"depots.d.stock": values}, runs=2)


def test_a_path_that_a_value_of_another_takes_away_fails_its_points_alone() -> None:
    both = {**PLAIN, "production": {"line": {"rate": "10k/day"}, "mill": {"rate": "1k/day"}}}
    vary = {"production.line": [None, {"rate": "5k/day"}], "production.line.rate": ["1k/day", "2k/day"]}
    rows = sim.sweep(both, vary, runs=2).table
    assert rows["failed"].tolist() == [2, 2, 0, 0]
    assert "production.line.rate" in rows["reason"][0]


def test_a_number_that_the_engine_never_reads_changes_nothing() -> None:
    weighed = {**PLAIN, "munitions": {"a": {"gross_mass": "50 kg"}}}
    rows = sim.sweep(weighed, {"munitions.a.gross_mass": ["50 kg", "90 kg"]}, runs=2).table
    assert rows["failed"].tolist() == [0, 0]
    assert rows["fired_mean"].tolist() == [60_000 * 60] * 2


def test_thresholds_do_not_vary_since_they_are_the_columns() -> None:
    with pytest.raises(InputError, match="thresholds"):
        sim.sweep(PLAIN, {"thresholds": [[30], [15]]}, runs=2)


def test_a_folder_has_the_same_rows_and_no_path_of_the_machine(tmp_path: Path) -> None:
    file = tmp_path / "plain.yaml"
    file.write_text(
        "schema: 1\nstart: 2024-01-01\nend: 2024-03-01\nthresholds: [30]\n"
        "depots: {d: {stock: 4M, capacity: 5M}}\nconsumption: {front: {rate: 60k/day}}\n"
    )
    # In days, the stock is another unit than the file's, so that each value is put into the scenario.
    vary = {"depots.d.stock": ["6M", "70 days"], "end": ["2024-02-01", "2023-02-01"]}
    kept = sim.sweep(file, vary, runs=2, out=tmp_path / "kept").table
    assert kept.equals(sim.sweep(file, vary, runs=2).table)
    assert kept["failed"].tolist() == [2, 2, 0, 2]
    assert kept["reason"][0].startswith("depots.d.capacity: the stock at the start, 6,000,000, exceeds its")
    assert str(tmp_path).encode() not in table_bytes(tmp_path / "kept")
    assert not kept["reason"].str.contains("plain.yaml").any()


# Break-even


@pytest.mark.parametrize("turn", [1, -1])
def test_a_break_even_value_is_sought_where_the_varied_values_go_together(turn: int) -> None:
    vary = {"depots.d.capacity": ["3M", "20M"][::turn], "end": ["2024-03-01", "2023-01-01"][::turn]}
    found = sim.breakeven(
        PLAIN, "production.line.rate", vary=vary, until="2024-03-01", bounds=("0/day", "60k/day")
    )
    rows = {one.at: one for one in found.found}
    # 60 days: 4M + 59 p - 60 x 60,000 + p >= 60,000 holds at every p, and 4M is above a capacity of 3M.
    assert not rows[20e6, "2024-03-01"].failure
    for at in ((3e6, "2024-03-01"), (3e6, "2023-01-01"), (20e6, "2023-01-01")):
        assert rows[at].value is None
    assert "exceeds its capacity" in rows[3e6, "2024-03-01"].failure
    assert "the end is not after the start" in rows[20e6, "2023-01-01"].failure
    by_at = dict(zip((one.at for one in found.found), found.sentences, strict=True))
    assert "the end is not after the start" in by_at[20e6, "2023-01-01"]
    assert found.table["reached"].sum() == sum(one.is_found for one in found.found)


def test_stock_and_capacity_are_solved_for_together() -> None:
    vary = {"depots.d.capacity": ["6M", "9M"]}
    found = sim.breakeven(PLAIN, "depots.d.stock", vary=vary, until="2024-03-01", bounds=("1M", "20M"))
    # 60 (60,000 - 10,000) + 60,000 is needed, which either depot holds.
    assert found.table["value"].tolist() == pytest.approx([3.06e6] * 2, rel=2e-6)
    for one, limit in zip(found.found, (6e6, 9e6), strict=True):
        assert one.searched is not None
        assert one.searched[1] <= limit


def test_where_no_value_can_be_tried_at_all_it_is_an_error() -> None:
    with pytest.raises(RunError, match="the end is not after the start"):
        sim.breakeven(PLAIN, "production.line.rate", vary={"end": ["2023-01-01"]})
