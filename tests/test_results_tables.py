"""Tables and summary of a block made by hand: five runs, three pairs, forty days, a month's end between."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.account import Axes, Kind, Pair, Voyage, first_below, first_rationed, sustained_fire
from sim.errors import InputError
from sim.results import block as blocks
from sim.results import tables
from sim.results.aggregation import aggregate
from sim.results.block import Block
from sim.results.ensemble_results import Ensemble
from sim.results.summary import make_summary
from tests.support.block_strategies import by_place, counters

RUNS = (0, 1, 2, 3, 7)
DAYS = 40
DATES = [(dt.date(2024, 1, 15) + dt.timedelta(days=day)).isoformat() for day in range(DAYS)]
INF = np.inf
CENSORED = {"share": 0.0, "p05": None, "p50": None, "p95": None}


def constant(*by_pair_and_run: tuple[float, ...]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return an array (n, P, D) from the values of each run, pair by pair."""
    return np.repeat(np.array(by_pair_and_run, dtype=float).T[:, :, np.newaxis], DAYS, axis=2)


@pytest.fixture
def block() -> Block:
    axes = Axes(
        start=dt.date(2024, 1, 15),
        days=DAYS,
        pairs=(Pair("front", "152mm"), Pair("front", "122mm"), Pair("rear", "152mm")),
        origins=("initial", "russia", "dprk"),
        consuming=(True, True, False),
        thresholds=(30.0, 7.5),
    )
    fall = 10.0 * np.arange(DAYS)
    level = constant((5000, 1000, 3000, 2000, 4000), (900,) * 5, (70, 70, 70, 70, 20))
    level[:, 0] -= fall
    fired = constant((10, 20, 30, 40, 50), (0, 5, 5, 5, 5), (0,) * 5)
    required = constant((10, 20, 30, 80, 100), (0, 5, 5, 5, 10), (0,) * 5)
    landed = constant((1, 1, 1, 1, 6), (0,) * 5, (0,) * 5)
    fired_months = np.zeros((5, 3, 3, 2))
    fired_months[:, 0, 0, 0] = 17 * np.array([10, 20, 30, 40, 50])
    fired_months[:, 0, 2, 1] = 23 * np.array([10, 20, 30, 40, 50])
    fired_months[1:, 1, 0] = [17 * 5, 23 * 5]
    landed_months = np.zeros((5, 3, 3, 2))
    landed_months[:, 0, 2] = np.outer([1, 1, 1, 1, 6], [17, 23])
    held = np.zeros((5, 3, 3, 2))
    held[:, :, 0] = level[:, :, [16, 39]]
    below = np.full((5, 3, 2), INF)
    below[:, 2] = 0.0
    below[[1, 2, 3], 0, 0] = [3.0, 17.0, 9.0]
    below[3, 1, 0] = 2.0
    exhausted = np.full((5, 3), INF)
    exhausted[1, 0] = 20.0
    rationed = np.full((5, 3), INF)
    rationed[3:, 0] = [0.0, 30.0]
    rationed[4, 1] = 5.0
    return Block(
        axes=axes,
        runs=RUNS,
        level=level,
        planned=required,
        flows={Kind.FIRED: fired, Kind.REQUIRED: required, Kind.LANDED: landed},
        months=by_place({"fired": fired_months, "landed": landed_months, "held": held}),
        counters=counters(
            axes.thresholds,
            below=below,
            exhausted=exhausted,
            rationed=rationed,
            fire=fired[:, :, 0],
        ),
        met=np.array([[1, 1, 1, 0.5, 0.5], [np.nan, 1, 1, 1, 0.5], [np.nan] * 5]).T,
        drawn={"production.russia.rate": np.array([1.5, 2, 3, 4, 5]), "depots.front.stock": np.ones(5)},
        balance=np.array([0.0, 1e-16, 3e-16, 0.0, 2e-16]),
        voyages=(
            (0, Voyage("dprk", 0, 1, 86400 * 2 + 3661, 86400 * 17, 300.0, 90000.0)),
            (0, Voyage("dprk", 1, None, 86400 * 20, None, 75.0, 22500.5)),
            (1, Voyage("iran", None, None, 0, 86400, None, 1000.0)),
        ),
    )


def gathered(block: Block) -> Ensemble:
    return aggregate([block], len(block.runs))


def often(block: Block, times: int) -> Block:
    """Return a block with every run so many times over."""

    def repeated(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: repeated(inner) for key, inner in value.items()}
        return np.repeat(value, times, axis=0) if isinstance(value, np.ndarray) else value

    values = {field.name: repeated(getattr(block, field.name)) for field in dataclasses.fields(block)}
    return Block(**{**values, "runs": tuple(range(times * len(block.runs)))})


def laid(values: np.ndarray[Any, Any], order: str) -> np.ndarray[Any, Any]:
    """Return an array (n, P, D) with another memory layout."""
    if order == "F":
        return np.asfortranarray(values)
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(values, 0, -1)), -1, 0)


def only(frame: pd.DataFrame, **keys: str) -> pd.DataFrame:
    for name, value in keys.items():
        frame = frame[frame[name] == value]
    return frame.reset_index(drop=True)


def test_stock_has_a_row_for_each_day_and_pair(block: Block) -> None:
    stock = tables.stock(gathered(block))
    assert list(stock.columns) == ["date", "depot", "munition", "mean", "p05", "p25", "p50", "p75", "p95"]
    assert stock["date"].tolist() == [date for date in DATES for _ in range(3)]
    assert stock["depot"].tolist() == ["front", "front", "rear"] * DAYS
    assert stock["munition"].tolist() == ["152mm", "122mm", "152mm"] * DAYS


def test_stock_over_five_runs_is_the_sorted_runs(block: Block) -> None:
    shells = only(tables.stock(gathered(block)), depot="front", munition="152mm")
    assert shells.iloc[39, 3:].tolist() == [2610.0, 610.0, 1610.0, 2610.0, 3610.0, 4610.0]
    rear = only(tables.stock(gathered(block)), depot="rear")
    assert rear.iloc[0, 3:].tolist() == [60.0, 20.0, 70.0, 70.0, 70.0, 70.0]


def test_flows_have_all_twelve_kinds_of_each_pair_and_day(block: Block) -> None:
    flows = tables.flows(gathered(block))
    assert list(flows.columns) == ["date", "depot", "munition", "kind", "mean", "p05", "p50", "p95"]
    assert len(flows) == DAYS * 3 * 12
    assert flows["kind"].tolist() == [kind.value for kind in block.axes.kinds] * (DAYS * 3)
    assert flows["date"].tolist() == [date for date in DATES for _ in range(36)]
    fired = only(flows, date=DATES[39], depot="front", munition="152mm", kind="fired")
    assert fired.iloc[0, 4:].tolist() == [30.0, 10.0, 30.0, 50.0]
    landed = only(flows, date=DATES[0], depot="front", munition="152mm", kind="landed")
    assert landed.iloc[0, 4:].tolist() == [2.0, 1.0, 1.0, 6.0]
    assert not only(flows, kind="produced").iloc[:, 4:].to_numpy().any()


def test_origins_leave_out_what_never_was_but_keep_fired_and_held(block: Block) -> None:
    origins = tables.origins(gathered(block))
    assert list(origins.columns) == ["month", "depot", "munition", "origin", "kind", "mean"]
    assert origins["month"].unique().tolist() == ["2024-01", "2024-02"]
    kinds = origins.groupby(["depot", "munition", "origin"])["kind"].unique().map(sorted)
    assert kinds["front", "152mm", "dprk"] == ["fired", "held", "landed"]
    assert len(origins) == 2 * (3 * 3 * 2 + 1)
    assert all(
        found == ["fired", "held"] for key, found in kinds.items() if key != ("front", "152mm", "dprk")
    )


def test_origins_are_means_over_runs_of_each_month(block: Block) -> None:
    front = only(tables.origins(gathered(block)), depot="front", munition="152mm")
    fired = only(front, kind="fired").set_index(["month", "origin"])["mean"]
    assert fired["2024-01", "initial"] == 17 * 30
    assert fired["2024-02", "initial"] == 0.0
    assert fired["2024-02", "dprk"] == 23 * 30
    assert only(front, kind="landed")["mean"].tolist() == [34.0, 46.0]
    assert only(front, kind="held", origin="initial")["mean"].tolist() == [3000.0 - 160.0, 3000.0 - 390.0]


def test_a_kind_that_is_in_one_month_alone_is_shown_in_every_month(block: Block) -> None:
    for (_, _, kind), values in block.months.items():
        if kind == "landed":
            values[:, 0] = 0.0
    landed = only(tables.origins(gathered(block)), kind="landed")
    assert landed["mean"].tolist() == [0.0, 46.0]


def test_paths_are_runs_0_to_4(block: Block) -> None:
    paths = tables.paths(gathered(block))
    assert list(paths.columns) == ["run", "date", "depot", "munition", "level"]
    assert paths["run"].tolist() == [run for run in (0, 1, 2, 3) for _ in range(DAYS * 3)]
    third = only(paths[paths["run"] == 3], depot="front", munition="152mm")
    assert third["date"].tolist() == DATES
    assert third["level"].tolist() == [2000.0 - 10 * day for day in range(DAYS)]


def test_outcomes_are_one_row_a_run_with_the_columns_of_the_contract(block: Block) -> None:
    outcomes = tables.outcomes(gathered(block))
    assert list(outcomes.columns) == [
        *("run", "exhausted", "rationed_from", "below_30", "below_7.5", "closing_stock", "sustained_fire"),
        *("required", "fired", "unmet", "produced", "landed", "lost"),
        *("depots.front.stock", "production.russia.rate"),
    ]
    assert outcomes["run"].tolist() == list(RUNS)
    assert outcomes["production.russia.rate"].tolist() == [1.5, 2, 3, 4, 5]


def test_first_days_are_the_earliest_over_pairs_that_have_a_consumer(block: Block) -> None:
    outcomes = tables.outcomes(gathered(block))
    assert outcomes["exhausted"].tolist() == [None, "2024-02-04", None, None, None]
    assert outcomes["rationed_from"].tolist() == [None, None, None, "2024-01-15", "2024-01-20"]
    assert outcomes["below_30"].tolist() == [None, "2024-01-18", "2024-02-01", "2024-01-17", None]
    assert outcomes["below_7.5"].tolist() == [None] * 5


def test_shells_are_summed_over_depots_and_munitions(block: Block) -> None:
    outcomes = tables.outcomes(gathered(block))
    assert outcomes["closing_stock"].tolist() == [5580.0, 1580.0, 3580.0, 2580.0, 4530.0]
    assert outcomes["sustained_fire"].tolist() == [10.0, 25.0, 35.0, 45.0, 55.0]
    assert outcomes["required"].tolist() == [400.0, 1000.0, 1400.0, 3400.0, 4400.0]
    assert outcomes["fired"].tolist() == [400.0, 1000.0, 1400.0, 1800.0, 2200.0]
    assert outcomes["landed"].tolist() == [40.0, 40.0, 40.0, 40.0, 240.0]
    assert not outcomes[["unmet", "produced", "lost"]].to_numpy().any()


def test_the_ends_are_those_of_the_first_run_and_of_the_first_other_one(block: Block) -> None:
    # Only run 1 runs out, on day 20; closing stocks are 5,580, 1,580, 3,580, ... .
    ends = tables.ends(gathered(block))
    assert ends["exhausted"].tolist() == [None, "2024-02-04"]
    assert ends["closing_stock"].tolist() == [5580.0, 1580.0]
    # All close with the same stock, and run out in the first run alone.
    counts = block.counters["exhausted"][[1, 0, 0, 0, 0]]
    alone = dataclasses.replace(
        block, level=block.level[[0] * 5], counters={**block.counters, "exhausted": counts}
    )
    ends = tables.ends(gathered(alone))
    assert ends["exhausted"].tolist() == ["2024-02-04", None]
    assert ends["closing_stock"].tolist() == [5580.0, 5580.0]
    same = dataclasses.replace(alone, counters={**alone.counters, "exhausted": counts[[0] * 5]})
    assert tables.ends(gathered(same))["exhausted"].tolist() == ["2024-02-04"]


def test_shipments_say_when_and_leave_empty_what_is_not_so(block: Block) -> None:
    shipments = tables.shipments(gathered(block))
    columns = ["run", "supplier", "leg", "vehicle", "departed", "arrived", "containers", "shells"]
    assert list(shipments.columns) == columns
    assert shipments["run"].tolist() == [0, 0, 1]
    assert shipments["departed"].tolist() == [
        *("2024-01-17T01:01:01", "2024-02-04T00:00:00", "2024-01-15T00:00:00"),
    ]
    assert shipments["arrived"].tolist() == ["2024-02-01T00:00:00", None, "2024-01-16T00:00:00"]
    assert shipments["leg"].tolist() == [0, 1, pd.NA]
    assert shipments["vehicle"].isna().tolist() == [False, True, True]
    assert shipments["containers"].isna().tolist() == [False, False, True]
    assert shipments["shells"].tolist() == [90000.0, 22500.5, 1000.0]


def test_a_block_without_voyages_has_the_columns_still(block: Block) -> None:
    shipments = tables.shipments(gathered(dataclasses.replace(block, voyages=())))
    assert shipments.shape == (0, 8)


def test_daily_holds_every_figure_once(block: Block) -> None:
    daily = tables.daily(block)
    assert list(daily.columns) == ["run", "date", "depot", "munition", "kind", "quantity"]
    assert len(daily) == 5 * DAYS * 3 * 13
    by_run = daily.groupby(["run", "kind"])["quantity"].sum()
    assert by_run[7, "fired"] == 2200.0
    assert by_run[7, "unmet"] == 0.0
    levels = daily[(daily["run"] == 1) & (daily["depot"] == "front") & (daily["munition"] == "152mm")]
    assert only(levels, kind="level")["quantity"].tolist() == [1000.0 - 10 * day for day in range(DAYS)]


def test_daily_refuses_what_no_memory_would_hold(block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "MAX_DAILY_ROWS", 5 * DAYS * 3 * 13 - 1)
    with pytest.raises(InputError, match="7,800 rows"):
        tables.daily(block)


def test_the_order_in_memory_moves_no_digit(block: Block) -> None:
    draw = np.random.default_rng(5)
    noise, fired = draw.random((200, 3, DAYS)), draw.random((200, 3, DAYS))
    plain = dataclasses.replace(often(block, 40), level=noise, flows={Kind.FIRED: fired})
    for order in ("F", "by day"):
        turned = dataclasses.replace(plain, level=laid(noise, order), flows={Kind.FIRED: laid(fired, order)})
        for table in (tables.stock, tables.flows, tables.outcomes):
            pd.testing.assert_frame_equal(table(gathered(plain)), table(gathered(turned)), check_exact=True)


def test_the_summary_over_all_pairs(block: Block) -> None:
    found = make_summary(gathered(block), "By hand", 2**64 - 1, "simpy", "python")
    assert list(found) == [
        *("title", "runs", "seed", "engine", "engine_path", "exhausted", "rationed", "below", "sustained"),
        *(
            "opening_stock",
            "opening_days",
            "closing_stock",
            "stock_change",
            "grows",
            "ends_empty",
            "held_back",
        ),
        *("nothing_required", "planned", "totals", "fire_by_origin", "fire_by_origin_runs_left_out"),
        *("pairs", "balance_error"),
    ]
    assert (found["title"], found["runs"], found["seed"]) == ("By hand", 5, 2**64 - 1)
    assert found["exhausted"] == {"share": 0.2, "p05": "2024-02-04", "p50": None, "p95": None}
    assert found["rationed"] == {"share": 0.4, "p05": "2024-01-15", "p50": None, "p95": None}
    assert list(found["below"]) == ["30", "7.5"]
    assert found["below"]["30"] == {"share": 0.6, "p05": "2024-01-17", "p50": "2024-02-01", "p95": None}
    assert found["below"]["7.5"] == CENSORED
    assert found["sustained"]["fire"] == {"p05": 10.0, "p50": 35.0, "p95": 55.0}
    assert found["sustained"]["met"] == {"p05": 0.5, "p50": 1.0, "p95": 1.0}
    assert found["closing_stock"] == {"p05": 1580.0, "p50": 3580.0, "p95": 5580.0}
    assert found["balance_error"] == 3e-16


def test_the_overall_share_met_is_of_all_that_was_required(block: Block) -> None:
    block.flows[Kind.FIRED][:] = constant((10,) * 5, (1,) * 5, (0,) * 5)
    block.flows[Kind.REQUIRED][:] = constant((10,) * 5, (10,) * 5, (0,) * 5)
    met = make_summary(gathered(block), "", 0, "simpy")["sustained"]["met"]
    assert met == {"p05": 0.55, "p50": 0.55, "p95": 0.55}


def test_totals_are_medians_over_runs_of_every_kind(block: Block) -> None:
    totals = make_summary(gathered(block), "", 0, "simpy")["totals"]
    assert list(totals) == [kind.value for kind in block.axes.kinds]
    shown = {"fired": 1400.0, "required": 1400.0, "landed": 40.0}
    assert {kind: shells for kind, shells in totals.items() if shells} == shown


def test_fire_by_origin_is_the_mean_of_shares_not_the_share_of_means(block: Block) -> None:
    found = make_summary(gathered(block), "", 0, "simpy")
    share = [23 * 10 / 400, *(23 * x / (40 * (x + 5)) for x in (20, 30, 40, 50))]
    assert found["fire_by_origin"]["dprk"] == pytest.approx(sum(share) / 5, rel=1e-12)
    assert found["fire_by_origin"]["russia"] == 0.0
    assert sum(found["fire_by_origin"].values()) == pytest.approx(1.0, rel=1e-12)
    assert found["fire_by_origin_runs_left_out"] == 0


def test_each_pair_with_a_consumer_has_all_of_these(block: Block) -> None:
    found = make_summary(gathered(block), "", 0, "simpy")
    assert {depot: list(shown) for depot, shown in found["pairs"].items()} == {"front": ["152mm", "122mm"]}
    small = found["pairs"]["front"]["122mm"]
    assert list(small) == [
        *("exhausted", "rationed", "below", "sustained", "opening_stock", "opening_days", "closing_stock"),
        *("stock_change", "grows", "ends_empty", "held_back", "nothing_required", "planned", "totals"),
        *("fire_by_origin", "fire_by_origin_runs_left_out"),
    ]
    assert small["below"]["30"] == {"share": 0.2, "p05": "2024-01-17", "p50": None, "p95": None}
    assert small["rationed"]["p05"] == "2024-01-20"
    assert small["sustained"]["fire"] == {"p05": 0.0, "p50": 5.0, "p95": 5.0}
    assert small["totals"]["fired"] == 200.0
    assert small["closing_stock"]["p50"] == 900.0


def test_runs_without_requirement_or_fire_are_left_out_of_shares(block: Block) -> None:
    small = make_summary(gathered(block), "", 0, "simpy")["pairs"]["front"]["122mm"]
    assert small["sustained"]["met"] == {"p05": 0.5, "p50": 1.0, "p95": 1.0}
    assert small["fire_by_origin"] == {"initial": 1.0, "russia": 0.0, "dprk": 0.0}
    assert small["fire_by_origin_runs_left_out"] == 1


def test_peace_has_no_share_met_and_no_origin_of_fire(block: Block) -> None:
    no_fire = {**block.counters, "sustained_fire": np.zeros((5, 3))}
    peace = dataclasses.replace(
        block, flows={}, months={}, met=np.full((5, 3), np.nan), counters=no_fire, drawn={}
    )
    found = make_summary(gathered(peace), "", 0, "simpy")
    assert found["sustained"] == {"fire": {"p05": 0.0, "p50": 0.0, "p95": 0.0}, "met": None}
    assert found["fire_by_origin"] == {}
    assert found["fire_by_origin_runs_left_out"] == 5
    assert not any(found["totals"].values())


def test_without_any_consumer_every_date_is_censored(block: Block) -> None:
    axes = dataclasses.replace(block.axes, consuming=(False, False, False))
    idle = dataclasses.replace(block, axes=axes)
    found = make_summary(gathered(idle), "", 0, "simpy")
    assert found["exhausted"] == found["below"]["30"] == CENSORED
    assert found["pairs"] == {}
    assert tables.outcomes(gathered(idle))["below_30"].tolist() == [None] * 5


def test_the_summary_is_plain_json(block: Block) -> None:
    found = make_summary(gathered(block), "By hand", 1, "simpy")
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_sustained_looks_at_the_last_ninety_days_and_one_pair_equals_the_whole() -> None:
    draw = np.random.default_rng(8)
    required = draw.uniform(1.0, 9.0, (6, 1, 120))
    required[:, :, :30] = 1e6
    fired = required * draw.uniform(0.1, 1.0, (6, 1, 120))
    level = draw.uniform(0.0, 300.0, (6, 1, 120))
    by_rule = [sustained_fire(required[run, 0].tolist(), fired[run, 0].tolist()) for run in range(6)]
    days = [
        (first_below(level[run, 0], required[run, 0], 30.0), first_rationed(required[run, 0], fired[run, 0]))
        for run in range(6)
    ]
    alone = Block(
        axes=Axes(dt.date(2024, 1, 1), 120, (Pair("d", "m"),), ("initial",), (True,), (30.0,)),
        runs=tuple(range(6)),
        level=level,
        planned=required,
        flows={Kind.FIRED: fired, Kind.REQUIRED: required},
        months={(0, 0, "fired"): np.ones((6, 4))},
        counters=counters(
            (30.0,),
            below=np.array([[[below]] for below, _ in days], dtype=float),
            exhausted=np.full((6, 1), INF),
            rationed=np.array([[rationed] for _, rationed in days], dtype=float),
            fire=np.array([[fire] for fire, _ in by_rule]),
        ),
        met=np.array([[met] for _, met in by_rule], dtype=float),
        drawn={},
        balance=np.zeros(6),
        voyages=(),
    )
    found = make_summary(gathered(alone), "", 0, "compiled")
    pair = found["pairs"]["d"]["m"]
    assert {key: found[key] for key in pair} == pair
    mean = sorted(float(np.mean(fired[run, 0, -90:])) for run in range(6))
    assert found["sustained"]["fire"]["p50"] == pytest.approx(mean[2], rel=1e-12)
